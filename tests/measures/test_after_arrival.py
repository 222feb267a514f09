"""What happened to cases after arrival, from a case worked by hand (`tests.measures.followed`)."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InternalError
from sim.measures import CaseCount, Count, Ending, Episodes, Span, merged
from sim.measures.episode import at_night, split_spans
from sim.measures.unworked import Stretches, unworked
from sim.tables import NEVER, RESPONSE, TEAM, Activity, CaseEnd, End, Risk
from tests.measures.followed import (
    ARRIVED,
    CASE,
    DESK_WORKER,
    ENQUIRED,
    HOME,
    OWNERS,
    REPORT,
    REPORTED,
    RESPONSE_UNIT,
    TEAM_UNIT,
    WORK,
    clock,
    doing,
    of,
    tally,
    world,
)
from tests.measures.tables import DAY, HOUR, activities, definition

MINUTE = 60
STILL: dict[str, Any] = {
    "end": CaseEnd.STILL_MISSING,
    "enquiry_at": ENQUIRED,
    "first_line_at": NEVER,
    "safe_at": NEVER,
}


def total(found: Episodes, count: CaseCount) -> int:
    """Sum of a column over all cells."""
    return int(found.counts[:, count].sum())


def spans(found: Episodes, span: Span) -> list[tuple[int, int]]:
    """Ending and seconds of each span of a kind."""
    _, kinds, endings, seconds = split_spans(np.repeat(found.span_keys, found.span_counts))
    mine = kinds == span
    return list(zip(endings[mine].tolist(), seconds[mine].tolist(), strict=True))


def test_hours_under_enquiry_in_which_nobody_worked() -> None:
    """13 hours under enquiry, two and a half of them worked, and the rest by owner and at night."""
    found = of(tally())
    assert total(found, CaseCount.ENQUIRY_SECONDS) == 13 * HOUR
    # Writing 15 minutes, a line 60, a review 15, a line 60.
    assert total(found, CaseCount.UNWORKED_SECONDS) == 630 * MINUTE
    # The team's 3 hours less 15 (writing), 30 (to 22:00) and 30 minutes (from 08:00).
    assert total(found, CaseCount.UNWORKED_TEAM_SECONDS) == 105 * MINUTE
    # Response's 10 hours less 30 (from 22:00), 15 (the review) and 30 minutes (to 08:00).
    assert total(found, CaseCount.UNWORKED_RESPONSE_SECONDS) == 525 * MINUTE
    # The night is 22:00 to 07:00: 9 hours less 30 and 15 minutes.
    assert total(found, CaseCount.ENQUIRY_NIGHT_SECONDS) == 9 * HOUR
    assert total(found, CaseCount.UNWORKED_NIGHT_SECONDS) == 495 * MINUTE
    assert spans(found, Span.UNWORKED) == [(Ending.DONE, 630 * MINUTE)]


def test_unworked_hours_by_hour_of_the_day_add_up() -> None:
    """Of the hour from 22:00 half is worked, of that from 03:00 none, of that from 21:00 45 min."""
    found = of(tally())
    by_hour = found.unworked[Risk.MEDIUM]
    assert by_hour[RESPONSE, 22] == by_hour[RESPONSE, 7] == 30 * MINUTE
    assert by_hour[RESPONSE, 3] == found.owned[Risk.MEDIUM, RESPONSE, 3] == HOUR
    assert by_hour[TEAM, 21] == 15 * MINUTE
    assert found.unworked.sum() == total(found, CaseCount.UNWORKED_SECONDS)
    assert found.owned.sum() == total(found, CaseCount.ENQUIRY_SECONDS)


def test_two_units_at_once_cover_a_second_once() -> None:
    """A second line beside the first, wholly within it, leaves the unworked hours as they were."""
    beside = doing(Activity.ENQUIRY, clock(0, 21, 40), clock(0, 22, 20), RESPONSE_UNIT)
    found = of(tally(did=(*WORK, beside, *OWNERS)))
    assert total(found, CaseCount.UNWORKED_SECONDS) == 630 * MINUTE
    # Its officers' time counts all the same: 40 minutes of two.
    assert total(found, CaseCount.OFFICER_SECONDS) == 480 * MINUTE


def test_officer_hours_and_cost_of_a_case() -> None:
    """The crew's 135 minutes of two officers, the team's 130 of one, and 35 at the desk."""
    found = of(tally())
    assert total(found, CaseCount.OFFICER_SECONDS) == (2 * 135 + 130) * MINUTE
    assert total(found, CaseCount.DESK_SECONDS) == 35 * MINUTE
    # 4.5 h at 40 pounds, 130 min at 50 and 35 min at 30: 180 + 108.33 + 17.50 = 305.83 pounds.
    pounds = total(found, CaseCount.PENCE_SECONDS) / (100 * HOUR)
    assert pounds == pytest.approx(180 + 50 * 130 / 60 + 30 * 35 / 60)
    assert found.work[Risk.MEDIUM, 0, Activity.ENQUIRY] == 2 * 60 * MINUTE
    assert found.work[Risk.MEDIUM, 1, Activity.WRITING] == 25 * MINUTE
    assert found.work.sum() == (400 + 35) * MINUTE


def test_the_four_clocks_run_from_the_report() -> None:
    """Nobody researched, so the first enquiry is the arrival; seen at half past ten."""
    found = of(tally())
    assert spans(found, Span.FIRST_ENQUIRY) == [(Ending.DONE, 10 * MINUTE)]
    assert spans(found, Span.OFFICER_WITH) == [(Ending.DONE, 10 * MINUTE)]
    assert spans(found, Span.CHILD_SEEN) == [(Ending.DONE, 14 * HOUR + 30 * MINUTE)]
    assert spans(found, Span.CHILD_SAFE) == [(Ending.DONE, 14 * HOUR)]
    assert spans(found, Span.UNATTENDED) == [(Ending.DONE, 10 * MINUTE)]
    assert spans(found, Span.FIRST_LINE) == [(Ending.DONE, 30 * MINUTE)]


def test_an_officer_is_with_whom_a_telephone_found_when_they_are_visited() -> None:
    """Found after ten minutes and visited after an hour; nobody arrived at the address."""
    found_at, visited_at = REPORTED + 10 * MINUTE, REPORTED + HOUR
    end = {"end": End.FOUND_BY_TELEPHONE, "telephone_found_at": found_at, "ready_at": NEVER}
    case = {"end": CaseEnd.FOUND, "found_at": found_at, "safe_at": found_at}
    found = of(tally(ends=[{**end, "seen_at": visited_at}], rows=[case], did=()))
    assert spans(found, Span.OFFICER_WITH) == [(Ending.DONE, HOUR)]


def test_a_return_home_interview_that_is_yet_to_come_is_cut_off() -> None:
    """Safe at 10:00 on the second day, and followed to the end of the fourth: 62 hours."""
    found = of(tally(rows=[{**CASE, "completed_at": NEVER}]))
    assert spans(found, Span.RETURN_INTERVIEW) == [(Ending.CUT, 62 * HOUR)]


def test_a_ppn_that_is_yet_to_come_and_one_not_shared_are_cut_off() -> None:
    """Followed from the interview, or from the PPN, to the end of the fourth day."""
    found = of(tally(rows=[{**CASE, "ppn_at": NEVER, "shared_at": NEVER}]))
    assert spans(found, Span.PPN) == [(Ending.CUT, 62 * HOUR - 75 * MINUTE)]
    assert spans(found, Span.SHARED) == []
    found = of(tally(rows=[{**CASE, "shared_at": NEVER}]))
    assert spans(found, Span.SHARED) == [(Ending.CUT, 62 * HOUR - 100 * MINUTE)]


def test_what_follows_the_childs_return() -> None:
    """Interview after 75 minutes, PPN 25 after it, shared 40 after that; seen by the worker."""
    found = of(tally())
    assert spans(found, Span.INTERVIEW) == [(Ending.DONE, 75 * MINUTE)]
    assert spans(found, Span.PPN) == [(Ending.DONE, 25 * MINUTE)]
    assert spans(found, Span.SHARED) == [(Ending.DONE, 40 * MINUTE)]
    assert spans(found, Span.RETURN_INTERVIEW) == [(Ending.DONE, 47 * HOUR)]
    assert found.interviewed_by.tolist() == [0, 1, 0]
    for count in (CaseCount.SAFE, CaseCount.INTERVIEWED, CaseCount.PPN_SENT, CaseCount.SHARED):
        assert total(found, count) == 1
    assert total(found, CaseCount.STRATEGY_HELD) == 0


def test_return_interviews_are_held_to_cases_that_were_followed() -> None:
    """Follow-up ends 62 hours after the child is safe: too soon to say whether 72 were kept."""
    found = of(tally())
    assert total(found, CaseCount.FOLLOWED) == 0
    found = of(tally(rules=world(end=5 * DAY)))
    # Now 86 hours are left, and it was completed 47 after the child was safe.
    assert total(found, CaseCount.FOLLOWED) == total(found, CaseCount.OFFERED) == 1
    assert total(found, CaseCount.COMPLETED) == total(found, CaseCount.COMPLETED_IN_AIM) == 1


def test_a_found_child_is_told_apart_from_one_who_returned() -> None:
    """The same case, ended by a line at the same second."""
    case = {**CASE, "end": CaseEnd.FOUND, "found_at": HOME}
    report = {**REPORT, "return_at": HOME + HOUR}
    found = of(tally([report], [{**ARRIVED, "seen_at": HOME}], [case]))
    assert spans(found, Span.CHILD_SAFE) == [(Ending.FOUND, 14 * HOUR)]
    assert spans(found, Span.CHILD_SEEN) == [(Ending.DONE, 14 * HOUR)]
    assert (total(found, CaseCount.FOUND), total(found, CaseCount.RETURNED)) == (1, 0)


def test_a_case_open_at_the_horizon_is_cut_there() -> None:
    """Under enquiry from Monday 21:00 until Friday 00:00, nobody at work after 21:15."""
    report = {**REPORT, "return_at": NEVER}
    did = (*WORK[:3], doing(Activity.OWNED_BY_TEAM, ENQUIRED, 4 * DAY))
    found = of(tally([report], [{**ARRIVED, "seen_at": NEVER}], [STILL], did))
    assert total(found, CaseCount.STILL_MISSING) == 1
    assert total(found, CaseCount.ENQUIRY_SECONDS) == 75 * HOUR
    assert total(found, CaseCount.UNWORKED_SECONDS) == 75 * HOUR - 15 * MINUTE
    # From the report to the end are 76 hours; no line was begun in the 75 under enquiry.
    assert spans(found, Span.CHILD_SAFE) == [(Ending.CUT, 76 * HOUR)]
    assert spans(found, Span.CHILD_SEEN) == [(Ending.CUT, 76 * HOUR)]
    assert spans(found, Span.FIRST_LINE) == [(Ending.CUT, 75 * HOUR)]
    assert spans(found, Span.INTERVIEW) == []


def test_what_was_never_recorded_is_no_report_but_its_hours_are_told() -> None:
    """Missing unrecorded for 14 hours; the police know nothing of it."""
    case = {"end": CaseEnd.UNRECORDED}
    result = tally([REPORT], [{"end": End.UNRECORDED}], [case], ())
    found = of(result)
    assert result.total(Count.REPORTED) == 0
    assert (total(found, CaseCount.EPISODES), total(found, CaseCount.CASES)) == (1, 0)
    assert spans(found, Span.UNRECORDED) == [(Ending.DONE, 14 * HOUR)]
    assert spans(found, Span.CHILD_SAFE) == []
    assert found.census.sum() == 0


def test_what_was_prevented_leaves_no_hours_at_all() -> None:
    """It counts as an episode that did not come about."""
    case = {"end": CaseEnd.PREVENTED}
    result = tally([REPORT], [{"end": End.PREVENTED}], [case], ())
    found = of(result)
    assert result.total(Count.REPORTED) == 0
    assert total(found, CaseCount.PREVENTED) == 1
    assert found.span_keys.size == 0


def test_the_census_counts_cases_open_for_longer_at_midnight() -> None:
    """Open from Monday 20:00 to Thursday 21:00: 4, 28, 52 hours at the three midnights."""
    report = {**REPORT, "return_at": clock(3, 21)}
    case = {**CASE, "safe_at": clock(3, 21), "interviewed_at": NEVER, "ppn_at": NEVER}
    case |= {"shared_at": NEVER, "offered_at": NEVER, "completed_at": NEVER}
    owner = doing(Activity.OWNED_BY_TEAM, ENQUIRED, clock(3, 21))
    found = of(
        tally(
            [report], [{**ARRIVED, "seen_at": NEVER}], [case], (*WORK[:3], owner),
            definition(until=4 * DAY),
        )
    )  # fmt: skip
    # The midnights that begin Tuesday to Friday; 76 hours at the last, but it is home by then.
    assert found.midnights.tolist() == [0, 1, 1, 1, 1, 0, 0]
    assert found.census[1].tolist() == [1, 0, 0, 0]
    assert found.census[2].tolist() == [1, 1, 0, 0]
    assert found.census[3].tolist() == [1, 1, 1, 0]
    assert found.census[4].tolist() == [0, 0, 0, 0]


def test_cases_are_returned_found_missing_prevented_or_unrecorded() -> None:
    """Two cases of the hand's, one of them found: the ends add up to the episodes."""
    second = [(2, *row[1:]) for row in (*WORK, *OWNERS)]
    other = {**CASE, "end": CaseEnd.FOUND, "found_at": HOME}
    late = {**REPORT, "return_at": NEVER}
    found = of(
        tally(
            [REPORT, late], [ARRIVED, {**ARRIVED, "seen_at": HOME}], [CASE, other],
            (*WORK, *OWNERS, *second),
        )
    )  # fmt: skip
    ends = (
        CaseCount.RETURNED, CaseCount.FOUND, CaseCount.STILL_MISSING, CaseCount.PREVENTED,
        CaseCount.UNRECORDED,
    )  # fmt: skip
    assert [total(found, end) for end in ends] == [1, 1, 0, 0, 0]
    assert total(found, CaseCount.EPISODES) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"end": CaseEnd.FOUND},
        {"end": CaseEnd.STILL_MISSING},
        {"safe_at": HOME + 1},
        {"end": CaseEnd.UNRECORDED},
        {"end": CaseEnd.PREVENTED, "safe_at": NEVER},
    ],
)
def test_an_end_that_times_do_not_bear_out_is_refused(wrong: dict[str, int]) -> None:
    """One column changed, and the case contradicts itself."""
    with pytest.raises(InternalError, match="do not bear out"):
        tally(rows=[{**CASE, **wrong}])


