"""What only a variant has: told on the first screen, under NEXT, and in the section it fills."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from sim.report.answer import answer
from sim.report.console import Wanted, shown
from sim.report.sections import sections
from sim.report.sections.registry import added, entries
from sim.report.sections.switched_on import switches_on
from sim.results import CATALOGUE, Document, FileChange, Row, UnknownRange, Unknowns
from sim.results.making.context import context_of
from sim.scenario.loading import Loaded, load
from tests.report.added import BUSIER, TELEPHONE, with_added
from tests.report.planted import Plant, concerns, filled, planted, row

TODAY = Plant("today", "Dorset, spring 2022 (illustrative)")
OTHER = Plant("other", "Another rule", 0.2, (-0.01, 0.02))
THIRD = Plant("third", "A third", 0.2, (0.0, 0.02))
OVERTIME = (
    row("protection_units", 1.4, 0.1, stream="missing_child", unit="times"),
    row("protection_overtime_hours", 4.0, 1.0, stream="missing_child", unit="hours"),
)


UNNOTICED = {"unnoticed_per_case", "unnoticed_hours_per_case"}
PROTECTED = {"protection_units", "protection_overtime_hours"}


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


@pytest.mark.parametrize(
    ("baseline", "other", "measures"),
    [
        ("dorset-2022", "telephone-first", {"telephoned_first", "found_by_telephone"}),
        ("dorset-2022", "welfare-concerns-followed", {"concern_seen"}),
        ("dorset-2022", "out-of-area-children", {"placed_here"}),
        ("dorset-2022", "handed-over-unnoticed", UNNOTICED),
        ("dorset-2022", "officers-relieved", {"relieved"}),
        ("placements-by-day", "officers-relieved", {"relieved"}),
        ("dorset-2022", "placements-by-day", set()),
        ("dorset-2022", "surge", set()),
        ("officers-relieved", "dorset-2022", set()),
        ("deploy-at-grading", "telephone-first", {"telephoned_first", "found_by_telephone"}),
    ],
)
def test_what_a_shipped_file_switches_on_is_known_from_the_file(
    baseline: str, other: str, measures: set[str]
) -> None:
    """The measures whose rules one file has on and the other off."""
    before, after = (load(f"scenarios/{name}.toml") for name in (baseline, other))
    assert switched_on(before, after) == measures


@pytest.mark.parametrize(
    ("path", "off", "on", "measures"),
    [
        ("episode.after_return.protection_share", 0.0, 0.02, PROTECTED),
        ("episode.handover.share_unnoticed", 0.0, 0.1, UNNOTICED),
        ("episode.handover.share_unnoticed", 0.1, 0.2, set()),
        ("episode.handover.share_unnoticed", 0.1, 0.0, set()),
    ],
)
def test_a_key_is_off_at_nought_and_on_above_it(
    path: str, off: float, on: float, measures: set[str]
) -> None:
    """More of what is on is switched on by nobody, and what goes is not added."""
    before, after = (load("scenarios/dorset-2022.toml", {path: each}) for each in (off, on))
    assert switched_on(before, after) == measures


def test_callers_who_may_hang_up_are_found_in_whichever_stream_they_are() -> None:
    """Also where the whole stream is new; one without such callers adds none."""
    whole = '{ kind = "incidents", hanging_up = { patience = 3.0 } }'
    bare = '{ kind = "incidents" }'
    for path, after, told in (
        ("streams.no_deployment.hanging_up", "{ patience = 3.0 }", True),
        ("streams.of_night", whole, True),
        ("streams.of_night", bare, False),
        ("streams", f"{{ of_night = {whole} }}", True),
        ("pools.of_night", whole, False),
    ):
        change = FileChange(path=path, baseline="(absent)", other=after)
        assert switches_on([change], entries()["telephone"].fills["hung_up"]) == told


def switched_on(before: Loaded, after: Loaded) -> set[str]:
    """Measures of all sections that the second of two scenarios switches on."""
    changes = context_of([before, after]).changes[after.name]
    return {
        measure
        for one in entries().values()
        for measure, keys in one.fills.items()
        if switches_on(changes, keys)
    }


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
    document = with_added(planted(TODAY, OTHER), "other", rows, BUSIER)
    text = screen(document)
    assert words in text
    assert f"NEXT --show {name} (what only B has)" in text
    assert [one.entry.name for one in added(document, "other")] == [name]
    assert "Another rule" in sections(document, [name])[name].heading
    assert "nothing for it" not in screen(document, Wanted(show=(name,)))


def test_a_measure_of_a_section_that_the_baseline_fills_otherwise_is_told() -> None:
    """Callers hang up under both; that some are held for an enquiry is the variant's own."""
    gone = row("hung_up", 0.1, 0.01)
    document = with_added(planted(TODAY, OTHER), "today", (gone,))
    text = screen(with_added(document, "other", (gone, *TELEPHONE)))
    assert "ONLY UNDER B 18 in 100 (17 to 19) are held" in text
    assert "hung up" not in text


