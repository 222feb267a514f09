"""Relief of the units that stay with a child in police protection (rule 12.4d)."""

from __future__ import annotations

from sim.engines.compiled import codes, events
from sim.engines.compiled.errands import ask_for_relief
from sim.engines.compiled.fields import allocation, case, job, unit, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.losing import withdraw
from sim.engines.compiled.signals import nothing_happens


@helper
def await_relief(m: Memory, a: int, c: int) -> None:
    """Others are asked for when the first shift ends of the units that are with the child."""
    if m[world.RELIEF_OFFICERS] == 0:
        return
    the_allocation = allocation.at(m, a)
    u = the_allocation.first
    first_end = unit.at(m, u).off_at
    while u != 0:
        first_end = min(first_end, unit.at(m, u).off_at)
        u = unit.at(m, u).next
    if first_end <= m[world.NOW]:
        ask_for_relief(m, c, a)
    else:
        key, number = case.at(m, c).key, the_allocation.number
        events.schedule(m, first_end, events.RELIEF, key, number, events.RELIEF_DUE, a)


@helper
def relief_due(m: Memory, a: int) -> None:
    """The first of their shifts has ended; to no effect where they have left the child."""
    j = allocation.at(m, a).job
    the_job = job.at(m, j)
    if the_job.allocation == a:
        ask_for_relief(m, the_job.case, a)
    else:
        nothing_happens(m)


@helper
def no_relief(m: Memory, c: int) -> None:
    """The protection is over: whoever is not there yet is not needed."""
    the_case = case.at(m, c)
    j = the_case.visit
    the_case.visit = 0
    the_case.relieved = codes.NO_THING
    if j != 0:
        withdraw(m, j)