@pytest.mark.parametrize("left", [OWNERS[:2], OWNERS[1:], (OWNERS[0], OWNERS[2])])
def test_owners_must_follow_one_another(left: tuple[tuple[int, ...], ...]) -> None:
    """A stretch without an owner, at the end, the beginning or between."""
    with pytest.raises(InternalError, match="follow one another"):
        tally(did=(*WORK, *left))


def test_what_never_reached_the_police_cannot_be_graded() -> None:
    """An unrecorded episode with a grade is the engine's fault."""
    with pytest.raises(InternalError, match="is graded"):
        tally(ends=[{"end": End.UNRECORDED, "graded_at": REPORTED}], rows=[{"end": 4}], did=())


def test_no_case_at_all_gives_empty_tallies() -> None:
    """Reported outside the window: nothing is counted, and nothing fails."""
    found = of(tally(what=definition(since=2 * DAY, until=3 * DAY)))
    assert found.codes.size == found.span_keys.size == 0
    assert found.work.sum() == found.unworked.sum() == 0
    # A case of another day is nobody's work of this window; at Thursday's midnight it is closed.
    assert found.census.sum() == 0


def test_nothing_is_told_where_episodes_are_not_followed() -> None:
    """Without them two replications add up as before."""
    assert merged([tally(), tally()]).episodes is not None
    plain = replace(tally(), episodes=None)
    with pytest.raises(ValueError, match="one scenario"):
        merged([tally(), plain])


