"""What is not known in words: titles of pools, plain words for paths."""

from __future__ import annotations

import pytest

from sim.results.making.unknowns import in_words
from tests.worlds import small_scenario


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("policy.gate.share_held", "the share held for ratification"),
        ("policy.handover.after_minutes", "handover, after minutes"),
        ("pools.response_north.shifts", "people on shifts of Response, north"),
        ("pools.response_north.reserve", "the reserve of Response, north"),
        ("pools.call_takers.abstraction", "abstraction of call takers"),
        ("streams.missing_child.thrive", "missing children: length of the THRIVE"),
        ("streams.supervisor_review.work", "supervisor review: length of the work"),
        ("streams.immediate.other_thing", "immediate: other thing"),
        ("areas.north.travel", "travel in North"),
        ("episode.lines.search", "after arrival: lines, search"),
        ("something.of_its.own", "something, of its, own"),
    ],
)
def test_a_path_is_told_in_words(path: str, words: str) -> None:
    """By the titles of the scenario where it has them."""
    scenario = small_scenario(pools={"response_north": {"title": "Response, north"}})
    assert in_words(path, scenario) == words
