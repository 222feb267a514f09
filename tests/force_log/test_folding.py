"""Rows of one incident become one row, whatever their order, and what differs is said."""

from pathlib import Path

import polars as pl
import pytest

from sim.force_log import Log, read_log
from tests.force_log.made_up import force, mapping, written

KINDS = {
    "missing child": "missing_child",
    "missing adult": "missing_adult",
    "returned": "returned",
    "*": "other",
}


def read(folder: Path, log: pl.DataFrame) -> Log:
    """Read a log with the made-up mapping, which also knows of adults and of risk."""
    changes = {
        "kinds": KINDS,
        "columns": {**mapping().mapping.columns.model_dump(exclude_none=True), "risk": "risk"},
        "risks": {"H": "high", "M": "medium", "L": "low"},
    }
    return read_log(written(folder, log), mapping(changes))


def base(size: int = 200) -> pl.DataFrame:
    """A log of one row for each incident, all of medium risk."""
    return force(size).with_columns(risk=pl.lit("M"))


def labels(log: Log) -> pl.DataFrame:
    """What the incidents are."""
    return log.incidents.select(
        "received", "grade", "stream", "area", "risk", "origin", "officer_initiated"
    )


@pytest.mark.parametrize("order", ["vaguer first", "vaguer last", "mixed"])
def test_the_more_serious_kind_stands_in_any_order(tmp_path: Path, order: str) -> None:
    """A vaguer row beside each missing child's makes no child other work."""
    log = base()
    vague = log.filter(pl.col("kind") == "missing child").with_columns(
        kind=pl.lit("burglary"), grade=pl.lit("3"), risk=pl.lit("L")
    )
    rows = {
        "vaguer first": [vague, log],
        "vaguer last": [log, vague],
        "mixed": [pl.concat([log, vague]).sample(fraction=1.0, shuffle=True, seed=3)],
    }[order]
    found = read(tmp_path, pl.concat(rows))
    truth = read(tmp_path, log)
    assert labels(found).equals(labels(truth))
    told = {fault.where: fault for fault in found.faults.of("folded_apart")}
    assert told["kind"].count == told["risk"].count == vague.height
    assert told["kind"].of == log.height
    assert "the more serious kind stands" in told["kind"].done
    assert found.faults.found[0].code == "folded_apart"


def test_areas_that_differ_go_by_the_commoner(tmp_path: Path) -> None:
    """One unit's row in another area does not move the incident, whichever row stands first."""
    log = base()
    strayed = log.head(40).with_columns(
        lpa=pl.when(pl.col("lpa") == "N").then(pl.lit("S")).otherwise(pl.lit("N")),
        callsign=pl.lit("XR99"),
    )
    twice = log.head(40).with_columns(callsign=pl.lit("XR98"))
    areas = [
        read(tmp_path, pl.concat(rows)).incidents["area"].to_list()
        for rows in ([strayed, log, twice], [log, twice, strayed])
    ]
    assert areas[0] == areas[1] == read(tmp_path, log).incidents["area"].to_list()


def test_an_incident_is_officers_own_only_if_all_its_rows_are(tmp_path: Path) -> None:
    """A unit that joins by itself does not make a reported job one that nobody waits for."""
    log = base().with_columns(channel=pl.lit("101"))
    joined = log.head(30).with_columns(channel=pl.lit("officer"), callsign=pl.lit("XR99"))
    found = read(tmp_path, pl.concat([joined, log]))
    assert not found.incidents["officer_initiated"].any()
    assert set(found.incidents["origin"]) == {"101"}


def test_rows_that_agree_are_folded_without_a_word_of_difference(tmp_path: Path) -> None:
    """Further units are counted, and nothing else is said of them."""
    log = base()
    more = log.head(50).with_columns(callsign=pl.lit("XR99"))
    found = read(tmp_path, pl.concat([log, more]))
    assert found.faults.count("folded_rows") == 50
    assert not found.faults.of("folded_apart")
    assert found.incidents.drop("number").equals(read(tmp_path, log).incidents.drop("number"))


def test_units_of_an_incident_without_its_number_are_told(tmp_path: Path) -> None:
    """Rows that share receipt and labels look like units of one incident: said first."""
    log = base()
    more = pl.concat([log, log.with_columns(callsign=pl.lit("XR99"), t_assigned=pl.lit(None))])
    columns = mapping().mapping.columns.model_dump(exclude_none=True)
    del columns["incident"]
    found = read_log(written(tmp_path, more), mapping({"columns": columns}))
    assert found.faults.found[0].code == "shared_receipts"
    assert found.faults.found[0].count == log.height
