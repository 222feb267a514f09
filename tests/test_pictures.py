"""Pages and charts from the commands: what is written, what is refused, and what stays."""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sim import cli
from sim.errors import InputError
from sim.report.charts import file_names
from sim.store import Kept
from tests.report.pictured import kept_document

ROOT = Path(__file__).parents[1]


@pytest.fixture
def folder(compared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it to be spoilt, as the working folder."""
    shutil.copytree(compared, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    return tmp_path / "copy"


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file with its bytes."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_the_document_is_as_described(folder: Path) -> None:
    """With its context it keeps docs/output.schema.json."""
    schema = json.loads((ROOT / "docs" / "output.schema.json").read_text(encoding="utf-8"))
    document = kept_document(folder)
    jsonschema.validate(document.model_dump(mode="json"), schema)
    assert document.context.sweeps
    assert document.background.timelines


def test_report_makes_the_page_again(folder: Path) -> None:
    """From the folder alone, without the scenarios; in the working folder unless told."""
    (folder / "force.toml").unlink()
    assert cli.main(["report", "kept"]) == 0
    assert (folder / "kept.html").read_bytes() == (folder / "page.html").read_bytes()


def test_one_page_is_written_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first screen without its sections; asked for without a page it is refused."""
    assert cli.main(["report", "kept", "--one-page"]) == 0
    alone, whole = (Path(name).read_text(encoding="utf-8") for name in ("kept.html", "page.html"))
    assert 'class="cards"' in alone
    assert "<details>" not in alone
    assert "<details>" in whole
    assert cli.main(["run", "force.toml", "--one-page"]) == 2
    assert "--one-page: there is no page to be made shorter" in capsys.readouterr().err


def test_a_page_that_stands_is_left_and_the_answer_still_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody named its page, so the second report says that it was left, and ends well."""
    assert cli.main(["report", "kept"]) == 0
    (folder / "kept.html").write_text("mine", encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["report", "kept"]) == 0
    out = capsys.readouterr().out
    assert "ANSWER" in out
    assert "Left as it is: kept.html; --force makes it anew." in out
    assert (folder / "kept.html").read_text(encoding="utf-8") == "mine"
    assert cli.main(["report", "kept", "--one-page"]) == 2
    assert "kept.html: it exists already" in capsys.readouterr().err


def test_slides_are_written_and_not_overwritten_unasked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A deck beside nothing else; a second one only with --force."""
    assert cli.main(["report", "kept", "--slides", "deck.pptx"]) == 0
    assert (folder / "deck.pptx").read_bytes().startswith(b"PK")
    assert not (folder / "kept.html").exists()
    assert cli.main(["report", "kept", "--slides", "deck.pptx"]) == 2
    assert "deck.pptx: it exists already" in capsys.readouterr().err
    assert cli.main(["report", "kept", "--slides", "deck.pptx", "--force"]) == 0


def test_charts_are_written_as_svg_and_png(folder: Path) -> None:
    """All that the study can feed, and nothing else; other files there are left alone."""
    (folder / "charts").mkdir()
    (folder / "charts" / "notes.txt").write_text("mine", encoding="utf-8")
    (folder / "charts" / "attendance.png").write_text("<!doctype html>old", encoding="utf-8")
    assert cli.main(["report", "kept", "--charts", "charts", "--force"]) == 0
    assert not (folder / "kept.html").exists()
    assert (folder / "charts" / "notes.txt").read_text(encoding="utf-8") == "mine"
    names = {file.name for file in (folder / "charts").iterdir()} - {"notes.txt"}
    assert names <= set(file_names())
    assert {"attendance.svg", "other-work.png", "long-wait-1.svg"} <= names
    assert (folder / "charts" / "attendance.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["report", "kept", "--html", "page.html"], "page.html: it exists already"),
        (["report", "kept", "--charts", "charts"], "charts/attendance.svg: it exists already"),
        (["report", "kept", "--html", "kept"], "this is a folder"),
        (["report", "kept", "--charts", "page.html"], "this is a file"),
        (["run", "force.toml", "--html", "page.html"], "page.html: it exists already"),
        (["run", "force.toml", "--charts", "charts"], "it exists already"),
    ],
)
def test_nothing_is_overwritten_unasked(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], named: str
) -> None:
    """Refused before the work, with status 2; what was there stays."""
    (folder / "charts").mkdir()
    (folder / "charts" / "attendance.svg").write_text("mine", encoding="utf-8")
    before = files_below(folder)
    assert cli.main(words) == 2
    assert named in capsys.readouterr().err.replace("\\", "/")
    assert files_below(folder) == before


