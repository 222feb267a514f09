"""Callers, until a call taker speaks to them (rules 2.1, 2.7, 2.8, 2.10)."""

from __future__ import annotations

from sim.engines.compiled import codes, events
from sim.engines.compiled.desks import drop, origin_now, take
from sim.engines.compiled.fields import job, task, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.signals import nothing_happens
from sim.tables import NEVER


@helper
def call(m: Memory, j: int) -> None:
    """Somebody calls: the switchboard answers, where there is one (rules 2.1, 2.7)."""
    if m[world.SWITCHBOARD] != 0 and origin_now(m, j) <= codes.NON_EMERGENCY:
        seconds = job.at(m, j).switch_seconds
        take(m, m[world.SWITCHBOARD], j, task.CALL, seconds, codes.SWITCH)
    else:
        wait_for_call_taker(m, j)


@helper
def wait_for_call_taker(m: Memory, j: int) -> None:
    """A call joins the call takers' queue (rule 2.8), and may have patience (rule 2.10)."""
    the_job = job.at(m, j)
    t = take(m, m[world.CALL_TAKERS], j, task.CALL, seconds_of_call(m, j), codes.NO_NUMBER)
    patience = the_job.patience_seconds
    if (
        the_job.kind == job.CALL_ALONE
        and the_job.origin == codes.NON_EMERGENCY
        and patience != NEVER
        and the_job.hung_up_at == NEVER
    ):
        until, key = m[world.NOW] + patience, the_job.key
        events.schedule(m, until, events.CALLER, key, codes.HANGS_UP, events.PATIENCE_ENDS, t)


@helper
def seconds_of_call(m: Memory, j: int) -> int:
    """Return a call taker's time to the grade, or to the end where nobody is sent (rule 2.4)."""
    the_job = job.at(m, j)
    if the_job.kind == job.CALL_ALONE:
        return int(the_job.thrive_seconds + the_job.wrap_seconds)
    return int(the_job.thrive_seconds)


@helper
def patience_ends(m: Memory, t: int, key: int) -> None:
    """The caller hangs up, if nobody speaks to them yet (rule 2.10)."""
    the_task = task.at(m, t)
    j = the_task.job
    the_job = job.at(m, j)
    # A call that is over has left its place to another task.
    if the_job.key != key or the_task.begun_at != NEVER:
        nothing_happens(m)
        return
    drop(m, t, codes.HUNG_UP)
    the_job.hung_up_at = m[world.NOW]
    if the_job.after_hang_up != codes.GIVES_UP:
        until = m[world.NOW] + the_job.again_seconds
        number, action = codes.CALLS_AGAIN, events.CALLS_AGAIN
        events.schedule(m, until, events.CALLER, key, number, action, j)
