"""Places that may be written to: nothing is overwritten unasked, nor ever what is not ours."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from sim.errors import InputError, OutputError
from sim.provenance import file_sha256
from sim.store.contents import FILES, MANIFEST, REPLICATIONS, STRESS_DES, SUMMARY_JSON
from sim.store.documents import read_json
from sim.store.finished import is_added_to
from sim.store.journal import unfinished
from sim.store.pictures import noted
from sim.store.refusals import output_errors


def ensure_free(directory: Path, *, force: bool = False, goes_on: bool = False) -> None:
    """Refuse a place for results that would overwrite something.

    Parameters
    ----------
    directory
        The folder asked for. It may be absent, or empty.
    force
        A folder of earlier results may be replaced (also without it, where they are those of a
        study that was broken off and can go on), with pages and charts in it as they were
        made. Anything else still may not: a mistyped path shall not cost a planner their documents.
    goes_on
        So may results that more replications can be added to; `Finished` says whether they are
        of the same study.

    Raises
    ------
    OutputError
        If it is a file, or a folder that may not be replaced.
    """
    if not _is_text(directory):
        raise OutputError(
            "the name of a folder above it is not text in the terminal's language",
            directory,
            "Set PYTHONUTF8=1, or work in a folder with an ASCII name.",
        )
    with output_errors(directory):
        if not directory.exists():
            return
        if not directory.is_dir():
            raise OutputError(
                "this is a file; results are kept in a folder",
                directory,
                "Name a folder that does not exist yet.",
            )
        names = {entry.name for entry in directory.iterdir()}
        if not names:
            return
        added_to = goes_on and is_added_to(directory)
        if not force and not added_to and not _is_broken_off(directory):
            raise _not_added_to(directory) if goes_on else OutputError.exists(directory)
        if names != {STRESS_DES} and (MANIFEST not in names or _foreign(directory, names)):
            raise OutputError(
                "this folder holds other things than results, and is not replaced",
                directory,
                "Name another place, or move what is there.",
            )


def ensure_free_file(file: Path, *, force: bool = False, like: bytes = b"") -> None:
    """Refuse a place for one file that would overwrite something.

    Parameters
    ----------
    file
        The place.
    force
        A file that stands there may be replaced.
    like
        But only one that begins so, in capitals or small letters: an earlier file of ours.

    Raises
    ------
    OutputError
        If it is a folder, or a file that exists and is not to be replaced.
    """
    with output_errors(file):
        if file.is_dir():
            raise OutputError("this is a folder; a file is asked for", file, "Name a file in it.")
        # A link that leads nowhere is there as well.
        if os.path.lexists(file) and not force:
            raise OutputError.exists(file)
        if like and file.is_file():
            with file.open("rb") as stood:
                if stood.read(len(like)).lower() != like.lower():
                    raise OutputError(
                        "this file is no earlier page, and is left as it is", file, "Name another."
                    )


def ensure_free_names(directory: Path, names: Iterable[str], *, force: bool = False) -> None:
    """Refuse a folder in which files of these names would overwrite something.

    Raises
    ------
    OutputError
        If it is a file, or one of the names is taken and not to be replaced.
    """
    with output_errors(directory):
        if directory.exists() and not directory.is_dir():
            raise OutputError("this is a file; a folder is asked for", directory)
    for name in names:
        ensure_free_file(directory / name, force=force)


def _not_added_to(directory: Path) -> OutputError:
    """Say that a place is taken, and of results why no replications can be added to them."""
    if (directory / MANIFEST).is_file() and (directory / SUMMARY_JSON).is_file():
        return OutputError(
            f"results are kept here without their {REPLICATIONS} (an earlier version wrote none), "
            "so that nothing can be added",
            directory,
            "Name another place, or add --force to make the study anew and replace them.",
        )
    return OutputError.exists(directory)


def _is_broken_off(directory: Path) -> bool:
    """Tell whether results are those of a study whose replications are kept, so that it goes on."""
    if not unfinished(directory).is_dir():
        return False
    try:
        study = read_json(directory / MANIFEST).get("study")
    except InputError:
        return False
    return isinstance(study, dict) and study.get("interrupted") is True


def _is_text(path: Path) -> bool:
    """Tell whether a whole path is text, as the writers of tables need it."""
    try:
        os.path.abspath(path).encode()  # noqa: PTH100 (a link stays one)
    except UnicodeEncodeError:
        return False
    return True


def _foreign(directory: Path, names: set[str]) -> bool:
    """Tell whether a folder holds anything that no command has put there."""
    rest = names - set(FILES)
    if not rest:
        return False
    try:
        known = noted(read_json(directory / MANIFEST))
    except InputError:
        return True
    if not rest <= {name.partition("/")[0] for name in known}:
        return True
    return any(
        known.get(entry.relative_to(directory).as_posix()) != _checksum(entry)
        for name in rest
        for entry in _entries(directory / name)
    )


def _entries(place: Path) -> Iterator[Path]:
    """Yield a file, or all files below a folder and the folders that hold none."""
    if place.is_symlink() or not place.is_dir():
        yield place
        return
    within = list(place.iterdir())
    if not within:
        yield place
    for entry in within:
        yield from _entries(entry)


def _checksum(entry: Path) -> str:
    return "" if entry.is_symlink() or not entry.is_file() else file_sha256(entry)
