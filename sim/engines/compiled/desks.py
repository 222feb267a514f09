"""Desk pools: people who take one task after another from a queue (rules 2.1, 3.4, 3.5, 12.6)."""

from __future__ import annotations

from typing import Final

from sim.engines.compiled import codes, events, journal
from sim.engines.compiled.fields import area, case, job, pool, task, unit, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.lists import insert, remove
from sim.engines.compiled.memory import give_back, new_task
from sim.engines.compiled.ranks import class_of_case, rank_of
from sim.engines.compiled.task_queue import joined, without_first
from sim.tables import NEVER

_STEPS: Final = 1_000
"""More than there are steps: urgency and step are one number."""
_LATER: Final = 4
"""More than there are origins: a call's place and origin are one number."""


@helper
def ask(m: Memory, d: int, j: int, step: int, seconds: int, number: int) -> int:
    """Queue a piece of work at a desk and return the task; it is ordered as it joins (rule 3.4)."""
    the_pool = pool.at(m, d)
    t = _made(m, j, step, seconds, number)
    task.at(m, t).desk = d
    _order(m, t)
    the_pool.queue = joined(m, the_pool.queue, t)
    if the_pool.idle_count > 0:
        _to_be_handed_out(m, d)
    return t


@helper
def take(m: Memory, d: int, j: int, step: int, seconds: int, number: int) -> int:
    """Queue a step at a desk, or begin it in nobody's time where there is none (rule 12.6)."""
    if d != 0:
        return ask(m, d, j, step, seconds, number)
    t = _made(m, j, step, seconds, number)
    task.at(m, t).begun_at = m[world.NOW]
    _ends(m, t)
    return t


@helper
def release(m: Memory, t: int) -> None:
    """The work is done, and its worker is free for the next task or for going home."""
    the_task = task.at(m, t)
    if the_task.desk == 0:
        return
    write_work(m, t, m[world.NOW], codes.DONE)
    u = the_task.worker
    the_unit = unit.at(m, u)
    the_unit.task = 0
    if the_unit.off_duty == 0:
        _become_free(m, u)


@helper
def drop(m: Memory, t: int, why: int) -> None:
    """Nobody is to begin this task any more (rules 6.8, 12.1); one that is begun goes on."""
    the_task = task.at(m, t)
    if the_task.begun_at == NEVER and the_task.dropped == 0:
        the_task.dropped = 1
        _write_wait(m, t, m[world.NOW], why)


@helper
def come_on(m: Memory, u: int) -> None:
    """A worker's shift begins."""
    pool.at(m, unit.at(m, u).pool).on_duty += 1
    _become_free(m, u)


@helper
def go_off(m: Memory, u: int) -> None:
    """A worker's shift ends; a task in hand is finished first (rule 3.5)."""
    the_unit = unit.at(m, u)
    d = the_unit.pool
    the_pool = pool.at(m, d)
    the_pool.on_duty -= 1
    the_unit.off_duty = 1
    if the_unit.task == 0:
        remove(m, the_pool.idle, d + pool.IDLE_COUNT, u)


@helper
def hand_out_tasks(m: Memory) -> None:
    """Rules 1.4 and 3.5: each desk in turn, until it has no task or no free worker."""
    m[world.DESKS_CHANGED] = 0
    for place in range(m[world.DESKS], m[world.DESKS] + m[world.DESK_COUNT]):
        d = m[place]
        the_pool = pool.at(m, d)
        if the_pool.changed == 0:
            continue
        the_pool.changed = 0
        while the_pool.queue != 0 and the_pool.idle_count > 0:
            t = the_pool.queue
            if the_pool.idle_count <= the_pool.kept and not _is_taken_by_all(m, t):
                break
            the_pool.queue = without_first(m, t)
            if task.at(m, t).dropped == 0:
                _begin(m, t, d)
            else:
                give_back(m, t)


@helper
def _is_taken_by_all(m: Memory, t: int) -> bool:
    """Tell whether those take it, too, who are kept for 999 (rule 2.9); nobody, if dropped."""
    the_task = task.at(m, t)
    return bool(the_task.urgency == -_STEPS or the_task.dropped != 0)


@helper
def first_on_duty(m: Memory, desks: int, count: int) -> int:
    """Return the first of these desks with anyone on duty, else the last (rule 3.3); 0: none."""
    for place in range(desks, desks + count):
        if pool.at(m, m[place]).on_duty > 0:
            return int(m[place])
    if count == 0:
        return 0
    return int(m[desks + count - 1])


@helper
def write_unfinished(m: Memory, end: int) -> None:
    """Write what is waited for or worked on when the follow-up ends (rule 1.6)."""
    for place in range(m[world.DESKS], m[world.DESKS] + m[world.DESK_COUNT]):
        d = m[place]
        the_pool = pool.at(m, d)
        while the_pool.queue != 0:
            t = the_pool.queue
            the_pool.queue = without_first(m, t)
            if task.at(m, t).dropped == 0:
                _write_wait(m, t, end, codes.STILL_GOING)


@helper
def write_work(m: Memory, t: int, now: int, why: int) -> None:
    """Write the work on a task, up to now."""
    the_task = task.at(m, t)
    journal.write(
        m,
        job.at(m, the_task.job).key,
        pool.at(m, the_task.desk).code,
        unit.at(m, the_task.worker).key,
        codes.WORK_OF_STEP[min(the_task.step, task.CASE_REVIEW)],
        the_task.number,
        the_task.begun_at,
        now,
        why,
    )


