"""Missing-person records joined to a log on its number: measured, told, or refused."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from sim.cli import main
from sim.errors import InputError, ScenarioErrors
from sim.force_log import Cases, Log, diagnose, load_mapping, read_cases, read_log
from sim.force_log.fitting.coming_home import natural_return
from sim.force_log.joining.mapping import LoadedCaseMapping, case_mapping_from, load_case_mapping
from sim.force_log.writing import simulated_records
from sim.scenario.loading import load

MAPPING = Path("scenarios/mappings/uk-command-and-control.toml").resolve()
RECORDS = Path("scenarios/mappings/cases/uk-missing-persons.toml").resolve()


@pytest.fixture(scope="module")
def tables() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Two weeks of the baseline: its log, and the records of its missing people."""
    scenario = load(Path("scenarios/dorset-2022.toml")).scenario
    return simulated_records(scenario, days=14, warm_up_days=2)


def cases_of(records: pl.DataFrame, folder: Path, **changes: object) -> Cases:
    """Read records as a file of them, by the shipped mapping with some of it replaced."""
    path = folder / "records.csv"
    records.write_csv(path)
    loaded = load_case_mapping(RECORDS)
    return read_cases(
        path, LoadedCaseMapping(loaded.mapping.model_copy(update=changes), loaded.file)
    )


def log_with(log: pl.DataFrame, records: pl.DataFrame, folder: Path) -> Log:
    """Read a log with these records joined."""
    path = folder / "log.csv"
    log.write_csv(path)
    return read_log(path, load_mapping(MAPPING), cases=cases_of(records, folder))


def told(log: Log) -> str:
    """All that was said of a log, on one line."""
    return " | ".join(f"{one.where}: {one.what} ({one.count} of {one.of})"
                      for one in log.faults.found)  # fmt: skip


def test_ratification_that_only_the_records_have_gives_the_logs_figures(
    tables: tuple[pl.DataFrame, pl.DataFrame], tmp_path: Path
) -> None:
    """A log without times of ratification, joined, tells of the gate what one with them does."""
    log, records = tables
    own = tmp_path / "own.csv"
    log.write_csv(own)
    as_log = diagnose(read_log(own, load_mapping(MAPPING)))
    bare = log.with_columns(Supervisor_Ratified=pl.lit(""))
    as_records = diagnose(log_with(bare, records, tmp_path))
    for measure in ("deployed_before_ratification", "allocation_after_ratification"):
        one = as_log.find(measure, stream="missing_child")
        other = as_records.find(measure, stream="missing_child")
        assert one is not None
        assert one.value is not None
        assert one == other


def test_returns_are_measured_and_how_many_matched_is_said(
    tables: tuple[pl.DataFrame, pl.DataFrame], tmp_path: Path
) -> None:
    """Every record finds its job; half are back within the median of the records themselves."""
    log, records = tables
    read = log_with(log, records, tmp_path)
    assert f"that have a record (numbers compared as they stand) ({records.height} of" in told(read)
    found = diagnose(read)
    half = found.find("return_p50", stage="received_to_returned", stream="missing_child")
    children = log.filter(pl.col("Opening_Code") == "Missing - under 18")["Incident_URN"]
    form = "%d/%m/%Y %H:%M:%S"
    away = records.filter(pl.col("Log_Number").is_in(children.implode())).select(
        (pl.col("Located").str.to_datetime(form, strict=False)
         - pl.col("Reported").str.to_datetime(form)).dt.total_seconds() / 60
    ).to_series().drop_nulls()  # fmt: skip
    assert half is not None
    assert half.value == pytest.approx(float(away.median()), abs=0.1)  # type: ignore[arg-type]
    assert found.find("found_by_police", stream="missing_child") is not None
    assert found.find("owner_response", stream="missing_child") is not None


@pytest.mark.parametrize(
    ("way", "written"),
    [
        ("as they stand", pl.col("Log_Number").str.to_lowercase()),
        ("without marks and leading noughts", pl.col("Log_Number").str.replace("SIM0+", "SIM-")),
        ("by their figures alone", pl.col("Log_Number").str.replace("SIM", "")),
        ("by their figures alone", pl.col("Log_Number").str.replace("SIM0+", "") + ".0"),
    ],
)
def test_numbers_that_are_written_otherwise_are_joined_and_the_way_is_said(
    tables: tuple[pl.DataFrame, pl.DataFrame], tmp_path: Path, way: str, written: pl.Expr
) -> None:
    """The same jobs have the same records, however a second system writes their numbers."""
    log, records = tables
    plain = log_with(log, records, tmp_path)
    other = log_with(log, records.with_columns(written.alias("Log_Number")), tmp_path)
    assert f"numbers compared {way}" in told(other)
    assert other.incidents.equals(plain.incidents)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"Log_Number": pl.format("X{}", pl.int_range(pl.len()) + 900_000)}, "have a number that"),
        ({"Log_Number": pl.format("SIM{}", (pl.int_range(pl.len()) + 3).cast(pl.String)
                                  .str.zfill(7))}, "not about missing people"),
        ({"Log_Number": pl.col("Log_Number").shuffle(seed=3)}, "does not go with the job"),
    ],
)  # fmt: skip
def test_a_key_that_matches_little_or_other_jobs_is_refused(
    tables: tuple[pl.DataFrame, pl.DataFrame],
    tmp_path: Path,
    change: dict[str, pl.Expr],
    said: str,
) -> None:
    """Numbers of another kind are never joined by chance, and the message says what to do."""
    log, records = tables
    with pytest.raises(InputError, match=said) as refused:
        log_with(log, records.with_columns(**change), tmp_path)
    assert "number" in str(refused.value.allowed)
    assert "records.csv" in str(refused.value)


