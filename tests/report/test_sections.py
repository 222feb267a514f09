"""Sections: built once from a document, found by name, and drawn in any terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from sim.errors import InputError
from sim.report.console.lines import Terminal
from sim.report.console.sections import drawn
from sim.report.sections import Cell, Line, Section, Table, declare, entries, registry, sections
from sim.report.terminal import ASCII, UNICODE
from sim.results import (
    Assumed,
    Document,
    FileChange,
    Mover,
    NotVaried,
    OnDuty,
    Sweep,
    SweepPoint,
    Titles,
    UnknownRange,
    Unknowns,
)
from tests.report.planted import POOLS, Plant, filled, planted

OFF = (FileChange(path="policy.gate.deploy_on", baseline='"ratification"', other='"grading"'),)
TODAY = Plant("today", "Dorset, spring 2022 (illustrative)")
FREE = Plant("free", "Deploy at grading", 0.4, (0.2, 0.02), 0.18, (-0.08, 0.01), changes=OFF)


UNKNOWNS = Unknowns(
    settings=45,
    ranges={
        name: UnknownRange(
            low=low,
            middle=low + 0.1,
            high=low + 0.3,
            settings_variance=0.0099,
            luck_variance=0.0099,
        )
        for name, low in (("today", 0.104), ("free", 0.004))
    },
    over_an_hour={"today": UnknownRange(low=0.2, high=0.4)},
    better={"free": 44 / 45},
    same={"free": 1 / 45},
    varied=("the share held for ratification",),
    movers=(
        Mover(
            what="the share held for ratification",
            paths=("policy.gate.share_held",),
            share=0.57,
            rises=False,
            clear=True,
        ),
        Mover(what="the season", paths=("a", "b"), share=0.004, rises=True, clear=False),
    ),
    things=181,
    redrawn=2,
    without=tuple(NotVaried(path=f"prices.{at}", why="is a price") for at in range(9)),
)


def whole() -> Document:
    """A comparison that has something for every section."""
    points = tuple(
        SweepPoint(share=held / 4, value=0.4 - held / 10, low=0.38 - held / 10, high=0.42, n=900)
        for held in range(4)
    )
    document = filled(
        planted(
            TODAY,
            FREE,
            beside={"missing_child": "The case that inspectors found was one of these."},
            sweeps=(Sweep(title="Dorset; 6 replications", points=points, own=0.5),),
            warnings=("pools.duty_inspector: nobody is on duty from 22:00 to 07:00",),
            assumed=(Assumed(what="the THRIVE", minutes=4, low=0.5, high=2),),
            unknowns=UNKNOWNS,
            titles=Titles(
                scenarios={"today": TODAY.title, "free": FREE.title},
                pools={pool: pool.replace("_", " ").title() for pool in POOLS},
            ),
        )
    )
    duty = tuple(
        OnDuty(
            scenario="today", pool="response_bcp", role="response", area="bcp", hour=hour,
            value=10.5, low=9, high=12,
        )
        for hour in range(24)
    )  # fmt: skip
    behind = document.background.model_copy(update={"on_duty": duty})
    return document.model_copy(update={"background": behind})


def cells(section: Section) -> Iterator[tuple[Table, Line, Cell]]:
    """Every cell of a section with where it stands."""
    for table in section.tables:
        for line in table.lines:
            for cell in line.cells:
                yield table, line, cell


def test_every_section_has_a_name_and_a_place_of_its_own() -> None:
    """Names are unlike, and the order is that of the places."""
    places = [one.place for one in entries().values()]
    assert places == sorted(set(places))
    assert all(one.about for one in entries().values())


def test_a_whole_document_fills_every_section() -> None:
    """Nothing that is declared stays empty where the rows are there."""
    assert set(sections(whole())) == set(entries())


def test_a_bare_document_fills_what_it_can() -> None:
    """Without curves, hours, people and cases the rest stands."""
    found = set(sections(planted(TODAY)))
    assert {"delays", "staffing", "how-sure", "limits"} <= found
    assert not {"attendance", "people", "after-arrival", "other-calls", "files"} & found


def test_a_window_without_reports_breaks_no_section() -> None:
    """Where there is no row at all, what needs none is still told."""
    found = sections(planted(Plant("a", reports=0), Plant("b", reports=0)))
    assert "staffing" in found
    assert "delays" not in found


def test_every_figure_of_a_section_is_a_record_of_the_document() -> None:
    """A cell with a number has the row, or the cost, that it is written from."""
    document = whole()
    known = {id(row) for _, row in document.rows()}
    known |= {id(one) for one in document.context.staffing}
    known |= {id(one) for sweep in document.context.sweeps for one in sweep.points}
    known |= {id(one) for one in document.background.on_duty}
    unknowns = document.context.unknowns
    assert unknowns is not None
    for told in (unknowns.ranges.values(), unknowns.over_an_hour.values(), unknowns.movers):
        known |= {id(one) for one in told}
    # What the files say, and the lengths that they assume, are no results.
    for name, section in sections(document).items():
        for table, line, cell in cells(section):
            if name in ("files", "how-sure") or not re.search(r"\d", cell.text):
                continue
            assert id(cell.source) in known, (name, table.caption, line.label, cell.text)


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_sections_fit_any_terminal(width: int, ascii_only: bool) -> None:
    """No line is wider than the terminal, none ends in a blank, and ASCII means ASCII."""
    document = whole()
    terminal = Terminal(width, ASCII if ascii_only else UNICODE)
    for section in sections(document).values():
        for line in (one.plain for one in drawn(section, document, terminal)):
            assert len(line) <= width, (section.name, line)
            assert line == line.rstrip(), (section.name, line)
            assert not ascii_only or line.isascii(), (section.name, line)


@pytest.mark.parametrize("width", [40, 80])
def test_no_figure_is_lost_in_a_narrow_terminal(width: int) -> None:
    """Every figure of every table is printed whole, however narrow the terminal."""
    document = whole()
    for section in sections(document).values():
        printed = "\n".join(one.plain for one in drawn(section, document, Terminal(width, UNICODE)))
        for table, _, cell in cells(section):
            assert table.strip or cell.text in printed, (section.name, cell.text)


def test_only_named_sections_are_built() -> None:
    """Names are answered in the order of reading, whatever order they are asked in."""
    assert list(sections(whole(), ["people", "delays"])) == ["delays", "people"]


@pytest.mark.parametrize(
    ("name", "near"), [("delay", "delays"), ("peple", "people"), ("after", "after-arrival")]
)
def test_an_unknown_section_names_the_nearest(name: str, near: str) -> None:
    """A slip of the pen is told what was meant, and what there is."""
    with pytest.raises(InputError) as caught:
        sections(whole(), [name])
    assert f'did you mean "{near}"' in str(caught.value)
    assert "delays" in (caught.value.allowed or "")


def test_a_section_is_added_in_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is declared is built, found by name and drawn, with nothing else told of it."""
    entries()
    monkeypatch.setattr(registry, "_DECLARED", dict(registry._DECLARED))
    entries.cache_clear()

    @declare("made-up", 999, "a section of a test")
    def made_up(document: Document) -> Section:
        return Section("made-up", "Made up", (f"{document.run.days} days",))

    try:
        found = sections(whole(), ["made-up"])["made-up"]
        text = [line.plain for line in drawn(found, whole(), Terminal(80, UNICODE))]
        assert text == ["Made up", "28 days"]
        with pytest.raises(ValueError, match="two sections made-up"):
            declare("made-up", 1000, "again")(made_up)
    finally:
        entries.cache_clear()


