"""Work that officers began themselves and no label tells: found, shown by grade, asked about."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from sim.force_log import Log, diagnose, read_log
from sim.force_log.fitting.demand import demand
from sim.force_log.mapping import LoadedMapping, mapping_from
from sim.report.log.diagnosis import diagnosis_sentences, fault_sentences
from tests.force_log.made_up import MAPPING, STAMP, force, written
from tests.force_log.reshaped import guessed, sample

SIZE = 4_000
OWN = pl.col("own")


def unlabelled(share: float = 0.5, seconds: float = 2.0) -> pl.DataFrame:
    """A log that does not say who reported, in which officers began a `share` of grade 3.

    Those are graded and assigned the same number of seconds after their receipt, and the column
    ``own``, which no mapping reads, says which they are.
    """
    draw = np.random.Generator(np.random.Philox(5))
    log = (
        force(SIZE)
        .drop("channel")
        .with_columns(own=(pl.col("grade") == "3") & pl.Series(draw.random(SIZE) < share))
    )
    soon = pl.col("t_received").str.to_datetime(STAMP) + timedelta(seconds=seconds)
    return log.with_columns(
        pl.when(OWN).then(soon.dt.strftime(STAMP)).otherwise(pl.col(name)).alias(name)
        for name in ("t_graded", "t_assigned")
    )  # fmt: skip


def read(folder: Path, log: pl.DataFrame, **said: Any) -> Log:
    """Read a log whose mapping names nobody who reported."""
    columns = {role: name for role, name in MAPPING["columns"].items() if role != "origin"}
    data = {key: value for key, value in MAPPING.items() if key != "origins"}
    data |= {"columns": columns, **said}
    return read_log(written(folder, log), LoadedMapping(mapping_from(data, "map.toml"), "map.toml"))


def test_it_is_found_by_grade_and_counted_apart(tmp_path: Path) -> None:
    """All of it and nothing else is officers' own, and the delays are those of the others."""
    log = unlabelled()
    found = read(tmp_path, log)
    (one,) = found.at_once
    assert (one.grade, one.jobs, one.public) == (3, int(log["own"].sum()), False)
    assert one.of == int((log["grade"] == "3").sum())
    others = read(tmp_path, log.filter(~OWN))
    assert not others.at_once
    assert found.public.height == others.incidents.height
    for grade in (2, 3):
        ours, theirs = (
            diagnose(one, resamples=20).find("delay_p50", stage="graded_to_assigned", grade=grade)
            for one in (found, others)
        )
        assert ours is not None
        assert ours == theirs


def test_it_is_asked_about(tmp_path: Path) -> None:
    """What was found stands among the sentences, and first of the faults with what to write."""
    found = read(tmp_path, unlabelled())
    assert found.faults.found[0].code == "assigned_at_once"
    said = next(fault_sentences(found.faults))
    assert said.startswith("grade 3: jobs assigned within 10 seconds of receipt")
    assert "public_at_once = [3]" in said
    diagnosis = diagnose(found, resamples=20)
    share = diagnosis.find("officers_at_once", grade=3)
    assert share is not None
    assert share.value == pytest.approx(0.5, abs=0.05)
    (sentence,) = (one for one in diagnosis_sentences(diagnosis) if "no label" in one)
    assert "% of grade 3 (of about 1," in sentence
    assert "public_at_once" in sentence
    assert any("but what was assigned within 10 seconds" in one for one in diagnosis.cannot_tell)


def test_the_mapping_can_say_that_they_are_the_publics(tmp_path: Path) -> None:
    """Then they count in every delay, and are told as the public's."""
    log = unlabelled()
    found = read(tmp_path, log, public_at_once=[3])
    assert found.public.height == log.height
    assert not found.faults.of("assigned_at_once")
    (one,) = found.at_once
    assert one.public
    sentences = diagnosis_sentences(diagnose(found, resamples=20))
    assert any("count as the public's" in sentence for sentence in sentences)


def test_no_choice_of_days_changes_what_is_found(tmp_path: Path) -> None:
    """Of one day, with too few jobs to find anything by itself, the same jobs are officers' own."""
    path = written(tmp_path, unlabelled())
    loaded = read(tmp_path, unlabelled()).mapping
    day = date(2025, 5, 7)
    one = read_log(path, LoadedMapping(loaded, "map.toml"), first_day=day, last_day=day)
    assert one.at_once
    assert 0 < one.at_once[0].jobs < 20
    assert one.public.height == one.incidents.height - one.at_once[0].jobs


def test_they_are_no_demand_of_a_fitted_scenario(tmp_path: Path) -> None:
    """A fit gets the public's reports only: as many as the log has without officers' own."""
    days = date(2025, 5, 5), date(2025, 6, 1)
    log = unlabelled()
    volumes = [
        sum(came.volume for came in demand(one.public, *days, level=0.95, seed=1).arrivals.values())
        for one in (read(tmp_path, log), read(tmp_path, log.filter(~OWN)))
    ]
    assert volumes[0] == volumes[1]


@pytest.mark.parametrize(
    ("share", "seconds"),
    [
        pytest.param(0.03, 2.0, id="calls that happen to find a crew"),
        pytest.param(0.5, 15.0, id="not so soon"),
        pytest.param(0.5, -30.0, id="a clock half a minute behind"),
    ],
)
def test_what_is_no_such_work_is_left_alone(share: float, seconds: float, tmp_path: Path) -> None:
    """Few of a grade, waits of a quarter of a minute, clocks that were set equal."""
    log = unlabelled(share, seconds)
    found = read(tmp_path, log)
    assert not found.at_once
    assert found.public.height == log.height


def test_it_is_not_looked_for_in_times_to_the_minute(tmp_path: Path) -> None:
    """There a wait of half a minute would look like none."""
    log = unlabelled().with_columns(
        pl.col("^t_.*$").str.to_datetime(STAMP).dt.truncate("1m").dt.strftime(STAMP)
    )
    assert not read(tmp_path, log).at_once


def test_a_column_that_repeats_another_is_told_as_that(tmp_path: Path) -> None:
    """Where every job is assigned at its receipt the times are wrong, and nobody's work."""
    log = unlabelled().with_columns(t_graded="t_received", t_assigned="t_received")
    found = read(tmp_path, log)
    assert not found.at_once
    assert found.faults.of("same_times")


def test_none_is_found_in_the_sample(tmp_path: Path) -> None:
    """The shipped sample has no such work, whether or not its labels are read."""
    path = tmp_path / "log.csv"
    sample().write_csv(path)
    assert not guessed(path).at_once
    sample().drop("Contact_Channel").write_csv(path)
    assert not guessed(path).at_once
