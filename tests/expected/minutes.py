"""What the baseline does minute by minute: ``python -m tests.expected.minutes``.

Prints the figures that docs/baseline.md explains under "Three figures that look odd": where the
minutes of a grade 3 go, what makes overtime, and what response does when it does not work.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from sim.measures.lookup import places_of
from sim.scenario.loading import load
from sim.study.settings import Settings
from sim.study.worlds import World, one_world
from sim.tables import DAY, HOUR, MINUTE, NEVER, NONE, WORK, Activity, Table
from tests.expected.variations import BASELINE

Ints = npt.NDArray[np.int64]

REPLICATIONS: Final = 6
QUEUES: Final = (Activity.WAIT_UNIT, Activity.WAIT_ENQUIRY, Activity.WAIT_VISIT)
LAST_WORK: Final = {"custody": Activity.CUSTODY, "writing": Activity.WRITING}


def standing(starts: Ints, ends: Ints, moments: Ints) -> Ints:
    """Return how many of the spans [start, end) each moment lies in."""
    begun = np.searchsorted(np.sort(starts), moments, side="right")
    over = np.searchsorted(np.sort(ends), moments, side="right")
    return np.asarray(begun - over, dtype=np.int64)


def of_kinds(activities: Table, *kinds: Activity) -> npt.NDArray[np.bool_]:
    """Return which rows are of these kinds."""
    return np.isin(activities["kind"], [int(kind) for kind in kinds])


def time_of_response(world: World, pool: int, days: int) -> dict[str, float]:
    """Shares of the time on duty of one area's response, sampled at each minute.

    Shares of `idle` add up to it; `quiet` and `nobody free` are shares of minutes.
    """
    area = world.policy.pools[pool].area
    reserve = world.policy.pools[pool].reserve
    margin = world.policy.pools[pool].margin_seconds[1]
    moments = np.arange(0, days * DAY, MINUTE, dtype=np.int64)
    rota, acts = world.rota, world.activities
    ours = rota["pool"] == pool
    on, off = rota["on_at"][ours], rota["off_at"][ours]
    duty = standing(on, off, moments)
    order = np.argsort(rota["key"][ours])
    rows = (acts["pool"] == pool) & (acts["unit"] != NONE)
    place = np.searchsorted(rota["key"][ours], acts["unit"][rows], sorter=order)
    ends_of = off[order][place]
    # Overtime is not time on duty.
    begins, ends = acts["start"][rows], np.minimum(acts["end"][rows], ends_of)
    kept = begins < ends
    resting = acts["kind"][rows] == Activity.BREAK
    busy = standing(begins[kept & ~resting], ends[kept & ~resting], moments)
    breaks = standing(begins[kept & resting], ends[kept & resting], moments)
    last = np.maximum(begins, ends_of - margin)
    kept = last < ends
    late_busy = standing(last[kept], ends[kept], moments)
    late = standing(off - margin, off, moments) - late_busy
    idle = duty - busy - breaks
    usable = idle - late
    rows_of = places_of(world.incidents["key"], acts["incident"])
    waiting = of_kinds(acts, *QUEUES) & (world.incidents["area"][rows_of] == area)
    queue = standing(acts["start"][waiting], acts["end"][waiting], moments)
    beyond = np.maximum(usable - reserve, 0)
    return {
        "breaks": breaks.sum() / duty.sum(),
        "idle": idle.sum() / duty.sum(),
        "idle, last minutes of a shift": late.sum() / duty.sum(),
        "idle, kept for grade 1": np.minimum(usable, reserve).sum() / duty.sum(),
        "idle, nothing waits": beyond[queue == 0].sum() / duty.sum(),
        "idle, a job waits": beyond[queue > 0].sum() / duty.sum(),
        "minutes in which nothing waits": float((queue == 0).mean()),
        "minutes with nobody beyond the reserve free": float((beyond == 0).mean()),
    }


def overtime(world: World, pools: list[int], days: int) -> dict[str, float]:
    """Hours worked after a shift's end, per shift that ends in the window, by kind of work."""
    rota, acts = world.rota, world.activities
    ours = np.isin(rota["pool"], pools) & (rota["off_at"] >= 0) & (rota["off_at"] < days * DAY)
    off = dict(zip(rota["key"][ours].tolist(), rota["off_at"][ours].tolist(), strict=True))
    rows = of_kinds(acts, *WORK) & np.isin(acts["unit"], list(off))
    ends_of = np.array([off[unit] for unit in acts["unit"][rows].tolist()])
    after = np.maximum(acts["end"][rows] - np.maximum(acts["start"][rows], ends_of), 0)
    kinds = acts["kind"][rows]
    told = {name: after[kinds == kind].sum() for name, kind in LAST_WORK.items()}
    told["all"] = after.sum()
    shifts_late = len(np.unique(acts["unit"][rows][after > 0]))
    return {
        f"overtime, {name}, hours a shift": seconds / HOUR / len(off)
        for name, seconds in told.items()
    } | {"shifts with overtime": shifts_late / len(off)}


def grade_three(world: World, days: int) -> dict[str, float]:
    """Mean minutes of a deployed grade 3, received to arrived, by what passes in them."""
    incidents, outcomes = world.incidents, world.outcomes
    ours = (incidents["grade"] == 3) & (incidents["deploys"] == 1)
    ours &= incidents["desk_pool"] == NONE
    ours &= (incidents["reported_at"] >= 0) & (incidents["reported_at"] < days * DAY)
    ours &= (outcomes["arrived_at"] != NEVER) & (outcomes["claimed_at"] != NEVER)
    stops = ("reported_at", "graded_at", "ready_at", "claimed_at", "allocated_at", "arrived_at")
    times = [(incidents if name == "reported_at" else outcomes)[name][ours] for name in stops]
    names = ("in the call", "held", "in the queue", "with the dispatcher", "on the way")
    half = float(np.median(times[-1] - times[0]) / MINUTE)
    return {"grade 3, half within, minutes": half} | {
        f"grade 3, {name}, minutes": float((after - before).mean() / MINUTE)
        for name, before, after in zip(names, times, times[1:], strict=False)
    }


def figures(replications: int, settings: Settings) -> Iterator[dict[str, float]]:
    """Yield the figures of each replication."""
    loaded = load(BASELINE)
    for replication in range(replications):
        world = one_world(loaded, settings, replication)
        names = list(loaded.scenario.pools)
        response = [place for place, name in enumerate(names) if name.startswith("response_")]
        told = grade_three(world, settings.days) | overtime(world, response, settings.days)
        for pool in response:
            of_pool = time_of_response(world, pool, settings.days)
            told |= {f"{names[pool]}, {name}": value for name, value in of_pool.items()}
        yield told


if __name__ == "__main__":
    found = list(figures(REPLICATIONS, Settings()))
    for name in found[0]:
        values = [one[name] for one in found]
        print(f"{name:60} {np.mean(values):8.3f}  ({min(values):.3f} to {max(values):.3f})")
