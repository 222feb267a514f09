"""Desk pools: people who take one task after another from a queue (rules 2.1, 3.4, 3.5)."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from simpy import Event, Interrupt

from sim.engines.reference.clock import Actor, Clock, Due, reason, undisturbed
from sim.engines.reference.journal import Journal, Spell
from sim.engines.reference.records import Errand, Incident, Job, Report
from sim.tables import NONE, Activity, Policy, Risk


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """A kind of task: what its rows are called, and its step in rule 3.4."""

    wait: Activity
    work: Activity
    step: int
    of_case: bool = False
    """Ordered by the class of the case (rule 12.6)."""


DISPATCH: Final = Service(Activity.WAIT_DISPATCHER, Activity.DISPATCH, 0)
RATIFICATION: Final = Service(Activity.WAIT_RATIFICATION, Activity.RATIFICATION, 1)
REVIEW: Final = Service(Activity.WAIT_REVIEW, Activity.REVIEW, 2)
RETHRIVE: Final = Service(Activity.WAIT_REVIEW, Activity.RETHRIVE, 3)
RESEARCH: Final = Service(Activity.WAIT_RESEARCH, Activity.RESEARCH, 4)
OTHER_WORK: Final = Service(Activity.WAIT_DESK, Activity.DESK, 5)
CALL: Final = Service(Activity.WAIT_CALL_TAKER, Activity.CALL, 6)

DESK_LINE: Final = Service(Activity.WAIT_DESK, Activity.DESK_LINE, 7, of_case=True)
TASKING: Final = Service(Activity.WAIT_DESK, Activity.TASKING, 8, of_case=True)
LATE_PPN: Final = Service(Activity.WAIT_DESK, Activity.PPN, 9, of_case=True)
PROMPT: Final = Service(Activity.WAIT_DESK, Activity.PROMPT, 10, of_case=True)
MASH: Final = Service(Activity.WAIT_DESK, Activity.MASH, 11, of_case=True)
MEETING: Final = Service(Activity.WAIT_DESK, Activity.MEETING, 12, of_case=True)
REFERRAL: Final = Service(Activity.WAIT_DESK, Activity.REFERRAL, 13, of_case=True)
RETURN_INTERVIEW: Final = Service(Activity.WAIT_DESK, Activity.RETURN_INTERVIEW, 14, of_case=True)
FIRST_CASE_REVIEW: Final = 15


def case_review(level: int) -> Service:
    """Reviews of one level (rule 11.7)."""
    step = FIRST_CASE_REVIEW + level
    return Service(Activity.WAIT_REVIEW, Activity.CASE_REVIEW, step, of_case=True)


@dataclass(slots=True, eq=False)
class Worker:
    """One person at a desk on one shift."""

    key: int
    off_at: int
    off_duty: bool = False
    rank: tuple[int, int] = field(init=False)
    """Most shift left first, then the lowest key (rule 3.5)."""

    def __post_init__(self) -> None:
        """Fix the order among workers."""
        self.rank = (-self.off_at, self.key)


@dataclass(slots=True, eq=False)
class Task:
    """A piece of work in hand."""

    worker: Worker
    spell: Spell


Waiting: TypeAlias = tuple[tuple[int, ...], int, Event]
"""Place in the queue, key of the incident, and what happens when a worker takes the task."""


class Desk:
    """A pool of workers and the queue before them.

    Attributes
    ----------
    on_duty
        Workers whose shift has begun and not ended, busy or not (rule 3.3).
    queue
        Tasks that wait, the first to be taken first.
    idle
        Workers who are free, the first to take a task first.
    """

    def __init__(self, code: int, policy: Policy, clock: Clock, journal: Journal) -> None:
        self.code = code
        self.on_duty = 0
        self.queue: list[Waiting] = []
        self.idle: list[Worker] = []
        self._policy = policy
        self._clock = clock
        self._journal = journal

    def shift(self, worker: Worker) -> Actor[None]:
        """A worker's shift (rule 5.1); the task in hand is finished after it (rule 3.5)."""
        self.on_duty += 1
        insort(self.idle, worker, key=lambda one: one.rank)
        yield self._clock.at(worker.off_at, Due.SHIFT_ENDS, worker.key)
        self.on_duty -= 1
        worker.off_duty = True
        if worker in self.idle:
            self.idle.remove(worker)

    def take(self, of: Report | Job, service: Service, number: int = 0) -> Actor[Task]:
        """Wait in the queue; a worker takes the task, and has it in hand until `release`.

        Raises
        ------
        Interrupt
            It was stopped before anybody took it; it is dropped (rules 6.8, 12.1).
        """
        wait = self._journal.begin(of.key, self.code, NONE, service.wait, number)
        taken = self._clock.event()
        waiting = (self._order(of, service, number), of.key, taken)
        insort(self.queue, waiting, key=lambda one: one[0])
        try:
            worker = yield taken
        except Interrupt as dropped:
            self.queue.remove(waiting)
            self._journal.end(wait, reason(dropped).why)
            raise
        self._journal.end(wait)
        work = self._journal.begin(of.key, self.code, worker.key, service.work, number)
        return Task(worker, work)

    def release(self, task: Task) -> None:
        """The work is done, and its worker free for the next task, or to go home."""
        self._journal.end(task.spell)
        if not task.worker.off_duty:
            insort(self.idle, task.worker, key=lambda one: one.rank)

    def hand_out(self) -> None:
        """Rule 3.5: each free worker takes the first task."""
        while self.queue and self.idle:
            _, _, taken = self.queue.pop(0)
            taken.succeed(self.idle.pop(0))

    def _order(self, of: Report | Job, service: Service, number: int) -> tuple[int, ...]:
        """A task's place in the queue, fixed on joining: calls first (2.1), then by rule 3.4."""
        if service is CALL:
            assert isinstance(of, Report | Incident)
            return (-1, of.origin, of.reported_at, of.key)
        urgency = of.grade
        if of.risk == Risk.HIGH and service is not OTHER_WORK:
            urgency = 1
        elif service.of_case:  # 12.6
            assert isinstance(of, Incident)
            assert of.case is not None
            assert self._policy.episode is not None
            urgency = self._policy.episode.enquiry_grade[of.case.class_]
        if service is DISPATCH:
            assert isinstance(of, Incident | Errand)
            return (urgency, service.step, *of.in_queue(self._policy), number)
        return (urgency, service.step, self._clock.now, of.key, number)


def do(
    clock: Clock,
    desk: Desk | None,
    of: Report | Job,
    service: Service,
    seconds: int,
    number: int = 0,
    begins: Callable[[int], None] = lambda _: None,
) -> Actor[bool]:
    """Have a task done at a desk, or in nobody's time where there is none.

    Nobody is taken off a task (rule 3.5): one that is begun is finished, to whatever effect.

    Parameters
    ----------
    begins
        Called with the second in which somebody takes it up.

    Returns
    -------
    bool
        False where it was stopped before that.
    """
    task: Task | None = None
    if desk is not None:
        try:
            task = yield from desk.take(of, service, number)
        except Interrupt:
            return False
    begins(clock.now)
    yield from undisturbed(clock.after(seconds, Due.DESK_TASK_ENDS, of.key, service.step))
    if desk is not None and task is not None:
        desk.release(task)
    return True


def staffed(desks: Sequence[Desk], otherwise: int) -> Desk:
    """The first with anyone on duty (rule 3.3); where all are empty, the one at this place."""
    return next((desk for desk in desks if desk.on_duty), desks[otherwise])
