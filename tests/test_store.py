"""Folders of kept results: whole or not there."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from sim.errors import InputError, InternalError, OutputError
from sim.store import (
    EPISODE_TABLES,
    EVENTS_CSV,
    FILES,
    METADATA_KEYS,
    REPLICATIONS,
    STRESS_DES,
    SUMMARY_CSV,
    SUMMARY_JSON,
    SUMMARY_XLSX,
    TABLES,
    Draft,
    Kept,
    ensure_free_file,
    write_pieces,
)
from sim.tables import (
    CASES,
    ENQUIRIES,
    INCIDENTS,
    NEVER,
    OUTCOMES,
    Schema,
    Table,
)

DOCUMENT: dict[str, Any] = {
    "format": 1,
    "scenarios": [
        {"name": "a", "rows": [{"measure": "delay_mean", "grade": 2, "value": 31.5, "low": None}]},
        {"name": "b", "rows": [{"measure": "delay_mean", "grade": 2, "value": 30.0, "low": None}]},
    ],
    "differences": [
        {
            "name": "b",
            "baseline": "a",
            "rows": [{"measure": "delay_mean", "grade": 2, "value": -1.5, "low": -2.0}],
        }
    ],
}


def table_of(schema: Schema, rows: int, seed: int) -> Table:
    """Return a table whose values differ by column, row and seed, with NEVER where it may stand."""
    columns = {}
    for place, column in enumerate(schema.columns):
        values = (np.arange(rows) * 7 + place * 3 + seed) % 100
        if column.optional:
            values = np.where(values % 3 == 0, NEVER, values)
        columns[column.name] = values
    return Table(schema, columns)


def journal_beside(directory: Path) -> Path:
    """Make a folder for tables of single replications, which is gone with its first reader."""
    folder = directory.with_name(f"{directory.name}-journal")
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "pieces").mkdir(parents=True)
    return folder


def committed(draft: Draft, journal: Path, scenarios: int, replications: int, **more: Any) -> None:
    """Join the tables, write the other files, and put the folder in its place."""
    draft.join_tables(journal, scenarios=scenarios, replications=replications, **more)
    draft.write(SUMMARY_JSON, json.dumps(DOCUMENT))
    for name in (SUMMARY_CSV, SUMMARY_XLSX, EVENTS_CSV, STRESS_DES):
        draft.write(name, name)
    draft.commit({"checksums": draft.checksums()})


def kept_at(directory: Path, replications: int = 2, *, force: bool = False) -> None:
    """Keep two scenarios' tables."""
    journal = journal_beside(directory)
    try:
        _keep(directory, journal, replications, force=force)
    finally:
        shutil.rmtree(journal, ignore_errors=True)


def _keep(directory: Path, journal: Path, replications: int, *, force: bool) -> None:
    with Draft(directory, force=force) as draft:
        for place, name in enumerate("ab"):
            for replication in reversed(range(replications)):
                tables = [
                    table_of(schema, 5, 10 * place + replication)
                    for schema in (*TABLES, *EPISODE_TABLES)
                ]
                write_pieces(journal, name, place, replication, tables)
        committed(draft, journal, 2, replications)


def test_tables_come_back_as_they_were(tmp_path: Path) -> None:
    """Each replication's rows, NEVER included, of each scenario."""
    kept_at(tmp_path / "out")
    kept = Kept(tmp_path / "out")
    for schema in (*TABLES, *EPISODE_TABLES):
        assert table_of(schema, 5, 11).differences(kept.table(schema, "b", 1)) == []


def test_a_folder_holds_the_named_files_and_no_others(tmp_path: Path) -> None:
    """Nothing of the making is left, in the folder or beside it."""
    kept_at(tmp_path / "out")
    assert {entry.name for entry in (tmp_path / "out").iterdir()} == {*FILES} - {REPLICATIONS}
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_rows_stand_by_scenario_and_replication(tmp_path: Path) -> None:
    """Whoever wrote first, the file is in order."""
    kept_at(tmp_path / "out", replications=3)
    frame = Kept(tmp_path / "out").frame(OUTCOMES).select("scenario", "replication").collect()
    assert frame.unique(maintain_order=True).rows() == [
        (name, replication) for name in "ab" for replication in range(3)
    ]


