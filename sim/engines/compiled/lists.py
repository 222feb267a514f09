"""Units or workers of a pool in one state: most shift left, then lowest key (6.5, 3.5)."""

from __future__ import annotations

from sim.engines.compiled.fields import unit
from sim.engines.compiled.jit import Memory, helper


@helper
def insert(m: Memory, base: int, count: int, u: int) -> None:
    """Put one in its place of the list at ``base``, whose length stands at ``count``."""
    the_unit = unit.at(m, u)
    off_at, key = the_unit.off_at, the_unit.key
    at = base + m[count]
    m[count] += 1
    while at > base:
        before = m[at - 1]
        if unit.at(m, before).off_at > off_at or (
            unit.at(m, before).off_at == off_at and unit.at(m, before).key < key
        ):
            break
        m[at] = before
        at -= 1
    m[at] = u


@helper
def remove(m: Memory, base: int, count: int, u: int) -> None:
    """Take one out that is in the list."""
    m[count] -= 1
    last = base + m[count]
    at = base
    while m[at] != u:
        at += 1
    while at < last:
        m[at] = m[at + 1]
        at += 1
