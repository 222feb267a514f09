"""What the operating system refuses, in the words of the simulator."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sim.errors import InternalError, OutputError

# Polars passes on what the operating system refused in words alone.
_OS_ERROR: Final = re.compile(r"\(os error (\d+)\)")
_WINDOWS_DISK_FULL: Final = 112
# The last write asked for room that there was not, so less than a group of rows is left.
_LEAST_FREE_BYTES: Final = 1 << 20


@contextlib.contextmanager
def output_errors(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses, through Python or polars, into an `OutputError`."""
    try:
        yield
    except OSError as error:
        raise OutputError.from_os_error(_with_number(error, str(error)), path) from error
    except Exception as error:
        if not type(error).__module__.startswith("polars"):
            raise
        refused = _with_number(OSError(str(error)), str(error))
        if refused.errno is None and _is_disk_full(path):
            refused = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if refused.errno is None:
            raise InternalError(f"a table could not be written: {error}") from error
        raise OutputError.from_os_error(refused, path) from error


def _is_disk_full(path: Path) -> bool:
    """Tell whether a place has no room for a table; polars does not always say why it failed."""
    there = next((one for one in (path, *path.absolute().parents) if one.exists()), None)
    return there is not None and shutil.disk_usage(there).free < _LEAST_FREE_BYTES


def _with_number(error: OSError, text: str) -> OSError:
    """Return an error of the operating system with its number, where only its text has it."""
    found = _OS_ERROR.search(text)
    if error.errno is not None or found is None:
        return error
    number = int(found.group(1))
    if os.name == "nt" and number == _WINDOWS_DISK_FULL:
        number = errno.ENOSPC
    return OSError(number, os.strerror(number))
