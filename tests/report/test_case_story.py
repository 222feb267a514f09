"""A case told through to the end, from the one worked by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from sim.report.story import trace
from sim.report.story.listing import child_told
from sim.report.story.world import World
from sim.tables import NONE, Activity, CaseEnd, End, Policy, Why
from tests.engines.episodes import rules
from tests.engines.hand import incidents, rota, unit
from tests.measures.followed import (
    ARRIVED,
    CASE,
    HOME,
    OWNERS,
    REPORT,
    REPORTED,
    UNITS,
    WORK,
    cases,
    clock,
    doing,
    world,
)
from tests.measures.tables import activities, activity, outcomes

HANDED_OVER = tuple((*row[:7], Why.HANDED_OVER) for row in OWNERS[:2])
STEPS = (*WORK, *HANDED_OVER, OWNERS[2])


def told(
    report: Mapping[str, int] = REPORT,
    end: Mapping[str, int] = ARRIVED,
    case: Mapping[str, int] = CASE,
    did: tuple[tuple[int, ...], ...] = STEPS,
) -> World:
    """The replication of the one case."""
    table = incidents({**report, "child": 1})
    return World(
        table,
        outcomes(table, end),
        activities(*did),
        rota(*UNITS),
        world(),
        date(2022, 4, 25),
        cases=cases(table, case),
    )


def lines(*args: object, **more: Mapping[str, int]) -> str:
    """Its trace as text."""
    return "\n".join(trace.told(told(*args, **more), 1))  # type: ignore[arg-type]


def test_a_trace_goes_on_until_the_child_is_safe_and_beyond() -> None:
    """Enquiry, owners, return, interview, PPN, MASH, and what the partners did."""
    text = lines()
    steps = [
        "Mon 21:00  the case comes under enquiry",
        "Mon 22:00  response owns the case for 10 h 00 min, and is then handed over",
        "Tue 10:00  the child comes home",
        "Tue 11:15  prevention interview complete",
        "Tue 11:40  PPN sent",
        "Tue 12:20  MASH has shared it",
        "Thu 09:00  return home interview complete",
    ]
    places = [text.index(step) for step in steps]
    assert places == sorted(places)
    assert "the job goes back to the queue" not in text


def test_a_trace_says_what_became_of_the_case() -> None:
    """Home 14 hours after the report; interviewed 75 minutes later."""
    text = lines()
    assert "What became of the case: the child returned, 14 h 00 min after the report" in text
    assert "While under enquiry: 2 lines of enquiry, 2 handovers, 1 review" in text
    assert "After the child was safe: prevention interview 75 min, PPN sent 100 min" in text


def test_a_child_is_home_before_what_follows_in_the_same_second() -> None:
    """An interview is offered to a child who is back, whatever the words begin with."""
    text = lines(case={**CASE, "offered_at": HOME})
    home, offered = text.index("the child comes home"), text.index("return home interview offered")
    assert home < offered


def test_a_found_child_does_not_come_home_too() -> None:
    """The drawn return is void."""
    case = {**CASE, "end": CaseEnd.FOUND, "found_at": HOME}
    text = lines({**REPORT, "return_at": HOME + 1}, ARRIVED, case)
    assert "Tue 10:00  CHILD FOUND by a line of enquiry" in text
    assert "comes home" not in text


def test_a_review_of_the_case_is_told_as_one() -> None:
    """One that waits while the case is under enquiry is no late review of a waiting job."""
    wait = doing(Activity.WAIT_REVIEW, clock(0, 22, 50), clock(0, 23))
    text = lines(REPORT, ARRIVED, CASE, (*STEPS, wait))
    assert "a review of the case is due; no reviewer is free for 10 min" in text
    assert "though units have been sent" not in text


@pytest.mark.parametrize(
    ("case", "end", "words"),
    [
        (CaseEnd.UNRECORDED, End.UNRECORDED, "never recorded"),
        (CaseEnd.PREVENTED, End.PREVENTED, "prevented"),
    ],
)
def test_what_never_reached_the_police_is_no_long_wait(case: CaseEnd, end: End, words: str) -> None:
    """It is told as what would be reported, and stands in no list of waits."""
    nothing = told(REPORT, {"end": end}, {"end": case}, ())
    text = "\n".join(trace.told(nothing, 1))
    assert "would be reported" in text
    assert f"What became of it: {words}" in text
    assert trace.longest(nothing, None, None, 0, 86_400) == []


def test_a_childs_year_tells_the_end_of_each_case() -> None:
    """Attended, and returned after 14 hours."""
    text = "\n".join(child_told(told(), 1, [(1, REPORTED, HOME)], 0, 86_400))
    assert "attended; returned after 14.0 h, unattended 10 min" in text


def test_without_cases_nothing_is_added() -> None:
    """An incident that is not followed ends with its attendance."""
    full = told()
    plain = World(
        full.incidents, full.outcomes, activities(*WORK), full.rota, full.policy, full.first_day
    )
    text = "\n".join(trace.told(plain, 1))
    assert "What became of the case" not in text
    assert plain.case(0) is None


def waiting(policy: Policy, kind: Activity, start: int, end: int) -> str:
    """A wait of the case's errand, with the team on duty from 08:00 to 22:00 alone."""
    table = incidents({**REPORT, "child": 1})
    team = (unit(1, clock(0, 8), clock(0, 22), 1), unit(1, clock(1, 8), clock(1, 22), 2))
    others = (unit(0, 0, clock(3, 0), 3), unit(0, 0, clock(3, 0), 4))
    busy = activity(Activity.WRITING, start, end, 1, 3, 0)
    made = World(
        table,
        outcomes(table, ARRIVED),
        activities(doing(kind, start, end), busy, *OWNERS),
        rota(*team, *others),
        policy,
        date(2022, 4, 25),
        cases=cases(table, CASE),
    )
    return "\n".join(trace.told(made, 1))


