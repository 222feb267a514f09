"""Missing-person records as a clean table, one for each number of the log."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Final

import polars as pl

from sim.errors import InputError, ScenarioErrors
from sim.force_log.disclosure import LEAST
from sim.force_log.faults import LogFault
from sim.force_log.identifiers import by_shape, showable
from sim.force_log.joining.mapping import CaseMapping, LoadedCaseMapping
from sim.force_log.label_meanings import meanings_of
from sim.force_log.mapping_files import refusal
from sim.force_log.source import LINE, read_source
from sim.force_log.stamps import read_steps
from sim.force_log.words import FINDERS, OWNERS, RISKS

_ALL: Final = ("reported", "ratified", "returned")
_DONE: Final = {
    "risk": "the higher stands",
    "found_by": "that of police stands before others",
    "owner": "the first by its name stands",
    "ratified": "the earliest stands",
    "returned": "the latest stands",
}


@dataclass(frozen=True, slots=True)
class Cases:
    """Missing-person records, clean.

    Attributes
    ----------
    records
        A row for each number, shape (records,): ``number`` (text, to be joined on and not kept),
        ``reported``, ``ratified`` and ``returned`` in the records' own time zone, ``risk``,
        ``found_by``, ``owner``; empty where the records have none.
    faults
        What was wrong, the gravest not first.
    mapping
        How they were read.
    path
        The file, as it was named.
    has
        What the mapping names.
    """

    records: pl.DataFrame
    faults: tuple[LogFault, ...]
    mapping: LoadedCaseMapping
    path: str
    has: frozenset[str]


def read_cases(path: str | PathLike[str], loaded: LoadedCaseMapping) -> Cases:
    """Read missing-person records.

    Parameters
    ----------
    path
        CSV (also gzip) or Parquet, a row for each record.
    loaded
        As `sim.force_log.joining.mapping.load_case_mapping` returns it.

    Raises
    ------
    sim.errors.InputError
        If the file cannot be read, lacks a column, or holds identifiers where the mapping names
        codes.
    """
    path = Path(path)
    said = loaded.mapping
    columns = said.case
    wanted = [("case.number", columns.number)]
    for name, parts in columns.times().items():
        one = len(parts) == 1
        wanted += [
            (f"case.{name}" if one else f"case.{name}[{place}]", part)
            for place, part in enumerate(parts)
        ]
    wanted += [(f"case.{role}", column) for role, column in columns.labels().items()]
    source = read_source(path, said.export, wanted)
    raw = source.frame
    _refuse_people(raw, loaded)
    faults = list(source.faults)
    out: dict[str, pl.Series] = {"number": raw[columns.number].cast(pl.String)}
    for name in _ALL:
        parts = columns.times().get(name, ())
        if not parts:
            nothing = pl.Series([None], dtype=pl.Datetime("us", said.export.time_zone))
            out[name] = nothing.new_from_index(0, raw.height)
            continue
        out[name], told = read_steps(raw, parts, said.export, f"case.{name}")
        faults += told
    for role, words in (("risk", RISKS), ("found_by", FINDERS), ("owner", OWNERS)):
        out[role] = _translated(raw, said, role, words, faults)
    frame = pl.DataFrame(out)
    numbered = frame.filter(pl.col("number").is_not_null())
    if not numbered.height:
        raise InputError(
            "no record has the number of its incident",
            file=path.as_posix(),
            path=columns.number,
            allowed="the log's number of the incident in each record",
        )
    if numbered.height < frame.height:
        faults.append(
            LogFault(
                "joined_cases", "records without the number of their incident", columns.number,
                frame.height - numbered.height, frame.height, "left out",
            )
        )  # fmt: skip
    has = frozenset({*columns.times(), *columns.labels()} - {"reported"})
    return Cases(_one_each(numbered, faults), tuple(faults), loaded, path.as_posix(), has)


def _refuse_people(raw: pl.DataFrame, loaded: LoadedCaseMapping) -> None:
    """Refuse columns that seem to hold people, by what stands in them."""
    said = loaded.mapping
    errors = []
    for role, column in {**said.case.labels(), "number": said.case.number}.items():
        values = raw[column].cast(pl.String)
        as_role = "incident" if role == "number" else "kind"
        what = by_shape(values, as_role, said_codes=column in said.export.codes)
        if what is not None:
            errors.append(
                InputError(
                    refusal(what), file=loaded.file, path=f"case.{role}", found=column,
                    allowed="a column of codes that many records share"
                    if role != "number" else "the column of the log's number",
                )
            )  # fmt: skip
    if errors:
        raise ScenarioErrors(errors)


def _translated(
    raw: pl.DataFrame,
    said: CaseMapping,
    role: str,
    words: tuple[str, ...],
    faults: list[LogFault],
) -> pl.Series:
    column = said.case.labels().get(role)
    if column is None:
        return pl.Series([None], dtype=pl.String).new_from_index(0, raw.height)
    values = meanings_of(raw[column], said.meanings(role))
    unmapped = raw[column].is_not_null() & values.is_null()
    if unmapped.any():
        labels = raw[column].filter(unmapped).cast(pl.String)
        faults.append(
            LogFault(
                "unmapped_case",
                f"labels of the records without a meaning in [{said.table_of(role)}]",
                column,
                int(unmapped.sum()),
                raw.height,
                "left empty",
                int(raw[LINE].filter(unmapped)[0]),
                tuple(showable(labels, LEAST)),
            )
        )
    return values.cast(pl.Enum(list(words))).cast(pl.String)


def _one_each(frame: pl.DataFrame, faults: list[LogFault]) -> pl.DataFrame:
    """Make one record of those with one number: several people, or a record written anew."""
    rows = frame.group_by("number", maintain_order=True)
    ranks = {word: rank for rank, word in enumerate(RISKS)}
    finders = {word: rank for rank, word in enumerate(FINDERS)}
    one = rows.agg(
        pl.col("reported").min(),
        pl.col("ratified").min(),
        # Police are needed until the last of several is back.
        pl.when(pl.col("returned").is_null().any()).then(None)
        .otherwise(pl.col("returned").max()).alias("returned"),
        pl.col("risk").replace_strict(ranks, default=None, return_dtype=pl.Int64).max(),
        pl.col("found_by").replace_strict(finders, default=None, return_dtype=pl.Int64).min(),
        pl.col("owner").drop_nulls().sort().first(),
    ).with_columns(
        pl.col("risk").replace_strict(dict(enumerate(RISKS)), default=None,
                                      return_dtype=pl.String),
        pl.col("found_by").replace_strict(dict(enumerate(FINDERS)), default=None,
                                          return_dtype=pl.String),
    )  # fmt: skip
    if one.height == frame.height:
        return one
    faults.append(
        LogFault(
            "joined_rows", "further records of a number that has one already", "the records",
            frame.height - one.height, frame.height, "put together: a log about several people, or "
            "a record that was written anew",
        )
    )  # fmt: skip
    differ = frame.group_by("number").agg(
        pl.col(name).drop_nulls().n_unique() > 1 for name in _DONE
    )
    for name, done in _DONE.items():
        count = int(differ[name].sum())
        if count:
            faults.append(
                LogFault(
                    "joined_rows", f"numbers whose records differ in {name}", name, count,
                    one.height, done,
                )
            )  # fmt: skip
    return one
