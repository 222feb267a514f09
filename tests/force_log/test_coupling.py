"""How far allocations hang on a crew's clearing, held against hand arithmetic and made-up logs."""

from __future__ import annotations

import numpy as np
import pytest

from sim.force_log.replaying.coupling import FEWEST, Clearings, coupling, share_of
from tests.force_log.test_rate import work_from


def test_sums_are_those_of_hand_arithmetic() -> None:
    """One clearing at 1,000 s; of three jobs graded at 0 one is let go 30 s after it.

    After the first 300 s they wait 730, 900 and 0 s; the minute after 1,000 s covers 30 s of the
    first and all of the second's 60 s. The third is let go within five minutes and does not count.
    """
    # (grade, graded, assigned, length): the first clears at 1,000 s, the others much later.
    rows = [(2, 0, 100, 900), (2, 0, 1030, 9000), (2, 0, 1200, 9000), (2, 0, 200, 9000)]
    work = work_from(rows, days=1)
    work.jobs.insert_column(0, work.jobs["graded"].cast(int).alias("day") * 0)
    clearings = Clearings(work, np.array([False, True, True, True]))
    sums = clearings.by_day(work.jobs["assigned"].to_numpy().astype(np.float64))
    assert sums[:, 0].tolist() == [2.0, 1.0, 730.0 + 900.0, 30.0 + 60.0]
    assert share_of(sums)[0] == pytest.approx(1 / 2 - 90 / 1630)


def queue(crews: int, rate: float, seed: int) -> tuple[np.ndarray, Clearings, np.ndarray]:
    """A week of jobs: let go when a crew is free, after a delay of that rate a minute."""
    rng = np.random.Generator(np.random.Philox(seed))
    free = np.zeros(crews)
    graded = np.cumsum(rng.exponential(900.0, 2_000))
    rows = []
    for at in graded:
        crew = int(free.argmin())
        start = max(at + rng.exponential(60 / rate), free[crew])
        length = rng.exponential(2_400.0)
        free[crew] = start + length
        rows.append((2, int(at), int(start), int(length)))
    work = work_from(rows, days=21)
    work.jobs.insert_column(0, (work.jobs["graded"] // 86_400).alias("day"))
    own = np.ones(len(rows), dtype=bool)
    assigned = work.jobs["assigned"].to_numpy().astype(np.float64)
    return assigned, Clearings(work, own), own


def test_a_queue_for_crews_is_coupled_and_a_delay_is_not() -> None:
    """Three crews, nearly always busy: most follow a clearing; with sixty hardly any do."""
    for crews, rate, lowest, highest in ((3, 60.0, 0.6, 1.0), (60, 0.05, -0.05, 0.05)):
        assigned, clearings, _ = queue(crews, rate, 4)
        rng = np.random.Generator(np.random.Philox(1))
        found = coupling(clearings, assigned, assigned[None], rng)
        assert found is not None
        assert lowest <= found.observed <= highest
        assert found.low <= found.observed <= found.high
        # The log itself is as near as can be.
        assert found.predicted == pytest.approx(found.observed)
        assert found.near


def test_few_waits_tell_nothing() -> None:
    """Fewer than a hundred allocations after five minutes have no coupling."""
    rows = [(2, 900 * i, 900 * i + 600, 600) for i in range(FEWEST - 1)]
    work = work_from(rows, days=2)
    work.jobs.insert_column(0, (work.jobs["graded"] // 86_400).alias("day"))
    assigned = work.jobs["assigned"].to_numpy().astype(np.float64)
    clearings = Clearings(work, np.ones(len(rows), dtype=bool))
    rng = np.random.Generator(np.random.Philox(1))
    assert coupling(clearings, assigned, assigned[None], rng) is None
