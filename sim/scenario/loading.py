"""From a TOML file to a checked scenario."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import InputError, ScenarioErrors
from sim.scenario.checks import Names, check, notices
from sim.scenario.extending import Chain, read_chain
from sim.scenario.findings import Finding
from sim.scenario.models import Scenario
from sim.scenario.paths import KeyPath, dotted, leaves
from sim.scenario.resolve import DEFAULT, resolved_data, resolved_sha256

_BY_NAME = ("areas", "grades", "targets", "profiles", "streams", "pools", "sources", "policy")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A scenario, and where it came from.

    Attributes
    ----------
    scenario
        What the file says, checked and complete.
    path
        The file, as it was named.
    name
        Its name without folder and suffix; it stands for the scenario in results.
    raw
        The values given, merged along the chain of ``extends``; rotas are read in.
    origins
        Of every value of the resolved form, keyed by its path: the file that gave it, relative
        to the folder of `path`, or "default".
    sha256
        Of the resolved form; equal for files that mean the same.
    notices
        What is legal and worth knowing before a run, a sentence each.
    """

    scenario: Scenario
    path: Path
    name: str
    raw: Mapping[str, Any]
    origins: Mapping[str, str]
    sha256: str
    notices: tuple[str, ...]


def load(path: str | PathLike[str]) -> Loaded:
    """Read a scenario file, with what it extends and the rotas beside it, and check it.

    Parameters
    ----------
    path
        A TOML file.

    Raises
    ------
    sim.errors.ScenarioErrors
        With every fault: the planner's own file first, each in the order of its file.
    """
    path = Path(path)
    chain = read_chain(path)
    scenario = _validated(chain)
    resolved = resolved_data(scenario)
    origins = _origins(chain, resolved)
    own = {key for key, origin in origins.items() if origin == path.name}
    return Loaded(
        scenario=scenario,
        path=path,
        name=path.stem,
        raw=chain.merged,
        origins=origins,
        sha256=resolved_sha256(resolved),
        notices=tuple(notices(scenario, own)),
    )


def _validated(chain: Chain) -> Scenario:
    try:
        scenario = Scenario.model_validate(chain.merged)
    except ValidationError as error:
        from sim.scenario.messages import findings_of

        findings = findings_of(error, chain.merged)
        findings += _cross_findings(chain.merged, findings)
        raise _errors(findings, chain) from None
    findings = check(scenario, Names.of(chain.merged), whole=not chain.faults)
    if findings or chain.faults:
        raise _errors(findings, chain)
    return scenario


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
    from sim.scenario.messages import as_input_errors

    # What is wrong with one file as such is already placed.
    told = {(fault.file, fault.path) for fault in chain.faults}
    errors = as_input_errors(findings, chain)
    rest: list[InputError] = [e for e in errors if (e.file, e.path) not in told]
    return ScenarioErrors([*chain.faults, *rest])


def _origins(chain: Chain, resolved: Mapping[str, Any]) -> dict[str, str]:
    folder = chain.own.path.parent
    shown: dict[str, str] = {}

    def relative(file: str | Path) -> str:
        key = str(file)
        if key not in shown:
            try:
                shown[key] = Path(os.path.relpath(file, folder)).as_posix()
            except ValueError:  # on another drive of Windows
                shown[key] = Path(file).as_posix()
        return shown[key]

    given = {path for path, _ in leaves(chain.merged)}
    above: set[KeyPath] = {path[:n] for path in given for n in range(1, len(path) + 1)}
    origins = {}
    for path, _ in leaves(resolved):
        if path not in above:
            origins[dotted(path)] = DEFAULT
            continue
        rota = chain.rota_of(path)
        row = rota.place(path[3:]).split(",")[0] if rota else ""
        source = f"{relative(rota.file)} {row}" if rota and row else None
        origins[dotted(path)] = source or relative(chain.layer_of(path).path)
    return origins
