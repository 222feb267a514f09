"""Files in and out: a folder of kept results.

A folder is written beside its place under another name and renamed when it is whole, so that at
its place there is never half of one. It holds

====================  =====================================================================
incidents.parquet     what was drawn, a row for each incident of each scenario and replication
outcomes.parquet      what became of it
activities.parquet    waits and work
episodes.parquet      missing episodes as drawn, where a scenario follows them
enquiries.parquet     their lines of enquiry as drawn
cases.parquet         what became of them after arrival
summary.csv           the rows of results, one a line, in the columns of `SUMMARY_COLUMNS`
summary.json          the document that ``--json`` prints
summary.xlsx          the same as a workbook (`sim.report.workbook`)
events.csv            a week of one replication as an event log (`sim.report.events`)
stress-des.md         how the model is built and used (`sim.report.stress`)
manifest.json         how all this was made (`sim.provenance`)
====================  =====================================================================

A page or charts may be put into it afterwards (`note_pictures`).

The tables carry the columns ``scenario`` and ``replication`` before their own. Codes stay whole
numbers; what did not happen is null. Units, meanings and the names of codes are in each file's
metadata, under the keys of `METADATA_KEYS`.
"""

from __future__ import annotations

import contextlib
import csv
import errno
import hashlib
import io
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from sim.errors import InputError, InternalError, OutputError
from sim.fates.naming import name_of
from sim.places import folders_made, remove_folders, write_whole
from sim.provenance import FORMAT as MANIFEST_FORMAT
from sim.provenance import file_sha256
from sim.tables import (
    ACTIVITIES,
    CASES,
    ENQUIRIES,
    EPISODES,
    INCIDENTS,
    NEVER,
    NONE,
    OUTCOMES,
    Activity,
    CaseEnd,
    End,
    Origin,
    Risk,
    Schema,
    Table,
    Why,
)

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "EPISODE_TABLES",
    "EVENTS_CSV",
    "FILES",
    "METADATA_KEYS",
    "NAME_COLUMNS",
    "STRESS_DES",
    "SUMMARY_COLUMNS",
    "SUMMARY_XLSX",
    "TABLES",
    "Draft",
    "Kept",
    "document_sha256",
    "ensure_free",
    "ensure_free_file",
    "ensure_free_names",
    "note_pictures",
    "piece_files",
    "put_files",
    "put_piece",
    "write_pieces",
]

TABLES: Final = (INCIDENTS, OUTCOMES, ACTIVITIES)
"""The tables that are kept; a file each."""

NAME_COLUMNS: Final = (
    ("name", "short lasting name of the incident, which trace --incident takes"),
    ("child_name", "short lasting name of its child, which trace --child takes; null: none"),
)
"""Columns that kept incidents have beside those of their schema."""

EPISODE_TABLES: Final = (EPISODES, ENQUIRIES, CASES)
"""Kept beside them where any scenario of the study follows episodes beyond arrival."""

METADATA_KEYS: Final = ("sim.columns", "sim.codes", "sim.names")
"""JSON in a table file's metadata.

``sim.columns``: unit and meaning by column. ``sim.codes``: by column, the name of each code.
``sim.names``: by scenario, the names that codes count, in order: ``streams``, ``areas``, ``pools``
and, for each stream of missing children, ``age_bands`` and the stream after a full stop; and
``lines`` of enquiry where episodes are followed.
"""

SUMMARY_COLUMNS: Final = (
    "scenario", "baseline", "measure", "minute", "stream", "grade", "risk", "care", "area",
    "hours", "pool", "hour", "stage", "clock", "value", "low", "high", "unit", "n", "adjusted",
)  # fmt: skip
"""Columns of ``summary.csv``, in order. ``docs/files.md`` says what each means."""

SUMMARY_XLSX: Final = "summary.xlsx"
EVENTS_CSV: Final = "events.csv"
STRESS_DES: Final = "stress-des.md"
_SUMMARY_CSV: Final = "summary.csv"
_SUMMARY_JSON: Final = "summary.json"
_MANIFEST: Final = "manifest.json"
_PICTURES: Final = "pictures"

FILES: Final = (
    *(f"{schema.name}.parquet" for schema in (*TABLES, *EPISODE_TABLES)),
    _SUMMARY_CSV,
    _SUMMARY_JSON,
    SUMMARY_XLSX,
    EVENTS_CSV,
    STRESS_DES,
    _MANIFEST,
)
"""Every file that a folder of results may hold."""

