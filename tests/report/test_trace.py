"""One incident's timeline, told from hand-made tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sim.errors import InputError
from sim.fates.field import EPISODE_BITS, NUMBER_BITS
from sim.fates.naming import name_of
from sim.report.story import listing, trace
from sim.report.story.kinds import KINDS
from sim.report.story.strip import strip_lines
from sim.report.story.timelines import timeline
from sim.report.story.world import World
from sim.scenario.names import name_code
from sim.tables import (
    ACTIVITIES,
    DAY,
    HOUR,
    INCIDENTS,
    MINUTE,
    NEVER,
    NONE,
    OUTCOMES,
    ROTA,
    Activity,
    End,
    Gate,
    Policy,
    Pool,
    Risk,
    Schema,
    Table,
    Why,
    from_rows,
    joined,
)

CHILD = (name_code("missing_child") << NUMBER_BITS) + (5 << EPISODE_BITS)
FIRST, SECOND = CHILD + 1, CHILD + 2
OTHER = (name_code("immediate") << NUMBER_BITS) + (9 << EPISODE_BITS)
NIGHT = 26 * HOUR  # Tuesday 02:00, for the first day is Monday 4 April 2022


def made(schema: Schema, *rows: dict[str, int]) -> Table:
    """A table from what matters; the rest is NEVER where that may stand, else 0."""
    return from_rows(
        schema,
        [
            tuple(
                row.get(column.name, NEVER if column.optional else 0) for column in schema.columns
            )
            for row in rows
        ],
    )


def activity(kind: Activity, start: int, end: int, **more: int) -> dict[str, int]:
    """A row of the activities table, of the first report unless said otherwise."""
    base = {"incident": FIRST, "pool": NONE, "unit": NONE, "why": int(Why.DONE)}
    return base | {"kind": int(kind), "start": start, "end": end} | more


def world(area: int = 0, officers: int = 1) -> World:
    """A child reported on Tuesday at 02:00, held for ratification, then waiting for a unit.

    Area bcp has three units: 101 is at a grade-1 job, 102 writes, 103 is idle; a fourth went
    off duty at 02:00. The child's second report, on Thursday, ends with its return.
    """
    child = {"stream": 0, "child": CHILD, "desk_pool": NONE, "grade": 2, "deploys": 1, "origin": 1}
    child |= {"risk": int(Risk.MEDIUM), "in_care": 1, "area": area, "officers": officers}
    incidents = made(
        INCIDENTS,
        child | {"key": FIRST, "reported_at": NIGHT, "last_seen_at": NIGHT - 3 * HOUR},
        child | {"key": SECOND, "reported_at": NIGHT + 48 * HOUR, "return_at": NIGHT + 49 * HOUR},
        {"key": OTHER, "stream": 1, "grade": 1, "child": NONE, "desk_pool": NONE, "deploys": 1},
    )
    held, asked, there = NIGHT + 10 * MINUTE, NIGHT + 70 * MINUTE, NIGHT + 100 * MINUTE
    outcomes = made(
        OUTCOMES,
        {
            "key": FIRST,
            "graded_at": held,
            "ready_at": asked,
            "arrived_at": there,
            "end": int(End.ATTENDED),
            "attended_by": 1,
        },
        {"key": SECOND, "end": int(End.RETURNED_FIRST), "attended_by": NONE},
        {"key": OTHER, "end": int(End.OPEN), "attended_by": NONE},
    )
    activities = made(
        ACTIVITIES,
        activity(Activity.WAIT_CALL_TAKER, NIGHT, NIGHT + 4 * MINUTE, pool=0),
        activity(Activity.HELD, held, asked),
        activity(Activity.WAIT_RATIFICATION, held, held + 50 * MINUTE, pool=0),
        activity(Activity.RATIFICATION, held + 50 * MINUTE, asked, pool=0, unit=200),
        activity(Activity.WAIT_UNIT, asked, there - 9 * MINUTE),
        activity(Activity.TRAVEL, there - 9 * MINUTE, there, pool=1, unit=103),
        activity(Activity.SCENE, there, there + HOUR, pool=1, unit=103, why=int(Why.DIVERTED)),
        activity(Activity.SCENE, NIGHT, NIGHT + 3 * HOUR, incident=OTHER, pool=1, unit=101),
        activity(Activity.WRITING, asked - MINUTE, there, incident=OTHER, pool=1, unit=102),
    )
    shift = {"pool": 1, "on_at": NIGHT - 4 * HOUR, "off_at": NIGHT + 5 * HOUR, "officers": 1}
    rota = made(
        ROTA,
        *(shift | {"key": key} for key in (101, 102, 103)),
        shift | {"key": 104, "off_at": NIGHT},
        shift | {"key": 200, "pool": 0},
    )
    policy = Policy(
        start=-24 * HOUR,
        end=100 * HOUR,
        grades=3,
        areas=("bcp", "county"),
        streams=("missing_child", "immediate"),
        pools=(
            Pool("supervisors", "supervisor", NONE, desk=True),
            Pool("response_bcp", "response", 0, desk=False),
            Pool("response_county", "response", 1, desk=False),
        ),
        missing=(True, False),
        gated=(True, False),
        gate=Gate.RATIFICATION,
    )
    return World(incidents, outcomes, activities, rota, policy, date(2022, 4, 4))


def long_wait() -> World:
    """The same, but from 02:00 to 10:00 no unit is free; at 04:00 one is sent to a grade-1 job."""
    made_of = world()
    busy = [
        activity(Activity.SCENE, NIGHT, NIGHT + 5 * HOUR, incident=OTHER, pool=1, unit=unit)
        for unit in (101, 102)
    ]
    third = [
        activity(Activity.SCENE, NIGHT, NIGHT + 2 * HOUR, incident=OTHER, pool=1, unit=103),
        activity(
            Activity.TRAVEL, NIGHT + 2 * HOUR, NIGHT + 5 * HOUR, incident=OTHER, pool=1, unit=103
        )
        | {"attempt": 1},
    ]
    waiting = activity(Activity.WAIT_UNIT, NIGHT, NIGHT + 8 * HOUR)
    outcomes = made(
        OUTCOMES,
        {"key": FIRST, "arrived_at": NIGHT + 8 * HOUR, "end": int(End.ATTENDED), "attended_by": 1},
        {"key": SECOND, "end": int(End.OPEN), "attended_by": NONE},
        {"key": OTHER, "end": int(End.OPEN), "attended_by": NONE},
    )
    rows = made(ACTIVITIES, *busy, *third, waiting)
    policy = replace(made_of.policy, attends=(((1,), (2,)), ((1,), (2,))))
    return replace(made_of, activities=rows, outcomes=outcomes, policy=policy)


def test_every_step_has_its_clock_time() -> None:
    """Steps are in order, each with weekday and time of day."""
    lines = trace.told(world(), FIRST)
    assert "Mon 23:00  last seen" in lines
    assert "Tue 02:00  reported by 101, in care" in lines
    assert "Tue 02:10  graded 2" in lines
    assert "Tue 03:40  OFFICERS ARRIVE (response bcp)" in lines
    times = [step.at for step in trace.timeline(world(), FIRST)]
    assert times == sorted(times)


def test_each_wait_says_what_was_waited_for() -> None:
    """The call taker, the gate and the ratifier are named, each with its length."""
    lines = trace.told(world(), FIRST)
    assert "Tue 02:00  waits 4 min for a call taker" in lines
    assert (
        "Tue 02:10  held for 60 min: deployment waits for ratification of the risk assessment"
        in lines
    )
    assert "Tue 02:10  waits 50 min for somebody to ratify" in lines
    assert "Tue 03:00  ratification (supervisors), 10 min" in lines


def test_a_short_wait_for_a_unit_says_who_was_on_duty_and_at_what() -> None:
    """Unit 101 is at grade 1, 102 writes, 103 is idle: two officers are needed, and it is alone."""
    (line,) = [line for line in trace.told(world(officers=2), FIRST) if "for a unit" in line]
    assert line == (
        "Tue 03:10  waits 21 min in the queue for a unit: 3 units that may attend were on duty: "
        "1 writing, 1 on grade 1; too few officers were free together throughout"
    )


def test_nobody_on_duty_is_said() -> None:
    """An area without a unit at that time is no mystery."""
    lines = trace.told(world(area=1), FIRST)
    assert any("for a unit: no unit that may attend was on duty" in line for line in lines)


def test_a_long_wait_is_told_through_its_shifts() -> None:
    """From 02:00 to 10:00 with all three busy and off at 07:00: five hours of them, then nobody.

    At 04:00 one of them is sent to a grade-1 job.
    """
    lines = trace.told(long_wait(), FIRST)
    assert "Tue 02:00  waits 8 h 00 min in the queue for a unit" in lines
    assert (
        "Tue 02:00  in the queue up to 07:00: 3 units that may attend were on duty: 3 on grade 1; "
        "it was queued behind, officers having gone to later calls, for 3 h 00 min, no officer was "
        "free for 2 h 00 min; units were sent to 1 other job: 1 more urgent"
    ) in lines
    assert "Tue 07:00  in the queue up to 10:00: no unit that may attend was on duty" in lines


@pytest.mark.parametrize(
    ("pool", "why"),
    [
        (Pool("response_bcp", "response", 0, False, 1), "kept in reserve for grade 1"),
        (
            Pool("response_bcp", "response", 0, False, 0, (0, 6 * HOUR, 0)),
            "too near the end of their shift",
        ),
    ],
)
def test_an_idle_unit_is_explained_by_the_rule_that_kept_it(pool: Pool, why: str) -> None:
    """The one idle unit is the reserve, or within six hours of its end at 07:00."""
    made_of = world()
    pools = (made_of.policy.pools[0], pool, made_of.policy.pools[2])
    told = trace.told(replace(made_of, policy=replace(made_of.policy, pools=pools)), FIRST)
    (line,) = [line for line in told if "for a unit" in line]
    assert f"{why} throughout" in line


def test_a_review_after_units_were_sent_is_no_wait_of_the_job() -> None:
    """It is called late, and the job is no longer called waiting."""
    made_of = world()
    late = NIGHT + 110 * MINUTE
    review = activity(Activity.REVIEW, late, late + 3 * MINUTE, pool=0, unit=200)
    rows = joined(ACTIVITIES, [made_of.activities, made(ACTIVITIES, review)])
    lines = trace.told(replace(made_of, activities=rows), FIRST)
    assert "Tue 03:50  late review (supervisors), 3 min: units have been sent by now" in lines


def test_every_kind_of_activity_has_its_words() -> None:
    """A new kind is told once it has its one entry."""
    assert set(KINDS) == set(Activity)


def test_the_heading_says_which_world_and_which_names() -> None:
    """Scenario, replication, short names and the full key."""
    lines = trace.told(replace(world(), title="Dorset", replication=3), FIRST)
    name = name_of("missing_child", 3, FIRST)
    assert lines[0] == "Dorset; replication 3"
    assert lines[2].startswith(f"Incident {name}: missing-child report, grade 2, bcp")
    assert name_of("missing_child", 3, CHILD) in lines[3]
    assert lines[4] == f"Full key {FIRST}"


def test_units_taken_away_send_the_job_back() -> None:
    """A diversion is told where it happened."""
    lines = trace.told(world(), FIRST)
    assert (
        "Tue 04:40  the units were taken for more urgent work; the job goes back to the queue"
        in lines
    )


def test_the_worst_is_longest_unattended() -> None:
    """The first waited 100 minutes for officers; in the second the child was back after 60."""
    seconds = trace.unattended_seconds(world())
    assert list(seconds[:2]) == [100 * MINUTE, HOUR]
    assert trace.worst(world(), "missing_child", 2, 0, 100 * HOUR) == FIRST
    # In a window that holds only the second report, that is the worst.
    assert trace.worst(world(), "missing_child", 2, NIGHT + HOUR, 100 * HOUR) == SECOND


def test_a_childs_year_is_told_in_order() -> None:
    """One report before the run, at day -30, and two in it, each with what became of it."""
    before = (FIRST - 1, -30 * DAY, -30 * DAY + HOUR)
    both = [before, (FIRST, NIGHT, NEVER), (SECOND, NIGHT + 48 * HOUR, NEVER)]
    lines = listing.child_told(world(), CHILD, both, 0, 100 * HOUR)
    name = name_of("missing_child", 0, CHILD)
    assert lines[2] == (
        f"Simulated child {name}: 3 simulated episodes, 1 before the measured days, 2 in them"
    )
    # A sign a week: day -30 is in the fifth week before, days 1 and 3 are in the first.
    assert lines[6].rstrip(".").endswith("1....2")
    assert lines[9].endswith(": before the run, home after 60 min")
    assert lines[10] == (
        f"Tue 02:00 5 April 2022  {name}-1, grade 2, risk medium: attended, unattended 100 min"
    )
    assert "the child returned before anyone arrived, unattended 60 min" in lines[11]


def test_the_longest_waits_are_listed_with_what_made_them() -> None:
    """100 minutes, of which the gate took 60; 60 minutes, in which nothing was begun."""
    found = listing.waits(world(), "missing_child", 2, 0, 100 * HOUR)
    assert [(one.key, one.unattended_minutes, one.why) for one in found] == [
        (str(FIRST), 100.0, "held by the rule, 60 min"),
        (str(SECOND), 60.0, "nothing was begun"),
    ]
    text = "\n".join(listing.waits_told(world(), found))
    assert found[0].name in text
    assert listing.waits(world(), None, 1, -100 * HOUR, 100 * HOUR)[0].key == str(OTHER)


def test_children_are_listed_by_number_of_reports() -> None:
    """One child, reported twice; its name is what the command takes."""
    (child,) = listing.children(world(), None, 0, 100 * HOUR)
    assert (child.episodes, child.key) == (2, str(CHILD))
    assert world().child(child.name) == CHILD


def test_names_and_full_keys_both_pick_an_incident() -> None:
    """In small letters too."""
    there = world()
    name = there.name(there.row(SECOND))
    assert [there.incident(text) for text in (name, name.lower(), str(SECOND))] == [SECOND] * 3


def test_a_mistyped_name_gets_the_nearest() -> None:
    """One character too few."""
    there = world()
    name = there.name(there.row(FIRST))
    with pytest.raises(InputError) as told:
        there.incident(f"{name[:-3]}{name[-2:]}")
    assert name in str(told.value)


def test_a_well_spelled_name_that_is_not_there_says_why() -> None:
    """Another seed drew it, or it was reported on other days."""
    with pytest.raises(InputError, match="another --seed"):
        world().incident(name_of("missing_child", 0, CHILD + 100))


def test_a_name_of_another_replication_says_which() -> None:
    """It names an incident that may exist there."""
    with pytest.raises(InputError, match="--replication 4"):
        world().incident(name_of("missing_child", 4, FIRST))


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_the_strip_fits_and_shows_stages_clock_and_shifts(width: int, ascii_only: bool) -> None:
    """Stages above, who was on duty below; hours where nobody was stay blank."""
    lines = strip_lines(timeline(long_wait(), FIRST), width, ascii_only)
    assert max(map(len, lines)) <= width
    assert not ascii_only or all(line.isascii() for line in lines)
    assert lines[0].startswith("Clock")
    assert "04:00" in lines[0]
    (duty,) = [line for line in lines if line.startswith("On duty: response bcp")]
    (wait,) = [line for line in lines if line.startswith("In the queue")]
    # Off at 07:00, five of the eight hours through.
    cells = len(wait) - len("On duty: response bcp  ")
    assert abs(len(duty) - len("On duty: response bcp  ") - cells * 5 / 8) <= 1


def test_every_trace_says_what_it_is_not() -> None:
    """Timelines and lists of episodes both end with the statements."""
    for lines in (
        trace.told(world(), FIRST),
        listing.child_told(world(), CHILD, [(FIRST, NIGHT, NEVER)], 0, 100 * HOUR),
    ):
        assert lines[-2:] == [
            "Illustrative, not evidence about any force.",
            "Simulated children; not a prediction about any child; not for deciding a live call.",
        ]


@pytest.mark.parametrize(
    "ask",
    [
        lambda: trace.told(world(), 999),
        lambda: world().child("6"),
        lambda: world().child(str(NONE)),
        lambda: trace.worst(world(), "missing_child", 1, 0, 100 * HOUR),
    ],
)
def test_what_is_not_there_is_an_input_error(ask: object) -> None:
    """An unknown incident, a child without episode and an empty headline are told as such."""
    assert callable(ask)
    with pytest.raises(InputError):
        ask()
