"""Numbered pieces of work in several processes.

Processes are spawned, never forked: a fork would copy the threads' locks of the libraries, and
Windows has none. Each is given a number, sends back what came of it, and is given the next.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Final, TypeVar

from sim.errors import InternalError, SimulatorError

Plan = TypeVar("Plan")
Result = TypeVar("Result")

_SECONDS_TO_END: Final = 5.0


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
        1: all is done in this process, and none is started.

    Raises
    ------
    SimulatorError
        What a piece raised; anything but that becomes an `InternalError` with the traceback as a
        note. Also an `InternalError` where a process dies.

    Notes
    -----
    Close the iterator to stop: processes are ended, and what they were doing is lost.
    """
    if processes == 1:
        for number in numbers:
            yield number, task(plan, number)
        return
    left = iter(numbers)
    with contextlib.ExitStack() as stack:
        workers: dict[Connection, _Worker] = {}
        dismissed: list[_Worker] = []
        stack.callback(_end, workers, dismissed)
        # All are on their way before the first is waited for.
        for number in islice(left, processes):
            worker = _started(task, number)
            workers[worker.connection] = worker
        for worker in workers.values():
            worker.begin(plan)
        while workers:
            for connection in wait(list(workers)):
                worker = workers[connection]  # type: ignore[index]
                number, result = worker.take()
                following = next(left, None)
                if following is None:
                    worker.dismiss()
                    dismissed.append(workers.pop(worker.connection))
                else:
                    worker.give(following)
                yield number, result


@dataclass
class _Worker:
    process: BaseProcess
    connection: Connection
    number: int

    def begin(self, plan: object) -> None:
        """Send what all pieces share, and the first number."""
        try:
            self.connection.send(plan)
        except OSError:
            raise self._died() from None
        self.give(self.number)

    def give(self, number: int) -> None:
        self.number = number
        try:
            self.connection.send(number)
        except OSError:
            raise self._died() from None

    def take(self) -> tuple[int, Any]:
        """Receive what came of the number given last."""
        try:
            result, error = self.connection.recv()
        except (EOFError, OSError):
            raise self._died() from None
        if error is not None:
            raise error
        return self.number, result

    def dismiss(self) -> None:
        with contextlib.suppress(OSError):
            self.connection.send(None)
        self.connection.close()

    def _died(self) -> InternalError:
        self.process.join(_SECONDS_TO_END)
        code = self.process.exitcode
        killed = code is not None and code < 0
        hint = " (perhaps memory ran out: try fewer workers)" if killed else ""
        return InternalError(
            f"a worker process died in replication {self.number} with exit status {code}{hint}"
        )


def _started(task: Callable[[Plan, int], Result], number: int) -> _Worker:
    """Return a worker that will begin with a number, once it is sent the plan."""
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
    return _Worker(process, ours, number)


def _serve(connection: Connection, task: Callable[[Plan, int], Result]) -> None:
    """Do pieces of work until told to stop, or until the parent is gone."""
    # Ctrl-C reaches all processes of a terminal; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(EOFError, OSError):
        plan: Plan = connection.recv()
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


def _end(workers: dict[Connection, _Worker], dismissed: list[_Worker]) -> None:
    for worker in workers.values():
        worker.process.terminate()
    for worker in dismissed:
        worker.process.join(_SECONDS_TO_END)
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
