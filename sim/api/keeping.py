"""A folder of results: what stands in it, and the manifest of how it was made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import provenance
from sim.errors import GoesOn
from sim.scenario.demand import MissingChild
from sim.scenario.resolve import resolved_data
from sim.store import (
    SUMMARY_CSV,
    SUMMARY_JSON,
    Asked,
    Draft,
    Finished,
    Journal,
    Unasked,
    ensure_free,
    held,
    is_added_to,
    unfinished,
)

if TYPE_CHECKING:
    from sim.results import Document
    from sim.scenario.loading import Loaded
    from sim.scenario.models import Scenario
    from sim.study import Settings, Study


@dataclass(frozen=True)
class Keep:
    """Where tables and results are kept.

    Parameters
    ----------
    folder
        The place; None: nowhere, but the replications of a study that takes more than a minute are
        kept among the user's caches until it is whole, for a week at the most.
    force
        Replace an earlier folder of results there, and make its replications anew.
    fresh
        Do so too, and make those anew that an unfinished study has kept. Without either, what is
        kept of the same study is taken over: more replications than before are only added.
    told
        Told, as sentences, what is taken from an unfinished study, and where it is kept.
    """

    folder: Path | None
    force: bool = False
    fresh: bool = False
    told: Callable[[str], None] | None = None


class Unfinished:
    """The replications of a study that are done, as long as it is not whole.

    Parameters
    ----------
    journal
        Where they are.
    planned
        How many replications there are to be.
    replaces
        Whether results that stand at the place may go for those of this study.
    """

    def __init__(self, journal: Journal | Unasked, planned: int, *, replaces: bool = False) -> None:
        self.journal = journal
        self.replaces = replaces
        self._planned = planned

    def broken_off(self) -> str | None:
        """Let go of it, and say how to go on; None where nothing is kept."""
        done = self.journal.close()
        if not done:
            return None
        how_many = f"{done} of {self._planned}" if done < self._planned else f"All {done}"
        return (
            f"{how_many} replications are kept in {self.journal.where}; the same command goes on "
            "from there."
        )


@contextmanager
def unfinished_study(
    keep: Keep | None, loaded: Sequence[Loaded], settings: Settings
) -> Iterator[Unfinished | None]:
    """Keep each replication as it is done, as long as the block lasts, and after it if it fails.

    Yields
    ------
    Unfinished
        Whoever makes the study whole removes its journal. None where nothing is kept.

    Raises
    ------
    sim.errors.OutputError
        If another run writes to the place, an unfinished study with other settings is there, or
        it cannot be written to.
    """
    if keep is None:
        yield None
        return
    asked = Asked(
        {
            "seed": settings.seed,
            "days": settings.days,
            "warm-up days": settings.warm_up_days,
            "tables": keep.folder is not None,
        },
        provenance.fingerprint(),
        {one.name: resolved_data(one.scenario) for one in loaded},
    )
    planned, anew = settings.replications, keep.force or keep.fresh
    if settings.precision is not None:
        planned = max(planned, settings.most_replications)
    earlier: Finished | None = None
    with ExitStack() as stack:
        journal: Journal | Unasked
        if keep.folder is None:
            journal = Unasked(asked, scenarios=len(loaded), fresh=keep.fresh, told=keep.told)
        else:
            stack.enter_context(held(keep.folder))
            ensure_free(keep.folder, force=anew, goes_on=True)
            if not anew and is_added_to(keep.folder):
                exactly = planned if settings.precision is None else None
                earlier = Finished(keep.folder, asked, exactly)
            journal = Journal(
                unfinished(keep.folder),
                keep.folder,
                asked,
                scenarios=len(loaded),
                tables=True,
                fresh=keep.fresh,
            )
            if earlier is not None:
                earlier.hand_over(journal)
        before = sum(number < planned for number in journal.done)
        if before and keep.told is not None:
            keep.told(f"{before} of {planned} replications were made before, and are taken over.")
        study = Unfinished(journal, planned, replaces=anew or earlier is not None)
        try:
            yield study
        except BaseException as error:
            told = study.broken_off()
            if told is not None:
                error.add_note(GoesOn(told))
            raise


def fill(
    draft: Draft,
    study: Study,
    document: Document,
    *,
    pieces: Path | None = None,
    stopped: bool = False,
    command: Sequence[str] = (),
) -> Path:
    """Join the tables that are there, write all else, and put the folder in its place.

    Parameters
    ----------
    draft
        The folder in the making.
    study, document
        The study, and what came of it.
    pieces
        The journal that holds the tables of its replications; None: there are none.
    stopped
        Whether anything was left out on request.
    command
        Program and arguments, for the manifest.

    Raises
    ------
    sim.errors.OutputError
        If something cannot be written, or the place has been taken meanwhile.
    """
    from sim.report.files import further_files
    from sim.results.table import csv_text

    if pieces is not None:
        _join(draft, pieces, study)
        draft.put_replications(pieces, study.completed)
    draft.write(SUMMARY_CSV, csv_text(document))
    draft.write(SUMMARY_JSON, document.model_dump_json(indent=1) + "\n")
    for name, content in further_files(study, document, draft.workspace):
        draft.write(name, content)
    manifest = provenance.manifest(
        study.loaded,
        study=_asked(study, stopped=stopped),
        command=command,
        seconds=study.seconds,
        finished=datetime.now(UTC),
        checksums=draft.checksums(),
    )
    return draft.commit(manifest)


def _join(draft: Draft, pieces: Path, study: Study) -> None:
    draft.join_tables(
        pieces,
        scenarios=len(study.loaded),
        replications=study.completed,
        names={one.name: _coded_names(one.scenario) for one in study.loaded},
    )


def _asked(study: Study, *, stopped: bool) -> dict[str, Any]:
    """What was asked for and done."""
    settings = study.settings
    return {
        "seed": settings.seed,
        "replications": study.completed,
        "planned_replications": study.planned,
        "interrupted": study.interrupted or stopped,
        "days": settings.days,
        "warm_up_days": settings.warm_up_days,
        "follow_up_hours": study.loaded[0].scenario.follow_up_hours,
        "level": settings.level,
        "precision": settings.precision,
        "engine": study.engine,
    }


def _coded_names(scenario: Scenario) -> dict[str, list[str]]:
    """What codes in the tables count."""
    return {
        "streams": list(scenario.streams),
        "areas": list(scenario.areas),
        "pools": list(scenario.pools),
        **{
            f"age_bands.{name}": list(one.children.age_bands)
            for name, one in scenario.streams.items()
            if isinstance(one, MissingChild)
        },
        **({} if scenario.episode is None else {"lines": list(scenario.episode.lines)}),
    }
