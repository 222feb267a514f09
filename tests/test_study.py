"""Studies: scenarios x replications x workers."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from multiprocessing import active_children
from typing import Any

import numpy as np
import pytest

from sim.errors import InputError, Interrupted, ScenarioErrors
from sim.fates.incidents import draw
from sim.feasibility import Findings
from sim.measures import Count, Cut, Packed
from sim.results import Row
from sim.results.making import difference_rows
from sim.scenario.demand import MissingChild
from sim.statistics import paired_ratio_difference
from sim.streams import Streams
from sim.study import (
    Progress,
    Settings,
    check,
    one_world,
    run,
    sharing,
    sweep_share_held,
)
from sim.study.running import headline_counts
from sim.study.worlds import read_by_draws
from sim.tables import DAY, HOUR
from tests.loaded import as_loaded
from tests.worlds import REMOVED, constant, desk, small_scenario

BRIEF = Settings(replications=3, days=2, warm_up_days=1, workers=1)
HALF_HELD = as_loaded(small_scenario())
NONE_HELD = as_loaded(small_scenario(policy={"gate": {"share_held": 0.0}}), "none_held")


CHILDREN_ONLY = as_loaded(
    small_scenario(
        streams=dict.fromkeys(("immediate", "welfare", "plain_call", "supervisor_review"), REMOVED)
    ),
    "children_only",
)


def test_the_number_of_workers_changes_no_number() -> None:
    """Two spawned processes give what one process gives, replication by replication."""
    alone = run([HALF_HELD, NONE_HELD], BRIEF)
    shared = run([HALF_HELD, NONE_HELD], dataclasses.replace(BRIEF, workers=2))
    assert plain(alone.replications) == plain(shared.replications)
    assert alone.completed == shared.completed == 3


def test_identical_scenarios_differ_by_nothing() -> None:
    """The same luck and the same rules leave a paired difference of exactly nought."""
    twin = as_loaded(small_scenario(), "twin")
    study = run([HALF_HELD, twin], BRIEF)
    first, second = (headline_counts(own) for own in study.replications)
    difference = paired_ratio_difference(*first, *second, 0.95)
    assert (difference.value, difference.low, difference.high) == (0.0, 0.0, 0.0)


def test_a_scenario_gives_the_same_numbers_alone_and_compared() -> None:
    """Sharing draws with another scenario changes nobody's luck."""
    more = as_loaded(small_scenario(streams={"immediate": {"volume_per_year": 4_000.0}}), "more")
    compared = run([more, HALF_HELD], BRIEF)
    alone = run([HALF_HELD], BRIEF)
    assert compared.replications[1][0].total(Count.DELAY_SECONDS) == alone.replications[0][0].total(
        Count.DELAY_SECONDS
    )


def test_reports_of_the_measured_days_are_counted_and_no_others() -> None:
    """Time 0 begins the window; warm-up lies before it and follow-up after it."""
    tally = run([HALF_HELD], BRIEF).replications[0][2]
    incidents = one_world(HALF_HELD, BRIEF, 2).incidents
    at = incidents["reported_at"]
    assert at.min() < 0
    assert at.max() >= 2 * DAY
    counted = (at >= 0) & (at < 2 * DAY) & (incidents["desk_pool"] == -1)
    assert tally.total(Count.REPORTED) == counted.sum()


def test_compared_rows_hold_the_baselines_incidents() -> None:
    """Incidents are counted by the baseline's first grade, whatever another scenario draws."""
    lower = as_loaded(
        small_scenario(streams={"missing_child": {"grades": {"1": 0.0, "2": 1.0}}}), "lower"
    )
    study = run([HALF_HELD, lower], BRIEF)
    cut = Cut(stream="missing_child", grade=1)
    assert study.replications[0][0].total(Count.NEEDED, cut) > 0
    assert [[one.total(Count.NEEDED, cut) for one in own] for own in study.replications] == [
        [one.total(Count.NEEDED, cut) for one in study.replications[0]]
    ] * 2


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupted_study_keeps_whole_replications(workers: int) -> None:
    """Ctrl-C after two replications leaves these two, as a study of two would have them."""
    settings = dataclasses.replace(BRIEF, replications=12, workers=workers)
    study = run([HALF_HELD], settings, interrupting_after(2))
    assert study.interrupted
    assert (study.completed, study.planned) == (2, 12)
    two = run([HALF_HELD], dataclasses.replace(BRIEF, replications=2))
    assert plain(study.replications) == plain(two.replications)
    assert not active_children()


def test_an_interruption_before_the_first_replication_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where nothing is whole there is no study."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sharing, "replicated", interrupted)
    with pytest.raises(Interrupted) as stopped:
        run([HALF_HELD], BRIEF)
    assert (stopped.value.completed, stopped.value.planned) == (0, 3)


def test_progress_counts_up_with_the_running_estimate() -> None:
    """Each replication is told once, in order; the last estimate is the study's."""
    told: list[Progress] = []
    study = run([HALF_HELD], BRIEF, told.append)
    assert [(one.completed, one.planned) for one in told] == [(1, 3), (2, 3), (3, 3)]
    assert told[-1].headline == study.headline()
    assert told[-1].estimate.endswith("% in time")


