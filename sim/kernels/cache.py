"""Where compiled code is kept between runs, and whether it is there already.

Numba looks only at the file of the function that is cached, not at the modules which that calls. So
the folder's name holds a hash of all sources of the kernels, the engine and the tables: what was
compiled from other sources is never found. Without a folder that can be written to, all is
compiled anew by each process. Folders of other sources and processors are cleared away once nobody
has used them for a while.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from functools import cache as once
from importlib.metadata import version
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_NAME: Final = "missing-child-simulator"
_FOLDER: Final = re.compile(r"engine-[0-9a-f]{16}-.+")
_KEPT_SECONDS: Final = 90 * 86_400
"""After so long without use, code of other sources is unlikely to be asked for again."""
_MANY: Final = 5
_KEPT_SECONDS_OF_MANY: Final = 2 * 86_400
"""Whoever changes the sources leaves a folder with each change: of so many the oldest go sooner."""
_PROCESSORS: Final = Path("/proc/cpuinfo")
_TOLD_APART_BY: Final = ("model name", "flags", "Features", "CPU part")

_ROOM: Final = 16 << 20
"""Bytes: several times what the compiled code of one engine takes."""


@once
def folder() -> Path | None:
    """Return the folder for compiled code, made if need be; None where none can be written to.

    ``NUMBA_CACHE_DIR`` is honoured; otherwise it lies among the user's caches.
    """
    chosen = _place()
    try:
        chosen.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=chosen):
            pass
        if not is_cached() and shutil.disk_usage(chosen).free < _ROOM:
            return None
    except OSError:
        return None
    with suppress(OSError):  # another process may be clearing away, too
        os.utime(chosen)
        _clear_away_unused(chosen.parent)
    return chosen


def is_cached() -> bool:
    """Tell whether compiled code of these very sources is there, so that none need be made."""
    return any(_place().rglob("play*.nbc"))


def empty() -> None:
    """Remove compiled code of these sources, so that it is made anew."""
    for path in _place().rglob("*.nb?"):
        with suppress(OSError):
            path.unlink()


def why_uncached() -> str | None:
    """Say why compiled code cannot be kept; None where it can."""
    if folder() is not None:
        return None
    return (
        f"Compiled code cannot be kept in {_place().parent}, so it is made anew each time. "
        f"Set NUMBA_CACHE_DIR to a folder that can be written to, with {_ROOM >> 20} MB free."
    )


def _clear_away_unused(parent: Path) -> None:
    """Remove folders of other sources that have not been used for long; what can't be is left."""
    now = time.time()
    others = [other for other in parent.iterdir() if _FOLDER.fullmatch(other.name)]
    ages = sorted((now - other.stat().st_mtime, other) for other in others)
    for place, (unused, other) in enumerate(ages):
        if unused > (_KEPT_SECONDS if place < _MANY else _KEPT_SECONDS_OF_MANY):
            shutil.rmtree(other, ignore_errors=True)


def _place() -> Path:
    """Return the folder that belongs to these sources, this numba and this kind of processor."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    parent = Path(given) if given else users_caches() / _NAME
    made_with = f"numba-{_numba()}-{sys.implementation.cache_tag}"
    name = f"engine-{_sources()}-{made_with}-{_processor()}"
    return parent / name


def users_caches() -> Path:
    """Return the folder in which this computer keeps what a user's programs can make again.

    Raises
    ------
    RuntimeError
        If it is not known where the user is at home.
    """
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


@once
def _processor() -> str:
    """Return what tells one kind of processor from another.

    A home folder may be shared by machines. Numba makes code anew where its own is of another
    processor, but then each process would, for here it would seem to be there already.
    """
    # Windows says it in the environment, Linux in a file.
    told = [platform.machine(), os.environ.get("PROCESSOR_IDENTIFIER", "")]
    with suppress(OSError):
        lines = _PROCESSORS.read_text(encoding="utf-8", errors="replace").splitlines()
        told += sorted({line for line in lines if line.startswith(_TOLD_APART_BY)})
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:8]


@once
def _numba() -> str:
    """Return its version, without importing it."""
    return version("numba")


@once
def _sources() -> str:
    """Hash all that the compiled code is made from."""
    package = _HERE.parent
    folders = _HERE, package / "engines" / "compiled", package / "tables"
    digest = hashlib.sha256()
    for path in sorted(path for folder in folders for path in folder.rglob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
