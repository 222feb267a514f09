"""The policy in the memory: pools, areas, and the rules' tables and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.engines.compiled.building import Builder
from sim.engines.compiled.fields import area, class_, level, pool, world
from sim.tables import (
    CLASSES,
    NEVER,
    NONE,
    PARTS,
    RESPONSE,
    TEAM,
    EpisodeRules,
    Policy,
    ShiftEnd,
)

_OWNERS: Final = (RESPONSE, TEAM)


def put_rules(
    build: Builder, policy: Policy, shifts_of_pool: NDArray[np.intp]
) -> NDArray[np.int64]:
    """Put the policy down; return where each pool stands.

    Parameters
    ----------
    shifts_of_pool
        Shape (pools,): how many rows of the rota each has, so how long its lists may become.
    """
    at = build.globals
    at[world.GRADES] = policy.grades
    at[world.STREAMS] = len(policy.streams)
    rules = policy.episode or _no_episodes(policy)
    pools = _put_pools(build, policy, rules, shifts_of_pool)
    desks = _Desks(policy, pools)
    _put_areas(build, policy, rules, desks)
    _put_control_room(build, policy, desks)
    _put_deployment(build, policy, rules, pools)
    _put_reviews(build, policy, desks)
    _put_dispatch_rate(build, policy)
    _put_episode(build, rules, desks)
    _put_concerns(build, policy)
    return np.array(pools, dtype=np.int64)


def put_classes(build: Builder, policy: Policy, most_officers: int) -> None:
    """Keep room for the classes of jobs that wait (`waiting`), and each area's list of them."""
    at = build.globals
    at[world.MOST_OFFICERS] = most_officers
    of_area = at[world.PLACES] * (most_officers + 1) * policy.grades * 2
    at[world.CLASSES_OF_AREA] = of_area
    at[world.CLASSES] = build.keep(len(policy.areas) * of_area * class_.SIZE)
    for code in range(len(policy.areas)):
        o = at[world.AREAS] + area.SIZE * code
        build.fill(o, {area.WAITING: build.keep(of_area)})


class _Desks:
    """Where desk pools stand; 0 for none."""

    def __init__(self, policy: Policy, pools: Sequence[int]) -> None:
        self._at = {code: at for code, at in enumerate(pools) if policy.pools[code].desk}

    def at(self, code: int) -> int:
        return self._at.get(code, 0)

    def all(self, codes: Sequence[int]) -> list[int]:
        return [self._at[code] for code in codes]

    @property
    def every(self) -> list[int]:
        return [self._at[code] for code in sorted(self._at)]


def _put_pools(
    build: Builder, policy: Policy, rules: EpisodeRules, shifts_of_pool: NDArray[np.intp]
) -> list[int]:
    first = build.keep(pool.SIZE * len(policy.pools))
    at = build.globals
    at[world.POOLS], at[world.POOL_COUNT] = first, len(policy.pools)
    teams = {code for team in rules.team for code in team}
    for code, one in enumerate(policy.pools):
        length = int(shifts_of_pool[code])
        margins = one.margin_seconds or (0,) * policy.grades
        build.fill(
            first + pool.SIZE * code,
            {
                pool.CODE: code,
                pool.AREA: len(policy.areas) if one.area == NONE else one.area,
                pool.DESK: one.desk,
                pool.RESERVE: one.reserve,
                pool.IDLE: build.keep(length),
                pool.ON_BREAK: 0 if one.desk else build.keep(length),
                pool.WRITING: 0 if one.desk else build.keep(length),
                pool.MARGINS: build.put(margins),
                pool.TEAM: code in teams,
                pool.CLEARED_AT: NEVER,
                pool.KEPT: policy.kept_for_999 if code == policy.call_takers else 0,
            },
        )
    return [first + pool.SIZE * code for code in range(len(policy.pools))]


