"""Hours in which a log has no receipt at all, though many are usual: a system that was down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import numpy as np
import polars as pl

from sim.force_log.faults import LogFault

_USUAL: Final = 20.0
"""Receipts that are usual in so long a gap: with half as many it comes once in 20,000 gaps."""

_LEAST_DAYS: Final = 7
_HOURS: Final = 24
_MOST_TOLD: Final = 3


def silences(received: pl.Series) -> Iterator[LogFault]:
    """Tell of gaps between receipts that no luck explains.

    Parameters
    ----------
    received
        Shape (incidents,): times of receipt, with their zone, in order.
    """
    hours = received.dt.convert_time_zone("UTC").dt.truncate("1h")
    if received.len() < _USUAL or (hours[-1] - hours[0]) < timedelta(days=_LEAST_DAYS):
        return
    by_hour = np.bincount(received.dt.hour().to_numpy(), minlength=_HOURS).astype(float)
    days = (hours[-1] - hours[0]).total_seconds() / 86_400
    usual = by_hour / days
    gaps = pl.DataFrame({"begins": received.shift(1), "ends": received}).drop_nulls()
    gaps = gaps.with_columns(hours=(pl.col("ends") - pl.col("begins")).dt.total_seconds() / 3_600)
    some = gaps.filter(pl.col("hours") * usual.max() >= _USUAL)
    found = [
        (begins, lasted)
        for begins, _, lasted in some.rows()
        if _expected(usual, begins.hour + begins.minute / 60, lasted) >= _USUAL
    ]
    if not found:
        return
    shown = "; ".join(
        f"{begins:%Y-%m-%d %H:%M}, {lasted:.0f} hours" for begins, lasted in found[:_MOST_TOLD]
    )
    more = f"; and {len(found) - _MOST_TOLD} more" if len(found) > _MOST_TOLD else ""
    yield LogFault(
        "silence",
        f"hours without a receipt where {_USUAL:.0f} and more are usual ({shown}{more})",
        "received",
        len(found),
        gaps.height,
        "kept; was the system down, or are rows lost? Reports of these days are too few, so "
        "choose others",
    )


def _expected(
    by_hour: np.ndarray[tuple[int], np.dtype[np.float64]], begin: float, lasted: float
) -> float:
    """Receipts that are usual in some hours from a time of day on."""
    at = np.arange(begin, begin + lasted, 0.05)
    return float(by_hour[at.astype(int) % _HOURS].sum() * 0.05)
