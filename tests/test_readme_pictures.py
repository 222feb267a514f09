"""README's pictures: they are there, small, fetch nothing, and are made by one command."""

import re
from pathlib import Path

import pytest

from tests.readme_pictures import (
    COLUMNS,
    LARGEST_BYTES,
    PAGE,
    ROOT,
    SUMMARY,
    console_picture,
    readme_command,
)
from tests.report.pictured import pictured


def test_readme_shows_its_pictures_with_words_for_those_who_do_not_see_them() -> None:
    """Each stands in README with an alternative text of a sentence or more."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = {place: words for words, place in re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", text)}
    for file in (SUMMARY, PAGE):
        assert len(shown[file.relative_to(ROOT).as_posix()].split()) > 10


@pytest.mark.parametrize("file", [SUMMARY, PAGE])
def test_a_picture_is_small(file: Path) -> None:
    """README loads quickly, and a checkout stays small."""
    assert 1_000 < file.stat().st_size <= LARGEST_BYTES


def test_the_summary_is_drawn_at_its_width_and_fetches_nothing() -> None:
    """The one address in it names the format; every line has at most the columns of the picture."""
    drawn = console_picture(pictured(), "run_sim.py compare")
    assert set(re.findall(r"https?://[^\s\"\')]+", drawn)) == {"http://www.w3.org/2000/svg"}
    lines = re.findall(r'x="([\d.]+)" y="[\d.]+" textLength="([\d.]+)"', drawn)
    # Rich draws a column 12.2 wide, and the end of a line as one more.
    assert max(float(x) + float(length) for x, length in lines) <= 12.2 * (COLUMNS + 1) + 0.1
    assert "Share of reports with an officer there" not in drawn.replace("&#160;", " ")


def test_the_pictures_are_of_readmes_own_command() -> None:
    """A comparison of the three scenarios of the gate."""
    command = readme_command()
    assert command[:2] == ["compare", "scenarios/dorset-2022.toml"]
    assert all((ROOT / file).is_file() for file in command[1:])
