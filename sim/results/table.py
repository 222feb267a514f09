"""The rows of a document as one table, a row a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.results.document import DifferenceRows, Document
from sim.results.row import Row

if TYPE_CHECKING:
    import polars as pl

COLUMNS: Final = ("scenario", "baseline", *Row.model_fields, "note")
"""Columns of ``summary.csv``, in order. ``docs/files.md`` says what each means."""

_NUMBERS: Final = ("value", "low", "high")
_WHOLE: Final = ("grade", "hour", "minutes", "n")
_TRUTHS: Final = ("care", "adjusted")


def rows_table(document: Document) -> pl.DataFrame:
    """All rows, each with its scenario and, of a difference, the baseline it is held against.

    Returns
    -------
    polars.DataFrame
        Columns as in `COLUMNS`; null: over all of it, or not to be estimated.
    """
    import polars as pl

    def kind(column: str) -> type[pl.DataType]:
        if column in _NUMBERS:
            return pl.Float64
        if column in _WHOLE:
            return pl.Int64
        return pl.Boolean if column in _TRUTHS else pl.String

    found = [
        (part.name, part.baseline if isinstance(part, DifferenceRows) else None, row)
        for part, row in document.rows()
    ]
    columns: dict[str, list[object]] = {
        "scenario": [name for name, _, _ in found],
        "baseline": [baseline for _, baseline, _ in found],
        **{column: [getattr(row, column) for _, _, row in found] for column in COLUMNS[2:]},
    }
    return pl.DataFrame(columns, schema={column: kind(column) for column in COLUMNS})


def csv_text(document: Document) -> str:
    """The same as CSV, what is null being empty; begins with the mark of UTF-8 where it needs it.

    Excel takes a file without the mark for one of its own code page.
    """
    text = without_formulas(rows_table(document)).write_csv()
    return text if text.isascii() else f"\ufeff{text}"


def without_formulas(table: pl.DataFrame) -> pl.DataFrame:
    """Return a table in which no text begins as a formula does, for a spreadsheet to open.

    Such text, the name of a file for one, has an apostrophe before it, as one types it there.
    """
    import polars.selectors as cs

    return table.with_columns(cs.string().str.replace(r"^([=+\-@\t\r\n])", "'${1}"))
