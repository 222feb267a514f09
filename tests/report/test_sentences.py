"""The answer in sentences: figures, differences in plain words, and what is always said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.report import sentences as say
from sim.report.meanings import MEANINGS
from sim.report.sentences import Context, Rows
from tests.report.sample import BASELINE, context, document, row


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [
        (23.2, 21.4, 25.0, "23 (21 to 25)"),  # half-width 1.8: whole numbers
        (5.31, 5.1, 5.5, "5.3 (5.1 to 5.5)"),  # half-width 0.2: tenths
        (5.3124, 5.3121, 5.3127, "5.3 (5.3 to 5.3)"),  # never finer than tenths
        (47.0, 22.0, 72.0, "47 (22 to 72)"),  # half-width 25, but `coarsest` is 1
        (0.02, 0.0, 0.4, "<0.1 (0.0 to 0.4)"),
        (1234.4, 1230.0, 1238.8, "1,234 (1,230 to 1,239)"),
        (12.34, None, None, "12"),
        (0.31, None, 0.62, "0.3 (at most 0.6)"),  # too few events: one limit alone
        (99.3, 98.2, None, "99 (at least 98)"),
    ],
)
def test_a_figure_is_as_fine_as_its_interval(
    value: float, low: float | None, high: float | None, text: str
) -> None:
    """The last place that is written is the one that the half-width reaches."""
    assert say.rounded(value, low, high).text() == text


@pytest.mark.parametrize(
    ("value", "low", "high", "words"),
    [
        (-0.33, -0.35, -0.31, "33 percentage points lower (31 to 35)"),
        (0.33, 0.31, 0.35, "33 percentage points higher (31 to 35)"),
        # Half-width 0.08: tenths; a limit that rounds to nought is not written as none.
        (0.0012, 0.0004, 0.002, "0.1 percentage points higher (under 0.1 to 0.2)"),
        (-0.0002, -0.0003, -0.0001, "under 0.1 percentage points lower"),
        (-0.005, -0.03, 0.02, "no clear difference (3 lower to 2 higher)"),
        (0.011, -0.001, 0.025, "no clear difference (none to 2 higher)"),
        (0.0001, -0.0002, 0.0003, "no difference that shows"),
        (0.0, 0.0, 0.0, "exactly the same"),
        (0.2, None, None, "20 percentage points higher, with too few replications"),
        (None, None, None, "a difference that cannot be estimated"),
    ],
)
def test_a_difference_is_said_in_plain_words(
    value: float | None, low: float | None, high: float | None, words: str
) -> None:
    """The words say which way, how far at least and at most, or that it is not clear."""
    made = row("arrived_within_target", value) | {"low": low, "high": high}
    said = say.difference(made, "percentage points", 100, "higher", "lower")
    assert said.startswith(words)
    assert value is None or low is None or said == words


def test_the_answer_gives_both_clocks_and_the_difference() -> None:
    """Each scenario is given from the call and from grading, then held against the baseline."""
    first, other, change, *_ = say.answer(document(), context())
    assert first == (
        "Under dorset-2022, 23% (21 to 25%) of 3,812 simulated grade-two missing-child reports "
        "are reached within 20 minutes of the call being received; within 20 minutes of grading "
        "it is 41% (39 to 43%)."
    )
    assert "56% (54 to 58%) of 3,812 are reached in time" in other
    assert change == (
        "Against dorset-2022: 33 percentage points higher (31 to 35); counted from grading, 33 "
        "percentage points higher (31 to 35)."
    )


def test_few_events_are_not_compared() -> None:
    """With fewer than 20 reports reached in time under both, no difference is claimed."""
    made = document((BASELINE, "hold-for-ratification"))
    for entry in made["scenarios"]:
        for one in entry["rows"]:
            one["n"] = 30  # 23% of 30 are 7, 5% are 2
    told = " ".join(say.answer(made, context()))
    assert "too few to compare" in told
    assert "percentage points" not in told


def test_a_rare_share_is_compared_with_a_common_one() -> None:
    """Where only one of the two shares is rare, the difference stands."""
    made = document((BASELINE, "hold-for-ratification"))
    for one in made["scenarios"][1]["rows"]:
        one["n"] = 30
    assert "percentage points lower" in say.answer(made, context())[-1]


def test_no_reports_are_said_to_be_none() -> None:
    """A share of nothing is not a figure."""
    made = document((BASELINE,))
    made["scenarios"][0]["rows"] = [
        row("arrived_within_target", None, stream="missing_child", grade=2, n=0)
    ]
    assert say.answer(made, context()) == [
        "Under dorset-2022 there are no grade-two missing-child reports to speak of."
    ]


def test_the_shortfall_is_split_at_the_ceiling() -> None:
    """Of those that miss the target, some would with unlimited people; the rest wait for them."""
    # 23.2 % reached and 43.2 % reachable: 77 miss, 57 of them would anyway, 20 wait for people.
    (told,) = say.ceiling(document((BASELINE,)), context())
    assert "77 in 100 miss" in told
    assert "With unlimited people 57 would still miss them" in told
    assert "at most 20 more in 100 inside that time" in told


def test_the_parts_of_the_shortfall_never_exceed_it() -> None:
    """A ceiling under the share itself, by noise, does not make a negative remainder."""
    made = document((BASELINE,))
    for one in made["scenarios"][0]["rows"]:
        if one["measure"] == "reachable_within_target":
            one["value"] = 0.2
    (told,) = say.ceiling(made, context())
    assert "hardly any more inside that time" in told


def test_what_other_work_pays_is_named() -> None:
    """A clear loss of another kind of work is said, with its grade and range."""
    told = say.other_work(document(), context())[0]
    assert "immediate, grade 1: 1.2 percentage points fewer (0.8 to 1.6) reached in time" in told
    assert "priority, grade 2: 13 minutes shorter (10 to 16) unattended on average" in told


def test_the_signs_of_a_gate_are_told_from_those_of_low_rank() -> None:
    """Idle units while a job waits are counted, and both signs are named."""
    told = " ".join(say.telling_signs(document((BASELINE,)), context()))
    assert "49% (46 to 52%) of 3,812 reports had a unit that might have gone stand idle" in told
    assert "allocations just after ratification" in told
    assert "low rank alone would show as neither" in told


def test_every_answer_says_what_it_is_not() -> None:
    """The two statements stand under every result of an illustrative scenario."""
    told = say.footing(document(), context())
    assert "Illustrative, not evidence about Dorset." in told
    assert told[-1] == (
        "Simulated children; not a prediction about any child; not for deciding a live call."
    )


def test_a_forces_own_scenario_is_not_called_illustrative() -> None:
    """The first statement belongs to illustrative scenarios, the second to all."""
    told = say.footing(document(), Context(illustrative=False))
    assert "Illustrative, not evidence about Dorset." not in told
    assert "Simulated children" in told[-1]


def test_the_share_held_is_given_at_both_ends() -> None:
    """The range is read from nobody held to all held."""
    told = say.share_held(context().sweeps[0], context())
    assert re.search(r"With 0% held, 56% \(54 to 58%\).*with 100% held, 6% \(4 to 8%\)", told)


def test_targets_that_differ_by_area_are_given_as_a_range() -> None:
    """The words name both ends of the target."""
    assert Context(target_minutes={"bcp": 15.0, "county": 20.0}).target == (
        "15 to 20 minutes (by area)"
    )


def test_a_clock_of_its_own_is_looked_up_as_null() -> None:
    """The target's own clock is the null one; the other is named."""
    from_grading = Context(starts="graded")
    assert from_grading.headline("graded")["clock"] is None
    assert from_grading.headline("received")["clock"] == "received"


