"""Quantities that grow without end."""

import numpy as np
import pytest

from sim.statistics import grows, is_raised


def test_a_quantity_that_rises_every_week_grows() -> None:
    """Ten replications of 5, 10, 15 and 20, each a little off, rise at every step."""
    off = np.linspace(-1, 1, 10)[:, np.newaxis] * [1.0, -1.0, 1.0, -1.0]
    assert grows(np.array([5.0, 10.0, 15.0, 20.0]) + off)


@pytest.mark.parametrize(
    "weeks",
    [
        [5.0, 10.0, 9.0, 20.0],  # one fall
        [100.0, 101.0, 102.0, 103.0],  # a rise that is no matter
        [5.0, 10.0],  # two weeks say nothing
        [0.0, 0.0, 0.0],  # nobody waits
    ],
)
def test_what_does_not_rise_every_week_and_by_half_does_not_grow(weeks: list[float]) -> None:
    """Each of the conditions alone keeps the word from being said."""
    off = np.linspace(-0.1, 0.1, 10)[:, np.newaxis]
    # The same in all weeks of a replication, so that each rise is known exactly.
    assert not grows(np.array(weeks) + off)


def test_one_replication_does_not_show_growth() -> None:
    """A rise has no interval there."""
    assert not grows([[5.0, 10.0, 15.0, 20.0]])
    with pytest.raises(ValueError, match="dimensions"):
        grows([5.0, 10.0])


def test_luck_is_seldom_taken_for_growth() -> None:
    """Weeks of one law with a wide spread: at most the stated 1 in 100 of 2,000 tables."""
    generator = np.random.default_rng(20221)
    # Normal with mean 1 and deviation 2, so that a rise by half is common and the interval decides.
    # At most 20 are expected; over 40 have a chance below 1e-4 (Poisson).
    tables = generator.normal(1.0, 2.0, size=(2_000, 10, 3))
    assert sum(grows(table) for table in tables) <= 40


def test_a_quantity_is_raised_by_half_and_beyond_luck() -> None:
    """Ten pairs: from 10 to 20; by too little; by luck alone; and one pair, which says nothing."""
    off = np.linspace(-1, 1, 10)
    assert is_raised(10 + off, 20 - off)
    assert not is_raised(10 + off, 14 - off)
    assert not is_raised(10 + off, [*np.zeros(9), 200.0])
    assert not is_raised([10.0], [20.0])
    with pytest.raises(ValueError, match="alike"):
        is_raised(off, off[1:])


def test_luck_is_seldom_taken_for_a_raise() -> None:
    """Pairs of one law with a wide spread: at most the stated 1 in 100 of 2,000."""
    generator = np.random.default_rng(20222)
    pairs = generator.normal(1.0, 2.0, size=(2_000, 2, 10))
    # At most 20 are expected; over 40 have a chance below 1e-4 (Poisson).
    assert sum(is_raised(*pair) for pair in pairs) <= 40
