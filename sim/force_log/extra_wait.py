"""How much longer missing-child jobs wait than others of their grade, hour and place.

Each missing-child job's wait is divided by the median wait of the other jobs of its own grade,
block of four hours and area. The adjusted ratio is the median of these: 1 where a missing-child
job waits as others do. With few such jobs in each stratum that is steadier than a median of
children's waits within each.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from sim.force_log.disclosure import LEAST

LEAST_MEDIAN_MINUTES: Final = 1.0
"""Over a shorter median wait of the others no ratio is to be told, only minutes."""

_HOURS: Final = 4
_LEAST_OTHERS: Final = 20
_WEEKS_AS_CLUSTERS: Final = 26
_ROUND: Final = 250
_BINS: Final = 512
_MANY_CHILDREN: Final = 200
_HALVINGS: Final = 22

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ExtraWait:
    """The extra wait of one grade's missing-child jobs (or of all grades together).

    Attributes
    ----------
    grade
        None: all grades, each job held against its own.
    children, others
        Jobs compared, exact; not to be written.
    ratio, low, high
        Adjusted ratio of waits with its bootstrap interval.
    crude
        Ratio of medians without regard to hour and place; None over several grades.
    minutes, minutes_low, minutes_high
        Median of a job's wait less the median of the others of its stratum.
    coarser
        Share of the missing-child jobs whose stratum had too few others, so that area, or area
        and hour, were left aside.
    clusters
        What was drawn anew: ``days`` or ``weeks``.
    against
        Minutes that the ratio divides by, typically: the median, over missing-child jobs, of the
        others' median wait.
    """

    grade: int | None
    children: int
    others: int
    ratio: float
    low: float | None
    high: float | None
    crude: float | None
    minutes: float
    minutes_low: float | None
    minutes_high: float | None
    coarser: float
    clusters: str
    against: float

    @property
    def ratio_tells(self) -> bool:
        """Whether the others wait long enough for a ratio to mean anything."""
        return self.against >= LEAST_MEDIAN_MINUTES


def extra_wait(
    delays: pl.DataFrame,
    stage: str,
    level: float,
    generator: np.random.Generator,
    *,
    grade: int | None = None,
    resamples: int = 1000,
) -> ExtraWait | None:
    """Estimate the extra wait of missing-child jobs.

    Parameters
    ----------
    delays
        As `sim.force_log.delays.with_delays` returns it, without officer-initiated work.
    stage
        The wait, such as ``graded_to_assigned``.
    level
        Confidence level of the percentile interval.
    generator
        Draws days (or weeks, of half a year or more) anew, with all their jobs.
    grade
        One grade, or None for all that have missing-child jobs.
    resamples
        How often.

    Returns
    -------
    ExtraWait or None
        None with fewer than five missing-child jobs or twenty others.
    """
    jobs = delays.filter(pl.col(stage).is_not_null() & pl.col("grade").is_not_null())
    if grade is not None:
        jobs = jobs.filter(pl.col("grade") == grade)
    child = pl.col("stream") == "missing_child"
    mine = jobs.filter(child)
    rest = jobs.filter(~child & (pl.col("stream") != "returned")).join(
        mine.select("grade").unique(), on="grade", how="semi"
    )
    if mine.height < LEAST or rest.height < _LEAST_OTHERS:
        return None
    both = pl.concat([mine, rest], how="vertical").with_columns(child=child)
    both, coarser = _stratified(both)
    if both.is_empty() or both["child"].sum() < LEAST:
        return None
    by_week = delays["day"].dt.truncate("1w").n_unique() >= _WEEKS_AS_CLUSTERS
    cluster = pl.col("day").dt.truncate("1w") if by_week else pl.col("day")
    both = both.with_columns(cluster=cluster.rank("dense").cast(pl.Int64) - 1).sort(stage)
    sample = _Sample.of(both, stage)
    ratio, minutes = (
        float(found[0]) for found in sample.estimates(np.ones((1, sample.size)), exact=True)
    )
    ratios, extras = sample.resampled(generator, resamples)
    tail = (1 - level) / 2
    low, high = _limits(ratios, tail)
    minutes_low, minutes_high = _limits(extras, tail)
    crude = None
    if grade is not None:
        crude = float(np.median(mine[stage].to_numpy()) / _floor(np.median(rest[stage].to_numpy())))
    return ExtraWait(
        grade=grade,
        children=mine.height,
        others=rest.height,
        ratio=ratio,
        low=None if low is None else min(low, ratio),
        high=None if high is None else max(high, ratio),
        crude=crude,
        minutes=minutes,
        minutes_low=None if minutes_low is None else min(minutes_low, minutes),
        minutes_high=None if minutes_high is None else max(minutes_high, minutes),
        coarser=coarser,
        clusters="weeks" if by_week else "days",
        against=sample.against(),
    )


def _stratified(both: pl.DataFrame) -> tuple[pl.DataFrame, float]:
    """Add ``stratum``; return the share of children for whom it had to be made coarser."""
    block = pl.col("hour") // _HOURS
    keys = {
        "fine": ("grade", block, pl.col("area")),
        "middle": ("grade", block),
        "coarse": ("grade",),
    }
    others = (~pl.col("child")).sum()
    named = both.with_columns(
        *(others.over(*key).alias(f"{name}_others") for name, key in keys.items()),
        *(pl.struct(*key).rank("dense").alias(name) for name, key in keys.items()),
    )
    # A child is held against the finest stratum with enough others.
    child = pl.col("child")
    chosen = (
        pl.when(pl.col("fine_others") >= _LEAST_OTHERS)
        .then(pl.lit("fine"))
        .when(pl.col("middle_others") >= _LEAST_OTHERS)
        .then(pl.lit("middle"))
        .otherwise(pl.lit("coarse"))
    )
    named = named.with_columns(chosen=chosen)
    children = named.filter(child)
    used = [
        children.filter(pl.col("chosen") == name).select(stratum=pl.col(name)).unique()
        .with_columns(chosen=pl.lit(name))
        for name in keys
    ]  # fmt: skip
    parts = []
    for name, strata in zip(keys, used, strict=True):
        own = children.filter(pl.col("chosen") == name).with_columns(stratum=pl.col(name))
        against = (
            named.filter(~child)
            .with_columns(stratum=pl.col(name))
            .join(strata.select("stratum"), on="stratum", how="semi")
        )
        parts.append(
            pl.concat([own, against]).with_columns(
                stratum=pl.concat_str(pl.lit(f"{name} "), pl.col("stratum").cast(pl.String))
            )
        )
    share = children.select((pl.col("chosen") != "fine").mean()).item()
    return pl.concat(parts), float(share or 0.0)


@dataclass(frozen=True, slots=True)
class _Others:
    """Other jobs' waits in one stratum, sorted, with the cluster of each.

    Of many waits only the middle matters to a median: for draws those below the lower and above
    the upper quartile are one bin each, and the rest are cut into bins of equal numbers, counted
    by cluster. That moves a median by less than a thousandth of the ranks.
    """

    waits: Floats
    clusters: Ints
    values: Floats | None
    counts: Floats | None

    @classmethod
    def of(cls, waits: Floats, clusters: Ints, size: int) -> _Others:
        n = len(waits)
        if n <= 2 * _BINS:
            return cls(waits, clusters, None, None)
        ranks = np.arange(n)
        lower, upper = n // 4, n - n // 4
        bins = np.clip((ranks - lower) * _BINS // (upper - lower) + 1, 0, _BINS + 1)
        values = np.bincount(bins, waits) / np.bincount(bins)
        cells = np.bincount(clusters * (_BINS + 2) + bins, minlength=size * (_BINS + 2))
        return cls(waits, clusters, values, cells.reshape(size, _BINS + 2).astype(np.float64))

    def medians(self, weights: Floats) -> Floats:
        """Median wait under each row of cluster weights; shape (draws,)."""
        return _at_half(self.waits[None, :], weights[:, self.clusters])


@dataclass(frozen=True, slots=True)
class _Sample:
    """Children's waits and those that they are held against: what a draw of clusters weighs."""

    others: tuple[_Others, ...]
    child_waits: Floats
    child_clusters: Ints
    child_strata: Ints
    size: int

    @classmethod
    def of(cls, both: pl.DataFrame, stage: str) -> _Sample:
        """Take jobs, sorted by their waits, apart."""
        numbered = both.with_columns(place=pl.col("stratum").rank("dense").cast(pl.Int64) - 1)
        parts = numbered.filter(~pl.col("child")).partition_by("place", as_dict=True)
        children = numbered.filter("child")
        size = int(numbered["cluster"].n_unique())
        return cls(
            others=tuple(
                _Others.of(
                    parts[place,][stage].to_numpy(), parts[place,]["cluster"].to_numpy(), size
                )
                for place in sorted(int(str(key[0])) for key in parts)
            ),
            child_waits=children[stage].to_numpy(),
            child_clusters=children["cluster"].to_numpy(),
            child_strata=children["place"].to_numpy(),
            size=size,
        )

    def against(self) -> float:
        """Median over children of the median wait of the others of their stratum."""
        medians = self._medians(np.ones((1, self.size)), exact=True)[0]
        return float(np.nanmedian(medians[self.child_strata]))

    def resampled(self, generator: np.random.Generator, times: int) -> tuple[Floats, Floats]:
        """Estimates of draws of clusters with replacement; shape (times,) each, NaN for none."""
        ratios, extras = [], []
        for start in range(0, times, _ROUND):
            draws = min(_ROUND, times - start)
            weights = generator.multinomial(self.size, np.full(self.size, 1 / self.size), draws)
            ratio, extra = self.estimates(weights.astype(np.float64))
            ratios.append(ratio)
            extras.append(extra)
        return np.concatenate(ratios), np.concatenate(extras)

    def estimates(self, weights: Floats, *, exact: bool = False) -> tuple[Floats, Floats]:
        """Median ratio and median extra minutes under each row of cluster weights."""
        medians = self._medians(weights, exact=exact)
        if not exact and len(self.child_waits) > _MANY_CHILDREN:
            return self._bisected(weights, medians)
        medians = medians[:, self.child_strata]
        own = weights[:, self.child_clusters] * np.isfinite(medians)
        ratios = self.child_waits / _floor(medians)
        extras = self.child_waits - medians
        return _weighted_medians(ratios, own), _weighted_medians(extras, own)

    def _medians(self, weights: Floats, *, exact: bool) -> Floats:
        """Median waits of the others by stratum, shape (draws, strata)."""
        binned = [one for one in self.others if one.counts is not None and not exact]
        found = []
        if binned:
            # One product for all strata: many small ones would be slower by far.
            product = weights @ np.hstack([one.counts for one in binned if one.counts is not None])
        start = 0
        for one in self.others:
            if exact or one.values is None:
                found.append(one.medians(weights))
            else:
                end = start + len(one.values)
                found.append(_at_half(one.values[None, :], product[:, start:end]))
                start = end
        return np.stack(found, axis=1)

    def _bisected(self, weights: Floats, medians: Floats) -> tuple[Floats, Floats]:
        """The same without sorting each draw: halve, until the weight below is half of it.

        A ratio is under r where the wait is under r times the median of its stratum, so it is
        enough to know each draw's running weight along each stratum's sorted waits.
        """
        sound = np.isfinite(medians)
        medians = np.where(sound, medians, 0.0)
        waits, running = [], []
        for stratum in range(len(self.others)):
            rows = np.flatnonzero(self.child_strata == stratum)
            rows = rows[np.argsort(self.child_waits[rows], kind="stable")]
            waits.append(self.child_waits[rows])
            drawn = weights[:, self.child_clusters[rows]] * sound[:, stratum, None]
            running.append(np.pad(np.cumsum(drawn, axis=1), ((0, 0), (1, 0))))
        draw = np.arange(len(weights))
        half = sum(one[:, -1] for one in running) / 2

        def halved(low: Floats, high: Floats, bound: Callable[[Floats], Floats]) -> Floats:
            for _ in range(_HALVINGS):
                middle = (low + high) / 2
                ends = bound(middle)
                below = sum(
                    one[draw, np.searchsorted(own, ends[:, stratum], "right")]
                    for stratum, (own, one) in enumerate(zip(waits, running, strict=True))
                )
                under = below < half
                low, high = np.where(under, middle, low), np.where(under, high, middle)
            return np.where(half > 0, high, np.nan)

        size = np.full(len(weights), float(self.child_waits.max()))
        floors = _floor(medians)
        largest = size / floors.min(axis=1)
        # On the scale of its logarithm a ratio is found as closely wherever it lies.
        ratios = halved(
            np.full(len(weights), -15.0),
            np.log(np.maximum(largest, 1.0)),
            lambda x: np.exp(x)[:, None] * floors,
        )
        extras = halved(-medians.max(axis=1), size, lambda x: x[:, None] + medians)
        return np.exp(ratios), extras


