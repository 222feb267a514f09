"""Shifts begin and end: cohorts of desk workers and units (rules 5.1, 8.1, 8.2)."""

from __future__ import annotations

from sim.engines.compiled import desks, units
from sim.engines.compiled.fields import pool, unit
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.losing import shift_ends


@helper
def begin(m: Memory, u: int) -> None:
    """One of the rota comes on duty."""
    if pool.at(m, unit.at(m, u).pool).desk != 0:
        desks.come_on(m, u)
    else:
        units.come_on(m, u)


@helper
def end(m: Memory, u: int) -> None:
    """A shift ends; a unit with a job finishes it or hands it over (rule 8.2)."""
    the_unit = unit.at(m, u)
    if pool.at(m, the_unit.pool).desk != 0:
        desks.go_off(m, u)
        return
    units.go_off(m, u)
    if the_unit.allocation != 0:
        shift_ends(m, the_unit.allocation)
