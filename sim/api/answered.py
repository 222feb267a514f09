"""What came of a planner's question, ready to be looked at, drawn or saved."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypedDict, TypeVar

from sim import provenance
from sim.answers.document import AnswerDocument, csv_text, records_table
from sim.store import SUMMARY_CSV, SUMMARY_JSON, Draft

if TYPE_CHECKING:
    import polars as pl

    from sim.answers import Told
    from sim.scenario.loading import Loaded
    from sim.study.settings import EngineName

Kind = TypeVar("Kind", bound=AnswerDocument)

_COLUMNS = 100
"""Of the summary in a notebook."""


class AnswerOptions(TypedDict, total=False):
    """How much is simulated, and where the answer is kept; what is not named is as in commands.

    ==================================  ======================================================
    replications, days, warm_up_days,   as `sim.study.Settings` has them
    seed, workers, engine, level
    output                              folder to keep the answer in, as ``--output``
    force                               replace an earlier folder of results there
    progress                            told as the work goes on (`sim.answers.Told`)
    ==================================  ======================================================
    """

    replications: int
    days: int
    warm_up_days: int
    seed: int
    workers: int | None
    engine: EngineName
    level: float
    output: str | os.PathLike[str] | None
    force: bool
    progress: Told | None


@dataclass(frozen=True, eq=False, repr=False)
class Answered(Generic[Kind]):
    """What came of a planner's question.

    Attributes
    ----------
    document
        The answer, typed.
    loaded
        The scenarios that it is about, the baseline first.
    files
        Further files of the answer by name, which a kept folder holds beside the others.
    """

    document: Kind
    loaded: tuple[Loaded, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def stopped(self) -> bool:
        """Whether Ctrl-C left something out."""
        return bool(self.document.stopped)

    @property
    def rows(self) -> pl.DataFrame:
        """The lines of the answer's main table; a figure is NAME, NAME_low and NAME_high."""
        return records_table(self.document)

    def summary(self, width: int = 80, *, full: bool = False, ascii_only: bool = False) -> str:
        """What the command prints, as text of at most `width` columns.

        Parameters
        ----------
        width
            Columns; under 40 is taken as 40.
        full
            As the option --full.
        ascii_only
            Use no character outside ASCII.
        """
        from sim.report.console import answer_shown
        from sim.report.terminal import as_text

        shown = answer_shown(self.document, width=width, full=full, ascii_only=ascii_only)
        return as_text(shown, width)

    def page(self) -> str:
        """The page for a meeting: one HTML file, nothing to fetch."""
        from sim.report.page.answer_page import answer_page

        return answer_page(self.document)

    def charts(self) -> Iterator[tuple[str, bytes]]:
        """Yield name and content of every chart, as SVG and as PNG."""
        from sim.report.charts.answers import answer_chart_files

        yield from answer_chart_files(self.document)

    def save(self, folder: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Keep the answer in a folder, from which ``run_sim.py report`` shows it and makes a page.

        Raises
        ------
        sim.errors.OutputError
            If the place is taken, or nothing can be written there.
        """
        document = self.document
        with Draft(folder, force=force) as draft:
            draft.write(SUMMARY_CSV, csv_text(document))
            draft.write(SUMMARY_JSON, document.model_dump_json(indent=1) + "\n")
            for name, content in self.files.items():
                draft.write(name, content)
            manifest = provenance.manifest(
                self.loaded,
                study=_asked(document),
                command=document.command,
                seconds=document.run.seconds,
                finished=datetime.now(UTC),
                checksums=draft.checksums(),
            )
            return draft.commit(manifest)

    def __repr__(self) -> str:
        """Kind, name and size, such as "<explain of a: 30 replications of 28 days>"."""
        run, names = self.document.run, ", ".join(one.name for one in self.document.scenarios)
        size = f"{run.replications} replications of {run.days} days"
        return f"<{self.document.kind} of {names}: {size}>"

    def _repr_html_(self) -> str:
        """The summary, as a notebook shows it."""
        return f"<pre>{escape(self.summary(_COLUMNS))}</pre>"


def loaded_all(scenarios: Sequence[Loaded | str | os.PathLike[str]]) -> tuple[Loaded, ...]:
    """Scenarios, of which files are loaded.

    Raises
    ------
    sim.errors.ScenarioErrors
        If anything in one of them is wrong.
    """
    from sim.scenario.loading import load

    return tuple(
        load(Path(one)) if isinstance(one, str | os.PathLike) else one for one in scenarios
    )


def _asked(document: AnswerDocument) -> dict[str, Any]:
    """What was asked for and done, for the manifest."""
    run = document.run
    return {
        "kind": document.kind,
        "seed": run.seed,
        "replications": run.replications,
        "interrupted": bool(document.stopped),
        "days": run.days,
        "level": document.level,
        "engine": run.engine,
    }
