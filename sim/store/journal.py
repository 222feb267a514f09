"""Replications that are done, on the disk before they count, so that a study can go on.

A journal is a folder beside the place of the results, named after it with ``.unfinished`` at its
end. It holds ``study.json``, what was asked; ``replications``, a file for each that is done, with
its tallies by scenario; and ``pieces``, its tables, which are there before that file is. A file
that is damaged, or whose tables are not all there, is that of a replication to be made again.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import pickle
import shutil
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.errors import InputError, OutputError
from sim.measures import Replication
from sim.places import remove_folders
from sim.scenario.resolve import Difference, difference_of_data
from sim.store.documents import json_text, read_json
from sim.store.durable import bring_to_disk, is_half_written, put_durably
from sim.store.pieces import PIECES, least_pieces, pieces_of
from sim.store.refusals import output_errors

SUFFIX: Final = ".unfinished"
STUDY: Final = "study.json"
_REPLICATIONS: Final = "replications"
_FORMAT: Final = 1
_MOST_DIFFERENCES: Final = 5
UNREADABLE: Final = "it cannot be read"
MOST_BYTES: Final = 1 << 30
"""Of one replication's tallies, unpacked: what is longer was never one."""


@dataclass(frozen=True)
class Done:
    """A replication that is done: the engine that made it, and by scenario its packed tallies."""

    engine: str
    tallies: tuple[bytes, ...]


@dataclass(frozen=True)
class Asked:
    """What must be the same for replications to be those of one study.

    Parameters
    ----------
    size
        Days, seed and the like, by the words that a planner knows them by.
    software
        As `sim.provenance.fingerprint`; `told` says what differs.
    scenarios
        By name, baseline first, the resolved data.
    """

    size: Mapping[str, Any]
    software: Mapping[str, str]
    scenarios: Mapping[str, Any]

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        scenarios = [{"name": name, "resolved": data} for name, data in self.scenarios.items()]
        data = {"size": self.size, "software": self.software, "scenarios": scenarios}
        plain: dict[str, Any] = json.loads(json.dumps(data, default=str))
        return plain

    def differences(self, earlier: Mapping[str, Any]) -> list[str]:
        """Say what an earlier study of the same place was asked otherwise, the earlier one first.

        Raises
        ------
        KeyError, TypeError, AttributeError
            If that is nothing that `as_data` gave.
        """
        own = self.as_data()
        told = [
            f"{name}: {earlier['size'].get(name)}, and now {value}"
            for name, value in own["size"].items()
            if earlier["size"].get(name) != value
        ]
        if earlier["software"] != own["software"]:
            told.append("the simulator, or what it rests on, is another version or other code")
        pair = [
            {one["name"]: one["resolved"] for one in data["scenarios"]} for data in (earlier, own)
        ]
        before, after = pair
        if list(before) != list(after):
            told.append(f"scenarios: {', '.join(before)}, and now {', '.join(after)}")
        for name in after:
            if name in before:
                found = difference_of_data(before[name], after[name])
                told += [f"{name}, {_in_words(one)}" for one in found]
        return told


def _in_words(one: Difference) -> str:
    before, now = one.written
    return f"{one.path}: {before}, and now {now}"


class Journal:
    """The replications of one study that are done, on the disk.

    Parameters
    ----------
    folder
        Where it is, or is to be.
    place
        What a planner named: messages are about that.
    asked
        What must be the same.
    scenarios
        How many there are.
    tables
        Whether tables are kept with each replication.
    fresh
        Begin anew, whatever is there.

    Raises
    ------
    OutputError
        If the folder holds a study with other settings, or cannot be written to.
    """

    def __init__(
        self,
        folder: Path,
        place: Path,
        asked: Asked,
        *,
        scenarios: int,
        tables: bool,
        fresh: bool = False,
    ) -> None:
        self.folder = folder
        self.place = place
        self._scenarios = scenarios
        self._tables = tables
        self._absent = [one for one in folder.parents if not os.path.lexists(one)]
        with output_errors(place):
            if fresh:
                shutil.rmtree(folder, ignore_errors=True)
            if (folder / STUDY).exists():
                self._ensure_same(asked)
            else:
                self._begin(asked)
            self.done = self._read()

    @property
    def workspace(self) -> Path:
        """Where processes write tables and tallies themselves."""
        return self.folder

    @property
    def where(self) -> str:
        """The place, for people."""
        return str(self.place.with_name(self.folder.name))

    def note(self, number: int, done: Done) -> None:
        """Take no note: whoever made the replication has written it."""

    def put(self, number: int, done: Done) -> None:
        """Write a replication whose tables are there already.

        Raises
        ------
        OutputError
            If the operating system refuses; a full disk is named.
        """
        put_replication(self.folder, number, done, self._scenarios if self._tables else 0)
        self.done[number] = done

    def remove(self) -> None:
        """Remove it, and folders that were made for it."""
        # First what makes it one, so that half of it is never taken for a study.
        with contextlib.suppress(OSError):
            (self.folder / STUDY).unlink()
        shutil.rmtree(self.folder, ignore_errors=True)
        remove_folders(self._absent)

    def close(self) -> int:
        """Remove it where nothing is done; return how many replications are there else."""
        number = len(replication_files(self.folder))
        if not number:
            self.remove()
        return number

    def _begin(self, asked: Asked) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        for below in (_REPLICATIONS, PIECES):
            (self.folder / below).mkdir(parents=True, exist_ok=True)
        text = json_text({"format": _FORMAT, **asked.as_data()})
        put_durably(self.folder / STUDY, lambda aside: aside.write_text(text, encoding="utf-8"))
        bring_to_disk(self.folder)

    def _ensure_same(self, asked: Asked) -> None:
        try:
            differing = asked.differences(read_json(self.folder / STUDY))
        except (InputError, KeyError, TypeError, AttributeError):
            differing = [UNREADABLE]
        if not differing:
            for below in (_REPLICATIONS, PIECES):
                (self.folder / below).mkdir(exist_ok=True)
            return
        raise OutputError(
            "an unfinished study is kept here, with other settings:" + listed(differing),
            self.place,
            "Give its own command to go on with it, name another place, or add --fresh to begin "
            "anew.",
        )

    def _read(self) -> dict[int, Done]:
        for below in (_REPLICATIONS, PIECES):
            for file in list((self.folder / below).iterdir()):
                if is_half_written(file):
                    file.unlink(missing_ok=True)
        found = {}
        for file in replication_files(self.folder):
            done = read_replication(file, self.folder, self._scenarios, tables=self._tables)
            if done is not None:
                found[int(file.stem)] = done
        return found


