"""The compiled engine, made beside a study that has begun without it.

On a computer where it is not there yet a process of its own makes it and puts it in the cache. One
is enough for a command: what follows a study finds it at work, or done.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import signal
import sys
import time
from multiprocessing import current_process, get_context
from multiprocessing.process import BaseProcess
from typing import Final

from sim.engines import compiled

_LOG: Final = logging.getLogger(__name__)
_OBJECTS_BETWEEN_LOOKS: Final = 200_000


class Compiling:
    """A process that compiles; at most one at a time."""

    def __init__(self) -> None:
        self._process: BaseProcess | None = None
        self.began = 0.0
        """When, in seconds of `time.monotonic`."""

    def begin(self) -> bool:
        """Start it, where it does not run yet; return whether it does now.

        Not daemonic: what has been begun is finished when the command ends, or the next one would
        begin anew, and a short one would never have done with it.
        """
        if self.is_at_work:
            return True
        if self._process is not None:
            # It has been and gone, and made nothing: once more would be no better.
            return False
        if current_process().daemon:
            # A worker ends with its parent, and may begin nothing that would not.
            return False
        process = get_context("spawn").Process(target=_compile, name="compiling")
        try:
            process.start()
        except OSError as error:
            _LOG.warning("no process could be started to compile the engine: %s", error)
            return False
        self._process = process
        self.began = time.monotonic()
        return True

    def join(self, seconds: float | None = None) -> None:
        """Wait until it has ended, or for so long."""
        if self._process is not None:
            self._process.join(seconds)

    @property
    def is_at_work(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.is_alive()

    def stop(self) -> None:
        """End it at once; nothing half-made is left, for the cache takes whole files alone."""
        if self._process is not None:
            self._process.terminate()
            self._process.join()
            self._process = None


compiling: Final = Compiling()
"""That of this process."""


def _compile() -> None:
    # Ctrl-C reaches all processes of a terminal; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Replications go first.
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.nice(1)
    # Compiling makes millions of objects that live to its end: to look through them as often as
    # Python does, for what nothing refers to any more, takes a twentieth of it.
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)
    compiled.make_ready()
