"""Ctrl-C, put off for as long as it would cost what is done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def interrupts_after() -> Iterator[Callable[[], bool]]:
    """Let the block end before the first Ctrl-C counts; a second one stops it.

    Yields
    ------
    callable
        Whether Ctrl-C was pressed.

    Notes
    -----
    Does nothing where Ctrl-C would not raise `KeyboardInterrupt`: in a thread besides the main
    one, or where somebody else handles it.
    """
    pressed = threading.Event()
    before = signal.getsignal(signal.SIGINT)
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not in_main_thread or before is not signal.default_int_handler:
        yield pressed.is_set
        return

    def put_off(*_: object) -> None:
        pressed.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, put_off)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)
