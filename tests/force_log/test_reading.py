"""Reading a log: nothing is dropped in silence."""

import gzip
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from sim.errors import InputError, ScenarioErrors
from sim.force_log import Log, load_mapping, read_log
from sim.force_log.recording import steps
from tests.force_log.made_up import MAPPING, force, mapping, written

UK = Path(__file__).parents[2] / "scenarios" / "mappings" / "uk-command-and-control.toml"
UK_HEADER = (
    "Incident_URN,Call_Received,Call_Answered,Grading_Time,Supervisor_Ratified,Resource_Allocated,"
    "Resource_Mobile,Resource_At_Scene,Resource_Cleared,Incident_Closed,Response_Grade,"
    "Opening_Code,LPA,Contact_Channel,Risk_Level,Callsign,Caller_Name"
)
UK_ROWS = """\
D1,05/05/2025 10:00:00,05/05/2025 10:00:10,05/05/2025 10:04:00,05/05/2025 10:40:00,\
05/05/2025 10:45:00,05/05/2025 10:46:00,05/05/2025 11:00:00,05/05/2025 11:30:00,\
05/05/2025 12:00:00,Grade 2,Missing - under 18,BCP East,101,Medium,XR11,Nobody
D1,05/05/2025 10:00:00,05/05/2025 10:00:10,05/05/2025 10:04:00,05/05/2025 10:40:00,\
05/05/2025 10:42:00,05/05/2025 10:43:00,05/05/2025 10:50:00,05/05/2025 11:40:00,\
05/05/2025 12:00:00,Grade 2,Missing - under 18,BCP East,101,Medium,XR12,Nobody
D2,05/05/2025 11:00:00,,05/05/2025 11:02:00,,05/05/2025 11:03:00,,05/05/2025 11:10:00,,,\
Grade 1 £,RTC,County West,999,-,XR11,Nobody
"""


def base() -> pl.DataFrame:
    """A small sound log."""
    return force(50)


def read(folder: Path, log: pl.DataFrame, **changes: object) -> Log:
    """Read a log as text with the made-up mapping."""
    return read_log(written(folder, log), mapping(changes))


def with_first(log: pl.DataFrame, **values: str | None) -> pl.DataFrame:
    """The log with other values in its first row."""
    first = pl.int_range(pl.len()) == 0
    return log.with_columns(
        pl.when(first).then(pl.lit(value)).otherwise(pl.col(name)).alias(name)
        for name, value in values.items()
    )


def test_a_sound_log_has_no_fault_but_what_officers_began(tmp_path: Path) -> None:
    """Nothing is reported of a log with nothing wrong with it."""
    log = read(tmp_path, base())
    assert {fault.code for fault in log.faults.found} == {"officer_initiated"}
    assert log.incidents.height == 50
    assert log.days <= 28


def test_a_uk_export_is_read_through_its_mapping(tmp_path: Path) -> None:
    """A row for each unit becomes an incident; day-first times and £ signs come out right."""
    path = tmp_path / "uk.csv"
    path.write_bytes(f"{UK_HEADER}\n{UK_ROWS}".replace("\n", "\r\n").encode("windows-1252"))
    log = read_log(path, load_mapping(UK))
    first, second = log.incidents.to_dicts()
    assert (first["stream"], first["grade"], first["area"], first["risk"]) == (
        "missing_child", 2, "bcp", "medium",
    )  # fmt: skip
    # The second unit was sent and arrived first; the later of the two left last.
    assert first["assigned"].strftime("%H:%M") == "10:42"
    assert first["arrived"].strftime("%H:%M") == "10:50"
    assert first["cleared"].strftime("%H:%M") == "11:40"
    assert (second["grade"], second["stream"], second["risk"]) == (1, "other", None)
    assert log.faults.count("folded_rows") == 1
    assert log.allocations["unit"].n_unique() == 2


def test_only_words_of_ours_are_kept(tmp_path: Path) -> None:
    """No label, call sign or incident number of the log stays in what was read."""
    log = read(tmp_path, base())
    assert set(log.incidents["stream"]) <= {"missing_child", "other"}
    assert set(log.incidents["area"]) <= {"north", "south"}
    assert log.allocations.schema["unit"] == pl.Int64
    assert "incident" not in log.incidents.columns


