"""Where the time unattended goes: each second belongs to the one stage that blocks arrival then.

Steps that run beside another (an assessment while a unit is already on its way) block nothing and
count nothing. The stages of an incident add up to its delay.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.errors import InternalError
from sim.measures.clocks import Cases
from sim.measures.lookup import Links
from sim.measures.replication import Ints
from sim.tables import NEVER, Activity, Table

_ATTEMPT_BITS = 16


@dataclass(frozen=True, eq=False)
class Stages:
    """Seconds of each stage, shape (n,) each.

    Parameters
    ----------
    call
        To the grade: waiting for a call taker, and THRIVE.
    decision
        Graded, and held at the gate.
    dispatcher
        Units earmarked, not yet sent.
    no_unit
        In the queue.
    travel
        Units on their way.
    """

    call: Ints
    decision: Ints
    dispatcher: Ints
    no_unit: Ints
    travel: Ints

    @property
    def total(self) -> Ints:
        """Sum of the stages, shape (n,)."""
        return self.call + self.decision + self.dispatcher + self.no_unit + self.travel


def stages_of(cases: Cases, activities: Table, links: Links) -> Stages:
    """Split each incident's time unattended into stages.

    Parameters
    ----------
    cases
        The incidents.
    activities, links
        What happened, and to which incident.

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
    start = cases.own_start
    places = cases.places[links.incident]
    stop = np.where(cases.needed, np.maximum(cases.stop, start), start)
    graded = _or(cases.outcomes["graded_at"], stop)
    ready = _or(cases.outcomes["ready_at"], stop)
    stages = Stages(
        call=_overlap(cases.incidents["reported_at"], graded, start, stop),
        decision=_overlap(graded, ready, start, stop),
        dispatcher=_spent(activities, places, Activity.EARMARKED, start, stop),
        no_unit=_spent(activities, places, Activity.WAIT_UNIT, start, stop),
        travel=_spent(activities, places, Activity.TRAVEL, start, stop),
    )
    wrong = np.flatnonzero(stages.total != stop - start)
    if wrong.size:
        row = int(wrong[0])
        raise InternalError(
            f"the stages of incident {cases.incidents['key'][row]} add up to "
            f"{stages.total[row]} s, and its delay is {(stop - start)[row]} s"
        )
    return stages


def _or(times: Ints, otherwise: Ints) -> Ints:
    return np.where(times == NEVER, otherwise, times)


def _overlap(first: Ints, last: Ints, start: Ints, stop: Ints) -> Ints:
    seconds: Ints = np.maximum(np.minimum(last, stop) - np.maximum(first, start), 0)
    return seconds


def _spent(activities: Table, places: Ints, kind: Activity, start: Ints, stop: Ints) -> Ints:
    """Seconds of each incident in activities of a kind, units of one allocation counted once."""
    rows = np.flatnonzero((activities["kind"] == kind) & (places >= 0))
    rows = rows[activities["start"][rows] < stop[places[rows]]]
    case, first, last = places[rows], activities["start"][rows], activities["end"][rows]
    allocation = case << _ATTEMPT_BITS | activities["attempt"][rows]
    order = np.lexsort((first, allocation))
    case, first, last, allocation = case[order], first[order], last[order], allocation[order]
    # Units of one allocation set off together; the first to arrive ends the stage.
    new = np.ones(case.size, dtype=np.bool_)
    new[1:] = (allocation[1:] != allocation[:-1]) | (first[1:] != first[:-1])
    begins = np.flatnonzero(new)
    case, first, last = case[begins], first[begins], np.minimum.reduceat(last, begins)
    seconds = _overlap(first, last, start[case], stop[case])
    return np.bincount(case, weights=seconds, minlength=len(start)).astype(np.int64)
