"""The incidents of one replication, the fates of their allocations, and what may follow them.

Each column of each incident is drawn apart from all others (see `luck`), so what no engine reads is
not drawn, which moves nothing. A key is the code of the stream's name above the number within the
stream (see `field`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.fates import concerns, episodes
from sim.fates.durations import rounded, seconds_at
from sim.fates.field import NUMBER_BITS
from sim.fates.luck import (
    Columns,
    Luck,
    chosen,
    full,
    parts_of,
    picked_by,
    placed,
    reported_at,
    sums_of,
)
from sim.fates.reports import child_reports, point_reports, scripted
from sim.scenario.demand import (
    DeskWork,
    IncidentStream,
    LackingDetail,
    MissingAdult,
    MissingChild,
    RiskName,
)
from sim.scenario.models import Scenario
from sim.scenario.names import name_code
from sim.streams import Streams
from sim.tables import (
    ATTEMPTS,
    INCIDENTS,
    NEVER,
    NONE,
    PARTS,
    AfterHangUp,
    Draws,
    Origin,
    Risk,
    Table,
    stable_order,
)

__all__ = ["draw"]

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]

_ORIGINS: Final[Mapping[str, Origin]] = {
    "999": Origin.EMERGENCY,
    "101": Origin.NON_EMERGENCY,
    "online": Origin.ONLINE,
    "direct": Origin.DIRECT,
}
_RISKS: Final[Mapping[RiskName, Risk]] = {"low": Risk.LOW, "medium": Risk.MEDIUM, "high": Risk.HIGH}
_LOWEST_VULNERABLE_GRADE: Final = 2

_OF_CHILDREN: Final = (
    "area",
    "origin",
    "risk",
    "grade",
    "thrive",
    "thrive_done",
    "assessment",
    "research",
    "lacking_detail",
    "ratification",
    "regrade",
    "escalation_share",
    "escalation",
    "held",
    "officers",
    "travel",
    "scene",
    "writing",
    "interview",
    "rank",
)
"""Columns that most missing children have, drawn together: their numbers are scattered."""


def draw(scenario: Scenario, streams: Streams, start: int, end: int) -> Draws:
    """Draw all that chance decides about what is reported in a window.

    Parameters
    ----------
    scenario : Scenario
        Demand, calendar, areas and episode; of the policy, who dispatches and how often a job
        may be diverted.
    streams : Streams
        Source of the uniforms: one study seed and replication.
    start, end : int
        Seconds from local midnight of the first day; rows have ``start <= reported_at < end``.

    Returns
    -------
    Draws
        Incidents and desk tasks, in the order (reported_at, key). Attempts, in the order (key,
        attempt): for each incident that deploys, ``diversion.at_most + 2`` rows; the work is 0
        where nobody dispatches. Episodes and enquiries: see `sim.fates.episodes`; concerns:
        `sim.fates.concerns`.

    Notes
    -----
    Rows and values do not depend on the window, which only picks them.
    """
    drawn: list[tuple[int, Columns]] = []
    dispatch_keys: list[IntArray] = []
    dispatch_seconds: list[IntArray] = []
    followed: list[episodes.Followed] = []
    visits: list[dict[str, IntArray]] = []
    for place, (name, stream) in enumerate(scenario.streams.items()):
        if stream.volume_per_year == 0 and not scripted(stream):
            continue
        if isinstance(stream, MissingChild):
            columns, luck = child_reports(scenario, streams, name, stream, start, end)
            luck = luck.drawn_ahead((*_OF_CHILDREN, *_dispatch_columns(scenario)))
        else:
            columns, luck = point_reports(scenario, streams, name, stream, start, end)
        prefix = name_code(name) << NUMBER_BITS
        columns["stream"] = place
        columns["key"] = key = luck.number + prefix
        if isinstance(stream, DeskWork):
            _desk_task(scenario, stream, luck, columns)
        else:
            rows = _incident(scenario, stream, luck, columns)
            dispatch_keys.append(key[rows])
            dispatch_seconds.append(_dispatch(scenario, luck, rows))
            if scenario.concern is not None and name in scenario.concern.streams:
                visits += concerns.drawn(scenario, scenario.concern, luck, columns, rows)
        if scenario.episode is not None and name in scenario.episode.streams:
            followed.append(episodes.drawn(scenario, scenario.episode, luck, columns))
        child = columns.get("child")
        if child is not None:
            columns["child"] = child + prefix
        drawn.append((luck.number.size, columns))
    return Draws(
        _joined(drawn),
        _attempts(dispatch_keys, dispatch_seconds, _attempts_held(scenario)),
        *episodes.joined(followed),
        concerns.joined(visits),
    )


def _desk_task(scenario: Scenario, stream: DeskWork, luck: Luck, columns: Columns) -> None:
    columns.update(
        area=NONE,
        desk_pool=list(scenario.pools).index(stream.pool),
        origin=Origin.DIRECT,
        grade=stream.urgency,
        ratified_grade=stream.urgency,
        desk_seconds=luck.seconds(stream.work, "desk_work"),
    )


def _incident(scenario: Scenario, stream: IncidentStream, luck: Luck, columns: Columns) -> IntArray:
    """Fill an incident stream's columns; return the rows to which somebody is sent."""
    areas = {place: stream.areas.get(name, 0.0) for place, name in enumerate(scenario.areas)}
    origins = {int(_ORIGINS[name]): share for name, share in sorted(stream.origins.items())}
    columns.update(
        area=chosen(areas, luck, "area"),
        origin=chosen(origins, luck, "origin"),
        vulnerable=int(stream.vulnerable),
    )
    cohort = _Cohort.of(scenario, luck, columns)
    _first_grade(stream, luck, columns, cohort)
    form = episodes.with_form(scenario, luck, columns)
    _call(stream, luck, columns, form.assessment)
    room = scenario.policy.control_room
    if room.switchboard is not None:
        columns["switch_seconds"] = luck.seconds(room.switch, "switch")
        columns["passed_at_once"] = int(luck.stream in room.passed_at_once)
    _patience(stream, luck, columns)
    sent = ~luck.below(stream.ends_without_deployment, "ends_without_deployment")
    rows = np.flatnonzero(sent)
    columns["deploys"] = sent.astype(np.int64)
    if isinstance(stream, MissingAdult) and not isinstance(stream, MissingChild):
        columns["last_seen_at"] = reported_at(columns) - luck.seconds(stream.last_seen, "last_seen")
        if stream.natural_return is not None:
            until = luck.seconds(stream.natural_return, "natural_return")
            columns["return_at"] = reported_at(columns) + until
    columns["ratified_grade"] = columns["grade"]
    columns["ratified_risk"] = columns.get("risk", int(Risk.NOT_ASSESSED))
    if rows.size:
        _research(stream, luck, columns, rows, form.research, cohort)
        _ratification(scenario, stream, luck, columns, rows)
        _escalation(stream, luck, columns, rows)
        _telephone(scenario, luck, columns, rows)
        _attendance(scenario, stream, luck, columns, rows)
    return rows


