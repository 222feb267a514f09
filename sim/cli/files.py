"""Files that commands read and write: scenarios, pages and charts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.edge import hold
from sim.cli.printing import print_lines
from sim.errors import InputError, OutputError, ScenarioErrors
from sim.places import ensure_writable, write_whole

if TYPE_CHECKING:
    from sim.results import Document
    from sim.scenario.loading import Loaded


def load_all(
    files: Sequence[Path], levers: Sequence[str] | None = None, *, compared: bool = False
) -> list[Loaded]:
    """Load scenario files; the faults of all of them are told at once.

    What is set by name (`levers`, the words of ``--set``) is set in all; where the first is the
    baseline that the others are `compared` with, in the others. Without others it is set in the
    baseline, which is then compared with itself as its file has it.
    """
    from sim.scenario.levers import levers_of
    from sim.scenario.loading import load

    given = levers_of(levers or ())
    if compared and len(files) == 1:
        if not given:
            raise InputError(
                "there is nothing to hold against the baseline",
                path="OTHER",
                allowed="a second scenario file, or what is to be changed: --set PATH=VALUE",
            )
        files = [*files, *files]
    loaded: list[Loaded] = []
    faults: list[InputError] = []
    for place, file in enumerate(files):
        try:
            set_here = {} if compared and place == 0 else given
            loaded.append(load(file, set_here, as_variant=compared and file == files[0]))
        except ScenarioErrors as errors:
            told = [str(fault) for fault in faults]
            faults += [fault for fault in errors.errors if str(fault) not in told]
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
    one_page
        Whether the page is its first screen alone.
    slides
        The file of the slides; None: not asked for.
    """

    html: Path | None = None
    charts: Path | None = None
    results: Path | None = None
    one_page: bool = False
    slides: Path | None = None

    def ensure_free(
        self,
        *,
        force: bool,
        names: Callable[[], Sequence[str]] | None = None,
        replaced: bool = False,
    ) -> None:
        """Refuse, before any work, places that are taken or that nothing can be written to.

        Those that are free are held until the command ends.

        Parameters
        ----------
        force
            Whether earlier files of ours may be replaced.
        names
            Gives the names of the charts' files; None: those of a study.
        replaced
            Whether all that stands in the folder of the results goes for what is made, so that
            these may be in it as well.

        Raises
        ------
        OutputError
            If one is.
        InputError
            If one page is asked for and no page, or slides and nothing can make them.
        """
        from sim.store import ensure_free_file, ensure_free_names

        if self.one_page and self.html is None:
            raise InputError(
                "there is no page to be made shorter", path="--one-page", allowed="with --html FILE"
            )

        def inside(place: Path) -> bool:
            return replaced and self._is_kept(place)

        if self.html is not None:
            ensure_free_file(self.html, force=force or inside(self.html), like=b"<!doctype html")
            ensure_writable(self.html)
        if self.charts is not None:
            from sim.report.charts import file_names

            found = (names or file_names)()
            ensure_free_names(self.charts, found, force=force or inside(self.charts))
            ensure_writable(self.charts / next(iter(found), "chart.svg"))
        if self.slides is not None:
            from sim.report.slides import ensure_package

            ensure_package()
            ensure_free_file(self.slides, force=force or inside(self.slides), like=b"PK")
            ensure_writable(self.slides)
        self._ensure_apart()
        places = [one for one in (self.html, self.charts, self.slides) if one is not None]
        # The folder of results, and so what is put into it, is its writer's to hold.
        hold(*(one for one in places if not self._is_kept(one)))

    def _is_kept(self, place: Path) -> bool:
        """Whether a place lies in the folder of the results."""
        return self.results is not None and self.results.resolve() in place.resolve().parents

    def _ensure_apart(self) -> None:
        """Refuse a page in the place of a folder, and either in the place of a file of results."""
        from sim.store import FILES

        folders = [place.resolve() for place in (self.results, self.charts) if place is not None]
        files = (("page", "--html", self.html), ("deck", "--slides", self.slides))
        for what, option, file in files:
            if file is None:
                continue
            own = file.resolve()
            if any(own == folder or own in folder.parents for folder in folders):
                raise OutputError(
                    f"this is to be a folder in the same command; the {what} is a file",
                    file,
                    f"Name a file for {option}.",
                )
        places = [file.resolve() for _, _, file in files if file is not None]
        if self.slides is not None and len(set(places)) < len(places):
            raise OutputError(
                "this is to be the page in the same command", self.slides, "Name another file."
            )
        if self.results is None:
            return
        taken = {self.results.resolve() / name for name in FILES}
        for place in (self.html, self.charts, self.slides):
            if place is not None and taken & {place.resolve(), *place.resolve().parents}:
                raise OutputError(
                    "a file of the results has this name", place, "Name another place."
                )

    def write(self, document: Document) -> None:
        """Write the page, the charts and the slides of a document.

        Raises
        ------
        OutputError
            If the operating system refuses.
        """
        if self.html is self.charts is self.slides is None:
            # What draws them takes a while to load.
            return
        from sim.report.charts import chart_files
        from sim.report.page import page
        from sim.report.slides import slides

        self.put(
            lambda: page(document, one_page=self.one_page),
            lambda: chart_files(document),
            lambda: slides(document),
        )

    def put(
        self,
        page: Callable[[], str],
        charts: Callable[[], Iterable[tuple[str, bytes]]],
        slides: Callable[[], bytes] | None = None,
    ) -> None:
        """Write those of them that are asked for, and note them in the folder of results.

        Raises
        ------
        OutputError
            If the operating system refuses.
        """
        from sim.store import note_pictures, put_files

        made: list[Path] = []
        if self.html is not None:
            write_whole(self.html, page())
            made.append(self.html)
        if self.charts is not None:
            made += put_files(self.charts, charts())
        if self.slides is not None and slides is not None:
            made += put_files(self.slides.parent, [(self.slides.name, slides())])
        if self.results is not None:
            note_pictures(self.results, made)


def own_page(directory: Path, *, force: bool) -> tuple[Path | None, Path | None]:
    """Where the page of a kept folder goes unasked, and what is left as it stands there.

    Parameters
    ----------
    directory
        The folder.
    force
        Whether an earlier page is replaced.

    Returns
    -------
    tuple
        The page to make, or None where something stands in its place; and that, or None.
    """
    page = Path(f"{directory.resolve().name}.html")
    return (None, page) if os.path.lexists(page) and not force else (page, None)


def say_made(places: Iterable[Path | None], left: Path | None = None) -> None:
    """Say which files were made, and which page was left as it stood."""
    made = [place.as_posix() for place in places if place is not None]
    if made:
        print_lines([f"Made: {' and '.join(made)}"])
    if left is not None:
        print_lines([f"Left as it is: {left.as_posix()}; --force makes it anew."])


def ensure_new(file: Path, *, force: bool) -> None:
    """Refuse, before any work, a place for a file that is taken or cannot be written to; hold it.

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
    hold(file)
