"""One incident's timeline, told from hand-made tables."""

from __future__ import annotations

from datetime import date

import pytest

from sim.errors import InputError
from sim.report import trace
from sim.report.trace import World
from sim.tables import (
    ACTIVITIES,
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
)

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
    """A row of the activities table, of incident 7 unless said otherwise."""
    base = {"incident": 7, "pool": NONE, "unit": NONE, "why": int(Why.DONE)}
    return base | {"kind": int(kind), "start": start, "end": end} | more


def world() -> World:
    """A child reported on Tuesday at 02:00, held for ratification, then waiting for a unit.

    Area bcp has three units: 101 is at a grade-1 job, 102 writes, 103 is idle; a fourth went
    off duty at 02:00. The child's second report, on Thursday, ends with its return.
    """
    child = {"stream": 0, "child": 5, "desk_pool": NONE, "grade": 2, "deploys": 1, "origin": 1}
    child |= {"risk": int(Risk.MEDIUM), "in_care": 1}
    incidents = made(
        INCIDENTS,
        child | {"key": 7, "reported_at": NIGHT, "last_seen_at": NIGHT - 3 * HOUR},
        child | {"key": 8, "reported_at": NIGHT + 48 * HOUR, "return_at": NIGHT + 49 * HOUR},
        {"key": 9, "stream": 1, "grade": 1, "child": NONE, "desk_pool": NONE, "deploys": 1},
    )
    held, asked, there = NIGHT + 10 * MINUTE, NIGHT + 70 * MINUTE, NIGHT + 100 * MINUTE
    outcomes = made(
        OUTCOMES,
        {
            "key": 7,
            "graded_at": held,
            "ready_at": asked,
            "arrived_at": there,
            "end": int(End.ATTENDED),
            "attended_by": 1,
        },
        {"key": 8, "end": int(End.RETURNED_FIRST), "attended_by": NONE},
        {"key": 9, "end": int(End.OPEN), "attended_by": NONE},
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
        activity(Activity.SCENE, NIGHT, NIGHT + 3 * HOUR, incident=9, pool=1, unit=101),
        activity(Activity.WRITING, asked - MINUTE, there, incident=9, pool=1, unit=102),
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


def test_every_step_has_its_clock_time() -> None:
    """Steps are in order, each with weekday and time of day."""
    lines = trace.told(world(), 7)
    assert "Mon 23:00  last seen" in lines
    assert "Tue 02:00  reported by 101, in care" in lines
    assert "Tue 02:10  graded 2" in lines
    assert "Tue 03:40  OFFICERS ARRIVE (response bcp)" in lines
    times = [step.at for step in trace.timeline(world(), 7)]
    assert times == sorted(times)


def test_each_wait_says_what_was_waited_for() -> None:
    """The call taker, the gate and the ratifier are named, each with its length."""
    lines = trace.told(world(), 7)
    assert "Tue 02:00  waits 4 min for a call taker" in lines
    assert (
        "Tue 02:10  held for 60 min: deployment waits for ratification of the risk assessment"
        in lines
    )
    assert "Tue 02:10  waits 50 min for somebody to ratify" in lines
    assert "Tue 03:00  ratification (supervisors), 10 min" in lines


def test_a_wait_for_a_unit_says_who_was_on_duty_and_at_what() -> None:
    """Units on duty are counted from the rota, their grades from the activities."""
    (line,) = [line for line in trace.told(world(), 7) if "for a unit" in line]
    assert line.startswith("Tue 03:10  waits 21 min for a unit: 3 units were on duty in the area")
    assert "1 on grade 1, 1 writing, 1 idle but not for this job" in line


def test_nobody_on_duty_is_said() -> None:
    """An area without a unit at that time is no mystery."""
    assert trace.on_duty(world(), 1, NIGHT) == "no unit was on duty in the area"


def test_a_shift_that_has_ended_is_not_on_duty() -> None:
    """Off at 02:00 means: not there at 02:00, there a second before."""
    assert trace.on_duty(world(), 0, NIGHT).startswith("3 units")
    assert trace.on_duty(world(), 0, NIGHT - 1).startswith("4 units")


def test_units_taken_away_send_the_job_back() -> None:
    """A diversion is told where it happened."""
    lines = trace.told(world(), 7)
    assert (
        "Tue 04:40  the units were taken for more urgent work; the job goes back to the queue"
        in lines
    )


def test_the_worst_is_longest_unattended() -> None:
    """Incident 7 waited 100 minutes for officers; in 8 the child was back after 60."""
    seconds = trace.unattended_seconds(world())
    assert list(seconds[:2]) == [100 * MINUTE, HOUR]
    assert trace.worst(world(), "missing_child", 2, 0, 100 * HOUR) == 7
    # In a window that holds only the second report, that is the worst.
    assert trace.worst(world(), "missing_child", 2, NIGHT + HOUR, 100 * HOUR) == 8


def test_a_childs_episodes_are_listed_in_order() -> None:
    """Both reports of the child, with what became of each."""
    lines = trace.episodes(world(), 5, 0, 100 * HOUR)
    assert lines[0] == "Child 5: 2 simulated episodes"
    assert lines[2] == (
        "Tue 02:00 5 April 2022  incident 7, grade 2, risk medium: attended, unattended 100 min"
    )
    assert "the child returned before anyone arrived, unattended 60 min" in lines[3]


def test_every_trace_says_what_it_is_not() -> None:
    """Timelines and lists of episodes both end with the statements."""
    for lines in (trace.told(world(), 7), trace.episodes(world(), 5, 0, 100 * HOUR)):
        assert lines[-2:] == [
            "Illustrative, not evidence about any force.",
            "Simulated children; not a prediction about any child; not for deciding a live call.",
        ]


@pytest.mark.parametrize(
    "ask",
    [
        lambda: trace.told(world(), 999),
        lambda: trace.episodes(world(), 6, 0, 100 * HOUR),
        lambda: trace.episodes(world(), NONE, 0, 100 * HOUR),
        lambda: trace.worst(world(), "missing_child", 1, 0, 100 * HOUR),
    ],
)
def test_what_is_not_there_is_an_input_error(ask: object) -> None:
    """An unknown incident, a child without episode and an empty headline are told as such."""
    assert callable(ask)
    with pytest.raises(InputError):
        ask()
