"""The call takers' queue fitted to hourly counts that the queue itself made."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sim.cli import main
from sim.errors import InputError, ScenarioErrors
from sim.force_log.telephone import TelephoneMapping, load_telephone_mapping, telephone

ROOT = Path(__file__).parents[2]
MAPPING = TelephoneMapping.model_validate(
    {
        "format": 1,
        "title": "made up",
        "time": {"column": "hour", "format": "%Y-%m-%d %H:%M"},
        "lines": {
            "emergency": {
                "origin": "999",
                "answered_within_seconds": {"10": "w10", "20": "w20", "60": "w60"},
                "later": "later",
                "abandoned": "lost",
                "handling_minutes": 6.0,
            }
        },
    }
)
STAFF = 4


def counts(folder: Path, days: int) -> Path:
    """Hourly counts of `STAFF` call takers, worked out call by call, with a ring of 5 seconds.

    First come, first served: a call is answered when the earliest of the lines falls free.
    """
    draw = np.random.Generator(np.random.Philox(5))
    free = np.zeros(STAFF)
    rows = []
    for hour in range(24 * days):
        calls = np.sort(draw.uniform(0, 3600, draw.poisson(26))) + 3600 * hour
        bins = [0, 0, 0, 0]
        for call in calls:
            first = int(free.argmin())
            begun = max(call, free[first])
            free[first] = begun + draw.exponential(360)
            wait = begun - call + 5 * np.exp(0.5 * draw.normal())
            bins[int(np.searchsorted([10, 20, 60], wait))] += 1
        rows.append((f"2025-01-{1 + hour // 24:02d} {hour % 24:02d}:00", *bins, 1))
    path = folder / "hourly.csv"
    pl.DataFrame(rows, ["hour", "w10", "w20", "w60", "later", "lost"], orient="row").write_csv(path)
    return path


def test_staff_is_recovered_and_the_rest_predicted(tmp_path: Path) -> None:
    """Staff is found on every shift, and shares of the later days are predicted."""
    found = telephone(counts(tmp_path, 21), MAPPING, 14)
    assert all(abs(people - STAFF) <= 1 for people in found.staff.values())
    whole = [one for one in found.within if one.load == "all"]
    assert [one.seconds for one in whole] == [10, 20, 60]
    # About 4,400 calls in busy spells that cluster: an error of three points is six of theirs.
    assert all(abs(one.predicted - one.observed) < 0.06 for one in whole)


def test_no_share_stands_on_fewer_than_five_calls(tmp_path: Path) -> None:
    """Shares with fewer than five calls on either side are not told."""
    found = telephone(counts(tmp_path, 6), MAPPING, 3)
    assert found.within
    for one in found.within:
        assert one.n >= 50
        assert 0 < one.observed < 1


def test_no_day_to_predict_is_refused(tmp_path: Path) -> None:
    """All days fitted leaves nothing to hold the fit against."""
    with pytest.raises(InputError):
        telephone(counts(tmp_path, 3), MAPPING, 3)


def test_the_shipped_mapping_is_sound() -> None:
    """It loads, and names two lines."""
    mapping = load_telephone_mapping(ROOT / "scenarios/mappings/telephone/us-city.toml")
    assert list(mapping.lines) == ["emergency", "administrative"]


def test_a_bad_mapping_is_refused_with_every_fault(tmp_path: Path) -> None:
    """Unknown keys and missing ones are told at once."""
    path = tmp_path / "bad.toml"
    path.write_text('format = 1\ntitel = "x"\n', encoding="utf-8")
    with pytest.raises(ScenarioErrors) as caught:
        load_telephone_mapping(path)
    assert len(caught.value.errors) >= 3


HEADER = "hour,w10,w20,w60,later,lost\n"


@pytest.mark.parametrize(
    ("content", "message", "found", "allowed"),
    [
        (b"", "the file is empty", "None", "a header, and at least one row"),
        (b"a,b\n1,2\n", "none of the columns that the mapping names", '"a", "b"', '"w10"'),
        (b"hour,w10,w20,w60,lost\n", "the header has no such column", "later", '"w60" or "lost"'),
        (HEADER.encode(), "no row below it", "None", "at least one row"),
        (b"PK\x03\x04" + bytes(40), "a workbook or a zip archive", "None", "a CSV file"),
        (b"\x89\x00\x01\x02", "this is not a text file", "None", "a CSV file"),
        (
            f"{HEADER}01/02/2025,1,1,1,1,1\n".encode(),
            "holds an hour as the mapping writes it",
            "99/99/9999",
            "%Y-%m-%d %H:%M",
        ),
        (
            f"{HEADER}2025-01-01 00:00,1,1,few,1,1\n".encode(),
            "a whole number in every column",
            'none in "w60"',
            "whole numbers from 0",
        ),
    ],
)
def test_a_wrong_file_is_refused_in_the_planner_s_words(
    tmp_path: Path, content: bytes, message: str, found: str, allowed: str
) -> None:
    """File, what was found in it and what is allowed are named, and no library's own error."""
    path = tmp_path / "hourly.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        telephone(path, MAPPING, 1)
    error = caught.value.errors[0] if isinstance(caught.value, ScenarioErrors) else caught.value
    assert error.file == path.as_posix()
    assert found in str(error.found)
    assert error.allowed is not None
    assert allowed in error.allowed


@pytest.mark.parametrize("name", ["absent.csv", ""])
def test_a_file_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    """An absent file and a folder are told as what they are."""
    with pytest.raises(InputError, match=r"no such file|it is a folder"):
        telephone(tmp_path / name, MAPPING, 1)


def test_a_wrong_file_leaves_exit_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command says it on standard error and leaves the status of what cannot be used."""
    path = tmp_path / "hourly.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    mapping = ROOT / "scenarios/mappings/telephone/us-city.toml"
    assert main(["telephone", str(path), "--mapping", str(mapping)]) == 2
    assert "found:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "words"),
    [("mappings/us-city.toml", "the mapping of a log"), ("dorset-2022.toml", "a scenario")],
)
def test_another_kind_of_file_is_no_telephone_mapping(file: str, words: str) -> None:
    """A log's mapping or a scenario gets one hint, not a fault for each key."""
    with pytest.raises(ScenarioErrors, match=f"this looks like {words}") as caught:
        load_telephone_mapping(ROOT / "scenarios" / file)
    assert len(caught.value.errors) == 1


def test_seconds_that_are_no_number_are_refused(tmp_path: Path) -> None:
    """A bound in words is a fault of the mapping, with its place."""
    text = (ROOT / "scenarios/mappings/telephone/us-city.toml").read_text(encoding="utf-8")
    path = tmp_path / "words.toml"
    path.write_text(text.replace('{ 10 = "911_10"', '{ ten = "911_10"'), encoding="utf-8")
    with pytest.raises(ScenarioErrors, match=r"lines\.emergency\.answered_within_seconds\.ten"):
        load_telephone_mapping(path)
