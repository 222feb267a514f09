"""The only maker of random generators.

A drawn value is a function of its key and of nothing else. The key has two halves:

* *who asks*: study seed, replication, stream name and column name, hashed to the 128-bit key of
  a Philox 4x64-10 generator (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
  1, 2, 3", SC 2011, doi:10.1145/2063384.2063405);
* *which value*: a ``block`` (a number space of the caller's: a layer of a field, a date) in the
  highest word of the generator's counter, and a ``place`` in the block's sequence in the lowest.

Each value is one uniform in the open interval (0, 1), to be turned into a variate by inverse
transform. Nothing here rejects a draw, so what is not read need not be drawn, and to read more
never moves what was read before.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from sim import kernels

__all__ = ["Places", "Streams", "bootstrap_generator", "settings_generator"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
WordArray = npt.NDArray[np.uint64]
Key: TypeAlias = tuple[int, int]

_VALUES_PER_STEP = 4
_ROUNDS = 10
_MULTIPLIERS = np.array([[[0xD2E7470EE14C6C93]], [[0xCA5A826395121157]]], dtype=np.uint64)
_KEY_STEPS = np.array([[[0x9E3779B97F4A7C15]], [[0xBB67AE8584CAA73B]]], dtype=np.uint64)
_HALF_WORD = np.uint64(32)
_LOW_HALF = np.uint64(0xFFFFFFFF)
_HIGH_MULTIPLIERS = _MULTIPLIERS >> _HALF_WORD
_LOW_MULTIPLIERS = _MULTIPLIERS & _LOW_HALF

# A value of a contiguous run costs about a fiftieth of a scattered one, so a run is drawn
# whole unless more than this many of its places would be thrown away for each that is wanted.
_SCATTER_RATIO = 48

# Fewer scattered values than this are drawn one by one: to compute them side by side takes some
# two hundred calls, however few they are.
_SIDE_BY_SIDE = 64

_FIRST = np.zeros(1, dtype=np.int64)

_MADE = threading.local()
"""Each thread's own generator, set to the place wanted before each use."""
_NO_WORDS = (0,) * _VALUES_PER_STEP


