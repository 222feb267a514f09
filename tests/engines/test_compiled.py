"""The compiled engine's cache, and what loading it costs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from sim.engines import compiled
from sim.engines.compiled.jit import helper
from sim.kernels import cache, kernels_only
from sim.kernels.kernels_only import machine_code_for_kernels_only

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """The folder is looked for once a process; here once a test."""
    cache.folder.cache_clear()
    yield
    cache.folder.cache_clear()


def test_naming_the_engine_does_not_load_numba() -> None:
    """So that help and error messages come at once."""
    told = "import sys, sim.engines.compiled as one; print(one.is_cached(), 'numba' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split()[1] == "False"


def test_the_folder_is_named_after_the_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code compiled from other sources, by another numba or on another machine is not found."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    first = cache.folder()
    assert first is not None
    assert first.parent == tmp_path
    assert first.name.startswith("engine-")
    monkeypatch.setattr(cache, "_sources", lambda: "others")
    cache.folder.cache_clear()
    second = cache.folder()
    assert second is not None
    monkeypatch.setattr(cache, "_numba", lambda: "0.0")
    cache.folder.cache_clear()
    third = cache.folder()
    processors = tmp_path / "cpuinfo"
    processors.write_text("model name : another\n", encoding="utf-8")
    monkeypatch.setattr(cache, "_PROCESSORS", processors)
    monkeypatch.setattr(cache, "_processor", cache._processor.__wrapped__)
    cache.folder.cache_clear()
    assert len({first, second, third, cache.folder()}) == 4


def test_any_change_of_a_source_changes_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one in a module that numba would not look at: it sees that of the kernel alone."""
    here = tmp_path / "sim" / "engines" / "compiled"
    tables = tmp_path / "sim" / "tables"
    for file in (here / "play.py", here / "fields" / "job.py", tables / "codes.py"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("one\n", encoding="utf-8")
    (tables / "episode_rules.py").write_text("one\n", encoding="utf-8")
    monkeypatch.setattr(cache, "_HERE", tmp_path / "sim" / "kernels")
    hashes = {cache._sources.__wrapped__()}
    for file in (here / "fields" / "job.py", tables / "codes.py"):
        file.write_text("two\n", encoding="utf-8")
        hashes.add(cache._sources.__wrapped__())
    assert len(hashes) == 3


def test_compiled_code_is_looked_for_in_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing there: not cached. The kernel's code there: cached."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert not compiled.is_cached()
    folder = cache.folder()
    assert folder is not None
    (folder / "play.nbc").write_bytes(b"")
    assert compiled.is_cached()
    assert compiled.why_uncached() is None


def test_a_folder_that_cannot_be_written_to_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sentence says so, and how to mend it; nothing is raised."""
    in_the_way = tmp_path / "a file"
    in_the_way.write_text("", encoding="utf-8")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(in_the_way))
    assert cache.folder() is None
    assert not compiled.is_cached()
    told = compiled.why_uncached()
    assert told is not None
    assert "cannot be kept" in told
    assert "NUMBA_CACHE_DIR" in told


def test_folders_that_nobody_has_used_for_long_are_cleared_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of our own alone, and none that was used lately; using one is enough to keep it."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    used = cache.folder()
    assert used is not None
    unused, lately = (tmp_path / f"engine-{digit * 16}-numba-0.1" for digit in "12")
    others = tmp_path / "of another program"
    for folder in (unused, lately, others):
        folder.mkdir()
        (folder / "play.nbc").write_bytes(b"")
    long_ago = 946_684_800
    for folder in (unused, used, others):
        os.utime(folder, (long_ago, long_ago))
    cache.folder.cache_clear()
    assert cache.folder() == used
    assert sorted(tmp_path.iterdir()) == sorted((used, lately, others))


def test_of_many_folders_those_not_used_for_days_are_cleared_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four others are kept for months, more only while they are in use."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    others = [tmp_path / f"engine-{digit * 16}-numba-0.1" for digit in "1234567"]
    for days, other in enumerate(others):
        other.mkdir()
        used = time.time() - days * 86_400 - 60
        os.utime(other, (used, used))
    used_now = cache.folder()
    assert used_now is not None
    assert sorted(tmp_path.iterdir()) == sorted((used_now, *others[:4]))


@pytest.mark.slow
def test_damaged_code_is_made_anew(tmp_path: Path) -> None:
    """An index that a switched-off machine left empty stops nobody, and is mended for good."""
    play_a_day = (
        "import sys; from sim.cli import main; "
        "sys.exit(main(['run', 'scenarios/dorset-2022.toml', '--replications=1', '--days=1',"
        "'--warm-up-days=0', '--workers=1', '--engine=compiled', '--quiet']))"
    )
    told = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", play_a_day],
            cwd=ROOT,
            env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        told.append(done.stdout)
        indices = list(tmp_path.rglob("*.nbi"))
        assert indices
        assert all(path.stat().st_size for path in indices)
        for path in indices:
            path.write_bytes(b"")
    assert told[0] == told[1]


_COMPILED_WITH = """
import sys, time
from sim.kernels import kernels_only
if sys.argv[1] == "plain":
    kernels_only.is_possible = lambda: False
from sim.engines import compiled
began = time.process_time()
compiled.make_ready()
print(time.process_time() - began)
"""


@pytest.mark.slow
def test_kernels_alone_are_compiled_in_less_time_to_the_same_tables(tmp_path: Path) -> None:
    """Made in both ways, side by side, and each played: half the time is a third less at least."""
    seconds, tables = {}, {}
    for way in ("plain", "kernels"):
        own = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / way)}
        words = [sys.executable, "-c", _COMPILED_WITH, way]
        done = subprocess.run(words, cwd=ROOT, env=own, capture_output=True, text=True, check=True)
        seconds[way] = float(done.stdout)
        played = subprocess.run(
            [sys.executable, "-c", _PLAYED], cwd=ROOT, env=own,
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        tables[way] = played.stdout
    assert tables["plain"] == tables["kernels"]
    assert len(tables["plain"].split()) == 3
    assert seconds["kernels"] < seconds["plain"] * 2 / 3


_PLAYED = """
import hashlib
from pathlib import Path
from sim.scenario.loading import load
from sim.study import Settings, one_world
world = one_world(load(Path("scenarios/dorset-2022.toml")), Settings(days=7, engine="compiled"), 0)
for table in (world.outcomes, world.activities, world.cases):
    digest = hashlib.sha256()
    for column in table.columns.values():
        digest.update(column.tobytes())
    print(digest.hexdigest())
"""


def test_numba_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where compiling fails, and a numba that was not tried is not touched."""
    parts = [getattr(owner, name) for owner, name in kernels_only._PARTS]
    within: list[object] = []

    def broken() -> None:
        with machine_code_for_kernels_only():
            within.extend(getattr(owner, name) for owner, name in kernels_only._PARTS)
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        broken()
    assert (within != parts) is kernels_only.is_possible()
    assert [getattr(owner, name) for owner, name in kernels_only._PARTS] == parts
    monkeypatch.setattr(numba, "__version__", "0.1.2")
    assert not kernels_only.is_possible()
    with machine_code_for_kernels_only():
        assert [getattr(owner, name) for owner, name in kernels_only._PARTS] == parts


def test_kernels_do_the_same_either_way() -> None:
    """One that calls a helper which calls another, compiled as numba does it and as we do."""

    def innermost(value: int) -> int:
        return 3 * value + 1

    def middle(value: int) -> int:
        return called(value) - 7

    def outermost(values: NDArray[np.int64]) -> int:
        total = 0
        for value in values:
            total += then(value)
        return total

    found = []
    for way in (nullcontext, machine_code_for_kernels_only):
        called = helper(innermost)
        then = helper(middle)
        played = numba.njit(nogil=True)(outermost)
        with way():
            found.append(played(np.arange(10)))
    assert found == [sum(3 * value - 6 for value in range(10))] * 2
