"""The episode after the first attendance: enquiries, reviews, the return, partners.

Sections 11 to 13 of docs/model.md. All of it is optional: without ``[episode]`` nothing happens
after the first attendance.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from sim.scenario.demand import RiskName
from sim.scenario.fields import (
    ClockTime,
    Constant,
    Duration,
    Fault,
    Model,
    Name,
    NotNegative,
    Share,
    SumsToOne,
    Whole,
    WholeKey,
)

MOST_LINES: Final = 127
"""Lines of enquiry of one episode that a scenario may ask for."""

MOST_RELIEF: Final = 4
"""Officers who may be asked to stay with one child."""

MOST_PROTECTION_HOURS: Final = 72.0
"""The law's limit of police protection."""

_MIDNIGHT: Final = 1440
_HOUR: Final = 60

Roles = Annotated[list[Name], Field(min_length=1)]
Names = Annotated[list[Name], Field(min_length=1)]
Reduction = Annotated[float, Field(ge=0, le=1)]


class Grades(Model):
    """The grade of a line of enquiry, by the risk level held; the cohort has its own."""

    low: Whole = 3
    medium: Whole = 3
    high: Whole = 2
    cohort: Whole = 2


class Asked(Model):
    """Roles of unit pools, first asked first, by whose case it is."""

    team_hours: Roles = Field(description="While the missing person team of the area is on duty.")
    other_hours: Roles = Field(description="At other hours, when the case is response's.")


class Attend(Asked):
    """Who takes lines of enquiry: by default, and in place of that by risk or for the cohort."""

    team_hours: Roles = Field(
        default=["missing_person", "response"],
        description="While the missing person team of the area is on duty.",
    )
    other_hours: Roles = Field(
        default=["response"], description="At other hours, when the case is response's."
    )
    low: Asked | None = None
    medium: Asked | None = None
    high: Asked | None = None
    cohort: Asked | None = None


class Line(Model):
    """One kind of line of enquiry."""

    done_by: Literal["units", "desk"] = Field(
        description='"units" travel to it; "desk": the enquiry desk does it.'
    )
    officers: Annotated[dict[WholeKey, Share], SumsToOne] | None = Field(
        default=None, description="Shares of each number of officers; absent: one is sent."
    )
    work: Duration
    finds: Share = Field(
        default=0.0, description="Chance that it finds a child who is still missing."
    )

    @model_validator(mode="after")
    def _nobody_sent_to_a_desk(self) -> Self:
        if self.done_by == "desk" and self.officers is not None:
            raise Fault("nobody is sent to a line that a desk does", "officers")
        return self


class Package(Model):
    """The lines of enquiry of one risk level, one after another."""

    first: list[Name] = Field(default=[], description="Kinds of line, in this order.")
    then: list[Name] = Field(default=[], description="After those: repeated for as long as needed.")
    first_gap: Duration | None = Field(
        default=None, description="Before the first line; absent: as between the others."
    )
    gap: Duration = Field(description="Between lines, at day rhythm.")
    then_gap: Duration | None = Field(
        default=None, description="Before each line of then; absent: as between the others."
    )

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if not self.first and not self.then:
            raise Fault("first and then are both empty", allowed="at least one kind of line")
        for key, gap in (("gap", self.gap), ("then_gap", self.then_gap)):
            if isinstance(gap, Constant) and gap.minutes < 1:
                raise Fault(
                    "lines of enquiry would follow one another without end",
                    key,
                    "minutes",
                    allowed="1 or more",
                )
        return self


class Packages(Model):
    """The lines of enquiry, by the risk level that ratification gives."""

    low: Package
    medium: Package
    high: Package


class Handover(Model):
    """What it costs when a case changes hands between team and response."""

    minutes: NotNegative = 0.0
    share_lost: Share = Field(
        default=0.0, description="Share of handovers after which the last line is done again."
    )
    share_unnoticed: Share = Field(
        default=0.0,
        description="Share of handovers of which the new owner learns at the next review or "
        "tasking only; nothing new is done until then.",
    )


class ReviewLevel(Model):
    """One level of review of a case under enquiry."""

    first_after_minutes: NotNegative = Field(
        description="After the work of the first attendance was complete."
    )
    # Reviews that follow each other at once would hold up the clock.
    every_hours: Annotated[float, Field(ge=0.1, le=10_000)] | None = Field(
        default=None, description="After the one before ended; absent: only the first."
    )
    minutes: NotNegative
    pools: list[Name] = Field(
        default=[], description="Desk pools: the first with anyone on duty; none: nobody's time."
    )


