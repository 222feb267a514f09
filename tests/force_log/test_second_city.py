"""A log of other habits, from its header to a replay: nothing in the code is of the first city."""

import re
from pathlib import Path

import pytest

from sim import cli
from sim.force_log import Log, load_mapping, new_mapping, read_log
from sim.force_log.diagnosis import diagnose
from sim.force_log.fitting import Fit, fit
from sim.force_log.replaying.replay import replay
from sim.scenario.loading import load
from tests.force_log.second_city import (
    ABSTRACTION,
    CREWS,
    FIRST_HOUR,
    ZONE,
    city,
    export,
)

DAYS = 28


def mapped(folder: Path, *, days: int, scale: float = 1.0, weekend: bool = False) -> Log:
    """The city's log, read by the mapping that `new --mapping` guesses from it."""
    path = folder / "export.csv"
    export(city(scale=scale, weekend=weekend), days=days).write_csv(path)
    text = re.sub(r'time_zone = "[^"]*"', f'time_zone = "{ZONE}"', new_mapping(path))
    mapping = folder / "map.toml"
    mapping.write_text(text, encoding="utf-8")
    return read_log(path, load_mapping(mapping))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """Two weeks of a tenth of the city."""
    return mapped(tmp_path_factory.mktemp("small"), days=14, scale=0.1)


def test_the_mapping_that_is_guessed_reads_the_log(small: Log) -> None:
    """But for its time zone nothing has to be said: columns, times and words are found."""
    assert {"received", "graded", "assigned", "arrived", "cleared", "kind"} <= small.has
    assert small.mapping.columns.received == ["Call Date", "Call Time"]
    assert small.mapping.file.date_formats == ["%m/%d/%Y %I:%M:%S %p"]
    assert small.mapping.grades == {"E": 1, "P1": 2, "P2": 3, "P3": 4}
    assert small.mapping.kinds["MISSING JUVENILE"] == "missing_child"
    assert not small.faults.of("unread_times")
    assert not small.faults.of("before_report")
    assert small.faults.count("past_midnight") > 0


def test_it_is_diagnosed(small: Log) -> None:
    """A diagnosis is made of it, and says that ratification cannot be told."""
    found = diagnose(small)
    assert (found.incidents or 0) > 500
    assert any("ratif" in sentence.lower() for sentence in found.cannot_tell)


def test_the_commands_go_from_its_export_to_a_replay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From `new --mapping` on, diagnose, fit and replay end well on it, one after the other."""
    monkeypatch.setattr("sim.force_log.fitting.crews._STEPS", (1.4, 1.4, 1.4, 1.4))
    monkeypatch.setattr("sim.force_log.fitting.guesses.REPLICATIONS", 2)
    monkeypatch.setattr("sim.force_log.fitting.guesses._ROUGHLY", 2)
    monkeypatch.setattr("sim.force_log.fitting.bounds._PROFILE", (2.0,))
    monkeypatch.setattr("sim.force_log.fitting.crews._WORTH", 1e9)
    monkeypatch.chdir(tmp_path)
    export(city(scale=0.1), days=10).write_csv("export.csv")
    common = ["export.csv", "--mapping", "map.toml"]
    for words in (
        ["new", "map.toml", "--mapping", "export.csv"],
        ["diagnose", *common, "--html", "diagnosis.html"],
        ["fit", *common, "--last-day", "2022-04-30", "--out", "mine.toml", "--quiet"],
        ["replay", *common, "--first-day", "2022-05-01", "--scenario", "mine.toml",
         "--replications", "2", "--quiet", "--html", "replay.html"],
    ):  # fmt: skip
        assert cli.main(words) == 0, capsys.readouterr().err
    assert Path("replay.html").stat().st_size > 1_000


@pytest.mark.slow
@pytest.mark.parametrize("weekend", [False, True])
def test_a_city_of_sixty_crews_is_fitted_to_its_end(tmp_path: Path, weekend: bool) -> None:
    """Its shifts, its crews and its weekends are found, and the replay of later weeks believed.

    Each interval misses once in 20,000 times, so one of two once in 10,000.
    """
    log = mapped(tmp_path, days=DAYS, weekend=weekend)
    first, last = log.period
    found: Fit = fit(log, first, last, level=1 - 1e-4 / len(CREWS))
    own = found.crews.candidate
    assert (own.pattern, own.first_hour) == ("two of twelve hours", FIRST_HOUR)
    assert (own.weekend_factor > 1.2) == weekend
    if weekend:
        # How many more cannot be told: with a quarter more hardly anybody waits on those days.
        assert own.weekend == "Friday and Saturday"
    for one in found.crews.free:
        truth = CREWS[one.shift] * (1 - ABSTRACTION)
        assert one.low is None or one.low <= truth
        assert one.high is None or one.high >= truth
    path = tmp_path / "mine.toml"
    path.write_text(found.text, encoding="utf-8")
    judged = replay(log, load(path).scenario, found.simulated_from, replications=5)
    assert not [one for one in judged.verdicts if one.word == "not"]
