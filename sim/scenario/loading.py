"""From a TOML file to a checked scenario."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from os import PathLike
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import InputError, ScenarioErrors
from sim.scenario.checks import check
from sim.scenario.declared import Names
from sim.scenario.extending import Chain, Layer, merge, read_chain
from sim.scenario.findings import Finding
from sim.scenario.levers import OPTION, variant_name, with_levers, without_effect
from sim.scenario.loaded import Lever, Loaded
from sim.scenario.models import Scenario
from sim.scenario.notices import Own, notices, unsourced
from sim.scenario.paths import KeyPath, dotted, leaves, parsed
from sim.scenario.resolve import DEFAULT, resolved_data, resolved_sha256
from sim.scenario.shipped import found

__all__ = ["Loaded", "load"]

_BY_NAME = ("areas", "grades", "targets", "profiles", "streams", "pools", "sources", "policy")


def load(
    path: str | PathLike[str],
    set: Mapping[str, object] | None = None,
    *,
    as_variant: bool = False,
) -> Loaded:
    """Read a scenario file, with what it extends and the rotas beside it, and check it.

    Parameters
    ----------
    path
        A TOML file, or the name of a shipped one.
    set
        Values to set over what the files say, by path: ``{"pools.response.shifts.night.people":
        18}``. Text such as ``"+3"`` or ``"-10%"`` changes the number that is there. Name and title
        of the scenario say what was set, unless ``title`` is set too.
    as_variant
        It stands beside the file as it is, so its title need only say what was set.

    Raises
    ------
    sim.errors.ScenarioErrors
        With every fault: the planner's own file first, each in the order of its file. Whether a
        value may be set is only asked where the files have none.
    """
    path = found(Path(path))
    chain = read_chain(path)
    scenario = _validated(chain)
    own = _own(chain)
    levers: tuple[Lever, ...] = ()
    if set:
        chain, levers = with_levers(chain, resolved_data(scenario), set, as_variant=as_variant)
        scenario = _validated(chain)
        if own.base is None:
            own = Own(chain.own.data, chain.stages[-2], path.name)
        else:
            own = replace(own, data=merge(own.data, chain.own.data))
    resolved = resolved_data(scenario)
    origins = _origins(chain, resolved)
    return Loaded(
        scenario=scenario,
        path=path,
        name=variant_name(path.stem, levers),
        raw=chain.merged,
        origins=origins,
        sha256=resolved_sha256(resolved),
        notices=(*without_effect(levers), *notices(scenario, own)),
        unsourced=tuple(
            path
            for path in unsourced(scenario, own.data, own.base or {})
            if not _is_of_a_rota(path, chain)
        ),
        removed=tuple((gone, _relative(layer.path, chain)) for gone, layer in chain.removed),
        levers=levers,
    )


def _own(chain: Chain) -> Own:
    """Return what the planner's own file holds, and what it extends."""
    if len(chain.layers) == 1:
        return Own(chain.own.data)
    return Own(chain.own.data, chain.stages[-2], _relative(chain.layers[-2].path, chain))


def _validated(chain: Chain) -> Scenario:
    scenario, findings = _judged(chain.merged, whole=not chain.faults)
    if scenario is None or findings or chain.faults:
        raise _errors(findings, chain)
    return scenario


def _judged(data: Mapping[str, Any], *, whole: bool) -> tuple[Scenario | None, list[Finding]]:
    """Return the scenario that merged values make, if any, and what is wrong with them."""
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        from sim.scenario.messages import findings_of

        findings = findings_of(error, data)
        return None, findings + _cross_findings(data, findings)
    return scenario, check(scenario, Names.of(data), whole=whole)


