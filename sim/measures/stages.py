"""Where the time unattended goes: each second belongs to the one stage that blocks arrival then.

Steps that run beside another (an assessment while a unit is already on its way) block nothing and
count nothing. The stages of an incident add up to its delay, and the parts
of a stage to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim import kernels
from sim.errors import InternalError
from sim.measures.claims import Claims
from sim.measures.clocks import Cases
from sim.measures.crews import Crews
from sim.measures.lookup import Done
from sim.measures.queue_waits import waits_of_cases
from sim.measures.queued import waited_for
from sim.measures.replication import PARTS_OF_STAGES, Ints
from sim.tables import NEVER, Activity, Gate, Policy, stable_order


@dataclass(frozen=True, eq=False)
class Stages:
    """Seconds of each stage, shape (n,) each.

    Parameters
    ----------
    call
        To the grade: waiting for a call taker, and THRIVE.
    decision
        Graded, and held at the gate or by a telephone enquiry.
    queue
        In the queue.
    dispatcher
        Units earmarked, not yet sent.
    travel
        Units on their way.
    let_go
        Of the dispatcher's: until a dispatcher let it go (rule 4.7), no stage of its own.
    """

    call: Ints
    decision: Ints
    queue: Ints
    dispatcher: Ints
    travel: Ints
    let_go: Ints

    @property
    def total(self) -> Ints:
        """Sum of the stages, shape (n,)."""
        return self.call + self.decision + self.queue + self.dispatcher + self.travel


def stages_of(cases: Cases, done: Done) -> Stages:
    """Split each incident's time unattended into stages.

    Parameters
    ----------
    cases
        The incidents.
    done
        What happened for them.

    Returns
    -------
    Stages
        0 throughout where nobody was needed.

    Raises
    ------
    InternalError
        The stages of an incident do not add up to its delay: the activities have a gap or
        an overlap.
    """
    start, stop = cases.own_start, _stop(cases)
    graded = _or(cases.outcomes["graded_at"], stop)
    ready = _or(cases.outcomes["ready_at"], stop)
    # To be let go comes before the queue, and is a dispatcher's (rule 4.7).
    to_be_let_go = _spent(done, Activity.WAIT_DECISION, start, stop)
    stages = Stages(
        call=_overlap(cases.incidents["reported_at"], graded, start, stop),
        decision=_overlap(graded, ready, start, stop) - to_be_let_go,
        queue=_spent(done, Activity.WAIT_UNIT, start, stop),
        dispatcher=to_be_let_go + _spent(done, Activity.EARMARKED, start, stop),
        travel=_spent(done, Activity.TRAVEL, start, stop),
        let_go=to_be_let_go,
    )
    wrong = np.flatnonzero(stages.total != stop - start)
    if wrong.size:
        row = int(wrong[0])
        raise InternalError(
            f"the stages of incident {cases.incidents['key'][row]} add up to "
            f"{stages.total[row]} s, and its delay is {(stop - start)[row]} s"
        )
    return stages


def parts_of_stages(
    cases: Cases,
    stages: Stages,
    done: Done,
    units: tuple[Crews, Claims],
    policy: Policy,
) -> dict[str, Ints]:
    """What the time of each stage is spent on, by `STAGE_PARTS`: shape (n,) each.

    Parameters
    ----------
    cases, stages
        The incidents, and their stages.
    done
        What happened for them.
    units
        Who is free when, and to what jobs units were given.
    policy
        What a held deployment waits for, who attends, and the reserve.
    """
    return {
        **_decision(cases, stages, done, policy),
        **_queue(cases, done, units, policy),
        **_dispatcher(cases, stages, done),
    }


def _decision(cases: Cases, stages: Stages, done: Done, policy: Policy) -> dict[str, Ints]:
    """The decision: what a deployment still waits for, its gate first (rules 3.2, 4.1, 4.4)."""
    start, stop, outcomes = cases.own_start, _stop(cases), cases.outcomes
    graded = _or(outcomes["graded_at"], stop)
    first = np.maximum(graded, start)
    gated = _spent(done, Activity.HELD, first, first + stages.decision)
    # Past its gate a deployment may wait for a telephone enquiry.
    last = first + gated
    assessed = _or(outcomes["assessed_at"], stop)
    asked = assessed
    if policy.gate == Gate.RESEARCH or policy.ratification_waits_for_research:
        asked = np.maximum(assessed, _or(outcomes["researched_at"], stop))
    # Work goes on beside another job's; what blocks is the wait within these seconds.
    queued = _spent(done, Activity.WAIT_RATIFICATION, first, last)
    assessment = _overlap(graded, assessed, first, last)
    research = _overlap(assessed, asked, first, last)
    return {
        "assessment": assessment,
        "research": research,
        "waiting_for_ratifier": queued,
        "ratifying": gated - assessment - research - queued,
        "telephoning": stages.decision - gated,
    }


def _queue(
    cases: Cases, done: Done, units: tuple[Crews, Claims], policy: Policy
) -> dict[str, Ints]:
    case, waiting = waits_of_cases(cases, done, policy)
    seconds = waited_for(waiting, *units, policy)
    return {
        part: np.bincount(case, weights=seconds[:, place], minlength=len(cases.own_start)).astype(
            np.int64
        )
        for place, part in enumerate(PARTS_OF_STAGES["queue"])
    }


def _dispatcher(cases: Cases, stages: Stages, done: Done) -> dict[str, Ints]:
    start, stop = cases.own_start, _stop(cases)
    # The wait for a dispatcher is a part of being earmarked, unless the units were lost.
    waits = stages.let_go + _spent(done, Activity.WAIT_DISPATCHER, start, stop)
    return {"no_dispatcher": waits, "dispatching": stages.dispatcher - waits}


def _stop(cases: Cases) -> Ints:
    return np.where(cases.needed, np.maximum(cases.stop, cases.own_start), cases.own_start)


def _or(times: Ints, otherwise: Ints) -> Ints:
    return np.where(times == NEVER, otherwise, times)


def _overlap(first: Ints, last: Ints, start: Ints, stop: Ints) -> Ints:
    seconds: Ints = np.maximum(np.minimum(last, stop) - np.maximum(first, start), 0)
    return seconds


def _spent(done: Done, kind: Activity, start: Ints, stop: Ints) -> Ints:
    """Seconds of each incident in activities of a kind, units of one allocation counted once.

    Parameters
    ----------
    done, kind
        What happened, and of which kind.
    start, stop
        Shape (n,): what lies outside is cut off.
    """
    activities, rows = done.activities, done.kinds.of(kind)
    if kernels.are_ready():
        from sim.kernels import allocations

        found = np.zeros(start.size, dtype=np.int64)
        times = activities["start"], activities["end"]
        allocations.spent_on(rows, done.places, activities["attempt"], *times, start, stop, found)
        return found
    case = done.places[rows]
    inside = case >= 0
    inside[inside] = activities["start"][rows[inside]] < stop[case[inside]]
    rows, case = rows[inside], case[inside]
    first, last = activities["start"][rows], activities["end"][rows]
    attempt = activities["attempt"][rows]
    allocation = case * (int(attempt.max(initial=0)) + 1) + attempt
    # Rows are in the order of their starts.
    order = stable_order(allocation)
    case, first, last, allocation = case[order], first[order], last[order], allocation[order]
    # Units of one allocation set off together; the first to arrive ends the stage.
    new = np.ones(case.size, dtype=np.bool_)
    new[1:] = (allocation[1:] != allocation[:-1]) | (first[1:] != first[:-1])
    begins = np.flatnonzero(new)
    case, first, last = case[begins], first[begins], np.minimum.reduceat(last, begins)
    seconds = _overlap(first, last, start[case], stop[case])
    return np.bincount(case, weights=seconds, minlength=start.size).astype(np.int64)