class _Cohort(NamedTuple):
    """Reports of children of the exploitation cohort, and what is otherwise of them."""

    rows: BoolArray
    risk: Mapping[RiskName, float] | None
    trigger_plans: bool

    @classmethod
    def of(cls, scenario: Scenario, luck: Luck, columns: Columns) -> _Cohort | None:
        """Return it, where anything is otherwise."""
        cohort = None if scenario.episode is None else scenario.episode.cohort
        if cohort is None or (cohort.risk is None and not cohort.trigger_plans):
            return None
        rows = episodes.of_cohort(scenario, luck, columns)
        return cls(rows, cohort.risk, cohort.trigger_plans)


def _first_grade(
    stream: IncidentStream, luck: Luck, columns: Columns, cohort: _Cohort | None
) -> None:
    """Draw risk and grade; where the risk decides the grade, from the same uniform."""
    if not isinstance(stream, MissingAdult):
        columns["grade"] = chosen(dict(sorted(stream.grades.items())), luck, "grade")
        return
    risk = full(chosen(_levels(stream.risk), luck, "risk"), luck.number.size)
    if cohort is not None and cohort.risk is not None:
        own = picked_by(_levels(cohort.risk), luck.uniform("risk"))
        risk = np.where(cohort.rows, own, risk)
    uniform = luck.uniform("grade")
    grade = picked_by(dict(sorted(stream.grades.items())), uniform)
    for name, shares in stream.grades_by_risk.items():
        assessed = risk == _RISKS[name]
        grade[assessed] = picked_by(dict(sorted(shares.items())), uniform[assessed])
    columns["risk"], columns["grade"] = risk, grade


