"""Scenario files that extend another: reading the chain, merging it, and who gave which value."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeGuard

from sim.errors import InputError, ScenarioErrors
from sim.scenario.findings import Finding, nearest
from sim.scenario.kinds import refuse_other_kind
from sim.scenario.paths import MISSING, KeyPath, dotted, lookup, named, parsed
from sim.scenario.removing import removals, without
from sim.scenario.rotas import Rota, parse_rota
from sim.scenario.shifts_by_name import faults_of_shifts, is_rota, joined_rota
from sim.scenario.shipped import found, shipped_file
from sim.scenario.strangers import strangers
from sim.scenario.toml import read_toml

FORMAT: Final = 1
_DEEPEST: Final = 10
_OF_ONE_FILE: Final = ("format", "title", "about", "extends", "remove")


@dataclass(frozen=True, slots=True)
class Layer:
    """One file of a chain.

    Attributes
    ----------
    file
        The file as shown to people.
    path
        Where it is.
    data
        Its own values, with the rotas that it names read in as shifts.
    rotas
        By pool: the CSV file that its shifts came from.
    """

    file: str
    path: Path
    data: dict[str, Any]
    rotas: dict[str, Rota]

    def gives(self, path: KeyPath, merged: Mapping[str, Any]) -> bool:
        """Tell whether what stands at a path of merged values is in this file.

        A list is one value: who gave the list gave all that is in it.
        """
        return lookup(self.data, self.own_path(path, merged)) is not MISSING

    def own_path(self, path: KeyPath, merged: Mapping[str, Any]) -> KeyPath:
        """Return a path of merged values as this file has it, as far as to the first list."""
        upto = next((i for i, part in enumerate(path) if isinstance(part, int)), len(path))
        if is_rota(path[:upto]) and isinstance(lookup(self.data, path[:upto]), Mapping):
            return named(merged, path)
        return path[:upto]


@dataclass(frozen=True, slots=True)
class Chain:
    """A scenario file and those that it extends.

    Attributes
    ----------
    layers
        The files, the one that extends nothing first and the planner's own last.
    stages
        By file: its values together with all that it inherits.
    removed
        What files take away from those that they extend: path, and the file that removes it.
    faults
        What is wrong with single files.
    """

    layers: tuple[Layer, ...]
    stages: tuple[dict[str, Any], ...]
    removed: tuple[tuple[str, Layer], ...] = ()
    faults: list[InputError] = field(default_factory=list)

    @property
    def merged(self) -> dict[str, Any]:
        """All values together."""
        return self.stages[-1]

    @property
    def own(self) -> Layer:
        """The file that the planner named."""
        return self.layers[-1]

    def layer_of(self, path: KeyPath) -> Layer:
        """Return the file that gave a value: the last that has it, or the table it belongs to."""
        while path:
            if lookup(self.merged, path) is not MISSING:
                for layer in reversed(self.layers):
                    if layer.gives(path, self.merged):
                        return layer
            path = path[:-1]
        return self.own

    def rota_of(self, path: KeyPath) -> Rota | None:
        """Return the CSV file that a shift's value came from, if it came from one."""
        if len(path) < 3 or path[0] != "pools" or path[2] != "shifts":
            return None
        return self.layer_of(path).rotas.get(str(path[1]))


def read_chain(path: Path) -> Chain:
    """Read a scenario file and all that it extends, and merge them.

    Raises
    ------
    sim.errors.ScenarioErrors
        If a file cannot be read, is no TOML or of another format, or the chain has no end.
    """
    layers: list[Layer] = []
    faults: list[InputError] = []
    here: Path | None = found(path)
    while here is not None:
        file = here.as_posix()
        if any(_is_same(layer.path, here) for layer in layers):
            names = " -> ".join([*(layer.file for layer in layers), file])
            raise ScenarioErrors(
                [
                    InputError(
                        f"the files extend each other: {names}",
                        file=layers[-1].file,
                        path="extends",
                    )
                ]
            )
        if len(layers) == _DEEPEST:
            raise ScenarioErrors(
                [
                    InputError(
                        f"more than {_DEEPEST} files extend one another",
                        file=layers[-1].file,
                        path="extends",
                    )
                ]
            )
        try:
            data = read_toml(here, file)
            refuse_other_kind(data, file, "scenario")
            _check_format(data, file)
        except FileNotFoundError:
            raise ScenarioErrors([_no_such_file(here, file, layers)]) from None
        except InputError as error:
            raise ScenarioErrors([error]) from None
        faults += _own_faults(data, file)
        layers.append(Layer(file, here, data, _read_rotas(data, here, file, faults)))
        extends = data.get("extends")
        if extends is not None and not _names_a_file(extends):
            # Nearly every key would be missing, and that would hide the fault.
            raise ScenarioErrors(faults)
        here = None if extends is None else _extended(here, extends)
    layers.reverse()
    return _merged(layers, faults)