def test_a_line_of_enquiry_that_waits_says_whose_people_it_waited_for() -> None:
    """Until 22:00 the team's one unit, which is idle; then response's two, one of them
    writing.
    """
    text = waiting(
        world(episode=rules(units=(0,), team=(1,))),
        Activity.WAIT_ENQUIRY,
        clock(0, 21, 10),
        clock(1, 1),
    )
    assert "Mon 21:10  a line of enquiry waits 3 h 50 min for a unit" in text
    assert "Mon 21:10  in the queue up to 22:00: 1 unit that may attend was on duty" in text
    assert (
        "Mon 22:00  in the queue up to Tue 01:00: 2 units that may attend were on duty: 1" in text
    )


def test_a_visit_that_waits_says_who_was_on_duty() -> None:
    """The child is home at 10:00; nobody owns the case then, and the team is there."""
    text = waiting(
        world(episode=rules(units=(0,), team=(1,))),
        Activity.WAIT_VISIT,
        clock(1, 10),
        clock(1, 10, 30),
    )
    assert "waits 30 min for a unit: 1 unit that may attend was on duty" in text


def test_relief_that_waits_says_who_was_on_duty() -> None:
    """Asked for at 22:00, after the interview: nobody of the team is there, two of response are."""
    text = waiting(
        world(episode=rules(units=(0,), team=(1,), relief_officers=1)),
        Activity.WAIT_RELIEF,
        clock(1, 22),
        clock(1, 23),
    )
    assert "Tue 22:00  relief of the officers with the child waits 60 min for a unit: 2" in text


def test_those_who_are_relieved_take_no_job_back_to_its_queue() -> None:
    """The first stay from 11:15 to 22:00, and others from then on."""
    *row, _ = doing(Activity.PROTECTION, clock(1, 11, 15), clock(1, 22), 1)
    stays = doing(Activity.PROTECTION, clock(1, 22), clock(2, 4), 3)
    table = incidents({**REPORT, "child": 1})
    made = World(
        table,
        outcomes(table, ARRIVED),
        activities((*row, Why.HANDED_OVER), stays, *OWNERS),
        rota(unit(0, 0, clock(3, 0), 3), unit(1, clock(1, 8), clock(1, 22), 1)),
        world(episode=rules(units=(0,), team=(1,))),
        date(2022, 4, 25),
        cases=cases(table, CASE),
    )
    text = "\n".join(trace.told(made, 1))
    assert "police protection, 10 h 45 min, and are relieved" in text
    assert text.count("police protection, ") == 2
    assert "goes back to the queue" not in text


def test_units_sent_to_an_errand_are_told_by_its_grade() -> None:
    """A grade-2 job waits while response goes to the first one's line of enquiry, of grade 3."""
    table = incidents({**REPORT, "child": 1}, {"reported_at": clock(1, 1), "key": 2})
    made = World(
        table,
        outcomes(table, ARRIVED, {}),
        activities(
            doing(Activity.TRAVEL, clock(1, 1, 30), clock(1, 2), 3),
            activity(Activity.WAIT_UNIT, clock(1, 1, 10), clock(1, 2), 2, NONE, NONE),
        ),
        rota(unit(0, 0, clock(3, 0), 3)),
        world(episode=rules()),
        date(2022, 4, 25),
        cases=cases(incidents({**REPORT, "child": 1}), CASE),
    )
    assert "units were sent to 1 other job: 1 less urgent" in "\n".join(trace.told(made, 2))