class Reviews(Model):
    """Supervisors' reviews of cases under enquiry, by risk level."""

    low: list[ReviewLevel] = []
    medium: list[ReviewLevel] = []
    high: list[ReviewLevel] = []
    share_moved_on: Share = Field(
        default=0.0, description="Share of reviews after which the next line begins at once."
    )


def _time_of_day(at: int) -> None:
    if at == _MIDNIGHT:
        raise Fault('nothing is due at "24:00"', "at", allowed='a quoted time, "00:00" to "23:59"')


class Tasking(Model):
    """The daily tasking meeting."""

    at: ClockTime
    pool: Name | None = Field(default=None, description="Desk pool; absent: nobody's time.")
    minutes: NotNegative = Field(description="For each case under enquiry.")
    share_moved_on: Share = 0.0

    @model_validator(mode="after")
    def _in_the_day(self) -> Self:
        _time_of_day(self.at)
        return self


class Interview(Model):
    """The visit after a return, with the prevention interview; its length is the stream's."""

    grade: Whole = 3
    officers: Annotated[dict[WholeKey, Share], SumsToOne] = {1: 1.0}
    team_hours: Roles = ["missing_person", "response"]
    other_hours: Roles = ["response"]


class Placement(Model):
    """When the local authority finds a child in police protection somewhere to stay."""

    opens: ClockTime = Field(description="Its working hours begin.")
    closes: ClockTime = Field(description="They end.")
    out_of_hours: Duration = Field(
        description="Police protection that begins outside these hours: its length."
    )
    share_not_found: Share = Field(
        default=0.0,
        description="Share of children held on until the working hours of the next day begin.",
    )
    most_hours: Annotated[float, Field(gt=0, le=MOST_PROTECTION_HOURS)] = Field(
        default=MOST_PROTECTION_HOURS,
        description="Protection never lasts longer; the law's limit is 72.",
    )

    @model_validator(mode="after")
    def _in_the_day(self) -> Self:
        if self.closes <= self.opens:
            raise Fault("working hours end before they begin", "closes", allowed="later than opens")
        return self


class Relief(Model):
    """Others stay with a child in police protection when a shift of those with it ends."""

    officers: Annotated[int, Field(ge=1, le=MOST_RELIEF)] = Field(
        description="Who stays from then on."
    )
    grade: Whole = Field(default=3, description="Of the job to go there.")


class OfStream(Model):
    """What is otherwise for the children of one stream: a scripted case."""

    protection_share: Share | None = Field(default=None, description="Absent: as for all.")
    share_not_found: Share | None = Field(
        default=None, description="Of placements, where there are any hours of them."
    )


class AfterReturn(Model):
    """What police do when the child is back."""

    interview: Interview = Interview()
    transport_share: Share = Field(default=0.0, description="Of children found by an enquiry.")
    transport: Duration | None = None
    protection_share: Share = Field(
        default=0.0, description="Share with whom officers stay: police protection."
    )
    protection: Duration | None = None
    placement: Placement | None = Field(
        default=None, description="Absent: protection has one length whatever the hour."
    )
    relief: Relief | None = Field(
        default=None,
        description="Absent: whoever is with the child stays until it is over, in overtime.",
    )
    streams: dict[Name, OfStream] = Field(
        default={}, description="Streams whose shares of protection are others."
    )

    @model_validator(mode="after")
    def _lengths(self) -> Self:
        for key in ("transport", "protection"):
            if getattr(self, f"{key}_share") > 0 and getattr(self, key) is None:
                raise Fault(
                    f"this key is missing: {key}_share is above 0", key, allowed="a duration"
                )
        for name, one in self.streams.items():
            if one.protection_share and self.protection is None:
                raise Fault(
                    f"this key is missing: streams.{name}.protection_share is above 0",
                    "protection",
                    allowed="a duration",
                )
            if one.share_not_found and self.placement is None:
                raise Fault(
                    "no placement is looked for: there are no hours of it",
                    "streams",
                    name,
                    "share_not_found",
                    allowed="with placement only",
                )
        return self

    def protected(self, stream: str) -> float:
        """Share of a stream's children with whom officers stay."""
        own = self.streams[stream].protection_share if stream in self.streams else None
        return self.protection_share if own is None else own

    def without_placement(self, stream: str) -> float:
        """Share of these for whom no placement is found at first."""
        own = self.streams[stream].share_not_found if stream in self.streams else None
        if own is not None:
            return own
        return 0.0 if self.placement is None else self.placement.share_not_found


class Ppn(Model):
    """The police protection notice of a prevention interview."""

    share_sent: Share = Field(default=1.0, description="Share sent by who held the interview.")
    writing: Duration
    late_pool: Name | None = Field(
        default=None, description="Desk pool that writes it once it was asked for."
    )


