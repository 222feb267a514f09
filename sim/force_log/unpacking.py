"""Compressed files, unpacked up to a size that a log or a workbook of duties can have."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from pathlib import Path
from typing import Final

from sim.errors import InputError
from sim.scenario.findings import Written

MOST_LOG_BYTES: Final = 1_000_000_000
"""Of a compressed log, unpacked: several million rows; a large force has some in a year."""
MOST_WORKBOOK_BYTES: Final = 200_000_000
"""Of all parts of a workbook, unpacked: fifty times the largest file that is read."""

_PART: Final = 1_048_576


def unpacked_log(data: bytes, path: Path) -> bytes:
    """Return what a file compressed with gzip holds.

    Raises
    ------
    sim.errors.InputError
        If it is damaged, or holds more than `MOST_LOG_BYTES`.
    """
    size = 0
    try:
        # Looked through in parts first, so that what is refused never lies in memory as a whole.
        with gzip.open(io.BytesIO(data)) as packed:
            while part := packed.read(_PART):
                size += len(part)
                if size > MOST_LOG_BYTES:
                    raise _too_large(path, len(data), MOST_LOG_BYTES)
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        raise InputError(
            "the compressed file is damaged or was not copied whole", file=path.as_posix()
        ) from None


def refuse_large_workbook(content: bytes, path: Path) -> None:
    """Refuse a workbook that is damaged, or that holds more than `MOST_WORKBOOK_BYTES`.

    Raises
    ------
    sim.errors.InputError
        If it is one. Workbooks of Excel before 2007 are not compressed, and pass.
    """
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_WORKBOOK_BYTES:
                raise _too_large(path, len(content), MOST_WORKBOOK_BYTES)
            # A part that holds more than it says is a damaged one.
            damaged = packed.testzip()
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, NotImplementedError, RuntimeError):
        damaged = ""
    if damaged is not None:
        raise InputError("this workbook is damaged or was not copied whole", file=path.as_posix())


def _too_large(path: Path, packed: int, most: int) -> InputError:
    return InputError(
        "the compressed file holds more than is read",
        file=path.as_posix(),
        found=Written(f"{packed:,} bytes that unpack to more than {most // 1_000_000:,} MB"),
        allowed=f"at most {most // 1_000_000:,} MB when unpacked; a log may be cut into months",
    )