# These say how long the run took, so their bytes differ from run to run; the document has a
# checksum without that.
_WITHOUT_CHECKSUM: Final = (_SUMMARY_JSON, STRESS_DES)
_CURVE_MINUTE: Final = re.compile(r"_by_(\d+)_minutes$")
_PIECES: Final = "pieces"
_ROWS_A_GROUP: Final = 131_072
_CODES: Final[Mapping[str, type[IntEnum]]] = {
    "origin": Origin,
    "risk": Risk,
    "ratified_risk": Risk,
    "final_risk": Risk,
    "end": End,
    "kind": Activity,
    "why": Why,
}
_OTHER_CODES: Final[Mapping[str, Mapping[str, type[IntEnum] | None]]] = {
    CASES.name: {"end": CaseEnd},
    ENQUIRIES.name: {"kind": None},
}
"""By table, columns whose codes are others than elsewhere; None: places of the scenario's."""
# Polars passes on what the operating system refused in words alone.
_OS_ERROR: Final = re.compile(r"\(os error (\d+)\)")
_WINDOWS_DISK_FULL: Final = 112
# The last write asked for room that there was not, so less than a group of rows is left.
_LEAST_FREE_BYTES: Final = 1 << 20


def ensure_free(directory: Path, *, force: bool = False) -> None:
    """Refuse a place for results that would overwrite something.

    Parameters
    ----------
    directory
        The folder asked for. It may be absent, or empty.
    force
        A folder of earlier results may be replaced, with pages and charts in it as they were
        made. Anything else still may not: a mistyped path shall not cost a planner their documents.

    Raises
    ------
    OutputError
        If it is a file, or a folder that may not be replaced.
    """
    if not _is_text(directory):
        raise OutputError(
            "the name of a folder above it is not text in the terminal's language",
            directory,
            "Set PYTHONUTF8=1, or work in a folder with an ASCII name.",
        )
    with _told(directory):
        if not directory.exists():
            return
        if not directory.is_dir():
            raise OutputError(
                "this is a file; results are kept in a folder",
                directory,
                "Name a folder that does not exist yet.",
            )
        names = {entry.name for entry in directory.iterdir()}
        if not names:
            return
        if not force:
            raise OutputError.exists(directory)
        if names != {STRESS_DES} and (_MANIFEST not in names or _foreign(directory, names)):
            raise OutputError(
                "this folder holds other things than results, and is not replaced",
                directory,
                "Name another place, or move what is there.",
            )


def note_pictures(directory: Path, files: Iterable[Path]) -> None:
    """Note in a folder's manifest which files in it are pages and charts of its results.

    Parameters
    ----------
    directory
        A folder of results.
    files
        What was made; those that lie elsewhere are left aside.

    Raises
    ------
    OutputError
        If the manifest cannot be written.
    InputError
        If it cannot be read.
    """
    above = directory.resolve()
    inside = [file for file in files if above in file.resolve().parents]
    if not inside:
        return
    manifest = _read_json(directory / _MANIFEST)
    noted = dict(_noted(manifest))
    with _told(directory):
        noted |= {
            file.resolve().relative_to(above).as_posix(): file_sha256(file) for file in inside
        }
    manifest[_PICTURES] = dict(sorted(noted.items()))
    write_whole(directory / _MANIFEST, _json_text(manifest))


def write_pieces(
    workspace: Path,
    scenario: str,
    place: int,
    replication: int,
    tables: Sequence[Table],
    streams: Sequence[str] = (),
) -> None:
    """Write one replication's tables of one scenario, to be joined on `Draft.commit`.

    Parameters
    ----------
    workspace
        `Draft.workspace`; worker processes may write to it at the same time.
    scenario, place
        Name of the scenario, and its place in the order of scenarios.
    replication
        Its number.
    tables
        Of the schemas of `TABLES` and `EPISODE_TABLES`, any of them, in any order.
    streams
        Names of the scenario's streams: incidents then have the columns of `NAME_COLUMNS`.

    Raises
    ------
    OutputError
        If the operating system refuses; a full disk is named.
    """
    for table in tables:
        path = workspace / _PIECES / _piece_name(table.schema, place, replication)
        with _told(workspace):
            _piece(scenario, replication, table, streams).write_parquet(path, compression="zstd")


