"""Whether `sources` speaks of what the scenario has, and its ranges hold their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sim.scenario.declared import Found, Names
from sim.scenario.findings import Finding, nearest
from sim.scenario.models import Scenario, Source
from sim.scenario.paths import MISSING, KeyPath, dotted, leaves, lookup, parsed
from sim.scenario.resolve import resolved_data

_MOST_UNKNOWN: Final = 20
"""Entries of ``sources`` that are told one by one, each with the path that is nearest."""


def sources(scenario: Scenario, names: Names) -> Found:
    """Find paths that name nothing, and ranges that cannot be."""
    data = resolved_data(scenario)
    entries = data.pop("sources", {})
    unknown = []
    for key in entries:
        path = parsed(key)
        value = MISSING if path is None else lookup(data, path)
        if value is not MISSING:
            yield from _range(key, scenario.sources[key], value)
        elif path is None or lookup(names.data, path) is MISSING:
            unknown.append(key)
    known = list(_all_paths(data)) if unknown else []
    for key in unknown[:_MOST_UNKNOWN]:
        yield Finding(
            ("sources", key),
            "this path names no value of the scenario",
            allowed="a path such as pools.NAME.shifts.NAME.people",
            suggestion=nearest(key, known),
        )
    if unknown[_MOST_UNKNOWN:]:
        yield Finding(
            ("sources",),
            f"{len(unknown[_MOST_UNKNOWN:]):,} more of its paths name no value of the scenario",
        )


def _range(key: str, source: Source, value: object) -> Found:
    """Find a range that cannot be that of its value."""
    path: KeyPath = ("sources", key)
    low, high = source.low, source.high
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number and not _holds_numbers(value):
        if low is not None or high is not None:
            yield Finding(
                (*path, "low" if low is not None else "high"),
                "a range is of a number, and this path names none",
                allowed="no low and no high here",
            )
        return
    if source.assumption is not None and (low is None or high is None):
        yield Finding(path, "an assumption needs its range, low and high")
        return
    if not is_number or (low is not None and high is not None and high < low):
        return
    assert isinstance(value, int | float)
    for name, bound, outside in (
        ("low", low, low is not None and value < low),
        ("high", high, high is not None and value > high),
    ):
        if outside:
            yield Finding(
                (*path, name),
                f"the value, {value:g}, lies outside this range",
                found=bound,
                allowed="a range with the value in it, low and high",
            )


def _holds_numbers(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(map(_holds_numbers, value.values()))
    if isinstance(value, list):
        return any(map(_holds_numbers, value))
    return isinstance(value, int | float) and not isinstance(value, bool)


def _all_paths(data: Mapping[str, Any]) -> Iterable[str]:
    paths: dict[str, None] = {}
    for path, _ in leaves(data):
        for length in range(1, len(path) + 1):
            paths[dotted(path[:length])] = None
    return paths
