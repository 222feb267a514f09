"""What may be taken away, one switch each: from a scenario to the same one without a cause.

A switch is a counterfactual, no lever: nobody can roster an officer for every job. What it says in
words is printed beside its figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from sim.scenario.factors import scaled
from sim.scenario.models import Scenario
from sim.scenario.people import Pool, Shift
from sim.scenario.policies import Policy

Switch = Callable[[Scenario], Scenario]

MOST_CAUSES: Final = 7
"""Of more, the sets of causes are too many to play them all."""

_MINUTES_A_DAY: Final = 1_440
_LONGEST_SHIFT: Final = 720
_MOST_PEOPLE: Final = 250
_PLENTY: Final = 10
_LEAST_PLENTY: Final = 30
_PLENTY_OF_UNITS: Final = 5
_ADDED: Final = "round_the_clock"


@dataclass(frozen=True)
class Cause:
    """Something that may be there or gone.

    Attributes
    ----------
    name
        As --causes calls it.
    title
        In a few words.
    gone
        What is meant by its going, as a sentence.
    without
        The scenario without it; the same scenario where it is not there in the first place.
    file
        The scenario file that it was read from; None: a switch of ours.
    changes
        Of a file: the values that it changes, by path.
    rule
        False: people or desks; True: a rule, or what a file changes.
    """

    name: str
    title: str
    gone: str
    without: Switch
    file: str | None = None
    changes: Mapping[tuple[str, ...], Any] = field(default_factory=dict)
    rule: bool = True


def _with_policy(scenario: Scenario, **changes: object) -> Scenario:
    policy: Policy = scenario.policy.model_copy(update=changes)
    return scenario.model_copy(update={"policy": policy})


def _with_pools(scenario: Scenario, change: Callable[[str, Pool], Pool]) -> Scenario:
    pools = {name: change(name, pool) for name, pool in scenario.pools.items()}
    return scenario.model_copy(update={"pools": pools})


def _hold_off(scenario: Scenario) -> Scenario:
    gate = scenario.policy.gate.model_copy(update={"deploy_on": "grading"})
    return scenario if not _holds(scenario) else _with_policy(scenario, gate=gate)


def _holds(scenario: Scenario) -> bool:
    gate = scenario.policy.gate
    return gate.deploy_on != "grading" and gate.share_held > 0 and bool(gate.streams)


def _ratified_at_once(scenario: Scenario) -> Scenario:
    nobody: dict[str, list[str]] = {"low": [], "medium": [], "high": []}
    return _with_policy(
        scenario, ratification=scenario.policy.ratification.model_copy(update=nobody)
    )


def _plenty_at(*roles: Callable[[Scenario], set[str]]) -> Switch:
    """So many people at desks that nobody waits for them, in the desks' own hours."""

    def without(scenario: Scenario) -> Scenario:
        named = set().union(*(role(scenario) for role in roles))
        return _with_pools(
            scenario,
            lambda name, pool: _more(pool, _PLENTY, _LEAST_PLENTY) if name in named else pool,
        )

    return without


def _call_takers(scenario: Scenario) -> set[str]:
    room = scenario.policy.control_room
    return {name for name in (room.call_takers, room.switchboard) if name is not None}


def _dispatchers(scenario: Scenario) -> set[str]:
    named = scenario.policy.control_room.dispatchers
    if named is None:
        return set()
    return {named} if isinstance(named, str) else set(named.values())


def _more(pool: Pool, times: int, least: int) -> Pool:
    shifts = [
        shift.model_copy(
            update={
                "people": min(_MOST_PEOPLE, max(times * shift.people, least)),
                # As many as come is the point.
                "absent": None,
            }
        )
        if shift.people
        else shift
        for shift in pool.shifts
    ]
    return pool.model_copy(update={"shifts": shifts})


def _response(scenario: Scenario) -> set[str]:
    roles = set(scenario.policy.attendance.default)
    pools = scenario.pools.items()
    return {name for name, one in pools if one.kind == "units" and one.role in roles}


def _response_without_limit(scenario: Scenario) -> Scenario:
    named = _response(scenario)
    return _with_pools(
        scenario,
        lambda name, pool: _more(pool, _PLENTY_OF_UNITS, _LEAST_PLENTY) if name in named else pool,
    )


def _response_a_tenth_more(scenario: Scenario) -> Scenario:
    named = _response(scenario)

    def more(name: str, pool: Pool) -> Pool:
        if name not in named:
            return pool
        data = [shift.model_dump() for shift in pool.shifts]
        people = [one["people"] for one in scaled(data, 1.1)]
        shifts = [
            shift.model_copy(update={"people": number})
            for shift, number in zip(pool.shifts, people, strict=True)
        ]
        return pool.model_copy(update={"shifts": shifts})

    return _with_pools(scenario, more)


def _teams_round_the_clock(scenario: Scenario) -> Scenario:
    def filled(_: str, pool: Pool) -> Pool:
        if pool.role != scenario.team_role or pool.kind != "units" or not pool.shifts:
            return pool
        added = list(_for_the_gaps(pool.shifts))
        return pool.model_copy(update={"shifts": [*pool.shifts, *added]}) if added else pool

    return _with_pools(scenario, filled)


