"""Time and order (rules 1.1 to 1.6): SimPy's queue, with an order of our own within a second."""

from __future__ import annotations

from collections.abc import Callable, Generator
from enum import IntEnum
from typing import Final, TypeAlias

from simpy import Environment, Event

Steps: TypeAlias = Generator[Event, None, None]
"""An actor: a generator that yields the event that it waits for next."""


class Due(IntEnum):
    """What can be due in a second, in the order of rule 1.3."""

    DESK_TASK_ENDS = 0
    ARRIVAL = 1
    WORK_ENDS = 2
    SHIFT_ENDS = 3
    SHIFT_BEGINS = 4
    REPORT = 5
    RETURN = 6
    STEP_UP = 7
    REVIEW = 8
    RETHRIVE = 9
    BREAK = 10
    BORROWING = 11
    HAND_OUT = 12


_BEFORE_ALL: Final = (-1,)


def begin(steps: Steps) -> None:
    """Let an actor start now, and go on whenever the event that it waits for happens.

    SimPy's own `Process` would start it by an event of its own, at a place in the second that
    rule 1.3 does not know.
    """

    def go_on(_: Event | None = None) -> None:
        for event in steps:
            event.callbacks.append(go_on)
            return

    go_on()


class Clock:
    """A SimPy environment whose seconds run in rounds.

    Parameters
    ----------
    start, end
        First second, and the second before which everything happens.
    hand_out
        Called at the end of each round in which something changed.
    """

    def __init__(self, start: int, end: int, hand_out: Callable[[], None]) -> None:
        self.env = Environment(initial_time=start)
        self.end = end
        self._hand_out = hand_out
        self._hand_out_is_due = False
        self._second = start
        # What is made due while everything is being put in place belongs to the first round, 0.
        self._round = -1
        self._handing_out = False

    @property
    def now(self) -> int:
        """The present second."""
        return self.env.now  # type: ignore[return-value]

    def at(self, second: int, kind: Due, key: int, number: int = 0) -> Event:
        """An event due at this second, or now where it has passed; ordered by rule 1.3."""
        return self.after(second - self.env.now, kind, key, number)  # type: ignore[arg-type]

    def after(self, seconds: int, kind: Due, key: int, number: int = 0) -> Event:
        """An event due after these seconds."""
        event = Event(self.env)
        self.fire(event, seconds, kind, key, number)
        return event

    def fire(self, event: Event, seconds: int, kind: Due, key: int, number: int = 0) -> None:
        """Make an event that exists due after these seconds."""
        event._ok = True
        event._value = None
        if seconds > 0:
            self._schedule(event, (0, kind, key, number), seconds)
        else:
            self.request_hand_out()
            self._schedule(event, (self._this_round() + 1, kind, key, number), 0)

    def request_hand_out(self) -> None:
        """Have the queues hand out work when this round's events are through.

        Asked for during a hand-out, it is the next round's.
        """
        if not self._hand_out_is_due:
            self._hand_out_is_due = True
            event = Event(self.env)
            event._ok = True
            event._value = None
            event.callbacks.append(self._end_round)
            self._schedule(event, (self._this_round() + self._handing_out, Due.HAND_OUT), 0)

    def run(self) -> None:
        """Let everything happen that is due before the end."""
        stop = Event(self.env)
        stop._ok = True
        stop._value = None
        self._schedule(stop, _BEFORE_ALL, self.end - self.now)
        self.env.run(until=stop)

    def _this_round(self) -> int:
        return self._round if self._second == self.env.now else 0

    def _end_round(self, _: Event) -> None:
        this = self._this_round()
        self._hand_out_is_due = False
        self._second, self._round = self.now, this
        self._handing_out = True
        self._hand_out()
        self._handing_out = False
        self._round = this + 1

    def _schedule(self, event: Event, order: tuple[int, ...], seconds: int) -> None:
        # SimPy compares priorities and asks no more of them than an order.
        self.env.schedule(event, priority=order, delay=seconds)  # type: ignore[arg-type]
