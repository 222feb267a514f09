"""Rotas made of duties, as rota systems export them."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sim.cli import main
from sim.errors import InputError, ScenarioErrors
from sim.force_log.duties import Rotas, read_duties, rotas_of
from sim.force_log.duties.mapping import LoadedDutyMapping, duty_mapping_from
from sim.force_log.duties.writing import names_of, rota_csv, scenario_lines, weeks_of
from sim.scenario.loading import load
from sim.scenario.rotas import read_rota

FIRST = date(2022, 4, 25)
WEEKS = 8
HEADER = ("Collar", "Team", "Date", "Start", "End", "Abstraction")
MAPPING: dict[str, Any] = {
    "format": 1,
    "title": "made up",
    "export": {"date_formats": ["%d/%m/%Y %H:%M"]},
    "duty": {
        "role": "Team",
        "start": ["Date", "Start"],
        "end": ["Date", "End"],
        "code": "Abstraction",
    },
    "roles": {"Response*": "response", "Missing*": "missing_person_team", "*": ""},
    "codes": {"AL": "leave", "SICK": "sickness", "RD": "rest", "TRG*": "training"},
}
SHIFTS = (
    # Team, start, end, people on weekdays, people at weekends.
    ("Response A", "07:00", "17:00", 12, 12),
    ("Response B", "15:00", "01:00", 14, 18),
    ("Response B", "22:00", "07:00", 9, 9),
    ("Missing Person Team", "08:00", "18:00", 3, 0),
    ("Dogs", "08:00", "16:00", 2, 2),
)
Row = tuple[str, str, str, str, str, str]


def rows(shifts: Iterable[tuple[str, str, str, int, int]] = SHIFTS) -> list[Row]:
    """Eight weeks of duties: of every ten one is on leave, of every twenty one is sick."""
    found: list[Row] = []
    for number in range(7 * WEEKS):
        day = FIRST + timedelta(days=number)
        for team, start, end, weekdays, weekends in shifts:
            for officer in range(weekends if day.weekday() > 4 else weekdays):
                place = officer + 3 * number
                code = "AL" if place % 10 == 0 else "SICK" if place % 20 == 5 else ""
                found.append((f"PC{officer:04d}", team, day.strftime("%d/%m/%Y"), start, end, code))
            found.append(("PC9999", team, day.strftime("%d/%m/%Y"), start, end, "RD"))
    return found


def loaded(changes: Mapping[str, Any] | None = None) -> LoadedDutyMapping:
    """The mapping of the made-up export; tables in `changes` replace those of the same name."""
    return LoadedDutyMapping(duty_mapping_from({**MAPPING, **(changes or {})}, "m.toml"), "m.toml")


def written(folder: Path, content: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> Path:
    """A CSV file of these rows."""
    path = folder / "duties.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *content])
    return path


def found(path: Path, changes: Mapping[str, Any] | None = None) -> Rotas:
    """The rotas of an export."""
    return rotas_of(read_duties(path, loaded(changes)), "made up")


def test_the_rota_that_made_the_duties_is_found(tmp_path: Path) -> None:
    """Hours, days, people and the share away come out as they were put in; rest is nobody's."""
    rota = found(written(tmp_path, rows()))
    response, team = (
        next(one for one in rota.pools if one.pool == name)
        for name in ("response", "missing_person_team")
    )
    assert len(rota.pools) == 2
    weekdays = ("mon", "tue", "wed", "thu", "fri")
    assert [(one.start, one.end, one.days, one.people) for one in team.patterns] == [
        (8 * 60, 18 * 60, weekdays, 3)
    ]
    told = {(one.start, one.people): one.days for one in response.patterns}
    assert told[7 * 60, 12] == (*weekdays, "sat", "sun")
    assert told[15 * 60, 14] == weekdays
    assert told[15 * 60, 18] == ("sat", "sun")
    assert told[22 * 60, 9] == (*weekdays, "sat", "sun")
    assert response.abstraction == pytest.approx(0.15, abs=0.02)
    assert response.away["leave"] == pytest.approx(0.1, abs=0.02)
    assert response.rostered_hours == 7 * 12 * 10 + (5 * 14 + 2 * 18) * 10 + 7 * 9 * 9
    assert any("no pool" in note for note in rota.notes)


def test_a_workbook_is_read_as_its_text_is(tmp_path: Path) -> None:
    """The same duties with dates and times as Excel keeps them give the same rotas."""
    path = tmp_path / "duties.xlsx"
    frame = pl.DataFrame(rows(), schema=list(HEADER), orient="row").with_columns(
        pl.col("Date").str.to_date("%d/%m/%Y"),
        pl.col("Start", "End").str.to_time("%H:%M"),
    )
    frame.write_excel(path, worksheet="Duties")
    changes = {"export": {"sheet": "Duties", "date_formats": ["%Y-%m-%d %H:%M:%S"]}}
    text = found(written(tmp_path, rows()))
    assert found(path, changes).pools == text.pools


