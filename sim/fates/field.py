"""Arrivals as points of a unit Poisson field over time and height of the rate.

The half-plane of time (hours, both ways from time 0) and height (arrivals an hour, upwards from
0) holds one random point for each unit of area. An arrival of a stream is a point that lies
under the stream's rate at its time, so the arrivals are a Poisson process with that rate; a
higher rate uncovers further points and moves none, and a lower one covers some up (thinning,
after Lewis and Shedler, Naval Research Logistics Quarterly 26, 1979,
doi:10.1002/nav.3800260304).

The field is cut into layers of constant height. In each layer the points run forward from time 0
and backward from time 0, with exponential gaps; a point's place in its run never changes, however
long the window. Direction, layer and place make its *number*, which lasts as long as the seed:

====== ======= ==========================================================================
bits   name    meaning
====== ======= ==========================================================================
46     way     0 forward from time 0, 1 backward
35-45  layer   counted upwards from 0
7-34   place   place in the run of that layer and way, from 0
0-6    episode 0 for the point itself; 1 to 127 for what follows from it (see `children`)
====== ======= ==========================================================================

The topmost layer forward from time 0 holds no points: its numbers are those of scripted reports,
by their place in the scenario's list.

A number is below 2**47, so that a stream code of 16 bits may stand above it in an ``int64``
without touching the sign.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from sim import kernels
from sim.streams import Places, Streams

__all__ = [
    "EPISODE_BITS",
    "LAYER_PER_HOUR",
    "NUMBER_BITS",
    "SECONDS_PER_HOUR",
    "places_of",
    "points_by_number",
    "points_under",
    "scripted_numbers",
    "values_for",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

SECONDS_PER_HOUR: Final = 3600

EPISODE_BITS: Final = 7
_PLACE_BITS: Final = 28
_LAYER_BITS: Final = 11
_LAYER_SHIFT: Final = EPISODE_BITS + _PLACE_BITS
_WAY_SHIFT: Final = _LAYER_SHIFT + _LAYER_BITS
NUMBER_BITS: Final = _WAY_SHIFT + 1

_MOST_LAYERS: Final = (1 << _LAYER_BITS) - 1
_SCRIPTED_BLOCK: Final = _MOST_LAYERS << _LAYER_SHIFT

_PLACE_MASK: Final = ((1 << _PLACE_BITS) - 1) << EPISODE_BITS

# Part of every number's meaning: another height is another field. One arrival an hour keeps a
# busy stream to some tens of layers and wastes few points of a rare one.
LAYER_PER_HOUR: Final = 1.0

_GAP_COLUMN: Final = "field.gap"
_HEIGHT_COLUMN: Final = "field.height"


def points_under(
    streams: Streams,
    stream: str,
    hourly_rate: FloatArray,
    start: int,
    end: int,
    layer_per_hour: float = LAYER_PER_HOUR,
) -> tuple[IntArray, IntArray]:
    """Return the points of a stream's field that lie under a rate, in the order (time, number).

    Takes and returns what `points_by_number` does, in another order.
    """
    number, second = points_by_number(streams, stream, hourly_rate, start, end, layer_per_hour)
    order = np.lexsort((number, second))
    return number[order], second[order]


def points_by_number(
    streams: Streams,
    stream: str,
    hourly_rate: FloatArray,
    start: int,
    end: int,
    layer_per_hour: float = LAYER_PER_HOUR,
) -> tuple[IntArray, IntArray]:
    """Return the points of a stream's field that lie under a rate, in the order of their numbers.

    Parameters
    ----------
    streams : Streams
        Source of the uniforms: one study seed and replication.
    stream : str
        Name of the stream; each has a field of its own.
    hourly_rate : ndarray of float64, shape (hours,)
        Arrivals an hour, constant through each clock hour of ``[start, end)``, at least 0.
    start, end : int
        Window, in seconds from local midnight of the first day; multiples of 3600, and
        negative where before it.
    layer_per_hour : float
        Height of a layer, in arrivals an hour.

    Returns
    -------
    number : ndarray of int64, shape (n,)
        Lasting number of each point, with episode 0.
    time : ndarray of int64, shape (n,)
        The second in which the point falls, in ``[start, end)``.

    Raises
    ------
    ValueError
        If the window is not of whole hours, the rate does not fit it, is negative or not
        finite, or is too high for the layers that a number can hold.

    Notes
    -----
    An instant is named by the second that holds it, so that an arrival is never moved across the
    hour at which the rate changes.
    """
    rate = np.asarray(hourly_rate, dtype=np.float64)
    _check_window(rate, start, end)
    if not layer_per_hour > 0:
        raise ValueError(f"layer_per_hour must be above 0, got {layer_per_hour}")
    highest = float(rate.max(initial=0.0))
    layers = math.ceil(highest / layer_per_hour)
    if layers > _MOST_LAYERS:
        raise ValueError(
            f"hourly_rate may be at most {layer_per_hour * _MOST_LAYERS:g}, got {highest:g}"
        )
    numbers = [np.empty(0, dtype=np.int64)]
    times = [np.empty(0, dtype=np.int64)]
    for way, reach in ((0, end), (1, -start)):
        if reach <= 0 or not layers:
            continue
        blocks = way << _WAY_SHIFT | np.arange(layers) << _LAYER_SHIFT
        time = _runs_of_times(streams, stream, blocks, reach, layer_per_hour)
        if way:
            time = -time
        if kernels.are_ready():
            layer, place, second = _under(
                streams, stream, blocks, time, rate, start, end, layer_per_hour
            )
            numbers.append(blocks[layer] + (place << EPISODE_BITS))
            times.append(second)
            continue
        second = np.floor(time * SECONDS_PER_HOUR).astype(np.int64)
        layer, place = np.nonzero((second >= start) & (second < end))
        second = second[layer, place]
        height = streams.uniform_rows(stream, _HEIGHT_COLUMN, blocks=blocks, count=time.shape[1])
        hour = (second - start) // SECONDS_PER_HOUR
        under = layer_per_hour * (layer + height[layer, place]) < rate[hour]
        numbers.append(blocks[layer[under]] + (place[under] << EPISODE_BITS))
        times.append(second[under])
    return np.concatenate(numbers), np.concatenate(times)


def scripted_numbers(count: int) -> IntArray:
    """Return the numbers of a stream's scripted reports, in the order of its list, shape (count,).

    No point is ever given one of them; their episode is 0.
    """
    return _SCRIPTED_BLOCK + (np.arange(count, dtype=np.int64) << EPISODE_BITS)


def values_for(streams: Streams, stream: str, column: str, number: IntArray) -> FloatArray:
    """Return one uniform for each numbered point or episode, for any column.

    Parameters
    ----------
    streams : Streams
        Source of the uniforms.
    stream, column : str
        Names of the stream and of the quantity drawn.
    number : ndarray of int64, shape (n,)
        Numbers from `points_under`, or with an episode added to them; any order, any repeats.

    Returns
    -------
    ndarray of float64, shape (n,)
        A uniform in (0, 1) that depends on the number and the names only. The episodes of one
        point have independent values; for a value that they share, clear the episode bits.

    Raises
    ------
    ValueError
        If a number is negative or has more than ``NUMBER_BITS`` bits.
    """
    values: FloatArray = streams.columns_at(stream, (column,), places_of(number))[0]
    return values


def places_of(number: IntArray) -> Places:
    """Return where the values of numbered points or episodes stand, for any stream and column.

    Raises
    ------
    ValueError
        If a number is negative or has more than ``NUMBER_BITS`` bits.
    """
    number = np.asarray(number, dtype=np.int64)
    if number.size and (int(number.min()) < 0 or int(number.max()) >> NUMBER_BITS):
        raise ValueError(f"a number must be in [0, 2**{NUMBER_BITS})")
    return Places(number & ~_PLACE_MASK, (number & _PLACE_MASK) >> EPISODE_BITS)


def _runs_of_times(
    streams: Streams, stream: str, blocks: IntArray, reach: int, layer_per_hour: float
) -> FloatArray:
    """Return distances from time 0 of each block's run, in hours, to beyond ``reach``.

    Shape (blocks, places).
    """
    hours = reach / SECONDS_PER_HOUR
    expected = hours * layer_per_hour
    count = math.ceil(expected + 6.0 * math.sqrt(expected)) + 8
    while True:
        if count > 1 << _PLACE_BITS:
            raise ValueError(f"a run of {count} points is longer than a number can hold")
        uniform = streams.uniform_rows(stream, _GAP_COLUMN, blocks=blocks, count=count)
        # A running total adds from the front, so a longer run begins with the shorter one.
        time: FloatArray = np.cumsum(-np.log(uniform) / layer_per_hour, axis=1)
        if (time[:, -1] > hours).all():
            return time
        count *= 2


def _under(
    streams: Streams,
    stream: str,
    blocks: IntArray,
    time: FloatArray,
    rate: FloatArray,
    start: int,
    end: int,
    layer_per_hour: float,
) -> tuple[IntArray, IntArray, IntArray]:
    """Return layer, place and second of each point under the rate, as `points_by_number` does."""
    from sim.kernels import arrivals

    found = np.empty((3, time.size), dtype=np.int64)
    key = streams.key_words(stream, _HEIGHT_COLUMN)
    count = arrivals.under(key, blocks, time, start, end, layer_per_hour, rate, found)
    layer, place, second = found[:, :count]
    return layer, place, second


def _check_window(rate: FloatArray, start: int, end: int) -> None:
    if start % SECONDS_PER_HOUR or end % SECONDS_PER_HOUR or end < start:
        raise ValueError(f"a window must be of whole hours, got [{start}, {end}) seconds")
    hours = (end - start) // SECONDS_PER_HOUR
    if rate.shape != (hours,):
        raise ValueError(f"hourly_rate must have {hours} values, got shape {rate.shape}")
    if not np.isfinite(rate).all() or rate.min(initial=0.0) < 0:
        raise ValueError("hourly_rate must be finite and at least 0")
