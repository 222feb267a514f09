"""Pages and charts that were put into a folder of results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from sim.places import write_whole
from sim.provenance import file_sha256
from sim.store.contents import MANIFEST
from sim.store.documents import json_text, read_json
from sim.store.refusals import output_errors

_PICTURES: Final = "pictures"


def note_pictures(directory: Path, files: Iterable[Path]) -> None:
    """Note in a folder's manifest which files in it are pages and charts of its results.

    Parameters
    ----------
    directory
        A folder of results.
    files
        What was made; those that lie elsewhere are left aside.

    Raises
    ------
    OutputError
        If the manifest cannot be written.
    InputError
        If it cannot be read.
    """
    above = directory.resolve()
    inside = [file for file in files if above in file.resolve().parents]
    if not inside:
        return
    manifest = read_json(directory / MANIFEST)
    checksums = dict(noted(manifest))
    with output_errors(directory):
        checksums |= {
            file.resolve().relative_to(above).as_posix(): file_sha256(file) for file in inside
        }
    manifest[_PICTURES] = dict(sorted(checksums.items()))
    write_whole(directory / MANIFEST, json_text(manifest))


def noted(manifest: Mapping[str, Any]) -> Mapping[str, str]:
    """Checksums of the pictures that a manifest notes, by name."""
    found = manifest.get(_PICTURES)
    return found if isinstance(found, dict) else {}
