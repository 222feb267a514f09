"""The end of a heading: what becomes of its figure under the other scenarios."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sim.report.answer.question import Question
from sim.report.answer.subject import headline_of
from sim.report.answer.verdicts import foremost, verdicts
from sim.report.sections.figures import clear, few, in_100, in_words, known
from sim.report.sections.section import Table
from sim.report.sections.tables import Finder
from sim.results import DifferenceRows, Document, Row

Write = Callable[[Row], str]


def changed(
    document: Document, find: Finder, write: Write = in_100, tables: Iterable[Table | None] = ()
) -> str:
    """Such as '; 72 under "Deploy at grading"', or '; no clear change under either variant'.

    Told of is the variant that the answer tells of, where it changes the figure clearly; else the
    one that changes it most.

    Parameters
    ----------
    document
        Of a run or a comparison; of one scenario alone there is nothing to say.
    find
        Finds the figure of a scenario, and its difference.
    write
        Writes the figure.
    tables
        Those that stand under the heading: where they star other changes, it says so.
    """
    if not document.differences:
        return ""
    compared = {part.name: change for part in document.differences if known(change := find(part))}
    found = {
        part.name: compared[part.name]
        for part in document.differences
        if part.name in compared and _is_clear(document, part, find, compared[part.name])
    }
    first = foremost(verdicts(Question(document, headline_of(document.context)))).column.name
    if not compared:
        # Some figures have no differences: both stand with their ranges, and nothing is claimed.
        return _under(document, first, find, in_words)
    if not found:
        who = _nobody(document)
        if any(_stars(table) for table in tables if table is not None):
            return f"; no clear change of that under {who}, but of what is starred"
        return f"; no clear change under {who}"
    told = first if first in found else max(found, key=lambda name: abs(found[name].number))
    base = find(document.baseline)
    after = _under(document, told, find, write)
    if known(base) and after == f"; {write(base)} under {document.context.spoken(told)}":
        way = "more" if found[told].number > 0 else "less"
        return f"; a little {way} under {document.context.spoken(told)}"
    return after


def _stars(table: Table) -> bool:
    return any(cell.text.endswith("*") for line in table.lines for cell in line.cells)


def _under(document: Document, name: str, find: Finder, write: Write) -> str:
    part = document.scenario(name)
    own = find(part) if part is not None else None
    return f"; {write(own)} under {document.context.spoken(name)}" if known(own) else ""


def _is_clear(document: Document, part: DifferenceRows, find: Finder, change: Row) -> bool:
    own = document.scenario(part.name)
    before, after = find(document.baseline), find(own) if own is not None else None
    rare = known(before) and known(after) and few(before) and few(after)
    return clear(change) and not rare


def _nobody(document: Document) -> str:
    if len(document.differences) == 1:
        return document.context.spoken(document.differences[0].name)
    return "either variant" if len(document.differences) == 2 else "any variant"