def _levels(shares: Mapping[RiskName, float]) -> dict[int, float]:
    return {int(_RISKS[name]): shares.get(name, 0.0) for name in _RISKS}


def _call(stream: IncidentStream, luck: Luck, columns: Columns, factor: FloatArray | float) -> None:
    """Draw the steps of the call; without a THRIVE all of it lies before the grade (rule 2.2)."""
    thrive = luck.seconds(stream.thrive, "thrive")
    wrap = luck.seconds(stream.wrap, "wrap")
    without = np.flatnonzero(~luck.below(stream.thrive_done, "thrive_done"))
    if isinstance(stream, MissingAdult):
        assessment = rounded(luck.minutes(stream.assessment, "assessment") * factor)
        thrive[without] += assessment[without]
        assessment[without] = 0
        columns["assessment_seconds"] = assessment
    thrive[without] += wrap[without]
    wrap[without] = 0
    columns["thrive_seconds"], columns["wrap_seconds"] = thrive, wrap


def _patience(stream: IncidentStream, luck: Luck, columns: Columns) -> None:
    """Draw of those who call by 101 how long they wait, and what they do when they hang up."""
    ways = stream.hanging_up
    if ways is None:
        return
    size = luck.number.size
    rows = np.flatnonzero(full(columns["origin"], size) == Origin.NON_EMERGENCY)
    shares = {
        int(AfterHangUp.GIVES_UP): 1 - ways.calls_again - ways.goes_online,
        int(AfterHangUp.CALLS_AGAIN): ways.calls_again,
        int(AfterHangUp.GOES_ONLINE): ways.goes_online,
    }
    patience = luck.seconds(ways.patience, "patience", rows)
    columns["patience_seconds"] = placed(size, rows, patience, NEVER)
    then = full(chosen(shares, luck, "after_hang_up", rows), rows.size)
    columns["after_hang_up"] = placed(size, rows, then)
    if ways.again_after is not None:
        again = luck.seconds(ways.again_after, "again", rows)
        columns["again_seconds"] = placed(size, rows, again)


def _research(
    stream: IncidentStream,
    luck: Luck,
    columns: Columns,
    rows: IntArray,
    factor: FloatArray | float,
    cohort: _Cohort | None,
) -> None:
    if stream.research is None:
        return
    rows = rows[luck.below(stream.research_share, "research_share", rows)]
    minutes = luck.minutes(stream.research, "research", rows)
    if isinstance(stream, MissingAdult):
        # What is known is known of a child, whichever the episode.
        number = luck.number[rows]
        if isinstance(stream, MissingChild):
            child = columns["child"]
            assert not isinstance(child, int)
            number = child[rows]
        person = Luck(luck.streams, luck.stream, number)
        known = person.below(stream.known.flagged, "flagged")
        known |= person.below(stream.known.trigger_plan, "trigger_plan")
        if cohort is not None and cohort.trigger_plans:
            known |= cohort.rows[rows]
        minutes = np.where(known, stream.known.research_factor, 1.0) * minutes
        minutes = minutes * (factor if isinstance(factor, float) else factor[rows])
    columns["research_seconds"] = placed(luck.number.size, rows, rounded(minutes), NEVER)


