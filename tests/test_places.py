"""Places that are named for results, pages and charts: refused early, replaced, left clean."""

from __future__ import annotations

import errno
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import sim.study
from sim import cli
from sim.errors import OutputError
from sim.places import folders_made, write_whole
from sim.scenario.template import template
from sim.store import EPISODE_TABLES, FILES, put_files

SMALL = ("--days", "2", "--warm-up-days", "1", "--replications", "2", "--workers", "1", "--quiet")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a small force."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "force.toml").write_text(template(), encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of that force, with a page and charts among them."""
    made = tmp_path_factory.mktemp("pictured")
    (made / "force.toml").write_text(template(), encoding="utf-8")
    words = ["run", str(made / "force.toml"), *SMALL, "--output", str(made / "out")]
    pictures = ["--html", str(made / "out" / "page.html"), "--charts", str(made / "out" / "charts")]
    assert cli.main([*words, *pictures]) == 0
    return made / "out"


@pytest.fixture
def unsimulated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where anything is simulated."""

    def simulated(*_: Any, **__: Any) -> None:
        pytest.fail("the place is told only after the work")

    monkeypatch.setattr(sim.study, "run", simulated)


def below(folder: Path) -> list[str]:
    """Everything in a folder, by name."""
    return sorted(entry.relative_to(folder).as_posix() for entry in folder.rglob("*"))


@pytest.mark.usefixtures("unsimulated")
@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--html", "force.toml/page.html"], "force.toml/page.html: cannot be written"),
        (["--html", "a/b/c/" + "x" * 300], "cannot be written"),
        (["--html", "."], "this is a folder"),
        (["--charts", "force.toml/charts"], "cannot be written"),
        (["--charts", "force.toml"], "this is a file"),
        (["--charts", "a/" + "x" * 300], "cannot be written"),
        (["--output", "out", "--html", "out"], "a folder in the same command"),
        (["--output", "out/kept", "--html", "out"], "a folder in the same command"),
        (["--charts", "charts", "--html", "charts"], "a folder in the same command"),
        (["--output", "out", "--html", "out/summary.csv"], "a file of the results"),
        (["--output", "out", "--charts", "out/summary.csv"], "a file of the results"),
    ],
)
def test_a_place_that_cannot_hold_it_is_refused_before_the_work(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], named: str
) -> None:
    """Status 2, and not even an empty folder is left."""
    assert cli.main(["run", "force.toml", *SMALL, *words]) == 2
    assert named in capsys.readouterr().err.replace("\\", "/")
    assert below(folder) == ["force.toml"]


@pytest.mark.usefixtures("unsimulated")
@pytest.mark.parametrize("words", [("--html", "a/page.html"), ("--charts", "a/b")])
def test_a_folder_without_the_right_to_write_is_refused_before_the_work(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, str],
) -> None:
    """A disk that is mounted to be read only, or another's folder; made on the way, gone again."""

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "touch", refused)
    assert cli.main(["run", "force.toml", *SMALL, *words]) == 2
    assert "cannot be written (Read-only file system)" in capsys.readouterr().err
    assert below(folder) == ["force.toml"]


def test_results_with_their_page_and_charts_are_replaced(folder: Path, pictured: Path) -> None:
    """A second run of the same command with --force leaves a whole folder and nothing beside it."""
    shutil.copytree(pictured, folder / "out")
    words = ["run", "force.toml", *SMALL, "--output", "out"]
    pictures = ["--html", "out/page.html", "--charts", "out/charts"]
    assert cli.main([*words, *pictures, "--seed", "7", "--force"]) == 0
    made = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert made["study"]["seed"] == 7
    assert {"page.html", "charts/attendance.svg"} <= set(made["pictures"])
    # This force has no episodes, and so none of their tables.
    tables = {f"{schema.name}.parquet" for schema in EPISODE_TABLES}
    assert set(below(folder / "out")) == {*FILES, "charts", *made["pictures"]} - tables
    assert below(folder)[0] == "force.toml"
    assert below(folder)[1] == "out"
    # Pictures of the earlier results do not stay beside others.
    assert cli.main([*words, "--force"]) == 0
    assert not (folder / "out" / "page.html").exists()


def test_more_replications_replace_page_and_charts_in_the_folder(
    folder: Path, pictured: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same command with more of them needs no --force; a page that was edited is not lost."""
    shutil.copytree(pictured, folder / "out")
    earlier = (folder / "out" / "page.html").read_bytes()
    more = ["run", "force.toml", *SMALL, "--replications", "3", "--output", "out"]
    pictures = ["--html", "out/page.html", "--charts", "out/charts"]
    (folder / "out" / "page.html").write_bytes(earlier + b"<!-- mine -->")
    assert cli.main([*more, *pictures]) == 2
    assert "holds other things than results" in capsys.readouterr().err
    (folder / "out" / "page.html").write_bytes(earlier)
    assert cli.main([*more, *pictures]) == 0
    assert "of 3 replications were made before" in capsys.readouterr().err
    made = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert made["study"]["replications"] == 3
    assert (folder / "out" / "page.html").read_bytes() != earlier
    assert {"page.html", "charts/attendance.svg"} <= set(made["pictures"])


@pytest.mark.parametrize(
    "foreign", ["notes.txt", "other.html", "charts/notes.txt", "drafts/", "page.html"]
)
def test_what_is_not_of_the_results_keeps_their_folder_from_being_replaced(
    folder: Path, pictured: Path, capsys: pytest.CaptureFixture[str], foreign: str
) -> None:
    """Another's file beside the page, and a page that was edited by hand since."""
    shutil.copytree(pictured, folder / "out")
    place = folder / "out" / foreign
    if foreign.endswith("/"):
        place.mkdir()
    else:
        place.write_text("<!doctype html>mine", encoding="utf-8")
    assert cli.main(["run", "force.toml", *SMALL, "--output", "out", "--force"]) == 2
    assert "holds other things than results" in capsys.readouterr().err
    assert place.exists()


def test_a_page_that_is_made_afterwards_is_of_the_results(folder: Path) -> None:
    """`report` notes what it puts into the folder; the folder stays sound."""
    words = ["run", "force.toml", *SMALL, "--output", "out"]
    assert cli.main(words) == 0
    for _ in range(2):
        assert cli.main(["report", "out", "--html", "out/later.html", "--force"]) == 0
    assert cli.main([*words, "--force"]) == 0
    assert not (folder / "out" / "later.html").exists()


def test_folders_made_for_a_write_that_fails_go_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that were there before stay."""
    (folder / "there").mkdir()

    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match="the disk is full"):
        write_whole(folder / "there" / "a" / "b" / "page.html", "x")
    with pytest.raises(OutputError, match="the disk is full"):
        put_files(folder / "there" / "a" / "b", [("chart.svg", b"x")])
    assert below(folder) == ["force.toml", "there"]


def test_folders_made_for_results_that_never_come_go_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A study that is stopped before its first replication leaves nothing."""

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sim.study.sharing, "replicated", stopped)
    assert cli.main(["run", "force.toml", *SMALL, "--output", "a/b/out"]) == 130
    assert below(folder) == ["force.toml"]


def test_a_folder_into_which_another_has_written_stays(folder: Path) -> None:
    """Only empty folders are removed."""

    def write() -> None:
        with folders_made(folder / "a" / "b"):
            (folder / "a" / "theirs.txt").write_text("x", encoding="utf-8")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write()
    assert below(folder) == ["a", "a/theirs.txt", "force.toml"]
