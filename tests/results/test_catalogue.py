"""The catalogue of measures: one record for each, and labels that fit."""

from __future__ import annotations

import pytest

from sim.measures import CaseCount, ConcernCount, Count, PlacedCount
from sim.results.catalogue import CATALOGUE, measure_of, measures_about


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_record_says_what_is_needed(name: str) -> None:
    """Labels that a column holds, a meaning that ends, sums of its own kind, and known keys."""
    one = measure_of(name)
    assert one.name == name
    assert one.meaning.endswith(".")
    assert one.short.strip()
    assert one.long.strip()
    times = {each.minutes for each in one.sums} or {60 if "minutes" in one.keys else None}
    assert all(len(one.short_label(minutes=time)) <= 32 for time in times)
    assert ("{minutes}" in one.short) == ("{minutes}" in one.long) == ("minutes" in one.keys)
    kinds: dict[str, type] = {
        "cases": CaseCount,
        "concerns": ConcernCount,
        "placed": PlacedCount,
    }
    kind = kinds.get(one.about, Count)
    assert all(isinstance(side, kind) for each in one.sums for side in (each.top, each.bottom))
    for each in one.sums:
        for key in ("clock", "stage", "minutes"):
            assert getattr(each, key) is None or key in one.keys


def test_no_name_holds_its_minutes() -> None:
    """Minutes are a key, so that nobody takes a name apart."""
    assert not [name for name in CATALOGUE if "minutes" in name and "strategy" not in name]


def test_labels_say_the_time_and_the_clock() -> None:
    """Whole hours beyond one are written as hours."""
    waited = measure_of("waited_over")
    assert waited.short_label(minutes=60) == "Waited over 60 min"
    assert waited.long_label(minutes=600) == "Waited over 10 hours"
    in_time = measure_of("arrived_within_target")
    assert in_time.short_label(clock="graded") == "In time, from grading"


def test_the_headline_is_declared() -> None:
    """Four measures, whose differences hold together."""
    assert [name for name, one in CATALOGUE.items() if one.headline] == [
        "arrived_within_target",
        "delay_mean",
        "delay_p95",
        "waited_over",
    ]


def test_an_unknown_measure_is_named_with_its_neighbours() -> None:
    """The nearest names are in the message."""
    with pytest.raises(KeyError, match="delay_mean"):
        measure_of("delay_means")
    assert {one.about for one in measures_about("cases")} == {"cases"}
