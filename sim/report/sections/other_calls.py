"""The effect on other calls: what a variant gives them, or takes from them."""

from __future__ import annotations

from typing import Final

from sim.report.sections.certainty import clearly, nothing_stands_out
from sim.report.sections.figures import change_cell, clear, is_gain, known, spoken_change
from sim.report.sections.registry import declare
from sim.report.sections.section import NOTHING, Cell, Line, Section, Table
from sim.report.sections.tables import ranges, titles
from sim.report.sections.words import calls
from sim.results import DifferenceRows, Document, Row

_TABLES: Final = (
    ("arrived_within_target", "Change of the share reached in time, in 100", ("more", "fewer", "")),
    ("delay_mean", "Change of the mean time unattended, minutes", ("later", "sooner", "minutes")),
)


@declare("other-calls", 130, "the effect on other calls")
def other_calls(document: Document) -> Section | None:
    """Differences of all other streams and grades against the baseline."""
    tables = [table for one in _TABLES if (table := _table(document, one[0], one[1])) is not None]
    if not tables:
        return None
    said = tuple(_sentence(document, part) for part in document.differences)
    return Section(
        "other-calls",
        _heading(document),
        said,
        tuple(tables),
        chart="other-work",
        picture=" ".join(
            ("Points with lines for their ranges: changes against the baseline.", *said)
        ),
        note=ranges(document, starred=True),
    )


def _rows(document: Document, part: DifferenceRows, measure: str) -> dict[tuple[str, int], Row]:
    context = document.context
    return {
        (row.stream, row.grade): row
        for row in part.of(measure)
        if row.is_only("stream", "grade")
        and row.stream is not None
        and row.grade is not None
        and (row.stream, row.grade) != (context.stream, context.grade)
        and known(row)
    }


def _table(document: Document, measure: str, caption: str) -> Table | None:
    found = [_rows(document, part, measure) for part in document.differences]
    kinds = list(dict.fromkeys(kind for rows in found for kind in rows))
    if not kinds:
        return None
    lines = []
    for kind in kinds:
        first = next(rows[kind] for rows in found if kind in rows)
        cells = tuple(change_cell(rows.get(kind)) if kind in rows else NOTHING for rows in found)
        lines.append(Line(calls(*kind), (Cell(f"{first.n:,}", first), *cells)))
    return Table(caption, ("Cases", *titles(document)[1:]), tuple(lines))


def _clear(document: Document, part: DifferenceRows) -> list[Row]:
    """Clear changes by the share in time, else by the time unattended."""
    found: dict[tuple[str, int], Row] = {}
    for measure, _, _ in _TABLES:
        for kind, row in _rows(document, part, measure).items():
            if clear(row):
                found.setdefault(kind, row)
    return list(found.values())


def _sentence(document: Document, part: DifferenceRows) -> str:
    name = document.context.spoken(part.name)
    kinds = {kind for measure, _, _ in _TABLES for kind in _rows(document, part, measure)}
    ways = {measure: words for measure, _, words in _TABLES}
    told = []
    for row in _clear(document, part):
        size, least_most = spoken_change(row, *ways[row.measure])
        what = "in 100 in time" if row.measure == "arrived_within_target" else "on average"
        told.append(f"{calls(str(row.stream), int(row.grade or 0))}: {size} {what} ({least_most})")
    if not told:
        return nothing_stands_out(document, len(kinds), f"Under {name} ")
    rest = len(kinds) - len(told)
    tail = f" No clear change for the other {rest}." if rest > 0 else ""
    return f"Under {name} {'; '.join(told)}.{tail}"


def _heading(document: Document) -> str:
    told = []
    for part in document.differences:
        gains = [bool(is_gain(row)) for row in _clear(document, part)]
        counts = ((sum(gains), "gain"), (len(gains) - sum(gains), "lose"))
        words = [f"{n} {word}" if n > 1 else f"one {word}s" for n, word in counts if n]
        if words:
            told.append(f"{' and '.join(words)} under {document.context.spoken(part.name)}")
    if not told:
        return f"No other kind of call {clearly(document)}gains or loses"
    return f"Other kinds of call: {'; '.join(told)}"
