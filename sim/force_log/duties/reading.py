"""From a duty export to duties: their pool, when they begin and end, and what they were.

What is read: the mapped columns. No officer's name or number is among them, so that two duties of
one person are two duties.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl
from polars.exceptions import PolarsError

from sim.errors import InputError, ScenarioErrors
from sim.force_log.disclosure import LEAST, rounded
from sim.force_log.duties.mapping import DutyFile, LoadedDutyMapping
from sim.force_log.header import check_columns, check_names
from sim.force_log.identifiers import by_shape, showable
from sim.force_log.mapping import LogFile
from sim.force_log.mapping_files import refusal
from sim.force_log.merged_cells import FILL_DOWN
from sim.force_log.source import LINE, read_source
from sim.force_log.unpacking import refuse_large_workbook
from sim.scenario.text import OF_A_SPREADSHEET, read_bytes

LONGEST_HOURS: Final = 16.0
_ISO: Final = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M")
_MERGED_SHARE: Final = 0.2
_BROKEN_SHARE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Duties:
    """The duties of an export.

    Attributes
    ----------
    frame
        A row for each duty, shape (n,): ``pool``, ``meaning``, ``start`` and ``end`` in local time.
    first_day, last_day
        Days on which the first and the last duty begin.
    notes
        What was done to the export, a sentence each, fit to leave.
    """

    frame: pl.DataFrame
    first_day: date
    last_day: date
    notes: tuple[str, ...]


def read_duties(path: Path, loaded: LoadedDutyMapping) -> Duties:
    """Read an export with its mapping.

    Parameters
    ----------
    path
        A CSV file (also gzip), Parquet, or a workbook of Excel or LibreOffice.
    loaded
        As `sim.force_log.duties.mapping.load_duty_mapping` returns it.

    Raises
    ------
    sim.errors.InputError
        If it cannot be read, lacks a column, holds names of people where the mapping names roles,
        or has a label without a meaning.
    """
    said = loaded.mapping
    starts, ends = said.duty.parts("start"), said.duty.parts("end")
    wanted = [("duty.role", said.duty.role)]
    wanted += [("duty.start", name) for name in starts] + [("duty.end", name) for name in ends]
    if said.duty.code is not None:
        wanted.append(("duty.code", said.duty.code))
    frame = _columns_of(path, said.export, wanted)
    _refuse_people(frame, said.duty.role, said.duty.code, loaded)
    _refuse_merged(frame, [name for _, name in wanted if name != said.duty.code], path)
    notes: list[str] = []
    times = frame.with_columns(
        start=_moment(frame, starts, said.export, "duty.start", path),
        end=_moment(frame, ends, said.export, "duty.end", path),
    )
    pool = _translated(
        times[said.duty.role], said.roles, _Place("roles", "pool", loaded.file), required=True
    )
    meaning = pl.Series("meaning", ["present"] * times.height)
    if said.duty.code is not None:
        place = _Place("codes", "meaning", loaded.file)
        meaning = _translated(times[said.duty.code], said.codes, place).fill_null("present")
    duties = times.select("start", "end", pool=pool, meaning=meaning)
    left = duties.filter(pl.col("pool") == "").height
    if left:
        notes.append(f"{_about(left)} duties of roles that no pool is named for are left out.")
    duties = duties.filter(pl.col("pool") != "")
    duties = _sound(duties, path, notes)
    first, last = duties["start"].min(), duties["start"].max()
    assert first is not None
    assert last is not None
    return Duties(duties.sort("start", "pool", "meaning"), first.date(), last.date(), tuple(notes))  # type: ignore[union-attr]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the mapping says what labels mean."""

    table: str
    what: str
    file: str


