"""The queue before a desk: a pairing heap, whose links stand in the tasks themselves."""

from __future__ import annotations

from sim.engines.compiled import codes
from sim.engines.compiled.fields import task
from sim.engines.compiled.jit import Memory, helper


@helper
def joined(m: Memory, one: int, other: int) -> int:
    """Put two heaps together and return the first task of both; 0 is a heap of none."""
    if one == 0:
        return other
    if other == 0:
        return one
    if _before(m, other, one):
        one, other = other, one
    task.at(m, other).sibling = task.at(m, one).child
    task.at(m, one).child = other
    return one


@helper
def without_first(m: Memory, first: int) -> int:
    """Take the first task out of its heap and return the next; 0 where there is none."""
    the_task = task.at(m, first)
    pairs = 0
    one = the_task.child
    while one != 0:
        other = task.at(m, one).sibling
        task.at(m, one).sibling = 0
        following = 0
        if other != 0:
            following = task.at(m, other).sibling
            task.at(m, other).sibling = 0
        pair = joined(m, one, other)
        task.at(m, pair).sibling = pairs
        pairs = pair
        one = following
    rest = codes.NO_THING
    while pairs != 0:
        following = task.at(m, pairs).sibling
        task.at(m, pairs).sibling = 0
        rest = joined(m, rest, pairs)
        pairs = following
    the_task.child = 0
    return rest


@helper
def _before(m: Memory, one: int, other: int) -> bool:
    for field in range(task.URGENCY, task.FIFTH + 1):
        if m[one + field] != m[other + field]:
            return bool(m[one + field] < m[other + field])
    return False
