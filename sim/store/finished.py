"""What each replication of a finished folder came to, so that more are only added.

`REPLICATIONS` holds what the journal held until the study was whole, but for the tables: what was
asked, and a file for each replication with its tallies. The tables of single replications are
read from the folder's own again. It is not needed to read the results, and whoever wants the room
may remove it.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sim.errors import InputError, OutputError
from sim.store.contents import EPISODE_TABLES, MANIFEST, REPLICATIONS, TABLES
from sim.store.documents import read_json
from sim.store.journal import (
    MOST_BYTES,
    STUDY,
    UNREADABLE,
    Asked,
    Done,
    Journal,
    listed,
    replication_files,
    replication_of,
    without_tables,
)
from sim.store.kept import Kept
from sim.store.pieces import put_replications_rows
from sim.store.refusals import output_errors

_DAMAGED: Final = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    NotImplementedError,
    RuntimeError,
    RecursionError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What reading a file from anybody may raise."""
_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)
_ANEW: Final = "Name another place, or add --fresh to begin anew and replace what is here."


def put_replications(folder: Path, journal: Path, replications: int) -> None:
    """Write `REPLICATIONS` into a folder in the making.

    Parameters
    ----------
    folder
        The folder.
    journal
        `Journal.folder` of its study.
    replications
        Those from 0 to ``replications - 1`` are in the results.

    Raises
    ------
    OSError
        If the operating system refuses.
    """
    files = [one for one in replication_files(journal) if int(one.stem) < replications]
    with zipfile.ZipFile(folder / REPLICATIONS, "w") as together:
        study = zipfile.ZipInfo(STUDY, _NO_DATE)
        together.writestr(study, (journal / STUDY).read_bytes(), zipfile.ZIP_DEFLATED)
        for file in files:
            # Its tallies are packed already.
            together.writestr(
                zipfile.ZipInfo(file.name, _NO_DATE), without_tables(file.read_bytes())
            )


class Finished:
    """A folder of results that more replications can be added to.

    Parameters
    ----------
    place
        The folder, with `REPLICATIONS` in it.
    asked
        What must be the same.
    planned
        How many replications there are to be; None: as many as a precision needs.

    Raises
    ------
    OutputError
        If its study had other settings, if it is whole and has as many replications as are asked
        for, or if a file in it is not as it was written.
    """

    def __init__(self, place: Path, asked: Asked, planned: int | None) -> None:
        self.place = place
        self._names = tuple(asked.scenarios)
        try:
            earlier = json.loads(self._member(STUDY))
            differing = asked.differences(earlier)
        except _DAMAGED:
            differing = [UNREADABLE]
        if differing:
            raise OutputError(
                "results are kept here, of a study with other settings:" + listed(differing),
                place,
                _ANEW,
            )
        made, interrupted = _made(place)
        if planned is not None and planned <= made and not interrupted:
            asked_for = "no more" if planned == made else f"fewer ({planned})"
            raise OutputError(
                f"this study is kept here with its {made} replications, and {asked_for} are asked "
                "for",
                place,
                "Ask for more with --replications, name another place, or add --fresh to make it "
                "anew.",
            )
        try:
            Kept(place).check()
        except InputError as error:
            raise self._not_added_to(error.message) from error

    def hand_over(self, journal: Journal) -> None:
        """Put into a journal of the same study what it has not, tables included.

        Raises
        ------
        OutputError
            If a table cannot be read, or the operating system refuses; a full disk is named.
        """
        found = {number: done for number, done in self._done() if number not in journal.done}
        kept = Kept(self.place)
        try:
            with output_errors(self.place):
                for schema in (*TABLES, *EPISODE_TABLES):
                    if (self.place / f"{schema.name}.parquet").is_file():
                        rows = kept.frame(schema)
                        put_replications_rows(
                            journal.folder, schema, rows, self._names, sorted(found)
                        )
        except InputError as error:
            raise self._not_added_to(f"{error.file}: {error.message}") from error
        for number, done in found.items():
            journal.put(number, done)

    def _not_added_to(self, why: str) -> OutputError:
        return OutputError(f"nothing can be added to these results: {why}", self.place, _ANEW)

    def _done(self) -> Iterator[tuple[int, Done]]:
        made, _ = _made(self.place)
        for number in range(made):
            try:
                found = replication_of(self._member(f"{number:06d}.done"), len(self._names))
            except _DAMAGED:
                continue
            if found is not None:
                yield number, found[0]

    def _member(self, name: str) -> bytes:
        with zipfile.ZipFile(self.place / REPLICATIONS) as together, together.open(name) as member:
            content = member.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ValueError(f"{name} is longer than any was")
        return content


def is_added_to(place: Path) -> bool:
    """Tell whether more replications might be added to what stands at a place."""
    return (place / MANIFEST).is_file() and (place / REPLICATIONS).is_file()


def _made(place: Path) -> tuple[int, bool]:
    """Return how many replications are in a folder's results, and whether it was broken off."""
    try:
        study = read_json(place / MANIFEST)["study"]
        return int(study["replications"]), study["interrupted"] is True
    except (InputError, *_DAMAGED) as error:
        raise OutputError("its manifest cannot be read", place / MANIFEST, _ANEW) from error
