"""The answer in sentences: figures, differences in plain words, and what is always said."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.report import numbers
from sim.report import sentences as say
from sim.results import Assumed, Context, Document, FileChange, Row, Rule, Staffing, Titles
from sim.results.making import context_of
from sim.scenario.loading import load
from sim.scenario.models import Source
from tests.report.sample import (
    BASELINE,
    and_rows,
    context,
    document,
    each_row,
    row,
    with_rows,
)

SCENARIOS = Path(__file__).parents[2] / "scenarios"


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
    assert numbers.rounded(value, low, high).text() == text


@pytest.mark.parametrize(
    ("value", "low", "high", "words"),
    [
        (-0.33, -0.35, -0.31, "33 percentage points lower (31 to 35)"),
        (0.33, 0.31, 0.35, "33 percentage points higher (31 to 35)"),
        # Half-width 0.08: tenths; a limit that rounds to nought is not written as none.
        (0.0012, 0.0004, 0.002, "0.1 percentage points higher (under 0.1 to 0.2)"),
        (-0.0002, -0.0003, -0.0001, "under 0.1 percentage points lower"),
        (0.011, 0.006, 0.016, "1 percentage point higher (1 to 2)"),
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
    made = row("arrived_within_target", value, low=low, high=high)
    said = numbers.difference(made, "percentage points", 100, "higher", "lower")
    assert said.startswith(words)
    assert value is None or low is None or said == words


def test_the_answer_gives_both_clocks_and_the_difference() -> None:
    """Each scenario is given from the call and from grading, then held against the baseline."""
    first, other, change, *_ = say.answer(document())
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


def of_thirty(one: Row) -> Row:
    """The row as if of 30 cases."""
    return one.model_copy(update={"n": 30})


def test_few_events_are_not_compared() -> None:
    """With fewer than 20 reports reached in time under both, no difference is claimed."""
    made = document((BASELINE, "hold-for-ratification"))
    for name in made.names:
        made = each_row(made, name, of_thirty)  # 23% of 30 are 7, 5% are 2
    told = " ".join(say.answer(made))
    assert "too few to compare" in told
    assert "percentage points" not in told


def test_a_rare_share_is_compared_with_a_common_one() -> None:
    """Where only one of the two shares is rare, the difference stands."""
    made = document((BASELINE, "hold-for-ratification"))
    made = each_row(made, "hold-for-ratification", of_thirty)
    assert "percentage points lower" in say.answer(made)[-1]


def test_no_reports_are_said_to_be_none() -> None:
    """A share of nothing is not a figure."""
    none = row("arrived_within_target", None, stream="missing_child", grade=2, n=0)
    assert say.answer(with_rows(document((BASELINE,)), BASELINE, [none])) == [
        "Under dorset-2022 there are no grade-two missing-child reports to speak of."
    ]


def test_the_shortfall_is_split_at_the_ceiling() -> None:
    """Of those that miss the target, some would with unlimited people; the rest wait for them."""
    # 23.2 % reached and 43.2 % reachable: 77 miss, 57 of them would anyway, 20 wait for people.
    (told,) = say.ceiling(document((BASELINE,)))
    assert "77 in 100 miss" in told
    assert "With unlimited people 57 would still miss them" in told
    assert "at most 20 more in 100 inside that time" in told


def test_the_parts_of_the_shortfall_never_exceed_it() -> None:
    """A ceiling under the share itself, by noise, does not make a negative remainder."""

    def lower(one: Row) -> Row:
        reachable = one.measure == "reachable_within_target"
        return one.model_copy(update={"value": 0.2}) if reachable else one

    (told,) = say.ceiling(each_row(document((BASELINE,)), BASELINE, lower))
    assert "hardly any more inside that time" in told


def test_what_other_work_pays_is_named() -> None:
    """A clear loss of another kind of work is said, with its grade and range."""
    told = say.other_work(document())[0]
    assert "immediate, grade 1: 1.2 percentage points fewer (0.8 to 1.6) reached in time" in told
    assert "priority, grade 2: 13 minutes shorter (10 to 16) unattended on average" in told


def test_the_signs_of_a_gate_are_told_from_those_of_low_rank() -> None:
    """Idle units while a job waits are counted, and both signs are named."""
    told = " ".join(say.telling_signs(document((BASELINE,))))
    assert "49% (46 to 52%) of 3,812 reports had a unit that might have gone stand idle" in told
    assert "allocations just after ratification" in told
    assert "low rank alone would show as neither" in told


def test_every_answer_says_what_it_is_not() -> None:
    """The two statements stand under every result of an illustrative scenario."""
    told = say.footing(document())
    assert "Illustrative, not evidence about Dorset." in told
    assert told[-1] == (
        "Simulated children; not a prediction about any child; not for deciding a live call."
    )


def test_a_forces_own_scenario_is_not_called_illustrative() -> None:
    """The first statement belongs to illustrative scenarios, the second to all."""
    told = say.footing(document(illustrative=False))
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
    rows = [row("queue_length", 1.0, area="bcp"), row("queue_length", 3.0)]
    part = with_rows(document((BASELINE,)), BASELINE, rows).baseline
    assert part.row("queue_length") is rows[1]
    assert list(part.along("queue_length", "area")) == ["bcp"]


def test_waits_of_over_ten_hours_are_said_with_their_change() -> None:
    """The share in time hides the longest waits, so they have a sentence of their own."""
    made = document((BASELINE, "deploy-at-grading"))
    for name in made.names:
        made = with_rows(made, name, [long_wait(0.012, 0.010, 0.014)])
    change = [long_wait(-0.004, -0.006, -0.002)]
    told = say.long_waits(with_rows(made, "deploy-at-grading", change, changes=True))
    # Its file differs in the gate alone, and the range of the change leaves out nought.
    assert told == [
        (
            "In this scenario, waits of over ten hours change with the gate: 1.2% (1.0 to 1.4%) of "
            "6,000 reports under dorset-2022; 0.4 percentage points fewer (0.2 to 0.6) under "
            "deploy-at-grading."
        )
    ]


def long_wait(value: float, low: float | None, high: float | None) -> Row:
    """A row of waits of over ten hours, of 6,000 reports."""
    about: dict[str, Any] = {"stream": "missing_child", "grade": 2, "minutes": 600, "n": 6000}
    return row("waited_over", value, low=low, high=high, **about)


def compared_long_waits(change: tuple[float, float, float]) -> Document:
    """The baseline, deployment at grading with this change, and rank switched off."""
    grading, level = "deploy-at-grading", "hold-for-ratification"
    stage = {"stream": "missing_child", "grade": 2, "minutes": 600, "n": 30}
    rank = FileChange(path="policy.queue.missing_child_place", baseline='"last"', other='"level"')
    rule = Rule(deploy_on="ratification", share_held=0.5, streams=("missing_child",))
    made = document(
        (BASELINE, grading, level),
        changes={**context().changes, level: (rank,)},
        rules={BASELINE: rule.model_copy(update={"place": "last"}), level: rule},
    )
    baseline = [
        long_wait(0.005, 0.003, 0.007),
        row("stage_mean_over", 700.0, 40.0, stage="no_unit", **stage),
        row("stage_mean_over", 17.0, 8.0, stage="decision", **stage),
    ]
    made = with_rows(made, BASELINE, baseline)
    made = with_rows(made, grading, [long_wait(0.005, 0.003, 0.007)])
    made = with_rows(made, level, [long_wait(0.0005, None, 0.0018)])
    made = with_rows(made, grading, [long_wait(*change)], changes=True)
    return with_rows(made, level, [long_wait(-0.0046, -0.0066, -0.0026)], changes=True)


def test_long_waits_that_the_gate_leaves_alone_are_put_down_to_people_and_rank() -> None:
    """A change within half of the share is none; the stage that fills them and rank are named."""
    # 0.5 % less 0.05 %: from 0.1 % less to nought, which is well within a quarter of a per cent.
    told = say.long_waits(compared_long_waits((-0.0005, -0.001, 0.0)))
    assert told == [
        (
            "In this scenario, waits of over ten hours are the same with and without the gate: "
            "0.5% (0.3 to 0.7%) of 6,000 reports under dorset-2022; no clear difference (0.1 "
            "fewer to none) under deploy-at-grading."
        ),
        (
            "They come from want of a free unit: on average 700 (660 to 740) minutes of such a "
            "wait pass with no unit free, and 17 (9 to 25) in grading and behind the gate (30 "
            "reports under dorset-2022)."
        ),
        (
            "They come from low rank too: under hold-for-ratification, where missing children "
            "rank level with other work of their grade, they are 3 of 6,000 (at most 0.2%), 0.5 "
            "percentage points fewer (0.3 to 0.7)."
        ),
    ]


@pytest.mark.parametrize(
    ("change", "begun"),
    [
        (
            (-0.003, -0.004, -0.002),
            "In this scenario, waits of over ten hours change with the gate",
        ),
        # The range leaves out nought, and is within a third of the 0.5 %.
        (
            (-0.0008, -0.0012, -0.0004),
            "In this scenario, waits of over ten hours change little with the gate",
        ),
        # Nought is inside, and so is most of the share.
        ((-0.001, -0.004, 0.002), "Whether waits of over ten hours change with the gate is not"),
    ],
)
def test_long_waits_are_the_same_only_where_the_interval_says_so(
    change: tuple[float, float, float], begun: str
) -> None:
    """A clear change is said, and a wide range is not taken for no change."""
    assert say.long_waits(compared_long_waits(change))[0].startswith(begun)


def test_few_long_waits_are_put_down_to_nothing() -> None:
    """Under 20 of them are too few to say where they come from."""
    made = compared_long_waits((-0.0005, -0.001, 0.0))
    share, *stages = made.baseline.rows
    few = [share, *(one.model_copy(update={"n": 19}) for one in stages)]
    told = say.long_waits(with_rows(made, BASELINE, few))[1]
    assert told == "They are too few (19 under dorset-2022) to say where they come from."


def test_reports_beside_the_headline_have_a_sentence() -> None:
    """Their share in time and over ten hours, that the gate is not for them, and the reason."""
    concern = {"stream": "welfare_concern", "grade": 2, "n": 4000}
    rule = Rule(deploy_on="ratification", share_held=0.5, streams=("missing_child",))
    made = and_rows(
        document(
            (BASELINE,),
            beside={"welfare_concern": "The inspectors' case was one."},
            rules={BASELINE: rule},
        ),
        BASELINE,
        row("arrived_within_target", 0.304, 0.02, **concern),
        row("waited_over", 0.012, 0.003, minutes=600, **concern),
    )
    assert say.beside(made) == [
        (
            "Under dorset-2022, 30.4% (28.4 to 32.4%) of 4,000 grade-two welfare concern reports "
            "are reached within 20 minutes of the call; 1.2% (0.9 to 1.5%) wait over ten hours. "
            "The gate does not cover them. The inspectors' case was one."
        )
    ]


def test_the_ceiling_names_the_lengths_that_are_assumed() -> None:
    """Minutes and range stand in it; without assumptions nothing is added."""
    assumed = Assumed(what="the risk assessment", minutes=11.0, low=0.5, high=2.0)
    assert say.ceiling(document((BASELINE,), assumed=(assumed,)))[-1] == (
        "This split rests on lengths that are assumed, not measured: the risk assessment (about 11 "
        "minutes; 5.5 to 22 may be true)."
    )
    assert len(say.ceiling(document((BASELINE,)))) == 1


def test_a_length_with_a_source_is_not_called_assumed() -> None:
    """Of the steps before deployment only those whose source is an assumption are named."""
    baseline = load(SCENARIOS / "dorset-2022.toml")
    assert [(one.what, one.minutes) for one in context_of([baseline]).assumed] == [
        ("the THRIVE", 4.0),
        ("the risk assessment", 11.0),
        ("the work of ratification", 6.0),
    ]
    known = Source(source="A log", confidence="A")
    sources = {**baseline.scenario.sources, "streams.missing_child.assessment": known}
    other = replace(baseline, scenario=baseline.scenario.model_copy(update={"sources": sources}))
    assert "the risk assessment" not in [one.what for one in context_of([other]).assumed]
    # At grading neither stands before deployment.
    grading = load(SCENARIOS / "deploy-at-grading.toml")
    assert [one.what for one in context_of([grading]).assumed] == ["the THRIVE"]


def test_whose_figures_they_are_is_said_by_the_scenario() -> None:
    """One that is named stands there; without a name it is any force; a force's own has none."""
    dorset, other = (load(SCENARIOS / f"{n}.toml") for n in ("dorset-2022", "derbyshire-2021-like"))
    told = context_of([dorset, other]).statement
    assert told == "Illustrative, not evidence about Dorset or Derbyshire."
    unnamed = replace(dorset, scenario=dorset.scenario.model_copy(update={"force": None}))
    assert context_of([unnamed]).statement == "Illustrative, not evidence about any force."
    own = replace(dorset, scenario=dorset.scenario.model_copy(update={"illustrative": False}))
    assert context_of([own]).statement is None


