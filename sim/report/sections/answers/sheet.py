"""One answer as every form draws it."""

from __future__ import annotations

from dataclasses import dataclass

from sim.report.sections.section import Section


@dataclass(frozen=True, slots=True)
class Note:
    """A few sentences beside a word.

    Attributes
    ----------
    heading
        A word or two.
    sentences
        To be read one after the other.
    """

    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One answer: the first screen, and what stands behind it.

    Attributes
    ----------
    question
        What was asked, with the figure that it is about: the screen's first line.
    statement
        That it is illustrative, and how many reports it rests on.
    heading
        The finding in one line: what heads a page.
    finding
        The finding in sentences.
    first
        Sections of the first screen, drawn without their headings: tables, and their notes.
    notes
        Below them.
    following
        What to ask next: an option or a command, and what it gives.
    footing
        What all of it rests on, and what it is not.
    further
        Sections that --full prints, and that stand below the first screen of a page.
    warnings
        Said before the work, or of the work: what was stopped.
    """

    question: str
    statement: str
    heading: str
    finding: tuple[str, ...]
    first: tuple[Section, ...] = ()
    notes: tuple[Note, ...] = ()
    following: tuple[tuple[str, str], ...] = ()
    footing: tuple[str, ...] = ()
    further: tuple[Section, ...] = ()
    warnings: tuple[str, ...] = ()
