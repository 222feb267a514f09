"""A scenario as it was read: what the file says, and where each value came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.scenario.models import Scenario


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
    unsourced
        Paths of the numbers of the planner's own file that no entry of ``sources`` speaks of.
    removed
        What a file of the chain takes away from those that it extends: path, and the file.
    """

    scenario: Scenario
    path: Path
    name: str
    raw: Mapping[str, Any]
    origins: Mapping[str, str]
    sha256: str
    notices: tuple[str, ...]
    unsourced: tuple[str, ...] = ()
    removed: tuple[tuple[str, str], ...] = ()
