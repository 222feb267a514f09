"""Generated worlds made of ties, for what must hold in every world and of every engine.

Few distinct times, equal ranks, work of no length, reports and ends of work in the seconds of
shift ends, empty rotas, two areas, several pools, and every rule of docs/model.md on or off.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, TypeVar

from hypothesis import strategies as st

from sim.tables import (
    ATTEMPTS,
    HOUR,
    INCIDENTS,
    NEVER,
    NONE,
    ROTA,
    AfterHangUp,
    DispatchRate,
    Draws,
    Gate,
    Origin,
    Policy,
    Pool,
    Risk,
    ShiftEnd,
    Table,
    from_rows,
)

T = TypeVar("T")

GRADES: Final = 3
AREAS: Final = ("north", "south")
STREAMS: Final = ("child", "other")
NORTH, SOUTH, ANYWHERE, TAKERS, SUPERVISOR, MANAGER, RESEARCH, DISPATCH = range(8)
UNIT_POOLS: Final = (NORTH, SOUTH, ANYWHERE)
DESKS: Final = (TAKERS, SUPERVISOR, MANAGER, RESEARCH, DISPATCH)
HELD: Final = 500_000

# Worlds begin a minute before an hour does, so that they lie in two hours.
START: Final = HOUR - 60
_REPORTED: Final = tuple(START + offset for offset in (0, 5, 10, 60, 100))
_ENDS: Final = tuple(START + offset for offset in (100, 105, 300, 1000))
_BEGINS: Final = tuple(START + offset for offset in (-50, 0, 5, 60))
_SHIFT_ENDS: Final = tuple(START + offset for offset in (0, 10, 60, 65, 100, 160, 2000))
_LATER: Final = tuple(START + offset for offset in (-10, 5, 15, 60, 70, 100, 200))
_SECONDS: Final = (0, 5, 10, 50)
_INTERVALS: Final = (NEVER, 5, 10, 50)


class World(NamedTuple):
    """What an engine is given."""

    draws: Draws
    rota: Table
    policy: Policy

    @property
    def incidents(self) -> Table:
        """The incidents drawn."""
        return self.draws.incidents

    @property
    def attempts(self) -> Table:
        """The fates of their allocations."""
        return self.draws.attempts


def one_of(values: Sequence[T]) -> st.SearchStrategy[T]:
    """One of these; the first is the simplest."""
    return st.sampled_from(values)


_seconds = one_of(_SECONDS)
_maybe_seconds = one_of((NEVER, *_SECONDS))
_grade = st.integers(1, GRADES)
_flag = st.integers(0, 1)

_FATES: Final[dict[str, st.SearchStrategy[int]]] = {
    "stream": _flag,
    "area": one_of((0, 0, 0, 1)),
    "risk": one_of(tuple(Risk)),
    "ratified_risk": one_of(tuple(Risk)),
    "reported_at": one_of(_REPORTED),
    "origin": one_of(
        (
            Origin.DIRECT,
            Origin.DIRECT,
            Origin.DIRECT,
            Origin.EMERGENCY,
            Origin.NON_EMERGENCY,
            Origin.ONLINE,
        )
    ),
    "return_at": one_of((NEVER, NEVER, NEVER, NEVER, *_LATER)),
    "escalates_at": one_of((NEVER, *_LATER)),
    "grade": _grade,
    "deploys": one_of((1,) * 9 + (0,)),
    "vulnerable": _flag,
    "thrive_seconds": _seconds,
    "assessment_seconds": _maybe_seconds,
    "wrap_seconds": _seconds,
    "research_seconds": _maybe_seconds,
    "ratification_seconds": _maybe_seconds,
    "ratified_grade": _grade,
    "held_parts": one_of((HELD - 1, HELD, 0)),
    "rank_parts": one_of((HELD, 0)),
    "officers": one_of((1, 1, 2)),
    "base_travel_seconds": one_of((0, 5, 10, 50, 50, 60)),
    "scene_seconds": one_of((0, 5, 10, 50, 50, 60)),
    "interview_seconds": _seconds,
    "custody_seconds": _seconds,
    "writing_seconds": _seconds,
    "switch_seconds": _seconds,
    "passed_at_once": one_of((0, 0, 1)),
    "patience_seconds": _maybe_seconds,
    "after_hang_up": one_of(tuple(AfterHangUp)),
    "again_seconds": _seconds,
    "uncertain_parts": one_of((HELD, 0)),
    "telephone_seconds": _seconds,
    "telephone_finds": one_of((0, 0, 1)),
    "decision_sum": one_of((NEVER, NEVER, 0, 1, 3_000_000_000, 6_000_000_000)),
}


def _with_rest(fates: dict[str, int], key: int) -> tuple[int, ...]:
    rest = {**INCIDENTS.nothing, "key": key}
    return tuple({**rest, **fates}[name] for name in INCIDENTS.names)


_incident = st.fixed_dictionaries(_FATES)
_caller = st.fixed_dictionaries(
    {
        **_FATES,
        "deploys": st.just(0),
        "origin": one_of((Origin.NON_EMERGENCY, Origin.NON_EMERGENCY, Origin.EMERGENCY)),
        "patience_seconds": _seconds,
    }
)
"""A call that needs nobody, whose caller may hang up (rule 2.10)."""
_desk_work = st.fixed_dictionaries(
    {
        "desk_pool": one_of(DESKS),
        "desk_seconds": _seconds,
        "grade": st.integers(0, GRADES),
        "reported_at": one_of(_REPORTED),
    }
).map(
    lambda drawn: {
        **dict.fromkeys(_FATES, 0),
        "patience_seconds": NEVER,
        "return_at": NEVER,
        "escalates_at": NEVER,
        "assessment_seconds": NEVER,
        "research_seconds": NEVER,
        "ratification_seconds": NEVER,
        "decision_sum": NEVER,
        "ratified_grade": 1,
        "officers": 1,
        **drawn,
    }
)

_on_duty = st.fixed_dictionaries(
    {
        "on_at": one_of(_BEGINS),
        "off_at": one_of(_SHIFT_ENDS[::-1]),
        "break_at": one_of((NEVER, *_LATER)),
        "break_seconds": one_of((5, 0, 50)),
        "officers": one_of((1, 1, 2)),
    }
)


def _people(pools: Sequence[int], most: int) -> st.SearchStrategy[list[dict[str, int]]]:
    rows = st.tuples(one_of(pools), _on_duty).map(lambda pair: {**pair[1], "pool": pair[0]})
    return st.lists(rows, max_size=most)


def _by_grade(values: Sequence[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.tuples(*[one_of(values)] * GRADES)


_flags = _by_grade((False, True))
_matrix = st.tuples(*[_by_grade((True, True, False))] * GRADES)
_ratifiers = st.tuples(
    *[st.tuples(*[one_of(((), (SUPERVISOR,), (SUPERVISOR, MANAGER), (MANAGER, SUPERVISOR)))] * 2)]
    * len(Risk)
).map(lambda risks: tuple((before, after) + (after,) * 22 for before, after in risks))


_BY_LOAD: Final = (tuple((1_000_000 - 9_000 * busy, 333_333, 0) for busy in range(101)),) * GRADES
_RATES: Final = tuple(
    DispatchRate(
        look_seconds=look,
        waited_seconds=(0, 10, 50),
        by_wait=tuple(
            tuple((1_000_000_000 * rate * grade, 500_000_001) * 48 for rate in (0, 1, 3))
            for grade in (1, 2, 1)
        ),
        by_load=_BY_LOAD,
        by_load_just_freed=tuple(
            tuple(tuple(times * one for one in row) for row in rows)
            for times, rows in zip((times, 1, times), _BY_LOAD, strict=True)
        ),
        stream_factor=(1000, 700),
    )
    for look, times in ((5, 1), (10, 3), (7, 0))
)


def _pools(reserve: int, margins: tuple[int, ...]) -> tuple[Pool, ...]:
    units = [
        Pool(name, "response", area, desk=False, reserve=reserve, margin_seconds=margins)
        for name, area in (("north", 0), ("south", 1), ("anywhere", NONE))
    ]
    desks = [
        Pool(name, name, NONE, desk=True)
        for name in ("takers", "supervisor", "manager", "research", "dispatch")
    ]
    return (*units, *desks)


_RULES: Final[dict[str, st.SearchStrategy[Any]]] = {
    "end": one_of(_ENDS[::-1]),
    "gated": one_of(((True, True), (True, False), (False, True))),
    "call_takers": one_of((NONE, TAKERS)),
    "switchboard": one_of((NONE, NONE, RESEARCH, SUPERVISOR, TAKERS)),
    "kept_for_999": one_of((0, 0, 1, 2)),
    "research": one_of((NONE, RESEARCH)),
    "dispatchers": one_of(((NONE, NONE), (DISPATCH, DISPATCH), (NONE, DISPATCH))),
    "ratifiers": _ratifiers,
    "gate": one_of(tuple(Gate)),
    "held_parts": one_of((HELD, HELD, 0)),
    "hold_high_risk": st.booleans(),
    "ratification_waits_for_research": st.booleans(),
    "telephone_parts": one_of((0, 0, HELD)),
    "telephone_desk": one_of((NONE, RESEARCH, SUPERVISOR, TAKERS)),
    "telephone_most_seconds": one_of((NEVER, NEVER, 0, 5, 50)),
    "dispatch_rate": one_of((None, None, *_RATES)),
    "missing_rank": one_of((0, -1, 1)),
    "next_grade_parts": one_of((0, HELD)),
    "step_up_seconds": _by_grade(_INTERVALS),
    "returned_ranks_lower": st.booleans(),
    "attends": one_of(
        (
            (((NORTH,), (SOUTH,)), ((NORTH,), (SOUTH,))),
            (((ANYWHERE,), (ANYWHERE,)), ((ANYWHERE,), (ANYWHERE,))),
            (((ANYWHERE, NORTH), (ANYWHERE, SOUTH)), ((NORTH,), (SOUTH, ANYWHERE))),
        )
    ),
    "borrows": one_of(
        ((((), ()), ((), ())), (((SOUTH,), (NORTH,)), ((SOUTH,), (NORTH,)))),
    ),
    "borrow_after_seconds": _by_grade((NEVER, 0, 5, 10)),
    "divert_travelling": _matrix,
    "divert_at_scene": _matrix,
    "most_diversions": one_of((2, 1, 0)),
    "writing_interrupted": _flags,
    "break_interrupted": _flags,
    "shift_end": one_of(tuple(ShiftEnd)),
    "handover_seconds": _seconds,
    "area_factor": one_of((((1000, 1000),) * 3, ((1000, 1500), (2000, 1000), (1100, 0)))),
    "grade_factor": _by_grade((1000, 500)),
    "hour_factor": one_of(((1000,) * 24, (1000, 2000) + (1000,) * 22)),
    "review_seconds": _seconds,
    "review_after_seconds": _by_grade(_INTERVALS),
    "review_levels": one_of(((), (DISPATCH, SUPERVISOR, MANAGER), (SUPERVISOR,), (TAKERS,))),
    "review_stand_ins": one_of(((), ((SUPERVISOR, MANAGER), (MANAGER,), (SUPERVISOR,)))),
    "review_restores_rank": one_of((NONE, 0, 1)),
    "rethrive_after_seconds": one_of((NEVER, 10, 50)),
    "rethrive_seconds": _seconds,
    "rethrive_pool": one_of((NONE, SUPERVISOR, TAKERS)),
    "rethrive_calls_back": st.booleans(),
    "reserve": one_of((0, 1, 5)),
    "margins": _by_grade((0, 5, 50)),
}

_OFF: Final[dict[str, Any]] = {
    "end": _ENDS[-1],
    "gated": (True, True),
    "call_takers": NONE,
    "research": NONE,
    "dispatchers": (NONE, NONE),
    "ratifiers": (((),) * 24,) * len(Risk),
    "step_up_seconds": (NEVER,) * GRADES,
    "attends": (((NORTH,), (SOUTH,)), ((NORTH,), (SOUTH,))),
    "borrows": (((), ()), ((), ())),
    "borrow_after_seconds": (NEVER,) * GRADES,
    "divert_travelling": ((False,) * GRADES,) * GRADES,
    "divert_at_scene": ((False,) * GRADES,) * GRADES,
    "writing_interrupted": (False,) * GRADES,
    "break_interrupted": (False,) * GRADES,
    "area_factor": ((1000, 1000),) * 3,
    "grade_factor": (1000,) * GRADES,
    "review_after_seconds": (NEVER,) * GRADES,
    "reserve": 0,
    "margins": (0,) * GRADES,
}


def _policy(chosen: dict[str, Any]) -> Policy:
    settings = {**_OFF, **chosen}
    pools = _pools(settings.pop("reserve"), settings.pop("margins"))
    return Policy(
        start=START,
        grades=GRADES,
        areas=AREAS,
        streams=STREAMS,
        pools=pools,
        missing=(True, False),
        **settings,
    )


def policies(*without: str) -> st.SearchStrategy[Policy]:
    """Policies with every rule drawn; those named keep their simplest value."""
    drawn = {name: strategy for name, strategy in _RULES.items() if name not in without}
    return st.fixed_dictionaries(drawn).map(_policy)


def incident_tables(reports: Sequence[dict[str, int]]) -> Table:
    """The incidents table of these fates, keyed by their places, in its fixed order."""
    rows = [_with_rest(fates, key) for key, fates in enumerate(reports)]
    return from_rows(INCIDENTS, rows).sorted_by("reported_at", "key")


def rota_table(people: Sequence[dict[str, int]]) -> Table:
    """The rota of these rows, keyed by their places, in its fixed order."""
    rows = [
        tuple({"shift": 0, "key": key, **row}[name] for name in ROTA.names)
        for key, row in enumerate(people)
    ]
    return from_rows(ROTA, rows).sorted_by("on_at", "key")


def attempts_table(count: int, dispatch_seconds: Sequence[Sequence[int]]) -> Table:
    """Dispatch times, by turns, for incidents 0 to ``count - 1``."""
    rows = [
        (key, number, seconds)
        for key in range(count)
        for number, seconds in enumerate(dispatch_seconds[key % len(dispatch_seconds)])
    ]
    return from_rows(ATTEMPTS, rows)


@st.composite
def worlds(draw: st.DrawFn, *without: str, most: int = 8) -> World:
    """Worlds with every rule on or off; the rules named in ``without`` are off."""
    reports = draw(st.lists(_incident, min_size=min(4, most), max_size=most))
    reports += draw(st.lists(_caller, max_size=3))
    reports += draw(st.lists(_desk_work, max_size=2))
    units = draw(_people(UNIT_POOLS, 2))
    desks = draw(_people(DESKS, 3))
    # Most worlds have somebody in each pool throughout, so that they get as far as deployment.
    always = {"on_at": START, "off_at": _SHIFT_ENDS[-1], "break_at": NEVER, "break_seconds": 0}
    for people, pools in ((units, UNIT_POOLS), (desks, DESKS)):
        if draw(one_of((True, True, False))):
            people += [{**always, "officers": 1, "pool": pool} for pool in pools]
    times = draw(st.lists(st.lists(_seconds, min_size=1, max_size=3), min_size=1, max_size=2))
    return World(
        Draws(incident_tables(reports), attempts_table(len(reports), times)),
        rota_table([*units, *desks]),
        draw(policies(*without)),
    )


@st.composite
def fifo_worlds(draw: st.DrawFn) -> World:
    """One grade, one area, one pool on duty throughout; everything is ready when reported."""
    fates = {**dict.fromkeys(_FATES, 0), "grade": 1, "ratified_grade": 1, "officers": 1}
    never = ("return_at", "escalates_at", "assessment_seconds", "research_seconds")
    nor = ("ratification_seconds", "patience_seconds", "decision_sum")
    fates |= dict.fromkeys((*never, *nor), NEVER)
    fates |= {"deploys": 1, "origin": Origin.DIRECT}
    varied = ("reported_at", "base_travel_seconds", "scene_seconds", "writing_seconds")
    each = st.fixed_dictionaries({name: _FATES[name] for name in varied})
    reports = draw(st.lists(each.map(lambda one: {**fates, **one}), min_size=1, max_size=10))
    return World(
        Draws(incident_tables(reports), attempts_table(len(reports), [(0,)])),
        staffed(draw(st.integers(1, 3))),
        _policy({}),
    )


def staffed(count: int) -> Table:
    """So many northern units, on duty throughout."""
    row = {"pool": NORTH, "on_at": START, "off_at": START + 9999, "break_at": NEVER}
    return rota_table([{**row, "break_seconds": 0, "officers": 1}] * count)
