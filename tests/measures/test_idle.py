"""Idle units while a graded job waits."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from sim.engines.reference import run
from sim.fates.incidents import draw
from sim.measures import Count, Cut, Target, measure
from sim.policy import compiled
from sim.rota import paraded
from sim.streams import Streams
from sim.tables import NONE, Activity, End, Policy
from tests.engines.hand import unit, unit_pool
from tests.measures.tables import DAY, activity, arrived, definition, tally, world
from tests.worlds import small_scenario

JOB = [activity(Activity.HELD, 0, 1000, 1), activity(Activity.TRAVEL, 1000, 1200, 1)]
END = arrived(1200, ready_at=1000, claimed_at=1000)


def idle(
    rows: Sequence[tuple[int, ...]] = (),
    units: Sequence[Mapping[str, int]] = (unit(0, 0, DAY, 900),),
    report: Mapping[str, int] = {},
    rules: Policy | None = None,
    end: Mapping[str, int] = END,
    job: Sequence[tuple[int, ...]] = JOB,
) -> int:
    """Idle seconds of the first incident."""
    return tally([report], [end], [*job, *rows], units, rules).total(Count.IDLE_SECONDS)


def test_a_unit_with_nothing_to_do_is_idle() -> None:
    """The only unit is idle for all of 1000 s."""
    assert idle() == 1000


def test_any_activity_of_a_unit_ends_its_idleness() -> None:
    """Scene to 300, writing to 400, a break from 700: idle from 400 to 700."""
    rows = [
        activity(Activity.SCENE, -50, 300, 2, 900, 0),
        activity(Activity.WRITING, 300, 400, 2, 900, 0),
        activity(Activity.BREAK, 700, 5000, NONE, 900, 0),
    ]
    assert idle(rows) == 300


def test_seconds_are_counted_once_however_many_are_idle() -> None:
    """Of two units one is idle to 600 and the other from 500: 1000 s, not 1100."""
    rows = [
        activity(Activity.SCENE, 600, 2000, 2, 900, 0),
        activity(Activity.SCENE, 0, 500, 3, 901, 0),
    ]
    assert idle(rows, [unit(0, 0, DAY, 900), unit(0, 0, DAY, 901)]) == 1000


def test_only_units_on_duty_count() -> None:
    """On duty from 100 to 300 and from 900 on."""
    assert idle(units=[unit(0, 100, 300, 900), unit(0, 900, DAY, 901)]) == 300


@pytest.mark.parametrize(("grade", "seconds"), [(1, 600), (2, 401), (3, 0)])
def test_a_unit_near_the_end_of_its_shift_takes_no_new_work(grade: int, seconds: int) -> None:
    """Off at 600: margins of 0, 200 and 900 s; just 200 s left is still enough."""
    rules = world(pools=[unit_pool(margin_seconds=(0, 200, 900, 0, 0))])
    assert idle(units=[unit(0, 0, 600, 900)], report={"grade": grade}, rules=rules) == seconds


@pytest.mark.parametrize(("grade", "seconds"), [(1, 1000), (2, 400)])
def test_units_kept_for_grade_one_are_idle_for_grade_one_only(grade: int, seconds: int) -> None:
    """Reserve one: grade 2 needs two idle units, which there are from 600 on."""
    rules = world(pools=[unit_pool(reserve=1)])
    rows = [activity(Activity.SCENE, 0, 600, 2, 900, 0)]
    units = [unit(0, 0, DAY, 900), unit(0, 0, DAY, 901)]
    assert idle(rows, units, {"grade": grade}, rules) == seconds


def test_the_reserve_is_at_most_one_fewer_than_are_on_duty() -> None:
    """A lone unit may go although three are to be kept."""
    assert idle(rules=world(pools=[unit_pool(reserve=3)])) == 1000


def test_a_job_for_two_officers_needs_two_single_crews() -> None:
    """Two single crews are idle together from 600 on; a double crew would do alone."""
    rows = [activity(Activity.SCENE, 0, 600, 2, 900, 0)]
    units = [unit(0, 0, DAY, 900), unit(0, 0, DAY, 901)]
    assert idle(rows, units, {"officers": 2}) == 400
    assert idle(units=[unit(0, 0, DAY, 900, officers=2)], report={"officers": 2}) == 1000


def test_units_of_another_area_do_not_count() -> None:
    """The other area's unit is idle all the time, one's own from 800 on."""
    rules = world(pools=[unit_pool(), unit_pool("away", 1)], areas=("town", "away"))
    rows = [activity(Activity.SCENE, 0, 800, 2, 900, 0)]
    units = [unit(0, 0, DAY, 900), unit(1, 0, DAY, 901)]
    assert idle(rows, units, rules=rules) == 200


def test_pools_are_taken_one_by_one() -> None:
    """Either of two pools will do: one idle to 300, the other from 900."""
    rules = world(pools=[unit_pool(), unit_pool("team")])
    rows = [
        activity(Activity.SCENE, 300, 5000, 2, 900, 0),
        activity(Activity.SCENE, 0, 900, 3, 901, 1),
    ]
    units = [unit(0, 0, DAY, 900), unit(1, 0, DAY, 901)]
    assert idle(rows, units, rules=rules) == 400


def test_a_return_ends_the_count() -> None:
    """Back at 250."""
    end = {**END, "end": End.RETURNED_FIRST}
    assert idle(report={"return_at": 250}, end=end) == 250


@pytest.mark.parametrize(("seconds", "incidents"), [(59, 0), (60, 1)])
def test_an_incident_counts_from_a_minute_on(seconds: int, incidents: int) -> None:
    """A minute in all."""
    rows = [activity(Activity.HELD, 0, seconds, 1), activity(Activity.TRAVEL, seconds, 1200, 1)]
    end = arrived(1200, ready_at=seconds, claimed_at=seconds)
    assert tally([{}], [end], rows).total(Count.IDLE_INCIDENTS) == incidents


def small(**gate: Any) -> Any:
    """The tallies of a busy small world by the engine."""
    scenario = small_scenario(
        streams={"welfare": {"volume_per_year": 14_000.0}},
        pools={
            "response_north": {"reserve": 1, "last_call_margin_minutes": {"2": 20.0, "3": 40.0}}
        },
        policy={
            "gate": gate,
            "queue": {"missing_child_place": "last", "share_with_next_grade": 0.5},
        },
    )
    streams = Streams(11, 0)
    start, end = -DAY, 5 * DAY
    draws = draw(scenario, streams, start, end)
    rules = compiled(scenario, start, end)
    duty = paraded(scenario, streams, start, end)
    result, done, _ = run(draws, duty, rules)
    return measure(
        incidents=draws.incidents,
        attempts=draws.attempts,
        rota=duty,
        policy=rules,
        outcomes=result,
        activities=done,
        definition=definition(until=4 * DAY, targets=(Target(2, (1200,)),)),
        engine=run,
    )


def test_low_rank_leaves_no_unit_idle_and_a_gate_does() -> None:
    """What is last in the queue waits long, and never while a unit that might go is idle."""
    ranked = small(share_held=0.0)
    child = Cut(stream="missing_child")
    assert ranked.total(Count.QUEUE_SECONDS, child) > 3600
    assert ranked.total(Count.IDLE_SECONDS) == 0
    gated = small(share_held=1.0)
    assert gated.total(Count.IDLE_INCIDENTS, child) > 10
    assert gated.total(Count.IDLE_SECONDS) == gated.total(Count.IDLE_SECONDS, child)