def _put_areas(build: Builder, policy: Policy, rules: EpisodeRules, desks: _Desks) -> None:
    first = build.keep(area.SIZE * len(policy.areas))
    at = build.globals
    at[world.AREAS], at[world.AREA_COUNT] = first, len(policy.areas)
    for code in range(len(policy.areas)):
        workers = rules.interview_workers[code] if rules.interview_workers else NONE
        dispatchers = policy.dispatchers[code] if policy.dispatchers else NONE
        build.fill(
            first + area.SIZE * code,
            {
                area.DISPATCHERS: desks.at(dispatchers),
                area.OWNER: RESPONSE,
                area.TEAM: build.put(one in rules.team[code] for one in range(len(policy.pools))),
                area.WORKERS: desks.at(workers),
            },
        )


def _put_control_room(build: Builder, policy: Policy, desks: _Desks) -> None:
    at = build.globals
    at[world.DESKS], at[world.DESK_COUNT] = build.put(desks.every), len(desks.every)
    at[world.CALL_TAKERS] = desks.at(policy.call_takers)
    at[world.SWITCHBOARD] = desks.at(policy.switchboard)
    at[world.RESEARCH] = desks.at(policy.research)
    at[world.GATE] = policy.gate
    at[world.HELD_PARTS] = policy.held_parts
    at[world.TELEPHONE_PARTS] = policy.telephone_parts
    at[world.TELEPHONE_DESK] = desks.at(policy.telephone_desk)
    at[world.TELEPHONE_MOST] = policy.telephone_most_seconds
    at[world.HOLD_HIGH_RISK] = policy.hold_high_risk
    at[world.RATIFICATION_WAITS] = policy.ratification_waits_for_research
    at[world.GATED] = build.put(policy.gated)
    rows: list[int] = []
    listed: dict[tuple[int, ...], tuple[int, int]] = {}
    for by_hour in policy.ratifiers:
        for asked in by_hour:
            if asked not in listed:
                listed[asked] = build.put(desks.all(asked)), len(asked)
            rows += listed[asked]
    at[world.RATIFIERS] = build.put(rows)


def _put_deployment(
    build: Builder, policy: Policy, rules: EpisodeRules, pools: Sequence[int]
) -> None:
    at = build.globals
    at[world.MISSING] = build.put(policy.missing)
    at[world.NEXT_GRADE_PARTS] = policy.next_grade_parts
    at[world.RETURNED_RANKS_LOWER] = policy.returned_ranks_lower
    at[world.STEP_UP] = build.put(policy.step_up_seconds)
    at[world.BORROW_AFTER] = build.put(policy.borrow_after_seconds)
    at[world.MOST_DIVERSIONS] = policy.most_diversions
    at[world.HANDS_OVER] = policy.shift_end is ShiftEnd.HAND_OVER
    at[world.HANDOVER_SECONDS] = policy.handover_seconds
    at[world.AREA_FACTOR] = build.put(one for row in policy.area_factor for one in row)
    at[world.GRADE_FACTOR] = build.put(policy.grade_factor)
    at[world.HOUR_FACTOR] = build.put(policy.hour_factor)
    at[world.BREAK_INTERRUPTED] = build.put(policy.break_interrupted)
    at[world.WRITING_INTERRUPTED] = build.put(policy.writing_interrupted)
    at[world.EVERY_GRADE] = build.put((1,) * policy.grades)
    at[world.SUPPLY] = build.keep(policy.grades)
    travelling = _to_lower_grades_only(policy.divert_travelling)
    at_scene = _to_lower_grades_only(policy.divert_at_scene)
    may = [
        policy.most_diversions > 0 and any(way or scene for way, scene in zip(*rows, strict=True))
        for rows in zip(travelling, at_scene, strict=True)
    ]
    at[world.TRAVELLING] = build.put(flag for row in travelling for flag in row)
    at[world.AT_SCENE] = build.put(flag for row in at_scene for flag in row)
    at[world.TAKEN_ON_THE_WAY] = build.put(
        flag for row in zip(*travelling, strict=True) for flag in row
    )
    at[world.TAKEN_AT_SCENE] = build.put(
        flag for row in zip(*at_scene, strict=True) for flag in row
    )
    at[world.DIVERTS] = build.put(may)
    # Beyond the streams stand lines of enquiry, by owner and class, visits, by owner, re-visits.
    nobody: tuple[tuple[int, ...], ...] = ((),) * len(policy.areas)
    own = [
        *policy.attends,
        *(rules.enquirers[owner][one] for owner in _OWNERS for one in range(CLASSES)),
        *(rules.interviewers[owner] for owner in _OWNERS),
        nobody if policy.concern is None else policy.concern.attends,
    ]
    others = [*policy.borrows, *(nobody for _ in own[len(policy.borrows) :])]
    at[world.PLACES] = len(own)
    tiers: list[int] = []
    allowed: list[int] = []
    # Few lists are asked, again and again.
    listed: dict[tuple[int, ...], tuple[int, int]] = {}
    ranked: dict[tuple[int, ...], list[int]] = {}
    for borrows in (False, True):
        for owned, borrowed in zip(own, others, strict=True):
            for first, second in zip(owned, borrowed if borrows else nobody, strict=True):
                for codes in (first, second):
                    if codes not in listed:
                        listed[codes] = build.put(pools[code] for code in codes), len(codes)
                    tiers += listed[codes]
                asked = (*first, *second)
                if asked not in ranked:
                    places = {code: place for place, code in enumerate(asked)}
                    ranked[asked] = [places.get(code, NONE) for code in range(len(pools))]
                allowed += ranked[asked]
    at[world.TIERS], at[world.ALLOWED] = build.put(tiers), build.put(allowed)


