"""From the tables of one replication to its tallies."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.errors import InternalError
from sim.measures.after_arrival import Followed, episodes_of
from sim.measures.arrays import cells_of, counted, summed
from sim.measures.claims import Claims
from sim.measures.clocks import Cases, clock_starts, counted_cases, stops_of, within_target
from sim.measures.concerns import concerns_of
from sim.measures.crews import Crews, Units
from sim.measures.definition import Definition, in_team_hours
from sim.measures.idle import idle_seconds
from sim.measures.lookup import Done, Links
from sim.measures.outcome_counts import counts_of_needed, counts_of_reports
from sim.measures.placed import placed_of, tells_of_placed
from sim.measures.pools import hourly_times
from sim.measures.reachable import unlimited
from sim.measures.replication import (
    STAGES,
    WEEK_HOURS,
    Count,
    Flags,
    Ints,
    Labels,
    Replication,
    delay_key,
)
from sim.measures.stages import parts_of_stages, stages_of
from sim.tables import (
    DAY,
    HOUR,
    MINUTE,
    NEVER,
    Engine,
    Policy,
    Risk,
    Table,
)

SOON_SECONDS = 5 * MINUTE
"""An allocation this soon after ratification counts as bunched behind it."""


def measure(  # noqa: PLR0913 (what an engine was given, and what it made)
    *,
    incidents: Table,
    attempts: Table,
    rota: Table,
    policy: Policy,
    outcomes: Table,
    activities: Table,
    definition: Definition,
    engine: Engine,
    followed: Followed | None = None,
    visits: Table | None = None,
) -> Replication:
    """Tally one replication.

    Every incident reported in the window counts, by the grade first drawn, whatever became of it.
    Attendance and delays are about those that somebody was to be sent to; that is a fate, so that
    no rule or staffing moves an incident in or out.

    Parameters
    ----------
    incidents, attempts, rota, policy
        What the engine was given.
    outcomes, activities
        What it made of them; outcomes in the order of the incidents.
    definition
        What is measured.
    engine
        The one that made them: it plays once more with everybody always free.
    followed
        The missing episodes; None where they are not followed beyond the first attendance.
    visits
        Fates of the visits of welfare concerns; None where these are not followed.

    Raises
    ------
    InternalError
        Incidents and outcomes do not match, reports are not attended + returned first + ended
        without deployment + open, or an incident's stages do not add up to its delay; or a count is
        told by nothing; or cases are
        not as `sim.measures.after_arrival.episodes_of` asks.
    """
    cases = counted_cases(incidents, outcomes, policy, definition)
    labels = labels_of(policy, definition)
    episodes = None if followed is None else followed.episodes
    rows = np.flatnonzero(cases.needed)
    needed = cases.picked(rows)
    reachable = _reachable(cases, rows, attempts, policy, engine, episodes, definition)
    links = Links.of(incidents, rota, activities)
    of_needed, within = _of_needed(
        incidents, needed, reachable, rota, policy, activities, links, definition
    )
    columns = cases.incidents
    codes = labels.pack(
        columns["stream"],
        cases.grade,
        columns["risk"],
        columns["in_care"],
        columns["area"],
        in_team_hours(columns["reported_at"], columns["area"], definition.team_hours),
    )
    cells, places = cells_of(codes)
    counts = np.zeros((cells.size, len(Count)), dtype=np.int64)
    of_reports = counts_of_reports(cases)
    if not_told := set(Count) - set(of_reports) - set(of_needed):
        raise InternalError(f"nothing tells {sorted(count.name for count in not_told)}")
    for told, where in ((of_reports, places), (of_needed, places[rows])):
        counts[:, list(told)] = summed(where, list(told.values()), cells.size)
    keys = delay_key(codes[rows], needed.fate, needed.delay)
    delay_keys, delay_counts = counted(keys)
    targeted = of_needed[Count.TARGETED].astype(np.bool_, copy=False)
    window = definition.since, definition.until
    times = hourly_times(incidents, activities, rota, links, policy, window)
    return Replication(
        labels=labels,
        replications=1,
        window_seconds=definition.until - definition.since,
        codes=cells,
        counts=counts,
        delay_keys=delay_keys,
        delay_counts=delay_counts,
        heat_cases=_heat(needed, targeted, policy, definition),
        heat_missed=_heat(needed, targeted & ~within, policy, definition),
        pools=times.pools,
        first_hour=times.first_hour,
        unallocated=times.unallocated,
        busy_units=times.busy_units,
        episodes=None
        if followed is None or (policy.episode is None and not len(followed.episodes))
        else episodes_of(
            incidents=incidents,
            outcomes=outcomes,
            followed=followed,
            activities=activities,
            rota=rota,
            links=links,
            policy=policy,
            definition=definition,
            labels=labels,
        ),
        concerns=None
        if visits is None
        else concerns_of(
            incidents=incidents,
            outcomes=outcomes,
            visits=visits,
            activities=activities,
            rota=rota,
            links=links,
            policy=policy,
            definition=definition,
        ),
        placed=None
        if followed is None or not tells_of_placed(policy)
        else placed_of(
            incidents=incidents,
            outcomes=outcomes,
            episodes=followed.episodes,
            cases=followed.cases,
            policy=policy,
            definition=definition,
        ),
    )


def labels_of(policy: Policy, definition: Definition) -> Labels:
    """The names that results go by."""
    return Labels(
        streams=policy.streams,
        missing=policy.missing,
        areas=policy.areas,
        pools=tuple(pool.name for pool in policy.pools),
        roles=tuple(pool.role for pool in policy.pools),
        pool_areas=tuple(pool.area for pool in policy.pools),
        grades=policy.grades,
        headline_stream=definition.headline_stream,
        headline_grade=definition.headline_grade,
    )


def _reachable(
    cases: Cases,
    rows: Ints,
    attempts: Table,
    policy: Policy,
    engine: Engine,
    episodes: Table | None,
    definition: Definition,
) -> dict[str, Flags]:
    """By clock, which of some incidents would meet the target with everybody always free."""
    promised = [grade for grade in range(1, policy.grades + 1) if definition.target_of(grade)]
    # No other can meet one.
    those = np.flatnonzero(np.isin(cases.grade[rows], promised))
    could = unlimited(cases, rows[those], attempts, policy, engine, episodes)
    found = within_target(cases.picked(rows[those]), definition, *could)
    reachable = {clock: np.zeros(rows.size, dtype=np.bool_) for clock in found}
    for clock, met in found.items():
        reachable[clock][those] = met
    return reachable


def _of_needed(
    incidents: Table,
    cases: Cases,
    reachable: Mapping[str, Flags],
    rota: Table,
    policy: Policy,
    activities: Table,
    links: Links,
    definition: Definition,
) -> tuple[dict[Count, Ints | Flags], Flags]:
    """A column for each `Count` of those to whom somebody was to be sent; and who met the target.

    Shape (n,) each, as `cases`, which are these alone.
    """
    outcomes = cases.outcomes
    done = Done(activities, cases.places[links.incident], links.kinds)
    stops = stops_of(cases, done, policy)
    within = within_target(cases, definition, stops, clock_starts(cases))
    told = counts_of_needed(cases, within, policy, definition)
    stages = stages_of(cases, done)
    crews = Crews(Units.of(activities, links, rota, policy), policy)
    idle = idle_seconds(cases, crews, policy)
    claims = Claims.of(incidents, activities, links, rota, policy)
    parts = parts_of_stages(cases, stages, done, (crews, claims), policy)
    claimed, ratified = outcomes["claimed_at"], outcomes["ratified_at"]
    returned = cases.incidents["return_at"]
    decided_first = (ratified != NEVER) & (claimed != NEVER) & (ratified <= claimed)
    # A return opens the gate by itself, so claims after it say nothing about ratification.
    decided_first &= (returned == NEVER) | (claimed <= returned)
    columns: dict[Count, Ints | Flags] = {
        **told,
        Count.REACHABLE: reachable["own"],
        Count.REACHABLE_FROM_RECEIVED: reachable["received"],
        Count.REACHABLE_FROM_GRADED: reachable["graded"],
        Count.CALL_SECONDS: stages.call,
        Count.DECISION_SECONDS: stages.decision,
        Count.QUEUE_SECONDS: stages.queue,
        Count.DISPATCHER_SECONDS: stages.dispatcher,
        Count.TRAVEL_SECONDS: stages.travel,
        Count.IDLE_SECONDS: idle,
        Count.IDLE_INCIDENTS: idle >= MINUTE,
        Count.RATIFIED_THEN_CLAIMED: decided_first,
        Count.CLAIMED_SOON_AFTER: decided_first & (claimed - ratified <= SOON_SECONDS),
        **{
            Count[f"{stage.upper()}_SECONDS_OVER_600"]: np.where(
                told[Count.OVER_600], getattr(stages, stage), 0
            )
            for stage in STAGES
        },
        **{Count[f"{part.upper()}_SECONDS"]: seconds for part, seconds in parts.items()},
        **{
            Count[f"{part.upper()}_SECONDS_OVER_600"]: np.where(told[Count.OVER_600], seconds, 0)
            for part, seconds in parts.items()
        },
    }
    columns[Count.TELEPHONED] = telephoned = parts["telephoning"] > 0
    risk, then = cases.incidents["risk"], outcomes["final_risk"]
    columns[Count.TELEPHONED_THEN_HIGH] = telephoned & (risk != then) & (then == Risk.HIGH)
    return columns, within["own"]


def _heat(
    cases: Cases,
    rows: Flags,
    policy: Policy,
    definition: Definition,
) -> Ints:
    """Incidents by stream, grade and hour of the week of the report."""
    reported = cases.incidents["reported_at"][rows]
    week_hour = (reported + definition.first_weekday * DAY) // HOUR % WEEK_HOURS
    stream = cases.incidents["stream"][rows].astype(np.int64)
    shape = (len(policy.streams), policy.grades, WEEK_HOURS)
    place = (stream * policy.grades + cases.grade[rows] - 1) * WEEK_HOURS + week_hour
    return np.bincount(place, minlength=int(np.prod(shape))).reshape(shape).astype(np.int64)
