"""What came of a run or a comparison, ready to be looked at, drawn or saved."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from sim.errors import SimulatorError
    from sim.results import Document
    from sim.study import Study

_COLUMNS = 100
"""Of the summary in a notebook."""


@dataclass(frozen=True, eq=False, repr=False)
class Results:
    """What came of a run or a comparison.

    Attributes
    ----------
    document
        Rows by scenario and by difference, typed, with what surrounds them.
    study
        The tallies of each replication that they were made of.
    stopped
        Ctrl-C, or what `lost` says, left replications out, or what is told beside the rows.
    lost
        What ended it early, where it was not a request: a cluster that was lost, memory or a disk
        that ran out.
    goes_on
        Where what is done is kept and how to go on, as a sentence, where it is not whole.
    command
        Program and arguments, for the manifest; empty: not by a command.
    """

    document: Document
    study: Study
    stopped: bool = False
    lost: SimulatorError | None = None
    goes_on: str | None = None
    command: tuple[str, ...] = ()

    @property
    def rows(self) -> pl.DataFrame:
        """All rows as a table, in the columns of `sim.results.table.COLUMNS`."""
        from sim.results.table import rows_table

        return rows_table(self.document)

    def summary(
        self,
        width: int = 80,
        *,
        full: bool = False,
        show: Sequence[str] = (),
        about: str | None = None,
        ascii_only: bool = False,
    ) -> str:
        """What the commands print, as text of at most `width` columns.

        Parameters
        ----------
        width
            Columns; under 40 is taken as 40.
        full, show, about
            As the options --full, --show and --about.
        ascii_only
            Use no character outside ASCII.

        Raises
        ------
        sim.errors.InputError
            If there is no such section, or no such cut in the rows.
        """
        from sim.report.console import Wanted, shown
        from sim.report.terminal import as_text

        wanted = Wanted(full, tuple(show), about)
        return as_text(shown(self.document, wanted, width=width, ascii_only=ascii_only), width)

    def page(self, *, one_page: bool = False) -> str:
        """The page for a meeting, or its first screen alone: one HTML file, nothing to fetch."""
        from sim.report.page import page

        return page(self.document, one_page=one_page)

    def slides(self) -> bytes:
        """Three slides to be edited, as a .pptx file; needs the extra ``slides``."""
        from sim.report.slides import slides

        return slides(self.document)

    def save(self, folder: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Keep the results in a folder, from which ``run_sim.py report`` makes a page.

        The tables of single incidents are not in it: they are too large to be held until then.
        Name a folder as `output` of `sim.run` to have them kept while they are simulated.

        Raises
        ------
        sim.errors.OutputError
            If the place is taken, or nothing can be written there.
        """
        from sim.api.keeping import fill
        from sim.store import Draft

        with Draft(folder, force=force) as draft:
            return fill(
                draft, self.study, self.document, stopped=self.stopped, command=self.command
            )

    def __repr__(self) -> str:
        """Names and size, such as "<Results of a, b: 30 replications of 28 days>"."""
        run = self.document.run
        names = ", ".join(self.document.names)
        return f"<Results of {names}: {run.replications} replications of {run.days} days>"

    def _repr_html_(self) -> str:
        """The summary, as a notebook shows it."""
        return f"<pre>{escape(self.summary(_COLUMNS))}</pre>"
