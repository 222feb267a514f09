"""Long waits of one replication as strips: what went on, what was waited for, who was on duty."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Final

import numpy as np

from sim.report.story import trace
from sim.report.story.kinds import KINDS
from sim.report.story.world import World
from sim.results import Timeline, TimelineShift, TimelineSpan
from sim.tables import DAY, MINUTE, WAITS, End

HOW_MANY: Final = 5
"""Incidents that a page tells."""

_LANES: Final = {kind: words.lane for kind, words in KINDS.items() if words.lane is not None}
"""What a strip shows, top lane first; other work does not stand between report and arrival."""


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


def waited(timeline: Timeline) -> str:
    """How long nobody was there, as people say it."""
    return trace.length(round(timeline.unattended_minutes * MINUTE))


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
            TimelineSpan(
                lane=_LANES[span.kind],
                waiting=span.kind in WAITS,
                start=minutes(span.start),
                end=minutes(end),
                at=world.clock(span.start),
                until=trace.between(world, span.start, span.end),
                text=span.text,
                through=tuple(
                    f"{world.clock(since)} to {trace.between(world, since, until)}: {text}"
                    for since, until, text in span.through
                ),
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
        spans=tuple(spans),
        shifts=tuple(_shifts(world, row, reported, stop, minutes)),
        name=world.name(row),
    )


def _shifts(
    world: World, row: int, since: int, until: int, minutes: Callable[[int], float]
) -> list[TimelineShift]:
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
            found.append(
                TimelineShift(pool=name, start=minutes(start), end=minutes(end), units=units)
            )
    return found
