"""The no-queue ceiling, and its agreement with an engine that has people enough."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from sim.engines.reference import run
from sim.fates.incidents import draw
from sim.measures import Count, Target, labels_of, measure
from sim.measures.clocks import counted_cases
from sim.measures.reachable import unlimited, with_everybody_free
from sim.policy import compiled
from sim.rota import paraded
from sim.streams import Streams
from sim.tables import (
    EPISODES,
    NEVER,
    PARTS,
    ConcernRules,
    DispatchRate,
    Draws,
    End,
    Gate,
    Origin,
    Played,
    Policy,
    Risk,
    Table,
    blank,
)
from tests.engines.episodes import play_episodes, rules
from tests.engines.hand import attempts, desk_pool, incidents, unit, unit_pool
from tests.engines.played import play_tables
from tests.measures.followed import episodes
from tests.measures.tables import DAY, HOUR, MINUTE, definition, outcomes, world
from tests.worlds import small_scenario

CHILD = {
    "thrive_seconds": 180,
    "assessment_seconds": 900,
    "research_seconds": 1500,
    "ratification_seconds": 360,
    "base_travel_seconds": 600,
    "held_parts": 300_000,
    "risk": int(Risk.MEDIUM),
}
POOLS = [unit_pool(), desk_pool("dispatchers")]
HELD = {"held_parts": 500_000, "gate": Gate.RATIFICATION}


def both(draws: Draws, people: Table, rules: Policy) -> Played:
    """All engines, which must agree."""
    played = play_tables(draws, people, rules)
    return Played(played.outcomes, played.activities, played.cases)


def arrival(report: dict[str, int], dispatch: int = 60, **rules: Any) -> int:
    """When a medium-risk child, changed by some columns, would be reached."""
    table: Table = incidents({**CHILD, **report})
    policy = world(pools=POOLS, dispatchers=(1,), **rules)
    end = End.RETURNED_FIRST if "return_at" in report else End.OPEN
    cases = counted_cases(table, outcomes(table, {"end": end}), policy, definition())
    stops, _ = unlimited(
        cases, np.flatnonzero(cases.needed), attempts(table, (dispatch, 9999)), policy, both
    )
    return int(stops.officer_at_address[0])


@pytest.mark.parametrize(
    ("rules", "seconds"),
    [
        # 180 + 60 + 600
        ({"gate": Gate.GRADING, "held_parts": 500_000}, 840),
        # 180 + 900 + 60 + 600
        ({"gate": Gate.ASSESSMENT, "held_parts": 500_000}, 1740),
        # research, beside the assessment: 180 + 1500 + 60 + 600
        ({"gate": Gate.RESEARCH, "held_parts": 500_000}, 2340),
        # 180 + 900 + 360 + 60 + 600
        (HELD, 2100),
        # ratification after research: 180 + 1500 + 360 + 60 + 600
        ({**HELD, "ratification_waits_for_research": True}, 2700),
        # not under the share held; of a stream without a gate
        ({**HELD, "held_parts": 300_000}, 840),
        ({**HELD, "gated": (False, True)}, 840),
        # factors 1.5 × 0.7 of 600
        ({"area_factor": ((1500,), (9000,)), "grade_factor": (500, 700, 1000, 1000, 1000)}, 870),
        # nobody may attend
        ({"attends": (((),), ((),))}, NEVER),
    ],
)
def test_arrival_is_the_work_alone(rules: dict[str, Any], seconds: int) -> None:
    """Call, gate, dispatcher and travel, one after another where the rules put them so."""
    assert arrival({}, **rules) == seconds


def test_a_switchboard_takes_its_time_in_the_ceiling_too() -> None:
    """30 + 180 + 60 + 600, by telephone alone, and only where call takers are passed it."""
    report = {"switch_seconds": 30, "origin": Origin.NON_EMERGENCY}
    rules = {"call_takers": 1, "switchboard": 1}
    assert arrival(report, **rules) == 870
    assert arrival({**report, "origin": Origin.ONLINE}, **rules) == 840
    assert arrival(report, switchboard=1) == 840


def test_a_telephone_enquiry_takes_its_time_in_the_ceiling_too() -> None:
    """Nobody waits for the desk; who is found is not reached."""
    report = {"uncertain_parts": 0, "telephone_seconds": 100, "risk": Risk.MEDIUM}
    rules = {"telephone_parts": PARTS, "telephone_desk": 1}
    assert arrival(report, **rules) == 840 + 100
    assert arrival(report, **rules, telephone_most_seconds=30) == 840 + 30
    assert arrival({**report, "telephone_finds": 1}, **rules) == NEVER


def test_high_risk_is_not_held_unless_told() -> None:
    """High risk is ready at the grade."""
    assert arrival({"risk": Risk.HIGH}, **HELD) == 840
    assert arrival({"risk": Risk.HIGH}, **HELD, hold_high_risk=True) == 2100


def test_who_is_back_first_is_not_reached() -> None:
    """Back a second before the arrival at 840: not reached; in the same second: reached."""
    assert arrival({"return_at": 839}) == NEVER
    assert arrival({"return_at": 840}) == 840


def test_travel_is_rounded_once_half_up() -> None:
    """333 s × 0.5 × 0.9 = 149.85 and 1 s × 0.5 = 0.5 round to 150 and 1."""
    factors = (500,) * 5
    by_hour = (900,) * 24
    bare = {"thrive_seconds": 0, "base_travel_seconds": 333}
    assert arrival(bare, 0, grade_factor=factors, hour_factor=by_hour) == 150
    assert arrival({**bare, "base_travel_seconds": 1}, 0, grade_factor=factors) == 1


def test_travel_follows_the_ratified_grade_and_the_hour_of_setting_off() -> None:
    """Held from 00:36 to 01:00 (60 s of dispatch), it sets off in the second hour, as grade 1."""
    by_hour = (1000, 2000, *(1000,) * 22)
    report = {"ratified_grade": 1, "ratification_seconds": HOUR - 180 - 900 - 60}
    grades = (500, 1000, 1000, 1000, 1000)
    found = arrival(report, **HELD, hour_factor=by_hour, grade_factor=grades)
    assert found == HOUR + 600 * 2 // 2


@pytest.mark.parametrize("deploy_on", ["grading", "assessment", "research", "ratification"])
@pytest.mark.parametrize("waits_for_research", [False, True])
def test_with_people_enough_the_engine_reaches_the_ceiling(
    deploy_on: str, waits_for_research: bool
) -> None:
    """Nobody queues for anybody, so that each incident is reached when the ceiling says."""
    enough = {
        name: {
            "shifts": [
                {"name": "day", "start": "07:00", "end": "19:00", "people": 60},
                {"name": "night", "start": "19:00", "end": "07:00", "people": 60},
            ]
        }
        for name in ("call_takers", "supervisors", "response_north", "missing_person_north")
    }
    scenario = small_scenario(
        pools=enough,
        policy={
            "gate": {"deploy_on": deploy_on, "share_held": 0.7},
            "ratification": {"waits_for_research": waits_for_research},
            "travel": {"grades": {"1": 0.7}, "hours": [0.8] * 7 + [1.1] * 17},
        },
    )
    streams = Streams(5, 0)
    start, end = -DAY, 4 * DAY
    draws = draw(scenario, streams, start, end)
    rules = compiled(scenario, start, end)
    duty = paraded(scenario, streams, start, end)
    result, done, _ = run(draws, duty, rules)
    what = definition(until=3 * DAY, targets=(Target(1, (900,)), Target(2, (1200,))))
    cases = counted_cases(draws.incidents, result, rules, what)
    stops, _ = unlimited(cases, np.flatnonzero(cases.needed), draws.attempts, rules, both)
    attended = cases.outcomes["end"] == End.ATTENDED
    needed = cases.needed
    assert needed.sum() > 50
    assert np.array_equal(stops.officer_at_address != NEVER, attended[needed])
    came = attended[needed]
    arrived = cases.outcomes["arrived_at"][needed]
    assert np.array_equal(stops.officer_at_address[came], arrived[came])
    tallies = measure(
        incidents=draws.incidents,
        attempts=draws.attempts,
        rota=duty,
        policy=rules,
        outcomes=result,
        activities=done,
        definition=what,
        engine=run,
    )
    assert tallies.labels == labels_of(rules, what)
    assert tallies.total(Count.ARRIVED) == tallies.total(Count.REACHABLE) > 0
    assert tallies.total(Count.QUEUE_SECONDS) == 0
    assert tallies.total(Count.ARRIVED_FROM_GRADED) == tallies.total(Count.REACHABLE_FROM_GRADED)
    assert tallies.total(Count.TRAVEL_SECONDS) > MINUTE


@pytest.mark.parametrize(
    ("first", "informs", "seconds"),
    [
        # Told at the interview after the first episode: 180 + 0.8 × 1500 + 60 + 600.
        (0, 1, 2040),
        (0, 0, 2340),
        # An episode that comes later tells nothing of this one.
        (2 * HOUR, 1, 2340),
    ],
)
def test_what_an_interview_told_shortens_research_in_the_ceiling(
    first: int, informs: int, seconds: int
) -> None:
    """Rule 13.6, as if the interview were always held in time."""
    table = incidents(
        {**CHILD, "child": 7, "reported_at": first, "return_at": first + 1},
        {**CHILD, "child": 7, "reported_at": HOUR},
        {**CHILD, "child": 8, "reported_at": HOUR},
    )
    fates = episodes(table)
    told = Table(
        fates.schema,
        {
            **{name: fates[name] for name in fates.schema.names},
            "informs": informs * (table["key"] == 1),
            "rhi_accepted": np.ones(len(table)),
        },
    )
    policy = world(
        pools=POOLS,
        dispatchers=(1,),
        gate=Gate.RESEARCH,
        held_parts=500_000,
        episode=rules(known_per_mille=800),
    )
    returned = table["return_at"] != NEVER
    ends = [{"end": End.RETURNED_FIRST if back else End.OPEN} for back in returned]
    cases = counted_cases(table, outcomes(table, *ends), policy, definition())
    stops, _ = unlimited(
        cases, np.flatnonzero(cases.needed), attempts(table, (60, 9999)), policy, both, told
    )
    arrivals = dict(zip(table["key"].tolist(), stops.officer_at_address.tolist(), strict=True))
    assert arrivals[2] == HOUR + seconds
    assert arrivals[3] == HOUR + 2340


def test_the_ceiling_takes_as_many_people_as_there_are_incidents_at_once() -> None:
    """Three hundred children are reported in one second, and each is reached 840 s after."""
    table = incidents(*[CHILD] * 300)
    policy = world(pools=POOLS, dispatchers=(1,), gate=Gate.GRADING)
    cases = counted_cases(table, outcomes(table, *[{}] * 300), policy, definition())
    stops, _ = unlimited(
        cases, np.flatnonzero(cases.needed), attempts(table, (60, 9999)), policy, both
    )
    assert stops.officer_at_address.tolist() == [840] * 300


def test_an_incident_that_nobody_may_attend_holds_nobody_up() -> None:
    """It waits for ever in the ceiling too; the others are reached when they can be."""
    table = incidents(CHILD, {**CHILD, "stream": 1}, CHILD)
    policy = world(pools=POOLS, dispatchers=(1,), attends=(((0,),), ((),)))
    cases = counted_cases(table, outcomes(table, *[{}] * 3), policy, definition())
    stops, _ = unlimited(
        cases, np.flatnonzero(cases.needed), attempts(table, (60, 9999)), policy, both
    )
    assert stops.officer_at_address.tolist() == [840, NEVER, 840]


def test_a_vulnerable_child_s_drawn_grade_stands_in_the_ceiling() -> None:
    """Rule 2.6: only a re-grade keeps to grade 2, so that travel is that of grade 3."""
    by_grade = (1000, 500, 2000, 1000, 1000)
    assert arrival({"grade": 3, "vulnerable": 1}, grade_factor=by_grade) == 180 + 60 + 1200


@pytest.mark.parametrize("known", [0, 499, 500, 800])
def test_research_is_shortened_in_the_ceiling_as_an_engine_shortens_it(known: int) -> None:
    """Rule 13.6 is said again there: 25 s after an interview, which is held in time here."""
    told = {
        "rhi_offered": 1,
        "rhi_accepted": 1,
        "informs": 1,
    }
    first = {"child": 7, "return_at": 20}
    second = {"child": 7, "reported_at": HOUR, "research_seconds": 25, "held_parts": 0}
    rule = world(gate=Gate.RESEARCH, held_parts=1, episode=rules(known_per_mille=known))
    played = play_episodes([{**first, "episode": told}, second], [unit(0, 0, 2 * DAY, 900)], rule)
    assert played.case(1)["completed_at"] < HOUR
    table = incidents(first, second)
    fates = blank(EPISODES, 2) | {"key": np.array([1, 2])}
    fates |= {name: np.array([1, 0]) for name in told}
    cases = counted_cases(table, played.outcomes, rule, definition())
    stops, _ = unlimited(
        cases, np.flatnonzero(cases.needed), attempts(table), rule, both, Table(EPISODES, fates)
    )
    assert (
        stops.officer_at_address[1]
        == played.of(2)["arrived_at"]
        == HOUR + (known * 25 + 500) // 1000
    )


def test_another_force_takes_its_time_in_the_ceiling_too() -> None:
    """Rule 13.10a: researched after 25 s, answered after 70 s more; where nobody asks, at once."""
    asked = {"research_seconds": 25, "held_parts": 0}
    plain = {"held_parts": 0, "reported_at": HOUR}
    told = {"episode": {"history_seconds": 70}}
    rule = world(gate=Gate.RESEARCH, held_parts=1, episode=rules())
    reports = [{**asked, **told}, {**plain, **told}]
    played = play_episodes(reports, [unit(0, 0, 2 * DAY, 900)], rule)
    table = incidents(asked, plain)
    fates = blank(EPISODES, 2) | {"key": np.array([1, 2]), "history_seconds": np.array([70, 70])}
    cases = counted_cases(table, played.outcomes, rule, definition())
    stops, _ = unlimited(cases, np.arange(2), attempts(table), rule, both, Table(EPISODES, fates))
    reached = [played.of(key)["arrived_at"] for key in (1, 2)]
    assert stops.officer_at_address.tolist() == reached == [95, HOUR]


def test_every_rule_is_kept_or_off_in_the_ceiling() -> None:
    """A key that is new to the policy is named here, or switched off where everybody is free."""
    loads = (((1,),) * 101,) * 5
    kept = {
        *("start", "end", "grades", "areas", "streams"),
        # The call, the gate and what it waits for.
        *("missing", "gated", "gate", "held_parts", "hold_high_risk"),
        *("ratification_waits_for_research", "telephone_parts", "telephone_most_seconds"),
        "dispatch_rate",
        # Who goes, and how long it takes.
        *("attends", "dispatchers", "area_factor", "grade_factor", "hour_factor"),
        # These decide between those who wait, or what becomes of others' work: nobody waits.
        *("missing_rank", "next_grade_parts", "returned_ranks_lower"),
        *("divert_travelling", "divert_at_scene", "writing_interrupted", "break_interrupted"),
        "shift_end",
    }
    every = replace(
        world(pools=POOLS),
        call_takers=1,
        switchboard=1,
        kept_for_999=1,
        telephone_parts=1,
        telephone_desk=1,
        telephone_most_seconds=60,
        research=1,
        ratifiers=(((1,),) * 24,) * 4,
        dispatch_rate=DispatchRate(10, (0,), (((1,) * 96,),) * 5, loads, loads, (1000,)),
        step_up_seconds=(60,) * 5,
        borrows=(((0,),),) * 2,
        borrow_after_seconds=(60,) * 5,
        most_diversions=1,
        handover_seconds=60,
        review_seconds=60,
        review_after_seconds=(60,) * 5,
        review_levels=(1,),
        review_stand_ins=((1,),),
        review_restores_rank=0,
        rethrive_after_seconds=60,
        rethrive_seconds=60,
        rethrive_pool=1,
        rethrive_calls_back=True,
        episode=rules(),
        concern=ConcernRules(((0,), (0,)), 3),
        pools=tuple(replace(one, reserve=1, margin_seconds=(60,) * 5) for one in POOLS),
    )
    free = with_everybody_free(every)
    names = {one.name for one in fields(Policy)}
    assert {name for name in names if getattr(free, name) == getattr(every, name)} == kept
