"""Rotas as the files that a scenario's `rota_file` and the command `fit` read."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import Final

from sim.force_log.duties.patterns import Pattern, PoolRota, Rotas, days_in_words
from sim.scenario.toml import toml_value

SNIPPET: Final = "pools.toml"
"""The file of `scenario_lines`, beside the rotas."""
COLUMNS: Final = ("name", "start", "end", "people", "days", "abstraction")


def rota_csv(rota: PoolRota) -> str:
    """Write a pool's shifts as CSV, a row for each."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name, one in zip(names_of(rota), rota.patterns, strict=True):
        days = days_in_words(one.days)
        writer.writerow((name, clock(one.start), clock(one.end), one.people, days, one.abstraction))
    return text.getvalue()


def names_of(rota: PoolRota) -> list[str]:
    """A name for each shift, by its hours, and by its days where several have the same."""
    found: list[str] = []
    for one in rota.patterns:
        hours = f"from_{_digits(one.start)}_to_{_digits(one.end)}"
        alike = sum((other.start, other.end) == (one.start, one.end) for other in rota.patterns)
        found.append(hours if alike == 1 else f"{hours}_{_span(one)}")
    return found


def scenario_lines(rotas: Rotas) -> str:
    """Write what a scenario says to take these rotas, as TOML."""
    lines = []
    source = f"{rotas.title}, {rotas.first_day} to {rotas.last_day}"
    for one in rotas.pools:
        lines += [
            f"[pools.{one.pool}]",
            f'rota_file = "{one.pool}.csv"',
            f"abstraction = {round(one.abstraction, 2):g}",
            "",
        ]
    lines.append("[sources]")
    for one in rotas.pools:
        for key in ("shifts", "abstraction"):
            said = toml_value({"source": source, "confidence": "A"})
            lines.append(f'"pools.{one.pool}.{key}" = {said}')
    return "\n".join(lines) + "\n"


def weeks_of(lines: str) -> tuple[date, date] | None:
    """The first and the last day of the duties that `scenario_lines` were written from.

    Parameters
    ----------
    lines
        The text of the file; None is returned where it names no days.
    """
    found = re.search(r"(\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d)", lines)
    try:
        return None if found is None else (
            date.fromisoformat(found[1]), date.fromisoformat(found[2]),
        )  # fmt: skip
    except ValueError:
        return None


def clock(minutes: int) -> str:
    """A minute of the day as a time."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _digits(minutes: int) -> str:
    return clock(minutes).replace(":", "")


def _span(one: Pattern) -> str:
    return "_".join(day[:2] for day in one.days)
