"""The answer to one night, typed."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from sim.answers.document import AnswerDocument
from sim.answers.estimated import Estimated
from sim.results.model import Model


class Line(Model):
    """One thing about the night, full and short, or under two scenarios."""

    name: Literal["reports", "half_within", "any_over_120", "over_60", "immediate_mean"]
    stream: str | None
    """Whose; null is all."""
    grade: int | None
    full: Estimated
    """With all who parade as a rule; of two scenarios, under the first."""
    short: Estimated
    """With so many short; of two scenarios, under the second."""
    change: Estimated | None = None
    """Short less full, or second less first, night by night; null where nothing is paired."""
    bad: float | None = None
    """On the worst one in twenty of the nights that `short` is of; null where a night has none."""


class Hour(Model):
    """One hour of the clock, full and short, or under two scenarios."""

    hour: int = Field(ge=0, le=23)
    reports: float
    """Missing-child and grade 1 and 2 reports a night, on average."""
    full: Estimated
    """Mean minutes unattended of those reported in it."""
    short: Estimated


class HelpOf(Model):
    """What would help."""

    way: Literal["lend", "hold on", "call in"]
    people: int
    from_pool: str
    from_shift: str | None
    since: str
    """Time of day."""
    until: str
    pounds: float | None
    """Overtime for it; null: overtime has no price."""
    saves: Estimated
    """Minutes unattended less in a night, over grade 1 and 2 reports of every kind, paired; limits
    hold for all together."""
    is_best: bool = False
    as_good: bool = False
    """Whether it may be as good as the best: the difference between the two is not clear."""


class Night(AnswerDocument):
    """One night with people short, or under two scenarios, over hundreds of such nights."""

    kind: Literal["night"] = "night"
    on: date
    other: str | None = None
    """Name of the second scenario; null: it is one scenario, full and short."""
    pool: str | None
    """Whose shift is short; null: nobody is."""
    shift: str | None
    hours: str
    """From and to."""
    people: int = Field(ge=0)
    """How many are short; of two scenarios under both."""
    parades: float | None
    """People who parade on the short shift as a rule, under the first scenario."""
    parades_short: float | None
    """People who parade on it with so many short; null of two scenarios."""
    nights: int = Field(ge=1)
    lines: tuple[Line, ...]
    by_hour: tuple[Hour, ...]
    helps: tuple[HelpOf, ...] = ()
    """The one that saves most first."""

    def records(self) -> tuple[Line, ...]:
        """The lines of the table."""
        return self.lines