def _floor(minutes: Floats | np.floating) -> Floats:
    """Medians of nearly nothing would make ratios of nothing: a second is the least."""
    return np.maximum(np.asarray(minutes, dtype=np.float64), 1 / 60)


def _weighted_medians(values: Floats, weights: Floats) -> Floats:
    """Median of each row of values under its own row of weights."""
    order = np.argsort(np.where(np.isfinite(values), values, np.inf), axis=1, kind="stable")
    return _at_half(
        np.take_along_axis(values, order, axis=1), np.take_along_axis(weights, order, axis=1)
    )


def _at_half(values: Floats, weights: Floats) -> Floats:
    """Mean of the values at which the running weight reaches and passes one half."""
    running = np.cumsum(weights, axis=1)
    half = running[:, -1] / 2
    reached = np.argmax(running >= half[:, None], axis=1)
    passed = np.argmax(running > half[:, None], axis=1)
    rows = np.arange(len(weights)) if len(values) > 1 else np.zeros(len(weights), dtype=np.int64)
    found = (values[rows, reached] + values[rows, passed]) / 2
    return np.where(half > 0, found, np.nan)


def _limits(values: Floats, tail: float) -> tuple[float | None, float | None]:
    sound = values[np.isfinite(values)]
    if len(sound) < len(values) / 2:
        return None, None
    low, high = np.quantile(sound, [tail, 1 - tail])
    return float(low), float(high)
