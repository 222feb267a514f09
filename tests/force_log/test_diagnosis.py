"""What a diagnosis finds: what was put into a made-up log, and nothing that was not."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from rich.console import Console

from sim.force_log import Diagnosis, Log, diagnose, read_log
from sim.force_log.delays import with_delays
from sim.force_log.extra_wait import extra_wait
from sim.force_log.gate import bunching
from sim.force_log.idle import idle_while_waiting
from sim.report.log.diagnosis import diagnosis_sentences, diagnosis_summary
from sim.streams import bootstrap_generator
from tests.force_log.made_up import force, mapping, written


def read(folder: Path, log: pl.DataFrame) -> Log:
    """Read a made-up log."""
    return read_log(written(folder, log), mapping())


def rows(*jobs: dict[str, str]) -> pl.DataFrame:
    """A log of a few jobs of one morning, told by their clock times."""
    stamps = ("received", "graded", "ratified", "assigned", "arrived", "cleared")
    return pl.DataFrame(
        [
            {
                "urn": f"U{place}",
                **{
                    f"t_{stamp}": f"2025-05-05 {job[stamp]}:00" if stamp in job else None
                    for stamp in stamps
                },
                "grade": job.get("grade", "2"),
                "kind": job.get("kind", "burglary"),
                "lpa": job.get("lpa", "N"),
                "channel": "999",
                "callsign": job.get("callsign"),
            }
            for place, job in enumerate(jobs)
        ],
        schema_overrides={f"t_{stamp}": pl.String for stamp in stamps} | {"callsign": pl.String},
    )


def test_delays_are_the_differences_of_their_moments(tmp_path: Path) -> None:
    """Twenty jobs: half arrive after 10 minutes and half after 30; half are in time for 20."""
    jobs = [
        {"received": "10:00", "graded": "10:02", "assigned": "10:04", "arrived": arrived}
        for arrived in ["10:10"] * 10 + ["10:30"] * 10
    ]
    diagnosis = diagnose(read(tmp_path, rows(*jobs)), resamples=20)
    within = diagnosis.find("arrived_within_target", stage="received_to_arrived", grade=2)
    assert within is not None
    assert (within.value, within.n) == (0.5, 20)
    # The median of ten tens and ten thirties lies midway.
    median = diagnosis.find("delay_p50", stage="received_to_arrived", grade=2)
    assert median is not None
    assert median.value == 20.0
    graded = diagnosis.find("delay_p50", stage="graded_to_assigned", grade=2)
    assert graded is not None
    assert graded.value == 2.0


def test_officer_initiated_work_waits_for_nobody(tmp_path: Path) -> None:
    """Work that officers began is in no delay."""
    log = force(2_000)
    diagnosis = diagnose(read(tmp_path, log), resamples=20)
    public = log.filter(pl.col("channel") != "officer").height
    assert diagnosis.incidents is not None
    assert abs(diagnosis.incidents - public) <= 2


@pytest.mark.parametrize("held", [0.5, 1.0])
def test_a_gate_that_was_put_in_is_found(tmp_path: Path, held: float) -> None:
    """Allocations held until ratification bunch just after it."""
    log = read(tmp_path, force(8_000, held=held))
    found = bunching(log.public, "missing_child", 0.95)
    assert found is not None
    assert found.found
    assert found.low is not None
    assert found.low > 2
    diagnosis = diagnose(log, resamples=20)
    assert diagnosis.bunched == ("missing_child",)
    assert any("bunch just after" in sentence for sentence in diagnosis_sentences(diagnosis))


@pytest.mark.parametrize("seed", range(1, 6))
def test_no_gate_is_found_where_there_is_none(tmp_path: Path, seed: int) -> None:
    """Where ratification changes nothing, the ratio is about 1 and no gate is claimed.

    A claim needs a probability under 0.001 and a lower limit over 1.5 besides; with a hazard that
    ratification does not touch the chance of both is far under 1e-4 for each seed.
    """
    log = read(tmp_path, force(8_000, seed=seed, child_factor=3.0))
    found = bunching(log.public, "missing_child", 0.9999)
    assert found is not None
    assert not found.found
    assert found.low is not None
    assert found.high is not None
    assert found.low < 1 < found.high


def test_too_few_ratified_jobs_are_not_tested(tmp_path: Path) -> None:
    """With a handful of allocations near ratification nothing is said."""
    log = read(tmp_path, force(100))
    assert bunching(log.public, "missing_child", 0.95) is None


def wait(log: Log, **options: int) -> tuple[float, float, float]:
    """Adjusted ratio and limits of the missing-child jobs of grade 2."""
    found = extra_wait(
        with_delays(log.public), "graded_to_assigned", 0.9999,
        bootstrap_generator(7, "test"), grade=2, **options,
    )  # fmt: skip
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    return found.ratio, found.low, found.high


def test_an_extra_wait_that_was_put_in_is_found(tmp_path: Path) -> None:
    """Waits of missing-child jobs made three times as long come back as about three."""
    ratio, low, high = wait(read(tmp_path, force(6_000, child_factor=3.0)), resamples=2_000)
    assert low < 3.0 < high
    assert low > 1.5
    assert low <= ratio <= high


def test_no_extra_wait_is_found_where_there_is_none(tmp_path: Path) -> None:
    """Missing-child jobs that wait as others do have a ratio of about one."""
    _, low, high = wait(read(tmp_path, force(6_000)), resamples=2_000)
    assert low < 1 < high


def test_the_extra_wait_allows_for_the_hour(tmp_path: Path) -> None:
    """Children reported at night, when all waits are halved, look quick until the hour is seen."""
    log = read(tmp_path, force(12_000))
    night = (pl.col("received").dt.hour() < 6) | (pl.col("received").dt.hour() >= 22)
    delays = with_delays(log.public).filter((pl.col("stream") != "missing_child") | night)
    found = extra_wait(
        delays, "graded_to_assigned", 0.9999, bootstrap_generator(7, "test"), grade=2
    )
    assert found is not None
    assert found.crude is not None
    assert found.low is not None
    assert found.high is not None
    # Blocks of four hours mix 20:00 to 22:00 with the night, hence not quite 1.
    assert found.crude < 0.75
    assert found.low < 1 < found.high


def test_the_extra_wait_is_the_median_of_ratios_within_strata(tmp_path: Path) -> None:
    """Others wait 10 minutes in the north and 40 in the south; children 20 and 80: twice."""
    others = [
        {"received": "10:00", "graded": "10:00", "assigned": assigned, "lpa": lpa,
         "arrived": "11:50"}
        for lpa, assigned in (("N", "10:10"), ("S", "10:40")) for _ in range(20)
    ]  # fmt: skip
    children = [
        {"received": "10:00", "graded": "10:00", "assigned": assigned, "lpa": lpa,
         "kind": "missing child", "arrived": "11:50"}
        for lpa, assigned in (("N", "10:20"), ("S", "11:20")) for _ in range(5)
    ]  # fmt: skip
    log = read(tmp_path, rows(*others, *children))
    found = extra_wait(
        with_delays(log.public), "graded_to_assigned", 0.95, bootstrap_generator(1, "x"), grade=2
    )
    assert found is not None
    assert found.ratio == pytest.approx(2.0)
    # Five of ten minutes and five of forty more: the median lies midway.
    assert found.minutes == pytest.approx(25.0)
    assert found.coarser == 0.0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "waits 20 minutes longer than other jobs of its grade (20 to 20)"),
        (59, "the others' median is under a minute, so no ratio is given."),
        # 20 minutes over one.
        (60, "waits 20 times as long"),
    ],
)
def test_no_ratio_is_told_of_waits_of_nearly_nothing(
    tmp_path: Path, seconds: int, words: str
) -> None:
    """Where the others' median is under a minute the difference in minutes is told instead."""
    begun = {"received": "10:00", "graded": "10:00", "arrived": "11:50"}
    children = [{**begun, "assigned": "10:20", "kind": "missing child"} for _ in range(10)]
    log = rows(*({**begun, "assigned": "10:00"} for _ in range(20)), *children)
    delays = pl.col("t_assigned").str.replace(
        "10:00:00", f"10:{seconds // 60:02d}:{seconds % 60:02d}"
    )
    found = diagnose(read(tmp_path, log.with_columns(delays)), resamples=20)
    told = [one for one in diagnosis_sentences(found) if one.startswith("From grading")]
    assert len(told) == 1
    assert words in told[0]
    ratio = found.find("extra_wait_ratio", stage="graded_to_assigned", stream="missing_child")
    assert ratio is not None
    assert (ratio.value is None) == (seconds < 60)


