"""What all commands that answer a question do: check, work, print, keep."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.edge import hold, program, say
from sim.cli.files import Pictures, own_page, say_made
from sim.cli.options import AsJson, Charts, Force, Full, Html, Output
from sim.cli.printing import print_drawn, write_json
from sim.cli.progress import steps
from sim.errors import InputError, Interrupted

if TYPE_CHECKING:
    from sim.answers import AnswerDocument, Told
    from sim.api.answered import Answered
    from sim.scenario.loading import Loaded
    from sim.study import Settings


@dataclass(frozen=True, slots=True)
class Given:
    """What is shown of an answer, and what is kept.

    Raises
    ------
    InputError
        If sections are asked for beside a document that stands alone.
    """

    output: Output = None
    html: Html = None
    charts: Charts = None
    full: Full = False
    as_json: AsJson = False
    force: Force = False

    def __post_init__(self) -> None:
        if self.as_json and self.full:
            raise InputError(
                "a JSON document holds every figure and has no sections",
                path="--full",
                allowed="--json, or --full, but not both",
            )

    def pictures(self, kind: str) -> Pictures:
        """The places for page and charts, after all places were found to be free, and held."""
        from sim.store import ensure_free

        hold(self.output, self.html, self.charts)
        if self.output is not None:
            ensure_free(self.output, force=self.force)
        places = Pictures(self.html, self.charts, self.output)
        _ensure_free(places, kind, force=self.force)
        return places


def command() -> tuple[str, ...]:
    """Program and arguments, as typed."""
    return (program(), *sys.argv[1:])


def give(
    kind: str,
    loaded: Sequence[Loaded],
    settings: Settings,
    given: Given,
    names: Sequence[str],
    ask: Callable[[Told], Answered[Any]],
    *,
    quiet: bool,
) -> None:
    """Answer a question, print the answer, and keep it where that was asked for.

    Parameters
    ----------
    kind
        Of the answer.
    loaded
        The scenarios, for what is to be said before the work.
    settings
        How much.
    given
        What is shown and kept.
    names
        Of the steps, in order.
    ask
        Works the answer out; what it needs to check of its own options it has checked before.
    quiet
        Whether neither progress nor warnings are told.

    Raises
    ------
    Interrupted
        After what is known so far has been printed and kept, where Ctrl-C left something out.
    """
    from sim import api

    # Before the work, not after it.
    pictures = given.pictures(kind)
    findings = api.check(loaded, settings)
    if not quiet:
        for warning in (*findings.overloads, *findings.warnings):
            say(f"Warning: {warning}")
    with steps(quiet, names) as line:
        answered = ask(line.counted())
    document = answered.document
    if given.output is not None:
        answered.save(given.output, force=given.force)
    if given.as_json:
        write_json(document.model_dump(mode="json"))
    else:
        show(document, full=given.full)
    _draw(pictures, document)
    if document.stopped:
        sys.stdout.flush()
        raise Interrupted


def show(document: AnswerDocument, *, full: bool) -> None:
    """Print an answer."""
    from sim.report.console import answer_shown

    print_drawn(
        lambda width, ascii_only: answer_shown(
            document, width=width, full=full, ascii_only=ascii_only
        )
    )


def show_kept(
    data: dict[str, Any],
    directory: Path,
    *,
    html: Path | None,
    charts: Path | None,
    full: bool,
    force: bool,
) -> None:
    """Print the answer of a kept folder, and make its page and charts.

    Raises
    ------
    InputError
        If it is of an earlier format, or of another form than this version writes.
    """
    from sim.answers.kinds import read

    document = read(data, directory / "summary.json")
    left = None
    if html is None and charts is None and not full:
        html, left = own_page(directory, force=force)
    pictures = Pictures(html, charts, directory)
    _ensure_free(pictures, document.kind, force=force)
    show(document, full=full)
    _draw(pictures, document)
    say_made((html, charts), left)


def _ensure_free(pictures: Pictures, kind: str, *, force: bool) -> None:
    def names() -> list[str]:
        from sim.report.charts.answers import answer_file_names

        return answer_file_names(kind)

    pictures.ensure_free(force=force, names=names)


def _draw(pictures: Pictures, document: AnswerDocument) -> None:
    from sim.report.charts.answers import answer_chart_files
    from sim.report.page.answer_page import answer_page

    pictures.put(lambda: answer_page(document), lambda: answer_chart_files(document))