def piece_files(
    scenario: str,
    place: int,
    replication: int,
    tables: Sequence[Table],
    streams: Sequence[str] = (),
) -> list[tuple[str, bytes]]:
    """Return what `write_pieces` would write, for `put_piece` on another machine.

    Returns
    -------
    list of (str, bytes)
        Name and content of each piece.
    """
    made = []
    for table in tables:
        content = io.BytesIO()
        _piece(scenario, replication, table, streams).write_parquet(content, compression="zstd")
        made.append((_piece_name(table.schema, place, replication), content.getvalue()))
    return made


def put_piece(workspace: Path, name: str, content: bytes) -> None:
    """Write one of `piece_files` into `Draft.workspace`.

    Raises
    ------
    OutputError
        If the operating system refuses; a full disk is named.
    """
    with _told(workspace):
        (workspace / _PIECES / name).write_bytes(content)


def ensure_free_file(file: Path, *, force: bool = False, like: bytes = b"") -> None:
    """Refuse a place for one file that would overwrite something.

    Parameters
    ----------
    file
        The place.
    force
        A file that stands there may be replaced.
    like
        But only one that begins so, in capitals or small letters: an earlier file of ours.

    Raises
    ------
    OutputError
        If it is a folder, or a file that exists and is not to be replaced.
    """
    with _told(file):
        if file.is_dir():
            raise OutputError("this is a folder; a file is asked for", file, "Name a file in it.")
        # A link that leads nowhere is there as well.
        if os.path.lexists(file) and not force:
            raise OutputError.exists(file)
        if like and file.is_file():
            with file.open("rb") as stood:
                if stood.read(len(like)).lower() != like.lower():
                    raise OutputError(
                        "this file is no earlier page, and is left as it is", file, "Name another."
                    )


def ensure_free_names(directory: Path, names: Iterable[str], *, force: bool = False) -> None:
    """Refuse a folder in which files of these names would overwrite something.

    Raises
    ------
    OutputError
        If it is a file, or one of the names is taken and not to be replaced.
    """
    with _told(directory):
        if directory.exists() and not directory.is_dir():
            raise OutputError("this is a file; a folder is asked for", directory)
    for name in names:
        ensure_free_file(directory / name, force=force)


def put_files(directory: Path, files: Iterable[tuple[str, bytes]]) -> list[Path]:
    """Write files into a folder; only when all are whole do they take their places.

    Parameters
    ----------
    directory
        Made where it is absent. Files of the same names are replaced, others left alone.
    files
        Names and contents.

    Returns
    -------
    list of Path
        What was written, in order.

    Raises
    ------
    OutputError
        If the operating system refuses; a full disk is named, and what was there stays.
    """
    with _told(directory), folders_made(directory):
        aside = _new_sibling(directory / "files", "partial")
        try:
            names = []
            for name, content in files:
                (aside / name).write_bytes(content)
                names.append(name)
            for name in names:
                (aside / name).replace(directory / name)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return [directory / name for name in names]


