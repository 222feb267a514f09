"""Jobs whose gate is open, and dispatchers who look at them now and then (rule 4.7)."""

from __future__ import annotations

from typing import Final

from sim.engines.compiled import codes, events, journal
from sim.engines.compiled.fields import job, pool, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.queues import join
from sim.tables import DAY, MINUTE, NEVER, PARTS, PER_MILLE

_QUARTER_HOUR: Final = 900
_QUARTERS: Final = DAY // _QUARTER_HOUR
_ALL_BUSY: Final = 100


@helper
def let_go_or_wait(m: Memory, j: int) -> None:
    """The gate is open: the job is ready, or waits to be let go."""
    the_job = job.at(m, j)
    if m[world.LOOK_SECONDS] == 0 or the_job.decision_sum == NEVER:
        _let_go(m, j)
        return
    the_job.undecided = 1
    the_job.opened_at = m[world.NOW]
    the_job.next_undecided = m[world.UNDECIDED]
    m[world.UNDECIDED] = j
    if m[world.LOOK_IS_DUE] == 0:
        _look_later(m)


@helper
def look_due(m: Memory) -> None:
    """All who wait to be let go are looked at (rules 4.7a, 4.7e)."""
    m[world.LOOK_IS_DUE] = 0
    now = m[world.NOW]
    link = m[world.UNDECIDED]
    before = 0
    while link != 0:
        j = link
        the_job = job.at(m, j)
        link = the_job.next_undecided
        if the_job.opened_at < now:
            the_job.rate_sum += _rate(m, j)
            factor = m[m[world.RATE_OF_STREAM] + the_job.stream]
            if the_job.rate_sum * factor >= PER_MILLE * the_job.decision_sum:
                if before == 0:
                    m[world.UNDECIDED] = link
                else:
                    job.at(m, before).next_undecided = link
                write_wait(m, j, now, codes.DONE)
                the_job.undecided = 0
                _let_go(m, j)
                continue
        before = j
    if m[world.UNDECIDED] != 0:
        _look_later(m)


@helper
def write_wait(m: Memory, j: int, now: int, why: int) -> None:
    """Write the job's wait to be let go, up to now (rule 10.3)."""
    the_job = job.at(m, j)
    journal.write_wait(
        m,
        the_job.key,
        codes.NOBODY,
        codes.WAIT_DECISION,
        codes.NO_NUMBER,
        the_job.opened_at,
        now,
        why,
    )


@helper
def _let_go(m: Memory, j: int) -> None:
    """Rule 4.3."""
    job.at(m, j).ready_at = m[world.NOW]
    join(m, j)


@helper
def _look_later(m: Memory) -> None:
    every = m[world.LOOK_SECONDS]
    due = (m[world.NOW] // every + 1) * every
    m[world.LOOK_IS_DUE] = 1
    events.schedule(
        m, due, events.LOOK, codes.NO_NUMBER, codes.NO_NUMBER, events.LOOK_DUE, codes.NO_THING
    )


@helper
def _rate(m: Memory, j: int) -> int:
    """Return what the job's sum goes up by (rules 4.7b to d)."""
    the_job = job.at(m, j)
    now, grade = m[world.NOW], the_job.grade - 1
    rows, waited = m[world.RATE_WAITED_COUNT], now - the_job.graded_at
    row = rows - 1
    while row > 0 and m[m[world.RATE_WAITED] + row] >= waited:
        row -= 1
    by_wait = m[world.RATE_BY_WAIT] + _QUARTERS * (rows * grade + row)
    most = m[world.RATE_MOST_AHEAD]
    ahead = -1
    for other in range(grade + 1):
        ahead += m[m[world.UNCLAIMED] + m[world.GRADES] * the_job.area + other]
    field = world.RATE_BY_LOAD_JUST_FREED if _just_freed(m, j) else world.RATE_BY_LOAD
    by_load = m[field] + (most + 1) * ((_ALL_BUSY + 1) * grade + _busy(m, j))
    rate = m[by_wait + now % DAY // _QUARTER_HOUR] * m[by_load + min(ahead, most)]
    return int((2 * rate + PARTS) // (2 * PARTS))


@helper
def _own_tier(m: Memory, j: int) -> int:
    """Return where the pools stand, and how many, that are asked first for the job."""
    the_job = job.at(m, j)
    return int(m[world.TIERS] + 4 * (m[world.AREA_COUNT] * the_job.stream + the_job.area))


@helper
def _just_freed(m: Memory, j: int) -> bool:
    """Whether a crew of its own area left a scene at most a minute ago (rule 4.7g)."""
    tier, since = _own_tier(m, j), m[world.NOW] - MINUTE
    for place in range(m[tier], m[tier] + m[tier + 1]):
        if pool.at(m, m[place]).cleared_at >= since:
            return True
    return False


@helper
def _busy(m: Memory, j: int) -> int:
    """Return how many in a hundred of its own area's crews have a job (rule 4.7d)."""
    tier = _own_tier(m, j)
    on_duty, at_work = 0, 0
    for place in range(m[tier], m[tier] + m[tier + 1]):
        p = m[place]
        on_duty += pool.at(m, p).on_duty
        at_work += pool.at(m, p).with_a_job
    if on_duty == 0:
        return _ALL_BUSY
    return int(min(_ALL_BUSY * at_work // on_duty, _ALL_BUSY))
