"""Machine code beside numpy: the same numbers, to the last bit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import kernels
from sim.engines import compiled
from sim.fates.field import points_by_number
from sim.fates.incidents import draw
from sim.kernels import kernels_only
from sim.measures.arrays import summed
from sim.measures.claims import FAR, Claims
from sim.measures.clocks import counted_cases
from sim.measures.crews import Crews, Spells, Stretches, Units, _level_of
from sim.measures.idle import idle_seconds
from sim.measures.lookup import Done, Links, RowsByKind, places_of
from sim.measures.moments import Moments
from sim.measures.pools import hourly_seconds, hourly_times
from sim.measures.queue_waits import waits_of_cases
from sim.measures.queued import waited_for
from sim.measures.stages import _spent
from sim.policy import compiled as policy_of
from sim.scenario.loading import load
from sim.streams import Places, Streams
from sim.study import Settings
from sim.study.worlds import Plan, definition_of, inputs
from sim.tables import ACTIVITIES, DAY, Activity, Draws, Table


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Machine code that is there, to be switched off."""
    compiled.make_ready()
    assert kernels.are_ready()
    yield monkeypatch
    monkeypatch.undo()


def plainly(patched: pytest.MonkeyPatch) -> None:
    """Go on as a process does that has no machine code."""
    patched.setattr(kernels, "are_ready", lambda: False)


def test_uniforms_of_runs_are_those_of_numpy(both: pytest.MonkeyPatch) -> None:
    """Blocks up to the highest, and runs that begin and end within a step of four."""
    streams, blocks = Streams(2022, 3), np.array([0, 5, (1 << 63) - 1])
    made = [streams.uniforms("a", "x", block=7, start=start, count=9) for start in range(5)]
    rows = streams.uniform_rows("a", "x", blocks=blocks, count=6)
    nothing = streams.uniform_rows("a", "x", blocks=blocks[:0], count=6)
    plainly(both)
    for start, found in enumerate(made):
        plain = streams.uniforms("a", "x", block=7, start=start, count=9)
        assert found.tobytes() == plain.tobytes()
    assert rows.tobytes() == streams.uniform_rows("a", "x", blocks=blocks, count=6).tobytes()
    assert nothing.shape == (0, 6)


def test_scattered_uniforms_are_those_of_numpy(both: pytest.MonkeyPatch) -> None:
    """In any order, with repeats, of several columns."""
    random = np.random.default_rng(5)
    blocks, places = random.integers(0, 9, 4000), random.integers(0, 1 << 30, 4000)
    places[:1000] %= 700
    places[1000:1100] = places[:100]
    streams = Streams(7, 0)
    found = streams.columns_at("a", ("x", "y"), Places(blocks, places))
    plainly(both)
    assert found.tobytes() == streams.columns_at("a", ("x", "y"), Places(blocks, places)).tobytes()


def test_points_under_a_rate_are_those_of_numpy(both: pytest.MonkeyPatch) -> None:
    """On both sides of time 0, in every layer, where the rate is nought, too."""
    rate = np.tile([0.0, 0.3, 2.5, 7.0], 60)
    start, end = -100 * 3600, 140 * 3600
    found = points_by_number(Streams(1, 2), "calls", rate, start, end, 0.7)
    plainly(both)
    plain = points_by_number(Streams(1, 2), "calls", rate, start, end, 0.7)
    assert found[0].size > 300
    assert [one.tobytes() for one in found] == [one.tobytes() for one in plain]


def test_all_that_is_drawn_is_the_same(both: pytest.MonkeyPatch) -> None:
    """The baseline with its children, whose later reports follow from those before."""
    scenario = load(Path(__file__).parents[1] / "scenarios" / "dorset-2022.toml").scenario
    made = draw(scenario, Streams(2022, 1), -2 * DAY, 3 * DAY)
    plainly(both)
    plain = draw(scenario, Streams(2022, 1), -2 * DAY, 3 * DAY)
    assert (made.incidents["episode"] > 1).any()
    for one, other in zip(made, plain, strict=True):
        assert one.differences(other) == []


def test_places_are_those_of_numpy(both: pytest.MonkeyPatch) -> None:
    """Keys that differ little, keys below 0, keys that are not there, and none at all."""
    random = np.random.default_rng(11)
    keys = random.permutation(
        np.concatenate([np.arange(500), np.arange(-9, 0), 1 << np.arange(62)])
    )
    keys = np.unique(keys)[::-1]
    wanted = random.choice(np.concatenate([keys, keys + 3]), 4000)
    found = places_of(keys, wanted)
    of_none, of_one = places_of(keys[:0], wanted[:3]), places_of(keys[:1], keys[:2])
    plainly(both)
    assert np.array_equal(found, places_of(keys, wanted))
    assert (found == -1).any()
    assert of_none.tolist() == [-1, -1, -1]
    assert of_one.tolist() == [0, -1]


