"""The rows as one table, and as CSV."""

from __future__ import annotations

import csv

import polars as pl

from sim.results import DifferenceRows, Document, ScenarioRows
from sim.results.table import COLUMNS, csv_text, rows_table
from tests.results.test_document import RUN, row


def document(name: str = "a") -> Document:
    """Two scenarios of one row each, and their difference."""
    mean = row("delay_mean", value=31.5, low=None, high=None, unit="minutes")
    base = ScenarioRows(name=name, file="a.toml", rows=(mean, row("arrived_by", minutes=20)))
    other = ScenarioRows(name="b", file="b.toml", rows=(mean,))
    change = mean.model_copy(update={"value": -1.5, "low": -2.0})
    less = DifferenceRows(name="b", baseline=name, rows=(change,))
    return Document(scenarios=(base, other), differences=(less,), run=RUN)


def test_rows_are_one_a_line() -> None:
    """Differences name their baseline; what is null is empty; numbers stay as they are."""
    lines = list(csv.DictReader(csv_text(document()).splitlines()))
    assert list(lines[0]) == list(COLUMNS)
    assert {key: text for key, text in lines[3].items() if text} == {
        "scenario": "b",
        "baseline": "a",
        "measure": "delay_mean",
        "stream": "missing_child",
        "grade": "2",
        "value": "-1.5",
        "low": "-2.0",
        "unit": "minutes",
        "n": "90",
        "adjusted": "false",
    }
    assert (lines[1]["measure"], lines[1]["minutes"]) == ("arrived_by", "20")


def test_what_is_withheld_says_why() -> None:
    """Too few cases, times that outlast the follow-up, and shares with one limit have a note."""
    untold = {"value": None, "low": None, "high": None}
    rows = (
        row("delay_p99", **untold, unit="minutes", n=640),
        row("return_interview_after_mean", **untold, unit="hours", n=640),
        row("delay_p99", **untold, unit="minutes", n=0),
        row("open_at_end", value=0.01, low=None, high=0.03, n=640),
        row("open_at_end", value=0.2, low=0.1, high=0.3, n=640),
    )
    found = Document(scenarios=(ScenarioRows(name="a", file="a.toml", rows=rows),), run=RUN)
    notes = ["too few", "not known", None, "too few to compare", None]
    assert rows_table(found)["note"].to_list() == notes


def test_a_table_has_types() -> None:
    """Numbers are numbers and what is over all of it is null."""
    table = rows_table(document())
    assert table.columns == list(COLUMNS)
    assert table.schema["value"] == pl.Float64
    assert table.schema["adjusted"] == pl.Boolean
    assert table["hour"].null_count() == table.height == 4


def test_a_name_beyond_ascii_opens_in_excel() -> None:
    """The text then begins with the mark that says UTF-8; plain text has none."""
    assert csv_text(document("plan")).startswith("scenario,")
    assert csv_text(document("plân")).startswith("\ufeffscenario,")