def _cross_findings(data: Mapping[str, Any], findings: Sequence[Finding]) -> list[Finding]:
    """Check what the sound parts say of each other, so that all faults are told at once."""
    sound = {
        key: dict(value) if isinstance(value, Mapping) else value for key, value in data.items()
    }
    for finding in findings:
        section, *rest = finding.path
        table = sound.get(str(section))
        if section == "policy" and len(rest) > 1 and isinstance(table, dict):
            if isinstance(table.get(rest[0]), Mapping):
                table[rest[0]] = {k: v for k, v in table[rest[0]].items() if k != rest[1]}
        elif section in _BY_NAME and rest and isinstance(table, dict):
            table.pop(rest[0], None)
        elif section == "calendar":
            # Who is on duty when is asked of whole scenarios only, so any date will do.
            sound["calendar"] = {"first_day": date(2000, 1, 1)}
        elif section in {"areas", "grades", "profiles", "streams", "pools"}:
            return []
        else:
            sound.pop(str(section), None)
    try:
        scenario = Scenario.model_validate({"format": 1, "title": "", **sound})
    except ValidationError:
        return []
    told = [finding.path for finding in findings]
    return [
        finding
        for finding in check(scenario, Names.of(data), whole=False)
        if not any(finding.path[: len(path)] == path for path in told)
    ]


def _errors(findings: Iterable[Finding], chain: Chain) -> ScenarioErrors:
    from sim.scenario.messages import as_input_errors, rows_together

    # What is wrong with one file as such is already placed.
    told = {(fault.file, fault.path) for fault in chain.faults}
    findings = list(findings)
    errors = as_input_errors(findings, _causes(findings, chain), chain)
    rest: list[InputError] = [e for e in errors if (e.file, e.path) not in told]
    return ScenarioErrors(rows_together([*chain.faults, *rest]))


def _causes(findings: Sequence[Finding], chain: Chain) -> list[Layer]:
    """Return the file that brings each finding about: the first from which on it is there.

    An entry may stand in one file and be made a fault by another, which extends it.
    """
    told: dict[int, set[tuple[KeyPath, str]]] = {}

    def is_there(place: int, finding: Finding) -> bool:
        if place not in told:
            _, found = _judged(chain.stages[place], whole=not chain.faults)
            told[place] = {(one.path, one.message) for one in found}
        return (finding.path, finding.message) in told[place]

    causes = []
    for finding in findings:
        first = len(chain.layers) - 1
        while first > 0 and is_there(first - 1, finding):
            first -= 1
        causes.append(chain.layers[first])
    return causes


def _is_of_a_rota(path: str, chain: Chain) -> bool:
    """Tell whether a number stands in a CSV file, which is itself where it comes from."""
    keys = parsed(path)
    return keys is not None and chain.rota_of(keys) is not None


def _origins(chain: Chain, resolved: Mapping[str, Any]) -> dict[str, str]:
    given = {path for path, _ in leaves(chain.merged)}
    above: set[KeyPath] = {path[:n] for path in given for n in range(1, len(path) + 1)}
    origins = {}
    teams = [
        ("pools", name)
        for name, pool in chain.merged["pools"].items()
        if isinstance(pool, Mapping) and "cycle" in pool
    ]
    for path, _ in leaves(resolved):
        if path[:2] in teams and path[2:3] == ("shifts",):
            layer = chain.layer_of((*path[:2], "cycle"))
            by_cycle = OPTION if layer.file.startswith(OPTION) else _relative(layer.path, chain)
            origins[dotted(path)] = f"{by_cycle} cycle"
            continue
        if path not in above:
            origins[dotted(path)] = DEFAULT
            continue
        rota = chain.rota_of(path)
        row = rota.place(path[3:]).split(",")[0] if rota else ""
        source = f"{_relative(rota.file, chain)} {row}" if rota and row else None
        layer = chain.layer_of(path)
        file = OPTION if layer.file.startswith(OPTION) else _relative(layer.path, chain)
        origins[dotted(path)] = source or file
    return origins


@cache
def _shown(file: str, folder: str) -> str:
    try:
        return Path(os.path.relpath(file, folder)).as_posix()
    except ValueError:  # on another drive of Windows
        return Path(file).as_posix()


def _relative(file: str | Path, chain: Chain) -> str:
    """Return a file relative to the folder of the planner's own."""
    return _shown(str(file), str(chain.own.path.parent))
