"""A log's weeks made into a scenario, with what they can tell and what they cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import polars as pl

from sim.errors import InputError
from sim.force_log.clock_unsaid import clock_unsaid
from sim.force_log.crowded_areas import crowded_areas, without_areas
from sim.force_log.disclosure import LEAST, quantile_may_leave, rounded, rounded_minutes
from sim.force_log.documents import plain
from sim.force_log.fitting.arrivals import Arrivals
from sim.force_log.fitting.brief import CHILD, Brief, complete, measured
from sim.force_log.fitting.by_rate import SCORED_REPLICATIONS, fitted_by_rate, score
from sim.force_log.fitting.candidate import Candidate, Plan, World
from sim.force_log.fitting.children import Children, children
from sim.force_log.fitting.closeness import cells_of, observed_waits
from sim.force_log.fitting.crew_limits import told_by, with_limits
from sim.force_log.fitting.crews import Crews, Search
from sim.force_log.fitting.demand import demand
from sim.force_log.fitting.document import origin_of, sources_of, targets_of, weeks_of, written
from sim.force_log.fitting.enquiries import waits_by_grade, with_crews_for_enquiries
from sim.force_log.fitting.guesses import Guesses
from sim.force_log.fitting.identifiable import identifiable, not_identifiable
from sim.force_log.fitting.lengths import Length
from sim.force_log.fitting.progress import Teller, Told
from sim.force_log.fitting.quiet import quiet_waits
from sim.force_log.fitting.rate_told import RateTold, told_of
from sim.force_log.fitting.saturation import CrewsTold
from sim.force_log.reading import Log
from sim.force_log.replaying.playing import waits_of
from sim.force_log.replaying.work import Work, work_of
from sim.scenario.rotas import Rota
from sim.streams import bootstrap_generator
from sim.study.engines import engine_for, made_ready, remarks
from sim.study.settings import EngineName

_MOST_SIMULATED_DAYS: Final = 56
_LEAST_SIMULATED_DAYS: Final = 14
_MOST_SIMULATED_JOBS: Final = 10_000
"""Hundreds of guesses are simulated, each with all of these: a minute or two for a middling city,
some minutes for a large one."""

_GUESSES_PLAYED: Final = 600
"""About how often all jobs are played in a fit."""

_FAR_MINUTES: Final = 2.0
_FAR_SHARE: Final = 0.25
_BIAS: Final = (0.05, 0.10)
_BIASED_GRADES: Final = (2, 3)
_TEAMS_SHARE: Final = 0.05
"""Of missing-child cases that are the team's on record, from which on teams are taken to attend."""
_WORTH_A_RATE: Final = 0.01
"""Share by which forecasts with a rate have to be better than without: it has some eighty numbers,
and crews with a delay a dozen."""
_DRAWN: Final = (
    "What delays a job, and is no lack of a crew, is drawn for each job by itself instead, as the "
    "log's quiet hours show it."
)
_CREWS_ALONE: Final = (
    "A dispatcher's rate: crews, and a delay drawn for each job by itself, forecast the waits of "
    "these days as well, so there is none."
)
_DELAY_IN_FILE: Final = (
    "The step that the gate waits for (`research`, or `ratification` of other than missing",
    "people) is the delay between grade and release that no lack of crews explains, as the",
    "log's quiet hours show it (a decision, a call back); it takes nobody's time.",
)
_RATE_IN_FILE: Final = (
    "`policy.dispatch_rate` is how dispatchers let jobs go whose gate is open: by grade and wait,",
    "by the clock, the slower the more crews of the area are busy and the more jobs are ahead, and",
    "otherwise for a minute after a crew of the area has cleared (`just_freed`).",
)
_GROUPS: Final = ("early", "late", "night")
_SHOWN_REPLICATIONS: Final = 24