def _put_reviews(build: Builder, policy: Policy, desks: _Desks) -> None:
    at = build.globals
    levels = policy.review_levels
    rows: list[int] = []
    for number, asked in enumerate(levels):
        stand_ins = policy.review_stand_ins[number : number + 1]
        listed = desks.all((asked, *(stand_ins[0] if stand_ins else ())))
        rows += [build.put(listed), len(listed)]
    reviewed = bool(levels) and any(one != NEVER for one in policy.review_after_seconds)
    at[world.REVIEWERS], at[world.REVIEW_LEVELS] = build.put(rows), len(levels)
    at[world.REVIEWED] = reviewed
    at[world.REVIEW_AFTER] = build.put(policy.review_after_seconds)
    at[world.REVIEW_SECONDS] = policy.review_seconds
    at[world.RESTORES_RANK] = policy.review_restores_rank
    rethriven = policy.rethrive_pool != NONE and policy.rethrive_after_seconds != NEVER
    at[world.RETHRIVEN] = rethriven
    at[world.RETHRIVE_AFTER] = policy.rethrive_after_seconds
    at[world.RETHRIVE_SECONDS] = policy.rethrive_seconds
    at[world.RETHRIVE_POOL] = desks.at(policy.rethrive_pool)
    at[world.CALLS_BACK] = policy.rethrive_calls_back


def _put_dispatch_rate(build: Builder, policy: Policy) -> None:
    at, rate = build.globals, policy.dispatch_rate
    at[world.UNCLAIMED] = build.keep(len(policy.areas) * policy.grades)
    at[world.UNDECIDED] = at[world.LOOK_IS_DUE] = at[world.LOOK_SECONDS] = 0
    if rate is None:
        return
    at[world.LOOK_SECONDS] = rate.look_seconds
    at[world.RATE_WAITED] = build.put(rate.waited_seconds)
    at[world.RATE_WAITED_COUNT] = len(rate.waited_seconds)
    for field, table in (
        (world.RATE_BY_WAIT, rate.by_wait),
        (world.RATE_BY_LOAD, rate.by_load),
        (world.RATE_BY_LOAD_JUST_FREED, rate.by_load_just_freed),
    ):
        at[field] = build.put(one for rows in table for row in rows for one in row)
    at[world.RATE_MOST_AHEAD] = len(rate.by_load[0][0]) - 1
    at[world.RATE_OF_STREAM] = build.put(rate.stream_factor)


