"""Predicted against observed: where a scenario may be believed of a log, and where not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from sim.errors import InputError
from sim.force_log.disclosure import LEAST, rounded
from sim.force_log.documents import document, plain
from sim.force_log.extra_wait import LEAST_MEDIAN_MINUTES, extra_wait
from sim.force_log.reading import Log
from sim.force_log.replaying.coupling import Clearings, coupling
from sim.force_log.replaying.course import FEWEST_DAYS, Course, days_told, slope
from sim.force_log.replaying.held_against import (
    FEWEST,
    Compared,
    Distance,
    Floats,
    Ints,
    Limits,
    compared,
    distance,
)
from sim.force_log.replaying.plainest import SATURDAY, Past, past_of, scored
from sim.force_log.replaying.playing import played
from sim.force_log.replaying.scores import score_of_own, skill
from sim.force_log.replaying.verdict import WAIT, Parts, Verdict, parts_of, verdicts
from sim.force_log.replaying.work import Work, work_of
from sim.scenario.models import Scenario
from sim.streams import bootstrap_generator
from sim.study.engines import engine_for
from sim.study.settings import EngineName
from sim.tables import NEVER

ARRIVAL: Final = "received_to_arrived"

_DAYS: Final = re.compile(r"Log of .*, (\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d) \(ISO")

BLOCK_HOURS: Final = 4
_RESAMPLES: Final = 1000


@dataclass(frozen=True, slots=True)
class Extra:
    """The extra wait of missing-child jobs, as a ratio: observed with its interval, predicted.

    With fewer than ten jobs the observed ones are None, withheld; `inside` is told all the same.
    Where others typically wait under a minute, in the log or as predicted, there is no ratio: all
    are None.
    """

    observed: float | None
    low: float | None
    high: float | None
    predicted: float | None
    predicted_low: float | None
    predicted_high: float | None
    inside: bool | None
    n: int


@dataclass(frozen=True, slots=True)
class Replay:
    """A log replayed, fit to leave the force's own machine.

    Attributes
    ----------
    title
        The mapping's.
    scenario
        The scenario's title.
    first_day, last_day
        Days predicted.
    replications
        Times that the luck of who paraded was drawn.
    level
        Of limits.
    rows
        Quantiles by stage, grade and block of hours.
    distances
        By stage and grade.
    coverage
        Share of the rows by hours whose observed value lies within the limits; None without any.
    extra
        Of missing-child jobs; None where the log has too few.
    verdicts
        Of the level, by grade.
    course
        Held against the plainest forecasts; None where there is nothing to make them from, or
        there are fewer than seven days to tell.
    parts
        The verdict in three parts.
    fitted_days
        First and last day of the log that the scenario says it was fitted to; None where it says
        none.
    overlaps
        Whether any of them is among the days predicted: then agreement is no test.
    imputed
        Share of jobs whose travel or end the log lacked and another job's was taken.
    notes
        What was done to the log, a sentence each.
    """

    title: str
    scenario: str
    first_day: date
    last_day: date
    replications: int
    level: float
    rows: tuple[Compared, ...]
    distances: tuple[Distance, ...]
    coverage: float | None
    extra: Extra | None
    verdicts: tuple[Verdict, ...]
    course: Course | None
    parts: Parts
    fitted_days: tuple[date, date] | None
    overlaps: bool
    imputed: float | None
    notes: tuple[str, ...]

    def find(
        self, stage: str, grade: int, place: str, first_hour: int | None = None
    ) -> Compared | None:
        """The row of exactly this cell and quantile, if there is one."""
        for row in self.rows:
            if (row.stage, row.grade, row.place, row.first_hour) == (
                stage, grade, place, first_hour,
            ):  # fmt: skip
                return row
        return None

    def as_dict(self) -> dict[str, object]:
        """The replay as a JSON document."""
        told = document(self, extra="extra_wait")
        return {**told, "parts": {**plain(self.parts), "believed": self.parts.believed}}


def replay(
    log: Log,
    scenario: Scenario,
    first_day: date,
    *,
    past: Log | None = None,
    replications: int = 40,
    level: float = 0.95,
    seed: int = 2022,
    engine: EngineName = "auto",
    told: Callable[[int], None] | None = None,
) -> Replay:
    """Play a log's real incidents under a scenario, and hold what comes of it against the log.

    Parameters
    ----------
    log
        As `sim.force_log.reading.read_log` returns it, up to the last day to be predicted.
    scenario
        Its people and rules; its demand is not used.
    first_day
        First day to be predicted; earlier ones are played, so that crews are busy at the
        beginning.
    past
        The days that the scenario was fitted to, or others before: the plainest forecasts are made
        from their waits, and their luck stands in the limits. None: neither.
    replications
        Times that the luck of who paraded, and of what a log does not hold, is drawn.
    level
        Of limits.
    seed
        The luck.
    engine
        Who plays them: all engines give the same numbers. ``auto`` picks by the number of jobs.
    told
        Called with the number of replications done.

    Raises
    ------
    sim.errors.InputError
        If no delay can be compared, or the scenario has no stream for the log's jobs.
    """
    most = max(scenario.grades)
    graded = log.public.filter(pl.col("grade").is_not_null())
    rows = graded.filter(pl.col("grade") <= most).sort("received")
    if rows.is_empty():
        raise InputError("no incident has a grade of the scenario", path="grades")
    work = work_of(rows, first_day, bootstrap_generator(seed, "what a log lacks"))
    if work.jobs.is_empty():
        raise InputError(
            "nobody was sent to any of these days' jobs of the scenario's grades",
            path="--first-day, --last-day",
        )
    engine = engine_for(replications * work.jobs.height, engine)
    waits, arrivals = _predicted(work, scenario, seed, replications, engine, told)
    rng = bootstrap_generator(seed, "replay")
    jobs = work.jobs
    stages = {
        WAIT: ((jobs["assigned"] - jobs["graded"]).to_numpy(), waits),
        ARRIVAL: ((jobs["arrived"] - jobs["received"]).to_numpy(), arrivals),
    }
    limits = Limits(level, 2 * most)
    before = None if past is None else past_of(past.public, most)
    found: list[Compared] = []
    distances: list[Distance] = []
    for stage, (seconds, made) in stages.items():
        observed = np.maximum(seconds.astype(np.float64) / 60, 0.0)
        usable = np.isfinite(observed) & (~jobs["lead_in"]).to_numpy()
        for grade in range(1, most + 1):
            own = usable & (jobs["grade"] == grade).to_numpy()
            fitted = _fitted(before, grade) if stage == WAIT else None
            found += _cells(stage, grade, own, observed, made, work, limits, rng, fitted)
            if own.sum() >= FEWEST:
                days = _days(work, own)
                distances.append(distance(stage, grade, observed[own], made[:, own], days, rng))
    if not found:
        raise InputError(
            f"no grade has {FEWEST} jobs whose wait is known, so nothing can be compared",
            path="--first-day, --last-day",
            allowed="days with more jobs",
        )
    by_hours = [row for row in found if row.first_hour is not None]
    _, last = log.period
    named = fitted_days(scenario)
    judged = tuple(verdicts(found, most))
    course = None if before is None else _course(work, *stages[WAIT], before, most, seed)
    extra = _extra(work, waits, level, seed)
    return Replay(
        title=log.mapping.title,
        scenario=scenario.title,
        first_day=first_day,
        last_day=last,
        replications=replications,
        level=level,
        rows=tuple(found),
        distances=tuple(distances),
        coverage=round(sum(r.inside for r in by_hours) / len(by_hours), 2) if by_hours else None,
        extra=extra,
        verdicts=judged,
        course=course,
        parts=parts_of(judged, course, None if extra is None else extra.inside),
        fitted_days=named,
        overlaps=named is not None and named[0] <= last and named[1] >= first_day,
        imputed=work.imputed,
        notes=tuple(_notes(graded.height, rows.height, work)),
    )


def fitted_days(scenario: Scenario) -> tuple[date, date] | None:
    """Return the days of a log that a scenario's sources name, as `fit` writes them."""
    for one in scenario.sources.values():
        named = _DAYS.search(one.source or "")
        if named is not None:
            return date.fromisoformat(named[1]), date.fromisoformat(named[2])
    return None


