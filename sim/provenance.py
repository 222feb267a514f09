"""Where results come from: the manifest that stands beside them.

Two manifests of one study agree in everything but `VARYING`: those say when it was run and how
long it took. No path of the machine is in it; a file is named as seen from the working folder.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePath
from typing import Any, Final

import sim
from sim.scenario.loading import Loaded
from sim.scenario.resolve import resolved_data

__all__ = [
    "FORMAT",
    "VARYING",
    "file_sha256",
    "fingerprint",
    "manifest",
    "portable_command",
    "portable_path",
    "versions",
]

FORMAT: Final = 1
"""Format number of a manifest."""

VARYING: Final = ("finished", "seconds")
"""Keys of a manifest that differ from one run of a study to the next."""

_LIBRARIES: Final = ("numpy", "simpy", "numba", "pydantic", "polars", "scipy")
_CHUNK_BYTES: Final = 1 << 20

_TITLES: Final = {"python": "Python", "sim": "this simulator"}


def manifest(
    loaded: Sequence[Loaded],
    *,
    study: Mapping[str, Any],
    command: Sequence[str],
    seconds: float,
    finished: datetime,
    checksums: Mapping[str, str],
) -> dict[str, Any]:
    """Say in plain values how results were made.

    Parameters
    ----------
    loaded
        The scenarios, baseline first; at least one.
    study
        What was asked for and done: seed, replications, days, engine and the like.
    command
        Program and arguments, as typed.
    seconds
        Wall-clock time taken.
    finished
        When, with its time zone.
    checksums
        SHA-256 of each kept file by its name.

    Returns
    -------
    dict
        For JSON. Equal for two runs of one study, but for the keys of `VARYING`.
    """
    return {
        "format": FORMAT,
        "title": loaded[0].scenario.title,
        "finished": finished.astimezone(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "study": dict(study),
        "command": portable_command(command),
        "versions": versions(),
        "platform": {
            "system": platform.system(),
            "machine": platform.machine(),
            "python": platform.python_implementation(),
        },
        "checksums": dict(sorted(checksums.items())),
        "scenarios": [
            {
                "name": one.name,
                "file": portable_path(one.path),
                "title": one.scenario.title,
                "sha256": one.sha256,
                "resolved": json.loads(json.dumps(resolved_data(one.scenario), default=str)),
            }
            for one in loaded
        ],
    }


def versions() -> dict[str, str]:
    """Return the versions of Python, of this project and of what its numbers rest on."""
    found = {"python": platform.python_version(), "sim": sim.__version__}
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "unknown"
    return found


def fingerprint() -> dict[str, str]:
    """Return what must be alike on two computers for their numbers to be.

    Returns
    -------
    dict of str
        Versions of Python (without its last part), of this project and of the libraries that its
        numbers rest on; ``numba``, empty where it is absent; ``sources``, a digest of the
        project's code; ``arithmetic``, a digest of the functions by which lengths of time are
        drawn, since processors may differ in the last digit of a logarithm.
    """
    found = versions()
    del found["polars"]
    found["python"] = ".".join(found["python"].split(".")[:2])
    try:
        found["numba"] = version("numba")
    except PackageNotFoundError:
        found["numba"] = ""
    return {**found, "sources": _sources(), "arithmetic": _arithmetic()}


def differences(ours: Mapping[str, str], theirs: Mapping[str, str]) -> list[str]:
    """Say in words what of two fingerprints differs so that numbers might.

    That numba is absent, or another version, does not matter: what is simulated is whole numbers
    in any engine.
    """
    told = []
    for name in ours:
        here, there = ours[name], theirs.get(name)
        if here == there or name == "numba":
            continue
        if name == "sources":
            if ours["sim"] == theirs.get("sim"):
                told.append("other code of this simulator under the same version")
        elif name == "arithmetic":
            told.append("a processor or library whose logarithms differ in their last digits")
        else:
            title = _TITLES.get(name, name)
            told.append(f"{title} {there} (here {here})" if there else f"no {title}")
    return told


@cache
def _sources() -> str:
    folder = Path(sim.__file__).parent
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.py"), key=lambda one: one.relative_to(folder).parts):
        digest.update("/".join(file.relative_to(folder).parts).encode() + b"\0")
        # A checkout on Windows may end its lines otherwise.
        digest.update(file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:12]


@cache
def _arithmetic() -> str:
    import numpy as np
    from scipy.special import gammaincinv, ndtri

    level = (np.arange(4_096) + 0.5) / 4_096
    digest = hashlib.sha256()
    for values in (
        np.log(level),
        np.log1p(-level),
        np.exp(0.7 * ndtri(level)),
        gammaincinv(0.8, level),
        (1.0 + level) ** 0.37,
    ):
        digest.update(values.astype("<f8").tobytes())
    return digest.hexdigest()[:12]


def portable_path(path: str | PurePath) -> str:
    """Return a path as seen from the working folder, with forward slashes; else its name alone."""
    given = Path(path)
    if given.is_absolute():
        try:
            given = given.relative_to(Path.cwd())
        except ValueError:
            return given.name
    # A way up leads to folders whose names belong to the machine.
    return given.name if ".." in given.parts else given.as_posix()


def portable_command(command: Sequence[str]) -> list[str]:
    """Return a command line with every path of the machine as `portable_path` has it."""
    return [_portable_argument(argument) for argument in command]


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _portable_argument(argument: str) -> str:
    option, equals, value = argument.partition("=")
    if argument.startswith("-"):
        return f"{option}{equals}{_portable_value(value)}" if equals else argument
    return _portable_value(argument)


def _portable_value(value: str) -> str:
    path = Path(value)
    return portable_path(path) if path.is_absolute() or ".." in path.parts else value
