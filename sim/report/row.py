"""One figure of a result, with what it is about."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

from sim.measures import Cut
from sim.statistics import Interval

Clock: TypeAlias = Literal["received", "graded"]
Unit: TypeAlias = Literal[
    "share", "minutes", "hours", "jobs", "tasks", "posts", "pounds", "cases", "times"
]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure; a key is None where the row is over all of it.

    Parameters
    ----------
    measure
        Name, see ``docs/output.schema.json``.
    stream, grade, risk, care, area, hours
        The incidents that it is about.
    pool
        The people that it is about; the response pool for the queue of an area.
    hour
        Of the day where there is a pool or the measure's name says so, 0 to 23; else of the week,
        0 (Monday 00:00) to 167; by time of report.
    stage
        What blocked arrival; in `utilisation`, the kind of work.
    clock
        None: the target's own.
    value, low, high
        The figure and its limits in `unit`. One limit alone is the exact limit of a share
        with fewer than 20 events (or non-events): too few to compare. None: cannot be estimated.
    n
        Cases behind a share, a mean or a quantile; replications behind other figures.
    adjusted
        Whether the limits hold for all headline measures of all compared scenarios at once.

    Raises
    ------
    ValueError
        If a number is NaN or infinite.
    """

    measure: str
    stream: str | None
    grade: int | None
    risk: str | None
    care: bool | None
    area: str | None
    hours: str | None
    pool: str | None
    hour: int | None
    stage: str | None
    clock: Clock | None
    value: float | None
    low: float | None
    high: float | None
    unit: Unit
    n: int
    adjusted: bool

    def __post_init__(self) -> None:
        for number in (self.value, self.low, self.high):
            if number is not None and not math.isfinite(number):
                raise ValueError(f"{self.measure} holds {number}; it must be a number or None")

    @property
    def too_few(self) -> bool:
        """Whether a share has too few events to compare."""
        return self.value is not None and (self.low is None) != (self.high is None)

    def as_dict(self) -> dict[str, object]:
        """The keys and values of the JSON document."""
        return asdict(self)


def row(
    measure: str,
    interval: Interval,
    unit: Unit,
    cut: Cut | None = None,
    *,
    pool: str | None = None,
    hour: int | None = None,
    stage: str | None = None,
    clock: Clock | None = None,
    n: int | None = None,
) -> Row:
    """A row from an interval; of a share with few events only the exact limit is told."""
    cut = cut or Cut()
    low, high = interval.low, interval.high
    if interval.too_few and interval.value is not None:
        low, high = (None, high) if interval.value <= 0.5 else (low, None)
    return Row(
        measure=measure,
        stream=cut.stream,
        grade=cut.grade,
        risk=cut.risk,
        care=cut.care,
        area=cut.area,
        hours=cut.hours,
        pool=pool,
        hour=hour,
        stage=stage,
        clock=clock,
        value=interval.value,
        low=low,
        high=high,
        unit=unit,
        n=interval.n if n is None else n,
        adjusted=interval.adjusted,
    )
