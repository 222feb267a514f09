"""Why targets are missed, typed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.answers.document import AnswerDocument, Whom
from sim.answers.estimated import Estimated
from sim.results.model import Model


class CauseOf(Model):
    """One cause of what went wrong."""

    name: str
    """As --cause and --causes call it."""
    title: str
    """In a few words."""
    gone: str
    """What is meant by its going, as a sentence."""
    rule: bool = True
    """true: a rule, or what a planner's own file changes; false: people or desks."""
    file: str | None = None
    """The scenario file in which it is gone; null: a switch of ours."""
    share: Estimated
    """By how much the figure falls when it goes, averaged over all orders in which the causes
    might go (Shapley); the shares and the rest add up to the whole."""
    alone: Estimated
    """By how much it falls if this cause alone goes."""
    last: Estimated
    """By how much it falls if this goes when all others have gone."""
    mends: Annotated[int | None, Field(ge=0)] = None
    """Reports that go wrong and would not if this cause alone went; null where the figure is a
    mean."""
    mends_only: Annotated[int | None, Field(ge=0)] = None
    """Of these, reports that no other single cause would have mended."""


class Mended(Model):
    """What would have mended the reports that went wrong, one by one: three parts of all."""

    wrong: int = Field(ge=0)
    """Reports that went wrong."""
    by_one: int = Field(ge=0)
    """That any one cause would have mended by going alone."""
    together: int = Field(ge=0)
    """That no single cause would have mended, and several together would."""
    by_none: int = Field(ge=0)
    """That go wrong whichever of the causes go."""
    harmed: int = Field(ge=0)
    """Besides: reports that go well and would go wrong if all causes went."""


class Substitutes(Model):
    """Causes of which any one, by going alone, takes most of what all of them together take."""

    causes: tuple[str, ...]
    """Names, at least two."""
    least: float
    """Of what all of them together take, the smallest part that one takes alone; 0 to 1."""
    most: float
    """The largest."""


class Step(Model):
    """One step in the direction of a cause that no force can take away whole."""

    name: str
    title: str
    gone: str
    alone: Estimated
    """By how much the figure falls if only this is done."""


class Explanation(AnswerDocument):
    """Why targets are missed: what went wrong, shared out among causes."""

    kind: Literal["explain"] = "explain"
    measure: str
    """The headline that it is about, as --measure calls it."""
    whom: Whom
    reports: int = Field(ge=0)
    """Reports that it is about."""
    whole: Estimated
    """What goes wrong as it is: a share of reports, or minutes on average."""
    causes: tuple[CauseOf, ...]
    """The largest share first."""
    rest: Estimated
    """What is left with every cause gone: nothing that is a cause here mends it."""
    mended: Mended | None = None
    """Report by report; null where the figure is a mean, or where demand differs between the
    scenarios."""
    substitutes: tuple[Substitutes, ...] = ()
    steps: tuple[Step, ...] = ()
    without_effect: tuple[str, ...] = ()
    """Titles of causes of ours that change nothing in this scenario and were left out."""

    def records(self) -> tuple[CauseOf, ...]:
        """The causes."""
        return self.causes