def test_a_tighter_precision_takes_more_replications() -> None:
    """The stop comes at 30 or a whole number of batches later, with the same luck until then."""
    small = dataclasses.replace(BRIEF, days=1, warm_up_days=0, replications=30)
    loose = run([CHILDREN_ONLY], dataclasses.replace(small, precision=1.0))
    assert (loose.completed, loose.precise) == (30, True)
    width = loose.headline().half_width
    assert width is not None
    tight = run([CHILDREN_ONLY], dataclasses.replace(small, precision=0.85 * width))
    assert tight.precise
    assert tight.completed > 30
    assert tight.completed % 10 == 0
    assert plain(tight.replications[0][:30]) == plain(loose.replications[0])


def test_an_unreachable_precision_is_given_up() -> None:
    """At the most replications the study ends and says that it is not precise."""
    small = dataclasses.replace(BRIEF, days=1, warm_up_days=0, precision=1e-6)
    study = run([CHILDREN_ONLY], dataclasses.replace(small, most_replications=40))
    assert (study.completed, study.planned, study.precise) == (40, 40, False)


def test_precision_of_a_comparison_is_that_of_the_paired_difference() -> None:
    """Twins are told apart at once, however uncertain the share itself."""
    small = dataclasses.replace(BRIEF, days=1, warm_up_days=0, precision=1e-6)
    twin = dataclasses.replace(CHILDREN_ONLY, name="twin")
    study = run([CHILDREN_ONLY, twin], small)
    assert (study.completed, study.precise) == (30, True)


@pytest.mark.parametrize("starts", ["received", "graded"])
def test_the_precision_stop_judges_the_interval_that_is_shown(starts: str) -> None:
    """The range in the results is within the precision where it stops, and not one look before."""
    targets = {"grade_2": {"grade": 2, "minutes": 20.0, "starts": starts}}
    pair = [
        as_loaded(small_scenario(targets=targets, policy={"gate": {"share_held": share}}), name)
        for share, name in ((1.0, "all_held"), (0.0, "none_held"))
    ]
    small = dataclasses.replace(BRIEF, days=1, warm_up_days=0)
    clock = None if starts == "received" else "received"

    def shown(replications: int) -> Row:
        before, after = (own[:replications] for own in study.replications)
        (found,) = (
            row
            for row in difference_rows(before, after)
            if (row.measure, row.stream, row.grade, row.clock)
            == ("arrived_within_target", "missing_child", 2, clock)
            and (row.risk, row.care, row.area, row.hours) == (None,) * 4
        )
        return found

    study = run(pair, dataclasses.replace(small, replications=40))
    looks = [_half_width(shown(number)) for number in (30, 40)]
    assert looks[1] < looks[0]
    between = (looks[0] + looks[1]) / 2
    study = run(pair, dataclasses.replace(small, replications=30, precision=between))
    assert (study.completed, study.precise) == (40, True)
    assert shown(40).adjusted == (starts == "received")


def _half_width(row: Row) -> float:
    assert row.low is not None
    assert row.high is not None
    return (row.high - row.low) / 2


def test_the_sweep_meets_the_scenario_at_its_own_share() -> None:
    """At the share that the file holds the sweep gives the study's headline exactly."""
    points = sweep_share_held(HALF_HELD, BRIEF, (0.0, 0.5, 1.0))
    assert [share for share, _ in points] == [0.0, 0.5, 1.0]
    assert points[1][1] == run([HALF_HELD], BRIEF).headline()
    assert points[0][1] == run([NONE_HELD], BRIEF).headline()


def test_a_sweep_may_take_fewer_replications() -> None:
    """Its number of replications is its own."""
    told: list[Progress] = []
    sweep_share_held(HALF_HELD, BRIEF, (0.0, 1.0), replications=2, progress=told.append)
    assert told[-1].planned == 2


def test_an_interrupted_sweep_gives_no_points() -> None:
    """Points of fewer replications than asked for would be taken for those asked for."""
    with pytest.raises(Interrupted) as stopped:
        sweep_share_held(HALF_HELD, BRIEF, (0.0, 1.0), progress=interrupting_after(1))
    assert (stopped.value.completed, stopped.value.planned) == (1, 3)


TELEPHONE = {
    "streams": ["missing_child"],
    "share_uncertain": 0.2,
    "work": constant(20.0),
    "finds": 0.1,
}