class Mash(Model):
    """The multi-agency safeguarding hub."""

    pool: Name | None = None
    work: Duration = Field(description="On each PPN.")
    supervisor: Name | None = Field(
        default=None, description="Desk pool that asks for a PPN that was not sent; absent: nobody."
    )
    prompt_after_hours: NotNegative = Field(default=24.0, description="After the interview.")
    prompt_minutes: NotNegative = 5.0


class Meeting(Model):
    """The co-ordinator's daily meeting with the local authorities."""

    coordinator: Name | None = Field(
        default=None, description="Desk pool; absent: cases are discussed when the child is safe."
    )
    at: ClockTime
    minutes: NotNegative = Field(description="For each case.")

    @model_validator(mode="after")
    def _in_the_day(self) -> Self:
        _time_of_day(self.at)
        return self


class Strategy(Model):
    """Strategy meetings, and when their minutes come."""

    share_held: Share = 0.0
    after: Duration = Field(description="From the discussion to the meeting.")
    record_after: Duration = Field(description="From the meeting to its minutes on the record.")


class ReturnInterview(Model):
    """Return home interviews by the local authorities' workers."""

    share_offered: Share
    share_accepted: Share = Field(description="Of those offered.")
    wait: Duration = Field(description="From the offer until it can be held.")
    work: Duration = Field(description="A worker's time.")
    workers: dict[Name, Name] = Field(
        default={}, description="By area: desk pool of its authority; absent: nobody's time."
    )
    outside_share_in_care: Share = Field(
        default=0.0,
        description="Share of children in care who were placed from outside, "
        "and wait for their own authority.",
    )
    outside: Duration | None = Field(default=None, description="Their own authority's time.")
    share_informing_police: Share = Field(
        default=0.0, description="Share of which police systems learn."
    )
    research_factor: Reduction = Field(
        default=1.0, description="Research in a later episode takes this share of its time then."
    )

    @model_validator(mode="after")
    def _length(self) -> Self:
        if self.outside_share_in_care > 0 and self.outside is None:
            raise Fault(
                "this key is missing: outside_share_in_care is above 0",
                "outside",
                allowed="a duration",
            )
        return self


class OutOfArea(Model):
    """What is otherwise for children in care whom another local authority has placed here.

    They are those of `ReturnInterview.outside_share_in_care`.
    """

    history: Duration | None = Field(
        default=None,
        description="From research here until another force has answered what it knows of the "
        "child; absent: nothing is asked.",
    )
    answer: Duration | None = Field(
        default=None,
        description="From the daily meeting until their authority, which is not there, has "
        "decided on a strategy meeting and a return home interview; absent: at once.",
    )
    sent_on: Duration | None = Field(
        default=None,
        description="From MASH's work on a PPN until their authority has it; absent: at once.",
    )
    share_strategy_held: Share | None = Field(
        default=None, description="Of strategy meetings; absent: as of other children."
    )
    transport: Duration | None = Field(
        default=None,
        description="Bringing back one who is found by an enquiry; absent: as others.",
    )
    protection_factor: Annotated[float, Field(ge=1, le=24)] = Field(
        default=1.0, description="Police protection of them takes so many times as long."
    )
    in_cohort: bool = Field(
        default=True,
        description="They may be of the exploitation cohort; false: it is of other children.",
    )


class Referral(Model):
    """Referral of a child who is reported again and again."""

    episodes: Annotated[int, Field(ge=1, le=100)] = Field(
        default=3, description="Within 90 days, the new one included."
    )
    pool: Name | None = None
    minutes: NotNegative


class Prevention(Model):
    """An assumption: episodes that an earlier interview or referral prevents."""

    share: Share = Field(
        default=0.0,
        description="Of later episodes of a child with a complete return home interview "
        "or a referral; 0: off.",
    )


class Cohort(Model):
    """The children at high risk of exploitation."""

    children: Annotated[int, Field(ge=0, le=1_000_000)]
    of_children: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        description="Children reported missing in a year, of whom they are."
    )
    share_in_care: Share | None = Field(
        default=None, description="Share of them who are in care; absent: as of all children."
    )
    risk: Annotated[dict[RiskName, Share], SumsToOne] | None = Field(
        default=None, description="Risk as first assessed of their reports; absent: as of others."
    )
    trigger_plans: bool = Field(
        default=False, description="Each has a trigger plan, which shortens research."
    )

    @model_validator(mode="after")
    def _part(self) -> Self:
        if self.children > self.of_children:
            raise Fault(f"there are more of them than of_children ({self.of_children})", "children")
        return self

    def chance(self, in_care: float) -> tuple[float, float]:
        """Return the share of children at home, and of those in care, who are of the cohort.

        Parameters
        ----------
        in_care
            Share of all children who are in care.
        """
        share, own = self.children / self.of_children, self.share_in_care
        if own is None:
            return share, share
        home = share * (1.0 - own) / (1.0 - in_care) if in_care < 1 else 0.0
        return home, share * own / in_care if in_care > 0 else 0.0


