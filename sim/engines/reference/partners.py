"""PPN, MASH, the daily meeting, return home interviews, referral, and the next time (12.5, 13)."""

from __future__ import annotations

from typing import Final

from simpy import Event

from sim.engines.reference.clock import Actor, Due, half_up
from sim.engines.reference.desks import LATE_PPN, MASH, MEETING, PROMPT, REFERRAL, RETURN_INTERVIEW
from sim.engines.reference.jobs import Case
from sim.engines.reference.world import World
from sim.tables import NEVER, NONE, PER_MILLE, CaseEnd

_STRATEGY, _MINUTES, _INTERVIEW, _OUTSIDE, _PROMPT, _HISTORY, _SENT_ON, _ANSWER = range(8)
"""Numbers of what falls due (rule 1.3)."""

_NOT_HEARD_OF: Final = (CaseEnd.PREVENTED, CaseEnd.UNRECORDED)


def police_hear_of(world: World, case: Case) -> bool:
    """Tell whether police hear of the episode at all (rules 13.7, 13.8)."""
    if case.child in world.helped and case.fate.prevent_parts < world.rules.prevented_parts:
        case.outcome.end = CaseEnd.PREVENTED
    elif not case.fate.recorded:
        case.outcome.end = CaseEnd.UNRECORDED
    return case.outcome.end not in _NOT_HEARD_OF


def research_seconds(world: World, case: Case) -> int:
    """How long research takes, as known when the case is graded (rule 13.6)."""
    seconds = int(case.incident.fate.research_seconds)
    if case.child in world.informed:
        return half_up(seconds * world.rules.known_per_mille, PER_MILLE)
    return seconds


def history(world: World, case: Case) -> Actor[None]:
    """What another force knows of a child is on the log when it has answered (rule 13.10a)."""
    if case.fate.history_seconds:
        yield world.clock.after(case.fate.history_seconds, Due.PARTNER, case.key, _HISTORY)


def refer(world: World, case: Case) -> Actor[None]:
    """Referral of a child with so many episodes, when the case is graded (rule 13.5)."""
    rules = world.rules
    if rules.referral_after != NEVER and case.fate.previous_90_days >= rules.referral_after - 1:
        desk = world.desks[rules.referral_pool]
        yield from desk.do(case.incident, REFERRAL, rules.referral_seconds)
        case.outcome.referred_at = world.clock.now
        _helped(world, case)


def child_is_safe(world: World, case: Case) -> None:
    """The child is safe (rules 13.2b, 13.4)."""
    if case.outcome.discussed_at != NEVER:
        _offer(world, case)
    elif world.rules.coordinator == NONE:
        _discussed(world, case)


# --- the PPN


def interviewed(world: World, case: Case, by: int) -> Event | None:
    """The prevention interview is complete; what happens when its PPN has been written.

    None where the officers of the interview send none (rule 12.5).
    """
    case.outcome.interviewed_at = world.clock.now
    case.outcome.interviewed_by = by
    if case.fate.ppn_sent:
        written = world.clock.event()
        world.clock.process(_ppn(world, case, written))
        return written
    if world.rules.mash_supervisor != NONE:
        world.clock.process(_ppn(world, case, None))
    return None


def _ppn(world: World, case: Case, written: Event | None) -> Actor[None]:
    """The PPN, from the interview until MASH has shared it (rules 12.5, 13.1, 13.10b)."""
    rules, clock, desks, of = world.rules, world.clock, world.desks, case.incident
    if written is not None:
        yield written
    else:
        yield clock.after(rules.prompt_after_seconds, Due.PARTNER, case.key, _PROMPT)
        yield from desks[rules.mash_supervisor].do(of, PROMPT, rules.prompt_seconds)
        yield from desks[rules.late_ppn_pool].do(of, LATE_PPN, case.fate.ppn_seconds)
    case.outcome.ppn_at = clock.now
    yield from desks[rules.mash].do(of, MASH, case.fate.mash_seconds)
    if case.fate.sent_on_seconds:
        yield clock.after(case.fate.sent_on_seconds, Due.PARTNER, case.key, _SENT_ON)
    case.outcome.shared_at = clock.now


