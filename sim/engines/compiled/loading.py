"""From the tables and the policy to the memory with which the simulation begins."""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.engines.compiled.building import Builder, block
from sim.engines.compiled.events import WIDTH as EVENT
from sim.engines.compiled.fields import case, concern, job, line, unit, visit, world
from sim.engines.compiled.fields.columns import places
from sim.engines.compiled.filling import fill, rows_of
from sim.engines.compiled.jit import Memory
from sim.engines.compiled.journal import WIDTH as ROW
from sim.engines.compiled.rules import put_classes, put_rules
from sim.tables import (
    CASES,
    CONCERNS,
    ENQUIRIES,
    EPISODES,
    INCIDENTS,
    NEVER,
    NONE,
    ROTA,
    Draws,
    Policy,
    Table,
)

_Rows: TypeAlias = slice | NDArray[np.intp]

_OF_REPORTS: Final = places(job, INCIDENTS.of_all)
_OF_JOBS: Final = places(job, (*INCIDENTS.of_all, *INCIDENTS.of_sent))
_OF_CASES: Final = places(case, EPISODES.of_sent)
_OF_LINES: Final = places(line, ENQUIRIES.of_sent)
_OF_VISITS: Final = places(visit, CONCERNS.of_sent)
_OF_UNITS: Final = places(unit, ROTA.of_sent)
_NOT_YET_OF_CASES: Final = {
    **{place: CASES.nothing[name] for name, place in places(case, CASES.of_sent).items()},
    **dict.fromkeys((case.LAST_LINE, case.LOST_LINE, case.AGAIN), NONE),
    case.OWNED_SINCE: NEVER,
}


class Loaded(NamedTuple):
    """A memory, and where in it the results will stand.

    Attributes
    ----------
    sent
        By row of the incidents table: officers are to be sent.
    jobs, others
        Where the jobs begin, in the order of those rows, and the rows that are no jobs.
    cases
        Where the cases begin, in the order of the episodes table.
    followed
        Rows of the incidents table, by row of the episodes table.
    """

    memory: Memory
    sent: NDArray[np.bool_]
    jobs: int
    others: int
    cases: int
    followed: NDArray[np.int64]


class Luck(NamedTuple):
    """Where that stands which is drawn: before all else, so that it can be kept as an image.

    Attributes
    ----------
    sent, jobs, others, cases, followed
        As in `Loaded`.
    lines, reports, by_key
        Where drawn lines of enquiry begin, incidents in their order, and cases by their keys.
    concerns, visits
        Where welfare concerns begin, in the order of their keys, and all drawn visits.
    worried
        Rows of the incidents table, by concern.
    child
        Number of its child, by row of the episodes table; 0: of nobody.
    most_officers
        That any work needs.
    zero_until
        Up to here all is 0 that nothing is drawn for.
    """

    sent: NDArray[np.bool_]
    jobs: int
    others: int
    cases: int
    followed: NDArray[np.int64]
    lines: int
    reports: int
    by_key: int
    concerns: int
    visits: int
    worried: NDArray[np.int64]
    child: NDArray[np.int64]
    most_officers: int
    zero_until: int


class Staff(NamedTuple):
    """Where people and rules stand: after all that is drawn.

    Attributes
    ----------
    shifts
        Rows of the rota that are on duty at any time.
    people, beginnings, ends
        Where these begin, and the orders in which they come and go.
    pools
        Where each pool stands.
    zero_until
        Up to here all is 0 that nobody fills in.
    free_places
        How many shall follow what is put down.
    """

    shifts: NDArray[np.intp]
    people: int
    beginnings: int
    ends: int
    pools: NDArray[np.int64]
    zero_until: int
    free_places: int


def loaded(draws: Draws, rota: Table, policy: Policy) -> Loaded:
    """Put tables and policy into a memory, ready for the first second."""
    build = Builder()
    luck = keep_luck(build, draws)
    drawn_until = build.size
    staff = keep_staff(build, luck, rota, policy)
    zero = slice(luck.zero_until), slice(drawn_until, staff.zero_until)
    m = build.memory(zero, staff.free_places)
    fill_luck(m, luck, draws, first_places(policy), staff.pools)
    fill_staff(m, staff, rota, policy)
    return Loaded(m, luck.sent, luck.jobs, luck.others, luck.cases, luck.followed)