@pytest.mark.parametrize("name", ["log.csv.gz", "log.parquet"])
def test_compressed_and_parquet_logs_read_the_same(tmp_path: Path, name: str) -> None:
    """The same log as CSV, gzip and Parquet gives the same incidents."""
    plain = read(tmp_path, base())
    path = tmp_path / name
    if name.endswith("gz"):
        path.write_bytes(gzip.compress((tmp_path / "log.csv").read_bytes()))
    else:
        stamps = [column for column in base().columns if column.startswith("t_")]
        base().with_columns(pl.col(stamps).str.to_datetime()).write_parquet(path)
    assert read_log(path, mapping()).incidents.equals(plain.incidents)


def test_one_broken_row_is_left_out_and_named(tmp_path: Path) -> None:
    """A row with a field too many is counted, with its line, and no other row suffers."""
    path = written(tmp_path, base())
    lines = path.read_text("utf-8").splitlines()
    lines[7] += ",more"
    path.write_text("\n".join(lines), encoding="utf-8")
    log = read_log(path, mapping())
    (fault,) = log.faults.of("broken_rows")
    assert (fault.count, fault.of, fault.line) == (1, 50, 8)
    assert log.incidents.height == 49


def test_a_stray_quote_breaks_its_own_row_only(tmp_path: Path) -> None:
    """An unpaired quote does not swallow the rows below it."""
    path = written(tmp_path, base())
    lines = path.read_text("utf-8").splitlines()
    lines[5] = lines[5].replace("burglary", '"burglary').replace("missing child", '"missing child')
    path.write_text("\n".join(lines), encoding="utf-8")
    log = read_log(path, mapping())
    assert log.faults.of("broken_rows")[0].line == 6
    assert log.incidents.height == 49


def test_a_line_end_in_quotes_belongs_to_its_row(tmp_path: Path) -> None:
    """Text over several lines, in a column that nobody reads, breaks nothing."""
    log = base().with_columns(
        remarks=pl.when(pl.int_range(pl.len()) % 9 == 4)
        .then(pl.lit('one, "two"\nthree\n\nfour'))
        .otherwise(pl.lit("none"))
    )
    read_back = read(tmp_path, log)
    assert read_back.incidents.height == 50
    assert not read_back.faults.of("broken_rows")


def test_bytes_of_another_encoding_are_counted(tmp_path: Path) -> None:
    """A label saved as Windows-1252 and read as UTF-8 is reported and fits no meaning."""
    path = written(tmp_path, with_first(base(), lpa="Nörd"))
    path.write_bytes(path.read_text("utf-8").encode("windows-1252"))
    log = read_log(path, mapping())
    (fault,) = log.faults.of("encoding")
    assert (fault.count, fault.line) == (1, 2)
    assert log.faults.count("unmapped_area") == 1


def test_utf_16_is_named(tmp_path: Path) -> None:
    """A file saved as UTF-16 is refused with the line that the mapping wants, and then read."""
    path = written(tmp_path, base())
    path.write_bytes(path.read_text("utf-8").encode("utf-16"))
    with pytest.raises(InputError, match="UTF-16"):
        read_log(path, mapping())
    said = {"file": {"time_zone": "Europe/London", "encoding": "utf-16"}}
    assert read_log(path, mapping(said)).incidents.height == 50


def test_mixed_date_formats_are_counted(tmp_path: Path) -> None:
    """Times in a second listed format are read, and how many there are is told."""
    log = with_first(base(), t_received="05/05/2025 00:00:00")
    formats = ["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S"]
    found = read(tmp_path, log, file={"time_zone": "Europe/London", "date_formats": formats})
    (fault,) = found.faults.of("mixed_formats")
    assert fault.count == 1
    assert not found.faults.of("unread_times")


def test_times_that_fit_no_format_are_counted_by_their_shape(tmp_path: Path) -> None:
    """The value itself is not shown, only where its digits and letters stand."""
    (fault,) = read(tmp_path, with_first(base(), t_graded="5 May 25")).faults.of("unread_times")
    assert (fault.count, fault.where, fault.line) == (1, "t_graded", 2)
    assert fault.examples == ("9 AAA 99",)


