"""What ``[concern]`` uses of the other parts of a scenario."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.concern import Concern
from sim.scenario.declared import Found, Names
from sim.scenario.demand import DeskWork, MissingAdult
from sim.scenario.findings import Finding, listed, nearest
from sim.scenario.models import Scenario
from sim.scenario.paths import KeyPath


def revisited_by(concern: Concern | None) -> Iterator[tuple[KeyPath, list[str]]]:
    """Yield where roles of unit pools are asked for re-visits."""
    if concern is not None:
        yield ("concern", "attend"), concern.attend


def revisits_at(concern: Concern | None) -> Iterator[tuple[KeyPath, int]]:
    """Yield where the grade of a re-visit stands."""
    if concern is not None:
        yield ("concern", "grade"), concern.grade


def concerns(scenario: Scenario, names: Names) -> Found:
    """Find streams that cannot be followed until a child is seen."""
    concern = scenario.concern
    for index, name in enumerate([] if concern is None else concern.streams):
        path: KeyPath = ("concern", "streams", index)
        stream = scenario.streams.get(name)
        if name not in names.streams:
            yield Finding(
                path,
                "there is no stream of this name",
                found=name,
                allowed=listed(names.streams),
                suggestion=nearest(name, names.streams),
            )
        elif isinstance(stream, DeskWork | MissingAdult):
            may = [
                other
                for other, one in scenario.streams.items()
                if not isinstance(one, DeskWork | MissingAdult)
            ]
            yield Finding(
                path,
                "this is no stream of welfare concerns: its people are missing, or nobody is sent",
                found=name,
                allowed=listed(may) or 'a stream of kind "incident"',
            )
