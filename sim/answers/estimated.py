"""One figure of an answer, with its limits and its unit."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.results.catalogue import Unit
from sim.results.model import Model
from sim.statistics import Interval


class Estimated(Model):
    """One figure."""

    value: float | None
    """null: it cannot be estimated."""
    low: float | None
    """Lower limit. A share with only one of the two limits has fewer than 20 events (or
    non-events)."""
    high: float | None
    """Upper limit."""
    unit: Unit
    """What they are counted in."""
    n: Annotated[int, Field(ge=0)]
    """Cases behind it."""

    @classmethod
    def of(cls, interval: Interval, unit: Unit, n: int | None = None) -> Estimated:
        """A figure from an interval; of a share with few events only the exact limit is told."""
        low, high = interval.low, interval.high
        if interval.too_few and interval.value is not None:
            low, high = (None, high) if interval.value <= 0.5 else (low, None)
        return cls(
            value=interval.value,
            low=low,
            high=high,
            unit=unit,
            n=interval.n if n is None else n,
        )

    @property
    def number(self) -> float:
        """The value of a figure that has one.

        Raises
        ------
        ValueError
            If it cannot be estimated.
        """
        if self.value is None:
            raise ValueError(f"{self!r} has no estimate")
        return self.value
