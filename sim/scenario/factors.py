"""What a factor acts on: lengths, people on shifts, or the numbers that stand somewhere."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sim.scenario.paths import is_table_list

_LENGTHS: Final = ("median_minutes", "mean_minutes", "low_minutes", "high_minutes", "minutes")
_IN_PROPORTION: Final = (7, 24)
"""How many weights a profile has: days of a week, hours of a day."""
_NEAR: Final = 1e-6


def acts_by_factor(value: object) -> bool:
    """Tell whether a range of what stands somewhere is of factors on it."""
    return isinstance(value, Mapping | list)


def scaled(value: Any, by: float) -> Any:  # noqa: ANN401
    """Return what stands somewhere with a factor on it, as a range of factors is meant.

    It acts on a duration's length, on the people of shifts, else on the numbers that stand there
    directly, else on those below. Whole numbers stay whole, less than half of one being none; where
    there is anybody on a shift one is left.
    """
    if is_number(value):
        return math.floor(by * value + 0.5) if isinstance(value, int) else by * value
    if isinstance(value, Mapping):
        return _scaled_table(value, by)
    if is_table_list(value) and all("people" in one for one in value):
        return [{**one, "people": _people(one["people"], by)} for one in value]
    if isinstance(value, list):
        return [scaled(one, by) for one in value]
    return value


def is_weights(value: object) -> bool:
    """Tell whether numbers count in proportion to one another: shares of one, a profile's."""
    if not isinstance(value, Mapping):
        return (
            isinstance(value, list) and len(value) in _IN_PROPORTION and all(map(is_number, value))
        )
    if "hours" in value or "week" in value:
        return True
    parts = list(value.values())
    if parts and all(isinstance(part, Mapping) for part in parts):
        return all(map(is_weights, parts))
    return bool(parts) and all(map(is_number, parts)) and abs(sum(parts) - 1) < _NEAR


def is_number(value: object) -> bool:
    """Tell whether it is a number, which true and false are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _scaled_table(value: Mapping[str, Any], by: float) -> dict[str, Any]:
    direct = [key for key, item in value.items() if is_number(item) or _is_numbers(item)]
    if "family" in value:
        chosen: Sequence[str] = [key for key in direct if key in _LENGTHS]
    elif direct:
        chosen = direct
    else:
        chosen = [key for key, item in value.items() if not is_weights(item)]
    return {key: scaled(item, by) if key in chosen else item for key, item in value.items()}


def _people(people: int, by: float) -> int:
    return max(min(people, 1), math.floor(people * by + 0.5))


def _is_numbers(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(is_number, value))
