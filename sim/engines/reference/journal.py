"""What is written while the world goes on: activities (rules 10.2 to 10.4), and outcomes."""

from __future__ import annotations

from dataclasses import dataclass, make_dataclass
from typing import Final

from sim.engines.reference.clock import Clock
from sim.tables import (
    ACTIVITIES,
    CASES,
    HELD_CASES,
    NONE,
    OUTCOMES,
    WAITS,
    Activity,
    Schema,
    Table,
    Why,
    from_rows,
)

_NOT_OF_NO_TIME: Final = WAITS | HELD_CASES
_ORDER: Final = ("start", "end", "incident", "kind", "attempt", "unit", "pool", "why")


def _to_be_written(schema: Schema) -> type:
    """A row with nothing written in it yet."""
    columns = [(name, int, nothing) for name, nothing in schema.nothing.items()]
    return make_dataclass(schema.name, columns, slots=True, eq=False)


Outcome, CaseOutcome = _to_be_written(OUTCOMES), _to_be_written(CASES)


@dataclass(slots=True, eq=False)
class Spell:
    """A wait or a piece of work that goes on: the beginning of a row."""

    incident: int
    pool: int
    unit: int
    kind: Activity
    attempt: int
    start: int


class Journal:
    """What is waited for and worked on, from its beginning to its end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rows: list[tuple[int, ...]] = []
        self._going_on: set[Spell] = set()

    def begin(
        self, kind: Activity, incident: int, pool: int = NONE, unit: int = NONE, attempt: int = 0
    ) -> Spell:
        """Something begins."""
        spell = Spell(incident, pool, unit, kind, attempt, self._clock.now)
        self._going_on.add(spell)
        return spell

    def end(self, spell: Spell, why: Why = Why.DONE) -> None:
        """It ends."""
        self._going_on.remove(spell)
        self._write(spell, self._clock.now, why)

    def table(self, follow_up_ends: int) -> Table:
        """The table in its fixed order; what goes on is written as still going on (rule 1.6)."""
        for spell in self._going_on:
            self._write(spell, follow_up_ends, Why.STILL_GOING)
        return from_rows(ACTIVITIES, self._rows).sorted_by(*_ORDER)

    def _write(self, one: Spell, end: int, why: Why) -> None:
        """Write a row; a wait of no time has none (rule 10.2)."""
        if end > one.start or one.kind not in _NOT_OF_NO_TIME:
            what = (one.incident, one.pool, one.unit, int(one.kind), one.attempt)
            self._rows.append((*what, one.start, end, int(why)))
