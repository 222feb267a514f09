"""Steps of a case: at a desk or in nobody's time, scaled, and those that come each day."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from sim.engines.reference.clock import Clock, Due, Steps
from sim.engines.reference.desks import Desk, Service
from sim.engines.reference.job import Job
from sim.tables import DAY, PER_MILLE


def take(
    clock: Clock, desk: Desk | None, job: Job, service: Service, seconds: int, number: int = 0
) -> Steps:
    """Do a step at a desk, or in nobody's time where there is none (rule 12.6)."""
    if desk is None:
        yield clock.after(seconds, Due.DESK_TASK_ENDS, job.key, service.step)
    else:
        task = desk.ask(job, service, seconds, number)
        yield task
        desk.release(task)


def scaled(seconds: int, per_mille: int) -> int:
    """So many thousandths of a time, rounded half up (rules 11.3, 13.6)."""
    return (2 * seconds * per_mille + PER_MILLE) // (2 * PER_MILLE)


def daily(second_of_day: int, start: int) -> Iterator[int]:
    """The seconds, from the start on, at which it is this second of the day."""
    return count(start + (second_of_day - start) % DAY, DAY)