def test_several_records_of_a_number_are_put_together_and_said(
    tables: tuple[pl.DataFrame, pl.DataFrame], tmp_path: Path
) -> None:
    """Of two people of one log the higher risk and the later return stand."""
    log, records = tables
    doubled = pl.concat(
        [records, records.with_columns(Risk=pl.lit("Low"), Located=pl.col("Reported"))]
    ).sample(fraction=1.0, shuffle=True, seed=5)
    read = log_with(log, doubled, tmp_path)
    assert read.incidents.equals(log_with(log, records, tmp_path).incidents)
    assert "further records of a number that has one already" in told(read)
    assert "numbers whose records differ in risk" in told(read)


def test_a_few_returns_before_the_report_are_emptied_and_counted(
    tables: tuple[pl.DataFrame, pl.DataFrame], tmp_path: Path
) -> None:
    """A return on the day before the report is a slip, and no length of an episode."""
    log, records = tables
    early = pl.int_range(pl.len()) < 7
    slipped = records.with_columns(
        Located=pl.when(early).then(pl.lit("20/04/2022 10:00:00")).otherwise("Located")
    )
    read = log_with(log, slipped, tmp_path)
    assert "returned: earlier than the report itself (7 of" in told(read)
    back = read.incidents.filter(pl.col("returned") < pl.col("received"))
    assert back.height == 0


def test_counts_under_five_stay_behind(
    tables: tuple[pl.DataFrame, pl.DataFrame], tmp_path: Path
) -> None:
    """Three cases of one owner are not shown, nor to be had from the others."""
    log, records = tables
    few = records.with_columns(
        Owner=pl.when(pl.int_range(pl.len()) < 3).then(pl.lit("Investigation"))
        .when(pl.col("Owner") == "").then(pl.lit("Response")).otherwise("Owner")
    )  # fmt: skip
    found = diagnose(log_with(log, few, tmp_path))
    for stream in ("missing_child", "missing_adult"):
        cells = [one for one in found.figures
                 if one.measure.startswith("owner_") and one.stream == stream]  # fmt: skip
        if any(one.measure == "owner_investigation" for one in cells):
            assert sum(one.withheld for one in cells) >= 2
    assert not [one for one in found.figures if one.n is not None and one.n % 5]


def test_time_until_coming_home_is_recovered_though_police_find_many() -> None:
    """A median of 240 minutes is found where half of the children are found before."""
    luck = np.random.default_rng(11)
    count = 4_000
    home = np.exp(np.log(240) + 1.2 * luck.standard_normal(count))
    found = np.exp(np.log(200) + 0.8 * luck.standard_normal(count))
    received = pl.datetime_range(
        pl.datetime(2022, 4, 25), pl.datetime(2022, 5, 25), "10m", eager=True
    )[:count].alias("received")
    incidents = pl.DataFrame({"received": received}).with_columns(
        returned=pl.col("received")
        + pl.Series((np.minimum(home, found) * 60e6).astype(np.int64)).cast(pl.Duration("us")),
        found_by=pl.Series(np.where(home <= found, "self", "police")),
    )
    fitted = natural_return(incidents)
    assert fitted is not None
    # Five standard errors of the logarithm of the median.
    assert fitted.duration["median_minutes"] == pytest.approx(240, rel=5 * 1.2 / np.sqrt(1_500))
    assert fitted.duration["sigma"] == pytest.approx(1.2, abs=0.15)
    assert fitted.distance < 0.1


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"case": {"number": "Log_Number", "returned": "Date_of_Birth"}}, "case.returned"),
        ({"case": {"number": "Log_Number", "owner": "Officer_Name"}}, "case.owner"),
        ({"case": {"number": "Log_Number"}}, "case"),
        ({"case": {"number": "Log_Number", "risk": "Risk"}}, "risks"),
    ],
)
def test_a_mapping_of_records_is_refused_with_the_place(change: dict[str, Any], path: str) -> None:
    """Columns of people, and a mapping that adds nothing or lacks a meaning, are refused."""
    data = {"format": 1, "title": "t", "export": {"time_zone": "Europe/London"}, **change}
    with pytest.raises(ScenarioErrors) as refused:
        case_mapping_from(data, "cases.toml")
    assert path in {error.path for error in refused.value.errors}


def test_records_are_joined_by_the_commands(
    tables: tuple[pl.DataFrame, pl.DataFrame], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`diagnose` takes both files, and refuses one without the other."""
    log, records = tables
    log.write_csv(tmp_path / "log.csv")
    records.write_csv(tmp_path / "cases.csv")
    words = ["diagnose", str(tmp_path / "log.csv"), "--mapping", str(MAPPING)]
    words += ["--cases", str(tmp_path / "cases.csv")]
    assert main([*words, "--cases-mapping", str(RECORDS), "--json"]) == 0
    measures = {one["measure"] for one in json.loads(capsys.readouterr().out)["figures"]}
    assert {"return_p50", "returned_before_arrival"} <= measures
    assert main(words) == 2
    assert "--cases-mapping" in capsys.readouterr().err
