"""Cells that a spreadsheet has merged downwards: a value on the first of its rows only."""

from __future__ import annotations

from typing import Final

import polars as pl

from sim.errors import InputError

FILL_DOWN: Final = "unmerge the cells in the spreadsheet, fill each value down, and export again"
MERGED: Final = f"cells merged in a spreadsheet, it seems: {FILL_DOWN}"

_FEWEST: Final = 20
_BLANK: Final = 0.25


def merged_down(values: pl.Series) -> bool:
    """Whether a column's blanks seem to be the further rows of merged cells.

    The first row has a value, a quarter of the rows and more have none, and no value stands below
    itself, as one of a merged cell never does.

    Parameters
    ----------
    values
        Shape (rows,), in the order of the file; empty cells None.
    """
    known = values.drop_nulls()
    blank = values.len() - known.len()
    if values.len() < _FEWEST or known.len() < 2 or blank < _BLANK * values.len():
        return False
    return values[0] is not None and not bool((known == known.shift(1)).any())


def refuse_merged_days(frame: pl.DataFrame, parts: tuple[str, ...], key: str) -> None:
    """Refuse a column of dates that stand beside the first only of their times of day.

    Raises
    ------
    sim.errors.InputError
        With how many rows have a time of day and no date, and what to do.
    """
    if len(parts) == 1:
        return
    timed = frame.filter(pl.col(parts[1]).is_not_null())
    undated = timed[parts[0]].null_count()
    if merged_down(timed[parts[0]]):
        raise InputError(
            f"{undated:,} of {timed.height:,} rows have a time of day and no date: cells merged in "
            "a spreadsheet, it seems",
            path=f"{key} of the mapping",
            found=parts[0],
            allowed=f"a date in each row: {FILL_DOWN}",
        )
