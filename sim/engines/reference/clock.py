"""Time and order (rules 1.1 to 1.6): SimPy's environment, with seconds that run in rounds."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from enum import IntEnum
from heapq import heappop, heappush
from typing import Final, Protocol, TypeAlias

from simpy import Environment, Event

Steps: TypeAlias = Generator["Moment", None, None]
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
    LINE = 12
    CASE_REVIEW = 13
    TASKING = 14
    MEETING = 15
    PARTNER = 16
    OWNER = 17


_BEFORE_ALL_KEYS: Final = -1


class Moment(Event):
    """An event of ours: SimPy's, but that one actor waits for it, and nothing else is called back.

    SimPy's own `Process` would begin by an event of its own, at a place in the second that
    rule 1.3 does not know; and it watches for failures, of which there are none here.
    """

    __slots__ = ("actor",)

    actor: Steps
    """Set once it waits."""

    def __init__(self) -> None:
        """Leave out what SimPy would set up for callbacks."""


def begin(actor: Steps) -> None:
    """Let an actor start now, and take its steps up to the first event that it waits for."""
    awaited = next(actor, None)
    if awaited is not None:
        awaited.actor = actor


class HandsOut(Protocol):
    """Hands out work at the end of a round: the jobs' queues together, or a desk."""

    changed: bool
    """Something may be handed out. Who sets this sets `Clock.round_ends` with it."""

    def hand_out(self) -> None:
        """Hand out what can be; `changed` is False then, unless it is set meanwhile."""


class Clock(Environment):
    """A SimPy environment in which a second runs in rounds (rule 1.2).

    SimPy orders the events of one moment by their priority. Ours is the tuple
    (round, kind, key, number), so that an event due in the present second belongs to the next
    round; when a round's events are through, the queues hand out work.

    Parameters
    ----------
    start, end
        First second, and the second before which everything happens.

    Attributes
    ----------
    now
        The present second. An attribute, where SimPy has a property: it is read everywhere.
    queues
        Those that hand out work at the end of a round, in the order of rule 1.4: the jobs' queues,
        then each desk.
    naive
        Hand out after every round whether or not anything has changed.
    round_ends
        Set where a round has to end with a hand-out, and another round has to follow; what is
        set during a hand-out is for the next.
    """

    now: int = 0

    def __init__(self, start: int, end: int, *, naive: bool = False) -> None:
        super().__init__(initial_time=start)
        self.naive = naive
        self.now = start
        self._end = end
        self.queues: Sequence[HandsOut] = ()
        self.round_ends = False
        # What is put in place before the first second belongs to its first round, 0.
        self._round = -1

    def at(self, second: int, kind: Due, key: int, number: int = 0) -> Moment:
        """An event due at this second, ordered by rule 1.3."""
        return self.after(second - self.now, kind, key, number)

    def after(
        self, seconds: int, kind: Due, key: int, number: int = 0, event: Moment | None = None
    ) -> Moment:
        """An event, or this event, due after these seconds, ordered by rule 1.3."""
        if event is None:
            event = Moment()
        # As SimPy's `schedule` does. SimPy asks no more of priorities than an order.
        due: tuple[int, tuple[int, ...], int, Event]
        if seconds > 0:
            due = (self.now + seconds, (0, kind, key, number), next(self._eid), event)
        else:
            due = (self.now, (self._round + 1, kind, key, number), next(self._eid), event)
            self.round_ends = True
        heappush(self._queue, due)  # type: ignore[misc]
        return event

    def play(self) -> None:
        """Let everything happen that is due before the end.

        SimPy's `run` would do, but for the rounds: after the last event of each, the queues
        hand out work. No event of ours fails, so none is watched for failing.
        """
        if self._end <= self.now:
            return
        self.at(self._end, Due.DESK_TASK_ENDS, _BEFORE_ALL_KEYS)
        self._round = 0
        due, end = self._queue, self._end
        # Apart: Python is quicker where a line meets objects of one class only.
        jobs, *desks = self.queues
        naive = self.naive
        while True:
            second, _, _, event = heappop(due)
            if second > self.now:
                if second >= end:
                    return
                self.now = self._now = second  # type: ignore[assignment]
                self._round = 0
            actor: Steps = event.actor  # type: ignore[attr-defined]
            awaited = next(actor, None)
            if awaited is not None:
                awaited.actor = actor
            if naive:
                self.round_ends = True
            while self.round_ends:
                following = due[0]
                if following[0] <= second and following[1][0] <= self._round:  # type: ignore[index]
                    break
                self.round_ends = False
                if jobs.changed or naive:
                    jobs.hand_out()
                for desk in desks:
                    if desk.changed or naive:
                        desk.hand_out()
                self._round += 1
