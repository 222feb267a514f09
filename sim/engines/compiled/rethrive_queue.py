"""The re-THRIVEs to come (rule 7.2), in the order in which they are due: a ring of jobs.

Each is due as long after it was asked for as every other, so nearly all go to the end; only those
of one second stand by key. They are most of what is due at any time, and would make the heap of
events deeper for everything else. A job has at most one to come.
"""

from __future__ import annotations

from sim.engines.compiled.fields import job, world
from sim.engines.compiled.jit import Memory, helper


@helper
def put(m: Memory, j: int) -> None:
    """Put in a job whose next re-THRIVE is settled."""
    place, first = m[world.RETHRIVE_FIRST] + m[world.RETHRIVE_COUNT], m[world.RETHRIVE_FIRST]
    m[world.RETHRIVE_COUNT] += 1
    while place > first and _is_before(m, j, m[_at(m, place - 1)]):
        m[_at(m, place)] = m[_at(m, place - 1)]
        place -= 1
    m[_at(m, place)] = j


@helper
def first_of(m: Memory) -> int:
    """Return the first job; 0 where there is none."""
    if m[world.RETHRIVE_COUNT] == 0:
        return 0
    return int(m[_at(m, m[world.RETHRIVE_FIRST])])


@helper
def remove_first(m: Memory) -> None:
    """Take the first job out."""
    following = m[world.RETHRIVE_FIRST] + 1
    m[world.RETHRIVE_FIRST] = following if following < m[world.RETHRIVE_ROOM] else 0
    m[world.RETHRIVE_COUNT] -= 1


@helper
def _at(m: Memory, place: int) -> int:
    """Return where a place of the ring stands; beyond the last comes the first."""
    room = m[world.RETHRIVE_ROOM]
    return int(m[world.RETHRIVE_RING] + (place if place < room else place - room))


@helper
def _is_before(m: Memory, j: int, other: int) -> bool:
    if job.at(m, j).rethrive_at != job.at(m, other).rethrive_at:
        return bool(job.at(m, j).rethrive_at < job.at(m, other).rethrive_at)
    return bool(job.at(m, j).key < job.at(m, other).key)