class Draft:
    """A folder of results in the making; a context manager.

    Left without a `commit`, whatever the reason, it removes all that it wrote, and what stood at
    its place before stands there still.

    Parameters
    ----------
    directory
        Where the results shall be.
    force
        Replace an earlier folder of results there.

    Raises
    ------
    OutputError
        If the place is taken (`ensure_free`) or nothing can be written beside it.
    """

    def __init__(self, directory: str | os.PathLike[str], *, force: bool = False) -> None:
        self.directory = Path(directory)
        self._force = force
        self._target = Path(os.path.abspath(self.directory))  # noqa: PTH100 (a link stays one)
        ensure_free(self._target, force=force)
        self._made = [one for one in self._target.parents if not os.path.lexists(one)]
        with _told(self.directory), folders_made(self._target.parent):
            self.workspace = _new_sibling(self._target, "partial")
            (self.workspace / _PIECES).mkdir()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.discard()

    def discard(self) -> None:
        """Remove what was written and not committed."""
        shutil.rmtree(self.workspace, ignore_errors=True)
        # Where the results stand in them they are not empty, and stay.
        remove_folders(self._made)

    def commit(
        self,
        document: Mapping[str, Any],
        manifest: Callable[[Mapping[str, str]], Mapping[str, Any]],
        *,
        scenarios: int,
        replications: int,
        names: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
        extras: Callable[[Path], None] | None = None,
    ) -> Path:
        """Join the tables, write the rest, and put the folder in its place.

        Parameters
        ----------
        document
            The document of results; its rows make ``summary.csv``.
        manifest
            Makes the manifest from the checksums of the other files, by name.
        scenarios, replications
            Pieces are joined of scenarios 0 to ``scenarios - 1`` and, of each, of replications 0 to
            ``replications - 1``, in this order; others are left out. A table of which there is
            no piece at all has no file.
        names
            By scenario, for the metadata: what codes count, such as ``streams`` in their order.
        extras
            Writes further files of `FILES` into the folder that it is given; the tables are there.

        Returns
        -------
        Path
            The folder, as it was asked for.

        Raises
        ------
        OutputError
            If something cannot be written, or the place has been taken meanwhile.
        InternalError
            If the pieces of some replications are missing.
        """
        with _told(self.directory):
            for schema in (*TABLES, *EPISODE_TABLES):
                self._join(schema, scenarios, replications, names or {})
            shutil.rmtree(self.workspace / _PIECES)
            _write_csv(self.workspace / _SUMMARY_CSV, document)
            _write_json(self.workspace / _SUMMARY_JSON, document)
            if extras is not None:
                extras(self.workspace)
            checksums = {
                entry.name: file_sha256(entry)
                for entry in sorted(self.workspace.iterdir())
                if entry.name not in _WITHOUT_CHECKSUM
            }
            checksums[_SUMMARY_JSON] = document_sha256(document)
            _write_json(self.workspace / _MANIFEST, manifest(checksums))
            self._place()
        return self.directory

    def _join(
        self,
        schema: Schema,
        scenarios: int,
        replications: int,
        names: Mapping[str, Mapping[str, Sequence[str]]],
    ) -> None:
        import polars as pl

        pieces = [
            self.workspace / _PIECES / _piece_name(schema, place, replication)
            for place in range(scenarios)
            for replication in range(replications)
        ]
        missing = [piece for piece in pieces if not piece.exists()]
        if not pieces or len(missing) == len(pieces):
            return
        if missing:
            raise InternalError(
                f"of {len(pieces)} pieces of the table {schema.name} {len(missing)} are missing"
            )
        # Streamed piece by piece, so that memory does not grow with the study.
        pl.scan_parquet(pieces).sink_parquet(
            self.workspace / f"{schema.name}.parquet",
            compression="zstd",
            row_group_size=_ROWS_A_GROUP,
            metadata=_metadata(schema, names),
        )
        for piece in pieces:
            piece.unlink()

    def _place(self) -> None:
        ensure_free(self._target, force=self._force)
        if not self._target.exists():
            self.workspace.replace(self._target)
            return
        aside = _new_sibling(self._target, "replaced")
        earlier = aside / self._target.name
        self._target.replace(earlier)
        try:
            self.workspace.replace(self._target)
        except BaseException:
            earlier.replace(self._target)
            aside.rmdir()
            raise
        shutil.rmtree(aside, ignore_errors=True)