@dataclass(frozen=True, slots=True)
class Streams:
    """All uniforms of one replication of one study.

    Parameters
    ----------
    seed : int
        The study seed, at least 0.
    replication : int
        Number of the replication, at least 0.

    Raises
    ------
    ValueError
        If either number is negative.

    Notes
    -----
    Holds no state: calls may come in any order, any number of times, from any thread.
    """

    seed: int
    replication: int

    def __post_init__(self) -> None:
        if self.seed < 0 or self.replication < 0:
            raise ValueError(
                "seed and replication must be at least 0, "
                f"got seed {self.seed} and replication {self.replication}"
            )

    def uniforms(
        self, stream: str, column: str, *, block: int, count: int, start: int = 0
    ) -> FloatArray:
        """Return the uniforms at ``count`` successive places of one block.

        Parameters
        ----------
        stream, column : str
            Names of the stream and of the quantity drawn.
        block : int
            Number space within the column, in [0, 2**63).
        count : int
            How many values, at least 0.
        start : int
            Place of the first value, at least 0.

        Returns
        -------
        ndarray of float64, shape (count,)
            Values in the open interval (0, 1); element ``i`` belongs to place ``start + i``.

        Raises
        ------
        ValueError
            If ``block``, ``count`` or ``start`` is out of range.
        """
        if not 0 <= block < 1 << 63 or count < 0 or start < 0:
            raise ValueError(
                f"block, count and start must be at least 0, got {block}, {count} and {start}"
            )
        key = _key(self.seed, self.replication, stream, column)
        if kernels.are_ready():
            found: FloatArray = _uniforms_of_runs(key, np.full(1, block), start, count)[0]
            return found
        return _open_uniforms(_run(key, block, start, count))

    def uniform_one(self, stream: str, column: str, *, block: int, place: int = 0) -> float:
        """Return the uniform at one place of one block, as `uniforms` would."""
        return float(self.uniforms(stream, column, block=block, count=1, start=place)[0])

    def uniform_rows(self, stream: str, column: str, *, blocks: IntArray, count: int) -> FloatArray:
        """Return the uniforms at the first ``count`` places of many blocks.

        Parameters
        ----------
        stream, column : str
            Names of the stream and of the quantity drawn.
        blocks : ndarray of int64, shape (n,)
            Blocks, all at least 0; repeats are allowed.
        count : int
            How many values of each, at least 0.

        Returns
        -------
        ndarray of float64, shape (n, count)
            Row ``i`` equals ``uniforms(..., block=blocks[i], count=count)``.

        Raises
        ------
        ValueError
            If a block or ``count`` is negative.
        """
        if count < 0 or (blocks.size and int(blocks.min()) < 0):
            raise ValueError(f"blocks and count must be at least 0, got {count} places")
        key = _key(self.seed, self.replication, stream, column)
        if kernels.are_ready():
            return _uniforms_of_runs(key, np.ascontiguousarray(blocks), 0, count)
        words = np.empty((blocks.size, count), dtype=np.uint64)
        for row, block in enumerate(blocks.tolist()):
            words[row] = _run(key, block, 0, count)
        return _open_uniforms(words)

    def uniforms_at(
        self, stream: str, column: str, *, blocks: IntArray, places: IntArray
    ) -> FloatArray:
        """Return the uniforms at scattered places of many blocks.

        Parameters
        ----------
        stream, column : str
            Names of the stream and of the quantity drawn.
        blocks, places : ndarray of int64, shape (n,)
            Block and place of each value, all at least 0; repeats are allowed.

        Returns
        -------
        ndarray of float64, shape (n,)
            Element ``i`` equals ``uniforms(..., block=blocks[i], start=places[i], count=1)[0]``.

        Raises
        ------
        ValueError
            If the shapes differ, or a block or place is negative.
        """
        values: FloatArray = self.columns_at(stream, (column,), Places(blocks, places))[0]
        return values

    def columns_at(self, stream: str, columns: Sequence[str], places: Places) -> FloatArray:
        """Return the uniforms of several columns at the same scattered places.

        Parameters
        ----------
        stream : str
            Name of the stream.
        columns : sequence of str
            Names of the quantities drawn; each has the values that it would have alone.
        places : Places
            Shared by the columns, however many calls ask for them.

        Returns
        -------
        ndarray of float64, shape (columns, n)
            Row ``i`` equals ``uniforms_at(stream, columns[i], ...)`` at those places.
        """
        keys = [_key(self.seed, self.replication, stream, column) for column in columns]
        return places.uniforms(keys)

    def key_words(self, stream: str, column: str) -> WordArray:
        """Return a column's key, shape (2,), for machine code that draws as it goes along."""
        words: WordArray = _as_words([_key(self.seed, self.replication, stream, column)])[0]
        return words


class Places:
    """Scattered places of many blocks, looked at once for all columns that are read there.

    Parameters
    ----------
    blocks, places : ndarray of int64, shape (n,)
        Block and place of each value, all at least 0; repeats are allowed.

    Raises
    ------
    ValueError
        If the shapes differ, or a block or place is negative.
    """

    __slots__ = ("_blocks", "_grouped", "_places", "size")

    def __init__(self, blocks: IntArray, places: IntArray) -> None:
        if blocks.shape != places.shape or blocks.ndim != 1:
            raise ValueError(
                f"blocks and places must be of one length, got {blocks.shape} and {places.shape}"
            )
        if blocks.size and (int(blocks.min()) < 0 or int(places.min()) < 0):
            raise ValueError("blocks and places must be at least 0")
        self.size = blocks.size
        self._blocks, self._places = np.ascontiguousarray(blocks), np.ascontiguousarray(places)
        self._grouped: _Grouped | None = None

    def uniforms(self, keys: Sequence[Key]) -> FloatArray:
        """Return the uniforms of some keys at these places, shape (keys, n)."""
        if kernels.are_ready():
            from sim.kernels import philox

            found = np.empty((len(keys), self.size))
            philox.at(_as_words(keys), self._blocks, self._places, found)
            return found
        if self._grouped is None:
            self._grouped = _Grouped(self._blocks, self._places)
        return _open_uniforms(self._grouped.words(keys))


