"""The section on children at high risk: both clocks, and until they are seen."""

from __future__ import annotations

from sim.report.sections import sections
from tests.report.planted import Plant, filled, planted

TODAY = Plant("today", "Dorset, spring 2022 (illustrative)")
HELD = Plant("held", "High risk held too", 0.2, (-0.01, 0.02))


def test_both_clocks_and_the_time_until_seen_are_told() -> None:
    """In time from the call and from grading, and half seen within so many hours."""
    section = sections(filled(planted(TODAY, HELD)), ["high-risk"])["high-risk"]
    assert section.heading == (
        "Of missing children at high risk 66 in 100 (62 to 70) are reached in time"
    )
    assert section.sentences == (
        "From grading it is 92 in 100; what lies between is the call.",
        "Half of these children are seen by police within 7.0 (6.5 to 7.5) hours.",
        'Under "High risk held too" 21 fewer in 100 are reached in time (16 to 26).',
    )
    attended, seen = section.tables
    told = {line.label: line.cells[0].text for line in attended.lines}
    assert told["In time, from the call"] == "66% (62–70)"
    assert told["In time, from grading"] == "92% (88–96)"
    # Seven hours, and half an hour to either side.
    assert {line.label: line.cells[0].text for line in seen.lines} == {
        "Child seen, mean min": "1,020 (990–1,050)",
        "half within, min": "420 (390–450)",
    }


def test_without_children_at_high_risk_there_is_no_such_section() -> None:
    """A scenario whose reports have no risk level says nothing of it."""
    assert "high-risk" not in sections(planted(TODAY, HELD))
