"""Waits of over ten hours, which a share in time does not show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.report.sections.figures import (
    change_cell,
    clear,
    few,
    in_words,
    known,
    spoken_change,
    spoken_range,
)
from sim.report.sections.headings import changed
from sim.report.sections.registry import declare
from sim.report.sections.section import Section
from sim.report.sections.stages import STAGES
from sim.report.sections.tables import at, by_scenario, changes, figures, present, ranges
from sim.report.sections.words import capital
from sim.results import Document, Part, Row
from sim.statistics import RARE_EVENTS

_TEN_HOURS: Final = 600


@declare("long-waits", 55, "waits of over ten hours, and where they pass")
def long_waits(document: Document) -> Section | None:
    """How many wait over ten hours, whether a variant changes that, and where such waits pass."""
    base = _over(document.baseline, document)
    if not known(base):
        return None
    context = document.context
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
        [
            figures(
                document,
                words,
                at(
                    "stage_mean_over",
                    stream=context.stream,
                    grade=context.grade,
                    stage=stage,
                    minutes=_TEN_HOURS,
                ),
            )
            for stage, words in STAGES.items()
        ],
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
        elif change_cell(change).text == "same":
            yield f"Under {name} they are the same."
        else:
            yield f"Under {name} no change is clear: {spoken_range(change)} in 100."


def _place(document: Document) -> Iterator[str]:
    """In which stage most of such a wait passes, unless they are too few to say so."""
    context = document.context
    rows = document.baseline.along(
        "stage_mean_over",
        "stage",
        stream=context.stream,
        grade=context.grade,
        minutes=_TEN_HOURS,
    )
    told = {stage: row for stage, row in rows.items() if known(row) and stage in STAGES}
    cases = max((row.n for row in told.values()), default=0)
    if 0 < cases < RARE_EVENTS:
        yield f"They are too few ({cases}) to say where they pass."
    elif told and any(row.number for row in told.values()):
        longest = max(told, key=lambda stage: told[stage].number)
        yield (
            f"On average {in_words(told[longest])} minutes of such a wait pass "
            f"{STAGES[longest].lower()}."
        )


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