def _columns_of(path: Path, file: DutyFile, wanted: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """The wanted columns as text, in order of the file."""
    try:
        content = read_bytes(path, path.as_posix())
    except FileNotFoundError:
        raise InputError("there is no such file", file=path.as_posix()) from None
    if not content.startswith(OF_A_SPREADSHEET):
        as_log = LogFile(
            time_zone="UTC", separator=file.separator, encoding=file.encoding, empty=file.empty
        )
        return read_source(path, as_log, wanted).frame.drop(LINE)
    refuse_large_workbook(content, path)
    try:
        frame = pl.read_excel(
            content, engine="calamine", sheet_name=file.sheet, infer_schema_length=0
        )
    except (ValueError, PolarsError) as error:
        raise InputError(
            "this workbook cannot be read",
            file=path.as_posix(),
            found=str(error).split("\n", 1)[0][:100],
            allowed="a workbook with a header and a row for each duty; sheet in [export] names "
            "the sheet",
        ) from None
    check_names(frame.columns, path)
    check_columns(frame.columns, wanted, path)
    empty = [one.casefold() for one in file.empty]
    names = list(dict.fromkeys(name for _, name in wanted))
    text = [pl.col(name).cast(pl.String).str.strip_chars() for name in names]
    frame = frame.select(text)
    return frame.with_columns(
        pl.when(~pl.col(name).str.to_lowercase().is_in(empty)).then(pl.col(name)) for name in names
    )


def _refuse_people(
    frame: pl.DataFrame, role: str, code: str | None, loaded: LoadedDutyMapping
) -> None:
    """Refuse a column that seems to hold people, by what stands in it."""
    for key, name in (("role", role), ("code", code)):
        what = None if name is None else by_shape(frame[name].drop_nulls(), "kind")
        if what is not None:
            raise InputError(
                refusal(what), file=loaded.file, path=f"duty.{key}", found=name,
                allowed="a column of few labels that repeat",
            )  # fmt: skip


def _refuse_merged(frame: pl.DataFrame, names: Sequence[str], path: Path) -> None:
    """Refuse a sheet in which a value stands in the first of several rows only."""
    for name in names:
        empty = frame[name].is_null()
        others = [frame[other].is_not_null() for other in names if other != name]
        beside = int((empty & others[0]).sum()) if others else 0
        if frame.height and beside >= max(2, _MERGED_SHARE * frame.height):
            raise InputError(
                f"this column is empty in {_about(beside)} rows that have the others, as cells are "
                "that were merged",
                file=path.as_posix(),
                path=name,
                allowed=f"each row with all its values: {FILL_DOWN}",
            )


def _moment(
    frame: pl.DataFrame, parts: Sequence[str], file: DutyFile, key: str, path: Path
) -> pl.Series:
    """Local times, from one column or from a date and a time of day."""
    texts = frame[parts[0]]
    if len(parts) > 1:
        # A workbook's date has a midnight of its own, and its time of day a date.
        day = texts.str.replace(r"[T ]00:00(:00)?(\.0+)?$", "")
        clock = frame[parts[1]].str.replace(r"^\d{4}-\d\d-\d\d[T ]", "")
        texts = day + " " + clock
    found = pl.Series(key, [None] * texts.len(), dtype=pl.Datetime("us"))
    for form in file.date_formats or _ISO:
        read = texts.str.to_datetime(form, strict=False, time_unit="us")
        found = found.fill_null(read)
    known = texts.is_not_null()
    unread = int((known & found.is_null()).sum())
    if unread > _BROKEN_SHARE * max(1, int(known.sum())):
        raise InputError(
            f"{_about(unread)} of {_about(texts.len())} values cannot be read as a date with its "
            "time of day",
            file=path.as_posix(),
            path=" and ".join(parts),
            allowed='their format, as date_formats = ["%d/%m/%Y %H:%M"] in [export] of the mapping',
        )
    return found


def _translated(
    labels: pl.Series, meanings: Mapping[str, str], place: _Place, *, required: bool = False
) -> pl.Series:
    """Labels in our words; one without a meaning is refused, and shown where it is common."""
    patterns = [(re.compile(fnmatch.translate(key.casefold())), value)
                for key, value in meanings.items()]  # fmt: skip
    words: dict[str, str] = {}
    for label in labels.drop_nulls().unique():
        fits = (value for pattern, value in patterns if pattern.match(label.casefold()))
        word = next(fits, None)
        if word is not None:
            words[label] = word
    unknown = labels.filter(labels.is_not_null() & ~labels.is_in(list(words)))
    if len(unknown):
        shown = [f'"{one}"' for one in showable(unknown, LEAST)]
        raise ScenarioErrors(
            [
                InputError(
                    f"{_about(len(unknown))} duties have a label that stands for no {place.what}",
                    file=place.file,
                    path=place.table,
                    found=", ".join(shown) if shown else "labels of fewer than five duties each",
                    allowed=f"a line for each in [{place.table}]"
                    + (', "" where it is no pool' if required else ""),
                )
            ]
        )
    return labels.replace_strict(words, default=None, return_dtype=pl.String)


def _sound(duties: pl.DataFrame, path: Path, notes: list[str]) -> pl.DataFrame:
    """Keep the duties whose hours can be those of a duty; an end on the day before is the next."""
    known = duties.drop_nulls()
    lacking = duties.height - known.height
    if lacking:
        notes.append(f"{_about(lacking)} duties without a pool, a start or an end are left out.")
    over = (pl.col("end") <= pl.col("start")) & (
        pl.col("start") - pl.col("end") < pl.duration(days=1)
    )
    known = known.with_columns(
        end=pl.when(over).then(pl.col("end") + pl.duration(days=1)).otherwise("end")
    )
    hours = (pl.col("end") - pl.col("start")).dt.total_minutes() / 60
    sound = known.filter((hours > 0) & (hours <= LONGEST_HOURS))
    odd = known.height - sound.height
    if odd:
        notes.append(
            f"{_about(odd)} duties that last longer than {LONGEST_HOURS:g} hours, or end before "
            "they begin, are left out."
        )
    if sound.height < LEAST:
        raise InputError(
            "no duties are left",
            file=path.as_posix(),
            allowed="a row for each officer's duty, with a role that [roles] has a pool for",
        )
    return sound


def _about(count: int) -> str:
    told = rounded(count)
    return "Fewer than five" if told is None else f"{told:,}"
