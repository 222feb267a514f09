"""A made-up city's log in the columns, words and times of cities that publish theirs.

The headers and the forms of values are those of public documents and of public code that reads
them; no row is. Nothing in it ever happened.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache
from typing import Final

import numpy as np
import polars as pl

from sim.force_log.writing import simulated_log
from tests.force_log.second_city import city

Shape = Callable[[pl.DataFrame], pl.DataFrame]

DAYS: Final = 21
AM_PM: Final = "%m/%d/%Y %I:%M:%S %p"
GONE: Final = "RUN" "AWAY"  # fmt: skip
"""A word of the records themselves, for a child who is missing."""

_STAMP: Final = "%d/%m/%Y %H:%M:%S"
_TIMES: Final = {
    "Call_Received": "received", "Grading_Time": "queued", "Resource_Allocated": "assigned",
    "Resource_Mobile": "travelling", "Resource_At_Scene": "arrived", "Resource_Cleared": "cleared",
}  # fmt: skip
_WORK: Final = (
    "DISTURBANCE", "NOISE COMPLAINT", "SUSPICIOUS PERSON", "ALARM BURGLARY", "HIT AND RUN",
    "THEFT", "TRESPASS", "SHOTS FIRED", "ASSAULT", "FRAUD", "JUVENILE PROBLEM", "CHILD CUSTODY",
    "LOST PROPERTY", "RECOVERED VEHICLE", "911 HANG UP",
)  # fmt: skip
_OWN: Final = ("TRAFFIC STOP", "DIRECTED PATROL", "PREMISE CHECK", "FOLLOW UP")
_BEATS: Final = 60


@cache
def jobs() -> pl.DataFrame:
    """What happened: moments, ``grade``, ``stream``, ``own`` work of officers, ``beat``, ``unit``.

    A third more than the public's is officers' own, assigned within a second; one in twenty calls
    is cancelled, with nobody sent.
    """
    log = simulated_log(city(scale=0.1, volume=300_000.0), days=DAYS)
    draw = np.random.Generator(np.random.Philox(11))
    public = log.select(
        *(pl.col(column).replace("", None).str.to_datetime(_STAMP).alias(name)
          for column, name in _TIMES.items()),
        pl.col("Response_Grade").str.slice(-1).cast(pl.Int64).alias("grade"),
        pl.when(pl.col("Opening_Code") == "Missing - under 18")
        .then(pl.lit("missing_child")).otherwise(pl.lit("other")).alias("stream"),
        pl.lit(value=False).alias("own"),
    )  # fmt: skip
    nobody = pl.Series(draw.random(public.height) < 0.05)
    public = public.with_columns(
        pl.when(nobody).then(None).otherwise(name).alias(name)
        for name in ("assigned", "travelling", "arrived", "cleared")
    )
    own = public.head(public.height // 3).sort("received")
    first = public["received"].min()
    seconds = np.sort(draw.integers(0, DAYS * 86_400, own.height))
    began = pl.lit(first).cast(pl.Datetime("us")) + pl.Series(seconds) * timedelta(seconds=1)
    own = own.with_columns(
        began.alias("received"), began.alias("queued"),
        *((began + timedelta(seconds=1)).alias(name) for name in ("assigned", "arrived")),
        pl.lit(None, pl.Datetime("us")).alias("travelling"),
        (began + timedelta(minutes=11)).alias("cleared"),
        pl.Series(draw.integers(2, 5, own.height)).alias("grade"),
        pl.lit("other").alias("stream"), pl.lit(value=True).alias("own"),
    )  # fmt: skip
    both = pl.concat([public, own]).sort("received")
    adult = (pl.col("stream") == "other") & ~pl.col("own") & (pl.int_range(pl.len()) % 97 == 3)
    return both.with_columns(
        number=pl.int_range(pl.len()) + 240_100_001,
        stream=pl.when(adult).then(pl.lit("missing_adult")).otherwise("stream"),
        work=pl.Series(draw.integers(0, len(_WORK), both.height)),
        beat=pl.Series(draw.integers(0, _BEATS, both.height)),
        unit=pl.when(pl.col("assigned").is_not_null()).then(
            pl.format("{}A{}", pl.int_range(pl.len()) % 5 + 1, pl.int_range(pl.len()) % 29)
        ),
    )


def _kind(child: str, adult: str, *, title: bool = False) -> pl.Expr:
    """A label for each kind of work."""
    others = dict(enumerate(one.title() if title else one for one in _WORK))
    own = dict(enumerate(one.title() if title else one for one in _OWN))
    return (
        pl.when(pl.col("stream") == "missing_child").then(pl.lit(child))
        .when(pl.col("stream") == "missing_adult").then(pl.lit(adult))
        .when("own").then((pl.col("work") % len(_OWN)).replace_strict(own))
        .otherwise(pl.col("work").replace_strict(others))
    )  # fmt: skip


def _grade(*labels: str) -> pl.Expr:
    """The labels of the grades, the most urgent first."""
    return pl.col("grade").replace_strict(dict(enumerate(labels, 1)), return_dtype=pl.String)


def _own(yes: str, *no: str) -> pl.Expr:
    """A label that tells officers' own work, and others for the ways in which people call."""
    ways = (pl.col("work") % len(no)).replace_strict(dict(enumerate(no)), return_dtype=pl.String)
    return pl.when("own").then(pl.lit(yes)).otherwise(ways)