def test_what_did_not_happen_is_null_and_codes_are_numbers(tmp_path: Path) -> None:
    """A mean over a kept column is not spoilt by a huge negative number."""
    kept_at(tmp_path / "out")
    frame = Kept(tmp_path / "out").frame(OUTCOMES).collect()
    assert frame["arrived_at"].null_count() > 0
    assert frame["arrived_at"].min() == min(
        int(value)
        for seed in (0, 1, 10, 11)
        for value in table_of(OUTCOMES, 5, seed)["arrived_at"]
        if value != NEVER
    )
    assert frame["end"].dtype == pl.Int8


def test_units_meanings_and_codes_go_with_the_file(tmp_path: Path) -> None:
    """A table can be read without this project."""
    journal = journal_beside(tmp_path / "out")
    with Draft(tmp_path / "out") as draft:
        write_pieces(journal, "a", 0, 0, [table_of(OUTCOMES, 3, 0)])
        names = {"a": {"streams": ["missing_child"], "areas": ["north"], "pools": ["response"]}}
        committed(draft, journal, 1, 1, names=names)
    found = pl.read_parquet_metadata(tmp_path / "out" / "outcomes.parquet")
    columns, codes, lists = (json.loads(found[key]) for key in METADATA_KEYS)
    assert columns["arrived_at"]["unit"] == "s"
    assert codes["end"]["2"] == "returned_first"
    assert lists == names
    assert not (tmp_path / "out" / "incidents.parquet").exists()


def test_a_case_and_a_line_have_codes_of_their_own(tmp_path: Path) -> None:
    """An end of a case is none of an incident, and a line's kind no activity but the scenario's."""
    journal = journal_beside(tmp_path / "out")
    with Draft(tmp_path / "out") as draft:
        tables = [table_of(CASES, 3, 0), table_of(ENQUIRIES, 3, 0)]
        write_pieces(journal, "a", 0, 0, tables)
        committed(draft, journal, 1, 1)

    def codes(name: str) -> dict[str, dict[str, str]]:
        found = pl.read_parquet_metadata(tmp_path / "out" / f"{name}.parquet")
        named: dict[str, dict[str, str]] = json.loads(found[METADATA_KEYS[1]])
        return named

    assert codes("cases")["end"]["2"] == "found"
    assert "kind" not in codes("enquiries")


def test_a_document_comes_back_as_it_was_written(tmp_path: Path) -> None:
    """JSON in, JSON out."""
    kept_at(tmp_path / "out")
    assert Kept(tmp_path / "out").document == DOCUMENT


def test_the_same_results_make_the_same_bytes(tmp_path: Path) -> None:
    """Checksums can be compared between two runs of one study."""
    kept_at(tmp_path / "one")
    kept_at(tmp_path / "other")
    assert Kept(tmp_path / "one").manifest == Kept(tmp_path / "other").manifest


def test_a_changed_or_lost_file_is_noticed(tmp_path: Path) -> None:
    """The checksums say which file is not the one that was written."""
    kept_at(tmp_path / "out")
    kept = Kept(tmp_path / "out")
    assert kept.changed_files() == []
    (tmp_path / "out" / "summary.csv").write_text("scenario\n", encoding="utf-8")
    (tmp_path / "out" / "outcomes.parquet").unlink()
    assert sorted(kept.changed_files()) == ["outcomes.parquet", "summary.csv"]
    # It says how long the run took, and is written in by hand.
    (tmp_path / "out" / STRESS_DES).write_text("Purpose: …", encoding="utf-8")
    assert sorted(kept.changed_files()) == ["outcomes.parquet", "summary.csv"]


def test_replications_beyond_those_kept_are_left_out(tmp_path: Path) -> None:
    """A worker may have been one replication ahead when the study stopped."""
    journal = journal_beside(tmp_path / "out")
    with Draft(tmp_path / "out") as draft:
        for replication in range(3):
            table = table_of(OUTCOMES, 2, replication)
            write_pieces(journal, "a", 0, replication, [table])
        committed(draft, journal, 1, 2)
    frame = Kept(tmp_path / "out").frame(OUTCOMES).collect()
    assert sorted(frame["replication"].unique()) == [0, 1]


