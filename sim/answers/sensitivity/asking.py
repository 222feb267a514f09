"""From scenarios to what their answer hangs on."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sim.answers.document import Whom, asked_of
from sim.answers.estimated import Estimated
from sim.answers.headlines import headline
from sim.answers.sensitivity.document import Better, Sensitivity, Span, Thing, Variance
from sim.answers.sensitivity.ends import (
    ENDS,
    Ends,
    change,
    difference_as_filed,
    differences,
    play_ends,
)
from sim.answers.sensitivity.screening import LUCKS, SCREENING, Screening, screen
from sim.answers.sensitivity.variance import MOST, VARIANCE, parts_of_variance
from sim.answers.told import nobody
from sim.errors import InputError
from sim.measures import Cut
from sim.provenance import portable_command, versions
from sim.results.context import NotVaried
from sim.results.document import Run
from sim.results.making import context_of
from sim.results.making.unknowns import things_in_words
from sim.scenario.ranges import ranges_of
from sim.statistics import ratio_interval, share_interval
from sim.study import definition_of
from sim.study.engines import engine_for, incidents_of, made_ready
from sim.study.points import processes_for
from sim.tables import HOUR
from sim.workers import begun

if TYPE_CHECKING:
    from sim.answers.headlines import Headline
    from sim.answers.told import Told
    from sim.scenario.loading import Loaded
    from sim.scenario.ranges import Range, Ranges
    from sim.statistics import Screened, VarianceShares
    from sim.study import Settings

TRAJECTORIES: Final = 6
TOP: Final = 10
"""Things that are played one at a time, unless told."""


def steps(*, sobol: bool) -> tuple[str, ...]:
    """What `sensitivity` does, in order, as its progress names it."""
    return (SCREENING, ENDS, *((VARIANCE,) if sobol else ()))


def sensitivity(
    loaded: Sequence[Loaded],
    settings: Settings,
    *,
    measure: str = "in-time",
    trajectories: int = TRAJECTORIES,
    top: int = TOP,
    sobol: bool = False,
    command: Sequence[str] = (),
    told: Told = nobody,
) -> Sensitivity:
    """Say what the headline of a scenario hangs on, and the difference of others from it.

    Parameters
    ----------
    loaded
        The baseline, whose ranges of ``[sources]`` are moved, first.
    settings
        Days, seed, engine, processes; and how often each end of the foremost things is played.
    measure
        One of `sim.answers.headlines.HEADLINES`.
    trajectories
        How often every thing is moved in the screening.
    top
        How many things are played one at a time.
    sobol
        Whether the shares of the variance of the foremost are told, too.
    command
        Program and arguments, as typed.
    told
        Told as the work goes on.

    Returns
    -------
    Sensitivity
        After Ctrl-C of what was done, with `stopped` set.

    Raises
    ------
    InputError
        If nothing in the baseline has a range, or there is no such measure.
    Interrupted
        On Ctrl-C before anything can be said.
    """
    began = time.monotonic()
    asked, names = headline(measure), [one.name for one in loaded]
    scenarios = [one.scenario for one in loaded]
    ranges = ensured_ranges(loaded[0])
    number = len(ranges.together)
    plays = trajectories * (number + 1) * LUCKS + (1 + 2 * top) * settings.replications
    incidents = incidents_of(scenarios, settings) * plays
    engine = engine_for(incidents, settings.engine)
    made_ready(engine)
    one_thread = replace(settings, workers=1, cluster=None, precision=None, engine=engine)
    processes = processes_for(incidents, plays, settings, engine)
    with begun():
        found = screen(scenarios, ranges, one_thread, asked, trajectories, processes, told)
        ranked = found.ranked(asked)
        ends, shares, rows, stopped = None, None, 0, found.stopped
        places = [one.place for one in ranked[:top] if one.size > 0]
        if not stopped:
            ends = play_ends(scenarios, ranges, one_thread, asked, places, processes, told)
            stopped = ends.stopped
        if sobol and not stopped:
            shares, rows, stopped = parts_of_variance(
                scenarios[0], ranges, one_thread, asked, places[:MOST], processes, told
            )
    definition = definition_of(scenarios[0], 0, HOUR)
    cut = Cut(stream=definition.headline_stream, grade=definition.headline_grade)
    return Sensitivity(
        level=settings.level,
        scenarios=asked_of(loaded),
        context=context_of(loaded, warnings=loaded[0].notices),
        run=Run(
            seed=settings.seed,
            replications=settings.replications,
            days=settings.days,
            engine=engine,
            seconds=round(time.monotonic() - began, 1),
            versions=versions(),
        ),
        stopped=_stopped(found, ends, trajectories) if stopped else "",
        command=tuple(portable_command(command)),
        measure=asked.name,
        whom=Whom.of(cut),
        reports=0 if ends is None else int(ends.base[0, :, 1].sum()),
        own=_own(found, ends, asked, settings.level),
        things=_things(loaded, ranges, ranked, ends, shares, places, asked, settings.level),
        trajectories=len(found.sums),
        settings=len(found.sums) * (number + 1),
        redrawn=found.redrawn,
        better=_better(found, ends, names, asked, settings.level),
        without=tuple(NotVaried(path=one.path, why=one.why) for one in ranges.without),
        variance=None
        if shares is None
        else Variance(settings=shares.settings, luck=shares.luck, rows=rows),
    )


def ensured_ranges(loaded: Loaded) -> Ranges:
    """The ranges of a baseline.

    Raises
    ------
    InputError
        If it has none that can be varied.
    """
    ranges = ranges_of(loaded.scenario)
    if not ranges.together:
        raise InputError(
            "nothing says how far each number may be wrong: no range in [sources] can be varied",
            file=loaded.path,
            path="sources",
            allowed="entries of [sources] with low and high",
        )
    return ranges


def _stopped(found: Screening, ends: Ends | None, wanted: int) -> str:
    if found.stopped:
        done = len(found.sums)
        return (
            f"Stopped on request: every range was moved {done} of {wanted} times, and nothing was "
            "played one at a time."
        )
    if ends is not None and ends.stopped:
        return f"Stopped on request: {len(ends.sums)} things were played one at a time."
    return "Stopped on request: shares of the variance rest on fewer rows, or are left out."


def _own(found: Screening, ends: Ends | None, asked: Headline, level: float) -> Estimated:
    """The figure as the file has it; where that was not played, over the settings tried."""
    if ends is None:
        both = [one[:, 0].sum(axis=(0, 1)) for one in found.sums]
        tops, bottoms = [one[0] for one in both], [one[1] for one in both]
    else:
        tops, bottoms = list(ends.base[0, :, 0]), list(ends.base[0, :, 1])
    if asked.unit == "share":
        return Estimated.of(share_interval(tops, bottoms, level), asked.unit)
    return Estimated.of(ratio_interval(tops, bottoms, level).scaled(1 / asked.scale), asked.unit)


def _better(
    found: Screening, ends: Ends | None, names: Sequence[str], asked: Headline, level: float
) -> tuple[Better, ...]:
    told = []
    for place, name in enumerate(names[1:], 1):
        better, same, settings = found.better(asked, place)
        own = (
            Estimated(value=None, low=None, high=None, unit=asked.unit, n=0)
            if ends is None
            else difference_as_filed(ends, place, asked, level)
        )
        told.append(Better(scenario=name, better=better, same=same, settings=settings, own=own))
    return tuple(told)


def _things(
    loaded: Sequence[Loaded],
    ranges: Ranges,
    ranked: Sequence[Screened],
    ends: Ends | None,
    shares: VarianceShares | None,
    places: Sequence[int],
    asked: Headline,
    level: float,
) -> tuple[Thing, ...]:
    names, baseline = [one.name for one in loaded], loaded[0].scenario
    by_place: Mapping[int, int] = {place: at for at, place in enumerate(places[:MOST])}
    bars = max(1, 2 * len(places))
    made = []
    for one in ranked:
        together = ranges.together[one.place]
        at = None if ends is None else ends.sums.get(one.place)
        part = None if shares is None else by_place.get(one.place)
        made.append(
            Thing(
                what=things_in_words(together, baseline),
                paths=tuple(each.path for each in together),
                span=_span(together[0]),
                size=one.size,
                mean=one.mean,
                clear=one.clear,
                low=None if ends is None or at is None else change(ends, at[0], asked, level, bars),
                high=None
                if ends is None or at is None
                else change(ends, at[1], asked, level, bars),
                impossible=at is not None and any(end is None for end in at),
                differences=()
                if ends is None or at is None
                else differences(ends, at, names, asked, level, bars),
                alone=None
                if part is None or shares is None
                else Estimated.of(shares.alone[part], "share"),
                total=None
                if part is None or shares is None
                else Estimated.of(shares.total[part], "share"),
            )
        )
    return tuple(sorted(made, key=_reach, reverse=True))


def _reach(thing: Thing) -> tuple[float, float]:
    ends = [abs(one.value) for one in (thing.low, thing.high) if one and one.value is not None]
    return max(ends, default=-1.0), thing.size


def _span(one: Range) -> Span:
    return Span(own=one.own, low=one.at(0.0), high=one.at(1.0), factor=one.acts == "factor")