def _area(*labels: str) -> pl.Expr:
    """One of a few labels for each beat."""
    return (pl.col("beat") % len(labels)).replace_strict(dict(enumerate(labels)))


def _at(time: str, form: str) -> pl.Expr:
    return pl.col(time).dt.strftime(form)


def _lasting(start: str, end: str, *, minutes: bool = False) -> pl.Expr:
    """A length in whole seconds, or in minutes to a tenth."""
    seconds = (pl.col(end) - pl.col(start)).dt.total_seconds()
    return (seconds / 60).round(1) if minutes else seconds


def san_francisco(log: pl.DataFrame, form: str = "%Y/%m/%d %I:%M:%S %p") -> pl.DataFrame:
    """Letters for priorities, a flag for what officers came upon, kinds at first and in the end."""
    return log.select(
        pl.col("number").alias("cad_number"),
        *(_at(time, form).alias(f"{name}_datetime") for time, name in (
            ("received", "received"), ("queued", "entry"), ("assigned", "dispatch"),
            ("travelling", "enroute"), ("arrived", "onscene"), ("cleared", "close"),
        )),
        (pl.col("work") + 200).alias("call_type_original"),
        _kind("MISSING JUVENILE", "MISSING ADULT").alias("call_type_original_desc"),
        _kind("MISSING JUVENILE", "MISSING ADULT").alias("call_type_final_desc"),
        _grade("A", "B", "C", "I").alias("priority_original"),
        _grade("A", "C", "C", "I").alias("priority_final"),
        pl.lit("HAN").alias("disposition"),
        pl.when(~pl.col("own") & (pl.col("number") % 53 == 0)).then(pl.lit("HSOC"))
        .otherwise(_own("Y", "N")).alias("onview_flag"),
        pl.format("Hood {}", pl.col("beat") % 40).alias("analysis_neighborhood"),
        _area("MISSION", "PARK", "CENTRAL", "TARAVAL").alias("police_district"),
        pl.lit("2024/09/01 05:00:00 AM").alias("data_as_of"),
    )  # fmt: skip


def seattle(log: pl.DataFrame) -> pl.DataFrame:
    """A queue and an arrival, in two forms; never is the first of January 1900."""
    return log.select(
        pl.col("number").alias("CAD Event Number"),
        pl.lit("REPORT WRITTEN (NO ARREST)").alias("Event Clearance Description"),
        _own("ONVIEW", "911", "TELEPHONE OTHER, NOT 911").alias("Call Type"),
        _grade("1", "2", "3", "4").alias("Priority"),
        _kind("MISSING - CHILD", "MISSING - ADULT").alias("Initial Call Type"),
        _kind("--MISSING - CHILD", "--MISSING - ADULT").alias("Final Call Type"),
        _at("queued", AM_PM).alias("Original Time Queued"),
        _at("arrived", "%b %d %Y %I:%M:%S:000%p").fill_null("Jan  1 1900 12:00:00:000AM")
        .alias("Arrived Time"),
        _area("NORTH", "SOUTH", "EAST", "WEST").alias("Precinct"),
        pl.format("SECTOR{}", pl.col("beat") % 17).alias("Sector"),
        pl.format("B{}", "beat").alias("Beat"),
    )  # fmt: skip


