"""What holds in every world, of every engine."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.tables import NEVER, NONE, WAITS, Activity, Draws, End, Table, Why
from tests.engines.played import Played, Row, play_tables
from tests.engines.strategies import (
    NORTH,
    SOUTH,
    UNIT_POOLS,
    World,
    fifo_worlds,
    staffed,
    worlds,
)

FOR_A_JOB = (Activity.EARMARKED, Activity.TRAVEL, Activity.SCENE)
few = settings(max_examples=100)


def rows_by_person(played: Played) -> dict[int, list[Row]]:
    """Each unit's and worker's rows, in time."""
    people: dict[int, list[Row]] = defaultdict(list)
    for row in played.rows():
        if row.unit != NONE:
            people[row.unit].append(row)
    return {key: sorted(rows, key=lambda row: (row.start, row.end)) for key, rows in people.items()}


def rows_by_attempt(played: Played) -> dict[tuple[int, int], list[Row]]:
    """What units did for each allocation."""
    attempts: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in played.rows(*FOR_A_JOB):
        attempts[row.incident, row.attempt].append(row)
    return attempts


def shift_of(rota: Table) -> dict[int, tuple[int, int, int]]:
    """Pool, beginning and end of each row of the rota."""
    columns = (rota[name].tolist() for name in ("key", "pool", "on_at", "off_at"))
    return {key: (pool, on, off) for key, pool, on, off in zip(*columns, strict=True)}


def assert_one_place_at_a_time(world: World, played: Played) -> None:
    """Each works on their shift, and after its end goes on with what they do, but for breaks."""
    shifts = shift_of(world.rota)
    for key, rows in rows_by_person(played).items():
        pool, on_at, off_at = shifts[key]
        assert all(row.pool == pool for row in rows)
        assert max(on_at, world.policy.start) <= rows[0].start < off_at
        for before, after in pairwise(rows):
            assert before.end <= after.start
            if after.start >= off_at:
                assert pool in UNIT_POOLS
                assert after.start == before.end
                assert after.kind not in (Activity.EARMARKED, Activity.BREAK)


def assert_rows_in_order(world: World, played: Played) -> None:
    """All lie in the simulation and are sorted; those of nobody take a second at least."""
    rows = played.rows()
    assert rows == sorted(
        rows, key=lambda row: (row[5], row[6], row[0], row[3], row[4], row[2], row[1], row[7])
    )
    for row in rows:
        assert world.policy.start <= row.start <= row.end <= world.policy.end
        assert row.unit != NONE or row.end > row.start


@few
@given(worlds())
def test_each_incident_has_one_outcome_and_its_allocations_add_up(world: World) -> None:
    """Rows in the incidents' order; each allocation ends in one way; diversions are counted."""
    played = play_tables(*world)
    assert played.outcomes["key"].tolist() == world.incidents["key"].tolist()
    by_attempt = rows_by_attempt(played)
    for key in world.incidents["key"].tolist():
        outcome = played.of(key)
        endings = [
            {row.why for row in by_attempt[key, attempt] if row.why != Why.DONE}
            for attempt in range(outcome["allocations"])
        ]
        assert (key, outcome["allocations"]) not in by_attempt
        assert all(len(ending) <= 1 for ending in endings)
        assert sum(ending == {Why.DIVERTED} for ending in endings) == outcome["diversions"]
        assert outcome["diversions"] <= world.policy.most_diversions
        # All but the last were broken off; the last one too, unless it is done or going on.
        assert all(ending & {Why.DIVERTED, Why.HANDED_OVER} for ending in endings[:-1])
        done = bool(endings) and not endings[-1]
        assert done == (outcome["finished_at"] != NEVER and outcome["end"] != End.DESK_WORK)
        if outcome["end"] == End.ATTENDED:
            assert outcome["arrived_at"] != NEVER
            assert outcome["attended_by"] in UNIT_POOLS
        if outcome["end"] in (End.DESK_WORK, End.ENDED_WITHOUT_DEPLOYMENT, End.ABANDONED):
            assert outcome["allocations"] == 0
        if outcome["end"] == End.ABANDONED:
            assert outcome["hung_up_at"] != NEVER
            assert outcome["graded_at"] == NEVER


@few
@given(worlds())
def test_nobody_is_in_two_places_or_works_before_their_shift(world: World) -> None:
    """After the shift's end a unit goes on with what it does, and a desk begins nothing."""
    played = play_tables(*world)
    assert_one_place_at_a_time(world, played)
    shifts = shift_of(world.rota)
    for key, rows in rows_by_person(played).items():
        _, _, off_at = shifts[key]
        assert all(row.end <= off_at for row in rows if row.kind == Activity.BREAK)


