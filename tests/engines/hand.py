"""Small worlds written by hand: tables and a policy, with defaults that switch every rule off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.tables import (
    ATTEMPTS,
    INCIDENTS,
    NEVER,
    NONE,
    ROTA,
    Origin,
    Policy,
    Pool,
    Table,
)

GRADES = 5
GRADE_1_DIVERTS = ((True,) * GRADES,) + ((False,) * GRADES,) * (GRADES - 1)
"""From every grade: rule 6.6 keeps it to the lower ones."""
MINUTE = 60
HOUR = 3600

_NO_INCIDENT: Mapping[str, int] = {
    **INCIDENTS.nothing,
    "origin": Origin.DIRECT,
    "grade": 2,
    "deploys": 1,
    "ratified_grade": NONE,
    "rank_parts": 999_999,
    "officers": 1,
}


def incidents(*rows: Mapping[str, int]) -> Table:
    """Incidents by the columns that differ from nothing at all; keys are 1, 2, … unless given."""
    filled = []
    for number, row in enumerate(rows, start=1):
        one = {**_NO_INCIDENT, "key": number, **row}
        if one["ratified_grade"] == NONE:
            one["ratified_grade"] = one["grade"]
        if "ratified_risk" not in row:
            one["ratified_risk"] = one["risk"]
        filled.append(one)
    table = Table(INCIDENTS, {name: [row[name] for row in filled] for name in INCIDENTS.names})
    return table.sorted_by("reported_at", "key")


def attempts(table: Table, dispatch_seconds: Sequence[int] = (0,)) -> Table:
    """The same dispatch times for each incident."""
    keys = np.sort(table["key"])
    count = len(dispatch_seconds)
    return Table(
        ATTEMPTS,
        {
            "key": np.repeat(keys, count),
            "attempt": np.tile(np.arange(count), len(keys)),
            "dispatch_seconds": np.tile(dispatch_seconds, len(keys)),
        },
    )


def unit(pool: int, on_at: int, off_at: int, key: int, **more: int) -> dict[str, int]:
    """A row of the rota."""
    row = {
        "key": key,
        "pool": pool,
        "shift": 0,
        "on_at": on_at,
        "off_at": off_at,
        "break_at": NEVER,
        "break_seconds": 0,
        "officers": 1,
    }
    return {**row, **more}


def rota(*rows: Mapping[str, int]) -> Table:
    """A rota of such rows."""
    table = Table(ROTA, {name: [row[name] for row in rows] for name in ROTA.names})
    return table.sorted_by("on_at", "key")


def unit_pool(name: str = "response", area: int = 0, **more: Any) -> Pool:
    """A pool of units without margins."""
    more.setdefault("margin_seconds", (0,) * GRADES)
    return Pool(name=name, role="response", area=area, desk=False, **more)


def desk_pool(name: str) -> Pool:
    """A pool of desk workers."""
    return Pool(name=name, role=name, area=NONE, desk=True)


def policy_with_diversion(most: int = 1, **more: Any) -> Policy:
    """One pool; grade 1 may divert its units from a scene, so often from each job."""
    return policy([unit_pool()], divert_at_scene=GRADE_1_DIVERTS, most_diversions=most, **more)


def policy(pools: Sequence[Pool], **more: Any) -> Policy:
    """Every rule off: all unit pools of an area attend all streams."""
    streams = more.pop("streams", ("jobs",))
    areas = more.pop("areas", ("town",))
    attends = tuple(
        tuple(
            tuple(
                code
                for code, pool in enumerate(pools)
                if not pool.desk and pool.area in (area, NONE)
            )
            for area in range(len(areas))
        )
        for _ in streams
    )
    nobody = tuple(tuple(() for _ in areas) for _ in streams)
    settings: dict[str, Any] = {
        "start": 0,
        "end": 7 * 86_400,
        "grades": GRADES,
        "areas": areas,
        "streams": streams,
        "pools": tuple(pools),
        "missing": (False,) * len(streams),
        "gated": (True,) * len(streams),
        "dispatchers": (NONE,) * len(areas),
        "ratifiers": (((),) * 24,) * 4,
        "step_up_seconds": (NEVER,) * GRADES,
        "attends": attends,
        "borrows": nobody,
        "borrow_after_seconds": (NEVER,) * GRADES,
        "divert_travelling": ((False,) * GRADES,) * GRADES,
        "divert_at_scene": ((False,) * GRADES,) * GRADES,
        "writing_interrupted": (False,) * GRADES,
        "break_interrupted": (False,) * GRADES,
        "area_factor": ((1000,) * len(areas),) * (len(areas) + 1),
        "grade_factor": (1000,) * GRADES,
        "review_after_seconds": (NEVER,) * GRADES,
    }
    return Policy(**{**settings, **more})
