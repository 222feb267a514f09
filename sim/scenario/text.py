"""The bytes of what a planner wrote: a file that can be opened, and is no workbook."""

from __future__ import annotations

import codecs
import os
from pathlib import Path
from typing import Final

from sim.errors import InputError

OF_A_SPREADSHEET: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How workbooks begin: those of today, which are zipped, and those of Excel before 2007."""


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
        If it is a folder or cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        # Not `Path.is_dir`, which raises where a name is too long.
        reason = "it is a folder" if os.path.isdir(path) else error.strerror  # noqa: PTH112
        raise InputError(f"the file cannot be read ({reason})", file=file) from None


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
