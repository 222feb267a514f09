"""The sheet that says what the workbook is, how to read it, and what each measure means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.report.workbook.names import CASES_SHEET, LEAST_CASES, SHEETS
from sim.report.workbook.sheet import Cell
from sim.results import CATALOGUE, CHILDREN, Document

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded


def read_me(document: Document, loaded: Sequence[Loaded]) -> Iterator[tuple[str, Cell]]:
    """Topic and text of each line; a line without text is a heading."""
    run, statement = document.run, document.context.statement
    yield "Missing-child operational risk simulator: results", None
    yield "What this is", CHILDREN
    if statement is not None:
        yield "", statement
    yield (
        "",
        (
            "How long simulated missing children wait for a police officer under different "
            "staffing and rules. The same figures are in summary.csv and summary.json beside this "
            "file."
        ),
    )
    yield "Scenarios", None
    for place, one in enumerate(loaded):
        role = " (the baseline)" if place == 0 and len(loaded) > 1 else ""
        yield one.name, f"{one.scenario.title}{role}"
    yield "How it was run", None
    yield "Seed", run.seed
    yield "Replications", run.replications
    yield "Measured days of each", run.days
    yield "Engine", run.engine
    for name, version in run.versions.items():
        yield f"Version of {name}", version
    yield "How to read it", None
    level = f"{100 * document.level:g}%"
    yield (
        "Lower and Upper",
        (
            f"Limits that hold with {level} confidence over the luck of the simulation. They do "
            "not cover what is assumed: see the sheet Sources for the range of each assumption."
        ),
    )
    yield (
        "Too few to compare",
        "A share with only one limit has fewer than 20 events (or non-events); the limit is exact.",
    )
    yield (
        "Holds together",
        (
            "yes: the limits of the headline differences hold for all compared scenarios at once. "
            "Others hold one by one; of many of them, some will stand clear of nought by chance."
        ),
    )
    yield (
        "Cases",
        (
            "Reports behind a share, a mean or a quantile; replications behind utilisation, hours "
            f"and queues. Figures of fewer than {LEAST_CASES} reports are no ground to plan on."
        ),
    )
    yield (
        "Empty cells",
        (
            "A cut that is empty is over all of it. Why there is no figure stands in its note: too "
            "few cases, or not known within the time that cases are followed."
        ),
    )
    yield "Clock", "What starts the target's clock: the call received, or grading."
    yield "Shares", "Shown as percentages; the cell holds the fraction, 0.25 for 25%."
    yield (
        "Low and High (Sources)",
        (
            "The range of an assumption: of the number itself where the key is a number; else of a "
            "factor on the numbers of its table or list, or on the first of shares that sum to 1."
        ),
    )
    measures = {row.measure for part in document.scenarios for row in part.rows}
    yield "Sheets", None
    yield SHEETS[0]
    yield from SHEETS[2:]
    if any(CATALOGUE[measure].about in ("cases", "concerns", "placed") for measure in measures):
        yield CASES_SHEET
    yield "Measures", None
    for measure, record in CATALOGUE.items():
        if measure in measures:
            yield (
                record.long.replace("{minutes}", "so many minutes"),
                record.meaning.replace("`", ""),
            )
