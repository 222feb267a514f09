"""Which units a job takes: eligible ones in their order, or another job's (rules 6.4 to 6.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from sim.engines.reference.clock import Clock
from sim.engines.reference.job import Job
from sim.engines.reference.units import Unit, UnitPool
from sim.tables import CLASSES, RESPONSE, TEAM, EpisodeRules, Policy

if TYPE_CHECKING:
    from sim.engines.reference.attendance import Allocation

Tiers: TypeAlias = tuple[tuple[UnitPool, ...], ...]
"""Pools that may be asked, first asked first: the own area's, then those to borrow from."""


class Choice:
    """Who may be sent, by the policy and by who is there.

    Parameters
    ----------
    pools
        Unit pools by code.

    Attributes
    ----------
    tiers
        [whether borrowing has begun][stream][area of the job].
    diverting
        Grades that may divert some others' units.
    diverters, diverters_at_scene
        By grade from 1 of the job that would lose its units: the grades that may take them, and
        those that may not before they are at the scene.
    lines, visits
        Places in ``tiers`` beyond those of the streams: [owner][class] for a line of enquiry,
        [owner] for a visit (rules 11.4, 12.3).
    """

    def __init__(self, policy: Policy, clock: Clock, pools: dict[int, UnitPool]) -> None:
        self._clock = clock
        self._most_diversions = policy.most_diversions
        errands = _errands(policy.episode)
        nobody = (((),) * len(policy.areas),) * len(errands)
        attends = (*policy.attends, *errands)
        self.tiers = (
            _by_stream_and_area(pools, attends),
            _by_stream_and_area(pools, attends, (*policy.borrows, *nobody)),
        )
        streams = len(policy.attends)
        self.lines = [
            [streams + owner * CLASSES + class_ for class_ in range(CLASSES)]
            for owner in (RESPONSE, TEAM)
        ]
        self.visits = [streams + 2 * CLASSES + owner for owner in (RESPONSE, TEAM)]
        self._interrupted = [
            ("on_break",) * on_break + ("writing",) * writing
            for on_break, writing in zip(
                policy.break_interrupted, policy.writing_interrupted, strict=True
            )
        ]
        self._travelling = _strictly_lower(policy.divert_travelling)
        self._at_scene = _strictly_lower(policy.divert_at_scene)
        pairs = [
            (own, left, self._travelling[own][left], self._at_scene[own][left])
            for own in range(policy.grades if policy.most_diversions > 0 else 0)
            for left in range(policy.grades)
        ]
        self.diverting = {own + 1 for own, _, way, scene in pairs if way or scene}
        self.diverters = [
            [own + 1 for own, left, way, scene in pairs if left == lost and (way or scene)]
            for lost in range(policy.grades)
        ]
        self.diverters_at_scene = [
            [own + 1 for own, left, way, scene in pairs if left == lost and scene and not way]
            for lost in range(policy.grades)
        ]

    def eligible(self, job: Job, tiers: Tiers) -> list[Unit] | None:
        """The units to take, by rules 6.4 and 6.5; None where they do not suffice."""
        grade, now = job.grade, self._clock.now
        needed = job.officers
        chosen: list[Unit] = []
        for tier in tiers:
            for pool in tier:
                if pool.idle:
                    needed = _take_idle(pool, grade, now, needed, chosen)
                    if needed <= 0:
                        return chosen
            for state in self._interrupted[grade - 1]:
                needed = _take(tier, state, grade, now, needed, chosen)
                if needed <= 0:
                    return chosen
        return None

    def divertible(
        self, job: Job, tiers: Tiers, allocations: Mapping[Job, Allocation]
    ) -> Job | None:
        """The job that loses its units to this one, by rule 6.6; None where there is none."""
        now = self._clock.now
        travelling = self._travelling[job.grade - 1]
        at_scene = self._at_scene[job.grade - 1]
        pools = {pool for tier in tiers for pool in tier}
        found: list[tuple[tuple[int, ...], Job]] = []
        for other, allocation in allocations.items():
            matrix = at_scene if allocation.working else travelling
            if (
                matrix[other.grade - 1]
                and not allocation.with_child
                and other.diversions < self._most_diversions
                and sum(unit.officers for unit in allocation.units) >= job.officers
                and all(
                    unit.pool in pools and _stays(unit, job.grade, now) for unit in allocation.units
                )
            ):
                order = (
                    -other.grade,
                    allocation.working,
                    -allocation.claimed_at,
                    other.key,
                    allocation.number,
                )
                found.append((order, other))
        return min(found)[1] if found else None


def preference(tiers: Tiers, unit: Unit) -> tuple[int, int, int, int]:
    """The place of an idle unit in the order of rule 6.5."""
    for number, tier in enumerate(tiers):
        if unit.pool in tier:
            return (number, tier.index(unit.pool), -unit.off_at, unit.key)
    raise AssertionError


def _errands(rules: EpisodeRules | None) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """By place beyond the streams', by area: the pools that may be asked."""
    if rules is None:
        return ()
    return (*rules.enquirers[RESPONSE], *rules.enquirers[TEAM], *rules.interviewers)


def _by_stream_and_area(
    pools: dict[int, UnitPool], *tiers: tuple[tuple[tuple[int, ...], ...], ...]
) -> list[list[Tiers]]:
    return [
        [
            tuple(tuple(pools[code] for code in codes) for codes in of_area)
            for of_area in zip(*of_stream, strict=True)
        ]
        for of_stream in zip(*tiers, strict=True)
    ]


def _strictly_lower(matrix: tuple[tuple[bool, ...], ...]) -> list[list[bool]]:
    return [[may and left > own for left, may in enumerate(row)] for own, row in enumerate(matrix)]


def _stays(unit: Unit, grade: int, now: int) -> bool:
    """Tell whether the unit has enough of its shift left for work of this grade (6.4)."""
    left = unit.off_at - now
    return left > 0 and left >= unit.pool.margin_seconds[grade - 1]


def _take_idle(pool: UnitPool, grade: int, now: int, needed: int, chosen: list[Unit]) -> int:
    """Take idle units while the reserve stays (rule 6.4); return the officers still needed."""
    counted, reserve = pool.reserve_left(now) if pool.reserve and grade != 1 else (0, 0)
    stays_until = now + max(pool.margin_seconds[grade - 1], 1)
    for unit in pool.idle:
        if unit.off_at < stays_until:
            break
        if reserve:
            left = counted - (unit.off_at - now >= pool.margin_seconds[0])
            if left < reserve:
                continue
            counted = left
        chosen.append(unit)
        needed -= unit.officers
        if needed <= 0:
            break
    return needed


def _take(
    tier: tuple[UnitPool, ...], state: str, grade: int, now: int, needed: int, chosen: list[Unit]
) -> int:
    for pool in tier:
        for unit in getattr(pool, state):
            if needed <= 0:
                return needed
            if _stays(unit, grade, now):
                chosen.append(unit)
                needed -= unit.officers
    return needed
