"""A sheet whose cells were merged downwards: recognised, and said what to do."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sim.errors import InputError
from sim.force_log import Log, LogFault, new_mapping, read_log
from tests.force_log.made_up import force, mapping, written

ADVICE = "unmerge the cells in the spreadsheet, fill each value down, and export again"
SIZE = 300


def merged(log: pl.DataFrame, column: str) -> pl.DataFrame:
    """Leave a column's values in the first of the rows only that have them."""
    log = log.sort(column, maintain_order=True)
    first = pl.col(column).ne_missing(pl.col(column).shift(1))
    return log.with_columns(pl.when(first).then(pl.col(column)))


def read(folder: Path, log: pl.DataFrame) -> Log:
    """Read a made-up log with its own mapping."""
    return read_log(written(folder, log), mapping())


@pytest.mark.parametrize(("column", "what"), [("kind", "a kind"), ("lpa", "an area")])
def test_labels_in_merged_cells_are_told_first(column: str, what: str, tmp_path: Path) -> None:
    """How many incidents have none, what they count as, and what to do."""
    found = read(tmp_path, merged(force(SIZE), column)).faults.found[0]
    assert found == LogFault(
        "blank_labels", f"incidents without {what}", column, SIZE - 2, SIZE, found.done
    )
    assert found.done.endswith(ADVICE)


def test_grades_in_merged_cells_are_told_first(tmp_path: Path) -> None:
    """The rows without one are counted, with what to do."""
    found = read(tmp_path, merged(force(SIZE), "grade")).faults.found[0]
    assert found.code == "unmapped_priority"
    assert found.done.endswith(ADVICE)


def test_days_in_merged_cells_are_refused(tmp_path: Path) -> None:
    """Times of day that stand beside no date are no receipts."""
    log = force(SIZE, days=6).with_columns(
        pl.col("t_received").str.slice(0, 10).alias("day"),
        pl.col("t_received").str.slice(11).alias("time"),
    )
    columns = {**mapping().mapping.columns.model_dump(), "received": ["day", "time"]}
    path = written(tmp_path, merged(log, "day"))
    with pytest.raises(InputError) as refused:
        read_log(path, mapping({"columns": columns}))
    assert refused.value.message.startswith("294 of 300 rows have a time of day and no date")
    assert refused.value.found == "day"
    assert str(refused.value.allowed).endswith(ADVICE)


def test_a_new_mapping_says_that_cells_are_merged(tmp_path: Path) -> None:
    """A column that would have been the grade is listed with what to do."""
    text = new_mapping(written(tmp_path, merged(force(SIZE), "grade")))
    assert f"# not used: grade (cells merged in a spreadsheet, it seems: {ADVICE})" in text


def test_blanks_that_are_no_merged_cells_are_told_as_blanks(tmp_path: Path) -> None:
    """Every third row without a kind: counted and said, without a word of a spreadsheet."""
    third = pl.int_range(pl.len()) % 3 == 0
    log = force(SIZE).with_columns(pl.when(~third).then(pl.col("kind")).alias("kind"))
    (found,) = read(tmp_path, log).faults.of("blank_labels")
    assert (found.count, found.of) == (SIZE // 3, SIZE)
    assert found.done == 'taken for "other"'


def test_further_rows_of_an_incident_need_no_label(tmp_path: Path) -> None:
    """Of two rows of each incident the first has the kind: nothing is lost."""
    log = force(SIZE)
    again = log.with_columns(kind=pl.lit(None, pl.String), callsign=pl.lit("XR99"))
    both = pl.concat([log, again]).sort("urn", maintain_order=True)
    found = read(tmp_path, both)
    assert found.incidents.height == SIZE
    assert not found.faults.of("blank_labels")
