"""Things made while the engine runs: tasks, allocations, lines of enquiry, visits."""

from __future__ import annotations

from sim.engines.compiled.fields import task, world
from sim.engines.compiled.fields.columns import Columns
from sim.engines.compiled.jit import Memory, helper
from sim.tables import NEVER, NONE


@helper
def new_thing(m: Memory, size: int) -> int:
    """Return the place of a new thing; all that is kept about it is 0."""
    at = m[world.FREE]
    m[world.FREE] = at + size
    if m[world.FREE] > m[world.LENGTH]:
        m[world.FAILED] = 1
        m[world.FREE] = at
    for place in range(at, m[world.FREE]):
        m[place] = 0
    return int(at)


@helper
def new_task(m: Memory) -> int:
    """Return the place of a task, one that is spare where there is one."""
    t = m[world.SPARE_TASK]
    if t == 0:
        return new_thing(m, task.SIZE)
    m[world.SPARE_TASK] = task.at(m, t).sibling
    return int(t)


@helper
def give_back(m: Memory, t: int) -> None:
    """The task is over, and nothing points to it any more."""
    task.at(m, t).sibling = m[world.SPARE_TASK]
    m[world.SPARE_TASK] = t


@helper
def put_nothing(m: Memory, thing: int, columns: Columns) -> None:
    """Let columns of a thing hold what stands in them where nothing applies."""
    for place in range(thing + columns.never, thing + columns.none):
        m[place] = NEVER
    for place in range(thing + columns.none, thing + columns.zero):
        m[place] = NONE
    for place in range(thing + columns.zero, thing + columns.end):
        m[place] = 0
