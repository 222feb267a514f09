"""Rows about cases after arrival: values by hand, pairs, and silence where there is nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from sim.measures import Replication
from sim.results import KEYS, Row
from sim.results.making.case_rows import case_differences, case_rows
from sim.tables import DAY, NEVER, NONE, Activity, CaseEnd, End, Why
from tests.measures.followed import (
    ARRIVED,
    CASE,
    ENQUIRED,
    HOME,
    OWNERS,
    REPORT,
    RESPONSE_UNIT,
    TEAM_UNIT,
    WORK,
    clock,
    doing,
    tally,
    world,
)

STREAM = {"stream": "missing_child"}
LINE = doing(Activity.ENQUIRY, clock(1, 1), clock(1, 3), TEAM_UNIT)

PLAIN = tally()
BUSIER = tally(did=(*WORK, LINE, *OWNERS))
"""The same, with two hours of a line at night: two fewer unworked, two officer-hours more."""


def one(rows: Sequence[Row], measure: str, **about: Any) -> Row:
    """The row of a measure of the stream that names these cuts and no other."""
    wanted = {**dict.fromkeys(KEYS), **STREAM, **about}
    found = [
        each
        for each in rows
        if each.measure == measure
        and all(getattr(each, key) == value for key, value in wanted.items())
    ]
    assert len(found) == 1
    return found[0]


def told(*replications: Replication) -> list[Row]:
    """Rows of one scenario."""
    return list(case_rows(replications, 0.95))


ROWS = told(PLAIN, BUSIER)


def test_hours_are_ratios_of_sums() -> None:
    """13 hours under enquiry each; 10.5 and 8.5 of them unworked."""
    assert one(ROWS, "enquiry_hours_per_case").value == pytest.approx(13.0)
    found = one(ROWS, "unworked_hours_per_case")
    assert found.value == pytest.approx(9.5)
    assert (found.n, found.unit) == (2, "hours")
    # All but 105 minutes of it was response's.
    assert one(ROWS, "unworked_hours_per_case", stage="team").value == pytest.approx(1.75)
    assert one(ROWS, "unworked_hours_per_case", stage="response").value == pytest.approx(7.75)
    assert one(ROWS, "unworked_share").value == pytest.approx(9.5 / 13)
    # Between 03:00 and 04:00 nobody worked; between 01:00 and 02:00 half of the cases had somebody.
    assert one(ROWS, "unworked_share", hour=3, stage="response").value == 1.0
    assert one(ROWS, "unworked_share", hour=1, stage="response").value == pytest.approx(0.5)


def test_officer_hours_stand_by_activity_pool_and_risk() -> None:
    """400 officer-minutes, and in one of two replications 120 more."""
    assert one(ROWS, "officer_hours_per_case").value == pytest.approx(460 / 60)
    assert one(ROWS, "officer_hours_per_case", risk="medium").value == pytest.approx(460 / 60)
    # Lines: 60 minutes of two, 60 of one, and 120 of one in one of the two.
    assert one(ROWS, "work_hours_per_case", stage="enquiry").value == pytest.approx(4.0)
    assert one(ROWS, "work_hours_per_case", pool="desk").value == pytest.approx(35 / 60)
    parts = [
        each.value
        for each in ROWS
        if each.measure == "work_hours_per_case" and each.stage and each.risk is None
    ]
    whole = one(ROWS, "officer_hours_per_case").value, one(ROWS, "desk_hours_per_case").value
    assert sum(part or 0 for part in parts) == pytest.approx(sum(value or 0 for value in whole))


def test_hours_a_week_are_scaled_from_the_window() -> None:
    """A window of one day: seven times its hours, on average over two replications."""
    assert one(ROWS, "officer_hours_a_week").value == pytest.approx(7 * 460 / 60)
    assert one(ROWS, "unworked_hours_a_week").value == pytest.approx(7 * 9.5)


def test_clocks_have_means_quantiles_and_the_share_that_stopped() -> None:
    """Safe after 14 hours, and once still missing at the end, 76 hours after the report."""
    still = {"end": CaseEnd.STILL_MISSING, "enquiry_at": ENQUIRED}
    owner = doing(Activity.OWNED_BY_TEAM, ENQUIRED, world().end)
    missing = tally(
        [{**REPORT, "return_at": NEVER}],
        [{**ARRIVED, "seen_at": NEVER}],
        [still],
        (*WORK[:3], owner),
    )
    rows = told(PLAIN, missing)
    assert one(rows, "clock_mean", stage="child_safe").value == pytest.approx(45.0)
    # Of two cases no quantile is told; of twenty the half are safe after 14 hours.
    assert one(rows, "clock_p50", stage="child_safe").value is None
    many = told(*[PLAIN, missing] * 10)
    assert one(many, "clock_p50", stage="child_safe").value == pytest.approx(14.0)
    assert one(many, "clock_p90", stage="child_safe").value is None
    assert one(rows, "clock_stopped", stage="child_safe").value == pytest.approx(0.5)
    assert one(rows, "case_end", stage="still_missing").value == pytest.approx(0.5)
    assert one(rows, "returned_by", minutes=840).value == pytest.approx(0.5)
    assert one(rows, "returned_by", minutes=720).value == 0.0
    # Nobody was followed beyond 76 hours, so nothing is told of 84.
    told_of = {each.minutes for each in rows if each.measure == "found_by"}
    assert 4_320 in told_of
    assert 5_040 not in told_of
    assert one(rows, "unattended_hours_mean").value == pytest.approx(1 / 6)


def test_return_home_interviews_count_for_as_long_as_they_were_followed() -> None:
    """Of forty accepted ones half are held after 47 hours, and half are cut off after 62."""
    yet_to_come = tally(rows=[{**CASE, "completed_at": NEVER}])
    rows = told(*[PLAIN, yet_to_come] * 20)
    assert one(rows, "return_interview_after_p50").n == 40
    # Half are over by then, and beyond it nothing is known: no range, so nothing is told.
    assert one(rows, "return_interview_after_p50").value is None
    assert one(rows, "return_interview_after_p90").value is None
    assert one(rows, "return_interview_after_mean").value is None
    more = told(*[PLAIN, PLAIN, PLAIN, yet_to_come] * 10)
    assert one(more, "return_interview_after_p50").value == 47.0
    assert one(more, "return_interview_after_mean").value is None
    assert one(told(*[PLAIN] * 40), "return_interview_after_mean").value == 47.0


def test_interviews_are_told_by_the_role_that_held_them() -> None:
    """The team's unit held both."""
    assert one(ROWS, "interviewed_by", stage="missing_person").value == 1.0
    assert one(ROWS, "interviewed").value == 1.0
    assert one(ROWS, "interview_after_mean").value == pytest.approx(1.25)


