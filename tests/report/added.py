"""Rows that only a variant has, and a file that switches their rules on."""

from __future__ import annotations

from collections.abc import Sequence

from sim.report.sections.registry import entries
from sim.results import Document, FileChange, Row
from tests.report.planted import row

CHILD = {"stream": "missing_child", "grade": 2}

TELEPHONE = (
    row("telephoned_first", 0.18, 0.01, **CHILD),
    row("telephone_delay_mean", 19.0, 1.0, unit="minutes", **CHILD),
    row("found_by_telephone", 0.009, 0.002, **CHILD),
)
BUSIER = (
    row("utilisation", 0.009, 0.001, pool="research"),
    row("utilisation", -0.004, 0.001, pool="response_bcp"),
)


def with_added(
    document: Document,
    name: str,
    rows: Sequence[Row],
    changes: Sequence[Row] = (),
    *,
    by_luck: bool = False,
) -> Document:
    """The document with more rows of one scenario, of its difference, and what its file sets.

    By luck: both files are alike, and the rows came about under one of them alone.
    """
    context = document.context
    if not by_luck:
        measures = {one.measure for one in rows}
        keys = {
            keys[0]: FileChange(path=keys[0], baseline="(absent)", other="0.1")
            for one in entries().values()
            for measure, keys in one.fills.items()
            if measure in measures
        }
        context = context.model_copy(
            update={"changes": {**context.changes, name: tuple(keys.values())}}
        )
    scenarios = tuple(
        one.model_copy(update={"rows": (*one.rows, *rows)}) if one.name == name else one
        for one in document.scenarios
    )
    differences = tuple(
        one.model_copy(update={"rows": (*one.rows, *changes)}) if one.name == name else one
        for one in document.differences
    )
    return document.model_copy(
        update={"scenarios": scenarios, "differences": differences, "context": context}
    )