def _for_the_gaps(shifts: Sequence[Shift]) -> list[Shift]:
    """Shifts through the hours of the day in which no other is worked every day."""
    covered = [False] * _MINUTES_A_DAY
    for shift in shifts:
        if not _every_day(shift):
            continue
        for minute in range(shift.start, shift.start + shift.length_minutes):
            covered[minute % _MINUTES_A_DAY] = True
    model = max(shifts, key=lambda shift: shift.people)
    return [
        model.model_copy(
            update={
                "name": f"{_ADDED}_{number}",
                "start": start % _MINUTES_A_DAY,
                "end": (start + length) % _MINUTES_A_DAY or _MINUTES_A_DAY,
                "days": None,
                "cycle": None,
                "bank_holidays": "as_usual",
                "from_date": None,
                "until_date": None,
                "absent": None,
            }
        )
        for number, (start, length) in enumerate(_gaps(covered), 1)
    ]


def _every_day(shift: Shift) -> bool:
    return (
        shift.days is None
        and shift.cycle is None
        and shift.bank_holidays == "as_usual"
        and shift.from_date is None
        and shift.until_date is None
        and shift.people > 0
    )


def _gaps(covered: Sequence[bool]) -> list[tuple[int, int]]:
    """Start and length of what is not covered, over midnight where need be, none too long."""
    day = len(covered)
    if not any(covered):
        found = [(0, day)]
    else:
        first = next(at for at in range(day) if covered[at])
        found, start = [], None
        for at in range(first, first + day + 1):
            free = not covered[at % day] if at < first + day else False
            if free and start is None:
                start = at
            elif not free and start is not None:
                found.append((start % day, at - start))
                start = None
    parts = []
    for start, length in found:
        number = -(-length // _LONGEST_SHIFT)
        ends = [length * part // number for part in range(number + 1)]
        parts += [((start + one) % day, other - one) for one, other in pairwise(ends)]
    return parts


def _no_reserve(scenario: Scenario) -> Scenario:
    return _with_pools(
        scenario, lambda _, pool: pool.model_copy(update={"reserve": 0}) if pool.reserve else pool
    )


def _level_rank(scenario: Scenario) -> Scenario:
    queue = scenario.policy.queue
    if queue.missing_child_place != "last" and not queue.share_with_next_grade:
        return scenario
    place = "level" if queue.missing_child_place == "last" else queue.missing_child_place
    level = {"missing_child_place": place, "share_with_next_grade": 0.0}
    return _with_policy(scenario, queue=queue.model_copy(update=level))


def _free_while_writing(scenario: Scenario) -> Scenario:
    grades = sorted(scenario.grades)
    committed = scenario.policy.committed.model_copy(update={"writing": grades})
    return _with_pools(
        _with_policy(scenario, committed=committed),
        lambda _, pool: (
            pool.model_copy(update={"last_call_margin_minutes": {}})
            if pool.last_call_margin_minutes
            else pool
        ),
    )


_WAITED_FOR: Final = {
    "assessment": ("Held for the risk assessment", "the risk assessment"),
    "research": ("Held for research", "research"),
    "ratification": ("Held for ratification", "ratification"),
}


def known_causes(scenario: Scenario) -> dict[str, Cause]:
    """Every cause of ours by its name, those first that are taken unless others are named."""
    held, waited_for = _WAITED_FOR.get(scenario.policy.gate.deploy_on, _WAITED_FOR["ratification"])
    found = (
        Cause(
            "hold",
            held,
            f"Officers are sent at grading, and nothing waits for {waited_for}.",
            _hold_off,
        ),
        Cause(
            "ratifiers",
            "Supervisors who ratify",
            "Each risk assessment finds somebody free to ratify it at once, at every hour.",
            _ratified_at_once,
            rule=False,
        ),
        Cause(
            "control_room",
            "Call takers and dispatchers",
            "No call and no job waits for a call taker or a dispatcher.",
            _plenty_at(_call_takers, _dispatchers),
            rule=False,
        ),
        Cause(
            "response",
            "Response numbers",
            f"{_PLENTY_OF_UNITS} times as many response officers on every shift, so that hardly "
            "a job waits for one.",
            _response_without_limit,
            rule=False,
        ),
        Cause(
            "reserve",
            "The reserve",
            "No unit is kept idle for the next grade 1.",
            _no_reserve,
        ),
        Cause(
            "teams",
            "Hours of the teams",
            "The missing person teams are on duty round the clock, as strong as on their largest "
            "shift.",
            _teams_round_the_clock,
            rule=False,
        ),
        Cause(
            "rank",
            "Rank in the queue",
            "Missing children stand level with other jobs of their grade.",
            _level_rank,
        ),
        Cause(
            "writing",
            "Writing up and shift ends",
            "Officers who write up are free for any job, and new work is taken until the shift "
            "ends.",
            _free_while_writing,
        ),
    )
    return {one.name: one for one in found}


def response_step() -> Cause:
    """A step that a force can take where it cannot have response officers without limit."""
    return Cause(
        "response_10",
        "Response, a tenth more",
        "A tenth more response officers on every shift, rounded.",
        _response_a_tenth_more,
    )


DEFAULT: Final = ("hold", "ratifiers", "control_room", "response", "reserve", "teams", "rank")
"""What is taken unless others are named."""
