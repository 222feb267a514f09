"""Missing children, drawn by child.

A child is a point of the stream's Poisson field: the first report of one *spell* of episodes.
The child carries whether they are in care and how many episodes the spell holds, their
*frailty*; later reports follow from the return before.

Time between episodes is *operational*: it runs fast in the hours of the week and the season when
many children are reported, and slowly when few are. First reports are then uniform in operational
time, and what follows them stays so but for the clock time spent missing, so reports of every
order keep the profile. A gap runs from the natural return of one episode to the report of the
next, so no child is missing twice at once. Its median is shorter where the spell holds more
episodes, and a spell whose gaps together would outlast ``longest_spell_days`` has them shortened
in one proportion. Drawn from `HISTORY_SECONDS` before time 0, nearly every spell that reaches the
window is whole, so history and window are in equilibrium.

Spells come at the yearly volume divided by the mean number of episodes. More volume adds children
and alters no episode of the others.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from sim import kernels
from sim.fates.field import EPISODE_BITS, SECONDS_PER_HOUR, points_under, values_for
from sim.streams import Streams

__all__ = [
    "CARE_COLUMN",
    "HISTORY_SECONDS",
    "ChildEpisodes",
    "ChildPopulation",
    "NaturalDuration",
    "child_of",
    "draw_child_episodes",
    "earlier_reports",
    "episode_probabilities",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

#: From (number of each episode, whether the child is in care) to seconds from report to return.
NaturalDuration = Callable[[IntArray, BoolArray], IntArray]

_DAY: Final = 86_400
_HOURS_PER_YEAR: Final = 8_760
HISTORY_SECONDS: Final = 365 * _DAY

CARE_COLUMN: Final = "child.care"
_FRAILTY_COLUMN: Final = "child.frailty"
_GAP_COLUMN: Final = "child.gap"


@dataclass(frozen=True, slots=True)
class ChildPopulation:
    """How often children are reported missing, and how unequally.

    Parameters
    ----------
    incidents_per_year : float
        Mean incidents in 365 days of mean intensity, at least 0.
    care_share_of_incidents : float
        Share of incidents whose child is in care, in [0, 1].
    care_exponent, care_decay : float
        A spell of a child in care holds ``k`` episodes with probability proportional to
        ``k ** -care_exponent * exp(-care_decay * k)``.
    other_exponent, other_decay : float
        The same for a child who is not in care.
    episodes_most : int
        Most episodes of one spell, in [1, 127].
    gap_median_days : float
        Median operational days from a natural return to the next report, in a spell of two.
    gap_sigma : float
        Standard deviation of the logarithm of that gap, at least 0.
    gap_frailty_power : float
        In a spell of ``k`` the median gap is ``gap_median_days * (2 / k) ** gap_frailty_power``.
    longest_spell_days : float
        Most operational days that the gaps of one spell last together.

    Raises
    ------
    ValueError
        If a value is outside its range.
    """

    incidents_per_year: float
    care_share_of_incidents: float
    care_exponent: float
    care_decay: float
    other_exponent: float
    other_decay: float
    episodes_most: int
    gap_median_days: float
    gap_sigma: float
    gap_frailty_power: float
    longest_spell_days: float

    def __post_init__(self) -> None:
        ranges = {
            "incidents_per_year": (0.0, math.inf),
            "care_share_of_incidents": (0.0, 1.0),
            "care_exponent": (0.0, math.inf),
            "care_decay": (0.0, math.inf),
            "other_exponent": (0.0, math.inf),
            "other_decay": (0.0, math.inf),
            "episodes_most": (1, (1 << EPISODE_BITS) - 1),
            "gap_median_days": (0.0, math.inf),
            "gap_sigma": (0.0, math.inf),
            "gap_frailty_power": (0.0, math.inf),
            "longest_spell_days": (0.0, math.inf),
        }
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            if not low <= value <= high or math.isinf(value):
                raise ValueError(f"{name} must be in [{low:g}, {high:g}], got {value}")

    @property
    def care_mean_episodes(self) -> float:
        """Mean episodes in a spell of a child in care."""
        return _mean(episode_probabilities(self.care_exponent, self.care_decay, self.episodes_most))

    @property
    def other_mean_episodes(self) -> float:
        """Mean episodes in a spell of a child who is not in care."""
        return _mean(
            episode_probabilities(self.other_exponent, self.other_decay, self.episodes_most)
        )

    @property
    def children_per_year(self) -> float:
        """Mean spells that begin in 365 days of mean intensity."""
        return self._care_children + self._other_children

    @property
    def care_share_of_children(self) -> float:
        """Share of children, rather than of incidents, who are in care."""
        return (self.care_share_of_incidents / self.care_mean_episodes) / (
            self.care_share_of_incidents / self.care_mean_episodes
            + (1.0 - self.care_share_of_incidents) / self.other_mean_episodes
        )

    @property
    def _care_children(self) -> float:
        return self.incidents_per_year * self.care_share_of_incidents / self.care_mean_episodes

    @property
    def _other_children(self) -> float:
        share = 1.0 - self.care_share_of_incidents
        return self.incidents_per_year * share / self.other_mean_episodes


@dataclass(frozen=True, slots=True)
class ChildEpisodes:
    """Episodes of missing children; every array has shape (n,), in the order (reported, number).

    Parameters
    ----------
    number : ndarray of int64
        Lasting number of the incident: the child's number plus the episode.
    child : ndarray of int64
        Lasting number of the child.
    episode : ndarray of int64
        Place of the episode in the child's spell, from 1.
    in_care : ndarray of bool
        Whether the child is in care.
    reported, returns : ndarray of int64
        Seconds from local midnight of the first day to the report and to the natural return.
    previous_90_days, previous_365_days : ndarray of int64
        Earlier reports of the same child in the 90 and the 365 days up to this one. Complete
        from `HISTORY_SECONDS` after the start of the window drawn.
    """

    number: IntArray
    child: IntArray
    episode: IntArray
    in_care: BoolArray
    reported: IntArray
    returns: IntArray
    previous_90_days: IntArray
    previous_365_days: IntArray


def draw_child_episodes(
    streams: Streams,
    stream: str,
    population: ChildPopulation,
    hourly_shape: FloatArray,
    natural_duration: NaturalDuration,
    *,
    start: int,
    end: int,
) -> ChildEpisodes:
    """Draw every episode reported in a window.

    Parameters
    ----------
    streams : Streams
        Source of the uniforms: one study seed and replication.
    stream : str
        Name of the stream.
    population : ChildPopulation
        Volume, care, frailty and gaps.
    hourly_shape : ndarray of float64, shape (hours,)
        Relative intensity in each clock hour of ``[start, end)``, at least 0, with mean 1 over a
        usual year; carries hour of the week, season and holidays, and not the volume.
    natural_duration : callable
        From (number, in care), arrays of shape (m,), to seconds from report to natural return,
        int64 of at least 0. Its own uniforms must be keyed by the number.
    start, end : int
        Window in seconds, multiples of 3600, with ``start <= 0 <= end``. ``start`` is usually
        ``-HISTORY_SECONDS``; rows reported before 0 are the history.

    Returns
    -------
    ChildEpisodes
        Rows reported in ``[start, end)``.

    Raises
    ------
    ValueError
        If the window, the shape or a duration is out of range.
    """
    shape = np.asarray(hourly_shape, dtype=np.float64)
    if not start <= 0 <= end:
        raise ValueError(f"the window must hold time 0, got [{start}, {end}) seconds")
    spells_per_hour = population.children_per_year / _HOURS_PER_YEAR
    child, first_report = points_under(streams, stream, spells_per_hour * shape, start, end)
    in_care = values_for(streams, stream, CARE_COLUMN, child) < population.care_share_of_children
    held = _frailties(values_for(streams, stream, _FRAILTY_COLUMN, child), in_care, population)

    first_row = np.cumsum(held) - held
    owner = np.repeat(np.arange(child.size), held)
    episode = np.arange(owner.size) - first_row[owner] + 1
    number = child[owner] + episode
    duration = np.asarray(natural_duration(number, in_care[owner]), dtype=np.int64)
    if duration.shape != number.shape or duration.min(initial=0) < 0:
        raise ValueError("natural_duration must give a duration of at least 0 for each episode")
    gap_hours = _gaps(streams, stream, population, number, episode, owner, held)
    reported = _reports(
        OperationalClock(shape, start), first_report, first_row, held, duration, gap_hours, end
    )

    in_window = np.flatnonzero(reported < end)
    rows = in_window[np.lexsort((number[in_window], reported[in_window]))]
    return ChildEpisodes(
        number=number[rows],
        child=child[owner[rows]],
        episode=episode[rows],
        in_care=in_care[owner[rows]],
        reported=reported[rows],
        returns=reported[rows] + duration[rows],
        previous_90_days=earlier_reports(owner, reported, 90 * _DAY)[rows],
        previous_365_days=earlier_reports(owner, reported, 365 * _DAY)[rows],
    )


def child_of(number: IntArray) -> IntArray:
    """Return the child's number for incident numbers, shape (n,): the episode bits cleared."""
    return (number >> EPISODE_BITS) << EPISODE_BITS