def test_two_replications_together_are_twice_one() -> None:
    """Counts, spans and work add up."""
    one, two = of(tally()), of(merged([tally(), tally()]))
    assert np.array_equal(two.counts, 2 * one.counts)
    assert np.array_equal(two.span_keys, one.span_keys)
    assert np.array_equal(two.span_counts, 2 * one.span_counts)
    assert np.array_equal(two.work, 2 * one.work)
    assert np.array_equal(two.unworked, 2 * one.unworked)


def test_errands_stand_in_the_queue_of_their_area() -> None:
    """A line waits for 20 minutes and a visit for 30: jobs times seconds, each under its own."""
    waits = (
        doing(Activity.WAIT_ENQUIRY, clock(0, 21, 10), clock(0, 21, 30)),
        doing(Activity.WAIT_VISIT, clock(0, 10), clock(0, 10, 30)),
    )
    pools = tally(did=(*WORK, *OWNERS, *waits)).pools
    assert pools.errands[0, 0, 21] == 20 * MINUTE
    assert pools.errands[0, 1, 10] == 30 * MINUTE
    assert pools.queued.sum() == pools.waiting.sum() == 0


def test_work_on_cases_makes_units_busy_and_owning_them_does_not() -> None:
    """The team's unit: two lines of work and its writing, within the window's day."""
    pools = tally().pools
    assert pools.busy[1, Activity.ENQUIRY].sum() == 60 * MINUTE
    assert pools.busy[:, Activity.OWNED_BY_TEAM].sum() == 0
    assert pools.busy[2, Activity.CASE_REVIEW].sum() == 15 * MINUTE


