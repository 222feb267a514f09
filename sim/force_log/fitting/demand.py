"""The streams of a scenario from a log: what is reported, how often, how long the work takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from sim.errors import InputError
from sim.force_log.delays import with_delays
from sim.force_log.disclosure import LEAST, rounded
from sim.force_log.fitting.arrivals import Arrivals, arrivals, shares
from sim.force_log.fitting.coming_home import natural_return
from sim.force_log.fitting.lengths import FEWEST, Length, length
from sim.force_log.replaying.work import LONGEST_HOURS
from sim.streams import bootstrap_generator

_OWN: Final = ("missing_child", "missing_adult", "welfare_concern", "returned")
_LEAST_OWN: Final = {"missing_child": 10}
_LEAST_OTHER: Final = 50
_LOWEST_OF_A_CHILD: Final = 2
_LEAST_MEDIAN: Final = 2 * LEAST

CHILDREN_NOT_IN_A_LOG: Final[Mapping[str, Any]] = {
    "last_seen": {"family": "lognormal", "median_minutes": 90.0, "sigma": 1.0},
    "natural_return": {"family": "lognormal", "median_minutes": 240.0, "sigma": 1.2},
    "interview": {"family": "lognormal", "median_minutes": 30.0, "sigma": 0.5},
}
EPISODES_NOT_IN_A_LOG: Final[Mapping[str, Any]] = {
    "in_care": 0.2,
    "episodes_in_care": {"exponent": 0.81, "decay": 0.073},
    "episodes_at_home": {"exponent": 2.09, "decay": 0.041},
    "gap_median_days": 25.0,
    "gap_sigma": 1.3,
    "gap_exponent": 0.5,
}
ASSESSMENT_NOT_IN_A_LOG: Final[Mapping[str, Any]] = {
    "family": "lognormal",
    "median_minutes": 11.0,
    "sigma": 0.5,
}


@dataclass(frozen=True, slots=True)
class Demand:
    """What a log says of demand.

    Attributes
    ----------
    streams
        By name, as a scenario holds them; ``areas`` are left out where the log has none.
    arrivals
        By stream.
    lengths
        By place in the scenario, such as ``streams.grade_2.scene``.
    areas
        Travel by area; None where the log has no area.
    grades
        Grades of the scenario, from 1.
    grade_shares
        By stream: grades of its jobs, for what goes by grade.
    left_out
        What was too rare for a stream or a grade of its own, a sentence each.
    """

    streams: dict[str, dict[str, Any]]
    arrivals: dict[str, Arrivals]
    lengths: dict[str, Length]
    areas: dict[str, dict[str, Any]] | None
    travel: dict[str, Any]
    grades: tuple[int, ...]
    grade_shares: dict[str, dict[int, float]]
    left_out: tuple[str, ...]


def demand(incidents: pl.DataFrame, first: date, last: date, *, level: float, seed: int) -> Demand:
    """Take a log's demand apart into streams.

    Parameters
    ----------
    incidents
        As `sim.force_log.reading.Log.public`, of the fitted days.
    first, last
        These days.
    level
        Of intervals.
    seed
        Deals lengths into the parts that are left out of a fit in turn.
    """
    graded = with_delays(incidents.filter(pl.col("grade").is_not_null()))
    grades, left_out = _grades(graded)
    graded = graded.filter(pl.col("grade").is_in(list(grades)))
    named = graded.with_columns(name=_names(graded))
    left_out += _lower(named)
    areas = _areas(graded)
    found = Demand({}, {}, {}, None, {}, grades, {}, tuple(left_out))
    rng = bootstrap_generator(seed, "parts left out of a fit")
    for name in sorted(named["name"].unique().to_list(), key=_place_of):
        own = named.filter(pl.col("name") == name)
        came = arrivals(name, own["received"], first, last, level, seed)
        found.arrivals[name] = came
        found.streams[name] = _stream(name, own, came, grades, areas, found, rng)
    spent = _minutes(graded, "arrived", "cleared", "closed")
    if len(spent) < FEWEST:
        # How long crews are busy is what crews are fitted by.
        _needed(None, "times of arrival and of clearing or closing")
    travel = _minutes(graded, "assigned", "arrived")
    whole = length("from allocation to arrival", travel, rng)
    found.lengths["travel"] = _needed(whole, "times of allocation and of arrival")
    by_area = None
    if areas:
        by_area = {}
        for area in areas:
            own_travel = _minutes(graded.filter(pl.col("area") == area), "assigned", "arrived")
            fitted = length(f"from allocation to arrival, {area}", own_travel, rng)
            if fitted is not None:
                found.lengths[f"areas.{area}.travel"] = fitted
            by_area[area] = (fitted or found.lengths["travel"]).duration
    return Demand(
        found.streams, found.arrivals, found.lengths, by_area, found.lengths["travel"].duration,
        grades, found.grade_shares, tuple(left_out),
    )  # fmt: skip


def _grades(graded: pl.DataFrame) -> tuple[tuple[int, ...], list[str]]:
    """Grades from 1 to the last that has enough jobs; a scenario's have no gaps."""
    counts = dict(graded.group_by("grade").len().rows())
    enough = [int(grade) for grade, count in counts.items() if count >= FEWEST]
    if not enough:
        raise InputError(
            f"no grade has {FEWEST} jobs in these days, so nothing can be fitted",
            path="--first-day, --last-day",
            allowed="some weeks of a log",
        )
    last = max(enough)
    rare = sorted(int(grade) for grade in counts if int(grade) > last)
    said = []
    if rare:
        said.append(f"Jobs of grade {', '.join(map(str, rare))} are left out: there are too few.")
    return tuple(range(1, last + 1)), said


