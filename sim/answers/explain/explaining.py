"""From a scenario to why its targets are missed: every set of causes gone, on the same luck."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.answers.blocks import in_blocks
from sim.answers.document import Whom, asked_of
from sim.answers.estimated import Estimated
from sim.answers.explain.causes import response_step
from sim.answers.explain.choosing import Chosen, chosen
from sim.answers.explain.document import CauseOf, Explanation, Step, Substitutes
from sim.answers.explain.incidents import ByIncident, by_incident
from sim.answers.headlines import headline
from sim.answers.told import nobody
from sim.errors import InputError, Interrupted
from sim.provenance import portable_command, portable_path, versions
from sim.results.document import Run
from sim.results.making import context_of
from sim.statistics import (
    Attribution,
    Interval,
    attributed,
    contrast,
    ratio_interval,
    share_interval,
)
from sim.study import definition_of
from sim.tables import HOUR

if TYPE_CHECKING:
    from sim.answers.headlines import Headline
    from sim.answers.told import Told
    from sim.measures import Cut
    from sim.scenario.loading import Loaded
    from sim.study import Evaluation, Settings
    from sim.study.counting import Ints

PLAYING: Final = "every set of causes"
STEPS: Final = (PLAYING,)
"""What `explain` does, in order, as its progress names it."""

_MOST_OF_IT: Final = 0.6
"""Causes that take as much alone, and more than once in sum, stand in for one another."""


def explain(
    loaded: Loaded,
    settings: Settings,
    *,
    measure: str = "in-time",
    cut: Cut | None = None,
    causes: Sequence[str] | None = None,
    files: Mapping[str, Path] | None = None,
    command: Sequence[str] = (),
    told: Told = nobody,
) -> Explanation:
    """Share out what goes wrong in a scenario among its causes.

    Parameters
    ----------
    loaded
        The scenario.
    settings
        Days, replications, seed, engine, threads.
    measure
        One of `sim.answers.headlines.HEADLINES`.
    cut
        Of which reports; None: the headline's.
    causes
        Names of causes of ours; None: those that are usual.
    files
        Scenario files by the names of the planner's own causes.
    command
        Program and arguments, as typed.
    told
        Told as the work goes on.

    Returns
    -------
    Explanation
        After Ctrl-C of the replications that were done, with `stopped` set.

    Raises
    ------
    InputError
        As `sim.answers.explain.choosing.chosen`, if there is no such measure, the grade has no
        target, or no report fell in the measured days.
    Interrupted
        On Ctrl-C before one block of replications was done.
    """
    began = time.monotonic()
    asked, picked = headline(measure), chosen(loaded, causes, files)
    about = _headline_cut(loaded) if cut is None else cut
    _ensure_target(loaded, asked, about)
    step = response_step()
    played_too = [step] if any(one.name == "response" for one in picked.causes) else []
    scenarios = [*picked.sets, *(one.without(loaded.scenario) for one in played_too)]
    played = in_blocks(
        scenarios,
        settings,
        (asked.top, asked.bottom),
        cuts=(about,),
        each=about if asked.unit == "share" else None,
        step=PLAYING,
        told=told,
    )
    found = played.found
    if found is None:
        raise Interrupted
    if found.of(asked.bottom, about).sum(axis=1).min() == 0:
        raise InputError(
            "no such report fell in the measured days",
            path="--about",
            allowed="more --days or --replications, or a wider cut",
        )
    tops, bottoms = _wrong(found, asked, about)
    number, level = len(picked.sets), settings.level
    shared = attributed(tops[:number], bottoms[:number], level)
    incidents = _incidents(found, asked, len(picked.causes))
    done = len(found.replications)
    return Explanation(
        level=level,
        scenarios=asked_of([loaded]),
        context=context_of([loaded], warnings=loaded.notices),
        run=Run(
            seed=settings.seed,
            replications=done,
            days=settings.days,
            engine=found.engine,
            seconds=round(time.monotonic() - began, 1),
            versions=versions(),
        ),
        stopped=""
        if not played.stopped
        else f"Stopped on request: this rests on {done} of {settings.replications} replications.",
        command=tuple(portable_command(command)),
        measure=asked.name,
        whom=Whom.of(about),
        reports=int(bottoms[0].sum()),
        whole=_level_of(tops[0], bottoms[0], asked, level),
        causes=_causes(picked, shared, incidents, asked),
        rest=_level_of(tops[number - 1], bottoms[number - 1], asked, level),
        mended=None if incidents is None else incidents.mended,
        substitutes=_substitutes(picked, shared),
        steps=tuple(
            Step(
                name=one.name,
                title=one.title,
                gone=one.gone,
                alone=_figure(_fall(tops, bottoms, number + place, level), asked),
            )
            for place, one in enumerate(played_too)
        ),
        without_effect=picked.without_effect,
    )


def measure_of_target(loaded: Loaded) -> str | None:
    """The headline that the scenario's own target promises; None: nothing can be told of it."""
    about = definition_of(loaded.scenario, 0, HOUR)
    target = about.target_of(about.headline_grade)
    if target is None or target.stops != "officer_at_address":
        return None
    return {"received": "in-time", "graded": "in-time-from-grading"}.get(target.starts)


