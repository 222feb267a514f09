"""Times that are not needed, that are missing and that are not to be trusted, each counted once."""

from __future__ import annotations

from pathlib import Path

from sim.force_log import read_log
from sim.force_log.mapping import LoadedMapping, mapping_from

MAPPING = {
    "format": 1,
    "title": "by hand",
    "file": {"time_zone": "Europe/London"},
    "columns": {
        "received": "call", "assigned": "sent", "arrived": "there", "ratified": "ratified",
        "priority": "grade", "kind": "kind", "incident": "number",
    },
    "grades": {"2": 2},
    "kinds": {"child": "missing_child", "*": "other"},
}  # fmt: skip


def faults(folder: Path, rows: list[str]) -> dict[tuple[str, str], tuple[int, int]]:
    """Count and number looked at, by code and column."""
    path = folder / "log.csv"
    path.write_text("\n".join(["number,call,sent,there,ratified,grade,kind", *rows]) + "\n")
    read = read_log(path, LoadedMapping(mapping_from(MAPPING, "map.toml"), "map.toml"))
    return {(one.code, one.where): (one.count, one.of) for one in read.faults.found}


def row(number: int, sent: str, there: str, kind: str = "other", ratified: str = "") -> str:
    """One incident, received at noon of its day."""
    day = f"2024-03-{1 + number % 28:02d}"
    times = [f"{day} {at[:4]}{number % 10}{at[5:]}" if at else "" for at in (sent, there, ratified)]
    return f"{number},{day} 12:0{number % 10}:01,{','.join(times)},2,{kind}"


def test_three_counts_are_told_apart(tmp_path: Path) -> None:
    """Of 30 jobs nobody was sent to 12; 3 lack their arrival; 5 have one before the report."""
    rows = [row(n, "12:30:03", "12:50:07") for n in range(10)]
    rows += [row(n, "", "") for n in range(10, 22)]
    rows += [row(n, "12:31:00", "") for n in range(22, 25)]
    rows += [row(n, "12:32:00", "11:00:00") for n in range(25, 30)]
    found = faults(tmp_path, rows)
    assert found["nobody_sent", "assigned, arrived"] == (12, 30)
    assert found["missing_times", "arrived"] == (3, 18)
    assert found["before_report", "arrived"] == (5, 15)
    assert ("missing_times", "assigned") not in found


def test_ratification_is_missing_of_missing_people_only(tmp_path: Path) -> None:
    """Other work is not ratified, so that an empty cell is no fault of it."""
    rows = [row(n, "12:30:03", "12:50:07") for n in range(10)]
    rows += [row(n, "12:30:03", "12:50:07", "child", "12:20:00") for n in range(10, 16)]
    rows += [row(n, "12:30:03", "12:50:07", "child") for n in range(16, 20)]
    assert faults(tmp_path, rows)["missing_times", "ratified"] == (4, 10)


def test_a_unit_of_several_rows_may_have_the_time(tmp_path: Path) -> None:
    """A time that one row of an incident has is not missing of it."""
    rows = [row(n, "12:30:03", "12:50:07") for n in range(10)]
    rows += [row(3, "12:31:00", "")]
    assert not [code for code, _ in faults(tmp_path, rows) if code == "missing_times"]