@pytest.mark.parametrize(
    ("factors", "words"),
    [
        ([None, None], "Overtime is not in the cost"),
        ([1.33, 1.33], "Overtime comes on top of the cost, at 1.33 times a paid hour."),
        ([1.33, None], "Overtime has no price where a scenario sets no costs.overtime_factor."),
    ],
)
def test_what_the_cost_leaves_out_is_said(factors: list[float | None], words: str) -> None:
    """Priced, not priced, or priced in some scenarios."""
    staffing = tuple(
        Staffing(scenario=f"s{place}", posts=1, paid_hours=2, pounds=3, overtime_factor=one)
        for place, one in enumerate(factors)
    )
    assert words in " ".join(say.cost_notes(Context(staffing=staffing)))


@pytest.mark.parametrize(
    ("deploy_on", "words", "told"),
    [
        ("ratification", "the share held in dorset-2022 itself.", False),
        ("grading", "waits for grading alone, so none is held", False),
        ("assessment", "waits for the risk assessment, not for ratification", True),
    ],
)
def test_a_gate_at_another_step_is_named_at_the_sweep(
    deploy_on: str, words: str, told: bool
) -> None:
    """Its own headline is told where no share held stands for it."""
    rule = Rule.model_validate({"deploy_on": deploy_on, "share_held": 0.4})
    meaning, own = say.gate_of_sweep(document(rules={BASELINE: rule}))
    assert words in meaning
    assert (own is not None) == told


