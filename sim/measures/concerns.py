"""Welfare concerns: whether and when the child is seen, and what re-visits take (rules 14).

A concern counts where it is reported in the window and officers are to be sent, whatever becomes of
it. One that is left open, or is not over by the end of follow-up, is cut off there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, unique
from typing import Final

import numpy as np

from sim.measures.arrays import (
    Flags,
    Ints,
    added,
    all_or_none,
    counted,
    of_kinds,
    summed,
    tallied_together,
)
from sim.measures.definition import Definition
from sim.measures.lookup import Links, places_of, ranks
from sim.tables import NEVER, Activity, Policy, Table, Why

_BITS: Final = 32


@unique
class ConcernCount(IntEnum):
    """Columns of `Concerns.counts`; sums over the concerns of a stream."""

    CONCERNS = 0
    SEEN_FIRST = 1
    """The child was seen when the first attendance was complete."""
    SEEN = 2
    REVISITS = 3
    """Those that were complete by the end of follow-up."""
    REVISIT_OFFICER_SECONDS = 4
    """On the way and there, times the officers of the unit."""


@unique
class Ending(IntEnum):
    """How the time that a concern was followed ended."""

    SEEN_LATER = 0
    """At a re-visit, or otherwise after the first attendance was complete."""
    CUT_OFF = 1
    """By the end of follow-up: the child was not seen."""
    SEEN_FIRST = 2


@dataclass(frozen=True, eq=False)
class Concerns:
    """What became of the welfare concerns reported in the window.

    Parameters
    ----------
    counts
        Shape (streams, columns of `ConcernCount`).
    span_keys, span_counts
        Shape (distinct,): times from the report until the child was seen, or until the end of
        follow-up where it was not, by `span_key`, ascending.
    """

    counts: Ints
    span_keys: Ints
    span_counts: Ints


def span_key(stream: Ints, ending: Ints, seconds: Ints) -> Ints:
    """One number for (stream, `Ending`, seconds), which sorts in that order."""
    return ((stream * len(Ending) + ending) << _BITS) + seconds


def split_spans(keys: Ints) -> tuple[Ints, Ints, Ints]:
    """Stream, `Ending` and seconds of each key."""
    stream, ending = np.divmod(keys >> _BITS, len(Ending))
    return stream, ending, keys & ((1 << _BITS) - 1)


def concerns_of(
    *,
    incidents: Table,
    outcomes: Table,
    visits: Table,
    activities: Table,
    rota: Table,
    links: Links,
    policy: Policy,
    definition: Definition,
) -> Concerns:
    """Tally the welfare concerns reported in the window.

    Parameters
    ----------
    incidents, outcomes, activities, rota, policy, definition
        As `sim.measures.measure` takes them; outcomes in the order of the incidents.
    visits
        Fates of the visits that concerns may take: whose key is there is a concern.
    links
        To which incident and unit each activity belongs.
    """
    reported, stream = incidents["reported_at"], incidents["stream"].astype(np.int64)
    inside = (reported >= definition.since) & (reported < definition.until)
    inside &= incidents["deploys"] == 1
    inside &= places_of(np.unique(visits["key"]), incidents["key"]) >= 0
    rows = np.flatnonzero(inside)
    seen, finished = outcomes["seen_at"][rows], outcomes["finished_at"][rows]
    known = seen != NEVER
    until = np.where(known, seen, policy.end)
    first = known & (seen <= finished)
    ending = np.where(first, Ending.SEEN_FIRST, np.where(known, Ending.SEEN_LATER, Ending.CUT_OFF))
    spans = span_key(stream[rows], ending, until - reported[rows])
    keys, counts = counted(spans)
    places = ranks(rows, len(incidents))[links.incident]
    again, officer_seconds = _revisits(activities, places, links, rota, finished)
    columns: dict[ConcernCount, Ints | Flags] = {
        ConcernCount.CONCERNS: np.ones(rows.size, dtype=np.int64),
        ConcernCount.SEEN_FIRST: first,
        ConcernCount.SEEN: known,
        ConcernCount.REVISITS: again,
        ConcernCount.REVISIT_OFFICER_SECONDS: officer_seconds,
    }
    sums = summed(stream[rows], [columns[one] for one in ConcernCount], len(policy.streams))
    return Concerns(sums, keys, counts)


def _revisits(
    activities: Table, places: Ints, links: Links, rota: Table, finished: Ints
) -> tuple[Ints, Ints]:
    """Re-visits that each concern had, and the officer-seconds that they took: shape (n,) each."""
    mine = np.flatnonzero((places >= 0) & (links.unit >= 0))
    mine = mine[of_kinds(activities, (Activity.TRAVEL, Activity.EARMARKED, Activity.REVISIT))[mine]]
    # What units do for it once the first attendance is complete is for its re-visits.
    came = finished[places[mine]]
    mine = mine[(came != NEVER) & (activities["start"][mine] >= came)]
    length = activities["end"][mine] - activities["start"][mine]
    seconds = length * rota["officers"][links.unit[mine]]
    there = mine[
        (activities["kind"][mine] == Activity.REVISIT) & (activities["why"][mine] == Why.DONE)
    ]
    visit = np.unique((places[there] << _BITS) + activities["attempt"][there]) >> _BITS
    return (
        np.bincount(visit, minlength=finished.size).astype(np.int64),
        np.bincount(places[mine], weights=seconds, minlength=finished.size).astype(np.int64),
    )


def merged_concerns(parts: Sequence[Concerns | None]) -> Concerns | None:
    """Several added up; None where none has any.

    Raises
    ------
    ValueError
        If some have and some have not: they are not of one scenario.
    """
    known = all_or_none(parts)
    if not known:
        return None
    keys, counts = tallied_together([(one.span_keys, one.span_counts) for one in known])
    return Concerns(added([one.counts for one in known]), keys, counts)
