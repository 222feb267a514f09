"""How figures are written: none and all, and alike in a sentence or a column."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sim.report import numbers
from sim.results import Row
from sim.results.row import row as row_of
from sim.statistics import share_interval
from tests.report.sample import row


def rare(value: float, low: float | None, high: float | None, n: int) -> Row:
    """A share's row with one limit or none."""
    return row("open_at_end", value, low=low, high=high, n=n)


@pytest.mark.parametrize(
    ("value", "low", "high", "n", "words", "cell"),
    [
        (0.0, None, 0.0024, 1234, "none of 1,234 (under 0.3%)", "none (<0.3%)"),
        (0.0, None, 0.0004, 6249, "none of 6,249 (under 0.1%)", "none (<0.1%)"),
        (0.0, None, 0.12, 30, "none of 30 (under 12%)", "none (<12%)"),
        (0.0, None, None, 7, "none of 7", "none"),
        (1.0, 0.9996, None, 6249, "all of 6,249 (over 99.9%)", "all (>99.9%)"),
        # Three of 6,249 are 0.05 %, which tenths cannot show.
        (3 / 6249, None, 0.0016, 6249, "3 of 6,249 (at most 0.2%)", "<0.1% (<0.2%)"),
    ],
)
def test_none_all_and_next_to_none_are_said_as_counts(
    value: float, low: float | None, high: float | None, n: int, words: str, cell: str
) -> None:
    """A limit is rounded away from certainty, and nought is not written as a share."""
    made = rare(value, low, high, n)
    assert numbers.percent(made) == words
    assert numbers.percent(made, "-") == cell


def test_a_part_of_reports_says_how_many_they_are_once() -> None:
    """Their number stands once, whether some had it or none."""
    some_had = row("open_at_end", 0.23, 0.02)
    assert numbers.part_of(some_had, "3,812 reports") == "23% (21 to 25%) of 3,812 reports"
    none_had = rare(0.0, None, 0.0004, 3812)
    assert numbers.part_of(none_had, "3,812 reports") == "none of 3,812 reports (under 0.1%)"


@given(
    events=some.lists(some.integers(0, 3), min_size=2, max_size=6),
    trials=some.integers(3, 5000),
    at=some.sampled_from([None, 0.1, 1.0]),
)
def test_no_share_is_said_to_be_surely_nought(
    events: list[int], trials: int, at: float | None
) -> None:
    """Of whatever counts, a limit is never 0 %, nor 100 %."""
    interval = share_interval(events, [trials] * len(events), 0.95)
    made = row_of("open_at_end", interval)
    places = None if at is None else {"share": at}
    for text in (numbers.percent(made, at=places), numbers.percent(made, "–", places)):
        assert not re.search(r"(<|under |at most )0(\.0)?%", text)
        assert not re.search(r"(>|over |at least )100(\.0)?%", text)


def test_figures_of_a_kind_share_the_finest_place() -> None:
    """Beside half a per cent, 56 % is written in tenths; minutes have a place of their own."""
    common = row("upgraded", 0.5613, 0.02)
    scarce = row("downgraded", 0.005, 0.002)
    wait = row("delay_mean", 63.2, 3.0)
    at = numbers.places([common, scarce, wait, None])
    assert at == {"share": 0.1, "time": 1.0}
    assert numbers.quantity(common, "–", at) == "56.1% (54.1–58.1%)"
    assert numbers.quantity(wait, "–", at) == "63 (60–66)"
    assert numbers.percent(common, "–") == "56% (54–58%)"


def test_a_clear_change_is_not_written_as_none() -> None:
    """Three hundredths of a minute, with nought outside of the range, are under a tenth."""
    made = row("delay_mean", -0.03, 0.01)
    assert numbers.change(made, at={"time": 0.1}) == "-<0.1*"
    assert numbers.change(row("delay_mean", 0.0, 0.0)) == "same"
