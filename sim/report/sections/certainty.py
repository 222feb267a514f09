"""Whether a study is large enough for a change to be called clear, and what is said where not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.statistics import LEAST_FOR_RANGES

if TYPE_CHECKING:
    from sim.results import Document


def is_enough(document: Document) -> bool:
    """Whether there are replications enough to call a change clear."""
    return document.run.replications >= LEAST_FOR_RANGES


def clearly(document: Document) -> str:
    """The word before a verb, with a blank after it; "" where nothing is called clear."""
    return "clearly " if is_enough(document) else ""


def star(document: Document, than: str) -> str:
    """What a star beside a figure says.

    Parameters
    ----------
    document
        Whose figures.
    than
        What they are held against, such as "A".
    """
    if is_enough(document):
        return f"* clearly different from {than}."
    return f"* different from {than} in {_replications(document)}, too few to call it clear."


def too_few(document: Document) -> str:
    """That nothing is called clear, as a sentence; "" where there are replications enough."""
    if is_enough(document):
        return ""
    return (
        f"Of {_replications(document)} nothing is called clear: ask for {LEAST_FOR_RANGES} or more."
    )


def nothing_stands_out(document: Document, kinds: int, under: str = "") -> str:
    """That no other kind of call gains or loses, as far as the replications bear it out.

    Parameters
    ----------
    document
        Whose changes.
    kinds
        How many kinds there are.
    under
        Under which scenario, such as "Under B "; "" where that need not be said.
    """
    if not is_enough(document):
        lead = f"{under}what" if under else "What"
        return f"{lead} other calls gain or lose, {_replications(document)} are too few to tell."
    if kinds == 1:
        one = "the one other kind of call does not clearly gain or lose."
    else:
        one = f"none of {kinds} other kinds of call clearly gains or loses."
    return f"{under}{one}" if under else f"{one[:1].upper()}{one[1:]}"


def _replications(document: Document) -> str:
    count = document.run.replications
    return "1 replication" if count == 1 else f"{count} replications"
