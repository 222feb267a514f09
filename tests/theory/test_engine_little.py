"""Little's law on the engine's own tables: an identity of each path, not a law of averages."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from sim.engines.reference import run
from sim.tables import (
    NEVER,
    NONE,
    Activity,
    Draws,
    Gate,
    Policy,
    ShiftEnd,
    Table,
    Why,
)
from tests.engines.hand import GRADES, desk_pool, policy, unit_pool
from tests.theory.kolmogorov import Cohort, repeat_daily
from tests.theory.queues import (
    WAIT,
    WORK,
    Jobs,
    Place,
    attempts_of,
    exponential,
    gamma,
    incidents_of,
    number_at,
    play,
    poisson,
    rota_of,
    rows_of,
    steady_rota,
    whole,
)

Seconds = npt.NDArray[np.int64]

END = 4 * 86_400 + 1234
"""No shift and no round hour ends then, so that a good deal is still going on."""
LOWER = tuple(tuple(left > new for left in range(GRADES)) for new in range(GRADES))
ON_THE_JOB = (
    Activity.WAIT_UNIT,
    Activity.EARMARKED,
    Activity.TRAVEL,
    Activity.SCENE,
)
"""From ready to finished a job that one unit attends is always in exactly one of these."""


def _area_under(starts: Seconds, ends: Seconds) -> int:
    """Integral over time of how many intervals hold it, from the count at every change."""
    moments = np.unique(np.concatenate([starts, ends]))
    counts = number_at(moments, starts, ends)
    return int(np.sum(counts[:-1] * np.diff(moments)))


def _until(times: Seconds) -> Seconds:
    return np.where(times == NEVER, END, times)


@pytest.mark.parametrize("place", Place)
def test_area_under_the_queue_is_all_the_waiting(place: Place) -> None:
    """Queue length and busy people over time add up to the jobs' waits and work, to the second."""
    generator = np.random.default_rng(1961)
    # 3.3 erlangs on 3 people: more comes than can be done, so that much is unfinished.
    reported_at = whole(poisson(generator, 3.3 / 3600, 400))
    reported_at = reported_at[reported_at < END]
    count = reported_at.size
    jobs = Jobs(
        reported_at, whole(exponential()(generator, count)), generator.integers(0, 3, count)
    )
    played = play(place, jobs, steady_rota(3, END), END)
    waits = rows_of(played.activities, WAIT[place])
    work = rows_of(played.activities, WORK[place])
    assert {Why.DONE, Why.STILL_GOING} == set(waits["why"].tolist()) == set(work["why"].tolist())

    waited = int((_until(played.begun_at) - jobs.reported_at).sum())
    assert _area_under(waits["start"], waits["end"]) == waited
    begun = played.begun_at != NEVER
    worked = int((_until(played.finished_at) - played.begun_at)[begun].sum())
    assert _area_under(work["start"], work["end"]) == worked
    # What was finished took what was drawn.
    done = played.finished_at != NEVER
    assert (played.finished_at - played.begun_at == jobs.work)[done].all()


def _busy_world() -> tuple[Draws, Table, Policy]:
    """Gate, dispatchers, shifts that hand over, diversion and travel, in two areas."""
    generator = np.random.default_rng(1974)
    reported_at = whole(poisson(generator, 7 / 3600, 2000))
    reported_at = reported_at[reported_at < END]
    count = reported_at.size

    def seconds(mean: float) -> Seconds:
        return whole(gamma(0.7, mean)(generator, count))

    table = incidents_of(
        reported_at,
        grade=generator.integers(1, 4, count),
        area=generator.integers(0, 2, count),
        thrive_seconds=seconds(300),
        ratification_seconds=seconds(600),
        held_parts=generator.integers(0, 1_000_000, count),
        base_travel_seconds=seconds(900),
        scene_seconds=seconds(2400),
        writing_seconds=seconds(600),
    )
    shifts = [Cohort(420, 930, 5), Cohort(900, 1380, 5), Cohort(1320, 1880, 4)]
    cohorts, _ = repeat_daily(shifts, (), 5)
    always: Sequence[Cohort] = [Cohort(0, END / 60 + 1, 1)]
    rules: dict[str, Any] = {
        "areas": ("east", "west"),
        "end": END,
        "gate": Gate.RATIFICATION,
        "held_parts": 500_000,
        "ratifiers": (((0,),) * 24,) * 4,
        "dispatchers": (1, 1),
        "divert_travelling": LOWER,
        "divert_at_scene": LOWER,
        "most_diversions": 3,
        "shift_end": ShiftEnd.HAND_OVER,
        "handover_seconds": 300,
    }
    pools = [
        desk_pool("supervisors"),
        desk_pool("dispatchers"),
        unit_pool("east", 0),
        unit_pool("west", 1),
    ]
    rota = rota_of(always, always, cohorts, cohorts)
    return Draws(table, attempts_of(table, 60)), rota.table, policy(pools, **rules)


def test_activities_fill_the_time_of_every_job() -> None:
    """From ready to finished, or to the end, a job's rows follow one another without a gap."""
    outcomes, activities, _ = run(*_busy_world())
    ready = outcomes["ready_at"] != NEVER
    starts = dict(zip(outcomes["key"][ready], outcomes["ready_at"][ready], strict=True))
    ends = dict(zip(outcomes["key"][ready], _until(outcomes["finished_at"])[ready], strict=True))
    spent = activities.take(np.isin(activities["kind"], ON_THE_JOB))
    assert set(spent["why"].tolist()) == {
        Why.DONE, Why.DIVERTED, Why.HANDED_OVER, Why.STILL_GOING,
    }  # fmt: skip
    # Rows are sorted by start, then by end: those of one job, in turn.
    at = dict(starts)
    for key, start, end in zip(spent["incident"], spent["start"], spent["end"], strict=True):
        assert at[key] == start
        at[key] = end
    assert at == ends


def test_numbers_present_over_time_are_times_spent() -> None:
    """At every stage of a world with all its rules, Little's law holds to the second."""
    world = _busy_world()
    outcomes, activities, _ = run(*world)
    held = rows_of(activities, Activity.HELD)
    graded = outcomes["graded_at"] != NEVER
    kept = (_until(outcomes["ready_at"]) - outcomes["graded_at"])[graded]
    assert _area_under(held["start"], held["end"]) == kept.sum()

    ready = outcomes["ready_at"] != NEVER
    present = activities.take(np.isin(activities["kind"], ON_THE_JOB))
    spent = (_until(outcomes["finished_at"]) - outcomes["ready_at"])[ready]
    assert _area_under(present["start"], present["end"]) == spent.sum()


def test_nobody_is_in_two_places() -> None:
    """A person's pieces of work never overlap, so that busy time is a number of busy people."""
    _, activities, _ = run(*_busy_world())
    work = activities.take(activities["unit"] != NONE).sorted_by("unit", "start", "end")
    same = work["unit"][1:] == work["unit"][:-1]
    assert (work["start"][1:] >= work["end"][:-1])[same].all()
