"""What a terminal shows of a study: the first screen, named sections, or everything."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from sim.errors import InputError
from sim.report.console.shown import Wanted, shown
from sim.results import Document
from tests.report.planted import Plant, filled, planted, row

TODAY = Plant("today", "Dorset, spring 2022 (illustrative)")
BETTER = Plant("better", "Teams until 02:00", 0.223, (0.023, 0.006), 0.21, (-0.053, 0.012))


def study() -> Document:
    """A comparison of two with rows for every section."""
    return filled(planted(TODAY, BETTER, warnings=("one night has nobody on duty",)))


def printed(wanted: Wanted | None = None, width: int = 80, *, warned: bool = False) -> str:
    """What a pipe gets."""
    file = io.StringIO()
    Console(file=file, width=width, highlight=False, markup=False, emoji=False).print(
        shown(study(), wanted, width=width, warned=warned)
    )
    return file.getvalue()


def test_the_first_screen_is_shown_unless_more_is_asked_for() -> None:
    """Without an option there is the answer alone, in one screen."""
    text = printed()
    assert text.startswith("GRADE 2 MISSING CHILDREN: officer there within 20 minutes of the call")
    assert "Delay against" not in text
    assert len(text.splitlines()) <= 45


def test_full_adds_every_section_after_the_first_screen() -> None:
    """The answer comes first, and no section is left out."""
    text = printed(Wanted(full=True))
    assert text.startswith(printed().rstrip())
    for words in ("delay against the target", "People on duty", "Once the child is safe"):
        assert (words in text) == (words != "People on duty")
    assert text.index("NEXT") < text.index("delay against the target")


def test_named_sections_stand_alone_with_what_they_rest_on() -> None:
    """--show prints those sections in the order of reading, and still says what it is not."""
    text = printed(Wanted(show=("people", "delays")))
    assert "ANSWER" not in text
    assert text.index("delay against the target") < text.index("Share of time on duty in work")
    assert "Illustrative, not evidence about Dorset." in text
    assert "not a prediction about any child" in " ".join(text.split())


def test_a_section_that_the_rows_do_not_feed_says_so() -> None:
    """A known name without figures is no error and no silence."""
    assert "share-held: these results have nothing for it." in printed(Wanted(show=("share-held",)))


def test_an_unknown_name_is_refused_before_the_work() -> None:
    """A slip in --show costs no simulation."""
    with pytest.raises(InputError, match="no section of this name"):
        Wanted(show=("delay",))


def test_sections_say_when_they_are_about_more_than_the_answer() -> None:
    """A further cut narrows the first screen alone, and the sections say so."""
    document = study()
    first = document.scenarios[0]
    care = row("waited_over", 0.3, minutes=60, stream="missing_child", grade=2, care=True)
    longer = first.model_copy(update={"rows": (*first.rows, care)})
    document = document.model_copy(update={"scenarios": (longer, *document.scenarios[1:])})
    file = io.StringIO()
    wanted = Wanted(show=("delays",), about="care=yes")
    Console(file=file, width=80).print(shown(document, wanted, width=80))
    assert "The sections below are about grade 2 missing children." in file.getvalue()


def test_a_warning_is_not_said_twice_on_one_screen() -> None:
    """Where it stands above the answer already, the answer leaves it out."""
    assert "Warning: one night has nobody on duty" in printed()
    assert "one night has nobody" not in printed(warned=True)


def test_a_pipe_gets_neither_codes_nor_trailing_blanks() -> None:
    """What is piped is plain text, whatever is asked for."""
    text = printed(Wanted(full=True))
    assert "\x1b" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_a_terminal_narrower_than_forty_columns_gets_forty() -> None:
    """Nothing is lost; the terminal wraps what it cannot hold."""
    file = io.StringIO()
    Console(file=file, width=200).print(shown(study(), width=20))
    assert max(len(line) for line in file.getvalue().splitlines()) <= 40
