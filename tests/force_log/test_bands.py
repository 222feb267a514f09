"""Missing-child jobs by risk and hours, and half hours at which waiting jobs stand still."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import TypeAlias

import numpy as np
import polars as pl
import pytest
from rich.console import Console

from sim.cli import main
from sim.force_log import diagnose, read_log
from sim.force_log.bands import HOURS, By, missing_child_figures, missing_child_hours
from sim.force_log.delays import with_delays, with_targets
from sim.force_log.lull import lulls
from sim.report.log.diagnosis import diagnosis_summary
from sim.report.log.page import diagnosis_page
from tests.force_log.made_up import force as made_up
from tests.force_log.made_up import mapping, written
from tests.force_log.simulated import force, log_of

Job: TypeAlias = tuple[int, str | None, int]
"""Hour of receipt, risk, minutes until allocation."""

KIND = pl.Datetime("us", "Europe/London")


def many(count: int, hour: int, risk: str | None, minutes: int) -> list[Job]:
    """So many jobs alike."""
    return [(hour, risk, minutes)] * count


def jobs(rows: Sequence[Job]) -> pl.DataFrame:
    """Missing-child jobs: hour of receipt, risk, minutes until allocation; a day for each."""
    start = datetime(2022, 5, 1)
    received = [start + timedelta(days=n, hours=hour) for n, (hour, _, _) in enumerate(rows)]
    assigned = [at + timedelta(minutes=row[2]) for at, row in zip(received, rows, strict=True)]
    frame = pl.DataFrame(
        {"received": received, "assigned": assigned, "risk": [row[1] for row in rows]},
        schema={"received": pl.Datetime("us"), "assigned": pl.Datetime("us"), "risk": pl.String},
    ).with_columns(pl.col("received", "assigned").dt.replace_time_zone("Europe/London"))
    empty = ("answered", "ratified", "travelling", "arrived", "cleared", "closed")
    return with_targets(
        with_delays(
            frame.with_columns(
                *(pl.lit(None, KIND).alias(one) for one in empty),
                graded=pl.col("received"), grade=pl.lit(2), stream=pl.lit("missing_child"),
                area=pl.lit(None, pl.String),
            )
        ),
        (),
    )  # fmt: skip


def test_bands_hold_each_job_once() -> None:
    """The hour of receipt decides the band, also over midnight, and minutes are the band's own."""
    rows = many(10, 7, "high", 10) + many(10, 14, "high", 10)
    rows += many(10, 15, "low", 20) + many(10, 22, "low", 20)
    rows += many(10, 23, "medium", 40) + many(10, 0, "medium", 40) + many(10, 6, "medium", 40)
    found = list(missing_child_figures(jobs(rows), ("hours",), ["graded_to_assigned"], 0.95))
    told = {(one.measure, one.hours): one.value for one in found}
    assert [told["missing_child_jobs", band] for band in HOURS] == [20, 20, 30]
    assert [told["delay_p50", band] for band in HOURS] == [10, 20, 40]


def test_risks_are_high_and_not_high_and_a_job_without_one_is_in_neither() -> None:
    """Low and medium stand together; a job whose risk is not known is left out."""
    rows = many(15, 8, "high", 10) + many(10, 8, "low", 30)
    rows += many(10, 8, "medium", 30) + many(50, 8, None, 90)
    found = list(missing_child_figures(jobs(rows), ("risk",), ["graded_to_assigned"], 0.95))
    told = {(one.measure, one.risk): one.value for one in found}
    assert told["missing_child_jobs", "high"] == 15
    assert told["missing_child_jobs", "not high"] == 20
    assert told["delay_p50", "not high"] == 30


def test_a_small_cell_hides_the_next_smallest_too() -> None:
    """A band with three jobs is withheld, and another with it, in every figure."""
    rows = many(3, 8, "high", 10) + many(12, 16, "high", 30)
    rows += many(40, 2, "high", 60)
    found = list(missing_child_figures(jobs(rows), ("hours",), ["graded_to_assigned"], 0.95))
    for one in found:
        if one.hours in {"07-15", "15-23"}:
            assert one.value is None
            assert one.n is None
        assert one.n is None or one.n >= 5
    assert any(one.hours == "23-07" and one.value == 60 for one in found)


def test_where_every_cell_would_give_another_away_there_is_no_table() -> None:
    """With two bands of which one is small nothing is told at all."""
    rows = many(3, 8, "high", 10) + many(12, 16, "high", 30)
    assert not list(missing_child_figures(jobs(rows), ("hours",), ["graded_to_assigned"], 0.95))


def test_missing_child_jobs_are_told_by_hour() -> None:
    """Counts of each hour and the median of those with ten jobs; an hour of three hides another.

    Of the band from 07:00 the hour with 3 is withheld and with it the next smallest, of 12; of the
    band from 15:00 nothing is told, since its hour with 4 would be the band's count.
    """
    rows = many(30, 7, None, 10) + many(12, 9, None, 20) + many(3, 10, None, 30)
    rows += many(4, 16, None, 5) + many(8, 23, None, 40)
    found = list(missing_child_hours(jobs(rows), ["graded_to_assigned"]))
    counts = {one.hour: one.value for one in found if one.measure == "missing_child_jobs_by_hour"}
    assert counts[7] == 30
    assert counts[9] is counts[10] is None
    assert 16 not in counts
    assert counts[23] == 10
    assert {one.hour: one.value for one in found if one.measure == "delay_p50"} == {7: 10.0}
    assert all(one.n is None or one.n % 5 == 0 for one in found)


