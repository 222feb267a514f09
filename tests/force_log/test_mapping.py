"""The mapping file: what it may say, and how its faults are told."""

import copy
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sim.errors import InputError, ScenarioErrors
from sim.force_log import load_mapping, new_mapping, read_log
from sim.force_log.identifiers import by_name, by_shape
from sim.force_log.mapping import mapping_from
from tests.force_log.made_up import MAPPING, force, written

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios" / "mappings").glob("*.toml"))


def changed(*path: str, value: object) -> dict[str, Any]:
    """The made-up mapping with another value at one place."""
    data = copy.deepcopy(MAPPING)
    table = data
    for key in path[:-1]:
        if key in {"arrived", "graded"}:
            table[key] = dict(LENGTH) if key == "arrived" or path[-1] == "stop" else {}
        table = table[key]
    table[path[-1]] = value
    return data


LENGTH = {"lasted": "t_arrived", "after": "assigned", "unit": "seconds"}


def faults(data: dict[str, Any]) -> list[InputError]:
    """What is wrong with a mapping."""
    with pytest.raises(ScenarioErrors) as caught:
        mapping_from(data, "map.toml")
    return list(caught.value.errors)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_mappings_load(path: Path) -> None:
    """Both shipped examples are sound and say which kind is a missing child."""
    assert len(SHIPPED) == 2
    mapping = load_mapping(path).mapping
    assert "missing_child" in mapping.kinds.values()
    assert mapping.targets


def test_all_faults_are_told_at_once() -> None:
    """A misspelt key, an unknown word and a missing column come together, each with its help."""
    data = changed("kinds", "missing child", value="mising_child")
    data["columns"]["arived"] = data["columns"].pop("arrived")
    del data["columns"]["received"]
    found = {error.path: error for error in faults(data)}
    assert set(found) == {"columns.received", "columns.arived", 'kinds."missing child"'}
    assert found["columns.arived"].suggestion == "arrived"
    assert found['kinds."missing child"'].suggestion == "missing_child"
    assert '"missing_adult"' in str(found['kinds."missing child"'].allowed)
    assert all(error.exit_status == 2 and error.file == "map.toml" for error in found.values())


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("file", "time_zone"), "Europe/Lndon", "file.time_zone"),
        (("file", "date_formats"), ["%d/%m/%Y"], "file.date_formats[0]"),
        (("file", "date_formats"), ["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"], "file.date_formats"),
        (("file", "date_formats"), ["%Y-%m-%d %H:%Q"], "file.date_formats[0]"),
        (("file", "separator"), "::", "file.separator"),
        (("grades", "1"), 0, "grades.1"),
        (("grades",), {}, "grades"),
        (("areas",), {}, "areas"),
        (("targets", "grade_2", "minutes"), -1, "targets.grade_2.minutes"),
        (("columns", "received"), 3, "columns.received"),
        (("columns", "arrived"), ["t_arrived"], "columns.arrived"),
        (("columns", "arrived", "unit"), "secs", "columns.arrived.unit"),
        (("columns", "graded", "step"), "GRADED", "columns.graded.step"),
        (("columns", "graded", "stop"), ["GRADED"], "columns.graded.stop"),
        (("format",), 2, "format"),
        (("title",), 3, "title"),
    ],
)
def test_each_fault_names_its_place(path: tuple[str, ...], value: object, where: str) -> None:
    """A value that cannot stand somewhere is told with its path and with what may stand there."""
    found = faults(changed(*path, value=value))
    assert [error.path for error in found] == [where]
    assert found[0].allowed


@pytest.mark.parametrize(
    ("role", "column", "what"),
    [
        ("kind", "CallerName", "names of people"),
        ("kind", "caller_phone", "telephone numbers"),
        ("received", "date_of_birth", "dates of birth"),
        ("received", "DOB", "dates of birth"),
        ("area", "IncidentAddress", "addresses"),
        ("area", "Postcode", "postcodes"),
        ("kind", "FreeText", "free text"),
        ("kind", "call_remarks", "free text"),
        ("origin", "informant", "names of people"),
        ("area", "Latitude", "positions"),
        ("kind", "misper", "names of people"),
        ("unit", "officer_name", "names of people"),
    ],
)
def test_columns_that_identify_are_refused_by_name(role: str, column: str, what: str) -> None:
    """A column whose name says that it holds people or places is refused with the reason."""
    found = faults(changed("columns", role, value=column))
    assert [error.path for error in found] == [f"columns.{role}"]
    assert what in found[0].message


@pytest.mark.parametrize(
    ("role", "column"),
    [
        ("received", "t_phone_stop"),
        ("received", "CallerAnsweredTime"),
        ("area", "area_name"),
        ("kind", "incident_type_description"),
        ("kind", "problem"),
        ("incident", "log_number"),
        ("unit", "Callsign"),
        ("priority", "GradeName"),
    ],
)
def test_honest_columns_are_not_refused(role: str, column: str) -> None:
    """Labels of codes and the time at which a telephone was put down are no identifiers."""
    assert by_name(column, role) is None


