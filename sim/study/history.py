"""A simulated child's year: every report that luck has drawn for it, before the run and in it."""

from __future__ import annotations

import numpy as np

from sim.fates.children import HISTORY_SECONDS
from sim.fates.field import NUMBER_BITS
from sim.fates.reports import child_reports
from sim.scenario.demand import MissingChild
from sim.scenario.loading import Loaded
from sim.scenario.names import name_code
from sim.streams import Streams
from sim.study.settings import Settings
from sim.study.worlds import Plan

__all__ = ["child_history"]


def child_history(
    loaded: Loaded, settings: Settings, replication: int, child: int
) -> list[tuple[int, int, int]]:
    """Return all reports of one child in the 365 days before the measured ones and in the run.

    Parameters
    ----------
    loaded, settings
        The scenario, and what is simulated of it.
    replication
        Its number.
    child
        Key of the child.

    Returns
    -------
    list of tuple of int
        Of each report, in order: the incident's key, the second of the report, and that of the
        natural return. Empty where no stream has this child.
    """
    plan = Plan((loaded.name,), (loaded.scenario,), settings)
    streams = Streams(settings.seed, replication)
    for name, stream in loaded.scenario.streams.items():
        prefix = name_code(name) << NUMBER_BITS
        if not isinstance(stream, MissingChild) or child - prefix not in range(1 << NUMBER_BITS):
            continue
        start = min(-HISTORY_SECONDS, plan.start)
        columns, luck = child_reports(loaded.scenario, streams, name, stream, start, plan.end)
        children, reported, returns = (
            np.broadcast_to(columns[one], luck.number.shape)
            for one in ("child", "reported_at", "return_at")
        )
        rows = np.flatnonzero(children == child - prefix)
        return sorted(
            (
                (int(luck.number[row]) + prefix, int(reported[row]), int(returns[row]))
                for row in rows
            ),
            key=lambda one: one[1],
        )
    return []
