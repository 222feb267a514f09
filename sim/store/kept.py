"""A folder of results, to be read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.provenance import FORMAT as MANIFEST_FORMAT
from sim.provenance import file_sha256
from sim.store.contents import FILES, MANIFEST, SUMMARY_JSON
from sim.store.documents import OF_RESULTS, document_sha256, read_json
from sim.store.refusals import output_errors
from sim.tables import NEVER, Schema, Table

if TYPE_CHECKING:
    import polars as pl


class Kept:
    """A folder of results, to be read.

    Parameters
    ----------
    directory
        The folder.

    Raises
    ------
    InputError
        If it is no folder of results, or its manifest or document cannot be read.
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self.directory = Path(directory)
        if not self.directory.is_dir():
            there = "this is a file" if self.directory.exists() else "there is no such folder"
            raise InputError(there, file=directory, allowed=OF_RESULTS)
        self.manifest = read_json(self.directory / MANIFEST)
        self.document = read_json(self.directory / SUMMARY_JSON)

    def frame(self, schema: Schema) -> pl.LazyFrame:
        """Return a kept table, to be read when collected; what did not happen is null.

        Raises
        ------
        InputError
            If the folder does not hold it.
        """
        import polars as pl

        path = self.directory / f"{schema.name}.parquet"
        if not path.is_file():
            raise InputError("this folder of results does not hold it", file=path)
        return pl.scan_parquet(path, glob=False)

    def table(self, schema: Schema, scenario: str, replication: int) -> Table:
        """Return one replication's rows of a table, as they were before they were kept.

        Raises
        ------
        InputError
            If the folder does not hold the table.
        """
        import polars as pl

        rows = (
            self.frame(schema)
            .filter(pl.col("scenario") == scenario, pl.col("replication") == replication)
            .collect()
        )
        # Only optional columns hold nulls.
        whole = rows.fill_null(NEVER)
        return Table(schema, {name: whole[name].to_numpy() for name in schema.names})

    def changed_files(self) -> list[str]:
        """Return the names of files that are not as the manifest's checksums say, or absent."""
        return [
            name
            for name, checksum in self.manifest["checksums"].items()
            if not (self.directory / name).is_file() or self._sha256(name) != checksum
        ]

    def check(self) -> None:
        """Refuse a folder that is not as this version of the simulator wrote it.

        Raises
        ------
        InputError
            If another version wrote it, a table or another file is absent, or a file was changed.
        """
        found = self.manifest.get("format")
        if found != MANIFEST_FORMAT:
            raise InputError(
                "this folder of results was written by another version of the simulator",
                file=self.directory / MANIFEST,
                path="format",
                found=found,
                allowed=f"{MANIFEST_FORMAT}; run the study again with --output",
            )
        checksums = self.manifest.get("checksums")
        if not isinstance(checksums, dict) or SUMMARY_JSON not in checksums:
            raise InputError(
                "this manifest says nothing of the files beside it, or too little",
                file=self.directory / MANIFEST,
                path="checksums",
                allowed="a folder as --output has written it",
            )
        absent = [
            name
            for name in dict.fromkeys((*FILES, *checksums))
            if name in checksums and not (self.directory / name).is_file()
        ]
        if absent:
            raise InputError(
                f"this folder of results is not whole; it lacks {', '.join(absent)}",
                file=self.directory,
                allowed="a folder as --output has written it",
            )
        changed = self.changed_files()
        if changed:
            raise InputError(
                f"changed since the study was kept: {', '.join(changed)}",
                file=self.directory,
                allowed="a folder as --output has written it; run the study again",
            )

    def _sha256(self, name: str) -> str:
        if name == SUMMARY_JSON:
            return document_sha256(self.document)
        with output_errors(self.directory):
            return file_sha256(self.directory / name)
