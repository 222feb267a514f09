"""The incidents of one replication, and the fates of their allocations.

Every column has a uniform of its own, named by (stream, column) and placed by the incident's
lasting number, so that a value depends on nothing else: not on the other incidents, columns,
streams or rows. Shares are thresholds on such a uniform, so that a larger share takes in the whole
of a smaller one. What no engine reads is not drawn, which moves nothing either.

A key is the code of the stream's name above the number within the stream (see `field` and `keys`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.fates.children import (
    HISTORY_SECONDS,
    ChildEpisodes,
    ChildPopulation,
    draw_child_episodes,
    episode_probabilities,
)
from sim.fates.durations import minutes_at, rounded, seconds_at
from sim.fates.field import NUMBER_BITS, points_under, values_for
from sim.fates.keys import codes_of
from sim.scenario.calendar import hourly_rates
from sim.scenario.demand import (
    DeskWork,
    Episodes,
    IncidentStream,
    LackingDetail,
    MissingAdult,
    MissingChild,
)
from sim.scenario.fields import Constant, Duration
from sim.scenario.models import Scenario
from sim.streams import Streams
from sim.tables import ATTEMPTS, DAY, INCIDENTS, NEVER, NONE, PARTS, Origin, Risk, Table

__all__ = ["draw"]

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
Columns: TypeAlias = dict[str, IntArray | int]
"""Drawn columns of one stream; a plain number stands for a column of that number throughout."""

_ORIGINS: Final[Mapping[str, Origin]] = {
    "999": Origin.EMERGENCY,
    "101": Origin.NON_EMERGENCY,
    "online": Origin.ONLINE,
    "direct": Origin.DIRECT,
}
_RISKS: Final[Mapping[str, Risk]] = {"low": Risk.LOW, "medium": Risk.MEDIUM, "high": Risk.HIGH}
_HOURS_PER_YEAR: Final = 8_760.0
_LONGEST_SPELL_DAYS: Final = HISTORY_SECONDS / DAY
_LOWEST_VULNERABLE_GRADE: Final = 2

_ABSENT: Final[Mapping[str, int]] = {
    "desk_pool": NONE,
    "child": NONE,
    "age_band": NONE,
    **{column.name: NEVER for column in INCIDENTS.columns if column.optional},
}
"""What a column holds where a stream draws nothing for it; 0 for those not named."""


def draw(scenario: Scenario, streams: Streams, start: int, end: int) -> tuple[Table, Table]:
    """Draw every incident and desk task reported in a window, and its allocations' fates.

    Parameters
    ----------
    scenario : Scenario
        Demand, calendar and areas; of the policy, who dispatches and how often a job may be
        diverted.
    streams : Streams
        Source of the uniforms: one study seed and replication.
    start, end : int
        Seconds from local midnight of the first day; rows have ``start <= reported_at < end``.

    Returns
    -------
    incidents : Table
        Of schema ``INCIDENTS``, in the order (reported_at, key).
    attempts : Table
        Of schema ``ATTEMPTS``, in the order (key, attempt): for each incident that deploys,
        ``diversion.at_most + 2`` rows. The work is 0 where nobody dispatches.

    Raises
    ------
    InputError
        If the names of two streams have the same code.

    Notes
    -----
    Rows and values do not depend on the window, which only picks them.
    """
    codes = codes_of(scenario.streams, "streams")
    drawn: list[tuple[int, Columns]] = []
    dispatch_keys: list[IntArray] = []
    dispatch_seconds: list[IntArray] = []
    for place, (name, stream) in enumerate(scenario.streams.items()):
        if stream.volume_per_year == 0:
            continue
        if isinstance(stream, MissingChild):
            columns, luck = _children(scenario, streams, name, stream, start, end)
        else:
            columns, luck = _points(scenario, streams, name, stream, start, end)
        prefix = codes[name] << NUMBER_BITS
        columns["stream"] = place
        columns["key"] = key = luck.number + prefix
        if isinstance(stream, DeskWork):
            _desk_task(scenario, stream, luck, columns)
        else:
            rows = _incident(scenario, stream, luck, columns)
            dispatch_keys.append(key[rows])
            dispatch_seconds.append(_dispatch(scenario, luck, rows))
        child = columns.get("child")
        if child is not None:
            columns["child"] = child + prefix
        drawn.append((luck.number.size, columns))
    return _joined(drawn), _attempts(dispatch_keys, dispatch_seconds, _attempts_held(scenario))


@dataclass(frozen=True, slots=True)
class _Luck:
    """The uniforms of one stream's rows, shape (n,), by column."""

    streams: Streams
    stream: str
    number: IntArray

    def uniform(self, column: str, rows: IntArray | None = None) -> FloatArray:
        number = self.number if rows is None else self.number[rows]
        return values_for(self.streams, self.stream, f"incident.{column}", number)

    def below(self, share: float, column: str, rows: IntArray | None = None) -> BoolArray:
        """Return where a column's uniform lies under a share."""
        if share in (0.0, 1.0):
            size = self.number.size if rows is None else rows.size
            return np.full(size, share == 1.0)
        chosen: BoolArray = self.uniform(column, rows) < share
        return chosen

    def minutes(
        self, duration: Duration | None, column: str, rows: IntArray | None = None
    ) -> FloatArray:
        """Return lengths in minutes, 0 where there is no duration."""
        if duration is None or isinstance(duration, Constant):
            size = self.number.size if rows is None else rows.size
            uniform = np.full(size, 0.5)
        else:
            uniform = self.uniform(column, rows)
        return np.zeros(uniform.size) if duration is None else minutes_at(duration, uniform)

    def seconds(
        self, duration: Duration | None, column: str, rows: IntArray | None = None
    ) -> IntArray:
        return rounded(self.minutes(duration, column, rows))

    def scattered(self, duration: Duration | None, column: str, rows: IntArray) -> IntArray | int:
        """Return lengths at some rows, in seconds, and 0 at the others."""
        if duration is None or rows.size == 0:
            return 0
        return _placed(self.number.size, rows, self.seconds(duration, column, rows))


