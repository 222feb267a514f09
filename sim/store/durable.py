"""Files that are whole and on the disk before they stand at their place."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

_UNFINISHED: Final = ".writing"


def put_durably(file: Path, write: Callable[[Path], object]) -> None:
    """Have a file written under another name, brought to the disk and put in its place.

    Parameters
    ----------
    file
        The place.
    write
        Called with the other name; what it leaves there is brought to the disk.

    Raises
    ------
    OSError
        If the operating system refuses; what stood at the place stands there still.
    """
    aside = file.with_name(f"{file.name}{_UNFINISHED}-{os.getpid()}")
    try:
        write(aside)
        bring_file_to_disk(aside)
        aside.replace(file)
    except BaseException:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise


def bring_file_to_disk(file: Path) -> None:
    """Bring what a file holds to the disk.

    Raises
    ------
    OSError
        If the operating system refuses.
    """
    with file.open("rb+") as written:
        os.fsync(written.fileno())


def bring_to_disk(folder: Path) -> None:
    """Bring a folder's names to the disk, where the system has a way to do so."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def is_half_written(file: Path) -> bool:
    """Tell whether a file is what `put_durably` was at when its process ended."""
    return _UNFINISHED in file.name
