"""The scenario's rules as plain numbers: codes, units, and what a switched-off rule becomes."""

from __future__ import annotations

import pytest

from sim.policy import compiled
from sim.tables import (
    NEVER,
    NONE,
    PARTS,
    RESPONSE,
    SUM_PARTS,
    TEAM,
    EpisodeRules,
    Gate,
    ReviewLevel,
    ShiftEnd,
)
from tests.worlds import REMOVED, desk, episode, small_scenario, units


def test_names_become_places() -> None:
    """Areas, streams and pools are known by their places in the scenario."""
    policy = compiled(small_scenario(2), -3600, 7200)
    assert (policy.start, policy.end, policy.grades) == (-3600, 7200, 5)
    assert policy.areas == ("north", "south")
    assert policy.streams[0] == "missing_child"
    assert [pool.name for pool in policy.pools] == [
        "call_takers",
        "supervisors",
        "response_north",
        "response_south",
        "missing_person_north",
        "missing_person_south",
    ]
    assert [pool.area for pool in policy.pools] == [NONE, NONE, 0, 1, 0, 1]
    assert [pool.desk for pool in policy.pools] == [True, True, False, False, False, False]
    assert policy.missing == (True, False, False, False, False)
    assert policy.gated == (True, False, False, False, False)
    assert policy.call_takers == 0


def test_rules_switched_off() -> None:
    """A scenario with no rules leaves none on: nothing due, nobody asked, factors of 1."""
    scenario = small_scenario(policy=dict.fromkeys(("gate", "ratification"), REMOVED))
    scenario = scenario.model_copy(update={"policy": type(scenario.policy)()})
    policy = compiled(scenario, 0, 1)
    never = (NEVER,) * 5
    assert policy.step_up_seconds == never
    assert policy.borrow_after_seconds == never
    assert policy.review_after_seconds == never
    assert policy.rethrive_after_seconds == NEVER
    assert (policy.call_takers, policy.research, policy.rethrive_pool) == (NONE, NONE, NONE)
    assert policy.dispatchers == (NONE,)
    assert policy.ratifiers == (((),) * 24,) * 4
    assert policy.held_parts == 0
    assert policy.grade_factor == (1000,) * 5
    assert policy.hour_factor == (1000,) * 24
    assert policy.area_factor == ((1000,), (1000,))
    assert policy.divert_travelling == policy.divert_at_scene == ((False,) * 5,) * 5
    assert policy.writing_interrupted == policy.break_interrupted == (False,) * 5
    assert policy.review_restores_rank == NONE
    assert policy.review_levels == ()


@pytest.mark.parametrize(
    ("step", "gate", "parts"),
    [
        ("grading", Gate.GRADING, 0),
        ("assessment", Gate.ASSESSMENT, 300_000),
        ("research", Gate.RESEARCH, 300_000),
        ("ratification", Gate.RATIFICATION, 300_000),
    ],
)
def test_gate(step: str, gate: Gate, parts: int) -> None:
    """Of 30 % held, 300,000 parts per million are; nothing is where units are sent at grading."""
    scenario = small_scenario(policy={"gate": {"deploy_on": step, "share_held": 0.3}})
    policy = compiled(scenario, 0, 1)
    assert (policy.gate, policy.held_parts) == (gate, parts)


def test_minutes_are_seconds_to_the_nearest() -> None:
    """2.51 minutes are 150.6 seconds, 151; half a second goes up; 1.5 hours are 5,400 seconds."""
    policy = compiled(
        small_scenario(
            policy={
                "queue": {"step_up_minutes": {"2": 2.51}},
                "borrowing": {"after_minutes": {"1": 0.0, "3": 0.125}},
                "reviews": {
                    "after_minutes": {"5": 60.0},
                    "minutes": 4.0,
                    "levels": ["supervisors"],
                    "restores_rank_from": 1,
                    "rethrive_after_hours": 1.5,
                    "rethrive_pool": "supervisors",
                },
                "shift_ends": {"rule": "hand_over", "handover_minutes": 10.0},
            },
            pools={"response_north": {"last_call_margin_minutes": {"3": 30.0}, "reserve": 2}},
        ),
        0,
        1,
    )
    assert policy.step_up_seconds == (NEVER, 151, NEVER, NEVER, NEVER)
    # 0.125 minutes are 7.5 seconds.
    assert policy.borrow_after_seconds == (0, NEVER, 8, NEVER, NEVER)
    assert policy.review_after_seconds == (NEVER, NEVER, NEVER, NEVER, 3600)
    assert policy.review_seconds == 240
    assert policy.review_levels == (1,)
    assert policy.review_stand_ins == ((),)
    assert policy.review_restores_rank == 0
    assert policy.rethrive_after_seconds == 5400
    assert policy.rethrive_seconds == 300
    assert policy.rethrive_pool == 1
    assert (policy.shift_end, policy.handover_seconds) == (ShiftEnd.HAND_OVER, 600)
    assert policy.pools[2].margin_seconds == (0, 0, 1800, 0, 0)
    assert policy.pools[2].reserve == 2