def _ratification(
    scenario: Scenario, stream: IncidentStream, luck: Luck, columns: Columns, rows: IntArray
) -> None:
    """Draw ratification's length and what it would make of grade and risk."""
    if stream.ratification is None:
        return
    detail = stream.lacking_detail if isinstance(stream, MissingAdult) else LackingDetail(share=0)
    lacking = luck.below(detail.share, "lacking_detail", rows)
    slower = np.where(lacking, detail.ratification_factor, 1.0)
    oftener = np.where(lacking, detail.regrade_factor, 1.0)
    minutes = luck.minutes(stream.ratification, "ratification", rows) * slower
    size = luck.number.size
    columns["ratification_seconds"] = placed(size, rows, rounded(minutes), NEVER)
    if stream.regrade.upgraded == stream.regrade.downgraded == 0:
        return
    uniform = luck.uniform("regrade", rows)
    # The two shares are taken from the two ends, so that neither moves the other.
    upgraded = uniform < stream.regrade.upgraded * oftener
    downgraded = ~upgraded & (uniform >= 1.0 - stream.regrade.downgraded * oftener)
    step = downgraded.astype(np.int64) - upgraded
    lowest = _LOWEST_VULNERABLE_GRADE if stream.vulnerable else max(scenario.grades)
    grade = full(columns["grade"], size)
    changed = grade.copy()
    changed[rows] = np.clip(grade[rows] + step, 1, np.maximum(lowest, grade[rows]))
    columns["ratified_grade"] = changed
    if "risk" in columns:
        risk = full(columns["risk"], size)
        changed = risk.copy()
        changed[rows] = np.clip(risk[rows] - step, Risk.LOW, Risk.HIGH)
        columns["ratified_risk"] = changed


def _escalation(stream: IncidentStream, luck: Luck, columns: Columns, rows: IntArray) -> None:
    """Draw when the risk rises; it does not for a person who is back by then."""
    if stream.escalation is None:
        return
    rows = rows[luck.below(stream.escalation.share, "escalation_share", rows)]
    at = reported_at(columns)[rows] + luck.seconds(stream.escalation.after, "escalation", rows)
    if "return_at" in columns:
        away = at < full(columns["return_at"], luck.number.size)[rows]
        rows, at = rows[away], at[away]
    columns["escalates_at"] = placed(luck.number.size, rows, at, NEVER)


def _telephone(scenario: Scenario, luck: Luck, columns: Columns, rows: IntArray) -> None:
    """Draw the enquiry by telephone before anybody is sent, where the stream has any."""
    first = scenario.policy.gate.telephone
    if first is None or luck.stream not in first.streams:
        return
    size = luck.number.size
    finds = luck.below(first.finds, "telephone_finds", rows).astype(np.int64)
    columns.update(
        uncertain_parts=placed(size, rows, parts_of(luck.uniform("uncertain", rows)), PARTS),
        telephone_seconds=placed(size, rows, luck.seconds(first.work, "telephone", rows)),
        telephone_finds=placed(size, rows, finds),
    )


def _attendance(
    scenario: Scenario, stream: IncidentStream, luck: Luck, columns: Columns, rows: IntArray
) -> None:
    size = luck.number.size
    officers = chosen(dict(sorted(stream.officers.items())), luck, "officers", rows)
    columns.update(
        held_parts=placed(size, rows, parts_of(luck.uniform("held", rows))),
        officers=placed(size, rows, full(officers, rows.size)),
        base_travel_seconds=_base_travel(scenario, luck, columns, rows),
        scene_seconds=luck.scattered(stream.scene, "scene", rows),
        writing_seconds=luck.scattered(stream.writing, "writing", rows),
    )
    if isinstance(stream, MissingAdult):
        columns["interview_seconds"] = luck.scattered(stream.interview, "interview", rows)
    if isinstance(stream, MissingChild):
        columns["rank_parts"] = placed(size, rows, parts_of(luck.uniform("rank", rows)))
    if scenario.policy.dispatch_rate is not None:
        columns["decision_sum"] = placed(size, rows, sums_of(luck.uniform("decision", rows)), NEVER)
    if stream.custody is not None:
        held = rows[luck.below(stream.custody_share, "custody_share", rows)]
        columns["custody_seconds"] = luck.scattered(stream.custody, "custody", held)