def test_an_hour_that_occurs_twice_follows_the_order_of_stamps(tmp_path: Path) -> None:
    """As the clocks go back, 01:50 then 01:10 is twenty minutes and no fault of order."""
    log = with_first(
        base(),
        t_received="2025-10-26 01:50:00",
        t_graded="2025-10-26 01:55:00",
        t_ratified=None,
        t_assigned="2025-10-26 01:10:00",
        t_arrived="2025-10-26 01:20:00",
        t_cleared="2025-10-26 02:20:00",
        channel="999",
    )
    found = read(tmp_path, log)
    row = found.incidents.filter(pl.col("received").dt.month() == 10).to_dicts()[0]
    # 01:50 and 01:55 are summer time (UTC+1), 01:10 and 01:20 the hour after (UTC).
    assert row["received"].astimezone(UTC) == datetime(2025, 10, 26, 0, 50, tzinfo=UTC)
    assert row["assigned"].astimezone(UTC) == datetime(2025, 10, 26, 1, 10, tzinfo=UTC)
    assert found.faults.count("ambiguous_times") == 4
    assert not found.faults.of("clock_order")


def test_an_hour_that_does_not_occur_is_moved_on(tmp_path: Path) -> None:
    """As the clocks go forward, 01:30 is a clock that had not been set: 02:30."""
    log = with_first(base(), t_received="2025-03-30 01:30:00", channel="999")
    found = read(tmp_path, log)
    assert found.incidents["received"][0].strftime("%H:%M") == "02:30"
    assert found.faults.count("impossible_times") == 1


def test_times_in_utc_are_shown_on_local_clocks(tmp_path: Path) -> None:
    """A system that keeps UTC is an hour behind local time in May."""
    log = with_first(base(), t_received="2025-05-05 00:00:00", channel="999")
    found = read(tmp_path, log, file={"time_zone": "Europe/London", "clock": "utc"})
    assert found.incidents["received"][0].strftime("%H:%M") == "01:00"


def test_arrivals_before_reports_are_emptied_and_counted(tmp_path: Path) -> None:
    """An arrival an hour before the report is distrusted; the incident stays."""
    log = with_first(
        base(), t_received="2025-05-05 05:00:00", t_arrived="2025-05-05 04:00:00",
        t_graded="2025-05-05 05:01:00", t_assigned="2025-05-05 05:02:00", t_ratified=None,
        t_cleared="2025-05-05 06:00:00",
    )  # fmt: skip
    found = read(tmp_path, log)
    (fault,) = found.faults.of("before_report")
    assert (fault.where, fault.count, fault.line) == ("arrived", 1, 2)
    assert found.incidents.height == 50
    assert found.incidents["arrived"].null_count() == 1


def test_clocks_that_differ_a_little_are_set_equal(tmp_path: Path) -> None:
    """An allocation thirty seconds before grading counts as at grading."""
    log = with_first(
        base(), t_received="2025-05-05 00:00:00", t_graded="2025-05-05 00:02:00",
        t_assigned="2025-05-05 00:01:30", t_arrived="2025-05-05 00:09:00", t_ratified=None,
        t_cleared="2025-05-05 01:00:00",
    )  # fmt: skip
    found = read(tmp_path, log)
    assert found.faults.count("clocks_apart") == 1
    assert found.incidents["assigned"][0] == found.incidents["graded"][0]


def test_ratification_after_arrival_is_no_fault(tmp_path: Path) -> None:
    """Ratification may come at any time after the report: that is what is to be found out."""
    log = with_first(base(), t_ratified="2025-05-07 00:00:00")
    assert not read(tmp_path, log).faults.of("clock_order")


def test_an_unmapped_priority_is_counted_and_shown_if_common(tmp_path: Path) -> None:
    """A label of five incidents is named; a rarer one is only counted."""
    rows = pl.int_range(pl.len())
    log = base().with_columns(
        grade=pl.when(rows < 5).then(pl.lit("X")).when(rows == 5).then(pl.lit("secret"))
        .otherwise("grade")
    )  # fmt: skip
    found = read(tmp_path, log)
    (fault,) = found.faults.of("unmapped_priority")
    assert fault.count == 6
    assert fault.examples == ("X",)
    assert found.incidents["grade"].null_count() == 6


