"""What only a variant has: the rules that it switches on, by the sections that tell of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.report.answer.model import Column, Paragraph
from sim.report.answer.question import Question
from sim.report.sections.figures import in_words, known, listed
from sim.report.sections.registry import Addition, added
from sim.results import CATALOGUE, Part, Row

_MOST_NAMED: Final = 2
"""Measures that are told by their labels, where a section has no sentence of its own."""


def additions(question: Question) -> dict[str, list[tuple[Column, Addition]]]:
    """Which variants add something, by the name of the section that tells of it."""
    found: dict[str, list[tuple[Column, Addition]]] = {}
    for column in question.columns[1:]:
        for one in added(question.document, column.name):
            found.setdefault(one.entry.name, []).append((column, one))
    return found


def adds(question: Question) -> Paragraph | None:
    """What only a variant has, in the words of the section that it alone fills."""
    found = additions(question)
    letters = sorted({column.letter for told in found.values() for column, _ in told})
    sentences: list[str] = []
    for told in found.values():
        (column, one), *others = told
        part = question.part(column)
        said = [] if part is None else list(_told(question, part, one))
        if len(letters) > 1 and said:
            also = [each.letter for each, _ in others]
            who = f"{column.letter} (and in a like way {listed(also)})" if also else column.letter
            # What each adds; what it takes besides is in the section.
            said = [f"{who}: {said[0]}"]
        sentences += said
    if not sentences:
        return None
    heading = "Only under" if len(letters) == 1 else "Not under"
    whom = letters[0] if len(letters) == 1 else question.columns[0].letter
    return Paragraph("added", f"{heading} {whom}", tuple(sentences))


def following(question: Question) -> tuple[tuple[str, str], ...]:
    """The option that shows the sections to ask for next, and what it gives."""
    found = additions(question)
    if not found:
        return ()
    letters = sorted({column.letter for told in found.values() for column, _ in told})
    one = len(letters) == 1
    gives = f"what only {letters[0]} has" if one else f"what {listed(letters)} add"
    return ((f"--show {','.join(found)}", gives),)


def _told(question: Question, part: Part, one: Addition) -> Iterator[str]:
    if one.entry.tell is not None:
        yield from one.entry.tell(question.document, part, one.measures)
        return
    rows = {name: _plainest(part, name, question.context.stream) for name in one.measures}
    said = [
        f"{CATALOGUE[name].long[:1].lower()}{CATALOGUE[name].long[1:]}: {in_words(row)}"
        for name, row in rows.items()
        if known(row)
    ]
    if said:
        sentence = "; ".join(said[:_MOST_NAMED])
        yield f"{sentence[:1].upper()}{sentence[1:]}."


def _plainest(part: Part, measure: str, stream: str) -> Row | None:
    """The row of a measure over the whole stream, or over everything."""
    return part.row(measure, stream=stream) or part.row(measure)
