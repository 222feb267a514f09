"""Rows of the activities table, as they come about (section 10)."""

from __future__ import annotations

from typing import Final

from sim.engines.compiled import codes
from sim.engines.compiled.fields import job, world
from sim.engines.compiled.jit import Memory, helper

WIDTH: Final = 8


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
    """Put down a row, in the order of the table's columns."""
    count = m[world.ROW_COUNT]
    if count >= m[world.ROW_ROOM]:
        m[world.FAILED] = 1
        return
    m[world.ROW_COUNT] = count + 1
    at = m[world.ROWS] + WIDTH * count
    m[at] = incident
    m[at + 1] = pool
    m[at + 2] = unit
    m[at + 3] = kind
    m[at + 4] = attempt
    m[at + 5] = start
    m[at + 6] = end
    m[at + 7] = why


@helper
def write_wait(
    m: Memory, incident: int, pool: int, kind: int, attempt: int, start: int, end: int, why: int
) -> None:
    """Put down a wait, which nobody does; one of no time has no row (rule 10.2)."""
    if end > start:
        write(m, incident, pool, codes.NOBODY, kind, attempt, start, end, why)


@helper
def write_held(m: Memory, j: int, now: int, why: int) -> None:
    """Rule 10.3: from grading to the gate."""
    write_wait(
        m, m[j + job.KEY], codes.NOBODY, codes.HELD, codes.NO_NUMBER, m[j + job.GRADED_AT], now, why
    )
