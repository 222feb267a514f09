"""From the tables of one replication to the tallies of its cases (rules 11 to 13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.errors import InternalError
from sim.measures.arrays import Columns, Flags, Ints, Picked, cells_of, of_kinds, picked, summed
from sim.measures.arrays import counted as counted_keys
from sim.measures.clocks import earliest, grades_counted_by, research_began
from sim.measures.definition import Definition, in_team_hours
from sim.measures.episode import (
    AIM_SECONDS,
    OFFICE_FROM,
    OFFICE_UNTIL,
    OPEN_HOURS,
    OWNERS,
    CaseCount,
    Ending,
    Episodes,
    Span,
    at_night,
    span_key,
)
from sim.measures.lookup import Links, places_of, ranks
from sim.measures.pools import hourly_seconds
from sim.measures.replication import RISKS, Labels
from sim.measures.unworked import Stretches, owned, unworked
from sim.tables import (
    CASES,
    DAY,
    HOUR,
    NEVER,
    NONE,
    RESPONSE,
    TEAM,
    WORK,
    Activity,
    CaseEnd,
    End,
    Policy,
    Table,
    Why,
)

_DAY_HOURS = 24
_WEEK = 7
_PENCE = 100


class Followed(NamedTuple):
    """The episodes of one replication.

    Attributes
    ----------
    episodes, cases
        What was drawn of them, and what the engine made of them, in one order.
    pounds_per_hour
        By pool: what an hour of one of its people costs; nothing where it is not given.
    """

    episodes: Table
    cases: Table
    pounds_per_hour: Sequence[float] = ()


@dataclass(frozen=True, eq=False)
class _Rows:
    """Episodes with their incidents, outcomes and cases, row for row."""

    incidents: Columns
    outcomes: Columns
    cases: Columns
    episodes: Columns

    def take(self, rows: Ints) -> _Rows:
        tables = (self.incidents, self.outcomes, self.cases, self.episodes)
        return _Rows(*(picked(table, rows) for table in tables))

    @property
    def recorded(self) -> Flags:
        """Neither prevented nor left unrecorded."""
        flags: Flags = ~np.isin(self.cases["end"], (CaseEnd.PREVENTED, CaseEnd.UNRECORDED))
        return flags

    @property
    def needed(self) -> Flags:
        """Cases: recorded, and somebody was to be sent."""
        flags: Flags = self.recorded & (self.incidents["deploys"] == 1)
        return flags


def episodes_of(
    *,
    incidents: Table,
    outcomes: Table,
    followed: Followed,
    activities: Table,
    rota: Table,
    links: Links,
    policy: Policy,
    definition: Definition,
    labels: Labels,
) -> Episodes:
    """Tally what happened to the episodes reported in the window.

    Parameters
    ----------
    incidents, outcomes, activities, rota, policy, definition
        As `sim.measures.measure` takes them; outcomes in the order of the incidents.
    links
        To which incident and unit each activity belongs.
    followed
        The episodes.
    labels
        Names.

    Raises
    ------
    InternalError
        Cases and episodes do not match, a case's end is not borne out by its times, or its
        owners do not follow one another.
    """
    rows = places_of(incidents["key"], followed.cases["key"])
    everything = _checked(incidents, outcomes, followed, rows, policy.end)
    reported = everything.incidents["reported_at"]
    inside = np.flatnonzero((reported >= definition.since) & (reported < definition.until))
    counted = everything.take(inside)
    table, needed = counted.incidents, counted.needed
    places = ranks(rows[inside], len(incidents))[links.incident]
    # Few activities are of these episodes.
    of_these = np.flatnonzero(places >= 0)
    places, units = places[of_these], links.unit[of_these]
    done = Picked(activities, of_these)
    searched = np.flatnonzero(done["kind"] == Activity.RESEARCH)
    research = research_began(
        table, counted.outcomes, done["start"][searched], places[searched], policy
    )
    # What is no case has no work that a case could be charged with.
    places = np.append(np.where(needed, np.arange(needed.size), NONE), NONE)[places]
    codes = labels.pack(
        table["stream"],
        grades_counted_by(table, definition),
        table["risk"],
        table["in_care"],
        table["area"],
        in_team_hours(table["reported_at"], table["area"], definition.team_hours),
    )
    risk = table["risk"].astype(np.int64)
    began, stop = _under_enquiry(counted, policy.end)
    owners = owned(done, places, began, stop)
    idle = unworked(done, places, owners)
    officers, desks, pence, work = _work(
        done, places, units, rota, policy, risk, tuple(followed.pounds_per_hour)
    )
    columns = {
        **_ends(counted),
        **_enquiry(counted, began, stop, owners, idle),
        **_unnoticed(done, places, needed.size),
        **_protected(done, places, units, rota, counted.episodes["no_placement"] == 1),
        CaseCount.OFFICER_SECONDS: officers,
        CaseCount.DESK_SECONDS: desks,
        CaseCount.PENCE_SECONDS: pence,
        **_afterwards(counted, policy.end),
    }
    cells, cell = cells_of(codes)
    keys = _span_keys(counted, codes, research, policy, began, stop, idle)
    span_keys, span_counts = counted_keys(keys)
    held = needed & (counted.cases["interviewed_at"] != NEVER)
    census, midnights = _census(everything, definition)
    return Episodes(
        codes=cells,
        counts=summed(cell, [columns[count] for count in CaseCount], cells.size),
        span_keys=span_keys,
        span_counts=span_counts,
        work=work,
        owned=_by_hour(owners, risk),
        unworked=_by_hour(idle, risk),
        interviewed_by=np.bincount(
            counted.cases["interviewed_by"][held & (counted.cases["interviewed_by"] != NONE)],
            minlength=len(policy.pools),
        ).astype(np.int64),
        census=census,
        midnights=midnights,
    )


def _checked(incidents: Table, outcomes: Table, followed: Followed, rows: Ints, end: int) -> _Rows:
    """Episodes beside their incidents, after the check that each has one end."""
    episodes, cases = followed.episodes, followed.cases
    if not np.array_equal(episodes["key"], cases["key"]):
        raise InternalError("cases do not stand in the order of the episodes")
    if (rows < 0).any():
        raise InternalError("an episode belongs to no incident")
    result = _Rows(picked(incidents, rows), picked(outcomes, rows), cases, episodes)
    returned, safe = result.incidents["return_at"], cases["safe_at"]
    found, ended = cases["found_at"], cases["end"]
    nothing = (found == NEVER) & (cases["enquiry_at"] == NEVER)
    outcome = result.outcomes["end"]
    sound = np.select(
        [
            ended == CaseEnd.RETURNED,
            ended == CaseEnd.FOUND,
            ended == CaseEnd.STILL_MISSING,
            ended == CaseEnd.PREVENTED,
            ended == CaseEnd.UNRECORDED,
        ],
        [
            (safe == returned) & (safe != NEVER) & (safe < end) & (found == NEVER),
            (safe == found) & (found != NEVER) & ((returned == NEVER) | (found <= returned)),
            (safe == NEVER) & (found == NEVER) & ((returned == NEVER) | (returned >= end)),
            nothing & (outcome == End.PREVENTED),
            nothing & (outcome == End.UNRECORDED),
        ],
        default=False,
    )
    if not sound.all():
        row = int(np.flatnonzero(~sound)[0])
        raise InternalError(
            f"case {cases['key'][row]} has end {ended[row]}, which its times do not bear out: "
            "episodes are returned + found + still missing + prevented + unrecorded"
        )
    return result


def _under_enquiry(counted: _Rows, end: int) -> tuple[Ints, Ints]:
    """From when and until when; both 0 where a case never was."""
    began = counted.cases["enquiry_at"]
    was = counted.needed & (began != NEVER)
    safe = counted.cases["safe_at"]
    stop = np.where(safe == NEVER, end, safe)
    return np.where(was, began, 0), np.where(was, stop, 0)


def _ends(counted: _Rows) -> dict[CaseCount, Ints | Flags]:
    ended = counted.cases["end"]
    return {
        CaseCount.EPISODES: np.ones(ended.size, dtype=np.int64),
        CaseCount.PREVENTED: ended == CaseEnd.PREVENTED,
        CaseCount.UNRECORDED: ended == CaseEnd.UNRECORDED,
        CaseCount.RETURNED: ended == CaseEnd.RETURNED,
        CaseCount.FOUND: ended == CaseEnd.FOUND,
        CaseCount.STILL_MISSING: ended == CaseEnd.STILL_MISSING,
        CaseCount.CASES: counted.needed,
    }


def _enquiry(
    counted: _Rows, began: Ints, stop: Ints, owners: Stretches, idle: Stretches
) -> dict[CaseCount, Ints | Flags]:
    size, cases = len(counted.cases), counted.cases

    def seconds(stretches: Stretches, owner: int) -> Ints:
        mine = stretches.owner == owner
        return np.bincount(
            stretches.case[mine], weights=stretches.seconds[mine], minlength=size
        ).astype(np.int64)

    night = at_night(idle.end) - at_night(idle.start)
    return {
        CaseCount.ENQUIRED: counted.needed & (cases["enquiry_at"] != NEVER),
        CaseCount.ENQUIRY_SECONDS: stop - began,
        CaseCount.ENQUIRY_TEAM_SECONDS: seconds(owners, TEAM),
        CaseCount.ENQUIRY_RESPONSE_SECONDS: seconds(owners, RESPONSE),
        CaseCount.ENQUIRY_NIGHT_SECONDS: at_night(stop) - at_night(began),
        CaseCount.UNWORKED_SECONDS: idle.total(size),
        CaseCount.UNWORKED_TEAM_SECONDS: seconds(idle, TEAM),
        CaseCount.UNWORKED_RESPONSE_SECONDS: seconds(idle, RESPONSE),
        CaseCount.UNWORKED_NIGHT_SECONDS: np.bincount(
            idle.case, weights=night, minlength=size
        ).astype(np.int64),
        **{
            CaseCount[name.upper()]: np.where(counted.needed, cases[name], 0)
            for name in ("handovers", "lines", "lines_again", "reviews", "taskings", "moved_on")
        },
        CaseCount.ESCALATED: counted.needed & (cases["escalated_at"] != NEVER),
    }


def _unnoticed(activities: Columns, places: Ints, size: int) -> dict[CaseCount, Ints | Flags]:
    """Spans of each case in which its owner did not know of it, and their seconds."""
    rows = np.flatnonzero((places >= 0) & (activities["kind"] == Activity.UNNOTICED))
    case, seconds = places[rows], activities["end"][rows] - activities["start"][rows]
    return {
        CaseCount.UNNOTICED: np.bincount(case, minlength=size).astype(np.int64),
        CaseCount.UNNOTICED_SECONDS: np.bincount(case, weights=seconds, minlength=size).astype(
            np.int64
        ),
    }


def _protected(
    activities: Columns, places: Ints, units: Ints, rota: Table, not_found: Flags
) -> dict[CaseCount, Ints | Flags]:
    """Which cases had police protection, how long, by whom, and in which hours it was begun."""
    size = not_found.size
    rows = np.flatnonzero((places >= 0) & (activities["kind"] == Activity.PROTECTION))
    case, unit = places[rows], units[rows]
    start, end = activities["start"][rows], activities["end"][rows]
    # A case has it once, from the first of its units until the last (rule 12.4).
    begun, over = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    # Rows stand in the order of their beginnings: backwards, the first is written last.
    begun[case[::-1]] = start[::-1]
    np.maximum.at(over, case, end)
    stays = np.bincount(case, minlength=size).astype(np.int64)
    there = stays > 0
    late = np.maximum(end - np.maximum(start, rota["off_at"][unit]), 0) * rota["officers"][unit]
    relieved = case[activities["why"][rows] == Why.HANDED_OVER]
    without = there & not_found
    office = there & (begun % DAY >= OFFICE_FROM) & (begun % DAY < OFFICE_UNTIL)
    length = over - begun
    return {
        CaseCount.PROTECTED: there,
        CaseCount.PROTECTION_SECONDS: length,
        CaseCount.PROTECTED_IN_OFFICE_HOURS: office,
        CaseCount.PROTECTION_IN_OFFICE_HOURS_SECONDS: np.where(office, length, 0),
        CaseCount.PROTECTED_OUT_OF_HOURS: there & ~office,
        CaseCount.PROTECTION_OUT_OF_HOURS_SECONDS: np.where(office, 0, length),
        CaseCount.PROTECTED_WITHOUT_PLACEMENT: without,
        CaseCount.PROTECTION_WITHOUT_PLACEMENT_SECONDS: np.where(without, length, 0),
        CaseCount.PROTECTION_UNITS: stays,
        CaseCount.PROTECTION_OVERTIME_SECONDS: np.bincount(
            case, weights=late, minlength=size
        ).astype(np.int64),
        CaseCount.RELIEVED: np.bincount(relieved, minlength=size) > 0,
    }


def _afterwards(counted: _Rows, end: int) -> dict[CaseCount, Ints | Flags]:
    cases, needed = counted.cases, counted.needed
    safe, completed = cases["safe_at"], cases["completed_at"]
    came = {name: needed & (cases[name] != NEVER) for name in CASES.names if "_at" in name}
    followed = came["safe_at"] & (safe + AIM_SECONDS <= end)
    held = followed & came["completed_at"]
    return {
        CaseCount.SAFE: came["safe_at"],
        CaseCount.INTERVIEWED: came["interviewed_at"],
        CaseCount.PPN_SENT: came["ppn_at"],
        CaseCount.SHARED: came["shared_at"],
        CaseCount.DISCUSSED: came["discussed_at"],
        CaseCount.STRATEGY_HELD: came["strategy_at"],
        CaseCount.MINUTES_RECEIVED: came["minutes_at"],
        CaseCount.FOLLOWED: followed,
        CaseCount.OFFERED: followed & came["offered_at"],
        CaseCount.COMPLETED: held,
        CaseCount.COMPLETED_IN_AIM: held & (completed - safe <= AIM_SECONDS),
        CaseCount.REFERRED: came["referred_at"],
    }


def _work(
    activities: Columns,
    places: Ints,
    units: Ints,
    rota: Table,
    policy: Policy,
    risk: Ints,
    pounds_per_hour: tuple[float, ...],
) -> tuple[Ints, Ints, Ints, Ints]:
    """Officer-seconds, desk seconds and pence-seconds of each case, and all by risk and pool."""
    rows = np.flatnonzero((places >= 0) & (units >= 0) & of_kinds(activities, WORK))
    case, unit = places[rows], units[rows]
    pool = rota["pool"][unit].astype(np.int64)
    seconds = (activities["end"][rows] - activities["start"][rows]) * rota["officers"][unit]
    pence = np.zeros(len(policy.pools), dtype=np.int64)
    pence[: len(pounds_per_hour)] = np.rint(np.array(pounds_per_hour) * _PENCE)
    at_desk = np.array([one.desk for one in policy.pools], dtype=np.bool_)[pool]

    def by_case(weights: Ints) -> Ints:
        return np.bincount(case, weights=weights, minlength=risk.size).astype(np.int64)

    shape = (len(RISKS), len(policy.pools), len(Activity))
    kind = activities["kind"][rows].astype(np.int64)
    place = (risk[case] * shape[1] + pool) * shape[2] + kind
    work = np.bincount(place, weights=seconds, minlength=int(np.prod(shape)))
    return (
        by_case(np.where(at_desk, 0, seconds)),
        by_case(np.where(at_desk, seconds, 0)),
        by_case(seconds * pence[pool]),
        work.astype(np.int64).reshape(shape),
    )


def _span_keys(
    counted: _Rows,
    codes: Ints,
    research: Ints,
    policy: Policy,
    began: Ints,
    stop: Ints,
    idle: Stretches,
) -> Ints:
    incidents, outcomes, cases = counted.incidents, counted.outcomes, counted.cases
    needed, reported = counted.needed, incidents["reported_at"]
    # Whom a telephone has found is visited: then an officer is with the child for the first time.
    found = outcomes["end"] == End.FOUND_BY_TELEPHONE
    arrived = np.where(found, outcomes["seen_at"], outcomes["arrived_at"])
    safe = cases["safe_at"]
    interviewed, ppn = cases["interviewed_at"], cases["ppn_at"]
    came = cases["enquiry_at"] != NEVER
    ends = np.full(reported.size, policy.end, dtype=np.int64)
    keys: list[Ints] = []

    def add(
        span: Span, rows: Flags, start: Ints, event: Ints, otherwise: Ints | None = None
    ) -> None:
        """Add spans from start to event, or to a later cut; without one, only what came about."""
        if otherwise is None:
            rows = rows & (event != NEVER)
        # What lies after the cut came too late to be seen.
        cut = event == NEVER if otherwise is None else (event == NEVER) | (event > otherwise)
        last = event if otherwise is None else np.where(cut, otherwise, event)
        ending = np.where(cut, int(Ending.CUT), int(Ending.DONE))
        if span is Span.CHILD_SAFE:
            ending = np.where(cases["end"] == CaseEnd.FOUND, int(Ending.FOUND), ending)
        length = np.maximum(last - start, 0)[rows]
        keys.append(span_key(codes[rows], span, ending[rows].astype(np.int64), length))

    add(Span.FIRST_ENQUIRY, needed, reported, earliest(research, arrived), ends)
    add(Span.OFFICER_WITH, needed, reported, arrived, ends)
    add(Span.CHILD_SEEN, needed, reported, outcomes["seen_at"], ends)
    add(Span.CHILD_SAFE, needed, reported, safe, ends)
    add(Span.FIRST_LINE, needed & came, began, cases["first_line_at"], stop)
    add(Span.UNATTENDED, needed, reported, earliest(arrived, safe), ends)
    add(Span.UNWORKED, needed & came, began, began + idle.total(reported.size))
    add(Span.INTERVIEW, needed & (safe != NEVER), safe, interviewed, ends)
    add(Span.PPN, needed & (interviewed != NEVER), interviewed, ppn, ends)
    add(Span.SHARED, needed & (ppn != NEVER), ppn, cases["shared_at"], ends)
    fates = counted.episodes
    held = needed & (safe != NEVER) & (fates["rhi_offered"] == 1) & (fates["rhi_accepted"] == 1)
    add(Span.RETURN_INTERVIEW, held, safe, cases["completed_at"], ends)
    never_told = cases["end"] == CaseEnd.UNRECORDED
    back = np.where(incidents["return_at"] == NEVER, ends, incidents["return_at"])
    add(Span.UNRECORDED, never_told, reported, back, ends)
    return np.concatenate(keys)


def _by_hour(stretches: Stretches, risk: Ints) -> Ints:
    """Seconds by risk, owner and hour of the day."""
    shape = (len(RISKS), len(OWNERS), _DAY_HOURS)
    if not stretches.case.size:
        return np.zeros(shape, dtype=np.int64)
    first = int(stretches.start.min()) // DAY
    days = int(stretches.end.max()) // DAY + 1 - first
    covered = hourly_seconds(
        stretches.start,
        stretches.end,
        risk[stretches.case] * len(OWNERS) + stretches.owner,
        len(RISKS) * len(OWNERS),
        first * _DAY_HOURS,
        days * _DAY_HOURS,
    )
    seconds: Ints = covered.reshape(*shape[:2], days, _DAY_HOURS).sum(axis=2)
    return seconds


def _census(everything: _Rows, definition: Definition) -> tuple[Ints, Ints]:
    """Cases open at each midnight after a measured day, by day of the week, and the midnights."""
    rows = everything.needed
    reported = everything.incidents["reported_at"][rows]
    safe = everything.cases["safe_at"][rows]
    midnights = np.arange(definition.since // DAY + 1, definition.until // DAY + 1) * DAY
    weekday = (definition.first_weekday + midnights // DAY) % _WEEK
    now = midnights[:, None]
    still = (safe == NEVER) | (safe > now)
    census = np.zeros((_WEEK, len(OPEN_HOURS)), dtype=np.int64)
    for place, hours in enumerate(OPEN_HOURS):
        open_for = still & (now - reported > hours * HOUR)
        np.add.at(census[:, place], weekday, open_for.sum(axis=1))
    return census, np.bincount(weekday, minlength=_WEEK).astype(np.int64)