def test_idle_crews_are_seen_between_their_jobs(tmp_path: Path) -> None:
    """One crew is free from 10:10 to 10:40: half of a wait from 10:00 to 10:20."""
    jobs = [
        {"received": "09:00", "graded": "09:00", "assigned": "09:00", "arrived": "09:10",
         "cleared": "10:10", "callsign": "A"},
        {"received": "10:30", "graded": "10:40", "assigned": "10:40", "arrived": "10:50",
         "cleared": "11:10", "callsign": "A"},
        {"received": "10:00", "graded": "10:00", "assigned": "10:20", "arrived": "10:30",
         "cleared": "10:35", "callsign": "B"},
    ]  # fmt: skip
    log = read(tmp_path, rows(*jobs))
    (found,) = idle_while_waiting(log.public, log.allocations)
    assert (found.grade, found.jobs, found.waiting_minutes) == (2, 1, 20.0)
    assert found.share == pytest.approx(0.5)


def test_a_crew_of_another_area_is_not_idle_here(tmp_path: Path) -> None:
    """A crew between jobs in the south does nothing for a job in the north."""
    jobs = [
        {"received": "09:00", "graded": "09:00", "assigned": "09:00", "arrived": "09:10",
         "cleared": "10:00", "callsign": "A", "lpa": "S"},
        {"received": "10:30", "graded": "10:40", "assigned": "10:40", "arrived": "10:50",
         "cleared": "11:10", "callsign": "A", "lpa": "S"},
        {"received": "10:00", "graded": "10:00", "assigned": "10:20", "arrived": "10:30",
         "cleared": "10:35", "callsign": "B", "lpa": "N"},
    ]  # fmt: skip
    log = read(tmp_path, rows(*jobs))
    (found,) = idle_while_waiting(log.public, log.allocations)
    assert found.share == 0.0


