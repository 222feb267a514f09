"""From a file to the mapped columns as text: compression, encoding, broken rows."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
from polars.exceptions import PolarsError

from sim.errors import InputError, ScenarioErrors
from sim.force_log.faults import LogFault
from sim.force_log.mapping import LogFile
from sim.scenario.findings import Written, listed, nearest
from sim.scenario.text import OF_A_SPREADSHEET, refuse_no_file
from sim.scenario.toml import toml_value

LINE: Final = "line"
"""Column of the place of each row in the file: the header is 1."""

ANY: Final = "any"
"""In place of a path of the mapping: a column of whatever type, to be looked at."""

_GZIP: Final = b"\x1f\x8b"
_SINGLE_BYTE: Final = ("windows-1252", "iso-8859-1", "iso-8859-15")
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_QUOTED: Final = '"[^"]*"'
_LISTED_COLUMNS: Final = 40
_DATED: Final = r"(\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}[/.-]\d{1,2}[/.-]\d{1,2})"
_BEGINNING: Final = 262_144
"""Characters in which the header is looked for."""

_LOOKED_AT: Final = 40


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


def is_parquet(path: Path) -> bool:
    """Whether a log is to be read as Parquet, by its suffix."""
    return path.suffix.lower() in {".parquet", ".pq"}


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
        return list(_parquet_schema(path))
    data = _bytes_of(path)
    encoding = file.encoding if file else _guessed_encoding(data)
    text = _decoded(data[:_BEGINNING], encoding, path)[0]
    first, separator = _header_line(text, file.separator if file else None)[1:]
    header = _fields(first, separator)
    _check_names(header, path)
    return header


def guessed_encoding_of(path: Path) -> str:
    """The encoding that a CSV log is probably saved in."""
    return "utf-8" if is_parquet(path) else _guessed_encoding(_bytes_of(path))


def guessed_separator(line: str) -> str:
    """The mark that most probably stands between the fields of a header."""
    return max((",", ";", "\t", "|"), key=line.count)


def guessed_separator_of(path: Path) -> str:
    """The mark that most probably stands between the fields of a CSV log."""
    data = _bytes_of(path)
    text, _ = _decoded(data[:_BEGINNING], _guessed_encoding(data), path)
    return _header_line(text, None)[2]


def unreadable_of(path: Path) -> dict[str, str]:
    """Columns of a Parquet log whose type no time, length or label can have, and that type."""
    if not is_parquet(path):
        return {}
    schema = _parquet_schema(path)
    return {
        name: f"values of type {dtype.base_type()}"
        for name, dtype in schema.items()
        if _no_value(dtype)
    }


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
        schema = _parquet_schema(path)
        check_columns(list(schema), wanted, path)
        _check_types(schema, wanted, path)
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
    data = _bytes_of(path)
    if data.startswith(_UTF_16) and file.encoding != "utf-16":
        raise InputError(
            "the file is saved as UTF-16, and the mapping says otherwise",
            file=path.as_posix(),
            found=file.encoding,
            allowed='encoding = "utf-16" in [file] of the mapping',
        )
    text, undecoded = _decoded(data, file.encoding, path)
    if "\n" not in text:
        text = text.replace("\r", "\n")
    lines = pl.Series("text", text.removesuffix("\n").split("\n"))
    above, first, _ = _header_line(text[:_BEGINNING], file.separator)
    lines = lines.slice(above)
    header = _fields(first, file.separator)
    _check_separator(header, lines, file, path)
    _check_names(header, path)
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
    if file.encoding in _SINGLE_BYTE and undecoded is not None:
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


def _bytes_of(path: Path) -> bytes:
    try:
        refuse_no_file(path, path.as_posix())
        data = path.read_bytes()
    except FileNotFoundError:
        near = None
        if path.parent.is_dir():
            near = nearest(path.name, sorted(other.name for other in path.parent.iterdir()))
        raise InputError("there is no such file", file=path.as_posix(), suggestion=near) from None
    except OSError as error:
        reason = "it is a folder" if path.is_dir() else error.strerror
        raise InputError(f"the file cannot be read ({reason})", file=path.as_posix()) from None
    if data.startswith(OF_A_SPREADSHEET):
        raise InputError(
            "this is a workbook or a zip archive, not a log",
            file=path.as_posix(),
            allowed="a CSV file, also compressed with gzip, or a Parquet file",
        )
    if data.startswith(_GZIP):
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error):
            raise InputError(
                "the compressed file is damaged or was not copied whole", file=path.as_posix()
            ) from None
    if not data.strip():
        raise InputError(
            "the file is empty", file=path.as_posix(), allowed="a header, and at least one row"
        )
    if b"\0" in data[:4096] and not data.startswith(_UTF_16):
        raise InputError(
            "this is not a text file",
            file=path.as_posix(),
            allowed="a CSV file, also compressed with gzip, or a Parquet file",
        )
    return data


def _decoded(data: bytes, encoding: str, path: Path) -> tuple[str, int | None]:
    """Return the text, and the first byte that is not of the encoding, if any is.

    Text in an encoding of single bytes that is UTF-8 by every sign is read as that.
    """
    if encoding in _SINGLE_BYTE and not data.isascii():
        try:
            return data.decode("utf-8-sig"), 0
        except UnicodeDecodeError:
            pass
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    try:
        return data.decode(codec), None
    except UnicodeDecodeError as error:
        place = error.start
    text = data.decode(codec, "replace")
    # Half of an ordinary text cannot be unreadable: then it is another encoding altogether.
    if text.count("\ufffd") > len(text) / 10:
        raise InputError(
            f"the file is not saved as {encoding.upper()}",
            file=path.as_posix(),
            allowed="the encoding that the export was saved in, in [file] of the mapping",
        )
    return text, place


def _header_line(text: str, separator: str | None) -> tuple[int, str, str]:
    """How many lines stand above the header, the header, and the mark between its fields.

    A title has far fewer cells than the rows below it, or is blank but for one; anything else that
    stands first is the header.
    """
    lines = [line.strip("\r") for line in text.split("\n" if "\n" in text else "\r", _LOOKED_AT)]
    if len(lines) > _LOOKED_AT:
        lines.pop()
    separator = separator or guessed_separator(max(lines, key=lambda one: len(_marks_of(one))))
    filled = [_fields(line, separator) for line in lines]
    widths = [len(fields) for fields in filled if any(fields)]
    usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
    for place, fields in enumerate(filled):
        cells = sum(map(bool, fields))
        if cells > usual / 2 or (cells and usual <= 1):
            return place, lines[place], separator
    return 0, lines[0], separator


def _marks_of(line: str) -> str:
    return max((re.sub(f"[^{re.escape(mark)}]", "", line) for mark in ",;\t|"), key=len)


def _guessed_encoding(data: bytes) -> str:
    if data.startswith(_UTF_16):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _fields(line: str, separator: str) -> list[str]:
    row = next(csv.reader([line.strip("\r\n")], delimiter=separator), [])
    return [name.strip() for name in row]


def _parquet_schema(path: Path) -> dict[str, pl.DataType]:
    try:
        refuse_no_file(path, path.as_posix())
        # A schema read by itself would take brackets in a name for a pattern.
        return dict(pl.scan_parquet(path, glob=False).collect_schema())
    except FileNotFoundError:
        raise InputError("there is no such file", file=path.as_posix()) from None
    except (PolarsError, OSError):
        raise InputError(
            "this is no Parquet file, or a damaged one", file=path.as_posix()
        ) from None


def _names(wanted: Sequence[tuple[str, str]]) -> list[str]:
    return list(dict.fromkeys(name for _, name in wanted))


def _check_names(header: Sequence[str], path: Path) -> None:
    """Refuse a first line that is a row: its values are not to be taken for names of columns."""
    dated = sum(bool(re.match(_DATED, name)) for name in header)
    if dated:
        # The values themselves are not shown.
        raise InputError(
            f"the first line holds values, and no names of columns: {dated} of its "
            f"{len(header)} fields are dates",
            file=path.as_posix(),
            allowed="an export with its header, a name for each column",
        )


def _check_separator(header: list[str], lines: pl.Series, file: LogFile, path: Path) -> None:
    guessed = guessed_separator(str(lines[0])) if len(lines) else file.separator
    if len(header) == 1 and guessed != file.separator and guessed in str(lines[0]):
        raise InputError(
            f'the header has no "{file.separator}" between its fields',
            file=path.as_posix(),
            found=file.separator,
            allowed=f"separator = {toml_value(guessed)} in [file] of the mapping, it seems",
        )


def check_columns(header: list[str], wanted: Sequence[tuple[str, str]], path: Path) -> None:
    """Refuse a file whose header lacks a wanted column, or has it twice.

    Raises
    ------
    sim.errors.InputError, sim.errors.ScenarioErrors
        With the columns that there are, and the nearest name.
    """
    errors = []
    if not {name for _, name in wanted} & set(header):
        raise InputError(
            "the header has none of the columns that the mapping names",
            file=path.as_posix(),
            found=Written(", ".join(f'"{name}"' for name in header[:_LISTED_COLUMNS])),
            allowed=listed([name for _, name in wanted][:_LISTED_COLUMNS]),
        )
    used = {name for _, name in wanted}
    unused = [name for name in header if name not in used]
    for key, name in wanted:
        if header.count(name) == 1:
            continue
        twice = name in header
        shown = header[:_LISTED_COLUMNS]
        more = f" and {len(header) - len(shown)} more" if len(header) > len(shown) else ""
        errors.append(
            InputError(
                "the header has this column twice" if twice
                else "the header has no such column",
                file=path.as_posix(),
                path=f"{key} of the mapping",
                found=name,
                allowed=None if twice else listed(shown) + more,
                suggestion=None if twice else nearest(name, unused),
            )
        )  # fmt: skip
    if errors:
        raise ScenarioErrors(errors)


def _check_types(
    schema: dict[str, pl.DataType], wanted: Sequence[tuple[str, str]], path: Path
) -> None:
    """Refuse columns of a Parquet file that hold neither moments nor labels."""
    errors = []
    for key, name in wanted:
        dtype = schema[name]
        part = key.endswith("]") and key.startswith(("columns.", "steps."))
        if key == ANY or (key.endswith(".lasted") and dtype == pl.Duration):
            continue
        if dtype == pl.Date and not part:
            what = "days without a time of day"
            allowed = f'moments, or two columns: {key} = ["its date", "its time"]'
        elif dtype == pl.Time and not part:
            what = "times of day without a day"
            allowed = f'moments, or two columns: {key} = ["its date", "its time"]'
        elif dtype == pl.Duration:
            what = "lengths of time"
            allowed = (
                f'moments; or {key} = {{ lasted = {toml_value(name)}, after = "received", '
                'unit = "seconds" }'
            )
        elif _no_value(dtype):
            what, allowed = f"values of type {dtype.base_type()}", "text, numbers or moments"
        else:
            continue
        errors.append(
            InputError(
                f"this column holds {what}, which cannot be read",
                file=path.as_posix(),
                path=f"{key} of the mapping",
                found=name,
                allowed=allowed,
            )
        )
    if errors:
        raise ScenarioErrors(errors)


def _no_value(dtype: pl.DataType) -> bool:
    return dtype.is_nested() or dtype in {pl.Binary, pl.Object}


def _check_rows(rows: int, path: Path) -> None:
    if not rows:
        raise InputError(
            "there is a header, and no row below it",
            file=path.as_posix(),
            allowed="at least one row",
        )
