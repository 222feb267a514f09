"""What an answer hangs on, typed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.answers.document import AnswerDocument, Whom
from sim.answers.estimated import Estimated
from sim.results.context import NotVaried
from sim.results.model import Model


class Difference(Model):
    """By how much another scenario's figure is above the baseline's, at both ends of a thing."""

    scenario: str
    low: Estimated
    """With the thing at the low end of its range."""
    high: Estimated
    """With the thing at the high end."""
    low_change: Estimated
    """The same less the difference as the files have it."""
    high_change: Estimated


class Span(Model):
    """The range of a thing, as its entry in ``[sources]`` gives it."""

    own: float
    """What the file says: the number, or 1 of a factor."""
    low: float
    high: float
    factor: bool
    """Whether they are factors on what the file says."""


class Thing(Model):
    """Something that is not known, and how far the baseline's figure moves with it."""

    what: str
    """In words."""
    paths: tuple[str, ...]
    """Where it stands in the file; several move together."""
    span: Span
    size: Annotated[float, Field(ge=0)]
    """Root mean square of its effects in the screening, luck taken off, in the figure's unit."""
    mean: float
    """Mean of these effects over its whole range; near nought beside a large size: both ways."""
    clear: bool
    """Whether luck alone would hardly give any of the things as much in the screening."""
    low: Estimated | None = None
    """By how much the figure changes with this alone at the low end; null where the screening left
    it out, or the answer was stopped before."""
    high: Estimated | None = None
    """The same at the high end."""
    impossible: bool = False
    """Whether an end by itself makes no sound scenario, so that it was not played."""
    differences: tuple[Difference, ...] = ()
    alone: Estimated | None = None
    """With --sobol: what part of the variance over settings it makes by itself."""
    total: Estimated | None = None
    """With --sobol: by itself and together with others."""


class Better(Model):
    """In how many settings another scenario is better than the baseline."""

    scenario: str
    better: Annotated[int, Field(ge=0)]
    same: Annotated[int, Field(ge=0)]
    """In which both have the very same figure, such as where what tells them apart is nought."""
    settings: Annotated[int, Field(ge=0)]
    own: Estimated
    """By how much its figure is above the baseline's as the files have it."""


class Variance(Model):
    """What the variance over settings of the foremost things rests on."""

    settings: Annotated[float, Field(ge=0)]
    """Variance over settings."""
    luck: Annotated[float, Field(ge=0)]
    """Variance of the luck of one replication beside it."""
    rows: Annotated[int, Field(ge=1)]


class Sensitivity(AnswerDocument):
    """What an answer hangs on."""

    kind: Literal["sensitivity"] = "sensitivity"
    measure: str
    """The headline that it is about, as --measure calls it."""
    whom: Whom
    reports: int = Field(ge=0)
    """Reports behind the figure as the files have it."""
    own: Estimated
    """The baseline's figure as its file has it."""
    things: tuple[Thing, ...]
    """The foremost first: by the larger of both ends, then by size."""
    trajectories: int = Field(ge=0)
    """Times that every thing was moved in the screening."""
    settings: int = Field(ge=0)
    """Settings that were played in it, each with two lucks."""
    redrawn: int = Field(default=0, ge=0)
    """Trajectories that came to an impossible scenario and were drawn again."""
    better: tuple[Better, ...] = ()
    """By other scenario."""
    without: tuple[NotVaried, ...] = ()
    """What has no range, or one that cannot be applied."""
    variance: Variance | None = None
    """With --sobol."""

    def records(self) -> tuple[Thing, ...]:
        """The things."""
        return self.things
