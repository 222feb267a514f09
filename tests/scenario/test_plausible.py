"""Numbers that a scenario may hold and that are seldom meant."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from sim.errors import ScenarioErrors
from sim.scenario.loading import load
from tests.scenario.invalid import ROOT, SOUND
from tests.scenario.test_extending import write

DORSET = (ROOT / "scenarios" / "dorset-2022.toml").as_posix()
MANY = 20_000


def notices(folder: Path, body: str, extends: str | None = DORSET) -> list[str]:
    """Return what is remarked on in a file that extends another, that file's folder left out."""
    loaded = load(write(folder, "own.toml", body, extends))
    return [note.replace(Path(DORSET).parent.as_posix() + "/", "") for note in loaded.notices]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        # Outside the range that the file extended notes, which goes with the value.
        ("[streams.missing_child]\nvolume_per_year = 3400\n", []),
        (
            "[streams.missing_child]\nvolume_per_year = 4500\n",
            ["streams.missing_child.volume_per_year = 4500 lies outside the range that "],
        ),
        (
            "[pools.response_bcp]\nabstraction = 0.03\n",
            ["pools.response_bcp.abstraction = 0.03 lies outside the range that "],
        ),
        (
            "[pools.response_bcp]\npounds_per_hour = 38000\n",
            [
                "pools.response_bcp.pounds_per_hour = 38000 lies outside the range that ",
                "pools.response_bcp.pounds_per_hour = 38000 is no pay for an hour.",
            ],
        ),
        # More than three times away from what is inherited, or less.
        ("[pools.dispatcher.shifts.night]\npeople = 18\n", []),
        (
            "[pools.dispatcher.shifts.night]\npeople = 19\n",
            ["pools.dispatcher.shifts.night.people = 19 is 3.17 times the 6 of "],
        ),
        (
            "[streams.missing_child.scene]\nmedian_minutes = 6\n",
            ["streams.missing_child.scene.median_minutes = 6 is 10 times less than the 60 of "],
        ),
        (
            "[streams.priority]\nmonth_factors = [1010, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n",
            [
                "streams.priority.month_factors[0] = 1010 is 1,070 times the 0.94 of ",
                "streams.priority.month_factors: January (1010) has 11.9 times the volume of ",
            ],
        ),
        # Absurd by itself.
        (
            "[targets.grade_2]\nminutes = 0.33\n",
            [
                "targets.grade_2.minutes = 0.33 is 60.6 times less than the 20 of ",
                "targets.grade_2.minutes = 0.33 is less than a minute: 19.8 seconds.",
            ],
        ),
        (
            "[areas.county.travel]\nat_most_minutes = 5\n",
            [
                "areas.county.travel.at_most_minutes = 5 is 15 times less than the 75 of ",
                "areas.county.travel: half of these are longer than 12 minutes, and ",
            ],
        ),
        (
            "[streams.immediate]\nbank_holiday_factor = 5\n",
            ["streams.immediate.bank_holiday_fa"] * 2,
        ),
        # Nothing: switched off or on, a share that is tried, weights.
        ("[policy.gate]\nshare_held = 0.05\n", []),
        ("[pools.dispatcher.shifts.night]\npeople = 0\n", ["Nobody of dispatcher is on duty "] * 2),
    ],
)
def test_a_number_that_is_seldom_meant_is_a_line(
    tmp_path: Path, body: str, told: list[str]
) -> None:
    """Each by itself, with what it was held against."""
    found = notices(tmp_path, body)
    assert len(found) == len(told), found
    assert all(note.startswith(start) for note, start in zip(found, told, strict=True)), found


def test_a_number_with_a_source_of_its_own_is_meant(tmp_path: Path) -> None:
    """Whoever gives a source has looked; what is absurd by itself is told all the same."""
    body = (
        "[pools.response_bcp]\npounds_per_hour = 380\nreserve = 9\n[sources]\n"
        '"pools.response_bcp.pounds_per_hour" = { source = "finance" }\n'
        '"pools.response_bcp.reserve" = { source = "the duty system" }\n'
    )
    assert notices(tmp_path, body) == []
    assert len(notices(tmp_path, body.replace("380", "38000"))) == 1


def test_what_is_set_is_held_against_its_file() -> None:
    """Also where the file extends none."""
    (note,) = load(DORSET, {"pools.response_bcp.shifts.night.people": 4}).notices
    place = "pools.response_bcp.shifts.night.people"
    assert note == f"{place} = 4 is 3.75 times less than the 15 of dorset-2022.toml."


@pytest.mark.parametrize(
    ("duration", "middle"),
    [
        ('family = "constant", minutes = 70', "70"),
        ('family = "exponential", mean_minutes = 100', "69.31"),
        ('family = "gamma", mean_minutes = 100, variation = 1.0', "69.31"),
        ('family = "lognormal", median_minutes = 420, sigma = 0.5', "420"),
        ('family = "uniform", low_minutes = 50, high_minutes = 80', "65"),
        ('family = "quantiles", levels = [0, 0.4, 1], minutes = [0, 60, 120]', "70"),
    ],
)
def test_a_duration_above_its_own_limit_is_a_line(
    tmp_path: Path, duration: str, middle: str
) -> None:
    """Where half of the draws are cut the limit was meant otherwise; of every family."""
    body = f"[streams.other_incidents]\ncustody = {{ {duration}, at_most_minutes = 60 }}\n"
    (note,) = notices(tmp_path, body, None)
    assert f"half of these are longer than {middle} minutes, and" in note
    assert notices(tmp_path, body.replace("= 60 }", "= 500 }"), None) == []


def test_a_number_s_range_for_a_table_is_a_line(tmp_path: Path) -> None:
    """That of a table or a list is of factors; 0.1 to 0.4 would scale all of it down."""
    body = '[sources]\n"streams.immediate.origins" = { assumption = "x", low = 0.1, high = 0.4 }\n'
    (note,) = notices(tmp_path, body)
    assert note.startswith("[sources] notes 0.1 to 0.4 for streams.immediate.origins, which is no")


def test_rows_that_are_copied_unchanged_need_no_source_again(tmp_path: Path) -> None:
    """Only what differs is the planner's; a source of the rota stays with the file extended."""
    text = (ROOT / SOUND).read_text("utf-8")
    rows = text[text.index("[pools.response_east]") : text.index("[pools.response_west]")]
    assert load(write(tmp_path, "own.toml", rows)).unsourced == ()
    changed = rows.replace("people = 5", "people = 6")
    assert load(write(tmp_path, "own.toml", changed)).unsourced == (
        "pools.response_east.shifts[1].people",
    )


def test_very_many_unknown_sources_are_told_in_little_time(tmp_path: Path) -> None:
    """Twenty one by one, the rest by their number."""
    body = "[sources]\n" + "".join(
        f'"pools.response_east.shift{n}" = {{ source = "x" }}\n' for n in range(MANY)
    )
    own = write(tmp_path, "own.toml", body)
    began = time.process_time()
    with pytest.raises(ScenarioErrors) as caught:
        load(own)
    assert time.process_time() - began < 10
    assert len(caught.value.errors) == 21
    assert "19,980 more of its paths name no value of the scenario" in str(caught.value)
