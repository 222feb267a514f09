"""A scenario file that an answer writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.edge import hold
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded


def ensure_writable(place: Path | None, loaded: Loaded, *, force: bool) -> None:
    """Refuse a place that is taken, or is the scenario's own file, before the work.

    Raises
    ------
    InputError
        If it is the file that the answer extends, or no scenario file by its name.
    OutputError
        If something stands there and `force` is not given, or nothing can be written there.
    """
    from sim.store import ensure_free_file

    if place is None:
        return
    if place.suffix != ".toml":
        raise InputError(
            "a scenario file ends with .toml",
            path="--write",
            found=place.as_posix(),
            allowed=f"{place.stem}.toml",
        )
    if place.exists() and place.resolve() == loaded.path.resolve():
        raise InputError(
            "the answer extends this file and cannot take its place",
            path="--write",
            found=place.as_posix(),
            allowed="another name",
        )
    ensure_free_file(place, force=force)
    hold(place)
