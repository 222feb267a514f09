"""How few and how many crews there can have been: from the log, from the rota, or assumed.

Every number has both ends. The log tells them where jobs stood still while so many were in hand
(`saturation`); where they never did, there can have been many more crews, and it is assumed how
many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.errors import InputError
from sim.force_log.fitting.bounds import Free
from sim.force_log.fitting.candidate import Candidate, World
from sim.force_log.fitting.concurrency import in_hand
from sim.force_log.fitting.enquiries import on_duty
from sim.force_log.fitting.job_minutes import minutes_of
from sim.force_log.fitting.rate import FEWEST
from sim.force_log.fitting.saturation import CrewsTold, crews_told
from sim.force_log.replaying.work import Work

Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]

BUSY: Final = (0.25, 0.2, 1 / 3)
"""The share of their time that crews have a job of the log in hand, at the least: assumed, with
its range. What reviews of US patrols advise is up to 0.6."""

_HOURS: Final = 24
_MINUTE: Final = 60
_BEYOND: Final = 1.2


def crews_by_hour(world: World, candidate: Candidate) -> Mapping[str, Floats]:
    """Return the crews on duty on average, by area as the log names it and hour, shape (24,)."""
    return {area: np.maximum(one, 1.0) for area, one in _on_duty(world, candidate).items()}


def _on_duty(world: World, candidate: Candidate) -> dict[str, Floats]:
    pools = world.document(candidate)["pools"]
    found: dict[str, Floats] = {}
    for pool in pools.values():
        if pool["role"] == "response":
            area = pool["area"] if world.demand.areas else ""
            crews = sum((on_duty(shift) for shift in pool["shifts"]), np.zeros(_HOURS))
            found[area] = found.get(area, np.zeros(_HOURS)) + crews
    return found


def told_by(world: World, work: Work, candidate: Candidate, *, level: float) -> CrewsTold | None:
    """Return what a log's jobs tell of a candidate's numbers; None where too few were allocated.

    Where ratification is in the log, missing-child jobs wait for that, and tell nothing of crews.
    """
    by_number = _basis(world, candidate)
    areas = sorted(by_number)
    basis = [by_number[area] for area in areas]
    rows = minutes_of(
        work, crews_by_hour(world, candidate), child=not world.ratified, anew=_anew(basis)
    )
    if rows.gone.sum() < FEWEST:
        return None
    try:
        return crews_told(rows, basis, candidate.free, level=level)
    except InputError:
        return None


def _basis(world: World, candidate: Candidate) -> dict[str, Floats]:
    """By area the crews at each hour for one of each number, shape (numbers, 24)."""
    found = {area: np.zeros((len(candidate.free), _HOURS)) for area in _on_duty(world, candidate)}
    for number in range(len(candidate.free)):
        # Of many crews on one shift, so that no rounding to whole people is seen.
        many = 1.0 if world.plan.has_rota else 100.0
        none = 0.0 if world.plan.has_rota else 1e-6
        alone = tuple(many if one == number else none for one in range(len(candidate.free)))
        for area, crews in _on_duty(world, candidate.but(free=alone)).items():
            found[area][number] = np.round(crews / many, 4)
    return found


def _alone(basis: Mapping[str, Floats]) -> Flags:
    """Whether the crews of each number are alone on duty in some hour: shape (numbers,)."""
    duty = _on_duty_at(list(basis.values()))
    return np.asarray((duty & (duty.sum(axis=0) == 1)).any(axis=1))


def _on_duty_at(basis: Sequence[Floats]) -> Flags:
    """Whether each number has crews on duty in each hour: shape (numbers, 24)."""
    return np.asarray(np.sum(basis, axis=0) > 0)


def _anew(basis: Sequence[Floats]) -> tuple[int, ...]:
    """Hours at which all crews change: no shift is on duty both in an hour and before it."""
    duty = _on_duty_at(basis)
    both = duty & np.roll(duty, 1, axis=1)
    return tuple(int(hour) for hour in np.flatnonzero(~both.any(axis=0)))


def with_limits(
    free: Sequence[Free], told: CrewsTold | None, world: World, work: Work, candidate: Candidate
) -> tuple[Free, ...]:
    """Return the numbers with both ends, each with where it is from.

    Parameters
    ----------
    free
        With the ends that are known already.
    told
        What the log's jobs tell of them.
    world, work, candidate
        The force, its jobs, and the candidate whose numbers they are.
    """
    basis = _basis(world, candidate)
    usual, alone = _jobs_in_hand(work, candidate, basis), _alone(basis)
    return tuple(
        _with_limits(
            one, None if told is None else (told.low[number], told.high[number]),
            float(usual[number]), rota=world.plan.has_rota, alone=bool(alone[number]),
        )
        for number, one in enumerate(free)
    )  # fmt: skip


def _with_limits(
    one: Free,
    told: tuple[float | None, float | None] | None,
    usual: float,
    *,
    rota: bool,
    alone: bool,
) -> Free:
    low, high = (None, None) if told is None else told
    low = one.low if low is None else low if one.low is None else min(low, one.low)
    # Fewer crews than jobs in hand on average there cannot have been, but where others are always
    # on duty with them: these may have had the jobs.
    least = min(usual, one.value) if alone else 0.0
    low = least if low is None else min(low, one.value)
    high = one.high if high is None else high if one.high is None else max(high, one.high)
    if high is not None and not (rota and high >= 1):
        return replace(one, low=round(low, 3), high=round(max(high, one.value), 3))
    if rota:
        return replace(one, low=round(low, 3), high=1.0, high_from="rota")
    ends = [round(max(usual / share, _BEYOND * max(one.value, low)), 3) for share in BUSY]
    return replace(
        one, low=round(low, 3), high=ends[0], high_from="assumed", range_of_high=(ends[2], ends[1])
    )


def _jobs_in_hand(work: Work, candidate: Candidate, basis: Mapping[str, Floats]) -> Floats:
    """Return the mean jobs in hand for each number to serve, in its own unit, shape (numbers,).

    The jobs of an hour are shared by the shifts on duty, by their crews.
    """
    minutes = np.arange(0, work.days * _HOURS * _MINUTE, dtype=np.int64)
    hour = minutes // _MINUTE % _HOURS
    at_work = in_hand(work)
    needed, crews = np.zeros(len(candidate.free)), np.zeros(len(candidate.free))
    for area, own in basis.items():
        if area in at_work:
            jobs = np.bincount(hour, at_work[area].at(minutes * _MINUTE), _HOURS)
            count = jobs / max(work.days * _MINUTE, 1)
            duty = own * np.asarray(candidate.free)[:, None]
            needed += (duty / np.maximum(duty.sum(axis=0), 1e-9) * count).sum(axis=1)
        crews += own.sum(axis=1)
    return np.asarray(needed / np.maximum(crews, 1e-9))
