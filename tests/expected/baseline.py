"""Measure the baseline again: ``python -m tests.expected.baseline``.

Writes ``tests/expected/baseline.csv`` and the tables of ``docs/baseline.md`` between its markers.
Takes some minutes. Read the difference afterwards: words around the tables may have to follow.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from sim.study.settings import Settings
from tests.expected.figures import (
    BASELINE_CASE,
    Figure,
    Unit,
    answer,
    observed,
    played,
    sanity,
)
from tests.expected.hangs_on import hangs_on
from tests.expected.substitutes import TABLE, substitutes
from tests.expected.variations import cells

ROOT: Final = Path(__file__).parents[2]
FILE: Final = Path(__file__).with_name("baseline.csv")
DOCUMENT: Final = ROOT / "docs" / "baseline.md"

FULL: Final = Settings(replications=30)
MOVES: Final = replace(FULL, engine="compiled")
RARE: Final = Settings(replications=500, engine="compiled")

# What each check was held against, and where that comes from; None: told, and held to nothing.
CHECKS: Final[Mapping[str, str]] = {
    "utilisation of response_bcp": "0.65 to 0.8",
    "utilisation of response_county": "0.65 to 0.8",
    "grade 1 in target": "75 to 85 %",
    "mean to grade 1 in the county": "14 to 16 min in five rural towns",
    "other grade 2 in 20 minutes": "40 to 60 %",
    "missing child, grade 2, in 20 minutes": "well below other grade 2",
    "mean to other grade 2": "",
    "mean to grade 3": "",
    "mean to other grade 2 and grade 3": "30 to 120 min",
    "other grade 2, over 60 minutes": "",
    "other grade 2, over 10 hours": "rare, and happens",
    "missing child, grade 2, over 60 minutes": "",
    "missing child, grade 2, over 10 hours": "rare, and happens",
    "grade 3, over 10 hours": "",
    "95 % of grade 2 within": "",
    "99 % of grade 2 within": "",
    "999 answered in 10 seconds": "63 to 75 %",
    "mean wait of a 999 call": "0.2 to 0.3 min",
    "999 answered after a minute": "about 5 %",
    "101 answered in 60 seconds": "about 74 % (2025)",
    "mean wait by 101 for a call taker": "3.7 to 16.5 min; 23 in 2025",
    "callers by 101 who hang up": "about 7 % (2013/14)",
    "median wait for ratification, 23:00 to 07:00": "10 to 40 min",
    "90 % of waits for ratification, 23:00 to 07:00": "",
    "median wait for ratification, 07:00 to 23:00": "",
    "90 % of waits for ratification, 07:00 to 23:00": "",
    "rows of a replication": "under 40,000",
}


def main() -> None:
    """Measure, and write the file and the document's tables."""
    found = [*checked(FULL), *crossed(FULL), *substitutes(RARE), *hangs_on(MOVES)]
    write(found)
    # From the file, which is rounded, so that both say the same.
    document = with_tables(DOCUMENT.read_text(encoding="utf-8"), read())
    DOCUMENT.write_text(document, encoding="utf-8", newline="\n")


def checked(settings: Settings) -> list[Figure]:
    """Measure the sanity checks."""
    (replications,) = played({BASELINE_CASE: {}}, settings)
    return list(sanity(replications, observed(settings)))


def crossed(settings: Settings) -> list[Figure]:
    """Measure the answer in the baseline and in the six cells."""
    moves = {BASELINE_CASE: {}, **cells()}
    return [
        figure
        for case, replications in zip(moves, played(moves, settings), strict=True)
        for figure in answer(case, replications)
    ]


