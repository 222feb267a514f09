"""What is seen while a command works: one line, which of how many steps, and the headline so far.

On a terminal the line is drawn anew and goes when the work is done. Into a file goes a line at the
start of a step and then one every ten seconds, so that a log neither floods nor stays empty.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from sim.cli.edge import say

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from sim.answers import Told
    from sim.statistics import Interval
    from sim.study import Progress

SECONDS_BETWEEN_LINES: Final = 10.0
_BAR: Final = 20


class _Line(Protocol):
    """Where progress is shown."""

    def show(self, text: str, done: int | None, planned: int | None) -> None:
        """Show this now; without numbers it begins a step."""

    def tell(self, sentence: str) -> None:
        """Say something that stays."""


class Steps:
    """The steps of one command, told one after the other on one line.

    Parameters
    ----------
    names
        What is done, in order; each as a sentence goes on after "step 1 of 3:".
    line
        Where it is shown.
    """

    def __init__(self, names: Sequence[str], line: _Line) -> None:
        self._names = list(names)
        self._line = line
        self._at = -1
        self._told = False

    def begin(self, name: str) -> None:
        """Go on to a step; one that nobody foresaw comes next."""
        if name not in self._names:
            self._names.insert(self._at + 1, name)
        self._at = self._names.index(name)
        self._show(None, None, "")

    def advance(self, done: int, planned: int, estimate: str = "") -> None:
        """Tell how far the step has come, and what is known so far."""
        self._show(done, planned, estimate)

    def told(self, scenarios: Sequence[str]) -> Callable[[Progress], None]:
        """What a study tells its progress to; its headline is printed as soon as it is known.

        Parameters
        ----------
        scenarios
            Their names, the baseline first.
        """

        def tell(now: Progress) -> None:
            if any(one.value is not None for one in now.headlines) and not self._told:
                self._told = True
                self._line.tell(_headline(scenarios, now.headlines))
            if self._at < 0 or now.step != self._names[self._at]:
                self.begin(now.step)
            if now.planned:
                self.advance(now.completed, now.planned, now.estimate)

        return tell

    def counted(self) -> Told:
        """What an answer tells its progress to."""

        def tell(step: str, done: int, planned: int, estimate: str = "") -> None:
            if self._at < 0 or step != self._names[self._at]:
                self.begin(step)
            if planned:
                self.advance(done, planned, estimate)

        return tell

    def _show(self, done: int | None, planned: int | None, estimate: str) -> None:
        number = f"step {self._at + 1} of {len(self._names)}: {self._names[self._at]}"
        count = "" if done is None or planned is None else f" {done} of {planned}"
        self._line.show(f"{number}{count}{f'; {estimate}' if estimate else ''}", done, planned)


def _headline(scenarios: Sequence[str], headlines: Sequence[Interval]) -> str:
    """The share in time of each scenario, in one sentence."""
    told = []
    for name, one in zip(scenarios, headlines, strict=True):
        if one.value is None:
            continue
        span = (
            "" if one.low is None or one.high is None else f" ({_per(one.low)} to {_per(one.high)})"
        )
        told.append(f"{name} {_per(one.value)}{span}")
    return f"In time, in 100 reports: {', '.join(told)}. The whole answer follows."


def _per(share: float) -> str:
    return f"{100 * share:.1f}"


@contextmanager
def steps(
    quiet: bool, names: Sequence[str], clock: Callable[[], float] = time.monotonic
) -> Iterator[Steps]:
    """One line on standard error while the work is done.

    Parameters
    ----------
    quiet
        Nothing is shown.
    names
        What is done, in order.
    clock
        Seconds, for the lines of a file.
    """
    if quiet:
        yield Steps(names, _Nowhere())
        return
    if not sys.stderr.isatty():
        yield Steps(names, _File(clock))
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    columns = (
        BarColumn(bar_width=_BAR),
        TimeRemainingColumn(elapsed_when_finished=True),
        TextColumn("{task.description}", markup=False),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        yield Steps(names, _Terminal(bar))


class _Nowhere:
    def show(self, text: str, done: int | None, planned: int | None) -> None:
        """Nothing is shown."""

    def tell(self, sentence: str) -> None:
        """Nothing is said."""


class _Terminal:
    """One line that is drawn anew."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._task: TaskID = bar.add_task("", total=None)

    def show(self, text: str, done: int | None, planned: int | None) -> None:
        """Draw it; a new step begins with an empty bar and its own time."""
        if done is None or planned is None:
            self._bar.remove_task(self._task)
            self._task = self._bar.add_task(text, total=None)
        else:
            self._bar.update(self._task, completed=done, total=planned, description=text)

    def tell(self, sentence: str) -> None:
        """Print it above the line."""
        self._bar.console.print(sentence)


class _File:
    """Lines that are far apart, but one at the start of each step."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last: float | None = None

    def show(self, text: str, done: int | None, planned: int | None) -> None:
        """Print it where it begins a step, or where the last line is long ago."""
        at = self._clock()
        begins = done is None or planned is None or self._last is None
        if begins or at - (self._last or 0.0) >= SECONDS_BETWEEN_LINES:
            self._last = at
            say(text)

    def tell(self, sentence: str) -> None:
        """Print it."""
        say(sentence)