def test_a_lost_replication_is_our_fault(tmp_path: Path) -> None:
    """A table with a hole in it is never written."""
    journal = journal_beside(tmp_path / "out")
    with Draft(tmp_path / "out") as draft:
        write_pieces(journal, "a", 0, 1, [table_of(OUTCOMES, 2, 0)])
        with pytest.raises(InternalError, match="of 2 pieces of the table outcomes 1 are missing"):
            draft.join_tables(journal, scenarios=1, replications=2)
    assert list(tmp_path.iterdir()) == [journal]


def test_an_empty_folder_may_be_used_and_folders_above_are_made(tmp_path: Path) -> None:
    """Nothing is lost by either."""
    (tmp_path / "empty").mkdir()
    kept_at(tmp_path / "empty")
    kept_at(tmp_path / "new" / "out")
    assert Kept(tmp_path / "empty").manifest == Kept(tmp_path / "new" / "out").manifest


def test_an_existing_folder_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    """The planner is told of --force, and what was there stays."""
    kept_at(tmp_path / "out")
    before = contents(tmp_path)
    with pytest.raises(OutputError, match="--force") as refused:
        Draft(tmp_path / "out")
    assert refused.value.exit_status == 2
    assert contents(tmp_path) == before


def test_force_replaces_earlier_results(tmp_path: Path) -> None:
    """Only the new ones are there then."""
    kept_at(tmp_path / "out", replications=1)
    kept_at(tmp_path / "out", replications=2, force=True)
    frame = Kept(tmp_path / "out").frame(OUTCOMES).collect()
    assert sorted(frame["replication"].unique()) == [0, 1]
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_force_does_not_replace_other_things(tmp_path: Path) -> None:
    """A mistyped path costs nobody their documents."""
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "budget.txt").write_text("keep me", encoding="utf-8")
    with pytest.raises(OutputError, match="other things"):
        Draft(tmp_path / "plans", force=True)
    kept_at(tmp_path / "out")
    (tmp_path / "out" / "notes.txt").write_text("keep me too", encoding="utf-8")
    with pytest.raises(OutputError, match="other things"):
        Draft(tmp_path / "out", force=True)


