"""Demand: profiles by hour of the week, and streams of incidents, children and other desk work."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, NaiveDatetime, model_validator

from sim.scenario.fields import (
    Duration,
    Fault,
    Label,
    Line,
    Model,
    Name,
    NotNegative,
    Positive,
    Share,
    SumsToOne,
    WholeKey,
)

OriginName = Literal["999", "101", "online", "direct"]
RiskName = Literal["low", "medium", "high"]
GradeShares = Annotated[dict[WholeKey, Share], SumsToOne]


class Profile(Model):
    """How a stream's volume is spread over the hours of the week.

    Either ``hours`` (24 weights) with optional ``days`` (7 factors, Monday first), or
    ``week`` (168 weights from Monday 00:00). Weights are relative; they are scaled to sum to 1.
    """

    hours: Annotated[list[NotNegative], Field(min_length=24, max_length=24)] | None = None
    days: Annotated[list[NotNegative], Field(min_length=7, max_length=7)] = [1.0] * 7
    week: Annotated[list[NotNegative], Field(min_length=168, max_length=168)] | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.hours is None) == (self.week is None):
            raise Fault("either hours (24 weights) or week (168 weights) is needed, not both")
        if sum(self.weights()) <= 0:
            raise Fault("every weight is 0", allowed="at least one weight above 0")
        return self

    def weights(self) -> list[float]:
        """168 relative weights from Monday 00:00, unscaled."""
        if self.week is not None:
            return list(self.week)
        return [day * hour for day in self.days for hour in self.hours or []]


class _Stream(Model):
    volume_per_year: NotNegative = Field(description="Reports (or desk tasks) a year.")
    profile: Name = Field(description="Name of a profile of [profiles].")
    month_factors: Annotated[list[NotNegative], Field(min_length=12, max_length=12)] = Field(
        default=[1.0] * 12, description="Season, January first."
    )
    bank_holiday_factor: NotNegative = 1.0
    school_holiday_factor: NotNegative = 1.0
    day_variation: Share = Field(
        default=0.0,
        description="How far busy days differ from quiet ones beyond chance: standard deviation of "
        "a day's factor on the volume, whose mean is 1. 0: not at all.",
    )


class DeskWork(_Stream):
    """Other work of a desk pool: reviews that supervisors do besides, critical incidents."""

    kind: Literal["desk_work"]
    pool: Name = Field(description="The desk pool that does it.")
    urgency: Annotated[int, Field(ge=0, le=9)] = Field(
        default=3, description="0 goes before everything (a critical incident); else as a grade."
    )
    work: Duration


class HangingUp(Model):
    """Callers by 101 who do not wait for ever; for those alone to whom nobody is sent."""

    patience: Duration = Field(description="How long a caller waits for a call taker.")
    calls_again: Share = Field(
        default=0.0, description="Share of those who hang up that call again, once."
    )
    goes_online: Share = Field(
        default=0.0, description="Share of them that report online; the rest give up."
    )
    again_after: Duration | None = Field(
        default=None, description="From hanging up to calling again, or to reporting online."
    )

    @model_validator(mode="after")
    def _at_most_all(self) -> Self:
        again = self.calls_again + self.goes_online
        if again > 1:
            raise Fault(
                f"calls_again and goes_online sum to {again:.6g}",
                allowed="shares that sum to at most 1",
            )
        if again and self.again_after is None:
            raise Fault(
                "this key is missing: some call again, or report online, and nothing says when",
                "again_after",
                allowed="a duration",
            )
        return self


class Regrade(Model):
    """What ratification does to the grade and, where one is assessed, to the risk level."""

    upgraded: Share = 0.0
    downgraded: Share = 0.0

    @model_validator(mode="after")
    def _at_most_one(self) -> Self:
        if self.upgraded + self.downgraded > 1:
            raise Fault(
                f"upgraded and downgraded sum to {self.upgraded + self.downgraded:.6g}",
                allowed="shares that sum to at most 1",
            )
        return self


class LackingDetail(Model):
    """Assessments that lack detail: slower to ratify, and oftener changed by it."""

    share: Share
    ratification_factor: Positive = 1.0
    regrade_factor: NotNegative = 1.0


class Escalation(Model):
    """A rise of risk that nobody knows of until a review."""

    share: Share
    after: Duration = Field(description="From the report.")


class Known(Model):
    """What is known already: flags and trigger plans shorten research."""

    flagged: Share = 0.0
    trigger_plan: Share = 0.0
    research_factor: Annotated[float, Field(ge=0, le=1)] = Field(
        default=1.0, description="Research takes this share of its time where either is there."
    )


def _grades_of_the_vulnerable(shares: dict[int, float], *at: str) -> None:
    for grade, share in shares.items():
        if grade > 2 and share > 0:
            raise Fault(
                "where people are vulnerable the grade is 1 or 2",
                *at,
                str(grade),
                allowed="grades 1 and 2",
            )


class IncidentStream(_Stream):
    """Incidents that are reported, graded and, mostly, attended."""

    kind: Literal["incident"]
    beside_headline: Line | None = Field(
        default=None, description="Shown beside the headline, for the reason that this says."
    )
    volume_per_year: NotNegative = Field(
        default=0.0, description="Reports a year; needed unless reports_at is given."
    )
    reports_at: list[NaiveDatetime] = Field(
        default=[],
        description="Scripted reports, in place of a volume: one at each of these dates and times. "
        "The place in the list names a report's luck, so one that is moved in time keeps it.",
    )
    areas: Annotated[dict[Name, Share], SumsToOne] = Field(
        description="Share of each area; sums to 1."
    )
    origins: Annotated[dict[OriginName, Share], SumsToOne] = {"999": 1.0}
    grades: GradeShares = Field(description="Share of each grade as first graded; sums to 1.")
    ends_without_deployment: Share = 0.0
    hanging_up: HangingUp | None = Field(
        default=None,
        description="Callers by 101 may hang up; only where ends_without_deployment is 1.",
    )
    vulnerable: bool = False

    thrive: Duration = Field(description="From answer to grade.")
    thrive_done: Share = Field(
        default=1.0, description="Where no THRIVE is made, the grade is given when the call ends."
    )
    wrap: Duration | None = Field(default=None, description="The call taker's work at the end.")
    research: Duration | None = None
    research_share: Share = 1.0
    ratification: Duration | None = None
    regrade: Regrade = Regrade()
    escalation: Escalation | None = None

    officers: Annotated[dict[WholeKey, Share], SumsToOne] = {1: 1.0}
    scene: Duration | None = None
    custody: Duration | None = None
    custody_share: Share = 0.0
    writing: Duration | None = None

    @model_validator(mode="after")
    def _drawn_or_scripted(self) -> Self:
        if self.reports_at and self.volume_per_year > 0:
            raise Fault(
                "both volume_per_year and reports_at are given",
                "reports_at",
                allowed="one of them; a volume of 0 may stand beside reports_at",
            )
        if not self.reports_at and "volume_per_year" not in self.model_fields_set:
            raise Fault(
                "this key is missing: there is neither a volume nor scripted reports",
                "volume_per_year",
                allowed="a number, 0 or more, or reports_at with dates and times",
            )
        return self

    @model_validator(mode="after")
    def _shares(self) -> Self:
        if self.vulnerable:
            _grades_of_the_vulnerable(self.grades, "grades")
        if self.scene is None and self.ends_without_deployment < 1:
            raise Fault("scene is needed where anybody is sent")
        if self.hanging_up is not None and self.ends_without_deployment < 1:
            raise Fault(
                "callers may hang up only where nobody is sent to any of them",
                "hanging_up",
                allowed="none, or ends_without_deployment = 1.0 in the stream",
            )
        return self


class MissingAdult(IncidentStream):
    """Missing adults: assessed for risk, may return before anyone arrives."""

    kind: Literal["missing_adult"]  # type: ignore[assignment]
    assessment: Duration = Field(description="The missing person risk assessment, after the grade.")
    lacking_detail: LackingDetail = LackingDetail(share=0.0)
    risk: Annotated[dict[RiskName, Share], SumsToOne]
    grades_by_risk: dict[RiskName, GradeShares] = Field(
        default={}, description="Grades where the risk level decides them; else `grades`."
    )
    known: Known = Known()
    last_seen: Duration = Field(description="Before the report.")
    natural_return: Duration | None = Field(default=None, description="From the report.")
    interview: Duration = Field(description="At the scene, where the person has returned first.")

    @model_validator(mode="after")
    def _risk_shares(self) -> Self:
        for level, shares in self.grades_by_risk.items():
            if self.vulnerable:
                _grades_of_the_vulnerable(shares, "grades_by_risk", level)
        return self


class Episodes(Model):
    """How many episodes a child's spell holds: weight of k is k^-exponent · e^(-decay·k)."""

    exponent: Annotated[float, Field(ge=0, le=5)]
    decay: Annotated[float, Field(ge=0, le=5)]


