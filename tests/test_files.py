"""What `--output`, `stress` and the shell's completion leave for others."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from sim import cli
from sim.report.story.events import COLUMNS
from sim.results import CATALOGUE
from sim.results.catalogue import measure_of
from sim.results.document import Document
from sim.results.table import COLUMNS as SUMMARY_COLUMNS
from sim.results.table import csv_text, without_formulas
from sim.scenario.template import template
from sim.store import EPISODE_TABLES, FILES, METADATA_KEYS, TABLES, Kept
from tests.report.sheets import Book

ROOT = Path(__file__).parents[1]
SMALL = ("--days", "2", "--warm-up-days", "1", "--replications", "2", "--workers", "1", "--quiet")
MARK = "To be written by the analyst"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with two small scenarios, compared and kept."""
    folder = tmp_path_factory.mktemp("work")
    (folder / "force.toml").write_text(template(), encoding="utf-8")
    (folder / "held.toml").write_text(
        'format = 1\ntitle = "Held"\nextends = "force.toml"\n[policy.gate]\nshare_held = 1.0\n',
        encoding="utf-8",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert cli.main(["compare", "force.toml", "held.toml", *SMALL, "--output", "kept"]) == 0
    return folder


@pytest.fixture(scope="module")
def kept(folder: Path) -> Path:
    """What was kept."""
    return folder / "kept"


def test_every_file_is_kept_and_no_other(kept: Path) -> None:
    """Tables, figures in three forms, events, the sheet, the manifest; no episode is followed."""
    followed = {f"{schema.name}.parquet" for schema in EPISODE_TABLES}
    assert {entry.name for entry in kept.iterdir()} == set(FILES) - followed
    assert Kept(kept).changed_files() == []


def test_the_summary_is_tidy(kept: Path) -> None:
    """Documented columns, a figure a line, and no two lines about the same."""
    with (kept / "summary.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    assert reader.fieldnames == list(SUMMARY_COLUMNS)
    figures = ("value", "low", "high", "unit", "n", "adjusted")
    about = [tuple(row[name] for name in SUMMARY_COLUMNS if name not in figures) for row in rows]
    assert len(set(about)) == len(about)
    assert {row["measure"] for row in rows} <= set(CATALOGUE)
    # One unit to a measure, but that a queue holds jobs or tasks.
    units = {(row["measure"], row["unit"]) for row in rows if row["measure"] != "queue_length"}
    assert len(units) == len({measure for measure, _ in units})
    assert {row["adjusted"] for row in rows} == {"true", "false"}


def test_the_summary_holds_the_rows_of_the_document(kept: Path) -> None:
    """CSV and JSON cannot disagree."""
    document = json.loads((kept / "summary.json").read_text(encoding="utf-8"))
    expected = [row for kind in ("scenarios", "differences") for one in document[kind]
                for row in one["rows"]]  # fmt: skip
    found = pl.read_csv(kept / "summary.csv", infer_schema_length=None)
    assert found["value"].to_list() == [row["value"] for row in expected]
    assert found["measure"].to_list() == [row["measure"] for row in expected]
    assert found["minutes"].to_list() == [row["minutes"] for row in expected]


def test_no_cell_begins_as_a_formula_does(kept: Path) -> None:
    """Not even where the name of a file does: it has an apostrophe before it; numbers stay."""
    signs = ("=", "+", "-", "@", "\t", "\r")
    for name in ("summary.csv", "events.csv"):
        with (kept / name).open(encoding="utf-8-sig", newline="") as file:
            texts = [cell for row in csv.reader(file) for cell in row if not _is_number(cell)]
        assert not any(cell.startswith(signs) for cell in texts)
    told = pl.DataFrame({"scenario": ["=cmd|'/c calc'!A0", "-2", "@a", "a=b", None], "n": [-1] * 5})
    safe = without_formulas(told)
    assert safe["scenario"].to_list() == ["'=cmd|'/c calc'!A0", "'-2", "'@a", "a=b", None]
    assert safe["n"].to_list() == [-1] * 5
    document = Document.model_validate_json((kept / "summary.json").read_bytes())
    named = document.model_copy(
        update={"scenarios": [document.scenarios[0].model_copy(update={"name": "=cmd"})]}
    )
    assert "\n'=cmd," in csv_text(named)
    assert "\n=cmd," not in csv_text(named)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_documentation_names_every_column() -> None:
    """docs/files.md describes the summary and the event log, column by column, in order."""
    text = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")
    for names in (SUMMARY_COLUMNS, [name for name, _, _ in COLUMNS]):
        places = [text.find(f"| `{name}` |") for name in names]
        assert -1 not in places
    for name, unit, meaning in COLUMNS:
        assert f"| `{name}` | {unit} | {meaning} |" in text
    assert all(f"`{name}`" in text for name in FILES)


def test_parquet_says_its_units(kept: Path) -> None:
    """Each column of each table has a unit and a meaning, and codes have their names."""
    for schema in TABLES:
        path = kept / f"{schema.name}.parquet"
        metadata = pl.read_parquet_metadata(path)
        columns, codes, names = (json.loads(metadata[key]) for key in METADATA_KEYS)
        assert list(columns) == list(pl.read_parquet_schema(path))
        assert all(one["unit"] and one["meaning"] for one in columns.values())
        coded = {name for name, one in columns.items() if one["unit"] == "code"}
        by_name = {"stream", "area", "pool", "desk_pool", "attended_by", "age_band"}
        assert coded - set(codes) <= by_name
        assert set(names) == {"force", "held"}
        for lists in names.values():
            assert {"streams", "areas", "pools", "age_bands.missing_child"} <= set(lists)


def test_the_workbook_is_of_these_rows(kept: Path) -> None:
    """The baseline's headline share is the document's."""
    document = json.loads((kept / "summary.json").read_text(encoding="utf-8"))
    wanted = [
        row["value"]
        for row in document["scenarios"][0]["rows"]
        if row["measure"] == "delay_mean"
        and (row["stream"], row["grade"]) == ("missing_child", 2)
        and {row[cut] for cut in ("risk", "care", "area", "hours")} == {None}
    ]
    (line,) = (
        one
        for one in Book((kept / "summary.xlsx").read_bytes()).table("Headline")
        if one["Scenario"] == document["context"]["titles"]["scenarios"]["force"]
        and one["Measure"] == measure_of("delay_mean").long
    )
    assert [line["Value"]] == pytest.approx(wanted, rel=1e-15)


def test_events_are_of_each_scenario_with_the_same_incidents(kept: Path) -> None:
    """One replication; one header; the tables' incidents that somebody was to be sent to."""
    events = pl.read_csv(kept / "events.csv", infer_schema_length=None)
    assert events.columns == [name for name, _, _ in COLUMNS]
    assert events["run_number"].unique().to_list() == [0]
    assert events["scenario"].unique(maintain_order=True).to_list() == ["force", "held"]
    incidents = pl.read_parquet(kept / "incidents.parquet").filter(
        pl.col("scenario") == "force",
        pl.col("replication") == 0,
        pl.col("deploys") == 1,
        pl.col("desk_pool") == -1,
        pl.col("reported_at").is_between(0, 2 * 86_400, closed="left"),
    )
    arrived = events.filter(
        pl.col("scenario") == "force",
        pl.col("event") == "arrival",
        pl.col("time") >= 0,
        pl.col("pathway").is_in(["custody", "writing", "break"]).not_(),
    )
    assert sorted(arrived["incident"]) == sorted(incidents["name"])


def test_the_sheet_says_what_was_done(kept: Path) -> None:
    """It is that of the baseline, with the scenarios compared."""
    sheet = (kept / "stress-des.md").read_text(encoding="utf-8")
    assert "2 replications were made." in sheet
    assert "`held` differs from `force` in:" in sheet
    assert MARK in sheet


def test_stress_prints_the_sheet(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """As Markdown, and of a scenario that extends another what differs."""
    monkeypatch.chdir(folder)
    assert cli.main(["stress", "held.toml", "--days", "3"]) == 0
    told = capfd.readouterr().out
    assert told.startswith("# STRESS-DES: Held\n")
    assert "`held` extends `force`" in told
    assert "3 measured days" in told


def test_stress_keeps_the_sheet_and_what_is_written_in_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An analyst's sentences are overwritten only with --force."""
    monkeypatch.chdir(folder)
    words = ["stress", "held.toml", "--output", "sheets"]
    assert cli.main(words) == 0
    file = folder / "sheets" / "stress-des.md"
    assert MARK in file.read_text(encoding="utf-8")
    file.write_text("my own words", encoding="utf-8")
    capsys.readouterr()
    assert cli.main(words) == 2
    assert "--force" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "my own words"
    assert cli.main([*words, "--force"]) == 0
    assert MARK in file.read_text(encoding="utf-8")
    assert [entry.name for entry in file.parent.iterdir()] == ["stress-des.md"]


def test_stress_tells_the_faults_of_a_scenario(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2, and nothing is kept."""
    monkeypatch.chdir(folder)
    assert cli.main(["stress", "absent.toml", "--output", "nowhere"]) == 2
    assert "there is no such file" in capsys.readouterr().err
    assert not (folder / "nowhere").exists()


@pytest.mark.parametrize(
    ("typed", "completed"),
    [("missing-child-sim va", "validate"), ("missing-child-sim run --repl", "--replications")],
)
def test_the_shell_completes_the_installed_command(
    tmp_path: Path, typed: str, completed: str
) -> None:
    """Commands and options, as bash asks for them."""
    script = tmp_path / "missing-child-sim"
    script.write_text("from sim.cli import main\nraise SystemExit(main())\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "_MISSING_CHILD_SIM_COMPLETE": "complete_bash",
            "COMP_WORDS": typed,
            "COMP_CWORD": str(len(typed.split()) - 1),
        },
        capture_output=True,
        check=True,
        timeout=60,
        text=True,
    )
    assert done.stdout.split() == [completed]


@pytest.mark.parametrize("option", ["--show-completion", "--install-completion"])
def test_a_script_of_the_checkout_sends_to_the_installed_command(
    capsys: pytest.CaptureFixture[str], option: str
) -> None:
    """A shell's variable cannot hold the full stop of `run_sim.py`; nothing is installed."""
    assert cli.main([option]) == 2
    assert f"missing-child-sim {option}" in capsys.readouterr().err