def test_a_label_that_holds_a_star_means_itself(tmp_path: Path) -> None:
    """What was meant for the label "N*" is not said of "N*S", which has a line of its own."""
    log = base().with_columns(lpa=pl.col("lpa").replace({"N": "N*", "S": "N*S"}))
    found = read(tmp_path, log, areas={"N*": "north", "N*S": "south"})
    assert found.incidents["area"].equals(read(tmp_path, base()).incidents["area"])


def test_repeated_rows_are_left_out(tmp_path: Path) -> None:
    """A row that stands twice counts once, and that it stood twice is told."""
    found = read(tmp_path, pl.concat([base(), base().head(3)]))
    assert found.faults.count("repeated_rows") == 3
    assert found.incidents.height == 50


def test_placeholder_years_are_nothing(tmp_path: Path) -> None:
    """1 January 1900 stands for nothing."""
    found = read(tmp_path, with_first(base(), t_cleared="1900-01-01 00:00:00"))
    assert found.faults.count("placeholder_times") == 1


def test_kept_and_dropped_rows_are_counted_with_their_reason(tmp_path: Path) -> None:
    """Rows that the mapping leaves out are told as the mapping calls them."""
    rule = {"column": "grade", "values": ["3"], "why": "appointments"}
    found = read(tmp_path, base(), drop=[rule])
    (fault,) = found.faults.of("dropped")
    assert fault.what == "appointments"
    assert fault.count == base().filter(pl.col("grade") == "3").height
    assert found.incidents.height == 50 - fault.count


def test_days_outside_the_period_are_left_out(tmp_path: Path) -> None:
    """Weeks can be asked for, so that a fit and its check use different ones."""
    path = written(tmp_path, base())
    found = read_log(path, mapping(), first_day=date(2025, 5, 12), last_day=date(2025, 5, 18))
    assert found.period[0] >= date(2025, 5, 12)
    assert found.period[1] <= date(2025, 5, 18)
    assert found.faults.count("outside_period") == 50 - found.incidents.height


def test_a_step_in_weekly_volumes_is_found_where_it_was_put() -> None:
    """A change of recording shows in its own week, and a slow season shows nowhere."""
    weeks = pl.date_range(date(2025, 1, 6), date(2025, 6, 2), "1w", eager=True)
    stepped = [600, 640, 610, 590, 630, 620, 600, 640, 610, 595] + [960, 900, 950, 925, 970] * 2
    season = [600 + 25 * week for week in range(len(weeks))]
    found = steps(pl.DataFrame({"week": weeks[:20], "cases": stepped}))
    assert [step.week for step in found] == [weeks[10]]
    assert steps(pl.DataFrame({"week": weeks, "cases": season})) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "empty"),
        (",".join(base().columns) + "\n", "a header, and no row below it"),
        ("PK\x03\x04 workbook", "workbook"),
    ],
)
def test_logs_without_rows_are_refused(tmp_path: Path, content: str, words: str) -> None:
    """A file with nothing in it to read says so and leaves exit status 2."""
    path = tmp_path / "log.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=words) as caught:
        read_log(path, mapping())
    assert caught.value.exit_status == 2


def test_missing_columns_are_told_together(tmp_path: Path) -> None:
    """Each column that the header lacks is named, with the nearest that it has."""
    path = written(tmp_path, base().rename({"t_graded": "t_grade", "lpa": "LPA"}))
    with pytest.raises(ScenarioErrors) as caught:
        read_log(path, mapping())
    assert [error.suggestion for error in caught.value.errors] == ["t_grade", None]


def test_nothing_sound_left_is_an_error(tmp_path: Path) -> None:
    """Where no row has a time of receipt there is nothing to diagnose."""
    log = base().with_columns(t_received=pl.lit("never"))
    with pytest.raises(InputError, match="nothing sound is left of 50 rows"):
        read(tmp_path, log)


def test_no_grade_that_is_known_is_an_error(tmp_path: Path) -> None:
    """Where no priority has a meaning no delay can be held against a grade."""
    with pytest.raises(InputError, match="no delay can be measured"):
        read(tmp_path, base(), grades={"Z": 1})


def test_the_mapping_leaves_unread_what_it_does_not_name(tmp_path: Path) -> None:
    """A column that is not named may hold anything."""
    assert "remarks" not in str(MAPPING)
    found = read(tmp_path, base().with_columns(remarks=pl.lit("Jo Canary, 07700 900123")))
    assert "canary" not in str(found.incidents.to_dicts()).lower()
