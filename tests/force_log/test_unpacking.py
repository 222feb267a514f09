"""Compressed files that hold more than is read, in a sentence and in little memory."""

from __future__ import annotations

import gzip
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.force_log import unpacking
from sim.force_log.unpacking import refuse_large_workbook, unpacked_log

MOST = 20_000_000


def packed(path: Path, size: int) -> bytes:
    """A workbook's zip archive with one part of so many noughts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(size))
    return path.read_bytes()


def test_a_log_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the file, its size and what is allowed, and without the whole of it in memory."""
    monkeypatch.setattr(unpacking, "MOST_LOG_BYTES", MOST)
    path = Path("log.csv.gz")
    assert len(unpacked_log(gzip.compress(bytes(MOST)), path)) == MOST
    large = gzip.compress(bytes(MOST + 1))
    tracemalloc.start()
    with pytest.raises(InputError) as caught:
        unpacked_log(large, path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    told = str(caught.value)
    assert caught.value.exit_status == 2
    assert "log.csv.gz" in told
    assert f"{len(large):,} bytes that unpack to more than 20 MB" in told
    assert "at most 20 MB when unpacked" in told
    assert most < MOST / 2


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By what its parts say, before anything is unpacked."""
    monkeypatch.setattr(unpacking, "MOST_WORKBOOK_BYTES", MOST)
    path = tmp_path / "duties.xlsx"
    refuse_large_workbook(packed(path, MOST), path)
    with pytest.raises(InputError, match="unpack to more than 20 MB"):
        refuse_large_workbook(packed(path, MOST + 1), path)


def test_a_workbook_whose_part_is_not_what_it_says_is_refused(tmp_path: Path) -> None:
    """A size that is written smaller than it is would let anything through."""
    path = tmp_path / "duties.xlsx"
    said, true = (100_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")
    content = packed(path, 100_000).replace(said, true)
    with pytest.raises(InputError, match="this workbook is damaged"):
        refuse_large_workbook(content, path)