class Kept:
    """A folder of results, to be read.

    Parameters
    ----------
    directory
        The folder.

    Raises
    ------
    InputError
        If it is no folder of results, or its manifest or document cannot be read.
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self.directory = Path(directory)
        self.manifest = _read_json(self.directory / _MANIFEST)
        self.document = _read_json(self.directory / _SUMMARY_JSON)

    def frame(self, schema: Schema) -> pl.LazyFrame:
        """Return a kept table, to be read when collected; what did not happen is null.

        Raises
        ------
        InputError
            If the folder does not hold it.
        """
        import polars as pl

        path = self.directory / f"{schema.name}.parquet"
        if not path.is_file():
            raise InputError("this folder of results does not hold it", file=path)
        return pl.scan_parquet(path)

    def table(self, schema: Schema, scenario: str, replication: int) -> Table:
        """Return one replication's rows of a table, as they were before they were kept.

        Raises
        ------
        InputError
            If the folder does not hold the table.
        """
        import polars as pl

        rows = (
            self.frame(schema)
            .filter(pl.col("scenario") == scenario, pl.col("replication") == replication)
            .collect()
        )
        # Only optional columns hold nulls.
        whole = rows.fill_null(NEVER)
        return Table(schema, {name: whole[name].to_numpy() for name in schema.names})

    def changed_files(self) -> list[str]:
        """Return the names of files that are not as the manifest's checksums say, or absent."""
        return [
            name
            for name, checksum in self.manifest["checksums"].items()
            if not (self.directory / name).is_file() or self._sha256(name) != checksum
        ]

    def check(self) -> None:
        """Refuse a folder that is not as this version of the simulator wrote it.

        Raises
        ------
        InputError
            If another version wrote it, a table or another file is absent, or a file was changed.
        """
        found = self.manifest.get("format")
        if found != MANIFEST_FORMAT:
            raise InputError(
                "this folder of results was written by another version of the simulator",
                file=self.directory / _MANIFEST,
                path="format",
                found=found,
                allowed=f"{MANIFEST_FORMAT}; run the study again with --output",
            )
        checksums = self.manifest.get("checksums")
        if not isinstance(checksums, dict) or _SUMMARY_JSON not in checksums:
            raise InputError(
                "this manifest says nothing of the files beside it, or too little",
                file=self.directory / _MANIFEST,
                path="checksums",
                allowed="a folder as --output has written it",
            )
        wanted = [f"{schema.name}.parquet" for schema in TABLES]
        absent = [
            name
            for name in dict.fromkeys([*wanted, *checksums])
            if not (self.directory / name).is_file()
        ]
        if absent:
            raise InputError(
                f"this folder of results is not whole; it lacks {', '.join(absent)}",
                file=self.directory,
                allowed="a folder as --output has written it",
            )
        changed = self.changed_files()
        if changed:
            raise InputError(
                f"changed since the study was kept: {', '.join(changed)}",
                file=self.directory,
                allowed="a folder as --output has written it; run the study again",
            )

    def _sha256(self, name: str) -> str:
        if name == _SUMMARY_JSON:
            return document_sha256(self.document)
        with _told(self.directory):
            return file_sha256(self.directory / name)


def document_sha256(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a document but for the time its run took, which no two runs share."""
    run = {key: value for key, value in document.get("run", {}).items() if key != "seconds"}
    text = json.dumps({**document, "run": run}, ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _is_text(path: Path) -> bool:
    """Tell whether a whole path is text, as the writers of tables need it."""
    try:
        os.path.abspath(path).encode()  # noqa: PTH100 (a link stays one)
    except UnicodeEncodeError:
        return False
    return True


def _foreign(directory: Path, names: set[str]) -> bool:
    """Tell whether a folder holds anything that no command has put there."""
    rest = names - set(FILES)
    if not rest:
        return False
    try:
        noted = _noted(_read_json(directory / _MANIFEST))
    except InputError:
        return True
    if not rest <= {name.partition("/")[0] for name in noted}:
        return True
    return any(
        noted.get(entry.relative_to(directory).as_posix()) != _checksum(entry)
        for name in rest
        for entry in _entries(directory / name)
    )


def _entries(place: Path) -> Iterator[Path]:
    """Yield a file, or all files below a folder and the folders that hold none."""
    if place.is_symlink() or not place.is_dir():
        yield place
        return
    within = list(place.iterdir())
    if not within:
        yield place
    for entry in within:
        yield from _entries(entry)


def _checksum(entry: Path) -> str:
    return "" if entry.is_symlink() or not entry.is_file() else file_sha256(entry)


def _noted(manifest: Mapping[str, Any]) -> Mapping[str, str]:
    found = manifest.get(_PICTURES)
    return found if isinstance(found, dict) else {}


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            "this is no folder of results, or it is damaged",
            file=path,
            allowed="a folder that --output has written",
        ) from error
    if not isinstance(found, dict):
        raise InputError("this is not what --output writes", file=path)
    return found


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses, through Python or polars, into an `OutputError`."""
    try:
        yield
    except OSError as error:
        raise OutputError.from_os_error(_with_number(error, str(error)), path) from error
    except Exception as error:
        if not type(error).__module__.startswith("polars"):
            raise
        told = _with_number(OSError(str(error)), str(error))
        if told.errno is None and _is_disk_full(path):
            told = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if told.errno is None:
            raise InternalError(f"a table could not be written: {error}") from error
        raise OutputError.from_os_error(told, path) from error


def _is_disk_full(path: Path) -> bool:
    """Tell whether a place has no room for a table; polars does not always say why it failed."""
    there = next((one for one in (path, *path.absolute().parents) if one.exists()), None)
    return there is not None and shutil.disk_usage(there).free < _LEAST_FREE_BYTES


def _with_number(error: OSError, text: str) -> OSError:
    """Return an error of the operating system with its number, where only its text has it."""
    found = _OS_ERROR.search(text)
    if error.errno is not None or found is None:
        return error
    number = int(found.group(1))
    if os.name == "nt" and number == _WINDOWS_DISK_FULL:
        number = errno.ENOSPC
    return OSError(number, os.strerror(number))


def _new_sibling(target: Path, purpose: str) -> Path:
    """Make a new folder beside a place, on its disk, so that a rename can put it there."""
    for number in range(10_000):
        path = target.with_name(f".{target.name}.{purpose}-{os.getpid()}-{number}")
        with contextlib.suppress(FileExistsError):
            path.mkdir()
            return path
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))


