"""What is asked of a document: a subject under lettered scenarios, and where its rows are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from string import ascii_uppercase
from typing import Final

from sim.report.answer.model import Column
from sim.report.answer.subject import Subject, target_of, target_words
from sim.report.sections.figures import clear, few, known
from sim.results import Context, Document, Part, Row, Staffing, Target

IN_TIME: Final = "arrived_within_target"
UNATTENDED: Final = "delay_mean"
CEILING: Final = "reachable_within_target"
CLOCKS: Final = {
    "received": "from the call",
    "answered": "from the answer",
    "graded": "from grading",
}
STARTS: Final = {
    "received": "the call",
    "answered": "the call's answer",
    "graded": "grading",
}


@dataclass(frozen=True)
class Question:
    """A subject, asked of a document.

    Attributes
    ----------
    document
        Of a run or a comparison.
    subject
        Whose delays.
    """

    document: Document
    subject: Subject

    @property
    def context(self) -> Context:
        """What the rows do not say."""
        return self.document.context

    @property
    def baseline(self) -> Part:
        """The first scenario's rows."""
        return self.document.baseline

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The scenarios with their letters."""
        return tuple(
            Column(_letter(place), name, self.context.scenario(name).replace(" (illustrative)", ""))
            for place, name in enumerate(self.document.names)
        )

    @cached_property
    def has_target(self) -> bool:
        """Whether reaching them in time means anything."""
        return self.subject.row(self.baseline, IN_TIME) is not None

    @property
    def measure(self) -> str:
        """What the finding is about: the share in time or, without a target, the mean delay."""
        return IN_TIME if self.has_target else UNATTENDED

    @cached_property
    def _promised(self) -> Target | None:
        return target_of(self.context, self.subject)

    @property
    def starts(self) -> str:
        """When the target's own clock starts."""
        return "received" if self._promised is None else self._promised.starts

    @property
    def other_clock(self) -> str:
        """The clock beside the target's own: grading beside the call, the call beside others."""
        return "graded" if self.starts == "received" else "received"

    @property
    def target(self) -> str | None:
        """The target in words."""
        own = self._promised
        return None if own is None else target_words(own, self.subject.area)

    @property
    def start(self) -> str:
        """When the target's own clock starts, in words."""
        return STARTS[self.starts]

    def reports(self) -> int:
        """How many of them each scenario holds."""
        rows = (
            self.row(self.baseline, "waited_over", minutes=60),
            self.row(self.baseline, IN_TIME),
        )
        return max((row.n for row in rows if row is not None), default=0)

    def row(
        self, part: Part | None, measure: str, clock: str | None = None, minutes: int | None = None
    ) -> Row | None:
        """One row of the subject; None where there is none, or no such part."""
        return None if part is None else self.subject.row(part, measure, clock, minutes)

    def part(self, column: Column) -> Part | None:
        """A scenario's rows."""
        return self.document.scenario(column.name)

    def change(
        self, column: Column, measure: str, clock: str | None = None, minutes: int | None = None
    ) -> Row | None:
        """The change of a row under a variant; None where it has no estimate."""
        row = self.row(self.document.difference(column.name), measure, clock, minutes)
        return row if known(row) else None

    def rare(self, column: Column, measure: str, minutes: int | None = None) -> bool:
        """Whether both shares rest on too few events to be compared."""
        both = (
            self.row(part, measure, minutes=minutes) for part in (self.baseline, self.part(column))
        )
        return all(known(row) and few(row) for row in both)

    def overtime(self, column: Column) -> Row | None:
        """The clear change of pounds a week for overtime under a variant; None where none is."""
        difference = self.document.difference(column.name)
        row = None if difference is None else difference.row("overtime_pounds")
        return row if clear(row) else None

    def staffing(self, column: Column) -> Staffing | None:
        """What a scenario's rota comes to."""
        known = self.context.staffing
        return next((one for one in known if one.scenario == column.name), None)


def _letter(place: int) -> str:
    """A to Z, then AA, AB and so on."""
    first, last = divmod(place, len(ascii_uppercase))
    return (ascii_uppercase[first - 1] if first else "") + ascii_uppercase[last]
