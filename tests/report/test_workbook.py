"""The workbook: the rows' numbers as numbers, and everything that explains them."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from sim.report.sections.stages import STAGES
from sim.report.workbook import SHEETS, workbook
from sim.results import CHILDREN, Context, Row, Staffing, illustration
from sim.scenario.loading import Loaded
from tests.loaded import as_loaded
from tests.report.sample import BASELINE, SHARES, document, with_rows
from tests.report.sheets import Book
from tests.worlds import small_scenario

SOURCES = {
    "streams.missing_child.scene": {"assumption": "A guess.", "low": 0.5, "high": 2.0},
    "pools.call_takers.abstraction": {"source": "=A count", "year": 2022, "confidence": "A"},
}


@pytest.fixture(scope="module")
def loaded() -> list[Loaded]:
    """A scenario for each of the sample's, with two sources."""
    return [as_loaded(small_scenario(sources=SOURCES), name) for name in SHARES]


@pytest.fixture(scope="module")
def content(loaded: list[Loaded]) -> bytes:
    """The workbook of the sample's document."""
    return workbook(document(), loaded)


@pytest.fixture(scope="module")
def book(content: bytes) -> Book:
    """The same, read."""
    return Book(content)


def rows_of(name: str) -> tuple[Row, ...]:
    """The document's rows of one scenario."""
    part = document().scenario(name)
    assert part is not None
    return part.rows


def same(found: list[Any], expected: list[Any]) -> bool:
    """Whether cells hold the numbers of rows; a cell holds 16 digits of a number."""
    return [one is None for one in found] == [one is None for one in expected] and all(
        one == pytest.approx(other, rel=1e-15)
        for one, other in zip(found, expected, strict=True)
        if one is not None
    )


def test_there_is_a_sheet_for_each_question(book: Book) -> None:
    """In the order in which the read-me names them."""
    assert list(book.sheets) == [name for name, _ in SHEETS]
    told = dict(row[:2] for row in book.sheets["Read me"])
    assert all(told[name] == text for name, text in SHEETS if name != "Read me")


def test_the_read_me_says_what_this_is_not(book: Book) -> None:
    """The statements stand on its first lines, and each scenario, the seed and the size below."""
    lines = [tuple(row[:2]) for row in book.sheets["Read me"]]
    assert CHILDREN in lines[1]
    assert illustration(["Dorset"]) in lines[2]
    assert (BASELINE, "A small world (the baseline)") in lines
    assert ("Seed", 2022.0) in lines
    assert ("Replications", 30.0) in lines


def test_every_measure_is_explained(book: Book) -> None:
    """What stands in the sheets is described in the read-me."""
    told = {row[0].partition(" so many minutes")[0] for row in book.sheets["Read me"]}
    used = {line["Measure"] for name in ("Headline", "Utilisation") for line in book.table(name)}
    assert used
    assert all(one in told or any(one.startswith(f"{name} ") for name in told) for one in used)


def test_headline_figures_are_those_of_the_rows(book: Book) -> None:
    """Value, limits and cases; nothing is rounded in the cell."""
    lines = {
        (line["Scenario"], line["Measure"], line["Minutes"], line["Stage"], line["Clock"]): line
        for line in book.table("Headline")
    }
    for name in SHARES:
        wanted = [
            row
            for row in rows_of(name)
            if row.grade == 2 and row.hour is None and "_by" not in row.measure
        ]
        assert wanted
        for row in wanted:
            own = row.clock is None and row.measure.endswith("_within_target")
            clock = "target's own" if own else row.clock
            stage = None if row.stage is None else STAGES[row.stage]
            measure = row.about.long_label(minutes=row.minutes)
            line = lines[name, measure, row.minutes, stage, clock]
            found = [line[column] for column in ("Value", "Lower", "Upper", "Cases")]
            assert same(found, [row.value, row.low, row.high, row.n])


def test_shares_are_shown_as_percentages_and_minutes_with_a_decimal(book: Book) -> None:
    """The format goes by the unit; differences carry their sign."""
    for sheet, formats in (
        ("Headline", {"share": "0.0%", "minutes": "#,##0.0"}),
        ("Differences", {"share": "+0.0%;-0.0%;0.0%", "minutes": "+#,##0.0;-#,##0.0;0.0"}),
    ):
        header = book.sheets[sheet][0]
        value, unit = header.index("Value"), header.index("Unit")
        shown = {
            (row[unit], pattern[value])
            for row, pattern in zip(book.sheets[sheet][1:], book.formats[sheet][1:], strict=True)
        }
        assert shown == set(formats.items())


