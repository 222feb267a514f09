"""The questions of ``docs/questions.md``: their commands, and what these print.

``python -m tests.questions`` runs every command as it stands and puts what it prints into the
document; with words, only the questions whose headings hold one of them. It takes some minutes for
each of the large ones.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
DOCUMENT: Final = ROOT / "docs" / "questions.md"
WIDTH: Final = "80"
SCREEN: Final = 45
"""Lines of an answer; what tells one case or one log may go on, and is broken off."""

SHOWN_ABOVE: Final = ("One page",)
"""Words of headings whose command prints what another one has shown."""

_HEADING: Final = re.compile(r"^## (.+)$", re.MULTILINE)
_COMMANDS: Final = re.compile(r"```sh\n(.*?)```", re.DOTALL)
_PRINTED: Final = re.compile(r"```text\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Question:
    """One question of the document.

    Attributes
    ----------
    heading
        As it stands, with its number.
    commands
        Their words, without the program.
    printed
        What stands under them; None: nothing is shown.
    """

    heading: str
    commands: tuple[tuple[str, ...], ...]
    printed: str | None


def sections(text: str) -> list[str]:
    """The document cut before each question, with what stands before the first."""
    cuts = [found.start() for found in _HEADING.finditer(text)]
    return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def questions(text: str | None = None) -> list[Question]:
    """All questions.

    Raises
    ------
    ValueError
        If one has no command.
    """
    found = []
    for part in sections(DOCUMENT.read_text(encoding="utf-8") if text is None else text)[1:]:
        heading, commands = _HEADING.search(part), _COMMANDS.search(part)
        if heading is None or commands is None:
            raise ValueError(f"a question without a command: {part[:60]}")
        lines = [tuple(shlex.split(line)) for line in commands[1].splitlines() if line.strip()]
        if any(words[:2] != ("python", "run_sim.py") for words in lines):
            raise ValueError(f"{heading[1]}: a command that is not python run_sim.py")
        printed = _PRINTED.search(part)
        found.append(
            Question(
                heading[1],
                tuple(words[2:] for words in lines),
                None if printed is None else printed[1],
            )
        )
    return found


def run(commands: Sequence[Sequence[str]], folder: Path, more: Sequence[str] = ()) -> str:
    """What the last of some commands prints, run one after the other in a folder.

    Raises
    ------
    RuntimeError
        If one of them fails.
    """
    printed = ""
    for words in commands:
        done = subprocess.run(
            [sys.executable, str(ROOT / "run_sim.py"), *words, *more],
            cwd=folder,
            env={**_environment(), "COLUMNS": WIDTH, "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.stderr}")
        printed = done.stdout
    return printed


def written(text: str, names: Sequence[str]) -> str:
    """The document with what the commands print now."""
    parts = sections(text)
    for place, (part, question) in enumerate(zip(parts[1:], questions(text), strict=True), 1):
        wanted = not names or any(name.lower() in question.heading.lower() for name in names)
        if not wanted or any(name in question.heading for name in SHOWN_ABOVE):
            continue
        print(question.heading, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "scenarios").symlink_to(ROOT / "scenarios")
            lines = run(question.commands, Path(folder)).splitlines()
        told = "\n".join(line.rstrip() for line in _one_screen(lines))
        block = f"```text\n{told}\n```"
        if question.printed is None:
            asked = _COMMANDS.search(part)
            assert asked is not None
            parts[place] = f"{part[: asked.end()]}\n\n{block}{part[asked.end() :]}"
        else:
            before, after = _PRINTED.split(part, maxsplit=1)[::2]
            parts[place] = f"{before}{block}{after}"
    return "".join(parts)


def _one_screen(lines: Sequence[str]) -> list[str]:
    return [*lines] if len(lines) <= SCREEN else [*lines[: SCREEN - 15], "[and so on]"]


def _environment() -> dict[str, str]:
    import os

    return dict(os.environ)


if __name__ == "__main__":
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(written(text, sys.argv[1:]), encoding="utf-8")
