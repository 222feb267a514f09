"""Faults planted in either engine: ``python -m tests.engines.planted EXAMPLES``.

To be started with ``NUMBA_DISABLE_JIT=1``, so that the functions of the compiled engine can be
replaced. Prints the names of the faults that no world shows: in each the other engine makes the
same tables.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from sim.engines import compiled, reference
from sim.engines.compiled import (
    attendance,
    case_reviews,
    choice,
    control_room,
    deployment,
    desks,
    enquiries,
    losing,
    partners,
    queues,
    relief,
    reviews,
    safety,
    shifts,
    units,
    waiting,
    work,
)
from sim.engines.compiled.fields import job, world
from sim.engines.reference import deployment as handing_out
from sim.engines.reference.clock import Actor
from sim.engines.reference.desks import Desk
from sim.engines.reference.jobs import Allocation, Job
from sim.engines.reference.units import State, Unit, UnitPool
from sim.engines.reference.world import World as ReferenceWorld
from sim.tables import Played
from tests.engines.episode_strategies import episode_worlds
from tests.engines.played import Engine
from tests.engines.strategies import World, worlds

Replaced = Callable[..., Any]


def _nothing(*_: Any) -> None:
    """What is left out."""


def _only_from_its_queue(m: Any, j: int) -> None:
    if m[j + job.QUEUED] != 0:
        losing.withdraw(m, j)


def _always_scene_work(m: Any, j: int) -> None:
    m[j + job.WORK_LEFT] = m[j + job.SCENE_SECONDS]


def _by_key(m: Any, one: int, other: int) -> bool:
    return bool(m[one + job.KEY] < m[other + job.KEY])


def _in_no_order(m: Any, base: int, count: int, u: int) -> None:
    m[base + m[count]] = u
    m[count] += 1


def _without_margin(m: Any, p: int, grade: int, needed: int, found: int) -> tuple[int, int]:
    taken: tuple[int, int] = _ADD_IDLE(m, p, min(grade, 1), needed, found)
    return taken


def _truncated_travel(m: Any, j: int, u: int) -> int:
    return max(int(_TRAVEL(m, j, u)) - 1, 0)


def _any_pool(m: Any, listed: int, count: int) -> int:
    return int(m[listed + count - 1]) if count else 0


def _still_in_vain(m: Any, grades: int) -> None:
    if m[world.QUEUED] > 0:
        m[world.JOBS_CHANGED] = m[world.ROUND_ENDS] = 1


_ADD_IDLE: Final[Replaced] = choice._add_idle
_TRAVEL: Final[Replaced] = attendance._travel_seconds

FAULTS: Final[dict[str, tuple[object, str, Replaced]]] = {
    "no step-up (6.3)": (queues, "step_up", _nothing),
    "queue by key alone (6.1)": (waiting, "is_before", _by_key),
    "idle units in the order in which they became so (6.5)": (units, "insert", _in_no_order),
    "desk workers likewise (3.5)": (desks, "insert", _in_no_order),
    "margin and reserve of grade 1 for all (6.4)": (choice, "_add_idle", _without_margin),
    "what was asked for in vain is never asked for again (6.4)": (
        units,
        "to_be_had_by",
        _still_in_vain,
    ),
    "nobody is diverted (6.6)": (deployment, "divertible", lambda *_: 0),
    "travel a second short (6.9)": (attendance, "_travel_seconds", _truncated_travel),
    "the interview is as long as the work (9.1)": (attendance, "settle_work", _always_scene_work),
    "nothing is handed over at a shift's end (8.2)": (shifts, "shift_ends", _nothing),
    "a break waits for the next idle second (5.4)": (units, "break_due", _nothing),
    "a task is not dropped (6.8)": (losing, "drop", _nothing),
    "the review clock does not begin again (7.1)": (losing, "begin_again", _nothing),
    "no rise of risk is discovered (7.3)": (reviews, "_discover", _nothing),
    "ratified by the last of the list (3.3)": (control_room, "first_on_duty", _any_pool),
    "a return changes no rank (6.2)": (control_room, "reorder", _nothing),
    "a case is not handed over (11.6)": (enquiries, "_hand_over", _nothing),
    "errands keep their people (11.4)": (enquiries, "ask_others", _nothing),
    "a line is not withdrawn (12.1)": (enquiries, "withdraw", _nothing),
    "no rise is discovered after arrival (11.8)": (case_reviews, "discover", _nothing),
    "nobody is moved on (11.7)": (case_reviews, "move_on", _nothing),
    "the child is not seen (12.2)": (safety, "child_seen", _nothing),
    "work on a line is not noted (11.5)": (safety, "line_begins", _nothing),
    "no visit (12.3)": (safety, "ask_for_visit", _nothing),
    "a missing PPN is never asked for (12.5)": (safety, "no_ppn", _nothing),
    "nothing is remembered of a child (13.6)": (partners, "_remember", _nothing),
    "no return home interview (13.4)": (partners, "_offer", _nothing),
    "a desk finds no child (11.5)": (work, "line_complete", lambda *_: False),
    "another force answers at once (13.10)": (control_room, "researched", control_room.on_the_log),
    "another authority decides at once (13.10)": (partners, "_discussed", partners._decided),
    "relief is not asked for when they begin to stay (12.4)": (safety, "await_relief", _nothing),
    "relief is not asked for when a shift ends (12.4)": (relief, "relief_due", _nothing),
    "relief is not withdrawn (12.4)": (safety, "no_relief", _nothing),
    "relief is not withdrawn on its way (12.4)": (relief, "withdraw", _only_from_its_queue),
}

"""In the compiled engine."""


def _by_joining(queue: list[Any], one: object, **_: Any) -> None:
    queue.append(one)


def _no_reserve(self: UnitPool, state: State, grade: int) -> list[Unit]:
    return [unit for unit in self.takeable[state] if self.has_time(unit, grade)]


def _as_for_grade_1(self: UnitPool, state: State, _: int) -> list[Unit]:
    free: list[Unit] = _AVAILABLE(self, state, 1)
    return free


def _one_round(world: ReferenceWorld, queue: list[Job]) -> Actor[int]:
    yield from _HAND_OUT_AREA(world, queue)
    return 0


def _all_of_them(victim: Allocation, _: Job) -> list[Unit]:
    return list(victim.units)


def _earliest_claimed(one: Allocation) -> tuple[int, ...]:
    return (one.claimed_at, one.job.key, one.number)


def _borrowed_at_once(_: ReferenceWorld, one: Job) -> None:
    one.asked = (one.asked[0], one.lenders)


def _a_task_a_round(self: Desk) -> None:
    if self.queue and self.idle:
        _, _, taken = self.queue.pop(0)
        taken.succeed(self.idle.pop(0))


def _least_shift_left(self: Desk) -> None:
    while self.queue and self.idle:
        _, _, taken = self.queue.pop(0)
        taken.succeed(self.idle.pop())


_AVAILABLE: Final[Replaced] = UnitPool.available
_HAND_OUT_AREA: Final[Replaced] = handing_out._hand_out_area

REFERENCE_FAULTS: Final[dict[str, tuple[object, str, Replaced]]] = {
    "reference: queues in the order of joining (6.1)": (
        handing_out,
        "insort",
        _by_joining,
    ),
    "reference: no reserve (6.4)": (UnitPool, "available", _no_reserve),
    "reference: margin and reserve of grade 1 for all (6.4)": (
        UnitPool,
        "available",
        _as_for_grade_1,
    ),
    "reference: no round follows a claim (1.2)": (handing_out, "_hand_out_area", _one_round),
    "reference: units beyond what is needed are taken (6.6)": (
        handing_out,
        "_needed",
        _all_of_them,
    ),
    "reference: the earliest claimed is diverted (6.6)": (
        handing_out,
        "_diverted_first",
        _earliest_claimed,
    ),
    "reference: nobody is diverted (6.6)": (handing_out, "divertible", _nothing),
    "reference: borrowing without a wait (6.4)": (handing_out, "_ask_lenders", _borrowed_at_once),
    "reference: a desk takes one task a round (3.5)": (Desk, "hand_out", _a_task_a_round),
    "reference: a worker with least shift left (3.5)": (Desk, "hand_out", _least_shift_left),
}
"""In the hand-out of the reference engine."""


def generated(examples: int) -> list[World]:
    """Worlds with episodes and without, turn by turn."""
    found: tuple[list[World], list[World]] = ([], [])
    sized = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    @sized
    @given(episode_worlds())
    def with_episodes(one: World) -> None:
        found[0].append(one)

    @sized
    @given(worlds())
    def without(one: World) -> None:
        found[1].append(one)

    with_episodes()
    without()
    return [world for pair in zip(*found, strict=False) for world in pair]


def shows(engine: Engine, world: World, expected: Played) -> bool:
    """Tell whether an engine, as it is now, makes other tables or none."""
    try:
        played = engine(world.draws, world.rota, world.policy)
    except (AssertionError, IndexError, RuntimeError, ValueError):
        return True
    return any(one.differences(other) for one, other in zip(expected, played, strict=True))


def main(examples: int) -> list[str]:
    """Return the faults that no world shows."""
    found = generated(examples)
    unseen = []
    for faulty, other, faults in (
        (compiled.run, reference.run, FAULTS),
        (reference.run, compiled.run, REFERENCE_FAULTS),
    ):
        expected = [other(one.draws, one.rota, one.policy) for one in found]
        pairs = list(zip(found, expected, strict=True))
        for name, (owner, function, replaced) in faults.items():
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(owner, function, replaced)
                if not any(shows(faulty, one, played) for one, played in pairs):
                    unseen.append(name)
    return unseen


if __name__ == "__main__":
    print(*main(int(sys.argv[1])), sep="\n", end="")