@pytest.mark.parametrize(
    ("values", "role", "what"),
    [
        (["07700 900123", "01202 555 0199", "+44 7700 900456"], "kind", "telephone numbers"),
        (["12/03/2009", "01/11/2010"], "kind", "dates"),
        (["BH1 1AA", "DT1 2XY"], "area", "postcodes"),
        (["12 High Street", "Flat 3, 7 Mill Lane"], "area", "addresses"),
        (["Smith, Jo", "Doe, Sam"], "unit", "names of people"),
        (["Jo Smith", "Sam Doe"], "unit", "names of people"),
        (["Miss J Doe", "Mr A Smith"], "kind", "names of people"),
        (["someone@example.org"], "origin", "e-mail addresses"),
        (["child seen near the " + "park " * 20], "kind", "free text"),
        ([f"note {number} of many" for number in range(300)], "kind", "free text"),
        (["50.71993", "-1.87654"], "area", "positions"),
    ],
)
def test_columns_that_identify_are_refused_by_their_values(
    values: list[str], role: str, what: str
) -> None:
    """The shape of the values tells, whatever a column is called."""
    assert what in str(by_shape(pl.Series(values), role))


def test_codes_pass_the_look_at_values() -> None:
    """Priorities, kinds, areas, call signs and incident numbers are let through."""
    for role, values in {
        "priority": ["1", "2", "Grade 1 - Immediate"],
        "kind": ["MISSING PERSON", "Concern for safety", "RTC - injury", "999 hang up"],
        "area": ["BCP North", "D1", "Weymouth & Portland"],
        "unit": ["XR11", "DP22A"],
        "incident": ["20250505-0001", "20250505-0002"],
    }.items():
        assert by_shape(pl.Series(values), role) is None, role


def test_a_column_of_identifiers_is_refused_without_showing_one(tmp_path: Path) -> None:
    """A column that is called kind and holds telephone numbers is refused; none is repeated."""
    log = force(60).with_columns(kind=pl.Series([f"07700 900{n:03d}" for n in range(60)]))
    path = tmp_path / "map.toml"
    path.write_text(new_mapping(written(tmp_path, force(60))), encoding="utf-8")
    with pytest.raises(ScenarioErrors) as caught:
        read_log(written(tmp_path, log), load_mapping(path))
    assert "telephone numbers" in str(caught.value)
    assert "07700" not in str(caught.value)


def test_dates_of_birth_are_refused_where_a_time_is_named(tmp_path: Path) -> None:
    """Times of receipt that span decades are dates of birth."""
    log = force(60).with_columns(
        t_graded=pl.Series(
            [f"{1960 + number}-03-0{1 + number % 9} 00:00:00" for number in range(60)]
        )
    )
    with pytest.raises(ScenarioErrors, match="dates of birth"):
        read_log(written(tmp_path, log), load_from(MAPPING, tmp_path))


def load_from(data: dict[str, Any], folder: Path) -> Any:
    """A mapping that came from a file."""
    from sim.force_log.mapping import LoadedMapping

    return LoadedMapping(mapping_from(data, (folder / "map.toml").as_posix()), "map.toml")


def test_a_mapping_is_written_from_a_header(tmp_path: Path) -> None:
    """What is written loads, finds every column, and marks each guess."""
    text = new_mapping(written(tmp_path, force(400)))
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8")
    mapping = load_mapping(path).mapping
    assert mapping.columns.stamps() == {
        "received": ("t_received",),
        "graded": ("t_graded",),
        "ratified": ("t_ratified",),
        "assigned": ("t_assigned",),
        "arrived": ("t_arrived",),
        "cleared": ("t_cleared",),
    }
    assert mapping.grades == {"1": 1, "2": 2, "3": 3}
    assert mapping.kinds == {"missing child": "missing_child", "*": "other"}
    assert mapping.origins["officer"] == "officer_initiated"
    columns = text.split("[columns]")[1].split("[grades]")[0].strip().splitlines()
    assert all("a guess" in line for line in columns if not line.startswith("#"))


def test_a_written_mapping_holds_no_identifier_and_no_rare_label(tmp_path: Path) -> None:
    """Columns of people are left out, and a label of fewer than five incidents is not shown."""
    log = force(400).with_columns(
        caller_name=pl.lit("Jo Canary"),
        kind=pl.when(pl.int_range(pl.len()) < 4).then(pl.lit("rare canary")).otherwise("kind"),
    )
    text = new_mapping(written(tmp_path, log))
    assert "canary" not in text.lower()
    assert "# left out: caller_name" in text


def test_an_unknown_mapping_file_names_the_nearest(tmp_path: Path) -> None:
    """A slip in the name of the file is answered with the file that was meant."""
    (tmp_path / "mine.toml").write_text("", encoding="utf-8")
    with pytest.raises(ScenarioErrors) as caught:
        load_mapping(tmp_path / "mien.toml")
    assert caught.value.errors[0].suggestion == "mine.toml"


def test_labels_without_a_grade_are_asked_for_in_words() -> None:
    """A mapping that was begun for labels that nothing is known of says what is wanted."""
    (fault,) = faults(changed("grades", value={}))
    assert (fault.path, fault.exit_status) == ("grades", 2)
    assert fault.message == "no label of the priority has its grade yet"
