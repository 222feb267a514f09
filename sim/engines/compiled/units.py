"""Units: who is idle, what a unit does after a scene, breaks (rules 5.1 to 5.4, 6.4)."""

from __future__ import annotations

from sim.engines.compiled import codes, events, journal
from sim.engines.compiled.fields import case, job, pool, unit, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.lists import insert, remove
from sim.engines.compiled.ownership import look_at_owner
from sim.engines.compiled.partners import ppn_sent
from sim.engines.compiled.signals import nothing_happens, to_be_had_by
from sim.tables import NEVER


@helper
def come_on(m: Memory, u: int) -> None:
    """A unit's shift begins; a break that was due before has been had (rules 1.6, 5.4)."""
    the_unit = unit.at(m, u)
    p, break_at = the_unit.pool, the_unit.break_at
    pool.at(m, p).on_duty += 1
    look_at_owner(m, p)
    to_come = break_at != NEVER and break_at >= m[world.NOW]
    the_unit.had_break = 0 if to_come else 1
    _become_free(m, u)
    if to_come:
        key = the_unit.key
        events.schedule(m, break_at, events.BREAK, key, codes.NO_NUMBER, events.BREAK_DUE, u)


@helper
def go_off(m: Memory, u: int) -> None:
    """A unit's shift ends; one that is idle or on a break leaves (rule 8.1)."""
    the_unit = unit.at(m, u)
    p = the_unit.pool
    the_pool = pool.at(m, p)
    the_pool.on_duty -= 1
    look_at_owner(m, p)
    if the_pool.reserve > 0:
        # The fewer are on duty, the fewer may be kept.
        to_be_had_by(m, m[world.EVERY_GRADE])
    state = the_unit.state
    if state in (unit.IDLE, unit.ON_BREAK):
        _leave_state(m, u, codes.SHIFT_ENDED)
        the_unit.state = unit.OFF


@helper
def take(m: Memory, u: int) -> None:
    """Earmark a unit for a job (rules 5.2, 6.8)."""
    _leave_state(m, u, codes.INTERRUPTED)
    the_unit = unit.at(m, u)
    # One that is diverted goes from job to job.
    if the_unit.state != unit.WITH_A_JOB:
        the_unit.state = unit.WITH_A_JOB
        pool.at(m, the_unit.pool).with_a_job += 1


@helper
def let_go(m: Memory, u: int) -> None:
    """A unit has lost its job, and takes up the writing that it had left (rule 5.3)."""
    pool.at(m, unit.at(m, u).pool).with_a_job -= 1
    _write_up_or_become_free(m, u)


@helper
def finish(m: Memory, u: int, j: int, ppn: int) -> None:
    """A unit has finished a job; custody work and writing follow (rule 5.3).

    Parameters
    ----------
    ppn
        The case whose PPN the unit writes (rule 12.5); 0: none.
    """
    the_job = job.at(m, j)
    the_unit = unit.at(m, u)
    the_pool = pool.at(m, the_unit.pool)
    the_pool.with_a_job -= 1
    the_pool.cleared_at = m[world.NOW]
    if the_job.custody_seconds == 0:
        _finish_writing(m, u, j, ppn)
        return
    the_unit.state = unit.CUSTODY
    the_unit.since = m[world.NOW]
    the_unit.custody_job = j
    the_unit.custody_ppn = ppn
    _work_ends(m, u, the_job.custody_seconds, events.END_CUSTODY)


@helper
def custody_ends(m: Memory, u: int) -> None:
    """The end of custody work; then comes the writing."""
    the_unit = unit.at(m, u)
    write_custody(m, u, m[world.NOW], codes.DONE)
    _finish_writing(m, u, the_unit.custody_job, the_unit.custody_ppn)


@helper
def writing_ends(m: Memory, u: int) -> None:
    """The end of writing, unless it was broken off (rule 1.5)."""
    the_unit = unit.at(m, u)
    now, p = m[world.NOW], the_unit.pool
    if the_unit.state != unit.WRITING or the_unit.since + the_unit.writing_left != now:
        nothing_happens(m)
        return
    remove(m, pool.at(m, p).writing, p + pool.WRITING_COUNT, u)
    write_writing(m, u, now, codes.DONE)
    the_unit.writing_left = 0
    _send_ppns(m, u)
    _become_free(m, u)


@helper
def break_ends(m: Memory, u: int) -> None:
    """The end of a break, unless it was broken off; a unit has one (rules 1.5, 5.4)."""
    if unit.at(m, u).state == unit.ON_BREAK:
        _leave_state(m, u, codes.DONE)
        _become_free(m, u)
    else:
        nothing_happens(m)


@helper
def break_due(m: Memory, u: int) -> None:
    """An idle unit takes its break; another when it next becomes idle (rule 5.4)."""
    if unit.at(m, u).state == unit.IDLE:
        _leave_state(m, u, codes.DONE)
        _become_free(m, u)


@helper
def write_unfinished(m: Memory, u: int, end: int) -> None:
    """Write what the unit does on its own when the follow-up ends (rule 1.6)."""
    state = unit.at(m, u).state
    if state == unit.ON_BREAK:
        _write_break(m, u, end, codes.STILL_GOING)
    elif state == unit.WRITING:
        write_writing(m, u, end, codes.STILL_GOING)
    elif state == unit.CUSTODY:
        write_custody(m, u, end, codes.STILL_GOING)


