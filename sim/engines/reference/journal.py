"""The activities table while it is being written (rules 10.2 to 10.4)."""

from __future__ import annotations

from dataclasses import dataclass

from sim.engines.reference.clock import Clock
from sim.tables import ACTIVITIES, OWNERSHIP, WAITS, Activity, Table, Why, from_rows

_NOT_OF_NO_TIME = WAITS | OWNERSHIP


@dataclass(slots=True, eq=False)
class Spell:
    """A row that is not complete: a wait, or a piece of work."""

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

    def begin(self, incident: int, pool: int, unit: int, kind: Activity, attempt: int = 0) -> Spell:
        """Something begins."""
        spell = Spell(incident, pool, unit, kind, attempt, self._clock.now)
        self._going_on.add(spell)
        return spell

    def end(self, spell: Spell, why: Why = Why.DONE) -> None:
        """It ends; a wait of no time has no row (rule 10.2)."""
        self._going_on.remove(spell)
        self._write(spell, self._clock.now, why)

    def close(self, end: int) -> Table:
        """The table in its fixed order; what goes on is written as still going on (rule 1.6)."""
        for spell in self._going_on:
            self._write(spell, end, Why.STILL_GOING)
        order = ("start", "end", "incident", "kind", "attempt", "unit", "pool", "why")
        return from_rows(ACTIVITIES, self._rows).sorted_by(*order)

    def _write(self, spell: Spell, end: int, why: Why) -> None:
        if end > spell.start or spell.kind not in _NOT_OF_NO_TIME:
            self._rows.append(
                (
                    spell.incident,
                    spell.pool,
                    spell.unit,
                    spell.kind,
                    spell.attempt,
                    spell.start,
                    end,
                    why,
                )
            )
