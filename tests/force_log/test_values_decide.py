"""A mapping is proposed by names and decided by values; what has no role is listed."""

import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from sim.errors import InputError, ScenarioErrors
from sim.force_log import load_mapping, load_mapping_for, new_mapping, read_log
from sim.force_log.mapping import mapping_from
from tests.force_log.made_up import MAPPING, force, mapping, written
from tests.force_log.reshaped import (
    COLUMNS,
    ROOT,
    TIMES,
    ZONE,
    at_home,
    guessed,
    moments,
    rewritten,
    same,
    sample,
    shown,
)

ISO = shown("%Y-%m-%d %H:%M:%S")


def lines(text: str) -> dict[str, str]:
    """The lines of a mapping's [columns], by role, without the marks of guesses."""
    body = text.split("[columns]")[1].split("\n[", maxsplit=1)[0]
    pairs = (line.split("  # a guess")[0].partition(" = ")[::2] for line in body.splitlines()
             if " = " in line and not line.startswith("#"))  # fmt: skip
    return dict(pairs)


def inform() -> pl.DataFrame:
    """The sample as the weekly extract of an Inform system, with its names of staff."""
    log = rewritten(ISO)
    size = log.height
    draw = np.random.Generator(np.random.Philox(5))
    start = pl.col("Call_Received").str.to_datetime()
    seconds = (pl.col("Grading_Time").str.to_datetime() - start).dt.total_seconds()
    return log.select(
        Master_Incident_Number="Incident_URN",
        Response_Date="Call_Received",
        WeekNo=start.dt.week(),
        DOW=start.dt.strftime("%a"),
        Hour=start.dt.hour(),
        Agency=pl.lit("POLICE"),
        Problem="Opening_Code",
        Priority_Number=pl.col("Response_Grade").str.slice(-1),
        Call_Reception=pl.col("Contact_Channel").replace({"999": "E-911", "101": "Phone"}),
        Call_Taker=pl.Series([f"CT{n}" for n in draw.integers(0, 30, size)]),
        Dispatcher=pl.Series([f"Operator {chr(65 + n)}" for n in draw.integers(0, 9, size)]),
        Incident_Start_Time="Call_Received",
        TimeCallViewed="Call_Answered",
        Incident_Queue_Time="Grading_Time",
        Time_To_Queue=seconds,
        Elapsed_PS_Queue=pl.from_epoch(seconds).dt.strftime("%H:%M:%S"),
        Incident_Dispatch_Time="Resource_Allocated",
        TimeFirstUnitDispatchAcknowledged=pl.lit(None, pl.String),
        Incident_Enroute_Time="Resource_Mobile",
        Incident_Arrival_Time="Resource_At_Scene",
        TimeFirstCallCleared="Resource_Cleared",
        Call_Reopened=pl.lit("No"),
        First_Reopen_Time=pl.lit(None, pl.String),
        Final_Closed_Time="Incident_Closed",
        NumUnitsAttending=pl.Series(draw.integers(1, 4, size)),
    )


def test_only_columns_whose_values_are_times_are_times(tmp_path: Path) -> None:
    """Names of staff, lengths and numbers of units are no times, whatever they are called."""
    path = written(tmp_path, inform())
    found = lines(new_mapping(path))
    assert {role: found.get(role) for role in TIMES} == {
        "received": '"Incident_Start_Time"', "answered": '"TimeCallViewed"',
        "graded": '"Incident_Queue_Time"', "ratified": None,
        "assigned": '"Incident_Dispatch_Time"', "travelling": '"Incident_Enroute_Time"',
        "arrived": '"Incident_Arrival_Time"', "cleared": '"TimeFirstCallCleared"',
        "closed": '"Final_Closed_Time"',
    }  # fmt: skip
    assert "area" not in found
    text = new_mapping(path)
    assert "# not used: Dispatcher (who worked on it, it seems)" in text
    assert "Operator" not in text
    assert "# not used: Time_To_Queue (lengths)" in text
    assert '# not used: Agency (labels, 1 different, such as "POLICE")' in text
    log = guessed(path).incidents
    assert log["assigned"].equals(
        guessed(written(tmp_path, sample(), "plain.csv")).incidents["assigned"]
    )


def test_few_labels_that_repeat_are_labels_whatever_they_are_called(tmp_path: Path) -> None:
    """Kinds in a column Description, areas in columns of boroughs, zones and towns are read."""
    for name in ("BoroughName", "IncGeo_ZoneName", "Town", "Neighborhood", "County_Name"):
        log = sample().rename({"Opening_Code": "Description", "LPA": name})
        path = written(tmp_path, log)
        found = lines(new_mapping(path))
        assert (found["kind"], found["area"]) == ('"Description"', f'"{name}"')
        assert same(guessed(path), tmp_path)


