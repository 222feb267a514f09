"""The event log: one incident at one place at a time, and a log that vidigi takes."""

from __future__ import annotations

import io
import warnings
from datetime import date

import pandas as pd
import polars as pl
import pytest
from vidigi.logging import BaseEvent, EventLogger

from sim.fates.naming import name_of
from sim.report.story.events import COLUMNS, Names, event_log
from sim.study import Settings, one_world
from sim.tables import (
    ACTIVITIES,
    DAY,
    HOUR,
    INCIDENTS,
    MINUTE,
    NEVER,
    NONE,
    OUTCOMES,
    Activity,
    Schema,
    Table,
    Why,
    from_rows,
)
from tests.loaded import as_loaded
from tests.worlds import small_scenario

NAMES = Names(
    streams=("missing_child",),
    areas=("north", "south"),
    pools=("call_takers", "supervisors", "response"),
    first_day=date(2022, 4, 25),
)
CALL_TAKERS, SUPERVISORS, RESPONSE = range(3)


def made(schema: Schema, *rows: dict[str, int]) -> pl.DataFrame:
    """A kept table from what matters; the rest is null where that may stand, else 0."""
    table = from_rows(
        schema,
        [
            tuple(row.get(one.name, NEVER if one.optional else 0) for one in schema.columns)
            for row in rows
        ],
    )
    return kept(table)


def kept(table: Table) -> pl.DataFrame:
    """A table as it is kept: null for what did not happen."""
    frame = pl.DataFrame(dict(table.columns))
    optional = [one.name for one in table.schema.columns if one.optional]
    return frame.with_columns(
        pl.when(pl.col(name) != NEVER).then(pl.col(name)).alias(name) for name in optional
    )


def incident(key: int, reported_at: int, **more: int) -> dict[str, int]:
    """A grade-2 report of a missing child in the south."""
    return {
        "key": key, "reported_at": reported_at, "grade": 2, "area": 1, "deploys": 1,
        "desk_pool": NONE,
    } | more  # fmt: skip


def activity(kind: Activity, start: int, end: int, **more: int) -> dict[str, int]:
    """A row of incident 7 in minutes; a wait unless a unit is named."""
    base = {"incident": 7, "pool": NONE, "unit": NONE, "why": int(Why.DONE), "kind": int(kind)}
    return base | {"start": start * MINUTE, "end": end * MINUTE} | more


def by_call_taker(start: int, end: int) -> dict[str, int]:
    """A call."""
    return activity(Activity.CALL, start, end, pool=CALL_TAKERS, unit=900)


def by_unit(kind: Activity, start: int, end: int, unit: int, **more: int) -> dict[str, int]:
    """What a response unit does."""
    return activity(kind, start, end, pool=RESPONSE, unit=unit, **more)


def told(
    *rows: dict[str, int], finished: int | None = None, until: int = DAY
) -> list[tuple[float, str, int | None]]:
    """Minute, event and resource of incident 7, reported at minute 0."""
    outcome = {"key": 7} | ({} if finished is None else {"finished_at": finished * MINUTE})
    log = event_log(
        "a",
        made(INCIDENTS, incident(7, 0)),
        made(OUTCOMES, outcome),
        made(ACTIVITIES, *rows),
        NAMES,
        until=until,
    )
    return log.select("time", "event", "resource_id").rows()


def test_an_incident_is_told_from_report_to_end() -> None:
    """Each step has its place, and each use of a person its beginning and its end."""
    assert told(
        activity(Activity.WAIT_CALL_TAKER, 0, 2),
        by_call_taker(2, 10),
        activity(Activity.WAIT_UNIT, 10, 30),
        by_unit(Activity.TRAVEL, 30, 40, 501),
        by_unit(Activity.SCENE, 40, 100, 501),
        finished=100,
    ) == [
        (0.0, "arrival", None),
        (0.0, "wait_call_taker", None),
        (2.0, "call_call_takers", 1),
        (10.0, "call_call_takers_ends", 1),
        (10.0, "wait_unit_south", None),
        (30.0, "travel_response", 1),
        (40.0, "travel_response_ends", 1),
        (40.0, "scene_response", 1),
        (100.0, "scene_response_ends", 1),
        (100.0, "depart", None),
    ]


def test_of_steps_at_once_the_one_nearest_to_arrival_counts() -> None:
    """Held from minute 5, ratified from 12 to 20, waiting for a unit from 20, on the call to 25."""
    rows = told(
        by_call_taker(0, 25),
        activity(Activity.HELD, 5, 20),
        activity(Activity.RATIFICATION, 12, 20, pool=SUPERVISORS, unit=800),
        activity(Activity.WAIT_UNIT, 20, 30),
    )
    assert [(minute, event) for minute, event, _ in rows] == [
        (0.0, "arrival"),
        (0.0, "call_call_takers"),
        (12.0, "call_call_takers_ends"),
        (12.0, "ratification_supervisors"),
        (20.0, "ratification_supervisors_ends"),
        (20.0, "wait_unit_south"),
    ]


