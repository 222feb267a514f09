"""The bytes of what a planner wrote: a file that can be opened, and is no workbook."""

from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path
from typing import Final

from sim.errors import InputError

OF_A_SPREADSHEET: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How workbooks begin: those of today, which are zipped, and those of Excel before 2007."""


MOST_BYTES: Final = 4_000_000
"""What a file of settings or of a rota may hold; the largest shipped is a fiftieth of it."""


def read_bytes(path: Path, file: str) -> bytes:
    """Return what a file holds.

    Parameters
    ----------
    path
        The file.
    file
        The same as shown to people.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    sim.errors.InputError
        If it is no ordinary file, such as a folder, a pipe or a device, is larger than `MOST_BYTES`
        or cannot be read.
    """
    try:
        refuse_no_file(path, file)
        with path.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise InputError(
                "the file is larger than a planner writes",
                file=file,
                allowed=f"at most {MOST_BYTES // 1_000_000} MB",
            )
        return content
    except FileNotFoundError:
        raise
    except OSError as error:
        # Not `Path.is_dir`, which raises where a name is too long.
        reason = "it is a folder" if os.path.isdir(path) else error.strerror  # noqa: PTH112
        raise InputError(f"the file cannot be read ({reason})", file=file) from None


def refuse_no_file(path: Path, file: str) -> None:
    """Refuse what is neither a file nor a folder, before it is opened.

    Parameters
    ----------
    path
        Of anything; a pipe waits for somebody to write, and a device may have no end.
    file
        The same as shown to people.

    Raises
    ------
    OSError
        If it cannot be looked at, or is not there.
    sim.errors.InputError
        If it is a pipe, a socket or a device.
    """
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise InputError(
            f"this is {_kind_of(mode)} and no file", file=file, allowed="an ordinary file"
        )


def _kind_of(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "a pipe"
    if stat.S_ISSOCK(mode):
        return "a socket"
    return "a device"


def refuse_workbook(content: bytes, file: str, *, needed: str, allowed: str) -> None:
    """Refuse the bytes of a workbook.

    Parameters
    ----------
    content, file
        What it holds, and the file as shown to people.
    needed
        What is read here instead, as the end of a sentence.
    allowed
        What to hand in.

    Raises
    ------
    sim.errors.InputError
        If it is one.
    """
    if content.startswith(OF_A_SPREADSHEET):
        what = f"this is a workbook of Excel or LibreOffice, and {needed}"
        raise InputError(what, file=file, allowed=allowed)


def utf_16(content: bytes) -> str | None:
    """Return the text of a file that begins with the mark of UTF-16, else None.

    Excel's "Unicode Text" and the redirections of an older PowerShell are written so.
    """
    if not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    return content.decode("utf-16", errors="replace")
