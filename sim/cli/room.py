"""Whether a session's limit leaves a command the memory that its libraries begin with."""

from __future__ import annotations

import sys
from typing import Final

from sim.errors import NoRoom

_MEBIBYTE: Final = 2**20
_LEAST: Final = 1_500
"""MiB of addresses. With fewer the threads of polars are not all begun, and it aborts or waits."""


def ensure_room() -> None:
    """Refuse a limit (``ulimit -v``) under which a library would abort, or wait for ever.

    Raises
    ------
    NoRoom
        If the limit is under 1,500 MiB, and polars has not begun its threads.
    """
    try:
        import resource
    except ImportError:
        return  # Windows has no such limit.
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit in (resource.RLIM_INFINITY, -1) or "polars" in sys.modules:
        return
    if limit < _LEAST * _MEBIBYTE:
        raise NoRoom(
            f"This session allows {limit // _MEBIBYTE:,} MiB of memory (ulimit -v), and at least "
            f"{_LEAST:,} are needed.\n  `ulimit -v unlimited` lifts the limit, where one may."
        )
