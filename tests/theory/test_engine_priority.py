"""The compiled engine as M/M/c with priorities, those that wait and those that interrupt."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tests.engines.hand import GRADES
from tests.theory.agreement import Estimate
from tests.theory.formulas import nonpreemptive_mean_waits, preemptive_mean_sojourns
from tests.theory.queues import SERVICE_MEAN, Place
from tests.theory.steady import Sample, SteadyQueue, replicate

PLANTED = 1.03
SHARES = (0.35, 0.4, 0.25)
"""Enough in the most urgent class for it to wait now and then, or its mean would be all chance."""
LIGHT = SteadyQueue(2, 0.7, SHARES)
ONE = SteadyQueue(1, 0.65, SHARES)
MANY = SteadyQueue(4, 0.8, SHARES)
LOWER = tuple(tuple(left > new for left in range(GRADES)) for new in range(GRADES))
INTERRUPTS: dict[str, Any] = {
    "divert_travelling": LOWER,
    "divert_at_scene": LOWER,
    "most_diversions": 1_000_000_000,
}
"""Any more urgent job takes the units of a less urgent one, as often as it comes to that."""

FloatArray = npt.NDArray[np.float64]


def _waits(queue: SteadyQueue, slower: float = 1.0) -> FloatArray:
    return nonpreemptive_mean_waits(queue.servers, queue.by_class, 1 / (slower * SERVICE_MEAN))


def _sojourns(queue: SteadyQueue, slower: float = 1.0) -> FloatArray:
    return preemptive_mean_sojourns(queue.servers, queue.by_class, 1 / (slower * SERVICE_MEAN))


def _mean_waits(sample: Sample) -> list[Estimate]:
    return [sample.mean_wait(level) for level in range(len(SHARES))]


def _mean_sojourns(sample: Sample) -> list[Estimate]:
    return [sample.mean_sojourn(level) for level in range(len(SHARES))]


def _agree(found: list[Estimate], theory: FloatArray) -> list[bool]:
    return [one.agrees(t, len(found)) for one, t in zip(found, theory.tolist(), strict=True)]


def _would_catch(found: list[Estimate], shift: FloatArray) -> list[bool]:
    return [one.would_catch(s, len(found)) for one, s in zip(found, shift.tolist(), strict=True)]


@pytest.mark.parametrize("place", Place)
def test_urgent_work_goes_first_without_interrupting(place: Place) -> None:
    """Mean waits by grade, by urgency and by origin are those of priorities that only queue."""
    sample = replicate(LIGHT, place, 100, 300, seed=1954)
    assert all(_agree(_mean_waits(sample), _waits(LIGHT)))


def test_units_taken_from_lower_grades_make_preemptive_resume() -> None:
    """With unlimited diversion, sojourns are those of priorities that interrupt and resume."""
    sample = replicate(LIGHT, Place.UNITS, 60, 300, seed=1968, **INTERRUPTS)
    found = _mean_sojourns(sample)
    assert all(_agree(found, _sojourns(LIGHT)))
    # Were nobody interrupted, the most urgent would stay for their wait and an hour's service.
    without = float(_waits(LIGHT)[0]) + SERVICE_MEAN
    assert found[0].would_catch(without - float(_sojourns(LIGHT)[0]), 3)


@pytest.mark.parametrize("place", [Place.DESK, Place.UNITS])
def test_planted_error_is_caught(place: Place) -> None:
    """Were every service 3 % too long, some priority's wait would all but certainly tell."""
    sample = replicate(LIGHT, place, 100, 300, seed=1954, slower=PLANTED)
    found = _mean_waits(sample)
    assert any(_would_catch(found, _waits(LIGHT, PLANTED) - _waits(LIGHT)))
    assert not all(_agree(found, _waits(LIGHT)))


def test_planted_error_is_caught_through_interruptions() -> None:
    """The same where urgent work interrupts."""
    sample = replicate(LIGHT, Place.UNITS, 60, 300, seed=1968, slower=PLANTED, **INTERRUPTS)
    found = _mean_sojourns(sample)
    assert any(_would_catch(found, _sojourns(LIGHT, PLANTED) - _sojourns(LIGHT)))
    assert not all(_agree(found, _sojourns(LIGHT)))


@pytest.mark.slow
@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("queue", [ONE, MANY], ids=["one", "many"])
def test_urgent_work_goes_first_closely(queue: SteadyQueue, place: Place) -> None:
    """The same over long runs, which would catch a planted 3 % in the wait of every priority."""
    sample = replicate(queue, place, 100, 2500, seed=1955)
    found = _mean_waits(sample)
    assert all(_would_catch(found, _waits(queue, PLANTED) - _waits(queue)))
    assert all(_agree(found, _waits(queue)))


@pytest.mark.slow
@pytest.mark.parametrize("queue", [ONE, MANY], ids=["one", "many"])
def test_preemptive_resume_closely(queue: SteadyQueue) -> None:
    """The same over long runs, which would catch a planted 3 % in every priority's sojourn."""
    sample = replicate(queue, Place.UNITS, 100, 2500, seed=1983, **INTERRUPTS)
    found = _mean_sojourns(sample)
    assert all(_would_catch(found, _sojourns(queue, PLANTED) - _sojourns(queue)))
    assert all(_agree(found, _sojourns(queue)))
