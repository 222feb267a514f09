"""Numbers as they are written: never more finely than their range bears, with limits alike."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

NEXT_TO_NOTHING: Final = "a change, but next to nothing"
"""Of a change that is clear of nought and yet is written as nought: in place of its range."""

_FINEST: Final = 0.1
_TEN: Final = 10.0


@dataclass(frozen=True)
class Written:
    """A number and its limits, rounded alike; limits are None where there are none."""

    value: str
    low: str | None = None
    high: str | None = None

    def in_words(self, unit: str = "") -> str:
        """Such as "23 (21 to 25)"; with one limit, "0.1 (at most 0.3)"."""
        if self.low is not None and self.high is not None:
            if self.low == self.high == self.value:
                return f"{self.value}{unit}"
            return f"{self.value}{unit} ({self.low} to {self.high})"
        if self.high is not None:
            return f"{self.value}{unit} (at most {self.high})"
        return f"{self.value}{unit}" + ("" if self.low is None else f" (at least {self.low})")

    def in_cell(self, unit: str = "") -> str:
        """Such as "20% (19–21)"; where an end is below nought, "0.1 (-0.1 to 0.3)"."""
        text = f"{self.value}{unit}"
        if self.low is not None and self.high is not None:
            if self.low == self.high == self.value:
                return text
            # A dash before a minus would be read as a second minus.
            between = " to " if "-" in f"{self.low}{self.high}" else "–"
            return f"{text} ({self.low}{between}{self.high})"
        if self.high is not None:
            return f"{text} (<{self.high})"
        return text if self.low is None else f"{text} (>{self.low})"

    def as_change(self, way: str = "") -> tuple[str, str]:
        """A change and its range, each number with its sign: ("-4", "-6 to -3").

        Parameters
        ----------
        way
            "+" or "-" of a change that is clear: neither it nor an end is then written as nought,
            but as ("+<0.1", ">0 to +0.2"). "" of one that is not.
        """
        value, low, high = (signed(str(each)) for each in (self.value, self.low, self.high))
        if way and is_nought(value):
            value = f"{way}<{0.1 if '.' in value else 1}"
        if way == "+" and is_nought(low):
            low = ">0"
        if way == "-" and is_nought(high):
            high = "<0"
        return value, f"{low} to {high}"

    def is_slight(self) -> bool:
        """Whether it is written as nought, or as less than the least that is written."""
        return self.value.startswith("<") or is_nought(self.value)

    def sized(self) -> tuple[str, str]:
        """A clear change without its sign: its size and range, ("2.7", "2.0 to 3.4").

        One that is written as nought is ("less than 0.1", `NEXT_TO_NOTHING`).
        """
        finest = "0.1" if "." in str(self.high) else "1"
        if self.is_slight():
            return f"less than {finest}", NEXT_TO_NOTHING
        ends = sorted((str(self.low), str(self.high)), key=distance)
        least, most = (
            f"under {finest}" if is_nought(end) else end.lstrip("-").replace("<", "under ")
            for end in ends
        )
        return self.value.lstrip("-"), least if least == most else f"{least} to {most}"


def distance(text: str) -> float:
    """How far a written number lies from nought."""
    return abs(float(text.replace(",", "").lstrip("<>")))


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


def with_minus(text: str) -> str:
    """Figures with the sign that print has for a minus."""
    return text.replace("-", "−")


def rounded_ratio(value: float, low: float | None, high: float | None) -> Written:
    """Round a ratio and its limits alike, so that it still shows on which side of one they lie.

    From ten on it is a whole number. Under ten its tenths are kept however wide the interval is:
    from 1.4 to 2.6 is not from 1 to 3.
    It is written a place more finely where a limit would be rounded to one, or both to the same.
    """
    unit = 1.0 if value >= _TEN else min(place(value, low, high), _FINEST)
    told = rounded(value, low, high, unit)
    hidden = (low != high and told.low == told.high is not None) or any(
        end is not None and end != 1 and round(end / unit) * unit == 1 for end in (low, high)
    )
    return rounded(value, low, high, unit / 10) if hidden else told


def signed(number: str) -> str:
    """A number with its sign; what rounds to nought has none."""
    if number.startswith("<"):
        return re.sub("[1-9]", "0", number[1:])
    nought = not re.search("[1-9]", number)
    return number if nought or number.startswith("-") else f"+{number}"


def is_nought(text: str) -> bool:
    """Whether a written number is nought."""
    return not re.search("[1-9]", text)
