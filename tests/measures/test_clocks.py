"""Who is counted, time unattended, and targets."""

import pytest

from sim.engines import reference
from sim.errors import InternalError
from sim.measures import Count, Cut, Fate, FirstGrades, Replication, Target, measure
from sim.tables import NEVER, NONE, Activity, AfterHangUp, End, Origin, Risk
from tests.engines.hand import attempts, incidents, rota, unit
from tests.measures.tables import (
    DAY,
    HOUR,
    MINUTE,
    activities,
    activity,
    arrived,
    definition,
    outcomes,
    tally,
    world,
)


def totals(result: Replication, *counts: Count, cut: Cut | None = None) -> list[int]:
    """Several sums over one cut."""
    return [result.total(count, cut) for count in counts]


def test_the_target_minute_itself_is_in_time() -> None:
    """Twenty minutes to the second is in time, a second more is not."""
    result = tally([{}, {}], [arrived(1200), arrived(1201)])
    assert totals(result, Count.TARGETED, Count.ARRIVED) == [2, 1]
    assert result.delays().tolist() == [1200, 1201]


def test_a_child_who_returned_first_is_not_arrived() -> None:
    """The delay ends with the return, and officers who come in time later do not count."""
    result = tally([{"return_at": 300}], [{"arrived_at": 600, "end": End.RETURNED_FIRST}])
    assert totals(result, Count.TARGETED, Count.ARRIVED, Count.RETURNED_FIRST) == [1, 0, 1]
    assert result.delays(fates=[Fate.RETURNED]).tolist() == [300]


def test_an_open_incident_waits_to_the_end_of_follow_up() -> None:
    """Nothing unfinished is dropped: two days less an hour are 47 hours."""
    result = tally([{"reported_at": HOUR}], [{}])
    assert result.delays(fates=[Fate.WAITING]).tolist() == [47 * HOUR]
    assert totals(result, Count.OPEN, Count.OVER_60, Count.OVER_600) == [1, 1, 1]


def test_a_call_that_nobody_is_sent_to_stays_open_whoever_comes_home() -> None:
    """With a room that never answers; a return ends a wait for officers, and here is none."""
    result = tally([{"deploys": 0, "return_at": 300}], [{"end": End.OPEN}])
    assert totals(result, Count.REPORTED, Count.OPEN, Count.NEEDED) == [1, 1, 0]


def test_waits_over_an_hour_are_longer_than_an_hour() -> None:
    """An hour to the second has not been exceeded."""
    result = tally([{}, {}, {}], [arrived(3600), arrived(3601), arrived(36001)])
    assert totals(result, Count.OVER_60, Count.OVER_600) == [2, 1]


def test_only_the_window_counts_and_only_incidents() -> None:
    """Reports before the window or at its end, and a desk's other work, are left out."""
    result = tally(
        [
            {"reported_at": HOUR - 1},
            {"reported_at": HOUR},
            {"reported_at": 2 * HOUR - 1},
            {"reported_at": 2 * HOUR},
            {"reported_at": HOUR, "desk_pool": 0, "key": 50},
        ],
        [
            arrived(HOUR),
            arrived(HOUR),
            {"end": End.DESK_WORK},
            arrived(2 * HOUR),
            arrived(3 * HOUR),
        ],
        what=definition(since=HOUR, until=2 * HOUR),
    )
    assert totals(result, Count.REPORTED, Count.ATTENDED) == [2, 2]


def test_those_that_needed_nobody_are_no_cases_of_attendance() -> None:
    """They are counted among reports and ends, not in targets or delays."""
    result = tally([{"deploys": 0}, {}], [{"end": End.ENDED_WITHOUT_DEPLOYMENT}, arrived(60)])
    assert totals(result, Count.REPORTED, Count.NEEDED, Count.ENDED_WITHOUT_DEPLOYMENT) == [2, 1, 1]
    assert result.delays().tolist() == [60]


