"""Children in care, by which local authority placed them: each count worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.measures.placed import PLACED_BY, Placed, PlacedCount, merged_placed, placed_of
from sim.results import CATALOGUE
from sim.results.making.placed_rows import placed_differences, placed_rows
from sim.tables import NEVER, CaseEnd, Table
from tests.engines.episodes import rules
from tests.engines.hand import incidents
from tests.measures.followed import CASE, REPORT, cases, clock, episodes, tally, world
from tests.measures.tables import DAY, HOUR, definition, outcomes

OWN, ANOTHER = range(len(PLACED_BY))
REPORTED = clock(0, 20)
TOLD = rules(strategy_parts_outside=0)


def placed(**second: int) -> Placed:
    """Three cases: of this authority, of another, and of a child at home."""
    table = incidents(REPORT, REPORT, {**REPORT, "in_care": 0})
    drawn = {name: column.copy() for name, column in episodes(table).columns.items()}
    drawn["outside_seconds"][1] = 600
    own = {"answered_at": REPORTED, "graded_at": REPORTED}
    outcome = {**own, "arrived_at": clock(0, 20, 30), "researched_at": clock(0, 21)}
    later = {**own, "arrived_at": clock(0, 21), "researched_at": clock(0, 23)}
    theirs = {**CASE, "shared_at": clock(1, 23, 40), "discussed_at": clock(2, 11), **second}
    return placed_of(
        incidents=table,
        outcomes=outcomes(table, outcome, later, outcome),
        episodes=Table(episodes(table).schema, drawn),
        cases=cases(table, CASE, theirs, CASE),
        policy=world(end=5 * DAY, episode=TOLD),
        definition=definition(),
    )


def test_each_step_is_counted_for_who_placed_the_child() -> None:
    """Reported at 20:00: officers after half an hour and an hour, research after one and three."""
    counts = placed().counts
    assert counts[:, PlacedCount.CASES].tolist() == [1, 1]
    assert counts[:, PlacedCount.OF_ALL].tolist() == [3, 3]
    assert counts[:, PlacedCount.ARRIVED_SECONDS].tolist() == [HOUR // 2, HOUR]
    assert counts[:, PlacedCount.RESEARCHED_SECONDS].tolist() == [HOUR, 3 * HOUR]
    # From the PPN at 11:40: to 12:20, and to 23:40.
    assert counts[:, PlacedCount.SHARED_SECONDS].tolist() == [40 * 60, 12 * HOUR]
    # On the next day at 11:00, and a day later.
    assert counts[:, PlacedCount.DISCUSSED_SECONDS].tolist() == [15 * HOUR, 39 * HOUR]
    # Safe on Tuesday at 10:00; completed on Thursday at 9:00.
    assert counts[:, PlacedCount.FOLLOWED].tolist() == [1, 1]
    assert counts[:, PlacedCount.COMPLETED_IN_AIM].tolist() == [1, 1]


def test_what_has_not_come_about_is_in_no_time() -> None:
    """Their authority has neither the PPN nor decided, and nobody was interviewed."""
    nothing = dict.fromkeys(("shared_at", "discussed_at", "completed_at"), NEVER)
    theirs = placed(**nothing).counts[ANOTHER]
    for count in (
        *(PlacedCount.SHARED, PlacedCount.SHARED_SECONDS, PlacedCount.DISCUSSED),
        *(PlacedCount.DISCUSSED_SECONDS, PlacedCount.COMPLETED, PlacedCount.COMPLETED_IN_AIM),
    ):
        assert theirs[count] == 0, count
    assert (theirs[PlacedCount.PPN_SENT], theirs[PlacedCount.FOLLOWED]) == (1, 1)


def test_what_was_never_recorded_is_no_case() -> None:
    """Two cases are left, of which none is another authority's."""
    counts = placed(end=CaseEnd.UNRECORDED).counts
    assert counts[:, PlacedCount.CASES].tolist() == [1, 0]
    assert counts[:, PlacedCount.OF_ALL].tolist() == [2, 2]


def test_rows_tell_shares_and_mean_times() -> None:
    """Of two replications alike, and the difference of one whose research is there sooner."""
    plain = replace(tally(), placed=placed())
    rows = {(row.measure, row.stage): row for row in placed_rows([plain, plain], 0.95)}
    assert rows["placed_here", "another_authority"].value == pytest.approx(1 / 3)
    assert rows["placed_researched_after", "another_authority"].value == pytest.approx(180.0)
    assert rows["placed_researched_after", "own_authority"].value == pytest.approx(60.0)
    assert rows["placed_discussed_after", "another_authority"].value == pytest.approx(39.0)
    for row in rows.values():
        assert set(row.keys) <= set(row.about.keys)
        assert row.unit == CATALOGUE[row.measure].unit
    sooner = replace(tally(), placed=placed(discussed_at=clock(1, 11)))
    changes = placed_differences([plain, plain], [sooner, sooner], 0.95)
    found = {(row.measure, row.stage): row.value for row in changes}
    assert found["placed_discussed_after", "another_authority"] == pytest.approx(-24.0)
    assert found["placed_discussed_after", "own_authority"] == pytest.approx(0.0)


def test_nothing_is_told_where_only_the_interview_differs() -> None:
    """A scenario without rule 13.10 has no rows, and no differences with one that has."""
    plain, other = tally(), replace(tally(), placed=placed())
    assert plain.placed is None
    assert tally(rules=world(episode=TOLD)).placed is not None
    assert list(placed_rows([plain], 0.95)) == []
    assert list(placed_differences([plain], [other], 0.95)) == []


def test_several_replications_are_added_up() -> None:
    """Twice the same is twice as much; some with and some without are of no one scenario."""
    once = placed()
    both = merged_placed([once, once])
    assert both is not None
    assert (both.counts == 2 * once.counts).all()
    assert merged_placed([None, None]) is None
    with pytest.raises(ValueError, match="of one scenario"):
        merged_placed([once, None])
