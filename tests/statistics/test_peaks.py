"""Peaks over a threshold: runs, tails, and how sure."""

import numpy as np
import pytest

from sim.statistics import beyond_interval, extremal_index, tail_of
from sim.statistics.peaks import cluster_peaks


def test_single_exceedances_have_an_index_of_one() -> None:
    """Gaps as those of independent values: geometric, mean 50."""
    rng = np.random.default_rng(7)
    gaps = rng.geometric(0.02, size=4_000)
    # Standard error about 0.02 at this number of gaps: four of them make 1e-4.
    assert extremal_index(gaps) == pytest.approx(1.0, abs=0.08)


def test_exceedances_in_pairs_have_an_index_of_a_half() -> None:
    """Each exceedance is followed by another one at once, then by a long gap."""
    rng = np.random.default_rng(8)
    gaps = np.column_stack([np.ones(3_000), rng.geometric(0.005, size=3_000)]).ravel()
    assert extremal_index(gaps) == pytest.approx(0.5, abs=0.05)


def test_a_run_has_one_peak_its_largest() -> None:
    """Two runs far apart: three exceedances close by and one alone; each series its own."""
    values = np.zeros(400)
    values[10:13] = [5.0, 9.0, 4.0]
    values[300] = 6.0
    peaks, theta = cluster_peaks([values, np.zeros(50)], 1.0)
    assert [one.tolist() for one in peaks] == [[9.0, 6.0], []]
    assert 0 < theta < 1


def test_an_exponential_tail_is_read_beyond_what_was_seen() -> None:
    """Values over 9 among exponentials of mean 1: the true rate lies within 99.9 % limits."""
    rng = np.random.default_rng(2022)
    series = [rng.exponential(1.0, size=500) for _ in range(60)]
    found = tail_of(series, 3.0)
    assert found is not None
    # 500 values a series, each over 9 with a chance of exp(-9).
    truth = 500 * np.exp(-9.0)
    limits = beyond_interval(series, 3.0, 9.0, np.random.default_rng(1), level=0.999, resamples=120)
    assert limits is not None
    assert limits[0] <= truth <= limits[1]
    assert found.clusters_beyond(3.0) == pytest.approx(found.clusters / 60)
    assert found.survival(3.0) == 1.0
    assert found.survival(1e9) < 1e-3


def test_too_few_runs_have_no_tail() -> None:
    """Nineteen peaks say nothing."""
    values = np.zeros(10_000)
    values[np.arange(19) * 500 + 3] = 5.0
    assert tail_of([values], 1.0) is None
