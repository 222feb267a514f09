"""The search for crews: what a guess stands for, and what it is first tried on."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from sim.force_log import Log
from sim.force_log.fitting.candidate import PATTERNS, WEEKENDS, Candidate, Plan, World
from sim.force_log.fitting.closeness import Cell, cells_of
from sim.force_log.fitting.crews import Search
from sim.force_log.fitting.demand import demand
from sim.force_log.fitting.guesses import Guesses, pilot_of
from sim.force_log.fitting.progress import Teller, Trying
from sim.force_log.fitting.quiet import others_make_room, quiet_waits
from sim.force_log.replaying.work import Work, work_of
from tests.force_log.simulated import force, log_of


def generator() -> np.random.Generator:
    """A generator of this file's own."""
    return np.random.Generator(np.random.Philox(5))


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """Four weeks of a simulated force, of some 36 jobs a day."""
    return log_of(force(held=0.0), tmp_path_factory.mktemp("log"), days=28)


@pytest.fixture(scope="module")
def work(log: Log) -> Work:
    """Its jobs, from its first day."""
    return work_of(log.public, log.period[0], generator())


@pytest.fixture(scope="module")
def world(log: Log, work: Work) -> World:
    """What all guesses at its crews share."""
    first, last = log.period
    found = demand(log.public, first, last, level=0.95, seed=1)
    return World(found, quiet_waits(work), Plan(), first, ratified=False)


def test_a_large_log_is_first_tried_on_its_last_whole_weeks(work: Work, log: Log) -> None:
    """All there is of a small one; of one with 4,000 jobs a week, a week and the day before."""
    assert pilot_of(work) is None
    # Some 250 a week, twenty times over.
    large = Work(pl.concat([work.jobs] * 20), work.first_day, work.days, work.imputed)
    pilot = pilot_of(large)
    assert pilot is not None
    _, last = log.period
    measured = pilot.jobs.filter(~pl.col("lead_in"))
    assert measured["day"].min() == last - timedelta(days=6)
    assert pilot.jobs["day"].min() == last - timedelta(days=7)
    assert measured.height >= 4_000


@pytest.mark.parametrize("weekend", WEEKENDS)
def test_a_weekend_has_its_own_crews(world: World, weekend: str) -> None:
    """With a factor of 1.5 the shifts of those days have half as many people again, no others."""
    guess = Candidate((20.0, 10.0), (1.0,) * 4, pattern="two of twelve hours", spread=0.0,
                      weekend=weekend, weekend_factor=1.5)  # fmt: skip
    (pool,) = world.scenario(guess).pools.values()
    people = {
        day: {shift.people for shift in pool.shifts if shift.days and day in shift.days}
        for day in ("mon", "fri", "sat", "sun")
    }
    for day, found in people.items():
        assert found == ({30, 15} if day in WEEKENDS[weekend] else {20, 10})


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_is_a_scenario(world: World, pattern: str) -> None:
    """Each pattern of shifts has as many numbers as shifts, and somebody is on at every hour."""
    guess = Candidate((3.0,) * len(PATTERNS[pattern]), (1.0,) * 4, pattern=pattern)
    (pool,) = world.scenario(guess).pools.values()
    on = np.zeros(24)
    for shift in pool.shifts:
        hours = (shift.start // 60 + np.arange(shift.length_minutes // 60)) % 24
        on[hours] += 1
    assert (on >= 1).all()


def test_guesses_are_held_against_fridays_and_weekends_too(work: Work) -> None:
    """The cells of a grade are all hours, six blocks of four, Fridays, and weekends."""
    cells = (one for one in cells_of(work, generator()) if isinstance(one, Cell))
    parts = {cell.part for cell in cells if cell.grade == 2}
    assert {"all hours", "00:00", "20:00", "Fridays", "weekends"} <= parts
    assert len(parts) == 9


def test_crews_may_be_kept_from_jobs(world: World) -> None:
    """A reserve and a last call stand in the scenario, margins by grade, none for grade 1."""
    guess = Candidate((20.0, 10.0), (1.0,) * 4, pattern="two of twelve hours", reserve=2,
                      last_call=10.0)  # fmt: skip
    (pool,) = world.scenario(guess).pools.values()
    assert pool.reserve == 2
    margins = {int(grade): minutes for grade, minutes in pool.last_call_margin_minutes.items()}
    assert margins == {grade: 10.0 * (grade - 1) for grade in world.demand.grades}
    (plain,) = world.scenario(guess.but(reserve=0, last_call=0.0)).pools.values()
    assert not plain.reserve
    assert not plain.last_call_margin_minutes


def test_how_far_a_guess_is_does_not_depend_on_the_engine(world: World, work: Work) -> None:
    """Both engines put the same guess at the same distance, to the last digit."""
    guess = Candidate((3.0, 2.0), (1.0,) * 4, pattern="two of twelve hours", reserve=1)
    cells = cells_of(work, generator())
    far = {
        name: Guesses(world, work, cells, seed=1, engine=name).of(guess)
        for name in ("reference", "compiled")
    }
    assert far["reference"] == far["compiled"] > 0


def test_what_is_tried_is_told_with_a_share_that_only_grows() -> None:
    """The second of two steps of a part from 0.2 to 0.6 begins at 0.4; guesses are counted."""
    told: list[Trying] = []
    teller = Teller(told.append)
    teller.begin("one thing", 0.2)
    teller.begin("another", 0.6)
    teller.step("its second half", 1, 2)
    teller.guessed()
    assert [now.what for now in told] == ["one thing", "another", *["its second half"] * 2]
    assert [round(now.share, 9) for now in told] == [0.0, 0.2, 0.4, 0.4]
    assert [now.guesses for now in told] == [0, 0, 0, 1]


def test_grade_1_has_a_delay_of_its_own_only_while_others_make_room_for_it(work: Work) -> None:
    """Where all is grade 1, its waits are of quiet hours like any grade's; else they are all."""
    assert others_make_room(work)
    known = work.jobs.drop_nulls("assigned")
    own = known.filter(pl.col("grade") == 1).height
    assert len(quiet_waits(work)[1]) == own
    alone = replace(work, jobs=work.jobs.with_columns(grade=pl.lit(1, pl.Int64)))
    assert not others_make_room(alone)
    # Three fifths of three blocks of four hours.
    assert len(quiet_waits(alone)[1]) < 0.6 * known.height


def test_a_search_begins_with_areas_that_lend_their_crews_and_with_areas_that_do_not(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six beats dealt out at random: one beginning lends crews at once, and has few of them."""
    monkeypatch.setattr("sim.force_log.fitting.guesses._ROUGHLY", 1)
    monkeypatch.setattr("sim.force_log.fitting.crews._FIRST_HOURS", (7,))
    beats = generator().integers(0, 6, log.public.height)
    labelled = log.public.with_columns(area=pl.Series([f"beat_{number}" for number in beats]))
    first, last = log.period
    found = demand(labelled, first, last, level=0.95, seed=1)
    assert len(found.areas or {}) == 6
    own = work_of(labelled, first, generator())
    world = World(found, quiet_waits(own), Plan(), first, ratified=False)
    guesses = Guesses(world, own, cells_of(own, generator()), seed=1, engine="compiled")
    search = Search(guesses)
    starts = {one.borrow_after: one for one in search._screened(thorough=True)}
    assert set(starts) == {0.0, 10.0, 240.0}
    # Three and four are posted on a shift, of whom four fifths parade, for all of the beats.
    assert max(starts[0.0].free) < 4.0 <= max(starts[240.0].free)
