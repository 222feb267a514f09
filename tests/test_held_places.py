"""A place that another run writes to is refused at once, by every command that writes."""

from __future__ import annotations

import os
import sys
import typing
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sim.cli import app, main
from sim.store import STRESS_DES

if sys.platform == "win32":
    pytest.skip("the test locks as other systems do", allow_module_level=True)

SCENARIOS = Path(__file__).parents[1] / "scenarios"
BASELINE = (SCENARIOS / "dorset-2022.toml").as_posix()
LOG = ("log.csv", "--mapping", "map.toml")

ASKED: typing.Final[dict[str, tuple[str, ...]]] = {
    "run": (BASELINE,),
    "compare": (BASELINE, (SCENARIOS / "surge.toml").as_posix()),
    "explain": (BASELINE,),
    "size": (BASELINE, "--target", "waited_over 60 <= 0.1",
             "--vary", "pools.response_bcp.shifts.night.people=13..20"),
    "night": (BASELINE, "--on", "2022-05-06", "--short", "pools.response_bcp.shifts.night=3"),
    "how-often": (BASELINE,),
    "sensitivity": (BASELINE,),
    "report": ("kept",),
    "stress": (BASELINE,),
    "new": (),
    "diagnose": LOG,
    "rota": ("duties.csv", "--mapping", "duties.toml"),
    "fit": LOG,
    "replay": (*LOG, "--scenario", BASELINE),
    "sample-log": (BASELINE, "--out", "sample.csv"),
}  # fmt: skip
"""What each command needs besides the place, as far as it looks before it refuses."""

SUFFIX: typing.Final = {"html": ".html", "slides": ".pptx", "write": ".toml", "file": ".toml"}
READ: typing.Final = {
    "scenario", "scenarios", "baseline", "other", "others", "log", "mapping", "targets", "rota",
    "hourly", "export", "directory", "extends", "like", "cases_mapping",
    "tls_ca_file", "tls_cert", "tls_key",
}  # fmt: skip
"""Paths that are read."""
READ_THERE: typing.Final = {
    ("new", "mapping"), ("diagnose", "cases"), ("fit", "cases"), ("replay", "cases"),
}  # fmt: skip
"""The same, of options that another command writes to."""


def written() -> Iterator[tuple[str, str]]:
    """Yield each command with each of its places, as its options declare them."""
    for command in app.registered_commands:
        hints = typing.get_type_hints(command.callback, include_extras=True)
        for name, hint in hints.items():
            kind = typing.get_args(hint)[0] if typing.get_args(hint) else hint
            is_path = kind is Path or Path in typing.get_args(kind)
            if is_path and name not in READ and (command.name, name) not in READ_THERE:
                yield str(command.name), name


PLACES = tuple(written())


def test_the_places_that_are_written_are_found() -> None:
    """By their kind on the command line, so that a new command is not forgotten."""
    assert ("run", "output") in PLACES
    assert ("new", "file") in PLACES
    assert {name for name, _ in PLACES} == set(ASKED)
    assert len(PLACES) > 20


@contextmanager
def written_by_another(place: Path) -> Iterator[None]:
    """Lock a place as another process would."""
    import fcntl

    number = os.open(place.with_name(f".{place.name}.lock"), os.O_RDWR | os.O_CREAT, 0o666)
    fcntl.flock(number, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(number)


@pytest.mark.parametrize(("name", "option"), PLACES)
def test_a_second_run_is_told_before_it_works(
    name: str,
    option: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    compared: Path,
) -> None:
    """With status 2, and nothing is written, read at length or simulated."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kept").symlink_to(compared / "kept")
    place = tmp_path / f"place{SUFFIX.get(option, '')}"
    words = [place.name] if option == "file" else [f"--{option}", place.name]
    held = place
    if name == "stress":
        # It writes one file into a folder in which there may be others.
        held = place / STRESS_DES
        place.mkdir()
    with written_by_another(held):
        before = sorted(tmp_path.rglob("*"))
        assert main([name, *ASKED[name], *words]) == 2
        assert sorted(tmp_path.rglob("*")) == before
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "another run is writing here at this moment" in printed.err
    assert place.name in printed.err
