"""Figures in words and cells: how finely they are written, and what a difference is called.

A figure is never written more finely than its interval bears, and the figures of one sentence or
of one column alike: `places` finds the place that all of them share.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeGuard, TypeVar

from sim.results import Estimate, number_of
from sim.statistics import RARE_EVENTS

Some = TypeVar("Some", bound=Estimate)
Places: TypeAlias = Mapping[str, float]
"""Unit of the last place that is written, by the kind of figure: share, time or number."""

_FINEST: Final = 0.1


@dataclass(frozen=True)
class Written:
    """A number and its limits, rounded alike; limits are None where there are none."""

    value: str
    low: str | None = None
    high: str | None = None

    def text(self, unit: str = "", to: str = " to ") -> str:
        """Such as "23% (21 to 25%)"; with one limit, "0.1% (at most 0.3%)"."""
        words = to == " to "
        if self.low is not None and self.high is not None:
            return f"{self.value}{unit} ({self.low}{to}{self.high}{unit})"
        if self.high is not None:
            return f"{self.value}{unit} ({'at most ' if words else '<'}{self.high}{unit})"
        if self.low is not None:
            return f"{self.value}{unit} ({'at least ' if words else '>'}{self.low}{unit})"
        return f"{self.value}{unit}"


def place(value: float, low: float | None, high: float | None) -> float:
    """Unit of the last place that an interval bears: the power of ten next under its width.

    Of one limit alone, twice its distance stands for the width. Never finer than a tenth, nor
    coarser than one.
    """
    ends = [end for end in (low, high) if end is not None]
    if not ends:
        return 1.0
    width = high - low if low is not None and high is not None else 2 * abs(ends[0] - value)
    # A width that is a power of ten but for the last bit of a float is taken for it.
    unit = 10.0 ** math.floor(math.log10(width) + 1e-9) if width > 0 else _FINEST
    return min(max(unit, _FINEST), 1.0)


def rounded(
    value: float, low: float | None, high: float | None, unit: float | None = None
) -> Written:
    """Round a figure to a place; None: to the one that its own interval bears."""
    unit = place(value, low, high) if unit is None else unit
    decimals = max(0, -round(math.log10(unit)))

    def written(number: float) -> str:
        near = round(number / unit) * unit
        return f"{near:,.{decimals}f}" if near else f"{0:.{decimals}f}"

    text = written(value)
    if value > 0 and is_nought(text):
        text = f"<{unit:.{decimals}f}"
    top = None if high is None else written(high)
    if low is None and high is not None and high > 0 and top is not None and is_nought(top):
        # At most nought would be certainty.
        top = f"{unit:.{decimals}f}"
    bottom = None if low is None else written(low)
    if high is None and low is not None and low < 100 <= round(low / unit) * unit:
        bottom = f"{100 - unit:.{decimals}f}"
    return Written(text, bottom, top)


def places(rows: Iterable[Estimate | None]) -> dict[str, float]:
    """The finest place that any of these figures bears, by kind: all of a kind are written so."""
    found: dict[str, float] = {}
    for row in rows:
        if row is None or row.value is None or _is_none_or_all(row):
            continue
        kind, own = kind_of(row), place_of(row)
        if kind == "number" and abs(row.value) >= 100:
            own = 1.0
        found[kind] = min(own, found.get(kind, 1.0))
    return found


def place_of(row: Estimate) -> float:
    """Unit of the last place that a figure bears, as it is written."""
    return place(*_ends(row, scale_of(row)))


def kind_of(row: Estimate) -> str:
    """Which figures are written alike: shares, times, and other numbers."""
    if row.unit == "share":
        return "share"
    return "time" if row.unit == "minutes" else "number"


def scale_of(row: Estimate) -> float:
    """What a row is multiplied by to be written: to per cent, or to minutes."""
    return {"share": 100.0, "time": minute_scale(row), "number": 1.0}[kind_of(row)]


def percent(row: Estimate, to: str = " to ", at: Places | None = None) -> str:
    """A share as "23% (21 to 25%)", or "-" where it cannot be estimated.

    Of a share that none or all of the cases have, "none of 1,234 (under 0.3%)".
    """
    if row.value is None:
        return "-"
    if _is_none_or_all(row):
        return _none_or_all(row, "" if to != " to " else f" of {row.n:,}", to)
    figure = _scaled(row, 100, (at or {}).get("share"))
    if to == " to " and figure.value.startswith("<") and row.low is None:
        return f"{events(row):.0f} of {row.n:,} (at most {figure.high}%)"
    return figure.text("%", to)


def part_of(row: Estimate, whom: str, at: Places | None = None) -> str:
    """A share with those that it is of: "23% (21 to 25%) of 640 reports", "none of 640 (...)"."""
    if row.value is not None and _is_none_or_all(row):
        return _none_or_all(row, f" of {whom}", " to ")
    told = percent(row, at=at)
    return told if re.match(r"\d+ of ", told) else f"{told} of {whom}"


def minutes(row: Estimate, to: str = " to ", at: Places | None = None) -> str:
    """A time in minutes without its unit, "52 (49 to 56)"; "-" where it cannot be estimated."""
    if row.value is None:
        return "-"
    if row.value == row.low == row.high == 0:
        return "0"
    return _times(row, minute_scale(row), (at or {}).get("time")).text("", to)


def quantity(row: Estimate, to: str = " to ", at: Places | None = None) -> str:
    """Any figure of a scenario (not a difference) in its own unit."""
    if row.value is None:
        return "-"
    kind = kind_of(row)
    if kind == "share":
        return percent(row, to, at)
    if kind == "time":
        return minutes(row, to, at)
    if row.value == row.low == row.high == 0:
        return "0"
    return _times(row, 1, (at or places([row])).get("number")).text("", to)


def minute_scale(row: Estimate) -> float:
    """What a time row is multiplied by to give minutes."""
    return 60.0 if row.unit == "hours" else 1.0


def events(row: Estimate) -> float:
    """How many of a share's cases it happened to, or did not, whichever are fewer."""
    if row.value is None or not row.n:
        return 0.0
    happened = round(row.value * row.n)
    return float(min(happened, row.n - happened))