def _lower(named: pl.DataFrame) -> list[str]:
    """Say of missing-child jobs of a lower grade than a scenario has that they were raised."""
    low = (pl.col("name") == "missing_child") & (pl.col("grade") > _LOWEST_OF_A_CHILD)
    count = named.filter(low).height
    if not count:
        return []
    about = f"about {rounded(count)}" if count >= LEAST else "under 5"
    told = (
        f"Missing-child jobs of grade 3 or below ({about}) count as grade 2 in the scenario's "
        "stream, for a scenario grades a missing child 1 or 2. In the fit and in a replay they "
        "keep the log's grade."
    )
    return [told]


def _names(graded: pl.DataFrame) -> pl.Series:
    """The stream of each job: its kind where that has enough jobs, else its grade."""
    counts = dict(graded.group_by("stream").len().rows())
    own = [
        kind for kind in _OWN if counts.get(kind, 0) >= _LEAST_OWN.get(kind, _LEAST_OTHER)
    ]  # fmt: skip
    return graded.select(
        pl.when(pl.col("stream").is_in(own))
        .then(pl.col("stream"))
        .otherwise(pl.format("grade_{}", pl.col("grade")))
    ).to_series()


def _place_of(name: str) -> tuple[int, str]:
    return (_OWN.index(name) if name in _OWN else len(_OWN), name)


def _areas(graded: pl.DataFrame) -> list[str]:
    counts = graded.drop_nulls("area").group_by("area").len().sort("area")
    return [str(area) for area, count in counts.rows() if count >= FEWEST][:20]