def keep_luck(build: Builder, draws: Draws) -> Luck:
    """Keep room for all that is drawn."""
    incidents, episodes = draws.incidents, draws.episodes
    sent = (incidents["desk_pool"] == NONE) & (incidents["deploys"] != 0)
    counted = int(sent.sum())
    followed = rows_of(incidents["key"], episodes["key"])
    children, child = np.unique(incidents["child"][followed], return_inverse=True)
    nobody = 0 if len(children) and children[0] == NONE else 1
    cases = build.keep(len(episodes) * case.SIZE)
    worried = _worried(draws, sent, followed)
    concerns = build.keep(len(worried) * concern.SIZE)
    at = build.globals
    at[world.HELPED] = build.keep(len(children) + 1)
    at[world.INFORMED] = build.keep(len(children) + 1)
    zero_until = build.size
    lines = build.keep(len(draws.enquiries) * line.SIZE)
    visits = build.keep(len(draws.concerns) * visit.SIZE)
    by_key, reports = build.keep(len(episodes)), build.keep(len(incidents))
    at[world.REPORTS], at[world.REPORT_COUNT] = reports, len(incidents)
    at[world.CASES], at[world.CASE_COUNT] = by_key, len(episodes)
    at[world.ATTEMPT_KEYS] = build.put_column(draws.attempts["key"])
    at[world.ATTEMPT_SECONDS] = build.put_column(draws.attempts["dispatch_seconds"])
    at[world.ATTEMPT_COUNT] = len(draws.attempts)
    jobs = build.keep(counted * job.SIZE)
    others = build.keep((len(incidents) - counted) * job.REPORT_SIZE)
    return Luck(
        sent=sent,
        jobs=jobs,
        others=others,
        cases=cases,
        followed=followed,
        lines=lines,
        reports=reports,
        by_key=by_key,
        concerns=concerns,
        visits=visits,
        worried=worried,
        child=child + nobody,
        most_officers=_most_officers(incidents["officers"][sent], draws),
        zero_until=zero_until,
    )


def keep_staff(build: Builder, luck: Luck, rota: Table, policy: Policy) -> Staff:
    """Put the rules down, and keep room for people and for what is yet to happen."""
    shifts = np.flatnonzero(rota["off_at"] > np.maximum(rota["on_at"], policy.start))
    people = build.keep(len(shifts) * unit.SIZE)
    beginnings, ends = build.keep(len(shifts)), build.keep(len(shifts))
    pools = put_rules(build, policy, np.bincount(rota["pool"][shifts], minlength=len(policy.pools)))
    put_classes(build, policy, luck.most_officers)
    at = build.globals
    at[world.CHOSEN] = build.keep(256)
    at[world.ALLOCATIONS] = build.keep(len(shifts) + 1)
    at[world.NOW], at[world.END], at[world.ROUND] = policy.start, policy.end, -1
    at[world.BEGINNINGS], at[world.ENDS], at[world.SHIFT_COUNT] = beginnings, ends, len(shifts)
    zero_until = build.size
    jobs, cases = int(luck.sent.sum()), len(luck.followed) + len(luck.worried)
    free_places = _keep_room(build, jobs, len(luck.sent), len(shifts), cases)
    return Staff(shifts, people, beginnings, ends, pools, zero_until, free_places)


def fill_luck(
    m: Memory,
    luck: Luck,
    draws: Draws,
    missing_places: NDArray[np.int64],
    pools: NDArray[np.int64],
) -> None:
    """Fill in all that is drawn.

    Parameters
    ----------
    missing_places
        By stream: what its jobs stand behind in the queue (`first_places`).
    pools
        Where each pool stands.
    """
    where = _fill_jobs(m, luck, draws.incidents, missing_places, pools)
    m[luck.reports : luck.reports + len(where)] = where
    episodes = draws.episodes
    if len(episodes):
        cases = np.arange(len(episodes)) * case.SIZE + luck.cases
        m[luck.by_key : luck.by_key + len(cases)] = cases[np.argsort(episodes["key"])]
        _fill_cases(m, luck.cases, luck.lines, draws, where[luck.followed], luck.child)
    if len(luck.worried):
        _fill_concerns(m, luck, draws, where[luck.worried])


