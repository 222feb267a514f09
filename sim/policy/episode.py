"""Sections 11 to 13 of docs/model.md: the episode after the first attendance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from sim.policy.numbers import half_up, parts, per_mille, seconds
from sim.scenario.episode import MOST_PROTECTION_HOURS, Asked, Episode, Meeting, Tasking
from sim.scenario.episode import ReviewLevel as ScenarioLevel
from sim.scenario.models import Scenario
from sim.tables import HOUR, MINUTE, NEVER, NONE
from sim.tables.episode_rules import EpisodeRules, ReviewLevel

__all__ = ["by_area", "episode_rules"]

_CLASSES: Final = ("medium", "low", "medium", "high", "cohort")
"""By class; a risk that was not assessed is treated as a medium one."""
_RISKS: Final = _CLASSES[:4]


def episode_rules(scenario: Scenario, pool_code: Mapping[str, int]) -> EpisodeRules | None:
    """Return a scenario's rules for what follows the first attendance.

    Parameters
    ----------
    scenario : Scenario
        What the planner wrote, checked.
    pool_code : mapping of str to int
        Each pool's place.

    Returns
    -------
    EpisodeRules or None
        Plain numbers and tuples; None where the scenario has no ``[episode]``.
    """
    episode = scenario.episode
    if episode is None:
        return None

    def code(name: str | None) -> int:
        return NONE if name is None else pool_code[name]

    interview, mash, meeting = episode.after_return.interview, episode.mash, episode.meeting
    placement = episode.after_return.placement
    tasking, referral, authorities = episode.tasking, episode.referral, episode.return_interview
    relief = episode.after_return.relief
    strategy_held = 0 if episode.strategy is None else parts(episode.strategy.share_held)
    return EpisodeRules(
        team=by_area(scenario, [scenario.team_role]),
        enquirers=_enquirers(scenario, episode),
        interviewers=(
            by_area(scenario, interview.other_hours),
            by_area(scenario, interview.team_hours),
        ),
        enquiry_grade=tuple(getattr(episode.grades, name) for name in _CLASSES),
        interview_grade=interview.grade,
        rhythm=(_rhythm(episode, "response"), _rhythm(episode, "team")),
        escalated_gap=per_mille(episode.escalated_gap_factor),
        enquiry_desk=code(episode.enquiry_desk),
        handover_seconds=seconds(episode.handover.minutes),
        lost_parts=parts(episode.handover.share_lost),
        unnoticed_parts=parts(episode.handover.share_unnoticed),
        reviews=tuple(
            tuple(_level(level, pool_code) for level in getattr(episode.reviews, name))
            for name in _RISKS
        ),
        review_moves_parts=parts(episode.reviews.share_moved_on),
        tasking_at=_second_of_day(tasking),
        tasking_pool=NONE if tasking is None else code(tasking.pool),
        tasking_seconds=0 if tasking is None else seconds(tasking.minutes),
        tasking_moves_parts=0 if tasking is None else parts(tasking.share_moved_on),
        late_ppn_pool=NONE if episode.ppn is None else code(episode.ppn.late_pool),
        mash=NONE if mash is None else code(mash.pool),
        mash_supervisor=NONE if mash is None else code(mash.supervisor),
        prompt_after_seconds=0 if mash is None else half_up(mash.prompt_after_hours * HOUR),
        prompt_seconds=0 if mash is None else seconds(mash.prompt_minutes),
        coordinator=NONE if meeting is None else code(meeting.coordinator),
        meeting_at=_second_of_day(meeting),
        meeting_seconds=0 if meeting is None else seconds(meeting.minutes),
        strategy_parts_held=strategy_held,
        strategy_parts_outside=_strategy_outside(episode, strategy_held),
        interview_workers=tuple(
            NONE if authorities is None else code(authorities.workers.get(area))
            for area in scenario.areas
        ),
        referral_after=NEVER if referral is None else referral.episodes,
        referral_pool=NONE if referral is None else code(referral.pool),
        referral_seconds=0 if referral is None else seconds(referral.minutes),
        known_per_mille=per_mille(1.0 if authorities is None else authorities.research_factor),
        prevented_parts=parts(episode.prevention.share),
        placement_from=NEVER if placement is None else placement.opens * MINUTE,
        placement_until=0 if placement is None else placement.closes * MINUTE,
        protection_most_seconds=half_up(
            (MOST_PROTECTION_HOURS if placement is None else placement.most_hours) * HOUR
        ),
        relief_officers=0 if relief is None else relief.officers,
        relief_grade=1 if relief is None else relief.grade,
    )


def _strategy_outside(episode: Episode, of_others: int) -> int:
    """Return the share for children of another authority; NONE where nothing is told of them."""
    away = episode.out_of_area
    if away is None:
        return NONE
    return of_others if away.share_strategy_held is None else parts(away.share_strategy_held)


def _rhythm(episode: Episode, owner: Literal["response", "team"]) -> tuple[int, ...]:
    return tuple(per_mille(factor) for factor in episode.rhythm(owner))


def by_area(scenario: Scenario, roles: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """Return the unit pools of some roles that work in each area, first asked first."""
    asked = [
        (place, pool.area)
        for role in roles
        for place, pool in enumerate(scenario.pools.values())
        if pool.kind == "units" and pool.role == role
    ]
    return tuple(
        tuple(dict.fromkeys(place for place, own in asked if own is None or own == area))
        for area in scenario.areas
    )


def _enquirers(
    scenario: Scenario, episode: Episode
) -> tuple[tuple[tuple[tuple[int, ...], ...], ...], ...]:
    """Return who takes lines of enquiry, by owner (response, then team), class and area."""
    asked: list[Asked] = [getattr(episode.attend, name) or episode.attend for name in _CLASSES]
    return (
        tuple(by_area(scenario, each.other_hours) for each in asked),
        tuple(by_area(scenario, each.team_hours) for each in asked),
    )


def _level(level: ScenarioLevel, pool_code: Mapping[str, int]) -> ReviewLevel:
    every = level.every_hours
    return ReviewLevel(
        first_after_seconds=seconds(level.first_after_minutes),
        every_seconds=NEVER if every is None else half_up(every * HOUR),
        seconds=seconds(level.minutes),
        pools=tuple(pool_code[name] for name in level.pools),
    )


def _second_of_day(due: Meeting | Tasking | None) -> int:
    return NEVER if due is None else due.at * MINUTE
