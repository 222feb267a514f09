"""From a file to the mapped columns as text: compression, encoding, broken rows."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
from polars.exceptions import PolarsError

from sim.errors import InputError
from sim.force_log.faults import LogFault
from sim.force_log.header import (
    check_columns,
    check_names,
    check_separator,
    fields_of,
    header_line,
)
from sim.force_log.log_bytes import SINGLE_BYTE, UTF_16, bytes_of, decoded, encoding_of_bytes
from sim.force_log.mapping import LogFile
from sim.force_log.parquet import check_types, is_parquet, parquet_schema

LINE: Final = "line"
"""Column of the place of each row in the file: the header is 1."""
_QUOTED: Final = '"[^"]*"'
_BEGINNING: Final = 262_144
"""Characters in which the header is looked for."""


@dataclass(frozen=True, slots=True)
class Source:
    """The mapped columns of a log.

    Attributes
    ----------
    frame
        A row for each sound row of the file: `LINE` and the wanted columns under their own
        names; text as it stands, times of a Parquet file as they are.
    faults
        What was wrong with the file as such.
    rows
        Rows of the file below its header, the broken ones among them.
    """

    frame: pl.DataFrame
    faults: tuple[LogFault, ...]
    rows: int


def header_of(path: Path, file: LogFile | None = None) -> list[str]:
    """Return the names of a log's columns.

    Parameters
    ----------
    path
        The log.
    file
        How it is written; None: found out as far as can be.

    Raises
    ------
    sim.errors.InputError
        If it cannot be read.
    """
    if is_parquet(path):
        return list(parquet_schema(path))
    data = bytes_of(path)
    encoding = file.encoding if file else encoding_of_bytes(data)
    text = decoded(data[:_BEGINNING], encoding, path)[0]
    first, separator = header_line(text, file.separator if file else None)[1:]
    header = fields_of(first, separator)
    check_names(header, path)
    return header


def guessed_encoding_of(path: Path) -> str:
    """The encoding that a CSV log is probably saved in."""
    return "utf-8" if is_parquet(path) else encoding_of_bytes(bytes_of(path))


def guessed_separator_of(path: Path) -> str:
    """The mark that most probably stands between the fields of a CSV log."""
    data = bytes_of(path)
    text, _ = decoded(data[:_BEGINNING], encoding_of_bytes(data), path)
    return header_line(text, None)[2]


def read_source(path: Path, file: LogFile, wanted: Sequence[tuple[str, str]]) -> Source:
    """Read the wanted columns of a log.

    Parameters
    ----------
    path
        A CSV file, also compressed with gzip, or a Parquet file.
    file
        How it is written.
    wanted
        Pairs of a path in the mapping and the name of a column.

    Raises
    ------
    sim.errors.InputError
        If the file cannot be read, lacks a wanted column, or has no row.
    """
    if is_parquet(path):
        schema = parquet_schema(path)
        check_columns(list(schema), wanted, path)
        check_types(schema, wanted, path)
        names = _names(wanted)
        frame = pl.read_parquet(path, columns=names, glob=False).with_row_index(LINE, offset=1)
        _check_rows(frame.height, path)
        labels = [name for name in names if not schema[name].is_temporal()]
        frame = frame.with_columns(
            pl.col(LINE).cast(pl.Int64), *(_whole(frame[name]) for name in labels)
        ).with_columns(_text(name, file) for name in labels)
        return Source(frame, (), frame.height)
    return _read_csv(path, file, wanted)


def _read_csv(path: Path, file: LogFile, wanted: Sequence[tuple[str, str]]) -> Source:
    data = bytes_of(path)
    if data.startswith(UTF_16) and file.encoding != "utf-16":
        raise InputError(
            "the file is saved as UTF-16, and the mapping says otherwise",
            file=path.as_posix(),
            found=file.encoding,
            allowed='encoding = "utf-16" in [file] of the mapping',
        )
    text, undecoded = decoded(data, file.encoding, path)
    if "\n" not in text:
        text = text.replace("\r", "\n")
    lines = pl.Series("text", text.removesuffix("\n").split("\n"))
    above, first, _ = header_line(text[:_BEGINNING], file.separator)
    lines = lines.slice(above)
    header = fields_of(first, file.separator)
    check_separator(header, lines, file, path)
    check_names(header, path)
    check_columns(header, wanted, path)
    faults = []
    if above:
        faults.append(
            LogFault(
                "title_lines",
                "lines above the header: a title, or nothing",
                "the file",
                above,
                len(lines) - 1 + above,
                "left out",
            )
        )
    if file.encoding in SINGLE_BYTE and undecoded is not None:
        hit = lines.str.contains(r"[^\x00-\x7F]")
        faults.append(
            LogFault(
                "encoding",
                f"text that is UTF-8, and not {file.encoding} as the mapping says",
                "the file",
                int(hit.sum()),
                len(lines) - 1,
                "read as UTF-8",
                int(hit.arg_max() or 0) + 1 + above,
            )
        )
        undecoded = None
    if undecoded is not None:
        hit = lines.str.contains("\ufffd", literal=True)
        faults.append(
            LogFault(
                "encoding",
                f"bytes that are not {file.encoding.upper()}",
                "the file",
                int(hit.sum()),
                len(lines) - 1,
                "read with a stand-in for each; a label that holds one fits no meaning "
                '(encoding = "windows-1252" in [file] of the mapping may read them)',
                int(hit.arg_max() or 0) + 1 + above,
            )
        )
    rows, broken = _sound_rows(lines, file.separator, len(header), above)
    total = rows.height + broken.height
    _check_rows(total, path)
    if broken.height:
        faults.append(
            LogFault(
                "broken_rows",
                f"rows that do not have the header's {len(header)} fields",
                "the file",
                broken.height,
                total,
                "left out",
                int(broken[LINE][0]),
            )
        )
    if not rows.height:
        raise InputError(
            f"none of the {total:,} rows has the header's {len(header)} fields",
            file=path.as_posix(),
            allowed=f'rows whose fields are separated by "{file.separator}"',
        )
    return Source(_parsed(rows, header, file, wanted, path), tuple(faults), total)


def _sound_rows(
    lines: pl.Series, separator: str, fields: int, above: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the rows that have as many fields as the header from those that have not.

    A field in quotes may hold a line's end, so lines with an open quote are put together, as
    long as one row comes of it. A stray quote breaks its own row and no other.
    """
    frame = (
        pl.DataFrame({LINE: pl.int_range(1, len(lines) + 1, eager=True) + above, "text": lines})
        .slice(1)
        .with_columns(pl.col("text").str.strip_suffix("\r"))
        .with_columns(
            odd=pl.col("text").str.count_matches('"', literal=True) % 2 == 1,
            marks=_marks(separator),
        )
        .with_columns(
            whole=~pl.col("odd")
            & (pl.col("marks") == fields - 1)
            & (pl.col("text").str.strip_chars() != "")
        )
    )
    whole = frame.filter(pl.col("whole")).select(LINE, "text")
    rest = frame.filter(~pl.col("whole"))
    if not rest.height:
        return whole, rest.select(LINE, "text")
    run = (pl.col(LINE).diff() != 1).fill_null(True).cum_sum()
    opened = (pl.col("odd").cast(pl.Int64).cum_sum() - pl.col("odd").cast(pl.Int64)) % 2
    joined = (
        rest.with_columns(run=run)
        .with_columns(first=(opened == 0).over("run"))
        .with_columns(record=pl.col("first").cast(pl.Int64).cum_sum())
        .group_by("record", maintain_order=True)
        .agg(pl.col(LINE).first(), pl.col("text").str.join("\n"), pl.col("odd").sum() % 2 == 1)
        .with_columns(marks=_marks(separator))
    )
    # An empty line is no row; within quotes it belongs to its field.
    joined = joined.filter(pl.col("text").str.strip_chars() != "")
    sound = ~pl.col("odd") & (pl.col("marks") == fields - 1)
    rows = pl.concat([whole, joined.filter(sound).select(LINE, "text")]).sort(LINE)
    return rows, joined.filter(~sound).select(LINE, "text")


