"""Units: their shifts, and what each does alone (rules 5.1 to 5.4, 8.1 to 8.3)."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from simpy import Event, Interrupt, Process

from sim.engines.reference.clock import Actor, Clock, Due, reason, stop
from sim.engines.reference.journal import Journal, Spell
from sim.tables import NEVER, NONE, Activity, Policy, ShiftEnd, Why


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
    """One crew on one shift: a row of the rota."""

    key: int
    pool: UnitPool
    officers: int
    on_at: int
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
    ppns: list[Event] = field(default_factory=list)
    """What happens when it has no writing left, in which PPNs are (rule 12.5)."""
    arrives_at: int = NEVER

    @property
    def by_shift_left(self) -> tuple[int, int]:
        """Its place among units: most shift left first, then the lowest key (rule 6.5)."""
        return (-self.off_at, self.key)

    def begin(self, activity: Activity, incident: int, attempt: int = 0) -> None:
        """It begins to do something."""
        self.spell = self.pool.journal.begin(activity, incident, self.pool.code, self.key, attempt)

    def end(self, why: Why = Why.DONE) -> None:
        """It does so no longer, if it did anything."""
        if self.spell is not None:
            self.pool.journal.end(self.spell, why)
            self.spell = None


class UnitPool:
    """The units of one pool.

    Attributes
    ----------
    units
        All of the rota.
    takeable
        By state: units that a job may take, most shift left first.
    on_duty
        How many have begun their shift and not ended it.
    with_a_job
        How many are earmarked, travelling or at a scene, on their shift or after it.
    shift_changes
        An event: the next time that one of its shifts begins or ends.
    """

    def __init__(self, code: int, policy: Policy, clock: Clock, journal: Journal) -> None:
        self.code = code
        self.area = policy.pools[code].area
        self.reserve = policy.pools[code].reserve
        self.margin_seconds = policy.pools[code].margin_seconds
        self.journal = journal
        self.units: list[Unit] = []
        self.takeable: Final[tuple[list[Unit], ...]] = ([], [], [])
        self.idle = self.takeable[State.IDLE]
        self.on_duty = 0
        self.with_a_job = 0
        self._kept = 0
        self.shift_changes = clock.event()
        self._clock = clock
        self._hands_over = policy.shift_end is ShiftEnd.HAND_OVER

    def shift(self, unit: Unit) -> Actor[None]:
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
        if unit.state in (State.IDLE, State.ON_BREAK):  # 8.1
            self._turn(unit, State.OFF_DUTY)
            stop(unit.actor, Why.SHIFT_ENDED)
        elif unit.state is State.WITH_A_JOB and self._hands_over:  # 8.2
            # 8.2a: the first to end stops the job; the others have left it by their turn.
            stop(unit.actor, Why.HANDED_OVER)

    # --- jobs

    def available(self, state: State, grade: int) -> list[Unit]:
        """Units in this state that a job of this grade may take, one after another (rule 6.4).

        Whether the next may be taken can depend on those before it: they count as taken.
        """
        now, margin = self._clock.now, self.margin_seconds
        stays = now + (margin[grade - 1] or 1)
        if state is not State.IDLE or grade == 1 or not self.reserve:
            return [unit for unit in self.takeable[state] if unit.off_at >= stays]
        # 6.4f: who is outside their margin for grade 1 counts; of them so many are kept.
        if len(self.idle) <= self._kept:
            return []
        # Spare are those beyond these. Below 0 nobody goes, at 0 only who does not count.
        counts = now + margin[0]
        spare = -self._kept
        for unit in self.idle:
            spare += unit.off_at >= counts
        free = []
        for unit in self.idle if spare >= 0 else ():
            is_counted = unit.off_at >= counts
            if unit.off_at >= stays and spare >= is_counted:
                free.append(unit)
                spare -= is_counted
        return free

    def has_time(self, unit: Unit, grade: int) -> bool:
        """Tell whether enough is left of a unit's shift (rules 6.4c and d: a second at least)."""
        return unit.off_at - self._clock.now >= (self.margin_seconds[grade - 1] or 1)

    def take(self, unit: Unit, actor: Process) -> None:
        """Earmark a unit for a job, whose actor says from now on what it does (rule 6.8)."""
        if unit.state in (State.ON_BREAK, State.WRITING):  # 5.3, 5.4
            stop(unit.actor, Why.INTERRUPTED)
        self._turn(unit, State.WITH_A_JOB)
        unit.actor = actor

    def release(
        self,
        unit: Unit,
        incident: int = NONE,
        custody_seconds: int = 0,
        writing_seconds: int = 0,
        ppn: Event | None = None,
    ) -> None:
        """A unit has left its job; after one that it finished come custody work and writing.

        Parameters
        ----------
        ppn
            It is part of the writing: what happens when that is done (rule 12.5).
        """
        if writing_seconds:
            unit.writing_left += writing_seconds
            unit.writing_for = incident
        if ppn is not None:
            unit.ppns.append(ppn)
        if custody_seconds or unit.writing_left or unit.ppns:
            unit.actor = self._clock.process(self._wind_up(unit, incident, custody_seconds))
        else:
            self._become_free(unit)

    def _wind_up(self, unit: Unit, incident: int, custody_seconds: int) -> Actor[None]:
        """Custody work, then writing, of this job and what was left of others (rule 5.3)."""
        clock = self._clock
        if custody_seconds:
            self._turn(unit, State.CUSTODY)
            unit.begin(Activity.CUSTODY, incident)
            yield clock.after(custody_seconds, Due.WORK_ENDS, unit.key)
            unit.end()
        if unit.writing_left:
            self._turn(unit, State.WRITING)
            unit.begin(Activity.WRITING, unit.writing_for)
            began = clock.now
            try:
                yield clock.after(unit.writing_left, Due.WORK_ENDS, unit.key)
            except Interrupt as broken_off:
                unit.end(reason(broken_off))
                unit.writing_left -= clock.now - began
                return
            unit.end()
            unit.writing_left = 0
        for ppn in unit.ppns:  # 12.5: sent when there is no writing left
            ppn.succeed()
        unit.ppns.clear()
        self._become_free(unit)

    # --- breaks

    def _break_when_due(self, unit: Unit) -> Actor[None]:
        """Rule 5.4: an idle unit takes its break when it is due; another when it becomes idle."""
        yield self._clock.at(unit.break_at, Due.BREAK, unit.key)
        if unit.state is State.IDLE:
            self._become_free(unit)

    def _break(self, unit: Unit) -> Actor[None]:
        unit.begin(Activity.BREAK, NONE)
        try:
            yield self._clock.after(unit.break_seconds, Due.WORK_ENDS, unit.key)
        except Interrupt as broken_off:
            unit.end(reason(broken_off))
            return
        unit.end()
        self._become_free(unit)

    def _become_free(self, unit: Unit) -> None:
        """A unit has nothing to do: it is idle, takes its break, or goes home (5.4, 8.1)."""
        now = self._clock.now
        unit.actor = None
        if unit.off_at <= now:
            self._turn(unit, State.OFF_DUTY)
        elif not unit.had_break and unit.break_at <= now <= unit.off_at - unit.break_seconds:
            unit.had_break = True
            self._turn(unit, State.ON_BREAK)
            unit.actor = self._clock.process(self._break(unit))
        else:
            self._turn(unit, State.IDLE)

    # --- who is where

    def _turn(self, unit: Unit, state: State) -> None:
        """A unit's state changes, and with it the list in which it stands."""
        if unit.state < len(self.takeable):
            self.takeable[unit.state].remove(unit)
        self.with_a_job += (state is State.WITH_A_JOB) - (unit.state is State.WITH_A_JOB)
        unit.state = state
        if state < len(self.takeable):
            insort(self.takeable[state], unit, key=lambda one: one.by_shift_left)

    def _count(self, more: int) -> None:
        self.on_duty += more
        self._kept = min(self.reserve, max(self.on_duty - 1, 0))  # 6.4f
        changes, self.shift_changes = self.shift_changes, self._clock.event()
        changes.succeed()