def test_open_cases_are_a_mean_over_midnights() -> None:
    """Open at the one midnight of the window, for four hours; it begins a Tuesday."""
    assert one(ROWS, "cases_open").value == 1.0
    assert one(ROWS, "cases_open", hour=24).value == 1.0
    assert one(ROWS, "cases_open_over", minutes=1_440).value == 0.0


def test_unrecorded_hours_are_told_and_their_children_are_no_case() -> None:
    """14 hours missing, in a week seven times as many, and no officer's hour in it."""
    nothing = tally([REPORT], [{"end": End.UNRECORDED}], [{"end": CaseEnd.UNRECORDED}], ())
    rows = told(nothing, nothing)
    assert one(rows, "case_end", stage="unrecorded").value == 1.0
    assert one(rows, "unrecorded_hours_mean").value == pytest.approx(14.0)
    assert one(rows, "unrecorded_hours_a_week").value == pytest.approx(98.0)
    assert not [each for each in rows if each.measure == "officer_hours_per_case"]


def test_differences_are_paired() -> None:
    """Two hours fewer unworked and two officer-hours more in both replications: no spread."""
    rows = list(case_differences([PLAIN, PLAIN], [BUSIER, BUSIER], 0.95))
    for measure, change in (("unworked_hours_per_case", -2.0), ("officer_hours_per_case", 2.0)):
        found = one(rows, measure)
        assert found.value == pytest.approx(change)
        assert found.low == found.high == pytest.approx(change)
    assert one(rows, "work_hours_per_case", pool="team").value == pytest.approx(2.0)
    assert one(rows, "clock_mean", stage="officer_with").value == 0.0
    assert one(rows, "cases_open").value == 0.0


def test_hours_that_only_one_scenario_leaves_unrecorded_are_a_difference() -> None:
    """14 hours in a day's window are 98 a week more than none."""
    nothing = tally([REPORT], [{"end": End.UNRECORDED}], [{"end": CaseEnd.UNRECORDED}], ())
    rows = list(case_differences([PLAIN, PLAIN], [nothing, nothing], 0.95))
    assert one(rows, "unrecorded_hours_a_week").value == pytest.approx(98.0)
    assert one(rows, "case_end", stage="unrecorded").value == pytest.approx(1.0)


def test_nothing_is_told_without_episodes() -> None:
    """Neither of one scenario nor where only one of two follows its cases."""
    plain = replace(PLAIN, episodes=None)
    assert told(plain, plain) == []
    assert list(case_differences([plain], [PLAIN], 0.95)) == []


