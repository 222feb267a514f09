"""What only a variant has: told on the first screen, under NEXT, and in the section it fills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from sim.report.answer import answer
from sim.report.console import Wanted, shown
from sim.report.sections import sections
from sim.report.sections.registry import added, entries
from sim.results import CATALOGUE, Document, Row, UnknownRange, Unknowns
from tests.report.planted import Plant, concerns, filled, planted, row

TODAY = Plant("today", "Dorset, spring 2022 (illustrative)")
OTHER = Plant("other", "Another rule", 0.2, (-0.01, 0.02))
THIRD = Plant("third", "A third", 0.2, (0.0, 0.02))
CHILD = {"stream": "missing_child", "grade": 2}

TELEPHONE = (
    row("telephoned_first", 0.18, 0.01, **CHILD),
    row("telephone_delay_mean", 19.0, 1.0, unit="minutes", **CHILD),
    row("found_by_telephone", 0.009, 0.002, **CHILD),
)
BUSIER = (
    row("utilisation", 0.009, 0.001, pool="research"),
    row("utilisation", -0.004, 0.001, pool="response_bcp"),
)


def with_rows(
    document: Document, name: str, rows: Sequence[Row], changes: Sequence[Row] = ()
) -> Document:
    """The document with more rows of one variant, and of its difference."""
    scenarios = tuple(
        one.model_copy(update={"rows": (*one.rows, *rows)}) if one.name == name else one
        for one in document.scenarios
    )
    differences = tuple(
        one.model_copy(update={"rows": (*one.rows, *changes)}) if one.name == name else one
        for one in document.differences
    )
    return document.model_copy(update={"scenarios": scenarios, "differences": differences})


def screen_lines(document: Document, wanted: Wanted | None = None) -> list[str]:
    """What a terminal of 80 columns shows."""
    file = StringIO()
    Console(file=file, width=80, highlight=False, markup=False).print(
        shown(document, wanted, width=80)
    )
    return file.getvalue().splitlines()


def screen(document: Document, wanted: Wanted | None = None) -> str:
    """The same as one line of words."""
    return " ".join(" ".join(screen_lines(document, wanted)).split())


def test_every_section_of_the_record_can_tell_what_it_adds() -> None:
    """It names measures of the catalogue."""
    record = [one for one in entries().values() if one.fills]
    assert {one.name for one in record} >= {"telephone", "concerns"}
    for one in record:
        assert set(one.fills) <= set(CATALOGUE)


@pytest.mark.parametrize(
    ("rows", "name", "words"),
    [
        (
            TELEPHONE,
            "telephone",
            (
                "ONLY UNDER B 18 in 100 (17 to 19) are held for an enquiry by telephone first, 19 "
                "minutes on average; 0.9 in 100 (0.7 to 1.1) are found by it. Busier, in 100 hours "
                "on duty: research by 0.9."
            ),
        ),
        (
            tuple(concerns()),
            "concerns",
            (
                "ONLY UNDER B Of children of welfare concerns 71 in 100 are seen at the first "
                "attendance and 97 in the end; of those not seen at first half are within 2.2 (2.0 "
                "to 2.3) days."
            ),
        ),
    ],
)
def test_what_only_a_variant_has_is_on_the_first_screen(
    rows: tuple[Row, ...], name: str, words: str
) -> None:
    """In a sentence, and under NEXT by the name of its section, which has its figures."""
    document = with_rows(planted(TODAY, OTHER), "other", rows, BUSIER)
    text = screen(document)
    assert words in text
    assert f"NEXT --show {name} what only B has" in text
    assert [one.entry.name for one in added(document, "other")] == [name]
    assert "Another rule" in sections(document, [name])[name].heading
    assert "nothing for it" not in screen(document, Wanted(show=(name,)))


def test_a_measure_of_a_section_that_the_baseline_fills_otherwise_is_told() -> None:
    """Callers hang up under both; that some are held for an enquiry is the variant's own."""
    gone = row("hung_up", 0.1, 0.01)
    document = with_rows(planted(TODAY, OTHER), "today", (gone,))
    text = screen(with_rows(document, "other", (gone, *TELEPHONE)))
    assert "ONLY UNDER B 18 in 100 (17 to 19) are held" in text
    assert "hung up" not in text


