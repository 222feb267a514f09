"""Desk pools: people who take one task after another from a queue (rules 2.1, 3.4, 3.5)."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Final

from simpy import Event

from sim.engines.reference.clock import Clock, Due
from sim.tables import NEVER, Activity, Policy, Risk, Why

if TYPE_CHECKING:
    from sim.engines.reference.job import Job
    from sim.engines.reference.journal import Journal


@dataclass(slots=True, eq=False)
class Worker:
    """One person at a desk on one shift."""

    key: int
    off_at: int
    off_duty: bool = False
    rank: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        """Fix the order among workers."""
        self.rank = (-self.off_at, self.key)

    def __lt__(self, other: Worker) -> bool:
        """Most shift left first, then the lowest key."""
        return self.rank < other.rank


STEP: Final = {
    Activity.DISPATCH: 0,
    Activity.RATIFICATION: 1,
    Activity.REVIEW: 2,
    Activity.RETHRIVE: 3,
    Activity.RESEARCH: 4,
    Activity.DESK: 5,
    Activity.CALL: 6,
}
"""The steps of rule 3.4, in its order."""

_BEFORE_ALL_URGENCIES: Final = -1


class Task(Event):
    """Work asked of a desk; as an event it happens when the work is done."""

    __slots__ = (
        "asked_at",
        "begun_at",
        "dropped",
        "job",
        "keeps_worker",
        "number",
        "seconds",
        "wait",
        "work",
        "worker",
    )

    def __init__(
        self, clock: Clock, job: Job, wait: Activity, work: Activity, seconds: int, number: int
    ) -> None:
        super().__init__(clock)
        self.job = job
        self.wait = wait
        self.work = work
        self.seconds = seconds
        self.number = number
        self.asked_at = clock.now
        self.begun_at = NEVER
        self.worker: Worker | None = None
        self.keeps_worker = False
        """The worker stays busy after `seconds`, until `Desk.release`."""
        self.dropped = False

    def order(self, policy: Policy) -> tuple[object, ...]:
        """Its place in a desk's queue: rule 2.1 for calls, rule 3.4 for the rest."""
        job = self.job
        if self.work is Activity.CALL:
            return (_BEFORE_ALL_URGENCIES, job.origin, job.reported_at, job.key)
        step = STEP[self.work]
        if self.work is Activity.DESK:
            return (job.grade, step, self.asked_at, job.key, self.number)
        urgency = 1 if job.risk == Risk.HIGH else job.grade
        if self.work is Activity.DISPATCH:
            return (urgency, step, *job.rank_order(policy), self.number)
        return (urgency, step, self.asked_at, job.key, self.number)


class Desk:
    """A pool of workers and the queue before them.

    Parameters
    ----------
    code
        The pool's code.
    policy, clock, journal
        Shared by the whole simulation.
    """

    def __init__(self, code: int, policy: Policy, clock: Clock, journal: Journal) -> None:
        self.code = code
        self.on_duty = 0
        self._policy = policy
        self._clock = clock
        self._journal = journal
        self.queue: list[tuple[tuple[object, ...], Task]] = []
        self.idle: list[Worker] = []
        self._in_hand: set[Task] = set()

    def ask(self, job: Job, wait: Activity, work: Activity, seconds: int, number: int = 0) -> Task:
        """Queue a piece of work; the task happens when somebody has done it."""
        task = Task(self._clock, job, wait, work, seconds, number)
        heappush(self.queue, (task.order(self._policy), task))
        if self.idle:
            self._clock.request_hand_out()
        return task

    def drop(self, task: Task, why: Why) -> None:
        """Nobody is to begin this task any more: its job has lost its units."""
        if task.begun_at == NEVER and not task.dropped:
            task.dropped = True
            self._write_wait(task, self._clock.now, why)

    def hand_out(self) -> None:
        """Rule 3.5: each free worker takes the first task."""
        queue, idle = self.queue, self.idle
        while queue and idle:
            _, task = heappop(queue)
            if not task.dropped:
                self._begin(task, idle.pop(0))

    def release(self, task: Task) -> None:
        """The work is done, and its worker free for the next task or for going home."""
        self._in_hand.discard(task)
        self._write_work(task, self._clock.now, Why.DONE)
        worker = task.worker
        assert worker is not None
        if not worker.off_duty:
            self._become_free(worker)

    def come_on(self, worker: Worker) -> None:
        """A worker's shift begins."""
        self.on_duty += 1
        self._become_free(worker)

    def go_off(self, worker: Worker) -> None:
        """A worker's shift ends; a task in hand is finished first (rule 3.5)."""
        self.on_duty -= 1
        worker.off_duty = True
        if worker in self.idle:
            self.idle.remove(worker)

    def write_unfinished(self, end: int) -> None:
        """Write what is still waited for or worked on when the follow-up ends (rule 1.6)."""
        for _, task in self.queue:
            if not task.dropped:
                self._write_wait(task, end, Why.STILL_GOING)
        for task in self._in_hand:
            self._write_work(task, end, Why.STILL_GOING)

    def _become_free(self, worker: Worker) -> None:
        insort(self.idle, worker)
        if self.queue:
            self._clock.request_hand_out()

    def _begin(self, task: Task, worker: Worker) -> None:
        now = self._clock.now
        task.begun_at = now
        task.worker = worker
        self._in_hand.add(task)
        self._write_wait(task, now, Why.DONE)
        if task.work is Activity.CALL or task.work is Activity.DESK:
            task.job.answered_at = now
        if not task.keeps_worker:
            task.callbacks.insert(0, self._finish)
        self._clock.fire(task, task.seconds, Due.DESK_TASK_ENDS, task.job.key, STEP[task.work])

    def _finish(self, task: Event) -> None:
        assert isinstance(task, Task)
        self.release(task)

    def _write_wait(self, task: Task, now: int, why: Why) -> None:
        self._journal.wait(task.job.key, self.code, task.wait, task.number, task.asked_at, now, why)

    def _write_work(self, task: Task, now: int, why: Why) -> None:
        assert task.worker is not None
        self._journal.work(
            task.job.key,
            self.code,
            task.worker.key,
            task.work,
            task.number,
            task.begun_at,
            now,
            why,
        )