def test_emergency_calls_are_answered_in_ten_seconds_to_the_second() -> None:
    """Ten seconds are in time and eleven not, nor is never; a call by 101 is not asked about."""
    reports = [{"origin": Origin.EMERGENCY, "deploys": number % 2} for number in range(4)]
    waits = [{"answered_at": at, "end": End.OPEN} for at in (HOUR + 10, HOUR + 11, NEVER)]
    ends = [{"answered_at": HOUR, "end": End.ENDED_WITHOUT_DEPLOYMENT, "graded_at": HOUR}, *waits]
    other = {"origin": Origin.NON_EMERGENCY, "reported_at": HOUR}
    result = tally(
        [*({**one, "reported_at": HOUR} for one in reports), other], [*ends, arrived(HOUR)]
    )
    counts = (Count.EMERGENCY_CALLS, Count.EMERGENCY_CALLS_IN_TEN_SECONDS)
    assert totals(result, *counts) == [4, 2]
    assert totals(result, *counts, cut=Cut(grade=1)) == [0, 0]


def test_callers_who_hang_up_are_counted_among_those_by_101() -> None:
    """Of four calls by 101 two hang up: one calls again, one gives up and is abandoned."""
    by_101 = {"origin": Origin.NON_EMERGENCY, "deploys": 0}
    gone = {"hung_up_at": HOUR}
    result = tally(
        [
            {**by_101, "after_hang_up": AfterHangUp.CALLS_AGAIN},
            {**by_101, "after_hang_up": AfterHangUp.GIVES_UP},
            by_101,
            {"origin": Origin.NON_EMERGENCY},
            {"origin": Origin.EMERGENCY},
        ],
        [
            {**gone, "end": End.ENDED_WITHOUT_DEPLOYMENT},
            {**gone, "end": End.ABANDONED},
            {"end": End.ENDED_WITHOUT_DEPLOYMENT},
            arrived(HOUR),
            arrived(HOUR),
        ],
    )
    counts = (Count.CALLS_BY_101, Count.HUNG_UP, Count.CALLED_AGAIN, Count.ABANDONED)
    assert totals(result, *counts) == [4, 2, 1, 1]
    ends = (Count.ATTENDED, Count.ENDED_WITHOUT_DEPLOYMENT, Count.ABANDONED)
    assert totals(result, *ends) == [2, 2, 1]


def test_who_is_found_by_telephone_is_not_arrived() -> None:
    """Found after 10 minutes: no longer unattended, and in nobody's time; 5 of them held by it."""
    found = {
        "end": End.FOUND_BY_TELEPHONE,
        "graded_at": 5 * MINUTE,
        "telephone_found_at": 10 * MINUTE,
        "ready_at": NEVER,
        "final_risk": Risk.HIGH,
    }
    result = tally(
        [{"return_at": 20 * MINUTE, "risk": Risk.MEDIUM}, {}],
        [found, arrived(60)],
        [activity(Activity.HELD_FOR_TELEPHONE, 5 * MINUTE, 10 * MINUTE, 1)],
    )
    ends = (Count.REPORTED, Count.ATTENDED, Count.FOUND_BY_TELEPHONE, Count.RETURNED_FIRST)
    assert totals(result, *ends) == [2, 1, 1, 0]
    assert totals(result, Count.DELAY_SECONDS, Count.ARRIVED) == [10 * MINUTE + 60, 1]
    held = (Count.TELEPHONED, Count.TELEPHONED_THEN_HIGH, Count.TELEPHONING_SECONDS)
    assert totals(result, *held) == [1, 1, 5 * MINUTE]


def test_clocks_start_at_the_report_or_at_the_grade() -> None:
    """Graded after 5 minutes and attended after 24: in time from the grade (19) only."""
    result = tally(
        [{}],
        [arrived(24 * MINUTE, graded_at=5 * MINUTE, ready_at=5 * MINUTE, claimed_at=5 * MINUTE)],
        [activity(Activity.TRAVEL, 5 * MINUTE, 24 * MINUTE, 1)],
    )
    counts = (Count.ARRIVED, Count.ARRIVED_FROM_RECEIVED, Count.ARRIVED_FROM_GRADED)
    assert totals(result, *counts) == [0, 0, 1]