def test_a_section_without_a_sentence_tells_measures_by_their_labels() -> None:
    """Their long labels with the figures, two at the most."""
    rows = (
        row("relieved", 0.3, 0.05, stream="missing_child"),
        row("protection_units", 1.4, 0.1, stream="missing_child", unit="times"),
        row("protection_overtime_hours", 0.5, 0.1, stream="missing_child", unit="hours"),
    )
    text = screen(with_added(planted(TODAY, OTHER), "other", rows))
    assert (
        "ONLY UNDER B Officers with a child relieved: 30 in 100 (25 to 35); units that stay with a "
        "child in police protection: 1.4 (1.3 to 1.5)."
    ) in text
    assert "--show after-arrival (what only B has)" in text


def test_what_the_baseline_has_too_is_not_called_a_variants_own() -> None:
    """Where both fill a section, or neither does, nothing is said to be added."""
    neither = planted(TODAY, OTHER)
    both = with_added(with_added(neither, "today", TELEPHONE), "other", TELEPHONE)
    for document in (neither, both):
        assert "ONLY UNDER" not in screen(document)
        assert added(document, "other") == []
    assert added(both, "today") == []


def test_what_luck_alone_brings_is_not_called_a_variants_own() -> None:
    """Both have police protection; in a few days a shift may end in it under one of them alone."""
    document = planted(TODAY, OTHER)
    never = row("protection_overtime_hours", 0.0, None, stream="missing_child", unit="hours")
    for before in ((), (never,)):
        chance = with_added(document, "today", before)
        chance = with_added(chance, "other", OVERTIME, by_luck=True)
        assert "ONLY UNDER" not in screen(chance)
        assert "what only B has" not in screen(chance)
        assert added(chance, "other") == []
    ruled = with_added(document, "other", OVERTIME)
    assert "ONLY UNDER B Units that stay with a child in police protection: 1.4" in screen(ruled)


def test_of_several_variants_each_is_named() -> None:
    """By their letters, in the heading and before what each adds."""
    document = with_added(planted(TODAY, OTHER, THIRD), "other", TELEPHONE)
    document = with_added(document, "third", concerns())
    text = screen(document)
    assert "NOT UNDER A B: 18 in 100" in text
    assert "C: Of children of welfare concerns" in text
    assert "NEXT --show telephone,concerns (what B and C add)" in text
    again = with_added(document, "third", TELEPHONE)
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
    document = with_added(document, "other", TELEPHONE, BUSIER)
    kinds = concerns()
    bare = tuple(
        one.model_copy(update={"rows": tuple(row for row in one.rows if row not in kinds)})
        for one in document.scenarios
    )
    document = with_added(document.model_copy(update={"scenarios": bare}), "third", kinds)
    shown_lines = screen_lines(document)
    assert "NOT UNDER A" in " ".join(shown_lines)
    assert len(shown_lines) <= 45
    names = [one.name for one in answer(document).paragraphs]
    assert {"hours", "after", "added", "high-risk"} <= set(names)


def test_telephone_and_delays_lead_to_each_other() -> None:
    """Each names the other where it is shown alone, and not where both are."""
    document = with_added(planted(TODAY, OTHER), "other", TELEPHONE)
    assert "SEE ALSO --show delays" in screen(document, Wanted(show=("telephone",)))
    assert "SEE ALSO --show telephone" in screen(document, Wanted(show=("delays",)))
    assert "SEE ALSO" not in screen(document, Wanted(show=("delays", "telephone")))
    assert "SEE ALSO" not in screen(planted(TODAY, OTHER), Wanted(show=("delays",)))


def test_why_fewer_are_found_than_an_enquiry_finds_is_said() -> None:
    """The file's share is of enquiries that end while officers wait, the screen's of reports."""
    document = with_added(planted(TODAY, OTHER), "other", TELEPHONE)
    made = sections(document, ["telephone"])["telephone"]
    assert "finds the child only where it ends while officers wait for it" in made.sentences[0]