class _Grouped:
    """Places by block, to be drawn without machine code.

    A block whose places lie close together is drawn as one run and indexed; the rest are computed
    key by key, which costs more for each value and nothing for the places between.
    """

    __slots__ = ("_dense", "_index", "_lone", "_lone_blocks", "_lone_places", "_runs", "_size")

    def __init__(self, blocks: IntArray, places: IntArray) -> None:
        self._size = blocks.size
        order: IntArray | slice = slice(None)
        if (blocks[1:] < blocks[:-1]).any():
            order = np.argsort(blocks, kind="stable")
        in_order, places_in_order = blocks[order], places[order]
        changes = np.flatnonzero(in_order[1:] != in_order[:-1]) + 1
        firsts = np.concatenate([_FIRST[: blocks.size], changes])
        counts = np.diff(firsts, append=blocks.size)
        lowest = highest = firsts
        if blocks.size:
            lowest = np.minimum.reduceat(places_in_order, firsts)
            highest = np.maximum.reduceat(places_in_order, firsts)
        spans = highest - lowest + 1
        dense = spans <= _SCATTER_RATIO * counts
        self._runs = list(
            zip(
                in_order[firsts[dense]].tolist(),
                lowest[dense].tolist(),
                spans[dense].tolist(),
                strict=True,
            )
        )
        # Where each run begins, once they stand one after another, less its first place.
        shifts = np.zeros(firsts.size, dtype=np.int64)
        shifts[dense] = np.cumsum(spans[dense]) - spans[dense] - lowest[dense]
        index = places_in_order + np.repeat(shifts, counts)
        rows = np.arange(blocks.size)[order]
        if dense.all():
            lone = rows[:0]
            self._index = np.empty(blocks.size, dtype=np.int64)
            self._index[rows] = index
            self._dense: IntArray | slice = slice(None)
        else:
            of_run = np.repeat(dense, counts)
            lone = rows[~of_run]
            self._index, self._dense = index[of_run], rows[of_run]
        self._lone, self._lone_blocks, self._lone_places = lone, blocks[lone], places[lone]

    def words(self, keys: Sequence[Key]) -> WordArray:
        """Return the words of some keys at these places, shape (keys, n)."""
        words = np.empty((len(keys), self._size), dtype=np.uint64)
        if self._runs:
            for row, key in zip(words, keys, strict=True):
                runs = [_run(key, block, start, span) for block, start, span in self._runs]
                row[self._dense] = np.concatenate(runs)[self._index]
        if self._lone.size:
            words[:, self._lone] = _scattered(keys, self._lone_blocks, self._lone_places)
        return words


def bootstrap_generator(seed: int, purpose: str) -> np.random.Generator:
    """Return a generator for resampling results, apart from every fate.

    Parameters
    ----------
    seed : int
        The study seed, at least 0.
    purpose : str
        What is resampled; two purposes never share a sequence.

    Raises
    ------
    ValueError
        If ``seed`` is negative.
    """
    _ensure_seed(seed)
    key = np.array(_hashed("bootstrap", seed, purpose), dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key))


def settings_generator(seed: int) -> np.random.Generator:
    """Return a generator for settings of what is not known, apart from every fate.

    Parameters
    ----------
    seed : int
        The study seed, at least 0.

    Raises
    ------
    ValueError
        If ``seed`` is negative.
    """
    _ensure_seed(seed)
    # A sequence of seeds and no key: scipy asks the generator for others beside it.
    seeds = np.random.SeedSequence(_hashed("settings", seed))
    return np.random.Generator(np.random.Philox(seeds))


def _ensure_seed(seed: int) -> None:
    if seed < 0:
        raise ValueError(f"seed must be at least 0, got {seed}")


@lru_cache(maxsize=64)
def _key(seed: int, replication: int, stream: str, column: str) -> Key:
    # The layers of a field ask for the same one after another.
    return _hashed("fate", seed, replication, stream, column)


def _hashed(*parts: int | str) -> Key:
    # JSON quotes each name, so no two lists of parts share a spelling.
    spelling = f"[{','.join([_spelt(part) for part in parts])}]"
    digest = hashlib.blake2b(spelling.encode("ascii"), digest_size=16).digest()
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")


