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


@helper
def ask(m: Memory, d: int, j: int, step: int, seconds: int, number: int) -> int:
    """Queue a piece of work at a desk and return the task; it is ordered as it joins (rule 3.4)."""
    t = _made(m, j, step, seconds, number)
    m[t + task.DESK] = d
    _order(m, t)
    m[d + pool.QUEUE] = joined(m, m[d + pool.QUEUE], t)
    if m[d + pool.IDLE_COUNT] > 0:
        _to_be_handed_out(m, d)
    return t


@helper
def take(m: Memory, d: int, j: int, step: int, seconds: int, number: int) -> int:
    """Queue a step at a desk, or begin it in nobody's time where there is none (rule 12.6)."""
    if d != 0:
        return ask(m, d, j, step, seconds, number)
    t = _made(m, j, step, seconds, number)
    m[t + task.BEGUN_AT] = m[world.NOW]
    _ends(m, t)
    return t


@helper
def release(m: Memory, t: int) -> None:
    """The work is done, and its worker is free for the next task or for going home."""
    if m[t + task.DESK] == 0:
        return
    write_work(m, t, m[world.NOW], codes.DONE)
    u = m[t + task.WORKER]
    m[u + unit.TASK] = 0
    if m[u + unit.OFF_DUTY] == 0:
        _become_free(m, u)


@helper
def drop(m: Memory, t: int, why: int) -> None:
    """Nobody is to begin this task any more (rules 6.8, 12.1); one that is begun goes on."""
    if m[t + task.BEGUN_AT] == NEVER and m[t + task.DROPPED] == 0:
        m[t + task.DROPPED] = 1
        _write_wait(m, t, m[world.NOW], why)


@helper
def come_on(m: Memory, u: int) -> None:
    """A worker's shift begins."""
    m[m[u + unit.POOL] + pool.ON_DUTY] += 1
    _become_free(m, u)


@helper
def go_off(m: Memory, u: int) -> None:
    """A worker's shift ends; a task in hand is finished first (rule 3.5)."""
    d = m[u + unit.POOL]
    m[d + pool.ON_DUTY] -= 1
    m[u + unit.OFF_DUTY] = 1
    if m[u + unit.TASK] == 0:
        remove(m, m[d + pool.IDLE], d + pool.IDLE_COUNT, u)


@helper
def hand_out_tasks(m: Memory) -> None:
    """Rules 1.4 and 3.5: each desk in turn, until it has no task or no free worker."""
    m[world.DESKS_CHANGED] = 0
    for place in range(m[world.DESKS], m[world.DESKS] + m[world.DESK_COUNT]):
        d = m[place]
        if m[d + pool.CHANGED] == 0:
            continue
        m[d + pool.CHANGED] = 0
        while m[d + pool.QUEUE] != 0 and m[d + pool.IDLE_COUNT] > 0:
            t = m[d + pool.QUEUE]
            m[d + pool.QUEUE] = without_first(m, t)
            if m[t + task.DROPPED] == 0:
                _begin(m, t, d)
            else:
                give_back(m, t)


@helper
def first_on_duty(m: Memory, desks: int, count: int) -> int:
    """Return the first of these desks with anyone on duty, else the last (rule 3.3); 0: none."""
    for place in range(desks, desks + count):
        if m[m[place] + pool.ON_DUTY] > 0:
            return int(m[place])
    if count == 0:
        return 0
    return int(m[desks + count - 1])


@helper
def write_unfinished(m: Memory, end: int) -> None:
    """Write what is waited for or worked on when the follow-up ends (rule 1.6)."""
    for place in range(m[world.DESKS], m[world.DESKS] + m[world.DESK_COUNT]):
        d = m[place]
        while m[d + pool.QUEUE] != 0:
            t = m[d + pool.QUEUE]
            m[d + pool.QUEUE] = without_first(m, t)
            if m[t + task.DROPPED] == 0:
                _write_wait(m, t, end, codes.STILL_GOING)


@helper
def write_work(m: Memory, t: int, now: int, why: int) -> None:
    """Write the work on a task, up to now."""
    journal.write(
        m,
        m[m[t + task.JOB] + job.KEY],
        m[m[t + task.DESK] + pool.CODE],
        m[m[t + task.WORKER] + unit.KEY],
        codes.WORK_OF_STEP[min(m[t + task.STEP], task.CASE_REVIEW)],
        m[t + task.NUMBER],
        m[t + task.BEGUN_AT],
        now,
        why,
    )


