"""Uniforms of a counter-based generator at any places: Philox 4x64-10, as numpy makes it.

The key says who asks. The counter's highest word is the block and its lowest the step, from 1: a
step makes four words, which are the values at four successive places.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias, cast

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from sim.kernels.jit import helper, kernel

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Words: TypeAlias = NDArray[np.uint64]

_OfNumba: TypeAlias = Any
"""Numba publishes no types."""

_FIRST: Final = np.uint64(0xD2E7470EE14C6C93)
_SECOND: Final = np.uint64(0xCA5A826395121157)
_FIRST_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
_SECOND_STEP: Final = np.uint64(0xBB67AE8584CAA73B)
_UNSEEN_BITS: Final = np.uint64(12)


def _typed_high(_: _OfNumba, one: _OfNumba, other: _OfNumba) -> _OfNumba:  # noqa: ARG001

    def made(context: _OfNumba, builder: _OfNumba, _: _OfNumba, arguments: _OfNumba) -> _OfNumba:
        word = context.get_value_type(types.uint64)
        wide = type(word)(128)
        first, second = (builder.zext(argument, wide) for argument in arguments)
        return builder.trunc(builder.lshr(builder.mul(first, second), wide(64)), word)

    return types.uint64(types.uint64, types.uint64), made


_high: Final = cast("Callable[[np.uint64, np.uint64], np.uint64]", intrinsic(_typed_high))
"""The high word of a product of two words."""


@helper
def four(
    block: int, step: int, first_key: np.uint64, second_key: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the four words of a step of a block."""
    one, two, three, last = np.uint64(step + 1), np.uint64(0), np.uint64(0), np.uint64(block)
    key, other = first_key, second_key
    for _ in range(10):
        high, low = _high(_FIRST, one), _FIRST * one
        other_high, other_low = _high(_SECOND, three), _SECOND * three
        one, two, three, last = other_high ^ two ^ key, other_low, high ^ last ^ other, low
        key += _FIRST_STEP
        other += _SECOND_STEP
    return one, two, three, last


@helper
def word_of(
    part: int, one: np.uint64, two: np.uint64, three: np.uint64, last: np.uint64
) -> np.uint64:
    """Return one of the four words of a step, by its place there from 0."""
    if part == 0:
        return one
    if part == 1:
        return two
    return three if part == 2 else last


@helper
def uniform_of(word: np.uint64) -> float:
    """Return the midpoint of the cell, of 2**52 equal ones, that a word's top bits name."""
    return float((np.float64(np.int64(word >> _UNSEEN_BITS)) + 0.5) * 2.0**-52)


@kernel
def at(keys: Words, blocks: Ints, places: Ints, found: Floats) -> None:
    """Put down the uniforms of some keys at scattered places.

    Parameters
    ----------
    keys
        Shape (k, 2).
    blocks, places
        Shape (n,). What belongs to one step costs least where it stands together.
    found
        Shape (k, n): filled.
    """
    for row in range(keys.shape[0]):
        block, step = -1, -1
        one = two = three = last = np.uint64(0)
        for index in range(blocks.size):
            place = int(places[index])
            if place >> 2 != step or blocks[index] != block:
                block, step = int(blocks[index]), place >> 2
                one, two, three, last = four(block, step, keys[row, 0], keys[row, 1])
            found[row, index] = uniform_of(word_of(place & 3, one, two, three, last))


@kernel
def runs(keys: Words, blocks: Ints, start: int, found: Floats) -> None:
    """Put down the uniforms of a key at successive places of many blocks.

    Parameters
    ----------
    keys
        Shape (1, 2).
    blocks
        Shape (n,).
    start
        The first place.
    found
        Shape (n, places): filled.
    """
    for row in range(blocks.size):
        index, place = 0, start
        while index < found.shape[1]:
            one, two, three, last = four(blocks[row], place >> 2, keys[0, 0], keys[0, 1])
            for part in range(place & 3, 4):
                if index == found.shape[1]:
                    break
                found[row, index] = uniform_of(word_of(part, one, two, three, last))
                index += 1
                place += 1


def make_ready() -> None:
    """Compile or fetch both."""
    keys, nothing = np.zeros((1, 2), dtype=np.uint64), np.zeros(0, dtype=np.int64)
    at(keys, nothing, nothing, np.zeros((1, 0)))
    runs(keys, nothing, 0, np.zeros((0, 0)))
