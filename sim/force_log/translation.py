"""The log's labels in our words, with what is said of those that have no meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from sim.force_log.column_shapes import no_call_signs
from sim.force_log.faults import FaultCode, LogFault
from sim.force_log.identifiers import showable
from sim.force_log.label_meanings import meanings_of
from sim.force_log.mapping import LogMapping
from sim.force_log.merged_cells import MERGED, merged_down
from sim.force_log.source import LINE
from sim.force_log.words import ORIGINS, RISKS, STREAMS

LEAST_SHOWN: Final = 5
_AN: Final = {"kind": "a kind", "area": "an area", "origin": "an origin"}


def translated(raw: pl.DataFrame, said: LogMapping, faults: list[LogFault]) -> pl.DataFrame:
    """Put the log's labels into our words."""
    columns = said.columns
    grades = meanings_of(raw[columns.priority], {k: str(v) for k, v in said.grades.items()})
    numbers = None if columns.incident is None else raw[columns.incident].cast(pl.String)
    _unmapped(raw, columns.priority, grades, "priority", "counted under no grade", numbers, faults)
    out: dict[str, pl.Series] = {"grade": grades.cast(pl.Int8)}
    tables: Sequence[tuple[str, str, Mapping[str, str], Sequence[str], str]] = (
        ("stream", "kind", said.kinds, STREAMS, 'taken for "other"'),
        ("area", "area", said.areas, (), "counted under no area"),
        ("origin", "origin", said.origins, ORIGINS, "taken as from the public"),
        ("risk", "risk", said.risks, RISKS, "counted under no risk level"),
    )
    for name, role, meanings, words, done in tables:
        column = getattr(columns, role)
        if column is None:
            out[name] = pl.Series([None], dtype=pl.String).new_from_index(0, raw.height)
            continue
        values = meanings_of(raw[column], meanings)
        _unmapped(raw, column, values, role, done, numbers, faults)
        if role != "risk":
            _blank(raw, column, role, done, numbers, faults)
        out[name] = values.cast(pl.Enum(list(words))).cast(pl.String) if words else values
    out["stream"] = out["stream"].fill_null("other")
    out["officer_initiated"] = (out["origin"] == "officer_initiated").fill_null(False)
    # Numbers in place of names: equal names, equal numbers, and nothing more.
    units = None if columns.unit is None else raw[columns.unit]
    no_crew = None if units is None else no_call_signs(units)
    if units is not None and no_crew:
        faults.append(
            LogFault(
                "no_call_signs",
                f"cells that hold {no_crew}",
                str(columns.unit),
                units.count(),
                raw.height,
                "not used: when which crew was busy is then not known; a row for each unit says it",
            )
        )
    for name in ("unit", "incident"):
        column = getattr(columns, name)
        out[name] = (
            pl.Series([None], dtype=pl.Int64).new_from_index(0, raw.height)
            if column is None or (no_crew and name == "unit")
            else raw[column].cast(pl.Categorical).to_physical().cast(pl.Int64)
        )
    officers = int(out["officer_initiated"].sum())
    if officers:
        faults.append(
            LogFault(
                "officer_initiated",
                "work that officers began themselves",
                str(columns.origin),
                officers,
                raw.height,
                "kept as work, and left out of every delay",
            )
        )
    return pl.DataFrame(out)


def _blank(
    raw: pl.DataFrame,
    column: str,
    role: str,
    done: str,
    numbers: pl.Series | None,
    faults: list[LogFault],
) -> None:
    """Tell of incidents no row of which has a label, where every incident should have one."""
    rows = pl.int_range(raw.height, eager=True).cast(pl.String)
    incidents = rows if numbers is None else numbers.fill_null("row " + rows)
    known = incidents.filter(raw[column].is_not_null()).n_unique()
    count = incidents.n_unique() - known
    if count:
        merged = f"; {MERGED}" if merged_down(raw[column]) else ""
        faults.append(
            LogFault(
                "blank_labels", f"incidents without {_AN[role]}", column, count, known + count,
                f"{done}{merged}",
            )
        )  # fmt: skip


def _unmapped(
    raw: pl.DataFrame,
    column: str,
    values: pl.Series,
    role: str,
    done: str,
    numbers: pl.Series | None,
    faults: list[LogFault],
) -> None:
    unmapped = raw[column].is_not_null() & values.is_null()
    if not unmapped.any():
        return
    # Of a row for each unit or step incidents are counted, for it is they that may be few.
    rows = pl.int_range(raw.height, eager=True) if numbers is None else numbers
    count = rows.filter(unmapped).n_unique()
    labels = raw[column].filter(unmapped).cast(pl.String)
    cases = None if numbers is None else numbers.filter(unmapped)
    shown = showable(labels, LEAST_SHOWN, cases=cases)
    codes: dict[str, FaultCode] = {
        "priority": "unmapped_priority", "kind": "unmapped_kind", "area": "unmapped_area",
        "origin": "unmapped_origin", "risk": "unmapped_risk",
    }  # fmt: skip
    distinct = labels.n_unique()
    faults.append(
        LogFault(
            codes[role],
            f"{distinct} label{'s' if distinct > 1 else ''} without a meaning",
            column,
            count,
            rows.n_unique(),
            done,
            int(raw[LINE].filter(unmapped)[0]),
            tuple(shown),
        )
    )
