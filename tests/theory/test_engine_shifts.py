"""The compiled engine as M(t)/M/c(t) through shift changes: the Kolmogorov equations.

Jobs of an hour make a large part of a shift, so that who finishes what after whose shift counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from tests.theory.agreement import Estimate, estimate
from tests.theory.kolmogorov import Cohort, Rate, Solution, repeat_daily, solve
from tests.theory.queues import (
    WAIT,
    WORK,
    Jobs,
    Place,
    busy_by_cohort,
    expected_present,
    number_at,
    play,
    poisson_with_rates,
    rota_of,
    rows_of,
    whole,
)

FloatArray = npt.NDArray[np.float64]

PLANTED = 1.03
MEAN = 60.0
"""Minutes of a service."""
DAYS = 2
UNTIL = DAYS * 1440.0
FOLLOWED = UNTIL + 1440.0
"""Jobs reported in the days before `UNTIL` have all begun long before this minute."""
RATES = (Rate(0, 2.6 / 60), Rate(480, 4.6 / 60), Rate(960, 6.0 / 60), Rate(1320, 3.4 / 60))
RELIEVED = (Cohort(420, 900, 5), Cohort(900, 1320, 7), Cohort(1320, 1860, 4))
OVERLAPPING = (Cohort(420, 960, 5), Cohort(840, 1380, 5), Cohort(1080, 1560, 2),
               Cohort(1320, 1860, 3))  # fmt: skip
LEAST_EVENTS = 60
"""Cells of fewer expected counts are left out: Student's t would not do for them."""


@dataclass(frozen=True)
class Compared:
    """A figure: the engine's, that of the equations, and what a planted error would add."""

    name: str
    found: Estimate
    theory: float
    shift: float


def _solved(shifts: Sequence[Cohort], slower: float = 1.0) -> Solution:
    cohorts, rates = repeat_daily(shifts, RATES, DAYS + 1)
    solution = solve(cohorts, rates, slower * MEAN, FOLLOWED, longest_queue=100, step=30.0)
    assert solution.missing_mass < 1e-6
    return solution


def _minutes(shifts: Sequence[Cohort]) -> list[float]:
    """On the second day: just after each change of shift, an hour after it, and the hour of six."""
    changes = {edge % 1440 for shift in shifts for edge in (shift.start, shift.end)}
    times = changes | {(change + 60) % 1440 for change in changes} | {360}
    return sorted(1440.0 + time for time in times)


def _compare(
    shifts: Sequence[Cohort], place: Place, replications: int, seed: int, slower: float = 1.0
) -> list[Compared]:
    """Play the days again and again, and set every figure beside that of the equations."""
    generator = np.random.default_rng(seed)
    cohorts, rates = repeat_daily(shifts, RATES, DAYS + 1)
    rota = rota_of(cohorts)
    minutes = _minutes(shifts)
    seconds = whole(np.array(minutes) * 60)
    end = round(FOLLOWED * 60)
    queue, busy, waited, counts, controls = [], [], [], [], []
    for _ in range(replications):
        reported_at = poisson_with_rates(generator, rates, FOLLOWED)
        work = generator.exponential(MEAN * 60, reported_at.size)
        jobs = Jobs(whole(reported_at), whole(slower * work), np.zeros(work.size, dtype=np.int64))
        played = play(place, jobs, rota, end)
        waits = rows_of(played.activities, WAIT[place])
        queue.append(number_at(seconds, waits["start"], waits["end"]))
        busy.append(busy_by_cohort(played.activities, WORK[place], rota, seconds))
        measured = jobs.reported_at < UNTIL * 60
        waited.append((played.begun_at - jobs.reported_at)[measured].sum() / 60)
        counts.append(measured.sum())
        present = number_at(seconds, whole(reported_at), whole(reported_at + work))
        expected = [expected_present(rates, MEAN, minute) for minute in minutes]
        controls.append([*(present - np.array(expected)), work.mean() / 60 - MEAN])
    right, wrong = _solved(shifts), _solved(shifts, PLANTED)
    ones = np.ones(replications)

    def at_times(name: str, values: list[npt.NDArray[np.int64]], place_of: FloatArray,
                 shifted: FloatArray) -> list[Compared]:  # fmt: skip
        table = np.array(values, dtype=np.float64).reshape(replications, -1)
        return [
            Compared(f"{name} {cell}", estimate(column, ones, controls), a, b - a)
            for cell, (column, a, b) in enumerate(
                zip(table.T, place_of.ravel().tolist(), shifted.ravel().tolist(), strict=True)
            )
            if replications * a >= LEAST_EVENTS
        ]

    def queues(solution: Solution) -> FloatArray:
        return np.array([solution.queue_mean_at(minute) for minute in minutes])

    def people(solution: Solution) -> FloatArray:
        return np.array([solution.busy_mean_at(minute) for minute in minutes]).T

    wait = right.wait_mean_between(0, UNTIL)
    shift = wrong.wait_mean_between(0, UNTIL) - wait
    return [
        Compared("wait", estimate(waited, counts, controls), wait, shift),
        *at_times("queue", queue, queues(right), queues(wrong)),
        *at_times("busy", busy, people(right), people(wrong)),
    ]


def _disagree(compared: list[Compared]) -> list[Compared]:
    return [one for one in compared if not one.found.agrees(one.theory, len(compared))]


@pytest.mark.parametrize("place", [Place.DESK, Place.UNITS])
@pytest.mark.parametrize("shifts", [RELIEVED, OVERLAPPING], ids=["relieved", "overlapping"])
def test_queue_and_cohorts_follow_the_equations(shifts: Sequence[Cohort], place: Place) -> None:
    """The queue, those at work in each cohort (after its end, too) and the waits are theory's."""
    compared = _compare(shifts, place, 120, seed=1931)
    names = {one.name.split()[0] for one in compared}
    assert names == {"wait", "queue", "busy"}
    assert _disagree(compared) == []


@pytest.mark.slow
@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("shifts", [RELIEVED, OVERLAPPING], ids=["relieved", "overlapping"])
def test_queue_and_cohorts_follow_the_equations_closely(
    shifts: Sequence[Cohort], place: Place
) -> None:
    """The same over many more days, which would catch a planted 3 % in service times."""
    compared = _compare(shifts, place, 2000, seed=1953)
    assert any(one.found.would_catch(one.shift, len(compared)) for one in compared)
    assert _disagree(compared) == []


@pytest.mark.slow
def test_planted_error_is_caught_through_shifts() -> None:
    """Were every service 3 % too long, figures would lie outside their intervals."""
    assert _disagree(_compare(RELIEVED, Place.UNITS, 2000, seed=1953, slower=PLANTED))
