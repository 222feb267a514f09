"""An incident, from the call to the officers' leaving (rules 2 to 4, 7, 9)."""

from __future__ import annotations

from functools import partial
from itertools import count

from simpy import Interrupt

from sim.engines.reference import callers, cases, concerns, partners, telephone_first
from sim.engines.reference.attendance import attend, leave_scene
from sim.engines.reference.clock import Actor, Due, reason, stop
from sim.engines.reference.deployment import regrade, reorder, step_up_later
from sim.engines.reference.desks import (
    OTHER_WORK,
    RATIFICATION,
    RESEARCH,
    RETHRIVE,
    REVIEW,
    Task,
)
from sim.engines.reference.jobs import Incident
from sim.engines.reference.rate import wait_to_be_let_go
from sim.engines.reference.world import World
from sim.tables import NEVER, NONE, Activity, Gate, Risk, Why


def story(world: World, incident: Incident) -> Actor[None]:
    """An incident, from the call to the officers' leaving."""
    clock, fate = world.clock, incident.fate
    incident.actor = clock.active_process
    call = yield from callers.call(world, incident)
    if call.worker is not None or fate.thrive_seconds:  # 2.5
        yield from call.work(fate.thrive_seconds)
    _grade(world, incident, call)
    if incident.outcome.held and not incident.returned:  # 4.2: back by the grading, it is open
        yield from _gate(world, incident)
    yield from telephone_first.wait(world, incident)
    if incident.outcome.telephone_found_at != NEVER:  # 4.5
        if incident.case is not None:
            yield from cases.found_by_telephone(world, incident.case)
        return
    yield from wait_to_be_let_go(world, incident)
    incident.outcome.ready_at = clock.now
    step_up_later(world, incident, incident.outcome.graded_at)
    goes_back = partial(_begin_reviews, world, incident)
    allocation = yield from attend(world, incident, goes_back)
    assert allocation is not None
    incident.outcome.finished_at = clock.now
    if incident.case is not None:
        yield from cases.after_first_attendance(world, allocation, incident.case)
    else:
        leave_scene(world, allocation, fate.custody_seconds, fate.writing_seconds)
        if incident.concern is not None:
            yield from concerns.story(world, incident.concern)


def call_alone(world: World, incident: Incident) -> Actor[None]:
    """A call that ends without deployment (rule 2.4), or before anybody speaks (2.10)."""
    fate = incident.fate
    try:
        call = yield from callers.call(world, incident)
    except Interrupt:
        if not (yield from callers.calls_again(world, incident)):
            return
        call = yield from callers.call(world, incident)
    yield from call.work(fate.thrive_seconds + fate.wrap_seconds)
    call.end()
    incident.outcome.graded_at = world.clock.now - fate.wrap_seconds


def other_work(world: World, incident: Incident) -> Actor[None]:
    """Other work of a desk (rule 2.1)."""
    fate, outcome = incident.fate, incident.outcome
    task = yield from world.desks[fate.desk_pool].wait_for_worker(incident, OTHER_WORK)
    outcome.answered_at = world.clock.now
    yield from task.work(fate.desk_seconds)
    task.end()
    outcome.finished_at = world.clock.now


# --- the call


