"""What a job in the queue waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import assume, given, settings

from sim.engines import compiled
from sim.measures import PARTS_OF_STAGES, Count
from sim.measures.claims import Claims
from sim.measures.crews import Crews, Units
from sim.measures.lookup import Done, Links
from sim.measures.queue_waits import in_parts, rises_known
from sim.measures.queued import QUEUE_PARTS, waited_for
from sim.tables import NEVER, NONE, Activity, Policy, Why
from tests.engines.episode_strategies import episode_worlds
from tests.engines.hand import incidents, policy, unit, unit_pool
from tests.engines.played import Played
from tests.engines.strategies import World, worlds
from tests.measures.tables import DAY, activity, arrived, tally, world

WAIT = [activity(Activity.WAIT_UNIT, 0, 1000, 1), activity(Activity.TRAVEL, 1000, 1200, 1, 900, 0)]
END = arrived(1200, ready_at=0, claimed_at=1000)


def waited(
    rows: Sequence[tuple[int, ...]] = (),
    units: Sequence[Mapping[str, int]] = (unit(0, 0, DAY, 900),),
    report: Mapping[str, int] = {},
    rules: Policy | None = None,
    end: Mapping[str, int] = END,
) -> dict[str, int]:
    """Seconds of a wait of 1000 s by what was waited for, as far as there are any."""
    result = tally([report], [end], [*WAIT, *rows], units, rules)
    found = {part: result.total(Count[f"{part.upper()}_SECONDS"]) for part in QUEUE_PARTS}
    assert sum(found.values()) == result.total(Count.QUEUE_SECONDS) == 1000
    return {part: seconds for part, seconds in found.items() if seconds}


def at_scene(start: int, end: int, incident: int, key: int = 900) -> tuple[int, ...]:
    """A unit works at the scene of another incident."""
    return activity(Activity.SCENE, start, end, incident, key, 0)


def test_no_officer_is_free_only_where_all_are_busy() -> None:
    """Nobody on duty to 300; then the only unit is busy."""
    found = waited([at_scene(300, 1000, 2)], [unit(0, 300, DAY, 900)])
    assert found == {"nobody_on_duty": 300, "all_busy": 700}


def test_units_in_overtime_are_not_on_duty() -> None:
    """Off at 400, and busy on: nobody is on duty from then on."""
    found = waited([at_scene(0, 1000, 2)], [unit(0, 0, 400, 900)])
    assert found == {"all_busy": 400, "nobody_on_duty": 600}


def test_officers_in_reserve_are_no_officers_busy() -> None:
    """One of two is busy to 600, then both are free and two are kept, of which one is at most."""
    rules = world(pools=[unit_pool(reserve=1)])
    units = [unit(0, 0, DAY, 900), unit(0, 0, 600, 901)]
    assert waited([at_scene(0, 1000, 2)], units, rules=rules) == {"reserve": 600, "all_busy": 400}


def test_a_shift_near_its_end_is_told() -> None:
    """The free unit is off at 600, and begins no grade 2 in the last 900 s of its shift."""
    rules = world(pools=[unit_pool(margin_seconds=(0, 900, 900, 0, 0))])
    found = waited(units=[unit(0, 0, 600, 900)], rules=rules)
    assert found == {"last_call_margin": 600, "nobody_on_duty": 400}


def test_one_officer_is_too_few_for_two() -> None:
    """One of two single crews is busy throughout."""
    units = [unit(0, 0, DAY, 900), unit(0, 0, DAY, 901)]
    found = waited([at_scene(0, 1000, 2)], units, {"officers": 2})
    assert found == {"too_few_together": 1000}


def test_a_unit_that_may_be_called_from_its_break_is_free() -> None:
    """On a break to 400, at a scene afterwards."""
    rows = [
        activity(Activity.BREAK, 0, 400, NONE, 900, 0),
        at_scene(400, 1000, 2),
    ]
    kept = world(pools=[unit_pool(margin_seconds=(0, 2 * DAY, 0, 0, 0))])
    called = world(
        pools=[unit_pool(margin_seconds=(0, 2 * DAY, 0, 0, 0))],
        break_interrupted=(True, True, False, False, False),
    )
    assert waited(rows, rules=kept) == {"all_busy": 1000}
    assert waited(rows, rules=called) == {"last_call_margin": 400, "all_busy": 600}


@pytest.mark.parametrize(
    ("joined", "found"),
    [(200, {"all_busy": 500, "queued_behind": 500}), (0, {"all_busy": 1000})],
)
def test_behind_are_those_whose_officers_went_to_a_later_job(
    joined: int, found: dict[str, int]
) -> None:
    """The unit is busy to 500, then goes to a job that joined the queue at 200."""
    rows = [
        at_scene(-50, 500, 2),
        activity(Activity.WAIT_UNIT, joined, 500, 2, attempt=1),
        activity(Activity.TRAVEL, 500, 1000, 2, 900, 0, attempt=1),
    ]
    ends = [END, arrived(1000, ready_at=joined, claimed_at=500)]
    result = tally([{}, {}], ends, [*WAIT, *rows])
    mine = {part: result.total(Count[f"{part.upper()}_SECONDS"]) for part in QUEUE_PARTS}
    # The other job waits for the busy unit too.
    mine["all_busy"] -= 500 - joined
    assert {part: seconds for part, seconds in mine.items() if seconds} == found


class Unit(NamedTuple):
    """A unit that a job may ask, at some moment, and whether the job finds it free."""

    key: int
    pool: int
    officers: int
    left: int
    idle: bool
    free: bool


class Told:
    """A world as its tables tell it, asked second by second."""

    def __init__(self, given_to: World, played: Played) -> None:
        self.policy = given_to.policy
        self.rota = [
            dict(zip(given_to.rota.columns, row, strict=True))
            for row in zip(*(c.tolist() for c in given_to.rota.columns.values()), strict=True)
        ]
        self.rows = played.rows()

    def units(self, pools: Sequence[int], grade: int, second: int) -> list[Unit]:
        """Units of some pools on duty, as a job of a grade finds them."""
        rules = self.policy
        away = {
            Activity.BREAK: rules.break_interrupted[grade - 1],
            Activity.WRITING: rules.writing_interrupted[grade - 1],
        }
        found = []
        for one in self.rota:
            if one["pool"] in pools and one["on_at"] <= second < one["off_at"]:
                at = [
                    row.kind
                    for row in self.rows
                    if row.unit == one["key"] and row.start <= second < row.end
                ]
                free = all(away.get(kind, False) for kind in at)
                left = one["off_at"] - second
                found.append(Unit(one["key"], one["pool"], one["officers"], left, not at, free))
        return found

    def eligible(self, units: Sequence[Unit], pools: Sequence[int], grade: int) -> int:
        """Officers whom the job may take by rule 6.4, the reserve kept."""
        officers = 0
        for pool in pools:
            rules = self.policy.pools[pool]
            mine = sorted(
                (unit for unit in units if unit.pool == pool and unit.free),
                key=lambda unit: (-unit.left, unit.key),
            )
            counted = sum(unit.idle and unit.left >= rules.margin_seconds[0] for unit in mine)
            on_duty = sum(unit.pool == pool for unit in units)
            spare = counted - min(rules.reserve, max(on_duty - 1, 0))
            for each in mine:
                if each.left < rules.margin_seconds[grade - 1]:
                    continue
                counts = each.left >= rules.margin_seconds[0]
                if each.idle and grade != 1 and rules.reserve:
                    if spare < counts:
                        continue
                    spare -= counts
                officers += each.officers
        return officers


def assert_told_as_the_rules_say(drawn: World, played: Played) -> None:
    """Each part of each wait, moment by moment; and nobody waits for whom officers are eligible."""
    incidents, policy = drawn.incidents, drawn.policy
    # When a re-THRIVE that takes nobody's time discovers a rise, stands in no table.
    assume(not policy.rethrive_calls_back or policy.rethrive_pool != NONE)
    links = Links.of(incidents, drawn.rota, played.activities)
    rows = np.flatnonzero(played.activities["kind"] == Activity.WAIT_UNIT)
    which = links.incident[rows]
    done = Done(played.activities, links.incident, links.kinds)
    joined, end = (played.activities[name][rows] for name in ("start", "end"))
    parts = in_parts(
        incidents.take(which),
        played.outcomes.take(which),
        rises_known(incidents, done, policy)[which],
        (joined, joined, end),
        policy,
    )
    crews = Crews(Units.of(played.activities, links, drawn.rota, policy), policy)
    claims = Claims.of(incidents, played.activities, links, drawn.rota, policy)
    seconds = waited_for(parts, crews, claims, policy)
    assert (seconds.sum(axis=1) == parts.end - parts.start).all()
    assert (
        np.bincount(parts.wait, parts.end - parts.start, rows.size).tolist()
        == (end - joined).tolist()
    )
    told = Told(drawn, played)
    moments = {time for row in told.rows for time in (row.start, row.end)}
    for one in told.rota:
        moments |= {one["on_at"], one["off_at"]}
        for pool in policy.pools:
            moments |= {one["off_at"] - margin + 1 for margin in pool.margin_seconds}
    for place in range(parts.start.size):
        pools, grade = parts.asked[int(parts.pools[place])], int(parts.grade[place])
        needed = int(parts.officers[place])
        since, until = int(parts.start[place]), int(parts.end[place])
        expected = dict.fromkeys(QUEUE_PARTS, 0)
        cuts = sorted({since, until} | {time for time in moments if since < time < until})
        for first, last in pairwise(cuts):
            units = told.units(pools, grade, first)
            # Of crews of several sizes a reserve may become another as time passes, unasked.
            if len({unit.officers for unit in units}) == 1:
                assert told.eligible(units, pools, grade) < needed
            free = sum(unit.officers for unit in units if unit.free)
            timely = sum(
                unit.officers
                for unit in units
                if unit.free and unit.left >= policy.pools[unit.pool].margin_seconds[grade - 1]
            )
            if not units:
                why = "nobody_on_duty"
            elif free < needed:
                why = "too_few_together" if free else "all_busy"
            elif timely < needed:
                why = "last_call_margin"
            else:
                why = "reserve"
            expected[why] += last - first
        found = dict(zip(QUEUE_PARTS, seconds[place].tolist(), strict=True))
        behind = found.pop("queued_behind")
        short = expected["all_busy"] + expected["too_few_together"]
        assert found["all_busy"] + found["too_few_together"] + behind == short
        assert found["all_busy"] <= expected["all_busy"]
        for why in ("nobody_on_duty", "last_call_margin", "reserve"):
            assert found[why] == expected[why]
        if behind:
            # Somebody who joined later was given officers while it waited.
            wait = joined[parts.wait[place]], end[parts.wait[place]]
            assert any(
                row.start > wait[0] and row.end < wait[1] and row.why == Why.DONE
                for row in told.rows
                if row.kind in (Activity.WAIT_UNIT, Activity.WAIT_ENQUIRY, Activity.WAIT_VISIT)
            ) or any(
                wait[0] < row.start < wait[1]
                for row in told.rows
                if row.kind in (Activity.EARMARKED, Activity.TRAVEL)
            )


@settings(max_examples=150)
@given(worlds())
def test_what_is_waited_for_is_as_the_rules_say(drawn: World) -> None:
    """In worlds made of ties, with every rule on or off."""
    assert_told_as_the_rules_say(drawn, Played(*compiled.run(*drawn)))


@settings(max_examples=50)
@given(episode_worlds())
def test_what_is_waited_for_is_as_the_rules_say_beside_errands(drawn: World) -> None:
    """Where lines of enquiry and visits ask the same units."""
    assert_told_as_the_rules_say(drawn, Played(*compiled.run(*drawn)))


def test_two_changes_of_grade_in_one_second_are_one() -> None:
    """A ratification that leaves the grade, and a review that raises it in the same second."""
    of = incidents({"grade": 3, "ratified_grade": 3, "officers": 2, "escalates_at": 1})
    outcomes = {
        "ready_at": [0],
        "ratified_at": [10],
        "upgraded_at": [10],
        "downgraded_at": [NEVER],
        "final_grade": [2],
    }
    columns = {name: np.array(values, dtype=np.int64) for name, values in outcomes.items()}
    waits = np.array([0]), np.array([0]), np.array([100])
    found = in_parts(of, columns, np.array([10]), waits, policy([unit_pool()]))
    told = sorted(zip(found.start.tolist(), found.end.tolist(), found.grade.tolist(), strict=True))
    assert told == [(0, 10, 3), (10, 100, 2)]


def test_parts_have_the_names_of_the_stage() -> None:
    """The queue's parts are one list."""
    assert PARTS_OF_STAGES["queue"] == QUEUE_PARTS
