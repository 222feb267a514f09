"""The files for others that stand in a folder of results beside its tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.report.events import Names, event_log
from sim.report.stress import Made, stress_des
from sim.report.workbook import workbook
from sim.store import EVENTS_CSV, STRESS_DES, SUMMARY_XLSX
from sim.tables import ACTIVITIES, DAY, INCIDENTS, OUTCOMES, Schema

if TYPE_CHECKING:
    import polars as pl

    from sim.scenario.loading import Loaded
    from sim.study import Study

EVENT_DAYS: Final = 7
"""Days of which events are told; all in all replications would be gigabytes."""

_REPLICATION: Final = 0


def write_files(done: Study, folder: Path) -> None:
    """Write the workbook, the event log and the STRESS-DES sheet of a study.

    Parameters
    ----------
    done
        The study, with its document.
    folder
        Where its tables are.

    Raises
    ------
    OSError
        If the operating system refuses.
    """
    if done.document is not None:
        (folder / SUMMARY_XLSX).write_bytes(workbook(done.document, done.loaded))
    write_events(folder, done.loaded, min(done.settings.days, EVENT_DAYS))
    made = Made(done.completed, done.engine, done.seconds, done.precise)
    sheet = stress_des(done.loaded[0], done.settings, others=done.loaded[1:], made=made)
    (folder / STRESS_DES).write_text(sheet, encoding="utf-8", newline="\n")


def write_events(folder: Path, loaded: Sequence[Loaded], days: int) -> None:
    """Write the event log of the first replication, one scenario after another.

    Parameters
    ----------
    folder
        Where the tables are.
    loaded
        The scenarios.
    days
        Measured days that are told.
    """
    with (folder / EVENTS_CSV).open("wb") as file:
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
            events.write_csv(file, include_header=place == 0, include_bom=False)


def _rows(folder: Path, schema: Schema, scenario: str) -> pl.DataFrame:
    import polars as pl

    table = pl.scan_parquet(folder / f"{schema.name}.parquet", glob=False)
    mine = (pl.col("scenario") == scenario) & (pl.col("replication") == _REPLICATION)
    return table.filter(mine).collect()
