"""A mapping, loaded for a log: what is missing in the one is looked for in the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Final

from sim.errors import InputError, ScenarioErrors
from sim.force_log.mapping import LoadedMapping, load_mapping
from sim.force_log.mapping_faults import MISSING_KEY
from sim.force_log.source import header_of
from sim.scenario.findings import listed
from sim.scenario.toml import read_toml

_LISTED_COLUMNS: Final = 40


def load_mapping_for(log: str | PathLike[str], path: str | PathLike[str]) -> LoadedMapping:
    """Read a mapping file and check it; of a missing column say which ones the log has.

    Parameters
    ----------
    log
        The log that the mapping is for.
    path
        The mapping.

    Raises
    ------
    sim.errors.ScenarioErrors
        As `sim.force_log.mapping.load_mapping`.
    """
    try:
        return load_mapping(path)
    except ScenarioErrors as error:
        raise ScenarioErrors(_with_columns(error.errors, Path(path), Path(log))) from None


def _with_columns(errors: Sequence[InputError], mapping: Path, log: Path) -> list[InputError]:
    """Faults of a mapping, those of missing columns with what the log has."""
    missing = [error for error in errors if error.message == MISSING_KEY
               and str(error.path).startswith("columns.")]  # fmt: skip
    if not missing:
        return list(errors)
    try:
        header = header_of(log)
        data = read_toml(mapping, mapping.as_posix())
    except InputError:
        return list(errors)
    used = set(_strings(data.get("columns")))
    unused = [name for name in header if name not in used][:_LISTED_COLUMNS]
    return [
        InputError(
            error.message,
            file=error.file,
            path=error.path,
            found=error.found,
            allowed=f"one of the log's columns that have no other role: {listed(unused)}",
        )
        if error in missing and unused
        else error
        for error in errors
    ]


def _strings(said: object) -> Iterator[str]:
    """All text in a part of a mapping."""
    if isinstance(said, str):
        yield said
    parts = said.values() if isinstance(said, Mapping) else said if isinstance(said, list) else ()
    for part in parts:
        yield from _strings(part)