def test_differences_name_their_baseline_and_begin_with_the_headline(book: Book) -> None:
    """Those that hold together say so."""
    lines = book.table("Differences")
    assert {line["Baseline"] for line in lines} == {BASELINE}
    headline = [line["Stream"] == "missing child" and line["Grade"] == 2 for line in lines]
    assert headline == sorted(headline, reverse=True)
    first = document().difference(lines[0]["Scenario"])
    assert first is not None
    assert same([lines[0]["Value"]], [first.rows[0].value])
    assert lines[0]["Holds together"] == "yes"


def test_the_three_fates_of_a_minute_add_up(book: Book) -> None:
    """Arrived, returned first and still waiting are all of it."""
    lines = book.table("Attendance curve")
    assert lines
    for line in lines:
        total = line["Arrived"] + line["Returned first"] + line["Still waiting"]
        assert total == pytest.approx(1)
    rows = {row.measure: row for row in rows_of(BASELINE) if row.minutes == 20}
    (at_20,) = (
        one
        for one in lines
        if one["Scenario"] == BASELINE and one["Minutes since the clock's start"] == 20
    )
    assert same(
        [at_20["Arrived"], at_20["Returned first, upper"]],
        [rows["arrived_by"].value, rows["returned_first_by"].high],
    )


def test_hours_of_the_week_have_their_weekday(book: Book) -> None:
    """Hour 167 is Sunday's last; where there are few cases, that is noted."""
    lines = [line for line in book.table("Hour of week") if line["Scenario"] == BASELINE]
    assert len(lines) == 168
    assert (lines[167]["Weekday"], lines[167]["Hour"]) == ("Sunday", 23)
    assert lines[0]["Note"] == "fewer than 30 cases"
    # 0.232 - 0.2 of 45 is fewer than 20 events.
    assert lines[23]["Note"] == "too few to compare"


def test_stages_and_pools_are_those_of_the_rows(book: Book) -> None:
    """Every row of them, and no other."""
    stages = [row for name in SHARES for row in rows_of(name) if row.measure == "stage_mean"]
    found = [line["Value"] for line in book.table("Stages")]
    assert same(found, [row.value for row in stages])
    pools = [row for name in SHARES for row in rows_of(name) if row.pool is not None]
    found = [line["Value"] for line in book.table("Utilisation")]
    assert same(found, [row.value for row in pools])


def test_what_differs_and_what_it_costs_are_there(book: Book) -> None:
    """Posts as numbers, values of the files as text."""
    lines = book.table("What differs")
    assert lines[0]["Posts"] == 585.25
    (change,) = (
        one for one in lines if one["Key in the scenario's file"] == "policy.gate.share_held"
    )
    assert (change["In the baseline"], change["In the scenario"]) == ("0.5", "1.0")


def test_sources_stand_with_their_values_and_ranges(book: Book) -> None:
    """Those of further scenarios only where they say something else."""
    lines = book.table("Sources")
    assert [line["Scenario"] for line in lines] == [BASELINE, BASELINE]
    assumption, source = lines
    assert (assumption["Low"], assumption["High"]) == (0.5, 2.0)
    assert "median_minutes = 60.0" in assumption["Value"]
    assert (source["Kind"], source["Year"], source["Confidence (A best, E worst)"]) == (
        "source", "2022", "A",
    )  # fmt: skip


def test_no_text_becomes_a_formula_and_there_is_no_macro(book: Book) -> None:
    """A text that begins with = stays a text; only the sheet for finance has formulas."""
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert book.table("Sources")[1]["Where it comes from, or why it was assumed"] == "=A count"
    with_formulas = [name for name, root in book.parts.items() if list(root.iter(f"{main}f"))]
    assert with_formulas == ["Finance"]
    assert not [name for name in book.names if "vba" in name.lower() or "external" in name.lower()]


