"""What may follow a missing child's report: the episodes table, and the lines of enquiry.

A value about an episode is a function of (incident, column), and one about a line of enquiry of
(incident, line, column), so that more lines, or other kinds of line, move no other value. For
speed they stand in one sequence for each incident: first a place for each column of the episode,
then, line by line, one for each column of a line. What is so of a child in every episode (cohort,
form at the home, placed from outside) is drawn by child, as in `luck`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.fates.durations import seconds_at
from sim.fates.luck import Columns, Luck, chosen, full, parts_of, picked_by, placed
from sim.fates.reports import CARE_FORM
from sim.scenario.demand import MissingChild
from sim.scenario.episode import Episode, Package
from sim.scenario.fields import Duration
from sim.scenario.models import Scenario
from sim.tables import ENQUIRIES, EPISODES, NEVER, Risk, Table

__all__ = ["Followed", "Form", "drawn", "joined", "of_cohort", "travel_at", "with_form"]

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]

_EPISODE: Final = (
    "prevented",
    "unrecorded",
    "visit_officers",
    "visit_travel",
    "transport_share",
    "transport",
    "protection_share",
    "protection",
    "ppn_sent",
    "ppn",
    "mash",
    "strategy_held",
    "strategy_after",
    "strategy_record",
    "rhi_offered",
    "rhi_accepted",
    "rhi_wait",
    "rhi",
    "rhi_outside",
    "rhi_informs",
    "protection_night",
    "no_placement",
    "history",
    "answer",
    "sent_on",
)
_EPISODE_PLACES: Final = 32
"""Places kept for `_EPISODE`, which may only grow at its end."""

_LINE: Final = ("gap", "work", "officers", "travel", "finds", "lost", "review", "tasking")
"""The columns of one line, in the order of their places; to change it changes all luck."""

_LEVELS: Final[Mapping[int, str]] = {Risk.LOW: "low", Risk.MEDIUM: "medium", Risk.HIGH: "high"}


@dataclass(frozen=True, slots=True)
class _Sequences(Luck):
    """The uniforms of one stream's rows, read off each row's own sequence.

    Parameters
    ----------
    drawn : ndarray of float64, shape (n, places)
        The beginning of the sequences.
    """

    drawn: FloatArray

    def uniform(self, column: str, rows: IntArray | None = None) -> FloatArray:
        of_all: FloatArray = self.drawn[:, _EPISODE.index(column)]
        return of_all if rows is None else of_all[rows]

    def lines(self) -> FloatArray:
        """Return the uniforms of `_LINE` for each line, shape (n, lines, 8)."""
        beyond = self.drawn[:, _EPISODE_PLACES:]
        return beyond.reshape(self.number.size, -1, len(_LINE))


class Form(NamedTuple):
    """Factors on the work of a report, for each row or for all."""

    assessment: FloatArray | float
    research: FloatArray | float


class Followed(NamedTuple):
    """One stream's episodes and lines of enquiry, by column."""

    reported_at: IntArray
    episodes: dict[str, IntArray]
    """Shape (n,) each."""
    enquiries: dict[str, IntArray]
    """Shape (m,) each."""


def with_form(scenario: Scenario, luck: Luck, columns: Columns) -> Form:
    """Return what a form kept at the home saves of a report's work.

    Parameters
    ----------
    scenario : Scenario
        Which streams are followed, and how many children in care have a form.
    luck : Luck
        The stream's rows.
    columns : Columns
        ``child`` (its number within the stream) and ``in_care`` are read.

    Returns
    -------
    Form
        Factors of 1 where there is no form.
    """
    episode = scenario.episode
    if episode is None or episode.care_forms is None or luck.stream not in episode.streams:
        return Form(1.0, 1.0)
    forms = episode.care_forms
    there = _of_children(luck, columns).below(forms.share, CARE_FORM) & _in_care(luck, columns)
    return Form(
        np.where(there, forms.assessment_factor, 1.0), np.where(there, forms.research_factor, 1.0)
    )


