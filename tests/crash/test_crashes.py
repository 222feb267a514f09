"""Studies that are killed, run out of room or memory, or lose their folder: nothing is lost."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest

from sim.scenario.resolve import resolved_toml
from tests.loaded import as_loaded
from tests.worlds import small_scenario

pytestmark = pytest.mark.slow

ROOT: Final = Path(__file__).parents[2]
KILLS: Final = 25
"""For each of four chains."""
_CHAINS: Final = (1, 2, 3, 4)
_SECONDS: Final = 120
_REPLICATIONS: Final = 10
_TRIES: Final = 10
_LONGEST: Final = 1.2
"""Seconds after the study has begun within which it is killed; the whole takes about as long."""
_STEPS: Final = 400
"""A whole study opens, renames and removes about so many files."""


def words() -> list[str]:
    """Return the words of a command that keeps a small study; results name them."""
    size = ("--replications", str(_REPLICATIONS), "--days", "1", "--warm-up-days", "0")
    engine = ("--engine", "reference", "--workers", "2", "--no-unknowns", "--quiet")
    return ["run", "force.toml", *size, *engine, "--output", "kept"]


def command(own: Sequence[str], *options: str) -> list[str]:
    """Return the command of a process that does it."""
    return [sys.executable, "-m", "tests.crash.driver", *options, "--", *own]


def begun(folder: Path, own: Sequence[str], *options: str) -> subprocess.Popen[str]:
    """Start it."""
    return subprocess.Popen(
        command(own, *options),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    told: str


def ended(running: subprocess.Popen[str]) -> Ended:
    """Wait for it; it never hangs, and a sentence is all that it leaves on standard error."""
    try:
        _, told = running.communicate(timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        running.kill()
        raise
    assert "Traceback" not in told
    return Ended(running.returncode, told)


def figures(place: Path) -> tuple[Any, Any]:
    """Return what must be alike: checksums of all files, and what was asked and done."""
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    return manifest["checksums"], manifest["study"]


def done(folder: Path) -> set[str]:
    """Return the replications that are kept until the study is whole."""
    return {file.name for file in (folder / "kept.unfinished" / "replications").glob("*.done")}


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small force."""
    file = tmp_path_factory.mktemp("force") / "force.toml"
    small = replace(as_loaded(small_scenario()), origins=defaultdict(lambda: "a test"))
    file.write_text(resolved_toml(small), encoding="utf-8")
    return file