def _fitted(past: Past | None, grade: int) -> tuple[Floats, Ints] | None:
    if past is None:
        return None
    own = past.grade == grade
    return past.minutes[own], past.day[own]


def _course(
    work: Work, seconds: Floats, made: Floats, past: Past, most: int, seed: int
) -> Course | None:
    """Hold the predicted waits to the plainest forecasts, and their departures to the log's."""
    jobs = work.jobs
    observed = np.maximum(seconds.astype(np.float64) / 60, 0.0)
    grade, hour = jobs["grade"].to_numpy(), jobs["hour"].to_numpy()
    weekend = (jobs["day"].dt.weekday() >= SATURDAY).cast(pl.Int64).to_numpy()
    own = np.isfinite(observed) & (~jobs["lead_in"]).to_numpy() & (grade <= most)
    clearings = Clearings(work, own)
    plain = scored(past, observed[own], grade[own], hour[own], weekend[own])
    # A grade that the past does not have cannot be forecast from it.
    known = np.isfinite(plain).all(axis=0)
    own = np.flatnonzero(own)[known]
    days = jobs["day"].to_physical().to_numpy()[own].astype(np.int64)
    if len(np.unique(days)) < FEWEST_DAYS or past.days < FEWEST_DAYS or len(own) < FEWEST:
        return None
    rng = bootstrap_generator(seed, "replay, course")
    scores = score_of_own(made[:, own], observed[own])
    by_grade, by_hour = (skill(scores, one[known], days, rng) for one in plain)
    level = np.log1p(made[:, own]).mean(axis=0)
    return Course(
        by_grade,
        by_hour,
        slope(observed[own], level, grade[own], hour[own], days, rng),
        days_told(observed[own], level, grade[own], days),
        past.days,
        coupling(
            clearings, jobs["assigned"].to_numpy().astype(np.float64),
            jobs["graded"].to_numpy() + 60 * made, rng,
        ),
    )  # fmt: skip


