"""Reviews of cases under enquiry, and the daily tasking (rules 11.7 to 11.9)."""

from __future__ import annotations

from sim.engines.compiled import codes, events
from sim.engines.compiled.desks import first_on_duty, take
from sim.engines.compiled.enquiries import begin_gap, fate_of, move_on, reclassified
from sim.engines.compiled.fields import case, job, level, line, task, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.memory import give_back, new_task
from sim.tables import DAY, NEVER


@helper
def come_under_enquiry(m: Memory, c: int) -> None:
    """The first attendance is complete, and the child is not back (rule 11.1)."""
    now, j = m[world.NOW], m[c + case.JOB]
    m[c + case.UNDER_ENQUIRY] = 1
    m[c + case.ENQUIRY_AT] = now
    m[c + case.OWNED_SINCE] = now
    m[c + case.ALLOCATIONS] = m[j + job.ALLOCATIONS]
    if m[j + job.RAISED] != 0:
        _escalate(m, c)
    else:
        _begin_reviews(m, c)
    begin_gap(m, c)


@helper
def ratified(m: Memory, c: int) -> None:
    """Ratification gives the risk held, unless a rise of it is known (rules 3.6, 11.7, 11.8)."""
    j = m[c + case.JOB]
    if m[c + case.ESCALATED] == 0 and m[j + job.RISK] != m[j + job.RATIFIED_RISK]:
        _hold(m, c, m[j + job.RATIFIED_RISK])


@helper
def discover(m: Memory, c: int) -> None:
    """A review discovers a rise of risk that has happened (rule 11.8)."""
    now, escalates_at = m[world.NOW], m[m[c + case.JOB] + job.ESCALATES_AT]
    if m[c + case.ESCALATED] == 0 and escalates_at != NEVER and escalates_at <= now:
        m[c + case.ESCALATED_AT] = now
        _escalate(m, c)


@helper
def case_review_due(m: Memory, t: int) -> None:
    """A review is asked for, if the case is still under these reviews (rule 11.7)."""
    j = m[t + task.JOB]
    c, clock, number_of_level = m[j + job.CASE], m[t + task.ABOUT], m[t + task.MORE]
    give_back(m, t)
    if not _goes_on(m, c, clock):
        return
    v = _level(m, j, number_of_level)
    number = m[c + case.REVIEWS_ASKED]
    m[c + case.REVIEWS_ASKED] += 1
    d = first_on_duty(m, v + level.SIZE, m[v + level.DESK_COUNT])
    asked = take(m, d, j, task.CASE_REVIEW + number_of_level, m[v + level.SECONDS], number)
    m[asked + task.ABOUT] = clock
    m[asked + task.MORE] = v


@helper
def case_reviewed(m: Memory, c: int, step: int, number: int, clock: int, v: int) -> None:
    """The end of a review: it counts, discovers, and may move the case on (rule 11.7)."""
    if not _goes_on(m, c, clock):
        return
    m[c + case.REVIEWS] += 1
    discover(m, c)
    if m[fate_of(m, c, number) + line.REVIEW_PARTS] < m[world.REVIEW_MOVES]:
        move_on(m, c)
    if _goes_on(m, c, clock) and m[v + level.EVERY] != NEVER:
        _await(m, c, step - task.CASE_REVIEW, m[v + level.EVERY])


@helper
def begin_taskings(m: Memory) -> None:
    """Rule 11.9: the first of the daily taskings."""
    if m[world.TASKING_AT] != NEVER and m[world.CASE_COUNT] > 0:
        now = m[world.NOW]
        first = now + (m[world.TASKING_AT] - now) % DAY
        events.schedule(
            m,
            first,
            events.TASKING,
            codes.NO_THING,
            codes.NO_NUMBER,
            events.TASKING_DUE,
            codes.NO_THING,
        )


@helper
def tasking_due(m: Memory) -> None:
    """Rule 11.9: each case under enquiry becomes a task, by key."""
    next_day = m[world.NOW] + DAY
    events.schedule(
        m,
        next_day,
        events.TASKING,
        codes.NO_THING,
        codes.NO_NUMBER,
        events.TASKING_DUE,
        codes.NO_THING,
    )
    for place in range(m[world.CASES], m[world.CASES] + m[world.CASE_COUNT]):
        c = m[place]
        if m[c + case.UNDER_ENQUIRY] != 0:
            number = m[c + case.TASKINGS_ASKED]
            m[c + case.TASKINGS_ASKED] += 1
            seconds = m[world.TASKING_SECONDS]
            take(m, m[world.TASKING_POOL], m[c + case.JOB], task.TASKING, seconds, number)


@helper
def tasked(m: Memory, c: int, number: int) -> None:
    """The end of a tasking: it may move the case on (rule 11.9)."""
    if m[c + case.UNDER_ENQUIRY] != 0:
        m[c + case.TASKINGS] += 1
        if m[fate_of(m, c, number) + line.TASKING_PARTS] < m[world.TASKING_MOVES]:
            move_on(m, c)


@helper
def _escalate(m: Memory, c: int) -> None:
    m[c + case.ESCALATED] = 1
    _hold(m, c, codes.HIGH)


@helper
def _hold(m: Memory, c: int, risk: int) -> None:
    """The risk held is another; of a case under enquiry the reviews begin anew."""
    m[m[c + case.JOB] + job.RISK] = risk
    reclassified(m, c)
    if m[c + case.UNDER_ENQUIRY] != 0:
        _begin_reviews(m, c)


@helper
def _begin_reviews(m: Memory, c: int) -> None:
    m[c + case.REVIEW_ROUND] += 1
    risk = m[m[c + case.JOB] + job.RISK]
    levels = m[m[world.CASE_REVIEWS] + 2 * risk + 1]
    for number in range(levels):
        first_after = m[_level(m, m[c + case.JOB], number) + level.FIRST_AFTER]
        if first_after != NEVER:
            _await(m, c, number, first_after)


@helper
def _await(m: Memory, c: int, number_of_level: int, seconds: int) -> None:
    t = new_task(m)
    m[t + task.JOB] = m[c + case.JOB]
    m[t + task.ABOUT] = m[c + case.REVIEW_ROUND]
    m[t + task.MORE] = number_of_level
    due, key = m[world.NOW] + seconds, m[c + case.KEY]
    step = task.CASE_REVIEW + number_of_level
    events.schedule(m, due, events.CASE_REVIEW, key, step, events.CASE_REVIEW_DUE, t)


@helper
def _level(m: Memory, j: int, number: int) -> int:
    """Return a level of the reviews of the risk held."""
    levels = m[m[world.CASE_REVIEWS] + 2 * m[j + job.RISK]]
    return int(m[levels + number])


@helper
def _goes_on(m: Memory, c: int, clock: int) -> bool:
    return bool(m[c + case.UNDER_ENQUIRY] != 0 and m[c + case.REVIEW_ROUND] == clock)


@helper
def is_found(m: Memory, c: int) -> bool:
    """Tell whether a line of enquiry has found the child."""
    return bool(m[c + case.FOUND_AT] != NEVER)
