"""Odd logs, as an attacker would write them: read right, or refused, or told first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from sim.errors import InputError, ScenarioErrors
from sim.force_log import Log, load_mapping_for, new_mapping, read_log
from sim.force_log.label_guessing import KINDS, ORIGINS, RISKS, grades_of, word_of
from tests.force_log.cities import GONE
from tests.force_log.reshaped import COLUMNS, STAMP, ZONE, moments

Reshape = Callable[[pl.DataFrame], pl.DataFrame]
DAYS: Final = 4
EVERY_THIRD: Final = pl.int_range(pl.len()) % 3 == 0


def written(folder: Path, change: Reshape) -> tuple[Path, str]:
    """The sample in another shape, and the mapping that is begun for it."""
    log = change(moments(DAYS))
    times = [name for name, kind in log.schema.items() if isinstance(kind, pl.Datetime)]
    path = folder / "log.csv"
    log.with_columns(pl.col(times).dt.strftime(STAMP)).write_csv(path)
    return path, new_mapping(path).replace("America/New_York", ZONE)


def as_read(folder: Path, change: Reshape) -> Log:
    """The sample in another shape, read with the mapping that is begun for it."""
    path, text = written(folder, change)
    mapping = folder / "map.toml"
    mapping.write_text(text, encoding="utf-8")
    return read_log(path, load_mapping_for(path, mapping))


def figures(log: Log) -> list[object]:
    """What every figure is made of, apart from units."""
    names = ["received", "assigned", "arrived", "cleared", "grade", "stream", "area",
             "officer_initiated"]  # fmt: skip
    return log.incidents.select(names).sort(names, nulls_last=True).rows()  # type: ignore[return-value]


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    """The sample as it is."""
    return figures(as_read(tmp_path_factory.mktemp("truth"), lambda log: log))


def fire(log: pl.DataFrame, **other: object) -> pl.DataFrame:
    """Every third incident once more as the fire service's, who come sooner."""
    sooner = pl.col("Call_Received") + timedelta(seconds=70)
    theirs = log.filter(EVERY_THIRD).with_columns(
        pl.lit("FIRE").alias("Agency"), sooner.alias("Resource_Allocated"),
        sooner.alias("Resource_Mobile"), sooner.alias("Resource_At_Scene"),
        *(pl.lit(value).alias(name) for name, value in other.items()),
    )  # fmt: skip
    return pl.concat([log.with_columns(Agency=pl.lit("POLICE")), theirs])


def final_grade(log: pl.DataFrame) -> pl.DataFrame:
    """A grade as first given, and another that every third job ended with."""
    final = pl.when(EVERY_THIRD).then(pl.lit("Grade 3")).otherwise("Response_Grade")
    return log.with_columns(Final_Priority=final).rename({"Response_Grade": "Initial_Priority"})


def final_kind(log: pl.DataFrame) -> pl.DataFrame:
    """A kind as first given, and another that says how it ended."""
    missing = pl.col("Opening_Code").str.starts_with("Missing")
    final = pl.when(missing).then(pl.lit("Missing person found well")).otherwise("Opening_Code")
    return log.with_columns(Final_Type=final).rename({"Opening_Code": "Initial_Type"})


def numbered(words: dict[int, str]) -> Reshape:
    """Other words for grades."""
    return lambda log: log.with_columns(
        pl.col("Response_Grade").replace({f"Grade {n}": word for n, word in words.items()})
    )


WITH_MINUTES: Final = {
    1: "Priority 1 (15 min)", 2: "Priority 2 (60 min)", 3: "Priority 3 (48 hours)",
    4: "Priority 4 (appointment)", 5: "Priority 5 (desk)",
}  # fmt: skip


def property_lost(log: pl.DataFrame) -> pl.DataFrame:
    """Work that speaks of things missing, and of calls returned."""
    other = pl.col("Opening_Code").is_in(["Scheduled", "Priority", "No deployment"])
    return log.with_columns(
        Opening_Code=pl.when(other & EVERY_THIRD)
        .then(pl.lit("Lost/missing property"))
        .when(other & (pl.int_range(pl.len()) % 3 == 1))
        .then(pl.lit("Return call to caller"))
        .otherwise("Opening_Code")
    )