class Children(Model):
    """The children behind the reports: most are missing once, a few many times."""

    in_care: Share = Field(description="Share of the children (not of incidents) looked after.")
    episodes_in_care: Episodes
    episodes_at_home: Episodes
    gap_median_days: Positive = Field(
        description="Median from a return to the next report, for a child of two episodes."
    )
    gap_sigma: Annotated[float, Field(gt=0, le=3)]
    gap_exponent: NotNegative = Field(
        description="Gaps shrink as (2 / number of episodes) to this power."
    )
    most_episodes: Annotated[int, Field(ge=1, le=127)] = Field(
        default=100, description="No child's spell holds more."
    )
    longest_spell_days: Annotated[float, Field(gt=0, le=364)] = Field(
        default=330.0,
        description="A longer spell is shortened in proportion, to fit the year that is drawn "
        "before time 0.",
    )
    age_bands: Annotated[dict[Label, Share], SumsToOne] = {
        "0-11": 0.07,
        "12-14": 0.35,
        "15-17": 0.58,
    }


class MissingChild(MissingAdult):
    """Missing children: drawn by child, with repeats; each scripted report is another child's."""

    kind: Literal["missing_child"]  # type: ignore[assignment]
    vulnerable: bool = True
    natural_return: Duration = Field(description="From the report, unprompted.")
    children: Children


Stream = Annotated[
    DeskWork | IncidentStream | MissingAdult | MissingChild, Field(discriminator="kind")
]