@few
@given(worlds())
def test_rows_lie_in_the_simulation_and_in_their_order(world: World) -> None:
    """Waits take a second at least; only what is cut off by the end is still going on."""
    played = play_tables(*world)
    assert_rows_in_order(world, played)
    end = world.policy.end
    for row in played.rows():
        assert (row.why == Why.STILL_GOING) <= (row.end == end)
        assert (row.kind in WAITS) == (row.unit == NONE)
        assert row.why == Why.STILL_GOING or row.end < end


@few
@given(worlds())
def test_times_of_an_incident_are_in_order(world: World) -> None:
    """From the report to the end of the work, where they happened at all."""
    played = play_tables(*world)
    chains = (
        ("answered_at", "graded_at", "assessed_at", "ratified_at"),
        ("graded_at", "researched_at"),
        ("graded_at", "ready_at", "claimed_at", "allocated_at", "arrived_at", "finished_at"),
    )
    for key, reported_at, return_at in zip(
        *(world.incidents[name].tolist() for name in ("key", "reported_at", "return_at")),
        strict=True,
    ):
        outcome = played.of(key)
        if outcome["end"] == End.DESK_WORK:
            continue
        assert outcome["answered_at"] == NEVER or outcome["answered_at"] >= reported_at
        for chain in chains:
            times = [outcome[name] for name in chain]
            happened = [time for time in times if time != NEVER]
            assert happened == sorted(happened)
            # What comes later cannot have happened without what comes before, ratification apart.
            assert times[: len(happened)] == happened
        if outcome["seen_at"] != NEVER:
            assert outcome["seen_at"] >= outcome["arrived_at"]
            assert outcome["seen_at"] > return_at != NEVER
        if outcome["finished_at"] != NEVER:
            assert (outcome["end"] == End.RETURNED_FIRST) <= (outcome["seen_at"] != NEVER)


@few
@given(worlds())
def test_no_grade_is_worse_than_a_vulnerable_child_or_an_escalation_allows(world: World) -> None:
    """Rules 2.6 and 3.6: and without ratification or escalation the grade is as drawn."""
    played = play_tables(*world)
    names = ("key", "grade", "ratified_grade", "vulnerable")
    for key, grade, ratified, vulnerable in zip(
        *(world.incidents[name].tolist() for name in names), strict=True
    ):
        outcome = played.of(key)
        if outcome["upgraded_at"] == outcome["downgraded_at"] == NEVER:
            assert outcome["final_grade"] == grade
        else:
            assert outcome["final_grade"] in {grade, ratified, 2} | {
                max(one - 1, 1) for one in (grade, ratified, 2)
            }
        if vulnerable and outcome["downgraded_at"] != NEVER:
            assert outcome["final_grade"] <= 2


@few
@given(worlds())
def test_work_is_conserved_over_all_attempts(world: World) -> None:
    """Seconds worked are those of the fate, and the telling for each hand-over at the scene."""
    played = play_tables(*world)
    by_attempt = rows_by_attempt(played)
    names = ("key", "return_at", "scene_seconds", "interview_seconds")
    for key, return_at, scene, interview in zip(
        *(world.incidents[name].tolist() for name in names), strict=True
    ):
        outcome = played.of(key)
        worked = told = 0
        for attempt in range(outcome["allocations"]):
            rows = by_attempt[key, attempt]
            units = {row.unit for row in rows}
            there = [row for row in rows if row.kind == Activity.SCENE]
            if len(there) == len(units):
                worked += there[0].end - max(row.start for row in there)
                told += there[0].why == Why.HANDED_OVER
        first = NEVER != return_at < outcome["arrived_at"]
        work = (interview if first else scene) + told * world.policy.handover_seconds
        if outcome["finished_at"] != NEVER and outcome["end"] != End.DESK_WORK:
            assert worked == work
        else:
            assert worked <= work


@few
@given(worlds())
def test_custody_and_writing_are_done_in_full(world: World) -> None:
    """A unit owes each finished job's writing; what it broke off it took up again."""
    played = play_tables(*world)
    columns = (
        world.incidents[name].tolist() for name in ("key", "custody_seconds", "writing_seconds")
    )
    fates = {key: rest for key, *rest in zip(*columns, strict=True)}
    for rows in rows_by_person(played).values():
        finished = [
            row.incident for row in rows if (row.kind, row.why) == (Activity.SCENE, Why.DONE)
        ]
        custody = sum(row.end - row.start for row in rows if row.kind == Activity.CUSTODY)
        writing = sum(row.end - row.start for row in rows if row.kind == Activity.WRITING)
        owed = [sum(fates[key][place] for key in finished) for place in (0, 1)]
        assert custody <= owed[0]
        assert writing <= owed[1]
        if rows[-1].why not in (Why.STILL_GOING, Why.INTERRUPTED):
            assert [custody, writing] == owed