@pytest.mark.parametrize(
    "change",
    [
        fire,
        lambda log: fire(log, Opening_Code="Alarm", Response_Grade="Grade 1"),
        final_grade,
        final_kind,
        numbered(WITH_MINUTES),
        numbered({1: "P1E", 2: "P2", 3: "P3", 4: "P4", 5: "P5"}),
        numbered({1: "5", 2: "4", 3: "3", 4: "2", 5: "1"}),
        property_lost,
    ],
    ids=[
        "agencies",
        "agencies' kinds",
        "final grade",
        "final kind",
        "minutes",
        "P1E",
        "about",
        "property",
    ],
)
def test_odd_logs_are_read_right(change: Reshape, tmp_path: Path, truth: list[object]) -> None:
    """Other agencies' rows are left out; what was first given stands; a number is the label's."""
    assert figures(as_read(tmp_path, change)) == truth


def in_a_cell(how: str) -> Reshape:
    """Every third call sign with another one beside it."""
    both = pl.col("Callsign") + pl.lit(how)
    return lambda log: log.with_columns(
        Callsign=pl.when(EVERY_THIRD).then(both).otherwise("Callsign")
    )


@pytest.mark.parametrize(
    "change",
    [
        in_a_cell(", R0100"),
        in_a_cell("; R0100; R0101"),
        in_a_cell(" R0100"),
        lambda log: log.drop("Callsign").with_columns(Units_Sent=pl.int_range(pl.len()) % 4 + 1),
    ],
    ids=["commas", "semicolons", "spaces", "counts"],
)
def test_cells_that_name_no_crew_are_none(
    change: Reshape, tmp_path: Path, truth: list[object]
) -> None:
    """Lists of units and numbers of units are not proposed; one that is named is told of."""
    found = as_read(tmp_path, change)
    assert figures(found) == truth
    assert "unit" not in found.has
    path, text = tmp_path / "log.csv", (tmp_path / "map.toml").read_text(encoding="utf-8")
    column = "Units_Sent" if "Units_Sent" in text else "Callsign"
    (tmp_path / "map.toml").write_text(text.replace("# unit = ...", f'unit = "{column}"'))
    found = read_log(path, load_mapping_for(path, tmp_path / "map.toml"))
    assert found.allocations.is_empty()
    assert "unit" not in found.has
    assert found.faults.count("no_call_signs") > 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({1: "1", 2: "2", 3: "3", 4: "4", 5: "0"}, "officers are sent to hardly any job of grade"),
        ({1: "3", 2: "2", 3: "1"}, "wait"),
    ],
    ids=["0 is none", "by waits"],
)
def test_a_scale_that_runs_the_other_way_is_told_first(
    words: dict[int, str], said: str, tmp_path: Path
) -> None:
    """By what became of the jobs, whatever the mapping says: who was sent, and how long it took."""

    def change(log: pl.DataFrame) -> pl.DataFrame:
        known = [f"Grade {n}" for n in words]
        return numbered(words)(log.filter(pl.col("Response_Grade").is_in(known)))

    path, text = written(tmp_path, change)
    for grade, word in words.items():
        if said == "wait":
            text = text.replace(f'"{word}" = {grade} ', f'"{word}" = {4 - grade} ')
    (tmp_path / "map.toml").write_text(text, encoding="utf-8")
    first = read_log(path, load_mapping_for(path, tmp_path / "map.toml")).faults.found[0]
    assert first.code == "grades_about"
    assert said in first.what


