"""A case, from the end of the first attendance to the last interview (rules 11, 12)."""

from __future__ import annotations

from collections.abc import Sequence

from simpy import AnyOf, Interrupt, Process

from sim.engines.reference.attendance import leave_scene, stay
from sim.engines.reference.clock import Actor, Due, half_up, reason, stop
from sim.engines.reference.deployment import regrade
from sim.engines.reference.desks import DESK_LINE, FIRST_CASE_REVIEW, TASKING, Service
from sim.engines.reference.errands import attend_errand, people
from sim.engines.reference.jobs import Allocation, Case, Line, Visit
from sim.engines.reference.partners import child_is_safe, interviewed
from sim.engines.reference.protection import protect
from sim.engines.reference.world import World
from sim.tables import (
    DAY,
    HOUR,
    NEVER,
    NONE,
    PARTS,
    PER_MILLE,
    RESPONSE,
    TEAM,
    Activity,
    ReviewLevel,
    Risk,
    Why,
)

# --- one case, told from beginning to end


def after_first_attendance(world: World, allocation: Allocation, case: Case) -> Actor[None]:
    """What follows the work of the first attendance (rules 11.1, 12.1e)."""
    incident = case.incident
    duties = (incident.fate.custody_seconds, incident.fate.writing_seconds)
    if not case.safe:
        world.clock.process(story(world, case))
        leave_scene(world, allocation, *duties)
        return
    if not incident.returned_first:
        seconds = incident.fate.interview_seconds
        yield from stay(world, allocation, Activity.INTERVIEW, seconds)
    yield from _after_interview(world, allocation, case, *duties)


def story(world: World, case: Case) -> Actor[None]:
    """One line of enquiry after another until the child is safe; then the interview."""
    case.actor = world.clock.active_process
    _come_under_enquiry(world, case)
    line: Process | None = None
    try:
        while case.under_enquiry:
            yield from _gap(world, case)
            line = world.clock.process(_line(world, case))
            yield line
    except Interrupt as back:  # 12.1
        _end_enquiry(world, case)
        stop(line, reason(back))
    if case.outcome.interviewed_at == NEVER:
        yield from _visit(world, case)


def found_by_telephone(world: World, case: Case) -> Actor[None]:
    """The child is found before anybody was sent, and is visited (rules 4.5, 12.2, 12.3)."""
    case.outcome.found_at = world.clock.now
    case.safe = True
    child_is_safe(world, case)
    yield from _visit(world, case)


def child_returns(world: World, case: Case) -> None:
    """The child is back unprompted (rule 12.1)."""
    incident = case.incident
    case.safe = True
    if case.under_enquiry:
        stop(case.actor, Why.RETURNED)
    elif incident.allocation is not None and incident.allocation.arrived:
        incident.child_seen(world.clock.now)
    child_is_safe(world, case)


def _come_under_enquiry(world: World, case: Case) -> None:
    """Rule 11.1."""
    case.under_enquiry = True
    case.outcome.enquiry_at = world.clock.now
    case.allocations = case.incident.outcome.allocations
    _own(world, case)
    if case.incident.escalation_known:  # 11.8c
        _escalate(world, case)
    else:
        _begin_reviews(world, case)


def _end_enquiry(world: World, case: Case) -> None:
    """The child is safe: enquiries, and whose they are, are at an end (rules 12.1, 12.2)."""
    assert case.owned is not None
    world.journal.end(case.owned)
    _end_unnoticed(world, case, Why.RETURNED)
    case.under_enquiry = False
    case.errand = None
    _stop_reviews(case)


# --- lines of enquiry