def test_rows_of_each_kind_are_those_of_numpy(both: pytest.MonkeyPatch) -> None:
    """The first kind and the last, and kinds without any."""
    random = np.random.default_rng(31)
    kinds = random.choice([0, 3, 7, len(Activity) - 1], 900).astype(np.int8)
    asked = (Activity(0), Activity(3), Activity(4), Activity(len(Activity) - 1))
    made = RowsByKind(kinds)
    plainly(both)
    plain = RowsByKind(kinds)
    for kind in asked:
        assert made.of(kind).dtype == plain.of(kind).dtype
        assert np.array_equal(made.of(kind), plain.of(kind))
    assert made.of_any(asked).size == np.isin(kinds, asked).sum()


def test_seconds_by_hour_are_those_of_numpy(both: pytest.MonkeyPatch) -> None:
    """Intervals before, across and after the hours wanted, empty ones, and ends before starts."""
    random = np.random.default_rng(3)
    starts = random.integers(-20_000, 90_000, 700)
    ends = starts + random.integers(-100, 40_000, 700)
    groups = random.integers(0, 4, 700)
    found = hourly_seconds(starts, ends, groups, 5, -2, 20)
    plainly(both)
    plain = hourly_seconds(starts, ends, groups, 5, -2, 20)
    assert found.dtype == plain.dtype
    assert np.array_equal(found, plain)
    assert found.any()


def test_moments_are_those_of_numpy(both: pytest.MonkeyPatch) -> None:
    """With repeats, before time 0, and asked for between, before and after them all."""
    random = np.random.default_rng(7)
    times = random.integers(-9_000, 9_000, 2000)
    times[:3] = -9_000, -9_000 + 63, -9_000 + 64
    asked = np.concatenate([times, random.integers(-9_500, 9_500, 2000), [-(1 << 40), 1 << 40]])
    made, one = Moments(times), Moments(times[:1])
    found, of_one = made.before(asked), one.before(asked)
    plainly(both)
    plain = Moments(times)
    assert np.array_equal(made.ascending, plain.ascending)
    assert np.array_equal(found, plain.before(asked))
    assert np.array_equal(of_one, Moments(times[:1]).before(asked))
    assert 1000 < plain.ascending.size < 2000


def test_levels_are_those_of_numpy(both: pytest.MonkeyPatch) -> None:
    """Units there and away, spells that reach beyond them, and units without any."""
    random = np.random.default_rng(17)
    first = random.integers(0, 80, 30)
    units = first, first + random.integers(0, 20, 30), random.integers(1, 4, 30)
    since = random.integers(0, 90, 300)
    of, sign = random.integers(0, 25, 300), random.choice([-1, 1], 300)
    spells = Spells(of, since, since + random.integers(0, 10, 300), sign)
    asked = [(spells,), (Spells(*(column[:0] for column in spells)),)]
    found, plain = np.full((2, len(asked), 100), 7, dtype=np.int32)
    for level, each in zip(found, asked, strict=True):
        _level_of(units, *each, level)
    plainly(both)
    for level, each in zip(plain, asked, strict=True):
        _level_of(units, *each, level)
    assert np.array_equal(found, plain)
    assert found.any(axis=1).all()


def test_sums_by_cell_are_those_of_numpy(both: pytest.MonkeyPatch) -> None:
    """Numbers, small ones and flags, and a cell that holds nothing."""
    random = np.random.default_rng(19)
    places = random.integers(0, 9, 3000)
    numbers = random.integers(-(1 << 40), 1 << 40, 3000)
    columns: list[Any] = [numbers, numbers.astype(np.int8), numbers > 0, np.zeros(3000, np.int64)]
    found = summed(places, columns, 10)
    plainly(both)
    plain = summed(places, columns, 10)
    assert (found.dtype, found.flags.c_contiguous) == (plain.dtype, plain.flags.c_contiguous)
    assert np.array_equal(found, plain)
    assert found[:9, :3].all()


def test_what_units_do_is_that_of_numpy(both: pytest.MonkeyPatch) -> None:
    """The baseline's activities: stretches of work, and hours within shifts and after them."""
    scenario = load(Path(__file__).parents[1] / "scenarios" / "dorset-2022.toml").scenario
    plan = Plan(("",), (scenario,), Settings(days=3, warm_up_days=1, engine="compiled"))
    incidents, attempts, rota, policy = inputs(plan, 0, 0)
    draws = Draws(incidents, attempts)
    _, activities, _ = compiled.run(draws, rota, policy)
    links = Links.of(incidents, rota, activities)
    window = plan.since, plan.until
    units = Units.of(activities, links, rota, policy)
    times = hourly_times(incidents, activities, rota, links, policy, window)
    plainly(both)
    plain = Units.of(activities, links, rota, policy)
    for one, other in zip(units.spells, plain.spells, strict=True):
        assert np.array_equal(one, other)
    by_numpy = hourly_times(incidents, activities, rota, links, policy, window)
    for name in ("on_duty", "busy", "overtime", "waiting", "queued", "errands"):
        assert np.array_equal(getattr(times.pools, name), getattr(by_numpy.pools, name))
    assert np.array_equal(times.busy_units, by_numpy.busy_units)
    assert times.pools.overtime.any()
    assert 0 < units.spells[0].unit.size < np.count_nonzero(links.unit >= 0)


