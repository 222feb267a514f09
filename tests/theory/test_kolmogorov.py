"""The Kolmogorov solution, held against Erlang's formulas and exact transients."""

import numpy as np
import pytest

from tests.theory.formulas import erlang_c, mmc_mean_wait
from tests.theory.kolmogorov import Cohort, Rate, Solution, repeat_daily, solve


@pytest.fixture(scope="module")
def emptied_day() -> Solution:
    """A day with overlapping shifts that ends with an empty system."""
    cohorts = [Cohort(0, 480, 3), Cohort(480, 960, 6), Cohort(900, 1440, 5), Cohort(1440, 3000, 5)]
    rates = [Rate(0, 0.15), Rate(540, 0.4), Rate(1260, 0.25), Rate(1440, 0.0)]
    return solve(cohorts, rates, 12.0, 3000, longest_queue=120, step=2.0)


def test_unchanging_staff_settle_to_erlang_c() -> None:
    """Where nothing changes in time, wait, queue and busy people settle to M/M/c."""
    # Load 0.25 * 12 = 3 erlangs on 4 people. It settles at a rate of
    # (sqrt(4 / 12) - sqrt(0.25))^2 = 0.006 a minute: to exp(-18) in 3000 minutes.
    solution = solve([Cohort(0, 4500, 4)], [Rate(0, 0.25)], 12.0, 4500, longest_queue=150, step=20)
    wait = mmc_mean_wait(4, 0.25, 1 / 12)
    assert solution.wait_probability_at(3000) == pytest.approx(erlang_c(4, 3.0), rel=1e-6)
    assert solution.wait_mean_at(3000) == pytest.approx(wait, rel=1e-6)
    assert solution.queue_mean_at(3000) == pytest.approx(0.25 * wait, rel=1e-6)
    assert solution.busy_mean_at(3000)[0] == pytest.approx(3.0, rel=1e-6)


def test_those_who_leave_finish_their_jobs() -> None:
    """At a shift's end its busy people work on to the end of their jobs, beside the next shift."""
    # So many people that nobody waits: each cohort is M/M/inf with a = 0.2 * 10 = 2.
    # Busy after t minutes on duty: 2 (1 - exp(-t/10)); s minutes after leaving: exp(-s/10) of it.
    cohorts = [Cohort(0, 30, 25), Cohort(30, 100, 25)]
    solution = solve(cohorts, [Rate(0, 0.2)], 10.0, 100, longest_queue=5)
    at_the_end = 2 * (1 - np.exp(-3.0))
    expected = [at_the_end * np.exp(-1.5), 2 * (1 - np.exp(-1.5))]
    assert solution.busy_mean_at(45) == pytest.approx(expected, rel=1e-9)
    # Overtime until minute 100: 10 minutes for each job in hand, less what is left by then.
    assert solution.overtime_mean(0) == pytest.approx(
        10 * at_the_end * (1 - np.exp(-7.0)), rel=1e-6
    )


def test_next_shift_takes_waiting_work_at_once() -> None:
    """Work that came while nobody was on duty is taken by those who begin, as far as they go."""
    # Poisson of mean 2 arrive in [0, 10); one person begins at 10. Expected busy is
    # P(any) = 1 - e^-2, and expected queue 2 less that.
    solution = solve([Cohort(10, 20, 1)], [Rate(0, 0.2), Rate(10, 0.0)], 5.0, 20, longest_queue=60)
    assert solution.queue_mean_at(9.999999) == pytest.approx(2.0, rel=1e-6)
    assert solution.busy_mean_at(10)[0] == pytest.approx(1 - np.exp(-2.0), rel=1e-9)
    assert solution.queue_mean_at(10) == pytest.approx(1 + np.exp(-2.0), rel=1e-9)


