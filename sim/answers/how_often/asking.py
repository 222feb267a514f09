"""From a scenario and a wait to how often it comes back."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import numpy.typing as npt

from sim.answers.document import Whom, asked_of
from sim.answers.estimated import Estimated
from sim.answers.how_often.document import Fit, Longest, Rate, Recurrence, Tail
from sim.answers.told import nobody
from sim.errors import InputError
from sim.measures import RISKS, Cut
from sim.provenance import portable_command, versions
from sim.results.document import Run
from sim.results.making import context_of
from sim.statistics import (
    Interval,
    beyond_interval,
    chance_of_any,
    dispersion,
    rate_interval,
    tail_of,
)
from sim.streams import bootstrap_generator
from sim.study import AllWaits, Settings, definition_of, waits
from sim.tables import DAY, HOUR

if TYPE_CHECKING:
    from sim.answers.told import Told
    from sim.scenario.loading import Loaded

PLAYING: Final = "replications"
TAIL: Final = "what lies beyond"
STEPS: Final = (PLAYING, TAIL)
"""What `how_often` does, in order, as its progress names it."""

LEAST_NIGHTS: Final = 5
"""Of fewer the answer is read from the tail, too."""

_YEAR: Final = 365.0
_MONTH: Final = 30.0
_NOON: Final = 12 * HOUR
_LEAST_MINUTES: Final = 1.0
_MOST_MINUTES: Final = 7 * 24 * 60.0
_BEYOND_HOURS: Final = 24.0
"""Follow-up beyond the wait asked for, so that no wait is cut off under it."""
_LENGTH: Final = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>h|hours?|m|min|minutes?)?")
_LEVELS: Final = (0.90, 0.925, 0.95, 0.965, 0.98)
"""Shares of all waits that lie under the thresholds tried."""

Floats = npt.NDArray[np.float64]


def minutes_of(text: str) -> float:
    """Read a wait: ``10h``, ``90m`` or ``90 min``.

    Raises
    ------
    InputError
        If it is none, or longer than a week.
    """
    found = _LENGTH.fullmatch(text.strip().lower())
    unit = None if found is None else found["unit"]
    minutes = 0.0
    if found is not None and unit is not None:
        minutes = float(found["number"]) * (60 if unit.startswith("h") else 1)
    if not _LEAST_MINUTES <= minutes <= _MOST_MINUTES:
        raise InputError(
            "this is no wait to ask for",
            path="--over",
            found=text,
            allowed="such as 10h or 90m, from a minute to a week",
        )
    return minutes


def how_often(
    loaded: Loaded,
    over_minutes: float,
    settings: Settings,
    *,
    cut: Cut | None = None,
    command: Sequence[str] = (),
    told: Told = nobody,
) -> Recurrence:
    """Say how often a wait of more than so many minutes comes back.

    Parameters
    ----------
    loaded
        The scenario.
    over_minutes
        The wait.
    settings
        Days, replications, seed, engine, threads.
    cut
        Of which reports; None: the headline's.
    command
        Program and arguments, as typed.
    told
        Told as the work goes on.

    Returns
    -------
    Recurrence
        After Ctrl-C of the replications that were done, with `stopped` set.

    Raises
    ------
    InputError
        If no such report fell in the measured days.
    Interrupted
        On Ctrl-C before any replication was done.
    """
    began = time.monotonic()
    about = _headline(loaded) if cut is None else cut
    scenario = loaded.scenario
    needed = over_minutes / 60 + _BEYOND_HOURS
    longer = scenario.model_copy(update={"follow_up_hours": max(scenario.follow_up_hours, needed)})
    told(PLAYING, 0, 0)
    played = waits([longer], settings, told=lambda done, planned: told(PLAYING, done, planned))
    series = _Series(played, about, list(scenario.areas), settings.days)
    if not series.reports:
        raise InputError(
            "no such report fell in the measured days",
            path="--about",
            allowed="more --days or --replications, or a wider cut",
        )
    seconds, level = over_minutes * 60, settings.level
    events, nights = series.events(seconds), series.nights(seconds)
    rates = (_rate("waits", events, settings), _rate("nights", nights, settings))
    night = rate_interval(nights, settings.days, level)
    told(TAIL, 0, 0)
    tail, missing = None, ""
    if nights.sum() < LEAST_NIGHTS:
        tail, missing = _tail(series, over_minutes, settings)
    done = len(played.waits)
    return Recurrence(
        level=level,
        scenarios=asked_of([loaded]),
        context=context_of([loaded], warnings=loaded.notices),
        run=Run(
            seed=settings.seed,
            replications=done,
            days=settings.days,
            engine=played.engine,
            seconds=round(time.monotonic() - began, 1),
            versions=versions(),
        ),
        stopped=f"Stopped on request: this rests on {done} of {played.planned} replications."
        if played.stopped
        else "",
        command=tuple(portable_command(command)),
        over_minutes=over_minutes,
        whom=Whom.of(about),
        reports=series.reports,
        rates=rates,
        in_a_month=Estimated.of(_mapped(night, lambda rate: chance_of_any(rate, _MONTH)), "share"),
        windows=int((nights > 0).sum()),
        every=_every(night),
        longest=Longest(
            minutes=round(series.longest / 60, 1),
            days=done * settings.days,
            cut_off=series.cut_off(longer.follow_up_hours * HOUR),
        ),
        tail=tail,
        tail_missing=missing,
    )


class _Series:
    """The waits of one cut, replication by replication, in the order of reports."""

    def __init__(self, played: AllWaits, cut: Cut, areas: Sequence[str], days: int) -> None:
        chosen = [(one, one.of(cut, areas, RISKS)) for (one,) in played.waits]
        self._seconds: list[Floats] = [
            one.seconds[inside].astype(np.float64) for one, inside in chosen
        ]
        self._reported = [one.reported_at[inside] for one, inside in chosen]
        self._days = days

    @property
    def reports(self) -> int:
        """How many there are."""
        return sum(one.size for one in self._seconds)

    @property
    def longest(self) -> float:
        """Seconds."""
        return max(float(one.max(initial=0.0)) for one in self._seconds)

    @property
    def seconds(self) -> list[Floats]:
        """By replication."""
        return self._seconds

    def events(self, seconds: float) -> Floats:
        """Waits beyond so many seconds, by replication."""
        return np.array([(one > seconds).sum() for one in self._seconds], dtype=np.float64)

    def nights(self, seconds: float) -> Floats:
        """Nights with such a wait, by replication: from noon to noon, by when it was reported."""
        found = []
        for one, reported in zip(self._seconds, self._reported, strict=True):
            nights = np.unique((reported[one > seconds] - _NOON) // DAY)
            found.append(float(nights.size))
        return np.array(found)

    def cut_off(self, follow_up_seconds: float) -> int:
        """Waits at least as long as the shortest follow-up."""
        return sum(int((one >= follow_up_seconds).sum()) for one in self._seconds)


def _headline(loaded: Loaded) -> Cut:
    about = definition_of(loaded.scenario, 0, HOUR)
    return Cut(stream=about.headline_stream, grade=about.headline_grade)


def _rate(what: Literal["waits", "nights"], counts: Floats, settings: Settings) -> Rate:
    found = rate_interval(counts, settings.days / _YEAR, settings.level)
    spread = dispersion(counts)
    return Rate(
        what=what,
        a_year=Estimated.of(found, "times"),
        seen=int(counts.sum()),
        dispersion=None if spread is None else round(spread, 3),
    )


def _mapped(interval: Interval, turned: Callable[[float], float]) -> Interval:
    def one(value: float | None) -> float | None:
        return None if value is None else turned(value)

    return replace(
        interval, value=one(interval.value), low=one(interval.low), high=one(interval.high)
    )


def _every(rate: Interval) -> Estimated:
    """Hours from one to the next: one over the rate, so that its limits change places."""

    def hours(value: float | None) -> float | None:
        return None if not value else 24 / value

    return Estimated(
        value=hours(rate.value),
        low=hours(rate.high),
        high=hours(rate.low),
        unit="hours",
        n=rate.n,
    )


def _tail(series: _Series, over_minutes: float, settings: Settings) -> tuple[Tail | None, str]:
    """Read the rate of what was hardly seen off the tail of what was."""
    every = np.sort(np.concatenate(series.seconds)) / 60
    values = [one / 60 for one in series.seconds]
    years = settings.days / _YEAR
    fits = []
    for level in _LEVELS:
        threshold = float(every[min(int(level * every.size), every.size - 1)])
        if threshold >= over_minutes:
            continue
        found = tail_of(values, threshold)
        if found is not None:
            fits.append((found, found.clusters_beyond(over_minutes) / years))
    if not fits:
        return None, (
            "Too few long waits were seen to say anything about longer ones: more replications."
        )
    # The middle one: high enough to be a tail, low enough to hold some waits.
    middle, a_year = fits[len(fits) // 2]
    limits = beyond_interval(
        values,
        middle.threshold,
        over_minutes,
        bootstrap_generator(settings.seed, "how-often"),
        level=settings.level,
    )
    if limits is None:
        return None, "Too few long waits were seen to say how sure their tail is."
    low, high = min(limits[0] / years, a_year), max(limits[1] / years, a_year)
    return Tail(
        threshold_minutes=round(middle.threshold, 1),
        a_year=Estimated(value=a_year, low=low, high=high, unit="times", n=middle.clusters),
        fits=tuple(
            Fit(
                threshold_minutes=round(one.threshold, 1),
                exceedances=one.exceedances,
                clusters=one.clusters,
                extremal_index=round(one.extremal_index, 3),
                shape=round(one.shape, 3),
                a_year=rate,
            )
            for one, rate in fits
        ),
        stable=all(low <= rate <= high for _, rate in fits),
    ), ""
