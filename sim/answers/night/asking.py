"""From a scenario and a short shift, or from two scenarios, to what such a night is like."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from sim.answers.document import asked_of
from sim.answers.estimated import Estimated
from sim.answers.night.asked import OneNight, Short, alike_in, with_short
from sim.answers.night.document import HelpOf, Hour, Line, Night
from sim.answers.night.helping import Help, helps
from sim.answers.told import nobody
from sim.provenance import portable_command, versions
from sim.results.document import Run
from sim.results.making import context_of
from sim.statistics import (
    Interval,
    PooledTimes,
    SecondsHistogram,
    TimeQuantile,
    mean_interval,
    paired_mean_difference,
    paired_ratio_difference,
    ratio_interval,
    share_interval,
)
from sim.study import AllWaits, Waits, Window, definition_of, waits
from sim.tables import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from sim.answers.told import Told
    from sim.scenario.loading import Loaded
    from sim.study import Settings

PLAYING: Final = "nights"
STEPS: Final = (PLAYING,)
"""What `night` does, in order, as its progress names it."""

NIGHTS: Final = 500

_URGENT: Final = 2
"""Grades 1 and 2 count, of every kind of call."""
_BAD: Final = 0.95
_HALF: Final = 0.5

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def night(
    loaded: Loaded,
    asked: OneNight,
    settings: Settings,
    *,
    other: Loaded | None = None,
    command: Sequence[str] = (),
    told: Told = nobody,
) -> Night:
    """Say what a night is like with people short, or under another scenario.

    Parameters
    ----------
    loaded
        The scenario.
    asked
        As `sim.answers.night.asked` reads it, by `short_of` or, with `other`, by `night_of`.
    other
        A second scenario: the same nights under both are held against each other, with as many
        short under each as are asked for. None: with all who parade against with so many short.
    settings
        Seed, engine, threads; as many nights as replications, each after the warm-up.
    command
        Program and arguments, as typed.
    told
        Told as the work goes on.

    Returns
    -------
    Night
        After Ctrl-C of the nights that were done, with `stopped` set.

    Raises
    ------
    Interrupted
        On Ctrl-C before any night was done.
    InputError
        If the other scenario has no such shift, or too few parade on it.
    """
    began = time.monotonic()
    full = loaded.scenario
    short = asked if isinstance(asked, Short) else None
    options: Sequence[Help] = ()
    if other is None:
        lacking = with_short(full, asked)
        options = helps(lacking, short) if short is not None else ()
    else:
        full = with_short(full, asked)
        lacking = with_short(other.scenario, alike_in(asked, other.scenario))
    both = [loaded] if other is None else [loaded, other]
    told(PLAYING, 0, 0)
    played = waits(
        [full, lacking, *(one.scenario for one in options)],
        settings,
        Window(asked.since, asked.until, settings.warm_up_days),
        told=lambda done, planned: told(PLAYING, done, planned),
    )
    done = len(played.waits)
    return Night(
        level=settings.level,
        scenarios=asked_of(both),
        context=context_of(both, warnings=[each for one in both for each in one.notices]),
        run=Run(
            seed=settings.seed,
            replications=done,
            days=1,
            engine=played.engine,
            seconds=round(time.monotonic() - began, 1),
            versions=versions(),
        ),
        stopped=f"Stopped on request: this rests on {done} of {played.planned} nights."
        if played.stopped
        else "",
        command=tuple(portable_command(command)),
        on=asked.on,
        other=None if other is None else other.name,
        pool=None if short is None else short.pool,
        shift=None if short is None else short.shift,
        hours=f"{clock(asked.since)}-{clock(asked.until)}",
        people=0 if short is None else short.people,
        parades=None if short is None else round(short.parades, 1),
        parades_short=None
        if short is None or other is not None
        else round(_parading_less(played, list(full.pools).index(short.pool), short.parades), 1),
        nights=done,
        lines=tuple(_lines(both, played, settings.level)),
        by_hour=tuple(_by_hour(played, asked, settings.level)),
        helps=_helps(options, played, settings.level),
    )


def clock(seconds: int) -> str:
    """Seconds from midnight of the first day as a time of day."""
    return f"{seconds % DAY // HOUR:02d}:{seconds % HOUR // MINUTE:02d}"


def _parading_less(played: AllWaits, place: int, parades: float) -> float:
    """People who parade on the short shift on average, by how many fewer are on duty."""
    fewer = [full.parading[place] - lacking.parading[place] for full, lacking, *_ in played.waits]
    return parades - float(np.mean(fewer))


def _lines(both: Sequence[Loaded], played: AllWaits, level: float) -> list[Line]:
    about = definition_of(both[0].scenario, 0, HOUR)
    # Of one scenario both sides are its own.
    names = [list(one.scenario.streams) for one in (both[0], both[-1])]
    child = [streams.index(about.headline_stream) for streams in names]
    sides = _sides(played)

    def of_grade(grade: int) -> list[list[Ints]]:
        return [[one.seconds[one.grade == grade] for one in side] for side in sides]

    children = [
        [one.seconds[one.stream == place] for one in side]
        for place, side in zip(child, sides, strict=True)
    ]
    lines = [
        _counts(children, level, about.headline_stream),
        _half(children, level, about.headline_stream),
        _any_over(children, 120 * MINUTE, level, about.headline_stream),
        _share_over(of_grade(2), 60 * MINUTE, level, 2),
    ]
    if 1 in both[0].scenario.grades:
        lines.append(_mean(of_grade(1), level, 1))
    return lines


def _sides(played: AllWaits) -> tuple[list[Waits], list[Waits]]:
    """Night by night, full and short, or under the first scenario and under the second."""
    return [one[0] for one in played.waits], [one[1] for one in played.waits]


def _counts(sides: Sequence[Sequence[Ints]], level: float, stream: str) -> Line:
    counts = [np.array([night.size for night in side], dtype=np.float64) for side in sides]
    full, short = (Estimated.of(mean_interval(one, level), "times") for one in counts)
    return Line(
        name="reports",
        stream=stream,
        grade=None,
        full=full,
        short=short,
        bad=float(np.quantile(counts[1], _BAD, method="higher")),
    )


def _half(sides: Sequence[Sequence[Ints]], level: float, stream: str) -> Line:
    times = [PooledTimes([SecondsHistogram(night) for night in side]) for side in sides]
    middle = TimeQuantile(_HALF, MINUTE)
    full, short = (Estimated.of(middle.interval(one, level), "minutes") for one in times)
    change = Estimated.of(middle.difference(times[0], times[1], level), "minutes")
    own = [float(np.median(night)) / MINUTE for night in sides[1] if night.size]
    bad = float(np.quantile(own, _BAD)) if own else None
    return Line(
        name="half_within",
        stream=stream,
        grade=None,
        full=full,
        short=short,
        change=change,
        bad=bad,
    )


def _any_over(sides: Sequence[Sequence[Ints]], over: int, level: float, stream: str) -> Line:
    hit = [np.array([float((one > over).any()) for one in side]) for side in sides]
    nights = np.ones_like(hit[0])
    full, short = (Estimated.of(share_interval(one, nights, level), "share") for one in hit)
    change = paired_ratio_difference(hit[0], nights, hit[1], nights, level, share=True)
    return Line(
        name="any_over_120",
        stream=stream,
        grade=None,
        full=full,
        short=short,
        change=Estimated.of(change, "share"),
    )


def _share_over(sides: Sequence[Sequence[Ints]], over: int, level: float, grade: int) -> Line:
    tops = [np.array([float((one > over).sum()) for one in side]) for side in sides]
    bottoms = [np.array([float(one.size) for one in side]) for side in sides]
    full, short = (
        Estimated.of(share_interval(top, bottom, level), "share")
        for top, bottom in zip(tops, bottoms, strict=True)
    )
    change = paired_ratio_difference(tops[0], bottoms[0], tops[1], bottoms[1], level, share=True)
    some = bottoms[1] > 0
    own = tops[1][some] / bottoms[1][some]
    return Line(
        name="over_60",
        stream=None,
        grade=grade,
        full=full,
        short=short,
        change=Estimated.of(change, "share"),
        bad=float(np.quantile(own, _BAD)) if own.size else None,
    )


def _mean(sides: Sequence[Sequence[Ints]], level: float, grade: int) -> Line:
    tops = [np.array([one.sum() / MINUTE for one in side]) for side in sides]
    bottoms = [np.array([float(one.size) for one in side]) for side in sides]
    full, short = (
        Estimated.of(ratio_interval(top, bottom, level), "minutes")
        for top, bottom in zip(tops, bottoms, strict=True)
    )
    change = paired_ratio_difference(tops[0], bottoms[0], tops[1], bottoms[1], level)
    some = bottoms[1] > 0
    own = tops[1][some] / bottoms[1][some]
    return Line(
        name="immediate_mean",
        stream=None,
        grade=grade,
        full=full,
        short=short,
        change=Estimated.of(change, "minutes"),
        bad=float(np.quantile(own, _BAD)) if own.size else None,
    )


def _by_hour(played: AllWaits, short: OneNight, level: float) -> list[Hour]:
    full, lacking = _sides(played)
    found = []
    for since in range(short.since, short.until, HOUR):
        sums: list[tuple[Floats, Floats]] = []
        for side in (full, lacking):
            inside = [
                _urgent(one) & (one.reported_at >= since) & (one.reported_at < since + HOUR)
                for one in side
            ]
            tops = [
                one.seconds[here].sum() / MINUTE for one, here in zip(side, inside, strict=True)
            ]
            bottoms = [float(here.sum()) for here in inside]
            sums.append((np.array(tops), np.array(bottoms)))
        found.append(
            Hour(
                hour=since % DAY // HOUR,
                reports=round(float(sums[0][1].mean()), 2),
                full=Estimated.of(ratio_interval(*sums[0], level), "minutes"),
                short=Estimated.of(ratio_interval(*sums[1], level), "minutes"),
            )
        )
    return found


def _urgent(one: Waits) -> Flags:
    """Which reports count by the hour and for what would help: grades 1 and 2 of every kind."""
    return np.asarray(one.grade <= _URGENT)


def _helps(options: Sequence[Help], played: AllWaits, level: float) -> tuple[HelpOf, ...]:
    if not options:
        return ()

    def minutes(place: int) -> Floats:
        return np.array(
            [one[place].seconds[_urgent(one[place])].sum() / MINUTE for one in played.waits]
        )

    lacking = minutes(1)
    with_help = [minutes(2 + place) for place in range(len(options))]
    best = int(np.argmin([one.mean() for one in with_help]))
    found = []
    for place, (option, own) in enumerate(zip(options, with_help, strict=True)):
        saves = paired_mean_difference(own, lacking, level, len(options))
        against = paired_mean_difference(with_help[best], own, level, len(options))
        found.append(
            HelpOf(
                way=option.way,
                people=option.people,
                from_pool=option.from_pool,
                from_shift=option.from_shift,
                since=clock(option.since),
                until=clock(option.until),
                pounds=option.pounds,
                saves=Estimated.of(saves, "minutes"),
                is_best=place == best,
                as_good=place != best and not _is_clear(against),
            )
        )
    return tuple(sorted(found, key=lambda one: one.saves.number, reverse=True))


def _is_clear(change: Interval) -> bool:
    return change.low is not None and change.low > 0
