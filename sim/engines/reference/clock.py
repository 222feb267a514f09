"""Time and order (rules 1.1 to 1.6): SimPy's environment, with seconds that run in rounds."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Generator, Iterator
from enum import IntEnum
from heapq import heappop, heappush
from itertools import count
from typing import Any, Final, TypeAlias, TypeVar

from simpy import Environment, Event, Interrupt, Process

from sim.tables import DAY, HOUR, Why

T = TypeVar("T")

Actor: TypeAlias = Generator[Event, Any, T]
"""A generator that yields the event for which it waits next, and returns a `T`."""


class Due(IntEnum):
    """What can be due in a second, with the numbers of rule 1.3; then what is of a hand-out."""

    DESK_TASK_ENDS = 1
    ARRIVAL = 2
    WORK_ENDS = 3
    SHIFT_ENDS = 4
    SHIFT_BEGINS = 5
    REPORT = 6
    RETURN = 7
    STEP_UP = 8
    REVIEW = 9
    RETHRIVE = 10
    BREAK = 11
    BORROWING = 12
    LINE = 13
    CASE_REVIEW = 14
    TASKING = 15
    MEETING = 16
    PARTNER = 17
    OWNER = 18
    CALLER = 19
    LOOK = 20
    TELEPHONE = 21
    RELIEF = 22
    AFTER_CLAIM = 23
    """No event of its own, only another round: one follows a hand-out with a claim (1.2c)."""
    HAND_OUT_GOES_ON = 24
    """Not a round: the hand-out waits for what a claim or a diversion brings about at once."""


_BEFORE_ALL: Final = (-1, 0)
"""A place before all others: the end of the simulation comes before what is due then (1.6)."""


class Clock(Environment):
    """A SimPy environment in which a second runs in rounds (rule 1.2).

    SimPy orders the events of one moment by their priority. Ours is a place in the second,
    ``(round, kind, key, number)``: what is due in the present second is of its next round.

    What SimPy schedules of its own accord has no place: ``clock.process(actor)``,
    ``event.succeed()``, ``process.interrupt()``, and the end of an actor for which another waits.
    These happen *at once*: when the actor that says so next waits for something, in the order in
    which they were said, and before anything that has a place. So they are part of the event that
    brings them about (1.2d).

    Attributes
    ----------
    now
        The present second. An attribute, where SimPy has a property: it is read everywhere.
    round
        The present one, counted within the second.
    end_of_round
        An event that happens when those of the present round have all happened.
    """

    now: int = 0

    def __init__(self, start: int) -> None:
        super().__init__(start)
        self.now = start
        # What is put in place before the first second belongs to its first round, 0.
        self.round = -1
        self.end_of_round = self._certain()
        self._at_once: deque[Event] = deque()
        self._in_place: list[tuple[int, tuple[int, ...], int, Event]] = []
        self._asked = count()
        self._has_begun = False

    def after(self, seconds: int, kind: Due, key: int, number: int = 0) -> Event:
        """An event due after these seconds, at its place in that second (rule 1.3).

        In a hand-out `round` is still that of the round which it ends: in no seconds is the next.
        """
        round_ = 0 if seconds else self.round + 1
        return self._put(self._certain(), self.now + seconds, (round_, kind, key, number))

    def at(self, second: int, kind: Due, key: int, number: int = 0) -> Event:
        """An event due at this second, at its place in it (rule 1.3)."""
        return self.after(second - self.now, kind, key, number)

    def settled(self) -> Event:
        """The hand-out goes on when its last claim has had all its effects at once."""
        return self._put(self._certain(), self.now, (self.round, Due.HAND_OUT_GOES_ON))

    @property
    def hour(self) -> int:
        """The hour of the day."""
        return self.now % DAY // HOUR

    def daily(self, second_of_day: int) -> Iterator[int]:
        """The seconds, from now on, at which it is this second of the day."""
        return count(self.now + (second_of_day - self.now) % DAY, DAY)

    def schedule(self, event: Event, priority: int = 0, delay: float = 0) -> None:  # noqa: ARG002
        """What SimPy schedules of its own accord happens at once, but for the end of `run`."""
        if delay:
            self._put(event, self.now + int(delay), _BEFORE_ALL)
        else:
            self._at_once.append(event)

    def step(self) -> None:
        """Let the next event happen; who is stopped, and says nothing of it, is at an end."""
        event = self._at_once.popleft() if self._at_once else self._next_in_place()
        callbacks: Any = event.callbacks
        event.callbacks = None  # type: ignore[assignment]
        for callback in callbacks:
            callback(event)
        if not event._ok and not event.defused and not isinstance(event._value, Interrupt):
            raise event._value

    def _next_in_place(self) -> Event:
        """The next event that has a place, and for which somebody waits; or the round's end.

        A round has begun, and has not ended, while its hand-out has not run.
        """
        while not self._in_place[0][-1].callbacks:
            heappop(self._in_place)  # 1.5
        second, (round_, kind, *_), _, event = self._in_place[0]
        if self._has_begun and (second, round_) != (self.now, self.round):
            ends, self.end_of_round = self.end_of_round, self._certain()
            self._has_begun = False
            return ends
        heappop(self._in_place)
        self.now, self.round = second, round_
        if kind < Due.HAND_OUT_GOES_ON:
            self._has_begun = True
        return event

    def _certain(self) -> Event:
        """An event that needs nobody to bring it about."""
        event = Event(self)
        event._ok, event._value = True, None  # as SimPy's `Timeout` does
        return event

    def _put(self, event: Event, second: int, place: tuple[int, ...]) -> Event:
        # Alike in all: in the order in which they were asked for.
        heappush(self._in_place, (second, place, next(self._asked), event))
        return event


def stop(actor: Process | None, why: Why) -> None:
    """Stop an actor, where it has not ended: it hears of it at once, and sees to the rest."""
    if actor is not None and actor.is_alive:
        actor.interrupt(why)


def reason(stopped: Interrupt) -> Why:
    """Why an actor has been stopped."""
    assert isinstance(stopped.cause, Why)
    return stopped.cause


def see_through(event: Event, unless: Collection[Why] = ()) -> Actor[None]:
    """Wait for an event, whoever says stop, unless for one of these reasons.

    SimPy takes whoever is interrupted from those who wait for the event. They are back among them
    at once, so that it is not thrown away.
    """
    while not event.processed:
        try:
            yield event
        except Interrupt as stopped:
            if reason(stopped) in unless:
                raise


def half_up(part: int, whole: int) -> int:
    """The quotient, rounded once, half up."""
    return (2 * part + whole) // (2 * whole)
