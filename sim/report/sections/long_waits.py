"""Waits of over ten hours, which a share in time does not show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.report.sections.figures import (
    clear,
    differ_at_most,
    few,
    in_words,
    known,
    listed,
    spoken_change,
)
from sim.report.sections.headings import changed
from sim.report.sections.registry import declare
from sim.report.sections.section import Section
from sim.report.sections.stages import stage_lines
from sim.report.sections.tables import by_scenario, changes, figures, present, ranges
from sim.report.sections.words import capital
from sim.results import Document, Part, Row
from sim.statistics import RARE_EVENTS

_TEN_HOURS: Final = 600
_QUEUE: Final = {
    "nobody_on_duty": "with nobody on duty who may attend",
    "all_busy": "with no officer free",
    "too_few_together": "with too few officers free together",
    "last_call_margin": "with those free too near the end of their shift",
    "reserve": "with officers free who are kept in reserve for grade 1",
    "queued_behind": "queued behind, while officers went to later calls",
}
"""What such a wait is spent on in the queue."""


@declare("long-waits", 55, "waits of over ten hours, and where they pass")
def long_waits(document: Document) -> Section | None:
    """How many wait over ten hours, whether a variant changes that, and where such waits pass."""
    base = _over(document.baseline, document)
    if not known(base):
        return None
    table = by_scenario(
        document,
        "Waits of over ten hours",
        [
            figures(document, "Waited over 10 hours", lambda part: _over(part, document)),
            changes(document, "change, in 100", lambda part: _over(part, document)),
        ],
    )
    passed = by_scenario(
        document,
        "Where they pass: mean minutes in which each alone blocks arrival",
        stage_lines(document, "stage_mean_over", "stage_part_mean_over", _TEN_HOURS),
    )
    return Section(
        "long-waits",
        capital(
            f"{in_words(base)} wait over ten hours"
            f"{changed(document, lambda part: _over(part, document))}"
        ),
        (*_changed(document, base), *_place(document), *_rank(document)),
        present(table, passed),
        note=(
            "Where a wait passes is no cause: only a run without a rule shows what the rule does. "
            f"{ranges(document)}"
        ),
    )


def _over(part: Part, document: Document) -> Row | None:
    context = document.context
    return part.row("waited_over", stream=context.stream, grade=context.grade, minutes=_TEN_HOURS)


def _changed(document: Document, base: Row) -> Iterator[str]:
    for part in document.differences:
        own = document.scenario(part.name)
        change, after = _over(part, document), _over(own, document) if own else None
        name = document.context.spoken(part.name)
        if not known(change) or not known(after):
            continue
        if (few(base) and few(after)) or change.low is None:
            yield f"Under {name} they are too few to compare."
        elif clear(change):
            size, least_most = spoken_change(change)
            yield f"Under {name} they are {size} in 100 ({least_most})."
        else:
            yield f"Under {name} {differ_at_most(change, 'in 100', several=True)}."


def _place(document: Document) -> Iterator[str]:
    """In which stage most of such a wait passes, unless they are too few to say so."""
    context = document.context
    rows = document.baseline.along(
        "stage_part_mean_over",
        "stage",
        stream=context.stream,
        grade=context.grade,
        minutes=_TEN_HOURS,
    )
    told = {part: row for part, row in rows.items() if known(row) and part in _QUEUE}
    cases = max((row.n for row in told.values()), default=0)
    if 0 < cases < RARE_EVENTS:
        yield f"They are too few ({cases}) to say where they pass."
    elif told and any(row.number for row in told.values()):
        most = sorted(told, key=lambda part: told[part].number, reverse=True)[:2]
        said = [f"{in_words(told[part])} {_QUEUE[part]}" for part in most if told[part].number]
        yield f"Of such a wait, in minutes on average: {listed(said)}."


def _rank(document: Document) -> Iterator[str]:
    rule = document.context.rules.get(document.baseline.name)
    compared = any(
        document.context.differs_only_in(part.name, "policy.queue.")
        for part in document.differences
    )
    if rule is not None and rule.ranks_low and not compared:
        yield (
            "Missing children are queued behind other calls of their grade here, which can add to "
            "it: a scenario that ranks them level (policy.queue) shows how much."
        )
