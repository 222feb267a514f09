"""Cases after arrival in the console, on the page, in charts and in the workbook."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import jsonschema
import pytest
from rich.console import Console

from sim.report.charts import specifications
from sim.report.charts.palette import PRINT
from sim.report.console import Wanted, shown
from sim.report.page import page
from sim.report.sections import sections
from sim.results import Document, Row
from tests.report.followed_sample import compared
from tests.report.pictured import pictured

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
    assert SECTION not in printed(plain, 120)
    assert not {"after-arrival", "unworked"} & set(sections(plain))
    names = [name for name, _ in specifications(plain, PRINT)]
    assert not {"after-arrival", "unworked"} & set(names)


def test_officer_hours_never_stand_without_unworked_ones(document: Document) -> None:
    """Wherever hours that police spend are listed, so are those that nobody worked."""
    listed = [
        {
            cell.source.measure
            for table in section.tables
            for line in table.lines
            for cell in line.cells
            if isinstance(cell.source, Row)
        }
        for section in sections(document).values()
    ]
    with_officers = [one for one in listed if "officer_hours_per_case" in one]
    assert with_officers
    assert all("unworked_hours_per_case" in one for one in with_officers)


def test_fewer_officer_hours_are_not_called_a_saving_alone(document: Document) -> None:
    """It stands beside the figures in every form."""
    section = sections(document)["after-arrival"]
    said = " ".join((*section.sentences, section.note))
    assert "are a saving only where no child is longer unattended" in said
