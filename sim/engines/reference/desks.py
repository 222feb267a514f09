"""Desk pools: people who take one task after another from a queue (rules 2.1, 3.4, 3.5)."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from simpy import Event, Interrupt

from sim.engines.reference.clock import Actor, Clock, Due, reason, see_through
from sim.engines.reference.jobs import Incident, Job
from sim.engines.reference.journal import Journal, Spell
from sim.tables import NONE, Activity, Origin, Policy, Risk


class Service(NamedTuple):
    """A kind of task: what its rows are called, and its step in rules 1.3 and 3.4."""

    waits_as: Activity
    works_as: Activity
    step: int


DISPATCH: Final = Service(Activity.WAIT_DISPATCHER, Activity.DISPATCH, 0)
RATIFICATION: Final = Service(Activity.WAIT_RATIFICATION, Activity.RATIFICATION, 1)
REVIEW: Final = Service(Activity.WAIT_REVIEW, Activity.REVIEW, 2)
RETHRIVE: Final = Service(Activity.WAIT_REVIEW, Activity.RETHRIVE, 3)
RESEARCH: Final = Service(Activity.WAIT_RESEARCH, Activity.RESEARCH, 4)
OTHER_WORK: Final = Service(Activity.WAIT_DESK, Activity.DESK, 5)
CALL: Final = Service(Activity.WAIT_CALL_TAKER, Activity.CALL, 6)
DESK_LINE: Final = Service(Activity.WAIT_DESK, Activity.DESK_LINE, 7)
TASKING: Final = Service(Activity.WAIT_DESK, Activity.TASKING, 8)
LATE_PPN: Final = Service(Activity.WAIT_DESK, Activity.PPN, 9)
PROMPT: Final = Service(Activity.WAIT_DESK, Activity.PROMPT, 10)
MASH: Final = Service(Activity.WAIT_DESK, Activity.MASH, 11)
MEETING: Final = Service(Activity.WAIT_DESK, Activity.MEETING, 12)
REFERRAL: Final = Service(Activity.WAIT_DESK, Activity.REFERRAL, 13)
RETURN_INTERVIEW: Final = Service(Activity.WAIT_DESK, Activity.RETURN_INTERVIEW, 14)
TELEPHONE: Final = Service(Activity.WAIT_DESK, Activity.TELEPHONE, 15)
FIRST_CASE_REVIEW: Final = Service(Activity.WAIT_REVIEW, Activity.CASE_REVIEW, 16)
"""Of the first level; the next is step 17, and so on."""


SWITCH: Final = 1
"""Number of a call's row at the switchboard; at a call taker it is 0 (rule 2.7)."""

_FIRST_CALLS: Final = (-1, 0, Origin.EMERGENCY)
"""How the places of 999 calls begin: before all others (rules 2.1, 2.8)."""


@dataclass(slots=True, eq=False)
class Worker:
    """One person at a desk on one shift: a row of the rota."""

    key: int
    on_at: int
    off_at: int
    off_duty: bool = False

    @property
    def by_shift_left(self) -> tuple[int, int]:
        """Their place among workers: most shift left first, then the lowest key (rule 3.5)."""
        return (-self.off_at, self.key)


Queued: TypeAlias = tuple[tuple[int, ...], Job, Event]
"""Place in the queue, what the task is about, and what happens when a worker takes it."""