def test_a_dispatcher_s_rate_is_a_number_for_a_look() -> None:
    """Rates a minute become those of one look, in thousand-millionths, and factors millionths."""
    quarters = [1.0] * 96
    quarters[4] = 0.25
    rate = {
        "look_seconds": 15,
        "waited_minutes": [0.0, 1.5],
        "a_minute": {str(grade): [0.8, 0.1 * grade] for grade in range(1, 6)},
        "quarter_hours": quarters,
        "all_busy": {"2": 0.25},
        "ahead_power": {"3": -1.0, "4": 9.0},
        "just_freed": {"2": 3.0, "4": 0.5},
        "streams": {"missing_child": 0.5},
    }
    found = compiled(small_scenario(policy={"dispatch_rate": rate}), 0, 1).dispatch_rate
    assert found is not None
    assert (found.look_seconds, found.waited_seconds) == (15, (0, 90))
    # 0.8 and 0.2 a minute are 0.2 and 0.05 a look, a quarter of that from 01:00 to 01:15.
    assert [row[3:5] for row in found.by_wait[1]] == [
        (200_000_000, 50_000_000),
        (50_000_000, 12_500_000),
    ]
    # A quarter while all are busy, so a half while half of them are.
    assert [found.by_load[1][busy][20] for busy in (0, 50, 100)] == [1_000_000, 500_000, 250_000]
    assert [found.by_load[2][0][ahead] for ahead in (0, 1, 3)] == [1_000_000, 500_000, 250_000]
    # No more than a hundred times, so that products have room in 64 bits.
    assert max(found.by_load[3][0]) == 100_000_000
    assert found.stream_factor == (500, 1000, 1000, 1000, 1000)
    # Three times as much for a minute after a crew has cleared, at grade 2; a half at grade 4,
    # before a hundred is the most; and others no otherwise.
    freed = found.by_load_just_freed
    assert [freed[1][busy][20] for busy in (0, 50, 100)] == [3_000_000, 1_500_000, 750_000]
    assert [freed[3][0][ahead] for ahead in (0, 20)] == [500_000, 100_000_000]
    assert (freed[0], freed[2], freed[4]) == (found.by_load[0], found.by_load[2], found.by_load[4])


def test_the_largest_rates_have_room() -> None:
    """What both tables hold at most, multiplied and doubled for rounding, is below 2^63."""
    everything = {str(grade): [100.0] for grade in range(1, 6)}
    rate = {
        "look_seconds": 600,
        "waited_minutes": [0.0],
        "a_minute": everything,
        "quarter_hours": [100.0] * 96,
        "all_busy": dict.fromkeys(everything, 100.0),
        "ahead_power": dict.fromkeys(everything, 10.0),
        "just_freed": dict.fromkeys(everything, 100.0),
    }
    found = compiled(small_scenario(policy={"dispatch_rate": rate}), 0, 1).dispatch_rate
    assert found is not None
    loads = (*found.by_load[0], *found.by_load_just_freed[0])
    most = max(map(max, found.by_wait[0])) * max(map(max, loads))
    assert most == 40 * SUM_PARTS * 100 * PARTS
    assert 2 * most + PARTS < 2**63


def test_who_attends_and_who_is_borrowed() -> None:
    """Roles in the order asked; a pool of no area is everybody's own; desks never attend."""
    # Places: 0 call takers, 1 supervisors, 2 and 3 response, 4 and 5 teams, 6 drones.
    scenario = small_scenario(
        2,
        pools={"drones": {**units("drones", "north", 1), "area": None}},
        policy={
            "attendance": {"streams": {"missing_child": ["missing_person", "response", "drones"]}}
        },
    )
    policy = compiled(scenario, 0, 1)
    child, immediate, *_, review = range(5)
    assert policy.attends[child] == ((4, 2, 6), (5, 3, 6))
    assert policy.borrows[child] == ((5, 3), (4, 2))
    assert policy.attends[immediate] == ((2,), (3,))
    assert policy.borrows[immediate] == ((3,), (2,))
    assert policy.attends[review] == policy.borrows[review] == ((), ())


def test_who_ratifies() -> None:
    """Each risk has its pools in the order asked, at every hour; none assessed asks medium's."""
    scenario = small_scenario(
        pools={"inspector": desk("inspector", 1)},
        policy={
            "ratification": {
                "low": [],
                "medium": ["supervisors", "inspector"],
                "high": ["inspector"],
                "waits_for_research": True,
            }
        },
    )
    policy = compiled(scenario, 0, 1)
    # Places: 0 call takers, 1 supervisors, 2 response, 3 team, 4 inspector.
    by_risk = [(1, 4), (), (1, 4), (4,)]
    assert policy.ratifiers == tuple((pools,) * 24 for pools in by_risk)
    assert policy.ratification_waits_for_research


