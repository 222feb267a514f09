"""Units and their pools: who is idle, what a unit does after a scene, breaks (rules 5.1 to 5.4)."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from sim.engines.reference.clock import Clock, Due, Steps, begin
from sim.tables import NEVER, NONE, Activity, Pool, Why

if TYPE_CHECKING:
    from sim.engines.reference.attendance import Allocation
    from sim.engines.reference.job import Job
    from sim.engines.reference.journal import Journal


class State(Enum):
    """What a unit is doing (rule 5.2)."""

    IDLE = auto()
    ON_BREAK = auto()
    WRITING = auto()
    WITH_A_JOB = auto()
    CUSTODY = auto()
    OFF_DUTY = auto()


@dataclass(slots=True, eq=False)
class Unit:
    """One crew on one shift."""

    key: int
    pool: UnitPool
    officers: int
    off_at: int
    break_at: int
    break_seconds: int
    state: State = State.IDLE
    since: int = 0
    stint: int = 0
    """Goes up with each change of state, so that an end of an earlier one is known as old."""
    writing_left: int = 0
    writing_for: int = NONE
    custody_for: int = NONE
    had_break: bool = False
    allocation: Allocation | None = None
    rank: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        """Fix the order among units."""
        self.rank = (-self.off_at, self.key)

    def __lt__(self, other: Unit) -> bool:
        """Most shift left first, then the lowest key."""
        return self.rank < other.rank


class UnitPool:
    """The units of one pool.

    Attributes
    ----------
    idle, on_break, writing
        Units in these states, most shift left first.
    on_duty
        Units whose shift has begun and not ended.
    """

    def __init__(self, code: int, pool: Pool, clock: Clock, journal: Journal) -> None:
        self.code = code
        self.area = pool.area
        self.margin_seconds = pool.margin_seconds
        self.idle: list[Unit] = []
        self.on_break: list[Unit] = []
        self.writing: list[Unit] = []
        self.on_duty = 0
        self._in_custody: list[Unit] = []
        self._reserve = pool.reserve
        self._clock = clock
        self._journal = journal

    def come_on(self, unit: Unit) -> None:
        """A unit's shift begins."""
        self.on_duty += 1
        # A break that was due before the shift, or before the simulation, has been had.
        unit.had_break = unit.break_at == NEVER or unit.break_at < self._clock.now
        self._become_free(unit)
        if not unit.had_break:
            begin(self._break_when_due(unit))

    def go_off(self, unit: Unit) -> None:
        """A unit's shift ends; one that is idle or on a break leaves (rule 8.1)."""
        self.on_duty -= 1
        self._clock.request_hand_out()
        if unit.state is State.IDLE or unit.state is State.ON_BREAK:
            self._leave_state(unit, Why.SHIFT_ENDED)
            unit.state = State.OFF_DUTY

    def take(self, unit: Unit) -> None:
        """Earmark a unit for a job."""
        if unit.state is not State.WITH_A_JOB:
            self._leave_state(unit, Why.INTERRUPTED)
        unit.state = State.WITH_A_JOB
        unit.since = self._clock.now
        unit.stint += 1

    def release(self, unit: Unit, finished: Job | None = None) -> None:
        """A unit has left its job; after one that it finished come custody work and writing."""
        if finished is not None and finished.custody_seconds:
            begin(self._custody(unit, finished))
            return
        if finished is not None:
            self._owe_writing(unit, finished)
        self._wind_up(unit)

    def reserve_left(self, now: int) -> tuple[int, int]:
        """Idle units outside their margin for grade 1, and how many of them must stay (6.4)."""
        if not self._reserve:
            return len(self.idle), 0
        margin = self.margin_seconds[0]
        counted = sum(unit.off_at - now >= margin for unit in self.idle)
        return counted, min(self._reserve, max(self.on_duty - 1, 0))

    def write_unfinished(self, end: int) -> None:
        """Write what is going on when the follow-up ends (rule 1.6)."""
        for unit in (*self.on_break, *self.writing, *self._in_custody):
            self._write(unit, end, Why.STILL_GOING)

    def _custody(self, unit: Unit, job: Job) -> Steps:
        unit.state = State.CUSTODY
        unit.since = self._clock.now
        unit.custody_for = job.key
        self._in_custody.append(unit)
        yield self._clock.after(job.custody_seconds, Due.WORK_ENDS, unit.key)
        self._in_custody.remove(unit)
        self._write(unit, self._clock.now, Why.DONE)
        self._owe_writing(unit, job)
        self._wind_up(unit)

    def _owe_writing(self, unit: Unit, job: Job) -> None:
        unit.writing_left += job.writing_seconds
        if job.writing_seconds:
            unit.writing_for = job.key

    def _wind_up(self, unit: Unit) -> None:
        if unit.writing_left:
            begin(self._write_up(unit))
        else:
            self._become_free(unit)

    def _write_up(self, unit: Unit) -> Steps:
        unit.state = State.WRITING
        unit.since = self._clock.now
        unit.stint += 1
        insort(self.writing, unit)
        self._clock.request_hand_out()
        stint = unit.stint
        yield self._clock.after(unit.writing_left, Due.WORK_ENDS, unit.key)
        if unit.stint == stint:
            self.writing.remove(unit)
            self._write(unit, self._clock.now, Why.DONE)
            unit.writing_left = 0
            self._become_free(unit)

    def _break_when_due(self, unit: Unit) -> Steps:
        yield self._clock.at(unit.break_at, Due.BREAK, unit.key)
        if unit.state is State.IDLE:
            self.idle.remove(unit)
            self._become_free(unit)

    def _break(self, unit: Unit) -> Steps:
        unit.state = State.ON_BREAK
        unit.since = self._clock.now
        unit.stint += 1
        unit.had_break = True
        insort(self.on_break, unit)
        self._clock.request_hand_out()
        stint = unit.stint
        yield self._clock.after(unit.break_seconds, Due.WORK_ENDS, unit.key)
        if unit.stint == stint and unit.state is State.ON_BREAK:
            self.on_break.remove(unit)
            self._write(unit, self._clock.now, Why.DONE)
            self._become_free(unit)

    def _become_free(self, unit: Unit) -> None:
        now = self._clock.now
        unit.stint += 1
        if unit.off_at <= now:
            unit.state = State.OFF_DUTY
        elif self._break_is_due(unit, now):
            begin(self._break(unit))
        else:
            unit.state = State.IDLE
            unit.since = now
            insort(self.idle, unit)
            self._clock.request_hand_out()

    @staticmethod
    def _break_is_due(unit: Unit, now: int) -> bool:
        return (
            not unit.had_break and unit.break_at <= now and now + unit.break_seconds <= unit.off_at
        )

    def _leave_state(self, unit: Unit, why: Why) -> None:
        now = self._clock.now
        if unit.state is State.IDLE:
            self.idle.remove(unit)
        elif unit.state is State.ON_BREAK:
            self.on_break.remove(unit)
            self._write(unit, now, why)
        elif unit.state is State.WRITING:
            self.writing.remove(unit)
            self._write(unit, now, why)
            unit.writing_left -= now - unit.since
        unit.stint += 1

    def _write(self, unit: Unit, now: int, why: Why) -> None:
        kind, incident = {
            State.ON_BREAK: (Activity.BREAK, NONE),
            State.WRITING: (Activity.WRITING, unit.writing_for),
            State.CUSTODY: (Activity.CUSTODY, unit.custody_for),
        }[unit.state]
        self._journal.work(incident, self.code, unit.key, kind, 0, unit.since, now, why)
