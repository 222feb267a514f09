"""Cases after arrival in the console, on the page, in charts and in the workbook."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import jsonschema
import pytest
from rich.console import Console

from sim.report import after_arrival as told
from sim.report.charts import specifications
from sim.report.charts.palette import PRINT
from sim.report.console import Wanted, shown
from sim.report.page import page
from sim.report.sections import sections
from sim.results import Context, Document, Row, Staffing
from tests.report.followed_sample import NAMES, compared
from tests.report.pictured import pictured
from tests.report.sample import about, and_rows, row, with_rows

ROOT = Path(__file__).parents[2]
SECTION = "After arrival"


@pytest.fixture(scope="module")
def document() -> Document:
    """Two scenarios compared."""
    return compared()


def printed(document: Document, width: int, *, ascii_only: bool = False) -> str:
    """The console at a width."""
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=False, color_system=None)
    console.print(shown(document, Wanted(full=True), width=width, ascii_only=ascii_only))
    return file.getvalue()


def test_the_document_is_as_its_schema_says(document: Document) -> None:
    """Measures, units, stages and hours of cases are all in it."""
    schema = json.loads((ROOT / "docs" / "output.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(document.model_dump(mode="json"), schema)


def test_the_first_sentence_says_what_nobody_worked(document: Document) -> None:
    """13 hours under enquiry and 10.5 of them unworked, with whose they were."""
    first, *rest = told.sentences(document)
    assert first.startswith(f"Under {NAMES[0]}, of an average case's 13.0")
    assert "hours under enquiry nobody worked on it for 10.5" in first
    assert "while it was response's" in first
    assert rest[-1] == told.READ_TOGETHER


def test_a_comparison_says_what_it_buys_in_one_sentence(document: Document) -> None:
    """Minutes to arrival, unworked hours, officer-hours, and other work, in this order."""
    bought, last = told.bought(document)
    assert last == told.READ_TOGETHER
    places = [
        bought.index(words)
        for words in (
            "an officer with the child",
            "time unattended",
            "nobody worked",
            "officer-hours",
            "ther work",
        )
    ]
    assert places == sorted(places)
    assert re.search(r"nobody worked on it, [^;]*fewer", bought)
    assert re.search(r"officer-hours a case, [^;]*more", bought)


def test_what_it_takes_stands_beside_what_it_buys(document: Document) -> None:
    """8.4 posts and 12,768 pounds more than the baseline's; nothing of a scenario that has its."""
    base = Staffing(scenario=NAMES[0], posts=359.5, paid_hours=14378.0, pounds=498210.0)
    more = Staffing(scenario=NAMES[1], posts=367.9, paid_hours=14714.0, pounds=510978.0)
    same = base.model_copy(update={"scenario": NAMES[1]})
    (dearer, *_) = told.bought(about(document, staffing=(base, more)))
    assert "8.4 posts more and 12,768 pounds a week more" in dearer
    assert "It takes the same posts." in told.bought(about(document, staffing=(base, same)))[0]


def test_time_unattended_stands_where_nobody_is_followed() -> None:
    """Without cases beyond arrival a comparison still says what it buys."""
    mine = row("delay_mean", -9.9, low=-12.4, high=-7.5, stream="missing_child", grade=2)
    plain = and_rows(pictured(staffing=()), "deploy-at-grading", mine, changes=True)
    (said, *_) = told.bought(plain)
    assert "gives: a child's time unattended 10 minutes shorter (8 to 12) on average" in said
    assert told.READ_TOGETHER not in said


def test_what_is_left_unrecorded_is_called_no_saving(document: Document) -> None:
    """A scenario that records fewer children says so beside its officer-hours."""

    def unrecorded(one: Row) -> Row:
        if one.measure != "case_end" or one.stage != "unrecorded":
            return one
        return one.model_copy(update={"value": 0.2, "low": 0.15, "high": 0.25})

    rows = map(unrecorded, document.differences[0].rows)
    said = " ".join(told.bought(with_rows(document, NAMES[1], rows, changes=True)))
    assert "of all episodes: 20 percentage points more (15 to 25)" in said
    assert "no saving" in said


def test_officer_hours_never_stand_without_unworked_and_unattended_ones() -> None:
    """Wherever hours that police spend are listed, so are those that they did not."""
    lists = [[line.measure for line in told.CHANGES], [line.measure for line in told.BY_RISK]]
    for measures in lists:
        assert "officer_hours_per_case" in measures
        assert {"unworked_hours_per_case", "unattended_hours_mean"} <= set(measures)


@pytest.mark.parametrize(("width", "ascii_only"), [(80, True), (80, False), (120, False)])
def test_the_console_keeps_its_width(document: Document, width: int, ascii_only: bool) -> None:
    """No line is longer than the terminal, and in ASCII all of it is."""
    text = printed(document, width, ascii_only=ascii_only)
    assert SECTION in text
    assert max(len(line.rstrip()) for line in text.splitlines()) <= width
    assert not ascii_only or text.isascii()


def test_the_console_tells_risks_and_hours(document: Document) -> None:
    """A column for each risk that occurred, and a strip for each scenario."""
    text = printed(document, 120)
    assert re.search(r"^ +medium +high$", text, re.MULTILINE)
    section = text[text.index("Time under enquiry that nobody works") :]
    # From 01:00 to 03:00 the second scenario has somebody at work on two cases in three.
    assert re.search(r"teams-to-0200 +9339999", section)


def test_rules_that_are_off_have_no_line(document: Document) -> None:
    """Nobody is prevented or unrecorded here, so neither is spoken of."""
    text = printed(document, 120)
    assert "Never recorded" not in text
    assert "Prevented" not in text


def test_the_page_has_both_sections_with_pointers(document: Document) -> None:
    """Each figure leads to its row."""
    html = page(document)
    assert 'id="after-arrival"' in html
    assert 'id="unworked"' in html
    whole = document.baseline.row("unworked_hours_per_case", stream="missing_child")
    assert whole is not None
    assert document.pointer(whole).startswith("/scenarios/0/rows/")
    assert f'<data value="{document.pointer(whole)}">' in html


def test_pictures_are_drawn_of_cases(document: Document) -> None:
    """Returned and found over hours, and the hours in which nobody works."""
    names = [name for name, _ in specifications(document, PRINT)]
    assert {"after-arrival", "unworked"} <= set(names)


def test_nothing_is_shown_where_nobody_is_followed() -> None:
    """The sample without episodes has no section, sentence or picture of them."""
    plain = pictured()
    assert told.sentences(plain) == []
    assert SECTION not in printed(plain, 120)
    assert not {"after-arrival", "unworked"} & set(sections(plain))
    names = [name for name, _ in specifications(plain, PRINT)]
    assert not {"after-arrival", "unworked"} & set(names)


def test_every_line_has_a_row_in_one_or_the_other(document: Document) -> None:
    """No title stands for a measure that is never told, but of rules that are off here."""
    silent = {
        line.title.strip()
        for table in told.TABLES
        for line in table.lines
        if line.row(document.baseline, Context()) is None
    }
    off = {"hours missing a week", "by response", "Return interview offered", "completed",
           "of these in 72 h", "Strategy meeting held"}  # fmt: skip
    assert silent <= off