@pytest.mark.parametrize(
    ("dispatchers", "expected"),
    [("supervisors", (1, 1)), ({"south": "call_takers"}, (NONE, 0)), (None, (NONE, NONE))],
)
def test_dispatchers(dispatchers: object, expected: tuple[int, int]) -> None:
    """One pool for all, one for each area, or none."""
    room = {"dispatchers": dispatchers} if dispatchers is not None else {}
    policy = compiled(small_scenario(2, policy={"control_room": room}), 0, 1)
    assert policy.dispatchers == expected


def test_travel_factors_are_per_mille() -> None:
    """Own area 1, another 1.5 unless its pair is named, blue lights 0.7, a busy hour 1.2."""
    policy = compiled(
        small_scenario(
            2,
            policy={
                "travel": {
                    "grades": {"1": 0.7},
                    "other_area": 1.5,
                    "between": {"south": {"north": 1.25}},
                    "hours": [1.0] * 8 + [1.2] + [1.0] * 15,
                }
            },
        ),
        0,
        1,
    )
    assert policy.area_factor == ((1000, 1500), (1250, 1000), (1000, 1000))
    assert policy.grade_factor == (700, 1000, 1000, 1000, 1000)
    assert policy.hour_factor == (*(1000,) * 8, 1200, *(1000,) * 15)


def test_diversion_and_interruption() -> None:
    """Rows are the new job's grade, columns the grade of the job that loses its units."""
    policy = compiled(
        small_scenario(
            policy={
                "diversion": {
                    "travelling": {"1": [2, 3]},
                    "at_scene": {"2": [5]},
                    "at_most": 2,
                },
                "committed": {"writing": [1, 2], "on_break": [1]},
                "queue": {"missing_child_place": "last", "share_with_next_grade": 0.25},
            }
        ),
        0,
        1,
    )
    off = (False,) * 5
    assert policy.divert_travelling == ((False, True, True, False, False), off, off, off, off)
    assert policy.divert_at_scene == (off, (False, False, False, False, True), off, off, off)
    assert policy.most_diversions == 2
    assert policy.writing_interrupted == (True, True, False, False, False)
    assert policy.break_interrupted == (True, False, False, False, False)
    assert (policy.missing_rank, policy.next_grade_parts) == (1, 250_000)


# Places: 0 call takers, 1 supervisors, 2 and 3 response, 4 and 5 teams.
RESPONSE_POOLS, TEAM_POOLS = ((2,), (3,)), ((4,), (5,))
TEAM_FIRST = ((4, 2), (5, 3))


def rules(**changes: object) -> EpisodeRules:
    """Return the compiled rules of the small episode of two areas, with some values replaced."""
    pools = {"drones": {**units("drones", "north", 1), "area": None}}
    policy = compiled(small_scenario(2, episode=episode(**changes), pools=pools), 0, 1)
    assert policy.episode is not None
    return policy.episode


def test_without_an_episode_there_are_no_rules_of_it() -> None:
    """A scenario with no ``[episode]`` follows nobody."""
    assert compiled(small_scenario(), 0, 1).episode is None


def test_an_episode_with_nothing_but_lines() -> None:
    """What is left out takes nobody's time, loses nothing and moves nothing on."""
    kept = ("streams", "lines", "packages")
    bare = {key: value for key, value in episode().items() if key in kept}
    policy = compiled(small_scenario(2, episode=bare), 0, 1)
    everybody = (TEAM_FIRST,) * 5
    assert policy.episode == EpisodeRules(
        team=TEAM_POOLS,
        enquirers=((RESPONSE_POOLS,) * 5, everybody),
        interviewers=(RESPONSE_POOLS, TEAM_FIRST),
        # Not assessed as medium, low, medium, high, cohort.
        enquiry_grade=(3, 3, 3, 2, 2),
        interview_grade=3,
        interview_workers=(NONE, NONE),
    )


def test_who_looks_for_whom() -> None:
    """Roles by whose case it is, then by risk; a pool of no area looks in both."""
    compiled_rules = rules(
        grades={"low": 4, "medium": 3, "high": 1, "cohort": 2},
        attend={
            "team_hours": ["missing_person"],
            "other_hours": ["response"],
            "high": {"team_hours": ["drones", "response"], "other_hours": ["drones"]},
            "cohort": {"team_hours": ["response"], "other_hours": ["missing_person"]},
        },
    )
    drones = ((6,), (6,))
    response, team = compiled_rules.enquirers
    assert response == (*(RESPONSE_POOLS,) * 3, drones, TEAM_POOLS)
    assert team == (*(TEAM_POOLS,) * 3, ((6, 2), (6, 3)), RESPONSE_POOLS)
    assert compiled_rules.enquiry_grade == (3, 4, 3, 1, 2)


