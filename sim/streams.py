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
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

__all__ = ["Streams", "bootstrap_generator"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
WordArray = npt.NDArray[np.uint64]

_VALUES_PER_STEP = 4
_ROUNDS = 10
_MULTIPLIERS = np.array([[0xD2E7470EE14C6C93], [0xCA5A826395121157]], dtype=np.uint64)
_KEY_STEPS = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)
_WORD = 1 << 64
_HALF_WORD = np.uint64(32)
_LOW_HALF = np.uint64(0xFFFFFFFF)

# A value of a contiguous run costs about a fiftieth of a scattered one, so a run is drawn
# whole unless more than this many of its places would be thrown away for each that is wanted.
_SCATTER_RATIO = 48

_FIRST = np.zeros(1, dtype=np.int64)

_MADE = threading.local()
"""Each thread's own generator, set to the place wanted before each use."""
_NO_WORDS = np.zeros(_VALUES_PER_STEP, dtype=np.uint64)


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
        words = np.empty((blocks.size, count), dtype=np.uint64)
        key = _key(self.seed, self.replication, stream, column)
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

        Notes
        -----
        Rows are grouped by block. A block whose places lie close together is drawn as one run
        and indexed; the rest are computed key by key, which costs more for each value and
        nothing for the places between.
        """
        if blocks.shape != places.shape or blocks.ndim != 1:
            raise ValueError(
                f"blocks and places must be of one length, got {blocks.shape} and {places.shape}"
            )
        if blocks.size == 0:
            return np.empty(blocks.shape, dtype=np.float64)
        if int(blocks.min()) < 0 or int(places.min()) < 0:
            raise ValueError("blocks and places must be at least 0")
        in_order, places_in_order, order = blocks, places, None
        if (blocks[1:] < blocks[:-1]).any():
            order = np.argsort(blocks, kind="stable")
            in_order, places_in_order = blocks[order], places[order]
        changes = np.flatnonzero(in_order[1:] != in_order[:-1]) + 1
        firsts = np.concatenate([_FIRST, changes])
        counts = np.concatenate([changes, [blocks.size]]) - firsts
        lowest = np.minimum.reduceat(places_in_order, firsts)
        spans = np.maximum.reduceat(places_in_order, firsts) - lowest + 1
        dense = spans <= _SCATTER_RATIO * counts
        key = _key(self.seed, self.replication, stream, column)
        words = np.empty(blocks.shape, dtype=np.uint64)
        for block, first, count, start, span in zip(
            in_order[firsts[dense]].tolist(),
            firsts[dense].tolist(),
            counts[dense].tolist(),
            lowest[dense].tolist(),
            spans[dense].tolist(),
            strict=True,
        ):
            run = _run(key, block, start, span)
            words[first : first + count] = run[places_in_order[first : first + count] - start]
        if not dense.all():
            rows = np.flatnonzero(np.repeat(~dense, counts))
            words[rows] = _philox(key, in_order[rows], places_in_order[rows])
        if order is None:
            return _open_uniforms(words)
        values = np.empty(blocks.shape, dtype=np.float64)
        values[order] = _open_uniforms(words)
        return values


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
    if seed < 0:
        raise ValueError(f"seed must be at least 0, got {seed}")
    return np.random.Generator(np.random.Philox(key=_hashed("bootstrap", seed, purpose)))


@lru_cache(maxsize=64)
def _key(seed: int, replication: int, stream: str, column: str) -> WordArray:
    # The layers of a field ask for the same one after another.
    return _hashed("fate", seed, replication, stream, column)


def _hashed(*parts: int | str) -> WordArray:
    # JSON quotes each name, so no two lists of parts share a spelling.
    spelling = json.dumps(parts, separators=(",", ":")).encode("ascii")
    digest = hashlib.blake2b(spelling, digest_size=16).digest()
    return np.frombuffer(digest, dtype="<u8").astype(np.uint64)


def _open_uniforms(words: WordArray) -> FloatArray:
    """Return the midpoint of the cell, of 2**52 equal ones, that each word's top bits name."""
    return ((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


def _run(key: WordArray, block: int, start: int, count: int) -> WordArray:
    """Return the words at ``count`` successive places of one block."""
    step, skipped = divmod(start, _VALUES_PER_STEP)
    made = getattr(_MADE, "philox", None)
    if made is None:
        made = _MADE.philox = np.random.Philox(key=0)
    # A generator made anew asks the operating system for a seed that is then not used.
    made.state = {
        "bit_generator": "Philox",
        "state": {"counter": np.array([step, 0, 0, block], dtype=np.uint64), "key": key},
        "buffer": _NO_WORDS,
        "buffer_pos": _VALUES_PER_STEP,
        "has_uint32": 0,
        "uinteger": 0,
    }
    words: WordArray = made.random_raw(skipped + count)
    return words[skipped:]


def _philox(key: WordArray, blocks: IntArray, places: IntArray) -> WordArray:
    """Return the word at each (block, place), as ``numpy.random.Philox`` would make it.

    numpy steps the counter before it makes four words, hence the ``+ 1``.
    """
    step = (places // _VALUES_PER_STEP + 1).astype(np.uint64)
    zero = np.zeros_like(step)
    # Words 0 and 2 are multiplied, words 1 and 3 are not: a row each.
    turned, kept = np.stack([step, zero]), np.stack([zero, blocks.astype(np.uint64)])
    for round_number in range(_ROUNDS):
        keys = [
            [(int(word) + round_number * stride) % _WORD]
            for word, stride in zip(key, _KEY_STEPS, strict=True)
        ]
        high, low = _product(turned)
        turned, kept = high[::-1] ^ kept ^ np.array(keys, dtype=np.uint64), low[::-1]
    return np.choose(places % _VALUES_PER_STEP, (turned[0], kept[0], turned[1], kept[1]))


def _product(words: WordArray) -> tuple[WordArray, WordArray]:
    """Return the high and low words of the 128-bit products of each row and its multiplier."""
    low = words * _MULTIPLIERS
    m_high, m_low = _MULTIPLIERS >> _HALF_WORD, _MULTIPLIERS & _LOW_HALF
    w_high, w_low = words >> _HALF_WORD, words & _LOW_HALF
    middle = w_high * m_low + ((w_low * m_low) >> _HALF_WORD)
    other = w_low * m_high + (middle & _LOW_HALF)
    high = w_high * m_high + (middle >> _HALF_WORD) + (other >> _HALF_WORD)
    return high, low
