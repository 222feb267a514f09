"""Whole numbers of many replications in as little room as they need."""

from __future__ import annotations

import numpy as np
import pytest

from sim.results.making.stacked import Stacked, narrowed


def test_a_stack_grows_wider_only_when_it_must() -> None:
    """127 fits into eight bits, 128 into sixteen; what stood there before is unharmed."""
    stack = Stacked(3)
    stack.add(np.array([1, -127]))
    stack.add(np.array([0, 128]))
    stack.add(np.array([-(2**40), 5]))
    assert stack.whole.tolist() == [[1, -127], [0, 128], [-(2**40), 5]]
    assert stack.whole.dtype == np.int64
    assert narrowed(np.array([0, 127])).dtype == np.int8
    assert narrowed(np.array([0, 128])).dtype == np.int16
    assert narrowed(np.array([2**31])).dtype == np.int64


def test_a_stack_with_gaps_is_not_read() -> None:
    """Noughts in place of a replication would pass for its numbers."""
    stack = Stacked(2)
    stack.add(np.array([1]))
    with pytest.raises(ValueError, match="1 of 2 arrays"):
        _ = stack.whole
