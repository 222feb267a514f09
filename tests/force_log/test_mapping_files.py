"""Mapping files of every kind are read, and refused, in one way."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.cli import main

MAPPINGS = Path(__file__).parents[2] / "scenarios" / "mappings"
COMMANDS = (
    ("diagnose", "us-city.toml"),
    ("rota", "duties/uk-like.toml"),
    ("telephone", "telephone/us-city.toml"),
)


@pytest.mark.parametrize(("command", "name"), COMMANDS)
def test_a_misspelt_key_and_a_misspelt_file_are_both_guessed(
    command: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each fault says what was probably meant, whatever the mapping is of."""
    sound = (MAPPINGS / name).read_text(encoding="utf-8")
    other = tmp_path / "mapping.toml"
    other.write_text(sound.replace("\ntitle", "\ntitel", 1), encoding="utf-8")
    assert main([command, "none.csv", "--mapping", str(other)]) == 2
    told = capsys.readouterr().err
    assert "titel: unknown key" in told
    assert 'did you mean "title"?' in told
    assert "title: this key is missing" in told
    assert main([command, "none.csv", "--mapping", str(tmp_path / "maping.toml")]) == 2
    told = capsys.readouterr().err
    assert "there is no such file" in told
    assert 'did you mean "mapping.toml"?' in told
