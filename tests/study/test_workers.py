"""Numbered pieces of work in several processes, and processes that die."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from itertools import count
from multiprocessing import Pipe, Process, active_children, parent_process
from pathlib import Path

import pytest

from sim.errors import InternalError, OutOfMemory, OutputError
from sim.workers import _Worker, begun, completed, end_idle, processors


def test_a_piece_that_costs_two_processes_is_given_up() -> None:
    """The message names the replication, the exit status and memory; the others are ended."""
    with pytest.raises(OutOfMemory, match=r"replication \d+ .*exit status 3.*memory"):
        list(completed(dies_elsewhere, os.getpid(), count(), 2))
    assert not active_children()


def test_what_a_dead_process_had_in_hand_is_done_by_another(tmp_path: Path) -> None:
    """Each number is done once, though a process died at one of them."""
    home = (os.getpid(), tmp_path / "died")
    found = list(completed(dies_once, home, range(60), 3))
    assert (tmp_path / "died").exists()
    assert sorted(number for number, _ in found) == list(range(60))
    assert not active_children()


def test_what_found_no_memory_is_done_once_more(tmp_path: Path) -> None:
    """Here or elsewhere; what never finds any is given up, with one process at once."""
    plan = tmp_path / "died"
    assert sorted(n for n, _ in completed(lacks_memory_once, plan, range(20), 2)) == list(range(20))
    for processes in (1, 2):
        for lacking in (MemoryError(), RuntimeError("can't start new thread")):
            with pytest.raises(OutOfMemory, match=r"replication 0 could not be made.*memory"):
                list(completed(raises, lacking, range(1), processes))
    assert not active_children()


@pytest.mark.parametrize("number", [errno.ENOMEM, errno.EAGAIN])
def test_a_process_that_cannot_be_started_for_want_of_room(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no fault of the simulator, and fewer workers are the way on."""

    def refused(_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("multiprocessing.process.BaseProcess.start", refused)
    with pytest.raises(OutOfMemory, match="could not be started: memory probably ran out"):
        list(completed(whose, os.getpid(), range(8), 3))


def test_this_process_does_all_where_no_other_gets_ready() -> None:
    """Processes that end while they load what they need stop nobody."""
    found = list(completed(whose, os.getpid(), range(8), 3, prepare=dies))
    assert {number for number, _ in found} == set(range(8))
    assert {process for _, (_, process) in found} == {os.getpid()}


def test_processes_are_kept_from_one_task_to_the_next() -> None:
    """Begun before there is work, they do two tasks one after the other, and are ended at once."""
    with begun(1, "sim.errors"):
        (early,) = active_children()
        with begun():
            for task in (whose, whose_else):
                found = list(completed(task, None, range(80), 2))
                assert sorted(number for number, _ in found) == list(range(80))
                assert {process for _, (_, process) in found} == {os.getpid(), early.pid}
        assert active_children() == [early]
        end_idle()
        assert not active_children()
    assert not active_children()


def test_processes_end_with_their_parent(tmp_path: Path) -> None:
    """Killed without a word, it leaves nobody behind, not even in the middle of a long piece."""
    code = (
        "from pathlib import Path\n"
        "from sim.workers import completed\n"
        "from tests.study.test_workers import beats\n"
        f"list(completed(beats, Path({str(tmp_path / 'beat')!r}), range(9_999), 2))\n"
    )
    beat = tmp_path / "beat"
    with subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2]) as parent:
        while not beat.exists():
            time.sleep(0.05)
        parent.kill()
    until, last = time.monotonic() + 10, -1
    while beat.stat().st_size != last:
        assert time.monotonic() < until
        last = beat.stat().st_size
        time.sleep(1)


def never_lets_go(path: Path, number: int) -> int:
    """Say who this is, and then work without ever letting go of the interpreter."""
    if parent_process() is not None:
        path.write_text(str(os.getpid()), encoding="ascii")
        sum(range(10**15))
    time.sleep(0.05)
    return number


