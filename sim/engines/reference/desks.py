"""Desk pools: people who take one task after another from a queue (rules 2.1, 3.4, 3.5)."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from operator import attrgetter
from typing import Final

from sim.engines.reference.clock import Clock, Due, Moment
from sim.engines.reference.job import Job, Report
from sim.engines.reference.journal import Journal, row
from sim.tables import NEVER, NONE, Activity, Policy, Risk, Why

# Looked up once: in an enumeration each look-up costs as much as a call.
_HIGH: Final = int(Risk.HIGH)
_DONE: Final = Why.DONE
_TASK_ENDS: Final = Due.DESK_TASK_ENDS


@dataclass(slots=True, eq=False)
class Worker:
    """One person at a desk on one shift."""

    key: int
    off_at: int
    off_duty: bool = False
    task: Task | None = None
    """In hand."""
    rank: tuple[int, int] = field(init=False)
    """Most shift left first, then the lowest key."""

    def __post_init__(self) -> None:
        """Fix the order among workers."""
        self.rank = (-self.off_at, self.key)


_by_rank: Final = attrgetter("rank")


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """A kind of task: what its rows are called, and its step in rule 3.4."""

    wait: Activity
    work: Activity
    step: int
    answers: bool = False
    """Its beginning is the answer to the report."""
    of_case: bool = False
    """Ordered by the class of the case (rule 12.6)."""


DISPATCH: Final = Service(Activity.WAIT_DISPATCHER, Activity.DISPATCH, 0)
RATIFICATION: Final = Service(Activity.WAIT_RATIFICATION, Activity.RATIFICATION, 1)
REVIEW: Final = Service(Activity.WAIT_REVIEW, Activity.REVIEW, 2)
RETHRIVE: Final = Service(Activity.WAIT_REVIEW, Activity.RETHRIVE, 3)
RESEARCH: Final = Service(Activity.WAIT_RESEARCH, Activity.RESEARCH, 4)
OTHER_WORK: Final = Service(Activity.WAIT_DESK, Activity.DESK, 5, answers=True)
CALL: Final = Service(Activity.WAIT_CALL_TAKER, Activity.CALL, 6, answers=True)

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


_BEFORE_ALL_URGENCIES: Final = -1


class Task(Moment):
    """Work asked of a desk; as an event it happens when the work is done."""

    __slots__ = (
        "asked_at",
        "begun_at",
        "dropped",
        "job",
        "number",
        "seconds",
        "service",
        "worker",
    )

    worker: Worker

    def __init__(
        self, job: Report, service: Service, seconds: int, number: int, asked_at: int
    ) -> None:
        self.job = job
        self.service = service
        self.seconds = seconds
        self.number = number
        self.asked_at = asked_at
        self.begun_at = NEVER
        self.dropped = False


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
        self._rows = journal.rows
        self.queue: list[tuple[tuple[int, ...], Task]] = []
        self.idle: list[Worker] = []
        self.changed = False
        self._workers: set[Worker] = set()

    def ask(self, job: Report, service: Service, seconds: int, number: int = 0) -> Task:
        """Queue a piece of work; the task happens when it is done, and is released then."""
        task = Task(job, service, seconds, number, self._clock.now)
        heappush(self.queue, (self._order(task), task))
        if self.idle:
            self.changed = self._clock.round_ends = True
        return task

    def release(self, task: Task) -> None:
        """The work is done, and its worker free for the next task or for going home."""
        worker = task.worker
        self._write_work(task, self._clock.now, _DONE)
        worker.task = None
        if worker.off_duty:
            self._workers.remove(worker)
        else:
            self._become_free(worker)

    def drop(self, task: Task, why: Why) -> None:
        """Nobody is to begin this task any more: its job has lost its units."""
        if task.begun_at == NEVER and not task.dropped:
            task.dropped = True
            self._write_wait(task, self._clock.now, why)

    def hand_out(self) -> None:
        """Rule 3.5: each free worker takes the first task."""
        self.changed = False
        queue, idle = self.queue, self.idle
        while queue and idle:
            _, task = heappop(queue)
            if not task.dropped:
                self._begin(task, idle.pop(0))

    def come_on(self, worker: Worker) -> None:
        """A worker's shift begins."""
        self.on_duty += 1
        self._workers.add(worker)
        self._become_free(worker)

    def go_off(self, worker: Worker) -> None:
        """A worker's shift ends; a task in hand is finished first (rule 3.5)."""
        self.on_duty -= 1
        worker.off_duty = True
        if worker.task is None:
            self.idle.remove(worker)
            self._workers.remove(worker)

    def write_unfinished(self, end: int) -> None:
        """Write what is still waited for or worked on when the follow-up ends (rule 1.6)."""
        for _, task in self.queue:
            if not task.dropped:
                self._write_wait(task, end, Why.STILL_GOING)
        for worker in self._workers:
            if worker.task is not None:
                self._write_work(worker.task, end, Why.STILL_GOING)

    def _order(self, task: Task) -> tuple[int, ...]:
        """Its place in the queue: rule 2.1 for calls, rule 3.4 for the rest."""
        job, service = task.job, task.service
        if service is CALL:
            return (_BEFORE_ALL_URGENCIES, job.origin, job.reported_at, job.key)
        urgency = 1 if job.risk == _HIGH and service is not OTHER_WORK else job.grade
        if service.of_case and job.risk != _HIGH:
            assert self._policy.episode is not None
            assert isinstance(job, Job)
            assert job.case is not None
            urgency = self._policy.episode.enquiry_grade[job.case.class_]
        if service is DISPATCH:
            assert isinstance(job, Job)
            return (urgency, service.step, *job.rank_order(self._policy), task.number)
        return (urgency, service.step, task.asked_at, job.key, task.number)

    def _become_free(self, worker: Worker) -> None:
        insort(self.idle, worker, key=_by_rank)
        if self.queue:
            self.changed = self._clock.round_ends = True

    def _begin(self, task: Task, worker: Worker) -> None:
        now = self._clock.now
        task.begun_at = now
        task.worker = worker
        worker.task = task
        if now > task.asked_at:
            self._write_wait(task, now, _DONE)
        job, service = task.job, task.service
        if service.answers:
            job.answered_at = now
        elif service is DESK_LINE:
            assert isinstance(job, Job)
            assert job.case is not None
            job.case.line_begins(now)
        self._clock.after(task.seconds, _TASK_ENDS, job.key, service.step, task)

    def _write_wait(self, task: Task, now: int, why: Why) -> None:
        if now > task.asked_at:
            wait = task.service.wait
            self._rows += row(
                task.job.key, self.code, NONE, wait, task.number, task.asked_at, now, why
            )

    def _write_work(self, task: Task, now: int, why: Why) -> None:
        work, worker = task.service.work, task.worker.key
        self._rows += row(
            task.job.key, self.code, worker, work, task.number, task.begun_at, now, why
        )


def staffed(desks: Sequence[Desk], otherwise: int) -> Desk:
    """The first with anyone on duty; where all are empty, the one at this place."""
    return next((desk for desk in desks if desk.on_duty), desks[otherwise])
