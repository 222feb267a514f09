"""Duties as the shifts of each pool: their hours, how many are rostered, who is away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from sim.force_log.disclosure import LEAST, rounded, rounded_share
from sim.force_log.documents import document
from sim.force_log.duties.mapping import AWAY
from sim.force_log.duties.reading import Duties
from sim.scenario.fields import WEEKDAYS

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]

QUARTER: Final = 15
_RARE: Final = 0.03
_DAY: Final = 24 * 60
_WEEK_HOURS: Final = 7 * 24
_LEAST_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Pattern:
    """A shift of a pool.

    Attributes
    ----------
    start, end
        Minutes of the day; an end that is not later is on the next day.
    days
        Days of the week on which it begins.
    people
        Rostered on each of them on average, to the nearest whole number.
    abstraction
        Share of these who were away.
    """

    start: int
    end: int
    days: tuple[str, ...]
    people: int
    abstraction: float


@dataclass(frozen=True, slots=True)
class PoolRota:
    """The rota of a pool as it was worked, fit to leave.

    Attributes
    ----------
    pool
        Its name.
    duties
        How many there were, to the nearest five.
    patterns
        Its shifts.
    joined
        Share of duties with hours of their own, which count with the shift nearest to them.
    away
        Share of rostered duties by why the officer was away; those of fewer than five are withheld.
    abstraction
        Share of rostered duties of which the officer was away.
    by_hour
        The same by hour of the week, Monday 00:00 first, shape (168,); None with too few on duty.
    rostered_hours, paraded_hours
        Officer-hours a week.
    """

    pool: str
    duties: int
    patterns: tuple[Pattern, ...]
    joined: float
    away: Mapping[str, float | None]
    abstraction: float
    by_hour: tuple[float | None, ...]
    rostered_hours: float
    paraded_hours: float


@dataclass(frozen=True, slots=True)
class Rotas:
    """What an export of duties says.

    Attributes
    ----------
    title
        The mapping's.
    first_day, last_day
        Of duties.
    pools
        Each pool's rota, in the order of their names.
    notes
        What was done to the export.
    """

    title: str
    first_day: date
    last_day: date
    pools: tuple[PoolRota, ...]
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """The rotas as a JSON document."""
        return document(self)


def rotas_of(duties: Duties, title: str) -> Rotas:
    """Turn duties into the rota of each pool.

    Parameters
    ----------
    duties
        As `sim.force_log.duties.reading.read_duties` returns them.
    title
        The mapping's.

    Notes
    -----
    Starts and ends are taken to the nearest quarter of an hour. Hours of which a pool has fewer
    than five duties, or fewer than three in a hundred of its duties, count with the pool's nearest
    shift. People are the mean over the dates of each weekday; neighbouring days with as many stand
    in one row. A duty of rest is nobody's.
    """
    frame = duties.frame.filter(pl.col("meaning") != "rest")
    notes = list(duties.notes)
    days = (duties.last_day - duties.first_day).days + 1
    dates = np.zeros(7, dtype=np.int64)
    for number in range(days):
        dates[(duties.first_day + timedelta(days=number)).weekday()] += 1
    if days < _LEAST_DAYS:
        notes.append("The export holds less than a week: days of the week without duties are none.")
    pools = []
    for (pool,), own in frame.partition_by("pool", as_dict=True).items():
        if own.height < LEAST:
            notes.append("A pool with fewer than five duties is left out.")
            continue
        pools.append(_pool(str(pool), own, dates))
    pools.sort(key=lambda one: one.pool)
    return Rotas(title, duties.first_day, duties.last_day, tuple(pools), tuple(notes))


def _pool(name: str, duties: pl.DataFrame, dates: Ints) -> PoolRota:
    start = _quarter(duties["start"])
    hours = ((duties["end"] - duties["start"]).dt.total_minutes().to_numpy() + 7) // QUARTER
    length = np.maximum(hours * QUARTER, QUARTER)
    weekday = duties["start"].dt.weekday().to_numpy().astype(np.int64) - 1
    away = (duties["meaning"] != "present").to_numpy()
    start, length, joined = _joined(start, length)
    minutes = (duties["end"] - duties["start"]).dt.total_minutes().to_numpy()
    weeks = dates.sum() / 7
    reasons: dict[str, float | None] = {
        reason: (rounded_share(count / duties.height, duties.height) if count >= LEAST else None)
        for reason in AWAY
        if (count := int((duties["meaning"] == reason).sum()))
    }
    share = rounded_share(float(away.mean()), duties.height)
    return PoolRota(
        name,
        rounded(duties.height) or 0,
        tuple(_patterns(start, length, weekday, away, dates, share)),
        rounded_share(joined, duties.height),
        reasons,
        share,
        _by_hour(duties, away),
        round(float(minutes.sum() / 60 / weeks), 1),
        round(float(minutes[~away].sum() / 60 / weeks), 1),
    )


def _quarter(times: pl.Series) -> Ints:
    minutes = times.dt.hour().cast(pl.Int64) * 60 + times.dt.minute().cast(pl.Int64)
    return np.asarray((minutes.to_numpy() + 7) // QUARTER * QUARTER % _DAY, dtype=np.int64)


def _joined(start: Ints, length: Ints) -> tuple[Ints, Ints, float]:
    """Give rare hours those of the nearest common shift; and which share of duties that was."""
    kinds, place, count = np.unique(
        np.stack([start, length], axis=1), axis=0, return_inverse=True, return_counts=True
    )
    place = place.reshape(-1)
    common = count >= max(LEAST, _RARE * len(start))
    if not common.any():
        common[np.argmax(count)] = True
    targets = np.flatnonzero(common)
    to = np.arange(len(kinds))
    for one in np.flatnonzero(~common):
        apart = np.abs(kinds[targets, 0] - kinds[one, 0])
        apart = np.minimum(apart, _DAY - apart)
        far = apart + np.abs(kinds[targets, 1] - kinds[one, 1])
        to[one] = targets[np.argmin(far)]
    chosen = kinds[to[place]]
    return chosen[:, 0], chosen[:, 1], float(1 - common[place].mean())


def _patterns(
    start: Ints, length: Ints, weekday: Ints, away: npt.NDArray[np.bool_], dates: Ints, share: float
) -> Iterator[Pattern]:
    for first, lasts in np.unique(np.stack([start, length], axis=1), axis=0):
        own = (start == first) & (length == lasts)
        count = np.bincount(weekday[own], minlength=7)
        people = np.floor(count / np.maximum(dates, 1) + 0.5).astype(np.int64)
        for number in np.unique(people[people > 0]):
            on = np.flatnonzero(people == number)
            here = own & np.isin(weekday, on)
            gone = int(away[here].sum())
            tells = min(gone, int(here.sum()) - gone) >= LEAST
            yield Pattern(
                int(first),
                int((first + lasts) % _DAY),
                tuple(WEEKDAYS[day] for day in on),
                int(number),
                round(gone / int(here.sum()), 2) if tells else round(share, 2),
            )


def _by_hour(duties: pl.DataFrame, away: npt.NDArray[np.bool_]) -> tuple[float | None, ...]:
    rostered, gone = np.zeros(_WEEK_HOURS, dtype=np.int64), np.zeros(_WEEK_HOURS, dtype=np.int64)
    starts, ends = (_hour_of_week(duties[name]) for name in ("start", "end"))
    for first, last, was_away in zip(starts, ends, away, strict=True):
        end = last if last > first else last + _WEEK_HOURS
        hours = np.arange(int(first), int(np.ceil(end))) % _WEEK_HOURS
        rostered[hours] += 1
        gone[hours] += was_away
    return tuple(
        rounded_share(int(lost) / int(all_), int(all_)) if min(lost, all_ - lost) >= LEAST else None
        for lost, all_ in zip(gone, rostered, strict=True)
    )


def _hour_of_week(times: pl.Series) -> Floats:
    day = times.dt.weekday().cast(pl.Int64) - 1
    minutes = times.dt.hour().cast(pl.Int64) * 60 + times.dt.minute().cast(pl.Int64)
    return np.asarray((day * _DAY + minutes).to_numpy() / 60, dtype=np.float64)


def days_in_words(days: Sequence[str]) -> str:
    """Days of the week as a rota file writes them; all of them are none."""
    return "" if len(days) == len(WEEKDAYS) else " ".join(days)
