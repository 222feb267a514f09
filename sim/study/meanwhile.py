"""What this process does while another compiles the engine: replications, and lesser kernels.

The reference engine gives the same numbers, so that the first of them are known within seconds on a
computer where nothing is compiled yet. A replication that would still be played when the engine is
ready would only keep it waiting, and is not begun.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

from sim import kernels
from sim.study.compiling import Compiling

_LOG: Final = logging.getLogger(__name__)
_GRACE: Final = 0.5
"""Of a replication's time: so much longer than expected is waited before another is begun."""

Done = TypeVar("Done")


def played_meanwhile(
    compiling: Compiling,
    left: Iterator[int],
    processes: int,
    play: Callable[[Iterable[int]], Generator[Done, None, None]],
    compiling_takes: float,
    clock: Callable[[], float] = time.monotonic,
) -> Generator[Done, None, None]:
    """Yield what is played until the engine is made.

    Parameters
    ----------
    compiling
        The process that makes it.
    left
        Numbers of replications; those that are played are taken from it.
    processes
        How many play beside it: so many replications make a round.
    play
        Plays a round, by the reference engine.
    compiling_takes
        How many replications of the reference engine are played in the time of one compiling.
    clock
        Seconds.
    """
    took = 0.0
    while compiling.is_at_work:
        wait = compiling.began + took * compiling_takes - clock()
        # Of the first nothing is known: it is begun.
        if -_GRACE * took < wait < took:
            _LOG.info("the engine is expected in %.1f s: no replication is begun", wait)
            compiling.join(max(wait, 0.0) + _GRACE * took)
            continue
        numbers = list(islice(left, processes))
        if not numbers:
            return
        at = clock()
        yield from play(numbers)
        if not took:
            took = clock() - at
            # What the other process would make last, and replications are the quicker for.
            kernels.make_ready()
