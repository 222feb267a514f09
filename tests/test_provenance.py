"""Where results come from."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.provenance import (
    VARYING,
    file_sha256,
    manifest,
    portable_command,
    portable_path,
    versions,
)
from tests.loaded import as_loaded
from tests.worlds import small_scenario


def made(**changes: Any) -> dict[str, Any]:
    """Return a manifest of the small scenario."""
    values: dict[str, Any] = {
        "study": {"seed": 1},
        "command": ["run_sim.py", "run"],
        "seconds": 1.25,
        "finished": datetime(2022, 5, 1, 12, tzinfo=UTC),
        "checksums": {"b": "2", "a": "1"},
    }
    return manifest([as_loaded(small_scenario())], **{**values, **changes})


def test_only_the_time_taken_differs_between_two_runs() -> None:
    """Two runs of one study have one manifest, but for when they ended and how long they took."""
    first = made()
    second = made(seconds=9.0, finished=datetime(2023, 1, 1, tzinfo=UTC))
    assert {key for key in first if first[key] != second[key]} == set(VARYING)


def test_a_manifest_is_plain_json_with_the_whole_scenario() -> None:
    """Dates become text; every default is there; the hash is the loader's."""
    loaded = as_loaded(small_scenario())
    (told,) = json.loads(json.dumps(made(), allow_nan=False))["scenarios"]
    assert told["resolved"]["calendar"]["first_day"] == "2022-04-25"
    assert told["resolved"]["follow_up_hours"] == 48.0
    assert told["sha256"] == loaded.sha256
    assert told["file"] == "scenarios/small.toml"


def test_the_end_is_told_in_universal_time() -> None:
    """A time zone of the machine does not show."""
    summer = timezone(timedelta(hours=1))
    told = made(finished=datetime(2022, 5, 1, 12, 0, 0, 999, tzinfo=summer))
    assert told["finished"] == "2022-05-01T11:00:00+00:00"


def test_checksums_stand_in_the_order_of_their_names() -> None:
    """The order in which files were written does not show."""
    assert list(made()["checksums"]) == ["a", "b"]


def test_versions_name_python_ourselves_and_the_libraries() -> None:
    """Whoever repeats a study can install the same."""
    found = versions()
    assert found["sim"] == sim.__version__
    assert {"python", "numpy", "simpy", "pydantic"} <= set(found)
    assert all(text[0].isdigit() for text in found.values())


def test_paths_of_the_machine_do_not_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file below the working folder is named from there, any other by its name alone."""
    monkeypatch.chdir(tmp_path)
    assert portable_path(tmp_path / "plans" / "a.toml") == "plans/a.toml"
    assert portable_path(Path("plans/a.toml")) == "plans/a.toml"
    assert portable_path(tmp_path.parent / "a.toml") == "a.toml"
    assert portable_path("../private/a.toml") == "a.toml"


def test_a_command_keeps_its_options_and_loses_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paths are shortened wherever they stand; everything else is as typed."""
    monkeypatch.chdir(tmp_path)
    private = tmp_path.parent / "private"
    typed = [
        str(private / "run_sim.py"),
        "run",
        str(tmp_path / "a.toml"),
        f"--output={private / 'kept'}",
        "--days",
        "7",
        "--seed=3",
    ]
    assert portable_command(typed) == [
        "run_sim.py",
        "run",
        "a.toml",
        "--output=kept",
        "--days",
        "7",
        "--seed=3",
    ]


def test_a_checksum_is_of_all_bytes(tmp_path: Path) -> None:
    """Files longer than one read are hashed whole."""
    content = b"0123456789abcdef" * 200_000
    file = tmp_path / "long"
    file.write_bytes(content)
    assert file_sha256(file) == hashlib.sha256(content).hexdigest()