def test_a_description_that_is_free_text_is_refused_by_its_values(tmp_path: Path) -> None:
    """What nearly every row has of its own is told by its size, and none of it is shown."""
    text = pl.Series([f"canary {number} seen at the park gates" for number in range(300)])
    log = force(300).with_columns(Description=text)
    path = written(tmp_path, log)
    assert "canary" not in new_mapping(path)
    said = {**MAPPING["columns"], "kind": "Description"}
    with pytest.raises(ScenarioErrors) as caught:
        read_log(path, mapping({"columns": said}))
    told = str(caught.value)
    assert "300 different values in 300 rows" in told
    assert "canary" not in told


def test_codes_that_look_like_names_can_be_said_to_be_codes(tmp_path: Path) -> None:
    """Districts called after people are refused with the line that has them read."""
    names = ["Victoria Park", "Grace Hill", "Kelly Green", "Mary Tavy"]
    areas = pl.Series("lpa", [names[number % 4] for number in range(200)])
    path = written(tmp_path, force(200).with_columns(areas))
    changes: dict[str, Any] = {"areas": {name: f"area_{n}" for n, name in enumerate(names)}}
    with pytest.raises(ScenarioErrors) as caught:
        read_log(path, mapping(changes))
    assert 'codes = ["lpa"] in [file] says so' in str(caught.value)
    assert 'codes = ["lpa"] in [file] has them read' in new_mapping(path)
    assert not set(names) & set(new_mapping(path).split('"'))
    changes["file"] = {"time_zone": ZONE, "codes": ["lpa"]}
    assert read_log(path, mapping(changes)).incidents["area"].n_unique() == 4
    # People who are not shared by many incidents stay refused, whatever is said.
    many = pl.Series("lpa", [f"Mary {chr(65 + n % 26)}{chr(97 + n // 26)}th" for n in range(200)])
    path = written(tmp_path, force(200).with_columns(many))
    with pytest.raises(ScenarioErrors, match="names of people"):
        read_log(path, mapping(changes))


def test_labels_of_fewer_than_five_incidents_are_not_shown_for_their_rows(tmp_path: Path) -> None:
    """One incident with nine units does not make its area a common one."""
    log = sample().with_row_index("row")
    rare = pl.when(pl.col("row") == 40)
    log = log.with_columns(
        LPA=rare.then(pl.lit("Canary Cove")).otherwise("LPA"),
        Team=rare.then(pl.lit("Canary team")).otherwise(pl.lit("blue")),
    )
    rows = pl.concat([log, *[log.filter(pl.col("row") == 40).with_columns(
        Callsign=pl.lit(f"R90{unit}")) for unit in range(8)]]).drop("row")  # fmt: skip
    path = written(tmp_path, rows)
    text = new_mapping(path)
    assert "Several rows for some incidents" in text
    assert "Canary" not in text
    (fault,) = guessed(path).faults.of("unmapped_area")
    assert fault.examples == ()
    assert (fault.count, fault.of) == (1, log.height)


@pytest.mark.parametrize(
    "above", ["\n", "Incidents, April 2022\n\n", "Report,,,,\nMade by,someone\n"]
)
def test_titles_above_the_header_are_passed_over(tmp_path: Path, above: str) -> None:
    """Lines above the header are left out, counted, and the lines below keep their numbers."""
    path = tmp_path / "log.csv"
    path.write_text(above + sample().write_csv(), encoding="utf-8")
    found = guessed(path)
    assert same(found, tmp_path)
    assert found.faults.count("title_lines") == above.count("\n")
    body = path.read_text("utf-8").splitlines()
    body[100] += ",more"
    path.write_text("\n".join(body), encoding="utf-8")
    assert guessed(path).faults.of("broken_rows")[0].line == 101