@pytest.mark.parametrize(
    ("changes", "alike"),
    [
        ({"policy": {"gate": {"share_held": 0.1}}}, True),
        ({"policy": {"queue": {"missing_child_place": "last"}}}, True),
        ({"policy": {"ratification": {"low": []}}}, True),
        ({"policy": {"attendance": {"default": ["response", "missing_person"]}}}, True),
        ({"policy": {"borrowing": {"after_minutes": {"1": 5.0}}}}, True),
        ({"policy": {"shift_ends": {"rule": "hand_over"}}}, True),
        ({"policy": {"committed": {"writing": [1]}}}, True),
        ({"policy": {"travel": {"grades": {"1": 0.7}}}}, True),
        ({"policy": {"reviews": {"minutes": 9.0}}}, True),
        ({"pools": {"supervisors": desk("supervisor", 9, abstraction=0.3)}}, True),
        ({"targets": {"grade_1": REMOVED}, "follow_up_hours": 12.0, "title": "Other"}, True),
        ({"policy": {"diversion": {"at_most": 4}}}, False),
        ({"policy": {"gate": {"telephone": TELEPHONE}}}, False),
        ({"streams": {"welfare": {"volume_per_year": 3_100.0}}}, False),
        ({"pools": {"zeal": desk("call_taker", 1)}}, False),
    ],
)
def test_draws_are_shared_only_where_they_are_alike(changes: dict[str, Any], alike: bool) -> None:
    """What is taken not to matter for the draws leaves every drawn value as it was."""
    changed = small_scenario(**changes)
    assert (read_by_draws(changed) == read_by_draws(small_scenario())) == alike
    if alike:
        before, after = (
            draw(scenario, Streams(1, 0), -DAY, DAY) for scenario in (small_scenario(), changed)
        )
        assert [a.differences(b) for a, b in zip(before, after, strict=True)] == [[]] * len(before)


def test_scenarios_of_other_areas_are_not_compared() -> None:
    """An area that the baseline lacks is a fault of the input, named with both lists."""
    with pytest.raises(ScenarioErrors, match=r"areas.*\n.*north, south\"?\n.*allowed: north"):
        run([HALF_HELD, as_loaded(small_scenario(2), "two")], BRIEF)


def test_scenarios_of_one_name_are_not_compared() -> None:
    """Results go by name, so two of one name are refused."""
    with pytest.raises(ScenarioErrors, match="cannot be told apart"):
        run([HALF_HELD, HALF_HELD], BRIEF)


def test_the_order_of_shares_matters_to_draws() -> None:
    """Levels are drawn in the order of the file, so another order is other luck."""
    scenario = small_scenario()
    child = scenario.streams["missing_child"]
    assert isinstance(child, MissingChild)
    turned = child.model_copy(update={"risk": dict(reversed(child.risk.items()))})
    other = scenario.model_copy(update={"streams": {**scenario.streams, "missing_child": turned}})
    assert read_by_draws(other) != read_by_draws(scenario)


@pytest.mark.parametrize(
    "wrong",
    [
        {"replications": 0},
        {"days": 0},
        {"warm_up_days": -1},
        {"seed": -1},
        {"workers": -1},
        {"precision": 0.0},
        {"level": 1.0},
        {"engine": "other"},
        {"most_replications": 0},
        {"days": 100_000_000},
        {"warm_up_days": 3_654},
    ],
)
def test_settings_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    """The fault names the option."""
    (name,) = wrong
    with pytest.raises(InputError, match=f"--{name.replace('_', '-')}"):
        Settings(**wrong)


def test_processes_are_never_more_than_replications() -> None:
    """A process without work is not started."""
    assert Settings(workers=8).processes(3) == 3
    assert Settings(workers=None).processes(1) == 1


def test_what_cannot_work_is_said_with_the_scenarios_name() -> None:
    """A warning that one scenario alone has begins with its name; one of all does not."""
    busy = as_loaded(small_scenario(pools={"call_takers": desk("call_taker", 1)}), "busy")
    flooded = {"plain_call": {"volume_per_year": 300_000.0}}
    one, other = (
        as_loaded(small_scenario(streams=flooded, pools={"call_takers": pool}), name)
        for name, pool in (("one", desk("call_taker", 1)), ("other", desk("call_taker", 1)))
    )
    assert check([HALF_HELD, busy], BRIEF) == Findings()
    (shared,) = check([one, other], BRIEF).overloads
    assert shared.startswith("call_takers: ")
    (alone,) = check([HALF_HELD, one], BRIEF).overloads
    assert alone == f"one: {shared}"


def test_follow_up_is_the_baselines_for_all() -> None:
    """Delays are cut at one time in all scenarios, else a longer follow-up would look worse."""
    longer = as_loaded(small_scenario(follow_up_hours=96.0), "longer")
    study = run([HALF_HELD, longer], BRIEF)
    hours = study.replications[0][0].unallocated.size
    assert hours == (3 * DAY + 48 * HOUR) // HOUR
    assert study.replications[1][0].unallocated.size == hours


def plain(value: object) -> object:
    """Return tallies as nested plain values, to be compared."""
    if isinstance(value, np.ndarray):
        return value.shape, value.tolist()
    if isinstance(value, tuple | list | Packed):
        return [plain(part) for part in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [plain(getattr(value, field.name)) for field in dataclasses.fields(value)]
    return value


def interrupting_after(replications: int) -> Callable[[Progress], None]:
    """Return a progress callback that is Ctrl-C after so many replications."""

    def told(progress: Progress) -> None:
        if progress.completed == replications:
            raise KeyboardInterrupt

    return told
