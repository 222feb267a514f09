"""Reviews of cases under enquiry, and the daily tasking (rules 11.7 to 11.9)."""

from __future__ import annotations

from sim.engines.compiled import codes, events
from sim.engines.compiled.desks import first_on_duty, take
from sim.engines.compiled.enquiries import begin_gap, fate_of, move_on, notice, reclassified
from sim.engines.compiled.fields import case, job, level, line, task, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.memory import give_back, new_task
from sim.engines.compiled.signals import nothing_happens
from sim.tables import DAY, NEVER


@helper
def come_under_enquiry(m: Memory, c: int) -> None:
    """The first attendance is complete, and the child is not back (rule 11.1)."""
    the_case = case.at(m, c)
    now, j = m[world.NOW], the_case.job
    the_job = job.at(m, j)
    the_case.under_enquiry = 1
    the_case.enquiry_at = now
    the_case.owned_since = now
    the_case.allocations = the_job.allocations
    if the_job.raised != 0:
        _escalate(m, c)
    else:
        _begin_reviews(m, c)
    begin_gap(m, c)


@helper
def ratified(m: Memory, c: int) -> None:
    """Ratification gives the risk held, unless a rise of it is known (rules 3.6, 11.7, 11.8)."""
    the_case = case.at(m, c)
    j = the_case.job
    the_job = job.at(m, j)
    if the_case.escalated == 0 and the_job.risk != the_job.ratified_risk:
        _hold(m, c, the_job.ratified_risk)


@helper
def discover(m: Memory, c: int) -> None:
    """A review discovers a rise of risk that has happened (rule 11.8)."""
    the_case = case.at(m, c)
    now, escalates_at = m[world.NOW], job.at(m, the_case.job).escalates_at
    if the_case.escalated == 0 and escalates_at != NEVER and escalates_at <= now:
        the_case.escalated_at = now
        _escalate(m, c)


@helper
def case_review_due(m: Memory, t: int) -> None:
    """A review is asked for, if the case is still under these reviews (rule 11.7)."""
    the_task = task.at(m, t)
    j = the_task.job
    c, clock, number_of_level = job.at(m, j).case, the_task.about, the_task.more
    the_case = case.at(m, c)
    give_back(m, t)
    if not _goes_on(m, c, clock):
        nothing_happens(m)
        return
    v = _level(m, j, number_of_level)
    the_level = level.at(m, v)
    number = the_case.reviews_asked
    the_case.reviews_asked += 1
    d = first_on_duty(m, v + level.SIZE, the_level.desk_count)
    asked = take(m, d, j, task.CASE_REVIEW + number_of_level, the_level.seconds, number)
    task.at(m, asked).about = clock
    task.at(m, asked).more = v


@helper
def case_reviewed(m: Memory, c: int, step: int, number: int, clock: int, v: int) -> None:
    """The end of a review: it counts, discovers, and may move the case on (rule 11.7)."""
    the_level = level.at(m, v)
    if not _goes_on(m, c, clock):
        return
    case.at(m, c).reviews += 1
    notice(m, c)
    discover(m, c)
    if line.at(m, fate_of(m, c, number)).review_parts < m[world.REVIEW_MOVES]:
        move_on(m, c)
    if _goes_on(m, c, clock) and the_level.every != NEVER:
        _await(m, c, step - task.CASE_REVIEW, the_level.every)


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
        the_case = case.at(m, c)
        if the_case.under_enquiry != 0:
            number = the_case.taskings_asked
            the_case.taskings_asked += 1
            seconds = m[world.TASKING_SECONDS]
            take(m, m[world.TASKING_POOL], the_case.job, task.TASKING, seconds, number)


@helper
def tasked(m: Memory, c: int, number: int) -> None:
    """The end of a tasking: it may move the case on (rule 11.9)."""
    the_case = case.at(m, c)
    if the_case.under_enquiry != 0:
        the_case.taskings += 1
        notice(m, c)
        if line.at(m, fate_of(m, c, number)).tasking_parts < m[world.TASKING_MOVES]:
            move_on(m, c)


@helper
def _escalate(m: Memory, c: int) -> None:
    case.at(m, c).escalated = 1
    _hold(m, c, codes.HIGH)


@helper
def _hold(m: Memory, c: int, risk: int) -> None:
    """The risk held is another; of a case under enquiry the reviews begin anew."""
    the_case = case.at(m, c)
    job.at(m, the_case.job).risk = risk
    reclassified(m, c)
    if the_case.under_enquiry != 0:
        _begin_reviews(m, c)


@helper
def _begin_reviews(m: Memory, c: int) -> None:
    the_case = case.at(m, c)
    the_case.review_round += 1
    risk = job.at(m, the_case.job).risk
    levels = m[m[world.CASE_REVIEWS] + 2 * risk + 1]
    for number in range(levels):
        first_after = level.at(m, _level(m, the_case.job, number)).first_after
        if first_after != NEVER:
            _await(m, c, number, first_after)


@helper
def _await(m: Memory, c: int, number_of_level: int, seconds: int) -> None:
    the_case = case.at(m, c)
    t = new_task(m)
    the_task = task.at(m, t)
    the_task.job = the_case.job
    the_task.about = the_case.review_round
    the_task.more = number_of_level
    due, key = m[world.NOW] + seconds, the_case.key
    step = task.CASE_REVIEW + number_of_level
    events.schedule(m, due, events.CASE_REVIEW, key, step, events.CASE_REVIEW_DUE, t)


@helper
def _level(m: Memory, j: int, number: int) -> int:
    """Return a level of the reviews of the risk held."""
    levels = m[m[world.CASE_REVIEWS] + 2 * job.at(m, j).risk]
    return int(m[levels + number])


@helper
def _goes_on(m: Memory, c: int, clock: int) -> bool:
    the_case = case.at(m, c)
    return bool(the_case.under_enquiry != 0 and the_case.review_round == clock)


@helper
def is_found(m: Memory, c: int) -> bool:
    """Tell whether a line of enquiry has found the child."""
    return bool(case.at(m, c).found_at != NEVER)