@dataclass(frozen=True, slots=True)
class Matched:
    """Half and nine tenths of a grade's waits from grading to allocation, minutes.

    Attributes
    ----------
    grade
        The grade.
    observed
        The log's.
    fitted
        Those of the log's own jobs, played with the fitted crews.
    run
        Those of the finished scenario's jobs, in simulated weeks with all that it holds.
    n
        The log's jobs, to the nearest five.
    """

    grade: int
    observed: tuple[float, float]
    fitted: tuple[float, float]
    run: tuple[float, float]
    n: int

    @property
    def far(self) -> bool:
        """Whether the finished scenario's median is more than a quarter and two minutes off."""
        off = abs(self.run[0] - self.observed[0])
        return off > max(_FAR_MINUTES, _FAR_SHARE * self.observed[0])

    @property
    def off(self) -> tuple[float, float]:
        """By which share the fitted half and nine tenths are above the log's; under 0 below."""
        return (
            self.fitted[0] / max(self.observed[0], 0.1) - 1,
            self.fitted[1] / max(self.observed[1], 0.1) - 1,
        )

    @property
    def biased(self) -> bool:
        """Whether the fitted days' own waits are not met at grade 2 or 3.

        By more than a twentieth at half, or a tenth at nine tenths.
        """
        off = any(abs(one) > most for one, most in zip(self.off, _BIAS, strict=True))
        return self.grade in _BIASED_GRADES and off


@dataclass(frozen=True, slots=True)
class Fit:
    """A scenario made from a log, fit to leave the force's own machine.

    Attributes
    ----------
    title
        The mapping's.
    first_day, last_day
        Days that it was fitted to.
    text
        The scenario file.
    arrivals, lengths
        Demand, by stream and by place in the scenario.
    crews
        Crews free on each shift with their intervals.
    by_rate
        Whether what is no lack of crews is a dispatcher's rate; else a delay drawn for each job.
    with_rota
        Whether people are a rota's, so that `crews` are shares of it.
    children
        Share held and rank; None where too few missing-child jobs.
    simulated_from
        First of the days that crews, and share held and rank, were fitted to: of a long or large
        log the last weeks. Demand is that of all days.
    matched
        Waits of the fitted weeks by grade.
    origins
        By place in the scenario: ``log`` (it stands there), ``fitted`` (by simulation),
        ``mapping`` (the force's targets) or ``assumed``; what is in no such place is the
        program's default.
    identifiable, not_identifiable
        A sentence each.
    rate
        A dispatcher's rate in figures, of the grades in `matched`; None where there is none.
    """

    title: str
    first_day: date
    last_day: date
    text: str
    arrivals: Mapping[str, Arrivals]
    lengths: Mapping[str, Length]
    crews: Crews
    by_rate: bool
    with_rota: bool
    ratified: bool
    children: Children | None
    simulated_from: date
    matched: tuple[Matched, ...]
    origins: Mapping[str, str]
    identifiable: tuple[str, ...]
    not_identifiable: tuple[str, ...]
    level: float
    rate: RateTold | None = None

    def as_dict(self) -> dict[str, object]:
        """The fit as a JSON document."""
        return {
            "format": 1,
            "title": self.title,
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "simulated_from": self.simulated_from.isoformat(),
            "level": self.level,
            "arrivals": [
                {
                    "stream": one.name, "reports": one.reports, "volume_per_year": one.volume,
                    "low": one.low, "high": one.high, "bandwidth_hours": one.bandwidth,
                    "week": list(one.week), "week_low": list(one.week_low),
                    "week_high": list(one.week_high),
                }
                for one in self.arrivals.values()
            ],
            "lengths": [
                {
                    "path": path, "what": one.what, "family": one.family, "scores": one.scores,
                    "distance": one.distance, "observed_p50_p90": list(one.observed),
                    "fitted_p50_p90": list(one.fitted), "n": one.n,
                }
                for path, one in self.lengths.items()
            ],
            "crews_free": [
                {"shift": one.shift, "value": round(one.value, 2), "low": one.low,
                 "high": one.high, "high_from": one.high_from,
                 "range_of_high": None if one.range_of_high is None else list(one.range_of_high),
                 "unit": "share of rota" if self.with_rota else "crews"}
                for one in self.crews.free
            ],
            "shifts": None if self.with_rota else self.crews.candidate.pattern,
            "weekend": None if self.with_rota or self.crews.candidate.weekend_factor == 1 else {
                "days": self.crews.candidate.weekend,
                "factor": self.crews.candidate.weekend_factor,
            },
            "first_hour": None if self.with_rota else self.crews.candidate.first_hour,
            "by_rate": self.by_rate,
            "dispatch_rate": None if self.rate is None else plain(self.rate),
            "distance": round(self.crews.distance, 1),
            "cells": self.crews.cells,
            "guesses": self.crews.tried,
            "share_held_and_rank": [] if self.children is None else [
                {"share_held": p.held, "share_with_next_grade": p.next_grade,
                 "distance": p.distance, "possible": p.possible}
                for p in self.children.points
            ],
            "missing_children_can_be_made": (
                None if self.children is None else self.children.can_be_made
            ),
            "waits": [
                {"grade": one.grade, "observed_p50_p90": list(one.observed),
                 "fitted_p50_p90": list(one.fitted),
                 "run_p50_p90": list(one.run), "n": one.n}
                for one in self.matched
            ],
            "origins": dict(self.origins),
            "identifiable": list(self.identifiable),
            "not_identifiable": list(self.not_identifiable),
        }  # fmt: skip