def test_a_process_that_cannot_look_for_its_parent_ends_with_it(tmp_path: Path) -> None:
    """No thread of it runs any more, so the system has to end it."""
    code = (
        "from pathlib import Path\n"
        "from sim.workers import completed\n"
        "from tests.study.test_workers import never_lets_go\n"
        f"list(completed(never_lets_go, Path({str(tmp_path / 'who')!r}), range(9_999), 2))\n"
    )
    who = tmp_path / "who"
    with subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2]) as parent:
        while not (who.exists() and who.read_text(encoding="ascii")):
            time.sleep(0.05)
        parent.kill()
    number = int(who.read_text(encoding="ascii"))
    if sys.platform != "linux":
        # Elsewhere nobody ends it, so it is ended here.
        os.kill(number, signal.SIGTERM)
        return
    until = time.monotonic() + 10
    while Path("/proc", str(number)).exists():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_this_process_works_with_the_others() -> None:
    """Each number is done once, some here and some elsewhere, the first without waiting."""
    found = list(completed(whose, None, range(80), 2))
    assert sorted(number for number, _ in found) == list(range(80))
    assert all(number == inside for number, (inside, _) in found)
    assert found[0][1][1] == os.getpid()
    assert len({process for _, (_, process) in found}) == 2
    assert not active_children()


def test_ctrl_c_is_held_from_workers_that_are_only_starting() -> None:
    """Also from the first of a program, which would print a traceback of its imports."""
    code = (
        "import signal\n"
        "from multiprocessing import util\n"
        "from sim.workers import completed\n"
        "from tests.study.test_workers import same\n"
        "spawned = util.spawnv_passfds\n"
        "def watched(path, words, *rest):\n"
        "    if any('spawn_main' in str(word) for word in words):\n"
        "        print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))\n"
        "    return spawned(path, words, *rest)\n"
        "util.spawnv_passfds = watched\n"
        "list(completed(same, None, range(2), 2))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=True,
        text=True,
        timeout=120,
    )
    # Windows starts processes by other means, and has no signals to hold.
    assert done.stdout.split() == ([] if sys.platform == "win32" else ["True"])


def test_an_error_in_a_worker_keeps_its_kind() -> None:
    """What is raised on purpose crosses unchanged; anything else brings its traceback."""
    with pytest.raises(OutputError, match="the disk is full"):
        list(completed(raises, OutputError("the disk is full", "out"), range(4), 2))
    with pytest.raises(InternalError, match="replication 0: ZeroDivisionError: nought") as caught:
        list(completed(raises, ZeroDivisionError("nought"), range(1), 2))
    assert "in raises" in caught.value.__notes__[0]


def dies_elsewhere(home: int, number: int) -> int:
    """End any process but one without a word."""
    time.sleep(0.01)
    if os.getpid() != home:
        os._exit(3)
    return number


def dies_once(plan: tuple[int, Path], number: int) -> int:
    """End the first process besides one home that comes here."""
    home, mark = plan
    time.sleep(0.05)
    if os.getpid() != home:
        try:
            mark.touch(exist_ok=False)
        except FileExistsError:
            return number
        os._exit(9)
    return number


def lacks_memory_once(mark: Path, number: int) -> int:
    """Find no memory for the first that comes here."""
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return number
    raise MemoryError


def dies(_: object) -> None:
    """End this process."""
    os._exit(3)


def beats(file: Path, _number: int) -> None:
    """Write on and on, where this process is not the first."""
    time.sleep(0.05)
    while parent_process() is not None:
        with file.open("a", encoding="ascii") as beat:
            beat.write(".")
        time.sleep(0.05)


def whose(_: object, number: int) -> tuple[int, int]:
    """Return the number and the process, after long enough for another to be ready."""
    time.sleep(0.05)
    return number, os.getpid()


def whose_else(_: object, number: int) -> tuple[int, int]:
    """Do the same."""
    return whose(_, number)


def same(_: None, number: int) -> int:
    """Return the number."""
    return number


def raises(error: Exception, _number: int) -> None:
    """Raise."""
    raise error


@pytest.mark.parametrize(
    ("said", "most"), [("50000 100000", 1), ("150000 100000", 1), ("max 100000", 99), ("", 99)]
)
def test_a_container_that_gives_less_than_it_shows_is_believed(
    said: str, most: int, tmp_path: Path
) -> None:
    """Half a processor, or one and a half, are one; without a limit all are there."""
    quota = tmp_path / "cpu.max"
    quota.write_text(said, encoding="ascii")
    assert processors(quota) == min(most, processors(tmp_path / "none"))


def test_a_process_that_is_ended_while_its_plan_is_packed_is_let_go_in_silence() -> None:
    """What sends the plan does so in a thread of its own, and ends without a word of it."""
    here, there = Pipe()

    class Plan:
        def __reduce__(self) -> tuple[type[int], tuple[()]]:
            here.close()
            return int, ()

    _Worker(Process(), here).begin(Plan())
    for one in threading.enumerate():
        if one.name == "plan":
            one.join(10.0)
    assert here.closed
    there.close()
