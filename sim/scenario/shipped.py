"""The scenarios that come with the simulator, found from any folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

FOLDER: Final = "scenarios"
_HERE: Final = Path(__file__).parents[1]
_BASELINE: Final = "dorset-2022.toml"


def shipped_folder() -> Path | None:
    """Return the folder of the shipped scenarios: in the package, or in a checkout beside it."""
    places = (_HERE / FOLDER, _HERE.parent / FOLDER)
    return next((place for place in places if (place / _BASELINE).is_file()), None)


def found(path: Path) -> Path:
    """Return a scenario file; one that is not there is the shipped one of its name, if it is one.

    Parameters
    ----------
    path
        As it was written: ``mine.toml``; or ``dorset-2022.toml`` or ``scenarios/dorset-2022.toml``,
        of which the shipped one is meant wherever nothing else stands there.
    """
    return path if os.path.lexists(path) else shipped_file(path) or path


def shipped_file(name: Path) -> Path | None:
    """Return the shipped scenario of a name, with or without the folder's; None: there is none."""
    folder = shipped_folder()
    parts = name.parts[1:] if name.parts[:1] == (FOLDER,) else name.parts
    if folder is None or name.is_absolute() or not parts or ".." in parts:
        return None
    own = folder.joinpath(*parts)
    # Not `Path.is_file`, which raises where a name is too long.
    return own if os.path.isfile(own) else None  # noqa: PTH113


def is_shipped(path: Path) -> bool:
    """Tell whether a file is one of the shipped scenarios."""
    folder = shipped_folder()
    return folder is not None and path.resolve().parent == folder.resolve()


def shipped() -> list[Path]:
    """Return the shipped scenarios, the baseline first, then by name."""
    folder = shipped_folder()
    if folder is None:
        return []
    return sorted(folder.glob("*.toml"), key=lambda one: (one.name != _BASELINE, one.name))
