"""Uniforms are functions of their keys, uniform, and independent of each other."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy import stats

from sim.streams import Places, Streams, _open_uniforms, bootstrap_generator

ALPHA = 1e-4


def test_same_key_gives_same_values() -> None:
    """Two makers with one seed and replication agree on every value."""
    first = Streams(7, 3).uniforms("missing_child", "age", block=5, count=100)
    again = Streams(7, 3).uniforms("missing_child", "age", block=5, count=100)
    assert np.array_equal(first, again)


@pytest.mark.parametrize(
    ("seed", "replication", "stream", "column", "block"),
    [
        (8, 3, "missing_child", "age", 5),
        (7, 4, "missing_child", "age", 5),
        (3, 7, "missing_child", "age", 5),
        (7, 3, "missing_adult", "age", 5),
        (7, 3, "missing_child", "risk", 5),
        (7, 3, "missing_childa", "ge", 5),
        (7, 3, "missing_child", "age", 6),
    ],
)
def test_each_part_of_the_key_matters(
    seed: int, replication: int, stream: str, column: str, block: int
) -> None:
    """A key that differs in one part names an unrelated sequence."""
    here = Streams(7, 3).uniforms("missing_child", "age", block=5, count=100)
    there = Streams(seed, replication).uniforms(stream, column, block=block, count=100)
    assert not np.isin(here, there).any()


@pytest.mark.parametrize("start", [0, 1, 2, 3, 4, 5, 8, 1001])
def test_run_may_begin_anywhere(start: int) -> None:
    """A run from a later place equals the tail of the run from place 0."""
    streams = Streams(1, 0)
    whole = streams.uniforms("priority", "travel", block=2, count=start + 13)
    part = streams.uniforms("priority", "travel", block=2, count=13, start=start)
    assert np.array_equal(part, whole[start:])


def test_rows_are_the_beginnings_of_runs() -> None:
    """Each row is its block's run from place 0; a longer row begins with the shorter one."""
    streams = Streams(1, 0)
    blocks = np.array([7, 2, 7, 1 << 47])
    rows = streams.uniform_rows("missing_child", "episode", blocks=blocks, count=9)
    for row, block in zip(rows, blocks.tolist(), strict=True):
        run = streams.uniforms("missing_child", "episode", block=block, count=9)
        assert np.array_equal(row, run)
    longer = streams.uniform_rows("missing_child", "episode", blocks=blocks, count=30)
    assert np.array_equal(longer[:, :9], rows)
    none = streams.uniform_rows("missing_child", "episode", blocks=blocks[:0], count=9)
    assert none.shape == (0, 9)


@pytest.mark.parametrize(("block", "count"), [(-1, 3), (3, -1)])
def test_rows_out_of_range_are_refused(block: int, count: int) -> None:
    """Neither a block nor a number of places may be negative."""
    with pytest.raises(ValueError, match="at least 0"):
        Streams(1, 0).uniform_rows("a", "b", blocks=np.array([block]), count=count)


def test_one_value_equals_the_same_place_of_a_run() -> None:
    """`uniform_one` reads the value that a run holds at that place."""
    streams = Streams(1, 0)
    run = streams.uniforms("pool", "abstraction", block=9, count=12)
    single = [streams.uniform_one("pool", "abstraction", block=9, place=i) for i in range(12)]
    assert single == run.tolist()


def test_scattered_places_equal_runs() -> None:
    """Dense blocks, far-flung places and repeats all give the value of their own key."""
    streams = Streams(12, 5)
    near = np.random.default_rng(1).integers(0, 300, 60)
    far = np.array([0, 2**40 + 3, 2**61 + 1, 17, 17])
    places = np.concatenate((near, far, near[:5]))
    blocks = np.concatenate((np.full(60, 4), np.full(5, 2**46 + 1), np.full(5, 4)))
    shuffle = np.random.default_rng(2).permutation(places.size)
    got = streams.uniforms_at("s", "c", blocks=blocks[shuffle], places=places[shuffle])
    expected = [
        streams.uniform_one("s", "c", block=int(b), place=int(p))
        for b, p in zip(blocks[shuffle], places[shuffle], strict=True)
    ]
    assert got.tolist() == expected