@pytest.fixture
def folder(tmp_path: Path, force: Path) -> Path:
    """A working folder with the small force in it."""
    shutil.copy(force, tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def reference(force: Path) -> tuple[Any, Any]:
    """What a study that nothing befalls comes to."""
    assert ended(begun(force.parent, words())).status == 0
    return figures(force.parent / "kept")


@pytest.mark.parametrize("chain", _CHAINS)
def test_kills_at_drawn_moments_lose_nothing(
    folder: Path, reference: tuple[Any, Any], chain: int
) -> None:
    """Each next command goes on from the last kill; each whole study is the reference to the byte.

    Half of the kills come at a drawn time after the study has begun, half at a drawn step in the
    middle of making files: before one is opened, written, renamed or removed.
    """
    drawn = random.Random(chain)
    kills = wholes = 0
    while kills < KILLS:
        before = done(folder)
        (folder / ".kept.lock").unlink(missing_ok=True)
        if drawn.random() < 0.5:
            running = begun(folder, words(), "--die-at", str(drawn.randint(1, _STEPS)))
        else:
            running = begun(folder, words())
            while running.poll() is None and not (folder / ".kept.lock").exists():
                time.sleep(0.005)
            time.sleep(drawn.uniform(0.0, _LONGEST))
            running.kill()
        how = ended(running)
        if how.status == 0:
            wholes += whole_again(folder, reference)
            continue
        assert how.status == -signal.SIGKILL, how.told
        kills += 1
        if (folder / "kept").exists():
            # Killed between the last step and the end: it is whole already.
            wholes += whole_again(folder, reference)
        else:
            assert before <= done(folder) or not (folder / "kept.unfinished").exists()
    last = ended(begun(folder, words()))
    assert last.status == 0, last.told
    wholes += whole_again(folder, reference)
    assert wholes > 1


def whole_again(folder: Path, reference: tuple[Any, Any]) -> int:
    """Look whether the results are the reference's, and clear the place for another study."""
    assert figures(folder / "kept") == reference
    shutil.rmtree(folder / "kept")
    shutil.rmtree(folder / "kept.unfinished", ignore_errors=True)
    left = {file.name for file in folder.iterdir()}
    assert left <= {"force.toml", ".kept.lock"}
    return 1


def test_a_killed_worker_costs_its_replication_alone(
    folder: Path, reference: tuple[Any, Any]
) -> None:
    """It is made again, and the study is whole."""
    running = begun(folder, words())
    killed = None
    while running.poll() is None and killed is None:
        time.sleep(0.01)
        if done(folder):
            killed = killed_child(running.pid)
    assert ended(running).status == 0
    assert killed is not None
    assert figures(folder / "kept") == reference


def killed_child(parent: int) -> int | None:
    """Kill a worker process of a command, and say which."""
    for task in Path(f"/proc/{parent}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            line = Path(f"/proc/{child}/cmdline").read_bytes()
            if b"spawn_main" in line:
                os.kill(int(child), signal.SIGKILL)
                return int(child)
    return None


@pytest.fixture
def hung_up_is_heard() -> Iterator[None]:
    """Tests that are begun with nohup ignore a closed terminal, and so would what they begin."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("hung_up_is_heard")
@pytest.mark.parametrize("signals", [("SIGTERM",), ("SIGHUP",), ("SIGINT",), ("SIGINT", "SIGINT")])
def test_whoever_ends_a_command_is_told_how_to_go_on(
    folder: Path, reference: tuple[Any, Any], signals: Sequence[str]
) -> None:
    """A request to end, a closed terminal, Ctrl-C once and twice."""
    stopped = Ended(0, "")
    for _ in range(_TRIES):
        # On a quick computer it may be done before it is told.
        shutil.rmtree(folder / "kept", ignore_errors=True)
        running = begun(folder, words())
        while running.poll() is None and len(done(folder)) < 2:
            time.sleep(0.01)
        for name in signals:
            running.send_signal(getattr(signal, name))
            time.sleep(0.05)
        stopped = ended(running)
        if stopped.status != 0:
            break
    assert stopped.status in {128 + getattr(signal, signals[0]), 130}, stopped.told
    assert "replications are kept in kept.unfinished; the same command goes on" in stopped.told
    assert ended(begun(folder, words())).status == 0
    assert figures(folder / "kept") == reference


def test_a_folder_that_is_taken_away(folder: Path, reference: tuple[Any, Any]) -> None:
    """It is told; put back, the study goes on."""
    running = begun(folder, words())
    while running.poll() is None and len(done(folder)) < 2:
        time.sleep(0.01)
    shutil.move(folder / "kept.unfinished", folder / "elsewhere")
    stopped = ended(running)
    assert stopped.status == 2
    assert "kept.unfinished: the folder" in stopped.told
    assert "is no longer there" in stopped.told
    shutil.move(folder / "elsewhere", folder / "kept.unfinished")
    assert ended(begun(folder, words())).status == 0
    assert figures(folder / "kept") == reference


def test_the_second_of_two_commands_is_refused_at_once(folder: Path) -> None:
    """It says so before it simulates, and harms nothing."""
    running = begun(folder, words())
    while running.poll() is None and not (folder / ".kept.lock").exists():
        time.sleep(0.005)
    second = ended(begun(folder, words()))
    assert second.status == 2
    assert "another run is writing here" in second.told or "exists already" in second.told
    assert ended(running).status == 0


LITTLE_ROOM: Final = """
set -e
if [ "$3" = tmpfs ]; then mount -t tmpfs -o "size=$2" none "$1"; cp force.toml "$1"; fi
cd "$1"
[ "$3" = plain ] || head -c "$4" /dev/zero > taken
shift 4
limit="$1"; shift
status=0
( [ "$limit" = none ] || ulimit -f "$limit"; "$@" ) || status=$?
echo "status $status"
[ "$limit" != none ] || mount -o remount,size=400m none .
"$@"
cat kept/manifest.json
"""


@pytest.mark.parametrize(("megabytes", "taken"), [(2, 0), (20, 20_600_000)])
def test_a_disk_that_fills_up(
    folder: Path, reference: tuple[Any, Any], megabytes: int, taken: int
) -> None:
    """The command says so with status 2; with more room it goes on to the reference numbers.

    On the first disk there is room for the replications and not for the results, on the second for
    a few replications. They are held in memory, where the system lets a test make a disk; else no
    file may be longer than a few kilobytes.
    """
    (folder / "disk").mkdir()
    shutil.copy(folder / "force.toml", folder / "disk")
    mounts = may_mount()
    prefix = ["unshare", "-Urm"] if mounts else []
    kind, limit = ("tmpfs", "none") if mounts else ("plain", "64")
    script = ["sh", "-c", LITTLE_ROOM, "sh", "disk", f"{megabytes}m", kind, str(taken), limit]
    told = subprocess.run(
        [*prefix, *script, *command(words())],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=2 * _SECONDS,
        check=False,
    )
    assert "Traceback" not in told.stderr
    assert "status 2" in told.stdout, told.stderr
    assert ("the disk is full" if mounts else "File too large") in told.stderr
    assert "the same command goes on from there" in told.stderr
    manifest = json.loads(told.stdout[told.stdout.index("\n{") :])
    assert (manifest["checksums"], manifest["study"]) == reference


def may_mount() -> bool:
    """Whether this system lets a test make a disk in memory."""
    try:
        tried = subprocess.run(
            ["unshare", "-Urm", "sh", "-c", "mount -t tmpfs -o size=2m none /mnt"],
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return tried.returncode == 0


@pytest.mark.parametrize("megabytes", [16, 128])
def test_memory_that_runs_out(folder: Path, reference: tuple[Any, Any], megabytes: int) -> None:
    """It ends well, or with a sentence, or aborted by a library; what is done is kept all the same.

    Where polars finds no memory it ends the process, as the system does, and nobody is left to say
    why.
    """
    short = ended(begun(folder, words(), "--megabytes", str(megabytes)))
    assert short.status in {0, 2, -signal.SIGABRT}, short.told
    if short.status == 2:
        assert "memory" in short.told
    if short.status != 0:
        assert ended(begun(folder, words())).status == 0
    assert figures(folder / "kept") == reference