def episode_probabilities(exponent: float, decay: float, most: int) -> FloatArray:
    """Return the probability that a spell holds 1, 2, ... ``most`` episodes, shape (most,).

    Proportional to ``k ** -exponent * exp(-decay * k)``: a power law, cut off exponentially.
    """
    k = np.arange(1, most + 1, dtype=np.float64)
    weight = k**-exponent * np.exp(-decay * k)
    probability: FloatArray = weight / weight.sum()
    return probability


class OperationalClock:
    """Clock time to operational time, and back.

    An hour of relative intensity ``s`` lasts ``s`` operational hours. Both clocks show 0 at time
    0, so a longer window alters no reading.

    Parameters
    ----------
    hourly_shape : ndarray of float64, shape (hours,)
        Relative intensity, at least 0.
    start : int
        Second at which its first hour begins; a multiple of 3600, at most 0.
    """

    def __init__(self, hourly_shape: FloatArray, start: int) -> None:
        zero = -start // SECONDS_PER_HOUR
        before = -np.cumsum(hourly_shape[:zero][::-1])[::-1]
        self._edges: FloatArray = np.concatenate((before, [0.0], np.cumsum(hourly_shape[zero:])))
        self._shape = hourly_shape
        self._start = start

    def operational(self, time: IntArray) -> FloatArray:
        """Return operational hours at clock seconds, all within the window; shape kept."""
        hour, second = np.divmod(time - self._start, SECONDS_PER_HOUR)
        reading: FloatArray = self._edges[hour] + self._shape[hour] * (second / SECONDS_PER_HOUR)
        return reading

    def second_of(self, operational: FloatArray, beyond: int) -> IntArray:
        """Return the clock second that holds each operational hour, ``beyond`` if after the window.

        Parameters
        ----------
        operational : ndarray of float64, shape (n,)
            Operational hours, none before the window.
        beyond : int
            What to return for readings after the window.

        Returns
        -------
        ndarray of int64, shape (n,)
        """
        hour = np.searchsorted(self._edges, operational, side="right") - 1
        found = np.full(operational.shape, beyond, dtype=np.int64)
        inside = np.flatnonzero(hour < self._shape.size)
        hour = hour[inside]
        part = (operational[inside] - self._edges[hour]) / self._shape[hour]
        second = np.floor(part * SECONDS_PER_HOUR).astype(np.int64)
        found[inside] = (
            self._start + SECONDS_PER_HOUR * hour + np.minimum(second, SECONDS_PER_HOUR - 1)
        )
        return found

    def follow(
        self,
        first_row: IntArray,
        held: IntArray,
        duration: IntArray,
        gap_hours: FloatArray,
        reported: IntArray,
        end: int,
    ) -> None:
        """Put down the reports after each child's first, in machine code."""
        from sim.kernels import arrivals

        clock = self._edges, self._shape, self._start
        arrivals.follow(*clock, end, first_row, held, duration, gap_hours, reported)


