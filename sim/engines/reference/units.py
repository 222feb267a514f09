"""Units and their pools: who is idle, what a unit does after a scene, breaks (rules 5.1 to 5.4)."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from enum import Enum, auto
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from sim.engines.reference.clock import Clock, Due, Steps, begin
from sim.engines.reference.journal import Journal, row
from sim.tables import NEVER, NONE, Activity, Policy, Why

if TYPE_CHECKING:
    from sim.engines.reference.attendance import Allocation
    from sim.engines.reference.case import Case
    from sim.engines.reference.deployment import Deployment
    from sim.engines.reference.enquiries import Enquiries
    from sim.engines.reference.job import Job
    from sim.engines.reference.partners import Partners


class State(Enum):
    """What a unit is doing (rule 5.2)."""

    IDLE = auto()
    ON_BREAK = auto()
    WRITING = auto()
    WITH_A_JOB = auto()
    CUSTODY = auto()
    OFF_DUTY = auto()


# Looked up once: in an enumeration each look-up costs as much as a call.
_IDLE, _ON_BREAK, _WRITING = State.IDLE, State.ON_BREAK, State.WRITING
_WITH_A_JOB, _OFF_DUTY = State.WITH_A_JOB, State.OFF_DUTY
_DONE, _INTERRUPTED = Why.DONE, Why.INTERRUPTED
_WORK_ENDS: Final = Due.WORK_ENDS
_WRITING_UP: Final = Activity.WRITING


@dataclass(slots=True, eq=False)
class Unit:
    """One crew on one shift."""

    key: int
    pool: UnitPool
    officers: int
    off_at: int
    break_at: int
    break_seconds: int
    state: State = _IDLE
    since: int = 0
    stint: int = 0
    """Goes up with each change of state, so that an end of an earlier one is known as old."""
    writing_left: int = 0
    writing_for: int = NONE
    ppns: list[Case] = field(default_factory=list)
    """Whose PPN is part of the writing."""
    custody_for: int = NONE
    had_break: bool = False
    allocation: Allocation | None = None
    arrives_at: int = NEVER
    """At the scene of its allocation."""
    rank: tuple[int, int] = field(init=False)
    """Most shift left first, then the lowest key."""

    def __post_init__(self) -> None:
        """Fix the order among units."""
        self.rank = (-self.off_at, self.key)


_by_rank: Final = attrgetter("rank")


class UnitPool:
    """The units of one pool.

    Attributes
    ----------
    idle, on_break, writing
        Units in these states, most shift left first.
    on_duty
        Units whose shift has begun and not ended.
    reserve
        Idle units that are kept for grade 1.
    """

    deployment: Deployment
    partners: Partners

    def __init__(self, code: int, policy: Policy, clock: Clock, journal: Journal) -> None:
        pool = policy.pools[code]
        self.code = code
        self.area = pool.area
        self.margin_seconds = pool.margin_seconds
        self.idle: list[Unit] = []
        self.on_break: list[Unit] = []
        self.writing: list[Unit] = []
        self.on_duty = 0
        self._in_custody: list[Unit] = []
        self.reserve = pool.reserve
        self._all_grades = range(1, policy.grades + 1)
        self._end_breaks = _grades_where(policy.break_interrupted)
        self._end_writing = _grades_where(policy.writing_interrupted)
        self._clock = clock
        self._rows = journal.rows
        self.owned: tuple[int, ...] = ()
        """Areas whose cases are its while it is on duty (rule 11.2)."""
        self.enquiries: Enquiries | None = None

    def come_on(self, unit: Unit) -> None:
        """A unit's shift begins."""
        self.on_duty += 1
        if self.enquiries is not None:
            self.enquiries.look_at_owner(self.owned)
        # A break that was due before the shift, or before the simulation, has been had.
        unit.had_break = unit.break_at == NEVER or unit.break_at < self._clock.now
        self._become_free(unit)
        if not unit.had_break:
            begin(self._break_when_due(unit))

    def go_off(self, unit: Unit) -> None:
        """A unit's shift ends; one that is idle or on a break leaves (rule 8.1)."""
        self.on_duty -= 1
        if self.enquiries is not None:
            self.enquiries.look_at_owner(self.owned)
        # The fewer are on duty, the fewer may be kept in reserve.
        self.deployment.look_again(self._all_grades)
        if unit.state is _IDLE or unit.state is _ON_BREAK:
            self._leave_state(unit, Why.SHIFT_ENDED)
            unit.state = _OFF_DUTY

    def take(self, unit: Unit) -> None:
        """Earmark a unit for a job."""
        if unit.state is not _WITH_A_JOB:
            self._leave_state(unit, _INTERRUPTED)
        unit.state = _WITH_A_JOB
        unit.since = self._clock.now
        unit.stint += 1

    def release(self, unit: Unit, finished: Job | None = None, ppn: Case | None = None) -> None:
        """A unit has left its job; after one that it finished come custody work and writing."""
        if finished is not None and finished.custody_seconds:
            begin(self._custody(unit, finished, ppn))
        else:
            self._wind_up(unit, finished, ppn)

    def reserve_left(self, now: int) -> tuple[int, int]:
        """Idle units outside their margin for grade 1, and how many of them must stay (6.4)."""
        counted = len(self.idle)
        margin = self.margin_seconds[0]
        for unit in reversed(self.idle):
            if unit.off_at - now >= margin:
                break
            counted -= 1
        return counted, min(self.reserve, max(self.on_duty - 1, 0))

    def write_unfinished(self, end: int) -> None:
        """Write what is going on when the follow-up ends (rule 1.6)."""
        for unit in self.on_break:
            self._write_break(unit, end, Why.STILL_GOING)
        for unit in self.writing:
            self._write_writing(unit, end, Why.STILL_GOING)
        for unit in self._in_custody:
            self._write_custody(unit, end, Why.STILL_GOING)

    def _custody(self, unit: Unit, job: Job, ppn: Case | None) -> Steps:
        unit.state = State.CUSTODY
        unit.since = self._clock.now
        unit.custody_for = job.key
        self._in_custody.append(unit)
        yield self._clock.after(job.custody_seconds, _WORK_ENDS, unit.key)
        self._in_custody.remove(unit)
        self._write_custody(unit, self._clock.now, _DONE)
        self._wind_up(unit, job, ppn)

    def _wind_up(self, unit: Unit, finished: Job | None, ppn: Case | None) -> None:
        if finished is not None:
            seconds = finished.writing_seconds
            if ppn is not None:
                seconds += ppn.ppn_work
                unit.ppns.append(ppn)
            if seconds:
                unit.writing_left += seconds
                unit.writing_for = finished.key
        if unit.writing_left:
            begin(self._write_up(unit))
        else:
            self._send_ppns(unit)
            self._become_free(unit)

    def _send_ppns(self, unit: Unit) -> None:
        """Rule 12.5: what was written is sent."""
        while unit.ppns:
            self.partners.ppn_sent(unit.ppns.pop(0))

    def _write_up(self, unit: Unit) -> Steps:
        unit.state = _WRITING
        unit.since = self._clock.now
        unit.stint = stint = unit.stint + 1
        insort(self.writing, unit, key=_by_rank)
        self.deployment.look_again(self._end_writing)
        yield self._clock.after(unit.writing_left, _WORK_ENDS, unit.key)
        if unit.stint == stint:
            self.writing.remove(unit)
            self._write_writing(unit, self._clock.now, _DONE)
            unit.writing_left = 0
            if unit.ppns:
                self._send_ppns(unit)
            self._become_free(unit)

    def _break_when_due(self, unit: Unit) -> Steps:
        yield self._clock.at(unit.break_at, Due.BREAK, unit.key)
        if unit.state is _IDLE:
            self.idle.remove(unit)
            self._become_free(unit)

    def _break(self, unit: Unit) -> Steps:
        unit.state = _ON_BREAK
        unit.since = self._clock.now
        unit.stint = stint = unit.stint + 1
        unit.had_break = True
        insort(self.on_break, unit, key=_by_rank)
        self.deployment.look_again(self._end_breaks)
        yield self._clock.after(unit.break_seconds, _WORK_ENDS, unit.key)
        if unit.stint == stint and unit.state is _ON_BREAK:
            self.on_break.remove(unit)
            self._write_break(unit, self._clock.now, _DONE)
            self._become_free(unit)

    def _become_free(self, unit: Unit) -> None:
        now = self._clock.now
        unit.stint += 1
        if unit.off_at <= now:
            unit.state = _OFF_DUTY
        elif not unit.had_break and self._break_is_due(unit, now):
            begin(self._break(unit))
        else:
            unit.state = _IDLE
            unit.since = now
            insort(self.idle, unit, key=_by_rank)
            self.deployment.look_again(self._all_grades)

    @staticmethod
    def _break_is_due(unit: Unit, now: int) -> bool:
        return unit.break_at <= now and now + unit.break_seconds <= unit.off_at

    def _leave_state(self, unit: Unit, why: Why) -> None:
        now = self._clock.now
        if unit.state is _IDLE:
            self.idle.remove(unit)
        elif unit.state is _ON_BREAK:
            self.on_break.remove(unit)
            self._write_break(unit, now, why)
        elif unit.state is _WRITING:
            self.writing.remove(unit)
            self._write_writing(unit, now, why)
            unit.writing_left -= now - unit.since
        unit.stint += 1

    def _write_break(self, unit: Unit, now: int, why: Why) -> None:
        self._rows += row(NONE, self.code, unit.key, Activity.BREAK, 0, unit.since, now, why)

    def _write_writing(self, unit: Unit, now: int, why: Why) -> None:
        self._rows += row(
            unit.writing_for, self.code, unit.key, _WRITING_UP, 0, unit.since, now, why
        )

    def _write_custody(self, unit: Unit, now: int, why: Why) -> None:
        self._rows += row(
            unit.custody_for, self.code, unit.key, Activity.CUSTODY, 0, unit.since, now, why
        )


def _grades_where(flags: tuple[bool, ...]) -> tuple[int, ...]:
    return tuple(grade for grade, flag in enumerate(flags, start=1) if flag)
