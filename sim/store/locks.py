"""One writer for each place: a second run says so at once, and leaves it alone."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sim.errors import OutputError
from sim.places import folders_made, remove_folders
from sim.store.refusals import output_errors

_held: Final[dict[Path, int]] = {}
"""By place, how many blocks of this process hold it."""


@contextlib.contextmanager
def held(*places: Path | None) -> Iterator[None]:
    """Keep other runs from writing to these places, as long as the block lasts.

    Parameters
    ----------
    *places
        Files or folders; None is left aside. What an earlier run has left half-made beside them
        is cleared away: it is nobody's.

    Raises
    ------
    OutputError
        If another run writes to one of them, or nothing can be written beside it.

    Notes
    -----
    The system lets go of a lock when its process ends, however it ends. A block inside another of
    the same process holds what it holds.
    """
    named = [place for place in places if place is not None]
    paths = {Path(os.path.abspath(place)) for place in named}  # noqa: PTH100 (a link stays one)
    with contextlib.ExitStack() as stack:
        for place in named:
            # What lies in another of the places is held with it.
            if not paths & set(Path(os.path.abspath(place)).parents):  # noqa: PTH100
                stack.enter_context(_one_held(place))
        yield


@contextlib.contextmanager
def _one_held(place: Path) -> Iterator[None]:
    target = Path(os.path.abspath(place))  # noqa: PTH100 (a link stays one)
    if target in _held:
        _held[target] += 1
        try:
            yield
        finally:
            _held[target] -= 1
        return
    absent = [one for one in target.parents if not os.path.lexists(one)]
    lock = target.with_name(f".{target.name}.lock")
    with output_errors(place), folders_made(target.parent):
        number = _locked(lock, place)
    _held[target] = 1
    try:
        _clear_away(target)
        yield
    finally:
        del _held[target]
        _let_go(lock, number)
        remove_folders(absent)


def _locked(lock: Path, place: Path) -> int:
    """Return the number of the open file whose lock is ours."""
    while True:
        number = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            if not _is_ours(number):
                raise OutputError(
                    "another run is writing here at this moment",
                    place,
                    "Wait until it has ended, or name another place.",
                )
            # Whoever held it before may have removed the name meanwhile.
            if lock.exists() and os.path.samestat(lock.stat(), os.fstat(number)):
                return number
        except BaseException:
            os.close(number)
            raise
        os.close(number)


def _let_go(lock: Path, number: int) -> None:
    """Remove the name while the lock is held, so that nobody holds one whose name is gone."""
    if sys.platform == "win32":
        # There an open file keeps its name; what another run has opened meanwhile stays.
        os.close(number)
        with contextlib.suppress(OSError):
            lock.unlink()
        return
    with contextlib.suppress(OSError):
        lock.unlink()
    os.close(number)


def _is_ours(number: int) -> bool:
    """Lock an open file; where the disk knows no locks, all is as if nobody else were there."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True


def _clear_away(target: Path) -> None:
    """Remove what ended runs have left half-made beside a place; bring back what one had aside."""
    with contextlib.suppress(OSError):
        for entry in list(target.parent.iterdir()):
            if entry.name.startswith(f".{target.name}.replaced-"):
                earlier = entry / target.name
                if earlier.exists() and not os.path.lexists(target):
                    earlier.replace(target)
            elif not (
                entry.name.startswith(f".{target.name}.partial-")
                or entry.name.removeprefix(f".{target.name}.").isdecimal()
            ):
                continue
            _remove(entry)
    with contextlib.suppress(OSError):
        for entry in list(target.glob(".files.partial-*")):
            _remove(entry)


def _remove(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        entry.unlink(missing_ok=True)