@pytest.mark.parametrize(
    "words",
    [
        {1: "Emergency", 2: "High", 3: "Medium", 4: "Low", 5: "Non-Emergency"},
        {1: "ECHO", 2: "DELTA", 3: "CHARLIE", 4: "BRAVO", 5: "ALPHA"},
        {1: "A", 2: "B", 3: "C", 4: "D", 5: "E"},
    ],
    ids=["rungs", "alphabet", "letters"],
)
def test_scales_that_only_the_force_knows_are_asked_about(
    words: dict[int, str], tmp_path: Path
) -> None:
    """No rung is guessed: the mapping wants them, or that they lack a meaning stands first."""
    path, text = written(tmp_path, numbered(words))
    (tmp_path / "map.toml").write_text(text, encoding="utf-8")
    if "Emergency" not in words.values():
        with pytest.raises(ScenarioErrors) as caught:
            load_mapping_for(path, tmp_path / "map.toml")
        assert [one.path for one in caught.value.errors] == ["grades"]
        return
    found = read_log(path, load_mapping_for(path, tmp_path / "map.toml"))
    assert found.faults.found[0].code == "unmapped_priority"
    assert set(found.incidents["grade"].drop_nulls()) <= {1}


def test_numbers_that_begin_anew_each_day_are_refused(tmp_path: Path) -> None:
    """Log 17 of one day is not log 17 of the next."""
    daily = (pl.int_range(pl.len()).over(pl.col("Call_Received").dt.date()) + 1).cast(pl.String)
    with pytest.raises(InputError, match="numbers are given again") as caught:
        as_read(tmp_path, lambda log: log.with_columns(Incident_URN=daily))
    assert caught.value.allowed


def test_a_label_for_who_reported_that_nobody_knows_is_told_first(tmp_path: Path) -> None:
    """Else the work that it stands for would be the public's in silence."""
    mixed = pl.when(EVERY_THIRD).then(pl.lit("TS")).otherwise(pl.lit("E-911"))
    found = as_read(tmp_path, lambda log: log.with_columns(Contact_Channel=mixed))
    assert found.faults.found[0].code == "unmapped_origin"


def test_lengths_of_minutes_and_seconds_are_not_added_as_hours(tmp_path: Path) -> None:
    """08:15 until arrival may be minutes and seconds: it is left to be said."""
    lasted = (pl.col("Resource_At_Scene") - pl.col("Call_Received")).dt.total_seconds()
    clock = pl.format(
        "{}:{}", (lasted // 60).cast(pl.String).str.zfill(2),
        (lasted % 60).cast(pl.String).str.zfill(2),
    )  # fmt: skip
    found = as_read(
        tmp_path,
        lambda log: log.with_columns(Arrival_Elapsed=clock).drop("Resource_At_Scene"),
    )
    assert "arrived" not in found.has


def test_other_languages_are_asked_about(tmp_path: Path) -> None:
    """Columns whose names say nothing to us have no role, or what is odd of it stands first."""
    french = {
        "Call_Received": "Date_Appel", "Grading_Time": "Date_Qualification",
        "Resource_Allocated": "Date_Affectation", "Resource_Mobile": "Date_Depart",
        "Resource_At_Scene": "Date_Arrivee", "Resource_Cleared": "Date_Fin",
        "Incident_Closed": "Date_Cloture", "Response_Grade": "Priority", "Opening_Code": "Nature",
    }  # fmt: skip
    dropped = [name for name in COLUMNS if name not in french]
    found = as_read(tmp_path, lambda log: log.drop(dropped).rename(french))
    assert found.faults.found[0].code == "clock_order"
    german = {"Call_Received": "Eingang", "Resource_Allocated": "Alarmierung",
              "Resource_At_Scene": "Ankunft", "Response_Grade": "Stufe"}  # fmt: skip
    dropped = [name for name in COLUMNS if name not in german]
    with pytest.raises(ScenarioErrors) as caught:
        as_read(tmp_path, lambda log: log.drop(dropped).rename(german))
    assert "columns.received" in {one.path for one in caught.value.errors}


@pytest.mark.parametrize(
    ("label", "grade"),
    [
        ("Priority 3 (60 min)", 3), ("Grade 1 (15 mins)", 1), ("P1E", 1), ("2 - Prompt", 2),
        ("Priority", 2), ("Immediate", 1), ("Non-Emergency", None), ("Nonemergency", None),
        ("Low Priority", None), ("15 minutes", None), ("1 hour", None), ("Without delay", None),
        ("Resolution without deployment", 5), ("Not urgent", None),
    ],
)  # fmt: skip
def test_a_label_of_a_grade_is_what_it_says(label: str, grade: int | None) -> None:
    """A number that the label begins with; never an emergency that is denied, or a length."""
    assert grades_of([label])[0][label] == grade


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("MISSING PROPERTY", "other"), ("Lost dog", "other"), ("Missing licence plate", "other"),
        ("Missing child", "missing_child"), ("Missing person - dementia", "missing_adult"),
        ("Return call", None), ("Returned property", None), ("Missing - returned", "returned"),
        ("Child returned home", "returned"), ("Noise concern", "other"),
        ("Concern for safety", "welfare_concern"), ("MISSING PERSON - JUV", "missing_child"),
        ("Missing Person (Juvenile)", "missing_child"), (f"{GONE} JUVENILE", "missing_child"),
        (GONE.replace("A", ""), None), (GONE[:-2] + "Y", "missing_child"),
        (f"{GONE} - LOCATED", "returned"), ("RECOVERED MISSING PERSON", "returned"),
        ("MISSING/FOUND PERSON", "missing_adult"), ("Missing person under 12", "missing_child"),
        ("MISSING PERSON UNDER SUSPICION", "missing_adult"), (f"{GONE} VEHICLE", "other"),
    ],
)  # fmt: skip
def test_a_kind_is_of_people(label: str, kind: str | None) -> None:
    """Things that are missing are other work, and a call that is returned is no child."""
    assert word_of(label, KINDS) == kind