@helper
def origin_now(m: Memory, j: int) -> int:
    """Return how it is reported; who has hung up may report online (rule 2.10b)."""
    the_job = job.at(m, j)
    if the_job.hung_up_at != NEVER and the_job.after_hang_up == codes.GOES_ONLINE:
        return codes.ONLINE
    return int(the_job.origin)


@helper
def line_begins(m: Memory, c: int) -> None:
    """Somebody begins to work on a line of enquiry (rule 11.5)."""
    the_case = case.at(m, c)
    if the_case.first_line_at == NEVER:
        the_case.first_line_at = m[world.NOW]


@helper
def dispatchers_of(m: Memory, j: int) -> int:
    """Return the desk that allocates for the job's area; 0: allocation needs nobody (rule 6.8)."""
    return int(area.at(m, m[world.AREAS] + area.SIZE * job.at(m, j).area).dispatchers)


@helper
def _made(m: Memory, j: int, step: int, seconds: int, number: int) -> int:
    t = new_task(m)
    the_task = task.at(m, t)
    the_task.job = j
    the_task.step = step
    the_task.seconds = seconds
    the_task.number = number
    the_task.asked_at = m[world.NOW]
    the_task.begun_at = NEVER
    the_task.desk = 0
    the_task.worker = 0
    the_task.dropped = 0
    for field in range(task.URGENCY, task.MORE + 1):
        m[t + field] = 0
    return t


@helper
def _order(m: Memory, t: int) -> None:
    """Rules 2.1, 2.8 and 2.10b for calls, 3.4 and 12.6 for the rest."""
    the_task = task.at(m, t)
    j, step = the_task.job, the_task.step
    the_job = job.at(m, j)
    if step == task.CALL:
        the_task.urgency = -_STEPS + origin_now(m, j)
        if _is_passed_on_later(m, j, the_task.number):
            the_task.urgency += _LATER
        the_task.first = the_job.reported_at
        if the_job.hung_up_at != NEVER:
            the_task.first = the_job.hung_up_at + the_job.again_seconds
        the_task.second = the_job.key
        return
    the_task.urgency = _STEPS * _urgency(m, j, step) + step
    if step == task.ALLOCATION:
        the_task.first = rank_of(m, j)
        the_task.second = the_job.missing_place
        the_task.third = the_job.reported_at
        the_task.fourth = the_job.key
        the_task.fifth = the_task.number
    else:
        the_task.first = the_task.asked_at
        the_task.second = the_job.key
        the_task.third = the_task.number


@helper
def _is_passed_on_later(m: Memory, j: int, number: int) -> bool:
    """Rule 2.8: at call takers, calls that are not passed at once stand behind the others."""
    the_job = job.at(m, j)
    return bool(
        m[world.SWITCHBOARD] != 0
        and number != codes.SWITCH
        and the_job.origin != codes.EMERGENCY
        and the_job.passed_at_once == 0
    )


@helper
def _urgency(m: Memory, j: int, step: int) -> int:
    the_job = job.at(m, j)
    if step == task.OTHER_WORK:
        return int(the_job.grade)
    if the_job.risk == codes.HIGH:
        return 1
    if step >= task.DESK_LINE and step != task.TELEPHONE:
        return int(m[m[world.ENQUIRY_GRADE] + class_of_case(m, the_job.case)])
    return int(the_job.grade)


@helper
def _to_be_handed_out(m: Memory, d: int) -> None:
    pool.at(m, d).changed = 1
    m[world.DESKS_CHANGED] = 1
    m[world.ROUND_ENDS] = 1


@helper
def _become_free(m: Memory, u: int) -> None:
    d = unit.at(m, u).pool
    the_pool = pool.at(m, d)
    insert(m, the_pool.idle, d + pool.IDLE_COUNT, u)
    if the_pool.queue != 0:
        _to_be_handed_out(m, d)


@helper
def _begin(m: Memory, t: int, d: int) -> None:
    the_pool = pool.at(m, d)
    the_task = task.at(m, t)
    now, j, step = m[world.NOW], the_task.job, the_task.step
    the_job = job.at(m, j)
    u = m[the_pool.idle]
    remove(m, the_pool.idle, d + pool.IDLE_COUNT, u)
    the_task.begun_at = now
    the_task.worker = u
    unit.at(m, u).task = t
    _write_wait(m, t, now, codes.DONE)
    if step in (task.OTHER_WORK, task.CALL):
        if the_job.answered_at == NEVER:
            the_job.answered_at = now
    elif step == task.DESK_LINE:
        line_begins(m, the_job.case)
    _ends(m, t)


@helper
def _ends(m: Memory, t: int) -> None:
    the_task = task.at(m, t)
    events.schedule(
        m,
        m[world.NOW] + the_task.seconds,
        events.DESK_TASK_ENDS,
        job.at(m, the_task.job).key,
        the_task.step,
        events.TASK_DONE,
        t,
    )


@helper
def _write_wait(m: Memory, t: int, now: int, why: int) -> None:
    the_task = task.at(m, t)
    journal.write_wait(
        m,
        job.at(m, the_task.job).key,
        pool.at(m, the_task.desk).code,
        codes.WAIT_OF_STEP[min(the_task.step, task.CASE_REVIEW)],
        the_task.number,
        the_task.asked_at,
        now,
        why,
    )
