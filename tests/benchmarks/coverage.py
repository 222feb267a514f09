"""How often intervals hold: ``python -m tests.benchmarks.coverage FOLDER``.

Forms studies from disjoint sets of thirty replications of two worlds, makes the intervals that the
results show, and prints how many held the truth, which is that of all replications together. The
folder keeps the replications, which take an hour or two of one processor for 200 studies: they can
be made in pieces (``--seconds``), and a command that is broken off goes on where it was.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

from sim.statistics import (
    Interval,
    PooledTimes,
    SecondsHistogram,
    TailMean,
    TimeQuantile,
    paired_ratio_difference,
    ratio_interval,
    share_interval,
    unless_few,
)
from sim.tables import Risk
from tests.benchmarks.coverage_pool import CHANGES, DAYS, WORLDS, Columns, Pool, fill, read

REPLICATIONS: Final = 30
LEVEL: Final = 0.95
QUANTILES: Final = (0.5, 0.9, 0.95, 0.99)
TAIL: Final = 0.95
WAITS: Final = (60, 240, 600)

Vector = npt.NDArray[np.float64]
Keep = Callable[[Columns], npt.NDArray[np.bool_]]

CUTS: Final[Mapping[str, Keep]] = {
    "all": lambda cases: cases["grade"] == 2,
    "area 1": lambda cases: (cases["grade"] == 2) & (cases["area"] == 0),
    "area 2": lambda cases: (cases["grade"] == 2) & (cases["area"] == 1),
    "low risk": lambda cases: cases["risk"] == Risk.LOW,
    "medium risk": lambda cases: cases["risk"] == Risk.MEDIUM,
    "high risk": lambda cases: cases["risk"] == Risk.HIGH,
}
"""The headline's reports, grade 2 of the missing children, by area; and all grades by risk."""

FAMILIES: Final = {
    "family of 3": ("in time", "mean", "over 60 minutes"),
    "family of 4, with p90": ("in time", "mean", "over 60 minutes", "p90"),
    "family of 4, with p95": ("in time", "mean", "over 60 minutes", "p95"),
}


@dataclass
class Held:
    """How often intervals of one kind held."""

    studies: int = 0
    held: int = 0
    withheld: int = 0
    same: int = 0
    """Differences of 0 with limits 0: the scenarios agreed in every replication."""
    widths: list[float] = field(default_factory=list)

    def add(self, interval: Interval, truth: float) -> None:
        """Count one more."""
        if interval.low is None or interval.high is None:
            self.withheld += 1
        elif interval.low == interval.high == 0:
            self.same += 1
        else:
            self.studies += 1
            # What is equal but for the last bit is equal.
            slack = 1e-9 * max(1.0, abs(truth))
            self.held += interval.low - slack <= truth <= interval.high + slack
            self.widths.append(interval.high - interval.low)

    def merged(self, other: Held) -> Held:
        """Both together."""
        return Held(
            self.studies + other.studies,
            self.held + other.held,
            self.withheld + other.withheld,
            self.same + other.same,
            self.widths + other.widths,
        )

    def told(self) -> str:
        """Coverage with the limits of Clopper and Pearson."""
        if not self.studies:
            return f"{'-':>22}"
        share = 100 * self.held / self.studies
        low = betaincinv(self.held, self.studies - self.held + 1, 0.025) if self.held else 0.0
        missed = self.studies - self.held
        high = betaincinv(self.held + 1, missed, 0.975) if missed else 1.0
        return f"{share:6.1f} ({100 * low:5.1f} to {100 * high:5.1f})"


Found = dict[tuple[str, str, str], Held]
"""By kind of estimate, cut, and whether it is of one scenario or of a pair."""


@dataclass(frozen=True)
class Side:
    """One scenario's cases of a cut in one study."""

    cases: Vector
    sums: Mapping[str, Vector]
    times: PooledTimes