def of_cohort(scenario: Scenario, luck: Luck, columns: Columns) -> BoolArray:
    """Return which reports are of children of the exploitation cohort.

    Parameters
    ----------
    scenario : Scenario
        Which streams are followed, and how many children are of the cohort.
    luck : Luck
        The stream's rows.
    columns : Columns
        ``child`` (its number within the stream) and ``in_care`` are read.

    Returns
    -------
    ndarray of bool, shape (n,)
        The same in every episode of a child; a larger cohort takes in the whole of a smaller one.
    """
    episode, stream = scenario.episode, scenario.streams[luck.stream]
    if (
        episode is None
        or episode.cohort is None
        or luck.stream not in episode.streams
        or not isinstance(stream, MissingChild)
    ):
        return np.zeros(luck.number.size, dtype=np.bool_)
    home, care = episode.cohort.chance(stream.children.in_care)
    of_children, others = _of_children(luck, columns), 1.0
    away = episode.out_of_area
    if away is not None and not away.in_cohort:
        # As many children, of those in care whom nobody placed here from outside.
        others = 1.0 - episode.outside_share
        care = min(care / others, 1.0) if others > 0 else 0.0
    chance = np.where(_in_care(luck, columns), care, home)
    of_it: BoolArray = of_children.uniform("cohort") < chance
    if others < 1.0:
        of_it &= ~_outside(episode, luck, columns)
    return of_it


def drawn(scenario: Scenario, episode: Episode, luck: Luck, columns: Columns) -> Followed:
    """Draw what may follow the reports of one stream.

    Parameters
    ----------
    scenario, episode : Scenario, Episode
        The areas; the rules whose lengths and shares are drawn.
    luck : Luck
        The stream's rows.
    columns : Columns
        What is drawn of them already: ``key``, ``child`` (its number within the stream),
        ``in_care``, ``area``, ``ratified_risk``, ``reported_at`` and ``previous_90_days`` are
        read.

    Returns
    -------
    Followed
        A row for each report, and for each of its lines of enquiry.
    """
    size = luck.number.size
    places = _EPISODE_PLACES + len(_LINE) * episode.most_lines
    of_rows = luck.streams.uniform_rows(luck.stream, "episode", blocks=luck.number, count=places)
    own = _Sequences(luck.streams, luck.stream, luck.number, of_rows)
    outside = np.flatnonzero(_outside(episode, luck, columns))
    whole = {
        "key": _array(columns, "key", size),
        "recorded": _recorded(episode, own, columns),
        "cohort": of_cohort(scenario, luck, columns).astype(np.int64),
        "previous_90_days": _array(columns, "previous_90_days", size),
        "prevent_parts": parts_of(own.uniform("prevented")),
        **_after_return(scenario, episode, own, columns, outside),
        **_partners(episode, own),
        **_return_interview(episode, own, outside),
        **_out_of_area(episode, own, outside),
    }
    return Followed(
        _array(columns, "reported_at", size), whole, _lines(scenario, episode, own, columns)
    )


def joined(followed: list[Followed]) -> tuple[Table, Table]:
    """Return all streams' rows: episodes by (reported_at, key), enquiries by (key, line)."""
    nothing = np.empty(0, dtype=np.int64)

    def column(name: str, parts: list[dict[str, IntArray]]) -> IntArray:
        return np.concatenate([nothing, *(part[name] for part in parts)])

    episodes = [each.episodes for each in followed]
    enquiries = [each.enquiries for each in followed]
    reported = np.concatenate([nothing, *(each.reported_at for each in followed)])
    order = np.lexsort((column("key", episodes), reported))
    # The lines of a report stand in their order already.
    by_key = np.argsort(column("key", enquiries), kind="stable")
    return (
        Table(EPISODES, {name: column(name, episodes)[order] for name in EPISODES.names}),
        Table(ENQUIRIES, {name: column(name, enquiries)[by_key] for name in ENQUIRIES.names}),
    )


def _array(columns: Columns, name: str, size: int) -> IntArray:
    return full(columns[name], size)


def _of_children(luck: Luck, columns: Columns) -> Luck:
    """Return the uniforms of each row's child, the same in every episode."""
    return Luck(luck.streams, luck.stream, _array(columns, "child", luck.number.size))


def _in_care(luck: Luck, columns: Columns) -> BoolArray:
    in_care: BoolArray = _array(columns, "in_care", luck.number.size) == 1
    return in_care


def _outside(episode: Episode, luck: Luck, columns: Columns) -> BoolArray:
    """Return which reports are of children in care who were placed here from outside."""
    return _in_care(luck, columns) & _of_children(luck, columns).below(
        episode.outside_share, "placed_from_outside"
    )


def _recorded(episode: Episode, luck: Luck, columns: Columns) -> IntArray:
    """Return 0 for reports of children in care that are never recorded, else 1."""
    never = luck.below(episode.unrecorded_share_in_care, "unrecorded") & _in_care(luck, columns)
    return (~never).astype(np.int64)


