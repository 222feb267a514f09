"""When each incident's clocks start and stop, and whether its target was met."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.errors import InternalError
from sim.measures.arrays import Columns, Picked, picked
from sim.measures.definition import Definition, Start
from sim.measures.lookup import Done, places_of, ranks
from sim.measures.replication import Fate, Flags, Ints
from sim.tables import NEVER, NONE, Activity, End, Policy


@dataclass(frozen=True, eq=False)
class Cases:
    """The incidents that are counted, in the order of the incidents table.

    Parameters
    ----------
    incidents, outcomes
        Their rows.
    places
        Shape (incidents + 1,): place among them of each incident of the table, as `ranks` gives.
    grade
        Shape (n,): the grade that they count by.
    needed
        Shape (n,): somebody was to be sent, as drawn.
    own_start
        Shape (n,): the target's own clock starts; the report where there is no target.
    stop
        Shape (n,): first of arrival, return (or found by telephone) and end of follow-up.
    fate
        Shape (n,): which of them (`Fate`).
    """

    incidents: Columns
    outcomes: Columns
    places: Ints
    grade: Ints
    needed: Flags
    own_start: Ints
    stop: Ints
    fate: Ints

    @property
    def delay(self) -> Ints:
        """Time unattended in seconds, shape (n,)."""
        delay: Ints = np.maximum(self.stop - self.own_start, 0)
        return delay

    def picked(self, rows: Ints) -> Cases:
        """Some of them alone, by their numbers."""
        return Cases(
            picked(self.incidents, rows),
            picked(self.outcomes, rows),
            ranks(rows, self.needed.size)[self.places],
            self.grade[rows],
            self.needed[rows],
            self.own_start[rows],
            self.stop[rows],
            self.fate[rows],
        )


def counted_cases(
    incidents: Columns, outcomes: Columns, policy: Policy, definition: Definition
) -> Cases:
    """The incidents reported in the window, with their clocks.

    What was prevented or never recorded did not reach the police: it is no report (rules 13.7
    and 13.8), and is counted with the episodes alone.

    Raises
    ------
    InternalError
        Outcomes do not belong to the incidents; reports are not attended + returned first +
        ended without deployment + abandoned + found by telephone + open (rule 9.3); or one that
        never reached the police is graded.
    """
    if not np.array_equal(incidents["key"], outcomes["key"]):
        raise InternalError("outcomes do not stand in the order of the incidents")
    reported = incidents["reported_at"]
    never_told = (outcomes["end"] == End.PREVENTED) | (outcomes["end"] == End.UNRECORDED)
    if (never_told & (outcomes["graded_at"] != NEVER)).any():
        raise InternalError("an incident that never came about, or was never told, is graded")
    rows = np.flatnonzero(
        (incidents["desk_pool"] == NONE)
        & (reported >= definition.since)
        & (reported < definition.until)
        & ~never_told
    )
    mine, made = Picked(incidents, rows), Picked(outcomes, rows)
    needed = mine["deploys"] == 1
    stop, fate = _stops(mine, made, needed, policy.end)
    grade = grades_counted_by(mine, definition)
    own_start = np.array(mine["reported_at"])
    for place in range(1, policy.grades + 1):
        target = definition.target_of(place)
        if target is not None:
            here = grade == place
            own_start[here] = clock_start(mine, made, target.starts)[here]
    return Cases(mine, made, ranks(rows, len(incidents)), grade, needed, own_start, stop, fate)


def clock_start(incidents: Columns, outcomes: Columns, clock: Start) -> Ints:
    """When a clock starts; where that never came about, time runs from the report."""
    reported = incidents["reported_at"]
    if clock == "received":
        return reported
    column = outcomes["answered_at" if clock == "answered" else "graded_at"]
    return np.where(column == NEVER, reported, column)


def clock_starts(cases: Cases) -> dict[str, Ints]:
    """By clock, when it started: shape (n,) each."""
    incidents, outcomes = cases.incidents, cases.outcomes
    return {
        "received": incidents["reported_at"],
        "answered": clock_start(incidents, outcomes, "answered"),
        "graded": clock_start(incidents, outcomes, "graded"),
    }


def grades_counted_by(incidents: Columns, definition: Definition) -> Ints:
    """The baseline's first grade of each incident that it met too, else its own: shape (n,)."""
    own = incidents["grade"].astype(np.int64)
    first = definition.first_grades
    if first is None:
        return own
    place = places_of(first.keys, incidents["key"])
    grades: Ints = np.where(place >= 0, np.append(first.grades, 0)[place], own)
    return grades


