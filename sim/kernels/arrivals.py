"""Points of a field that lie under a rate, and the reports of a child one after another."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.kernels.jit import kernel
from sim.kernels.philox import four, uniform_of, word_of

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Words: TypeAlias = NDArray[np.uint64]

_SECONDS_PER_HOUR = 3600


@kernel
def under(
    key: Words,
    blocks: Ints,
    time: Floats,
    start: int,
    end: int,
    layer_per_hour: float,
    rate: Floats,
    points: Ints,
) -> int:
    """Put down the points of a field that lie in a window under a rate, and count them.

    Parameters
    ----------
    key
        Shape (2,), of the uniforms that say how high in its layer a point lies.
    blocks
        Shape (layers,).
    time
        Shape (layers, points): hours.
    start, end
        The window, in seconds.
    layer_per_hour
        Height of a layer.
    rate
        Shape (hours of the window,).
    points
        Shape (3, points of all layers): filled with layer, place and second of each found.
    """
    found = 0
    for layer in range(time.shape[0]):
        step = -1
        one = two = three = last = np.uint64(0)
        for place in range(time.shape[1]):
            second = math.floor(time[layer, place] * _SECONDS_PER_HOUR)
            if second < start or second >= end:
                continue
            if place >> 2 != step:
                step = place >> 2
                one, two, three, last = four(blocks[layer], step, key[0], key[1])
            height = uniform_of(word_of(place & 3, one, two, three, last))
            if layer_per_hour * (layer + height) < rate[(second - start) // _SECONDS_PER_HOUR]:
                points[0, found] = layer
                points[1, found] = place
                points[2, found] = second
                found += 1
    return found


@kernel
def follow(
    edges: Floats,
    shape: Floats,
    start: int,
    end: int,
    first_row: Ints,
    held: Ints,
    duration: Ints,
    gap_hours: Floats,
    reported: Ints,
) -> None:
    """Put down when each later episode of each child is reported, as far as that is before an end.

    Parameters
    ----------
    edges, shape
        Of the operational clock, shape (hours + 1,) and (hours,): its reading at the beginning of
        each hour, and how fast it runs.
    start, end
        Second of its first hour; end of the window.
    first_row, held
        Shape (children,): the row of the first episode, and how many there are.
    duration, gap_hours
        By row: seconds from report to return, and operational hours before the report.
    reported
        By row: filled in but for the first episodes, which are there.
    """
    for child in range(first_row.size):
        row = first_row[child]
        for _ in range(held[child] - 1):
            returned = reported[row] + duration[row]
            if returned >= end:
                break
            hour = int(returned - start) // _SECONDS_PER_HOUR
            passed = (returned - start) - hour * _SECONDS_PER_HOUR
            reading = edges[hour] + shape[hour] * (passed / _SECONDS_PER_HOUR)
            row += 1
            reading += gap_hours[row]
            # The last edge that is not beyond the reading.
            low, high = 0, edges.size
            while low < high:
                middle = (low + high) >> 1
                if edges[middle] <= reading:
                    low = middle + 1
                else:
                    high = middle
            hour, second = low - 1, end
            if hour < shape.size:
                part = (reading - edges[hour]) / shape[hour]
                within = math.floor(part * _SECONDS_PER_HOUR)
                second = start + _SECONDS_PER_HOUR * hour + min(within, _SECONDS_PER_HOUR - 1)
            # A child is back for at least a second before the next report.
            reported[row] = min(max(second, returned + 1), end)


def make_ready() -> None:
    """Compile or fetch both."""
    key, none, nothing = np.zeros(2, dtype=np.uint64), np.zeros(0, dtype=np.int64), np.zeros(0)
    under(key, none, np.zeros((0, 0)), 0, 0, 1.0, nothing, np.zeros((3, 0), dtype=np.int64))
    follow(nothing, nothing, 0, 0, none, none, none, nothing, none)
