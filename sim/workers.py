"""Numbered pieces of work in several processes.

Processes are spawned, never forked: a fork would copy the threads' locks of the libraries, and
Windows has none. This process works, too: as long as the others load what they need it does the
first pieces, and no number is given to one that is not ready. Each has two in hand, so that none
waits for this process to be done with its own.

A process that dies costs what it had in hand, which is done again by another; where the same piece
costs two, one after the other, the work is given up. Processes end when this one does, however it
ends. They may be begun early, and be kept from one task to the next (`begun`).
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import importlib
import logging
import os
import signal
import sys
import threading
import traceback
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import current_process, get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final, TypeVar

from sim.errors import (
    InputError,
    InternalError,
    OutOfMemory,
    SimulatorError,
    is_lack_of_memory,
)

Plan = TypeVar("Plan")
Result = TypeVar("Result")

_LOG: Final = logging.getLogger(__name__)
_SECONDS_TO_END: Final = 5.0
_IN_HAND: Final = 2
_DEATHS_OF_A_PIECE: Final = 2
"""So many processes may one piece cost before the work is given up."""
_QUOTA: Final = Path("/sys/fs/cgroup/cpu.max")
_KILLED_WITH_PARENT: Final = 1
"""PR_SET_PDEATHSIG of prctl(2)."""
_UNGUARDED: Final = 87
"""Exit status of a worker that would simulate while it reads the script which started it."""
_STILLBORN: Final = 2
"""So many may end before they are ready; then the others, or this process alone, go on."""


def processors(quota: Path = _QUOTA) -> int:
    """Return the processors that this process may use.

    Parameters
    ----------
    quota
        Where Linux says how many microseconds of each period a container gets; fewer than two
        processors' worth are one, for a second process would only wait.
    """
    affinity = getattr(os, "sched_getaffinity", None)
    there = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    try:
        share, period = quota.read_text(encoding="ascii").split()
        return max(1, min(there, int(share) // int(period)))
    except (OSError, ValueError):
        # No container, or one without a limit, which says "max".
        return there


def completed(
    task: Callable[[Plan, int], Result],
    plan: Plan,
    numbers: Iterable[int],
    processes: int,
    prepare: Callable[[Plan], object] | None = None,
    here: Callable[[Plan, int], Result] | None = None,
) -> Generator[tuple[int, Result], None, None]:
    """Yield (number, result) as each is done, in no order; with one process, in theirs.

    Parameters
    ----------
    task
        A function of a module, for a process finds it by name.
    plan
        What all pieces share; sent to each process once.
    numbers
        The pieces, handed out in this order.
    processes
        This one and those that work beside it.
    prepare
        Called by each process besides this one before its first piece, such as to load what that
        would load; a function of a module, too.
    here
        What this process does in place of `task`, with the same result, such as to tell on the way
        how far it is; any function.

    Raises
    ------
    SimulatorError
        What a piece raised; anything but that becomes an `InternalError` with the traceback as a
        note.
    OutOfMemory
        Where one piece costs two processes, or its memory, twice.
    InputError
        Where a script that simulates lacks the guard that a spawned process needs.

    Notes
    -----
    Close the iterator to stop: processes at work are ended, and what they were doing is lost.
    """
    if processes == 1:
        for number in numbers:
            result, error = attempted(here or task, plan, number)
            if error is not None:
                raise error
            yield number, result  # type: ignore[misc]
        return
    with contextlib.closing(_Crew(task, plan, numbers, prepare, here or task)) as crew:
        # All are on their way before the first piece is done here.
        for _ in range(processes - 1):
            crew.take_on()
        yield from crew.completed()


@contextlib.contextmanager
def begun(processes: int = 0, load: str | None = None) -> Iterator[None]:
    """Start processes before there is work for them, and keep them from one task to the next.

    Parameters
    ----------
    processes
        How many besides this one.
    load
        Name of a module that they load meanwhile.

    Notes
    -----
    At the end of the outermost block, or at `end_idle`, they are ended at once.
    """
    _idle.depth += 1
    try:
        with contextlib.suppress(InternalError):
            while len(_idle.workers) < processes:
                _idle.workers.append(_started(load))
        yield
    finally:
        _idle.depth -= 1
        if not _idle.depth:
            end_idle()


def are_idle() -> bool:
    """Tell whether processes wait for a task, so that another costs no start."""
    return bool(_idle.workers)


def end_idle() -> None:
    """End the processes that have nothing to do."""
    _end(_idle.workers)
    _idle.workers.clear()


@dataclass
class _Worker:
    process: BaseProcess
    connection: Connection
    numbers: deque[int] = field(default_factory=deque)
    is_ready: bool = False

    def begin(self, *words: object) -> None:
        """Send task and plan, without waiting for a process that is still starting to read them."""
        self.is_ready = False

        def send() -> None:
            # Where it has died, that is noticed when nothing comes back.
            with contextlib.suppress(OSError):
                try:
                    self.connection.send(words)
                except TypeError:
                    # Ended while the plan was packed, its connection has no handle left.
                    if not self.connection.closed:
                        raise

        threading.Thread(target=send, name="plan", daemon=True).start()

    def give(self, number: int) -> None:
        """Send a number, to be done after those that it has."""
        self.numbers.append(number)
        with contextlib.suppress(OSError):
            self.connection.send(number)

    def ended(self) -> str:
        """End it and tell how it ended, in words."""
        self.process.join(_SECONDS_TO_END)
        code = self.process.exitcode
        _end([self])
        return f"exit status {code}" if code is not None else "its memory ran out"


@dataclass
class _Idle:
    """Processes that wait for a task, and how many blocks keep them."""

    workers: list[_Worker] = field(default_factory=list)
    depth: int = 0


_idle: Final = _Idle()


class _Crew:
    """Processes that share the pieces of one task, this one among them."""

    def __init__(
        self,
        task: Callable[[Any, int], Any],
        plan: object,
        numbers: Iterable[int],
        prepare: Callable[[Any], object] | None,
        here: Callable[[Any, int], Any],
    ) -> None:
        self._task = task
        self._here = here
        self._plan = plan
        self._prepare = prepare
        self._left = iter(numbers)
        self._again: deque[int] = deque()
        self._deaths: Counter[int] = Counter()
        self._stillborn = 0
        self._workers: list[_Worker] = []

    def take_on(self) -> None:
        """Give task and plan to a process that is idle, or to a new one."""
        worker = _idle.workers.pop(0) if _idle.workers else _started()
        worker.begin(self._task, self._prepare, self._plan)
        self._workers.append(worker)

    def close(self) -> None:
        """Keep those that have nothing in hand, where they are to be kept; end all others."""
        kept = [one for one in self._workers if _idle.depth and one.is_ready and not one.numbers]
        _idle.workers += kept
        _end([one for one in self._workers if one not in kept])
        self._workers.clear()

    def completed(self) -> Iterator[tuple[int, Any]]:
        """Yield each number with what came of it."""
        for own in self._left:
            yield from self._done_here(own)
            yield from self._taken(wait_for_one=False)
        while self._again or any(one.numbers for one in self._workers):
            if self._workers:
                yield from self._taken(wait_for_one=True)
            else:
                yield from self._done_here(self._again.popleft())

    def _done_here(self, number: int) -> Iterator[tuple[int, Any]]:
        result, error = attempted(self._here, self._plan, number)
        if isinstance(error, OutOfMemory):
            self._note_death(number, "in this process")
        elif error is not None:
            raise error
        else:
            yield number, result

    def _taken(self, *, wait_for_one: bool) -> Iterator[tuple[int, Any]]:
        """Yield what processes have sent, and give each that is ready its next numbers."""
        by_connection = {one.connection: one for one in self._workers}
        for connection in wait(list(by_connection), None if wait_for_one else 0):
            worker = by_connection[connection]  # type: ignore[index]
            try:
                sent = worker.connection.recv()
            except (EOFError, OSError):
                self._bury(worker)
                continue
            if sent is None:
                worker.is_ready = True
                continue
            result, error = sent
            if isinstance(error, OutOfMemory):
                # What it still holds is given back to the system with it.
                worker.process.kill()
                self._bury(worker)
            elif error is not None:
                raise error
            else:
                yield worker.numbers.popleft(), result
        for worker in self._workers:
            while worker.is_ready and len(worker.numbers) < _IN_HAND:
                number = self._next()
                if number is None:
                    return
                worker.give(number)

    def _next(self) -> int | None:
        return self._again.popleft() if self._again else next(self._left, None)

    def _bury(self, worker: _Worker) -> None:
        """Have what a dead process had in hand done by another, begun in its place."""
        self._workers.remove(worker)
        how = worker.ended()
        if worker.process.exitcode == _UNGUARDED:
            raise InputError(
                "a worker process runs the script from its top, and this one simulates there",
                file=getattr(sys.modules["__main__"], "__file__", None),
                allowed='what simulates below a line `if __name__ == "__main__":`, or workers=1',
            )
        _LOG.warning("a worker process ended (%s) with %s in hand", how, list(worker.numbers))
        if worker.numbers:
            first, *others = worker.numbers
            self._again.extend(others)
            self._note_death(first, how)
        elif not worker.is_ready:
            self._stillborn += 1
        if self._stillborn < _STILLBORN:
            with contextlib.suppress(InternalError):
                self.take_on()

    def _note_death(self, number: int, how: str) -> None:
        self._deaths[number] += 1
        if self._deaths[number] >= _DEATHS_OF_A_PIECE:
            raise OutOfMemory(f"replication {number} could not be made, twice ({how})")
        self._again.append(number)


def _started(load: str | None = None) -> _Worker:
    """Return a process that will say when it is ready, once it is sent task and plan."""
    if getattr(current_process(), "_inheriting", False):
        # It would start processes without end; the parent says what is wrong.
        raise SystemExit(_UNGUARDED)
    if sys.platform != "win32":
        # Else the first process would start it, and that lets go of the interrupts held below.
        resource_tracker.ensure_running()
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, load), daemon=True)
    try:
        with _interrupts_held():
            process.start()
    except OSError as error:
        # A system that has no room for one more process asks to try again.
        if is_lack_of_memory(error) or error.errno == errno.EAGAIN:
            raise OutOfMemory("a worker process could not be started") from error
        raise InternalError(f"a worker process could not be started: {error}") from error
    # Else the pipe would outlive the process, and its death would go unnoticed.
    theirs.close()
    return _Worker(process, ours)


def _serve(connection: Connection, load: str | None) -> None:
    """Do pieces of one task after the other until told to stop, or until the parent is gone."""
    # What a terminal sends reaches all of its processes; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    _have_the_system_end_it()
    if load is not None:
        importlib.import_module(load)
    with contextlib.suppress(EOFError, OSError):
        task, plan = _begun(connection, connection.recv())
        while True:
            sent = connection.recv()
            if isinstance(sent, tuple):
                task, plan = _begun(connection, sent)
            else:
                connection.send(attempted(task, plan, sent))


def _begun(
    connection: Connection, words: tuple[Callable[[Any, int], Any], Callable[[Any], object], Any]
) -> tuple[Callable[[Any, int], Any], Any]:
    """Get ready for a task, and say so."""
    task, prepare, plan = words
    if prepare is not None:
        prepare(plan)
    connection.send(None)
    return task, plan


def _end_with_parent() -> None:
    """End this process as soon as its parent is gone, in the middle of a piece, too."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _have_the_system_end_it() -> None:
    """Have Linux kill this process with its parent.

    A library that never lets go of the interpreter would keep the thread that watches the parent
    from ever running.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_KILLED_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    parent = parent_process()
    if parent is not None and os.getppid() != parent.pid:
        # It was gone before this could be asked for.
        os._exit(1)


def attempted(
    task: Callable[[Plan, int], Result], plan: Plan, number: int, what: str = "replication"
) -> tuple[Result | None, SimulatorError | None]:
    """Return the result of a piece, or what it raised, as `completed` raises it."""
    try:
        return task(plan, number), None
    except SimulatorError as error:
        return None, error
    except Exception as error:
        if is_lack_of_memory(error):
            return None, OutOfMemory(f"{what} {number} could not be made")
        told = InternalError(f"{what} {number}: {type(error).__name__}: {error}")
        told.add_note(traceback.format_exc())
        return None, told


def _end(workers: Iterable[_Worker]) -> None:
    """End all at once: what is done has been sent, and its tables are on the disk."""
    ending = list(workers)
    for worker in ending:
        worker.process.terminate()
    for worker in ending:
        worker.process.join(_SECONDS_TO_END)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()
        worker.connection.close()


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Keep Ctrl-C from a process that is only just starting, which would complain of it."""
    if sys.platform == "win32":
        yield
        return
    held = {signal.SIGINT, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, held)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