def studies(
    pools: Sequence[Pool], days: int, size: int = REPLICATIONS, limit: int | None = None
) -> Found:
    """Make the intervals of all studies that the pools of one world have room for.

    Parameters
    ----------
    pools
        A scenario and its changes, with the same luck.
    days
        Of the measured window.
    size
        Replications of a study.
    limit
        Most studies.
    """
    found: Found = defaultdict(Held)
    number = pools[0].size // size
    number = number if limit is None else min(number, limit)
    for name, keep in CUTS.items():
        mine = [pool.where(keep(pool.columns) & (pool.columns["day"] < days)) for pool in pools]
        truths = [_truth(pool) for pool in mine]
        for study in range(number):
            first = study * size
            sides = [_side(pool, range(first, first + size)) for pool in mine]
            singles = dict(_singles(sides[0]))
            for kind, interval in singles.items():
                found[kind, name, "one"].add(interval, truths[0][kind])
            for other, known in zip(sides[1:], truths[1:], strict=True):
                for kind, interval in _pairs(sides[0], other, 1):
                    found[kind, name, "pair"].add(interval, known[kind] - truths[0][kind])
            if name == "all":
                for family, kinds in FAMILIES.items():
                    found[family, name, "pair"].add(*_together(sides, truths, kinds))
    for interval, truth in _busy(pools[0], days, size, number):
        found["utilisation", "pools", "one"].add(interval, truth)
    return found


def _truth(pool: Pool) -> dict[str, float]:
    seconds = pool.columns["seconds"]
    times = PooledTimes([SecondsHistogram(seconds)])
    found = {"in time": float(pool.columns["in_time"].mean()), "mean": float(seconds.mean())}
    found |= {_over(wait): float((seconds > wait * 60).mean()) for wait in WAITS}
    found |= {_named(p): float(times.ranked(int(np.ceil(p * times.count)))) for p in QUANTILES}
    tail = SecondsHistogram(seconds).tail_mean(TAIL)
    return found | {"tail mean": 0.0 if tail is None else tail}