def _after_return(
    scenario: Scenario, episode: Episode, luck: Luck, columns: Columns, outside: IntArray
) -> dict[str, IntArray]:
    after, size, away = episode.after_return, luck.number.size, episode.out_of_area
    place = after.placement
    protected = np.flatnonzero(luck.below(after.protected(luck.stream), "protection_share"))
    night = None if place is None else place.out_of_hours
    not_found = after.without_placement(luck.stream)
    officers = chosen(dict(sorted(after.interview.officers.items())), luck, "visit_officers")
    transport = _for_some(luck, after.transport_share, after.transport, "transport")
    lengths = {
        "protection_seconds": _for_some(
            luck, after.protected(luck.stream), after.protection, "protection"
        ),
        "protection_night_seconds": full(
            luck.scattered(night, "protection_night", protected), size
        ),
    }
    if away is not None and away.transport is not None:
        brought = outside[transport[outside] > 0]
        transport[brought] = luck.seconds(away.transport, "transport", brought)
    if away is not None and away.protection_factor != 1.0:
        for column in lengths.values():
            column[outside] = np.rint(column[outside] * away.protection_factor).astype(np.int64)
    return {
        "interview_officers": full(officers, size),
        "interview_travel_seconds": travel_at(
            scenario, _array(columns, "area", size), luck.uniform("visit_travel")
        ),
        "transport_seconds": transport,
        **lengths,
        "no_placement": luck.below(not_found, "no_placement").astype(np.int64),
    }


def _partners(episode: Episode, luck: Luck) -> dict[str, IntArray]:
    ppn, mash, strategy = episode.ppn, episode.mash, episode.strategy
    return {
        "ppn_sent": luck.below(1.0 if ppn is None else ppn.share_sent, "ppn_sent").astype(np.int64),
        "ppn_seconds": luck.seconds(None if ppn is None else ppn.writing, "ppn"),
        "mash_seconds": luck.seconds(None if mash is None else mash.work, "mash"),
        "strategy_parts": parts_of(luck.uniform("strategy_held")),
        "strategy_after_seconds": luck.seconds(
            None if strategy is None else strategy.after, "strategy_after"
        ),
        "minutes_after_seconds": luck.seconds(
            None if strategy is None else strategy.record_after, "strategy_record"
        ),
    }


def _out_of_area(episode: Episode, luck: Luck, outside: IntArray) -> dict[str, IntArray]:
    """Return what takes longer for children whom another authority has placed here."""
    away, size = episode.out_of_area, luck.number.size
    return {
        f"{name}_seconds": full(
            luck.scattered(None if away is None else getattr(away, name), name, outside), size
        )
        for name in ("history", "answer", "sent_on")
    }


def _return_interview(episode: Episode, luck: Luck, outside: IntArray) -> dict[str, IntArray]:
    offer, size = episode.return_interview, luck.number.size
    nobody = np.zeros(size, dtype=np.int64)
    never = np.full(size, NEVER, dtype=np.int64)
    if offer is None:
        return {
            "rhi_offered": nobody,
            "rhi_accepted": nobody,
            "rhi_wait_seconds": nobody,
            "rhi_seconds": nobody,
            "outside_seconds": never,
            "informs": nobody,
        }
    return {
        "rhi_offered": luck.below(offer.share_offered, "rhi_offered").astype(np.int64),
        "rhi_accepted": luck.below(offer.share_accepted, "rhi_accepted").astype(np.int64),
        "rhi_wait_seconds": luck.seconds(offer.wait, "rhi_wait"),
        "rhi_seconds": luck.seconds(offer.work, "rhi"),
        "outside_seconds": placed(
            size, outside, luck.seconds(offer.outside, "rhi_outside", outside), NEVER
        ),
        "informs": luck.below(offer.share_informing_police, "rhi_informs").astype(np.int64),
    }


def _for_some(luck: Luck, share: float, duration: Duration | None, column: str) -> IntArray:
    """Return lengths for a share of the rows, and 0 for the others."""
    rows = np.flatnonzero(luck.below(share, f"{column}_share"))
    return full(luck.scattered(duration, column, rows), luck.number.size)


