"""The plainest forecasts of a wait: that it will be as those of some weeks before.

A model that cannot do better than these has learnt nothing from who was on duty and what was in
hand. Both are whole distributions, so that a proper score can hold all of them to what came.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from sim.force_log.replaying.held_against import Floats, Ints
from sim.force_log.replaying.scores import score_of_each

_FEWEST: Final = 30
"""A forecast by the hour rests on so many waits at least: nearer hours first."""
SATURDAY: Final = 6


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """The waits of some weeks, from which the plainest forecasts are made.

    Attributes
    ----------
    minutes
        From grading to allocation, shape (n,).
    grade, hour
        Of each job; the hour is that of receipt, 0 to 23.
    weekend
        Whether it was received on a Saturday or Sunday.
    day
        A number for each day, from 0 on, shape (n,).
    """

    minutes: Floats
    grade: Ints
    hour: Ints
    weekend: Ints
    day: Ints

    @property
    def days(self) -> int:
        """How many days with jobs there are."""
        return len(np.unique(self.day))

    def of(self, grade: int) -> Floats:
        """Minutes of one grade."""
        return np.asarray(self.minutes[self.grade == grade], dtype=np.float64)

    def near(self, grade: int, hour: int, weekend: int) -> Floats:
        """Minutes of one grade near an hour, on the same kind of day while that is enough."""
        own = self.grade == grade
        apart = np.abs(self.hour - hour)
        apart = np.minimum(apart, 24 - apart)
        for same_days in (own & (self.weekend == weekend), own):
            for hours in (1, 2, 3):
                chosen = same_days & (apart <= hours)
                if chosen.sum() >= _FEWEST:
                    return np.asarray(self.minutes[chosen], dtype=np.float64)
        return self.of(grade)


def past_of(incidents: pl.DataFrame, most: int) -> Past:
    """Take the waits of a log's incidents.

    Parameters
    ----------
    incidents
        As `sim.force_log.reading.Log.public`.
    most
        The highest grade that counts.
    """
    graded = pl.coalesce("graded", "received")
    waits = (
        incidents.filter(pl.col("grade") <= most)
        .select(
            pl.col("grade").cast(pl.Int64),
            minutes=((pl.col("assigned") - graded).dt.total_milliseconds() / 60_000).clip(0.0),
            hour=pl.col("received").dt.hour().cast(pl.Int64),
            weekend=(pl.col("received").dt.weekday() >= SATURDAY).cast(pl.Int64),
            day=pl.col("received").dt.date().rank("dense").cast(pl.Int64) - 1,
        )
        .filter(pl.col("minutes").is_not_null())
    )
    return Past(
        *(waits[name].to_numpy() for name in ("minutes", "grade", "hour", "weekend", "day"))
    )


def scored(past: Past, observed: Floats, grade: Ints, hour: Ints, weekend: Ints) -> Floats:
    """Score both forecasts of each job: by grade, and by grade and hour of the week.

    Parameters
    ----------
    past
        What they are made from.
    observed, grade, hour, weekend
        Of the jobs forecast, shape (n,) each.

    Returns
    -------
    Floats
        Shape (2, n); NaN where the past has fewer than two waits of the grade.
    """
    found = np.full((2, len(observed)), np.nan)
    for one in np.unique(grade):
        own = grade == one
        if len(past.of(one)) > 1:
            found[0, own] = score_of_each(past.of(one), observed[own])
        for at, kind in {*zip(hour[own].tolist(), weekend[own].tolist(), strict=True)}:
            cell = own & (hour == at) & (weekend == kind)
            members = past.near(int(one), at, kind)
            if len(members) > 1:
                found[1, cell] = score_of_each(members, observed[cell])
    return found