def _side(pool: Pool, replications: range) -> Side:
    first, last = pool.of(replications[0]).start, pool.of(replications[-1]).stop
    sizes = np.diff(pool.starts[replications[0] : replications[-1] + 2])
    unit = np.repeat(np.arange(sizes.size), sizes)
    seconds, in_time = pool.columns["seconds"][first:last], pool.columns["in_time"][first:last]

    def summed(values: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Vector:
        sums = np.bincount(unit, weights=values, minlength=sizes.size)
        return sums.astype(np.float64, copy=False)

    sums = {"in time": summed(in_time), "mean": summed(seconds)}
    sums |= {_over(wait): summed(seconds > wait * 60) for wait in WAITS}
    parts = np.split(seconds, np.cumsum(sizes)[:-1])
    times = PooledTimes([SecondsHistogram(part) for part in parts])
    return Side(sizes.astype(np.float64), sums, times)


def _singles(side: Side) -> Iterator[tuple[str, Interval]]:
    for kind, sums in side.sums.items():
        if kind == "mean":
            yield kind, unless_few(ratio_interval(sums, side.cases, LEVEL), side.cases)
        else:
            interval = share_interval(sums, side.cases, LEVEL)
            yield kind, _without(interval) if interval.too_few else interval
    for probability in QUANTILES:
        yield _named(probability), TimeQuantile(probability).interval(side.times, LEVEL)
    yield "tail mean", TailMean(TAIL).interval(side.times, LEVEL)


def _without(interval: Interval) -> Interval:
    """Leave out the limit of a rare share, which is one-sided and no interval."""
    return Interval(interval.value, None, None, interval.n, interval.level, too_few=True)


def _pairs(
    before: Side, after: Side, comparisons: int, kinds: Sequence[str] | None = None
) -> Iterator[tuple[str, Interval]]:
    for kind in before.sums:
        if kinds is None or kind in kinds:
            interval = paired_ratio_difference(
                before.sums[kind],
                before.cases,
                after.sums[kind],
                after.cases,
                LEVEL,
                comparisons,
                share=kind != "mean",
            )
            if kind == "mean":
                interval = unless_few(interval, before.cases, after.cases)
            yield kind, interval
    for probability in QUANTILES:
        if kinds is None or _named(probability) in kinds:
            quantile = TimeQuantile(probability)
            interval = quantile.difference(before.times, after.times, LEVEL, comparisons)
            yield _named(probability), interval
    if kinds is None or "tail mean" in kinds:
        tail = TailMean(TAIL).difference(before.times, after.times, LEVEL, comparisons)
        yield "tail mean", tail


def _together(
    sides: Sequence[Side], truths: Sequence[Mapping[str, float]], kinds: Sequence[str]
) -> tuple[Interval, float]:
    """All differences of a family as one: its limits hold 0 where every one holds its truth."""
    family = (len(sides) - 1) * len(kinds)
    outside, withheld = False, False
    for other, truth in zip(sides[1:], truths[1:], strict=True):
        for kind, interval in _pairs(sides[0], other, family, kinds):
            withheld |= interval.low is None
            outside |= interval.excludes(truth[kind] - truths[0][kind])
    if withheld:
        return Interval(None, None, None, 0, LEVEL, adjusted=True), 0.0
    return Interval(0.0, -1.0, 1.0, 0, LEVEL, adjusted=True), 2.0 if outside else 0.0


def _busy(pool: Pool, days: int, size: int, number: int) -> Iterator[tuple[Interval, float]]:
    """Share of the time on duty that each pool was busy."""
    on_duty, busy = pool.on_duty[days], pool.busy[days]
    for place in np.flatnonzero(busy.any(axis=0)).tolist():
        truth = busy[:, place].sum() / on_duty[:, place].sum()
        for study in range(number):
            rows = slice(study * size, (study + 1) * size)
            columns = busy[rows, place], on_duty[rows, place]
            yield ratio_interval(*columns, LEVEL, share=True), float(truth)


def _over(minutes: int) -> str:
    return f"over {minutes} minutes"


def _named(probability: float) -> str:
    return f"p{round(100 * probability)}"


def report(found: Found) -> Iterator[str]:
    """Lines of a table: a line for each kind of estimate, by one scenario and by pair."""
    kinds = list(dict.fromkeys(kind for kind, _, _ in found))
    for what in ("one", "pair"):
        yield f"  {what:24}{'holds, %':>24}  {'least of the cuts':24}{'withheld':>9}{'same':>6}"
        for kind in kinds:
            cuts = {cut: held for (k, cut, w), held in found.items() if (k, w) == (kind, what)}
            if not cuts:
                continue
            whole = Held()
            for held in cuts.values():
                whole = whole.merged(held)
            told = {cut: held for cut, held in cuts.items() if held.studies >= 50}
            least = min(told, key=lambda cut: told[cut].held / told[cut].studies, default="")
            lowest = f"{100 * told[least].held / told[least].studies:.1f} {least}" if least else ""
            every = whole.studies + whole.withheld + whole.same
            yield (
                f"  {kind:24}{whole.told():>24}  {lowest:24}"
                f"{100 * whole.withheld / every:8.0f}%{100 * whole.same / every:5.0f}%"
            )


def main(arguments: Sequence[str] | None = None) -> int:
    """Make what is missing of the replications, and print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.coverage", description="How often intervals hold."
    )
    parser.add_argument("folder", type=Path, help="where the replications are kept")
    parser.add_argument("--studies", type=int, default=200)
    parser.add_argument("--replications", type=int, default=REPLICATIONS, help="of a study")
    parser.add_argument("--seconds", type=float, default=3_600, help="to play for at most")
    parser.add_argument("--worlds", nargs="+", choices=sorted(WORLDS), default=list(WORLDS))
    parser.add_argument("--cuts", action="store_true", help="print each cut too")
    chosen = parser.parse_args(arguments)
    wanted = chosen.studies * chosen.replications
    made = fill(chosen.folder, chosen.worlds, wanted, chosen.seconds)
    if made < wanted:
        print(f"{made:,} of {wanted:,} replications are made; ask again for the rest")
    for name in chosen.worlds:
        pools = read(chosen.folder, name)
        for days in DAYS:
            found = studies(pools, days, chosen.replications, chosen.studies)
            number = min(chosen.studies, pools[0].size // chosen.replications)
            print(
                f"{name} world ({WORLDS[name]} against {', '.join(CHANGES)}), {number} studies of "
                f"{chosen.replications} x {days} days, truth from {pools[0].size:,} replications"
            )
            for line in report(found):
                print(line)
            if chosen.cuts:
                for (kind, cut, what), held in found.items():
                    print(
                        f"    {what:5}{kind:24}{cut:14}{held.told()} withheld {held.withheld} "
                        f"same {held.same}"
                    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