def fill_staff(m: Memory, staff: Staff, rota: Table, policy: Policy) -> None:
    """Fill in the people."""
    people = rota.take(staff.shifts)
    _fill_people(m, staff.people, staff.beginnings, staff.ends, people, policy, staff.pools)


def first_places(policy: Policy) -> NDArray[np.int64]:
    """Return by stream what its jobs stand behind in the queue (rule 6.1)."""
    ranks: NDArray[np.int64] = np.where(policy.missing, policy.missing_rank, 0)
    return ranks


def _keep_room(build: Builder, jobs: int, reports: int, shifts: int, cases: int) -> int:
    """Keep room for events and rows; return how many places shall be free for the rest.

    One event or one hand-out needs at most a few for each job, unit or case.
    """
    slack = 2 * (jobs + shifts + cases) + 256
    at = build.globals
    at[world.SLACK] = slack
    at[world.SLACK_PLACES] = 40 * slack
    at[world.EVENT_ROOM] = slack + 1024 + jobs
    at[world.EVENTS] = build.keep(at[world.EVENT_ROOM] * EVENT)
    at[world.ROW_ROOM] = slack + 1024 + 10 * jobs + 4 * reports + 4 * shifts
    at[world.ROWS] = build.keep(at[world.ROW_ROOM] * ROW)
    return at[world.SLACK_PLACES] + 60 * jobs + 400 * cases + 4096


