"""MASH, the daily meeting, return home interviews, referral, and the next time (rule 13)."""

from __future__ import annotations

from typing import Final

from sim.engines.compiled import codes, events
from sim.engines.compiled.desks import take
from sim.engines.compiled.fields import area, case, job, partner, pool, task, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.rounding import per_mille_of
from sim.tables import DAY, NEVER, CaseEnd

_STILL_MISSING: Final = int(CaseEnd.STILL_MISSING)
_PREVENTED: Final = int(CaseEnd.PREVENTED)
_UNRECORDED: Final = int(CaseEnd.UNRECORDED)


@helper
def is_heard_of(m: Memory, c: int) -> bool:
    """Tell whether police hear of the episode when it is reported (rules 13.7, 13.8)."""
    the_case = case.at(m, c)
    helped = m[m[world.HELPED] + the_case.child] != 0
    if helped and the_case.prevent_parts < m[world.PREVENTED_PARTS]:
        the_case.end = _PREVENTED
    elif the_case.recorded == 0:
        the_case.end = _UNRECORDED
    return bool(the_case.end == _STILL_MISSING)


@helper
def graded(m: Memory, j: int, c: int) -> None:
    """What is known of earlier episodes, and whether there were many (rules 13.5, 13.6)."""
    the_case = case.at(m, c)
    the_job = job.at(m, j)
    if m[m[world.INFORMED] + the_case.child] != 0 and the_job.research_seconds != NEVER:
        the_job.research_seconds = per_mille_of(the_job.research_seconds, m[world.KNOWN_PER_MILLE])
    after = m[world.REFERRAL_AFTER]
    if after != NEVER and the_case.previous_90_days >= after - 1:
        take(
            m, m[world.REFERRAL_POOL], j, task.REFERRAL, m[world.REFERRAL_SECONDS], codes.NO_NUMBER
        )


@helper
def child_is_safe(m: Memory, c: int) -> None:
    """A case may be discussed at once, and its return home interview offered (13.2, 13.4)."""
    if case.at(m, c).discussed_at != NEVER:
        _offer(m, c)
    elif m[world.COORDINATOR] == 0:
        _discussed(m, c)


@helper
def ppn_sent(m: Memory, c: int) -> None:
    """The PPN is sent, and MASH has it (rule 13.1)."""
    the_case = case.at(m, c)
    the_case.ppn_at = m[world.NOW]
    take(m, m[world.MASH], the_case.job, task.MASH, the_case.mash_seconds, codes.NO_NUMBER)


@helper
def no_ppn(m: Memory, c: int) -> None:
    """The units of the interview send none: a supervisor asks for it later (rule 12.5)."""
    if m[world.MASH_SUPERVISOR] != 0:
        _due(m, c, m[world.PROMPT_AFTER], partner.PROMPT)


@helper
def partner_due(m: Memory, c: int, number: int) -> None:
    """What was to come after a while has come."""
    the_case = case.at(m, c)
    now, j = m[world.NOW], the_case.job
    if number == partner.STRATEGY:
        the_case.strategy_at = now
        _due(m, c, the_case.minutes_after_seconds, partner.MINUTES)
    elif number == partner.MINUTES:
        the_case.minutes_at = now
    elif number == partner.OUTSIDE:
        _interview_complete(m, c)
    elif number == partner.SENT_ON:
        the_case.shared_at = now
    elif number == partner.ANSWER:
        _decided(m, c)
    elif number == partner.PROMPT:
        take(m, m[world.MASH_SUPERVISOR], j, task.PROMPT, m[world.PROMPT_SECONDS], codes.NO_NUMBER)
    elif the_case.outside_seconds != NEVER:
        _due(m, c, the_case.outside_seconds, partner.OUTSIDE)
    else:
        workers = area.at(m, m[world.AREAS] + area.SIZE * job.at(m, j).area).workers
        take(m, workers, j, task.RETURN_INTERVIEW, the_case.rhi_seconds, codes.NO_NUMBER)


