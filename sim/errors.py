"""Everything that this project raises on purpose.

The tree, with the exit status that a command leaves::

    SimulatorError
    ├── InputError            2    something the planner gave cannot be used
    │   ├── ScenarioErrors    2    every fault of a scenario file at once
    │   └── ClusterError      2    a cluster that cannot be used, or was lost
    ├── OutputError           2    a result cannot be written where it was asked for
    ├── OutOfMemory           2    the computer has too little memory for what was asked
    ├── NoRoom                2    a limit of the session leaves too little memory to begin
    ├── Interrupted           130  stopped on request; what is done is kept
    └── InternalError         1    a fault of the simulator

Each is plain data with a ``str`` that a planner can read. None prints. All survive pickling, since
a worker process may raise them.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable
from os import PathLike, fspath
from typing import ClassVar

_LONGEST_VALUE = 80


class SimulatorError(Exception):
    """The root: catch this at a command's edge.

    Parameters
    ----------
    message
        What is wrong, as one sentence.

    Attributes
    ----------
    exit_status
        What the process leaves behind when this reaches the command line.
    """

    exit_status: ClassVar[int] = 1

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message


class InputError(SimulatorError):
    """Something the planner gave cannot be used.

    Parameters
    ----------
    message
        What is wrong, as one sentence.
    file
        The file that holds the fault, as the planner named it; None for a command-line option.
    path
        Where in the file, dotted, such as ``pools.missing_person_bcp.shifts[1].end``; or the
        option.
    found
        The value that stands there. None where nothing does (TOML has no null).
    allowed
        What may stand there, in words.
    suggestion
        The nearest known key or name, where one is near.
    """

    exit_status: ClassVar[int] = 2

    def __init__(
        self,
        message: str,
        *,
        file: str | PathLike[str] | None = None,
        path: str | None = None,
        found: object = None,
        allowed: str | None = None,
        suggestion: str | None = None,
    ) -> None:
        super().__init__(message)
        self.file = None if file is None else fspath(file)
        self.path = path
        self.found = found
        self.allowed = allowed
        self.suggestion = suggestion

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.file, self.path) if part)
        lines = [f"{place}: {self.message}" if place else self.message]
        if self.found is not None:
            lines.append(f"  found: {_as_written(self.found)}")
        if self.allowed is not None:
            lines.append(f"  allowed: {self.allowed}")
        if self.suggestion is not None:
            lines.append(f'  did you mean "{self.suggestion}"?')
        return "\n".join(map(_printable, lines))


class ScenarioErrors(InputError):
    """Every fault of a scenario at once, so that one reading mends them all.

    Parameters
    ----------
    errors
        The faults, in the order in which they are to be read; at least one.

    Raises
    ------
    ValueError
        If there is no fault to report.
    """

    def __init__(self, errors: Iterable[InputError]) -> None:
        self.errors = tuple(errors)
        if not self.errors:
            raise ValueError("ScenarioErrors needs at least one error")
        count = len(self.errors)
        super().__init__(f"{count} fault{'s' if count > 1 else ''} in the scenario")
        # Pickle calls the class with `args`, which the root has set to the message.
        self.args = (self.errors,)

    def __str__(self) -> str:
        return "\n\n".join(str(error) for error in self.errors)


class ClusterError(InputError):
    """A cluster cannot be used, or was lost while it was at work.

    Parameters
    ----------
    message
        What is wrong, as one sentence.
    address
        Of its scheduler, as the planner gave it.
    allowed
        What can be done, in words.
    """

    def __init__(self, message: str, address: str, allowed: str | None = None) -> None:
        super().__init__(message, path="--cluster", found=address, allowed=allowed)
        self.args = (message, address, allowed)


class OutputError(SimulatorError):
    """A result cannot be written where it was asked for.

    Parameters
    ----------
    message
        What is wrong, as one sentence.
    path
        The file or folder concerned.
    suggestion
        What the planner can do, as one sentence.
    """

    exit_status: ClassVar[int] = 2

    def __init__(
        self, message: str, path: str | PathLike[str], suggestion: str | None = None
    ) -> None:
        super().__init__(message)
        self.path = fspath(path)
        self.suggestion = suggestion
        self.args = (message, self.path)

    @classmethod
    def exists(cls, path: str | PathLike[str]) -> OutputError:
        """Say that `path` exists and that nothing is overwritten unasked."""
        return cls(
            "it exists already, and nothing was overwritten",
            path=path,
            suggestion="Name another place, or add --force to replace it.",
        )

    @classmethod
    def from_os_error(cls, error: OSError, path: str | PathLike[str]) -> OutputError:
        """Put what the operating system refused at `path` into words."""
        if error.errno == errno.ENOSPC:
            return cls(
                "the disk is full", path=path, suggestion="Free some space, or name another disk."
            )
        reason = error.strerror or str(error) or type(error).__name__
        return cls(f"cannot be written ({reason})", path=path)

    def __str__(self) -> str:
        line = f"{self.path}: {self.message}"
        return line if self.suggestion is None else f"{line}\n  {self.suggestion}"


class OutOfMemory(SimulatorError):
    """The computer has too little memory for what was asked, as far as can be told.

    Parameters
    ----------
    message
        What could not be done, as one sentence without a full stop.
    """

    exit_status: ClassVar[int] = 2

    def __str__(self) -> str:
        return (
            f"{self.message}: memory probably ran out\n"
            "  Use fewer --workers, fewer scenarios at a time or fewer --days."
        )


def is_lack_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory probably ran out, or that no more can be begun in it."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    # Python has no error of its own for a thread that the system would not begin.
    no_thread = isinstance(error, RuntimeError) and "start new thread" in str(error)
    return no_thread or isinstance(error, MemoryError)


class NoRoom(SimulatorError):
    """A limit of the session leaves too little memory to begin."""

    exit_status: ClassVar[int] = 2


class Interrupted(SimulatorError):
    """The planner stopped the run.

    Parameters
    ----------
    completed, planned
        Replications that are done and kept, and those that were asked for.
    """

    exit_status: ClassVar[int] = 130

    def __init__(self, completed: int = 0, planned: int = 0) -> None:
        done = f"; {completed} of {planned} replications are done" if planned else ""
        super().__init__(f"Stopped on request{done}.")
        self.completed = completed
        self.planned = planned
        self.args = (completed, planned)


class GoesOn(str):
    """A note on an error that says how a study goes on which it broke off."""

    __slots__ = ()


class InternalError(SimulatorError):
    """A fault of the simulator, never of what the planner wrote.

    Parameters
    ----------
    message
        What went wrong, as one sentence.
    log_file
        Where the traceback was written, once it has been.
    """

    exit_status: ClassVar[int] = 1

    def __init__(self, message: str, *, log_file: str | PathLike[str] | None = None) -> None:
        super().__init__(message)
        self.log_file = None if log_file is None else fspath(log_file)

    def __str__(self) -> str:
        line = f"This is a fault of the simulator, not of your files: {self.message}"
        return line if self.log_file is None else f"{line}\n  details: {self.log_file}"


def _printable(text: str) -> str:
    """Return a line with control characters spelt out, which a terminal would obey."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )


def _as_written(value: object) -> str:
    """Return a value as a planner would have typed it, cut where it is long."""
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, str):
        text = f'"{value}"'
    else:
        text = str(value)
    text = _printable(text)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 3] + "..."
