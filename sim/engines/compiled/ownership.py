"""When to look again at whose the cases of an area are (rule 11.2)."""

from __future__ import annotations

from sim.engines.compiled import codes, events
from sim.engines.compiled.fields import area, pool, world
from sim.engines.compiled.jit import Memory, helper


@helper
def look_at_owner(m: Memory, p: int) -> None:
    """A shift of this pool begins or ends; the next round sees what came of it."""
    the_pool = pool.at(m, p)
    if the_pool.team == 0:
        return
    for code in range(m[world.AREA_COUNT]):
        o = m[world.AREAS] + area.SIZE * code
        the_area = area.at(m, o)
        if m[the_area.team + the_pool.code] != 0 and the_area.looking == 0:
            the_area.looking = 1
            now = m[world.NOW]
            events.schedule(m, now, events.OWNER, code, codes.NO_NUMBER, events.LOOK_AT_OWNER, o)