@helper
def step_complete(m: Memory, c: int, step: int) -> None:
    """A step of this section at a desk, or in nobody's time, is complete."""
    the_case = case.at(m, c)
    now, j = m[world.NOW], the_case.job
    if step == task.PROMPT:
        take(m, m[world.LATE_PPN_POOL], j, task.LATE_PPN, the_case.ppn_seconds, codes.NO_NUMBER)
    elif step == task.LATE_PPN:
        ppn_sent(m, c)
    elif step == task.MASH:
        if the_case.sent_on_seconds == 0:
            the_case.shared_at = now
        else:
            _due(m, c, the_case.sent_on_seconds, partner.SENT_ON)
    elif step == task.MEETING:
        _discussed(m, c)
    elif step == task.REFERRAL:
        the_case.referred_at = now
        _remember(m, world.HELPED, c)
    elif step == task.RETURN_INTERVIEW:
        _interview_complete(m, c)


@helper
def begin_meetings(m: Memory) -> None:
    """Rule 13.2: the first of the daily meetings."""
    if m[world.MEETING_AT] != NEVER and m[world.COORDINATOR] != 0 and m[world.CASE_COUNT] > 0:
        now = m[world.NOW]
        first = now + (m[world.MEETING_AT] - now) % DAY
        events.schedule(
            m,
            first,
            events.MEETING,
            codes.NO_THING,
            codes.NO_NUMBER,
            events.MEETING_DUE,
            codes.NO_THING,
        )


@helper
def meeting_due(m: Memory) -> None:
    """Rule 13.2: each case that is known, and on no list yet, is put on one."""
    now, desk = m[world.NOW], m[world.COORDINATOR]
    events.schedule(
        m,
        now + DAY,
        events.MEETING,
        codes.NO_THING,
        codes.NO_NUMBER,
        events.MEETING_DUE,
        codes.NO_THING,
    )
    if pool.at(m, desk).on_duty == 0:
        return
    for place in range(m[world.CASES], m[world.CASES] + m[world.CASE_COUNT]):
        c = m[place]
        the_case = case.at(m, c)
        j = the_case.job
        the_job = job.at(m, j)
        if (
            the_case.listed == 0
            and the_job.kind == job.INCIDENT
            and the_job.reported_at <= now
            and the_case.end == _STILL_MISSING
        ):
            the_case.listed = 1
            take(m, desk, j, task.MEETING, m[world.MEETING_SECONDS], codes.NO_NUMBER)


@helper
def _discussed(m: Memory, c: int) -> None:
    """Rule 13.10: where the child is of another authority, when that has answered."""
    answer = case.at(m, c).answer_seconds
    if answer == 0:
        _decided(m, c)
    else:
        _due(m, c, answer, partner.ANSWER)


@helper
def _decided(m: Memory, c: int) -> None:
    """Rules 13.3, 13.4 and 13.10."""
    the_case = case.at(m, c)
    the_case.discussed_at = m[world.NOW]
    outside = the_case.outside_seconds != NEVER
    held = m[world.STRATEGY_HELD_OUTSIDE] if outside else m[world.STRATEGY_HELD]
    if the_case.strategy_parts < held:
        _due(m, c, the_case.strategy_after_seconds, partner.STRATEGY)
    if the_case.safe != 0:
        _offer(m, c)


@helper
def _offer(m: Memory, c: int) -> None:
    """Rule 13.4."""
    the_case = case.at(m, c)
    if the_case.rhi_offered == 0 or the_case.offered_at != NEVER:
        return
    the_case.offered_at = m[world.NOW]
    if the_case.rhi_accepted != 0:
        _due(m, c, the_case.rhi_wait_seconds, partner.INTERVIEW)


@helper
def _interview_complete(m: Memory, c: int) -> None:
    the_case = case.at(m, c)
    the_case.completed_at = m[world.NOW]
    _remember(m, world.HELPED, c)
    if the_case.informs != 0:
        _remember(m, world.INFORMED, c)


@helper
def _remember(m: Memory, what: int, c: int) -> None:
    """Note it of the child; child 0 is nobody (rule 13.9)."""
    the_case = case.at(m, c)
    if the_case.child != 0:
        m[m[what] + the_case.child] = 1


@helper
def _due(m: Memory, c: int, seconds: int, number: int) -> None:
    until, key = m[world.NOW] + seconds, case.at(m, c).key
    events.schedule(m, until, events.PARTNER, key, number, events.PARTNER_DUE, c)