def lengths(unit: str) -> pl.DataFrame:
    """The sample with the length from receipt in place of each later time."""
    log = moments().with_columns(
        pl.col("Call_Received").dt.strftime("%Y-%m-%d %H:%M:%S").alias("Start")
    )
    names = {"Call_Received": "x", "Resource_Allocated": "Dispatch", "Resource_At_Scene": "Arrival"}
    for column, name in list(names.items())[1:]:
        seconds = (pl.col(column) - pl.col("Call_Received")).dt.total_seconds()
        value = {
            "seconds": seconds,
            "minutes": (seconds / 60).round(6),
            "clock": pl.format("{}:{}:{}", seconds // 3600, (seconds // 60 % 60).cast(pl.String)
                               .str.zfill(2), (seconds % 60).cast(pl.String).str.zfill(2)),
        }[unit]  # fmt: skip
        suffix = {"seconds": "_Secs", "minutes": "_Mins", "clock": "_Elapsed"}[unit]
        log = log.with_columns(value.alias(name + suffix))
    return log.drop(COLUMNS).rename({"Start": "Call_Received"})


@pytest.mark.parametrize("unit", ["seconds", "minutes", "clock"])
def test_lengths_in_place_of_times_are_added_to_the_receipt(tmp_path: Path, unit: str) -> None:
    """Seconds, minutes and hours with minutes until allocation and arrival give both times."""
    path = written(tmp_path, lengths(unit))
    text = new_mapping(path)
    assert "Lengths stand in place of some times" in text
    assert f'unit = "{unit}"' in lines(text)["assigned"]
    log = guessed(path)
    assert log.faults.found[0].code == "made_of_lengths"
    found = log.incidents
    truth = guessed(written(tmp_path, sample(), "plain.csv")).incidents
    for stamp in ("received", "assigned", "arrived"):
        apart = (found[stamp] - truth[stamp]).dt.total_milliseconds().abs().max()
        assert found[stamp].null_count() == truth[stamp].null_count()
        assert apart is not None
        assert float(apart) < 1  # type: ignore[arg-type]


def test_lengths_of_pieces_of_work_are_not_added_to_the_receipt(tmp_path: Path) -> None:
    """Turning out, travel and time on scene grow too, and do not run from the call."""
    log = moments()
    spans = (
        ("Dispatch_Turnout_Secs", "Resource_Allocated", "Resource_Mobile"),
        ("Arrival_Travel_Secs", "Resource_Mobile", "Resource_At_Scene"),
        ("Clear_On_Scene_Secs", "Resource_At_Scene", "Resource_Cleared"),
    )
    for name, start, end in spans:
        log = log.with_columns((pl.col(end) - pl.col(start)).dt.total_seconds().alias(name))
    log = log.with_columns(Start=ISO("Call_Received")).drop(COLUMNS)
    text = new_mapping(written(tmp_path, log.rename({"Start": "Call_Received"})))
    assert not {"assigned", "travelling", "arrived", "cleared"} & set(lines(text))
    assert "after which time?" in text


def test_lengths_whose_unit_does_not_show_are_left_to_be_said(tmp_path: Path) -> None:
    """A fire service's attendance time may be seconds: the line is written, and not read."""
    log = lengths("seconds").rename({"Arrival_Secs": "FirstPumpArriving_AttendanceTime"})
    text = new_mapping(written(tmp_path, log.drop("Dispatch_Secs")))
    assert '# arrived = { lasted = "FirstPumpArriving_AttendanceTime"' in text
    assert "in which unit" in text
    assert "No time of allocation" not in text
    assert "arrived" not in lines(text)


def test_values_that_are_no_lengths_are_counted(tmp_path: Path) -> None:
    """A negative length, or a word, is left empty and told."""
    rows = pl.int_range(pl.len())
    log = lengths("seconds").with_columns(
        Arrival_Secs=pl.when(rows < 3).then(pl.lit("-5")).when(rows < 5).then(pl.lit("late"))
        .otherwise(pl.col("Arrival_Secs").cast(pl.String))
    )  # fmt: skip
    found = guessed(written(tmp_path, log))
    assert found.faults.of("unread_times")[0].count == 5


def statuses() -> pl.DataFrame:
    """The sample with a row for each change of status, in the order of the clock."""
    names = {
        "Call_Received": "RECEIVED", "Grading_Time": "GRADED", "Resource_Allocated": "DISPATCHED",
        "Resource_Mobile": "EN ROUTE", "Resource_At_Scene": "AT SCENE", "Resource_Cleared": "CLEAR",
        "Incident_Closed": "CLOSED",
    }  # fmt: skip
    log = moments().select(
        "Incident_URN",
        "Response_Grade",
        "Opening_Code",
        "LPA",
        "Contact_Channel",
        "Risk_Level",
        *names,
    )
    return (
        log.unpivot(
            on=list(names), index=log.columns[:6], variable_name="Status", value_name="Status_Time"
        )
        .drop_nulls("Status_Time")
        .sort("Status_Time", maintain_order=True)
        .with_columns(
            pl.col("Status").replace(names), pl.col("Status_Time").dt.strftime("%d/%m/%Y %H:%M:%S")
        )
    )


