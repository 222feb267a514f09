"""Time and order (rules 1.1 to 1.6): SimPy's environment, with seconds that run in rounds."""

from __future__ import annotations

from collections.abc import Callable, Generator
from enum import IntEnum
from heapq import heappop, heappush
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


_BEFORE_ALL_KEYS: Final = -1


def begin(actor: Steps) -> None:
    """Let an actor start now, and take its steps up to the first event that it waits for.

    SimPy's own `Process` would begin by an event of its own, at a place in the second that
    rule 1.3 does not know; and it watches for failures, of which there are none here. So an
    event's list of callbacks holds the actors themselves.
    """
    for event in actor:
        event.callbacks.append(actor)  # type: ignore[arg-type]
        return


class Clock(Environment):
    """A SimPy environment in which a second runs in rounds (rule 1.2).

    SimPy orders the events of one moment by their priority. Ours is the tuple
    (round, kind, key, number), so that an event due in the present second belongs to the next
    round; when a round's events are through, the queues hand out work.

    Parameters
    ----------
    start, end
        First second, and the second before which everything happens.
    hand_out
        Called at the end of each round in which something changed.

    Attributes
    ----------
    now
        The present second. An attribute, where SimPy has a property: it is read everywhere.
    """

    now: int = 0

    def __init__(self, start: int, end: int, hand_out: Callable[[], None]) -> None:
        super().__init__(initial_time=start)
        self.now = start
        self._end = end
        self._hand_out = hand_out
        self._hand_out_is_due = False
        # What is put in place before the first second belongs to its first round, 0.
        self._round = -1

    def at(self, second: int, kind: Due, key: int, number: int = 0) -> Event:
        """An event due at this second, ordered by rule 1.3."""
        event = Event(self)
        self.fire(event, second - self.now, kind, key, number)
        return event

    def after(self, seconds: int, kind: Due, key: int, number: int = 0) -> Event:
        """An event due after these seconds, ordered by rule 1.3."""
        event = Event(self)
        self.fire(event, seconds, kind, key, number)
        return event

    def fire(self, event: Event, seconds: int, kind: Due, key: int, number: int = 0) -> None:
        """Make an event that exists due after these seconds."""
        if seconds > 0:
            second = self.now + seconds
            order: tuple[int, ...] = (0, kind, key, number)
        else:
            self._hand_out_is_due = True
            second = self.now
            order = (self._round + 1, kind, key, number)
        # As SimPy's `schedule` does. SimPy asks no more of priorities than an order.
        heappush(self._queue, (second, order, next(self._eid), event))  # type: ignore[misc]

    def request_hand_out(self) -> None:
        """Have the queues hand out work when this round's events are through.

        Asked for during a hand-out, it is the next round's.
        """
        self._hand_out_is_due = True

    def play(self) -> None:
        """Let everything happen that is due before the end.

        SimPy's `run` would do, but for the rounds: after the last event of each, the queues
        hand out work. No event of ours fails, so none is watched for failing.
        """
        self.fire(Event(self), self._end - self.now, Due.DESK_TASK_ENDS, _BEFORE_ALL_KEYS)
        self._round = 0
        queue = self._queue
        while queue[0][0] < self._end:
            second, _, _, event = heappop(queue)
            if second > self.now:
                self.now = self._now = second  # type: ignore[assignment]
                self._round = 0
            for actor in event.callbacks:
                awaited = next(actor, None)  # type: ignore[call-overload]
                if awaited is not None:
                    awaited.callbacks.append(actor)
            while self._hand_out_is_due:
                following = queue[0]
                if following[0] <= second and following[1][0] <= self._round:  # type: ignore[index]
                    break
                self._hand_out_is_due = False
                self._hand_out()
                self._round += 1
