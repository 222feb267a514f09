"""What each pool is asked for, by expectation: whether its queue grows whatever the luck.

The demand and the people on duty are drawn again and again, without simulating what comes of them.
One replication's draws would call a pool overloaded, or not, by their own luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sim.feasibility import CERTAIN_OVERLOAD, Load, loads
from sim.statistics import Interval, ratio_interval
from sim.study.worlds import Plan, inputs

_LEVEL: Final = 0.999
_BATCH: Final = 30
_MOST_DRAWS: Final = 600
_NARROW: Final = 0.0025
"""Half-width within which a load need not be known any better."""


@dataclass(frozen=True)
class Growth:
    """Pools that are asked for about as much as they can do, or more, a sentence each.

    Parameters
    ----------
    certain
        For more than they can do, so that their queue grows all the time.
    likely
        The same of units that overtime, and children who return first, may yet help to keep up.
    untold
        For so nearly what they can do that it cannot be told.
    """

    certain: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()


def growth(plan: Plan) -> Growth:
    """Hold what the pools of a plan's first scenario are asked for against what they can do.

    It is drawn until each pool is known to be asked for more than it can do or for less, or its
    load is known within a quarter of a per cent. What only a run shows (reviews, second journeys)
    is not in it.
    """
    drawn: dict[tuple[str, ...], list[Load]] = {}
    known: dict[tuple[str, ...], Interval] = {}
    for number in range(_MOST_DRAWS):
        for load in loads(*inputs(plan, number, 0), since=plan.since, until=plan.until):
            drawn.setdefault(load.pools, []).append(load)
        if (number + 1) % _BATCH == 0:
            known = {pools: _load(every) for pools, every in drawn.items()}
            if all((one.half_width or 0) <= _NARROW or not _is_open(one) for one in known.values()):
                break
    return _told(known, {pools for pools, every in drawn.items() if every[0].units})


def _told(known: dict[tuple[str, ...], Interval], of_units: set[tuple[str, ...]]) -> Growth:
    certain, likely, untold = [], [], []
    over: list[set[str]] = []
    for pools, load in known.items():
        if load.value is None or load.low is None or any(part <= set(pools) for part in over):
            continue  # of more pools it says no more
        asked = f"{', '.join(pools)}: {100 * load.value:.1f} % of capacity on average"
        if load.low >= 1.0:
            over.append(set(pools))
        if load.low >= (CERTAIN_OVERLOAD if pools in of_units else 1.0):
            certain.append(f"{asked}; its queue grows all the time.")
        elif load.low >= 1.0:
            likely.append(f"{asked}; its queue grows unless overtime keeps up.")
        elif _is_open(load):
            untold.append(f"{asked}; whether its queue grows all the time cannot be told.")
    return Growth(tuple(certain), tuple(likely), tuple(untold))


def _load(drawn: Sequence[Load]) -> Interval:
    return ratio_interval([one.work for one in drawn], [one.capacity for one in drawn], _LEVEL)


def _is_open(load: Interval) -> bool:
    return load.low is not None and load.high is not None and load.low < 1 <= load.high