def test_a_section_without_a_sentence_tells_measures_by_their_labels() -> None:
    """Their long labels with the figures, two at the most."""
    rows = (
        row("relieved", 0.3, 0.05, stream="missing_child"),
        row("protection_units", 1.4, 0.1, stream="missing_child", unit="times"),
        row("protection_overtime_hours", 0.5, 0.1, stream="missing_child", unit="hours"),
    )
    text = screen(with_rows(planted(TODAY, OTHER), "other", rows))
    assert (
        "ONLY UNDER B Officers with a child relieved 30 in 100 (25 to 35) and units that stay with "
        "a child in police protection 1.4 (1.3 to 1.5)."
    ) in text
    assert "--show after-arrival what only B has" in text


def test_what_the_baseline_has_too_is_not_called_a_variants_own() -> None:
    """Where both fill a section, or neither does, nothing is said to be added."""
    neither = planted(TODAY, OTHER)
    both = with_rows(with_rows(neither, "today", TELEPHONE), "other", TELEPHONE)
    for document in (neither, both):
        assert "ONLY UNDER" not in screen(document)
        assert added(document, "other") == []
    assert added(both, "today") == []


def test_of_several_variants_each_is_named() -> None:
    """By their letters, in the heading and before what each adds."""
    document = with_rows(planted(TODAY, OTHER, THIRD), "other", TELEPHONE)
    document = with_rows(document, "third", concerns())
    text = screen(document)
    assert "NOT UNDER A B: 18 in 100" in text
    assert "C: Of children of welfare concerns" in text
    assert "NEXT --show telephone,concerns what B and C add" in text
    again = with_rows(document, "third", TELEPHONE)
    assert "B (and in a like way C): 18 in 100" in screen(again)


def test_what_is_added_leaves_one_screen() -> None:
    """With all paragraphs and what two variants add it is 45 lines; what is left out is kept."""
    others = {("priority", 2): (-0.02, 0.01), ("immediate", 1): (-0.02, 0.01)}
    plants = (
        TODAY,
        replace(OTHER, title="Enquiries by telephone before sending", others=others),
        replace(THIRD, title="Welfare concerns followed until the child is seen", others=others),
    )
    unknowns = Unknowns(
        settings=45,
        ranges={"today": UnknownRange(low=0.009, high=0.42)},
        better={"other": 2 / 45, "third": 14 / 45},
        same={"other": 5 / 45, "third": 16 / 45},
        varied=("the share held for ratification",),
    )
    document = filled(planted(*plants, unknowns=unknowns))
    document = with_rows(document, "other", TELEPHONE, BUSIER)
    kinds = concerns()
    bare = tuple(
        one.model_copy(update={"rows": tuple(row for row in one.rows if row not in kinds)})
        for one in document.scenarios
    )
    document = with_rows(document.model_copy(update={"scenarios": bare}), "third", kinds)
    shown_lines = screen_lines(document)
    assert "NOT UNDER A" in " ".join(shown_lines)
    assert len(shown_lines) <= 45
    names = [one.name for one in answer(document).paragraphs]
    assert {"hours", "after", "added", "high-risk"} <= set(names)


def test_telephone_and_delays_lead_to_each_other() -> None:
    """Each names the other where it is shown alone, and not where both are."""
    document = with_rows(planted(TODAY, OTHER), "other", TELEPHONE)
    assert "SEE ALSO --show delays" in screen(document, Wanted(show=("telephone",)))
    assert "SEE ALSO --show telephone" in screen(document, Wanted(show=("delays",)))
    assert "SEE ALSO" not in screen(document, Wanted(show=("delays", "telephone")))
    assert "SEE ALSO" not in screen(planted(TODAY, OTHER), Wanted(show=("delays",)))


def test_why_fewer_are_found_than_an_enquiry_finds_is_said() -> None:
    """The file's share is of enquiries that end while officers wait, the screen's of reports."""
    document = with_rows(planted(TODAY, OTHER), "other", TELEPHONE)
    made = sections(document, ["telephone"])["telephone"]
    assert "finds the child only where it ends while officers wait for it" in made.sentences[0]