@helper
def line_begins(m: Memory, c: int) -> None:
    """Somebody begins to work on a line of enquiry (rule 11.5)."""
    if m[c + case.FIRST_LINE_AT] == NEVER:
        m[c + case.FIRST_LINE_AT] = m[world.NOW]


@helper
def dispatchers_of(m: Memory, j: int) -> int:
    """Return the desk that allocates for the job's area; 0: allocation needs nobody (rule 6.8)."""
    return int(m[m[world.AREAS] + area.SIZE * m[j + job.AREA] + area.DISPATCHERS])


@helper
def _made(m: Memory, j: int, step: int, seconds: int, number: int) -> int:
    t = new_task(m)
    m[t + task.JOB] = j
    m[t + task.STEP] = step
    m[t + task.SECONDS] = seconds
    m[t + task.NUMBER] = number
    m[t + task.ASKED_AT] = m[world.NOW]
    m[t + task.BEGUN_AT] = NEVER
    m[t + task.DESK] = 0
    m[t + task.WORKER] = 0
    m[t + task.DROPPED] = 0
    for field in range(task.URGENCY, task.MORE + 1):
        m[t + field] = 0
    return t


@helper
def _order(m: Memory, t: int) -> None:
    """Rule 2.1 for calls, 3.4 and 12.6 for the rest."""
    j, step = m[t + task.JOB], m[t + task.STEP]
    if step == task.CALL:
        m[t + task.URGENCY] = -_STEPS + m[j + job.ORIGIN]
        m[t + task.FIRST] = m[j + job.REPORTED_AT]
        m[t + task.SECOND] = m[j + job.KEY]
        return
    m[t + task.URGENCY] = _STEPS * _urgency(m, j, step) + step
    if step == task.ALLOCATION:
        m[t + task.FIRST] = rank_of(m, j)
        m[t + task.SECOND] = m[j + job.MISSING_PLACE]
        m[t + task.THIRD] = m[j + job.REPORTED_AT]
        m[t + task.FOURTH] = m[j + job.KEY]
        m[t + task.FIFTH] = m[t + task.NUMBER]
    else:
        m[t + task.FIRST] = m[t + task.ASKED_AT]
        m[t + task.SECOND] = m[j + job.KEY]
        m[t + task.THIRD] = m[t + task.NUMBER]


@helper
def _urgency(m: Memory, j: int, step: int) -> int:
    if step == task.OTHER_WORK:
        return int(m[j + job.GRADE])
    if m[j + job.RISK] == codes.HIGH:
        return 1
    if step >= task.DESK_LINE:
        return int(m[m[world.ENQUIRY_GRADE] + class_of_case(m, m[j + job.CASE])])
    return int(m[j + job.GRADE])


@helper
def _to_be_handed_out(m: Memory, d: int) -> None:
    m[d + pool.CHANGED] = 1
    m[world.DESKS_CHANGED] = 1
    m[world.ROUND_ENDS] = 1


@helper
def _become_free(m: Memory, u: int) -> None:
    d = m[u + unit.POOL]
    insert(m, m[d + pool.IDLE], d + pool.IDLE_COUNT, u)
    if m[d + pool.QUEUE] != 0:
        _to_be_handed_out(m, d)


@helper
def _begin(m: Memory, t: int, d: int) -> None:
    now, j, step = m[world.NOW], m[t + task.JOB], m[t + task.STEP]
    u = m[m[d + pool.IDLE]]
    remove(m, m[d + pool.IDLE], d + pool.IDLE_COUNT, u)
    m[t + task.BEGUN_AT] = now
    m[t + task.WORKER] = u
    m[u + unit.TASK] = t
    _write_wait(m, t, now, codes.DONE)
    if step in (task.OTHER_WORK, task.CALL):
        m[j + job.ANSWERED_AT] = now
    elif step == task.DESK_LINE:
        line_begins(m, m[j + job.CASE])
    _ends(m, t)


@helper
def _ends(m: Memory, t: int) -> None:
    events.schedule(
        m,
        m[world.NOW] + m[t + task.SECONDS],
        events.DESK_TASK_ENDS,
        m[m[t + task.JOB] + job.KEY],
        m[t + task.STEP],
        events.TASK_DONE,
        t,
    )


@helper
def _write_wait(m: Memory, t: int, now: int, why: int) -> None:
    journal.write_wait(
        m,
        m[m[t + task.JOB] + job.KEY],
        m[m[t + task.DESK] + pool.CODE],
        codes.WAIT_OF_STEP[min(m[t + task.STEP], task.CASE_REVIEW)],
        m[t + task.NUMBER],
        m[t + task.ASKED_AT],
        now,
        why,
    )
