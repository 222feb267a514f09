"""The ten questions of the documents: each command runs, on one screen that can be read aloud."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from sim import cli
from tests.questions import ROOT, SCREEN, Question, questions, written

_BRIEF: Final = ("--replications", "2", "--days", "2", "--warm-up-days", "1", "--workers", "1")
SHORT: Final[dict[str, tuple[str, ...]]] = {
    "run": (*_BRIEF, "--no-unknowns", "--quiet"),
    "compare": (*_BRIEF, "--no-unknowns", "--quiet"),
    "explain": (*_BRIEF, "--quiet"),
    "sensitivity": (*_BRIEF, "--trajectories", "3", "--top", "2", "--quiet"),
    "size": (*_BRIEF, "--quiet"),
    "how-often": (*_BRIEF, "--quiet"),
    "night": ("--nights", "20", "--warm-up-days", "1", "--workers", "1", "--quiet"),
    "sample-log": ("--warm-up-days", "1"),
    "diagnose": (),
}
"""By command, what makes it quick; all else is as the document has it."""

FEW: Final = '[sources]\n"policy.gate.share_held" = { assumption = "a", low = 0.0, high = 1.0 }\n'
"""In place of two hundred ranges, which take minutes."""
_LONGER: Final = ("diagnose",)
"""What tells a log, however long it is."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the shipped scenarios."""
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def with_few_ranges(words: list[str], folder: Path) -> list[str]:
    """The words with scenarios that have one range each."""
    changed = []
    for word in words:
        if word.endswith(".toml"):
            file = folder / Path(word).name
            head = f'format = 1\ntitle = "{file.stem}"\nextends = "{word}"\n'
            file.write_text(f'{head}remove = ["sources"]\n{FEW}', encoding="utf-8")
            changed.append(file.name)
        else:
            changed.append(word)
    return changed


@pytest.mark.parametrize("question", questions(), ids=lambda one: one.heading)
def test_each_questions_commands_answer_it(
    question: Question, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """At short settings: status nought, and an answer of one screen where one is shown."""
    for command in question.commands:
        name, *words = command
        if name == "sensitivity":
            words = with_few_ranges(words, folder)
        assert cli.main([name, *words, *SHORT[name]]) == 0, capsys.readouterr().err
        printed, _ = capsys.readouterr()
        if name not in _LONGER:
            assert len(printed.splitlines()) <= SCREEN
            assert max(map(len, printed.splitlines()), default=0) <= 80
    # What the document shows begins as the command does now, so that it is of this version's form.
    if question.printed is not None:
        assert question.printed.split()[0] == printed.split()[0]


def test_what_is_printed_is_put_under_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the place of what stood there, or below the command; only where it is asked for."""
    text = (
        "# Questions\n\n## 1. One?\n\n```sh\npython run_sim.py validate a.toml\n```\n\n"
        "```text\nold\n```\n\n## 2. Two?\n\n```sh\npython run_sim.py run a.toml\n```\n"
    )
    monkeypatch.setattr("tests.questions.run", lambda *_: "new \nlines\n")
    assert written(text, ["three"]) == text
    block = "```text\nnew\nlines\n```"
    expected = text.replace("```text\nold\n```", block).replace(
        "run a.toml\n```", f"run a.toml\n```\n\n{block}"
    )
    assert written(text, []) == expected
    assert written(expected, []) == expected
    with pytest.raises(ValueError, match="without a command"):
        questions("## 1. None?\n")
