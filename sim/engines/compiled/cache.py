"""Where compiled code is kept between runs, and whether it is there already.

Numba looks only at the file of the function that is cached, not at the modules which that calls. So
the folder's name holds a hash of all sources of this package and of the tables' codes: what was
compiled from other sources is never found. Without a folder that can be written to, the engine is
compiled anew by each process.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from functools import cache as once
from importlib.metadata import version
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_NAME: Final = "missing-child-simulator"


@once
def folder() -> Path | None:
    """Return the folder for compiled code, made if need be; None where none can be written to.

    ``NUMBA_CACHE_DIR`` is honoured; otherwise it lies among the user's caches.
    """
    chosen = _place()
    try:
        chosen.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=chosen):
            return chosen
    except OSError:
        return None


def is_cached() -> bool:
    """Tell whether compiled code of these very sources is there, so that none need be made."""
    return any(_place().rglob("play*.nbc"))


def why_uncached() -> str | None:
    """Say why compiled code cannot be kept; None where it can."""
    if folder() is not None:
        return None
    return (
        f"Compiled code cannot be kept in {_place().parent}, so it is made anew each time. "
        "Set NUMBA_CACHE_DIR to a folder that can be written to."
    )


def _place() -> Path:
    """Return the folder that belongs to these sources and this numba."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    parent = Path(given) if given else _users_caches() / _NAME
    name = f"engine-{_sources()}-numba-{version('numba')}-{sys.implementation.cache_tag}"
    return parent / name


def _users_caches() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


@once
def _sources() -> str:
    """Hash all that the compiled code is made from."""
    tables = _HERE.parent.parent / "tables"
    digest = hashlib.sha256()
    for path in sorted((*_HERE.rglob("*.py"), tables / "codes.py", tables / "episode_rules.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
