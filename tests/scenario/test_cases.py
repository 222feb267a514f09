"""The two case studies, played: scripted reports among the baseline's work keep their timings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from sim.scenario.loading import load
from sim.study import Settings, World, one_world
from sim.tables import DAY, HOUR, MINUTE, NEVER, NONE, Activity, CaseEnd, End

CASES: Final = Path(__file__).parents[2] / "scenarios" / "cases"
# Both cases are over by the evening of the third day.
SETTINGS: Final = Settings(days=3, warm_up_days=2)
# The first is the one that `trace` tells.
LUCKS: Final = range(6)


@dataclass(frozen=True)
class Case:
    """The one incident of a scripted stream, with its times counted from the report."""

    world: World
    row: int

    @classmethod
    def of(cls, world: World, stream: str) -> Case:
        """Return the incident of a stream that has but one."""
        rows = (world.incidents["stream"] == world.policy.streams.index(stream)).nonzero()[0]
        (row,) = rows.tolist()
        return cls(world, row)

    def minutes_to(self, column: str) -> float:
        """Return minutes from the report to a time of the outcomes table."""
        at = int(self.world.outcomes[column][self.row])
        assert at != NEVER, column
        return (at - int(self.world.incidents["reported_at"][self.row])) / MINUTE

    @property
    def attended_by(self) -> str:
        """The pool of the first to arrive."""
        place = int(self.world.outcomes["attended_by"][self.row])
        return self.world.policy.pools[place].name


def worlds(name: str) -> list[World]:
    """Return a case's worlds, one for each of some lucks."""
    loaded = load(CASES / f"{name}.toml")
    return [one_world(loaded, SETTINGS, replication) for replication in LUCKS]


@pytest.fixture(scope="module")
def child_worlds() -> list[World]:
    """Worlds of the child whose team was allocated within 30 minutes."""
    return worlds("missing-child-thirty-minutes")


@pytest.fixture(scope="module")
def welfare_worlds() -> list[World]:
    """Worlds of the welfare concern that was attended after about ten hours."""
    return worlds("welfare-concern-ten-hours")


def test_the_team_is_allocated_within_30_minutes(child_worlds: list[World]) -> None:
    """Held for ratification, somebody is allocated within half an hour, the team at first luck."""
    cases = [Case.of(world, "case_child") for world in child_worlds]
    # Report 16:20; 4 + 10 + 6 minutes of call, assessment and ratification, and the waits.
    minutes = [case.minutes_to("claimed_at") for case in cases]
    assert min(minutes) >= 20
    assert minutes[0] <= 30
    # With some lucks all are with somebody else.
    assert sum(one <= 30 for one in minutes) >= 4
    # And with some, the whole team is, and response is sent.
    assert cases[0].attended_by == "missing_person_bcp"
    assert {case.attended_by for case in cases} <= {"missing_person_bcp", "response_bcp"}


def test_she_is_home_about_three_hours_later(child_worlds: list[World]) -> None:
    """She returns about three hours after her team was allocated, and after it had come."""
    world = child_worlds[0]
    case = Case.of(world, "case_child")
    at = int(world.incidents["return_at"][case.row])
    allocated = int(world.outcomes["claimed_at"][case.row])
    assert 2.75 <= (at - allocated) / HOUR <= 3.25
    for other in child_worlds:
        assert other.outcomes["end"][Case.of(other, "case_child").row] == End.ATTENDED


def test_she_is_looked_for_and_then_interviewed(child_worlds: list[World]) -> None:
    """Under enquiry until she is back; then officers see her, hold the interview, send a PPN."""
    for world in child_worlds:
        case = Case.of(world, "case_child")
        (row,) = (world.cases["key"] == world.incidents["key"][case.row]).nonzero()[0].tolist()
        home = int(world.incidents["return_at"][case.row])
        at = {name: int(world.cases[name][row]) for name in world.cases.schema.names}
        assert at["end"] in (CaseEnd.RETURNED, CaseEnd.FOUND)
        assert at["safe_at"] <= home
        assert at["enquiry_at"] < at["safe_at"]
        # 45 minutes of interview, and the wait and the journey before it.
        assert at["interviewed_at"] - at["safe_at"] >= 45 * MINUTE
        assert at["ppn_at"] > at["interviewed_at"]
    # At the first luck she comes home by herself, and is seen the same evening.
    first = child_worlds[0]
    key = first.incidents["key"][Case.of(first, "case_child").row]
    (row,) = (first.cases["key"] == key).nonzero()[0].tolist()
    assert first.cases["end"][row] == CaseEnd.RETURNED
    assert first.cases["interviewed_at"][row] - first.cases["safe_at"][row] <= 4 * HOUR