@pytest.mark.parametrize(
    ("second", "expected"),
    [(0, 0), (7 * HOUR, 7 * HOUR), (22 * HOUR, 7 * HOUR), (DAY, 9 * HOUR), (-2 * HOUR, -2 * HOUR)],
)
def test_seconds_of_night(second: int, expected: int) -> None:
    """22:00 to 07:00 makes nine hours a day."""
    assert at_night(np.array([second]))[0] == expected


ROWS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 90), st.integers(0, 30)), min_size=0, max_size=8
)


@given(ROWS, st.lists(st.integers(1, 40), min_size=1, max_size=4))
def test_unworked_seconds_are_those_counted_one_by_one(
    work: list[tuple[int, int, int]], lengths: list[int]
) -> None:
    """Against a plain count of the seconds of two cases, each with owners in turn from 10."""
    ends = 10 + np.cumsum(lengths)
    starts = ends - np.array(lengths)
    turn = np.arange(len(lengths)) % 2
    owners = Stretches(
        np.repeat([0, 1], len(lengths)), np.tile(turn, 2), np.tile(starts, 2), np.tile(ends, 2)
    )
    rows = [
        doing(Activity.ENQUIRY, start, start + length, TEAM_UNIT, case)
        for case, start, length in work
    ]
    table = activities(*rows)
    found = unworked(table, table["incident"], owners)
    for case in (0, 1):
        busy = {
            second
            for own, start, length in work
            if own == case
            for second in range(start, start + length)
        }
        for owner in (RESPONSE, TEAM):
            expected = sum(
                second not in busy
                for start, end, whose in zip(starts, ends, turn, strict=True)
                if whose == owner
                for second in range(start, end)
            )
            mine = (found.case == case) & (found.owner == owner)
            assert int(found.seconds[mine].sum()) == expected


def test_a_desk_alone_works_on_a_case_too() -> None:
    """A line at a desk from 01:00 to 02:00 takes an hour off what nobody did."""
    line = doing(Activity.DESK_LINE, clock(1, 1), clock(1, 2), DESK_WORKER)
    found = of(tally(did=(*WORK, line, *OWNERS)))
    assert total(found, CaseCount.UNWORKED_SECONDS) == 570 * MINUTE
    assert total(found, CaseCount.OFFICER_SECONDS) == 400 * MINUTE