def _gap(world: World, case: Case) -> Actor[None]:
    """The gap before a line passes, or is ended by a review or a tasking (11.3, 11.7d).

    Stopped by DONE: the case is moved on. By HANDED_OVER: its pace has changed (another owner, or
    one who has noticed it), and what is left of it passes anew (11.6d). By anything else: the child
    is back.
    """
    number = case.next_line if case.again == NONE else case.again
    fate = case.line(number)
    seconds = fate.gap_seconds
    if case.escalated:
        seconds = half_up(seconds * world.rules.escalated_gap, PER_MILLE)
    if fate.line != number:
        # What repeats without end would otherwise never leave the second.
        seconds = max(seconds, 1)
    left = seconds * PER_MILLE
    case.gap_passes = True
    try:
        while True:
            since = world.clock.now
            rhythm = world.rules.rhythm[world.owners[case.incident.area]]
            stands = case.unnoticed is not None
            case.gaps += 1
            try:
                if stands:  # 11.6e: until somebody stops it
                    yield world.clock.event()
                yield world.clock.at(_passed(since, left, rhythm), Due.LINE, case.key, case.gaps)
                return
            except Interrupt as ended:
                if reason(ended) is Why.DONE:
                    return
                if reason(ended) is not Why.HANDED_OVER:
                    raise
            if not stands:
                left -= _passes(since, world.clock.now, rhythm)
    finally:
        case.gap_passes = False