def _marks(separator: str) -> pl.Expr:
    """How many separators stand outside quotes."""
    outside = (
        pl.when(pl.col("text").str.contains('"', literal=True))
        .then(pl.col("text").str.replace_all(_QUOTED, ""))
        .otherwise(pl.col("text"))
    )
    return outside.str.count_matches(separator, literal=True).cast(pl.Int64)


def _parsed(
    rows: pl.DataFrame,
    header: Sequence[str],
    file: LogFile,
    wanted: Sequence[tuple[str, str]],
    path: Path,
) -> pl.DataFrame:
    names = _names(wanted)
    places = sorted(header.index(name) for name in names)
    joined = "\n".join(rows["text"].to_list())
    try:
        frame = pl.read_csv(
            io.BytesIO(joined.encode("utf-8", "replace")),
            has_header=False,
            columns=places,
            separator=file.separator,
            infer_schema=False,
        )
    except PolarsError:
        # What polars says may repeat a row.
        raise InputError(
            "the rows cannot be told apart",
            file=path.as_posix(),
            allowed="rows with as many fields as the header, quotes in pairs",
        ) from None
    frame.columns = [header[place] for place in places]
    return frame.with_columns(rows[LINE], *(_text(name, file) for name in names))


def _whole(column: pl.Series) -> pl.Series:
    """Numbers written 2.0 because some cell was empty, as the whole numbers that they are."""
    number = column.dtype.is_float() or column.dtype.is_decimal()
    if number and (column.drop_nulls() % 1 == 0).all():
        return column.cast(pl.Int64, strict=False)
    return column


def _text(name: str, file: LogFile) -> pl.Expr:
    text = pl.col(name).cast(pl.String).str.strip_chars()
    nothing = sorted({"", *(word.strip().casefold() for word in file.empty)})
    return pl.when(text.str.to_lowercase().is_in(nothing)).then(None).otherwise(text).alias(name)


def _names(wanted: Sequence[tuple[str, str]]) -> list[str]:
    return list(dict.fromkeys(name for _, name in wanted))


def _check_rows(rows: int, path: Path) -> None:
    if not rows:
        raise InputError(
            "there is a header, and no row below it",
            file=path.as_posix(),
            allowed="at least one row",
        )