def test_odd_hours_count_with_the_nearest_shift(tmp_path: Path) -> None:
    """A late start now and then is no shift of its own; its share is told."""
    content = rows()
    odd = [("PC1", "Response A", "25/04/2022", "07:40", "17:00", "")] * 3
    rota = found(written(tmp_path, [*content, *odd]))
    (response,) = (one for one in rota.pools if one.pool == "response")
    assert {one.start for one in response.patterns} == {7 * 60, 15 * 60, 22 * 60}
    assert response.joined > 0


def test_what_is_written_is_read_by_a_scenario(tmp_path: Path) -> None:
    """Each file is a rota file, and the lines beside it make a scenario that takes them."""
    rota = found(written(tmp_path, rows()))
    for one in rota.pools:
        path = tmp_path / f"{one.pool}.csv"
        path.write_text(rota_csv(one), encoding="utf-8")
        read = read_rota(path, path.name)
        assert [shift["people"] for shift in read.shifts] == [one.people for one in one.patterns]
        assert len(set(names_of(one))) == len(one.patterns)
    lines = scenario_lines(rota)
    assert "[sources]" in lines
    assert weeks_of(lines) == (rota.first_day, rota.last_day)
    assert weeks_of("2022-13-01 to 2022-13-02") is None


def test_the_command_writes_rotas_that_a_scenario_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the shipped mapping to files beside a scenario that loads; a second time needs force."""
    export = written(tmp_path, rows())
    mapping = str(Path("scenarios/mappings/duties/uk-like.toml").resolve())
    out = tmp_path / "rotas"
    command = ["rota", str(export), "--mapping", mapping, "--out", str(out)]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "officer-hours rostered a week" in said
    assert {one.name for one in out.iterdir()} == {
        "response.csv", "missing_person_team.csv", "pools.toml",
    }  # fmt: skip
    scenario = out / "mine.toml"
    base = Path("scenarios/dorset-2022.toml").resolve().as_posix()
    scenario.write_text(
        f'format = 1\ntitle = "mine"\nextends = "{base}"\n'
        'remove = ["pools.response_bcp.shifts"]\n'
        '[pools.response_bcp]\nrota_file = "response.csv"\n',
        encoding="utf-8",
    )
    assert len(load(scenario).scenario.pools["response_bcp"].shifts) == 4
    assert main(command) == 2
    assert "exists already" in capsys.readouterr().err
    assert main([*command, "--force"]) == 0


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"duty": {**MAPPING["duty"], "role": "Collar"}}, "no figure needs"),
        ({"codes": {"AL": "leave", "RD": "rest"}}, '"SICK"'),
        ({"roles": {"Response*": "response"}}, '"Dogs"'),
        ({"export": {"date_formats": ["%Y-%m-%d %H:%M"]}}, "date_formats"),
        ({"duty": {**MAPPING["duty"], "start": ["Date", "Begin"]}}, "Begin"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(
    changes: Mapping[str, Any], what: str, tmp_path: Path
) -> None:
    """People, labels without a meaning, other formats and missing columns are named."""
    path = written(tmp_path, rows())
    with pytest.raises((InputError, ScenarioErrors)) as refused:
        found(path, changes)
    assert what in str(refused.value)


def test_a_column_named_after_people_is_refused_before_it_is_read() -> None:
    """A role that stands in a column of officers' names is a fault of the mapping."""
    with pytest.raises(ScenarioErrors, match="no figure needs"):
        loaded({"duty": {**MAPPING["duty"], "role": "Officer name"}})


def test_merged_cells_are_told_from_missing_ones(tmp_path: Path) -> None:
    """A role that stands in the first row of a day only is refused, with how to mend it."""
    content = [
        row if number % 5 == 0 else (row[0], "", *row[2:]) for number, row in enumerate(rows())
    ]
    with pytest.raises(InputError, match="merged"):
        found(written(tmp_path, content))


def test_few_broken_rows_are_left_out_and_told(tmp_path: Path) -> None:
    """A duty of thirty hours and one without an end are no duties."""
    content = [*rows(), *[("PC1", "Response A", "25/04/2022", "07:00", "", "")] * 6]
    rota = found(written(tmp_path, content))
    assert any("without a pool, a start or an end" in note for note in rota.notes)
    whole = datetime(2022, 4, 25, 7)
    long = [("PC1", "Response A", whole.strftime("%d/%m/%Y %H:%M"), "26/04/2022 09:00", "")] * 6
    others = [
        (row[0], row[1], f"{row[2]} {row[3]}", f"{row[2]} {row[4]}", row[5]) for row in rows()
    ]
    path = written(tmp_path, [*others, *long], ("Collar", "Team", "From", "To", "Abstraction"))
    duty = {"role": "Team", "start": "From", "end": "To", "code": "Abstraction"}
    assert any("longer than 16 hours" in note for note in found(path, {"duty": duty}).notes)


def test_a_share_of_fewer_than_five_duties_is_withheld(tmp_path: Path) -> None:
    """Three duties of training are nobody's to be told."""
    content = [
        (*row[:5], "TRG1") if number in {0, 40, 80} else row for number, row in enumerate(rows())
    ]
    rota = found(written(tmp_path, content))
    (response,) = (one for one in rota.pools if one.pool == "response")
    assert response.away["training"] is None
    assert response.duties % 5 == 0
