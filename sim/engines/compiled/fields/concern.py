"""A welfare concern that is followed until the child is seen (rule 14.1)."""

from __future__ import annotations

from typing import Final

from sim.engines.compiled.jit import records

(
    # Known beforehand: its incident; its visits, where the first begins, how many.
    JOB,
    VISITS,
    VISIT_COUNT,
    # 0 at first: the visit that is next, or at work; how far it has come.
    VISIT,
    STAGE,
    GAP,
    GAP_PASSES,
    REVISIT,
    ALLOCATIONS,
    SIZE,
) = range(10)
at: Final = records(globals())

# Stages.
NOT_YET, FOLLOWED, OVER = range(3)
