"""Shapes that people reported in public, made anew from the sample: what each must give."""

from pathlib import Path

import numpy as np
import polars as pl

from sim.force_log import load_mapping, new_mapping, read_log
from tests.force_log.made_up import written
from tests.force_log.reshaped import (
    COLUMNS,
    ZONE,
    at_home,
    guessed,
    moments,
    rewritten,
    same,
    sample,
    shown,
)

MINUTES = shown("%-m/%-d/%Y %H:%M")


def test_midnight_dates_with_a_zone_beside_times(tmp_path: Path) -> None:
    """Each step a date marked Z and a time to the minute: paired, and no delay is lost."""
    log = moments()
    names = {"Call_Received": "Received", "Resource_Allocated": "Dispatch",
             "Resource_At_Scene": "At_Scene", "Resource_Cleared": "Clear"}  # fmt: skip
    for column, name in names.items():
        log = log.with_columns(
            pl.col(column).dt.strftime("%Y-%m-%dT00:00:00Z").alias(f"{name}_Date"),
            pl.col(column).dt.strftime("%H:%M").alias(f"{name}_Time"),
        )
    log = log.drop(COLUMNS).rename(
        {"Incident_URN": "Record_ID", "Opening_Code": "Call_Type", "LPA": "Police_District",
         "Response_Grade": "Priority"}
    )  # fmt: skip
    found = guessed(written(tmp_path, log)).incidents
    truth = guessed(written(tmp_path, sample(), "plain.csv")).incidents
    for stamp in ("received", "assigned", "arrived", "cleared"):
        cut = truth[stamp].dt.truncate("1m").sort()
        assert found[stamp].sort().equals(cut)
    assert (found["assigned"] > found["received"]).sum() > 100


def test_two_natures_for_one_incident(tmp_path: Path) -> None:
    """Rows that differ in kind and grade, the vaguer first: no missing child is lost."""
    vague = sample().filter(pl.col("Opening_Code").str.contains("Missing")).with_columns(
        Opening_Code=pl.lit("Scheduled"), Response_Grade=pl.lit("Grade 5")
    )  # fmt: skip
    path = written(tmp_path, pl.concat([vague, sample()]))
    found = guessed(path)
    assert same(found, tmp_path)
    told = {fault.where: fault.count for fault in found.faults.of("folded_apart")}
    assert told == {"kind": vague.height, "priority": vague.height}


def test_duplicates_and_duplicates_of_another_kind(tmp_path: Path) -> None:
    """Rows that stand twice count once, also where the second is called something else."""
    log = rewritten(MINUTES).select(
        "Incident_URN", "Call_Received", "Resource_Allocated", "Resource_At_Scene",
        "Resource_Cleared", "Response_Grade", "Opening_Code", "LPA",
    )  # fmt: skip
    again = log.gather_every(3)
    other = log.gather_every(7).with_columns(Opening_Code=pl.lit("CHECK WELFARE"))
    rows = pl.concat([log, again, other]).sort("Incident_URN", maintain_order=True)
    found = guessed(written(tmp_path, rows), change=at_home)
    truth = guessed(written(tmp_path, log, "plain.csv"), change=at_home)
    assert found.incidents.height == truth.incidents.height
    assert found.faults.count("repeated_rows") >= again.height
    children = [int((one.incidents["stream"] == "missing_child").sum()) for one in (found, truth)]
    assert children[0] == children[1] > 0
    assert found.faults.of("folded_apart")


def test_never_as_1900_with_a_zone_beside_two_priorities(tmp_path: Path) -> None:
    """Stand-ins are counted and no dates of birth, and of two priorities the last is taken."""
    log = rewritten(
        lambda c: (
            pl.col(c).dt.replace_time_zone(ZONE).dt.convert_time_zone("UTC")
            .dt.strftime("%Y-%m-%dT%H:%M:%SZ").fill_null("1900-01-01T00:00:00Z")
        )
    )  # fmt: skip
    draw = np.random.Generator(np.random.Philox(2))
    log = log.select(
        NOPD_Item="Incident_URN", Type_=pl.lit("21"), TypeText="Opening_Code",
        InitialPriority=pl.Series(draw.choice(["1C", "2A", "0A"], log.height)),
        Priority=pl.col("Response_Grade").str.slice(-1) + "A",
        TimeCreate="Call_Received", TimeDispatch="Resource_Allocated",
        TimeArrive="Resource_At_Scene", TimeClosed="Incident_Closed",
        SelfInitiated=pl.lit("N"), Beat="LPA",
    )  # fmt: skip
    path = written(tmp_path, log)
    found = guessed(path)
    truth = guessed(written(tmp_path, sample(), "plain.csv"))
    for stamp in ("received", "assigned", "arrived", "closed"):
        assert found.incidents[stamp].equals(truth.incidents[stamp])
    assert found.incidents["grade"].equals(truth.incidents["grade"])
    assert found.faults.count("placeholder_times") == sum(
        truth.incidents[stamp].null_count() for stamp in ("assigned", "arrived", "closed")
    )


def test_kinds_in_a_column_of_descriptions(tmp_path: Path) -> None:
    """Dates as midnight, empty ones as 1899, kinds in Description: read as it is guessed."""
    log = moments()
    for column in COLUMNS:
        day = pl.col(column).dt.strftime("%Y-%m-%dT00:00:00.000Z")
        log = log.with_columns(
            day.fill_null("1899-01-01T00:00:00.000Z").alias(f"{column}_Date"),
            pl.col(column).dt.strftime("%H:%M:%S").fill_null("00:00:00").alias(f"{column}_Time"),
        ).drop(column)
    log = log.rename({"Opening_Code": "Description", "LPA": "Police_District"})
    path = written(tmp_path, log)
    assert same(guessed(path), tmp_path)
    # So is a mapping that says the midnight in its format.
    text = new_mapping(path).replace(
        "[columns]", 'date_formats = ["%Y-%m-%dT00:00:00.000Z %H:%M:%S"]\n\n[columns]', 1
    )
    (tmp_path / "hand.toml").write_text(text, encoding="utf-8")
    assert same(read_log(path, load_mapping(tmp_path / "hand.toml")), tmp_path)