def _lines(
    scenario: Scenario, episode: Episode, luck: _Sequences, columns: Columns
) -> dict[str, IntArray]:
    """Return the lines of enquiry of each row, by the package of the risk that is ratified."""
    uniform = luck.lines()
    risk = _array(columns, "ratified_risk", luck.number.size)
    key = _array(columns, "key", luck.number.size)
    area = _array(columns, "area", luck.number.size)
    # A risk that was not assessed is treated as a medium one.
    levels = {**_LEVELS, Risk.NOT_ASSESSED: "medium"}
    parts = []
    for level in np.unique(risk).tolist():
        package: Package = getattr(episode.packages, levels[level])
        rows = np.flatnonzero(risk == level)
        kinds = _kinds(episode, package)
        parts.append(
            _of_package(
                scenario,
                episode,
                package,
                kinds,
                uniform[rows, : kinds.size],
                key[rows],
                area[rows],
            )
        )
    names = ENQUIRIES.names
    nothing = np.empty(0, dtype=np.int64)
    return {name: np.concatenate([nothing, *(part[name] for part in parts)]) for name in names}


def _kinds(episode: Episode, package: Package) -> IntArray:
    """Return the kind of each line of a package, shape (lines,)."""
    places = {name: place for place, name in enumerate(episode.lines)}
    first = [places[name] for name in package.first]
    then = [places[name] for name in package.then]
    again = -(-max(episode.most_lines - len(first), 0) // len(then)) if then else 0
    return np.array((first + then * again)[: episode.most_lines], dtype=np.int64)


def _of_package(
    scenario: Scenario,
    episode: Episode,
    package: Package,
    kinds: IntArray,
    uniform: FloatArray,
    key: IntArray,
    area: IntArray,
) -> dict[str, IntArray]:
    """Return the lines of rows of one package.

    Parameters
    ----------
    kinds : ndarray of int64, shape (lines,)
        Kind of each line.
    uniform : ndarray of float64, shape (rows, lines, 8)
        The uniforms of `_LINE`.
    key, area : ndarray of int64, shape (rows,)

    Returns
    -------
    dict of str to ndarray of int64, shape (rows * lines,)
        The columns of ``ENQUIRIES``, row by row.
    """
    shape = uniform.shape[:2]
    of = {name: uniform[:, :, place] for place, name in enumerate(_LINE)}
    gap = seconds_at(package.gap, of["gap"])
    if package.then_gap is not None:
        then = slice(len(package.first), None)
        gap[:, then] = seconds_at(package.then_gap, of["gap"][:, then])
    if package.first_gap is not None:
        gap[:, 0] = seconds_at(package.first_gap, of["gap"][:, 0])
    work, finds = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    desk, officers = np.zeros(shape, dtype=np.int64), np.ones(shape, dtype=np.int64)
    travel = np.zeros(shape, dtype=np.int64)
    at_base = travel_at(scenario, area[:, np.newaxis], of["travel"])
    for place, line in enumerate(episode.lines.values()):
        these = kinds == place
        if not these.any():
            continue
        work[:, these] = seconds_at(line.work, of["work"][:, these])
        finds[:, these] = of["finds"][:, these] < line.finds
        if line.done_by == "desk":
            desk[:, these] = 1
            continue
        if line.officers is not None:
            officers[:, these] = picked_by(
                dict(sorted(line.officers.items())), of["officers"][:, these]
            )
        travel[:, these] = at_base[:, these]
    columns = {
        "key": np.broadcast_to(key[:, np.newaxis], shape),
        "line": np.broadcast_to(np.arange(shape[1]), shape),
        "kind": np.broadcast_to(kinds, shape),
        # At least a second, so that lines without end never fall into one.
        "gap_seconds": np.maximum(gap, 1),
        "desk": desk,
        "officers": officers,
        "base_travel_seconds": travel,
        "work_seconds": work,
        "finds": finds,
        "lost_parts": parts_of(of["lost"]),
        "review_parts": parts_of(of["review"]),
        "tasking_parts": parts_of(of["tasking"]),
    }
    return {name: column.ravel() for name, column in columns.items()}


def travel_at(scenario: Scenario, area: IntArray, uniform: FloatArray) -> IntArray:
    """Return base travel at uniforms; ``area`` is of a shape that they are broadcast from."""
    travel = np.zeros(uniform.shape, dtype=np.int64)
    for place, described in enumerate(scenario.areas.values()):
        here = np.broadcast_to(area == place, uniform.shape)
        travel[here] = seconds_at(described.travel, uniform[here])
    return travel
