"""The reference engine looks at its own state, and finds what a fault in it brings about."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from sim.cli import main
from sim.engines.reference import deployment
from sim.engines.reference.desks import Desk
from sim.engines.reference.units import State, Unit, UnitPool
from sim.errors import InternalError
from sim.study.engines import ENGINES
from sim.tables import Draws, Policy
from tests.engines.hand import (
    attempts,
    desk_pool,
    incidents,
    policy,
    policy_with_diversion,
    rota,
    unit_pool,
)
from tests.engines.played import verified, works

BASELINE: Final = Path(__file__).parents[2] / "scenarios" / "dorset-2022.toml"


def _nobody(*_: Any) -> None:
    """Nobody is found, and nothing done."""


def _whoever_is_there(self: UnitPool, state: State, _: int) -> list[Unit]:
    """Without margin or reserve."""
    return list(self.takeable[state])


def _at_the_end(queue: list[Any], one: object, **_: Any) -> None:
    queue.append(one)


def _stays_idle_too(self: UnitPool, unit: Unit, state: State) -> None:
    if state is State.WITH_A_JOB:
        unit.state = state
    else:
        _TURN(self, unit, state)


_TURN: Final = UnitPool._turn


class Fault(NamedTuple):
    """A function replaced, a world that shows it, and what is told of it."""

    owner: object
    function: str
    replaced: Callable[..., Any]
    rules: Policy
    reports: Sequence[Mapping[str, int]]
    people: Sequence[Mapping[str, int]]
    told: str


FAULTS: Final[Mapping[str, Fault]] = {
    "nobody is sent": Fault(
        deployment,
        "eligible",
        _nobody,
        policy([unit_pool()]),
        [{"reported_at": 5}],
        [works(1)],
        "rule 6.4 in second 5 (day 0, 00:00:05), incident 1: it waits, and units for it are idle",
    ),
    "nobody is diverted": Fault(
        deployment,
        "divertible",
        _nobody,
        policy_with_diversion(),
        [{"scene_seconds": 50}, {"reported_at": 70, "grade": 1}, {"scene_seconds": 50}],
        [works(1)],
        "rule 6.6 in second 70 (day 0, 00:01:10), incident 2: it waits, and may divert those of 3",
    ),
    "the reserve goes": Fault(
        UnitPool,
        "available",
        _whoever_is_there,
        policy([unit_pool(reserve=1)]),
        [{"reported_at": 3, "scene_seconds": 50}, {"reported_at": 4}],
        [works(1), works(2)],
        "rule 6.4 in second 4 (day 0, 00:00:04): pool 0 is without its reserve",
    ),
    "first come, first served": Fault(
        deployment,
        "insort",
        _at_the_end,
        policy([unit_pool()]),
        [{"reported_at": 3, "grade": 3}, {"reported_at": 4, "grade": 1}],
        [],
        "rule 6.1 in second 4 (day 0, 00:00:04): the queue of area 0 in disorder",
    ),
    "a unit in two places": Fault(
        UnitPool,
        "_turn",
        _stays_idle_too,
        policy([unit_pool()]),
        [{"reported_at": 3, "scene_seconds": 9}],
        [works(1)],
        "rule 5.2 in second 3 (day 0, 00:00:03), unit 1, incident 1: a unit is in two places",
    ),
    "all that were diverted": Fault(
        deployment,
        "_needed",
        lambda victim, _: list(victim.units),
        policy_with_diversion(),
        [{"scene_seconds": 50, "officers": 2}, {"reported_at": 7, "grade": 1}],
        [works(1), works(2)],
        "rule 6.5 in second 7 (day 0, 00:00:07), incident 2: more units than needed",
    ),
    "a desk takes nothing": Fault(
        Desk,
        "hand_out",
        _nobody,
        policy([unit_pool(), desk_pool("supervisors")]),
        [{"reported_at": 8, "desk_pool": 1, "deploys": 0}],
        [works(1, pool=1)],
        "rule 3.5 in second 8 (day 0, 00:00:08): pool 1 is idle, and a task waits",
    ),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=list(FAULTS))
def test_a_fault_in_a_hand_out_is_found_in_its_round(
    fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is found names the rule, the second, and the incident; without the fault all is well."""
    table = incidents(*fault.reports)
    world = (Draws(table, attempts(table)), rota(*fault.people), fault.rules)
    verified(*world)
    monkeypatch.setattr(fault.owner, fault.function, fault.replaced)
    with pytest.raises(InternalError, match=re.escape(fault.told)):
        verified(*world)


def test_a_planner_is_told_of_it_and_where_the_rest_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 1, one message with the rule, the second and the incident, and a log file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(ENGINES, "reference", verified)
    monkeypatch.setattr(deployment, "eligible", _nobody)
    words = "--replications=1 --days=1 --warm-up-days=0 --workers=1 --engine=reference --quiet"
    assert main(["run", str(BASELINE), *words.split()]) == 1
    told = capsys.readouterr().err
    assert "a fault of the simulator, not of your files" in told
    assert re.search(r"breaks rule 6\.4 in second -?\d+ \(day .*\), incident \d+: it waits", told)
    assert "Traceback" not in told
    (log,) = tmp_path.glob("run_sim-*.log")
    assert log.name in told
    assert "_nobody_can_be_sent" in log.read_text(encoding="utf-8")
