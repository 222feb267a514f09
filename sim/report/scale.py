"""In what figures are told: shares in 100, small ones in 1,000, times in minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sim.answers import Estimated

_SMALL: Final = 0.02
"""Under this parts of a share would all be nought point something in 100."""


@dataclass(frozen=True, slots=True)
class Scale:
    """By what a figure is multiplied, and what it is then counted in."""

    times: float
    words: str

    @property
    def of_reports(self) -> str:
        """The title of an axis, such as "Reports in 100"."""
        return "Minutes" if self.words == "minutes" else f"Reports {self.words}"


IN_100: Final = Scale(100.0, "in 100")
IN_1000: Final = Scale(1000.0, "in 1,000")
MINUTES: Final = Scale(1.0, "minutes")


def unit_scale(unit: str) -> Scale:
    """The scale of a unit by itself."""
    return IN_100 if unit == "share" else MINUTES


def scale_of(whole: Estimated) -> Scale:
    """The scale of a figure that others are parts, or changes, of."""
    if whole.unit == "share" and whole.value is not None and whole.value < _SMALL:
        return IN_1000
    return unit_scale(whole.unit)