def test_rows_of_status_changes_are_turned(tmp_path: Path) -> None:
    """A row for each change of status gives the incidents of a row for each incident."""
    path = written(tmp_path, statuses())
    text = new_mapping(path)
    assert "A row for each change of status" in text
    assert lines(text)["assigned"] == '{ step = ["DISPATCHED"] }'
    found = guessed(path)
    plain = sample().drop("Call_Answered", "Supervisor_Ratified", "Callsign")
    truth = guessed(written(tmp_path, plain, "plain.csv")).incidents
    names = [name for name in truth.columns if name not in {"answered", "ratified", "number"}]
    assert found.incidents.select(names).sort(names).equals(truth.select(names).sort(names))
    assert found.faults.count("folded_rows") == statuses().height - truth.height


def test_labels_that_nothing_is_known_of_are_listed(tmp_path: Path) -> None:
    """Kinds taken for other work and statuses that are no step: those that five incidents share."""
    log = statuses()
    rows = log.filter(pl.col("Status") == "RECEIVED")
    strange = rows.head(20).with_columns(Status=pl.lit("STATE 11"))
    rare = rows.head(3).with_columns(Status=pl.lit("STATE 12"))
    log = pl.concat([log, strange, rare]).with_columns(
        pl.col("Opening_Code").replace({"Missing - under 18": "M01"})
    )
    text = new_mapping(written(tmp_path, log))
    assert '# no step of these is known: "STATE 11"\n' in text
    (kinds,) = re.findall(r"# these are taken for other work[^\[]+", text)
    assert '"M01"' in kinds
    assert '"Concern for safety"' not in kinds
    assert max(map(len, kinds.splitlines())) <= 100


def test_a_status_without_its_columns_is_told(tmp_path: Path) -> None:
    """Steps want their table, the number of the incident, and no other times beside them."""
    text = at_home(new_mapping(written(tmp_path, statuses())))
    steps = text[text.index("[steps]") : text.index("[grades]")]
    for said, instead, where in (
        (steps, "", "steps"),
        ('incident = "Incident_URN"', "", "columns.incident"),
        ('{ step = ["DISPATCHED"] }', '"Status_Time"', "columns.assigned"),
    ):
        assert said in text
        path = tmp_path / "map.toml"
        path.write_text(text.replace(said, instead), encoding="utf-8")
        with pytest.raises(ScenarioErrors) as caught:
            load_mapping(path)
        assert [error.path for error in caught.value.errors] == [where]


def test_a_length_after_a_time_that_is_not_there_is_told() -> None:
    """A length needs the time that it runs from, and one that comes before it."""
    for after in ("answered", "cleared"):
        arrived = {"lasted": "t_arrived", "after": after, "unit": "seconds"}
        with pytest.raises(ScenarioErrors) as caught:
            mapping({"columns": {**MAPPING["columns"], "arrived": arrived}})
        assert caught.value.errors[0].path == "columns.arrived.after"


@pytest.mark.parametrize(
    ("header", "roles"),
    [
        (
            ["Dt/Tm Recd", "First Res Alloc", "TOA", "Grade", "Opening Code 1", "Log No"],
            {"received": "Dt/Tm Recd", "assigned": "First Res Alloc", "arrived": "TOA"},
        ),
        (
            ["TimeCreate", "TimeDispatch", "TimeArrive", "Priority", "TypeText", "NOPD_Item"],
            {"received": "TimeCreate", "assigned": "TimeDispatch", "arrived": "TimeArrive"},
        ),
        (
            ["Time_PhonePickUp", "Time_First_Unit_Assigned", "Time_First_Unit_Arrived",
             "Priority_Number", "Problem", "Master_Incident_Number"],
            {"received": "Time_PhonePickUp", "assigned": "Time_First_Unit_Assigned",
             "arrived": "Time_First_Unit_Arrived"},
        ),
    ],
)  # fmt: skip
def test_headers_of_other_systems_are_known(
    tmp_path: Path, header: list[str], roles: dict[str, str]
) -> None:
    """Control rooms abbreviate; their words are known, and their values decide."""
    columns = [
        "Call_Received", "Resource_Allocated", "Resource_At_Scene", "Response_Grade",
        "Opening_Code", "Incident_URN",
    ]  # fmt: skip
    log = sample().select(columns)
    log.columns = header
    found = lines(new_mapping(written(tmp_path, log)))
    assert {role: found.get(role) for role in roles} == {r: f'"{c}"' for r, c in roles.items()}
    assert found["priority"] == f'"{header[3]}"'
    assert found["kind"] == f'"{header[4]}"'
    assert found["incident"] == f'"{header[5]}"'


