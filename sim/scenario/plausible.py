"""Numbers that a scenario may hold and that are seldom meant, a sentence each.

A wrong unit makes a sound file: minutes for hours, a yearly salary for an hour's pay, a slip of the
decimal point. It shows against the value that a file inherits, against the range that somebody
noted for it, or by itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sim.scenario.factors import acts_by_factor
from sim.scenario.models import Scenario
from sim.scenario.paths import MISSING, KeyPath, counted, dotted, leaves, lookup, named, parsed

_FAR: Final = 3.0
"""A value this many times an inherited one, or less than one part in so many, is remarked on."""

_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MOST_MONTH: Final = 4.0
_MOST_DAY: Final = 4.0
_LEAST_POUNDS: Final = 5.0
_MOST_POUNDS: Final = 500.0
_WEEK_MINUTES: Final = 7 * 24 * 60
_MOST_ABSTRACTION: Final = 0.7
# Weights say nothing alone, and a share that is the very thing tried is meant to be far away.
_NOT_HELD_AGAINST: Final[tuple[KeyPath, ...]] = (("profiles",), ("policy", "gate"), ("sources",))
_LONG: Final = 1e12
_NAMING: Final = ("grade", "urgency", "format")


def far_from_inherited(
    own: Mapping[str, Any], base: Mapping[str, Any], base_file: str
) -> Iterator[str]:
    """Yield a sentence for each number far from the one in its place in another file.

    Parameters
    ----------
    own
        The values that a planner has written.
    base
        All values of the file that they extend.
    base_file
        That file as shown to people.

    Notes
    -----
    Where the planner gives the number a source of its own it is taken to be meant. Numbers outside
    the range that the other file notes are told as such, at whatever distance.
    """
    given = own.get("sources")
    spoken_of = {parsed(key) for key in given} if isinstance(given, Mapping) else set()
    ranges = {counted(base, path): entry for path, entry in _entries(base)}
    for path, value in leaves(own):
        place = named(own, path)
        if any(place[: len(prefix)] == prefix for prefix in _NOT_HELD_AGAINST):
            continue
        if any(place[:length] in spoken_of for length in range(1, len(place) + 1)):
            continue
        for at, number, before in _pairs(place, value, lookup(base, place)):
            yield from _one(at, number, before, ranges.get(counted(base, at)), base_file)


def absurd(scenario: Scenario, data: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each number that can hardly be meant, whatever others say.

    Parameters
    ----------
    scenario
        A sound scenario.
    data
        The same as the tables of a file.
    """
    yield from _targets(scenario)
    yield from _pools(scenario)
    yield from _streams(scenario)
    yield from _cut_durations(data, ())
    yield from _factors(scenario, data)


def _targets(scenario: Scenario) -> Iterator[str]:
    for name, target in scenario.targets.items():
        by_area = isinstance(target.minutes, dict)
        minutes = target.minutes if isinstance(target.minutes, dict) else {"": target.minutes}
        for area, value in minutes.items():
            path = dotted(("targets", name, "minutes", *([area] if by_area else [])))
            if value < 1:
                yield f"{path} = {value:g} is less than a minute: {value * 60:.3g} seconds."
            elif value > _WEEK_MINUTES:
                yield f"{path} = {value:g} is more than a week."


def _pools(scenario: Scenario) -> Iterator[str]:
    for name, pool in scenario.pools.items():
        pounds = pool.pounds_per_hour
        if pounds > _MOST_POUNDS or 0 < pounds < _LEAST_POUNDS:
            yield f"pools.{name}.pounds_per_hour = {pounds:g} is no pay for an hour."
        if _MOST_ABSTRACTION < pool.abstraction < 1:
            yield f"pools.{name}.abstraction = {pool.abstraction:g} leaves hardly anybody there."


def _streams(scenario: Scenario) -> Iterator[str]:
    for name, stream in scenario.streams.items():
        mean = sum(stream.month_factors) / len(stream.month_factors)
        highest = max(stream.month_factors)
        if highest > _MOST_MONTH * mean:
            yield (
                f"streams.{name}.month_factors: {_MONTHS[stream.month_factors.index(highest)]} "
                f"({highest:g}) has {highest / mean:.3g} times the volume of an average month."
            )
        for key in ("bank_holiday_factor", "school_holiday_factor"):
            factor = getattr(stream, key)
            if factor > _MOST_DAY:
                yield f"streams.{name}.{key} = {factor:g} is {factor:g} times a usual day's volume."