def _put_episode(build: Builder, rules: EpisodeRules, desks: _Desks) -> None:
    at = build.globals
    at[world.ENQUIRY_GRADE] = build.put(rules.enquiry_grade)
    at[world.INTERVIEW_GRADE] = rules.interview_grade
    at[world.RHYTHM] = build.put([*rules.rhythm[RESPONSE], *rules.rhythm[TEAM]])
    at[world.ESCALATED_GAP] = rules.escalated_gap
    at[world.ENQUIRY_DESK] = desks.at(rules.enquiry_desk)
    at[world.READING_IN_SECONDS] = rules.handover_seconds
    at[world.LOST_PARTS] = rules.lost_parts
    at[world.UNNOTICED_FROM] = PARTS - rules.unnoticed_parts
    reviews: list[int] = []
    for levels in rules.reviews:
        listed: list[int] = []
        for one in levels:
            v = build.keep(level.SIZE + len(one.pools))
            numbers = {
                level.FIRST_AFTER: one.first_after_seconds,
                level.EVERY: one.every_seconds,
                level.SECONDS: one.seconds,
                level.DESK_COUNT: len(one.pools),
            }
            asked = desks.all(one.pools)
            build.fill(v, numbers | {level.SIZE + n: desk for n, desk in enumerate(asked)})
            listed.append(v)
        reviews += [build.put(listed), len(listed)]
    at[world.CASE_REVIEWS] = build.put(reviews)
    at[world.REVIEW_MOVES] = rules.review_moves_parts
    at[world.TASKING_AT] = rules.tasking_at
    at[world.TASKING_POOL] = desks.at(rules.tasking_pool)
    at[world.TASKING_SECONDS] = rules.tasking_seconds
    at[world.TASKING_MOVES] = rules.tasking_moves_parts
    at[world.LATE_PPN_POOL] = desks.at(rules.late_ppn_pool)
    at[world.MASH] = desks.at(rules.mash)
    at[world.MASH_SUPERVISOR] = desks.at(rules.mash_supervisor)
    at[world.PROMPT_AFTER] = rules.prompt_after_seconds
    at[world.PROMPT_SECONDS] = rules.prompt_seconds
    at[world.COORDINATOR] = desks.at(rules.coordinator)
    at[world.MEETING_AT] = rules.meeting_at
    at[world.MEETING_SECONDS] = rules.meeting_seconds
    at[world.STRATEGY_HELD] = rules.strategy_parts_held
    outside = rules.strategy_parts_outside
    at[world.STRATEGY_HELD_OUTSIDE] = rules.strategy_parts_held if outside == NONE else outside
    at[world.REFERRAL_AFTER] = rules.referral_after
    at[world.REFERRAL_POOL] = desks.at(rules.referral_pool)
    at[world.REFERRAL_SECONDS] = rules.referral_seconds
    at[world.KNOWN_PER_MILLE] = rules.known_per_mille
    at[world.PREVENTED_PARTS] = rules.prevented_parts
    at[world.PLACEMENT_FROM] = rules.placement_from
    at[world.PLACEMENT_UNTIL] = rules.placement_until
    at[world.PROTECTION_MOST] = rules.protection_most_seconds
    at[world.RELIEF_OFFICERS] = rules.relief_officers
    at[world.RELIEF_GRADE] = rules.relief_grade


def _put_concerns(build: Builder, policy: Policy) -> None:
    rules = policy.concern
    if rules is not None:
        at = build.globals
        at[world.CONCERN_GRADE] = rules.grade
        at[world.VISIT_FROM], at[world.VISIT_UNTIL] = rules.visit_from, rules.visit_until


def _to_lower_grades_only(matrix: tuple[tuple[bool, ...], ...]) -> list[list[bool]]:
    """Rule 6.6: only from jobs of a strictly lower grade."""
    return [[may and left > own for left, may in enumerate(row)] for own, row in enumerate(matrix)]


def _no_episodes(policy: Policy) -> EpisodeRules:
    """Return rules for no case at all."""
    nobody: tuple[tuple[int, ...], ...] = ((),) * len(policy.areas)
    everyone = (nobody,) * CLASSES
    return EpisodeRules(
        team=nobody,
        enquirers=(everyone, everyone),
        interviewers=(nobody, nobody),
        enquiry_grade=(1,) * CLASSES,
        interview_grade=1,
    )
