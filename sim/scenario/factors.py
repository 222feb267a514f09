"""What a factor acts on: lengths, people on shifts, or the numbers that stand somewhere."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeGuard

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
    directly, else on those below. Of shares that sum to 1 it acts on the first, and the others make
    up the rest. Whole numbers stay whole, less than half of one being none; where
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


def is_profile(value: object) -> bool:
    """Tell whether all numbers count in proportion to one another, as those of a profile do."""
    if isinstance(value, Mapping):
        return "hours" in value or "week" in value
    return _is_numbers(value) and len(value) in _IN_PROPORTION


def is_number(value: object) -> bool:
    """Tell whether it is a number, which true and false are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _scaled_table(value: Mapping[str, Any], by: float) -> dict[str, Any]:
    direct = [key for key, item in value.items() if is_number(item) or _is_numbers(item)]
    chosen: Sequence[str] = direct or list(value)
    if "family" in value:
        chosen = [key for key in direct if key in _LENGTHS]
    elif _are_shares(value):
        return _shares(value, by)
    return {key: scaled(item, by) if key in chosen else item for key, item in value.items()}


def _are_shares(value: Mapping[str, Any]) -> bool:
    parts = list(value.values())
    return bool(parts) and all(map(is_number, parts)) and abs(sum(parts) - 1) < _NEAR


def _shares(value: Mapping[str, Any], by: float) -> dict[str, Any]:
    """Return shares with a factor on the first; the others make up the rest as before."""
    first, *others = value
    left = sum(value[key] for key in others)
    if left <= 0:
        return dict(value)
    rest = (1 - by * value[first]) / left
    return {first: by * value[first]} | {key: rest * value[key] for key in others}


def _people(people: int, by: float) -> int:
    return max(min(people, 1), math.floor(people * by + 0.5))


def _is_numbers(value: object) -> TypeGuard[list[float]]:
    return isinstance(value, list) and bool(value) and all(map(is_number, value))
