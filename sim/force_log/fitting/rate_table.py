"""A fitted rate as a scenario's table (`policy.dispatch_rate`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from sim.force_log.fitting.job_minutes import WAITED
from sim.force_log.fitting.rate import Floats, Rate
from sim.scenario.policies import QUARTERS

LOOK_SECONDS: Final = 10
"""A minute from look to look would be seen in the waits of grade 1."""

_MOST_A_MINUTE: Final = 12.0
_LEAST, _MOST = 0.01, 100.0


def table_of(rate: Rate, grades: Sequence[int], factor: float | None = None) -> dict[str, Any]:
    """Return the table of a rate.

    Parameters
    ----------
    rate
        As fitted.
    grades
        The scenario's; one without jobs in the log has the rate of the nearest that has.
    factor
        Times the rate of missing-child jobs; None: theirs is that of others.
    """
    knots = len(rate.clock)
    middles = (np.arange(QUARTERS) + 0.5) / QUARTERS * knots
    clock = np.interp(middles, np.arange(knots + 1), np.append(rate.clock, rate.clock[0]))
    usual = float(clock.mean())
    places = {
        grade: min(range(len(rate.grades)), key=lambda one: (abs(rate.grades[one] - grade), one))
        for grade in grades
    }
    table: dict[str, Any] = {
        "look_seconds": LOOK_SECONDS,
        "waited_minutes": [float(one) for one in WAITED],
        "a_minute": {
            str(grade): _rounded(np.minimum(np.exp(rate.base[place] + usual), _MOST_A_MINUTE))
            for grade, place in places.items()
        },
        "quarter_hours": _rounded(np.clip(np.exp(clock - usual), _LEAST, _MOST)),
        "all_busy": {str(grade): _times(rate.busy[place]) for grade, place in places.items()},
        "ahead_power": {
            str(grade): round(float(rate.ahead[place]), 3) for grade, place in places.items()
        },
        "just_freed": {
            str(grade): _times(rate.just_freed[place]) for grade, place in places.items()
        },
    }
    if factor is not None:
        table["streams"] = {"missing_child": round(factor, 3)}
    return table


def _times(logarithm: float) -> float:
    return _rounded(np.clip(np.exp([logarithm]), _LEAST, _MOST))[0]


def _rounded(values: Floats) -> list[float]:
    return [float(f"{one:.4g}") for one in values]