@helper
def write_writing(m: Memory, u: int, now: int, why: int) -> None:
    """Write a stretch of writing, under the latest incident that brought any (rule 5.3)."""
    _write(m, u, unit.at(m, u).writing_for, codes.WRITING, now, why)


@helper
def write_custody(m: Memory, u: int, now: int, why: int) -> None:
    """Write a stretch of custody work."""
    _write(m, u, job.at(m, unit.at(m, u).custody_job).key, codes.CUSTODY, now, why)


@helper
def _finish_writing(m: Memory, u: int, j: int, ppn: int) -> None:
    the_unit = unit.at(m, u)
    the_job = job.at(m, j)
    seconds = the_job.writing_seconds
    if ppn != 0:
        seconds += _ppn_seconds(m, ppn)
        _add_ppn(m, u, ppn)
    if seconds > 0:
        the_unit.writing_left += seconds
        the_unit.writing_for = the_job.key
    _write_up_or_become_free(m, u)


@helper
def _ppn_seconds(m: Memory, c: int) -> int:
    """Where the interview was the first attendance, its writing is the PPN (rule 12.5)."""
    the_case = case.at(m, c)
    j = the_case.job
    the_job = job.at(m, j)
    if the_job.returned != 0 and the_job.return_at < the_job.arrived_at:
        return 0
    return int(the_case.ppn_seconds)


@helper
def _add_ppn(m: Memory, u: int, c: int) -> None:
    the_unit = unit.at(m, u)
    case.at(m, c).next_ppn = 0
    if the_unit.first_ppn == 0:
        the_unit.first_ppn = c
    else:
        case.at(m, the_unit.last_ppn).next_ppn = c
    the_unit.last_ppn = c


@helper
def _send_ppns(m: Memory, u: int) -> None:
    """Rule 12.5: what the unit had to write is written."""
    the_unit = unit.at(m, u)
    c = the_unit.first_ppn
    the_unit.first_ppn = 0
    while c != 0:
        following = case.at(m, c).next_ppn
        ppn_sent(m, c)
        c = following


@helper
def _write_up_or_become_free(m: Memory, u: int) -> None:
    the_unit = unit.at(m, u)
    p = the_unit.pool
    if the_unit.writing_left > 0:
        the_unit.state = unit.WRITING
        the_unit.since = m[world.NOW]
        insert(m, pool.at(m, p).writing, p + pool.WRITING_COUNT, u)
        to_be_had_by(m, m[world.WRITING_INTERRUPTED])
        _work_ends(m, u, the_unit.writing_left, events.END_WRITING)
    else:
        _send_ppns(m, u)
        _become_free(m, u)


@helper
def _become_free(m: Memory, u: int) -> None:
    """A unit is idle, or has its break, or leaves (rules 5.4, 8.1)."""
    the_unit = unit.at(m, u)
    now, p, off_at = m[world.NOW], the_unit.pool, the_unit.off_at
    the_pool = pool.at(m, p)
    the_unit.since = now
    if off_at <= now:
        the_unit.state = unit.OFF
    elif (
        the_unit.had_break == 0
        and the_unit.break_at <= now
        and now + the_unit.break_seconds <= off_at
    ):
        the_unit.state = unit.ON_BREAK
        the_unit.had_break = 1
        insert(m, the_pool.on_break, p + pool.BREAK_COUNT, u)
        to_be_had_by(m, m[world.BREAK_INTERRUPTED])
        _work_ends(m, u, the_unit.break_seconds, events.END_BREAK)
    else:
        the_unit.state = unit.IDLE
        insert(m, the_pool.idle, p + pool.IDLE_COUNT, u)
        to_be_had_by(m, m[world.EVERY_GRADE])


@helper
def _leave_state(m: Memory, u: int, why: int) -> None:
    """End what the unit does on its own; what is left of its writing is kept (rule 5.3)."""
    the_unit = unit.at(m, u)
    now, p, state = m[world.NOW], the_unit.pool, the_unit.state
    the_pool = pool.at(m, p)
    if state == unit.IDLE:
        remove(m, the_pool.idle, p + pool.IDLE_COUNT, u)
    elif state == unit.ON_BREAK:
        remove(m, the_pool.on_break, p + pool.BREAK_COUNT, u)
        _write_break(m, u, now, why)
    elif state == unit.WRITING:
        remove(m, the_pool.writing, p + pool.WRITING_COUNT, u)
        write_writing(m, u, now, why)
        the_unit.writing_left -= now - the_unit.since


@helper
def _work_ends(m: Memory, u: int, seconds: int, action: int) -> None:
    until = m[world.NOW] + seconds
    events.schedule(m, until, events.WORK_ENDS, unit.at(m, u).key, codes.NO_NUMBER, action, u)


@helper
def _write_break(m: Memory, u: int, now: int, why: int) -> None:
    _write(m, u, codes.NOBODY, codes.BREAK, now, why)


@helper
def _write(m: Memory, u: int, incident: int, kind: int, now: int, why: int) -> None:
    the_unit = unit.at(m, u)
    code = pool.at(m, the_unit.pool).code
    journal.write(m, incident, code, the_unit.key, kind, codes.NO_NUMBER, the_unit.since, now, why)
