"""A few counts of many scenarios on the same luck: those of a study, to the last digit."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import kernels, study
from sim.engines.compiled import engine as compiled_engine
from sim.errors import InputError, InternalError, Interrupted
from sim.fates.incidents import draw
from sim.measures import Count, Cut
from sim.scenario.loading import Loaded, load
from sim.scenario.models import Scenario
from sim.study import COUNTABLE, Evaluation, Images, Luck, Settings, counting, engines, evaluate
from sim.tables import Draws

SCENARIOS = Path(__file__).parents[1] / "scenarios"
SMALL = Settings(replications=2, days=2, warm_up_days=1, engine="compiled", workers=1)
CROSSED = (
    Cut(),
    Cut(stream="missing_child", risk="high", care=True),
    Cut(grade=2, area="bcp"),
    Cut(stream="immediate", grade=1, risk="low", care=False, area="dorset"),
)


@cache
def shipped() -> tuple[Loaded, ...]:
    """All shipped scenarios with the baseline's areas, the baseline first."""
    baseline = load(SCENARIOS / "dorset-2022.toml")
    others = [load(path) for path in sorted(SCENARIOS.glob("*.toml"))]
    alike = [one for one in others if list(one.scenario.areas) == list(baseline.scenario.areas)]
    return (baseline, *(one for one in alike if one.name != baseline.name))


def scenarios(*names: str) -> list[Scenario]:
    """Shipped scenarios by name."""
    return [one.scenario for name in names for one in shipped() if one.name == name]


def counted(given: list[Scenario], settings: Settings = SMALL) -> Evaluation:
    """Everything that can be counted of them."""
    return evaluate(given, settings, COUNTABLE, cuts=CROSSED)


def test_counts_are_those_of_a_study_of_all_shipped_scenarios() -> None:
    """Each count, stream, grade and crossed cut of each replication, whatever differs of demand."""
    given = [one.scenario for one in shipped()]
    baseline = given[0]
    cuts = [*CROSSED, *(Cut(stream=name, grade=grade) for name in baseline.streams
                        for grade in baseline.grades)]  # fmt: skip
    found = evaluate(given, SMALL, COUNTABLE, cuts=cuts)
    done = study.run(shipped(), SMALL)
    for scenario, own in enumerate(done.replications):
        for place, tally in enumerate(own):
            expected = [[tally.total(one, cut) for one in COUNTABLE] for cut in found.cuts]
            assert found.sums[scenario, place].tolist() == expected, done.names[scenario]
    assert found.of(Count.NEEDED, Cut()).min() > 0


def test_estimates_are_those_of_a_study() -> None:
    """The headline's share with its interval, and its paired difference."""
    pair = [one for one in shipped() if one.name in {"dorset-2022", "surge"}]
    done = study.run(pair, SMALL)
    found = evaluate([one.scenario for one in pair], SMALL)
    received = Count.ARRIVED_FROM_RECEIVED
    assert found.share(1, received) == done.headline(1)
    difference = found.difference(1, received)
    first, second = done.headline(0).value, done.headline(1).value
    assert first is not None
    assert second is not None
    assert difference.value == pytest.approx(second - first)
    seconds = found.mean(0)
    own = done.replications[0]
    tops = sum(one.total(Count.DELAY_SECONDS, found.headline) for one in own)
    bottoms = sum(one.total(Count.NEEDED, found.headline) for one in own)
    assert seconds.value == pytest.approx(tops / bottoms)


def test_numbers_depend_on_neither_engine_nor_threads() -> None:
    """The reference engine counts the same, and so do three threads, whoever is first."""
    given = scenarios("dorset-2022", "deploy-at-grading", "surge", "teams-to-0200")
    settings = replace(SMALL, days=1, warm_up_days=0)
    one = counted(given, settings)
    for other in (replace(settings, engine="reference"), replace(settings, workers=3)):
        found = counted(given, other)
        assert found.engine == other.engine
        assert np.array_equal(found.sums, one.sums)