def _points(
    scenario: Scenario,
    streams: Streams,
    name: str,
    stream: DeskWork | IncidentStream,
    start: int,
    end: int,
) -> tuple[Columns, _Luck]:
    """Return the reports of a stream without repeats, in the order of their numbers."""
    first, last = _whole_days(start, end)
    rates = _rates(scenario, stream, first, last)
    number, reported = points_under(streams, name, rates, first * DAY, last * DAY)
    inside = np.flatnonzero((reported >= start) & (reported < end))
    # Neighbouring numbers are drawn together, at a fraction of the cost of scattered ones.
    rows = inside[np.argsort(number[inside], kind="stable")]
    return {"reported_at": reported[rows]}, _Luck(streams, name, number[rows])


def _children(
    scenario: Scenario, streams: Streams, name: str, stream: MissingChild, start: int, end: int
) -> tuple[Columns, _Luck]:
    """Return the reports of missing children, with what belongs to child and episode."""
    first, last = _whole_days(min(start, -HISTORY_SECONDS), max(end, 0))
    # From one volume whatever the stream's, so that more children move no child's times.
    usual = stream.model_copy(update={"volume_per_year": _HOURS_PER_YEAR})
    shape = _rates(scenario, usual, first, last)

    def until_return(number: IntArray, _in_care: BoolArray) -> IntArray:
        return seconds_at(
            stream.natural_return, values_for(streams, name, "incident.natural_return", number)
        )

    episodes = draw_child_episodes(
        streams,
        name,
        _population(stream),
        shape,
        until_return,
        start=first * DAY,
        end=last * DAY,
    )
    rows = np.flatnonzero((episodes.reported >= start) & (episodes.reported < end))
    luck = _Luck(streams, name, episodes.number[rows])
    child = episodes.child[rows]
    of_child = _Luck(streams, name, child)
    reported = episodes.reported[rows]
    seen = reported - luck.seconds(stream.last_seen, "last_seen")
    bands = {place: share for place, share in enumerate(stream.children.age_bands.values())}
    columns: Columns = {
        "child": child,
        # Counted from 1 where episodes are drawn, from 0 in the table.
        "episode": episodes.episode[rows] - 1,
        "in_care": episodes.in_care[rows].astype(np.int64),
        "age_band": _chosen(bands, of_child, "age_band"),
        "reported_at": reported,
        "return_at": episodes.returns[rows],
        # A child is last seen after the return before.
        "last_seen_at": np.maximum(seen, _returns_before(episodes)[rows]),
    }
    return columns, luck


