"""The telephone: how calls are answered, who hangs up, and enquiries before anybody is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from sim.report.sections.figures import in_100, in_words, known
from sim.report.sections.headings import changed
from sim.report.sections.people import busier
from sim.report.sections.registry import declare
from sim.report.sections.section import Line, Section
from sim.report.sections.tables import (
    Finder,
    at,
    by_scenario,
    changes,
    figures,
    leading,
    present,
    ranges,
)
from sim.report.sections.words import capital
from sim.results import Document, Part, Row

_Find: TypeAlias = Callable[[str], Finder]

_CALLS: Final = (
    ("999 calls answered in 10 s", "answered_in_ten_seconds", False),
    ("101 calls: caller hung up", "hung_up", False),
    ("and called again", "called_again", True),
)
_ENQUIRIES: Final = (
    ("Telephone enquiry before sending", "telephoned_first", False),
    ("held by it, mean minutes", "telephone_delay_mean", True),
    ("then ratified as high risk", "telephoned_then_high", True),
    ("Found by telephone, nobody sent", "found_by_telephone", False),
)
_FINDS = (
    "An enquiry finds the child only where it ends while officers wait for it: one that lasts "
    "longer than they may be held, or whose child comes home meanwhile, finds nobody. So of those "
    "held fewer are found than the scenario's share that an enquiry finds."
)
_FILLS: Final = {
    "hung_up": ("streams.*.hanging_up",),
    "telephoned_first": ("policy.gate.telephone.share_uncertain",),
    "found_by_telephone": ("policy.gate.telephone.finds",),
}


def _tell(document: Document, part: Part, fresh: Sequence[str]) -> Iterator[str]:
    """What a scenario adds: enquiries before sending, or callers who hang up."""
    held, found, minutes = (
        _subject(document, measure)(part)
        for measure in ("telephoned_first", "found_by_telephone", "telephone_delay_mean")
    )
    if "telephoned_first" in fresh and known(held) and held.number:
        long = f", {in_100(minutes)} minutes on average" if known(minutes) else ""
        first = f"{in_words(held)} are held for an enquiry by telephone first{long}"
        yield f"{first}; {in_words(found)} are found by it." if known(found) else f"{first}."
    gone = at("hung_up")(part)
    if "hung_up" in fresh and known(gone) and gone.number:
        yield f"Of calls by 101 {in_words(gone)} are hung up."
    yield from busier(document, part)


@declare(
    "telephone",
    33,
    "the telephone: calls answered, callers who hang up, enquiries before sending",
    fills=_FILLS,
    tell=_tell,
)
def telephone(document: Document) -> Section | None:
    """Calls of every kind, and the headline's enquiries by telephone before anybody is sent."""
    calls = by_scenario(document, "Calls of every kind", _lines(document, _CALLS, at))
    asked = by_scenario(
        document,
        f"{capital(document.context.reports)}: enquiries by telephone before anybody is sent",
        _lines(document, _ENQUIRIES, lambda measure: _subject(document, measure)),
    )
    if calls is None and asked is None:
        return None
    return Section(
        "telephone",
        _heading(document),
        (_FINDS,) if asked is not None else (),
        present(calls, asked),
        note=ranges(document, starred=True),
        see=("delays",),
    )


def _lines(document: Document, told: tuple[tuple[str, str, bool], ...], find: _Find) -> list[Line]:
    """Figures, and their changes where they are compared; of a rule that is off nothing."""
    lines = []
    for label, measure, inset in told:
        one = find(measure)
        rows = [one(part) for part in document.scenarios]
        if not any(row is not None and row.value for row in rows):
            continue
        lines.append(figures(document, label, one, inset=inset))
        if not inset and any(known(one(part)) for part in document.differences):
            lines.append(changes(document, "change, in 100", one))
    return lines


def _heading(document: Document) -> str:
    held, answered = _subject(document, "telephoned_first"), at("answered_in_ten_seconds")
    for find, said in (
        (held, "of the headline's reports are held for an enquiry by telephone first"),
        (answered, "of 999 calls are answered within ten seconds"),
    ):
        part = leading(document, find)
        row: Row | None = find(part) if part is not None else None
        if part is None or not known(row):
            continue
        if part is document.baseline:
            return f"{in_words(row)} {said}{changed(document, find)}"
        return f"{in_words(row)} {said} under {document.context.spoken(part.name)}"
    return "How calls are answered"


def _subject(document: Document, measure: str) -> Finder:
    return at(measure, **document.context.subject)