def test_who_is_free_while_jobs_wait_is_as_numpy_tells(both: pytest.MonkeyPatch) -> None:
    """The stretched force: what is waited for in the queue, and idle units, for every job."""
    scenario = load(Path(__file__).parents[1] / "scenarios" / "stretched-force.toml").scenario
    plan = Plan(("",), (scenario,), Settings(days=3, warm_up_days=1, engine="compiled"))
    incidents, attempts, rota, policy = inputs(plan, 0, 0)
    outcomes, activities, _ = compiled.run(Draws(incidents, attempts), rota, policy)
    definition = definition_of(scenario, plan.since, plan.until)

    def told() -> tuple[Any, ...]:
        links = Links.of(incidents, rota, activities)
        cases = counted_cases(incidents, outcomes, policy, definition)
        done = Done(activities, cases.places[links.incident], links.kinds)
        crews = Crews(Units.of(activities, links, rota, policy), policy)
        _, waiting = waits_of_cases(cases, done, policy)
        claims = Claims.of(incidents, activities, links, rota, policy)
        return waited_for(waiting, crews, claims, policy), idle_seconds(cases, crews, policy)

    waited, idle = told()
    plainly(both)
    by_numpy, idle_by_numpy = told()
    assert waited.dtype == by_numpy.dtype
    assert np.array_equal(waited, by_numpy)
    assert np.array_equal(idle, idle_by_numpy)
    assert np.count_nonzero(waited.any(axis=0)) > 3
    assert np.count_nonzero(idle) > 3


def test_time_spent_on_incidents_is_that_of_numpy(both: pytest.MonkeyPatch) -> None:
    """Units of one allocation in any order, several allocations in one second, and cut ends."""
    random = np.random.default_rng(29)
    size = 4000
    starts = np.sort(random.integers(0, 900, size))
    columns = {
        **dict.fromkeys(ACTIVITIES.names, np.zeros(size, dtype=np.int64)),
        "kind": random.choice([Activity.TRAVEL, Activity.EARMARKED], size),
        "attempt": random.integers(0, 3, size),
        "start": starts,
        "end": starts + random.integers(0, 200, size),
    }
    activities = Table(ACTIVITIES, columns)
    done = Done(activities, random.integers(-1, 60, size), RowsByKind(activities["kind"]))
    start = random.integers(0, 500, 60)
    stop = start + random.integers(0, 500, 60)
    found = _spent(done, Activity.TRAVEL, start, stop)
    plainly(both)
    plain = _spent(done, Activity.TRAVEL, start, stop)
    assert found.dtype == plain.dtype
    assert np.array_equal(found, plain)
    assert np.count_nonzero(found) > 50


def test_a_kernel_and_a_helper_may_not_have_one_name(both: pytest.MonkeyPatch) -> None:
    """Numba would leave the kernel without machine code, taking it for the helper."""
    both.setattr(kernels_only, "_helpers", {"one"})
    both.setattr(kernels_only, "_kernels", set())
    kernels_only.called("another")
    with pytest.raises(ValueError, match="both named one"):
        kernels_only.called("one")
    with pytest.raises(ValueError, match="both named another"):
        kernels_only.never_called("another")


def test_who_was_overtaken_is_as_numpy_tells(both: pytest.MonkeyPatch) -> None:
    """Every job of every part: claims that would have done, and first parts and later ones."""
    scenario = load(Path(__file__).parents[1] / "scenarios" / "dorset-2022.toml").scenario
    rules = policy_of(scenario, -DAY, 4 * DAY)
    rules = replace(rules, break_interrupted=(True, True), writing_interrupted=(True,))
    random, size = np.random.default_rng(23), 3000
    joined = np.sort(random.integers(0, 9_000, size))
    at = joined + random.integers(0, 900, size)
    units = random.integers(1, 4, size)
    columns = [
        at,
        joined,
        random.integers(-1, 4, size),
        units,
        units * random.integers(1, 3, size),
        random.integers(0, units + 1),
        at + random.integers(0, 9_000, size),
        random.integers(0, 8, size) * (random.random(size) < 0.3),
    ]
    claims = Claims(np.stack(columns), rules)
    none = np.zeros(0, dtype=np.int64)
    nobody = Units(none, none, none, none, (Stretches(none, none, none),) * 3)
    beside = claims.beside(Crews(nobody, rules))
    beside[8] = random.integers(-3, 3, size)
    since = random.integers(-100, 9_100, 500)
    start = since + random.integers(0, 300, 500) * (random.random(500) < 0.5)
    waits = np.stack([since, start, start + random.integers(0, 600, 500)])
    jobs = [((0,), 1, 2), ((2, 1), 2, 1), ((3, 0, 1), 3, 4), ((), 2, 1)]
    found = [claims.overtook(beside, job, waits) for job in jobs]
    plainly(both)
    for one, job in zip(found, jobs, strict=True):
        assert np.array_equal(one, claims.overtook(beside, job, waits))
    assert [bool((one != FAR).any()) for one in found] == [True, True, True, False]
    assert ((found[1] > start) & (found[1] != FAR) & (start > since)).any()