def test_every_row_keeps_to_its_measure() -> None:
    """No key is set that its record does not name, and its unit is the record's."""
    found = tally(rows=[{**CASE, "end": CaseEnd.FOUND, "found_at": HOME}])
    for each in (*told(found, PLAIN), *case_differences([PLAIN], [found], 0.95)):
        assert set(each.keys) <= set(each.about.keys)
        assert each.unit == each.about.unit


def test_handovers_that_nobody_noticed_are_told_where_there_are_any() -> None:
    """Of the two nights one has one from 22:00 to 23:15; without any there is no such row."""
    unknown = doing(Activity.UNNOTICED, clock(0, 22), clock(0, 23, 15))
    # Before it stands what is of no case.
    others = doing(Activity.BREAK, clock(0, 1), clock(0, 2), RESPONSE_UNIT, NONE)
    heard = tally([REPORT], [ARRIVED], [CASE], (*WORK, *OWNERS, unknown, others))
    rows = told(PLAIN, heard)
    assert one(rows, "unnoticed_per_case").value == pytest.approx(0.5)
    assert one(rows, "unnoticed_hours_per_case").value == pytest.approx(1.25 / 2)
    # It is no work, and nobody else owns the case meanwhile.
    unworked = one(told(PLAIN, PLAIN), "unworked_hours_per_case").value
    assert one(rows, "unworked_hours_per_case").value == unworked
    assert not [row for row in told(PLAIN, PLAIN) if row.measure.startswith("unnoticed")]
    changes = list(case_differences([PLAIN, PLAIN], [PLAIN, heard], 0.95))
    assert one(changes, "unnoticed_per_case").value == pytest.approx(0.5)


def test_those_who_relieve_others_are_counted_with_their_overtime() -> None:
    """A crew of two from 16:00 to 20:00 and one officer to 23:00, whose shifts end on Friday.

    With the child for seven hours; where follow-up goes on to Saturday, four crews' hours more are
    in overtime.
    """
    crew = doing(Activity.PROTECTION, clock(1, 16), clock(1, 20), RESPONSE_UNIT)
    relief = doing(Activity.PROTECTION, clock(1, 20), clock(1, 23), TEAM_UNIT)
    crew = (*crew[:-1], Why.HANDED_OVER)
    relieved = tally([REPORT], [ARRIVED], [CASE], (*WORK, *OWNERS, crew, relief))
    rows = told(relieved, relieved)
    assert one(rows, "protection_hours").value == pytest.approx(7.0)
    assert one(rows, "protection_units").value == pytest.approx(2.0)
    assert one(rows, "relieved").value == pytest.approx(1.0)
    assert not [row for row in rows if row.measure == "protection_overtime_hours"]


def test_hours_after_a_shift_with_a_child_are_overtime() -> None:
    """A crew of two with a child from 22:00 on the last day of its shift until 01:00: two hours."""
    late = doing(Activity.PROTECTION, clock(4, 22), clock(5, 1), RESPONSE_UNIT)
    rules = world(end=6 * DAY)
    stays = tally([REPORT], [ARRIVED], [CASE], (*WORK, *OWNERS, late), rules=rules)
    rows = told(stays, stays)
    assert one(rows, "protection_overtime_hours").value == pytest.approx(2.0)
    assert one(rows, "protection_units").value == pytest.approx(1.0)


def test_hours_with_a_child_in_protection_are_told_by_when_it_was_begun() -> None:
    """Three hours of two officers from 16:00, and ten of one from 18:00; without any, no row."""
    at_four = doing(Activity.PROTECTION, clock(1, 16), clock(1, 19), RESPONSE_UNIT)
    at_six = doing(Activity.PROTECTION, clock(1, 18), clock(2, 4), TEAM_UNIT)
    # Before it stands what is of no case.
    others = doing(Activity.BREAK, clock(0, 1), clock(0, 2), RESPONSE_UNIT, NONE)
    by_day, by_night = (
        tally([REPORT], [ARRIVED], [CASE], (*WORK, *OWNERS, others, row))
        for row in (at_four, at_six)
    )
    rows = told(PLAIN, by_day, by_night)
    assert one(rows, "protected").value == pytest.approx(2 / 3)
    assert one(rows, "protection_hours").value == pytest.approx(6.5)
    assert one(rows, "protection_hours", stage="office_hours").value == pytest.approx(3.0)
    assert one(rows, "protection_hours", stage="out_of_hours").value == pytest.approx(10.0)
    assert one(rows, "protection_out_of_hours").value == pytest.approx(1 / 2)
    assert one(rows, "work_hours_per_case", stage="protection").value == pytest.approx(16 / 3)
    assert not [row for row in told(PLAIN, PLAIN) if row.measure.startswith("protect")]
