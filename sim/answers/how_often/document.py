"""The answer to how often, typed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.answers.document import AnswerDocument, Whom
from sim.answers.estimated import Estimated
from sim.results.model import Model


class Rate(Model):
    """How often something comes."""

    what: Literal["waits", "nights"]
    """Single waits, or nights (from noon to noon) with at least one of them."""
    a_year: Estimated
    """Times in 365 days."""
    seen: int = Field(ge=0)
    """In all simulated days."""
    dispersion: float | None = None
    """Variance over mean of the counts of replications: 1 where they come singly."""


class Fit(Model):
    """What a tail says that begins at one threshold: it should say the same at all of them."""

    threshold_minutes: float
    exceedances: int
    """Waits above it."""
    clusters: int
    """Runs of them, put together after Ferro and Segers."""
    extremal_index: float
    shape: float
    """Of the generalised Pareto law; above 0 the tail has no end."""
    a_year: float
    """Runs a year in which the wait that was asked for is exceeded."""


class Tail(Model):
    """What peaks over a threshold say of a wait that was hardly seen, or never."""

    threshold_minutes: float
    """The one that the answer is read from."""
    a_year: Estimated
    """Runs a year that exceed the wait asked for; limits from whole replications resampled."""
    fits: tuple[Fit, ...]
    """At several thresholds: how far the answer hangs on the choice."""
    stable: bool
    """Whether every threshold's figure lies within the limits."""


class Longest(Model):
    """The longest wait that was seen."""

    minutes: float
    days: float
    """Simulated days in all."""
    cut_off: int = Field(ge=0)
    """Waits that had not ended when their follow-up did."""


class Recurrence(AnswerDocument):
    """How often such a wait comes back."""

    kind: Literal["how-often"] = "how-often"
    over_minutes: float = Field(gt=0)
    """The wait that was asked for: time unattended of more than so many minutes."""
    whom: Whom
    reports: int = Field(ge=0)
    """Reports that it is about."""
    rates: tuple[Rate, ...]
    """Waits, then nights."""
    in_a_month: Estimated
    """The chance of at least one such night in 30 days."""
    windows: int = Field(ge=0)
    """Replications in which at least one was seen."""
    every: Estimated
    """Hours from one such night to the next, on average; null where none was seen."""
    longest: Longest
    tail: Tail | None = None
    """Only where too few nights were seen to count them; null: they were counted."""
    tail_missing: str = ""
    """Why there is none although too few nights were seen, as a sentence."""

    def records(self) -> tuple[Rate, ...]:
        """Waits and nights."""
        return self.rates
