"""What an answer is made of; every form draws its first screen from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from sim.report.answer.subject import Subject
from sim.report.sections.section import Table
from sim.results import Row

Outcome: TypeAlias = Literal["better", "worse", "mixed", "unclear", "same", "unknown"]
"""Of a variant against the baseline; mixed: better in one way and worse in another; unknown: too
few reports to say."""


@dataclass(frozen=True, slots=True)
class Column:
    """One scenario, as the first screen calls it.

    Attributes
    ----------
    letter
        A for the baseline, then B, C and so on.
    name
        In the document.
    title
        In words.
    """

    letter: str
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class OtherCalls:
    """What becomes of other kinds of call under a variant.

    Attributes
    ----------
    gain, lose
        Changes that are clear, each by itself: more and fewer reached in time (of kinds without a
        target: sooner and later).
    looked_at
        How many kinds there are.
    """

    gain: tuple[Row, ...]
    lose: tuple[Row, ...]
    looked_at: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one variant does against the baseline.

    Attributes
    ----------
    column
        Which variant.
    outcome
        In one word.
    change
        Of the headline measure: the variant less the baseline.
    over
        Change of the share waiting over an hour.
    before, after
        The headline measure under the baseline and under the variant.
    posts, pounds
        More than the baseline, a week; None: not known.
    calls
        What other kinds of call pay or gain.
    said
        What it does, to be read after its name: "reaches 40 in 100, 20 more (18 to 22)".
    brief
        The same without a verb or a range, after a title and a colon: "20 more in 100 reached in
        time".
    overtime
        Clear change of the pounds a week for overtime; None: none that is clear, or no price.
    price
        At what price, as a sentence's end: "for 8.4 more posts, £12,768 a week"; "" where it takes
        the same.
    others
        What other kinds of call pay or gain, as a sentence without its subject; "" where nothing
        is clear.
    """

    column: Column
    outcome: Outcome
    change: Row | None
    over: Row | None
    before: Row | None
    after: Row | None
    posts: float | None
    pounds: float | None
    calls: OtherCalls
    said: str
    brief: str
    overtime: Row | None
    price: str
    others: str


@dataclass(frozen=True, slots=True)
class Cause:
    """One part of the baseline's misses.

    Attributes
    ----------
    name
        Lasting, for charts and files.
    kind
        What it is drawn as.
    in_100
        Reports in 100; all parts add to those that miss.
    said
        What it is, in words.
    note
        What mends it.
    """

    name: str
    kind: Literal["work", "rule", "people", "both", "either"]
    in_100: int
    said: str
    note: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One subject of the first screen below the table.

    Attributes
    ----------
    name
        Lasting.
    heading
        A few words.
    sentences
        To be read one after the other.
    """

    name: str
    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The first screen.

    Attributes
    ----------
    subject
        Whose delays it is about.
    whom, what
        The subject line in two halves: "Grade 2 missing children", "officer there within 20
        minutes of the call".
    statement
        That it is illustrative, and how many reports it rests on.
    cautions
        What forbids planning on it, to be read before all else: queues that grow without end.
    warnings
        What was said before the run.
    heading
        The finding in one sentence with titles in place of letters: a page's heading.
    finding
        The finding in sentences.
    columns
        The scenarios, the baseline first.
    table
        The change first; None where there is no report.
    key
        What stands under the table: what its marks mean.
    verdicts
        Of each variant, in the order of columns.
    causes
        What the baseline's misses are made of; empty where that is not known.
    paragraphs
        In the order of reading.
    following
        What to ask next: an option or a command, and what it gives.
    footing
        What all of it rests on, and what it is not.
    """

    subject: Subject
    whom: str
    what: str
    statement: str
    cautions: tuple[str, ...]
    warnings: tuple[str, ...]
    heading: str
    finding: tuple[str, ...]
    columns: tuple[Column, ...]
    table: Table | None
    key: str
    verdicts: tuple[Verdict, ...]
    causes: tuple[Cause, ...]
    paragraphs: tuple[Paragraph, ...]
    following: tuple[tuple[str, str], ...]
    footing: tuple[str, ...]

    @property
    def baseline(self) -> Column:
        """The first scenario."""
        return self.columns[0]

    def verdict(self, name: str) -> Verdict | None:
        """What a variant does; None of the baseline."""
        return next((one for one in self.verdicts if one.column.name == name), None)