def test_rows_are_found_by_all_their_cuts() -> None:
    """A row over everything is not taken for one of an area."""
    rows = Rows([row("queue_length", 1.0, area="bcp"), row("queue_length", 3.0)])
    found = rows.get("queue_length")
    assert found is not None
    assert found["value"] == 3.0
    assert list(rows.along("queue_length", "area")) == ["bcp"]


def test_waits_of_over_ten_hours_are_said_with_their_change() -> None:
    """The share in time hides the longest waits, so they have a sentence of their own."""
    made = document((BASELINE, "deploy-at-grading"))
    for entry in made["scenarios"]:
        entry["rows"] = [
            row(
                "waited_over_600_minutes",
                0.012,
                low=0.010,
                high=0.014,
                stream="missing_child",
                grade=2,
                n=6000,
            )
        ]
    made["differences"][0]["rows"] = [
        row(
            "waited_over_600_minutes",
            -0.004,
            low=-0.006,
            high=-0.002,
            stream="missing_child",
            grade=2,
            n=6000,
        )
    ]
    told = say.long_waits(made, context())
    # Its file differs in the gate alone, and the range of the change leaves out nought.
    assert told == [
        "In this scenario, waits of over ten hours change with the gate: 1.2% (1.0 to 1.4%) of "
        "reports under dorset-2022; 0.4 percentage points fewer (0.2 to 0.6) under "
        "deploy-at-grading."
    ]


def test_every_measure_that_is_asked_for_has_a_meaning() -> None:
    """A sentence that asks for a name that nobody makes would silently say nothing."""
    folder = Path(say.__file__).parent
    asked = {
        name
        for file in folder.glob("*.py")
        for name in re.findall(r"\.get\(\s*\"(\w+)\",\s*\*\*", file.read_text(encoding="utf-8"))
    }
    assert "allocated_just_after_ratification" in asked
    assert asked <= set(MEANINGS)
