"""Long waits of one replication as strips: what went on, what was waited for, who was on duty."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from sim.report import trace
from sim.report.kinds import KINDS
from sim.report.trace import World
from sim.tables import DAY, MINUTE, WAITS, End

HOW_MANY: Final = 5
"""Incidents that a page tells."""

_LANES: Final = {kind: words.lane for kind, words in KINDS.items() if words.lane is not None}
"""What a strip shows, top lane first; other work does not stand between report and arrival."""


@dataclass(frozen=True)
class Span:
    """One wait or piece of work.

    Attributes
    ----------
    lane
        What it was, in a few words.
    waiting
        True: nothing was being done.
    start, end
        Minutes since the report; the end is cut where the strip ends.
    at, until
        The whole of it on the clock, such as "Tue 02:13" and "06:25", with the day again where it
        is another.
    text
        A sentence: what went on, or what was waited for and why.
    through
        What changed during a long wait: sentences, each with its times.
    """

    lane: str
    waiting: bool
    start: float
    end: float
    at: str
    until: str
    text: str
    through: Sequence[str] = field(default_factory=list)


@dataclass(frozen=True)
class Shift:
    """A stretch in which a pool that might have gone had so many units on duty, or none.

    Minutes are those of `Span`.
    """

    pool: str
    start: float
    end: float
    units: int


@dataclass(frozen=True)
class Timeline:
    """One incident from the report to the first of arrival, return and the end.

    Attributes
    ----------
    key
        Of the incident; `trace` tells it in full.
    title
        What it was and when it was reported.
    reported
        Minutes from midnight of the day of the report, from which a strip's clock begins.
    unattended_minutes
        How long nobody was there.
    became
        What became of it.
    spans, shifts
        The strip, and who was on duty behind it.
    name
        Short lasting name, which `trace --incident` takes.
    """

    key: int
    title: str
    reported: float
    unattended_minutes: float
    became: str
    spans: Sequence[Span]
    shifts: Sequence[Shift]
    name: str = ""

    @property
    def unattended(self) -> str:
        """How long nobody was there, as people say it."""
        return trace.length(round(self.unattended_minutes * MINUTE))


def longest_waits(
    world: World, stream: str, grade: int, since: int, until: int, count: int = HOW_MANY
) -> list[Timeline]:
    """The incidents of the headline that were longest unattended, the longest first.

    Parameters
    ----------
    world
        One replication.
    stream, grade
        The headline.
    since, until
        Reports in [since, until) are looked at.
    count
        How many at most; fewer where there are fewer.
    """
    keys = trace.longest(world, stream, grade, since, until)[:count]
    return [timeline(world, key) for key in keys]


def timeline(world: World, key: int) -> Timeline:
    """One incident as a strip.

    Raises
    ------
    InputError
        There is no such incident in this replication.
    """
    row = world.row(key)
    reported = int(world.incidents["reported_at"][row])
    unattended = int(trace.unattended_seconds(world)[row])
    stop = reported + unattended

    def minutes(second: int) -> float:
        return round((second - reported) / MINUTE, 2)

    spans = []
    for span in trace.spans(world, key):
        if span.kind not in _LANES or span.start > stop or span.end <= span.start:
            continue
        # What goes on after somebody is there is no part of the wait.
        end = min(span.end, stop)
        if end <= span.start:
            continue
        spans.append(
            Span(
                lane=_LANES[span.kind],
                waiting=span.kind in WAITS,
                start=minutes(span.start),
                end=minutes(end),
                at=world.clock(span.start),
                until=trace.between(world, span.start, span.end),
                text=span.text,
                through=[
                    f"{world.clock(since)} to {trace.between(world, since, until)}: {text}"
                    for since, until, text in span.through
                ],
            )
        )
    lanes = list(_LANES.values())
    spans.sort(key=lambda span: (span.start, lanes.index(span.lane)))
    became = trace.ENDS[End(int(world.outcomes["end"][row]))]
    return Timeline(
        key=key,
        title=trace.heading(world, row),
        reported=round(reported % DAY / MINUTE, 2),
        unattended_minutes=round(unattended / MINUTE, 2),
        became=became,
        spans=spans,
        shifts=_shifts(world, row, reported, stop, minutes),
        name=world.name(row),
    )


def _shifts(
    world: World, row: int, since: int, until: int, minutes: Callable[[int], float]
) -> list[Shift]:
    """Stretches of constant strength, of each pool that might have gone, over the wait."""
    stream, area = int(world.incidents["stream"][row]), int(world.incidents["area"][row])
    attends = world.policy.attends
    pools = attends[stream][area] if stream < len(attends) else ()
    found = []
    rota = world.rota
    for pool in pools:
        mine = rota["pool"] == pool
        on, off = rota["on_at"][mine], rota["off_at"][mine]
        edges = np.unique(np.concatenate([[since, until], on, off]))
        edges = edges[(edges >= since) & (edges <= until)].tolist()
        for start, end in itertools.pairwise(edges):
            units = int(((on <= start) & (off > start)).sum())
            name = world.policy.pools[pool].name
            found.append(Shift(name, minutes(start), minutes(end), units))
    return found
