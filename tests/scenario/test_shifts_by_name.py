"""Shifts that a file writes by name, and people absent from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioErrors
from sim.scenario.loading import load
from sim.scenario.resolve import Difference, difference, resolved_toml
from tests.scenario.invalid import ROOT, SOUND
from tests.scenario.test_extending import write

SOUND_PATH = ROOT / SOUND
ROTA = """\
name,start,end,people,break_after_hours,break_minutes
day,07:00,19:00,6,4,30
night,19:00,07:00,5,4,30
"""


def test_a_shift_is_changed_without_copying_the_rota(tmp_path: Path) -> None:
    """The other keys and the other shifts stay, and one value differs."""
    own = load(write(tmp_path, "own.toml", "[pools.response_east.shifts.night]\npeople = 8\n"))
    assert difference(load(SOUND_PATH), own) == [
        Difference("pools.response_east.shifts.night.people", "5", "8")
    ]
    assert own.origins["pools.response_east.shifts[1].people"] == "own.toml"
    assert own.origins["pools.response_east.shifts[1].end"].endswith("base.toml")
    assert own.origins["pools.response_east.shifts[0].people"].endswith("base.toml")
    assert own.unsourced == ("pools.response_east.shifts[1].people",)


def test_a_new_shift_comes_after_those_that_are_there(tmp_path: Path) -> None:
    """The order of the inherited ones holds, and with it their place in every table."""
    body = (
        '[pools.response_east.shifts]\nextra = { start = "17:00", end = "03:00", people = 2 }\n'
        "day.people = 7\n"
    )
    shifts = load(write(tmp_path, "own.toml", body)).scenario.pools["response_east"].shifts
    assert [(one.name, one.people) for one in shifts] == [("day", 7), ("night", 5), ("extra", 2)]


def test_a_whole_rota_may_be_written_by_name(tmp_path: Path) -> None:
    """A file that extends nothing may use either form; they mean the same."""
    listed = '[{ name = "all_day", start = "00:00", end = "24:00", people = 1 }]'
    by_name = '{ all_day = { start = "00:00", end = "24:00", people = 1 } }'
    text = SOUND_PATH.read_text("utf-8")
    assert listed in text
    (tmp_path / "base.toml").write_text(text.replace(listed, by_name), encoding="utf-8")
    assert load(tmp_path / "base.toml").sha256 == load(SOUND_PATH).sha256


def test_a_list_still_replaces_the_rota(tmp_path: Path) -> None:
    """Old files keep their meaning: what is written as a list is the whole rota."""
    body = 'shifts = [{ name = "night", start = "19:00", end = "07:00", people = 9 }]\n'
    own = load(write(tmp_path, "own.toml", f"[pools.response_east]\n{body}"))
    assert [one.name for one in own.scenario.pools["response_east"].shifts] == ["night"]


def test_names_hold_along_a_chain_and_over_a_spreadsheet(tmp_path: Path) -> None:
    """A row of a CSV file is changed by name two files later; its other cells stay its row's."""
    (tmp_path / "rota.csv").write_text(ROTA, encoding="utf-8")
    first = '[pools.response_east]\nrota_file = "rota.csv"\n'
    write(tmp_path, "first.toml", 'remove = ["pools.response_east.shifts"]\n' + first)
    write(
        tmp_path,
        "second.toml",
        "[pools.response_east.shifts.night]\npeople = 7\n",
        "first.toml",
    )
    own = load(
        write(
            tmp_path,
            "own.toml",
            'remove = ["pools.response_east.shifts.day"]\n'
            "[pools.response_east.shifts.night]\nbreak_minutes = 45\n",
            "second.toml",
        )
    )
    (night,) = own.scenario.pools["response_east"].shifts
    assert (night.people, night.break_minutes, night.start) == (7, 45, 19 * 60)
    assert {
        key.rpartition(".")[2]: file
        for key, file in own.origins.items()
        if "response_east.shifts" in key
    } == {
        "name": "rota.csv row 3",
        "start": "rota.csv row 3",
        "end": "rota.csv row 3",
        "people": "second.toml",
        "crew_size": "default",
        "bank_holidays": "default",
        "break_after_hours": "rota.csv row 3",
        "break_minutes": "own.toml",
    }


def test_what_is_said_of_a_whole_rota_still_holds_for_the_other_shifts(tmp_path: Path) -> None:
    """The number that was changed has no source; those beside it keep the rota's."""
    source = '"pools.response_east.shifts" = { source = "the duty system", year = 2024 }'
    text = SOUND_PATH.read_text("utf-8").replace("[sources]", f"[sources]\n{source}")
    (tmp_path / "base.toml").write_text(text, encoding="utf-8")
    body = "[pools.response_east.shifts.night]\npeople = 8\n"
    lines = resolved_toml(load(write(tmp_path, "own.toml", body, "base.toml"))).splitlines()
    assert "people = 6  # base.toml; source: the duty system (2024)" in lines
    assert "people = 8  # own.toml; no source" in lines


def test_a_source_may_name_a_shift(tmp_path: Path) -> None:
    """By its name, as everything else does, or in brackets."""
    body = (
        "[pools.response_east.shifts]\nnight.people = 8\nday.people = 7\n[sources]\n"
        '"pools.response_east.shifts.night.people" = { source = "the duty system" }\n'
        '"pools.response_east.shifts[day].people" = { source = "the chief" }\n'
    )
    own = load(write(tmp_path, "own.toml", body))
    assert own.unsourced == ()
    assert "people = 8  # own.toml; source: the duty system" in resolved_toml(own).splitlines()


def test_a_pool_of_which_everybody_is_absent_each_time_is_nobody(tmp_path: Path) -> None:
    """As one without shifts; absent on a date, they are there on the others."""
    place = "[pools.supervisors]\nshifts.all_day.absent = "
    with pytest.raises(ScenarioErrors, match="nobody is ever on duty in this pool"):
        load(write(tmp_path, "own.toml", f"{place}1\n"))
    once = write(tmp_path, "own.toml", f"{place}{{ 2024-04-05 = 1 }}\n")
    assert load(once).scenario.pools["supervisors"].shifts[0].people == 1


@pytest.mark.parametrize(
    ("absent", "told"),
    [
        ("{ 2024-04-01 = 2 }", []),
        ("3", []),
        ("0", []),
        # The first is no day of the week on which it begins.
        (
            "{ 2024-04-06 = 2, 2024-04-08 = 1 }",
            ["pools.response_east.shifts.day: absent has no effect on 2024-04-06"],
        ),
    ],
)
def test_absence_on_a_date_without_the_shift_is_a_notice(
    tmp_path: Path, absent: str, told: list[str]
) -> None:
    """A slip in a date would otherwise change nothing without a word."""
    body = f'[pools.response_east.shifts.day]\ndays = ["mon"]\nabsent = {absent}\n'
    notices = load(write(tmp_path, "own.toml", body)).notices
    found = [one.partition(", when this shift is not worked.") for one in notices]
    assert [start for start, middle, _ in found if middle] == told