def test_two_scenarios_of_one_title_are_told_apart() -> None:
    """The file's name is added where titles are alike, and only there."""
    titles = Titles(
        scenarios={"a": "Nights", "b": "Nights", "c": "Days"}, pools={"response_bcp": "Response"}
    )
    made = Context(titles=titles)
    assert [made.scenario(name) for name in "abcd"] == ["Nights (a)", "Nights (b)", "Days", "d"]
    assert [made.pool(name) for name in ("response_bcp", "call_taker")] == [
        "Response",
        "call taker",
    ]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Teams until 02:00", '"Teams until 02:00"'),
        ("Wessex", "Wessex"),
        ("Dorset, spring 2022 (illustrative)", '"Dorset, spring 2022"'),
        ('The "old" rota', "\"The 'old' rota\""),
    ],
)
def test_sentences_speak_titles(title: str, words: str) -> None:
    """Within quotation marks where they are of several words; what has none keeps its name."""
    made = document(titles=Titles(scenarios={BASELINE: title}))
    assert made.context.spoken("another") == "another"
    said = say.answer(made)
    assert said[0].startswith(f"Under {words}, ")
    assert any(one.startswith(f"Against {words}: ") for one in said)


def test_words_are_parted_by_one_space() -> None:
    """Sentences are joined from parts, which bring their spaces once."""
    made = document()
    parts = (say.answer, say.long_waits, say.ceiling, say.beside, say.other_work, say.footing)
    said = [one for part in parts for one in part(made)]
    assert len(said) > 10
    assert not [one for one in said if "  " in one or one != one.strip()]


def test_the_longest_part_of_the_wait_is_named() -> None:
    """By its mean, in minutes, whatever the order of the rows; nothing where nobody waits."""
    made = with_rows(document(), BASELINE, ())
    assert say.longest_stage(made) == ""
    rows = [
        row("stage_mean", mean, 1.0, stage=stage, stream="missing_child", grade=2)
        for stage, mean in (("travel", 8.0), ("decision", 31.0), ("no_unit", 30.0), ("call", 6.0))
    ]
    assert say.longest_stage(with_rows(made, BASELINE, rows)).endswith(
        "the longest part of the wait passes in grading and behind the gate: "
        "31 (30 to 32) minutes on average."
    )
