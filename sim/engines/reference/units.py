"""Units: their shifts, and what each does alone (rules 5.1 to 5.4, 8.1 to 8.3)."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, NamedTuple

from simpy import Event, Interrupt, Process

from sim.engines.reference.clock import Actor, Clock, Due, Stop, reason
from sim.engines.reference.journal import Journal, Spell
from sim.tables import NEVER, NONE, Activity, Pool, Why


class State(IntEnum):
    """What a unit is doing (rule 5.2); from the first three a job may take it."""

    IDLE = 0
    ON_BREAK = 1
    WRITING = 2
    WITH_A_JOB = 3
    """Earmarked, travelling, or at a scene."""
    CUSTODY = 4
    OFF_DUTY = 5


@dataclass(slots=True, eq=False)
class Unit:
    """One crew on one shift."""

    key: int
    pool: UnitPool
    officers: int
    off_at: int
    break_at: int
    break_seconds: int
    state: State = State.OFF_DUTY
    actor: Process | None = None
    """Who says what it does next: that of a job, or the unit's own; None: nobody."""
    spell: Spell | None = None
    """What it is doing."""
    had_break: bool = False
    writing_left: int = 0
    writing_for: int = NONE
    written: list[Event] = field(default_factory=list)
    """Who waits for a PPN that is part of the writing (rule 12.5)."""
    arrives_at: int = NEVER
    rank: tuple[int, int] = field(init=False)
    """Most shift left first, then the lowest key (rule 6.5)."""

    def __post_init__(self) -> None:
        """Fix the order among units."""
        self.rank = (-self.off_at, self.key)

    def begin(self, activity: Activity, incident: int, attempt: int = 0) -> None:
        """It begins to do something."""
        self.spell = self.pool.journal.begin(incident, self.pool.code, self.key, activity, attempt)

    def end(self, why: Why = Why.DONE) -> None:
        """It does so no longer, if it did anything."""
        if self.spell is not None:
            self.pool.journal.end(self.spell, why)
            self.spell = None


class Duties(NamedTuple):
    """What a unit does after a job that it has finished (rule 5.3)."""

    incident: int
    custody_seconds: int = 0
    writing_seconds: int = 0
    written: Event | None = None
    """Somebody waits for a PPN that is part of the writing."""


