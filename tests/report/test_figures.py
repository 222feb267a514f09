"""How figures are written: none and all, limits away from certainty, and clear changes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sim.report.rounding import NEXT_TO_NOTHING, Written
from sim.report.sections.figures import (
    cell,
    change_cell,
    in_words,
    plain,
    span,
    spoken_change,
    spoken_pounds,
)
from sim.report.sections.section import NOTHING
from sim.results import Row
from sim.results.row import row as row_of
from sim.statistics import share_interval
from tests.report.sample import row


def rare(value: float, low: float | None, high: float | None, n: int) -> Row:
    """A share's row with one limit or none."""
    return row("open_at_end", value, low=low, high=high, n=n)


@pytest.mark.parametrize(
    ("value", "low", "high", "n", "words", "written"),
    [
        (0.0, None, 0.0024, 1234, "none of 1,234 (under 0.3%)", "none (<0.3%)"),
        (0.0, None, 0.0004, 6249, "none of 6,249 (under 0.1%)", "none (<0.1%)"),
        (0.0, None, 0.12, 30, "none of 30 (under 12%)", "none (<12%)"),
        (0.0, None, None, 7, "none of 7", "none"),
        (1.0, 0.9996, None, 6249, "all of 6,249 (over 99.9%)", "all (>99.9%)"),
        # Three of 6,249 are 0.05 %, which tenths cannot show.
        (3 / 6249, None, 0.0016, 6249, "fewer than 0.1 in 100 (at most 0.2)", "<0.1% (<0.2)"),
    ],
)
def test_none_all_and_next_to_none_are_not_written_as_nought(
    value: float, low: float | None, high: float | None, n: int, words: str, written: str
) -> None:
    """A limit is rounded away from certainty, and nought is not written as a share."""
    made = rare(value, low, high, n)
    assert in_words(made) == words
    assert cell(made).text == written


@given(
    events=some.lists(some.integers(0, 3), min_size=2, max_size=6),
    trials=some.integers(3, 5000),
)
def test_no_share_is_said_to_be_surely_nought(events: list[int], trials: int) -> None:
    """Of whatever counts, no single limit is 0 %, nor 100 %."""
    made = row_of("open_at_end", share_interval(events, [trials] * len(events), 0.95))
    for text in (in_words(made), cell(made).text):
        assert not re.search(r"(<|under |at most )0(\.0)?\b(?!\.)", text)
        assert not re.search(r"(>|over |at least )100(\.0)?\b", text)


def test_what_is_withheld_says_so() -> None:
    """A tail of too few cases is not a dash, which is what does not exist; a change likewise."""
    withheld = row("delay_p99", None, n=640)
    for written in (cell(withheld), plain(withheld), change_cell(withheld)):
        assert written.text == "too few"
    assert cell(row("return_interview_after_mean", None, n=640)).text == "not known"
    assert cell(row("delay_p99", None, n=0)) is cell(None) is NOTHING


def test_a_figure_is_written_as_finely_as_its_range_bears() -> None:
    """Four points of range bear whole per cent; half a per cent is written in tenths."""
    assert cell(row("upgraded", 0.5613, 0.02)).text == "56% (54–58)"
    assert cell(row("downgraded", 0.005, 0.002)).text == "0.5% (0.3–0.7)"
    assert cell(row("delay_mean", 63.2, 3.0)).text == "63 (60–66)"
    assert span([row("upgraded", 0.0512, 0.02), row("upgraded", 0.104, 0.02)]) == "5–10%"


@pytest.mark.parametrize(
    ("value", "half", "written"),
    [
        (-4.4, 1.4, "-4 (-6 to -3)*"),
        (4.4, 1.4, "+4 (+3 to +6)*"),
        (-40.0, 12.0, "-40 (-52 to -28)*"),
        (0.4, 1.4, "0 (-1 to +2)"),
        # An end that rounds to nought is still on its side of it.
        (0.09, 0.08, "+0.1 (>0 to +0.2)*"),
        (-0.09, 0.08, "-0.1 (-0.2 to <0)*"),
    ],
)
def test_every_number_of_a_change_has_its_sign(value: float, half: float, written: str) -> None:
    """The range of a fall reads as a fall, from its lower end to its higher."""
    assert change_cell(row("delay_mean", value, half)).text == written


def test_a_dash_never_stands_before_a_minus() -> None:
    """A range that goes below nought is written with "to"."""
    assert Written("0.1", "-0.1", "0.3").in_cell() == "0.1 (-0.1 to 0.3)"
    assert Written("25", "24", "26").in_cell("%") == "25% (24–26)"


@pytest.mark.parametrize(
    ("hours", "half", "size", "between"),
    [
        (-0.7, 0.2, "0.7 hours sooner", "0.5 to 0.9"),
        (-0.04, 0.02, "2 minutes sooner", "1 to 4"),
        (0.0167, 0.006, "1.0 minutes later", "0.6 to 1.4"),
        (0.0005, 0.0003, "less than 0.1 minutes later", NEXT_TO_NOTHING),
    ],
)
def test_hours_that_round_to_nought_are_told_in_minutes(
    hours: float, half: float, size: str, between: str
) -> None:
    """A change of the mean in hours; what is nothing in minutes too is said to be next to it."""
    change = row("clock_mean", hours, half, unit="hours", stage="child_safe")
    assert spoken_change(change, "later", "sooner", "hours") == (size, between)


def test_pounds_that_round_to_nought_are_next_to_nothing() -> None:
    """Forty pence a week is less than a pound, and no pounds have a sign of their own."""
    pence = row("overtime_pounds", 0.04, 0.02, unit="pounds")
    assert spoken_pounds(pence) == ("less than £1 more", f"({NEXT_TO_NOTHING})")
    assert spoken_pounds(row("overtime_pounds", -412.0, 102.0, unit="pounds")) == (
        "£412 less",
        "(£310 to £514)",
    )


def test_a_clear_change_is_not_written_as_none() -> None:
    """Three hundredths of a minute, with nought outside of the range, are under a tenth."""
    small = row("delay_mean", -0.03, 0.01)
    assert change_cell(small).text == "-<0.1*"
    assert spoken_change(small, "later", "sooner", "minutes") == (
        "less than 0.1 minutes sooner",
        NEXT_TO_NOTHING,
    )
    assert change_cell(row("delay_mean", 0.0, 0.0)).text == "same"
