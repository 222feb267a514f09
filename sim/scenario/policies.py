"""Policies: the switches and thresholds that staffing scenarios change."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from sim.scenario.fields import (
    Duration,
    Factor,
    Fault,
    Model,
    Name,
    NotNegative,
    Positive,
    Share,
    Whole,
    WholeKey,
)


class TelephoneFirst(Model):
    """Enquiries by telephone before anybody is sent, where risk is uncertain."""

    streams: Annotated[list[Name], Field(min_length=1)] = Field(
        description="Streams of missing people in which they are made."
    )
    share_uncertain: Share = Field(
        description="Share of their reports whose risk is uncertain; never one of high risk."
    )
    work: Duration = Field(description="Of the desk that telephones, from taking the task up.")
    finds: Share = Field(description="Share of these enquiries that find who is still missing.")
    at_most_minutes: NotNegative | None = Field(
        default=None,
        description="After grading the deployment waits no longer; absent: as long as it takes.",
    )
    pool: Name | None = Field(
        default=None, description="The desk pool that telephones; absent: it takes nobody's time."
    )


class Gate(Model):
    """What deployment waits for, and how often."""

    deploy_on: Literal["grading", "assessment", "research", "ratification"] = Field(
        default="grading", description="The step that held deployments wait for."
    )
    share_held: Share = Field(default=1.0, description="Share of gated incidents that are held.")
    streams: list[Name] = Field(default=[], description="Streams that the gate applies to.")
    hold_high_risk: bool = False
    telephone: TelephoneFirst | None = Field(
        default=None,
        description="Enquiries by telephone that deployment waits for, where risk is uncertain.",
    )


class Ratification(Model):
    """Who ratifies a missing person risk assessment."""

    low: list[Name] = Field(default=[], description="Desk pools, in the order asked.")
    medium: list[Name] = []
    high: list[Name] = []
    waits_for_research: bool = False


class ControlRoom(Model):
    """Which desk pools do the control room's steps; a step with none takes nobody's time."""

    call_takers: Name | None = None
    switchboard: Name | None = Field(
        default=None,
        description="Desk pool that answers 999 and 101 and passes the calls on to call takers; "
        "absent: call takers answer.",
    )
    switch: Duration | None = Field(
        default=None, description="The switchboard's work to answer a call and pass it on."
    )
    passed_at_once: list[Name] = Field(
        default=[],
        description="Streams whose calls the switchboard passes on before others, as it does 999.",
    )
    kept_for_999: Annotated[int, Field(ge=0, le=100)] = Field(
        default=0, description="Call takers who are kept free for 999 calls."
    )
    research: Name | None = None
    dispatchers: Name | dict[Name, Name] | None = Field(
        default=None, description="One desk pool, or one for each area."
    )
    dispatch: Duration | None = Field(default=None, description="A dispatcher's work to allocate.")


class Queue(Model):
    """The order of the jobs that wait for a unit."""

    missing_child_place: Literal["first", "level", "last"] = "level"
    share_with_next_grade: Share = Field(
        default=0.0, description="Share of missing-child jobs treated as the next grade's work."
    )
    step_up_minutes: dict[WholeKey, Positive] = {}
    returned_with_next_grade: bool = False


QUARTERS: Final = 96
"""Quarters of an hour in a day."""

_Rate = Annotated[float, Field(ge=0, le=100)]
_Times = Annotated[float, Field(ge=0, le=100)]


class DispatchRate(Model):
    """How a dispatcher lets jobs go whose gate is open: by a rate, whoever is free."""

    look_seconds: Annotated[int, Field(ge=1, le=600)] = Field(
        default=10, description="From one look at the waiting jobs to the next."
    )
    waited_minutes: Annotated[list[NotNegative], Field(min_length=1, max_length=100)] = Field(
        description="Minutes since grading from which on each number of a_minute holds."
    )
    a_minute: dict[WholeKey, Annotated[list[_Rate], Field(min_length=1)]] = Field(
        description="By grade: jobs let go a minute, of each that waits, with no crew busy and no "
        "job ahead of it; a number for each of waited_minutes."
    )
    quarter_hours: Annotated[list[_Times], Field(min_length=QUARTERS, max_length=QUARTERS)] = Field(
        default=[1.0] * QUARTERS,
        description="Times the rate, by quarter of an hour from midnight.",
    )
    all_busy: dict[WholeKey, Annotated[float, Field(gt=0, le=100)]] = Field(
        default={},
        description="By grade: times the rate while all crews of the area have a job; in "
        "proportion, on the scale of its logarithm, while some have.",
    )
    ahead_power: dict[WholeKey, Annotated[float, Field(ge=-10, le=10)]] = Field(
        default={},
        description="By grade: the rate goes with this power of one more than the jobs ahead, "
        "of which those beyond twenty make no further difference.",
    )
    just_freed: dict[WholeKey, Annotated[float, Field(gt=0, le=100)]] = Field(
        default={},
        description="By grade: times the rate for a minute after a crew of the area has left a "
        "scene, its work complete; 1 where nothing is said.",
    )
    streams: dict[Name, Annotated[float, Field(ge=0.001, le=100)]] = Field(
        default={}, description="Times the rate of one stream's jobs."
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        waited = self.waited_minutes
        if waited[0] != 0 or any(one >= other for one, other in pairwise(waited)):
            raise Fault(
                "these minutes do not begin with 0, or do not rise",
                "waited_minutes",
                allowed="0, then each greater than the one before",
            )
        for grade, rates in self.a_minute.items():
            if len(rates) != len(waited):
                raise Fault(
                    f"the rates are not as many as waited_minutes, which has {len(waited)}",
                    "a_minute",
                    str(grade),
                    allowed="a rate for each number of waited_minutes",
                )
        return self


class Attendance(Model):
    """Who may attend a stream's jobs: roles of unit pools, first asked first."""

    default: Annotated[list[Name], Field(min_length=1)] = ["response"]
    streams: dict[Name, Annotated[list[Name], Field(min_length=1)]] = {}


