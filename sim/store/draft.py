"""A folder of results in the making."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from sim.provenance import file_sha256
from sim.store.contents import (
    EPISODE_TABLES,
    MANIFEST,
    REPLICATIONS,
    STRESS_DES,
    SUMMARY_JSON,
    TABLES,
)
from sim.store.documents import document_sha256, json_text, read_json
from sim.store.durable import bring_file_to_disk, bring_to_disk
from sim.store.finished import put_replications
from sim.store.free import ensure_free
from sim.store.locks import held
from sim.store.pieces import join_pieces
from sim.store.placing import new_sibling
from sim.store.refusals import output_errors

# The first two say how long the run took, so their bytes differ from run to run; the document has
# a checksum without that. The third says which engine made what, and has checksums of its own.
_WITHOUT_CHECKSUM: Final = (SUMMARY_JSON, STRESS_DES, REPLICATIONS)


class Draft:
    """A folder of results in the making; a context manager.

    Left without a `commit`, whatever the reason, it removes all that it wrote, and what stood at
    its place before stands there still.

    Parameters
    ----------
    directory
        Where the results shall be.
    force
        Replace an earlier folder of results there.

    Raises
    ------
    OutputError
        If the place is taken (`ensure_free`), another run writes there, or nothing can be
        written beside it.
    """

    def __init__(self, directory: str | os.PathLike[str], *, force: bool = False) -> None:
        self.directory = Path(directory)
        self._force = force
        self._target = Path(os.path.abspath(self.directory))  # noqa: PTH100 (a link stays one)
        ensure_free(self._target, force=force)
        with contextlib.ExitStack() as stack:
            stack.enter_context(held(self.directory))
            with output_errors(self.directory):
                self.workspace = new_sibling(self._target, "partial")
            self._held = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.discard()

    def discard(self) -> None:
        """Remove what was written and not committed."""
        shutil.rmtree(self.workspace, ignore_errors=True)
        self._held.close()

    def join_tables(
        self,
        pieces: Path,
        *,
        scenarios: int,
        replications: int,
        names: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    ) -> None:
        """Join the tables of single replications.

        Parameters
        ----------
        pieces
            `Journal.folder`; they stay there.
        scenarios, replications
            Pieces are joined of scenarios 0 to ``scenarios - 1`` and, of each, of replications 0 to
            ``replications - 1``, in this order; others are left out. A table of which there is
            no piece at all has no file.
        names
            By scenario, for the metadata: what codes count, such as ``streams`` in their order.

        Raises
        ------
        OutputError
            If the operating system refuses.
        InternalError
            If the pieces of some replications are missing.
        """
        with output_errors(self.directory):
            for schema in (*TABLES, *EPISODE_TABLES):
                join_pieces(pieces, self.workspace, schema, scenarios, replications, names or {})

    def put_replications(self, journal: Path, replications: int) -> None:
        """Keep what the replications of a journal came to, so that more can be added.

        Raises
        ------
        OutputError
            If the operating system refuses.
        """
        with output_errors(self.directory):
            put_replications(self.workspace, journal, replications)

    def write(self, name: str, content: bytes | str) -> None:
        """Write one of `FILES`.

        Raises
        ------
        OutputError
            If the operating system refuses.
        """
        with output_errors(self.directory):
            data = content.encode("utf-8") if isinstance(content, str) else content
            (self.workspace / name).write_bytes(data)

    def checksums(self) -> dict[str, str]:
        """SHA-256 of each file by its name; of the document, without the time that its run took.

        `STRESS_DES` has none, since it says that too, nor has `REPLICATIONS`.
        """
        with output_errors(self.directory):
            found = {
                entry.name: file_sha256(entry)
                for entry in sorted(self.workspace.iterdir())
                if entry.is_file() and entry.name not in _WITHOUT_CHECKSUM
            }
        document = self.workspace / SUMMARY_JSON
        if document.is_file():
            found[SUMMARY_JSON] = document_sha256(read_json(document))
        return found

    def commit(self, manifest: Mapping[str, Any]) -> Path:
        """Write the manifest, and put the folder in its place.

        Returns
        -------
        Path
            The folder, as it was asked for.

        Raises
        ------
        OutputError
            If something cannot be written, or the place has been taken meanwhile.
        """
        self.write(MANIFEST, json_text(manifest))
        with output_errors(self.directory):
            for file in self.workspace.iterdir():
                bring_file_to_disk(file)
            bring_to_disk(self.workspace)
            self._place()
            bring_to_disk(self._target.parent)
        return self.directory

    def _place(self) -> None:
        ensure_free(self._target, force=self._force)
        if not self._target.exists():
            self.workspace.replace(self._target)
            return
        aside = new_sibling(self._target, "replaced")
        earlier = aside / self._target.name
        self._target.replace(earlier)
        try:
            self.workspace.replace(self._target)
        except BaseException:
            earlier.replace(self._target)
            aside.rmdir()
            raise
        shutil.rmtree(aside, ignore_errors=True)