@pytest.mark.parametrize(
    ("starts", "ends", "slow"),
    [
        ("22:00", "08:00", {22, 23, *range(8)}),
        ("01:00", "03:00", {1, 2}),
        ("24:00", "02:00", {0, 1}),
        ("08:00", "08:00", set()),
    ],
)
def test_rhythm(starts: str, ends: str, slow: set[int]) -> None:
    """The hours of the night are slow, also over midnight; from 08:00 to 08:00 there is none."""
    night = rules(night_starts=starts, night_ends=ends, night_rhythm=0.3)
    response, team = night.rhythm
    assert response == tuple(300 if hour in slow else 1000 for hour in range(24))
    assert team == (1000,) * 24


def test_rhythm_by_owner() -> None:
    """Response has a pace of its own by day, and the team one at night."""
    own = rules(
        night_starts="22:00", night_ends="08:00", night_rhythm=0.3, response_day_rhythm=0.8,
        team_night_rhythm=0.9,
    )  # fmt: skip
    for hour in range(24):
        night = hour >= 22 or hour < 8
        pace = (own.rhythm[RESPONSE][hour], own.rhythm[TEAM][hour])
        assert pace == ((300, 900) if night else (800, 1000))


def test_reviews_and_meetings() -> None:
    """Minutes and hours are seconds; no interval means once; a risk not assessed is medium."""
    level = {"first_after_minutes": 60.0, "every_hours": 8.0, "minutes": 15.0}
    compiled_rules = rules(
        reviews={
            "medium": [level | {"pools": ["supervisors", "call_takers"]}],
            "high": [{"first_after_minutes": 0.0, "minutes": 10.0}],
            "share_moved_on": 0.25,
        },
        tasking={"at": "09:15", "pool": "supervisors", "minutes": 2.5, "share_moved_on": 0.1},
        meeting={"coordinator": "call_takers", "at": "10:00", "minutes": 6.0},
    )
    medium = (ReviewLevel(3600, 28_800, 900, (1, 0)),)
    assert compiled_rules.reviews == (medium, (), medium, (ReviewLevel(0, NEVER, 600, ()),))
    assert compiled_rules.review_moves_parts == 250_000
    # 9.25 hours; 2.5 minutes.
    assert (compiled_rules.tasking_at, compiled_rules.tasking_seconds) == (33_300, 150)
    assert (compiled_rules.tasking_pool, compiled_rules.tasking_moves_parts) == (1, 100_000)
    assert (compiled_rules.meeting_at, compiled_rules.coordinator) == (36_000, 0)
    assert compiled_rules.meeting_seconds == 360


def test_handover_partners_and_prevention() -> None:
    """Shares are parts per million, factors per mille, hours and minutes seconds."""
    compiled_rules = rules(
        enquiry_desk="call_takers",
        escalated_gap_factor=0.4,
        handover={"minutes": 20.0, "share_lost": 0.15},
        ppn={"late_pool": "supervisors"},
        mash={
            "pool": "call_takers",
            "supervisor": "supervisors",
            "prompt_after_hours": 1.5,
            "prompt_minutes": 10.0,
        },
        strategy={"share_held": 0.05},
        return_interview={"workers": {"south": "supervisors"}, "research_factor": 0.7},
        referral={"episodes": 3, "pool": "supervisors", "minutes": 30.0},
        prevention={"share": 0.2},
    )
    assert compiled_rules.enquiry_desk == 0
    assert compiled_rules.escalated_gap == 400
    assert (compiled_rules.handover_seconds, compiled_rules.lost_parts) == (1200, 150_000)
    assert compiled_rules.late_ppn_pool == 1
    assert (compiled_rules.mash, compiled_rules.mash_supervisor) == (0, 1)
    assert (compiled_rules.prompt_after_seconds, compiled_rules.prompt_seconds) == (5400, 600)
    assert compiled_rules.strategy_parts_held == 50_000
    assert compiled_rules.interview_workers == (NONE, 1)
    assert compiled_rules.known_per_mille == 700
    assert (compiled_rules.referral_after, compiled_rules.referral_pool) == (3, 1)
    assert compiled_rules.referral_seconds == 1800
    assert compiled_rules.prevented_parts == 200_000


def test_interviews_by_the_team_only() -> None:
    """Both owners may ask the same pools, and the grade is the scenario's."""
    interview = {"grade": 2, "team_hours": ["missing_person"], "other_hours": ["missing_person"]}
    compiled_rules = rules(after_return={"interview": interview})
    assert compiled_rules.interviewers == (TEAM_POOLS, TEAM_POOLS)
    assert compiled_rules.interview_grade == 2