def _grade(world: World, incident: Incident, call: Task) -> None:
    """THRIVE sets the grade (2.2); what the grade sets going begins (3, 4, 7, 9)."""
    policy, clock, fate = world.policy, world.clock, incident.fate
    incident.outcome.graded_at = clock.now
    incident.asked = (world.pools_of(policy.attends[fate.stream][incident.area]),)
    incident.lenders = world.pools_of(policy.borrows[fate.stream][incident.area])
    if policy.dispatch_rate is not None:
        world.unclaimed[incident.area].append(incident)
    incident.outcome.held = (  # 4.1
        policy.gate is not Gate.GRADING
        and policy.gated[fate.stream]
        and fate.held_parts < policy.held_parts
        and (fate.risk != Risk.HIGH or policy.hold_high_risk)
    )
    if policy.missing[fate.stream]:  # 6.2
        incident.missing_place = policy.missing_rank
        incident.lowered = fate.rank_parts < policy.next_grade_parts
    if incident.case is not None:
        clock.process(partners.refer(world, incident.case))
    if NEVER != fate.return_at <= clock.now:
        _returns(world, incident)
    elif fate.return_at != NEVER:
        clock.process(_return_when_due(world, incident))
    telephone_first.begin(world, incident)
    _begin_reviews(world, incident)
    if policy.rethrive_pool != NONE and policy.rethrive_after_seconds != NEVER:
        clock.process(_rethrive(world, incident))
    incident.assessed, incident.researched = clock.event(), clock.event()
    incident.ratified = clock.event()
    if fate.research_seconds == NEVER:  # 3.1
        incident.researched.succeed()
    else:
        clock.process(_research(world, incident))
    if incident.outcome.held or fate.ratification_seconds != NEVER:
        clock.process(_ratification(world, incident))
    clock.process(_assessment(world, incident, call))


def _assessment(world: World, incident: Incident, call: Task) -> Actor[None]:
    """The risk assessment follows the grade, then the end of the call (rule 2.3)."""
    fate = incident.fate
    if fate.assessment_seconds != NEVER:
        yield from call.work(fate.assessment_seconds)
    incident.outcome.assessed_at = world.clock.now
    incident.assessed.succeed()
    if call.worker is not None and fate.wrap_seconds:
        yield from call.work(fate.wrap_seconds)
    call.end()


# --- what follows the grade


def _gate(world: World, incident: Incident) -> Actor[None]:
    """A held deployment waits for its gate, which the child's return opens (4.1, 4.2)."""
    held = world.journal.begin(Activity.HELD, incident.key)
    incident.gate_is_shut = True
    why = Why.DONE
    try:
        yield incident.assessed
        if world.policy.gate is Gate.RESEARCH:
            yield incident.researched
        elif world.policy.gate is Gate.RATIFICATION:
            yield incident.ratified
    except Interrupt as returned:
        why = reason(returned)
    incident.gate_is_shut = False
    world.journal.end(held, why)


def _research(world: World, incident: Incident) -> Actor[None]:
    """Research beside the assessment (rules 3.1, 13.10a)."""
    seconds = incident.fate.research_seconds
    if incident.case is not None:
        seconds = partners.research_seconds(world, incident.case)
    yield from world.desks[world.policy.research].do(incident, RESEARCH, seconds)
    if incident.case is not None:
        yield from partners.history(world, incident.case)
    incident.outcome.researched_at = world.clock.now
    incident.researched.succeed()


def _ratification(world: World, incident: Incident) -> Actor[None]:
    """Ratification of the risk assessment, once it may be asked for (rules 3.2, 3.3, 3.6)."""
    policy, fate = world.policy, incident.fate
    yield incident.assessed
    if policy.ratification_waits_for_research:
        yield incident.researched
    if fate.ratification_seconds != NEVER:
        desk = world.staffed(policy.ratifiers[incident.risk][world.clock.hour])
        yield from desk.do(incident, RATIFICATION, fate.ratification_seconds)
        incident.outcome.ratified_at = world.clock.now
        if incident.case is not None:
            cases.ratified(world, incident.case)
        else:
            incident.risk = fate.ratified_risk
        if incident.outcome.arrived_at == NEVER:
            regrade(world, incident, _ratified_grade(incident))
        if incident.risk == Risk.HIGH:
            telephone_first.break_off(incident, Why.INTERRUPTED)
    incident.ratified.succeed()


def _ratified_grade(incident: Incident) -> int:
    """As drawn, but no lower than a review or a child's vulnerability allows (2.6, 3.6)."""
    grade = int(incident.fate.ratified_grade)
    if incident.escalation_known:
        grade = min(grade, incident.grade)
    if incident.fate.vulnerable:
        grade = min(grade, 2)
    return grade