def _extended(file: Path, extends: str) -> Path:
    """Return the file that one extends: relative to it, or a shipped one of that name."""
    beside = Path(os.path.normpath(file.parent / extends))
    named = shipped_file(Path(extends))
    return beside if named is None or os.path.lexists(beside) else named


def _merged(layers: list[Layer], faults: list[InputError]) -> Chain:
    """Put the files of a chain together, the one that extends nothing first."""
    stages: list[dict[str, Any]] = []
    removed: list[tuple[str, Layer]] = []
    for place, layer in enumerate(layers):
        base = stages[-1] if stages else {}
        paths: list[KeyPath] = []
        if "remove" in layer.data and place == 0:
            faults.append(
                InputError(
                    "this file extends nothing, so there is nothing to remove",
                    file=layer.file,
                    path="remove",
                )
            )
        elif "remove" in layer.data:
            inherited = {key: value for key, value in base.items() if key not in _OF_ONE_FILE}
            paths, wrong = removals(
                inherited, layer.data["remove"], layer.file, layers[place - 1].file
            )
            faults += wrong
            _drop_rows(paths, layers[:place])
            removed += [(dotted(named(inherited, path)), layer) for path in reversed(paths)]
        stages.append(_stage(base, layer, paths, faults))
    return Chain(tuple(layers), tuple(stages), tuple(removed), faults)


def extended(chain: Chain, layer: Layer) -> Chain:
    """Return a chain with one more layer above its files, which is no file of its own."""
    faults = list(chain.faults)
    kept = {key: value for key, value in chain.merged.items() if key in _OF_ONE_FILE}
    stage = {**kept, **_stage(chain.merged, layer, (), faults)}
    return Chain((*chain.layers, layer), (*chain.stages, stage), chain.removed, faults)


def _stage(
    base: Mapping[str, Any], layer: Layer, removed: Sequence[KeyPath], faults: list[InputError]
) -> dict[str, Any]:
    """Return what a layer makes of the values below it, and add what is wrong with its names."""
    below = without(base, removed)
    sound = layer.data
    for find in (strangers, faults_of_shifts):
        wrong = list(find(below, sound))
        faults += [_in_file(finding, layer) for finding in wrong]
        # Whatever else is wrong with them would only hide that.
        sound = without(sound, [finding.path for finding in wrong])
    return extend(base, sound, removed)


def _in_file(finding: Finding, layer: Layer) -> InputError:
    return InputError(
        finding.message,
        file=layer.file,
        path=dotted(finding.path),
        found=finding.found,
        allowed=finding.allowed,
        suggestion=finding.suggestion,
    )


def _drop_rows(paths: Iterable[KeyPath], layers: list[Layer]) -> None:
    """Drop the rows of the shifts that are removed, so that the others keep theirs."""
    for path in paths:
        match path:
            case ("pools", str(pool), "shifts", int(place)):
                giver = next(
                    layer
                    for layer in reversed(layers)
                    if isinstance(lookup(layer.data, path[:3]), list)
                )
                # What later files add comes after its rows.
                if pool in giver.rotas and place < len(giver.rotas[pool].rows):
                    del giver.rotas[pool].rows[place]


def extend(
    base: Mapping[str, Any], own: Mapping[str, Any], removed: Iterable[KeyPath] = ()
) -> dict[str, Any]:
    """Return the values of a file that extends another.

    What the file removes is gone first. Then tables merge key by key; anything else, lists among
    them, is replaced. ``title`` and ``about`` are the file's own. A source is dropped with the
    value that it spoke of: where the file changes the value and gives no source of its own. What is
    said of a whole rota still holds where one of its shifts is changed by name.
    """
    kept = without(base, removed)
    inherited = {key: value for key, value in kept.items() if key not in _OF_ONE_FILE}
    merged = merge(
        inherited, {key: value for key, value in own.items() if key not in ("extends", "remove")}
    )
    by_name = [
        path
        for pool in (own["pools"] if isinstance(own.get("pools"), Mapping) else ())
        if isinstance(lookup(own, path := ("pools", pool, "shifts")), Mapping)
    ]
    if isinstance(merged.get("sources"), Mapping) and isinstance(base.get("sources"), Mapping):
        own_sources = own.get("sources")
        given = own_sources if isinstance(own_sources, Mapping) else {}
        merged["sources"] = {
            key: value
            for key, value in merged["sources"].items()
            if key in given or parsed(key) in by_name or not _changed(base, merged, key)
        }
    return merged