@lru_cache(maxsize=4096)
def _spelt(part: int | str) -> str:
    return json.dumps(part)


def _open_uniforms(words: WordArray) -> FloatArray:
    """Return the midpoint of the cell, of 2**52 equal ones, that each word's top bits name."""
    return ((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


def _as_words(keys: Sequence[Key]) -> WordArray:
    return np.array(keys, dtype=np.uint64).reshape(len(keys), 2)


def _uniforms_of_runs(key: Key, blocks: IntArray, start: int, count: int) -> FloatArray:
    """Return the uniforms at successive places of some blocks, shape (blocks, count)."""
    from sim.kernels import philox

    found = np.empty((blocks.size, count))
    philox.runs(_as_words([key]), blocks, start, found)
    return found


def _run(key: Key, block: int, start: int, count: int) -> WordArray:
    """Return the words at ``count`` successive places of one block."""
    step, skipped = divmod(start, _VALUES_PER_STEP)
    made = getattr(_MADE, "philox", None)
    if made is None:
        made = _MADE.philox = np.random.Philox(key=0)
    # A generator made anew asks the operating system for a seed that is then not used. Python's
    # numbers are taken over several times as fast as those of an array.
    made.state = {
        "bit_generator": "Philox",
        "state": {"counter": (step, 0, 0, block), "key": key},
        "buffer": _NO_WORDS,
        "buffer_pos": _VALUES_PER_STEP,
        "has_uint32": 0,
        "uinteger": 0,
    }
    words: WordArray = made.random_raw(skipped + count)
    return words[skipped:]


def _scattered(keys: Sequence[Key], blocks: IntArray, places: IntArray) -> WordArray:
    """Return the words of some keys at each (block, place), shape (keys, n)."""
    if len(keys) * blocks.size >= _SIDE_BY_SIDE:
        return _philox(np.array(keys, dtype=np.uint64), blocks, places)
    pairs = list(zip(blocks.tolist(), places.tolist(), strict=True))
    return np.array(
        [[_run(key, block, place, 1)[0] for block, place in pairs] for key in keys],
        dtype=np.uint64,
    )


def _philox(keys: WordArray, blocks: IntArray, places: IntArray) -> WordArray:
    """Return the word of each key at each (block, place), as ``numpy.random.Philox`` makes it.

    Parameters
    ----------
    keys : ndarray of uint64, shape (k, 2)
    blocks, places : ndarray of int64, shape (n,)

    Returns
    -------
    ndarray of uint64, shape (k, n)

    Notes
    -----
    numpy steps the counter before it makes four words, hence the ``+ 1``.
    """
    step = (places // _VALUES_PER_STEP + 1).astype(np.uint64)
    zero = np.zeros_like(step)
    # Words 0 and 2 are multiplied, words 1 and 3 are not: a row each.
    turned = np.stack([step, zero])[:, np.newaxis]
    kept = np.stack([zero, blocks.astype(np.uint64)])[:, np.newaxis]
    key = keys.T[:, :, np.newaxis].copy()
    for _ in range(_ROUNDS):
        high, low = _product(turned)
        turned, kept = high[::-1] ^ kept ^ key, low[::-1]
        key += _KEY_STEPS
    of_step = places % _VALUES_PER_STEP
    return np.choose(of_step, (turned[0], kept[0], turned[1], kept[1]))


def _product(words: WordArray) -> tuple[WordArray, WordArray]:
    """Return the high and low words of the 128-bit products of each row and its multiplier."""
    low = words * _MULTIPLIERS
    high_half, low_half = words >> _HALF_WORD, words & _LOW_HALF
    middle = low_half * _LOW_MULTIPLIERS
    middle >>= _HALF_WORD
    middle += high_half * _LOW_MULTIPLIERS
    low_half *= _HIGH_MULTIPLIERS
    low_half += middle & _LOW_HALF
    low_half >>= _HALF_WORD
    middle >>= _HALF_WORD
    high_half *= _HIGH_MULTIPLIERS
    high_half += middle
    high_half += low_half
    return high_half, low
