"""A dispatcher's rate (rule 4.7) as whole numbers."""

from __future__ import annotations

from typing import Final

from sim.policy.numbers import half_up, per_mille, seconds
from sim.scenario.models import Scenario
from sim.scenario.policies import QUARTERS
from sim.scenario.policies import DispatchRate as Written
from sim.tables import MINUTE, PARTS, SUM_PARTS, DispatchRate

_MOST_AHEAD: Final = 20
_PER_CENT: Final = 100
_SURE: Final = 40.0
"""No sum that is drawn is as large: who is looked at with such a rate is let go."""
_MOST_TIMES: Final = 100.0
"""The product of both tables has to have room in 64 bits."""


def dispatch_rate(scenario: Scenario) -> DispatchRate | None:
    """Return the rule's numbers for one look; None where there is no rate."""
    written = scenario.policy.dispatch_rate
    if written is None:
        return None
    grades = range(1, max(scenario.grades) + 1)
    return DispatchRate(
        look_seconds=written.look_seconds,
        waited_seconds=tuple(seconds(one) for one in written.waited_minutes),
        by_wait=tuple(_by_wait(written, grade) for grade in grades),
        by_load=tuple(_by_load(written, grade, 1.0) for grade in grades),
        by_load_just_freed=tuple(
            _by_load(written, grade, written.just_freed.get(grade, 1.0)) for grade in grades
        ),
        stream_factor=tuple(per_mille(written.streams.get(name, 1.0)) for name in scenario.streams),
    )


def _by_wait(written: Written, grade: int) -> tuple[tuple[int, ...], ...]:
    look = written.look_seconds / MINUTE
    return tuple(
        tuple(
            half_up(min(a_minute * look * written.quarter_hours[quarter], _SURE) * SUM_PARTS)
            for quarter in range(QUARTERS)
        )
        for a_minute in written.a_minute[grade]
    )


def _by_load(written: Written, grade: int, times: float) -> tuple[tuple[int, ...], ...]:
    all_busy, power = written.all_busy.get(grade, 1.0), written.ahead_power.get(grade, 0.0)
    return tuple(
        tuple(
            half_up(min(times * by_busy * (1 + ahead) ** power, _MOST_TIMES) * PARTS)
            for ahead in range(_MOST_AHEAD + 1)
        )
        for by_busy in (all_busy ** (busy / _PER_CENT) for busy in range(_PER_CENT + 1))
    )
