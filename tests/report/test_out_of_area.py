"""The section on children in care whom another authority placed here."""

from __future__ import annotations

from sim.report.sections import sections
from tests.report.planted import Plant, filled, planted

TODAY = Plant("today", "Dorset, spring 2022 (illustrative)")
PLACED = Plant("placed", "Placed by others", 0.2, (-0.01, 0.02))


def test_theirs_stand_beside_those_of_other_children_in_care() -> None:
    """A table for each scenario, with shares and mean times."""
    section = sections(filled(planted(TODAY, PLACED)), ["out-of-area"])["out-of-area"]
    assert section.heading.startswith(
        "Of cases 16 in 100 (14 to 18) are of children whom another authority placed here"
    )
    assert section.sentences[0] == (
        'Under "Dorset, spring 2022" research is on the log after 64 (59 to 69) '
        "minutes on average, and after 40 (35 to 45) for other children in care."
    )
    assert len(section.tables) == 2
    table = section.tables[0]
    assert table.columns == ("By another", "By our own")
    told = {line.label: tuple(one.text for one in line.cells) for line in table.lines}
    assert told["Of all cases"] == ("16% (14–18)", "24% (22–26)")
    assert told["Decided after, mean h"] == ("22 (20–24)", "14 (12–16)")
    # Nobody was interviewed in time, of whom there is no row.
    assert "Of these in 72 h" not in told


def test_without_such_children_there_is_no_such_section() -> None:
    """A scenario without ``[episode.out_of_area]`` says nothing of it."""
    assert "out-of-area" not in sections(planted(TODAY, PLACED))
