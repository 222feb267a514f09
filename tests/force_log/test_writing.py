"""A simulated log, written and read back."""

from pathlib import Path

import polars as pl
import pytest

from sim.force_log import diagnose, load_mapping, read_log
from sim.force_log.writing import simulated_log
from sim.scenario.loading import load
from tests.force_log.simulated import force, log_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all tests of this file."""
    return tmp_path_factory.mktemp("logs")


def test_a_written_log_is_read_back_without_a_fault_of_order(folder: Path) -> None:
    """No stamp of a simulated world lies before an earlier step's."""
    log = log_of(force(held=0.5), folder, days=7)
    codes = {fault.code for fault in log.faults.found}
    assert not codes & {"clock_order", "before_report", "unread_times", "unmapped_priority"}
    # 13,000 reports a year are about 249 in a week; five standard deviations are 79.
    assert 170 < log.incidents.height < 328


def test_the_shipped_mapping_reads_a_log_of_the_shipped_baseline(folder: Path) -> None:
    """Kinds, areas and grades of the baseline's log have a meaning in the shipped mapping."""
    scenario = load(ROOT / "scenarios" / "dorset-2022.toml").scenario
    path = folder / "dorset.csv"
    simulated_log(scenario, days=2, warm_up_days=1).write_csv(path)
    mapping = load_mapping(ROOT / "scenarios" / "mappings" / "uk-command-and-control.toml")
    log = read_log(path, mapping)
    assert not [fault for fault in log.faults.found if fault.code.startswith("unmapped")]
    assert set(log.incidents["area"].unique()) == {"bcp", "county"}
    assert "missing_child" in log.incidents["stream"].to_list()


def test_a_gate_that_was_put_in_is_found(folder: Path) -> None:
    """Allocations bunch after ratification where all deployments waited for it."""
    found = diagnose(log_of(force(held=1.0), folder, days=42), resamples=50)
    assert found.tested == ("missing_child",)
    assert found.bunched == ("missing_child",)


def test_no_gate_is_found_where_there_was_none(folder: Path) -> None:
    """Ratification beside a deployment that does not wait for it leaves no bunching."""
    found = diagnose(log_of(force(held=0.0), folder, days=42), resamples=50)
    assert found.tested == ("missing_child",)
    assert found.bunched == ()


def test_a_written_log_has_no_more_rows_than_incidents(folder: Path) -> None:
    """Each incident of the measured days has one row, and its number stands once."""
    log = simulated_log(force(held=0.0), days=3, warm_up_days=1)
    assert log["Incident_URN"].n_unique() == log.height
    received = log["Call_Received"].str.to_datetime("%d/%m/%Y %H:%M:%S")
    assert received.is_sorted()
    assert received.dt.date().n_unique() == 3
    assert log.select(pl.col("Callsign") != "").to_series().sum() > 0.9 * log.height
