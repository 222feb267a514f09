"""Files that commands read and write: scenarios, pages and charts."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError, OutputError, ScenarioErrors
from sim.places import ensure_writable, write_whole

if TYPE_CHECKING:
    from sim.results import Document
    from sim.scenario.loading import Loaded


def load_all(files: Sequence[Path]) -> list[Loaded]:
    """Load scenario files; the faults of all of them are told at once."""
    from sim.scenario.loading import load

    loaded: list[Loaded] = []
    faults: list[InputError] = []
    for file in files:
        try:
            loaded.append(load(file))
        except ScenarioErrors as errors:
            faults += errors.errors
    names = [one.name for one in loaded]
    faults += [
        InputError(
            "two files of this name cannot be told apart in the results",
            file=one.path,
            allowed="files whose names differ, folder and suffix apart",
        )
        for place, one in enumerate(loaded)
        if one.name in names[:place]
    ]
    if faults:
        raise ScenarioErrors(faults)
    return loaded


def relative(target: Path, file: Path) -> str | None:
    """A file as seen from the folder of another; None where it is absent or on another disk."""
    if not target.is_file():
        return None
    try:
        return Path(os.path.relpath(target.resolve(), file.resolve().parent)).as_posix()
    except ValueError:
        return None


@dataclass(frozen=True)
class Pictures:
    """Places for a page and for charts, and the folder of the results that they are of.

    Parameters
    ----------
    html, charts
        The file of the page and the folder of the charts; None: not asked for.
    results
        The folder that results are kept in; None: nowhere.
    """

    html: Path | None = None
    charts: Path | None = None
    results: Path | None = None

    def ensure_free(self, *, force: bool) -> None:
        """Refuse, before any work, places that are taken or that nothing can be written to.

        Raises
        ------
        OutputError
            If one is.
        """
        from sim.store import ensure_free_file, ensure_free_names

        if self.html is not None:
            ensure_free_file(self.html, force=force, like=b"<!doctype html")
            ensure_writable(self.html)
        if self.charts is not None:
            from sim.report.charts import file_names

            names = file_names()
            ensure_free_names(self.charts, names, force=force)
            ensure_writable(self.charts / names[0])
        self._ensure_apart()

    def _ensure_apart(self) -> None:
        """Refuse a page in the place of a folder, and either in the place of a file of results."""
        from sim.store import FILES

        folders = [place.resolve() for place in (self.results, self.charts) if place is not None]
        if self.html is not None:
            page = self.html.resolve()
            if any(page == folder or page in folder.parents for folder in folders):
                raise OutputError(
                    "this is to be a folder in the same command; the page is a file",
                    self.html,
                    "Name a file for --html.",
                )
        if self.results is None:
            return
        taken = {self.results.resolve() / name for name in FILES}
        for place in (self.html, self.charts):
            if place is not None and taken & {place.resolve(), *place.resolve().parents}:
                raise OutputError(
                    "a file of the results has this name", place, "Name another place."
                )

    def write(self, document: Document) -> None:
        """Write the page and the charts of a document.

        Raises
        ------
        OutputError
            If the operating system refuses.
        """
        from sim.store import note_pictures, put_files

        made: list[Path] = []
        if self.html is not None:
            from sim.report.page import page

            write_whole(self.html, page(document))
            made.append(self.html)
        if self.charts is not None:
            from sim.report.charts import chart_files

            made += put_files(self.charts, chart_files(document))
        if self.results is not None:
            note_pictures(self.results, made)


def ensure_new(file: Path, *, force: bool) -> None:
    """Refuse, before any work, a place for a file that is taken or cannot be written to.

    Raises
    ------
    OutputError
        If it is.
    """
    # A link that leads nowhere is there as well.
    if os.path.lexists(file) and not force:
        raise OutputError.exists(file)
    ensure_writable(file)
    if file.is_dir():
        raise OutputError("this is a folder; a file is asked for", file, "Name a file in it.")
