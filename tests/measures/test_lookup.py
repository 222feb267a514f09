"""From keys to places in a table."""

from __future__ import annotations

import numpy as np
import pytest

from sim.measures.lookup import RowsByKind, places_of, ranks
from sim.tables import Activity


@pytest.mark.parametrize("size", [0, 1, 2, 3, 50, 5_000])
def test_places_are_those_of_a_dictionary(size: int) -> None:
    """Keys that are there, in any order and repeated, and others, -1 among them."""
    # Keys as they are: a prefix above, episodes below, most of them close together.
    keys = (np.arange(size, dtype=np.int64) * 7_919 % 104_729 << 8) + (5 << 50)
    wanted = np.concatenate([keys[::-1], keys[: size // 2], keys + 1, [-1, 0, 2**62]])
    known = {key: place for place, key in enumerate(keys.tolist())}
    expected = [known.get(key, -1) for key in wanted.tolist()]
    assert places_of(keys, wanted).tolist() == expected


def test_keys_that_fall_upon_one_slot_are_told_apart() -> None:
    """Whatever factor spreads them, keys that differ in their topmost bit alone must be found."""
    keys = np.array([0, -(2**63), 1, 1 - 2**63], dtype=np.int64)
    assert places_of(keys, keys[::-1].copy()).tolist() == [3, 2, 1, 0]


def test_nothing_is_looked_up_among_nothing() -> None:
    """No keys, or none wanted."""
    nothing = np.empty(0, dtype=np.int64)
    assert places_of(nothing, np.array([3])).tolist() == [-1]
    assert places_of(np.array([3]), nothing).tolist() == []


def test_ranks_are_places_among_the_rows_picked() -> None:
    """Rows 3 and 1 of four are the first and the second; what has no place gets none."""
    assert ranks(np.array([3, 1]), 4).tolist() == [-1, 1, -1, 0, -1]
    assert ranks(np.array([3, 1]), 4)[-1] == -1


def test_rows_of_a_kind_stand_in_their_order() -> None:
    """Of the first kind and the last, of one that has none, and of several together."""
    first, last = Activity(0), max(Activity)
    kinds = np.array([last, Activity.CALL, first, last, first, Activity.CALL], dtype=np.int8)
    rows = RowsByKind(kinds)
    assert rows.of(first).tolist() == [2, 4]
    assert rows.of(last).tolist() == [0, 3]
    assert rows.of(Activity.BREAK).tolist() == []
    assert rows.of_any([last, first, Activity.BREAK]).tolist() == [0, 3, 2, 4]