class Desk:
    """A pool of workers and the queue before them; of code -1, nobody: none is needed.

    Attributes
    ----------
    workers
        All of the rota.
    on_duty
        How many have begun their shift and not ended it, busy or not (rule 3.3).
    queue
        Tasks that wait, the first to be taken first.
    idle
        Workers who are free, the first to take a task first.
    kept
        How many of these take 999 calls alone (rule 2.9).
    """

    def __init__(self, code: int, policy: Policy, clock: Clock, journal: Journal) -> None:
        self.code = code
        self.clock = clock
        self.journal = journal
        self.workers: list[Worker] = []
        self.on_duty = 0
        self.queue: list[Queued] = []
        self.idle: list[Worker] = []
        self.kept = policy.kept_for_999 if code == policy.call_takers else 0
        self._policy = policy

    def shift(self, worker: Worker) -> Actor[None]:
        """A worker's shift (rule 5.1); the task in hand is finished after it (rule 3.5)."""
        self.on_duty += 1
        insort(self.idle, worker, key=lambda one: one.by_shift_left)
        yield self.clock.at(worker.off_at, Due.SHIFT_ENDS, worker.key)
        self.on_duty -= 1
        worker.off_duty = True
        if worker in self.idle:
            self.idle.remove(worker)

    def hand_out(self) -> None:
        """Rule 3.5: each free worker takes the first task, but who is kept for 999 (2.9)."""
        while self.may_take_one:
            _, _, taken = self.queue.pop(0)
            taken.succeed(self.idle.pop(0))

    @property
    def may_take_one(self) -> bool:
        """A task waits, and somebody is free who may take it."""
        if not self.queue or not self.idle:
            return False
        return len(self.idle) > self.kept or self.queue[0][0][:3] == _FIRST_CALLS

    def do(self, of: Job, service: Service, seconds: int, number: int = 0) -> Actor[None]:
        """Have a task done; one that is dropped before anybody takes it is at an end (6.8)."""
        task = yield from self.wait_for_worker(of, service, number)
        yield from task.work(seconds)
        task.end()

    def wait_for_worker(self, of: Job, service: Service, number: int = 0) -> Actor[Task]:
        """Wait in the queue until a worker takes the task; at once where nobody is needed.

        Raises
        ------
        Interrupt
            It was dropped before that.
        """
        if self.code == NONE:
            return Task(self, of, service)
        wait = self.journal.begin(service.waits_as, of.key, self.code, NONE, number)
        taken = self.clock.event()
        queued = (self._order(of, service, number), of, taken)
        insort(self.queue, queued, key=lambda one: one[0])
        try:
            worker = yield taken
        except Interrupt as dropped:
            self.queue.remove(queued)
            self.journal.end(wait, reason(dropped))
            raise
        self.journal.end(wait)
        spell = self.journal.begin(service.works_as, of.key, self.code, worker.key, number)
        return Task(self, of, service, worker, spell)

    def _order(self, of: Job, service: Service, number: int) -> tuple[int, ...]:
        """A task's place in the queue, fixed on joining: calls first (2.1, 2.8), then 3.4."""
        urgency = of.grade
        if of.risk == Risk.HIGH and service is not OTHER_WORK:
            urgency = 1
        if service is DISPATCH:
            return (urgency, service.step, *of.in_queue(self._policy), number)
        assert isinstance(of, Incident)
        if service is CALL:
            return (-1, self._passed_on_later(of, number), *of.by_origin)
        of_case = service.step >= DESK_LINE.step and service is not TELEPHONE
        if of_case and of.risk != Risk.HIGH:  # 12.6a
            assert of.case is not None
            assert self._policy.episode is not None
            urgency = self._policy.episode.enquiry_grade[of.case.class_]
        return (urgency, service.step, self.clock.now, of.key, number)

    def _passed_on_later(self, of: Incident, number: int) -> bool:
        """Rule 2.8: at call takers, calls that are not passed at once stand behind the others."""
        return (
            self._policy.switchboard != NONE
            and number != SWITCH
            and of.fate.origin != Origin.EMERGENCY
            and not of.fate.passed_at_once
        )


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A piece of work in hand: of a worker, or in nobody's time, and then without a row."""

    desk: Desk
    of: Job
    service: Service
    worker: Worker | None = None
    spell: Spell | None = None

    def work(self, seconds: int) -> Actor[None]:
        """The work, or a part of it; nobody is taken off a task (rule 3.5)."""
        clock = self.desk.clock
        end = clock.after(seconds, Due.DESK_TASK_ENDS, self.of.key, self.service.step)
        yield from see_through(end)

    def end(self) -> None:
        """The work is done, and its worker free for the next task, or to go home."""
        if self.worker is not None and self.spell is not None:
            self.desk.journal.end(self.spell)
            if not self.worker.off_duty:
                insort(self.desk.idle, self.worker, key=lambda one: one.by_shift_left)
