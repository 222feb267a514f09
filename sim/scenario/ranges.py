"""What is not known of a scenario: the ranges of its ``[sources]``, and how each of them acts.

A range of one number is of the number itself. A range of a table or a list is of factors on what
stands there, as `sim.scenario.factors` has them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

from sim.scenario.factors import acts_by_factor, is_number, is_profile, scaled
from sim.scenario.models import Scenario, Source
from sim.scenario.paths import MISSING, KeyPath, counted, lookup, parsed
from sim.scenario.resolve import resolved_data

_DAYS_DIFFER: Final = "day_variation"


@dataclass(frozen=True)
class Range:
    """What is known of a number, or of the numbers of a table, that is not known exactly.

    Attributes
    ----------
    path
        Where it stands, as ``[sources]`` spells it.
    low, high
        Of the number itself, or of a factor.
    acts
        On what.
    own
        What the scenario says: the number, or the factor 1; from `low` to `high`.
    whole
        Whether only whole numbers make sense.
    source
        The sentence that the range rests on.
    """

    path: str
    low: float
    high: float
    acts: Literal["number", "factor"]
    own: float
    whole: bool
    source: str

    @cached_property
    def key(self) -> KeyPath:
        """The path in its parts."""
        key = parsed(self.path)
        assert key is not None, self.path
        return key

    def at(self, level: float) -> float:
        """Return the number or factor at a level from 0, the low, to 1, the high.

        What the scenario says is in the middle: half of all levels lie below it and half above,
        evenly on either side. Where it is one of the ends all lie evenly between the ends. A whole
        number takes in half a step on either side, so that its ends come, too.
        """
        low, high = self.low, self.high
        if self.whole:
            low, high = math.ceil(low) - 0.5, math.floor(high) + 0.5
        if self.low < self.own < self.high:
            below = level < 0.5
            first, last = (low, self.own) if below else (self.own, high)
            value = first + (last - first) * (2 * level if below else 2 * level - 1)
        else:
            value = low + (high - low) * level
        if not self.whole:
            return value
        return float(min(max(math.floor(value + 0.5), math.ceil(self.low)), math.floor(self.high)))


@dataclass(frozen=True)
class Unranged:
    """What ``[sources]`` speaks of and nobody can vary.

    Attributes
    ----------
    path
        As ``[sources]`` spells it.
    why
        As the end of a sentence that begins with what it is.
    """

    path: str
    why: str


@dataclass(frozen=True)
class Ranges:
    """All that ``[sources]`` says about what is not known.

    Attributes
    ----------
    together
        Ranges by what is not known: those with the same sentence, ends and last key are one thing
        (response of one area and of the other) and move together.
    without
        What stays as it is, each with the reason.
    """

    together: tuple[tuple[Range, ...], ...]
    without: tuple[Unranged, ...]


def ranges_of(scenario: Scenario) -> Ranges:
    """Return the ranges of a scenario's ``[sources]`` that can be applied, and the others."""
    data = resolved_data(scenario)
    groups: dict[tuple[object, ...], list[Range]] = {}
    without = []
    for path, source in scenario.sources.items():
        found = _range(data, path, source)
        if isinstance(found, str):
            without.append(Unranged(path, found))
        else:
            last = found.key[-1]
            same = (found.source, found.low, found.high, last, found.acts)
            groups.setdefault(same, []).append(found)
    return Ranges(tuple(map(tuple, groups.values())), tuple(without))


def applied(
    data: Mapping[str, Any], baseline: Mapping[str, Any], moves: Sequence[tuple[Range, float]]
) -> dict[str, Any]:
    """Return the values of a scenario with ranges of a baseline set to numbers and factors.

    Parameters
    ----------
    data
        The scenario's, resolved.
    baseline
        The same of the baseline whose ranges they are.
    moves
        Each range with its number or factor.

    Notes
    -----
    A number that the scenario has otherwise than the baseline is the lever that is asked about, and
    stays. A factor acts on whatever the scenario has: one officer fewer than the baseline is still
    one fewer where both have a tenth more. What a scenario does not have is left out.
    """
    result = dict(data)
    for one, to in sorted(moves, key=lambda move: move[0].acts):
        path = counted(result, one.key)
        now = lookup(result, path)
        if now is MISSING:
            continue
        if one.acts == "factor":
            result = _with(result, path, scaled(now, to))
        elif now == lookup(baseline, one.key):
            result = _with(result, path, int(to) if one.whole else to)
    return result


def _range(data: Mapping[str, Any], path: str, source: Source) -> Range | str:
    """Return a range, or why there is none that could be applied."""
    low, high = source.low, source.high
    key = parsed(path)
    value: Any = MISSING if key is None else lookup(data, key)
    if key is None or value is MISSING:
        return "is not in the scenario"
    if low is None or high is None:
        missing = "no range" if low is None and high is None else "only one end of a range"
        return f"has {missing}"
    why = _left_out(key, value, low, high) or _inapplicable(value)
    if why:
        return why
    by_factor = acts_by_factor(value)
    own = 1.0 if by_factor else float(value)
    if not low <= own <= high:
        what = "the factor 1" if by_factor else f"{own:g}"
        return f"has a range ({low:g} to {high:g}) that {what} is not in"
    whole = not by_factor and isinstance(value, int)
    said = source.assumption or source.source or ""
    return Range(path, low, high, "factor" if by_factor else "number", own, whole, said)


def _left_out(key: KeyPath, value: object, low: float, high: float) -> str:
    """Say why a range is left alone on purpose; nothing where it is not."""
    if low == high:
        return "is taken for certain: low and high are the same"
    if key[-1] == _DAYS_DIFFER and value == 0:
        return "would switch on days that differ, which is a rule"
    if key[0] == "targets":
        return "is an aim, and aims are not varied"
    if key[0] == "costs" or key[-1] == "pounds_per_hour":
        return "is a price, and moves no time"
    if key[0] == "follow_up_hours":
        return "says how long is simulated"
    return ""


def _inapplicable(value: object) -> str:
    """Say why nothing can be varied in what stands somewhere; nothing where it can."""
    if not is_number(value) and not acts_by_factor(value):
        return "is no number"
    if is_profile(value):
        return "counts in proportion, so that one factor on all of it changes nothing"
    if acts_by_factor(value) and scaled(value, 2.0) == value:
        return "holds nothing that a factor could act on"
    return ""


def _with(data: Any, path: KeyPath, value: object) -> Any:  # noqa: ANN401
    """Return data with another value at a path; all that does not lead there is shared."""
    if not path:
        return value
    changed = list(data) if isinstance(data, list) else dict(data)
    changed[path[0]] = _with(data[path[0]], path[1:], value)  # type: ignore[index]
    return changed
