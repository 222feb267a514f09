"""People: pools, their shifts and what an hour of them costs."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from sim.scenario.fields import (
    ClockTime,
    DateKey,
    Fault,
    Line,
    Model,
    Name,
    NotNegative,
    Positive,
    Share,
    Weekday,
    WholeKey,
)
from sim.scenario.patterns import ensure_names, pattern_days, step_of, team_shift

_LONGEST_NAME: Final = 40
_Number = Annotated[int, Field(ge=0, le=250)]


class Cycle(Model):
    """A rota cycle of any length: on which of its days, counted from 1, the shift is worked."""

    length_days: Annotated[int, Field(ge=1, le=366)]
    on_days: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1)]
    starts: date = Field(description="A date that is day 1 of the cycle.")

    @model_validator(mode="after")
    def _inside(self) -> Self:
        if max(self.on_days) > self.length_days:
            raise Fault(
                "a day lies beyond the cycle's end",
                "on_days",
                allowed=f"days from 1 to length_days ({self.length_days})",
            )
        return self


class Shift(Model):
    """One shift: the same people come on together and leave together."""

    name: Name
    start: ClockTime
    end: ClockTime = Field(description="Not later than the start: ends on the next day.")
    people: _Number = Field(
        default=0,
        description="Officers or staff rostered, before abstraction; not needed where teams work "
        "the shift by cycle.",
    )
    crew_size: Annotated[int, Field(ge=1, le=2)] = Field(
        default=1, description="2: double crewed; an odd officer joins the last crew."
    )
    days: Annotated[list[Weekday], Field(min_length=1)] | None = Field(
        default=None, description="Days it begins on; all if absent."
    )
    cycle: Cycle | None = None
    bank_holidays: Literal["as_usual", "off", "only"] = "as_usual"
    from_date: date | None = None
    until_date: date | None = Field(default=None, description="Last date on which it begins.")
    abstraction: Share | None = Field(default=None, description="In place of the pool's.")
    absent: _Number | dict[DateKey, _Number] | None = Field(
        default=None,
        description="So many of those who would parade do not, and are paid: one number, or one "
        "by the date on which the shift begins.",
    )
    break_after_hours: Positive | None = None
    break_minutes: NotNegative = 0.0

    @property
    def length_minutes(self) -> int:
        """Minutes from start to end, over midnight where need be."""
        return (self.end - self.start) % 1440 or 1440

    @property
    def says_people(self) -> bool:
        """Whether people are written, be it nobody."""
        return "people" in self.model_fields_set

    def absent_on(self, on: date) -> int:
        """Return how many of those who would parade on a date do not come, besides abstraction."""
        absent = self.absent.get(on) if isinstance(self.absent, dict) else self.absent
        return absent or 0

    @model_validator(mode="after")
    def _sound(self) -> Self:
        by_date = self.absent.items() if isinstance(self.absent, dict) else ()
        for on, absent in (*by_date, (None, self.absent_on(date.max))):
            if self.says_people and absent > self.people:
                raise Fault(
                    "more are absent than are rostered",
                    *("absent",) if on is None else ("absent", str(on)),
                    allowed=f"a whole number from 0 to {self.people}",
                )
        if self.start == 1440:
            raise Fault(
                'no shift starts at "24:00"', "start", allowed='a quoted time, "00:00" to "23:59"'
            )
        if self.break_after_hours is None and self.break_minutes > 0:
            raise Fault("break_minutes needs break_after_hours beside it", "break_minutes")
        return self


class TeamCycle(Model):
    """A rota in which several teams work one pattern, each some days after the team before it."""

    pattern: Line = Field(
        description='What a team does day by day: "2 early, 2 late, 2 night, 4 off".'
    )
    teams: Annotated[int, Field(ge=1, le=50)]
    people: _Number | list[_Number] = Field(
        description="In each team, before abstraction: one number for all, or one for each."
    )
    starts: date | None = Field(
        default=None,
        description="When the first team begins the pattern; absent: the calendar's first day.",
    )
    stagger_days: Annotated[int, Field(ge=0, le=366)] | None = Field(
        default=None,
        description="How far each team is behind the one before it; absent: shared out evenly.",
    )

    @property
    def by_team(self) -> list[int]:
        """People of each team."""
        return [self.people] * self.teams if isinstance(self.people, int) else list(self.people)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        step_of(len(pattern_days(self.pattern)), self.teams, self.stagger_days)
        if len(self.by_team) != self.teams:
            raise Fault(
                f"there are {self.teams} teams and {len(self.by_team)} numbers",
                "people",
                allowed="one number for all teams, or one for each",
            )
        return self


class Pool(Model):
    """A pool of people with one role."""

    kind: Literal["units", "desk"]
    title: Line | None = Field(default=None, description="What tables call it.")
    role: Name = Field(description="Such as response, missing_person, dispatcher.")
    area: Name | None = Field(default=None, description="Absent: works for all areas.")
    abstraction: Share = Field(
        default=0.0, description="Share of rostered people away: leave, sickness, court, training."
    )
    shifts: list[Shift] = []
    cycle: TeamCycle | None = Field(
        default=None,
        description="Teams work the shifts in a pattern; their people are the teams'.",
    )
    rota_file: str | None = Field(default=None, description="CSV of shifts, beside this file.")
    reserve: Annotated[int, Field(ge=0, le=100)] = Field(
        default=0, description="Idle units kept for grade 1."
    )
    last_call_margin_minutes: dict[WholeKey, NotNegative] = Field(
        default={}, description="By grade: no such work is taken nearer to the shift's end."
    )
    pounds_per_hour: NotNegative = Field(default=0.0, description="Cost of a paid hour.")

    @model_validator(mode="after")
    def _some_rota(self) -> Self:
        if self.shifts and self.rota_file is not None:
            raise Fault("both shifts and rota_file are given", "rota_file", allowed="one of them")
        names = [shift.name for shift in self.shifts]
        for place, name in enumerate(names):
            if name in names[:place]:
                raise Fault("another shift of this pool has the same name", "shifts", place, "name")
            if self.cycle is None and not self.shifts[place].says_people:
                raise Fault(
                    "this key is missing",
                    *("shifts", place, "people"),
                    allowed="a whole number from 0 to 250",
                )
        if self.cycle is not None:
            self._ensure_teams(self.cycle)
        if self.kind == "desk":
            for key, value in (
                ("reserve", self.reserve),
                ("last_call_margin_minutes", self.last_call_margin_minutes),
            ):
                if value:
                    raise Fault('only a pool of kind "units" has this', key)
        return self

    def _ensure_teams(self, cycle: TeamCycle) -> None:
        """Refuse a pattern that does not fit the shifts."""
        try:
            ensure_names(pattern_days(cycle.pattern), [shift.name for shift in self.shifts])
        except Fault as fault:
            raise Fault(str(fault), "cycle", *fault.at, allowed=fault.allowed) from None
        for place, shift in enumerate(self.shifts):
            longest = team_shift(shift.name, cycle.teams)
            if len(longest) > _LONGEST_NAME:
                raise Fault(
                    f"with its team this name has {len(longest)} letters",
                    *("shifts", place, "name"),
                    allowed=f"at most {_LONGEST_NAME - len(str(cycle.teams)) - 1}",
                )
            if shift.cycle is not None:
                raise Fault(
                    "the teams' pattern says on which days this is worked",
                    *("shifts", place, "cycle"),
                    allowed="no cycle of its own",
                )
            if shift.absent is not None and shift.absent_on(date.max) > min(cycle.by_team):
                raise Fault(
                    "more are absent than are in a team",
                    *("shifts", place, "absent"),
                    allowed=f"a whole number from 0 to {min(cycle.by_team)}",
                )


class Costs(Model):
    """What turns rostered hours into posts and pounds."""

    contract_hours_per_week: Positive = 40.0
    abstraction: Annotated[float, Field(ge=0, le=0.9)] = Field(
        default=0.0,
        description="Share of paid hours away (leave, sickness, training) of pools that set no "
        "abstraction: their shifts hold the people at work.",
    )
    overtime_factor: NotNegative | None = Field(
        default=None,
        description="Overtime costs this multiple of a paid hour; absent: not in the cost.",
    )