def _return_when_due(world: World, incident: Incident) -> Actor[None]:
    """The return opens the gate (4.2), unless the child was found before it (4.5, 12.2)."""
    yield world.clock.at(incident.fate.return_at, Due.RETURN, incident.key)
    by_line = incident.case is not None and incident.case.outcome.found_at != NEVER
    if not by_line and incident.outcome.telephone_found_at == NEVER:
        # 4.2: a gate opened earlier in this second has set `ready_at` by now (`clock`: at once).
        if incident.outcome.ready_at == NEVER:
            stop(incident.actor, Why.RETURNED)
        _returns(world, incident)


def _returns(world: World, incident: Incident) -> None:
    """The child is back: the rank may fall, and work goes on (rules 6.2c, 9.1, 12.1)."""
    incident.returned = True
    telephone_first.break_off(incident, Why.RETURNED)
    reorder(world, incident)
    if incident.case is not None:
        cases.child_returns(world, incident.case)


# --- reviews of what waits


def _begin_reviews(world: World, incident: Incident) -> None:
    """Rule 7.1: from grading, and when a job goes back to its queue, until it is claimed."""
    if world.policy.review_levels:
        incident.timers += (world.clock.process(_review_now_and_then(world, incident)),)


def _review_now_and_then(world: World, incident: Incident) -> Actor[None]:
    """Rule 7.1: reviews, each so long after the one before has ended."""
    after = world.policy.review_after_seconds
    while (interval := after[incident.grade - 1]) != NEVER:
        yield world.clock.after(interval, Due.REVIEW, incident.key)
        yield world.clock.process(_review(world, incident))


def _review(world: World, incident: Incident) -> Actor[None]:
    """A review that is asked for is made, and counts, whatever happens meanwhile (7.1e)."""
    policy, number = world.policy, incident.outcome.reviews
    level = min(number, len(policy.review_levels) - 1)
    stand_ins = policy.review_stand_ins[level] if level < len(policy.review_stand_ins) else ()
    desk = world.staffed((policy.review_levels[level], *stand_ins), otherwise=0)
    yield from desk.do(incident, REVIEW, policy.review_seconds, number)
    incident.outcome.reviews += 1
    _discover(world, incident)
    if 0 <= policy.review_restores_rank <= level and incident.lowered:  # 7.4
        incident.lowered = False
        reorder(world, incident)


def _rethrive(world: World, incident: Incident) -> Actor[None]:
    """Rule 7.2: THRIVE again, so long after grading and after each."""
    policy = world.policy
    desk = world.desks[policy.rethrive_pool]
    for number in count():
        yield world.clock.after(policy.rethrive_after_seconds, Due.RETHRIVE, incident.key)
        is_over = incident.outcome.arrived_at != NEVER and not incident.goes_on
        if is_over or incident.outcome.telephone_found_at != NEVER:  # 4.5
            return
        yield from desk.do(incident, RETHRIVE, policy.rethrive_seconds, number)
        if policy.rethrive_calls_back:
            _discover(world, incident)


def _discover(world: World, incident: Incident) -> None:
    """Rule 7.3: a review finds a rise of risk that has happened; 11.8 and 14.4 once followed."""
    if incident.case is not None and incident.case.under_enquiry:
        cases.discover(world, incident.case)
    elif incident.concern is not None and incident.concern.followed:
        concerns.discover(world, incident.concern)
    elif (
        NEVER != incident.fate.escalates_at <= world.clock.now
        and incident.outcome.arrived_at == NEVER
        and not incident.escalation_known
        and incident.outcome.telephone_found_at == NEVER
        and not incident.returned
    ):
        incident.escalation_known = True
        regrade(world, incident, max(incident.grade - 1, 1))
        telephone_first.break_off(incident, Why.INTERRUPTED)