def _population(stream: MissingChild) -> ChildPopulation:
    """Return a stream's children as `children` counts them, by incident and not by child."""
    children = stream.children
    care, home = children.episodes_in_care, children.episodes_at_home
    most = max(care.at_most, home.at_most)
    care_incidents = children.in_care * _mean_episodes(care, most)
    home_incidents = (1.0 - children.in_care) * _mean_episodes(home, most)
    return ChildPopulation(
        incidents_per_year=stream.volume_per_year,
        care_share_of_incidents=care_incidents / (care_incidents + home_incidents),
        care_exponent=care.exponent,
        care_decay=care.decay,
        other_exponent=home.exponent,
        other_decay=home.decay,
        episodes_most=most,
        gap_median_days=children.gap_median_days,
        gap_sigma=children.gap_sigma,
        gap_frailty_power=children.gap_exponent,
        longest_spell_days=_LONGEST_SPELL_DAYS,
    )


def _mean_episodes(episodes: Episodes, most: int) -> float:
    probability = episode_probabilities(episodes.exponent, episodes.decay, most)
    return float(probability @ np.arange(1, most + 1))


def _returns_before(episodes: ChildEpisodes) -> IntArray:
    """Return when the child's episode before each row ended; ``NEVER`` before a first one."""
    by_number = np.argsort(episodes.number)
    before = np.full(episodes.number.shape, NEVER, dtype=np.int64)
    later = np.flatnonzero(episodes.episode > 1)
    place = np.searchsorted(episodes.number[by_number], episodes.number[later] - 1)
    before[later] = episodes.returns[by_number[place]]
    return before


def _desk_task(scenario: Scenario, stream: DeskWork, luck: _Luck, columns: Columns) -> None:
    columns.update(
        area=NONE,
        desk_pool=list(scenario.pools).index(stream.pool),
        origin=Origin.DIRECT,
        grade=stream.urgency,
        ratified_grade=stream.urgency,
        desk_seconds=luck.seconds(stream.work, "desk_work"),
    )


def _incident(
    scenario: Scenario, stream: IncidentStream, luck: _Luck, columns: Columns
) -> IntArray:
    """Fill an incident stream's columns; return the rows to which somebody is sent."""
    areas = {
        place: stream.areas.get(name, 0.0) for place, name in enumerate(scenario.areas)
    }
    origins = {int(_ORIGINS[name]): share for name, share in sorted(stream.origins.items())}
    columns.update(
        area=_chosen(areas, luck, "area"),
        origin=_chosen(origins, luck, "origin"),
        vulnerable=int(stream.vulnerable),
    )
    _first_grade(stream, luck, columns)
    _call(stream, luck, columns)
    sent = ~luck.below(stream.ends_without_deployment, "ends_without_deployment")
    rows = np.flatnonzero(sent)
    columns["deploys"] = sent.astype(np.int64)
    if isinstance(stream, MissingAdult) and not isinstance(stream, MissingChild):
        columns["last_seen_at"] = _reported(columns) - luck.seconds(stream.last_seen, "last_seen")
        if stream.natural_return is not None:
            until = luck.seconds(stream.natural_return, "natural_return")
            columns["return_at"] = _reported(columns) + until
    columns["ratified_grade"] = columns["grade"]
    columns["ratified_risk"] = columns.get("risk", int(Risk.NOT_ASSESSED))
    if rows.size:
        _research(stream, luck, columns, rows)
        _ratification(scenario, stream, luck, columns, rows)
        _escalation(stream, luck, columns, rows)
        _attendance(scenario, stream, luck, columns, rows)
    return rows


def _first_grade(stream: IncidentStream, luck: _Luck, columns: Columns) -> None:
    """Draw risk and grade; where the risk decides the grade, from the same uniform."""
    if not isinstance(stream, MissingAdult):
        columns["grade"] = _chosen(dict(sorted(stream.grades.items())), luck, "grade")
        return
    levels = {int(_RISKS[name]): stream.risk.get(name, 0.0) for name in ("low", "medium", "high")}
    risk = _full(_chosen(levels, luck, "risk"), luck.number.size)
    uniform = luck.uniform("grade")
    grade = _pick(dict(sorted(stream.grades.items())), uniform)
    for name, shares in stream.grades_by_risk.items():
        assessed = risk == _RISKS[name]
        grade[assessed] = _pick(dict(sorted(shares.items())), uniform[assessed])
    columns["risk"], columns["grade"] = risk, grade


