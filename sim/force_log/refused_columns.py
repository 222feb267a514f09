"""Columns that a mapping names and that are not read: who somebody is, or when they were born."""

from __future__ import annotations

from typing import Final

import polars as pl

from sim.errors import InputError, ScenarioErrors
from sim.force_log.identifiers import by_shape, doubtful, may_be_codes, repeat
from sim.force_log.mapping import LoadedMapping
from sim.force_log.mapping_files import refusal
from sim.force_log.stamps import shown_as
from sim.scenario.toml import toml_value

_BIRTH_SPAN_YEARS: Final = 20


def refuse_identifiers(raw: pl.DataFrame, mapping: LoadedMapping) -> None:
    """Refuse a column of labels that holds names, numbers or addresses, by its values."""
    said = mapping.mapping
    looked_at = [(f"columns.{role}", role, name) for role, name in said.columns.labels().items()]
    for table, rules in (("keep", said.keep), ("drop", said.drop)):
        looked_at += [
            (f"{table}[{place}].column", "kind", rule.column) for place, rule in enumerate(rules)
        ]
    if said.steps is not None:
        looked_at.append(("steps.column", "kind", said.steps.column))
    errors = []
    for key, role, column in looked_at:
        values = raw[column].cast(pl.String)
        what = by_shape(values, role, said_codes=column in said.file.codes)
        if what is None and role not in {"unit", "incident"} and not repeat(values):
            what = doubtful(column)
        if what is not None:
            errors.append(_refused(what, values, mapping.file, key, column))
    if errors:
        raise ScenarioErrors(errors)


def _refused(what: str, values: pl.Series, file: str, key: str, column: str) -> InputError:
    """Why a column of labels is not read, by its values, of which none is shown."""
    longest = values.str.len_chars().quantile(0.9) or 0
    by_values = (
        f"{values.n_unique():,} different values in {values.len():,} rows, nine in ten of them of "
        f"up to {longest:.0f} characters"
    )
    allowed = "a column of codes that many incidents share"
    if may_be_codes(values, what):
        allowed += f"; if these are such, codes = [{toml_value(column)}] in [file] says so"
    return InputError(
        f"{refusal(what)} ({by_values})", file=file, path=key, found=column, allowed=allowed
    )


def refuse_births(moments: pl.DataFrame, mapping: LoadedMapping) -> None:
    """Refuse a column of times that spreads over years, as dates of birth do."""
    errors = []
    for stamp in moments.columns:
        column = moments[stamp].drop_nulls()
        if column.len() < 20:
            continue
        years = column.dt.year()
        span = float(years.quantile(0.95) or 0) - float(years.quantile(0.05) or 0)
        if span >= _BIRTH_SPAN_YEARS:
            name = shown_as(mapping.mapping.columns.stamps()[stamp])  # type: ignore[index]
            errors.append(
                InputError(
                    refusal("dates of birth"),
                    file=mapping.file,
                    path=f"columns.{stamp}",
                    found=name,
                    allowed="a column of times at which something was done",
                )
            )
    if errors:
        raise ScenarioErrors(errors)
