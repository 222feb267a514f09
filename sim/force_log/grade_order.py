"""Whether grades stand in the order that the mapping gives them, by what became of their jobs.

A scale may run the other way, with 9 for the most urgent, and a 0 may mean that nobody is to be
sent. Names do not tell; waits do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from sim.force_log.faults import LogFault

_FEWEST: Final = 50
_TIMES: Final = 3.0
_MINUTES: Final = 5.0
_SELDOM, _MOSTLY = 0.3, 0.7


def grades_about(incidents: pl.DataFrame, column: str) -> Iterator[LogFault]:
    """Tell of a grade whose jobs wait far longer than those of a less urgent one.

    So too where, unlike to one that is less urgent, to hardly any anybody is sent.

    Parameters
    ----------
    incidents
        ``grade``, ``officer_initiated`` and the moments: shape (incidents,).
    column
        Of the priority.
    """
    sent = pl.coalesce("assigned", "arrived")
    found = (
        incidents.filter(~pl.col("officer_initiated") & pl.col("grade").is_not_null())
        .with_columns(wait=(sent - pl.col("received")).dt.total_seconds() / 60)
        .group_by("grade")
        .agg(
            pl.len().alias("jobs"),
            pl.col("wait").count().alias("sent"),
            pl.col("wait").median().alias("median"),
        )
        .sort("grade")
        .rows(named=True)
    )
    for place, one in enumerate(found):
        for other in found[place + 1 :]:
            what = _turned(one, other)
            if what is not None:
                yield LogFault(
                    "grades_about",
                    f"{what} of grade {other['grade']}: does the scale run the other way, or does "
                    "a label mean something else?",
                    column,
                    one["jobs"],
                    incidents.height,
                    "kept; [grades] in the mapping says which grade each label is, 1 the most "
                    "urgent",
                )
                return


def _turned(one: dict[str, float], other: dict[str, float]) -> str | None:
    """Why a grade seems less urgent than one that stands below it; None: it does not."""
    if one["sent"] >= _FEWEST <= other["sent"]:
        times = one["median"] / max(other["median"], 1.0)
        if times >= _TIMES and one["median"] - other["median"] >= _MINUTES:
            return f"jobs of grade {one['grade']} wait {times:.0f} times as long as those"
    if one["jobs"] >= _FEWEST <= other["jobs"]:
        few, many = one["sent"] / one["jobs"], other["sent"] / other["jobs"]
        if few < _SELDOM and many > _MOSTLY:
            return (
                f"officers are sent to hardly any job of grade {one['grade']}, and to most of those"
            )
    return None
