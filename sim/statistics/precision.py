"""When enough replications have been run, and what to say of that beforehand."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sim.statistics.interval import Interval

Result = TypeVar("Result")

LEAST_REPLICATIONS = 30
BATCH_REPLICATIONS = 10


@dataclass(frozen=True, slots=True)
class Precision:
    """An interval and the half-width that it shall not exceed.

    Parameters
    ----------
    interval
        What is known so far.
    target
        Largest half-width: in the value's own unit, or as a share of `relative_to`.
    relative_to
        None for an absolute target (shares: a relative one is hopeless for a rare share and
        undefined without events); else what the half-width is compared with (means). For a
        paired difference that is the baseline's mean: the difference itself may be nought.
    """

    interval: Interval
    target: float
    relative_to: float | None = None

    def __post_init__(self) -> None:
        if not self.target > 0:
            raise ValueError(f"target is {self.target}; it must be positive")

    @property
    def met(self) -> bool:
        """Whether the half-width is small enough.

        A half-width of 0 always is, relative to 0 too; without an interval it never is.
        """
        half_width = self.interval.half_width
        if half_width is None:
            return False
        scale = 1.0 if self.relative_to is None else abs(self.relative_to)
        return half_width <= self.target * scale


class PrecisionStop(Generic[Result]):
    """Stopping rule that gives the same answer whoever finishes first.

    Results may come in any order. The rule looks only at unbroken runs from replication 0,
    at fixed lengths: `at_least`, then every `batch` more. The first of these at which all
    precisions are met is the answer; results of later replications, which busy workers may
    have run already, are to be left out.

    Looking again and again makes the intervals at the stop hold slightly less often than
    their level says; few looks, and none before `at_least`, keep that small.

    Parameters
    ----------
    judge
        From the results of replications 0 to n - 1, in order, to what must be precise;
        at least one.
    at_least
        Replications before the first look; not under 30.
    batch
        Replications between looks.

    Raises
    ------
    ValueError
        If `at_least` is under 30 or `batch` under 1.
    """

    def __init__(
        self,
        judge: Callable[[Sequence[Result]], Sequence[Precision]],
        *,
        at_least: int = LEAST_REPLICATIONS,
        batch: int = BATCH_REPLICATIONS,
    ) -> None:
        if at_least < LEAST_REPLICATIONS:
            raise ValueError(f"at_least is {at_least}; it must be {LEAST_REPLICATIONS} or more")
        if batch < 1:
            raise ValueError(f"batch is {batch}; it must be at least 1")
        self._judge = judge
        self._next_look = at_least
        self._batch = batch
        self._results: list[Result] = []
        self._early: dict[int, Result] = {}
        self._stopped_at: int | None = None

    @property
    def stopped_at(self) -> int | None:
        """Number of replications to keep (0 to this less one), or None to go on."""
        return self._stopped_at

    def add(self, replication: int, result: Result) -> int | None:
        """Take one result and say where to stop, if that is known.

        Parameters
        ----------
        replication
            Its number, from 0.
        result
            What `judge` needs of it.

        Returns
        -------
        int or None
            `stopped_at`. Once known it does not change.

        Raises
        ------
        ValueError
            If the number is negative or came before.
        """
        if replication < len(self._results) or replication in self._early:
            raise ValueError(f"replication {replication} is negative or came before")
        self._early[replication] = result
        while self._stopped_at is None and len(self._results) in self._early:
            self._results.append(self._early.pop(len(self._results)))
            if len(self._results) == self._next_look:
                self._look()
        return self._stopped_at

    def _look(self) -> None:
        precisions = self._judge(tuple(self._results))
        if not precisions:
            raise ValueError("nothing to be precise about")
        if all(precision.met for precision in precisions):
            self._stopped_at = self._next_look
        self._next_look += self._batch


def replications_needed(half_width_now: float, replications_now: int, target: float) -> int:
    """Say about how many replications in all would bring a half-width down to `target`.

    A half-width shrinks with the square root of the number of replications.

    Raises
    ------
    ValueError
        If `half_width_now` is negative or `target` or `replications_now` not positive.
    """
    if not half_width_now >= 0 or not target > 0 or replications_now < 1:
        raise ValueError("a half-width is not negative; target and replications are positive")
    return max(2, _ceiling(replications_now * (half_width_now / target) ** 2))


def replications_for_rare_share(
    share: float, events_wanted: float, n_per_replication: float
) -> int:
    """Say about how many replications would show a rare event `events_wanted` times.

    Parameters
    ----------
    share
        Guess at the event's share of cases, above 0 and at most 1.
    events_wanted
        Events to be seen, such as `RARE_EVENTS`.
    n_per_replication
        Cases in one replication, on average.

    Raises
    ------
    ValueError
        If a number is not positive or `share` exceeds 1.
    """
    if not 0 < share <= 1 or not events_wanted > 0 or not n_per_replication > 0:
        raise ValueError("share lies in (0, 1]; events and cases are positive")
    return _ceiling(events_wanted / (share * n_per_replication))


def _ceiling(number: float) -> int:
    """Return a ceiling that does not count the last digit's rounding as one more."""
    return math.ceil(number * (1 - 1e-12))
