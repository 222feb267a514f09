"""Tables of single replications, written by any process, and joined at the end."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from enum import IntEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.errors import InputError, InternalError
from sim.fates.naming import names_of
from sim.store.contents import EPISODE_TABLES, METADATA_KEYS, NAME_COLUMNS, TABLES
from sim.store.durable import put_durably
from sim.store.refusals import output_errors
from sim.tables import (
    CASES,
    ENQUIRIES,
    INCIDENTS,
    NEVER,
    NONE,
    Activity,
    AfterHangUp,
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

PIECES: Final = "pieces"
"""The folder in a journal that they stand in."""

_ROWS_A_GROUP: Final = 131_072
_PACKED: Final = "zstd"
"""Compression of pieces. As Arrow files they take less room than as Parquet, and half the time."""
_CODES: Final[Mapping[str, type[IntEnum]]] = {
    "origin": Origin,
    "after_hang_up": AfterHangUp,
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


def write_pieces(
    workspace: Path,
    scenario: str,
    place: int,
    replication: int,
    tables: Sequence[Table],
    streams: Sequence[str] = (),
) -> None:
    """Write one replication's tables of one scenario, to be joined by `Draft.join_tables`.

    Parameters
    ----------
    workspace
        `Journal.folder`; worker processes may write to it at the same time.
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
        path = workspace / PIECES / _piece_name(table.schema, place, replication)
        frame = _piece(scenario, replication, table, streams)
        with output_errors(workspace):
            put_durably(path, partial(frame.write_ipc, compression=_PACKED))


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
        _piece(scenario, replication, table, streams).write_ipc(content, compression=_PACKED)
        made.append((_piece_name(table.schema, place, replication), content.getvalue()))
    return made


def put_piece(workspace: Path, name: str, content: bytes) -> None:
    """Write one of `piece_files` into `Journal.folder`.

    Raises
    ------
    OutputError
        If the operating system refuses; a full disk is named.
    """
    with output_errors(workspace):
        put_durably(workspace / PIECES / name, lambda aside: aside.write_bytes(content))


def put_replications_rows(
    workspace: Path,
    schema: Schema,
    rows: pl.LazyFrame,
    scenarios: Sequence[str],
    replications: Sequence[int],
) -> None:
    """Write the pieces that a table was joined from.

    Parameters
    ----------
    workspace
        `Journal.folder`.
    schema, rows
        The table, of which all rows are there.
    scenarios
        Their names, in their order.
    replications
        Those whose pieces are written.

    Raises
    ------
    InputError
        If the table cannot be read.
    OSError
        If the operating system refuses.
    """
    import polars as pl

    for number in replications:
        try:
            own = rows.filter(pl.col("replication") == number).collect()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise InputError("this table cannot be read", file=f"{schema.name}.parquet") from error
        for place, name in enumerate(scenarios):
            piece = own.filter(pl.col("scenario") == name).rechunk()
            path = workspace / PIECES / _piece_name(schema, place, number)
            put_durably(path, partial(piece.write_ipc, compression=_PACKED))


def least_pieces(scenarios: int, replication: int) -> set[str]:
    """Return the names of the pieces that every replication of so many scenarios has."""
    return {
        _piece_name(schema, place, replication) for schema in TABLES for place in range(scenarios)
    }


def pieces_of(workspace: Path, scenarios: int, replication: int) -> list[Path]:
    """Return the pieces of a replication that are there, of so many scenarios."""
    names = (
        _piece_name(schema, place, replication)
        for schema in (*TABLES, *EPISODE_TABLES)
        for place in range(scenarios)
    )
    return [path for name in names if (path := workspace / PIECES / name).exists()]


def join_pieces(
    workspace: Path,
    target: Path,
    schema: Schema,
    scenarios: int,
    replications: int,
    names: Mapping[str, Mapping[str, Sequence[str]]],
) -> None:
    """Join the pieces of one table to its file; without any there is none.

    Parameters
    ----------
    workspace
        Where the pieces are, `Journal.folder`.
    target
        The folder that the file is put into.
    schema
        The table.
    scenarios, replications, names
        As `Draft.join_tables` takes them.

    Raises
    ------
    InternalError
        If some are missing.
    """
    import polars as pl

    pieces = [
        workspace / PIECES / _piece_name(schema, place, replication)
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
    pl.scan_ipc(pieces, glob=False).sink_parquet(
        target / f"{schema.name}.parquet",
        compression="zstd",
        row_group_size=_ROWS_A_GROUP,
        metadata=_metadata(schema, names),
    )


def _piece_name(schema: Schema, place: int, replication: int) -> str:
    return f"{schema.name}-{place:04d}-{replication:06d}.arrow"


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

    named = {name: np.full(len(table), None, dtype=object) for name, _ in NAME_COLUMNS}
    for code in np.unique(table["stream"]).tolist():
        of_stream = table["stream"] == code
        for name, column in zip(named, ("key", "child"), strict=True):
            rows = np.flatnonzero(of_stream & (table[column] != NONE))
            named[name][rows] = names_of(streams[code], replication, table[column][rows])
    return [pl.Series(name, own.tolist(), dtype=pl.String) for name, own in named.items()]


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
