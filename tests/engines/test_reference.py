"""What the reference engine leaves out because it changes nothing."""

from __future__ import annotations

from heapq import heappop
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from sim.engines.reference import clock, deployment, run
from tests.engines.episode_strategies import episode_worlds
from tests.engines.strategies import World, worlds


class Forgetful(dict[int, Any]):
    """What jobs have asked for in vain, by grade, as if nobody remembered any of it."""

    def __bool__(self) -> bool:
        return True

    def get(self, *_: Any) -> Any:
        """Nothing was asked for."""
        return ()

    def setdefault(self, *_: Any) -> Any:
        """A set that is thrown away."""
        return set()

    def pop(self, *_: Any) -> Any:
        """Something may have changed for everybody."""
        return True


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds())
def test_a_hand_out_is_made_wherever_it_would_change_anything(
    monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    """Rules 1.2 and 1.4 have each job asked for after each round; the engine skips what is vain."""
    asking_changes_nothing(monkeypatch, world)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(episode_worlds())
def test_a_line_or_a_visit_is_asked_for_wherever_it_would_change_anything(
    monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    """The same where cases change hands, children are seen, and lines take another class's people.

    What is kept as asked for in vain must not outlive any of this.
    """
    asking_changes_nothing(monkeypatch, world)


def asking_changes_nothing(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    """Assert that a world is played alike when everything is asked for after every round."""
    skipping = run(*world)
    play, hand_out = clock.Clock.play, deployment.Deployment.hand_out
    rounds = 0

    def play_asking(self: clock.Clock) -> None:
        def pop_and_ask(queue: list[Any]) -> Any:
            self.round_ends = True
            for one in self.queues:
                one.changed = True
            return heappop(queue)

        patch.setattr(clock, "heappop", pop_and_ask)
        play(self)

    def hand_out_all(self: deployment.Deployment) -> None:
        nonlocal rounds
        rounds += 1
        self._in_vain = Forgetful()
        hand_out(self)

    with monkeypatch.context() as patch:
        patch.setattr(clock.Clock, "play", play_asking)
        patch.setattr(deployment.Deployment, "hand_out", hand_out_all)
        asking_always = run(*world)
    # Each second of a report has a round at least.
    assert rounds >= len(set(world.incidents["reported_at"].tolist()))
    for table, other in zip(skipping, asking_always, strict=True):
        assert table.differences(other) == []
