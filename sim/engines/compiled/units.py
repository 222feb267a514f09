"""Units: who is idle, what a unit does after a scene, breaks (rules 5.1 to 5.4, 6.4)."""

from __future__ import annotations

from sim.engines.compiled import codes, events, journal
from sim.engines.compiled.fields import case, job, pool, unit, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.lists import insert, remove
from sim.engines.compiled.ownership import look_at_owner
from sim.engines.compiled.partners import ppn_sent
from sim.engines.compiled.signals import to_be_had_by
from sim.tables import NEVER


@helper
def come_on(m: Memory, u: int) -> None:
    """A unit's shift begins; a break that was due before has been had (rules 1.6, 5.4)."""
    p, break_at = m[u + unit.POOL], m[u + unit.BREAK_AT]
    m[p + pool.ON_DUTY] += 1
    look_at_owner(m, p)
    to_come = break_at != NEVER and break_at >= m[world.NOW]
    m[u + unit.HAD_BREAK] = 0 if to_come else 1
    _become_free(m, u)
    if to_come:
        key = m[u + unit.KEY]
        events.schedule(m, break_at, events.BREAK, key, codes.NO_NUMBER, events.BREAK_DUE, u)


@helper
def go_off(m: Memory, u: int) -> None:
    """A unit's shift ends; one that is idle or on a break leaves (rule 8.1)."""
    p = m[u + unit.POOL]
    m[p + pool.ON_DUTY] -= 1
    look_at_owner(m, p)
    if m[p + pool.RESERVE] > 0:
        # The fewer are on duty, the fewer may be kept.
        to_be_had_by(m, m[world.EVERY_GRADE])
    state = m[u + unit.STATE]
    if state in (unit.IDLE, unit.ON_BREAK):
        _leave_state(m, u, codes.SHIFT_ENDED)
        m[u + unit.STATE] = unit.OFF


@helper
def take(m: Memory, u: int) -> None:
    """Earmark a unit for a job (rules 5.2, 6.8)."""
    _leave_state(m, u, codes.INTERRUPTED)
    m[u + unit.STATE] = unit.WITH_A_JOB


@helper
def let_go(m: Memory, u: int) -> None:
    """A unit has lost its job, and takes up the writing that it had left (rule 5.3)."""
    _write_up_or_become_free(m, u)


@helper
def finish(m: Memory, u: int, j: int, ppn: int) -> None:
    """A unit has finished a job; custody work and writing follow (rule 5.3).

    Parameters
    ----------
    ppn
        The case whose PPN the unit writes (rule 12.5); 0: none.
    """
    if m[j + job.CUSTODY_SECONDS] == 0:
        _finish_writing(m, u, j, ppn)
        return
    m[u + unit.STATE] = unit.CUSTODY
    m[u + unit.SINCE] = m[world.NOW]
    m[u + unit.CUSTODY_JOB] = j
    m[u + unit.CUSTODY_PPN] = ppn
    _work_ends(m, u, m[j + job.CUSTODY_SECONDS], events.END_CUSTODY)


@helper
def custody_ends(m: Memory, u: int) -> None:
    """The end of custody work; then comes the writing."""
    write_custody(m, u, m[world.NOW], codes.DONE)
    _finish_writing(m, u, m[u + unit.CUSTODY_JOB], m[u + unit.CUSTODY_PPN])


@helper
def writing_ends(m: Memory, u: int) -> None:
    """The end of writing, unless it was broken off (rule 1.5)."""
    now, p = m[world.NOW], m[u + unit.POOL]
    if m[u + unit.STATE] != unit.WRITING or m[u + unit.SINCE] + m[u + unit.WRITING_LEFT] != now:
        return
    remove(m, m[p + pool.WRITING], p + pool.WRITING_COUNT, u)
    write_writing(m, u, now, codes.DONE)
    m[u + unit.WRITING_LEFT] = 0
    _send_ppns(m, u)
    _become_free(m, u)


@helper
def break_ends(m: Memory, u: int) -> None:
    """The end of a break, unless it was broken off; a unit has one (rules 1.5, 5.4)."""
    if m[u + unit.STATE] == unit.ON_BREAK:
        _leave_state(m, u, codes.DONE)
        _become_free(m, u)


@helper
def break_due(m: Memory, u: int) -> None:
    """An idle unit takes its break; another when it next becomes idle (rule 5.4)."""
    if m[u + unit.STATE] == unit.IDLE:
        _leave_state(m, u, codes.DONE)
        _become_free(m, u)


@helper
def write_unfinished(m: Memory, u: int, end: int) -> None:
    """Write what the unit does on its own when the follow-up ends (rule 1.6)."""
    state = m[u + unit.STATE]
    if state == unit.ON_BREAK:
        _write_break(m, u, end, codes.STILL_GOING)
    elif state == unit.WRITING:
        write_writing(m, u, end, codes.STILL_GOING)
    elif state == unit.CUSTODY:
        write_custody(m, u, end, codes.STILL_GOING)


@helper
def write_writing(m: Memory, u: int, now: int, why: int) -> None:
    """Write a stretch of writing, under the latest incident that brought any (rule 5.3)."""
    _write(m, u, m[u + unit.WRITING_FOR], codes.WRITING, now, why)


