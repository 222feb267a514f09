"""What is said of a scenario before it runs."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from sim import feasibility
from sim.errors import ScenarioErrors
from sim.scenario.models import Scenario
from sim.study import Settings
from sim.study.worlds import Plan, inputs
from sim.tables import ATTEMPTS, DAY, HOUR, INCIDENTS, ROTA, Origin, Policy, Pool, Table, empty
from tests.worlds import constant, desk, small_scenario, units

DESK, UNITS, LENT = 0, 1, 2
POLICY = Policy(
    start=0,
    end=DAY,
    grades=2,
    areas=("north",),
    streams=("missing_child",),
    pools=(
        Pool("desk", "desk", -1, desk=True),
        Pool("response", "response", 0, desk=False),
        Pool("lent", "response", -1, desk=False),
    ),
    missing=(True,),
    gated=(True,),
    attends=(((UNITS,),),),
)


def incidents(count: int, **values: int) -> Table:
    """Return like incidents that need nobody unless told, one a minute from midnight."""
    columns: dict[str, Any] = {column.name: [0] * count for column in INCIDENTS.columns}
    columns |= {"key": range(count), "reported_at": [60 * row for row in range(count)]}
    usual = {"desk_pool": -1, "child": -1, "grade": 2, "officers": 1, "origin": Origin.DIRECT}
    for name, value in {**usual, **values}.items():
        columns[name] = [value] * count
    return Table(INCIDENTS, {name: list(column) for name, column in columns.items()})


def rota(*shifts: tuple[int, int, int], officers: int = 1) -> Table:
    """Return a rota of (pool, first hour, last hour)."""
    columns = {column.name: [0] * len(shifts) for column in ROTA.columns}
    columns["key"] = list(range(len(shifts)))
    columns["pool"] = [pool for pool, _, _ in shifts]
    columns["on_at"] = [first * HOUR for _, first, _ in shifts]
    columns["off_at"] = [last * HOUR for _, _, last in shifts]
    columns["officers"] = [officers] * len(shifts)
    return Table(ROTA, columns)


def told(work: Table, people: Table, policy: Policy = POLICY) -> list[str]:
    """Return the warnings about one day."""
    found = feasibility.check(work, empty(ATTEMPTS), people, policy, since=0, until=DAY)
    return [*found.overloads, *found.warnings]


def test_a_desk_asked_for_more_than_it_can_do_is_named_with_the_share() -> None:
    """Ten tasks of three hours are 30 hours; one person on duty for 24 can do 24: 125 %."""
    work = incidents(10, desk_pool=DESK, desk_seconds=3 * HOUR)
    assert told(work, rota((DESK, 0, 24))) == [
        "desk: 125 % of capacity on average (10 a day); its queue grows all the time."
    ]


def test_people_outside_the_window_are_no_capacity() -> None:
    """A shift from noon to the next noon has 12 hours in the day; 6 of 12 hours are sound."""
    work = incidents(2, desk_pool=DESK, desk_seconds=3 * HOUR)
    assert told(work, rota((DESK, 12, 36))) == []
    work = incidents(5, desk_pool=DESK, desk_seconds=3 * HOUR)
    assert told(work, rota((DESK, 12, 36)))[0].startswith("desk: 125 %")


def test_the_work_of_attending_counts_each_unit() -> None:
    """Four jobs of 5 + 1 hours for two single-crewed units each: 48 of 24 hours, 200 %."""
    job = {"deploys": 1, "officers": 2, "scene_seconds": 5 * HOUR, "base_travel_seconds": HOUR}
    alone = told(incidents(4, **job), rota((UNITS, 0, 24)))
    assert alone[0].startswith("response: 200 % of capacity on average")
    # A double crew goes once: 24 of 24 hours, which still grows; with two of them it does not.
    double = told(incidents(4, **job), rota((UNITS, 0, 24), officers=2))
    assert double[0].startswith("response: 100 % of capacity on average")
    assert told(incidents(4, **job), rota((UNITS, 0, 24), (UNITS, 0, 24), officers=2)) == []


def test_units_that_are_hardly_over_their_capacity_may_keep_up() -> None:
    """26 hours for one unit's 24, 108 %: overtime may do them; 27, 112 %: it may not."""
    job = {"deploys": 1, "scene_seconds": HOUR}
    found = feasibility.check(
        incidents(26, **job), empty(ATTEMPTS), rota((UNITS, 0, 24)), POLICY, since=0, until=DAY
    )
    assert found.overloads == ()
    assert found.warnings[0].startswith("response: 108 % of capacity")
    found = feasibility.check(
        incidents(27, **job), empty(ATTEMPTS), rota((UNITS, 0, 24)), POLICY, since=0, until=DAY
    )
    assert found.overloads[0].startswith("response: 112 % of capacity")


def test_pools_that_may_be_borrowed_share_the_work() -> None:
    """36 hours are too many for one unit, 150 %, and not for two, 75 %."""
    work = incidents(6, deploys=1, scene_seconds=6 * HOUR)
    people = rota((UNITS, 0, 24), (LENT, 0, 24))
    assert told(work, people)[0].startswith("response: 150 %")
    lending = {**vars(POLICY), "borrows": (((LENT,),),), "borrow_after_seconds": (0, 0)}
    assert told(work, people, Policy(**lending)) == []


