"""What the reference engine leaves out because it changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from simpy import Event

from sim.engines.reference import run
from sim.engines.reference.clock import Clock, Due
from tests.engines.strategies import World, worlds


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds())
def test_a_hand_out_is_asked_for_wherever_it_would_change_anything(
    monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    """Rule 1.2 has one after each round; the engine makes it only where something changed."""
    asked = run(*world)
    fire = Clock.fire

    def fire_and_ask(
        self: Clock, event: Event, seconds: int, kind: Due, key: int, number: int = 0
    ) -> None:
        event.callbacks.append(lambda _: self.request_hand_out())
        fire(self, event, seconds, kind, key, number)

    with monkeypatch.context() as patch:
        patch.setattr(Clock, "fire", fire_and_ask)
        always = run(*world)
    for table, other in zip(asked, always, strict=True):
        assert table.differences(other) == []
