"""The arrays that tallies are made of."""

from __future__ import annotations

import numpy as np

from sim.measures.arrays import Picked, cells_of, counted, of_kinds, summed
from sim.tables import ACTIVITIES, Activity, from_rows

CODES = np.array([70, 3, 70, 9, 3, 70])


def test_cells_are_the_distinct_codes_in_order() -> None:
    """Codes 3, 9 and 70, and which of them each row has."""
    cells, places = cells_of(CODES)
    assert cells.tolist() == [3, 9, 70]
    assert places.tolist() == [2, 0, 2, 1, 0, 2]


def test_no_codes_make_no_cells() -> None:
    """Of nothing there are no sums either, but a column for each."""
    nothing = np.empty(0, dtype=np.int64)
    cells, places = cells_of(nothing)
    assert not cells.size
    assert summed(places, [nothing, nothing == 0], 0).shape == (0, 2)


def test_columns_are_summed_over_each_cell() -> None:
    """Numbers add up, negative ones too, and flags are counted.

    Cell 70 has rows 0, 2 and 5: 1 + 4 - 6 = -1, and two flags.
    """
    numbers = np.array([1, 2, 4, 8, 16, -6])
    flags = np.array([True, False, True, True, False, False])
    _, places = cells_of(CODES)
    assert summed(places, [numbers, flags], 3).tolist() == [[18, 0], [8, 1], [-1, 2]]


def test_sums_are_exact_up_to_2_to_the_53() -> None:
    """A year's seconds of ten million incidents are far under it."""
    large = np.array([2**52, 2**52 - 1])
    assert summed(np.zeros(2, dtype=np.int64), [large], 1).tolist() == [[2**53 - 1]]


def test_keys_are_counted() -> None:
    """Two of 3, one of 9, three of 70; of no keys there are none."""
    keys, counts = counted(CODES)
    assert (keys.tolist(), counts.tolist()) == ([3, 9, 70], [2, 1, 3])
    keys, counts = counted(CODES[:0])
    assert (keys.size, counts.size) == (0, 0)


def test_rows_are_picked_in_their_order() -> None:
    """Kinds of rows 2 and 0, and which of them are travel."""
    kinds = (Activity.SCENE, Activity.CALL, Activity.TRAVEL)
    rows = [(1, 0, 2, int(kind), 0, 0, 10, 0) for kind in kinds]
    picked = Picked(from_rows(ACTIVITIES, rows), np.array([2, 0]))
    assert len(picked) == 2
    assert picked["kind"].tolist() == [Activity.TRAVEL, Activity.SCENE]
    assert of_kinds(picked, {Activity.TRAVEL}).tolist() == [True, False]
