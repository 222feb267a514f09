"""Telling a scenario from the mapping files that lie beside it, so that one hint replaces faults.

Five kinds of TOML file are given to commands. Each has two tables that no other kind has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from sim.errors import InputError

FileKind: TypeAlias = Literal["scenario", "log", "duties", "cases", "telephone"]

_TABLES: Final[Mapping[FileKind, tuple[str, str]]] = {
    "scenario": ("streams", "pools"),
    "duties": ("duty", "roles"),
    "cases": ("case", "export"),
    "log": ("file", "columns"),
    "telephone": ("time", "lines"),
}
_NAMES: Final[Mapping[FileKind, str]] = {
    "scenario": "a scenario",
    "duties": "the mapping of a duty export",
    "cases": "the mapping of missing-person records",
    "log": "the mapping of a log",
    "telephone": "the mapping of hourly telephone counts",
}
_TAKEN_BY: Final[Mapping[FileKind, str]] = {
    "scenario": "validate SCENARIO or run SCENARIO",
    "duties": "rota EXPORT --mapping FILE",
    "cases": "diagnose LOG --cases FILE --cases-mapping FILE",
    "log": "diagnose LOG --mapping FILE (fit and replay take it so too)",
    "telephone": "telephone HOURLY --mapping FILE",
}


def refuse_other_kind(data: Mapping[str, object], file: str, wanted: FileKind) -> None:
    """Refuse a file that has the tables of another kind and none of its own.

    Parameters
    ----------
    data
        What the file holds.
    file
        The file as shown to people.
    wanted
        What is to be read from it.

    Raises
    ------
    sim.errors.InputError
        With what the file looks like, and the command that takes such a file.
    """
    if any(table in data for table in _TABLES[wanted]):
        return
    for kind, tables in _TABLES.items():
        if kind != wanted and all(table in data for table in tables):
            raise InputError(
                f"this looks like {_NAMES[kind]}, which is read by {_TAKEN_BY[kind]}",
                file=file,
                allowed=_NAMES[wanted],
            )
