"""Sections 1 to 10 of docs/model.md: contact, gate, deployment, reviews of what waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sim.policy.concern import concern_rules
from sim.policy.dispatch_rate import dispatch_rate
from sim.policy.episode import episode_rules
from sim.policy.numbers import half_up, parts, per_mille, seconds
from sim.scenario.demand import IncidentStream, MissingChild
from sim.scenario.models import Scenario
from sim.scenario.people import Pool as ScenarioPool
from sim.scenario.policies import Travel
from sim.tables import HOUR, NEVER, NONE, PER_MILLE, Gate, Policy, Pool, ShiftEnd

__all__ = ["compiled"]

_GATES: Final[Mapping[str, Gate]] = {
    "grading": Gate.GRADING,
    "assessment": Gate.ASSESSMENT,
    "research": Gate.RESEARCH,
    "ratification": Gate.RATIFICATION,
}
_PLACES: Final[Mapping[str, int]] = {"first": -1, "level": 0, "last": 1}
_SHIFT_ENDS: Final[Mapping[str, ShiftEnd]] = {
    "finish": ShiftEnd.FINISH,
    "hand_over": ShiftEnd.HAND_OVER,
}


def compiled(scenario: Scenario, start: int, end: int) -> Policy:
    """Return a scenario's rules for a simulation over ``[start, end)``.

    Parameters
    ----------
    scenario : Scenario
        What the planner wrote, checked.
    start, end : int
        First second, and end of follow-up, from local midnight of the first day.

    Returns
    -------
    Policy
        Plain numbers and tuples. Where ``deploy_on`` is grading nothing is held, whatever the
        share. A risk that was not assessed is ratified by those who ratify a medium one. A unit
        pool of no area counts as every area's own.
    """
    rules = scenario.policy
    grades = max(scenario.grades)
    pool_code = {name: place for place, name in enumerate(scenario.pools)}
    gate = _GATES[rules.gate.deploy_on]
    restores = rules.reviews.restores_rank_from
    rethrive_after = rules.reviews.rethrive_after_hours
    attends, borrows = _attendance(scenario)

    def by_grade(minutes: Mapping[int, float], absent: int) -> tuple[int, ...]:
        return tuple(
            seconds(minutes[grade]) if grade in minutes else absent
            for grade in range(1, grades + 1)
        )

    def code(name: str | None) -> int:
        return NONE if name is None else pool_code[name]

    telephone = rules.gate.telephone
    return Policy(
        start=start,
        end=end,
        grades=grades,
        areas=tuple(scenario.areas),
        streams=tuple(scenario.streams),
        pools=tuple(
            Pool(
                name=name,
                role=pool.role,
                area=NONE if pool.area is None else list(scenario.areas).index(pool.area),
                desk=pool.kind == "desk",
                reserve=pool.reserve,
                margin_seconds=by_grade(pool.last_call_margin_minutes, 0),
            )
            for name, pool in scenario.pools.items()
        ),
        missing=tuple(isinstance(stream, MissingChild) for stream in scenario.streams.values()),
        gated=tuple(name in rules.gate.streams for name in scenario.streams),
        call_takers=code(rules.control_room.call_takers),
        switchboard=code(rules.control_room.switchboard),
        kept_for_999=rules.control_room.kept_for_999,
        research=code(rules.control_room.research),
        dispatchers=_dispatchers(scenario, pool_code),
        ratifiers=_ratifiers(scenario, pool_code),
        gate=gate,
        held_parts=0 if gate == Gate.GRADING else parts(rules.gate.share_held),
        hold_high_risk=rules.gate.hold_high_risk,
        ratification_waits_for_research=rules.ratification.waits_for_research,
        telephone_parts=0 if telephone is None else parts(telephone.share_uncertain),
        telephone_desk=NONE if telephone is None else code(telephone.pool),
        telephone_most_seconds=(
            NEVER
            if telephone is None or telephone.at_most_minutes is None
            else seconds(telephone.at_most_minutes)
        ),
        dispatch_rate=dispatch_rate(scenario),
        missing_rank=_PLACES[rules.queue.missing_child_place],
        next_grade_parts=parts(rules.queue.share_with_next_grade),
        step_up_seconds=by_grade(rules.queue.step_up_minutes, NEVER),
        returned_ranks_lower=rules.queue.returned_with_next_grade,
        attends=attends,
        borrows=borrows,
        borrow_after_seconds=by_grade(rules.borrowing.after_minutes, NEVER),
        divert_travelling=_matrix(rules.diversion.travelling, grades),
        divert_at_scene=_matrix(rules.diversion.at_scene, grades),
        most_diversions=rules.diversion.at_most,
        writing_interrupted=_flags(rules.committed.writing, grades),
        break_interrupted=_flags(rules.committed.on_break, grades),
        shift_end=_SHIFT_ENDS[rules.shift_ends.rule],
        handover_seconds=seconds(rules.shift_ends.handover_minutes),
        area_factor=_area_factors(rules.travel, tuple(scenario.areas)),
        grade_factor=tuple(
            per_mille(rules.travel.grades.get(grade, 1.0)) for grade in range(1, grades + 1)
        ),
        hour_factor=tuple(per_mille(factor) for factor in rules.travel.hours),
        review_seconds=seconds(rules.reviews.minutes),
        review_after_seconds=by_grade(rules.reviews.after_minutes, NEVER),
        review_levels=tuple(pool_code[name] for name in rules.reviews.levels),
        review_stand_ins=tuple(
            tuple(pool_code[other] for other in rules.reviews.stand_ins.get(name, []))
            for name in rules.reviews.levels
        ),
        review_restores_rank=NONE if restores is None else restores - 1,
        rethrive_after_seconds=(
            NEVER if rethrive_after is None else half_up(rethrive_after * HOUR)
        ),
        rethrive_seconds=seconds(rules.reviews.rethrive_minutes),
        rethrive_pool=code(rules.reviews.rethrive_pool),
        rethrive_calls_back=rules.reviews.rethrive_calls_back,
        episode=episode_rules(scenario, pool_code),
        concern=concern_rules(scenario),
    )


def _dispatchers(scenario: Scenario, pool_code: Mapping[str, int]) -> tuple[int, ...]:
    dispatchers = scenario.policy.control_room.dispatchers
    if dispatchers is None:
        return (NONE,) * len(scenario.areas)
    if isinstance(dispatchers, str):
        return (pool_code[dispatchers],) * len(scenario.areas)
    return tuple(
        pool_code[dispatchers[area]] if area in dispatchers else NONE for area in scenario.areas
    )


def _ratifiers(
    scenario: Scenario, pool_code: Mapping[str, int]
) -> tuple[tuple[tuple[int, ...], ...], ...]:
    rules = scenario.policy.ratification
    return tuple(
        (tuple(pool_code[name] for name in names),) * 24
        for names in (rules.medium, rules.low, rules.medium, rules.high)
    )


def _attendance(
    scenario: Scenario,
) -> tuple[tuple[tuple[tuple[int, ...], ...], ...], tuple[tuple[tuple[int, ...], ...], ...]]:
    """Return the pools that may attend and be borrowed, by stream and area."""
    rules = scenario.policy.attendance
    attends, borrows = [], []
    for name, stream in scenario.streams.items():
        roles: Iterable[str] = ()
        if isinstance(stream, IncidentStream):
            roles = rules.streams.get(name, rules.default)
        asked = [
            (place, pool)
            for role in roles
            for place, pool in enumerate(scenario.pools.values())
            if pool.kind == "units" and pool.role == role
        ]
        attends.append(
            tuple(
                tuple(place for place, pool in asked if _is_own(pool, area))
                for area in scenario.areas
            )
        )
        borrows.append(
            tuple(
                tuple(place for place, pool in asked if not _is_own(pool, area))
                for area in scenario.areas
            )
        )
    return tuple(attends), tuple(borrows)


def _is_own(pool: ScenarioPool, area: str) -> bool:
    return pool.area is None or pool.area == area


def _area_factors(travel: Travel, areas: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
    def factor(unit: str, incident: str) -> float:
        usual = 1.0 if unit == incident else travel.other_area
        return travel.between.get(unit, {}).get(incident, usual)

    factors = [tuple(per_mille(factor(unit, area)) for area in areas) for unit in areas]
    return (*factors, (PER_MILLE,) * len(areas))


def _matrix(left: Mapping[int, list[int]], grades: int) -> tuple[tuple[bool, ...], ...]:
    return tuple(_flags(left.get(grade, []), grades) for grade in range(1, grades + 1))


def _flags(chosen: Iterable[int], grades: int) -> tuple[bool, ...]:
    return tuple(grade in set(chosen) for grade in range(1, grades + 1))
