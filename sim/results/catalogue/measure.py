"""The record of one measure: what it is called, what it means, and what it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from sim.measures import HEADLINE_MEASURES, CaseCount, ConcernCount, Count, PlacedCount, Span

Clock: TypeAlias = Literal["received", "graded"]
Unit: TypeAlias = Literal["share", "minutes", "hours", "jobs", "tasks", "pounds", "cases", "times"]
Key: TypeAlias = Literal[
    "stream", "grade", "risk", "care", "area", "hours", "pool", "hour", "stage", "clock", "minutes"
]
About: TypeAlias = Literal["reports", "people", "cases", "concerns", "placed"]
Column: TypeAlias = Count | CaseCount | ConcernCount | PlacedCount

SECONDS: Final = {"minutes": 60, "hours": 3_600, "pounds": 360_000}
"""What a sum of seconds (of pence times seconds) is divided by to be in a unit."""

_CLOCK_WORDS: Final = {"received": "from the call", "graded": "from grading"}


@dataclass(frozen=True, slots=True)
class Sums:
    """A sum over a sum, and the keys of the row that it makes.

    Attributes
    ----------
    top, bottom
        Columns of the tallies of incidents, of cases, of welfare concerns, or of children in care.
    clock, stage, minutes
        Keys of the row.
    headline
        False: not declared a headline although the measure is one.
    least_from
        A commoner event of the same kind, from which clustering is known.
    """

    top: Column
    bottom: Column
    clock: Clock | None = None
    stage: str | None = None
    minutes: int | None = None
    headline: bool = True
    least_from: Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """All that is known of one measure, wherever it is made, kept or shown.

    Attributes
    ----------
    name
        As rows, JSON, CSV and workbook have it.
    about
        Incidents reported, people and queues, cases followed beyond arrival, welfare concerns, or
        children in care by who placed them.
    unit
        Of its rows. `queue_length` is in jobs or, of a desk, in tasks.
    short, long
        Labels, for a narrow column and for a wide one; ``{minutes}`` stands for the key.
    meaning
        One sentence or two.
    keys
        Those that may be set in its rows; all others are None.
    compared
        Told in differences.
    everywhere
        By its own clock told of every margin in differences, also of other work.
    sums
        Of a ratio: what is above and below the line, for each clock, stage and time.
    spans
        Of a length of time of cases: which one, and its stage.
    quantile
        Of a distribution: the probability.
    tail
        Of a distribution: mean of what lies beyond this probability.
    followed
        Seldom over within the follow-up: told by how long each was followed (Kaplan and Meier),
        and the mean only where none was cut off.
    by_margin
        Told of streams and grades, and of what is asked for besides, and of no further cut.
    where_on
        Told only where it is not nought throughout: what few scenarios switch on.
    of_time
        A share of seconds, which are many and no independent events.
    better
        Which way is better, where it can be said of the measure alone.
    """

    name: str
    about: About
    unit: Unit
    short: str
    long: str
    meaning: str
    keys: tuple[Key, ...]
    compared: bool = True
    everywhere: bool = False
    sums: tuple[Sums, ...] = ()
    spans: tuple[tuple[Span, str | None], ...] = ()
    quantile: float | None = None
    tail: float | None = None
    followed: bool = False
    by_margin: bool = False
    where_on: bool = False
    of_time: bool = False
    better: Literal["more", "less"] | None = None

    @property
    def headline(self) -> bool:
        """Declared before a run: its differences hold together, by Bonferroni's adjustment."""
        return self.name in HEADLINE_MEASURES

    @property
    def divisor(self) -> int:
        """What a sum above the line is divided by to be in the unit."""
        return SECONDS.get(self.unit, 1)

    def short_label(self, *, minutes: int | None = None, clock: str | None = None) -> str:
        """The label for a narrow column, such as "Waited over 60 min"."""
        return _label(self.short, None if minutes is None else short_time(minutes), clock)

    def long_label(self, *, minutes: int | None = None, clock: str | None = None) -> str:
        """The label for a wide column, such as "Waited over 60 minutes"."""
        return _label(self.long, None if minutes is None else long_time(minutes), clock)


def short_time(minutes: int) -> str:
    """Minutes as "60 min" or, of whole hours beyond one, "10 h"."""
    whole = minutes > 60 and minutes % 60 == 0
    return f"{minutes // 60} h" if whole else f"{minutes} min"


def long_time(minutes: int) -> str:
    """Minutes as "60 minutes" or, of whole hours beyond one, "10 hours"."""
    whole = minutes > 60 and minutes % 60 == 0
    return f"{minutes // 60} hours" if whole else f"{minutes} minutes"


def _label(words: str, time: str | None, clock: str | None) -> str:
    if time is not None:
        words = words.replace("{minutes}", time)
    return words if clock is None else f"{words}, {_CLOCK_WORDS[clock]}"