class CareForms(Model):
    """Homes that keep a form ready on each child (the Philomena protocol)."""

    share: Share = Field(description="Share of children in care with such a form.")
    assessment_factor: Reduction = Field(default=1.0, description="Of the assessment's time.")
    research_factor: Reduction = Field(default=1.0, description="Of the research's time.")
    share_not_reported: Share = Field(
        default=0.0,
        description="Share of the reports of children with a form that homes no longer make: "
        "nobody is told, and nothing counts them.",
    )


class Episode(Model):
    """What happens after the first attendance."""

    streams: Names = Field(description="Streams of missing children that are followed.")
    lines: Annotated[dict[Name, Line], Field(min_length=1, max_length=100)]
    packages: Packages
    most_lines: Annotated[int, Field(ge=1, le=MOST_LINES)] = Field(
        default=40, description="The line after these repeats the last, and finds nobody."
    )
    enquiry_desk: Name | None = Field(
        default=None, description="Desk pool for lines done by a desk; absent: nobody's time."
    )
    grades: Grades = Grades()
    attend: Attend = Attend()
    night_starts: ClockTime = _MIDNIGHT
    night_ends: ClockTime = 0
    night_rhythm: Share = Field(
        default=1.0,
        description="How fast gaps pass at night while a case is response's, as a share of the "
        "pace of the team by day.",
    )
    response_day_rhythm: Share = Field(
        default=1.0, description="The same by day while a case is response's."
    )
    team_night_rhythm: Share = Field(
        default=1.0, description="The same at night while a case is the team's."
    )
    escalated_gap_factor: Reduction = Field(
        default=1.0, description="Gaps take this share of their time once a rise of risk is known."
    )
    handover: Handover = Handover()
    reviews: Reviews = Reviews()
    tasking: Tasking | None = None
    after_return: AfterReturn = AfterReturn()
    ppn: Ppn | None = Field(default=None, description="Absent: sent at once, in nobody's time.")
    mash: Mash | None = Field(default=None, description="Absent: shared at once.")
    meeting: Meeting | None = Field(
        default=None, description="Absent: cases are discussed when the child is safe."
    )
    strategy: Strategy | None = None
    return_interview: ReturnInterview | None = None
    out_of_area: OutOfArea | None = Field(
        default=None, description="Absent: only who holds their return home interview differs."
    )
    referral: Referral | None = None
    prevention: Prevention = Prevention()
    cohort: Cohort | None = None
    unrecorded_share_in_care: Share = Field(
        default=0.0,
        description="Share of reports of children in care that are never recorded, "
        "and so never looked for.",
    )
    care_forms: CareForms | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        for key in ("night_starts", "night_ends"):
            if getattr(self, key) % _HOUR:
                raise Fault("the night begins and ends on the hour", key, allowed='such as "22:00"')
        if not any(self.rhythm("response")):
            raise Fault(
                "no gap would ever pass while a case is response's",
                "response_day_rhythm",
                allowed="above 0, where there is no night or night_rhythm is 0",
            )
        self._out_of_area()
        return self

    def _out_of_area(self) -> None:
        away = self.out_of_area
        if away is None:
            return
        if self.outside_share == 0:
            raise Fault(
                "no child is placed from outside",
                "out_of_area",
                allowed="with return_interview.outside_share_in_care above 0",
            )
        if away.share_strategy_held is not None and self.strategy is None:
            raise Fault(
                "no strategy meeting is held",
                "out_of_area",
                "share_strategy_held",
                allowed="with strategy only",
            )
        if away.transport is not None and self.after_return.transport_share == 0:
            raise Fault(
                "nobody is brought home",
                "out_of_area",
                "transport",
                allowed="with after_return.transport_share above 0",
            )

    @property
    def outside_share(self) -> float:
        """Share of children in care who were placed here from outside."""
        interview = self.return_interview
        return 0.0 if interview is None else interview.outside_share_in_care

    def is_night(self, hour: int) -> bool:
        """Whether an hour of the day lies in the night."""
        night = (self.night_ends - self.night_starts) % _MIDNIGHT
        return (hour * _HOUR - self.night_starts) % _MIDNIGHT < night

    def rhythm(self, owner: Literal["response", "team"]) -> list[float]:
        """How fast gaps pass in each hour of the day while a case is somebody's: 24 numbers."""
        day, night = (
            (self.response_day_rhythm, self.night_rhythm)
            if owner == "response"
            else (1.0, self.team_night_rhythm)
        )
        return [night if self.is_night(hour) else day for hour in range(24)]
