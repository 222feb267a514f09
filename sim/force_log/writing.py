"""A simulated log, in the columns of the shipped UK-like mapping: to try the commands on.

Nothing in it ever happened. One row for each incident, times of its first unit, day first, as an
export of a command-and-control system would have them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from sim.engines import reference
from sim.fates.incidents import draw
from sim.policy import compiled
from sim.rota import paraded
from sim.scenario.demand import MissingAdult, MissingChild
from sim.scenario.models import Scenario
from sim.streams import Streams
from sim.tables import DAY, NEVER, NONE, Activity, Origin, Risk, Table

_STAMP: Final = "%d/%m/%Y %H:%M:%S"
_FOLLOW_UP_DAYS: Final = 3
_COLUMNS: Final = {
    "Call_Received": "reported_at",
    "Call_Answered": "answered_at",
    "Grading_Time": "graded_at",
    "Supervisor_Ratified": "ratified_at",
    "Resource_Allocated": "claimed_at",
    "Resource_Mobile": "allocated_at",
    "Resource_At_Scene": "arrived_at",
    "Resource_Cleared": "finished_at",
    "Incident_Closed": "finished_at",
}
_CHANNELS: Final = {
    Origin.EMERGENCY: "999",
    Origin.NON_EMERGENCY: "101",
    Origin.ONLINE: "Online",
    Origin.DIRECT: "Front counter",
}
_OWNERS: Final = {
    "response": "Response",
    "missing_person": "Missing person team",
    "neighbourhood": "Neighbourhood",
}
_RISKS: Final = {Risk.LOW: "Low", Risk.MEDIUM: "Medium", Risk.HIGH: "High"}


def simulated_log(
    scenario: Scenario, *, days: int = 28, warm_up_days: int = 7, seed: int = 2022
) -> pl.DataFrame:
    """Simulate a force and write its log; see `simulated_records`."""
    return simulated_records(scenario, days=days, warm_up_days=warm_up_days, seed=seed)[0]


def simulated_records(
    scenario: Scenario, *, days: int = 28, warm_up_days: int = 7, seed: int = 2022
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Simulate a force and write its log and its missing-person records.

    Parameters
    ----------
    scenario
        The force.
    days, warm_up_days
        Days in the log, from the scenario's first, and days simulated before them.
    seed
        The luck.

    Returns
    -------
    log, records
        Text: the log in the columns of ``scenarios/mappings/uk-command-and-control.toml``, by time
        of receipt; the records in those of ``scenarios/mappings/cases/uk-missing-persons.toml``,
        one for each missing person, with the log's number.
    """
    start, end = -warm_up_days * DAY, (days + _FOLLOW_UP_DAYS) * DAY
    streams = Streams(seed, 0)
    draws = draw(scenario, streams, start, end)
    rota = paraded(scenario, streams, start, end)
    rules = compiled(scenario, start, end)
    outcomes, activities, cases = reference.run(draws, rota, rules)
    log = rows_of(scenario, draws.incidents, outcomes, activities, days)
    return log, _records_of(scenario, draws.incidents, outcomes, cases, days)


def _measured(incidents: Table, days: int) -> npt.NDArray[np.int64]:
    at = incidents["reported_at"]
    return np.flatnonzero((incidents["desk_pool"] == NONE) & (at >= 0) & (at < days * DAY))


def _numbers(count: int) -> list[str]:
    return [f"SIM{number:07d}" for number in range(count)]


def _records_of(
    scenario: Scenario, incidents: Table, outcomes: Table, cases: Table, days: int
) -> pl.DataFrame:
    """Return the records of a simulated world's missing people; see `simulated_records`."""
    rows = _measured(incidents, days)
    midnight = datetime.combine(scenario.calendar.first_day, time())
    missing = [isinstance(stream, MissingAdult) for stream in scenario.streams.values()]
    numbers = np.array(_numbers(len(rows)))
    own = np.array(missing)[incidents["stream"][rows]]
    rows, numbers = rows[own], numbers[own]
    safe = {int(key): int(at) for key, at in zip(cases["key"], cases["safe_at"], strict=True)}
    found = {int(key): at != NEVER for key, at in zip(cases["key"], cases["found_at"], strict=True)}
    keys = incidents["key"][rows].tolist()
    unprompted = incidents["return_at"][rows].tolist()
    back = np.array(
        [safe.get(key, at) for key, at in zip(keys, unprompted, strict=True)], dtype=np.int64
    )
    # What lies after the simulated days is not known yet.
    back[back >= (days + _FOLLOW_UP_DAYS) * DAY] = NEVER
    roles = [pool.role for pool in scenario.pools.values()]
    by = outcomes["attended_by"][rows].tolist()
    return pl.DataFrame(
        {
            "Log_Number": numbers.tolist(),
            "Reported": _stamps(incidents["reported_at"][rows], midnight),
            "Risk": [_RISKS.get(Risk(code), "") for code in incidents["ratified_risk"][rows]],
            "Risk_Ratified": _stamps(outcomes["ratified_at"][rows], midnight),
            "Located": _stamps(back, midnight),
            "Located_By": [
                ""
                if at == NEVER
                else "Police"
                if found.get(key, False)
                else "Returned of own accord"
                for key, at in zip(keys, back.tolist(), strict=True)
            ],
            "Owner": ["" if pool == NONE else _OWNERS.get(roles[pool], "Other") for pool in by],
        }
    )


