"""Standard output: text for the terminal's width and alphabet, JSON, running counts."""

from __future__ import annotations

import json
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeAlias

from sim.cli.edge import say

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sim.force_log.fitting.progress import Trying

_SECONDS_BETWEEN_LINES: Final = 15.0

Picture: TypeAlias = Callable[[int, bool], list[str]]
"""From the columns at hand, and whether all must be ASCII, to lines."""


def _needs_ascii() -> bool:
    return "utf" not in (sys.stdout.encoding or "").lower()


def print_drawn(draw: Callable[[int, bool], RenderableType]) -> None:
    """Print what `draw` makes for the terminal's width and alphabet."""
    from rich.console import Console

    class Screen(Console):
        def on_broken_pipe(self) -> None:
            """Leave it to the command's edge; rich would call it a failure."""
            raise BrokenPipeError

    console = Screen(highlight=False, markup=False, emoji=False)
    console.print(draw(console.width, _needs_ascii()))


def print_lines(lines: Sequence[str], pictures: Mapping[int, Picture] | None = None) -> None:
    """Print lines of text, wrapped to the terminal.

    Parameters
    ----------
    lines
        The text.
    pictures
        By the line that they stand before: what draws lines for a width and an alphabet.
    """

    def draw(width: int, ascii_only: bool) -> RenderableType:
        from rich.text import Text

        from sim.report.terminal import ASCII, UNICODE

        glyphs = ASCII if ascii_only else UNICODE
        wrapped: list[str] = []
        for place, line in enumerate(lines):
            if pictures and place in pictures:
                wrapped += pictures[place](width, ascii_only)
            parts = textwrap.wrap(
                glyphs.text(line), width, subsequent_indent="    ", break_on_hyphens=False
            )
            wrapped += parts or [""]
        return Text("\n".join(wrapped))

    print_drawn(draw)


def write_json(document: object) -> None:
    """Print one JSON document."""
    # ASCII, so that the document is the same whatever encoding standard output has.
    print(json.dumps(document, ensure_ascii=True, allow_nan=False, indent=1))


def write_utf8(text: str) -> None:
    """Print text in UTF-8, whatever encoding standard output has."""
    sys.stdout.flush()
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(text)
        return
    buffer.write(text.encode("utf-8"))
    buffer.flush()


@contextmanager
def counted(quiet: bool, what: str) -> Iterator[Callable[[int], None] | None]:
    """A running count on standard error, where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    with console.status(what) as status:
        yield lambda done: status.update(f"{done} {what}")


@contextmanager
def trying(
    quiet: bool, clock: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[Trying], None] | None]:
    """How far a fit has come: a bar on a terminal, elsewhere a line now and then."""
    if quiet:
        yield None
        return
    if not sys.stderr.isatty():
        yield _seldom(clock)
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    columns = (
        BarColumn(bar_width=30),
        TaskProgressColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda now: bar.update(
            task, completed=now.share, description=f"{now.guesses:,} forces played; {now.what}"
        )


def _seldom(clock: Callable[[], float]) -> Callable[[Trying], None]:
    """Lines that are far apart, the first at once."""
    last: float | None = None

    def tell(now: Trying) -> None:
        nonlocal last
        at = clock()
        if last is None or at - last >= _SECONDS_BETWEEN_LINES:
            last = at
            say(f"{now.share:.0%} done, trying {now.what}; forces played so far: {now.guesses:,}")

    return tell