def _frailties(uniform: FloatArray, in_care: BoolArray, population: ChildPopulation) -> IntArray:
    """Return the episodes that each child's spell holds, by inverse transform, shape (n,)."""
    held = np.empty(uniform.shape, dtype=np.int64)
    for care, exponent, decay in (
        (True, population.care_exponent, population.care_decay),
        (False, population.other_exponent, population.other_decay),
    ):
        chosen = in_care == care
        cumulative = np.cumsum(episode_probabilities(exponent, decay, population.episodes_most))
        # The last sum may fall short of 1 by rounding.
        held[chosen] = np.searchsorted(cumulative[:-1], uniform[chosen], side="right") + 1
    return held


def _gaps(
    streams: Streams,
    stream: str,
    population: ChildPopulation,
    number: IntArray,
    episode: IntArray,
    owner: IntArray,
    held: IntArray,
) -> FloatArray:
    """Return the operational hours that run before each episode, 0 before a first one."""
    later = np.flatnonzero(episode > 1)
    score = ndtri(values_for(streams, stream, _GAP_COLUMN, number[later]))
    median = population.gap_median_days * (2.0 / held[owner[later]]) ** population.gap_frailty_power
    gap = np.zeros(number.shape)
    gap[later] = 24.0 * median * np.exp(population.gap_sigma * score)
    total = np.bincount(owner, weights=gap, minlength=held.size)
    longest = 24.0 * population.longest_spell_days
    shortened: FloatArray = gap * (longest / np.maximum(total, longest))[owner]
    return shortened