def test_a_column_that_cannot_be_a_time_says_why(tmp_path: Path) -> None:
    """Arrivals that are days only are not proposed, and the reason stands beside them."""
    log = rewritten(
        lambda c: pl.col(c).dt.truncate("1h").dt.strftime("%d/%m/%Y %H:%M:%S"),
        ("Resource_At_Scene",),
    )
    text = new_mapping(written(tmp_path, log))
    assert "arrived" not in lines(text)
    assert "# left out: Resource_At_Scene (arrived: all times are in steps of 1 hours" in text


def test_a_missing_key_lists_the_logs_columns(tmp_path: Path) -> None:
    """Where a mapping lacks a column the log says which there are, and none that is used."""
    path = written(tmp_path, force(60).rename({"t_graded": "t_grades"}))
    text = new_mapping(written(tmp_path, force(60), "plain.csv"))
    where = tmp_path / "map.toml"
    where.write_text(text.replace('priority = "grade"', ""), encoding="utf-8")
    with pytest.raises(ScenarioErrors) as caught:
        load_mapping_for(path, where)
    (error,) = caught.value.errors
    assert error.path == "columns.priority"
    assert '"grade"' in str(error.allowed)
    assert '"t_received"' not in str(error.allowed)
    # Of the columns that are left one is near; the nearest of all is used already.
    where.write_text(text.replace('"t_graded"', '"t_graved"'), encoding="utf-8")
    with pytest.raises(ScenarioErrors) as caught:
        read_log(path, load_mapping(where))
    assert caught.value.errors[0].suggestion == "t_grades"
    other = written(tmp_path, force(60).rename({"t_graded": "x"}), "other.csv")
    with pytest.raises(ScenarioErrors) as caught:
        read_log(other, load_mapping(where))
    assert caught.value.errors[0].suggestion is None


def test_a_file_without_a_header_is_refused_and_none_of_it_is_shown(tmp_path: Path) -> None:
    """The first incident's values are no names of columns, and go into no mapping."""
    path = tmp_path / "log.csv"
    path.write_text(sample().write_csv(include_header=False), encoding="utf-8")
    for call in (lambda: new_mapping(path), lambda: read_log(path, mapping())):
        with pytest.raises(InputError, match="no names of columns") as caught:
            call()
        assert "SIM0000000" not in str(caught.value)


def test_a_date_is_not_paired_with_another_steps_time(tmp_path: Path) -> None:
    """A day of arrival beside a time of receipt only is a day, and no arrival at that time."""
    log = moments().select(
        "Incident_URN", "Response_Grade", "Opening_Code",
        Received_Date=pl.col("Call_Received").dt.strftime("%d/%m/%Y"),
        Received_Time=pl.col("Call_Received").dt.strftime("%H:%M:%S"),
        Dispatched="Resource_Allocated",
        Arrived_Date=pl.col("Resource_At_Scene").dt.strftime("%d/%m/%Y"),
    ).with_columns(pl.col("Dispatched").dt.strftime("%d/%m/%Y %H:%M:%S"))  # fmt: skip
    text = new_mapping(written(tmp_path, log))
    assert lines(text)["received"] == '["Received_Date", "Received_Time"]'
    assert "arrived" not in lines(text)
    assert '# arrived = "Arrived_Date"  # days only' in text


def test_a_log_in_which_no_child_is_missing_says_so_first(tmp_path: Path) -> None:
    """Kinds that are codes hide the missing children: that is not told as none."""
    log = sample().with_columns(Opening_Code=pl.col("Opening_Code").replace(
        {"Missing - under 18": "C14", "Missing - adult": "C15"}))  # fmt: skip
    fault = guessed(written(tmp_path, log)).faults.found[0]
    assert (fault.code, fault.where) == ("no_missing_child", "Opening_Code")


def test_the_example_in_the_docs_loads() -> None:
    """The mapping of status changes that docs/exports.md shows is sound."""
    page = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    said = {"format": 1, "title": "x", "file": {"time_zone": ZONE}, "grades": {"1": 1}}
    found = mapping_from({**said, **tomllib.loads(example)}, "map.toml")
    assert found.columns.steps()["assigned"] == ["DISPATCHED", "RESOURCED*"]
