"""Small scenarios for tests: one builder, from plain values, changed key by key.

Volumes are round numbers and staffing is light, so that hand arithmetic stays possible. Nothing
here is an estimate about a force.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sim.scenario.models import Scenario

FIRST_DAY: Final = date(2022, 4, 25)
"""A Monday, with no bank holiday in its week."""


class _Removed:
    """The type of `REMOVED`."""


REMOVED: Final = _Removed()
"""As a changed value: takes the key out."""


def small_scenario(area_count: int = 1, /, **changes: Any) -> Scenario:
    """Return a checked scenario of one area or two, with some of its values replaced.

    Parameters
    ----------
    area_count : int
        1: ``north``; 2: ``north`` and ``south``, each with response and a missing-person team.
    **changes
        Top-level keys of a scenario file, merged into the small one key by key; lists, durations
        and plain values replace, and `REMOVED` takes a key out. ``streams={"welfare": REMOVED}``
        drops a stream, ``policy={"gate": {"share_held": 0.3}}`` alters one number.

    Raises
    ------
    pydantic.ValidationError
        If the changed scenario is not a valid one.
    """
    return Scenario.model_validate(merged(small_document(area_count), changes))


def small_document(area_count: int = 1) -> dict[str, Any]:
    """Return the small scenario as nested plain values, as a TOML file would give them."""
    names = ["north", "south"][:area_count]
    even = {name: 1.0 / len(names) for name in names}
    return {
        "format": 1,
        "title": "A small world",
        "calendar": {"first_day": FIRST_DAY},
        "areas": {name: {"title": name.title(), "travel": lognormal(12.0, 0.5)} for name in names},
        "grades": {str(grade): {"title": f"Grade {grade}"} for grade in range(1, 6)},
        "targets": {
            "grade_1": {"grade": 1, "minutes": 15.0},
            "grade_2": {"grade": 2, "minutes": 20.0},
        },
        "profiles": {
            "flat": {"hours": [1.0] * 24},
            "evening": {"hours": [1.0] * 16 + [3.0] * 6 + [1.0] * 2},
        },
        "streams": {
            "missing_child": _missing_child(even),
            "immediate": {
                **_incident(2_000.0, even, {"1": 1.0}),
                "scene": lognormal(45.0, 0.7),
                "custody": constant(120.0),
                "custody_share": 0.1,
                "officers": {"1": 0.7, "2": 0.3},
            },
            "welfare": {
                **_incident(3_000.0, even, {"2": 0.8, "3": 0.2}),
                "vulnerable": False,
                "origins": {"999": 0.4, "101": 0.5, "online": 0.1},
                "thrive_done": 0.97,
                "ends_without_deployment": 0.2,
                "scene": exponential(40.0),
            },
            "plain_call": {
                **_incident(20_000.0, even, {"4": 0.5, "5": 0.5}),
                "origins": {"101": 1.0},
                "ends_without_deployment": 1.0,
            },
            "supervisor_review": {
                "kind": "desk_work",
                "volume_per_year": 8_000.0,
                "profile": "flat",
                "pool": "supervisors",
                "urgency": 3,
                "work": exponential(5.0),
            },
        },
        "pools": {
            "call_takers": desk("call_taker", 4),
            "supervisors": desk("supervisor", 2),
            **{f"response_{name}": units("response", name, 4) for name in names},
            **{f"missing_person_{name}": _team(name) for name in names},
        },
        "policy": {
            "gate": {"deploy_on": "ratification", "share_held": 0.5, "streams": ["missing_child"]},
            "ratification": {
                "low": ["supervisors"],
                "medium": ["supervisors"],
                "high": ["supervisors"],
            },
            "control_room": {"call_takers": "call_takers"},
            "attendance": {"streams": {"missing_child": ["missing_person", "response"]}},
        },
    }


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``base`` with ``changes`` laid over it: tables key by key, the rest replaced.

    A duration, which is known by its ``family``, is replaced as a whole.
    """
    result = dict(base)
    for key, value in changes.items():
        if value is REMOVED:
            result.pop(key)
        elif (
            isinstance(value, Mapping)
            and "family" not in value
            and isinstance(result.get(key), Mapping)
        ):
            result[key] = merged(result[key], value)
        else:
            result[key] = value
    return result