def too_few(row: Estimate | None) -> bool:
    """Whether a share rests on too few events to be compared: it then has one limit alone."""
    if row is None or row.value is None:
        return True
    return (row.low is None) != (row.high is None) or events(row) < RARE_EVENTS


def difference(
    row: Estimate | None,
    unit: str,
    scale: float,
    more: str,
    less: str,
    at: float | None = None,
) -> str:
    """A paired difference in plain words: "20 percentage points higher (18 to 22)".

    Parameters
    ----------
    row
        The difference, other less baseline.
    unit
        What is counted, in the plural: "percentage points", "minutes".
    scale
        What a row's number is multiplied by to be in that unit.
    more, less
        The words for a rise and for a fall: "higher" and "lower".
    at
        Unit of the last place; None: as its interval bears.
    """
    if row is None or row.value is None:
        return "a difference that cannot be estimated"
    if row.low is None or row.high is None:
        value = rounded(abs(row.value) * scale, None, None, at).value
        way = more if row.value > 0 else less
        unit = _counted(unit, value)
        return f"{value} {unit} {way}, with too few replications to say how sure that is"
    if row.low == row.high == 0:
        return "exactly the same"
    ends = sorted((abs(row.low) * scale, abs(row.high) * scale))
    at = place(*_ends(row, scale)) if at is None else at
    if is_clear(row):
        # Of a clear difference no limit is nought, so none is written as nought.
        value, low, high = (
            rounded(each, None, None, at).value.replace("<", "under ")
            for each in (abs(row.value) * scale, *ends)
        )
        way = more if row.low > 0 else less
        units = _counted(unit, value)
        if low == high == value:
            return f"{value} {units} {way}"
        return f"{value} {units} {way} ({low} to {high})"
    figure = rounded(row.value * scale, row.low * scale, row.high * scale, at)
    below, above = str(figure.low).lstrip("-"), str(figure.high)
    if is_nought(below) and is_nought(above):
        return "no difference that shows"
    return (
        f"no clear difference ({'none' if is_nought(below) else f'{below} {less}'} to "
        f"{'none' if is_nought(above) else f'{above} {more}'})"
    )


