"""What a planner sees while a study runs."""

from __future__ import annotations

import io
import sys

import pytest

from sim.cli.printing import progress_bar
from sim.statistics import Interval
from sim.study import Progress


class Terminal(io.StringIO):
    """Standard error that is looked at."""

    def isatty(self) -> bool:
        """It is."""
        return True


def shown(monkeypatch: pytest.MonkeyPatch, *completed: int) -> str:
    """Return the bar's last line of six replications, told of these numbers of them."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    for name, value in (("TERM", "xterm"), ("COLUMNS", "120"), ("NO_COLOR", "1")):
        monkeypatch.setenv(name, value)
    with progress_bar(quiet=False) as advance:
        assert advance is not None
        for number in completed:
            advance(Progress(number, 6, Interval(0.2, 0.1, 0.3, number, 0.95)))
    return [line for line in terminal.getvalue().splitlines() if "/6" in line][-1]


def test_a_full_bar_says_what_is_done_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """No replication is left, and making rows of a thousand takes a minute."""
    line = shown(monkeypatch, 1, 6)
    assert "6/6" in line
    assert "20.0 ±10.0 % in time; results are put together" in line


def test_the_next_run_on_a_bar_is_not_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer over the share held begins at the first replication, with time left unknown."""
    line = shown(monkeypatch, 5, 6, 1)
    assert "1/6 -:--:--" in line
    assert "put together" not in line


def test_a_later_step_says_what_it_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of what is not known are no replications."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    for name, value in (("TERM", "xterm"), ("COLUMNS", "120"), ("NO_COLOR", "1")):
        monkeypatch.setenv(name, value)
    with progress_bar(quiet=False) as advance:
        assert advance is not None
        what = "settings of what is not known"
        advance(Progress(2, 9, Interval(0.2, 0.1, 0.3, 6, 0.95), what))
    assert "settings of what is not known 20.0 ±10.0 % in time" in terminal.getvalue()