def test_reports_while_nobody_is_on_duty_are_told_as_a_share() -> None:
    """One a minute for 120 minutes, and a unit from 01:00: half of them come before it."""
    work = incidents(120, deploys=1)
    assert told(work, rota((UNITS, 1, 24))) == [
        "missing_child in north: 50 % of its reports come while nobody who may attend is on duty."
    ]


def checked(scenario: Scenario) -> list[str]:
    """Return the warnings about a scenario."""
    plan = Plan(("small",), (scenario,), Settings(days=7, warm_up_days=0))
    found = feasibility.check(
        *inputs(plan, 0, 0), since=plan.since, until=plan.until, file="small.toml"
    )
    return [*found.overloads, *found.warnings]


def test_a_world_that_works_has_no_warning() -> None:
    """The small scenario is lightly loaded and staffed round the clock."""
    assert checked(small_scenario(2)) == []


def test_a_desk_where_nobody_is_ever_on_duty_is_refused() -> None:
    """Work would wait there without end; the fault names the pool and the work."""
    with pytest.raises(ScenarioErrors) as refused:
        checked(small_scenario(pools={"supervisors": desk("supervisor", 0)}))
    (error,) = refused.value.errors
    assert (error.file, error.path) == ("small.toml", "pools.supervisors")
    # 8,000 reviews a year are 22 a day; assessments to ratify, about 7 a day, come on top.
    found = re.search(r"nobody is ever on duty here, and (\d+) a day are sent", error.message)
    assert found is not None
    assert 20 <= int(found.group(1)) <= 40


def test_everybody_abstracted_is_nobody_on_duty() -> None:
    """A pool with shifts on paper alone is refused as well."""
    with pytest.raises(ScenarioErrors, match=r"pools\.call_takers"):
        checked(small_scenario(pools={"call_takers": desk("call_taker", 4, abstraction=1.0)}))


def test_streams_that_nobody_can_attend_are_refused_all_at_once() -> None:
    """Without response only missing children have somebody left, their team."""
    with pytest.raises(ScenarioErrors) as refused:
        checked(small_scenario(pools={"response_north": units("response", "north", 0)}))
    assert [error.path for error in refused.value.errors] == [
        "streams.immediate",
        "streams.welfare",
    ]


def test_a_team_that_is_never_there_is_a_warning() -> None:
    """Response does its work, so the scenario can run; the planner may not have meant it."""
    empty_team = units("missing_person", "north", 0)
    assert checked(small_scenario(pools={"missing_person_north": empty_team})) == [
        "missing_person_north: nobody is ever on duty, and work is sent to it."
    ]


def test_a_reviewer_who_is_never_there_is_no_warning_where_somebody_stands_in() -> None:
    """Work is sent to the stand-in then, and to an empty desk otherwise."""
    rules = replace(POLICY, pools=(*POLICY.pools, Pool("other", "desk", -1, desk=True)))
    alone = replace(rules, review_levels=(DESK,))
    people = rota((UNITS, 0, 24), (3, 0, 24))
    assert told(incidents(1), people, alone) == [
        "desk: nobody is ever on duty, and work is sent to it."
    ]
    assert told(incidents(1), people, replace(alone, review_stand_ins=((3,),))) == []


def test_flooded_call_takers_are_named_with_the_share() -> None:
    """350 more calls a day of 5 minutes are 29 hours; one call taker has 24: over 120 %."""
    flood = {
        "volume_per_year": 127_750.0,
        "thrive": constant(4.0),
        "wrap": constant(1.0),
    }
    (warning,) = checked(
        small_scenario(
            streams={"plain_call": flood},
            pools={"call_takers": desk("call_taker", 1)},
        )
    )
    name, share = warning.split(" %")[0].split(": ")
    assert name == "call_takers"
    assert 115 <= int(share) <= 150


def test_loads_of_desks_count_what_their_people_stay_on_for() -> None:
    """Ten tasks of three hours; two shifts of twelve hours end with half a task to do, each."""
    work = incidents(10, desk_pool=DESK, desk_seconds=3 * HOUR)
    people = rota((DESK, 0, 12), (DESK, 12, 24))
    (load,) = feasibility.loads(work, empty(ATTEMPTS), people, POLICY, since=0, until=DAY)
    # A task of three hours that is broken off at a random moment has an hour and a half to go.
    assert (load.pools, load.units) == (("desk",), False)
    assert (load.work, load.capacity) == (30 * HOUR, 24 * HOUR + 2 * 1.5 * HOUR)


def test_loads_of_units_are_those_of_the_sets_that_share_work() -> None:
    """Six jobs of an hour for one unit of twelve hours."""
    work = incidents(6, deploys=1, scene_seconds=HOUR)
    people = rota((UNITS, 0, 12))
    (load,) = feasibility.loads(work, empty(ATTEMPTS), people, POLICY, since=0, until=DAY)
    assert (load.pools, load.units, load.work) == (("response",), True, 6 * HOUR)
    assert load.capacity == 12 * HOUR
