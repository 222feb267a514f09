"""Files that commands read and write: scenarios, pages, charts, and whole files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError, OutputError, ScenarioErrors

if TYPE_CHECKING:
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


def notices(loaded: Sequence[Loaded]) -> Iterator[str]:
    """What loading has remarked on; with the scenario's name where there are several."""
    for one in loaded:
        for notice in one.notices:
            yield notice if len(loaded) == 1 else f"{one.name}: {notice}"


def relative(target: Path, file: Path) -> str | None:
    """A file as seen from the folder of another; None where it is absent or on another disk."""
    if not target.is_file():
        return None
    try:
        return Path(os.path.relpath(target.resolve(), file.resolve().parent)).as_posix()
    except ValueError:
        return None


def write_whole(file: Path, text: str) -> None:
    """Write a file so that there is never half of it."""
    partial = file.parent / f".{file.name}.{os.getpid()}"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            partial.write_text(text, encoding="utf-8", newline="\n")
            partial.replace(file)
        except BaseException:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputError.from_os_error(error, file) from error


def ensure_free_pictures(html: Path | None, charts: Path | None, force: bool) -> None:
    """Refuse places for a page and charts that are taken."""
    from sim.store import ensure_free_file, ensure_free_names

    if html is not None:
        ensure_free_file(html, force=force, like=b"<!doctype html")
    if charts is not None:
        from sim.report.charts import file_names

        ensure_free_names(charts, file_names(), force=force)


def picture(document: Mapping[str, object], html: Path | None, charts: Path | None) -> None:
    """Write the page and the charts of a document."""
    from sim.store import put_files

    if html is not None:
        from sim.report.page import page

        write_whole(html, page(document))
    if charts is not None:
        from sim.report.charts import chart_files
        from sim.report.view import View

        put_files(charts, chart_files(View(document)))
