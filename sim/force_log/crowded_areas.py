"""Areas so many that hardly one of them has crews of its own: beats, and no districts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

import polars as pl

from sim.force_log.faults import LogFault

MOST: Final = 24
"""Districts of the largest forces; of more areas hardly one has crews of its own."""

_FEW: Final = 8
_LEAST_IN_HAND: Final = 1.0
"""Of more than a few areas, each has on average a job in hand at least, or its crews are anyone's.
"""


def many_areas(incidents: pl.DataFrame, column: str | None) -> Iterator[LogFault]:
    """Tell of areas that are too many for crews of their own.

    Parameters
    ----------
    incidents
        ``area``, a name or None: shape (incidents,).
    column
        Of the areas; None where the log has none.
    """
    known = incidents["area"].drop_nulls()
    areas = known.n_unique()
    if column is not None and areas > MOST:
        yield LogFault(
            "many_areas",
            f"{areas} areas, too many for each to have crews of its own: are these beats?",
            column,
            known.len(),
            incidents.height,
            "kept; fit takes all crews to be near, unless several labels share a name in [areas] "
            "of the mapping, as the beats of a district",
        )


def crowded_areas(incidents: pl.DataFrame, first: date, last: date) -> int:
    """Return the number of areas, if these are too many for crews of their own; else 0.

    They are where there are more than 24, or more than eight that have less than one job in hand
    each on average.

    Parameters
    ----------
    incidents
        As `sim.force_log.reading.Log.public`, of some days.
    first, last
        These days, both included.
    """
    areas = incidents["area"].drop_nulls().n_unique()
    if areas <= _FEW:
        return 0
    ended = pl.coalesce("cleared", "closed")
    busy = incidents.select((ended - pl.col("assigned")).dt.total_seconds().clip(0).sum()).item()
    seconds = ((last - first).days + 1) * 86_400
    return areas if areas > MOST or busy < _LEAST_IN_HAND * areas * seconds else 0


def without_areas(incidents: pl.DataFrame) -> pl.DataFrame:
    """The same incidents, as of a log that has no area."""
    return incidents.with_columns(pl.lit(None, incidents.schema["area"]).alias("area"))