def rows_of(
    scenario: Scenario, incidents: Table, outcomes: Table, activities: Table, days: int
) -> pl.DataFrame:
    """Return the log of a simulated world's first days; see `simulated_log`."""
    rows = _measured(incidents, days)
    midnight = datetime.combine(scenario.calendar.first_day, time())
    columns: dict[str, Any] = {
        "Incident_URN": _numbers(len(rows)),
    }
    for label, name in _COLUMNS.items():
        seconds = (incidents if name == "reported_at" else outcomes)[name][rows]
        columns[label] = _stamps(seconds, midnight)
    areas = [name.upper() if len(name) <= 3 else name.title() for name in scenario.areas]
    kinds = [_kind(scenario, name) for name in scenario.streams]
    columns["Response_Grade"] = [f"Grade {grade}" for grade in incidents["grade"][rows].tolist()]
    columns["Opening_Code"] = [kinds[place] for place in incidents["stream"][rows].tolist()]
    columns["LPA"] = [areas[place] for place in incidents["area"][rows].tolist()]
    columns["Contact_Channel"] = [
        _CHANNELS[Origin(code)] for code in incidents["origin"][rows].tolist()
    ]
    columns["Risk_Level"] = [
        _RISKS.get(Risk(code), "") for code in incidents["risk"][rows].tolist()
    ]
    signs = _call_signs(activities)
    columns["Callsign"] = [signs.get(key, "") for key in incidents["key"][rows].tolist()]
    return pl.DataFrame(columns)


def mapping_of(scenario: Scenario) -> dict[str, Any]:
    """Return what a mapping file for a scenario's simulated log says, as plain data."""
    places = {name: name.upper() if len(name) <= 3 else name.title() for name in scenario.areas}
    return {
        "format": 1,
        "title": "A simulated log",
        "file": {"time_zone": "Europe/London", "date_formats": [_STAMP]},
        "columns": {
            "incident": "Incident_URN", "received": "Call_Received", "answered": "Call_Answered",
            "graded": "Grading_Time", "ratified": "Supervisor_Ratified",
            "assigned": "Resource_Allocated", "travelling": "Resource_Mobile",
            "arrived": "Resource_At_Scene", "cleared": "Resource_Cleared",
            "closed": "Incident_Closed", "priority": "Response_Grade", "kind": "Opening_Code",
            "area": "LPA", "origin": "Contact_Channel", "risk": "Risk_Level", "unit": "Callsign",
        },
        "grades": {f"Grade {grade}": grade for grade in scenario.grades},
        "kinds": {
            "Missing - under 18*": "missing_child", "Missing - adult*": "missing_adult",
            "Concern for safety*": "welfare_concern", "*": "other",
        },
        "areas": {place: name for name, place in places.items()},
        "origins": {"999": "999", "101": "101", "Online": "online", "*": "direct"},
        "risks": {"High": "high", "Medium": "medium", "Low": "low"},
    }  # fmt: skip


def _stamps(seconds: Any, midnight: datetime) -> pl.Series:  # noqa: ANN401
    known = seconds != NEVER
    moments = pl.Series(np.where(known, seconds, 0).astype(np.int64)) * 1_000_000
    text = (pl.lit(midnight) + moments.cast(pl.Duration("us"))).dt.strftime(_STAMP)
    shown = pl.select(pl.when(pl.Series(known)).then(text).otherwise(pl.lit("")))
    return shown.to_series()


def _kind(scenario: Scenario, name: str) -> str:
    stream = scenario.streams[name]
    if isinstance(stream, MissingChild):
        return "Missing - under 18"
    if isinstance(stream, MissingAdult):
        return "Missing - adult"
    if "welfare" in name:
        return "Concern for safety"
    return name.replace("_", " ").capitalize()


def _call_signs(activities: Table) -> Mapping[int, str]:
    """The first unit of each incident: its pool and its slot."""
    travel = np.flatnonzero((activities["kind"] == Activity.TRAVEL) & (activities["attempt"] == 0))
    incidents = activities["incident"][travel]
    _, first = np.unique(incidents, return_index=True)
    return {
        int(activities["incident"][row]): (
            f"R{int(activities['pool'][row]):02d}{int(activities['unit'][row]) & 0xFF:02d}"
        )
        for row in travel[first].tolist()
    }