def fit(
    log: Log,
    first_day: date,
    last_day: date,
    rota: Rota | Mapping[str, Rota] | None = None,
    *,
    level: float = 0.95,
    seed: int = 2022,
    thorough: bool = True,
    engine: EngineName = "auto",
    told: Told | None = None,
) -> Fit:
    """Fit a scenario to the weeks of a log.

    Parameters
    ----------
    log
        As `sim.force_log.reading.read_log` returns it. A day before `first_day` is played to
        begin with jobs in hand, where the log has it.
    first_day, last_day
        Days to fit, both included.
    rota
        The force's shifts of response; or those of several pools by name, as the command ``rota``
        writes them, response among them or not. None: shifts of response are fitted wholly.
    level
        Of intervals.
    seed
        The luck of simulated worlds.
    thorough
        Try also what else could be otherwise (places, shifts, borrowing), and finer steps.
    engine
        Who plays the guesses: all engines give the same numbers. ``auto`` picks by the number of
        jobs.
    told
        Called with how far it has come, at each guess.

    Raises
    ------
    sim.errors.InputError
        If the days hold too few jobs to fit.
    """
    rotas = {"response": rota} if isinstance(rota, Rota) else dict(rota or {})
    day = pl.col("received").dt.date()
    fitted_days = day.is_between(first_day, last_day)
    # Beats are no districts: of too many areas hardly one has crews of its own.
    crowded = crowded_areas(log.public.filter(fitted_days), first_day, last_day)
    public = without_areas(log.public) if crowded else log.public
    found = demand(public.filter(fitted_days), first_day, last_day, level=level, seed=seed)
    # Of a long log the last weeks are simulated; its demand comes from all of it.
    begin = _first_simulated(public, first_day, last_day)
    rng = bootstrap_generator(seed, "fit")
    played_days = day.is_between(begin - timedelta(days=1), last_day)
    known = public.filter(played_days & pl.col("grade").is_in(list(found.grades)))
    work = work_of(known, begin, rng)
    ratified = "ratified" in log.has and "streams.missing_child.ratification" in found.lengths
    weeks = weeks_of(log.mapping.title, first_day, last_day)
    world = World(
        found, quiet_waits(work), _plan(rotas.pop("response", None)), begin, ratified,
        title=f"{log.mapping.title}, fitted to its log",
        about=f"Made by fit from: {weeks}. What a log does not hold is fitted by simulation or "
        "assumed; see [sources].",
        brief=_brief(log, rotas, found.grades),
    )  # fmt: skip
    teller = Teller(told)
    engine = _made_ready(engine_for(_GUESSES_PLAYED * work.jobs.height, engine), teller)
    guesses = Guesses(world, work, cells_of(work, rng), seed=seed, engine=engine, teller=teller)
    world, crews, why_no_rate = _crews(guesses, teller, level, thorough, seed, engine)
    teller.begin("shares of missing-child jobs held and ranked lower", 1.0)
    own = children(
        world, work, crews.candidate,
        level=level, seed=seed, rng=rng, engine=engine, teller=teller,
    )  # fmt: skip
    best = crews.candidate if own is None else own.candidate
    document = world.document(best)
    document["targets"] = targets_of(log.mapping.targets, world)
    document["sources"] = sources_of(document, world, crews, own, weeks)
    waits = waits_of(work, world.scenario(best), seed, _SHOWN_REPLICATIONS, engine)
    document = _whole(document, world, seed, engine)
    whole = {
        grade: (float(np.quantile(one, 0.5)), float(np.quantile(one, 0.9)))
        for grade, one in waits_by_grade(document, seed=seed, engine=engine).items()
    }
    matched = tuple(_matched(work, waits, found.grades, whole))
    return Fit(
        title=log.mapping.title,
        first_day=first_day,
        last_day=last_day,
        text=written(document, _comment(weeks, by_rate=why_no_rate is None)),
        arrivals=found.arrivals,
        lengths=found.lengths,
        crews=crews,
        with_rota=world.plan.has_rota,
        ratified=ratified,
        children=own,
        simulated_from=begin,
        by_rate=why_no_rate is None,
        matched=matched,
        origins={path: origin_of(source) for path, source in document["sources"].items()},
        identifiable=tuple(identifiable(crews, own, by_rate=why_no_rate is None)),
        not_identifiable=(
            *not_identifiable(
                crews,
                own,
                world,
                found.left_out,
                (last_day - first_day).days + 1,
                why_no_rate,
                crowded,
            ),
            *clock_unsaid(log),
        ),
        level=level,
        rate=None
        if world.rate is None
        else told_of(world.rate, [one.grade for one in matched], world.just_freed),
    )