def test_finance_comes_first_with_sums_that_live(loaded: list[Loaded]) -> None:
    """Posts, pounds, net, and pounds for each child more: written, and worked out again."""
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    base = Staffing(scenario=BASELINE, posts=359.5, paid_hours=14378.0, pounds=498210.0)
    dearer = Staffing(
        scenario="deploy-at-grading", posts=367.9, paid_hours=14714.0, pounds=510978.0
    )
    names = [BASELINE, "deploy-at-grading"]
    made = Book(workbook(document(names, staffing=(base, dearer)), loaded[:2]))
    assert next(iter(made.sheets)) == "Finance"
    first, second = made.table("Finance")
    assert (first["Option"], first["Posts"], first["Net of the baseline"]) == (
        BASELINE,
        359.5,
        None,
    )
    assert second["Net of the baseline"] == pytest.approx(12768)
    # 3,812 reports in 30 times 4 weeks, 0.329 of them more in time (0.309 to 0.349).
    a_week = 3812 / 120
    assert second["More children in time a week"] == pytest.approx(a_week * 0.329)
    each = [second[name] for name in ("Pounds for each child more", "at the best", "at the worst")]
    wanted = [12768 / a_week / change for change in (0.329, 0.349, 0.309)]
    assert each == pytest.approx(wanted)
    formulas = [one.text for one in made.parts["Finance"].iter(f"{main}f")]
    assert {"D3+E3", "F3-F$2", "H3*I3"} <= set(formulas)


def test_no_price_stands_beside_a_change_that_is_not_clear(loaded: list[Loaded]) -> None:
    """A rota that is dearer, and children in time that are no clearer more."""
    base = Staffing(scenario=BASELINE, posts=359.5, paid_hours=14378.0, pounds=498210.0)
    dearer = base.model_copy(update={"scenario": "deploy-at-grading", "pounds": 510978.0})
    made = document([BASELINE, "deploy-at-grading"], staffing=(base, dearer))
    rows = [
        one.model_copy(update={"value": 0.01, "low": -0.02, "high": 0.04})
        for one in made.differences[0].rows
    ]
    made = with_rows(made, "deploy-at-grading", rows, changes=True)
    second = Book(workbook(made, loaded[:2])).table("Finance")[1]
    assert second["Clear change"] == "no"
    assert not second["Pounds for each child more"]


def test_headers_stay_in_sight(book: Book) -> None:
    """Each sheet's first row is frozen, and its columns have widths."""
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    for root in book.parts.values():
        (pane,) = root.iter(f"{main}pane")
        assert (pane.attrib["ySplit"], pane.attrib["state"]) == ("1", "frozen")
        assert all(float(column.attrib["width"]) >= 7 for column in root.iter(f"{main}col"))


def test_the_same_results_make_the_same_bytes(content: bytes, loaded: list[Loaded]) -> None:
    """Neither when it was made nor how long it took shows."""
    made = document()
    later = made.model_copy(update={"run": made.run.model_copy(update={"seconds": 99.9})})
    assert workbook(later, loaded) == content


def test_one_scenario_without_rows_is_a_workbook_too(loaded: list[Loaded]) -> None:
    """Empty sheets have their header."""
    empty = with_rows(document([BASELINE]), BASELINE, ())
    made = Book(workbook(empty.model_copy(update={"context": Context()}), loaded[:1]))
    assert made.table("Differences") == []
    assert made.sheets["Headline"][0][:2] == ["Scenario", "Measure"]


@pytest.mark.slow
def test_libreoffice_opens_it_with_the_same_numbers(
    content: bytes, book: Book, tmp_path: Path
) -> None:
    """Each sheet, converted to CSV without a window, holds what was written."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    assert office is not None, "this test needs LibreOffice Calc (Debian: libreoffice-calc-nogui)"
    (tmp_path / "summary.xlsx").write_bytes(content)
    # Comma, quotes, UTF-8, from line 1; cells as they are, not as shown; every sheet.
    filter_options = "44,34,76,1,,0,false,false,false,false,false,-1"
    subprocess.run(
        [
            office,
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            f"csv:Text - txt - csv (StarCalc):{filter_options}",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "summary.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    for name, rows in book.sheets.items():
        file = tmp_path / f"summary-{name}.csv"
        with file.open(encoding="utf-8", newline="") as lines:
            opened = list(csv.reader(lines))
        assert len(opened) == len(rows)
        for read, written in zip(opened, rows, strict=True):
            for text, cell in zip(read, written, strict=False):
                if isinstance(cell, float):
                    scale = 100 if text.endswith("%") else 1
                    assert float(text.rstrip("%")) / scale == pytest.approx(cell, rel=1e-12)
                else:
                    assert text == (cell or "")


def test_headings_have_the_room_that_they_take(content: bytes) -> None:
    """Wrapped headings hide no line, in programs that do not look for themselves."""
    with ZipFile(BytesIO(content)) as parts:
        finance = parts.read("xl/worksheets/sheet1.xml").decode()
    first = re.search(r'<row r="1"[^>]* ht="([\d.]+)"', finance)
    assert first is not None
    # "Pounds for each child more" takes three lines of a column of 13 letters.
    assert float(first[1]) >= 45
