"""The scenario as a whole, and the checks that need all of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ModelWrapValidatorHandler, model_validator

from sim.scenario.concern import Concern
from sim.scenario.cycles import as_shifts, as_spoken_of
from sim.scenario.demand import Profile, Stream
from sim.scenario.episode import Episode
from sim.scenario.fields import (
    Duration,
    Fault,
    Line,
    Model,
    Name,
    Paragraph,
    Positive,
    Whole,
    WholeKey,
)
from sim.scenario.people import Costs, Pool
from sim.scenario.policies import Policy


class Holidays(Model):
    """A run of school holidays."""

    first: date
    last: date

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.last < self.first:
            raise Fault(f"this lies before first ({self.first})", "last")
        return self


class Calendar(Model):
    """The dates that the simulation runs on."""

    first_day: date = Field(description="Time 0 is this day's midnight; warm-up lies before it.")
    bank_holidays: list[date] = []
    school_holidays: list[Holidays] = []

    @model_validator(mode="after")
    def _near(self) -> Self:
        if not 1970 <= self.first_day.year <= 2200:
            raise Fault("this is no year to plan for", "first_day", allowed="1970 to 2200")
        return self


class Area(Model):
    """A local policing area."""

    title: Line
    travel: Duration = Field(description="Base travel of an own-area unit, without blue lights.")


class Grade(Model):
    """One of the force's grades."""

    title: Line


class Target(Model):
    """A promise with a clock: from where it starts to where it stops."""

    grade: Whole
    minutes: Positive | dict[Name, Positive] = Field(description="One number, or one by area.")
    starts: Literal["received", "answered", "graded"] = "received"
    stops: Literal["first_enquiry", "officer_at_address", "child_seen", "child_safe"] = (
        "officer_at_address"
    )


class Source(Model):
    """Where a number comes from."""

    source: Paragraph | None = None
    year: Line | int | None = None
    confidence: Literal["A", "B", "C", "D", "E"] | None = None
    assumption: Paragraph | None = Field(
        default=None, description="Why this value, where none is known."
    )
    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.source is None) == (self.assumption is None):
            raise Fault("either source or assumption is needed, and only one of them")
        if self.low is not None and self.high is not None and self.high < self.low:
            raise Fault(f"this lies under low ({self.low:g})", "high")
        return self


class Size(Model):
    """What ``size`` is asked of this scenario, where the command does not say otherwise."""

    target: Line | None = Field(
        default=None, description='What is to be reached, such as "waited_over 60 <= 0.2".'
    )
    vary: dict[Line, Line | list[Line | int | float]] = Field(
        default={},
        description='By path of a shift\'s people, start, end or hours: a range "9..20" or a list.',
    )
    no_worse: list[Line] = Field(
        default=[],
        description='Other work, such as "delay_mean of priority grade 2 by 2".',
    )
    budget: Literal["same"] | float | None = Field(
        default=None,
        description="The best for the money: as today, or pounds a week beyond today's.",
    )
    confidence: Annotated[float, Field(ge=0.5, le=0.999)] = 0.95


class Scenario(Model):
    """What a planner writes, checked and complete.

    Raises
    ------
    pydantic.ValidationError
        A key is unknown, missing, of the wrong type or out of range, or a name refers to
        nothing; the loader turns it into messages for people.
    """

    format: Literal[1]
    title: Line
    about: Paragraph = ""
    illustrative: bool = Field(
        default=True, description="True: every output says that it is no evidence about a force."
    )
    force: Line | None = Field(
        default=None, description="Whose figures it takes after: what it is no evidence about."
    )
    calendar: Calendar
    areas: Annotated[dict[Name, Area], Field(min_length=1, max_length=20)]
    grades: Annotated[dict[WholeKey, Grade], Field(min_length=1)]
    targets: dict[Name, Target] = {}
    profiles: dict[Name, Profile]
    streams: Annotated[dict[Name, Stream], Field(min_length=1)]
    pools: Annotated[dict[Name, Pool], Field(min_length=1)]
    policy: Policy = Policy()
    episode: Episode | None = Field(
        default=None, description="What follows the first attendance; absent: nothing."
    )
    concern: Concern | None = Field(
        default=None,
        description="Welfare concerns with re-visits until the child is seen; absent: a concern "
        "ends with its first attendance.",
    )
    costs: Costs = Costs()
    follow_up_hours: Annotated[float, Field(gt=0, le=8_760)] = 48.0
    team_role: Name = Field(
        default="missing_person", description="The role whose hours are `hours = team` in results."
    )
    size: Size | None = Field(default=None, description="What size is asked; no run reads it.")
    sources: dict[str, Source] = {}

    @model_validator(mode="wrap")
    @classmethod
    def _teams_as_shifts(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401
        """Write rotas by cycle as shifts: nobody else knows of teams."""
        scenario = handler(data)
        if all(pool.cycle is None for pool in scenario.pools.values()):
            return scenario
        pools = as_shifts(scenario.pools, scenario.calendar.first_day)
        sources = as_spoken_of(scenario.sources, scenario.pools)
        return scenario.model_copy(update={"pools": pools, "sources": sources})
