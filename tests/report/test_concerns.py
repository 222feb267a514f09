"""The section on welfare concerns: seen or not, days until then, and re-visits."""

from __future__ import annotations

from sim.report.sections import sections
from tests.report.planted import Plant, filled, planted

TODAY = Plant("today", "Dorset, spring 2022 (illustrative)")
CALLED = Plant("called", "Called back", 0.2, (-0.01, 0.02))


def test_shares_days_and_re_visits_are_told() -> None:
    """Hours until seen are told in days; changes of shares stand below them."""
    section = sections(filled(planted(TODAY, CALLED)), ["concerns"])["concerns"]
    assert section.heading.startswith(
        "Of welfare concerns 97 in 100 (96 to 98) end with the child seen"
    )
    assert section.sentences == (
        (
            "Of children of welfare concerns 71 in 100 are seen at the first attendance and 97 in "
            "the end; of those not seen at first half are within 2.2 (2.0 to 2.3) days."
        ),
        "Re-visits: 0.8 (0.6 to 1.0) a concern, which take 0.5 (0.4 to 0.6) officer-hours.",
        'Under "Called back" 2 more in 100 are seen in the end (1 to 3).',
    )
    (table,) = section.tables
    assert table.caption == "Welfare concerns"
    told = [(line.label, *(one.text for one in line.cells)) for line in table.lines]
    assert ("Seen within 3 days", "85% (83–87)", "85% (83–87)") in told
    assert ("change", "-", "+3 (-1 to +7)") in told
    assert ("9 in 10 of all seen within, days", "5 (4–6)", "5 (4–6)") in told
    assert ("Not seen at first: half within, days", "2.2 (2.0–2.3)", "2.2 (2.0–2.3)") in told
    # Hours and days beside each other would have to be reckoned over.
    assert "hours of the report" not in " ".join(section.sentences)
    # Of a week's re-visits no change is known.
    labels = [label for label, *_ in told]
    assert labels[-2:] == ["Re-visits a concern", "Officer-hours of re-visits a concern"]


def test_without_concerns_that_are_followed_there_is_no_such_section() -> None:
    """A scenario without ``[concern]`` says nothing of it."""
    assert "concerns" not in sections(planted(TODAY, CALLED))
