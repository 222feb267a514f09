"""Latin hypercubes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats.qmc import LatinHypercube

from sim.statistics import latin_hypercube


@pytest.mark.parametrize(("settings", "things"), [(1, 3), (45, 237), (60, 1)])
def test_numbers_are_those_of_scipy(settings: int, things: int) -> None:
    """Bit for bit, of the first hypercube and of the one after it."""
    ours, theirs = (np.random.Generator(np.random.Philox(7)) for _ in range(2))
    scipys = LatinHypercube(things, rng=theirs)
    generator = ours.spawn(1)[0]
    for _ in range(2):
        found = latin_hypercube(generator, settings, things)
        assert np.array_equal(found, scipys.random(settings))


def test_each_part_of_a_range_is_used_once() -> None:
    """Of twelve settings one lies in each twelfth, whichever the thing."""
    levels = latin_hypercube(np.random.Generator(np.random.Philox(7)), 12, 5)
    assert (np.sort((levels * 12).astype(np.int64), axis=0) == np.arange(12)[:, None]).all()
