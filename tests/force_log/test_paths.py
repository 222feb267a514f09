"""Names of files and folders are names, whatever marks they hold."""

import json
from pathlib import Path

import polars as pl
import pytest

from sim import cli
from sim.force_log import read_log
from tests.force_log.made_up import force, mapping, written


def test_a_log_with_brackets_in_its_name_is_not_another(tmp_path: Path) -> None:
    """Of `week1.parquet` and `week[1].parquet` the one that was named is read."""
    stamps = [column for column in force(1).columns if column.startswith("t_")]
    for name, size in (("week1.parquet", 40), ("week[1].parquet", 60)):
        log = force(size).with_columns(pl.col(stamps).str.to_datetime())
        log.write_parquet(tmp_path / name)
    assert read_log(tmp_path / "week[1].parquet", mapping()).rows == 60
    (tmp_path / "week1.parquet").unlink()
    assert read_log(tmp_path / "week[1].parquet", mapping()).rows == 60


def test_a_folder_with_brackets_holds_log_scenario_and_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In `[OFFICIAL] plan` a study is kept, and a log is mapped and diagnosed."""
    folder = tmp_path / "[OFFICIAL] plan"
    folder.mkdir()
    monkeypatch.chdir(folder)
    base = Path(__file__).parents[2] / "scenarios" / "dorset-2022.toml"
    (folder / "plan [1].toml").write_text(
        f'format = 1\ntitle = "a plan"\nextends = {json.dumps(base.as_posix())}\n', encoding="utf-8"
    )
    short = ["--days", "1", "--warm-up-days", "1", "--replications", "2", "--quiet"]
    short += ["--engine", "reference", "--workers", "1"]
    assert cli.main(["run", "plan [1].toml", *short, "--output", "kept [1]"]) == 0
    assert (folder / "kept [1]" / "outcomes.parquet").is_file()
    assert cli.main(["report", "kept [1]"]) == 0
    written(folder, force(300), "week [1].csv")
    assert cli.main(["new", "map [1].toml", "--mapping", "week [1].csv"]) == 0
    assert cli.main(["diagnose", "week [1].csv", "--mapping", "map [1].toml"]) == 0
    assert "What the log shows" in capsys.readouterr().out