@pytest.mark.parametrize("far", [3, 200])
def test_columns_read_together_have_the_values_of_each(far: int) -> None:
    """Near places in two blocks and far ones, few or many: as if each column were read alone."""
    streams = Streams(12, 5)
    random = np.random.default_rng(3)
    blocks = np.concatenate([np.repeat([9, 4], 40), random.integers(2**46, 2**47, far)])
    places = np.concatenate([random.integers(0, 90, 80), random.integers(0, 2**50, far)])
    columns = ["travel", "scene", "writing"]
    together = streams.columns_at("s", columns, Places(blocks, places))
    for name, values in zip(columns, together, strict=True):
        alone = [
            streams.uniform_one("s", name, block=int(b), place=int(p))
            for b, p in zip(blocks, places, strict=True)
        ]
        assert values.tolist() == alone


def test_no_rows_give_no_values() -> None:
    """Empty requests give empty arrays."""
    streams = Streams(1, 1)
    none = np.empty(0, dtype=np.int64)
    assert streams.uniforms_at("s", "c", blocks=none, places=none).shape == (0,)
    assert streams.uniforms("s", "c", block=0, count=0).shape == (0,)


def test_extreme_words_stay_inside_the_open_interval() -> None:
    """All bits clear or set give values above 0 and below 1, as far from either end."""
    low, high = _open_uniforms(np.array([0, 2**64 - 1], dtype=np.uint64))
    # (0 + 1/2) / 2**52, and its mirror image.
    assert low == 2.0**-53
    assert high == 1.0 - 2.0**-53


@pytest.mark.parametrize("block", [0, 1, 2**46])
def test_values_are_uniform(block: int) -> None:
    """The Kolmogorov-Smirnov test accepts a long run."""
    values = Streams(2022, 0).uniforms("priority", "travel", block=block, count=200_000)
    assert stats.kstest(values, "uniform").pvalue > ALPHA


def test_kolmogorov_smirnov_catches_a_planted_error() -> None:
    """The same test rejects values pushed up by 3 % of the interval's length."""
    values = Streams(2022, 0).uniforms("priority", "travel", block=0, count=200_000)
    assert stats.kstest(np.minimum(values * 1.03, 1.0), "uniform").pvalue < ALPHA


def test_keys_give_uncorrelated_sequences() -> None:
    """Columns, streams, blocks, replications, seeds and a shift by one are all uncorrelated."""
    count = 100_000
    base = Streams(1, 0)
    rows = np.array(
        [
            base.uniforms("a", "x", block=0, count=count),
            base.uniforms("a", "y", block=0, count=count),
            base.uniforms("b", "x", block=0, count=count),
            base.uniforms("a", "x", block=1, count=count),
            base.uniforms("a", "x", block=0, count=count, start=1),
            Streams(1, 1).uniforms("a", "x", block=0, count=count),
            Streams(2, 0).uniforms("a", "x", block=0, count=count),
        ]
    )
    correlation = np.corrcoef(rows)[np.triu_indices(len(rows), 1)]
    # A correlation of independent values is about normal with standard error 1 / sqrt(count).
    bound = stats.norm.isf(ALPHA / 2 / correlation.size) / math.sqrt(count)
    assert np.abs(correlation).max() < bound


def test_bootstrap_generator_is_repeatable_and_apart() -> None:
    """One purpose repeats its sequence; another purpose or seed has another."""
    draws = bootstrap_generator(5, "max_t").random(50)
    assert np.array_equal(draws, bootstrap_generator(5, "max_t").random(50))
    assert not np.isin(draws, bootstrap_generator(5, "quantiles").random(50)).any()
    assert not np.isin(draws, bootstrap_generator(6, "max_t").random(50)).any()


def test_numbers_out_of_range_are_refused() -> None:
    """Negative seeds, blocks and places are errors, and so are unequal lengths."""
    with pytest.raises(ValueError, match="seed -1"):
        Streams(-1, 0)
    with pytest.raises(ValueError, match="replication -2"):
        Streams(0, -2)
    with pytest.raises(ValueError, match="at least 0"):
        Streams(0, 0).uniforms("s", "c", block=-1, count=1)
    with pytest.raises(ValueError, match="at least 0"):
        Streams(0, 0).uniforms_at("s", "c", blocks=np.array([1]), places=np.array([-1]))
    with pytest.raises(ValueError, match="one length"):
        Streams(0, 0).uniforms_at("s", "c", blocks=np.array([1]), places=np.array([1, 2]))
    with pytest.raises(ValueError, match="got -3"):
        bootstrap_generator(-3, "max_t")


def test_threads_draw_what_one_thread_draws() -> None:
    """Each has a generator of its own to set, so none finds another's place in it."""
    streams = Streams(7, 3)

    def drawn(block: int) -> list[np.float64]:
        return list(streams.uniforms("a", "b", block=block, count=5_000, start=block))

    blocks = list(range(64))
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(drawn, blocks)) == [drawn(block) for block in blocks]
