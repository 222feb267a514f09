"""Replications kept small."""

from __future__ import annotations

import numpy as np

from sim.measures import Packed, packed
from sim.study import Settings, run
from tests.loaded import as_loaded
from tests.test_study import plain
from tests.worlds import small_scenario

BRIEF = Settings(replications=3, days=1, warm_up_days=0, workers=1)


def test_what_is_packed_comes_out_as_it_was() -> None:
    """By place, by slice and one after another, with the types that the arrays had."""
    study = run([as_loaded(small_scenario())], BRIEF)
    replications = list(study.replications[0])
    again = Packed(packed(one) for one in replications)
    assert len(again) == 3
    assert plain(list(again)) == plain(replications)
    assert plain(again[-1]) == plain(replications[2])
    assert plain(list(again[1:])) == plain(replications[1:])
    assert again[0].counts.dtype == replications[0].counts.dtype == np.int64


def test_a_packed_replication_takes_a_tenth_of_the_room() -> None:
    """So that a thousand of them are kept as easily as a hundred were."""
    (one,) = run([as_loaded(small_scenario())], Settings(1, 1, 0, workers=1)).replications[0]
    arrays = [one.counts, one.heat_cases, one.heat_missed, one.pools.busy, one.unallocated]
    assert len(packed(one)) < sum(array.nbytes for array in arrays) / 10