def seattle_by_call_sign(log: pl.DataFrame) -> pl.DataFrame:
    """A row for each call sign, and months by name after the year."""
    form = "%Y %b %d %I:%M:%S %p"
    rows = log.select(
        pl.col("number").alias("CAD Event Number"),
        _own("ONVIEW", "911", "TELEPHONE OTHER, NOT 911").alias("Call Type"),
        _grade("1", "2", "3", "4").alias("Priority"),
        _kind("MISSING - CHILD", "MISSING - ADULT").alias("Initial Call Type"),
        _at("queued", form).alias("CAD Event Original Time Queued"),
        _at("arrived", form).fill_null("1900 Jan 01 12:00:00 AM").alias("CAD Event Arrived Time"),
        _area("NORTH", "SOUTH", "EAST", "WEST").alias("Dispatch Precinct"),
        pl.format("B{}", "beat").alias("Dispatch Beat"),
        pl.col("unit").alias("Call Sign Dispatch ID"),
        _at("assigned", form).alias("Call Sign Dispatch Time"),
        _at("arrived", form).alias("First SPD Call Sign at Scene Time"),
        _at("cleared", form).alias("Call Sign In-Service Time"),
        _lasting("queued", "arrived").alias("Call Sign Response Time (s)"),
    )
    second = rows.filter(pl.col("Call Sign Dispatch Time").is_not_null()).gather_every(3)
    return pl.concat([rows, second.with_columns(pl.lit("9Z1").alias("Call Sign Dispatch ID"))])


def cincinnati(log: pl.DataFrame, form: str = AM_PM) -> pl.DataFrame:
    """Priorities of two figures, and a neighbourhood that is no unit."""
    return log.select(
        pl.format("{}XX MAIN ST", "beat").alias("ADDRESS_X"), pl.lit("CPD").alias("AGENCY"),
        _at("received", form).alias("CREATE_TIME_INCIDENT"),
        pl.format("CPD{}", "number").alias("EVENT_NUMBER"),
        _kind("MISSJ", "MISSP").alias("INCIDENT_TYPE_ID"),
        _kind("MISSING JUVENILE", "MISSING PERSON").alias("INCIDENT_TYPE_DESC"),
        _grade("2", "5", "14", "26").alias("PRIORITY"),
        _at("arrived", form).alias("ARRIVAL_TIME_PRIMARY_UNIT"),
        pl.format("P{}", pl.col("beat") % 5 + 1).alias("BEAT"),
        _at("cleared", form).alias("CLOSED_TIME_INCIDENT"),
        _at("assigned", form).alias("DISPATCH_TIME_PRIMARY_UNIT"),
        (pl.col("beat") % 5 + 1).cast(pl.String).alias("DISTRICT"),
        pl.format("HILL {}", pl.col("beat") % 50).alias("COMMUNITY_COUNCIL_NEIGHBORHOOD"),
        (pl.lit(39.1) + pl.col("beat") / 1_000).alias("LATITUDE_X"),
    )  # fmt: skip


def detroit(log: pl.DataFrame) -> pl.DataFrame:
    """One time, marked as UTC, and lengths in minutes to a tenth without a word for them."""
    return log.select(
        pl.format("2024{}", "number").alias("incident_id"), pl.lit("DPD").alias("agency"),
        _grade("1", "2", "3", "4").alias("priority"),
        _kind(f"JUVENILE {GONE} OR MISSING", "MISSING REPORT").alias("calldescription"),
        _at("received", "%Y/%m/%d %H:%M:%S+00").alias("call_timestamp"),
        pl.col("unit").alias("respondingunit"),
        _own("Yes", "No").alias("officerinitiated"),
        *(_lasting(start, end, minutes=True).alias(name) for start, end, name in (
            ("received", "queued", "intaketime"), ("queued", "assigned", "dispatchtime"),
            ("assigned", "arrived", "traveltime"), ("received", "arrived", "totalresponsetime"),
            ("arrived", "cleared", "time_on_scene"), ("received", "cleared", "totaltime"),
        )),
        pl.format("Hood {}", "beat").alias("neighborhood"),
        (pl.col("beat") % 7 + 1).alias("council_district"),
    )  # fmt: skip


