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

    def begin(self, name: str) -> None:
        """Go on to a step.

        Raises
        ------
        ValueError
            If there is no such step.
        """
        self._at = self._names.index(name)
        self._show(None, None, "")

    def advance(self, done: int, planned: int, estimate: str = "") -> None:
        """Tell how far the step has come, and what is known so far."""
        self._show(done, planned, estimate)

    def known(self, sentence: str) -> None:
        """Say a result that stays on the screen, as soon as it is known."""
        self._line.tell(sentence)

    def _show(self, done: int | None, planned: int | None, estimate: str) -> None:
        number = f"step {self._at + 1} of {len(self._names)}: {self._names[self._at]}"
        count = "" if done is None or planned is None else f" {done} of {planned}"
        self._line.show(f"{number}{count}{f'; {estimate}' if estimate else ''}", done, planned)


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