@pytest.mark.parametrize(
    ("label", "origin"),
    [
        ("Officer", "officer_initiated"), ("ON-VIEW", "officer_initiated"),
        ("Field initiated", "officer_initiated"), ("MDT", "officer_initiated"),
        ("SELF", "officer_initiated"), ("Self report", "direct"), ("Front desk officer", "direct"),
        ("E-911", "999"), ("Non-emergency line", "101"), ("Email", "online"), ("Alarm", "direct"),
        ("TS", None), ("Unknown", None),
    ],
)  # fmt: skip
def test_who_reported_is_not_guessed_from_nothing(label: str, origin: str | None) -> None:
    """What no word is known for is left to be told."""
    assert word_of(label, ORIGINS) == origin


@pytest.mark.parametrize(
    ("label", "risk"),
    [("High", "high"), ("H", "high"), ("MEDIUM", "medium"), ("Low risk", "low"),
     ("Standard", "low"), ("Severe", None), ("Serious", None), ("Missing", None)],
)  # fmt: skip
def test_a_risk_is_not_told_by_its_first_letter(label: str, risk: str | None) -> None:
    """What is severe is not low."""
    assert word_of(label, RISKS) == risk


def without_hours(first: str, hours: int) -> Reshape:
    """The log without the receipts of some hours, as of a system that was down."""
    begin = datetime.fromisoformat(first)
    inside = pl.col("Call_Received").is_between(begin, begin + timedelta(hours=hours))
    return lambda log: log.filter(~inside)


@pytest.mark.parametrize(("hours", "found"), [(8, 1), (1, 0)])
def test_a_system_that_was_down_is_told(hours: int, found: int, tmp_path: Path) -> None:
    """Hours of the day without one call, where scores are usual, stand among the faults."""
    log = without_hours("2022-05-02T10:00:00", hours)(moments(10))
    log = log.gather_every(8)
    times = [name for name, kind in log.schema.items() if isinstance(kind, pl.Datetime)]
    path, mapping = tmp_path / "log.csv", tmp_path / "map.toml"
    log.with_columns(pl.col(times).dt.strftime(STAMP)).write_csv(path)
    mapping.write_text(new_mapping(path), encoding="utf-8")
    told = read_log(path, load_mapping_for(path, mapping)).faults.of("silence")
    assert len(told) == found
    assert all("2022-05-02" in one.what for one in told)