def new_orleans(log: pl.DataFrame) -> pl.DataFrame:
    """The higher its figure the more urgent a priority, with a letter beside it."""
    return log.select(
        pl.format("A{}24", "number").alias("NOPD_Item"),
        _kind("21J", "21M").alias("Type"),
        _kind("MISSING JUVENILE", "MISSING ADULT").alias("TypeText"),
        _grade("3A", "2C", "1A", "0A").alias("Priority"),
        _kind("MISSING JUVENILE", "MISSING ADULT").alias("InitialTypeText"),
        *(_at(time, AM_PM).alias(name) for time, name in (
            ("received", "TimeCreate"), ("assigned", "TimeDispatch"), ("arrived", "TimeArrive"),
            ("cleared", "TimeClosed"),
        )),
        _own("Y", "N").alias("SelfInitiated"),
        pl.format("{}A{}", pl.col("beat") % 8 + 1, pl.col("beat") % 20).alias("Beat"),
        (pl.col("beat") % 8 + 1).cast(pl.String).alias("PoliceDistrict"),
    )  # fmt: skip


def boise(log: pl.DataFrame) -> pl.DataFrame:
    """Three is the most urgent; what officers began stands under its source."""
    form = "%Y-%m-%d %H:%M:%S"
    return log.select(
        pl.format("BP24{}", "number").alias("IncidentNumber"),
        _at("received", form).alias("ResponseDateTime"),
        pl.lit("Boise Police Department").alias("JurisdictionAgency"),
        _grade("3", "2", "1", "1").alias("FinalPriority"),
        _own("Officer", "Public").alias("CallSource"),
        _kind("Missing Juvenile", "Missing Person", title=True).alias("IncidentType"),
        _at("assigned", form).alias("DispatchTime"),
        _at("arrived", form).alias("FirstArrivalTime"),
        _at("cleared", form).alias("ClearTime"),
    )


def montgomery(log: pl.DataFrame) -> pl.DataFrame:
    """Two times, and lengths in seconds from the call, called by two steps each."""
    form = "%Y-%m-%dT%H:%M:%S.000"
    steps = {"callroute": "queued", "dispatch": "assigned", "arrive": "arrived",
             "cleared": "cleared"}  # fmt: skip
    return log.select(
        pl.format("P24{}", "number").alias("incident_id"),
        _at("received", form).alias("start_time"), _at("cleared", form).alias("end_time"),
        _grade("0", "1", "2", "3").alias("priority"),
        _kind("MISSING PERSON - JUV", "MISSING PERSON - ADULT").alias("initial_type"),
        _kind("MISSING PERSON - JUV", "FOUND").alias("close_type"),
        pl.format("TOWN{}", pl.col("beat") % 25).alias("city"),
        pl.format("{}D", pl.col("beat") % 6 + 1).alias("police_district_number"),
        *(_lasting("received", time).alias(f"calltime_{name}") for name, time in steps.items()),
        _lasting("queued", "assigned").alias("callroute_dispatch"),
        _lasting("assigned", "arrived").alias("dispatch_arrive"),
        _lasting("arrived", "cleared").alias("arrive_cleared"),
    )  # fmt: skip


def chandler(log: pl.DataFrame) -> pl.DataFrame:
    """A date and a time of receipt, moments for the rest, and ways in which calls were received."""
    form = "%m/%d/%Y %H:%M:%S"
    return log.select(
        pl.format("P24{}", "number").alias("call_number"),
        _at("received", "%m/%d/%Y").alias("call_received_date"),
        _at("received", "%H:%M:%S").alias("call_received_time"),
        _at("received", "%A").alias("call_received_day"),
        pl.format("D{}", pl.col("beat") % 3).alias("call_district"),
        pl.format("B{}", pl.col("beat") % 40).alias("call_beat"),
        _grade("1", "2", "3", "4").alias("call_priority"),
        _own("ON-VIEW", "E-911", "TELEPHONE").alias("call_how_received"),
        _kind(f"{GONE} JUVENILE", "MISSING PERSON").alias("call_reported_as"),
        _kind(f"{GONE} JUVENILE", "CIVIL MATTER").alias("call_closed_as"),
        *(_at(time, form).alias(f"call_{name}_date_time") for time, name in (
            ("assigned", "dispatched"), ("travelling", "enroute"), ("arrived", "on_scene"),
            ("cleared", "completed"),
        )),
        _lasting("queued", "assigned").alias("call_queue_time"),
        _lasting("received", "arrived").alias("call_response_time"),
    )  # fmt: skip


