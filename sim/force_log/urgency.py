"""Which end of a scale of priorities is the urgent one, by how long its jobs waited.

A 3 is the most urgent in one city and the least in the next; of A and E, or of high and medium,
nobody but the force knows the rungs. How long their jobs waited tells the order, and no grade.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

import polars as pl

from sim.force_log.own_work import AT_ONCE_SECONDS

_FEWEST: Final = 50
"""Jobs of a label whose waits may be told: no other is asked."""

_TIMES: Final = 2.0
_MINUTES: Final = 5.0
"""By how much the ends of a scale differ, where its waits are to turn it about."""


def waits_by_label(moments: pl.DataFrame, labels: pl.Series) -> dict[str, float]:
    """Return the minutes within which half of the jobs of a priority had somebody assigned.

    Parameters
    ----------
    moments
        A column for each time that the log has: shape (rows,).
    labels
        Of the priority, shape (rows,), strings; empty cells are None.

    Returns
    -------
    dict
        For each label with 50 such jobs or more. Those to which somebody went within seconds are
        left out: officers began them. Where the log has no time of allocation, until arrival.
    """
    sent = next((stamp for stamp in ("assigned", "arrived") if stamp in moments), None)
    if sent is None or "received" not in moments:
        return {}
    wait = (moments[sent] - moments["received"]).dt.total_seconds()
    found = (
        pl.DataFrame({"label": labels.cast(pl.String), "wait": wait})
        .drop_nulls()
        .filter(pl.col("wait") > AT_ONCE_SECONDS)
        .group_by("label")
        .agg(pl.len().alias("jobs"), (pl.col("wait").median() / 60).alias("minutes"))
        .filter(pl.col("jobs") >= _FEWEST)
    )
    return dict(found.select("label", "minutes").iter_rows())


def turned(grades: Mapping[str, int | None], waits: Mapping[str, float]) -> bool:
    """Whether waits say that the scale runs the other way: the higher the number, the shorter.

    Parameters
    ----------
    grades
        Of each label, as its number says.
    waits
        As `waits_by_label` returns them.
    """
    known = {label: grade for label, grade in grades.items() if grade is not None}
    by_grade: dict[int, list[float]] = {}
    for label, grade in known.items():
        if label in waits:
            by_grade.setdefault(grade, []).append(waits[label])
    typical = [sum(some) / len(some) for _, some in sorted(by_grade.items())]
    return (
        len(typical) > 1
        and all(before > after for before, after in pairwise(typical))
        and typical[0] >= _TIMES * max(typical[-1], 1.0)
        and typical[0] - typical[-1] >= _MINUTES
    )


def turned_about(grades: Mapping[str, int | None]) -> dict[str, int | None]:
    """The same scale from its other end."""
    known = [grade for grade in grades.values() if grade is not None]
    ends = min(known) + max(known)
    about = {label: grade and ends - grade for label, grade in grades.items()}
    ordered = sorted(about.items(), key=lambda pair: (pair[1] is None, pair[1] or 0, pair[0]))
    return dict(ordered)


def by_wait(labels: Sequence[str], waits: Mapping[str, float]) -> list[str]:
    """Labels in the order of their waits, those of which too few jobs were seen at the end."""
    return sorted(labels, key=lambda label: (label not in waits, waits.get(label, 0.0), label))
