"""A log's bytes and their text: compression, encoding, and what is no log at all."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sim.errors import InputError
from sim.force_log.unpacking import unpacked_log
from sim.scenario.findings import nearest
from sim.scenario.text import OF_A_SPREADSHEET, refuse_no_file

_GZIP: Final = b"\x1f\x8b"
SINGLE_BYTE: Final = ("windows-1252", "iso-8859-1", "iso-8859-15")
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


def bytes_of(path: Path) -> bytes:
    """Return what a log holds, unpacked."""
    try:
        refuse_no_file(path, path.as_posix())
        data = path.read_bytes()
    except FileNotFoundError:
        near = None
        if path.parent.is_dir():
            near = nearest(path.name, sorted(other.name for other in path.parent.iterdir()))
        raise InputError("there is no such file", file=path.as_posix(), suggestion=near) from None
    except OSError as error:
        reason = "it is a folder" if path.is_dir() else error.strerror
        raise InputError(f"the file cannot be read ({reason})", file=path.as_posix()) from None
    if data.startswith(OF_A_SPREADSHEET):
        raise InputError(
            "this is a workbook or a zip archive, not a log",
            file=path.as_posix(),
            allowed="a CSV file, also compressed with gzip, or a Parquet file",
        )
    if data.startswith(_GZIP):
        data = unpacked_log(data, path)
    if not data.strip():
        raise InputError(
            "the file is empty", file=path.as_posix(), allowed="a header, and at least one row"
        )
    if b"\0" in data[:4096] and not data.startswith(UTF_16):
        raise InputError(
            "this is not a text file",
            file=path.as_posix(),
            allowed="a CSV file, also compressed with gzip, or a Parquet file",
        )
    return data


def decoded(data: bytes, encoding: str, path: Path) -> tuple[str, int | None]:
    """Return the text, and the first byte that is not of the encoding, if any is.

    Text in an encoding of single bytes that is UTF-8 by every sign is read as that.
    """
    if encoding in SINGLE_BYTE and not data.isascii():
        try:
            return data.decode("utf-8-sig"), 0
        except UnicodeDecodeError:
            pass
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    try:
        return data.decode(codec), None
    except UnicodeDecodeError as error:
        place = error.start
    text = data.decode(codec, "replace")
    # Half of an ordinary text cannot be unreadable: then it is another encoding altogether.
    if text.count("\ufffd") > len(text) / 10:
        raise InputError(
            f"the file is not saved as {encoding.upper()}",
            file=path.as_posix(),
            allowed="the encoding that the export was saved in, in [file] of the mapping",
        )
    return text, place


def encoding_of_bytes(data: bytes) -> str:
    """The encoding in which bytes are probably text."""
    if data.startswith(UTF_16):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"
