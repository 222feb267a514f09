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
def nothing_happens(m: Memory) -> None:
    """What was due has been broken off: it is no event, and makes no round (rule 1.5)."""
    m[world.HAPPENS] = 0


@helper
def see_what_time_brings(m: Memory) -> None:
    """After an event: a unit may no longer be counted in its pool's reserve (rule 6.4f)."""
    if m[world.NOW] >= m[world.TIME_BRINGS_AT] and m[world.HAPPENS] != 0:
        look_through_queues(m)


@helper
def to_be_had_by(m: Memory, grades: int) -> None:
    """Jobs of these grades that have asked in vain may now find what they did not.

    To be called whenever a unit, or another job's allocation, becomes one to be had. Time alone
    takes units away, as shifts draw to their ends, and brings some where a reserve is counted
    (`see_what_time_brings`); when borrowing begins a job changes its class.

    Parameters
    ----------
    grades
        Where flags by grade begin, each 0 or 1.
    """
    counts = m[world.SUPPLY]
    for place in range(m[world.GRADES]):
        m[counts + place] += m[grades + place]
    if m[world.QUEUED] > 0:
        look_through_queues(m)


@helper
def allocation_to_be_had(m: Memory, matrix: int, grade: int) -> None:
    """Units of a job of this grade may now be diverted by those that the matrix names (6.6)."""
    if m[world.MOST_DIVERSIONS] > 0:
        to_be_had_by(m, m[matrix] + m[world.GRADES] * (grade - 1))
