"""Places on disk: whether something can be written there, and folders made for it on the way."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from sim.errors import OutputError

__all__ = ["ensure_writable", "folders_made", "remove_folders", "write_whole"]


@contextmanager
def folders_made(folder: Path) -> Iterator[None]:
    """Make a folder and those above it; if what follows fails, remove the ones that were made.

    Parameters
    ----------
    folder
        The folder. Those that are there already stay, whatever happens.

    Raises
    ------
    OSError
        If the operating system refuses.
    """
    absent = [one for one in (folder, *folder.parents) if not os.path.lexists(one)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        remove_folders(absent)
        raise


def remove_folders(folders: Sequence[Path]) -> None:
    """Remove folders, the innermost first, as far as they are empty."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def ensure_writable(file: Path) -> None:
    """Refuse a place for a file that nothing can be written to, by trying; nothing stays there.

    Parameters
    ----------
    file
        The place. What may stand there already is not touched.

    Raises
    ------
    OutputError
        If a folder above it cannot be made, or no file can be made beside the place.
    """
    absent = [one for one in file.parents if not os.path.lexists(one)]
    trial = _beside(file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        trial.touch(exist_ok=False)
    except OSError as error:
        raise OutputError.from_os_error(error, file) from error
    finally:
        with suppress(OSError):
            trial.unlink()
        remove_folders(absent)


def write_whole(file: Path, text: str) -> None:
    """Write a file so that there is never half of it.

    Parameters
    ----------
    file
        The place; folders above it are made.
    text
        Written in UTF-8, with line feeds.

    Raises
    ------
    OutputError
        If the operating system refuses; what stood there stands there still.
    """
    partial = _beside(file)
    try:
        with folders_made(file.parent):
            try:
                partial.write_text(text, encoding="utf-8", newline="\n")
                partial.replace(file)
            except BaseException:
                with suppress(OSError):
                    partial.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise OutputError.from_os_error(error, file) from error


def _beside(file: Path) -> Path:
    return file.parent / f".{file.name}.{os.getpid()}"
