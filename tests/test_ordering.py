"""Whole numbers put in order."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.tables import stable_order

_RANDOM = np.random.default_rng(3)


@pytest.mark.parametrize(
    "numbers",
    [
        _RANDOM.integers(-700_000, 3_000_000, 5_000),
        _RANDOM.integers(0, 40, 5_000),
        _RANDOM.integers(-(1 << 62), 1 << 62, 500),
        np.array([0, (1 << 32) - 1, 1 << 16, 0]),
        np.array([0, 1 << 32, 1 << 16, 0]),
        np.arange(9)[::-1],
        np.zeros(0, dtype=np.int64),
    ],
    ids=["times", "ties", "keys", "32 bits", "33 bits", "falling", "none"],
)
def test_numbers_ascend_and_like_ones_stay_as_they_stand(numbers: NDArray[np.int64]) -> None:
    """As numpy's own stable order has it, however far the numbers reach."""
    assert np.array_equal(stable_order(numbers), np.argsort(numbers, kind="stable"))