def _reports(
    clock: OperationalClock,
    first_report: IntArray,
    first_row: IntArray,
    held: IntArray,
    duration: IntArray,
    gap_hours: FloatArray,
    end: int,
) -> IntArray:
    """Return the second of each report; ``end`` for those at or after it."""
    reported = np.full(duration.shape, end, dtype=np.int64)
    reported[first_row] = first_report
    if kernels.are_ready():
        clock.follow(first_row, held, duration, gap_hours, reported, end)
        return reported
    going = np.arange(first_row.size)
    for step in range(1, int(held.max(initial=0))):
        going = going[held[going] > step]
        row = first_row[going] + step
        returned = reported[row - 1] + duration[row - 1]
        reached = returned < end
        going, row, returned = going[reached], row[reached], returned[reached]
        reading = clock.operational(returned) + gap_hours[row]
        # A child is back for at least a second before the next report.
        reported[row] = np.minimum(np.maximum(clock.second_of(reading, end), returned + 1), end)
    return reported


def earlier_reports(owner: IntArray, reported: IntArray, span: int) -> IntArray:
    """Return how many reports of the same child lie within ``span`` seconds before each row.

    Parameters
    ----------
    owner, reported : ndarray of int64, shape (n,)
        The child, counted from 0, and the second of each report: in the order of the two.
    span : int
        In seconds.
    """
    if reported.size == 0:
        return np.zeros(0, dtype=np.int64)
    since_first = reported - int(reported.min())
    stride = int(since_first.max()) + span + 1
    key = owner * stride + since_first
    earliest = np.searchsorted(key, owner * stride + np.maximum(since_first - span, 0))
    return np.asarray(np.arange(key.size) - earliest, dtype=np.int64)


def _mean(probability: FloatArray) -> float:
    return float(probability @ np.arange(1, probability.size + 1))