# --- the daily meeting, and what follows it


def daily_meeting(world: World) -> Actor[None]:
    """Rule 13.2, each day."""
    rules, clock = world.rules, world.clock
    if rules.meeting_at == NEVER or rules.coordinator == NONE:
        return
    for second in clock.daily(rules.meeting_at):
        yield clock.at(second, Due.MEETING, 0)
        if world.desks[rules.coordinator].on_duty:
            for _, case in sorted(world.cases.items()):
                if not case.listed and _is_known(world, case):
                    case.listed = True
                    clock.process(_discuss(world, case))


def _is_known(world: World, case: Case) -> bool:
    return (
        case.incident.is_sent_to
        and case.incident.reported_at <= world.clock.now
        and case.outcome.end not in _NOT_HEARD_OF
    )


def _discuss(world: World, case: Case) -> Actor[None]:
    rules = world.rules
    yield from world.desks[rules.coordinator].do(case.incident, MEETING, rules.meeting_seconds)
    _discussed(world, case)


def _discussed(world: World, case: Case) -> None:
    """Rule 13.10c: where the child is of another authority, when that has answered."""
    if case.fate.answer_seconds:
        world.clock.process(_answer(world, case))
    else:
        _decided(world, case)


def _answer(world: World, case: Case) -> Actor[None]:
    yield world.clock.after(case.fate.answer_seconds, Due.PARTNER, case.key, _ANSWER)
    _decided(world, case)


def _decided(world: World, case: Case) -> None:
    """Rules 13.3, 13.4 and 13.10d."""
    case.outcome.discussed_at = world.clock.now
    held = world.rules.strategy_parts_held
    if case.fate.outside_seconds != NEVER and world.rules.strategy_parts_outside != NONE:
        held = world.rules.strategy_parts_outside
    if case.fate.strategy_parts < held:
        world.clock.process(_strategy_meeting(world, case))
    if case.safe:
        _offer(world, case)


def _strategy_meeting(world: World, case: Case) -> Actor[None]:
    """Rule 13.3."""
    clock, fate = world.clock, case.fate
    yield clock.after(fate.strategy_after_seconds, Due.PARTNER, case.key, _STRATEGY)
    case.outcome.strategy_at = clock.now
    yield clock.after(fate.minutes_after_seconds, Due.PARTNER, case.key, _MINUTES)
    case.outcome.minutes_at = clock.now


def _offer(world: World, case: Case) -> None:
    """Rule 13.4."""
    if case.fate.rhi_offered and case.outcome.offered_at == NEVER:
        case.outcome.offered_at = world.clock.now
        if case.fate.rhi_accepted:
            world.clock.process(_return_interview(world, case))


def _return_interview(world: World, case: Case) -> Actor[None]:
    """Rule 13.4, and what it tells (13.6, 13.7)."""
    clock, fate, workers = world.clock, case.fate, world.rules.interview_workers
    yield clock.after(fate.rhi_wait_seconds, Due.PARTNER, case.key, _INTERVIEW)
    if fate.outside_seconds != NEVER:
        yield clock.after(fate.outside_seconds, Due.PARTNER, case.key, _OUTSIDE)
    else:
        desk = world.desks[workers[case.incident.area] if workers else NONE]
        yield from desk.do(case.incident, RETURN_INTERVIEW, fate.rhi_seconds)
    case.outcome.completed_at = clock.now
    _helped(world, case)
    if fate.informs and case.child != NONE:
        world.informed.add(case.child)


def _helped(world: World, case: Case) -> None:
    """Rule 13.7; a child of -1 is nobody's other episode (13.9c)."""
    if case.child != NONE:
        world.helped.add(case.child)
