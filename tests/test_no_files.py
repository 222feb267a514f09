"""Pipes, devices and folders where a file is asked for: refused, and nobody waits."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sim import cli

ROOT = Path(__file__).parents[1]
MAPPING = str(ROOT / "scenarios" / "mappings" / "uk-command-and-control.toml")


def pipe(place: Path) -> str:
    """Make a pipe that nobody writes to."""
    os.mkfifo(place)
    return "a pipe"


def device(place: Path) -> str:
    """Make a link to a device without an end."""
    place.symlink_to("/dev/zero")
    return "a device"


@pytest.mark.parametrize("made", [pipe, device])
@pytest.mark.parametrize(
    "words",
    [
        ["validate", "thing.toml"],
        ["validate", "extends.toml"],
        ["validate", "rota.toml"],
        ["diagnose", "thing.toml", "--mapping", MAPPING],
        ["diagnose", "thing.parquet", "--mapping", MAPPING],
        ["diagnose", "some.csv", "--mapping", "thing.toml"],
        ["new", "guessed.toml", "--mapping", "thing.toml"],
        ["report", "kept"],
    ],
)
def test_what_is_no_file_is_refused_at_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    made: Callable[[Path], str],
) -> None:
    """Whatever a command would read; it is named, and what it is."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kept").mkdir()
    for name in ("thing.toml", "thing.parquet", "kept/manifest.json"):
        told = made(tmp_path / name)
    shutil.copy(ROOT / "scenarios" / "dorset-2022.toml", tmp_path / "base.toml")
    begin = 'format = 1\ntitle = "A"\nextends = '
    (tmp_path / "extends.toml").write_text(f'{begin}"thing.toml"\n', encoding="utf-8")
    rota = f'{begin}"base.toml"\n[pools.response_bcp]\nrota_file = "thing.toml"\n'
    (tmp_path / "rota.toml").write_text(rota, encoding="utf-8")
    (tmp_path / "some.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert cli.main(words) == 2
    assert f"this is {told} and no file" in capsys.readouterr().err
