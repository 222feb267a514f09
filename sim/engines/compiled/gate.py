"""The gate, and the telephone enquiry before anybody is sent (rules 4.1 to 4.6)."""

from __future__ import annotations

from sim.engines.compiled import codes, events, journal, looks
from sim.engines.compiled.desks import drop, take
from sim.engines.compiled.errands import ask_for_visit
from sim.engines.compiled.fields import case, job, task, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.looks import let_go_or_wait
from sim.engines.compiled.partners import child_is_safe
from sim.engines.compiled.queues import count_unclaimed
from sim.engines.compiled.signals import nothing_happens
from sim.tables import NEVER


@helper
def is_held(m: Memory, j: int) -> bool:
    """Rule 4.1."""
    the_job = job.at(m, j)
    return bool(
        m[world.GATE] != codes.GATE_GRADING
        and m[m[world.GATED] + the_job.stream] != 0
        and the_job.held_parts < m[world.HELD_PARTS]
        and (the_job.risk != codes.HIGH or m[world.HOLD_HIGH_RISK] != 0)
    )


@helper
def open_gate(m: Memory, j: int, why: int) -> None:
    """Rules 4.1 and 4.2: it opens once; a telephone enquiry may still be waited for."""
    the_job = job.at(m, j)
    if the_job.gate_shut != 0:
        the_job.gate_shut = 0
        journal.write_held(m, j, codes.HELD, the_job.graded_at, m[world.NOW], why)
        the_job.waiting_since = m[world.NOW]
        _be_ready(m, j)


@helper
def begin_telephone(m: Memory, j: int) -> None:
    """At grading it is asked for, where there is to be one (rule 4.4)."""
    the_job = job.at(m, j)
    if (
        the_job.uncertain_parts >= m[world.TELEPHONE_PARTS]
        or the_job.risk == codes.HIGH
        or the_job.returned != 0
    ):
        return
    d, seconds = m[world.TELEPHONE_DESK], the_job.telephone_seconds
    the_job.telephone = take(m, d, j, task.TELEPHONE, seconds, codes.NO_NUMBER)
    most = m[world.TELEPHONE_MOST]
    if most != NEVER:
        until, key = m[world.NOW] + most, the_job.key
        action = events.TELEPHONE_TOO_LONG
        events.schedule(m, until, events.TELEPHONE, key, codes.NO_NUMBER, action, j)


@helper
def telephone_ends(m: Memory, j: int, t: int) -> None:
    """The enquiry is complete: it finds somebody, or lets the deployment go (rule 4.5)."""
    the_job = job.at(m, j)
    if the_job.telephone != t:
        return
    if the_job.telephone_finds == 0:
        _wait_no_longer(m, j, codes.DONE)
        return
    the_job.telephone_found_at = m[world.NOW]
    count_unclaimed(m, j, -1)
    the_job.review_round += 1
    if the_job.gate_shut != 0:
        open_gate(m, j, codes.RETURNED)
    _wait_no_longer(m, j, codes.DONE)
    c = the_job.case
    if c != 0:
        case.at(m, c).found_at = m[world.NOW]
        case.at(m, c).safe = 1
        child_is_safe(m, c)
        ask_for_visit(m, c)


@helper
def break_telephone_off(m: Memory, j: int, why: int) -> None:
    """The deployment waits for it no longer; if nobody has begun it, it is dropped (4.6)."""
    the_job = job.at(m, j)
    if the_job.telephone != 0:
        drop(m, the_job.telephone, why)
        _wait_no_longer(m, j, why)


@helper
def telephone_too_long(m: Memory, j: int) -> None:
    """The deployment has waited for as long as the rule says (rule 4.6)."""
    if job.at(m, j).telephone != 0:
        break_telephone_off(m, j, codes.INTERRUPTED)
    else:
        nothing_happens(m)


@helper
def write_unfinished(m: Memory, j: int, end: int) -> None:
    """Write what a job is held for when the follow-up ends (rule 1.6)."""
    the_job = job.at(m, j)
    if the_job.gate_shut != 0:
        journal.write_held(m, j, codes.HELD, the_job.graded_at, end, codes.STILL_GOING)
    elif the_job.telephone != 0:
        since = the_job.waiting_since
        journal.write_held(m, j, codes.HELD_FOR_TELEPHONE, since, end, codes.STILL_GOING)
    elif the_job.undecided != 0:
        looks.write_wait(m, j, end, codes.STILL_GOING)


@helper
def _wait_no_longer(m: Memory, j: int, why: int) -> None:
    the_job = job.at(m, j)
    the_job.telephone = 0
    if the_job.gate_shut == 0:
        now, since = m[world.NOW], the_job.waiting_since
        journal.write_held(m, j, codes.HELD_FOR_TELEPHONE, since, now, why)
        _be_ready(m, j)


@helper
def _be_ready(m: Memory, j: int) -> None:
    """Ready, or waits to be let go (4.3, 4.7); who is found needs nobody to look for them."""
    the_job = job.at(m, j)
    if the_job.telephone == 0 and the_job.telephone_found_at == NEVER:
        let_go_or_wait(m, j)