def test_luck_is_drawn_by_machine_code_from_the_first_evaluation_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In a process that has simulated nothing else, as `size` and `sensitivity` are."""
    monkeypatch.setattr(kernels, "_ready", [])
    compiled_engine.make_ready.cache_clear()
    seen: list[bool] = []

    def noting(*given: Any) -> Draws:
        seen.append(kernels.are_ready())
        return draw(*given)

    monkeypatch.setattr(counting, "draw", noting)
    evaluate(scenarios("dorset-2022"), replace(SMALL, replications=1))
    assert seen == [True]


def test_luck_is_kept_as_far_as_there_is_room() -> None:
    """What is kept is not drawn again, and what has no room is: the numbers stay the same."""
    given = scenarios("dorset-2022", "deploy-at-grading", "extra-dispatcher")
    images, without = Images[Luck](), Images[Luck](0)
    first, again = (evaluate(given, SMALL, images=images) for _ in range(2))
    assert (first.drawn, again.drawn) == (2, 0)
    assert images.bytes > 1_000_000
    crowded = [evaluate(given, SMALL, images=without) for _ in range(2)]
    assert [one.drawn for one in crowded] == [2, 2]
    assert without.bytes == 0
    for one in (again, *crowded):
        assert np.array_equal(one.sums, first.sums)


def test_what_was_not_asked_for_longest_goes_first() -> None:
    """Room for two of three: the one used last stays."""

    class Thing:
        bytes = 10

    images = Images[Thing](25)
    things = {name: Thing() for name in "abc"}
    for name in ("a", "b", "a", "c", "a"):
        assert images.of(name, partial(things.__getitem__, name)) is things[name]
    assert (images.made, images.bytes) == (3, 20)
    assert images.of("b", Thing) is not things["b"]


def test_later_replications_are_those_of_a_longer_study() -> None:
    """Any numbers may be asked for, in any order."""
    given = scenarios("dorset-2022", "surge")
    whole = evaluate(given, replace(SMALL, replications=3))
    some = evaluate(given, SMALL, replications=[2, 0])
    assert np.array_equal(some.sums, whole.sums[:, [2, 0]])


def test_what_cannot_be_counted_is_refused() -> None:
    """With what can; and a scenario that has other areas."""
    (baseline,) = scenarios("dorset-2022")
    with pytest.raises(InputError, match=r"IDLE_SECONDS[^$]*ARRIVED_FROM_RECEIVED"):
        evaluate([baseline], SMALL, [Count.NEEDED, Count.IDLE_SECONDS])
    with pytest.raises(InputError, match="hours"):
        evaluate([baseline], SMALL, cuts=[Cut(hours="team")])
    elsewhere = baseline.model_copy(update={"areas": {"north": baseline.areas["bcp"]}})
    with pytest.raises(InputError, match="north"):
        evaluate([baseline, elsewhere], SMALL)


def test_the_first_enquirys_clock_is_refused() -> None:
    """Outcomes do not tell when research began."""
    (baseline,) = scenarios("dorset-2022")
    targets = {
        name: one.model_copy(update={"stops": "first_enquiry"})
        for name, one in baseline.targets.items()
    }
    changed = baseline.model_copy(update={"targets": targets})
    with pytest.raises(InputError, match="first enquiry"):
        evaluate([changed], SMALL, [Count.ARRIVED])
    found = evaluate([changed], replace(SMALL, days=1), [Count.NEEDED, Count.ATTENDANCE_TARGETED])
    assert found.of(Count.NEEDED).sum() > 0
    assert found.of(Count.ATTENDANCE_TARGETED).sum() == 0


def test_it_tells_how_far_it_has_come() -> None:
    """After each scenario of each replication."""
    told: list[tuple[int, int]] = []
    evaluate(
        scenarios("dorset-2022", "surge"),
        replace(SMALL, days=1),
        told=lambda completed, planned: told.append((completed, planned)),
    )
    assert told == [(number, 4) for number in range(1, 5)]


def test_ctrl_c_stops_all_threads() -> None:
    """Before they have done their pieces; none is left behind."""
    calls: list[int] = []

    def pressed(completed: int, _: int) -> None:
        calls.append(completed)
        raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        evaluate(scenarios("dorset-2022") * 50, replace(SMALL, days=1, workers=2), told=pressed)
    assert calls == [1]
    assert not [one for one in threading.enumerate() if one.name.startswith("evaluate")]


def test_a_fault_in_a_thread_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing goes on."""

    def broken(*_: object) -> None:
        raise InternalError("planted")

    monkeypatch.setattr(counting, "tally_outcomes", broken)
    with pytest.raises(InternalError, match="planted"):
        evaluate(scenarios("dorset-2022") * 9, replace(SMALL, days=1, workers=2))


def test_without_numba_the_reference_engine_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was asked for, the same numbers."""
    given, settings = scenarios("dorset-2022"), replace(SMALL, days=1, warm_up_days=0)
    with_numba = counted(given, settings)
    monkeypatch.setattr(engines, "has_numba", lambda: False)
    found = counted(given, settings)
    assert found.engine == "reference"
    assert np.array_equal(found.sums, with_numba.sums)