def test_wait_for_a_shift_to_begin() -> None:
    """Someone first in the queue with nobody on duty waits until the shift begins."""
    # The first of few: with an arrival rate so low, whoever comes at minute 4 waits 6 minutes.
    solution = solve([Cohort(10, 500, 1)], [Rate(0, 1e-9)], 5.0, 500, longest_queue=3)
    assert solution.wait_probability_at(4) == pytest.approx(1.0, rel=1e-6)
    assert solution.wait_mean_at(4) == pytest.approx(6.0, rel=1e-6)


def test_most_shift_left_takes_work_first() -> None:
    """Of two cohorts on duty the later-ending takes work; the other gets what overflows."""
    # The later-ending has one person, who is then M/M/1/1: busy
    # 0.2 / 0.3 * (1 - exp(-0.3 t)) with lambda 0.2 and mu 0.1. All work together is M/M/inf.
    cohorts = [Cohort(0, 50, 25), Cohort(0, 60, 1)]
    solution = solve(cohorts, [Rate(0, 0.2)], 10.0, 40, longest_queue=5)
    later = 0.2 / 0.3 * (1 - np.exp(-0.3 * 20))
    together = 2 * (1 - np.exp(-0.1 * 20))
    assert solution.busy_mean_at(20) == pytest.approx([together - later, later], rel=1e-8)


def test_all_that_arrives_is_served(emptied_day: Solution) -> None:
    """People's busy time, overtime included, is the arrivals times the mean service."""
    # Arrivals: 540 * 0.15 + 720 * 0.4 + 180 * 0.25 = 81 + 288 + 45 = 414.
    assert emptied_day.arrivals_between(0, 3000) == pytest.approx(414.0, rel=1e-12)
    busy_minutes = sum(
        float(np.trapezoid(segment.busy_mean.sum(axis=0), segment.times))
        for segment in emptied_day.segments
    )
    assert busy_minutes == pytest.approx(414.0 * 12.0, rel=1e-4)


def test_queue_and_waits_obey_little_through_shift_changes(emptied_day: Solution) -> None:
    """The area under the queue is the sum of all waits, though each is solved for by itself."""
    area = 3000 * emptied_day.queue_mean_between(0, 3000)
    waited = 414.0 * emptied_day.wait_mean_between(0, 3000)
    assert waited == pytest.approx(area, rel=1e-5)


def test_truncation_is_reported_and_bounds_the_error() -> None:
    """The mass that the truncation lost is told, falls as it is widened, and bounds the error."""
    cohorts, rates = repeat_daily([Cohort(0, 1440, 2)], [Rate(0, 0.18)], 1)
    narrow = solve(cohorts, rates, 10.0, 1440, longest_queue=10, step=10)
    wide = solve(cohorts, rates, 10.0, 1440, longest_queue=250, step=10)
    assert narrow.missing_mass > 0.01
    assert wide.missing_mass < 1e-9
    error = abs(narrow.wait_probability_at(1000) - wide.wait_probability_at(1000))
    assert 0 < error <= narrow.missing_mass


def test_days_repeat_with_last_nights_shift_on_duty() -> None:
    """A shift over midnight is on duty at time 0, and every day brings the same again."""
    cohorts, rates = repeat_daily(
        [Cohort(360, 1320, 4), Cohort(1320, 1800, 2)], [Rate(0, 0.1), Rate(720, 0.2)], 2
    )
    assert [(c.start, c.end) for c in cohorts] == [
        (-120, 360), (360, 1320), (1320, 1800), (1800, 2760), (2760, 3240),
    ]  # fmt: skip
    assert [r.start for r in rates] == [0, 720, 1440, 2160]


def test_rates_that_do_not_cover_the_start_are_refused() -> None:
    """Rates must begin by minute 0 and cohorts must end after they begin."""
    with pytest.raises(ValueError, match="begin by minute 0"):
        solve([Cohort(0, 10, 1)], [Rate(5, 0.1)], 10.0, 10)
    with pytest.raises(ValueError, match="end after it begins"):
        solve([Cohort(10, 10, 1)], [Rate(0, 0.1)], 10.0, 10)
