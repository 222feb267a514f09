"""The words that this project uses for children, and no path of anybody's machine."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PUBLIC = ("sim", "scenarios", "docs", "README.md", "run_sim.py")

# Inspectors found these words in records and named the harm that they do. They are put together
# from parts, so that a search of the project for them finds nothing.
HARMFUL = [
    "run" + "-?away",
    "abs" + "cond",
    "missing through" + " choice",
    "voluntar(?:il)?y" + " absent",
]
HARMFUL_WORDS = re.compile("|".join(HARMFUL).replace(" ", r"\s+"), re.IGNORECASE)

# A folder of one machine: absolute, so not a part of a relative path or of a web address.
MACHINE_ROOTS = ["home", "Users", "root", "tmp", "work", "mnt", "opt", "srv"]
MACHINE_PATHS = re.compile(
    r"(?<![\w.}])/(?:" + "|".join(MACHINE_ROOTS) + r")/\w" + r"|\b[A-Z]:\\+Users\\"
)


def public_texts(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield each text file that a planner or an analyst may read."""
    for name in PUBLIC:
        place = root / name
        files = [place] if place.is_file() else sorted(place.rglob("*"))
        for file in files:
            if not file.is_file() or "__pycache__" in file.parts:
                continue
            content = file.read_bytes()
            if b"\0" not in content:
                yield file, content.decode("utf-8")


def findings(root: Path, pattern: re.Pattern[str]) -> list[str]:
    """Return `file:line: words` wherever the pattern stands in a public text."""
    return [
        f"{file.relative_to(root).as_posix()}:{text.count(chr(10), 0, hit.start()) + 1}: {hit[0]!r}"
        for file, text in public_texts(root)
        for hit in pattern.finditer(text)
    ]


def test_children_are_described_in_words_that_do_no_harm() -> None:
    """No public text blames a missing child."""
    assert ROOT / "README.md" in {file for file, _ in public_texts(ROOT)}
    assert findings(ROOT, HARMFUL_WORDS) == []


def test_no_public_text_names_a_path_of_a_machine() -> None:
    """No public text holds a path that exists on one machine only."""
    assert findings(ROOT, MACHINE_PATHS) == []


@pytest.mark.parametrize(
    "words",
    [
        "the " + "Run" + "away child",
        "had abs" + "conded",
        "missing through\n" + "choice",
        "voluntarily" + " absent",
    ],
)
def test_planted_words_are_caught(tmp_path: Path, words: str) -> None:
    """Each ruled-out expression is found with its line, in any case and across a line's end."""
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "page.md").write_text(f"A first line.\n{words}\n", encoding="utf-8")
    assert [found.split(": ")[0] for found in findings(tmp_path, HARMFUL_WORDS)] == [
        "docs/page.md:2"
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("see /" + "home/someone/x.toml", 1),
        ("file:///" + "tmp/x", 1),
        ("C:\\" + "Users\\someone", 1),
        ("https://example.org/home/page and docs/home/x", 0),
        ("#!/usr/bin/env bash", 0),
    ],
)
def test_planted_paths_are_told_from_addresses(tmp_path: Path, text: str, count: int) -> None:
    """A machine's path is found, and neither a web address nor a relative path is."""
    (tmp_path / "README.md").write_text(text, encoding="utf-8")
    assert len(findings(tmp_path, MACHINE_PATHS)) == count