def _stream(
    name: str,
    own: pl.DataFrame,
    came: Arrivals,
    grades: Sequence[int],
    areas: Sequence[str],
    into: Demand,
    rng: np.random.Generator,
) -> dict[str, Any]:
    child = name == "missing_child"
    # A scenario grades a missing child 1 or 2; what the log grades lower is told by `_lower`.
    lowest = min(_LOWEST_OF_A_CHILD, grades[-1]) if child else grades[-1]
    graded = own.select(pl.col("grade").clip(upper_bound=lowest))
    counts = dict(graded.group_by("grade").len().rows())
    mix = shares([int(counts.get(grade, 0)) for grade in grades]) or [
        1.0 if grade == int(graded["grade"].mode()[0]) else 0.0 for grade in grades
    ]
    into.grade_shares[name] = {
        grade: share for grade, share in zip(grades, mix, strict=True) if share > 0
    }
    # A wait for the call taker is the call takers', and no part of the call.
    answered = own["answered"].count() > own.height / 2
    begun, called = ("answered", "answer") if answered else ("received", "report")
    stream: dict[str, Any] = {
        "kind": name if name in {"missing_child", "missing_adult"} else "incident",
        "volume_per_year": came.volume,
        "profile": name,
        "grades": {str(g): s for g, s in into.grade_shares[name].items()},
        "thrive": _fitted(into, f"streams.{name}.thrive", f"from the {called} to the grade",
                          _minutes(own, begun, "graded"), rng),
        "scene": _fitted(into, f"streams.{name}.scene", "from arrival until the crew is clear",
                         _minutes(own, "arrived", "cleared", "closed"), rng),
    }  # fmt: skip
    if came.days is not None:
        stream["day_variation"] = came.days.value
    if came.months != (1.0,) * 12:
        stream["month_factors"] = list(came.months)
    if areas:
        here = {area: own.filter(pl.col("area") == area).height for area in areas}
        mixed = shares(list(here.values()))
        stream["areas"] = dict(zip(areas, mixed or [1 / len(areas)] * len(areas), strict=True))
    origins = dict(own.drop_nulls("origin").group_by("origin").len().rows())
    kinds = ["999", "101", "online", "direct"]
    channels = shares([int(origins.get(kind, 0)) for kind in kinds])
    if channels:
        stream["origins"] = {k: s for k, s in zip(kinds, channels, strict=True) if s > 0}
    unsent = own.filter(pl.col("assigned").is_null() & pl.col("arrived").is_null()).height
    ended = shares([unsent, own.height - unsent])
    stream["ends_without_deployment"] = ended[0] if ended else 0.0
    if child:
        stream["children"] = dict(EPISODES_NOT_IN_A_LOG)
    if name in {"missing_child", "missing_adult"}:
        stream.update({key: dict(value) for key, value in CHILDREN_NOT_IN_A_LOG.items()})
        stream["assessment"] = dict(ASSESSMENT_NOT_IN_A_LOG)
        levels = ["low", "medium", "high"]
        risks = dict(own.drop_nulls("risk").group_by("risk").len().rows())
        known = shares([int(risks.get(risk, 0)) for risk in levels])
        stream["risk"] = (
            {risk: share for risk, share in zip(levels, known, strict=True) if share > 0}
            if known
            else {"medium": 1.0}
        )
        home = natural_return(own)
        if home is not None:
            into.lengths[f"streams.{name}.natural_return"] = home
            stream["natural_return"] = home.duration
        if not own["ratified"].is_null().all():
            # The log's moment counts from grading and holds the assessment within it.
            stream["assessment"] = {"family": "constant", "minutes": 0.0}
            waits = _minutes(own, "graded", "ratified")
            fitted = length("from grading to ratification", np.maximum(waits, 0), rng)
            if fitted is not None:
                into.lengths[f"streams.{name}.ratification"] = fitted
                stream["ratification"] = fitted.duration
    return stream


def _fitted(
    into: Demand,
    place: str,
    what: str,
    minutes: npt.NDArray[np.float64],
    rng: np.random.Generator,
) -> dict[str, Any]:
    found = length(what, minutes, rng)
    if found is None:
        values = np.asarray(minutes)[np.isfinite(minutes)]
        # Too few for a family: their median, pulled to a whole five minutes.
        enough = values.size >= _LEAST_MEDIAN
        middle = float(np.median(values)) if enough else 30.0
        if place.endswith("thrive"):
            return {"family": "constant", "minutes": float(round(middle)) if enough else 1.0}
        return {"family": "lognormal", "median_minutes": max(5.0, 5.0 * round(middle / 5)),
                "sigma": 0.9}  # fmt: skip
    into.lengths[place] = found
    return found.duration


def _minutes(own: pl.DataFrame, start: str, *ends: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    end = pl.coalesce(*ends)
    minutes = own.select((end - pl.col(start)).dt.total_milliseconds() / 60e3).to_series()
    found = minutes.drop_nulls().clip(0.0, LONGEST_HOURS * 60)
    return found.to_numpy().astype(np.float64)


def _needed(found: Length | None, what: str) -> Length:
    if found is None:
        raise InputError(
            f"fewer than {FEWEST} jobs of these days have {what}, so nothing can be fitted",
            path="--first-day, --last-day",
            allowed="a log and days that hold them",
        )
    return found
