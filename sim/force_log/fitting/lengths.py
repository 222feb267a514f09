"""Lengths of time: the family under which those left out are likeliest, and how well it fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.force_log.disclosure import LEAST, quantile_may_leave, rounded, rounded_minutes

Floats: TypeAlias = npt.NDArray[np.float64]
Duration: TypeAlias = dict[str, Any]

FEWEST: Final = 30
"""With fewer lengths none is fitted."""

LEVELS: Final = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
_FOLDS: Final = 5
_SHORTEST_MINUTES: Final = 1 / 60
_NARROWEST_MINUTES: Final = 0.05


@dataclass(frozen=True, slots=True)
class Length:
    """One fitted length of time.

    Attributes
    ----------
    what
        What takes so long, in words.
    family
        ``lognormal``, ``gamma`` or ``quantiles``.
    duration
        As a scenario holds it.
    scores
        Of each family tried: mean log-likelihood of a length that was left out of its fit.
    distance
        Largest distance between the two distribution functions (Kolmogorov and Smirnov).
    observed, fitted
        Minutes at a half and at nine tenths; the log's nine tenths None, withheld, where fewer than
        five lengths lie beyond it.
    n
        Lengths behind it, to the nearest five.
    """

    what: str
    family: str
    duration: Duration
    scores: dict[str, float]
    distance: float
    observed: tuple[float, float | None]
    fitted: tuple[float, float]
    n: int


def length(what: str, minutes: Floats, rng: np.random.Generator) -> Length | None:
    """Fit a length of time; None with fewer than thirty.

    Parameters
    ----------
    what
        In words.
    minutes
        Shape (n,).
    rng
        Deals them into five parts, each left out in turn.

    Notes
    -----
    The criterion is the mean log-likelihood of lengths that were left out of the fit. Of families
    within a thousandth the one with the fewest numbers is taken. Lengths under a second count as
    one; the longest is the mean of the five longest, so that none is an incident's own.
    """
    minutes = np.maximum(minutes[np.isfinite(minutes)], _SHORTEST_MINUTES)
    n = len(minutes)
    if n < FEWEST:
        return None
    longest = float(np.sort(minutes)[-LEAST:].mean())
    minutes = np.minimum(minutes, longest)
    fold = rng.permutation(n) % _FOLDS
    scores: dict[str, float] = {}
    for family in ("lognormal", "gamma", "quantiles"):
        found = [
            _log_density(family, _parameters(family, minutes[fold != k]), minutes[fold == k])
            for k in range(_FOLDS)
        ]
        scores[family] = round(float(np.concatenate(found).mean()), 4)
    best = max(scores.values())
    family = next(name for name, score in scores.items() if score >= best - 0.001)
    duration = _duration(family, _parameters(family, minutes), minutes, longest)
    return Length(
        what=what,
        family=family,
        duration=duration,
        scores=scores,
        distance=round(distance_to(duration, minutes), 3),
        observed=_seen(minutes),
        fitted=_pair(quantile_of(duration, np.array([0.5, 0.9])), n),
        n=rounded(n) or 0,
    )


def quantiles_of(minutes: Floats, scale: float = 1.0) -> Duration:
    """Return a table of quantiles with at least five lengths beyond each inner one."""
    n = len(minutes)
    ordered = np.sort(minutes)
    ends = (float(ordered[:LEAST].mean()), float(ordered[-LEAST:].mean()))
    inner = [level for level in LEVELS[1:-1] if min(level, 1 - level) * n >= LEAST]
    values = [ends[0], *np.quantile(ordered, inner).tolist(), ends[1]]
    rising = np.maximum.accumulate(np.array(values)) * scale
    return {
        "family": "quantiles",
        "levels": [0.0, *inner, 1.0],
        "minutes": [rounded_minutes(float(value), n) for value in rising],
    }


def quantile_of(duration: Duration, levels: Floats) -> Floats:
    """Return minutes at levels under a duration as a scenario holds it."""
    from pydantic import TypeAdapter

    from sim.fates.durations import minutes_at
    from sim.scenario.fields import Duration as Model

    return minutes_at(TypeAdapter(Model).validate_python(duration), levels)


def distance_to(duration: Duration, minutes: Floats) -> float:
    """Return the Kolmogorov and Smirnov distance between lengths and a duration."""
    levels = (np.arange(2000) + 0.5) / 2000
    fitted = quantile_of(duration, levels)
    both = np.sort(np.concatenate([fitted, minutes]))
    own = np.searchsorted(np.sort(minutes), both, "right") / len(minutes)
    other = np.searchsorted(fitted, both, "right") / len(fitted)
    return float(np.abs(own - other).max())


def _seen(minutes: Floats) -> tuple[float, float | None]:
    n = len(minutes)
    half, most = _pair(np.quantile(minutes, [0.5, 0.9]), n)
    return half, most if quantile_may_leave(0.9, n) else None


def _pair(values: Floats, n: int) -> tuple[float, float]:
    return rounded_minutes(float(values[0]), n), rounded_minutes(float(values[1]), n)


def _parameters(family: str, minutes: Floats) -> Floats:
    logs = np.log(minutes)
    if family == "lognormal":
        return np.array([logs.mean(), max(float(logs.std()), 0.02)])
    if family == "gamma":
        return np.array([_gamma_shape(minutes), minutes.mean()])
    knots = np.quantile(minutes, LEVELS)
    return np.asarray(np.maximum.accumulate(knots + np.arange(len(knots)) * 1e-9))


def _gamma_shape(minutes: Floats) -> float:
    """Return the likeliest shape (Newton's method from Minka's start)."""
    from scipy.special import polygamma, psi

    gap = max(float(np.log(minutes.mean()) - np.log(minutes).mean()), 1e-6)
    shape = (3 - gap + np.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap)
    for _ in range(20):
        step = (np.log(shape) - float(psi(shape)) - gap) / (1 / shape - float(polygamma(1, shape)))
        shape = max(shape - step, shape / 10)
    return float(np.clip(shape, 0.04, 400.0))


def _log_density(family: str, parameters: Floats, minutes: Floats) -> Floats:
    if family == "lognormal":
        mean, sigma = parameters
        z = (np.log(minutes) - mean) / sigma
        return np.asarray(-0.5 * z**2 - np.log(sigma * minutes) - 0.5 * np.log(2 * np.pi))
    if family == "gamma":
        from scipy.special import gammaln

        shape, mean = parameters
        scale = mean / shape
        return np.asarray(
            (shape - 1) * np.log(minutes) - minutes / scale - gammaln(shape) - shape * np.log(scale)
        )
    widths = np.maximum(np.diff(parameters), _NARROWEST_MINUTES)
    place = np.clip(np.searchsorted(parameters, minutes, "right") - 1, 0, len(widths) - 1)
    density = np.log(np.diff(LEVELS)[place] / widths[place])
    # A length beyond the table's ends would be impossible; as if one in a thousand lay there.
    outside = (minutes < parameters[0]) | (minutes > parameters[-1])
    return np.where(outside, np.log(1e-3 / max(float(widths[-1]), 1.0)), density)


def _duration(family: str, parameters: Floats, minutes: Floats, longest: float) -> Duration:
    n = len(minutes)
    cut = float(np.ceil(longest / 5) * 5)
    if family == "lognormal":
        return {
            "family": "lognormal",
            "median_minutes": _figures(float(np.exp(parameters[0]))),
            "sigma": round(min(float(parameters[1]), 3.0), 3),
            "at_most_minutes": cut,
        }
    if family == "gamma":
        return {
            "family": "gamma",
            "mean_minutes": _figures(float(parameters[1])),
            "variation": round(float(1 / np.sqrt(parameters[0])), 3),
            "at_most_minutes": cut,
        }
    values = [rounded_minutes(float(value), n) for value in parameters]
    values[0] = 0.0 if values[0] < 1 else values[0]
    inner = [place for place, level in enumerate(LEVELS) if 0 < level < 1
             and min(level, 1 - level) * n >= LEAST]  # fmt: skip
    # A straight line to the longest would make of one long day in a hundred a mean far too long:
    # the end is put where the mean beyond the last level is the log's.
    last = float(parameters[inner[-1]])
    beyond = float(np.sort(minutes)[int(LEVELS[inner[-1]] * n) :].mean())
    values[-1] = round(min(max(2 * beyond - last, last), longest), 1)
    return {
        "family": "quantiles",
        "levels": [0.0, *(LEVELS[place] for place in inner), 1.0],
        "minutes": [values[0], *(values[place] for place in inner), max(values)],
    }


def _figures(minutes: float) -> float:
    """Three figures, and more than nothing."""
    return max(float(f"{minutes:.3g}"), 0.01)