@few
@given(worlds("reserve", "margins", "attends", "borrows", "borrow_after_seconds"))
def test_no_unit_is_idle_while_a_job_waits_that_it_may_take(world: World) -> None:
    """One pool for each area, no reserve and no margins: idle officers never suffice."""
    played = play_tables(*world)
    people = rows_by_person(played)
    officers = dict(zip(world.rota["key"].tolist(), world.rota["officers"].tolist(), strict=True))
    needed = dict(
        zip(*(world.incidents[name].tolist() for name in ("key", "officers")), strict=True)
    )
    area = dict(zip(*(world.incidents[name].tolist() for name in ("key", "area")), strict=True))
    moments = {time for row in played.rows() for time in (row.start, row.end)}
    shifts = shift_of(world.rota)
    moments |= {time for _, on_at, off_at in shifts.values() for time in (on_at, off_at)}

    def idle(key: int, second: int) -> bool:
        _, on_at, off_at = shifts[key]
        busy = any(row.start <= second < row.end for row in people.get(key, ()))
        return on_at <= second < off_at and not busy

    for wait in played.rows(Activity.WAIT_UNIT):
        pool = (NORTH, SOUTH)[area[wait.incident]]
        units = [key for key, shift in shifts.items() if shift[0] == pool]
        # Nothing changes between these seconds.
        for second in (time for time in moments if wait.start <= time < wait.end):
            free = sum(officers[key] for key in units if idle(key, second))
            assert free < needed[wait.incident]


@few
@given(worlds("step_up_seconds", "next_grade_parts", "returned_ranks_lower", "missing_rank"))
def test_an_older_job_of_grade_1_is_claimed_before_a_younger_one_of_its_kind(world: World) -> None:
    """Of one stream and area, and the same officers: nothing tells them apart but their age."""
    played = play_tables(*world)
    names = ("key", "stream", "area", "officers")
    columns = zip(*(world.incidents[name].tolist() for name in names), strict=True)
    kind = {key: rest for key, *rest in columns}
    oldest_first = {key: place for place, key in enumerate(kind)}
    stays = {
        key
        for key, outcome in ((key, played.of(key)) for key in kind)
        if (outcome["final_grade"], outcome["upgraded_at"]) == (1, NEVER)
    }
    waits = [row for row in played.rows(Activity.WAIT_UNIT) if row.incident in stays]
    for older in waits:
        for younger in waits:
            if (
                kind[older.incident] == kind[younger.incident]
                and oldest_first[older.incident] < oldest_first[younger.incident]
                and older.start < younger.end
                and younger.why == Why.DONE
            ):
                assert older.end <= younger.end


@few
@given(worlds())
def test_the_same_input_gives_the_same_output(world: World) -> None:
    """An engine keeps nothing from one run to the next."""
    first, second = play_tables(*world), play_tables(*world)
    assert first.outcomes.differences(second.outcomes) == []
    assert first.activities.differences(second.activities) == []


@few
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_that_of_their_keys(world: World, random: object) -> None:
    """Shuffled rows, put back into the tables' fixed order, give the same output."""

    def shuffled(table: Table) -> Table:
        rows = list(range(len(table)))
        random.shuffle(rows)  # type: ignore[attr-defined]
        return table.take(np.array(rows, dtype=np.int64))

    again = World(
        Draws(
            shuffled(world.incidents).sorted_by("reported_at", "key"),
            shuffled(world.attempts).sorted_by("key", "attempt"),
        ),
        shuffled(world.rota).sorted_by("on_at", "key"),
        world.policy,
    )
    first, second = play_tables(*world), play_tables(*again)
    assert first.outcomes.differences(second.outcomes) == []
    assert first.activities.differences(second.activities) == []


@few
@given(worlds())
def test_keys_count_only_by_their_order(world: World) -> None:
    """Rule 1.3: events of an incident and of a unit that fall together do not touch one another."""

    def moved(table: Table, by: int, *names: str) -> Table:
        columns = dict(table.columns)
        for name in names:
            columns[name] = np.where(columns[name] == NONE, NONE, columns[name] + by)
        return Table(table.schema, columns)

    first = play_tables(*world)
    second = play_tables(
        Draws(moved(world.incidents, 1000, "key"), moved(world.attempts, 1000, "key")),
        moved(world.rota, 500, "key"),
        world.policy,
    )
    expected = moved(moved(first.activities, 1000, "incident"), 500, "unit")
    assert moved(first.outcomes, 1000, "key").differences(second.outcomes) == []
    assert expected.differences(second.activities) == []


@few
@given(fifo_worlds())
def test_more_staff_never_lengthens_a_wait_in_a_simple_queue(world: World) -> None:
    """One first-come-first-served grade, without returns, shifts or margins."""
    fewer = play_tables(*world)
    more = play_tables(world.draws, staffed(len(world.rota) + 1), world.policy)

    def claimed(played: Played) -> np.ndarray:
        times = played.outcomes["claimed_at"]
        return np.where(times == NEVER, np.iinfo(np.int64).max, times)

    assert (claimed(more) <= claimed(fewer)).all()
