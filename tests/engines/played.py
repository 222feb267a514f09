"""Play a small world on every engine, and ask what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from sim import tables
from sim.engines import compiled, reference
from sim.tables import Activity, Draws, Policy, Table, Why
from tests.engines.hand import attempts, incidents, rota, unit

Engine = Callable[[Draws, Table, Policy], tables.Played]

verified: Final[Engine] = partial(reference.run, verify=True)
"""The reference, which looks after each round whether its state is as the rules say."""

ENGINES: Final[dict[str, Engine]] = {
    "reference": verified,
    "compiled": compiled.run,
}
"""All engines, by name; what they make of a world must be equal, row for row."""

LONG: Final = 8 * 86_400
"""Later than the end of any small world."""


class Row(NamedTuple):
    """A row of the activities table."""

    incident: int
    pool: int
    unit: int
    kind: Activity
    attempt: int
    start: int
    end: int
    why: Why


class Played:
    """The outcomes, activities and cases of a world."""

    def __init__(self, outcomes: Table, activities: Table, cases: Table) -> None:
        self.outcomes = outcomes
        self.activities = activities
        self.cases = cases

    def of(self, key: int) -> dict[str, int]:
        """The outcome of one incident."""
        place = self.outcomes["key"].tolist().index(key)
        return {name: int(column[place]) for name, column in self.outcomes.columns.items()}

    def case(self, key: int) -> dict[str, int]:
        """What became of one missing episode."""
        place = self.cases["key"].tolist().index(key)
        return {name: int(column[place]) for name, column in self.cases.columns.items()}

    def times(self, column: str) -> list[int]:
        """One column of the outcomes, by key."""
        return [int(time) for time in self.outcomes.sorted_by("key")[column]]

    def rows(self, *kinds: Activity, **where: int) -> list[Row]:
        """The activities of these kinds (of all kinds, if none is named)."""
        columns = (column.tolist() for column in self.activities.columns.values())
        found = [
            Row(incident, pool, one, Activity(kind), attempt, start, end, Why(why))
            for incident, pool, one, kind, attempt, start, end, why in zip(*columns, strict=True)
        ]
        return [
            row
            for row in found
            if (not kinds or row.kind in kinds)
            and all(getattr(row, name) == value for name, value in where.items())
        ]

    def spans(self, *kinds: Activity, **where: int) -> list[tuple[int, int]]:
        """The beginnings and ends of these activities."""
        return [(row.start, row.end) for row in self.rows(*kinds, **where)]


def works(
    key: int, pool: int = 0, on_at: int = 0, off_at: int = LONG, **more: int
) -> Mapping[str, int]:
    """A unit or desk worker, on duty throughout unless told otherwise."""
    return unit(pool, on_at, off_at, key, **more)


def play(
    reports: Sequence[Mapping[str, int]],
    people: Sequence[Mapping[str, int]],
    rules: Policy,
    dispatch_seconds: Sequence[int] = (0,),
) -> Played:
    """Play a world on all engines, which must agree, and return what became of it."""
    table = incidents(*reports)
    return play_tables(Draws(table, attempts(table, dispatch_seconds)), rota(*people), rules)


def play_tables(draws: Draws, people: Table, rules: Policy) -> Played:
    """Play tables on all engines, which must agree, and return what became of them."""
    first: Played | None = None
    for engine in ENGINES.values():
        played = Played(*engine(draws, people, rules))
        if first is None:
            first = played
        assert first.outcomes.differences(played.outcomes) == []
        assert first.activities.differences(played.activities) == []
        assert first.cases.differences(played.cases) == []
    assert first is not None
    return first