def test_a_desk_whose_work_is_not_simulated_says_so() -> None:
    """In place of 0.0 % stands that its own work is not part of the model."""
    found = sections(whole(), ["people"])["people"]
    by_label = {line.label: line for line in found.tables[0].lines}
    assert {cell.text for cell in by_label["Mash Supervisor"].cells} == {"not simulated"}
    assert "own work" in found.note


def test_hours_of_few_reports_are_not_shaded() -> None:
    """Under thirty reports an hour has its figure and no shade."""
    week = sections(whole(), ["hour-of-week"])["hour-of-week"].tables[0]
    assert all((cell.shade is None) == (cell.note == "n=12") for cell in week.lines[0].cells)


def test_maps_shade_what_misses_the_target() -> None:
    """The darker an hour, the more of its reports are late: on every form alike."""
    day = sections(whole(), ["hour-of-day"])["hour-of-day"].tables[0].lines[0]
    night, noon = day.cells[3], day.cells[12]
    assert night.shade is not None
    assert noon.shade is not None
    assert night.shade > noon.shade
    assert night.text.startswith("5")


def test_a_line_of_another_length_than_its_table_is_refused() -> None:
    """A table whose lines and headings part would be drawn askew."""
    with pytest.raises(ValueError, match="2 cells, 1 wanted"):
        Table("T", ("a",), (Line("one", (Cell("1"), Cell("2"))),))


def test_no_sentence_calls_a_stage_a_cause() -> None:
    """Stages are accounting: nobody is said to be missing where jobs merely queue."""
    text = " ".join(
        " ".join((one.heading, *one.sentences, one.note))
        for one in sections(whole(), ["stages", "long-waits"]).values()
    )
    assert "no unit free" not in text
    assert "come from" not in text
    assert "in the queue for any reason" in text
    assert "no cause" in text


def test_the_second_range_has_a_section_of_its_own() -> None:
    """Ranges by scenario, luck's part of the study's variance, what moved it, what stayed."""
    made = sections(whole(), ("unknowns",))["unknowns"]
    assert made.heading == (
        "What is not known could make the share in time anything from 10 to 40 in 100"
    )
    said = " ".join(made.sentences)
    assert "181 things" in said
    assert "2 settings were impossible and drawn again." in said
    assert 'Of 45 settings "Deploy at grading" is better than "Dorset, spring 2022" in 44' in said
    assert "the same in 1." in said
    assert "Not varied, since it is a price: prices.0" in said
    assert "prices.5 and 3 more." in said
    ranges, movers = made.tables
    texts = {line.label: [cell.text for cell in line.cells] for line in ranges.lines}
    assert texts["In time from the call, 95 in 100 settings"] == ["10–40%", "0.4–30%"]
    assert texts["Over an hour, 95 in 100 settings"] == ["20–40%", "-"]
    # Luck of so many replications against as large a variance of settings.
    replications = whole().run.replications
    assert texts["of all variance, this study's luck"] == [f"{100 / (1 + replications):.0f}%"] * 2
    assert [cell.text for cell in movers.lines[0].cells] == ["57%", "lower", "yes"]
    assert [cell.text for cell in movers.lines[1].cells] == ["<1%", "higher", "no"]


def test_without_a_second_range_there_is_no_section_of_it() -> None:
    """Where it was left out nothing is told of it."""
    assert "unknowns" not in sections(planted(TODAY, FREE))