def _base_travel(scenario: Scenario, luck: Luck, columns: Columns, rows: IntArray) -> IntArray:
    area = full(columns["area"], luck.number.size)
    travel = np.zeros(luck.number.size, dtype=np.int64)
    uniform = luck.uniform("travel", rows)
    for place, described in enumerate(scenario.areas.values()):
        here = area[rows] == place
        travel[rows[here]] = seconds_at(described.travel, uniform[here])
    return travel


def _attempts_held(scenario: Scenario) -> int:
    """Return the allocations whose fates are drawn: one, a second, and one for each diversion."""
    return scenario.policy.diversion.at_most + 2


def _dispatch(scenario: Scenario, luck: Luck, rows: IntArray) -> IntArray:
    """Return the dispatcher's work for each attempt at the rows, shape (rows, attempts)."""
    control_room = scenario.policy.control_room
    held = _attempts_held(scenario)
    seconds = np.zeros((rows.size, held), dtype=np.int64)
    if control_room.dispatch is None or control_room.dispatchers is None or not rows.size:
        return seconds
    for attempt, column in enumerate(_dispatch_columns(scenario)):
        seconds[:, attempt] = luck.seconds(control_room.dispatch, column, rows)
    return seconds


def _dispatch_columns(scenario: Scenario) -> list[str]:
    return [f"dispatch.{attempt}" for attempt in range(_attempts_held(scenario))]


def _attempts(keys: list[IntArray], seconds: list[IntArray], held: int) -> Table:
    key = np.concatenate([np.empty(0, np.int64), *keys])
    work = np.concatenate([np.empty((0, held), np.int64), *seconds])
    # Streams come one after another, and each in the order of its points: that is found soon.
    order = np.argsort(key, kind="stable")
    return Table(
        ATTEMPTS,
        {
            "key": np.repeat(key[order], held),
            "attempt": np.tile(np.arange(held), key.size),
            "dispatch_seconds": work[order].ravel(),
        },
    )


def _order(reported: IntArray, key: IntArray) -> npt.NDArray[np.intp]:
    """Return the order by (reported_at, key)."""
    # Streams come one after another, and each in the order of its points: that is found soon.
    by_key = np.argsort(key, kind="stable")
    return by_key[stable_order(reported[by_key])]


def _joined(drawn: list[tuple[int, Columns]]) -> Table:
    """Return the rows of all streams as one table in the order (reported_at, key)."""
    total = sum(size for size, _ in drawn)
    nothing = np.empty(0, dtype=np.int64)

    def end_to_end(name: str) -> IntArray:
        return np.concatenate([nothing, *(full(columns[name], size) for size, columns in drawn)])

    key, reported = end_to_end("key"), end_to_end("reported_at")
    places = np.empty(total, dtype=np.int64)
    places[_order(reported, key)] = np.arange(total)
    ends = np.cumsum([size for size, _ in drawn], dtype=np.int64)
    own = [columns for _, columns in drawn]
    of_streams = list(zip(own, np.split(places, ends[:-1]), strict=True)) if drawn else []

    def whole(name: str, dtype: str) -> npt.NDArray[np.integer]:
        absent = INCIDENTS.nothing[name]
        column = np.full(total, absent, dtype=dtype)
        for columns, rows in of_streams:
            part = columns.get(name, absent)
            # Most streams lack most columns.
            if not isinstance(part, int) or part != absent:
                column[rows] = part
        return column

    return Table(
        INCIDENTS, {column.name: whole(column.name, column.dtype) for column in INCIDENTS.columns}
    )
