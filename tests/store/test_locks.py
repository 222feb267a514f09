"""One writer for each place."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.errors import OutputError
from sim.store import Draft, held

ROOT = Path(__file__).parents[2]
HOLDS = """
import sys
from sim.store import held
with held(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_is_refused_as_long_as_the_first_has_not_ended(tmp_path: Path) -> None:
    """In so many words; a run that is killed holds nothing any more."""
    place = tmp_path / "out"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(place)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        for again in (lambda: held(place).__enter__(), lambda: Draft(place)):
            with pytest.raises(OutputError, match="another run is writing here") as refused:
                again()
            assert refused.value.exit_status == 2
        other.kill()
        other.wait()
    with held(place):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_block_may_stand_in_another_of_the_same_process(tmp_path: Path) -> None:
    """The outer one holds on when the inner one ends, and the folders made for it go with it."""
    place = tmp_path / "new" / "out"
    with held(place, None):
        with held(place):
            pass
        assert (tmp_path / "new" / ".out.lock").exists()
    assert list(tmp_path.iterdir()) == []


def test_what_an_ended_run_has_left_is_cleared_away(tmp_path: Path) -> None:
    """Drafts and half-written files of this place, and of no other; earlier results come back."""
    (tmp_path / ".out.partial-1-0" / "below").mkdir(parents=True)
    (tmp_path / ".out.4711").touch()
    (tmp_path / ".other.partial-1-0").mkdir()
    (tmp_path / ".out.txt").touch()
    (tmp_path / ".out.replaced-1-0" / "out").mkdir(parents=True)
    (tmp_path / ".out.replaced-1-0" / "out" / "summary.csv").touch()
    with held(tmp_path / "out"):
        pass
    found = {file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*")}
    assert found == {"out", "out/summary.csv", ".other.partial-1-0", ".out.txt"}


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    """A file stands where a folder above it should be."""
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=f"file{os.sep * 2 if os.sep != '/' else '/'}out: cannot"):
        held(tmp_path / "file" / "out").__enter__()
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]