def test_hours_of_missing_child_jobs_are_drawn(tmp_path: Path) -> None:
    """Asked for by hours, the screen has a strip of jobs and the page a table of 24 hours."""
    log = log_of(force(held=0.0), tmp_path, days=28)
    found = diagnose(log, by=("hours",), resamples=20)
    console = Console(width=80, file=StringIO())
    console.print(diagnosis_summary(found, width=80))
    printed = console.file.getvalue()  # type: ignore[attr-defined]
    table = printed[printed.index("Missing-child jobs of all grades") :]
    assert re.search(r"\njobs +\S{24}  \d+ to \d+ jobs\n", table)
    assert "By hour of the call" in diagnosis_page(found, [], {})
    assert "By hour of the call" not in diagnosis_page(diagnose(log, resamples=20), [], {})


@pytest.mark.parametrize("by", [("risk",), ("hours",), ("risk", "hours")])
def test_a_log_is_cut_as_asked(by: tuple[By, ...], tmp_path: Path) -> None:
    """The diagnosis of a simulated log has a figure for each cell, and none where none is asked."""
    log = log_of(force(held=0.0), tmp_path, days=28)
    cells = [one for one in diagnose(log, by=by).figures if one.measure == "missing_child_jobs"]
    assert len(cells) == (2 if "risk" in by else 1) * (3 if "hours" in by else 1)
    assert all(one.n is None or one.n % 5 == 0 for one in cells)
    assert not [one for one in diagnose(log).figures if one.measure == "missing_child_jobs"]


def test_cuts_that_leave_nothing_to_show_are_told(tmp_path: Path) -> None:
    """Where no cell may be shown, the diagnosis says that there are too few."""
    log = read_log(written(tmp_path, made_up(200, children=0.02)), mapping())
    said = diagnose(log, by=("risk", "hours"), resamples=20).cannot_tell
    assert said[0].startswith("Missing-child jobs by risk and hours: there are too few")
    assert not any(
        "Missing-child jobs by" in one for one in diagnose(log, resamples=20).cannot_tell
    )


def test_another_cut_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--by takes risk and hours only, and says so."""
    log, mapping = str(tmp_path / "log.csv"), str(tmp_path / "m.toml")
    assert main(["diagnose", log, "--mapping", mapping, "--by", "ward"]) == 2
    said = capsys.readouterr().err
    assert 'found: "ward"' in said
    assert "risk, hours" in said


def waiting(rng: np.random.Generator, lull: tuple[float, float] | None) -> pl.DataFrame:
    """Sixty days of jobs that wait for forty minutes on average, allocated at one rate but then.

    Between the two hours of a lull the rate is a tenth.
    """
    count = 60 * 100
    begins = rng.uniform(0, 60 * 24, count)
    left = rng.exponential(40 / 60, count)
    ends = begins + left
    if lull is not None:
        first, last = np.floor(begins / 24) * 24 + lull[0], np.floor(begins / 24) * 24 + lull[1]
        from_here = np.maximum(begins, first)
        work = ends - from_here
        slow = np.where((begins < last) & (work > 0), np.clip(0.1 * (last - from_here), 0, work), 0)
        done = slow >= work
        ends = np.where(slow > 0, np.where(done, from_here + 10 * work, last + work - slow), ends)
    start = pl.Series([datetime(2022, 1, 3)] * count)
    graded = start + pl.Series((begins * 3_600_000_000).astype(np.int64)).cast(pl.Duration("us"))
    assigned = start + pl.Series((ends * 3_600_000_000).astype(np.int64)).cast(pl.Duration("us"))
    return pl.DataFrame({"received": graded, "graded": graded, "assigned": assigned})


def test_a_lull_at_a_change_of_shift_is_found_at_its_time() -> None:
    """Half an hour at a tenth of the rate is found, and no other."""
    (found,) = lulls(waiting(np.random.default_rng(5), (7.0, 7.5)))
    assert abs(found.minute - 7 * 60) <= 15
    assert found.ratio < 0.4
    assert found.jobs > 50


def test_where_the_rate_is_one_there_is_no_lull() -> None:
    """Of two hundred logs without a lull none has one: the rate of false alarms is 1e-3 each."""
    found = [lulls(waiting(np.random.default_rng(seed), None)) for seed in range(200)]
    assert sum(map(bool, found)) <= 3


def test_a_step_at_a_change_of_shift_is_no_lull() -> None:
    """Where half as many work from some hour on, the first half hour after it is not told."""
    rng = np.random.default_rng(3)
    frame = waiting(rng, None)
    late = frame["graded"].dt.hour() >= 12
    wait = (frame["assigned"] - frame["graded"]) * pl.Series(np.where(late, 3, 1))
    assert not lulls(frame.with_columns(assigned=frame["graded"] + wait))
