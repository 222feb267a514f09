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
    helped = m[m[world.HELPED] + m[c + case.CHILD]] != 0
    if helped and m[c + case.PREVENT_PARTS] < m[world.PREVENTED_PARTS]:
        m[c + case.END] = _PREVENTED
    elif m[c + case.RECORDED] == 0:
        m[c + case.END] = _UNRECORDED
    return bool(m[c + case.END] == _STILL_MISSING)


@helper
def graded(m: Memory, j: int, c: int) -> None:
    """What is known of earlier episodes, and whether there were many (rules 13.5, 13.6)."""
    if m[m[world.INFORMED] + m[c + case.CHILD]] != 0 and m[j + job.RESEARCH_SECONDS] != NEVER:
        m[j + job.RESEARCH_SECONDS] = per_mille_of(
            m[j + job.RESEARCH_SECONDS], m[world.KNOWN_PER_MILLE]
        )
    after = m[world.REFERRAL_AFTER]
    if after != NEVER and m[c + case.PREVIOUS_90_DAYS] >= after - 1:
        take(
            m, m[world.REFERRAL_POOL], j, task.REFERRAL, m[world.REFERRAL_SECONDS], codes.NO_NUMBER
        )


@helper
def child_is_safe(m: Memory, c: int) -> None:
    """A case may be discussed at once, and its return home interview offered (13.2, 13.4)."""
    if m[c + case.DISCUSSED_AT] != NEVER:
        _offer(m, c)
    elif m[world.COORDINATOR] == 0:
        _discussed(m, c)


@helper
def ppn_sent(m: Memory, c: int) -> None:
    """The PPN is sent, and MASH has it (rule 13.1)."""
    m[c + case.PPN_AT] = m[world.NOW]
    take(m, m[world.MASH], m[c + case.JOB], task.MASH, m[c + case.MASH_SECONDS], codes.NO_NUMBER)


@helper
def no_ppn(m: Memory, c: int) -> None:
    """The units of the interview send none: a supervisor asks for it later (rule 12.5)."""
    if m[world.MASH_SUPERVISOR] != 0:
        _due(m, c, m[world.PROMPT_AFTER], partner.PROMPT)


@helper
def partner_due(m: Memory, c: int, number: int) -> None:
    """What was to come after a while has come."""
    now, j = m[world.NOW], m[c + case.JOB]
    if number == partner.STRATEGY:
        m[c + case.STRATEGY_AT] = now
        _due(m, c, m[c + case.MINUTES_AFTER_SECONDS], partner.MINUTES)
    elif number == partner.MINUTES:
        m[c + case.MINUTES_AT] = now
    elif number == partner.OUTSIDE:
        _interview_complete(m, c)
    elif number == partner.PROMPT:
        take(m, m[world.MASH_SUPERVISOR], j, task.PROMPT, m[world.PROMPT_SECONDS], codes.NO_NUMBER)
    elif m[c + case.OUTSIDE_SECONDS] != NEVER:
        _due(m, c, m[c + case.OUTSIDE_SECONDS], partner.OUTSIDE)
    else:
        workers = m[m[world.AREAS] + area.SIZE * m[j + job.AREA] + area.WORKERS]
        take(m, workers, j, task.RETURN_INTERVIEW, m[c + case.RHI_SECONDS], codes.NO_NUMBER)


@helper
def step_complete(m: Memory, c: int, step: int) -> None:
    """A step of this section at a desk, or in nobody's time, is complete."""
    now, j = m[world.NOW], m[c + case.JOB]
    if step == task.PROMPT:
        take(m, m[world.LATE_PPN_POOL], j, task.LATE_PPN, m[c + case.PPN_SECONDS], codes.NO_NUMBER)
    elif step == task.LATE_PPN:
        ppn_sent(m, c)
    elif step == task.MASH:
        m[c + case.SHARED_AT] = now
    elif step == task.MEETING:
        _discussed(m, c)
    elif step == task.REFERRAL:
        m[c + case.REFERRED_AT] = now
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
    if m[desk + pool.ON_DUTY] == 0:
        return
    for place in range(m[world.CASES], m[world.CASES] + m[world.CASE_COUNT]):
        c = m[place]
        j = m[c + case.JOB]
        if (
            m[c + case.LISTED] == 0
            and m[j + job.KIND] == job.INCIDENT
            and m[j + job.REPORTED_AT] <= now
            and m[c + case.END] == _STILL_MISSING
        ):
            m[c + case.LISTED] = 1
            take(m, desk, j, task.MEETING, m[world.MEETING_SECONDS], codes.NO_NUMBER)


@helper
def _discussed(m: Memory, c: int) -> None:
    """Rules 13.3 and 13.4."""
    m[c + case.DISCUSSED_AT] = m[world.NOW]
    if m[c + case.STRATEGY_PARTS] < m[world.STRATEGY_HELD]:
        _due(m, c, m[c + case.STRATEGY_AFTER_SECONDS], partner.STRATEGY)
    if m[c + case.SAFE] != 0:
        _offer(m, c)


@helper
def _offer(m: Memory, c: int) -> None:
    """Rule 13.4."""
    if m[c + case.RHI_OFFERED] == 0 or m[c + case.OFFERED_AT] != NEVER:
        return
    m[c + case.OFFERED_AT] = m[world.NOW]
    if m[c + case.RHI_ACCEPTED] != 0:
        _due(m, c, m[c + case.RHI_WAIT_SECONDS], partner.INTERVIEW)


@helper
def _interview_complete(m: Memory, c: int) -> None:
    m[c + case.COMPLETED_AT] = m[world.NOW]
    _remember(m, world.HELPED, c)
    if m[c + case.INFORMS] != 0:
        _remember(m, world.INFORMED, c)


@helper
def _remember(m: Memory, what: int, c: int) -> None:
    """Note it of the child; child 0 is nobody (rule 13.9)."""
    if m[c + case.CHILD] != 0:
        m[m[what] + m[c + case.CHILD]] = 1


@helper
def _due(m: Memory, c: int, seconds: int, number: int) -> None:
    until, key = m[world.NOW] + seconds, m[c + case.KEY]
    events.schedule(m, until, events.PARTNER, key, number, events.PARTNER_DUE, c)