def test_what_nobody_does_is_spent_in_the_control_room() -> None:
    """Between a call and a gate that takes nobody's time an incident is still somewhere."""
    rows = told(by_call_taker(0, 5), by_unit(Activity.TRAVEL, 9, 12, 501))
    assert (5.0, "control_room", None) in rows


def test_units_that_arrive_apart_are_told_apart() -> None:
    """The second one's travel goes on beside the first one's work."""
    rows = told(
        by_unit(Activity.TRAVEL, 0, 5, 501),
        by_unit(Activity.TRAVEL, 0, 9, 502),
        by_unit(Activity.SCENE, 5, 60, 501),
        by_unit(Activity.SCENE, 9, 60, 502),
        finished=60,
    )
    # At every moment the latest event is a place, never the end of one.
    assert [event for minute, event, _ in rows if 5 <= minute < 60] == [
        "travel_response_ends", "scene_response", "travel_response_ends", "scene_response",
    ]  # fmt: skip
    assert {number for _, event, number in rows if event == "scene_response"} == {1, 2}


def test_a_diverted_job_waits_again() -> None:
    """Its unit's use ends, and it is back in its queue, in one second."""
    rows = told(
        by_unit(Activity.TRAVEL, 0, 5, 501, why=int(Why.DIVERTED)),
        activity(Activity.WAIT_UNIT, 5, 20),
    )
    assert [(m, event) for m, event, _ in rows][2:] == [
        (5.0, "travel_response_ends"),
        (5.0, "wait_unit_south"),
    ]


def test_what_the_end_cuts_short_is_left_open() -> None:
    """Neither the unit's use nor the incident ends."""
    rows = told(by_unit(Activity.SCENE, 0, 90, 501, why=int(Why.STILL_GOING)))
    assert rows == [(0.0, "arrival", None), (0.0, "scene_response", 1)]


def finished_in_an_hour(*activities: dict[str, int]) -> pl.DataFrame:
    """The log of one incident whose first attendance takes the first hour."""
    return event_log(
        "a",
        made(INCIDENTS, incident(7, 0)),
        made(OUTCOMES, {"key": 7, "finished_at": 60 * MINUTE}),
        made(ACTIVITIES, *activities),
        NAMES,
        until=DAY,
    )


def test_writing_and_breaks_are_entities_of_their_own() -> None:
    """The incident has left by then, but the unit is not free."""
    log = finished_in_an_hour(
        by_unit(Activity.SCENE, 0, 60, 501),
        by_unit(Activity.WRITING, 60, 80, 501),
        by_unit(Activity.BREAK, 90, 120, 501, incident=NONE),
    )
    spells = log.filter(pl.col("pathway") != "missing_child")
    assert spells.select("entity_id", "pathway", "event", "time", "incident").rows()[1::4] == [
        (2, "writing", "writing_response", 60.0, name_of("missing_child", 0, 7)),
        (3, "break", "break_response", 90.0, None),
    ]


def test_a_line_of_enquiry_is_no_step_before_arrival() -> None:
    """The way to it and the work are the unit's own; the incident has left with its first job."""
    log = finished_in_an_hour(
        by_unit(Activity.SCENE, 0, 60, 501),
        by_unit(Activity.TRAVEL, 60, 80, 501),
        by_unit(Activity.ENQUIRY, 80, 120, 501),
    )
    of_incident = log.filter(pl.col("pathway") == "missing_child")
    assert of_incident["event"].to_list() == [
        "arrival", "scene_response", "scene_response_ends", "depart",
    ]  # fmt: skip
    spells = log.filter(pl.col("pathway") != "missing_child")
    assert spells.select("pathway", "event", "time").rows()[1::4] == [
        ("travel", "travel_response", 60.0),
        ("enquiry", "enquiry_response", 80.0),
    ]


def test_only_what_was_there_in_the_days_asked_for_is_told() -> None:
    """Finished before second 0: left out; begun before and still there: told; later: left out."""
    log = event_log(
        "a",
        made(INCIDENTS, *(incident(key, at) for key, at in ((1, -90), (2, -80), (3, DAY)))),
        made(OUTCOMES, {"key": 1, "finished_at": -5}, {"key": 2, "finished_at": 30}, {"key": 3}),
        made(ACTIVITIES),
        NAMES,
        until=DAY,
    )
    assert log["incident"].unique().to_list() == [name_of("missing_child", 0, 2)]
    assert log["time"].to_list()[0] == pytest.approx(-80 / 60, abs=1e-4)
    assert log["timestamp"].to_list()[0] == "2022-04-24 23:58:40"