def _stops(incidents: Columns, outcomes: Columns, needed: Flags, end: int) -> tuple[Ints, Ints]:
    """What ended the time unattended, and when, after the check that each has one end."""
    ended = outcomes["end"]
    arrived, returned = outcomes["arrived_at"], incidents["return_at"]
    found = outcomes["telephone_found_at"]
    has_arrived = arrived != NEVER
    has_returned = (returned != NEVER) & (returned < end)
    back_first = has_returned & (~has_arrived | (arrived >= returned))
    nobody_came = ~needed & ~has_arrived
    sound = np.zeros(ended.shape, dtype=np.bool_)
    for end_as, borne_out in (
        (End.ATTENDED, has_arrived & (~has_returned | (returned >= arrived))),
        (End.RETURNED_FIRST, back_first),
        (End.ENDED_WITHOUT_DEPLOYMENT, nobody_came),
        (End.ABANDONED, nobody_came & (outcomes["hung_up_at"] != NEVER)),
        (
            End.FOUND_BY_TELEPHONE,
            needed & ~has_arrived & (found != NEVER) & (~has_returned | (returned >= found)),
        ),
        # Nobody waits for the return of whom nobody is sent to (rule 2.4).
        (End.OPEN, ~has_arrived & (~has_returned | ~needed)),
    ):
        sound |= (ended == end_as) & borne_out
    if not sound.all():
        row = int(np.flatnonzero(~sound)[0])
        raise InternalError(
            f"incident {incidents['key'][row]} has end {ended[row]}, which its times do not bear "
            "out: arrivals are attended + returned first + ended without deployment + abandoned + "
            "found by telephone + open"
        )
    stop = np.full(ended.shape, end, dtype=np.int64)
    fate = np.full(ended.shape, int(Fate.WAITING), dtype=np.int64)
    for end_as, what, when in (
        (End.ATTENDED, Fate.ARRIVED, arrived),
        (End.RETURNED_FIRST, Fate.RETURNED, returned),
        (End.FOUND_BY_TELEPHONE, Fate.RETURNED, found),
    ):
        rows = np.flatnonzero(ended == end_as)
        stop[rows], fate[rows] = when[rows], int(what)
    return stop, fate


def within_target(
    cases: Cases, definition: Definition, stops: Stops, starts: dict[str, Ints]
) -> dict[str, Flags]:
    """Which incidents met their target, by ``own``, ``received`` and ``graded`` clock.

    Parameters
    ----------
    cases
        The incidents.
    definition
        Holds the targets.
    stops
        When each clock stopped.
    starts
        By clock: when it started, shape (n,).

    Returns
    -------
    dict
        Shape (n,) for each clock. False without a target, where nobody was needed, and,
        except by its own clock, where the target is not one of attendance.
    """
    n = len(cases.incidents)
    own = np.zeros(n, dtype=np.bool_)
    received, graded = own.copy(), own.copy()
    areas = cases.incidents["area"]
    for grade in range(1, int(cases.grade.max(initial=0)) + 1):
        target = definition.target_of(grade)
        if target is None:
            continue
        here = (cases.grade == grade) & cases.needed
        stop = stops.of(target.stops)
        seconds = np.array(target.seconds, dtype=np.int64)[areas]
        stopped = here & (stop != NEVER)
        own |= stopped & (stop - starts[target.starts] <= seconds)
        if target.stops == "officer_at_address":
            received |= stopped & (stop - starts["received"] <= seconds)
            graded |= stopped & (stop - starts["graded"] <= seconds)
    return {"own": own, "received": received, "graded": graded}


@dataclass(frozen=True, eq=False)
class Stops:
    """When each of the four clocks stopped, NEVER where it did not: shape (n,) each."""

    first_enquiry: Ints
    officer_at_address: Ints
    child_seen: Ints
    child_safe: Ints

    def of(self, name: str) -> Ints:
        """The column of a target's stop clock."""
        column: Ints = getattr(self, name)
        return column


def earliest(*columns: Ints) -> Ints:
    """First of several times that may be NEVER."""
    # One less than NEVER, the lowest number, is the highest.
    first: Ints = columns[0] - 1
    for column in columns[1:]:
        first = np.minimum(first, column - 1)
    return first + 1


def stops_of(cases: Cases, done: Done, policy: Policy) -> Stops:
    """The four clocks as they were.

    Returned first is not arrived. The first enquiry is the start of research or the first
    arrival, whichever is earlier. A child is safe when back, or seen by police: a child whom a
    line of enquiry found is seen then.
    """
    rows = done.kinds.of(Activity.RESEARCH)
    research = research_began(
        cases.incidents, cases.outcomes, done.activities["start"][rows], done.places[rows], policy
    )
    return stops_given(cases, policy, research)


def stops_given(cases: Cases, policy: Policy, research: Ints) -> Stops:
    """The four clocks, given when research of each incident began: shape (n,)."""
    incidents, outcomes = cases.incidents, cases.outcomes
    returned = incidents["return_at"]
    back = np.where(returned < policy.end, returned, NEVER)
    found = outcomes["telephone_found_at"]
    back = np.where(found != NEVER, found, back)
    return Stops(
        first_enquiry=earliest(research, outcomes["arrived_at"]),
        officer_at_address=np.where(outcomes["end"] == End.ATTENDED, outcomes["arrived_at"], NEVER),
        child_seen=outcomes["seen_at"],
        child_safe=earliest(back, outcomes["seen_at"]),
    )


def research_began(
    incidents: Columns, outcomes: Columns, starts: Ints, places: Ints, policy: Policy
) -> Ints:
    """When FIB24 research of each incident began, NEVER where it did not: shape (n,).

    Parameters
    ----------
    incidents, outcomes
        Of the incidents in question.
    starts, places
        Of pieces of research, ascending: when they began, and the place of their incident among
        these, or -1.
    policy
        Whether there are people who do research.
    """
    research = np.full(len(incidents), NEVER, dtype=np.int64)
    if policy.research == NONE:
        done = (incidents["research_seconds"] != NEVER) & (outcomes["graded_at"] != NEVER)
        research[done] = outcomes["graded_at"][done]
        return research
    mine = np.flatnonzero(places >= 0)[::-1]
    # A research task is done in one piece; were there two, the first would count.
    research[places[mine]] = starts[mine]
    return research