def test_what_the_log_lacks_is_said(tmp_path: Path) -> None:
    """A log without ratification and units cannot tell of gates and idle crews, and says so."""
    changes = {
        "columns": {
            "received": "t_received", "assigned": "t_assigned", "arrived": "t_arrived",
            "priority": "grade", "kind": "kind",
        },
        "areas": {}, "origins": {},
    }  # fmt: skip
    log = read_log(written(tmp_path, force(500)), mapping(changes))
    diagnosis = diagnose(log, resamples=20)
    told = " ".join(diagnosis.cannot_tell)
    for words in ("ratification", "names no units", "no risk level", "no area", "time of grading"):
        assert words in told
    assert not any(figure.measure.startswith("allocation_after") for figure in diagnosis.figures)


def test_targets_of_a_scenario_replace_the_mapping_s(tmp_path: Path) -> None:
    """A target by area is held against each area's own minutes; none is made up elsewhere."""
    from sim.scenario.models import Target

    log = read(tmp_path, force(3_000))
    target = Target(grade=1, minutes={"north": 1_000.0, "south": 15.0})
    diagnosis = diagnose(log, [target], resamples=20)
    south = diagnosis.find(
        "arrived_within_target", stage="received_to_arrived", grade=1, area="south"
    )
    assert south is not None
    assert south.n is not None
    assert diagnosis.find("arrived_within_target", stage="received_to_arrived", grade=2) is None


def test_the_same_log_gives_the_same_diagnosis(tmp_path: Path) -> None:
    """The bootstrap has a seed of its own, so a figure can be quoted."""
    log = read(tmp_path, force(1_500, child_factor=2.0))
    assert diagnose(log, resamples=50).as_dict() == diagnose(log, resamples=50).as_dict()


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_the_page_fits_its_width(tmp_path: Path, width: int, ascii_only: bool) -> None:
    """No line is longer than the terminal, and ASCII means ASCII."""
    text = page(diagnose(read(tmp_path, force(3_000, held=0.5)), resamples=20), width, ascii_only)
    assert max(len(line) for line in text.splitlines()) <= width
    assert not ascii_only or text.isascii()


def test_the_page_begins_with_the_answer(tmp_path: Path) -> None:
    """The first sentence says how much longer missing-child jobs wait, with its interval."""
    diagnosis = diagnose(read(tmp_path, force(6_000, child_factor=3.0)), resamples=200)
    text = page(diagnosis, 300, ascii_only=True)
    first = text.splitlines()[1]
    assert first.startswith("From grading to allocation a missing-child job typically waits")
    assert "adjusted for hour and area" in first


def test_the_holder_of_the_log_sees_where_its_faults_are(tmp_path: Path) -> None:
    """On their own screen the first line and common labels without a meaning are named."""
    first = pl.int_range(pl.len()) < 7
    log = read(
        tmp_path, force(900).with_columns(grade=pl.when(first).then(pl.lit("X")).otherwise("grade"))
    )
    diagnosis = diagnose(log, resamples=20)
    console = Console(width=200)
    with console.capture() as own:
        console.print(diagnosis_summary(diagnosis, width=200, found=log.faults))
    assert '1 label without a meaning, such as "X" (7 of 900, first in line 2)' in own.get()
    assert '"X"' not in page(diagnosis, 200, ascii_only=False)


def page(diagnosis: Diagnosis, width: int, ascii_only: bool) -> str:
    """The page as text."""
    console = Console(width=width, highlight=False)
    with console.capture() as captured:
        console.print(diagnosis_summary(diagnosis, width=width, ascii_only=ascii_only))
    return captured.get()


def test_the_bootstrap_draws_whole_days(tmp_path: Path) -> None:
    """Where all of a day's children wait long together, the interval is wider than by the job."""
    log = read(tmp_path, force(4_000, children=0.3))
    delays = with_delays(log.public)
    bad = pl.col("day").dt.day() % 4 == 0
    child = pl.col("stream") == "missing_child"
    clustered = delays.with_columns(
        graded_to_assigned=pl.when(child & bad).then(pl.col("graded_to_assigned") * 6)
        .otherwise("graded_to_assigned")
    )  # fmt: skip
    spread = np.random.Generator(np.random.Philox(3)).random(delays.height) < 0.25
    scattered = delays.with_columns(
        graded_to_assigned=pl.when(child & pl.Series(spread))
        .then(pl.col("graded_to_assigned") * 6).otherwise("graded_to_assigned")
    )  # fmt: skip
    widths = []
    for part in (clustered, scattered):
        found = extra_wait(
            part, "graded_to_assigned", 0.95, bootstrap_generator(5, "x"), grade=2, resamples=500
        )
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        widths.append(found.high - found.low)
    assert widths[0] > widths[1]
