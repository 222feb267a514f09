"""The files for others that stand in a folder of results beside its tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.report.story.events import Names, event_log
from sim.report.stress import Made, stress_des
from sim.report.workbook import workbook
from sim.results.table import without_formulas
from sim.store import EVENTS_CSV, STRESS_DES, SUMMARY_XLSX
from sim.tables import ACTIVITIES, DAY, INCIDENTS, OUTCOMES, Schema

if TYPE_CHECKING:
    import polars as pl

    from sim.results import Document
    from sim.scenario.loading import Loaded
    from sim.study import Study

EVENT_DAYS: Final = 7
"""Days of which events are told; all in all replications would be gigabytes."""

_REPLICATION: Final = 0


def further_files(done: Study, document: Document, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the workbook, the event log and the STRESS-DES sheet of a study.

    Parameters
    ----------
    done
        The study.
    document
        What came of it.
    folder
        Where its tables are; without them there is no event log.

    Raises
    ------
    OSError
        If the operating system refuses.
    """
    yield SUMMARY_XLSX, workbook(document, done.loaded)
    tables = [folder / f"{schema.name}.parquet" for schema in (INCIDENTS, OUTCOMES, ACTIVITIES)]
    if all(table.is_file() for table in tables):
        yield EVENTS_CSV, _events(folder, done.loaded, min(done.settings.days, EVENT_DAYS))
    made = Made(done.completed, done.engine, done.seconds, done.precise)
    sheet = stress_des(done.loaded[0], done.settings, others=done.loaded[1:], made=made)
    yield STRESS_DES, sheet.encode("utf-8")


def _events(folder: Path, loaded: Sequence[Loaded], days: int) -> bytes:
    """The event log of the first replication, one scenario after another.

    Parameters
    ----------
    folder
        Where the tables are.
    loaded
        The scenarios.
    days
        Measured days that are told.
    """
    file = BytesIO()
    for place, one in enumerate(loaded):
        scenario = one.scenario
        names = Names(
            list(scenario.streams),
            list(scenario.areas),
            list(scenario.pools),
            scenario.calendar.first_day,
        )
        events = event_log(
            one.name,
            _rows(folder, INCIDENTS, one.name),
            _rows(folder, OUTCOMES, one.name),
            _rows(folder, ACTIVITIES, one.name),
            names,
            until=days * DAY,
            run_number=_REPLICATION,
        )
        text = without_formulas(events)
        text.write_csv(file, include_header=place == 0, include_bom=False)
    return file.getvalue()


def _rows(folder: Path, schema: Schema, scenario: str) -> pl.DataFrame:
    import polars as pl

    table = pl.scan_parquet(folder / f"{schema.name}.parquet", glob=False)
    mine = (pl.col("scenario") == scenario) & (pl.col("replication") == _REPLICATION)
    return table.filter(mine).collect()
