"""What the variants move after arrival: each meets the baseline's luck, case by case."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pytest

from sim.scenario.loading import load
from sim.study import Settings, World, one_world
from sim.tables import DAY, HOUR, NEVER, Activity, CaseEnd

SCENARIOS: Final = Path(__file__).parents[2] / "scenarios"
BASELINE: Final = "dorset-2022"
EPISODE_LEVERS: Final = (
    "night-enquiries-at-day-rhythm",
    "night-missing-person-sergeant",
    "lossless-handover",
    "interviews-by-team",
    "second-return-interview-worker",
    "philomena-forms",
)
# Two fortnights, some 220 reports.
SETTINGS: Final = Settings(days=14, warm_up_days=3)
LUCKS: Final = range(2)

pytestmark = pytest.mark.slow

Flags = npt.NDArray[np.bool_]


@cache
def worlds(name: str) -> list[World]:
    """Return a scenario's worlds, one for each of some lucks."""
    loaded = load(SCENARIOS / f"{name}.toml")
    return [one_world(loaded, SETTINGS, replication) for replication in LUCKS]


def cases(name: str, column: str) -> npt.NDArray[np.int64]:
    """Return a column of the cases of all lucks; the same rows whatever the scenario."""
    return np.concatenate([world.cases[column] for world in worlds(name)])


def reports(name: str, column: str) -> npt.NDArray[np.int64]:
    """Return a column of the incidents that have an episode, in the order of the cases."""
    return np.concatenate(
        [
            world.incidents[column][np.isin(world.incidents["key"], world.episodes["key"])]
            for world in worlds(name)
        ]
    )


def at_night(world: World, *kinds: Activity) -> int:
    """Count pieces of work of some kinds begun from 22:00 to 08:00."""
    hour = world.activities["start"] % DAY // HOUR
    of_kind = np.isin(world.activities["kind"], kinds)
    return int((of_kind & ((hour >= 22) | (hour < 8))).sum())


def hours_of(name: str, kind: Activity) -> float:
    """Return the hours of one kind of row."""
    tables = [world.activities for world in worlds(name)]
    return sum(
        float((one["end"] - one["start"])[one["kind"] == kind].sum()) / HOUR for one in tables
    )


def team(name: str) -> Flags:
    """Tell whose prevention interview a pool of the missing-person role held."""
    told: list[Any] = []
    for world in worlds(name):
        roles = [pool.role == "missing_person" for pool in world.policy.pools] + [False]
        told.append(np.array(roles)[world.cases["interviewed_by"]])
    return np.concatenate(told)


def test_at_the_days_pace_more_is_done_at_night() -> None:
    """More lines of enquiry are begun from 22:00 to 08:00, by a fifth at least."""
    before, after = (
        sum(at_night(world, Activity.ENQUIRY, Activity.DESK_LINE) for world in worlds(name))
        for name in (BASELINE, "night-enquiries-at-day-rhythm")
    )
    assert after > 1.2 * before > 0


def test_a_sergeant_at_night_moves_cases_on() -> None:
    """More reviews are made at night, and more pauses end by a review or a tasking."""
    name = "night-missing-person-sergeant"
    before, after = (
        sum(at_night(world, Activity.CASE_REVIEW) for world in worlds(one))
        for one in (BASELINE, name)
    )
    assert after > before
    assert cases(name, "moved_on").sum() > cases(BASELINE, "moved_on").sum()


def test_what_is_not_lost_is_not_done_again() -> None:
    """Handovers go on, and no line is done twice."""
    assert cases(BASELINE, "lines_again").sum() > 10
    assert cases("lossless-handover", "lines_again").sum() == 0
    assert cases("lossless-handover", "handovers").sum() > 100


def test_visits_by_the_team_come_later() -> None:
    """Children who were looked for and came home are visited by the team, some next morning."""
    name = "interviews-by-team"
    visited = (cases(name, "end") == CaseEnd.RETURNED) & (cases(name, "enquiry_at") != NEVER)
    held = visited & (cases(name, "interviewed_at") != NEVER)
    assert held.sum() > 50
    assert team(name)[held].all()
    assert not team(BASELINE)[held].all()
    both = held & (cases(BASELINE, "interviewed_at") != NEVER)
    later = cases(name, "interviewed_at")[both] - cases(BASELINE, "interviewed_at")[both]
    assert later.mean() > HOUR


def test_a_second_worker_completes_interviews_sooner() -> None:
    """What both complete comes sooner on average, and police do nothing else for it."""
    name = "second-return-interview-worker"
    both = (cases(name, "completed_at") != NEVER) & (cases(BASELINE, "completed_at") != NEVER)
    assert both.sum() > 30
    sooner = cases(BASELINE, "completed_at")[both] - cases(name, "completed_at")[both]
    assert sooner.mean() > HOUR
    assert np.array_equal(cases(name, "interviewed_at"), cases(BASELINE, "interviewed_at"))


def test_forms_shorten_calls_about_children_in_care() -> None:
    """Assessments of four in five of them are shorter; as many are reported, by the same keys."""
    name = "philomena-forms"
    assert np.array_equal(reports(name, "key"), reports(BASELINE, "key"))
    seconds = [reports(one, "assessment_seconds") for one in (name, BASELINE)]
    in_care = reports(BASELINE, "in_care") == 1
    assert np.array_equal(seconds[0][~in_care], seconds[1][~in_care])
    assert seconds[0][in_care].sum() < 0.8 * seconds[1][in_care].sum()


def test_unrecorded_reports_are_an_end_of_their_own() -> None:
    """Half of the reports from care come to nothing; of the others none, and none hands over."""
    name = "derbyshire-2021-like"
    unrecorded = cases(name, "end") == CaseEnd.UNRECORDED
    in_care = reports(name, "in_care") == 1
    assert not (unrecorded & ~in_care).any()
    assert not (cases("derbyshire-size", "end") == CaseEnd.UNRECORDED).any()
    # About 120 reports from care: half of them, with a standard error of 0.045.
    assert unrecorded[in_care].mean() == pytest.approx(0.5, abs=0.2)
    for column in ("enquiry_at", "interviewed_at", "discussed_at"):
        assert (cases(name, column)[unrecorded] == NEVER).all()
    assert cases(name, "handovers").sum() == 0


def test_one_unit_follows_every_report() -> None:
    """With a missing-and-exploitation unit none is unrecorded, and the unit owns cases."""
    name = "derbyshire-2022-like"
    assert not (cases(name, "end") == CaseEnd.UNRECORDED).any()
    assert hours_of(name, Activity.OWNED_BY_TEAM) > 100
    assert team(name).any()
    assert not team("derbyshire-size").any()


@pytest.mark.parametrize("name", ["teams-to-0200", "teams-round-the-clock"])
def test_longer_hours_leave_response_less(name: str) -> None:
    """Cases are response's for fewer hours, and more is done at night."""
    kind = Activity.OWNED_BY_RESPONSE
    assert hours_of(name, kind) < 0.9 * hours_of(BASELINE, kind)
    before, after = (
        sum(at_night(world, Activity.ENQUIRY) for world in worlds(one)) for one in (BASELINE, name)
    )
    assert after > before
