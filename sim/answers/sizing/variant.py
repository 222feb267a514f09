"""A design as a scenario file of its own, which extends today's."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.answers.sizing.levers import Design, Space
from sim.scenario.extending import FORMAT
from sim.scenario.fields import LINE_LENGTH
from sim.scenario.paths import counted, lookup, parsed
from sim.scenario.toml import toml_key, toml_value

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded


def clock(minutes: int) -> str:
    """Minutes after midnight as a time of day."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def variant_toml(loaded: Loaded, space: Space, design: Design, place: Path, about: str) -> str:
    """Return the text of a file that holds what a design changes.

    Parameters
    ----------
    loaded
        Today's scenario; what was set over its files is written, too.
    space, design
        The rota.
    place
        Where the file is going to be: it names today's relative to that.
    about
        What it is, in a sentence or two.
    """
    tables: dict[tuple[str, ...], dict[str, Any]] = {}
    for lever in loaded.levers:
        path = parsed(lever.path)
        if path is None or lever.path == "title":
            continue
        value = lookup(loaded.raw, counted(loaded.raw, path))
        tables.setdefault(tuple(map(str, path[:-1])), {})[str(path[-1])] = value
    for shift, option in space.options(design):
        now = shift.now(space.scenario)
        table = tables.setdefault(shift.keys, {})
        table |= {"people": option.people} if option.people != now.people else {}
        if (option.start, option.end) != (now.start, now.end % 1440):
            table |= {"start": clock(option.start), "end": clock(option.end)}
    title = f"{loaded.scenario.title.removesuffix(' (illustrative)')}: as size found it"
    suffix = " (illustrative)" if loaded.scenario.illustrative else ""
    lines = [
        f"format = {FORMAT}",
        f"title = {toml_value(title[: LINE_LENGTH - len(suffix)] + suffix)}",
        f"extends = {toml_value(_from(loaded.path, place))}",
        f"about = {toml_value(about)}",
    ]
    for path, values in tables.items():
        if values:
            lines += ["", f"[{'.'.join(map(toml_key, path))}]", *_pairs(values)]
    return "\n".join(lines) + "\n"


def _pairs(values: Mapping[str, Any]) -> list[str]:
    return [f"{toml_key(key)} = {toml_value(value)}" for key, value in values.items()]


def _from(file: Path, place: Path) -> str:
    try:
        return Path(os.path.relpath(file.resolve(), place.resolve().parent)).as_posix()
    except ValueError:  # on another drive of Windows
        return file.resolve().as_posix()