def _predicted(
    work: Work,
    scenario: Scenario,
    seed: int,
    replications: int,
    engine: EngineName,
    told: Callable[[int], None] | None,
) -> tuple[Floats, Floats]:
    """Minutes from grading to allocation and from report to arrival, (replications, n) each."""
    graded = work.jobs["graded"].to_numpy()
    received = work.jobs["received"].to_numpy()
    waits, arrivals = [], []
    for number, one in enumerate(played(work, scenario, seed, replications, engine)):
        claimed = np.where(one["claimed_at"] == NEVER, work.end, one["claimed_at"])
        arrived = np.where(one["arrived_at"] == NEVER, work.end, one["arrived_at"])
        waits.append(np.maximum(claimed - graded, 0) / 60)
        arrivals.append(np.maximum(arrived - received, 0) / 60)
        if told is not None:
            told(number + 1)
    return np.stack(waits), np.stack(arrivals)


def _cells(
    stage: str,
    grade: int,
    own: np.ndarray[tuple[int], np.dtype[np.bool_]],
    observed: Floats,
    made: Floats,
    work: Work,
    limits: Limits,
    rng: np.random.Generator,
    fitted: tuple[Floats, Ints] | None,
) -> Iterator[Compared]:
    if own.sum() < FEWEST:
        return
    days = _days(work, own)
    yield from compared(stage, grade, None, observed[own], made[:, own], days, limits, rng, fitted)
    block = work.jobs["hour"].to_numpy() // BLOCK_HOURS
    masks = [own & (block == number) for number in range(24 // BLOCK_HOURS)]
    sizes = [int(mask.sum()) for mask in masks]
    # All, or none that could be had by subtraction: a single small block hides the next one too.
    small = [size < FEWEST for size in sizes]
    if any(0 < size < LEAST for size in sizes) and sum(small) == 1:
        small[min((s, n) for n, s in enumerate(sizes) if not small[n])[1]] = True
    for number, mask in enumerate(masks):
        if not small[number]:
            yield from compared(
                stage, grade, number * BLOCK_HOURS, observed[mask], made[:, mask],
                _days(work, mask), limits, rng, fitted,
            )  # fmt: skip


def _days(work: Work, own: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Ints:
    days = work.jobs["day"].to_physical().to_numpy()[own].astype(np.int64)
    return np.unique(days, return_inverse=True)[1].astype(np.int64)


def _extra(work: Work, waits: Floats, level: float, seed: int) -> Extra | None:
    jobs = work.jobs
    base = jobs.filter(~pl.col("lead_in")).select(
        "stream", "grade", "area", "hour", "day",
        wait=((pl.col("assigned") - pl.col("graded")) / 60).clip(0.0),
    )  # fmt: skip
    rng = bootstrap_generator(seed, "replay, extra wait")
    seen = extra_wait(base, "wait", level, rng, resamples=_RESAMPLES)
    if seen is None:
        return None
    # From five to nine jobs only whether the prediction lies inside is told, not the log's figures.
    shown = seen.children >= 2 * LEAST
    kept = (~jobs["lead_in"]).to_numpy()
    ratios, against = [], []
    for one in waits:
        made = extra_wait(
            base.with_columns(wait=pl.Series(one[kept])), "wait", level, rng, resamples=1
        )
        if made is not None:
            ratios.append(made.ratio)
            against.append(made.against)
    if not seen.ratio_tells or np.median(against) < LEAST_MEDIAN_MINUTES:
        return Extra(None, None, None, None, None, None, None, rounded(seen.children) or 0)
    tail = (1 - level) / 2
    low, middle, high = np.quantile(ratios, [tail, 0.5, 1 - tail])
    inside = None
    if seen.low is not None and seen.high is not None:
        inside = bool(seen.low <= middle <= seen.high)
    return Extra(
        round(seen.ratio, 2) if shown else None,
        None if seen.low is None or not shown else round(seen.low, 2),
        None if seen.high is None or not shown else round(seen.high, 2),
        round(float(middle), 2), round(float(low), 2), round(float(high), 2),
        inside, rounded(seen.children) or 0,
    )  # fmt: skip


def _notes(graded: int, used: int, work: Work) -> Iterator[str]:
    left = rounded(graded - used)
    if left:
        yield f"About {left:,} jobs of grades that the scenario does not have are left out."
    if work.imputed is not None:
        yield (
            f"Of {work.imputed:.0%} of the jobs the log lacks the way there or the end; another "
            "job's of their grade stands in."
        )
    yield (
        "Times are the log's first unit's: each job takes one crew from allocation until it "
        "cleared."
    )