class UnitPool:
    """The units of one pool.

    Attributes
    ----------
    waiting
        By state: units that a job may take, most shift left first.
    on_duty
        Units whose shift has begun and not ended.
    shift_changes
        An event: the next time that one of its shifts begins or ends.
    """

    def __init__(self, code: int, pool: Pool, clock: Clock, journal: Journal) -> None:
        self.code = code
        self.area = pool.area
        self.reserve = pool.reserve
        self.margin_seconds = pool.margin_seconds
        self.journal = journal
        self.waiting: Final[tuple[list[Unit], ...]] = ([], [], [])
        self.idle = self.waiting[State.IDLE]
        self.on_duty = 0
        self.shift_changes = clock.event()
        self._clock = clock

    def shift(self, unit: Unit, *, hands_over: bool) -> Actor[None]:
        """A unit's shift, from its beginning to its end (rules 5.1, 8.1, 8.2)."""
        clock = self._clock
        self._count(1)
        # 5.4: a break that was due before the shift, or before the simulation, has been had.
        unit.had_break = unit.break_at == NEVER or unit.break_at < clock.now
        if not unit.had_break:
            clock.process(self._break_when_due(unit))
        self._become_free(unit)
        yield clock.at(unit.off_at, Due.SHIFT_ENDS, unit.key)
        self._count(-1)
        if unit.state is State.IDLE:  # 8.1
            self._leave(unit, State.OFF_DUTY)
        elif unit.state is State.ON_BREAK:  # 8.1
            self._break_off(unit, State.OFF_DUTY, Why.SHIFT_ENDED)
        elif unit.state is State.WITH_A_JOB and hands_over:  # 8.2
            assert unit.actor is not None
            unit.actor.interrupt(Stop(Why.HANDED_OVER))

    def take(self, unit: Unit, actor: Process) -> None:
        """Earmark a unit for a job, whose actor says from now on what it does (rule 6.8)."""
        if unit.state is State.IDLE:
            self._leave(unit, State.WITH_A_JOB)
        elif unit.state is not State.WITH_A_JOB:
            self._break_off(unit, State.WITH_A_JOB, Why.INTERRUPTED)
        unit.actor = actor

    def release(self, unit: Unit, duties: Duties | None = None) -> None:
        """A unit has left its job; after one that it finished come custody work and writing."""
        if unit.writing_left or unit.written or (duties is not None and any(duties[1:])):
            unit.actor = self._clock.process(self._wind_up(unit, duties))
        else:
            self._become_free(unit)

    def to_be_had(self, state: State, grade: int) -> list[Unit]:
        """Units in this state that a job of this grade may take, one after another (rule 6.4).

        Whether the next may be taken can depend on those before it: they count as taken.
        """
        now, margin = self._clock.now, self.margin_seconds
        stays = now + max(margin[grade - 1], 1)
        units = [unit for unit in self.waiting[state] if unit.off_at >= stays]
        if state is not State.IDLE or grade == 1 or not self.reserve:
            return units
        # The reserve counts who is outside their margin for grade 1; nobody else can be spared.
        counts = now + margin[0]
        spare = -min(self.reserve, max(self.on_duty - 1, 0))
        for unit in self.idle:
            spare += unit.off_at >= counts
        free = []
        for unit in units if spare >= 0 else ():
            is_counted = unit.off_at >= counts
            if spare >= is_counted:
                free.append(unit)
                spare -= is_counted
        return free

    def has_time(self, unit: Unit, grade: int) -> bool:
        """Tell whether enough is left of a unit's shift for work of this grade (rule 6.4)."""
        return unit.off_at - self._clock.now >= max(self.margin_seconds[grade - 1], 1)

    def _wind_up(self, unit: Unit, duties: Duties | None) -> Actor[None]:
        """Custody work, then writing, of this job and what was left of others (rule 5.3)."""
        clock = self._clock
        if duties is not None:
            if duties.custody_seconds:
                unit.state = State.CUSTODY
                unit.begin(Activity.CUSTODY, duties.incident)
                yield clock.after(duties.custody_seconds, Due.WORK_ENDS, unit.key)
                unit.end()
            if duties.writing_seconds:
                unit.writing_left += duties.writing_seconds
                unit.writing_for = duties.incident
            if duties.written is not None:
                unit.written.append(duties.written)
        if unit.writing_left:
            self._wait_as(unit, State.WRITING)
            unit.begin(Activity.WRITING, unit.writing_for)
            began = clock.now
            try:
                yield clock.after(unit.writing_left, Due.WORK_ENDS, unit.key)
            except Interrupt as broken_off:
                unit.end(reason(broken_off).why)
                unit.writing_left -= clock.now - began
                return
            unit.end()
            self._leave(unit, State.OFF_DUTY)
            unit.writing_left = 0
        for ppn in unit.written:  # 12.5: sent when there is no writing left
            ppn.succeed()
        unit.written.clear()
        self._become_free(unit)

    def _break_when_due(self, unit: Unit) -> Actor[None]:
        """Rule 5.4: an idle unit takes its break when it is due; another when it becomes idle."""
        yield self._clock.at(unit.break_at, Due.BREAK, unit.key)
        if unit.state is State.IDLE:
            self._leave(unit, State.OFF_DUTY)
            self._become_free(unit)

    def _break(self, unit: Unit) -> Actor[None]:
        unit.begin(Activity.BREAK, NONE)
        try:
            yield self._clock.after(unit.break_seconds, Due.WORK_ENDS, unit.key)
        except Interrupt as broken_off:
            unit.end(reason(broken_off).why)
            return
        unit.end()
        self._leave(unit, State.OFF_DUTY)
        self._become_free(unit)

    def _become_free(self, unit: Unit) -> None:
        """A unit has nothing to do: it is idle, takes its break, or goes home (5.4, 8.1)."""
        now = self._clock.now
        unit.actor = None
        if unit.off_at <= now:
            unit.state = State.OFF_DUTY
        elif not unit.had_break and unit.break_at <= now <= unit.off_at - unit.break_seconds:
            unit.had_break = True
            self._wait_as(unit, State.ON_BREAK)
            unit.actor = self._clock.process(self._break(unit))
        else:
            self._wait_as(unit, State.IDLE)

    def _wait_as(self, unit: Unit, state: State) -> None:
        unit.state = state
        insort(self.waiting[state], unit, key=lambda one: one.rank)

    def _leave(self, unit: Unit, state: State) -> None:
        self.waiting[unit.state].remove(unit)
        unit.state = state

    def _break_off(self, unit: Unit, state: State, why: Why) -> None:
        """Stop the unit's break or writing (rules 5.3, 5.4)."""
        assert unit.actor is not None
        self._leave(unit, state)
        unit.actor.interrupt(Stop(why))

    def _count(self, more: int) -> None:
        self.on_duty += more
        changes, self.shift_changes = self.shift_changes, self._clock.event()
        changes.succeed()