@helper
def write_custody(m: Memory, u: int, now: int, why: int) -> None:
    """Write a stretch of custody work."""
    _write(m, u, m[m[u + unit.CUSTODY_JOB] + job.KEY], codes.CUSTODY, now, why)


@helper
def _finish_writing(m: Memory, u: int, j: int, ppn: int) -> None:
    seconds = m[j + job.WRITING_SECONDS]
    if ppn != 0:
        seconds += _ppn_seconds(m, ppn)
        _add_ppn(m, u, ppn)
    if seconds > 0:
        m[u + unit.WRITING_LEFT] += seconds
        m[u + unit.WRITING_FOR] = m[j + job.KEY]
    _write_up_or_become_free(m, u)


@helper
def _ppn_seconds(m: Memory, c: int) -> int:
    """Where the interview was the first attendance, its writing is the PPN (rule 12.5)."""
    j = m[c + case.JOB]
    if m[j + job.RETURNED] != 0 and m[j + job.RETURN_AT] < m[j + job.ARRIVED_AT]:
        return 0
    return int(m[c + case.PPN_SECONDS])


@helper
def _add_ppn(m: Memory, u: int, c: int) -> None:
    m[c + case.NEXT_PPN] = 0
    if m[u + unit.FIRST_PPN] == 0:
        m[u + unit.FIRST_PPN] = c
    else:
        m[m[u + unit.LAST_PPN] + case.NEXT_PPN] = c
    m[u + unit.LAST_PPN] = c


@helper
def _send_ppns(m: Memory, u: int) -> None:
    """Rule 12.5: what the unit had to write is written."""
    c = m[u + unit.FIRST_PPN]
    m[u + unit.FIRST_PPN] = 0
    while c != 0:
        following = m[c + case.NEXT_PPN]
        ppn_sent(m, c)
        c = following


@helper
def _write_up_or_become_free(m: Memory, u: int) -> None:
    p = m[u + unit.POOL]
    if m[u + unit.WRITING_LEFT] > 0:
        m[u + unit.STATE] = unit.WRITING
        m[u + unit.SINCE] = m[world.NOW]
        insert(m, m[p + pool.WRITING], p + pool.WRITING_COUNT, u)
        to_be_had_by(m, m[world.WRITING_INTERRUPTED])
        _work_ends(m, u, m[u + unit.WRITING_LEFT], events.END_WRITING)
    else:
        _send_ppns(m, u)
        _become_free(m, u)


@helper
def _become_free(m: Memory, u: int) -> None:
    """A unit is idle, or has its break, or leaves (rules 5.4, 8.1)."""
    now, p, off_at = m[world.NOW], m[u + unit.POOL], m[u + unit.OFF_AT]
    m[u + unit.SINCE] = now
    if off_at <= now:
        m[u + unit.STATE] = unit.OFF
    elif (
        m[u + unit.HAD_BREAK] == 0
        and m[u + unit.BREAK_AT] <= now
        and now + m[u + unit.BREAK_SECONDS] <= off_at
    ):
        m[u + unit.STATE] = unit.ON_BREAK
        m[u + unit.HAD_BREAK] = 1
        insert(m, m[p + pool.ON_BREAK], p + pool.BREAK_COUNT, u)
        to_be_had_by(m, m[world.BREAK_INTERRUPTED])
        _work_ends(m, u, m[u + unit.BREAK_SECONDS], events.END_BREAK)
    else:
        m[u + unit.STATE] = unit.IDLE
        insert(m, m[p + pool.IDLE], p + pool.IDLE_COUNT, u)
        to_be_had_by(m, m[world.EVERY_GRADE])


@helper
def _leave_state(m: Memory, u: int, why: int) -> None:
    """End what the unit does on its own; what is left of its writing is kept (rule 5.3)."""
    now, p, state = m[world.NOW], m[u + unit.POOL], m[u + unit.STATE]
    if state == unit.IDLE:
        remove(m, m[p + pool.IDLE], p + pool.IDLE_COUNT, u)
    elif state == unit.ON_BREAK:
        remove(m, m[p + pool.ON_BREAK], p + pool.BREAK_COUNT, u)
        _write_break(m, u, now, why)
    elif state == unit.WRITING:
        remove(m, m[p + pool.WRITING], p + pool.WRITING_COUNT, u)
        write_writing(m, u, now, why)
        m[u + unit.WRITING_LEFT] -= now - m[u + unit.SINCE]


@helper
def _work_ends(m: Memory, u: int, seconds: int, action: int) -> None:
    until = m[world.NOW] + seconds
    events.schedule(m, until, events.WORK_ENDS, m[u + unit.KEY], codes.NO_NUMBER, action, u)


@helper
def _write_break(m: Memory, u: int, now: int, why: int) -> None:
    _write(m, u, codes.NOBODY, codes.BREAK, now, why)


@helper
def _write(m: Memory, u: int, incident: int, kind: int, now: int, why: int) -> None:
    code = m[m[u + unit.POOL] + pool.CODE]
    journal.write(
        m, incident, code, m[u + unit.KEY], kind, codes.NO_NUMBER, m[u + unit.SINCE], now, why
    )
