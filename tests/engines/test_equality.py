"""All engines make the same tables, in every column, of every world."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from sim.engines import compiled, reference
from sim.engines.compiled import loading
from sim.engines.compiled.building import Builder
from sim.engines.compiled.fields import world as world_fields
from sim.engines.compiled.jit import Memory
from sim.errors import InternalError
from sim.scenario.loading import load
from sim.study.settings import Settings
from sim.study.worlds import one_world
from sim.tables import NONE, Activity, Draws, Gate, Played, Policy, Table
from tests.engines.concern_strategies import concern_worlds
from tests.engines.episode_strategies import episode_worlds
from tests.engines.hand import attempts, desk_pool, incidents, policy, rota, unit, unit_pool
from tests.engines.played import play_tables, verified
from tests.engines.strategies import World, worlds

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(
    file.relative_to(ROOT / "scenarios")
    for folder in (".", "cases")
    for file in (ROOT / "scenarios" / folder).glob("*.toml")
)
Inputs = tuple[Draws, Table, Policy]


def shipped(file: Path, days: int) -> Inputs:
    """What an engine is given of the first replication of a shipped scenario."""
    found = one_world(load(ROOT / "scenarios" / file), Settings(days=days, warm_up_days=1), 0)
    draws = Draws(found.incidents, found.attempts, found.episodes, found.enquiries, found.concerns)
    return draws, found.rota, found.policy


def differences(one: Played, other: Played) -> list[str]:
    """Where the tables of two engines differ."""
    return [
        f"{mine.schema.name}, {told}"
        for mine, its in zip(one, other, strict=True)
        for told in mine.differences(its)
    ]


@pytest.mark.parametrize("file", SHIPPED, ids=[str(file) for file in SHIPPED])
def test_shipped_scenarios_are_played_alike(file: Path) -> None:
    """Three days of each scenario and case, with its episodes where it has any."""
    world = shipped(file, 3)
    assert len(world[0].incidents) > 1000
    assert differences(reference.run(*world), compiled.run(*world)) == []


def test_a_day_of_the_baseline_is_as_the_rules_say_after_each_round() -> None:
    """Nobody in two places, nobody idle for whom a job waits, all queues in their order."""
    world = shipped(Path("dorset-2022.toml"), 1)
    assert differences(verified(*world), compiled.run(*world)) == []


@settings(max_examples=60)
@given(worlds())
def test_worlds_of_ties_are_played_alike(world: World) -> None:
    """Ends of shifts and of work, returns and reports in the same seconds, work of no length."""
    play_tables(world.draws, world.rota, world.policy)


@settings(max_examples=60)
@given(episode_worlds())
def test_episodes_of_ties_are_played_alike(world: World) -> None:
    """The same with lines of enquiry, handovers, reviews, visits and partners."""
    play_tables(world.draws, world.rota, world.policy)


@settings(max_examples=60)
@given(concern_worlds())
def test_welfare_concerns_of_ties_are_played_alike(world: World) -> None:
    """The same with re-visits, visiting hours, and rises of risk that a call back finds."""
    play_tables(world.draws, world.rota, world.policy)


def test_worlds_are_played_alike_where_nothing_is_compiled() -> None:
    """What numba makes of a whole number is what Python makes of it."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.engines.uncompiled", "25"],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_simulation_goes_on_where_it_ran_out_of_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """With hardly any room it stops many times, gets more, and makes the same tables."""
    keep, grown = loading._keep_room, []

    def kept(build: Builder, *counts: int) -> int:
        keep(build, *counts)
        slack = build.globals[world_fields.SLACK]
        for field in (world_fields.EVENT_ROOM, world_fields.ROW_ROOM):
            build.globals[field] = slack + 16
        return build.globals[world_fields.SLACK_PLACES] + 64

    def with_more_room(memory: Memory) -> Memory:
        grown.append(len(memory))
        return more(memory)

    more = loading.with_more_room
    monkeypatch.setattr(loading, "_keep_room", kept)
    monkeypatch.setattr("sim.engines.compiled.engine.with_more_room", with_more_room)
    world = shipped(Path("dorset-2022.toml"), 1)
    assert differences(reference.run(*world), compiled.run(*world)) == []
    assert len(grown) > 2


def test_what_one_event_needs_beyond_all_room_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than that a row is lost, or written over something else."""
    keep = loading._keep_room

    def kept(build: Builder, *counts: int) -> int:
        free = keep(build, *counts)
        build.globals[world_fields.SLACK] = 0
        build.globals[world_fields.ROW_ROOM] = 1
        return free

    monkeypatch.setattr(loading, "_keep_room", kept)
    table = incidents({"scene_seconds": 10})
    world = (Draws(table, attempts(table)), rota(unit(0, 0, 100, key=1)), policy([unit_pool()]))
    with pytest.raises(InternalError, match="ran out of room"):
        compiled.run(*world)


def test_threads_do_not_disturb_one_another() -> None:
    """Simulations that run side by side, and one after another in the same thread."""
    days = [shipped(Path("dorset-2022.toml"), number) for number in (1, 2, 1, 3)] * 3
    alone = [compiled.run(*world) for world in days]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda world: compiled.run(*world), days))
    for one, other in zip(alone, together, strict=True):
        assert differences(one, other) == []


def test_a_long_queue_keeps_its_order() -> None:
    """Two thousand jobs of five grades before one unit, re-graded while they wait."""
    random = np.random.default_rng(7)
    count = 2000
    rows = [
        {
            "reported_at": int(random.integers(0, 600)),
            "grade": int(random.integers(1, 6)),
            "ratified_grade": int(random.integers(1, 6)),
            "ratification_seconds": int(random.integers(0, 120)),
            "scene_seconds": int(random.integers(0, 120)),
            "base_travel_seconds": int(random.integers(0, 60)),
            "officers": int(random.integers(1, 3)),
        }
        for _ in range(count)
    ]
    table = incidents(*rows)
    rules = policy(
        [unit_pool(), desk_pool("supervisor")],
        ratifiers=(((1,),) * 24,) * 4,
        gate=Gate.GRADING,
        step_up_seconds=(1800,) * 5,
    )
    people = rota(
        unit(0, 0, 8 * 86_400, key=1, officers=2), *(unit(1, 0, 86_400, key) for key in (2, 3))
    )
    played = play_tables(Draws(table, attempts(table)), people, rules)
    assert played.outcomes["attended_by"].tolist().count(NONE) < count
    assert len(played.rows(Activity.RATIFICATION)) == count