def test_force_replaces_a_page(folder: Path) -> None:
    """A page that stands there already."""
    (folder / "page.html").write_text("<!doctype html>old", encoding="utf-8")
    assert cli.main(["report", "kept", "--html", "page.html", "--force"]) == 0
    assert (folder / "page.html").stat().st_size > 10_000


def spoil(folder: Path, fault: str) -> None:
    """Spoil a kept folder in one of the ways in which folders are spoilt."""
    manifest, summary = folder / "manifest.json", folder / "summary.json"
    told, document = (json.loads(file.read_text(encoding="utf-8")) for file in (manifest, summary))
    if fault == "another version":
        manifest.write_text(json.dumps({**told, "format": 99}), encoding="utf-8")
    elif fault == "half-written":
        manifest.unlink()
    elif fault == "cut off":
        summary.write_text(summary.read_text(encoding="utf-8")[:5000], encoding="utf-8")
    elif fault == "edited figure":
        document["scenarios"][0]["rows"][0]["value"] = 0.99
        summary.write_text(json.dumps(document), encoding="utf-8")
    elif fault == "edited context":
        document["context"]["illustrative"] = False
        summary.write_text(json.dumps(document), encoding="utf-8")
    elif fault == "edited table":
        table = folder / "outcomes.parquet"
        table.write_bytes(table.read_bytes()[:-1] + b"x")
    elif fault == "without tables":
        for table in folder.glob("*.parquet"):
            table.unlink()
    elif fault == "checksums removed":
        manifest.write_text(json.dumps({**told, "checksums": {}}), encoding="utf-8")


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("another version", "another version"),
        ("half-written", "no folder of results, or it is damaged"),
        ("cut off", "no folder of results, or it is damaged"),
        ("edited figure", "changed since the study was kept: summary.json"),
        ("edited context", "changed since the study was kept: summary.json"),
        ("edited table", "changed since the study was kept: outcomes.parquet"),
        ("without tables", "not whole; it lacks incidents.parquet"),
        ("checksums removed", "says nothing of the files beside it"),
    ],
)
def test_a_spoilt_folder_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], fault: str, named: str
) -> None:
    """Status 2 and the file that is at fault; no page is made."""
    spoil(folder / "kept", fault)
    before = files_below(folder)
    assert cli.main(["report", "kept"]) == 2
    told = capsys.readouterr().err
    assert named in told
    assert "Traceback" not in told
    assert files_below(folder) == before


def test_results_of_another_form_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A document without what a page needs, though its checksum is right."""
    from sim.store import document_sha256

    summary, manifest = folder / "kept" / "summary.json", folder / "kept" / "manifest.json"
    changes: tuple[dict[str, Any], ...] = ({"format": 1}, {"context": {}})
    whole = kept_document(folder).model_dump(mode="json")
    for change in changes:
        document: dict[str, Any] = {**whole, **change}
        told = json.loads(manifest.read_text(encoding="utf-8"))
        told["checksums"]["summary.json"] = document_sha256(document)
        summary.write_text(json.dumps(document), encoding="utf-8")
        manifest.write_text(json.dumps(told), encoding="utf-8")
        assert cli.main(["report", "kept", "--html", "other.html"]) == 2
        assert "version" in capsys.readouterr().err
    assert not (folder / "other.html").exists()


def test_a_whole_folder_is_sound(folder: Path) -> None:
    """The time that a run took may differ; nothing else may."""
    kept = Kept(folder / "kept")
    kept.check()
    kept.document["run"]["seconds"] = 1e6
    kept.check()
    kept.document["run"]["seed"] = 1
    with pytest.raises(InputError, match=r"summary\.json"):
        kept.check()


def test_a_full_disk_leaves_what_was_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Page or charts: status 2, the disk is named, and the earlier ones stand."""
    (folder / "charts").mkdir()
    (folder / "charts" / "attendance.svg").write_text("mine", encoding="utf-8")
    before = files_below(folder)

    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert cli.main(["report", "kept", "--charts", "charts", "--force"]) == 2
    assert "the disk is full" in capsys.readouterr().err
    monkeypatch.setattr(Path, "write_text", full)
    assert cli.main(["report", "kept", "--html", "page.html", "--force"]) == 2
    assert "the disk is full" in capsys.readouterr().err
    assert files_below(folder) == before


def test_a_run_without_pictures_loads_no_chart_library(folder: Path) -> None:
    """Altair, vl-convert and jinja2 are read only where something is pictured."""
    code = (
        "import sys; from sim import cli; "
        "words = ['run', 'force.toml', '--days', '1', '--warm-up-days', '0', "
        "'--replications', '1', '--workers', '1', '--quiet', '--json']; "
        "status = cli.main(words); "
        "print(status, sorted({'altair', 'vl_convert', 'jinja2'} & set(sys.modules)), "
        "file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stderr.strip() == "0 []"