def austin(log: pl.DataFrame) -> pl.DataFrame:
    """A time of arrival and none of allocation; what officers began is a type of incident."""
    form = "%Y-%m-%dT%H:%M:%S.000"
    return log.select(
        pl.col("number").alias("Incident Number"),
        _own("Officer-Initiated", "Dispatched Incident").alias("Incident Type"),
        _grade("Priority 0", "Priority 1", "Priority 2", "Priority 3").alias("Priority Level"),
        _at("received", form).alias("Response Datetime"),
        _at("arrived", form).alias("First Unit Arrived Datetime"),
        _at("cleared", form).alias("Call Closed Datetime"),
        _area("Adam", "Baker", "Charlie", "David").alias("Sector"),
        _kind("Missing Child", "Missing Person", title=True).alias("Initial Problem Description"),
        pl.lit("General").alias("Initial Problem Category"),
        pl.lit(1).alias("Number of Units Arrived"),
        _lasting("arrived", "cleared").alias("Unit Time on Scene"),
    )


def dallas(log: pl.DataFrame) -> pl.DataFrame:
    """Numbers before the words of priorities and kinds; divisions, beats and reporting areas."""
    return log.select(
        pl.format("24-{}", "number").alias("Incident_Number"),
        _area("NorthEast", "Central", "SouthWest").alias("Division"),
        _kind("24 - Abandoned/Missing Child", "46 - Missing Person").alias("Nature_of_Call"),
        _grade("1 - Emergency", "2 - Urgent", "3 - General Service", "4 - Non Critical")
        .alias("Priority"),
        _at("received", "%m/%d/%Y").alias("Date"), _at("received", "%I:%M:%S %p").alias("Time"),
        pl.col("unit").alias("Unit_Number"), (pl.col("beat") + 110).alias("Beat"),
        (pl.col("beat") + 1_000).alias("Reporting_Area"),
        _at("assigned", AM_PM).alias("Dispatch_Time"), _at("arrived", AM_PM).alias("Arrive_Time"),
        _at("cleared", AM_PM).alias("Clear_Time"),
    )  # fmt: skip


def hartford(log: pl.DataFrame) -> pl.DataFrame:
    """Who began a call, a date and a time without a mark, and neither allocation nor arrival."""
    return log.select(
        pl.col("number").alias("APNO"), _at("received", "%m/%d/%Y").alias("Date"),
        _at("received", "%H%M").alias("Time_24HR"),
        _kind("MISSING CHILD", "MISSING PERSON").alias("Description_1"),
        pl.format("Hood {}", pl.col("beat") % 17).alias("Neighborhood"),
        _grade("A", "B", "C", "D").alias("Priority"),
        _own("OFFICER", "CITIZEN").alias("Call_Initiated_By"),
    )  # fmt: skip


def nashville(log: pl.DataFrame) -> pl.DataFrame:
    """One time, and no priority."""
    return log.select(
        pl.col("number").alias("Event Number"), _at("received", AM_PM).alias("Call Received"),
        (pl.col("work") + 40).alias("Tencode"),
        _kind("Missing Juvenile", "Missing Person", title=True).alias("Tencode Description"),
        pl.col("unit").alias("Unit Dispatched"),
        pl.format("S{}", pl.col("beat") % 8).alias("Sector"),
    )  # fmt: skip


def rungs_in_order(mapping: str, labels: Sequence[str]) -> str:
    """A mapping whose force has said which grade each of its labels is."""
    for grade, label in enumerate(labels, 1):
        lines = [line for line in mapping.splitlines() if line.startswith(f'# "{label}" = ?')]
        assert len(lines) == 1, label
        mapping = mapping.replace(lines[0], f'"{label}" = {grade}')
    return mapping