def _counted(units: str, number: str) -> str:
    """The plural of a unit, or its singular of one."""
    return units.removesuffix("s") if number == "1" else units


def change(row: Estimate, scale: float | None = None, at: Places | None = None) -> str:
    """A difference as "+3 (+1 to +5)", starred where its range leaves out no change.

    Parameters
    ----------
    row
        The difference, other less baseline.
    scale
        What a row's number is multiplied by; None: 100 for shares, minutes for times.
    at
        Places that it is written at, with the rest of its column.
    """
    if row.value is None:
        return "-"
    factor = scale or scale_of(row)
    low, high = row.low, row.high
    if row.value == low == high == 0:
        return "same"
    figure = rounded(*_ends(row, factor), (at or {}).get(kind_of(row)))
    if figure.low is None or figure.high is None:
        return f"{signed(figure.value)} (too few)"
    star = "*" if is_clear(row) else ""
    if star and all(is_nought(each) for each in (figure.low, figure.high)):
        # Clear, and less than the place that the column is written at.
        unit = (at or {}).get(kind_of(row), place(*_ends(row, factor)))
        return f"{'+' if row.value > 0 else '-'}<{unit:g}*"
    return f"{signed(figure.value)} ({signed(figure.low)} to {signed(figure.high)}){star}"


def signed(number: str) -> str:
    """A number with its sign; what rounds to nought has none."""
    if number.startswith("<"):
        return re.sub("[1-9]", "0", number[1:])
    nought = not re.search("[1-9]", number)
    return number if nought or number.startswith("-") else f"+{number}"


def has_value(row: Some | None) -> TypeGuard[Some]:
    """Whether there is a row with an estimate."""
    return row is not None and row.value is not None


def is_clear(row: Estimate) -> bool:
    """Whether a difference's range leaves out no change."""
    if row.low is None or row.high is None:
        return False
    return bool(row.low > 0 or row.high < 0)


def is_nought(text: str) -> bool:
    """Whether a written number is nought."""
    return not re.search("[1-9]", text)


def _ends(row: Estimate, scale: float) -> tuple[float, float | None, float | None]:
    """The figure and its limits, each times a scale."""
    low, high = (None if end is None else end * scale for end in (row.low, row.high))
    return number_of(row) * scale, low, high


def _is_none_or_all(row: Estimate) -> bool:
    """Whether none, or all, of a share's cases had it; of a share of time it is not said so."""
    if row.unit != "share" or row.value not in (0, 1):
        return False
    return row.low is None or row.high is None


def _none_or_all(row: Estimate, whom: str, to: str) -> str:
    words = to == " to "
    limit = row.high if row.value == 0 else row.low
    name = "none" if row.value == 0 else "all"
    if limit is None:
        return f"{name}{whom}"
    away = 100 * (limit if row.value == 0 else 1 - limit)
    unit = place(0.0, None, away)
    # Rounded away from certainty.
    away = max(unit, math.ceil(away / unit - 1e-9) * unit)
    decimals = max(0, -round(math.log10(unit)))
    if row.value == 0:
        return f"{name}{whom} ({'under ' if words else '<'}{away:.{decimals}f}%)"
    return f"{name}{whom} ({'over ' if words else '>'}{100 - away:.{decimals}f}%)"


def _scaled(row: Estimate, scale: float, unit: float | None) -> Written:
    return rounded(*_ends(row, scale), unit)


def _times(row: Estimate, scale: float, unit: float | None) -> Written:
    """With its lower limit at nought or above: times and counts are never less."""
    value, low, high = _ends(row, scale)
    return rounded(value, None if low is None else max(0.0, low), high, unit)
