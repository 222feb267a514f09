"""A small world in which the cheapest rota can be found by trying all of them."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import Final

from sim.answers.sizing.aim import target_of
from sim.answers.sizing.judged import Asked, Judge, Judged
from sim.answers.sizing.levers import Design, Space, space_of
from sim.scenario.models import Scenario
from sim.study import Settings
from tests.worlds import small_scenario

LEVERS: Final = {
    "pools.response_north.shifts.day.people": "3..10",
    "pools.response_north.shifts.night.people": "3..10",
    "pools.supervisors.shifts.day.people": "1..4",
}
"""Eight by eight by four."""
SETTINGS: Final = Settings(replications=10, days=7, warm_up_days=1, engine="compiled", workers=2)


@cache
def world() -> Scenario:
    """Busy response, a gate, and prices."""
    return small_scenario(
        1,
        pools={
            "response_north": {"pounds_per_hour": 38.0},
            "supervisors": {"pounds_per_hour": 33.0},
        },
        streams={
            "immediate": {"volume_per_year": 7_000.0},
            "welfare": {"volume_per_year": 9_000.0},
        },
    )


def space() -> Space:
    """All 256 rotas."""
    return space_of(world(), LEVERS)


def every_design(among: Space) -> list[Design]:
    """All designs."""
    return list(product(*(range(len(one.options)) for one in among.shifts)))


@cache
def all_played() -> dict[Design, Judged]:
    """Every rota, played once for all tests."""
    among = space()
    judge = Judge(among, asked(0.1), SETTINGS, range(SETTINGS.replications))
    designs = every_design(among)
    return dict(zip(designs, judge.of(designs), strict=True))


def asked(share: float) -> Asked:
    """At most so many wait over an hour."""
    return Asked(target_of(f"waited_over 60 <= {share}", world()))


class Recalled(Judge):
    """Plays what `all_played` has played, so that only the search takes time."""

    def _play(self, designs: object) -> None:
        assert isinstance(designs, list)
        for design in designs:
            assert design is not None
            self._known[design] = all_played()[design]


def recalled(share: float) -> Recalled:
    """A judge of all rotas for one target."""
    return Recalled(space(), asked(share), SETTINGS, range(SETTINGS.replications))


def cheapest_by_trying_all(share: float) -> Judged | None:
    """The cheapest that does it; of two that cost the same the one that does more."""
    among, target = space(), asked(share).target
    met = [one for one in all_played().values() if target.short_of(one.value) <= 0]
    return min(
        met,
        key=lambda one: (among.pounds(one.design or ()), target.short_of(one.value)),
        default=None,
    )
