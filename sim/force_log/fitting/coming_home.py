"""When missing people would come home unprompted, from the returns that records hold."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from sim.force_log.disclosure import LEAST, quantile_may_leave, rounded, rounded_minutes
from sim.force_log.fitting.lengths import Length, quantile_of
from sim.force_log.returns import MINUTES

Floats: TypeAlias = npt.NDArray[np.float64]

_FEWEST: Final = 20
_SHORTEST_MINUTES: Final = 1.0
_WIDEST: Final = 3.0


def natural_return(incidents: pl.DataFrame) -> Length | None:
    """Fit the time after the report at which missing people would come home unprompted.

    Parameters
    ----------
    incidents
        Those of one kind of missing person, with ``received``, ``returned`` and ``found_by``.

    Returns
    -------
    Length
        A lognormal, held against the product-limit estimate; `n` is how many came back unprompted.
        None with fewer than twenty of these, or where police found half of all before half of the
        others were back.

    Notes
    -----
    Police who find a child end that child's wait: such a time is censored (Kaplan and Meier,
    1958, "Nonparametric estimation from incomplete observations", JASA 53, 457-481). Records that
    do not say who found the child count as unprompted. Those without a return are left out.
    """
    from scipy.optimize import minimize
    from scipy.special import log_ndtr

    known = incidents.select(minutes=MINUTES, found_by="found_by").drop_nulls("minutes")
    minutes = np.maximum(known["minutes"].to_numpy(), _SHORTEST_MINUTES)
    event = (known["found_by"] != "police").fill_null(value=True).to_numpy()
    n = int(event.sum())
    if n < _FEWEST:
        return None
    logs = np.log(minutes)

    def unlikely(numbers: Floats) -> float:
        z = (logs - numbers[0]) / np.exp(numbers[1])
        density = -0.5 * z**2 - numbers[1]
        return -float(np.where(event, density, log_ndtr(-z)).sum())

    start = np.array([float(logs[event].mean()), np.log(max(float(logs[event].std()), 0.1))])
    middle, width = minimize(unlikely, start, method="Nelder-Mead").x
    longest = float(np.sort(minutes)[-LEAST:].mean())
    duration = {
        "family": "lognormal",
        "median_minutes": max(float(f"{np.exp(middle):.3g}"), 1.0),
        "sigma": round(min(float(np.exp(width)), _WIDEST), 2),
        "at_most_minutes": float(np.ceil(longest / 60) * 60),
    }
    away = _away(minutes, event)
    observed = [_first_under(minutes, away, share) for share in (0.5, 0.1)]
    if observed[0] is None:
        return None
    fitted = quantile_of(duration, np.array([0.5, 0.9]))
    gone = log_ndtr((np.log(np.sort(minutes)) - middle) / np.exp(width))
    return Length(
        what="from the report to coming home unprompted",
        family="lognormal",
        duration=duration,
        scores={},
        distance=round(float(np.abs(1 - away - np.exp(gone)).max()), 3),
        observed=(
            rounded_minutes(observed[0], n),
            None if observed[1] is None or not quantile_may_leave(0.9, n)
            else rounded_minutes(observed[1], n),
        ),
        fitted=(rounded_minutes(float(fitted[0]), n), rounded_minutes(float(fitted[1]), n)),
        n=rounded(n) or 0,
    )  # fmt: skip


def _away(minutes: Floats, event: npt.NDArray[np.bool_]) -> Floats:
    """Share still away after each of the sorted times, by the product-limit estimate."""
    at_risk = np.arange(len(minutes), 0, -1)
    return np.asarray(np.cumprod(1 - event[np.argsort(minutes, kind="stable")] / at_risk))


def _first_under(minutes: Floats, away: Floats, share: float) -> float | None:
    reached = np.flatnonzero(away <= share)
    return float(np.sort(minutes)[reached[0]]) if reached.size else None