def listed(differing: Sequence[str]) -> str:
    """The first of what differs, a line each, below a sentence."""
    more = len(differing) - _MOST_DIFFERENCES
    lines = [*differing[:_MOST_DIFFERENCES], *([f"and {more} more"] if more > 0 else [])]
    return "".join(f"\n    {line}" for line in lines)


def replication_files(folder: Path) -> list[Path]:
    """Return the files of the replications that are in a journal, in the order of numbers."""
    with contextlib.suppress(OSError):
        found = (folder / _REPLICATIONS).iterdir()
        return sorted(one for one in found if one.stem.isdecimal() and not is_half_written(one))
    return []


def put_replication(folder: Path, number: int, done: Done, scenarios: int) -> None:
    """Write a replication into a journal; from then on it is done.

    Parameters
    ----------
    folder
        `Journal.folder`; worker processes may write to it at the same time.
    number
        Of the replication.
    done
        What came of it.
    scenarios
        So many scenarios' tables are in the journal already; 0: tables are not kept.

    Raises
    ------
    OutputError
        If the operating system refuses; a full disk is named.
    """
    with output_errors(folder):
        pieces = {one.name: one.stat().st_size for one in pieces_of(folder, scenarios, number)}
        if pieces:
            bring_to_disk(folder / PIECES)
        content = b"".join(done.tallies)
        head = {
            "engine": done.engine,
            "sizes": [len(one) for one in done.tallies],
            "sum": zlib.crc32(content),
            "pieces": pieces,
        }
        data = json.dumps(head).encode("ascii") + b"\n" + content
        file = folder / _REPLICATIONS / f"{number:06d}.done"
        put_durably(file, lambda aside: aside.write_bytes(data))
        bring_to_disk(file.parent)


def read_replication(file: Path, folder: Path, scenarios: int, *, tables: bool) -> Done | None:
    """Return a replication of a journal; None where it is damaged, or not all of it is there."""
    try:
        found = replication_of(file.read_bytes(), scenarios)
        if found is None:
            return None
        done, pieces = found
        expected = {
            one.name for one in pieces_of(folder, scenarios if tables else 0, int(file.stem))
        }
        least = least_pieces(scenarios, int(file.stem)) if tables else set[str]()
        if (
            expected != set(pieces)
            or not least <= expected
            or any((folder / PIECES / name).stat().st_size != size for name, size in pieces.items())
        ):
            return None
    except (OSError, ValueError, TypeError):
        return None
    return done


def without_tables(written: bytes) -> bytes:
    """Return a replication as it was written, but for what it says of its tables' files."""
    first, _, content = written.partition(b"\n")
    head = {**json.loads(first), "pieces": {}}
    return json.dumps(head).encode("ascii") + b"\n" + content


def replication_of(written: bytes, scenarios: int) -> tuple[Done, Mapping[str, int]] | None:
    """Return a replication and the sizes of its tables' files, as it was written; None: damaged."""
    try:
        first, _, content = written.partition(b"\n")
        head = json.loads(first)
        sizes = [int(size) for size in head["sizes"]]
        whole = len(sizes) == scenarios and min(sizes) > 0 and sum(sizes) == len(content)
        if not whole or zlib.crc32(content) != head["sum"]:
            return None
        ends = np.cumsum(sizes).tolist()
        parts = tuple(content[end - size : end] for size, end in zip(sizes, ends, strict=True))
        if not all(_is_tally(part) for part in parts):
            return None
        return Done(str(head["engine"]), parts), dict(head["pieces"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


class _Tally(pickle.Unpickler):
    """Reads tallies and nothing else: a folder may come from anybody."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 (whatever it finds)
        """Find what tallies are made of."""
        own = module.startswith("sim.measures.") and name.isidentifier() and name[0].isupper()
        numbers = (module.partition(".")[0], name) in _OF_NUMPY
        if own or numbers:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a tally")


_OF_NUMPY: Final = {
    ("numpy", name) for name in ("ndarray", "dtype", "_reconstruct", "_frombuffer", "scalar")
}


def _is_tally(part: bytes) -> bool:
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(part, MOST_BYTES)
        return unpacking.eof and isinstance(_Tally(io.BytesIO(content)).load(), Replication)
    except Exception:
        return False


def unfinished(place: Path) -> Path:
    """Return where the journal of a place is, or would be."""
    target = Path(os.path.abspath(place))  # noqa: PTH100 (a link stays one)
    return target.with_name(target.name + SUFFIX)


def numbers_left(done: Mapping[int, object], planned: int) -> Sequence[int]:
    """Return the replications that are still to be made, in order."""
    return [number for number in range(planned) if number not in done]