def test_calls_without_deployment_and_other_work_are_left_out() -> None:
    """They would hide what is to be seen."""
    log = event_log(
        "a",
        made(INCIDENTS, incident(1, 0, deploys=0), incident(2, 0, desk_pool=1)),
        made(OUTCOMES, {"key": 1}, {"key": 2}),
        made(ACTIVITIES),
        NAMES,
        until=DAY,
    )
    assert log.is_empty()


def test_a_number_of_a_pool_is_free_again_after_its_holder() -> None:
    """Two units at once have two numbers; one that comes later takes the lowest free."""
    rows = told(
        by_unit(Activity.SCENE, 0, 10, 501),
        by_unit(Activity.SCENE, 5, 30, 502),
        by_unit(Activity.SCENE, 10, 20, 503),
    )
    numbers = {m: number for m, event, number in rows if event == "scene_response"}
    assert numbers == {0.0: 1, 5.0: 2, 10.0: 1}


@pytest.fixture(scope="module")
def simulated() -> pl.DataFrame:
    """Two days of a small world."""
    scenario = small_scenario(2)
    world = one_world(as_loaded(scenario), Settings(replications=1, days=2, warm_up_days=1), 0)
    names = Names(
        list(scenario.streams), list(scenario.areas), list(scenario.pools), date(2022, 4, 25)
    )
    return event_log(
        "small",
        kept(world.incidents),
        kept(world.outcomes),
        kept(world.activities),
        names,
        until=2 * DAY,
    )


def test_a_log_has_the_columns_that_are_documented(simulated: pl.DataFrame) -> None:
    """In their order, with nothing missing where vidigi needs it."""
    assert simulated.columns == [name for name, _, _ in COLUMNS]
    needed = ("entity_id", "event_type", "event", "time", "run_number", "pathway")
    assert not any(simulated[name].null_count() for name in needed)
    assert simulated["time"].is_sorted()


def test_nobody_is_in_two_places(simulated: pl.DataFrame) -> None:
    """A unit's or desk worker's uses follow one another; each end has its beginning."""
    held: dict[tuple[str, int], int] = {}
    uses = simulated.filter(pl.col("resource_id").is_not_null())
    for kind, pool, number, entity in uses.select(
        "event_type", "pool", "resource_id", "entity_id"
    ).iter_rows():
        if kind == "resource_use":
            assert (pool, number) not in held
            held[pool, number] = entity
        else:
            assert held.pop((pool, number)) == entity


def test_every_entity_has_a_place_until_it_departs(simulated: pl.DataFrame) -> None:
    """The latest event of each second is never the end of something, nor a bare arrival."""
    last = simulated.group_by("entity_id", "time", maintain_order=True).last()
    assert set(last["event_type"]) <= {"queue", "resource_use", "arrival_departure"}
    assert set(last.filter(pl.col("event_type") == "arrival_departure")["event"]) == {"depart"}


def test_vidigi_takes_every_row(simulated: pl.DataFrame) -> None:
    """Its own event model accepts them without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        logger = EventLogger(event_model=BaseEvent)
        for row in simulated.iter_rows(named=True):
            logger.log_event(**row)
    assert logger.summary()["total_events"] == simulated.height
    assert logger.summary()["unique_entities"] == simulated["entity_id"].n_unique()


def test_vidigi_animates_the_file(simulated: pl.DataFrame) -> None:
    """Read as CSV by its logger and reshaped: who is where at each hour is as in the log."""
    logger = EventLogger()
    logger.from_csv(pd.read_csv(io.BytesIO(simulated.write_csv().encode())))
    frames = logger.reshape_for_animations(every_x_time_units=60, limit_duration=24 * 60)
    noon = frames[(frames["snapshot_time"] == 12 * 60) & (frames["event"] != "depart")]
    # By hand: of those that have arrived and not departed by noon, the latest event.
    until_noon = simulated.filter(pl.col("time") <= HOUR * 12 / MINUTE)
    departed = until_noon.filter(pl.col("event") == "depart")["entity_id"]
    present = until_noon.filter(~pl.col("entity_id").is_in(departed.implode()))
    expected = present.group_by("entity_id", maintain_order=True).last()
    assert len(expected) > 0
    assert dict(zip(noon["entity_id"], noon["event"], strict=True)) == dict(
        expected.select("entity_id", "event").rows()
    )