def _headline_cut(loaded: Loaded) -> Cut:
    from sim.measures import Cut

    about = definition_of(loaded.scenario, 0, HOUR)
    return Cut(stream=about.headline_stream, grade=about.headline_grade)


def _ensure_target(loaded: Loaded, asked: Headline, about: Cut) -> None:
    """Refuse a share in time of a grade that has no attendance target."""
    if not asked.of_a_target or about.grade is None:
        return
    targets = loaded.scenario.targets.values()
    promised = sorted({one.grade for one in targets if one.stops == "officer_at_address"})
    if about.grade not in promised:
        raise InputError(
            f"grade {about.grade} has no attendance target, so nobody is in time or late",
            path="--about, --measure",
            found=f"grade={about.grade}, {asked.name}",
            allowed=f"grades {', '.join(map(str, promised))}; or --measure over-1h or unattended",
        )


def _wrong(found: Evaluation, asked: Headline, about: Cut) -> tuple[Ints, Ints]:
    """What went wrong and what it is a part of, shape (scenarios, replications) each."""
    tops, bottoms = found.of(asked.top, about), found.of(asked.bottom, about)
    return (bottoms - tops if asked.missing else tops), bottoms


def _level_of(tops: Ints, bottoms: Ints, asked: Headline, level: float) -> Estimated:
    interval = (
        share_interval(tops, bottoms, level)
        if asked.unit == "share"
        else ratio_interval(tops, bottoms, level)
    )
    return _figure(interval, asked)


def _figure(interval: Interval, asked: Headline) -> Estimated:
    return Estimated.of(interval.scaled(1 / asked.scale), asked.unit)


def _fall(tops: Ints, bottoms: Ints, place: int, level: float) -> Interval:
    weights = np.zeros(len(tops))
    weights[0], weights[place] = 1.0, -1.0
    return contrast(
        weights, tops.astype(np.float64), bottoms.astype(np.float64), level, int(bottoms[0].sum())
    )


def _incidents(found: Evaluation, asked: Headline, causes: int) -> ByIncident | None:
    if asked.unit != "share":
        return None
    top, bottom = (found.measures.index(one) for one in (asked.top, asked.bottom))
    sets = slice(0, 1 << causes)
    counted = [one.values[sets, bottom] for one in found.each]
    went = [one.values[sets, top] for one in found.each]
    wrong = [1 - one for one in went] if asked.missing else went
    return by_incident(wrong, counted, causes)


def _causes(
    picked: Chosen, shared: Attribution, incidents: ByIncident | None, asked: Headline
) -> tuple[CauseOf, ...]:
    made = [
        CauseOf(
            name=one.name,
            title=one.title,
            gone=one.gone,
            rule=one.rule,
            file=None if one.file is None else portable_path(one.file),
            share=_figure(shared.shares[place], asked),
            alone=_figure(shared.alone[place], asked),
            last=_figure(shared.last[place], asked),
            mends=None if incidents is None else incidents.mends[place],
            mends_only=None if incidents is None else incidents.mends_only[place],
        )
        for place, one in enumerate(picked.causes)
    ]
    return tuple(sorted(made, key=lambda one: one.share.number, reverse=True))


def _substitutes(picked: Chosen, shared: Attribution) -> tuple[Substitutes, ...]:
    """Causes of which any one takes most of what all take together."""
    whole = sum(one.value or 0.0 for one in shared.shares)
    if whole <= 0:
        return ()
    takes = {
        cause.name: (one.value or 0.0) / whole
        for cause, one in zip(picked.causes, shared.alone, strict=True)
        # Clearly more than nothing, for of few events a single one may look like much.
        if one.low is not None and one.low > 0
    }
    most = {name: part for name, part in takes.items() if part >= _MOST_OF_IT}
    if len(most) < 2:
        return ()
    return (Substitutes(causes=tuple(most), least=min(most.values()), most=max(most.values())),)