def _factors(scenario: Scenario, data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the ranges of what is no single number that were meant as a number's.

    They are wrong for certain, and do no harm where they are not used.
    """
    for key, source in scenario.sources.items():
        path = parsed(key)
        value = MISSING if path is None else lookup(data, path)
        low, high = source.low, source.high
        if not acts_by_factor(value) or low is None or high is None:
            continue
        if not low <= 1 <= high:
            yield (
                f"[sources] notes {low:g} to {high:g} for {key}, which is no single number: "
                f"such a range is of factors of what is written, and 1 is not in it."
            )


def _cut_durations(data: Any, path: KeyPath) -> Iterator[str]:  # noqa: ANN401
    """Yield the durations of which more than half are cut to their own limit."""
    if isinstance(data, list):
        for place, item in enumerate(data):
            yield from _cut_durations(item, (*path, place))
    if not isinstance(data, Mapping):
        return
    most = data.get("at_most_minutes")
    if "family" in data and most is not None:
        middle = _median(data)
        if middle > most:
            yield (
                f"{dotted(path)}: half of these are longer than {middle:.4g} minutes, and "
                f"at_most_minutes cuts them to {most:g}."
            )
    for key, value in data.items():
        yield from _cut_durations(value, (*path, key))


def _median(duration: Mapping[str, Any]) -> float:
    match duration["family"]:
        case "constant":
            return float(duration["minutes"])
        case "lognormal":
            return float(duration["median_minutes"])
        case "exponential":
            return float(duration["mean_minutes"]) * math.log(2)
        case "gamma":
            from scipy.special import gammaincinv

            shape = 1 / duration["variation"] ** 2
            return float(duration["mean_minutes"] * gammaincinv(shape, 0.5) / shape)
        case "uniform":
            return float(duration["low_minutes"] + duration["high_minutes"]) / 2
        case _:
            import numpy as np

            return float(np.interp(0.5, duration["levels"], duration["minutes"]))


def _entries(base: Mapping[str, Any]) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    sources = base.get("sources")
    for key, entry in sources.items() if isinstance(sources, Mapping) else ():
        path = parsed(key)
        if path is not None and isinstance(entry, Mapping):
            yield path, entry


def _pairs(place: KeyPath, value: object, before: object) -> Iterator[tuple[KeyPath, float, float]]:
    """Yield a number and the one in its place; of a list only the one that is furthest away."""
    if place[-1] in _NAMING or before is MISSING:
        return
    if isinstance(value, list):
        others = before if isinstance(before, list) and len(before) == len(value) else []
        each = [
            ((*place, at), one, other)
            for at, (one, other) in enumerate(zip(value, others, strict=False))
            if _measures(one) and _measures(other)
        ]
        if each:
            yield max(each, key=lambda pair: _times(pair[1], pair[2]))
    elif _measures(value) and _measures(before):
        assert isinstance(value, int | float)
        assert isinstance(before, int | float)
        yield place, value, before


def _measures(value: object) -> bool:
    """Tell whether a value is a number to be held against another; 0 switches something off."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _times(one: float, other: float) -> float:
    return max(one / other, other / one)


def _one(
    path: KeyPath, value: float, before: float, entry: Mapping[str, Any] | None, file: str
) -> Iterator[str]:
    text = f"{dotted(path)} = {_plain(value).replace(',', '')}"
    low, high = (None, None) if entry is None else (entry.get("low"), entry.get("high"))
    if value != before and (
        (low is not None and value < low) or (high is not None and value > high)
    ):
        span = (
            f"{'any' if low is None else _plain(low)} to {'any' if high is None else _plain(high)}"
        )
        there = f"({span}), where it is {_plain(before)}"
        yield f"{text} lies outside the range that {file} notes for it {there}."
    elif _times(value, before) > _FAR:
        times = f"{_plain(float(f'{_times(value, before):.3g}'))} times"
        compared = times if value > before else f"{times} less than"
        yield f"{text} is {compared} the {_plain(before)} of {file}."


def _plain(number: float) -> str:
    """Return a number as people write it, without an exponent."""
    return f"{number:,.12g}" if abs(number) < _LONG else f"{number:,.0f}"
