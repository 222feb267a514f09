"""Many settings, each of some scenarios on luck of their own: played side by side in threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.errors import Interrupted
from sim.study.evaluate import evaluate

if TYPE_CHECKING:
    from sim.measures import Count
    from sim.scenario.models import Scenario
    from sim.study.counting import Ints
    from sim.study.settings import Settings

_SECONDS_TO_LOOK: Final = 0.2


def play_points(
    points: Sequence[Sequence[Scenario]],
    settings: Settings,
    threads: int,
    numbers: Sequence[Sequence[int]],
    measures: Sequence[Count],
    told: Callable[[int, int], None] | None = None,
) -> list[Ints]:
    """Play settings, each of some scenarios.

    Parameters
    ----------
    points
        By setting the scenarios, the baseline first; all of a setting meet the same luck.
    settings
        Days, seed and engine; of one thread for each setting.
    threads
        Settings that are played at a time.
    numbers
        By setting, the replications that it is played in.
    measures
        What is counted of the headline's reports.
    told
        Told after each setting.

    Returns
    -------
    list of ndarray
        By setting, shape (scenarios, replications, measures); whatever the number of threads.

    Raises
    ------
    Interrupted
        On Ctrl-C.
    """
    sums: list[Ints] = [np.zeros((0, 0, 0), dtype=np.int64)] * len(points)
    stop = threading.Event()

    def play(at: int) -> None:
        if stop.is_set():
            return
        found = evaluate(points[at], settings, measures, cuts=(), replications=numbers[at])
        sums[at] = np.stack([found.of(count) for count in measures], axis=-1)

    with ThreadPoolExecutor(threads, thread_name_prefix="settings") as executor:
        try:
            waiting = {executor.submit(play, at) for at in range(len(points))}
            while waiting:
                done, waiting = wait(waiting, _SECONDS_TO_LOOK, FIRST_COMPLETED)
                for one in done:
                    one.result()
                if done and told is not None:
                    told(len(points) - len(waiting), len(points))
        except KeyboardInterrupt:
            raise Interrupted from None
        finally:
            stop.set()
            executor.shutdown(cancel_futures=True)
    return sums
