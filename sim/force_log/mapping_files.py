"""Mapping files of every kind: read as TOML, held to their form, all faults at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Generic, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError

from sim.errors import InputError, ScenarioErrors
from sim.force_log.identifiers import by_name
from sim.force_log.mapping_faults import as_errors, findings_of
from sim.scenario.fields import Fault
from sim.scenario.findings import Finding, nearest
from sim.scenario.kinds import FileKind, refuse_other_kind
from sim.scenario.toml import read_toml

M = TypeVar("M", bound=BaseModel)

Named: TypeAlias = tuple[tuple[str | int, ...], str, object]
"""Where in the file a column is named, for what role, and what its name is to be."""

NamesOf: TypeAlias = Callable[[Mapping[str, object]], Iterable[Named]]
"""From what a file holds, checked or not, to the columns that it names."""


@dataclass(frozen=True)
class Loaded(Generic[M]):
    """A mapping, and the file that it came from, as the planner named it."""

    mapping: M
    file: str


def read_mapping(
    path: str | PathLike[str], kind: FileKind, model: type[M], names_of: NamesOf
) -> Loaded[M]:
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
    return Loaded(checked(data, file, model, names_of), file)


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


def refuse_unmatched(
    mapping: BaseModel, columns: BaseModel, tables: Mapping[str, str], *, where: str, of: str
) -> None:
    """Refuse a column of labels without a table of their meanings, and a table without a column.

    Parameters
    ----------
    mapping, columns
        What holds the tables, and what names the columns.
    tables
        By role, the table that says what its labels mean.
    where
        The table that names the columns.
    of
        Whose labels they are, for people.

    Raises
    ------
    sim.scenario.fields.Fault
        At the first of them.
    """
    for role, table in tables.items():
        named, meant = getattr(columns, role) is not None, bool(getattr(mapping, table))
        if named and not meant:
            raise Fault(
                f"{where}.{role} is named, and nothing says what its labels mean",
                table,
                allowed=f"a table [{table}]: a label of the {of} = a word of ours",
            )
        if meant and not named:
            raise Fault(
                f"[{table}] says what labels mean, and no column holds them",
                where,
                role,
                allowed="the name of a column in quotes",
            )


def columns_named(
    data: Mapping[str, object], table: str, roles: Mapping[str, str]
) -> Iterator[Named]:
    """Yield the columns that a table names, a time perhaps in two; `kind` where no role is said."""
    columns = data.get(table)
    for name, said in columns.items() if isinstance(columns, Mapping) else ():
        role = roles.get(str(name), "kind")
        if isinstance(said, list):
            yield from (((table, str(name), place), role, one) for place, one in enumerate(said))
        else:
            yield (table, str(name)), role, said


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
