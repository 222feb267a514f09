"""Files that take their places only when all of them are whole."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from sim.places import folders_made
from sim.store.refusals import output_errors


def put_files(directory: Path, files: Iterable[tuple[str, bytes]]) -> list[Path]:
    """Write files into a folder; only when all are whole do they take their places.

    Parameters
    ----------
    directory
        Made where it is absent. Files of the same names are replaced, others left alone.
    files
        Names and contents.

    Returns
    -------
    list of Path
        What was written, in order.

    Raises
    ------
    OutputError
        If the operating system refuses; a full disk is named, and what was there stays.
    """
    with output_errors(directory), folders_made(directory):
        aside = new_sibling(directory / "files", "partial")
        try:
            names = []
            for name, content in files:
                (aside / name).write_bytes(content)
                names.append(name)
            for name in names:
                (aside / name).replace(directory / name)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return [directory / name for name in names]


def new_sibling(target: Path, purpose: str) -> Path:
    """Make a new folder beside a place, on its disk, so that a rename can put it there."""
    for number in range(10_000):
        path = target.with_name(f".{target.name}.{purpose}-{os.getpid()}-{number}")
        with contextlib.suppress(FileExistsError):
            path.mkdir()
            return path
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
