"""The afternoon of docs/own-log.md: its files are written and its commands run, in its order."""

import importlib
import re
import shlex
import shutil
from pathlib import Path

import pytest

from sim import cli
from tests.force_log.simulated import search_little

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "own-log.md").read_text(encoding="utf-8")
MINUTES = {"--days": "2", "--replications": "2"}


def steps() -> list[tuple[str, str]]:
    """Files (their name and text) and commands (an empty name) in the order of the page."""
    found = []
    for before, kind, body in re.findall(r"([^\n]*)\n\n```(\w+)\n(.*?)```", TEXT, re.DOTALL):
        if kind == "sh":
            found += [("", line) for line in body.splitlines()]
        else:
            name = re.search(r"`([\w.-]+)`:$", before)
            assert name is not None
            found.append((name[1], body))
    return found


def quicker(words: list[str]) -> list[str]:
    """The same command on fewer days: what is tested is that it runs."""
    if words[0] == "compare":
        for option, value in MINUTES.items():
            words[words.index(option) + 1] = value
        words += ["--warm-up-days", "1"]
    if words[0] == "replay":
        words += ["--replications", "2"]
    return words


@pytest.fixture
def coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search of a few guesses only."""
    search_little(monkeypatch)
    monkeypatch.setattr("sim.force_log.fitting.crews._BORROW_AFTER", (30.0,))
    monkeypatch.setattr("sim.force_log.fitting.moves._LESS_DELAY", (0.0,))
    monkeypatch.setattr("sim.force_log.fitting.crews._WORTH", 1e9)
    # The package's function has the name of its module.
    fitting = importlib.import_module("sim.force_log.fitting.fit")
    monkeypatch.setattr(fitting, "_MOST_SIMULATED_DAYS", 2)
    monkeypatch.setattr("sim.force_log.fitting.children.HELD", (0.0, 1.0))
    monkeypatch.setattr("sim.force_log.fitting.children.NEXT_GRADE", (0.0,))


@pytest.mark.usefixtures("coarse")
def test_the_afternoon_works_from_export_to_comparison(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command of the page ends well, and leaves the file that it names."""
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    done = []
    for name, body in steps():
        if name:
            Path(name).write_text(body, encoding="utf-8")
            continue
        words = shlex.split(body)
        assert words[:2] == ["python", "run_sim.py"]
        status = cli.main(quicker(words[2:]))
        assert status == 0, capsys.readouterr().err
        done.append(words[2])
        printed = capsys.readouterr().out
        if words[2] == "fit":
            for told in ("From the log of", "Fitted by simulation to", "Assumed, since"):
                assert told in printed
        if words[2] == "validate":
            assert printed.startswith("mine.toml: sound\n")
            assert "were fitted to a log" in printed
    assert done == [
        "sample-log", "new", "diagnose", "fit", "validate", "replay", "new", "new", "compare",
    ]  # fmt: skip
    for page, begins in (
        ("diagnosis.html", "What the log shows"),
        ("replay.html", "How far the model may be believed"),
        ("compare.html", ""),
    ):
        assert f"<title>{begins}" in Path(page).read_text(encoding="utf-8")
