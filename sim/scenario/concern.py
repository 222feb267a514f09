"""Welfare concerns that are followed until the child is seen (docs/model.md, section 14)."""

from __future__ import annotations

from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from sim.scenario.episode import Names, Roles
from sim.scenario.fields import (
    ClockTime,
    Duration,
    Fault,
    Model,
    Share,
    SumsToOne,
    Whole,
    WholeKey,
)

_MIDNIGHT: Final = 1440


class Concern(Model):
    """Children who are not seen at the first attendance, and who goes again."""

    streams: Names = Field(description="Incidents that are followed: no missing people.")
    share_seen: Share = Field(
        description="Share of children seen and spoken to at the first attendance."
    )
    finds: Share = Field(
        description="Share of re-visits at which the child is seen and spoken to; each by itself, "
        "whatever came of those before."
    )
    gap: Duration = Field(description="From a visit to when the next is asked for.")
    first_gap: Duration | None = Field(
        default=None, description="The same after the first attendance, where it is another."
    )
    work: Duration = Field(description="Of a re-visit, at the address.")
    officers: Annotated[dict[WholeKey, Share], SumsToOne] = {1: 1.0}
    most_revisits: Annotated[int, Field(ge=0, le=60)] = Field(
        default=10, description="Then nobody goes again, and the concern is left open."
    )
    visits_from: ClockTime = Field(
        default=0, description="A re-visit that would be asked for earlier in the day waits for it."
    )
    visits_until: ClockTime = Field(
        default=_MIDNIGHT, description="One that would be asked for later waits for the next day."
    )
    grade: Whole = Field(
        default=3, description="Of a re-visit; 1 once a rise of risk has been found."
    )
    attend: Roles = Field(default=["response"], description="Who goes again, first asked first.")

    @model_validator(mode="after")
    def _in_the_day(self) -> Self:
        if self.visits_until <= self.visits_from:
            raise Fault(
                "visiting hours end before they begin", "visits_until", allowed="after visits_from"
            )
        return self
