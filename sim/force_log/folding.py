"""One row of the rows of one incident: a row for each unit, each reading, each change of status.

Nothing of it hangs on the order in which the rows stand: of the first steps the earliest time is
kept, of the last two the latest; of labels that differ the gravest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

import polars as pl

from sim.errors import InputError
from sim.force_log.faults import LogFault
from sim.force_log.source import LINE
from sim.force_log.words import JOINED, ORIGINS, RISKS, STAMPS

AS_WRITTEN: Final = "assigned_as_written"
"""The time of allocation before clocks that differ a little were set equal."""

_LAST: Final = ("cleared", "closed")
_A_LONG_SHIFT: Final = timedelta(hours=12)
_FEW_AGAIN: Final = 5
_SHARE_AGAIN: Final = 0.2
_GRAVEST_KIND: Final = ("missing_child", "missing_adult", "welfare_concern", "returned", "other")
_ROLES: Final = {"stream": "kind", "grade": "priority"}
_DONE: Final = {
    "stream": "the more serious kind stands",
    "grade": "the more urgent stands",
    "risk": "the higher stands",
    "area": "the commoner stands, else the first by its name",
    "origin": "the public stands before officers, an emergency call before others",
}


def folded(frame: pl.DataFrame, faults: list[LogFault], *, by_step: bool) -> pl.DataFrame:
    """Make one row of the rows of one incident.

    Parameters
    ----------
    frame
        `LINE`, the moments that the log has, ``grade``, ``stream``, ``area``, ``origin``,
        ``risk``, ``officer_initiated``, ``unit`` and ``incident``, and perhaps `AS_WRITTEN`: shape
        (rows,).
    faults
        What was wrong; further rows, and rows that differ, are added.
    by_step
        Whether each row is a change of status.

    Returns
    -------
    polars.DataFrame
        The same columns, in order of the first line of each incident.
    """
    numbered = frame.filter(pl.col("incident").is_not_null())
    without = frame.height - numbered.height
    if 0 < without < frame.height:
        faults.append(
            LogFault(
                "shared_receipts",
                "rows without the number of their incident",
                "incident",
                without,
                frame.height,
                "counted as incidents of their own",
            )
        )
    if numbered["incident"].n_unique() == numbered.height:
        return frame
    _refuse_given_again(numbered)
    stamps = [name for name in frame.columns if name in STAMPS]
    rows = numbered.group_by("incident", maintain_order=True)
    one = rows.agg(
        pl.col(LINE).min(),
        *(pl.col(stamp).min() for stamp in stamps if stamp not in _LAST),
        *(pl.col(stamp).max() for stamp in stamps if stamp in _LAST),
        pl.col("grade").min(),
        _first_of("stream", _GRAVEST_KIND),
        _first_of("origin", ORIGINS),
        _first_of("risk", tuple(reversed(RISKS))),
        pl.col("area").drop_nulls().sort().mode(maintain_order=True).first(),
        pl.col("officer_initiated").all(),
        *(pl.col(name).min() for name in (AS_WRITTEN,) if name in frame.columns),
        pl.col("unit").drop_nulls().first(),
        # The same in all rows of an incident: they were joined on its number.
        *(pl.col(name).drop_nulls().first() for name in JOINED if name in frame.columns),
    )
    faults.append(
        LogFault(
            "folded_rows",
            "rows that are further steps of an incident" if by_step
            else "further rows of an incident that has a row already",
            "incident",
            numbered.height - one.height,
            frame.height,
            "folded into one: first stamps the earliest, the last two the latest",
        )
    )  # fmt: skip
    faults.extend(_differing(numbered, one.height))
    rest = frame.filter(pl.col("incident").is_null())
    return pl.concat([one.select(frame.columns), rest])


def _refuse_given_again(numbered: pl.DataFrame) -> None:
    """Refuse numbers that begin anew each day: rows of one number are then different incidents."""
    spans = (
        numbered.group_by("incident")
        .agg(pl.len().alias("rows"), span=pl.col("received").max() - pl.col("received").min())
        .filter(pl.col("rows") > 1)
    )
    again = int((spans["span"] > _A_LONG_SHIFT).sum())
    if again > max(_FEW_AGAIN, _SHARE_AGAIN * spans.height):
        raise InputError(
            f"numbers are given again: rows of {again:,} of {spans.height:,} were received on "
            "different days",
            path="columns.incident of the mapping",
            allowed="a column with numbers that are given once, such as one with the date in it; "
            "without a line for it each row is an incident",
        )


def _first_of(name: str, order: Sequence[str]) -> pl.Expr:
    """Of an incident's words the one that comes first in an order; empty where it has none."""
    ranks = pl.col(name).replace_strict(
        {word: rank for rank, word in enumerate(order)}, default=None, return_dtype=pl.Int64
    )
    return ranks.min().replace_strict(dict(enumerate(order)), default=None, return_dtype=pl.String)


def _differing(numbered: pl.DataFrame, incidents: int) -> Iterator[LogFault]:
    """Count the incidents whose rows do not have the same labels."""
    names = tuple(_DONE)
    differ = (
        numbered.group_by("incident")
        .agg(pl.col(name).drop_nulls().n_unique() > 1 for name in names)
        .select(pl.col(name).sum() for name in names)
    )
    for name in names:
        count = int(differ[name][0])
        if count:
            role = _ROLES.get(name, name)
            yield LogFault(
                "folded_apart",
                f"incidents whose rows differ in {role}",
                role,
                count,
                incidents,
                _DONE[name],
            )


def shared_receipts(frame: pl.DataFrame, faults: list[LogFault]) -> None:
    """Tell of rows that look like several of one incident, where no incident's number is read.

    Parameters
    ----------
    frame
        As for `folded`, with ``received``.
    faults
        What was wrong; added to.
    """
    if frame["incident"].count() or frame.height < 2 * _FEWEST:
        return
    same = ["received", "grade", "stream", "area", "origin", "risk"]
    count = int((~frame.select(pl.struct(same).is_first_distinct()).to_series()).sum())
    to_the_second = (frame["received"].dt.second() > 0).mean()
    by_chance = _BY_CHANCE_A_SECOND if to_the_second else _BY_CHANCE_A_MINUTE
    if count > by_chance * frame.height:
        faults.append(
            LogFault(
                "shared_receipts",
                "rows that share the time of receipt and all labels with another",
                "the file",
                count,
                frame.height,
                "counted as incidents of their own; if they are units or readings of one, name the "
                "column of its number: columns.incident",
            )
        )


_FEWEST: Final = 20
_BY_CHANCE_A_SECOND: Final = 0.05
_BY_CHANCE_A_MINUTE: Final = 0.2
