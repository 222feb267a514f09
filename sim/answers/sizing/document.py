"""The answer to how few it takes, typed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.answers.document import AnswerDocument, Whom
from sim.answers.estimated import Estimated
from sim.results.model import Model


class Moved(Model):
    """One shift that a rota staffs otherwise than today's."""

    pool: str
    shift: str
    people_before: int
    people: int
    hours_before: str
    """From and to, as 22:00-07:00."""
    hours: str

    @property
    def is_moved(self) -> bool:
        """Whether its hours change, too."""
        return self.hours != self.hours_before


class Candidate(Model):
    """A rota that was judged."""

    moved: tuple[Moved, ...]
    """Shifts in which it differs from today's; none: it is today's."""
    posts: float
    """Full-time posts beyond today's."""
    pounds: float
    """A week beyond today's, without overtime."""
    searched: Estimated
    """The figure on the luck of the search, which favours rotas that were lucky."""
    slack: float
    """Standard errors by which it meets what is asked there; negative: it misses."""
    on_frontier: bool = False
    """Whether no cheaper one does as well on the luck of the search."""
    fresh: Estimated | None = None
    """The figure on luck that the search had not seen; null: it was no finalist."""
    limit: float | None = None
    """The one-sided limit that decides, for all finalists together: of the figure, or of how much
    better than today it is."""
    change: Estimated | None = None
    """Of the figure against today's rota, paired, on fresh luck."""
    verdict: Literal["met", "missed", "not shown", "makes other work worse"] | None = None
    """Of a finalist: whether it does what is asked, with the confidence asked for."""
    is_answer: bool = False


class OtherChange(Model):
    """What the answer does to other work."""

    stream: str
    grade: int
    change: Estimated
    """Of its mean minutes unattended; limits hold for all of them together."""


class Sizing(AnswerDocument):
    """The cheapest rota that reaches a target, or the best for the money."""

    kind: Literal["size"] = "size"
    target: str
    """As it was written."""
    figure: str
    """What it is about, in words."""
    measure: str
    clock: str | None = None
    minutes: int | None = None
    sense: Literal[">=", "<="]
    bound: float
    whom: Whom
    no_worse: tuple[str, ...] = ()
    """What may not get worse than today, as it was written."""
    budget: float | None = None
    """Pounds a week beyond today's that the best rota was looked for within; null: the cheapest
    that reaches the target was looked for."""
    confidence: Annotated[float, Field(gt=0, lt=1)]
    """With which all that is said of the finalists holds together."""
    vary: tuple[str, ...]
    """What might move: paths of shifts."""
    designs: int = Field(ge=1)
    """How many rotas there are."""
    outcome: Literal["found", "not possible", "beyond the ranges", "not shown", "stopped"]
    today: Estimated
    ceiling: Estimated
    """With everybody always free."""
    proven: bool = False
    """Whether no cheaper rota was left open on the search's luck, as far as more people on the same
    hours never do worse."""
    fresh_replications: int = Field(default=0, ge=0)
    """Of the finalists."""
    candidates: tuple[Candidate, ...] = ()
    """Every rota that was judged, the cheapest first."""
    others: tuple[OtherChange, ...] = ()
    written: str | None = None
    """Where the answer was written as a scenario file."""

    @property
    def answer(self) -> Candidate | None:
        """The rota that does it; None: none is known to."""
        return next((one for one in self.candidates if one.is_answer), None)

    @property
    def finalists(self) -> tuple[Candidate, ...]:
        """Those that were played on fresh luck, the cheapest first."""
        return tuple(one for one in self.candidates if one.fresh is not None)

    def records(self) -> tuple[Candidate, ...]:
        """Every rota that was judged."""
        return self.candidates
