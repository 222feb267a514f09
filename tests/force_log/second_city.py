"""A made-up city of other habits than the first: shifts of twelve hours, other words and times.

Its export has one date for each call, times of day in twelve hours beside it, letters for the most
urgent, and no time of ratification. Nothing in it ever happened.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from sim.force_log.writing import simulated_log
from sim.scenario.models import Scenario
from tests.force_log.simulated import children_of, policy_of
from tests.worlds import REMOVED, lognormal, small_document, small_scenario

ABSTRACTION: Final = 0.15
CREWS: Final = {"day": 60, "night": 45}
WEEKEND_FACTOR: Final = 1.5
FIRST_HOUR: Final = 6
PRIORITIES: Final = {"Grade 1": "E", "Grade 2": "P1", "Grade 3": "P2", "Grade 4": "P3"}
ZONE: Final = "America/Chicago"

_STAMP: Final = "%d/%m/%Y %H:%M:%S"
_TIMES: Final = {
    "Call_Received": "Call Time",
    "Grading_Time": "Queue Time",
    "Resource_Allocated": "Dispatch Time",
    "Resource_Mobile": "Enroute Time",
    "Resource_At_Scene": "Onscene Time",
    "Resource_Cleared": "Clear Time",
}
_KINDS: Final = {"Missing - under 18": "MISSING JUVENILE", "Immediate": "ASSAULT IN PROG"}
_SOURCES: Final = {"999": "911", "101": "PHONE", "Online": "WEB"}


def city(*, scale: float = 1.0, weekend: bool = False, volume: float = 250_000.0) -> Scenario:
    """A city of one place, 60 crews by day and 45 by night, or a `scale` of all of it.

    With `weekend` half as many crews again begin on Friday and Saturday.
    """
    rows = [
        (name, start, end, round(CREWS[name] * scale))
        for name, start, end in (("day", "06:00", "18:00"), ("night", "18:00", "06:00"))
    ]
    shifts: list[dict[str, Any]] = [
        {"name": name, "start": start, "end": end, "people": people}
        for name, start, end, people in rows
    ]
    if weekend:
        shifts = [
            {**shift, "days": ["mon", "tue", "wed", "thu", "sun"]} for shift in shifts
        ] + [
            {**shift, "name": f"{shift['name']}_more", "days": ["fri", "sat"],
             "people": round(WEEKEND_FACTOR * shift["people"])}
            for shift in shifts
        ]  # fmt: skip
    pools: dict[str, Any] = dict.fromkeys(small_document()["pools"], REMOVED)
    pools["response"] = {
        "kind": "units", "role": "response", "area": "north", "abstraction": ABSTRACTION,
        "shifts": shifts,
    }  # fmt: skip
    volume *= scale
    streams: dict[str, Any] = dict.fromkeys(("supervisor_review", "plain_call"), REMOVED)
    streams["immediate"] = {
        "volume_per_year": 0.1 * volume, "custody": REMOVED, "custody_share": 0.0,
        "officers": {"1": 1.0, "2": 0.0}, "profile": "evening",
    }  # fmt: skip
    streams["welfare"] = {
        "volume_per_year": 0.9 * volume, "grades": {"2": 0.35, "3": 0.4, "4": 0.25},
        "origins": {"999": 0.3, "101": 0.6, "online": 0.1}, "ends_without_deployment": 0.0,
        "scene": lognormal(38.0, 0.8), "profile": "evening",
    }  # fmt: skip
    streams["missing_child"] = children_of(0.006 * volume)
    return small_scenario(streams=streams, pools=pools, policy=policy_of("grading", 0.0))


def export(scenario: Scenario, *, days: int, seed: int = 1) -> pl.DataFrame:
    """The city's log, in the columns and the words of its own system."""
    log = simulated_log(scenario, days=days, seed=seed)
    day = pl.col("Call_Received").str.slice(0, 10).str.to_date("%d/%m/%Y")
    times = [
        pl.col(column).str.to_datetime(_STAMP, strict=False).dt.strftime("%-I:%M:%S %p")
        .fill_null("NULL").alias(name)
        for column, name in _TIMES.items()
    ]  # fmt: skip
    return log.select(
        pl.int_range(pl.len()).add(2_025_000_000).alias("Event Number"),
        day.dt.strftime("%-m/%-d/%Y").alias("Call Date"),
        *times,
        pl.col("Response_Grade").replace_strict(PRIORITIES).alias("Priority"),
        pl.col("Opening_Code").replace(_KINDS).str.to_uppercase().alias("Call Type"),
        pl.col("Contact_Channel").replace(_SOURCES).str.to_uppercase().alias("Call Source"),
        pl.lit("CENTRAL").alias("District"),
    )
