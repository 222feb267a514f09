"""Headings: the baseline's figure, and what becomes of it under the other scenarios."""

from __future__ import annotations

from sim.report.sections import sections
from sim.results import Document
from tests.report.planted import Plant, planted, row

IN_TIME = "arrived_within_target"

TODAY = Plant("today", "Today")
BETTER = Plant("better", "Better", 0.4, (0.2, 0.02), 0.18, (-0.08, 0.01))
UNCLEAR = Plant("unclear", "Unclear", 0.21, (0.01, 0.02), 0.26, (0.0, 0.01))


def heading(document: Document, name: str = "delays") -> str:
    """The heading of a section."""
    return sections(document, [name])[name].heading


def test_a_heading_tells_the_change_of_the_variant_that_the_answer_tells_of() -> None:
    """The level of the best variant stands behind the baseline's."""
    assert heading(planted(TODAY, UNCLEAR, BETTER)).endswith("of the call; 40 under Better")


def test_a_heading_says_where_nothing_changes_clearly() -> None:
    """Of one other scenario by its name, of two together."""
    assert heading(planted(TODAY, UNCLEAR)).endswith("; no clear change under Unclear")
    two = planted(TODAY, UNCLEAR, Plant("other", "Other", 0.2, (0.0, 0.02), 0.26, (0.0, 0.01)))
    assert heading(two).endswith("; no clear change under either variant")


def test_a_heading_does_not_deny_what_is_starred_below_it() -> None:
    """Where the headline does not change clearly and other lines do, the heading says both."""
    document = planted(TODAY, UNCLEAR)
    (part,) = document.differences
    keys = {"stream": "missing_child", "grade": 2, "clock": "graded"}
    rows = [one for one in part.rows if (one.measure, one.clock) != (IN_TIME, "graded")]
    rows.append(row(IN_TIME, 0.05, 0.01, **keys))
    starred = document.model_copy(
        update={"differences": (part.model_copy(update={"rows": tuple(rows)}),)}
    )
    assert heading(starred).endswith(
        "; no clear change of that under Unclear, but of what is starred"
    )


def test_a_heading_of_one_scenario_tells_of_no_change() -> None:
    """There is nothing to hold it against."""
    assert heading(planted(TODAY)).endswith("within 20 minutes of the call")


def test_posts_are_told_as_a_span() -> None:
    """From the least to the most that another scenario takes beyond the baseline."""
    more = Plant("more", "More", 0.4, (0.2, 0.02), 0.18, (-0.08, 0.01), posts=369.5)
    told = heading(planted(TODAY, more, UNCLEAR), "staffing")
    assert told.endswith("the others take up to 10.0 more")