def test_a_targets_own_clock_is_used_for_the_delay() -> None:
    """The same with a target from grading: in time, and 19 minutes of delay."""
    result = tally(
        [{}],
        [arrived(24 * MINUTE, graded_at=5 * MINUTE, ready_at=5 * MINUTE, claimed_at=5 * MINUTE)],
        [activity(Activity.TRAVEL, 5 * MINUTE, 24 * MINUTE, 1)],
        what=definition(targets=(Target(2, (1200,), starts="graded"),)),
    )
    assert totals(result, Count.ARRIVED, Count.DELAY_SECONDS) == [1, 19 * MINUTE]


def test_a_clock_that_never_started_runs_from_the_report() -> None:
    """A call that was never graded is late all the same: 48 hours."""
    result = tally(
        [{}],
        [{"graded_at": NEVER, "ready_at": NEVER}],
        [activity(Activity.WAIT_CALL_TAKER, 0, 2 * DAY, 1)],
        what=definition(targets=(Target(2, (1200,), starts="graded"),)),
    )
    assert totals(result, Count.DELAY_SECONDS, Count.CALL_SECONDS) == [2 * DAY, 2 * DAY]


@pytest.mark.parametrize(
    ("stops", "seconds"),
    [("first_enquiry", 120), ("child_seen", 900), ("child_safe", 300)],
)
def test_other_targets_stop_with_their_own_clock(stops: str, seconds: int) -> None:
    """Research began at 120 s, the child was back at 300 s and was seen at 900 s."""
    ends = {"arrived_at": 900, "seen_at": 900, "end": End.RETURNED_FIRST}
    rows = [
        activity(Activity.RESEARCH, 120, 200, 1),
        activity(Activity.TRAVEL, 0, 900, 1),
    ]
    for allowed, in_time in ((seconds, 1), (seconds - 1, 0)):
        target = Target(2, (allowed,), stops=stops)  # type: ignore[arg-type]
        result = tally(
            [{"return_at": 300, "research_seconds": 80}],
            [ends],
            rows,
            rules=world(research=0),
            what=definition(targets=(target,)),
        )
        assert result.total(Count.ARRIVED) == in_time
        assert totals(result, Count.ATTENDANCE_TARGETED, Count.ARRIVED_FROM_RECEIVED) == [0, 0]


def test_targets_may_differ_by_area() -> None:
    """Thirty minutes are in time where 40 are allowed, and late where 20 are."""
    result = tally(
        [{"area": 0}, {"area": 1}],
        [arrived(1800), arrived(1800)],
        rules=world(areas=("town", "country")),
        what=definition(targets=(Target(2, (1200, 2400)),), team_hours=()),
    )
    assert result.total(Count.ARRIVED, Cut(area="town")) == 0
    assert result.total(Count.ARRIVED, Cut(area="country")) == 1


def test_incidents_count_by_the_baselines_first_grade() -> None:
    """A row that another scenario grades 1 stays with grade 2; a new row has its own."""
    baseline = FirstGrades.of(incidents({"key": 1, "grade": 2}))
    result = tally(
        [{"grade": 1}, {"grade": 1}],
        [arrived(1000), arrived(1000)],
        what=definition(first_grades=baseline),
    )
    # 1000 s are within grade 2's 1200 s and not within grade 1's 900 s.
    assert totals(result, Count.TARGETED, Count.ARRIVED, cut=Cut(grade=2)) == [1, 1]
    assert totals(result, Count.TARGETED, Count.ARRIVED, cut=Cut(grade=1)) == [1, 0]


def test_cuts_go_by_stream_risk_care_and_team_hours() -> None:
    """Each cut holds the rows that it names."""
    result = tally(
        [
            {"stream": 0, "risk": Risk.HIGH, "in_care": 1, "reported_at": 8 * HOUR},
            {"stream": 0, "risk": Risk.MEDIUM, "reported_at": 22 * HOUR},
            {"stream": 1, "reported_at": 22 * HOUR, "grade": 3},
        ],
        [arrived(8 * HOUR), arrived(22 * HOUR), arrived(22 * HOUR)],
    )
    cuts = {
        Cut(): 3,
        Cut(stream="missing_child"): 2,
        Cut(stream="missing_child", risk="high"): 1,
        Cut(risk="low"): 0,
        Cut(care=True): 1,
        Cut(hours="team"): 1,
        Cut(hours="other"): 2,
        Cut(stream="missing_child", grade=2, hours="other"): 1,
        Cut(grade=3): 1,
        Cut(stream="unheard_of"): 0,
    }
    assert {cut: result.total(Count.REPORTED, cut) for cut in cuts} == cuts