def _call(stream: IncidentStream, luck: _Luck, columns: Columns) -> None:
    """Draw the steps of the call; without a THRIVE all of it lies before the grade (rule 2.2)."""
    thrive = luck.seconds(stream.thrive, "thrive")
    wrap = luck.seconds(stream.wrap, "wrap")
    without = np.flatnonzero(~luck.below(stream.thrive_done, "thrive_done"))
    if isinstance(stream, MissingAdult):
        assessment = luck.seconds(stream.assessment, "assessment")
        thrive[without] += assessment[without]
        assessment[without] = 0
        columns["assessment_seconds"] = assessment
    thrive[without] += wrap[without]
    wrap[without] = 0
    columns["thrive_seconds"], columns["wrap_seconds"] = thrive, wrap


def _research(stream: IncidentStream, luck: _Luck, columns: Columns, rows: IntArray) -> None:
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
        person = _Luck(luck.streams, luck.stream, number)
        known = person.below(stream.known.flagged, "flagged")
        known |= person.below(stream.known.trigger_plan, "trigger_plan")
        minutes = np.where(known, stream.known.research_factor, 1.0) * minutes
    columns["research_seconds"] = _placed(luck.number.size, rows, rounded(minutes), NEVER)


def _ratification(
    scenario: Scenario, stream: IncidentStream, luck: _Luck, columns: Columns, rows: IntArray
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
    columns["ratification_seconds"] = _placed(size, rows, rounded(minutes), NEVER)
    if stream.regrade.upgraded == stream.regrade.downgraded == 0:
        return
    uniform = luck.uniform("regrade", rows)
    # The two shares are taken from the two ends, so that neither moves the other.
    upgraded = uniform < stream.regrade.upgraded * oftener
    downgraded = ~upgraded & (uniform >= 1.0 - stream.regrade.downgraded * oftener)
    step = downgraded.astype(np.int64) - upgraded
    lowest = _LOWEST_VULNERABLE_GRADE if stream.vulnerable else max(scenario.grades)
    grade = _full(columns["grade"], size)
    changed = grade.copy()
    changed[rows] = np.clip(grade[rows] + step, 1, np.maximum(lowest, grade[rows]))
    columns["ratified_grade"] = changed
    if "risk" in columns:
        risk = _full(columns["risk"], size)
        changed = risk.copy()
        changed[rows] = np.clip(risk[rows] - step, Risk.LOW, Risk.HIGH)
        columns["ratified_risk"] = changed


def _escalation(stream: IncidentStream, luck: _Luck, columns: Columns, rows: IntArray) -> None:
    """Draw when the risk rises; it does not for a person who is back by then."""
    if stream.escalation is None:
        return
    rows = rows[luck.below(stream.escalation.share, "escalation_share", rows)]
    at = _reported(columns)[rows] + luck.seconds(stream.escalation.after, "escalation", rows)
    if "return_at" in columns:
        away = at < _full(columns["return_at"], luck.number.size)[rows]
        rows, at = rows[away], at[away]
    columns["escalates_at"] = _placed(luck.number.size, rows, at, NEVER)


def _attendance(
    scenario: Scenario, stream: IncidentStream, luck: _Luck, columns: Columns, rows: IntArray
) -> None:
    size = luck.number.size
    officers = _chosen(dict(sorted(stream.officers.items())), luck, "officers", rows)
    columns.update(
        held_parts=_placed(size, rows, _parts(luck.uniform("held", rows))),
        officers=_placed(size, rows, _full(officers, rows.size)),
        base_travel_seconds=_base_travel(scenario, luck, columns, rows),
        scene_seconds=luck.scattered(stream.scene, "scene", rows),
        writing_seconds=luck.scattered(stream.writing, "writing", rows),
    )
    if isinstance(stream, MissingAdult):
        columns["interview_seconds"] = luck.scattered(stream.interview, "interview", rows)
    if isinstance(stream, MissingChild):
        columns["rank_parts"] = _placed(size, rows, _parts(luck.uniform("rank", rows)))
    if stream.custody is not None:
        held = rows[luck.below(stream.custody_share, "custody_share", rows)]
        columns["custody_seconds"] = luck.scattered(stream.custody, "custody", held)


def _base_travel(
    scenario: Scenario, luck: _Luck, columns: Columns, rows: IntArray
) -> IntArray:
    area = _full(columns["area"], luck.number.size)
    travel = np.zeros(luck.number.size, dtype=np.int64)
    uniform = luck.uniform("travel", rows)
    for place, described in enumerate(scenario.areas.values()):
        here = area[rows] == place
        travel[rows[here]] = seconds_at(described.travel, uniform[here])
    return travel


def _attempts_held(scenario: Scenario) -> int:
    """Return the allocations whose fates are drawn: one, a second, and one for each diversion."""
    return scenario.policy.diversion.at_most + 2


def _dispatch(scenario: Scenario, luck: _Luck, rows: IntArray) -> IntArray:
    """Return the dispatcher's work for each attempt at the rows, shape (rows, attempts)."""
    control_room = scenario.policy.control_room
    held = _attempts_held(scenario)
    seconds = np.zeros((rows.size, held), dtype=np.int64)
    if control_room.dispatch is None or control_room.dispatchers is None:
        return seconds
    for attempt in range(held):
        seconds[:, attempt] = luck.seconds(control_room.dispatch, f"dispatch.{attempt}", rows)
    return seconds


def _attempts(keys: list[IntArray], seconds: list[IntArray], held: int) -> Table:
    key = np.concatenate([np.empty(0, np.int64), *keys])
    work = np.concatenate([np.empty((0, held), np.int64), *seconds])
    order = np.argsort(key)
    return Table(
        ATTEMPTS,
        {
            "key": np.repeat(key[order], held),
            "attempt": np.tile(np.arange(held), key.size),
            "dispatch_seconds": work[order].ravel(),
        },
    )


def _joined(drawn: list[tuple[int, Columns]]) -> Table:
    """Return the rows of all streams as one table in the order (reported_at, key)."""
    total = sum(size for size, _ in drawn)

    def whole(name: str) -> IntArray | int:
        parts = [columns.get(name, _ABSENT.get(name, 0)) for _, columns in drawn]
        numbers = {part for part in parts if isinstance(part, int)}
        if all(isinstance(part, int) for part in parts) and len(numbers) == 1:
            return numbers.pop()
        pieces = [_full(part, size) for (size, _), part in zip(drawn, parts, strict=True)]
        return np.concatenate([np.empty(0, dtype=np.int64), *pieces])

    key, reported = _full(whole("key"), total), _full(whole("reported_at"), total)
    order = np.lexsort((key, reported))

    def ordered(name: str) -> IntArray:
        column = whole(name)
        # A column of one number is in any order.
        return _full(column, total) if isinstance(column, int) else column[order]

    return Table(INCIDENTS, {name: ordered(name) for name in INCIDENTS.names})


def _chosen(
    shares: Mapping[int, float], luck: _Luck, column: str, rows: IntArray | None = None
) -> IntArray | int:
    """Return a choice for each row; a plain number where there is but one."""
    possible = [value for value, share in shares.items() if share > 0]
    if len(possible) == 1:
        return possible[0]
    return _pick(shares, luck.uniform(column, rows))


def _pick(shares: Mapping[int, float], uniform: FloatArray) -> IntArray:
    """Return the value whose stretch of (0, 1), in the mapping's order, holds each uniform."""
    values = np.array([value for value, share in shares.items() if share > 0], dtype=np.int64)
    # Without the last edge: the sum may fall short of 1 by rounding.
    edges = np.cumsum([share for share in shares.values() if share > 0])[:-1]
    picked: IntArray = values[np.searchsorted(edges, uniform, side="right")]
    return picked


def _parts(uniform: FloatArray) -> IntArray:
    parts: IntArray = np.floor(uniform * PARTS).astype(np.int64)
    return parts


def _placed(size: int, rows: IntArray, values: IntArray, fill: int = 0) -> IntArray:
    column = np.full(size, fill, dtype=np.int64)
    column[rows] = values
    return column


def _full(column: IntArray | int, size: int) -> IntArray:
    return np.full(size, column, dtype=np.int64) if isinstance(column, int) else column


def _reported(columns: Columns) -> IntArray:
    reported = columns["reported_at"]
    assert not isinstance(reported, int)
    return reported


def _whole_days(start: int, end: int) -> tuple[int, int]:
    """Return the days, counted from the first, that cover a window: from one up to another."""
    return start // DAY, -(-end // DAY)


def _rates(
    scenario: Scenario, stream: DeskWork | IncidentStream, first: int, last: int
) -> FloatArray:
    """Return arrivals an hour through a run of days."""
    calendar = scenario.calendar
    return hourly_rates(
        stream,
        scenario.profiles[stream.profile],
        calendar,
        calendar.first_day + timedelta(days=first),
        last - first,
    )
