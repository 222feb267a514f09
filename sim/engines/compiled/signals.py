"""Signals that a hand-out may find what the last one did not (rule 1.4)."""

from __future__ import annotations

from sim.engines.compiled.fields import world
from sim.engines.compiled.jit import Memory, helper


@helper
def look_through_queues(m: Memory) -> None:
    """Let the queues of jobs be gone through at the end of the round, and a round follow."""
    m[world.JOBS_CHANGED] = 1
    m[world.ROUND_ENDS] = 1


@helper
def unit_to_be_had(m: Memory) -> None:
    """Jobs that have asked in vain may now find a unit.

    To be called whenever one becomes one to be had. Time alone takes units away, as shifts draw to
    their ends, but brings none; when borrowing begins a job changes its class.
    """
    m[world.UNIT_SUPPLY] += 1
    allocation_to_be_had(m)


@helper
def allocation_to_be_had(m: Memory) -> None:
    """Jobs that may divert others' units may now find some: a claim, work begun, a new grade."""
    m[world.SUPPLY] += 1
    if m[world.QUEUED] > 0:
        look_through_queues(m)