def _crews(
    guesses: Guesses,
    teller: Teller,
    level: float,
    thorough: bool,
    seed: int,
    engine: EngineName,
) -> tuple[World, Crews, str | None]:
    """Find crews with a dispatcher's rate, or without one and why, whichever forecasts better."""
    world, work, cells = guesses.world, guesses.work, guesses.cells
    search = Search(guesses, teller)
    teller.begin("a dispatcher's rate, with crews from jobs in hand", 0.1)
    try:
        rated = fitted_by_rate(
            world, work, cells, level=level, seed=seed, engine=engine, teller=teller
        )
    except InputError as too_little:
        crews = search.find(level, thorough=thorough)
        told = told_by(world, work, crews.candidate, level=level)
        return world, _limited(crews, told, world, work), f"{too_little}. {_DRAWN}"

    def scored(candidate: Candidate) -> float:
        world_of_it = world.scenario(candidate)
        return score(work, waits_of(work, world_of_it, seed, SCORED_REPLICATIONS, engine))

    def with_delay(*, thorough: bool) -> tuple[Crews, float]:
        """Return the nearest crews, those that the log tells by itself among them, and a score.

        The score is the best of them all: a rate has to be better than any crews without.
        """
        crews = search.find(level, thorough=thorough)
        told = told_by(world, work, crews.candidate, level=level)
        tried = [crews, *_told_crews(crews, told)]
        least = min(scored(one.candidate) for one in tried)
        crews = min(tried, key=lambda one: guesses.of(one.candidate))
        crews = replace(crews, distance=guesses.of(crews.candidate), tried=guesses.tried)
        return _limited(crews, told, world, work), least

    crews, least = with_delay(thorough=False)
    if thorough and rated.score >= (1 - _WORTH_A_RATE) * least:
        crews, least = with_delay(thorough=True)
    if rated.score < (1 - _WORTH_A_RATE) * least:
        return rated.world, rated.crews, None
    return world, crews, _CREWS_ALONE


def _told_crews(crews: Crews, told: CrewsTold | None) -> Iterator[Crews]:
    """Yield the numbers that the log tells by itself, with the delay that was found and without."""
    if told is None or None in told.high:
        return
    best = crews.candidate
    free = tuple(round(one, 4) for one in told.value)
    numbers = tuple(
        replace(one, value=value, low=None, high=None)
        for one, value in zip(crews.free, free, strict=True)
    )
    for delay in (best.delay, (0.0,) * len(best.delay)):
        yield replace(crews, candidate=best.but(free=free, delay=delay), free=numbers)


def _limited(crews: Crews, told: CrewsTold | None, world: World, work: Work) -> Crews:
    """Return the crews with both ends."""
    return replace(crews, free=with_limits(crews.free, told, world, work, crews.candidate))


