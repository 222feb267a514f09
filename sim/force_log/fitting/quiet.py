"""The delay between grade and deployment that no lack of crews explains, by grade.

A job graded in calm hours, while few others were in hand, seldom waits for a crew. What it waits
for then (a decision, a call back, the beat's own officer) is taken for the delay that more crews
would not shorten. Some of it is a wait for a crew all the same, so the fit may scale it.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from sim.force_log.fitting.lengths import FEWEST
from sim.force_log.replaying.work import Work

Floats: TypeAlias = npt.NDArray[np.float64]

_CALM_BLOCKS: Final = 3
_QUIET: Final = 0.6
_BLOCK_HOURS: Final = 4
_MOST_OF_GRADE_1: Final = 1 / 3


def quiet_waits(work: Work) -> dict[int, Floats]:
    """Return minutes from grading to allocation of each grade's jobs in quiet hours.

    Of the six blocks of four hours those three are taken in which jobs wait least for their grade
    (by the mean rank of their wait among jobs of the grade), and of their jobs the three fifths
    that were graded while the fewest others of that block were in hand. Grade 1, for which others
    lose their crews, gives all of its jobs, as does a grade with fewer than thirty such; with fewer
    than thirty in all it is left out.
    """
    jobs = work.jobs.drop_nulls("assigned")
    begun = np.sort(jobs["assigned"].to_numpy())
    ended = np.sort((jobs["assigned"] + jobs["travel"] + jobs["scene"]).to_numpy())
    graded = jobs["graded"].to_numpy()
    in_hand = np.searchsorted(begun, graded, "left") - np.searchsorted(ended, graded, "right")
    ranked = (
        jobs.select(
            "grade",
            wait=((pl.col("assigned") - pl.col("graded")) / 60).clip(0.0),
            block=pl.col("hour") // _BLOCK_HOURS,
        )
        .with_columns(in_hand=pl.Series(in_hand))
        .with_columns(rank=pl.col("in_hand").rank("average").over("block") / pl.len().over("block"))
    )
    calm = (
        ranked.with_columns(late=pl.col("wait").rank().over("grade") / pl.len().over("grade"))
        .group_by("block")
        .agg(pl.col("late").mean())
        .sort("late", "block")["block"]
        .head(_CALM_BLOCKS)
    )
    quiet = ranked.filter((pl.col("rank") <= _QUIET) & pl.col("block").is_in(calm.implode()))
    found = {}
    for grade in sorted(ranked["grade"].unique().to_list()):
        waits = quiet.filter(pl.col("grade") == grade)["wait"].to_numpy()
        if (grade == 1 and others_make_room(work)) or len(waits) < FEWEST:
            waits = ranked.filter(pl.col("grade") == grade)["wait"].to_numpy()
        if len(waits) >= FEWEST:
            found[int(grade)] = waits
    return found


def others_make_room(work: Work) -> bool:
    """Whether there is enough other work for grade 1 to take its crews from, so that none waits."""
    return int((work.jobs["grade"] == 1).sum()) < _MOST_OF_GRADE_1 * work.jobs.height


def jobs_in_hand(work: Work, hours: Floats) -> Floats:
    """Return the mean number of jobs in hand in each hour of the day, for these hours."""
    jobs = work.jobs.drop_nulls("assigned")
    start = jobs["assigned"].to_numpy() / 3600
    length = (jobs["travel"] + jobs["scene"]).to_numpy() / 3600
    total = np.zeros(24)
    # Of each job, what falls into each of the hours that it lasts.
    for step in range(int(np.ceil(length.max(initial=0.0))) + 2):
        begin = np.floor(start) + step
        part = np.clip(np.minimum(start + length, begin + 1) - np.maximum(start, begin), 0, None)
        np.add.at(total, (begin % 24).astype(np.int64), part)
    return np.asarray(total[hours.astype(np.int64)] / max(work.days, 1))
