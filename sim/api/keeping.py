"""A folder of results: what stands in it, and the manifest of how it was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import provenance
from sim.scenario.demand import MissingChild
from sim.store import SUMMARY_CSV, SUMMARY_JSON, Draft

if TYPE_CHECKING:
    from sim.results import Document
    from sim.scenario.models import Scenario
    from sim.study import Study


@dataclass(frozen=True)
class Keep:
    """Where tables and results are kept.

    Parameters
    ----------
    folder
        The place.
    force
        Replace an earlier folder of results there.
    """

    folder: Path
    force: bool = False


def fill(
    draft: Draft,
    study: Study,
    document: Document,
    *,
    stopped: bool = False,
    command: Sequence[str] = (),
) -> Path:
    """Join the tables that are there, write all else, and put the folder in its place.

    Parameters
    ----------
    draft
        The folder in the making; the study may have written its tables to it.
    study, document
        The study, and what came of it.
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

    draft.join_tables(
        scenarios=len(study.loaded),
        replications=study.completed,
        names={one.name: _coded_names(one.scenario) for one in study.loaded},
    )
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