def episode(**changes: Any) -> dict[str, Any]:
    """Return an ``[episode]`` of the small world, with some of its values replaced.

    Two kinds of line, `telephone` at a desk and `visit`; each risk has its package.
    """
    document: dict[str, Any] = {
        "streams": ["missing_child"],
        "most_lines": 12,
        "lines": {
            "telephone": {"done_by": "desk", "work": lognormal(25.0, 0.5), "finds": 0.1},
            "visit": {
                "done_by": "units",
                "officers": {"1": 0.5, "2": 0.5},
                "work": lognormal(50.0, 0.5),
                "finds": 0.2,
            },
        },
        "packages": {
            "low": {"then": ["telephone"], "gap": lognormal(480.0, 0.4)},
            "medium": {
                "first": ["telephone"],
                "then": ["visit"],
                "first_gap": constant(45.0),
                "gap": lognormal(240.0, 0.4),
            },
            "high": {
                "first": ["visit", "telephone"],
                "then": ["visit"],
                "gap": lognormal(30.0, 0.4),
                "then_gap": constant(600.0),
            },
        },
        "after_return": {
            "interview": {"officers": {"1": 0.7, "2": 0.3}},
            "transport_share": 0.8,
            "transport": lognormal(25.0, 0.5),
            "protection_share": 0.1,
            "protection": lognormal(180.0, 0.5),
        },
        "ppn": {"share_sent": 0.9, "writing": lognormal(23.0, 0.4)},
        "mash": {"work": lognormal(25.0, 0.5)},
        "strategy": {"after": lognormal(1440.0, 0.5), "record_after": lognormal(7200.0, 0.5)},
        "return_interview": {
            "share_offered": 0.9,
            "share_accepted": 0.4,
            "wait": lognormal(1440.0, 0.8),
            "work": lognormal(120.0, 0.4),
            "outside_share_in_care": 0.3,
            "outside": lognormal(10_080.0, 0.5),
            "share_informing_police": 0.5,
        },
        "cohort": {"children": 27, "of_children": 1006},
    }
    return merged(document, changes)


def constant(minutes: float) -> dict[str, Any]:
    """Return a duration of one length."""
    return {"family": "constant", "minutes": minutes}


def exponential(mean_minutes: float) -> dict[str, Any]:
    """Return an exponential duration."""
    return {"family": "exponential", "mean_minutes": mean_minutes}


def lognormal(median_minutes: float, sigma: float) -> dict[str, Any]:
    """Return a lognormal duration."""
    return {"family": "lognormal", "median_minutes": median_minutes, "sigma": sigma}


def desk(role: str, people: int, **changes: Any) -> dict[str, Any]:
    """Return a desk pool on two shifts of twelve hours, at 07:00 and 19:00."""
    return {
        "kind": "desk",
        "role": role,
        "shifts": [
            {"name": "day", "start": "07:00", "end": "19:00", "people": people},
            {"name": "night", "start": "19:00", "end": "07:00", "people": people},
        ],
        **changes,
    }


def units(role: str, area: str, people: int, **changes: Any) -> dict[str, Any]:
    """Return a pool of single-crewed units of one area, on the same two shifts."""
    return {**desk(role, people), "kind": "units", "area": area, **changes}


def _team(area: str) -> dict[str, Any]:
    """Return a missing-person team that works from 08:00 to 22:00."""
    shift = {"name": "team", "start": "08:00", "end": "22:00", "people": 2}
    return {"kind": "units", "role": "missing_person", "area": area, "shifts": [shift]}


def _incident(volume: float, areas: dict[str, float], grades: dict[str, float]) -> dict[str, Any]:
    return {
        "kind": "incident",
        "volume_per_year": volume,
        "profile": "flat",
        "areas": areas,
        "grades": grades,
        "thrive": lognormal(3.0, 0.4),
        "wrap": constant(2.0),
    }


def _missing_child(areas: dict[str, float]) -> dict[str, Any]:
    return {
        **_incident(2_500.0, areas, {"1": 0.2, "2": 0.8}),
        "kind": "missing_child",
        "profile": "evening",
        "assessment": lognormal(12.0, 0.4),
        "risk": {"low": 0.1, "medium": 0.7, "high": 0.2},
        "grades_by_risk": {"high": {"1": 1.0}},
        "research": lognormal(10.0, 0.5),
        "ratification": lognormal(8.0, 0.5),
        "regrade": {"upgraded": 0.05, "downgraded": 0.1},
        "lacking_detail": {"share": 0.25, "ratification_factor": 2.0, "regrade_factor": 2.0},
        "known": {"flagged": 0.3, "trigger_plan": 0.1, "research_factor": 0.5},
        "escalation": {"share": 0.05, "after": exponential(240.0)},
        "last_seen": exponential(120.0),
        "natural_return": lognormal(240.0, 1.2),
        "interview": exponential(30.0),
        "scene": lognormal(60.0, 0.6),
        "writing": constant(20.0),
        "children": {
            "in_care": 0.15,
            "episodes_in_care": {"exponent": 0.8, "decay": 0.07},
            "episodes_at_home": {"exponent": 2.0, "decay": 0.04},
            "gap_median_days": 20.0,
            "gap_sigma": 1.0,
            "gap_exponent": 0.5,
        },
    }
