"""Mapping files of every kind: read as TOML, held to their form, all faults at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError

from sim.errors import InputError, ScenarioErrors
from sim.force_log.identifiers import by_name
from sim.force_log.mapping_faults import as_errors, findings_of
from sim.scenario.findings import Finding, nearest
from sim.scenario.kinds import FileKind, refuse_other_kind
from sim.scenario.toml import read_toml

M = TypeVar("M", bound=BaseModel)

Named: TypeAlias = tuple[tuple[str | int, ...], str, object]
"""Where in the file a column is named, for what role, and what its name is to be."""

NamesOf: TypeAlias = Callable[[Mapping[str, object]], Iterable[Named]]
"""From what a file holds, checked or not, to the columns that it names."""


def read_mapping(
    path: str | PathLike[str], kind: FileKind, model: type[M], names_of: NamesOf
) -> tuple[M, str]:
    """Read a mapping file and check it.

    Parameters
    ----------
    path
        The file.
    kind
        Of `sim.scenario.kinds`: a file of another kind is refused by its name.
    model
        What it is to hold.
    names_of
        The columns that it names.

    Returns
    -------
    model, str
        And the file, as the planner named it.

    Raises
    ------
    sim.errors.ScenarioErrors
        With every fault at once; a column whose name says that it identifies people is one.
    """
    path = Path(path)
    file = path.as_posix()
    try:
        data = read_toml(path, file)
        refuse_other_kind(data, file, kind)
    except FileNotFoundError:
        near = nearest(path.name, _beside(path))
        error = InputError("there is no such file", file=file, suggestion=near)
        raise ScenarioErrors([error]) from None
    except InputError as error:
        raise ScenarioErrors([error]) from None
    return checked(data, file, model, names_of), file


def checked(data: Mapping[str, object], file: str, model: type[M], names_of: NamesOf) -> M:
    """Check what a mapping file holds.

    Raises
    ------
    sim.errors.ScenarioErrors
        As for `read_mapping`.
    """
    findings = list(_identifying(names_of(data)))
    mapping = None
    try:
        mapping = model.model_validate(data)
    except ValidationError as error:
        findings = [*findings_of(error, data, model.model_json_schema()), *findings]
    if mapping is None or findings:
        raise ScenarioErrors(as_errors(findings, data, file))
    return mapping


def refusal(what: str) -> str:
    """Why a column that holds `what` is not read."""
    return f"this column seems to hold {what}, which no figure needs; it is not read"


def _identifying(named: Iterable[Named]) -> Iterator[Finding]:
    """Find the columns whose names say that they identify people."""
    for path, role, name in named:
        what = by_name(name, role) if isinstance(name, str) else None
        if what is not None:
            yield Finding(path, refusal(what), name, "a column of times or of codes")


def _beside(path: Path) -> list[str]:
    try:
        return sorted(other.name for other in path.parent.glob("*.toml"))
    except OSError:
        return []