def _brief(log: Log, rotas: Mapping[str, Rota], grades: tuple[int, ...]) -> Brief:
    """Say what a log and rotas tell of teams and calls."""
    own = measured(rotas)
    owners = log.public.filter(pl.col("stream") == "missing_child")["owner"].drop_nulls()
    with_teams = int((owners == "missing_person").sum())
    attend = "missing_person" in own or with_teams > max(LEAST, _TEAMS_SHARE * len(owners))
    return Brief(own, attend, "answered" in log.has, grades)


def _whole(document: dict[str, Any], world: World, seed: int, engine: EngineName) -> dict[str, Any]:
    """Return the scenario with all that the brief asks about, and crews for it."""
    if world.brief is None or CHILD not in document["streams"]:
        return document
    whole = complete(document, world.brief, has_areas=world.demand.areas is not None)
    return with_crews_for_enquiries(whole, seed=seed, engine=engine)


def _made_ready(engine: EngineName, teller: Teller) -> EngineName:
    """Compile the engine where it is used and is not there yet, and say so."""
    if remarks(engine):
        teller.begin("the compiled engine, which is made for this computer first", 0.0)
    made_ready(engine)
    return engine


def _first_simulated(public: pl.DataFrame, first_day: date, last_day: date) -> date:
    """Return the first of the days that guesses are simulated for: all, or the last weeks."""
    sent = public.filter(pl.col("assigned").is_not_null() | pl.col("arrived").is_not_null())
    days = sent.group_by(pl.col("received").dt.date().alias("day")).len().sort("day")
    inside = days.filter(pl.col("day").is_between(first_day, last_day))
    a_day = int(inside["len"].sum()) / ((last_day - first_day).days + 1)
    room = max(_LEAST_SIMULATED_DAYS, int(_MOST_SIMULATED_JOBS / max(a_day, 1.0)))
    most = min(_MOST_SIMULATED_DAYS, room)
    return max(first_day, last_day - timedelta(days=most - 1))


def _comment(weeks: str, *, by_rate: bool) -> list[str]:
    delay = _RATE_IN_FILE if by_rate else _DELAY_IN_FILE
    return [
        f"Fitted to: {weeks}.",
        "",
        "An ordinary scenario: `extends` it to try something. [sources] says of each value whether",
        "the log holds it, whether it was fitted by simulation, or what was assumed.",
        *delay,
        "Crews are those free for calls from the public: officers on other work are not among",
        "them.",
        "",
        "Simulated children; not a prediction about any child; not for deciding a live call.",
    ]


def _plan(rota: Rota | None) -> Plan:
    """Put a rota's shifts into at most three groups, by the hour in their middle."""
    if rota is None:
        return Plan()
    shifts = [dict(shift) for shift in rota.shifts if shift.get("people")]
    for shift in shifts:
        shift.pop("abstraction", None)
    thirds = [_third(shift) for shift in shifts]
    used = sorted(set(thirds))
    return Plan(
        tuple(shifts),
        tuple(used.index(third) for third in thirds),
        tuple(_GROUPS[third] for third in used),
    )


def _third(shift: Mapping[str, Any]) -> int:
    start, end = (int(str(shift[key])[:2]) for key in ("start", "end"))
    middle = (start + ((end - start) % 24 or 24) / 2) % 24
    return 0 if 6 <= middle < 14 else 1 if 14 <= middle < 22 else 2


def _matched(
    work: Work,
    waits: np.ndarray[Any, np.dtype[np.float64]],
    grades: Sequence[int],
    whole: Mapping[int, tuple[float, float]],
) -> Iterator[Matched]:
    jobs = work.jobs
    observed = observed_waits(work)
    known = (jobs["assigned"].is_not_null() & ~jobs["lead_in"]).to_numpy()
    for grade in grades:
        rows = np.flatnonzero(known & (jobs["grade"] == grade).to_numpy())
        if quantile_may_leave(0.9, len(rows)):
            own = [rounded_minutes(float(np.quantile(observed[rows], q)), len(rows))
                   for q in (0.5, 0.9)]  # fmt: skip
            made = [rounded_minutes(float(np.quantile(waits[:, rows], q)), len(rows))
                    for q in (0.5, 0.9)]  # fmt: skip
            n = rounded(len(rows)) or 0
            run = [rounded_minutes(one, len(rows)) for one in whole.get(grade, (0.0, 0.0))]
            yield Matched(grade, (own[0], own[1]), (made[0], made[1]), (run[0], run[1]), n)