def test_a_welfare_concern_is_no_missing_episode(welfare_worlds: list[World]) -> None:
    """The seven-year-old's concern is attended as one, and nobody follows it as missing."""
    for world in welfare_worlds:
        case = Case.of(world, "case_welfare")
        key = int(world.incidents["key"][case.row])
        assert key not in set(world.episodes["key"].tolist())
        assert world.incidents["child"][case.row] == NONE


def test_a_welfare_concern_is_graded_soon_and_attended_late(welfare_worlds: list[World]) -> None:
    """Graded 2 and researched within the hour, and attended about ten hours after the report."""
    cases = [Case.of(world, "case_welfare") for world in welfare_worlds]
    # A busy morning at the telephones makes it later.
    assert sum(case.minutes_to("graded_at") <= 30 for case in cases) >= 5
    for world, case in zip(welfare_worlds, cases, strict=True):
        assert case.minutes_to("graded_at") <= 45
        assert case.minutes_to("researched_at") <= 60
        assert int(world.incidents["grade"][case.row]) == 2
        assert 9.5 * 60 <= case.minutes_to("arrived_at") <= 10.5 * 60


def test_cases_have_the_baselines_surroundings(welfare_worlds: list[World]) -> None:
    """Beside the scripted report stand the baseline's own incidents, by the same keys."""
    world = welfare_worlds[0]
    plain = one_world(load(CASES.parent / "dorset-2022.toml"), SETTINGS, 0)
    keys = set(world.incidents["key"].tolist())
    assert len(keys) == len(plain.incidents) + 1
    assert keys > set(plain.incidents["key"].tolist())


def test_days_until_the_family_is_spoken_to_have_no_scripted_cause() -> None:
    """Never at the first attendance; then after days that luck decides, within thirteen mostly."""
    days = []
    for world in worlds("welfare-concern-thirteen-days"):
        case = Case.of(world, "case_welfare")
        assert world.concerns["sees"][world.concerns["visit"] == 0].tolist() == [0]
        visits = (world.activities["kind"] == Activity.REVISIT).sum()
        assert visits >= 1
        seen_at = int(world.outcomes["seen_at"][case.row])
        reported_at = int(world.incidents["reported_at"][case.row])
        days.append(np.inf if seen_at == NEVER else (seen_at - reported_at) / DAY)
        # By day alone, and not before the next day.
        if seen_at != NEVER:
            assert days[-1] > 0.9
    assert len(set(days)) == len(days)
    assert sum(one < 13 for one in days) >= 4


def test_a_child_without_a_placement_is_held_until_the_offices_open() -> None:
    """Back by half past nine in the evening, seen, and with officers until 08:30 next morning."""
    for world in worlds("child-held-for-placement"):
        case = Case.of(world, "case_child")
        rows = world.activities["incident"] == world.incidents["key"][case.row]
        rows &= world.activities["kind"] == Activity.PROTECTION
        begun, over = (np.unique(world.activities[name][rows]) for name in ("start", "end"))
        assert begun.size == over.size == 1
        assert over[0] % DAY == 8 * HOUR + 30 * MINUTE
        # Of one night: found by an enquiry at the earliest, and interviewed at the latest.
        assert 6 * HOUR < over[0] - begun[0] < 14 * HOUR
        held = world.episodes["no_placement"] == 1
        assert world.incidents["key"][case.row] in world.episodes["key"][held].tolist()


def test_officers_with_a_child_held_overnight_are_relieved_at_the_end_of_their_shift() -> None:
    """As long as without relief, by several units; relief may be late, and still takes half off."""
    alone, relieved = (
        [stays_of_case(world) for world in worlds(name)]
        for name in ("child-held-for-placement", "child-held-and-relieved")
    )
    late = [0, 0]
    for one, other in zip(alone, relieved, strict=True):
        assert {row[1] for row in one} == {max(row[1] for row in other)}
        assert len({row[0] for row in one}) == 1
        assert len(other) > len(one)
        for place, stays in enumerate((one, other)):
            late[place] += sum(max(over - off, 0) for _, over, off in stays)
    assert 0 < late[1] < late[0] / 2


def stays_of_case(world: World) -> list[tuple[int, int, int]]:
    """Return when each unit began to stay with the child and left it, and when its shift ended."""
    case = Case.of(world, "case_child")
    rows = world.activities["incident"] == world.incidents["key"][case.row]
    rows &= world.activities["kind"] == Activity.PROTECTION
    off = dict(zip(world.rota["key"].tolist(), world.rota["off_at"].tolist(), strict=True))
    begun, over, unit = (world.activities[name][rows].tolist() for name in ("start", "end", "unit"))
    return [(since, until, off[who]) for since, until, who in zip(begun, over, unit, strict=True)]