def test_the_week_map_counts_misses_by_hour_of_report() -> None:
    """Time 0 is a Tuesday: 03:30 is hour 24 + 3 of the week."""
    result = tally(
        [{"reported_at": 3 * HOUR + 1800}, {"reported_at": 3 * HOUR}],
        [arrived(3 * HOUR), arrived(5 * HOUR)],
        what=definition(first_weekday=1),
    )
    assert result.heat_cases[0, 1, 27] == 2
    assert result.heat_cases.sum() == 2
    assert result.heat_missed[0, 1, 27] == 1


def test_regrades_and_leaving_are_counted_and_move_no_row() -> None:
    """An upgrade at 100 s and an arrival at 400 s: 300 s of delay after the upgrade."""
    result = tally(
        [{}, {}],
        [
            arrived(400, upgraded_at=100, final_grade=1),
            arrived(500, downgraded_at=50, final_grade=3, arrived_then_left=1),
        ],
    )
    counts = (Count.UPGRADED, Count.UPGRADED_DELAY_SECONDS, Count.DOWNGRADED)
    assert totals(result, *counts, Count.ARRIVED_THEN_LEFT, cut=Cut(grade=2)) == [1, 300, 1, 1]


def test_claims_soon_after_ratification_are_counted() -> None:
    """Five minutes after counts, more does not; claimed before it is no case."""
    ready = {"graded_at": 0}
    result = tally(
        [{}, {}, {}],
        [
            arrived(2000, ratified_at=600, claimed_at=900, ready_at=0, **ready),
            arrived(2000, ratified_at=600, claimed_at=901, ready_at=0, **ready),
            arrived(2000, ratified_at=600, claimed_at=599, ready_at=0, **ready),
        ],
    )
    assert totals(result, Count.RATIFIED_THEN_CLAIMED, Count.CLAIMED_SOON_AFTER) == [2, 1]


@pytest.mark.parametrize(
    ("report", "end"),
    [
        ({}, {"end": End.ATTENDED}),
        ({}, {"end": End.RETURNED_FIRST}),
        ({"return_at": 50}, {"end": End.ATTENDED, "arrived_at": 60}),
        ({"return_at": 50}, {"end": End.OPEN}),
        ({}, {"end": End.ENDED_WITHOUT_DEPLOYMENT}),
        ({}, {"end": End.DESK_WORK}),
        ({"deploys": 0}, {"end": End.ABANDONED}),
        ({}, {"end": End.ABANDONED, "hung_up_at": 60}),
        ({}, {"end": End.FOUND_BY_TELEPHONE}),
        ({"return_at": 50}, {"end": End.FOUND_BY_TELEPHONE, "telephone_found_at": 60}),
        ({}, {"end": End.OPEN, "arrived_at": 60}),
    ],
)
def test_an_end_that_the_times_do_not_bear_out_is_a_fault(
    report: dict[str, int], end: dict[str, int]
) -> None:
    """Arrivals are attended + returned first + ended without deployment + open, always."""
    with pytest.raises(InternalError, match="arrivals are attended"):
        tally([report], [end])


def test_outcomes_of_other_incidents_are_a_fault() -> None:
    """Outcomes stand in the order of the incidents."""
    table = incidents({}, {})
    with pytest.raises(InternalError, match="order of the incidents"):
        measure(
            incidents=table,
            attempts=attempts(table),
            rota=rota(unit(0, 0, DAY, 900)),
            policy=world(),
            outcomes=outcomes(table, {"key": 2}, {"key": 1}),
            activities=activities(activity(Activity.BREAK, 0, 1, NONE, 900, 0)),
            definition=definition(),
            engine=reference.run,
        )
