"""What is seen while a command works: one line of named steps, and sparse lines in a file."""

from __future__ import annotations

import io
import re
import sys
import time

import pytest

from sim.cli.progress import steps
from sim.statistics import Interval
from sim.study import Progress

NAMES = ("replications", "the share held", "putting the results together")


class Terminal(io.StringIO):
    """Standard error that is looked at."""

    def isatty(self) -> bool:
        """It is."""
        return True


def now(step: str, done: int = 0, planned: int = 0, *, known: bool = False) -> Progress:
    """What a study tells: 20.3% in time so far, of two scenarios where all is known."""
    share = Interval(0.203, 0.192, 0.214, 600, 0.95)
    other = Interval(0.4, 0.389, 0.411, 600, 0.95)
    return Progress(done, planned, share, step, (share, other) if known else ())


def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> str:
    """What a terminal shows of two steps, with a result between them."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    for name, value in (("TERM", "xterm"), ("COLUMNS", "120"), ("NO_COLOR", "1")):
        monkeypatch.setenv(name, value)
    with steps(False, NAMES) as line:
        tell = line.told(("today", "free"))
        tell(now("replications", 12, 30))
        # Longer than a terminal waits before it draws anew.
        time.sleep(0.3)
        tell(now("the share held", known=True))
        tell(now("the share held", 1, 6))
        time.sleep(0.3)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.getvalue())


def in_a_file(monkeypatch: pytest.MonkeyPatch, seconds: list[float]) -> list[str]:
    """Lines of a file where each replication ends after so many seconds."""
    file = io.StringIO()
    monkeypatch.setattr(sys, "stderr", file)
    moments = iter([0.0, *seconds, seconds[-1] + 1])
    with steps(False, NAMES, lambda: next(moments)) as line:
        line.begin("replications")
        tell = line.told(("today",))
        for number in range(len(seconds)):
            tell(now("replications", number + 1, len(seconds)))
        tell(now("putting the results together"))
    return file.getvalue().splitlines()


def test_each_step_is_named_with_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line says which of how many steps runs, how far it is, and the headline as it stands."""
    shown = on_a_terminal(monkeypatch)
    assert "step 1 of 3: replications 12 of 30; 20.3 ±1.1% in time" in shown
    assert "step 2 of 3: the share held 1 of 6" in shown


def test_the_headline_is_printed_before_the_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stays above the line while the rest is worked out, and is told once, of each scenario."""
    shown = on_a_terminal(monkeypatch)
    words = "In time, in 100 reports: today 20.3 (19.2 to 21.4), free 40.0 (38.9 to 41.1)."
    assert shown.count(words) == 1
    assert shown.index(words) < shown.index("step 2 of 3: the share held 1 of 6")


def test_there_is_one_line_and_no_second_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never do two steps stand under each other."""
    shown = on_a_terminal(monkeypatch)
    drawn = [line for line in re.split(r"[\r\n]+", shown) if "step " in line]
    assert drawn
    assert all(line.count("step ") == 1 for line in drawn)
    lines = [line for line in shown.split("\n") if line.strip()]
    assert all(len(re.findall("of 3:", part)) <= 1 for line in lines for part in line.split("\r"))


def test_a_file_gets_a_line_every_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of replications every four seconds each third is told, and each step's beginning."""
    told = in_a_file(monkeypatch, [4.0, 8.0, 12.0, 16.0, 20.0, 24.0])
    assert [re.sub(r".*(step .*)", r"\1", line) for line in told] == [
        "step 1 of 3: replications",
        "step 1 of 3: replications 3 of 6; 20.3 ±1.1% in time",
        "step 1 of 3: replications 6 of 6; 20.3 ±1.1% in time",
        "step 3 of 3: putting the results together",
    ]


def test_quiet_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither steps nor results."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with steps(True, NAMES) as line:
        line.told(("a", "b"))(now("replications", 1, 2))
        line.told(("a", "b"))(now("the share held", known=True))
    assert terminal.getvalue() == ""


def test_a_step_that_nobody_foresaw_comes_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes the place of a step that was not possible is counted with the rest."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with steps(False, NAMES) as line:
        line.begin(NAMES[0])
        line.begin("what came instead")
    assert f"step 2 of {len(NAMES) + 1}: what came instead" in stream.getvalue()
