"""Exact distributions of whole seconds."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.statistics import SecondsHistogram
from sim.statistics.histogram import PENDING_VALUES

seconds = st.lists(st.integers(0, 400_000) | st.integers(0, 5), max_size=60)
some_seconds = st.lists(st.integers(0, 400_000) | st.integers(0, 5), min_size=1, max_size=60)
probabilities = st.floats(0, 1)


def test_summaries_by_hand() -> None:
    """Waits of 10, 20, 20 and 70 seconds."""
    waits = SecondsHistogram([20, 70, 10, 20])
    # Ranks: half of four is the second value, 20; anything over three quarters the fourth.
    assert [waits.quantile(p) for p in (0, 0.25, 0.5, 0.75, 0.76, 1)] == [10, 10, 20, 20, 70, 70]
    assert (waits.count, waits.mean, waits.maximum) == (4, 30.0, 70)
    assert [waits.share_over(x) for x in (9, 10, 20, 69.5, 70)] == [1.0, 0.75, 0.25, 0.25, 0.0]
    assert waits.count_over(10) == 3


def test_the_tail_mean_splits_the_value_at_the_boundary() -> None:
    """The worst three eighths of four values are one and a half of them."""
    # 70 whole and half of one 20: (70 + 10) / 1.5 = 53.333.
    waits = SecondsHistogram([10, 20, 20, 70])
    assert waits.tail_mean(0.625) == pytest.approx(160 / 3)
    assert waits.tail_mean(0.75) == 70.0
    assert waits.tail_mean(0) == waits.mean


def test_nothing_has_no_summary() -> None:
    """An empty histogram answers None, and counts 0."""
    empty = SecondsHistogram()
    assert empty.count == empty.count_over(0) == 0
    assert [empty.mean, empty.maximum, empty.quantile(0.5)] == [None] * 3
    assert [empty.tail_mean(0.95), empty.share_over(3)] == [None] * 2
    assert SecondsHistogram.merged([]) == empty


@pytest.mark.parametrize("values", [[-1], [1.5], [[1]], ["1"]])
def test_what_is_no_number_of_seconds_is_refused(values: list[object]) -> None:
    """Negative numbers, fractions, matrices and text are mistakes of the caller."""
    with pytest.raises(ValueError, match=r"negative|whole seconds|dimensions"):
        SecondsHistogram(values)  # type: ignore[arg-type]


@pytest.mark.parametrize("probability", [-0.1, 1.1, float("nan")])
def test_a_quantile_lies_between_none_and_all(probability: float) -> None:
    """Probabilities outside [0, 1] are refused, and 1 for the tail mean too."""
    with pytest.raises(ValueError, match="probability"):
        SecondsHistogram([1]).quantile(probability)
    with pytest.raises(ValueError, match="probability"):
        SecondsHistogram([1]).tail_mean(max(1.0, probability))


def test_memory_follows_distinct_values_and_not_cases() -> None:
    """A million waits of under an hour are kept as at most 3,600 counts."""
    waits = SecondsHistogram()
    for seed in range(10):
        waits.add(np.random.default_rng(seed).integers(0, 3600, 100_000))
    assert waits.count == 1_000_000
    assert waits.seconds.size <= 3600
    assert len(pickle.dumps(waits)) < 80_000
    assert PENDING_VALUES * 8 < 1_000_000


def test_what_is_handed_out_cannot_change_what_is_kept() -> None:
    """Counts are copies, and so are values taken in."""
    values = np.array([5, 6])
    waits = SecondsHistogram(values)
    values[:] = 99
    waits.counts[:] = 99
    assert waits == SecondsHistogram([5, 6])
    assert waits != SecondsHistogram([5, 6, 6])
    assert waits != [5, 6]


@given(some_seconds, probabilities)
def test_the_quantile_is_numpys_inverted_distribution(values: list[int], p: float) -> None:
    """An independent implementation of the same definition agrees."""
    expected = np.quantile(values, p, method="inverted_cdf")
    assert SecondsHistogram(values).quantile(p) == expected


@given(some_seconds, st.integers(0, 99))
def test_the_tail_mean_is_the_mean_of_repeated_values(values: list[int], percent: int) -> None:
    """With each value written a hundred times, the worst share is a whole number of entries."""
    repeated = np.sort(np.repeat(values, 100))
    expected = repeated[percent * len(values) :].mean()
    assert SecondsHistogram(values).tail_mean(percent / 100) == pytest.approx(expected)


@given(seconds, seconds, seconds)
def test_merging_is_counting_everything(
    first: list[int], second: list[int], third: list[int]
) -> None:
    """However values arrive, together, one after another or merged, the result is one."""
    whole = SecondsHistogram(first + second + third)
    bit_by_bit = SecondsHistogram(third)
    bit_by_bit.add(first)
    bit_by_bit.merge(SecondsHistogram(second))
    merged = SecondsHistogram.merged(SecondsHistogram(part) for part in (second, third, first))
    assert whole == bit_by_bit == merged
    assert whole.count == len(first + second + third)


@given(seconds)
def test_merging_leaves_the_parts_alone(values: list[int]) -> None:
    """A merged histogram that grows does not change what it was merged from."""
    part = SecondsHistogram(values)
    SecondsHistogram.merged([part]).add([7])
    assert part == SecondsHistogram(values)


@given(some_seconds, st.integers(0, 400_000))
def test_the_share_over_is_a_share_of_values(values: list[int], threshold: int) -> None:
    """Values equal to the threshold are not over it."""
    expected = sum(value > threshold for value in values) / len(values)
    assert SecondsHistogram(values).share_over(threshold) == expected


@given(some_seconds)
def test_a_histogram_survives_the_way_to_another_process(values: list[int]) -> None:
    """Workers send theirs back pickled."""
    waits = SecondsHistogram(values)
    assert pickle.loads(pickle.dumps(waits)) == waits
