"""Numbered pieces of work in several processes.

Processes are spawned, never forked: a fork would copy the threads' locks of the libraries, and
Windows has none. This process works, too: as long as the others load what they need it does the
first pieces, and no number is given to one that is not ready. Each has two in hand, so that none
waits for this process to be done with its own.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from multiprocessing import current_process, get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Final, TypeVar

from sim.errors import InputError, InternalError, SimulatorError

Plan = TypeVar("Plan")
Result = TypeVar("Result")

_SECONDS_TO_END: Final = 5.0
_IN_HAND: Final = 2
_UNGUARDED: Final = 87
"""Exit status of a worker that would simulate while it reads the script which started it."""


def completed(
    task: Callable[[Plan, int], Result],
    plan: Plan,
    numbers: Iterable[int],
    processes: int,
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
        This one and those that are started beside it.

    Raises
    ------
    SimulatorError
        What a piece raised; anything but that becomes an `InternalError` with the traceback as a
        note. Also an `InternalError` where a process dies.
    InputError
        Where a script that simulates lacks the guard that a spawned process needs.

    Notes
    -----
    Close the iterator to stop: processes are ended, and what they were doing is lost.
    """
    if processes == 1:
        for number in numbers:
            yield number, task(plan, number)
        return
    if _is_beginning():
        # It would start processes without end; the parent says what is wrong.
        raise SystemExit(_UNGUARDED)
    left = iter(numbers)
    with contextlib.ExitStack() as stack:
        workers: dict[Connection, _Worker] = {}
        stack.callback(_end, workers)
        # All are on their way before the first piece is done here.
        for _ in range(processes - 1):
            worker = _started(task)
            workers[worker.connection] = worker
        for worker in workers.values():
            worker.begin(plan)
        for own in left:
            result, error = attempted(task, plan, own)
            if error is not None:
                raise error
            yield own, result  # type: ignore[misc]
            yield from _taken(workers, left, wait_for_one=False)
        while any(worker.numbers for worker in workers.values()):
            yield from _taken(workers, left, wait_for_one=True)


def _taken(
    workers: Mapping[Connection, _Worker], left: Iterator[int], *, wait_for_one: bool
) -> Iterator[tuple[int, Any]]:
    """Yield what workers have sent, and give each that is ready its next numbers."""
    ready = wait(list(workers), None if wait_for_one else 0)
    for connection in ready:
        worker = workers[connection]  # type: ignore[index]
        sent = worker.take()
        while len(worker.numbers) < _IN_HAND and (number := next(left, None)) is not None:
            worker.give(number)
        if sent is not None:
            yield sent


@dataclass
class _Worker:
    process: BaseProcess
    connection: Connection
    numbers: deque[int] = field(default_factory=deque)

    def begin(self, plan: object) -> None:
        """Send what all pieces share."""
        try:
            self.connection.send(plan)
        except OSError:
            raise self._died() from None

    def give(self, number: int) -> None:
        """Send a number, to be done after those that it has."""
        self.numbers.append(number)
        try:
            self.connection.send(number)
        except OSError:
            raise self._died() from None

    def take(self) -> tuple[int, Any] | None:
        """Receive what came of the first number that it has; None: it is ready for one."""
        try:
            sent = self.connection.recv()
        except (EOFError, OSError):
            raise self._died() from None
        if sent is None:
            return None
        result, error = sent
        if error is not None:
            raise error
        return self.numbers.popleft(), result

    def _died(self) -> SimulatorError:
        self.process.join(_SECONDS_TO_END)
        code = self.process.exitcode
        if code == _UNGUARDED:
            return InputError(
                "a worker process runs the script from its top, and this one simulates there",
                file=getattr(sys.modules["__main__"], "__file__", None),
                allowed='what simulates below a line `if __name__ == "__main__":`, or workers=1',
            )
        killed = code is not None and code < 0
        hint = " (perhaps memory ran out: try fewer workers)" if killed else ""
        where = f"in replication {self.numbers[0]}" if self.numbers else "before its first"
        return InternalError(f"a worker process died {where} with exit status {code}{hint}")


def _is_beginning() -> bool:
    """Whether this process is a worker that still reads the script which started it."""
    return bool(getattr(current_process(), "_inheriting", False))


def _started(task: Callable[[Plan, int], Result]) -> _Worker:
    """Return a worker that says when it is ready, once it is sent the plan."""
    if sys.platform != "win32":
        # Else the first process would start it, and that lets go of the interrupts held below.
        resource_tracker.ensure_running()
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, task), daemon=True)
    try:
        with _interrupts_held():
            process.start()
    except OSError as error:
        raise InternalError(f"a worker process could not be started: {error}") from error
    # Else the pipe would outlive the process, and its death would go unnoticed.
    theirs.close()
    return _Worker(process, ours)


def _serve(connection: Connection, task: Callable[[Plan, int], Result]) -> None:
    """Do pieces of work until told to stop, or until the parent is gone."""
    # Ctrl-C reaches all processes of a terminal; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(EOFError, OSError):
        plan: Plan = connection.recv()
        connection.send(None)
        while (number := connection.recv()) is not None:
            connection.send(attempted(task, plan, number))


def attempted(
    task: Callable[[Plan, int], Result], plan: Plan, number: int, what: str = "replication"
) -> tuple[Result | None, SimulatorError | None]:
    """Return the result of a piece, or what it raised, as `completed` raises it."""
    try:
        return task(plan, number), None
    except SimulatorError as error:
        return None, error
    except Exception as error:
        told = InternalError(f"{what} {number}: {type(error).__name__}: {error}")
        told.add_note(traceback.format_exc())
        return None, told


def _end(workers: Mapping[Connection, _Worker]) -> None:
    """End all at once: what is done has been sent, and its tables are on the disk."""
    for worker in workers.values():
        worker.process.terminate()
    for worker in workers.values():
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
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