def with_more_room(m: Memory) -> Memory:
    """Return the memory with twice the room for what has little; see `play.NEEDS_ROOM`."""
    free, slack = int(m[world.FREE]), int(m[world.SLACK])
    room = {
        (world.EVENTS, world.EVENT_COUNT, world.EVENT_ROOM): EVENT,
        (world.ROWS, world.ROW_COUNT, world.ROW_ROOM): ROW,
    }
    short = {fields: width for fields, width in room.items() if m[fields[1]] + slack > m[fields[2]]}
    added = sum(2 * int(m[fields[2]]) * width for fields, width in short.items())
    larger = np.empty(free + added + int(m[world.SLACK_PLACES]) + free // 2, dtype=np.int64)
    larger[:free] = m[:free]
    for (begins, count, rooms), width in short.items():
        used = int(m[count]) * width
        old = int(m[begins])
        larger[free : free + used] = m[old : old + used]
        larger[begins] = free
        larger[rooms] = 2 * m[rooms]
        free += 2 * int(m[rooms]) * width
    larger[world.FREE] = free
    larger[world.LENGTH] = len(larger)
    return larger


def _fill_jobs(
    m: Memory,
    luck: Luck,
    incidents: Table,
    missing_places: NDArray[np.int64],
    pools: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Fill in the incidents; return where each row of their table stands."""
    sent = luck.sent
    where = np.empty(len(incidents), dtype=np.int64)
    # A slice of all is no copy.
    rows: _Rows = slice(None) if sent.all() else np.flatnonzero(sent)
    columns = {field: incidents[name][rows] for name, field in _OF_JOBS.items()}
    columns[job.MISSING_PLACE] = missing_places[columns[job.STREAM]]
    nothing = dict.fromkeys((job.CASE, job.CONCERN, job.DESK_POOL), 0)
    fill(m, luck.jobs, job.SIZE, {**columns, **nothing, job.KIND: job.INCIDENT})
    where[rows] = luck.jobs + job.SIZE * np.arange(len(columns[job.KEY]))
    rows = np.flatnonzero(~sent)
    columns = {field: incidents[name][rows] for name, field in _OF_REPORTS.items()}
    desk = columns[job.DESK_POOL]
    columns[job.KIND] = np.where(desk == NONE, job.CALL_ALONE, job.DESK_WORK)
    columns[job.DESK_POOL] = np.append(pools, 0)[desk]
    fill(m, luck.others, job.REPORT_SIZE, {**columns, job.CASE: 0})
    where[rows] = luck.others + job.REPORT_SIZE * np.arange(len(rows))
    return where


def _fill_people(
    m: Memory,
    people: int,
    beginnings: int,
    ends: int,
    rota: Table,
    policy: Policy,
    pools: NDArray[np.int64],
) -> None:
    """Fill in the shifts, in the orders in which they begin and end (rules 1.3, 1.6)."""
    rows = block(m, people, len(rota), unit.SIZE)
    for name, field in _OF_UNITS.items():
        rows[:, field] = rota[name]
    rows[:, unit.ON_AT] = np.maximum(rota["on_at"], policy.start)
    rows[:, unit.POOL] = pools[rota["pool"]]
    rows[:, unit.STATE] = unit.OFF
    places = people + unit.SIZE * np.arange(len(rota))
    for base, field in ((beginnings, unit.ON_AT), (ends, unit.OFF_AT)):
        order = np.lexsort((rows[:, unit.KEY], rows[:, field]))
        m[base : base + len(rota)] = places[order]


def _fill_cases(
    m: Memory,
    cases: int,
    lines: int,
    draws: Draws,
    reports: NDArray[np.int64],
    child: NDArray[np.int64],
) -> None:
    """Fill in the episodes and their lines of enquiry; tell the incidents of their cases."""
    episodes, enquiries = draws.episodes, draws.enquiries
    rows = block(m, cases, len(episodes), case.SIZE)
    for name, field in _OF_CASES.items():
        rows[:, field] = episodes[name]
    for field, nothing in _NOT_YET_OF_CASES.items():
        rows[:, field] = nothing
    rows[:, case.CHILD] = child
    rows[:, case.JOB] = reports
    m[reports + job.CASE] = cases + case.SIZE * np.arange(len(episodes))
    drawn = block(m, lines, len(enquiries), line.SIZE)
    for name, field in _OF_LINES.items():
        drawn[:, field] = enquiries[name]
    first = np.searchsorted(enquiries["key"], episodes["key"], side="left")
    last = np.searchsorted(enquiries["key"], episodes["key"], side="right")
    rows[:, case.LINES_OF_ENQUIRY] = lines + line.SIZE * first
    rows[:, case.LINE_COUNT] = last - first


def _fill_concerns(m: Memory, luck: Luck, draws: Draws, reports: NDArray[np.int64]) -> None:
    """Fill in the welfare concerns and their visits; tell the incidents of them."""
    visits = draws.concerns
    rows = block(m, luck.concerns, len(reports), concern.SIZE)
    rows[:] = 0
    key = draws.incidents["key"][luck.worried]
    first = np.searchsorted(visits["key"], key, side="left")
    rows[:, concern.JOB] = reports
    rows[:, concern.VISITS] = luck.visits + visit.SIZE * first
    rows[:, concern.VISIT_COUNT] = np.searchsorted(visits["key"], key, side="right") - first
    m[reports + job.CONCERN] = luck.concerns + concern.SIZE * np.arange(len(reports))
    drawn = block(m, luck.visits, len(visits), visit.SIZE)
    for name, field in _OF_VISITS.items():
        drawn[:, field] = visits[name]


def _worried(
    draws: Draws, sent: NDArray[np.bool_], followed: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Rows of incidents that are welfare concerns: with visits, no case, officers are sent."""
    rows = rows_of(draws.incidents["key"], np.unique(draws.concerns["key"]))
    concerned: NDArray[np.int64] = rows[sent[rows] & ~np.isin(rows, followed)]
    return concerned


def _most_officers(of_jobs: NDArray[np.int64], draws: Draws) -> int:
    needed = (
        of_jobs,
        draws.enquiries["officers"],
        draws.episodes["interview_officers"],
        draws.concerns["officers"],
    )
    return max((int(column.max()) for column in needed if len(column)), default=1)