def test_a_sheet_that_came_first_may_be_replaced(tmp_path: Path) -> None:
    """A folder that holds the STRESS-DES sheet alone is one of ours, to be replaced if asked."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / STRESS_DES).write_text("a sheet", encoding="utf-8")
    with pytest.raises(OutputError, match="--force"):
        Draft(tmp_path / "out")
    kept_at(tmp_path / "out", force=True)
    assert {entry.name for entry in (tmp_path / "out").iterdir()} == {*FILES} - {REPLICATIONS}


@pytest.mark.parametrize("force", [True, False])
def test_a_file_is_no_place_for_results(tmp_path: Path, force: bool) -> None:
    """Not even with --force; nor is a folder below a file."""
    (tmp_path / "out").write_text("keep me", encoding="utf-8")
    with pytest.raises(OutputError, match="this is a file"):
        Draft(tmp_path / "out", force=force)
    with pytest.raises(OutputError, match="cannot be written"):
        Draft(tmp_path / "out" / "below", force=force)
    assert (tmp_path / "out").read_text(encoding="utf-8") == "keep me"


def full_disk(*_: object, **__: object) -> None:
    """Fail as Python does on a full disk."""
    raise OSError(errno.ENOSPC, "No space left on device")


def full_disk_below_polars(*_: object, **__: object) -> None:
    """Fail as polars does on a full disk: in words."""
    raise pl.exceptions.ComputeError("parquet: No space left on device (os error 28)")


def failure_without_a_word(*_: object, **__: object) -> None:
    """Fail as polars does where the footer of a file no longer fits."""
    raise pl.exceptions.ComputeError("parquet: Invalid thrift: transport error")


@pytest.mark.parametrize(("free", "error"), [(4096, OutputError), (1 << 30, InternalError)])
def test_a_table_that_fails_on_a_disk_without_room_failed_for_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, error: type[Exception]
) -> None:
    """Polars does not always say so; with room left it is our own fault."""
    monkeypatch.setattr("polars.DataFrame.write_ipc", failure_without_a_word)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))
    with pytest.raises(error, match="disk is full" if free < 1 << 20 else "could not be written"):
        write_pieces(journal_beside(tmp_path), "a", 0, 0, [table_of(OUTCOMES, 3, 0)])


@pytest.mark.parametrize(
    ("where", "failure"),
    [
        ("polars.DataFrame.write_ipc", full_disk_below_polars),
        ("polars.LazyFrame.sink_parquet", full_disk_below_polars),
        ("polars.LazyFrame.sink_parquet", full_disk),
        ("pathlib.Path.write_bytes", full_disk),
    ],
)
def test_a_full_disk_leaves_what_was_there(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    failure: Callable[..., None],
) -> None:
    """Wherever it fills up, the planner is told so, and earlier results stand untouched."""
    kept_at(tmp_path / "out", replications=1)
    before = contents(tmp_path)
    monkeypatch.setattr(where, failure)
    with pytest.raises(OutputError, match="the disk is full") as refused:
        kept_at(tmp_path / "out", force=True)
    assert refused.value.exit_status == 2
    monkeypatch.undo()
    assert contents(tmp_path) == before


def test_a_failing_rename_brings_the_earlier_results_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are moved aside first; they come back where the new ones cannot take their place."""
    kept_at(tmp_path / "out", replications=1)
    before = contents(tmp_path)
    rename = Path.replace

    def fails_for_new(self: Path, target: Path) -> Path:
        if ".partial-" in self.name:
            raise PermissionError(errno.EACCES, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", fails_for_new)
    with pytest.raises(OutputError, match="Permission denied"):
        kept_at(tmp_path / "out", force=True)
    assert contents(tmp_path) == before


def test_an_interruption_leaves_nothing_behind(tmp_path: Path) -> None:
    """Ctrl-C while tables are being written removes the half-made folder."""

    def interrupted() -> None:
        with Draft(tmp_path / "out") as draft:
            draft.write(SUMMARY_CSV, "half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999"])
def test_a_document_with_a_number_that_is_none_is_refused(tmp_path: Path, number: str) -> None:
    """JSON has no such number, whatever a program may write."""
    kept_at(tmp_path / "out")
    file = tmp_path / "out" / SUMMARY_JSON
    file.write_text(file.read_text(encoding="utf-8").replace("31.5", number), encoding="utf-8")
    with pytest.raises(InputError, match="or it is damaged"):
        Kept(tmp_path / "out")


@pytest.mark.parametrize("damage", ["absent", "no JSON", "a list"])
def test_a_folder_that_is_none_of_ours_is_refused(tmp_path: Path, damage: str) -> None:
    """The fault names the file."""
    if damage != "absent":
        text = "{" if damage == "no JSON" else "[]"
        (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"manifest\.json"):
        Kept(tmp_path)


def test_a_table_that_was_not_kept_is_refused(tmp_path: Path) -> None:
    """Results without tables are results still."""
    with Draft(tmp_path / "out") as draft:
        committed(draft, journal_beside(tmp_path / "out"), 1, 1)
    kept = Kept(tmp_path / "out")
    assert kept.document == DOCUMENT
    with pytest.raises(InputError, match=r"incidents\.parquet"):
        kept.frame(INCIDENTS)


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_a_page_replaces_only_an_earlier_page(tmp_path: Path) -> None:
    """A scenario file named by mistake is not overwritten, whatever was asked for."""
    scenario = tmp_path / "mine.toml"
    scenario.write_text("format = 1", encoding="utf-8")
    page = tmp_path / "page.html"
    page.write_text("<!DOCTYPE html><html></html>", encoding="utf-8")
    with pytest.raises(OutputError, match="no earlier page"):
        ensure_free_file(scenario, force=True, like=b"<!doctype html")
    ensure_free_file(page, force=True, like=b"<!doctype html")
    assert scenario.read_text(encoding="utf-8") == "format = 1"