class Borrowing(Model):
    """When another area's units may be sent."""

    after_minutes: dict[WholeKey, NotNegative] = Field(
        default={}, description="By grade, from when the job is ready; absent: never."
    )


class Diversion(Model):
    """Which jobs lose their units to a more urgent one."""

    travelling: dict[WholeKey, list[Whole]] = Field(
        default={}, description="Grade of the new job: grades that units on the way may leave."
    )
    at_scene: dict[WholeKey, list[Whole]] = {}
    at_most: Annotated[int, Field(ge=0, le=20)] = 1

    @model_validator(mode="after")
    def _strictly_lower(self) -> Self:
        for key, matrix in (("travelling", self.travelling), ("at_scene", self.at_scene)):
            for grade, left in matrix.items():
                if any(other <= grade for other in left):
                    raise Fault(
                        f"a job of grade {grade} takes units only from less urgent ones",
                        key,
                        str(grade),
                        allowed=f"grades above {grade}",
                    )
        return self


class ShiftEnds(Model):
    """Work in hand when a shift ends."""

    rule: Literal["finish", "hand_over"] = "finish"
    handover_minutes: NotNegative = 0.0


class Committed(Model):
    """States that are committed but deployable: grades that they are broken off for."""

    writing: list[Whole] = []
    on_break: list[Whole] = []


class Travel(Model):
    """Factors on the base travel time."""

    grades: dict[WholeKey, Factor] = {}
    other_area: Factor = Field(default=1.0, description="A unit borrowed from another area.")
    between: dict[Name, dict[Name, Factor]] = Field(
        default={}, description="Area of the unit, area of the incident; in place of other_area."
    )
    hours: Annotated[list[Factor], Field(min_length=24, max_length=24)] = [1.0] * 24


class Reviews(Model):
    """Reviews of jobs that wait, and the 24-hour re-THRIVE."""

    # Reviews that follow each other at once would hold up the clock.
    after_minutes: dict[WholeKey, Annotated[float, Field(ge=1, le=10_000_000)]] = {}
    levels: list[Name] = Field(default=[], description="Desk pools, in the order passed up.")
    stand_ins: dict[Name, list[Name]] = Field(
        default={},
        description="By pool of levels: desk pools asked in its place while nobody of it is on "
        "duty, first asked first.",
    )
    minutes: NotNegative = 3.0
    restores_rank_from: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Level, from 1, whose review undoes share_with_next_grade."
    )
    rethrive_after_hours: Annotated[float, Field(ge=1, le=10_000_000)] | None = None
    rethrive_minutes: NotNegative = 5.0
    rethrive_pool: Name | None = None
    rethrive_calls_back: bool = False


class Policy(Model):
    """All the rules that a scenario can change."""

    gate: Gate = Gate()
    ratification: Ratification = Ratification()
    control_room: ControlRoom = ControlRoom()
    dispatch_rate: DispatchRate | None = Field(
        default=None, description="Absent: a job is let go when its gate opens."
    )
    queue: Queue = Queue()
    attendance: Attendance = Attendance()
    borrowing: Borrowing = Borrowing()
    diversion: Diversion = Diversion()
    shift_ends: ShiftEnds = ShiftEnds()
    committed: Committed = Committed()
    travel: Travel = Travel()
    reviews: Reviews = Reviews()
