"""The edge of the process: its streams, what stops a command, the exit statuses, and locks."""

from __future__ import annotations

import errno
import logging
import os
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from sim import __version__
from sim.cli.room import ensure_room
from sim.errors import (
    GoesOn,
    InternalError,
    Interrupted,
    OutOfMemory,
    OutputError,
    SimulatorError,
    is_lack_of_memory,
)

_LOG: Final = logging.getLogger("sim")

INSTALLED: Final = "missing-child-sim"
"""The command that an installation puts beside Python."""
SCRIPT: Final = "run_sim.py"
"""The same from a checkout."""

_commands: Final[list[ExitStack]] = []
"""What the commands at work let go of at their end, the innermost last."""


def program() -> str:
    """Return the name of the command that was typed."""
    return INSTALLED if Path(sys.argv[0]).stem == INSTALLED else SCRIPT


@contextmanager
def open_streams() -> Iterator[None]:
    """Let a stream that was closed lead nowhere; else the next file opened would take its place."""
    with ExitStack() as opened:
        for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
            if getattr(sys, name) is None:
                nowhere = open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123, SIM115
                setattr(sys, name, opened.enter_context(nowhere))
                opened.callback(setattr, sys, name, None)
        yield


def stop_cleanly_when_terminated() -> None:
    """Let a request to end, a scheduler's or a closed terminal's, remove what is half written."""

    def terminated(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        return
    # A terminal that is closed hangs up; whoever starts with nohup has asked not to hear of it.
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, terminated)


def is_text(word: str) -> bool:
    """Whether a word of the command is text, and not bytes that no encoding explains."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def edge(*, records: bool = False) -> Iterator[None]:
    """Turn whatever stops a command into a message on standard error and an exit status.

    Parameters
    ----------
    records
        Whether the command reads records of real incidents or people: what a fault of its own
        says might quote them, and is neither printed nor written.
    """
    try:
        with ExitStack() as places:
            _commands.append(places)
            places.callback(_commands.remove, places)
            ensure_room()
            yield
            sys.stdout.flush()
    except SimulatorError as error:
        if isinstance(error, InternalError) and error.log_file is None:
            error = InternalError(error.message, log_file=_written_log(records=records))
        say(str(error))
        _say_how_to_go_on(error)
        raise SystemExit(error.exit_status) from None
    except KeyboardInterrupt as error:
        say(str(Interrupted()))
        _say_how_to_go_on(error)
        raise SystemExit(Interrupted.exit_status) from None
    except SystemExit as stop:
        _say_how_to_go_on(stop)
        raise
    except BrokenPipeError:
        # The reader has seen enough (such as `head`); without this Python would complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise SystemExit(no_room_to_print(error)) from None
        if is_lack_of_memory(error):
            say(str(OutOfMemory("the command could not be finished")))
            _say_how_to_go_on(error)
            raise SystemExit(OutOfMemory.exit_status) from None
        said = "what it says might quote the records, and is left out" if records else str(error)
        found = f"{type(error).__name__}: {said}"
        say(str(InternalError(found, log_file=_written_log(records=records))))
        _say_how_to_go_on(error)
        raise SystemExit(InternalError.exit_status) from None


def hold(*places: Path | None) -> None:
    """Keep other runs from writing to these places until the command has ended.

    Whoever is about to work names them all at once, before the work; outside of a command nothing
    is held.

    Raises
    ------
    OutputError
        If another run writes to one of them, or nothing can be written beside it.
    """
    from sim.store import held

    if _commands:
        _commands[-1].enter_context(held(*places))


def _say_how_to_go_on(error: BaseException) -> None:
    """Say how a study goes on that an error broke off, where there is one."""
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, GoesOn):
            say(note)


def no_room_to_print(error: OSError) -> int:
    """Say that standard output leads to a full disk, and return the exit status."""
    # What fills the disk while a file is written is an `OutputError` already.
    say(str(OutputError.from_os_error(error, "standard output")))
    return OutputError.exit_status


def _written_log(*, records: bool) -> str | None:
    """Write the traceback that is being handled to a new file, and name it."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    text = f"{program()} {__version__}, Python {sys.version}\n{' '.join(sys.argv)}\n\n"
    text += _lines_alone() if records else traceback.format_exc()
    for folder in (".", tempfile.gettempdir()):
        try:
            number, name = tempfile.mkstemp(".log", f"run_sim-{stamp}-", folder)
        except OSError:
            continue
        try:
            with open(number, "w", encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123 (by its number)
                file.write(text)
        except OSError:
            with suppress(OSError):
                Path(name).unlink()
            continue
        return str(Path(name).resolve()) if folder != "." else Path(name).name
    return None


def _lines_alone() -> str:
    """The traceback that is being handled, without anything that an error says."""
    told: list[str] = []
    error, seen = sys.exception(), set[int]()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        told.insert(0, "".join((*traceback.format_tb(error.__traceback__), type(error).__name__)))
        error = error.__cause__ or error.__context__
    return "\n\n".join(told) + "\n"


def say(message: str) -> None:
    """Print a message on standard error; where nothing can be written there, it is lost."""
    try:
        print(message, file=sys.stderr, flush=True)
    except OSError:
        # A full disk or a reader that has left: the exit status must still be the command's own.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def log_to_standard_error(verbose: bool) -> None:
    """Send what is logged under ``sim`` to standard error where that was asked for."""
    _LOG.handlers = [logging.NullHandler()]
    if verbose:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s", "%H:%M:%S"))
        _LOG.handlers = [handler]
        _LOG.setLevel(logging.DEBUG)
    _LOG.propagate = False
