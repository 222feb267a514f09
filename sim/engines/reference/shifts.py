"""Shifts begin and end: cohorts of desk workers and units (rules 5.1, 8.1, 8.2)."""

from __future__ import annotations

from itertools import groupby

from sim.engines.reference.attendance import Attendance
from sim.engines.reference.clock import Clock, Due, Steps, begin
from sim.engines.reference.desks import Desk, Worker
from sim.engines.reference.units import Unit, UnitPool
from sim.tables import Policy, Table

_Row = tuple[int, int, int, int, int, int, int]
_COLUMNS = ("on_at", "key", "pool", "off_at", "break_at", "break_seconds", "officers")


class Shifts:
    """Brings people on duty and sends them home, row by row of the rota."""

    def __init__(
        self,
        rota: Table,
        policy: Policy,
        clock: Clock,
        desks: dict[int, Desk],
        pools: dict[int, UnitPool],
        attendance: Attendance,
    ) -> None:
        self._clock = clock
        self._desks = desks
        self._pools = pools
        self._attendance = attendance
        rows = zip(*(rota[name].tolist() for name in _COLUMNS), strict=True)
        # A shift that began before the simulation is on duty from its first second (rule 1.6).
        self._rows: list[tuple[int, _Row]] = sorted(
            (max(row[0], policy.start), row) for row in rows if row[3] > max(row[0], policy.start)
        )

    def begin(self) -> Steps:
        """Bring each shift on duty when it begins."""
        for second, together in groupby(self._rows, key=lambda entry: entry[0]):
            rows = sorted((row for _, row in together), key=lambda row: row[1])
            yield self._clock.at(second, Due.SHIFT_BEGINS, rows[0][1])
            for row in rows:
                self._come_on(row)

    def _come_on(self, row: _Row) -> None:
        _, key, code, off_at, break_at, break_seconds, officers = row
        if code in self._desks:
            begin(self._at_desk(self._desks[code], Worker(key, off_at)))
        else:
            pool = self._pools[code]
            begin(self._as_unit(pool, Unit(key, pool, officers, off_at, break_at, break_seconds)))

    def _at_desk(self, desk: Desk, worker: Worker) -> Steps:
        desk.come_on(worker)
        yield self._clock.at(worker.off_at, Due.SHIFT_ENDS, worker.key)
        desk.go_off(worker)

    def _as_unit(self, pool: UnitPool, unit: Unit) -> Steps:
        pool.come_on(unit)
        yield self._clock.at(unit.off_at, Due.SHIFT_ENDS, unit.key)
        pool.go_off(unit)
        if unit.allocation is not None:
            self._attendance.shift_ends(unit.allocation)
