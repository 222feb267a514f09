"""A dispatcher's rate, and crews from jobs in hand, held against logs whose truth is known."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from sim.errors import InputError
from sim.force_log.fitting.concurrency import crews_at_least
from sim.force_log.fitting.rate import FEWEST, KNOTS, Rate, rate_of
from sim.force_log.replaying.work import Work

DAYS = 56
BASE = {2: -1.2, 3: -2.3}
BUSY = {2: -1.0, 3: -2.0}
LULL_HOUR, LULL = 15, -2.0
CREWS = 12.0
# Four estimates are held to 4.5 standard errors: a false alarm in 35,000 runs.
ERRORS = 4.5


def work_from(rows: list[tuple[int, int, int, int]], days: int = DAYS) -> Work:
    """Return work whose jobs are (grade, graded, assigned, length), in seconds."""
    grade, graded, assigned, length = zip(*rows, strict=True)
    jobs = pl.DataFrame(
        {
            "stream": ["other"] * len(rows),
            "grade": grade,
            "graded": graded,
            "assigned": assigned,
            "travel": [0] * len(rows),
            "scene": length,
            "lead_in": [False] * len(rows),
        }
    ).with_columns(area=pl.lit(None, dtype=pl.String))
    return Work(jobs, date(2025, 3, 3), days, None)


@pytest.fixture(scope="module")
def dispatched() -> Work:
    """Eight weeks let go at ends of minutes at a rate with a lull and a slope on busy crews."""
    rng = np.random.default_rng(17)
    waiting: list[tuple[int, int]] = []
    ends: list[int] = []
    rows = []
    for minute in range(1, DAYS * 1440):
        ends = [end for end in ends if end > minute]
        busy = min(len(ends) / CREWS, 1.0)
        waiting += [(2, minute)] * rng.poisson(0.05) + [(3, minute)] * rng.poisson(0.06)
        lull = LULL * max(0.0, 1 - abs(minute % 1440 / 60 - LULL_HOUR))
        kept = []
        for grade, graded in waiting:
            hazard = np.exp(BASE[grade] + BUSY[grade] * busy + lull)
            if rng.random() < -np.expm1(-hazard):
                length = int(rng.exponential(50)) + 1
                rows.append((grade, graded * 60, (minute + 1) * 60, length * 60))
                ends.append(minute + 1 + length)
            else:
                kept.append((grade, graded))
        waiting = kept
    return work_from(rows)


@pytest.fixture(scope="module")
def rate(dispatched: Work) -> Rate:
    """The rate fitted to them."""
    return rate_of(dispatched, {"": np.full(24, CREWS)})


def test_what_busy_crews_and_jobs_ahead_do_is_recovered(rate: Rate) -> None:
    """The slopes on busy crews are the true ones, and jobs ahead do nothing, as was simulated."""
    truth = np.array([BUSY[2], BUSY[3]])
    assert np.all(np.abs(rate.busy - truth) < ERRORS * rate.busy_error)
    assert np.all(np.abs(rate.ahead) < ERRORS * rate.ahead_error)
    # Errors so wide that anything lies within them would hold nothing.
    assert rate.busy_error.max() < 0.25


def test_the_lull_lies_at_its_hour(rate: Rate) -> None:
    """The clock is lowest within half an hour of the lull's middle, and has its shape.

    A clock without a lull would be off by 0.33, root mean square.
    """
    hours = np.arange(KNOTS) / 4
    truth = LULL * np.maximum(0.0, 1 - np.abs(hours - LULL_HOUR))
    assert abs(hours[rate.clock.argmin()] - LULL_HOUR) <= 0.5
    apart = (rate.clock - rate.clock.mean()) - (truth - truth.mean())
    assert np.sqrt((apart**2).mean()) < 0.2


def test_the_rate_is_that_of_the_grade_and_of_busy_crews(rate: Rate) -> None:
    """With half of the crews busy, off the lull, the rate is the true one within a fifth."""
    for grade in (2, 3):
        n = np.array([0])
        found = rate.a_minute(np.array([grade]), n * 1.0, n + 180.0, n + 0.5, n, n)
        assert found[0] == pytest.approx(np.exp(BASE[grade] + BUSY[grade] / 2), rel=0.2)


def test_a_log_with_few_allocations_tells_no_rate() -> None:
    """Fewer than two hundred allocations are refused, with how many there are."""
    few = work_from([(2, 600 * i, 600 * i + 60, 600) for i in range(FEWEST - 1)], days=2)
    with pytest.raises(InputError, match=f"{FEWEST - 1} jobs have a time of allocation"):
        rate_of(few, {"": np.full(24, 5.0)})


def test_a_rate_that_has_not_settled_is_refused(
    dispatched: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search that ends before it has settled gives no rate."""
    monkeypatch.setattr("sim.force_log.fitting.rate._ROUNDS", 2)
    with pytest.raises(InputError, match="no most likely rate after 2 rounds"):
        rate_of(dispatched, {"": np.full(24, CREWS)})


def test_crews_are_the_jobs_in_hand_and_one() -> None:
    """Three jobs in hand all night and one by day ask for four crews and for two."""
    rows = []
    for day in range(7):
        night, early = day * 86400, day * 86400 + 7 * 3600
        rows += [(2, night, night, 7 * 3600)] * 3
        rows += [(2, early, early, 8 * 3600)]
    crews = crews_at_least(work_from(rows, days=7))[""]
    assert crews[[0, 6]].tolist() == [4.0, 4.0]
    assert crews[[7, 14]].tolist() == [2.0, 2.0]
    assert crews[[15, 22]].tolist() == [1.0, 1.0]
