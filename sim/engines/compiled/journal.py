"""Rows of the activities table, as they come about (section 10).

A row takes five places: incident, unit, start, end, and the rest in one number. They are the better
part of what a simulation writes, and the time goes into bringing them to the memory and back.
"""

from __future__ import annotations

from typing import Final

from sim.engines.compiled import codes
from sim.engines.compiled.fields import job, world
from sim.engines.compiled.jit import Memory, helper
from sim.tables import NONE

WIDTH: Final = 5
INCIDENT, UNIT, START, END, REST = range(WIDTH)

# In the rest, from the highest bits down: kind, attempt, pool (from NONE, which is 0), why.
ATTEMPT_BITS: Final = 32
POOL_BITS: Final = 16
WHY_BITS: Final = 8


@helper
def write(
    m: Memory,
    incident: int,
    pool: int,
    unit: int,
    kind: int,
    attempt: int,
    start: int,
    end: int,
    why: int,
) -> None:
    """Put down a row of the table, from its columns in their order."""
    count = m[world.ROW_COUNT]
    if count >= m[world.ROW_ROOM]:
        m[world.FAILED] = 1
        return
    m[world.ROW_COUNT] = count + 1
    at = m[world.ROWS] + WIDTH * count
    m[at + INCIDENT] = incident
    m[at + UNIT] = unit
    m[at + START] = start
    m[at + END] = end
    rest = (((kind << ATTEMPT_BITS) + attempt) << POOL_BITS) + pool - NONE
    m[at + REST] = (rest << WHY_BITS) + why


@helper
def write_wait(
    m: Memory, incident: int, pool: int, kind: int, attempt: int, start: int, end: int, why: int
) -> None:
    """Put down a wait, which nobody does; one of no time has no row (rule 10.2)."""
    if end > start:
        write(m, incident, pool, codes.NOBODY, kind, attempt, start, end, why)


@helper
def write_held(m: Memory, j: int, kind: int, since: int, until: int, why: int) -> None:
    """Rule 10.3: what a job is held for that is not ready."""
    write_wait(m, job.at(m, j).key, codes.NOBODY, kind, codes.NO_NUMBER, since, until, why)
