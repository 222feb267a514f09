"""A scenario as it was read: what the file says, and where each value came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from sim.scenario.models import Scenario


class Lever(NamedTuple):
    """A value that was set over what the files say.

    Attributes
    ----------
    path
        Where, such as ``pools.response.shifts.night.people``.
    written
        What was asked for, such as ``18``, ``+3`` or ``-10%``.
    before, after
        What the files say, None where they say nothing, and what stands there now.
    """

    path: str
    written: str
    before: str | None
    after: str

    @property
    def argument(self) -> str:
        """What stands after ``--set`` in a command."""
        return f"{self.path}={self.written}"


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
        Its name without folder and suffix, and what was set; it stands for the scenario in results.
    raw
        The values given, merged along the chain of ``extends``; rotas are read in.
    origins
        Of every value of the resolved form, keyed by its path: the file that gave it, relative
        to the folder of `path`, "--set" or "default".
    sha256
        Of the resolved form; equal for files that mean the same.
    notices
        What is legal and worth knowing before a run, a sentence each.
    unsourced
        Paths of the numbers of the planner's own file that no entry of ``sources`` speaks of.
    removed
        What a file of the chain takes away from those that it extends: path, and the file.
    levers
        What was set over the files.
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
    levers: tuple[Lever, ...] = ()