def write(figures: Iterable[Figure]) -> None:
    """Write the file of figures."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Figure._fields)
        for figure in figures:
            numbers = (_written(number) for number in figure[4:7])
            writer.writerow([*figure[:4], *numbers, figure.n])


def read() -> list[Figure]:
    """Read the file of figures."""
    units: Mapping[str, Unit] = {"share": "share", "minutes": "minutes", "rows": "rows"}
    with FILE.open(encoding="utf-8", newline="") as file:
        return [
            Figure(
                row["table"],
                row["case"],
                row["measure"],
                units[row["unit"]],
                _read(row["value"]),
                _read(row["low"]),
                _read(row["high"]),
                int(row["n"]),
            )
            for row in csv.DictReader(file)
        ]


def with_tables(document: str, figures: Sequence[Figure]) -> str:
    """Return the document with its tables replaced.

    Raises
    ------
    ValueError
        If a table has no place in the document.
    """
    for name, text in (
        ("sanity", _sanity_table(figures)),
        ("cells", _cells_table(figures)),
        ("long waits", _long_waits_table(figures)),
        ("assumptions", _assumptions_table(figures)),
    ):
        place = re.search(rf"(?<=<!-- {name} -->\n).*?(?=<!-- end -->)", document, re.DOTALL)
        if place is None:
            raise ValueError(f"{DOCUMENT.name} has no place for the table {name}")
        document = f"{document[: place.start()]}\n{text}\n{document[place.end() :]}"
    return document


def _sanity_table(figures: Sequence[Figure]) -> str:
    by_name = {figure.measure: figure for figure in figures if figure.table == "sanity"}
    lines = ["| check | held against | simulated (95 % interval) | |", "|---|---|---|---|"]
    lines += [
        f"| {name} | {held} | {told(by_name[name])} | {verdict(held, by_name[name])} |"
        for name, held in CHECKS.items()
    ]
    return "\n".join(lines) + "\n"


def verdict(held: str, figure: Figure) -> str:
    """Return whether a figure, as it is told, lies where it was held against; empty: no number."""
    if re.match(r"(under )?\d", held) is None:
        return ""
    value = float(told(figure).split()[0].replace(",", ""))
    numbers = [float(number) for number in re.findall(r"[\d.]+", held.replace(",", ""))]
    if figure.unit == "share" and max(numbers) <= 1:
        numbers = [100 * number for number in numbers]
    if held.startswith("under"):
        met = value < numbers[0]
    elif len(numbers) == 1:
        met = value == numbers[0]
    else:
        met = numbers[0] <= value <= numbers[1]
    return "met" if met else "**missed**"


def _cells_table(figures: Sequence[Figure]) -> str:
    chosen = [figure for figure in figures if figure.table == "cells"]
    measures = list(dict.fromkeys(figure.measure for figure in chosen))
    cases = list(dict.fromkeys(figure.case for figure in chosen))
    lines = [f"| | {' | '.join(measures)} |", f"|---|{'---|' * len(measures)}"]
    for case in cases:
        own = {figure.measure: figure for figure in chosen if figure.case == case}
        lines.append(f"| {case} | {' | '.join(told(own[measure]) for measure in measures)} |")
    return "\n".join(lines) + "\n"


def _long_waits_table(figures: Sequence[Figure]) -> str:
    chosen = [figure for figure in figures if figure.table == TABLE]
    measures = list(dict.fromkeys(figure.measure for figure in chosen))
    # The baseline has no change from itself.
    measures.insert(1, measures.pop(measures.index("change")))
    lines = [f"| alone | {' | '.join(measures)} |", f"|---|{'---|' * len(measures)}"]
    for case in dict.fromkeys(figure.case for figure in chosen):
        own = {figure.measure: figure for figure in chosen if figure.case == case}
        cells = [
            told(own[measure], signed=measure == "change") if measure in own else ""
            for measure in measures
        ]
        lines.append(f"| {case} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _assumptions_table(figures: Sequence[Figure]) -> str:
    chosen = [figure for figure in figures if figure.table == "assumptions"]
    measures = list(dict.fromkeys(figure.measure for figure in chosen))
    by_thing: dict[str, dict[str, dict[str, Figure]]] = {}
    for figure in chosen:
        thing, end = figure.case.rsplit(": ", 1)
        by_thing.setdefault(thing, {}).setdefault(end, {})[figure.measure] = figure

    def reach(thing: str) -> float:
        return max(
            abs(figure.value or 0.0) for end in by_thing[thing].values() for figure in end.values()
        )

    lines = [f"| what is not known | moved to | {' | '.join(measures)} |"]
    lines.append(f"|---|---|{'---|' * len(measures)}")
    for thing in sorted(by_thing, key=reach, reverse=True):
        for end, own in by_thing[thing].items():
            told_all = " | ".join(told(own[measure], signed=True) for measure in measures)
            lines.append(f"| {thing} | {end} | {told_all} |")
    return "\n".join(lines) + "\n"


def told(figure: Figure, *, signed: bool = False) -> str:
    """Return a figure and its limits as a cell of a table; shares in per cent."""
    if figure.value is None:
        return "–"
    factor = 100.0 if figure.unit == "share" else 1.0
    sign = "+" if signed else ""
    largest = max(abs(x) for x in figure[4:7] if x is not None) * factor
    digits = 0 if figure.unit == "rows" else 2 if largest < 1 else 1 if largest < 100 else 0
    unit = {"share": " points" if signed else " %", "minutes": " min", "rows": ""}[figure.unit]

    def number(value: float) -> str:
        return f"{value * factor:{sign},.{digits}f}".replace("-", "−")

    text = f"{number(figure.value)}{unit}"
    if figure.low is None or figure.high is None:
        return text
    return f"{text} ({number(figure.low)} to {number(figure.high)})"


def _written(number: float | None) -> str:
    return "" if number is None else f"{number:.6g}"


def _read(text: str) -> float | None:
    return float(text) if text else None


if __name__ == "__main__":
    main()