def _piece_name(schema: Schema, place: int, replication: int) -> str:
    return f"{schema.name}-{place:04d}-{replication:06d}.parquet"


def _piece(scenario: str, replication: int, table: Table, streams: Sequence[str]) -> pl.DataFrame:
    import polars as pl

    frame = _frame(table).select(
        pl.lit(scenario).alias("scenario"),
        pl.lit(replication, dtype=pl.Int32).alias("replication"),
        pl.all(),
    )
    if streams and table.schema is INCIDENTS:
        frame = frame.with_columns(_names(table, replication, streams))
    return frame


def _names(table: Table, replication: int, streams: Sequence[str]) -> list[pl.Series]:
    """Short names of incidents and of their children, as text that a spreadsheet keeps."""
    import polars as pl

    of = [streams[code] for code in table["stream"].tolist()]
    return [
        pl.Series(
            name,
            [
                None if key == NONE else name_of(stream, replication, key)
                for stream, key in zip(of, table[column].tolist(), strict=True)
            ],
            dtype=pl.String,
        )
        for (name, _), column in zip(NAME_COLUMNS, ("key", "child"), strict=True)
    ]


def _frame(table: Table) -> pl.DataFrame:
    import polars as pl

    frame = pl.DataFrame(dict(table.columns))
    optional = [column.name for column in table.schema.columns if column.optional]
    return frame.with_columns(
        pl.when(pl.col(name) != NEVER).then(pl.col(name)).alias(name) for name in optional
    )


def _metadata(schema: Schema, names: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, str]:
    columns: dict[str, Any] = {
        "scenario": {"unit": "name", "meaning": "name of the scenario"},
        "replication": {"unit": "count", "meaning": "number of the replication, from 0"},
    }
    for column in schema.columns:
        columns[column.name] = {"unit": column.unit, "meaning": column.meaning}
    if schema is INCIDENTS:
        columns |= {name: {"unit": "name", "meaning": meaning} for name, meaning in NAME_COLUMNS}
    named: dict[str, type[IntEnum] | None] = {**_CODES, **_OTHER_CODES.get(schema.name, {})}
    codes = {
        column: {str(code.value): code.name.lower() for code in enumeration}
        for column in schema.names
        if (enumeration := named.get(column)) is not None
    }
    values = (columns, codes, {scenario: dict(lists) for scenario, lists in names.items()})
    return {
        key: json.dumps(value, ensure_ascii=False)
        for key, value in zip(METADATA_KEYS, values, strict=True)
    }


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(_json_text(value), encoding="utf-8", newline="\n")


def _json_text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _write_csv(path: Path, document: Mapping[str, Any]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, SUMMARY_COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(_tidy(document))
    written = text.getvalue()
    # Excel takes a file without the mark for one of its own code page.
    encoding = "utf-8" if written.isascii() else "utf-8-sig"
    path.write_text(written, encoding=encoding, newline="")


def _tidy(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a document's rows, each with its scenario, and the baseline it is compared with."""
    kinds: Iterable[tuple[str, str | None]] = (("scenarios", None), ("differences", "baseline"))
    for kind, key in kinds:
        for part in document.get(kind, ()):
            against = None if key is None else part[key]
            for row in part["rows"]:
                point = _CURVE_MINUTE.search(row["measure"])
                minute = None if point is None else int(point[1])
                yield {"scenario": part["name"], "baseline": against, "minute": minute, **row}