def merge(base: Mapping[str, Any], own: Mapping[str, Any], path: KeyPath = ()) -> dict[str, Any]:
    """Merge tables key by key; what is no table is replaced.

    Three kinds of table hold alternatives that cannot stand side by side: a duration of another
    ``family`` and an entry of ``[sources]`` replace the whole, and in a profile ``hours`` and
    ``week`` replace each other. A table of shifts by name goes into the list of shifts.
    """
    merged = dict(base)
    if path[:1] == ("profiles",) and len(path) == 2:
        if "week" in own:
            merged.pop("hours", None)
            merged.pop("days", None)
        elif "hours" in own:
            merged.pop("week", None)
    for key, value in own.items():
        before: Any = merged.get(key)
        both_tables = isinstance(before, Mapping) and isinstance(value, Mapping)
        if is_rota((*path, key)) and isinstance(value, Mapping):
            merged[key] = joined_rota(before, value, (*path, key), merge)
        elif both_tables and path != ("sources",) and not _other_family(before, value):
            merged[key] = merge(before, value, (*path, key))
        elif isinstance(value, Mapping) and (*path, key)[:1] == ("pools",) and len(path) < 2:
            # A pool of no other file may have its shifts by name, too.
            merged[key] = merge({}, value, (*path, key))
        else:
            merged[key] = value
    return merged


def _other_family(before: Any, value: Any) -> bool:  # noqa: ANN401
    return "family" in value and value["family"] != before.get("family")


def _changed(base: Mapping[str, Any], merged: Mapping[str, Any], key: str) -> bool:
    path = parsed(key)
    return path is not None and lookup(base, path) != lookup(merged, path)


def _names_a_file(value: object) -> TypeGuard[str]:
    # No operating system takes a name with a null in it.
    return isinstance(value, str) and value != "" and "\0" not in value


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False  # whatever is wrong with it is told when it is read


def _check_format(data: Mapping[str, Any], file: str) -> None:
    given = data.get("format", MISSING)
    if given is MISSING:
        raise InputError(
            "this key is missing", file=file, path="format", allowed=f"format = {FORMAT}, first"
        )
    if given != FORMAT or not isinstance(given, int) or isinstance(given, bool):
        raise InputError(
            "this format is not known here",
            file=file,
            path="format",
            found=given,
            allowed=str(FORMAT),
        )


def _own_faults(data: Mapping[str, Any], file: str) -> list[InputError]:
    faults = []
    if "title" not in data:
        faults.append(
            InputError(
                "this key is missing; a title is not inherited",
                file=file,
                path="title",
                allowed="text in quotes",
            )
        )
    extends = data.get("extends")
    if extends is not None and not _names_a_file(extends):
        faults.append(
            InputError(
                "this is not the name of a file",
                file=file,
                path="extends",
                found=extends,
                allowed="text in quotes, relative to this file",
            )
        )
    return faults


def _read_rotas(
    data: dict[str, Any], path: Path, file: str, faults: list[InputError]
) -> dict[str, Rota]:
    rotas: dict[str, Rota] = {}
    pools = data.get("pools")
    for name, pool in pools.items() if isinstance(pools, dict) else ():
        if not isinstance(pool, dict) or not isinstance(pool.get("rota_file"), str):
            continue
        if "shifts" in pool:
            continue  # the models report that both are given
        if not _names_a_file(pool["rota_file"]):
            faults.append(
                InputError(
                    "this is not the name of a file",
                    file=file,
                    path=f"pools.{name}.rota_file",
                    found=pool["rota_file"],
                    allowed="text in quotes, relative to this file",
                )
            )
            del pool["rota_file"]
            continue
        csv_path = Path(os.path.normpath(path.parent / pool["rota_file"]))
        try:
            rota = parse_rota(csv_path, csv_path.as_posix())
            faults += rota.faults
        except (FileNotFoundError, InputError) as error:
            # Not the methods of `Path`, which raise where a name is too long.
            is_there = os.path.exists(csv_path)  # noqa: PTH110
            is_folder = os.path.isdir(csv_path)  # noqa: PTH112
            if isinstance(error, InputError) and is_there and not is_folder:
                faults.append(error)
            else:
                faults.append(
                    InputError(
                        "this is a folder" if is_folder else "there is no such file",
                        file=file,
                        path=f"pools.{name}.rota_file",
                        found=pool["rota_file"],
                        allowed="a CSV file, relative to this file",
                        suggestion=_nearest_file(csv_path, "*.csv"),
                    )
                )
            rota = Rota(csv_path.as_posix(), [], [])
        del pool["rota_file"]
        pool["shifts"] = rota.shifts
        rotas[name] = rota
    return rotas


def _no_such_file(path: Path, file: str, layers: list[Layer]) -> InputError:
    suggestion = _nearest_file(path, "*.toml")
    if layers:
        return InputError(
            "there is no such file",
            file=layers[-1].file,
            path="extends",
            found=layers[-1].data["extends"],
            allowed="a scenario file, relative to this file",
            suggestion=suggestion,
        )
    return InputError("there is no such file", file=file, suggestion=suggestion)


def _nearest_file(path: Path, pattern: str) -> str | None:
    try:
        names = sorted(other.name for other in path.parent.glob(pattern) if other.exists())
        return nearest(path.name, names)
    except OSError:
        return None