def _passed(second: int, left: int, rhythm: Sequence[int]) -> int:
    """The first second before which so many thousandths of seconds have passed (rule 11.3b)."""
    while left > 0:
        pace = rhythm[second % DAY // HOUR]
        to_hour = HOUR - second % HOUR
        if pace * to_hour >= left:
            return second + -(-left // pace)
        left -= pace * to_hour
        second += to_hour
    return second


def _passes(second: int, until: int, rhythm: Sequence[int]) -> int:
    """How many thousandths of seconds pass between two seconds (rule 11.3b)."""
    passed = 0
    while second < until:
        hour_ends = min(until, second + HOUR - second % HOUR)
        passed += rhythm[second % DAY // HOUR] * (hour_ends - second)
        second = hour_ends
    return passed


def _line(world: World, case: Case) -> Actor[None]:
    """A line of enquiry, or one that was lost once more (rules 11.4 to 11.6)."""
    again = case.again != NONE
    if again:
        number, case.again = case.again, NONE
    else:
        number = case.next_line
        case.next_line += 1
    fate = case.line(number)
    allocation: Allocation | None = None
    if fate.desk:
        is_done = yield from _at_desk(world, case, number)
    else:
        grade = world.rules.enquiry_grade[case.class_]
        travel, work = fate.base_travel_seconds, fate.work_seconds
        errand = Line(case, world.clock.now, grade, fate.officers, travel, work)
        allocation = yield from attend_errand(world, case, errand)
        is_done = allocation is not None
    if not is_done:
        return
    case.outcome.lines += 1  # 11.5b
    case.outcome.lines_again += again
    finds = case.under_enquiry and fate.finds and not again and fate.line == number
    if case.under_enquiry:
        case.last_line = number
    if finds:
        _found(world, case)
    if allocation is not None and finds:
        yield from _bring_home(world, allocation, case)
    elif allocation is not None:
        leave_scene(world, allocation)


def _at_desk(world: World, case: Case, number: int) -> Actor[bool]:
    """A line that a desk does (rule 11.4); tell whether it was done, and not dropped (12.1b)."""
    seconds = case.line(number).work_seconds + case.read_in()
    desk = world.desks[world.rules.enquiry_desk]
    try:
        task = yield from desk.wait_for_worker(case.incident, DESK_LINE, number)
    except Interrupt:
        return False
    case.line_begins(world.clock.now)
    yield from task.work(seconds)
    task.end()
    return True


def _move_on(case: Case) -> None:
    """A review or a tasking asks for the next line now (rules 11.7d, 11.9a)."""
    if case.gap_passes:
        case.outcome.moved_on += 1
        stop(case.actor, Why.DONE)


# --- the child is safe


def _found(world: World, case: Case) -> None:
    """Rule 12.2."""
    case.outcome.found_at = world.clock.now
    case.safe = True
    _end_enquiry(world, case)
    child_is_safe(world, case)


def _bring_home(world: World, allocation: Allocation, case: Case) -> Actor[None]:
    """Those who found the child see it, bring it home, and hold the interview (rule 12.2)."""
    case.incident.child_seen(world.clock.now)
    yield from stay(world, allocation, Activity.TRANSPORT, case.fate.transport_seconds)
    seconds = case.incident.fate.interview_seconds
    yield from stay(world, allocation, Activity.INTERVIEW, seconds)
    yield from _after_interview(world, allocation, case)


def _visit(world: World, case: Case) -> Actor[None]:
    """Somebody goes to see the child (rule 12.3)."""
    fate, seconds = case.fate, case.incident.fate.interview_seconds
    grade, travel = world.rules.interview_grade, fate.interview_travel_seconds
    visit = Visit(case, world.clock.now, grade, fate.interview_officers, travel, seconds)
    allocation = yield from attend_errand(world, case, visit)
    assert allocation is not None
    yield from _after_interview(world, allocation, case)


def _after_interview(
    world: World,
    allocation: Allocation,
    case: Case,
    custody_seconds: int = 0,
    writing_seconds: int = 0,
) -> Actor[None]:
    """Its units stay with the child, and then leave, one with the PPN to write (12.4, 12.5)."""
    ppn = interviewed(world, case, allocation.units[0].pool.code)
    yield from protect(world, allocation, case)
    # 12.5a: where the interview was the first attendance, the writing of that is the PPN.
    adds = ppn is not None and not case.incident.returned_first
    ppn_seconds = case.fate.ppn_seconds if adds else 0
    leave_scene(world, allocation, custody_seconds, writing_seconds, ppn_seconds, ppn)


# --- whose case it is


def ownership(world: World, area: int) -> Actor[None]:
    """Whose the cases of an area are, looked at where a team's shift changes (rule 11.2)."""
    clock, team = world.clock, [world.pools[code] for code in world.rules.team[area]]
    while team:
        yield AnyOf(clock, [pool.shift_changes for pool in team])
        yield clock.after(0, Due.OWNER, area)
        owner = TEAM if any(pool.on_duty for pool in team) else RESPONSE
        if owner != world.owners[area]:
            world.owners[area] = owner
            for _, case in sorted(world.cases.items()):
                if case.incident.area == area:
                    _hand_over(world, case)


def _hand_over(world: World, case: Case) -> None:
    """Rule 11.6: it takes time, and loses things; whoever is not yet there is asked anew."""
    if case.under_enquiry:
        assert case.owned is not None
        world.journal.end(case.owned, Why.HANDED_OVER)
        _own(world, case)
        parts = case.line(case.outcome.handovers).lost_parts
        _end_unnoticed(world, case, Why.HANDED_OVER)
        if parts >= PARTS - world.rules.unnoticed_parts:
            case.unnoticed = world.journal.begin(Activity.UNNOTICED, case.key)
        case.outcome.handovers += 1
        case.reading_in = world.rules.handover_seconds
        last = case.last_line
        if last > case.lost_line and case.line(last).lost_parts < world.rules.lost_parts:
            case.again = case.lost_line = last
        if case.gap_passes:
            stop(case.actor, Why.HANDED_OVER)
    if case.errand is not None:
        case.errand.asked = people(world, case)


def _notice(world: World, case: Case) -> None:
    """Rule 11.6f: its owner learns of a case that was handed over."""
    if case.unnoticed is not None:
        _end_unnoticed(world, case, Why.DONE)
        if case.gap_passes:
            stop(case.actor, Why.HANDED_OVER)


def _end_unnoticed(world: World, case: Case, why: Why) -> None:
    """Rule 13.9f: it was noticed, handed over again, or the child is safe."""
    if case.unnoticed is not None:
        world.journal.end(case.unnoticed, why)
        case.unnoticed = None


def _own(world: World, case: Case) -> None:
    is_team_s = world.owners[case.incident.area] == TEAM
    kind = Activity.OWNED_BY_TEAM if is_team_s else Activity.OWNED_BY_RESPONSE
    case.owned = world.journal.begin(kind, case.key)


# --- how high its risk is, and who looks at it


def ratified(world: World, case: Case) -> None:
    """Ratification gives the risk held, unless a rise of it is known (rules 3.6, 11.8b)."""
    risk = case.incident.fate.ratified_risk
    if not case.escalated and case.incident.risk != risk:
        _set_risk(world, case, risk)


def discover(world: World, case: Case) -> None:
    """Rule 11.8: a review finds a rise of risk that has happened."""
    if not case.escalated and NEVER != case.incident.fate.escalates_at <= world.clock.now:
        case.outcome.escalated_at = world.clock.now
        _escalate(world, case)


def _escalate(world: World, case: Case) -> None:
    case.escalated = True
    _set_risk(world, case, Risk.HIGH)


def _set_risk(world: World, case: Case, risk: int) -> None:
    """The case is of another risk: so are its errand (11.4f) and its reviews (11.7f)."""
    case.incident.risk = risk
    errand = case.errand
    if errand is not None:
        errand.risk = risk
        if case.under_enquiry:
            regrade(world, errand, world.rules.enquiry_grade[case.class_])
            errand.asked = people(world, case)
    if case.under_enquiry:
        _begin_reviews(world, case)


def _begin_reviews(world: World, case: Case) -> None:
    """Rule 11.7: those of the risk held, anew."""
    _stop_reviews(case)
    for place, level in enumerate(world.rules.reviews[case.incident.risk]):
        service = FIRST_CASE_REVIEW._replace(step=FIRST_CASE_REVIEW.step + place)
        timer = world.clock.process(_review_now_and_then(world, case, level, service))
        case.review_timers.append(timer)


def _stop_reviews(case: Case) -> None:
    for timer in case.review_timers:
        stop(timer, Why.DONE)
    case.review_timers.clear()


def _review_now_and_then(
    world: World, case: Case, level: ReviewLevel, service: Service
) -> Actor[None]:
    """Rule 11.7a: one level's reviews, each so long after the one before has ended."""
    interval = level.first_after_seconds
    timer = world.clock.active_process
    assert timer is not None
    while interval != NEVER:
        yield world.clock.after(interval, Due.CASE_REVIEW, case.key, service.step)
        yield world.clock.process(_review(world, case, level, service, timer))
        interval = level.every_seconds


def _review(
    world: World, case: Case, level: ReviewLevel, service: Service, timer: Process
) -> Actor[None]:
    """What is asked for is made; it counts while the timer that asked goes on (11.7b to f)."""
    number = case.reviews_asked
    case.reviews_asked += 1
    desk = world.staffed(level.pools)
    yield from desk.do(case.incident, service, level.seconds, number)
    if timer in case.review_timers:
        case.outcome.reviews += 1
        _notice(world, case)
        discover(world, case)
        if case.line(number).review_parts < world.rules.review_moves_parts:
            _move_on(case)


def daily_tasking(world: World) -> Actor[None]:
    """Rule 11.9, each day."""
    clock = world.clock
    if world.rules.tasking_at != NEVER:
        for second in clock.daily(world.rules.tasking_at):
            yield clock.at(second, Due.TASKING, 0)
            for _, case in sorted(world.cases.items()):
                if case.under_enquiry:
                    clock.process(_task(world, case))


def _task(world: World, case: Case) -> Actor[None]:
    """Rule 11.9, for one case."""
    rules, number = world.rules, case.taskings_asked
    case.taskings_asked += 1
    desk = world.desks[rules.tasking_pool]
    yield from desk.do(case.incident, TASKING, rules.tasking_seconds, number)
    if case.under_enquiry:
        case.outcome.taskings += 1
        _notice(world, case)
        if case.line(number).tasking_parts < rules.tasking_moves_parts:
            _move_on(case)
