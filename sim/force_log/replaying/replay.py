"""Predicted against observed: where a scenario may be believed of a log, and where not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from sim.errors import InputError
from sim.force_log.disclosure import LEAST, rounded
from sim.force_log.extra_wait import LEAST_MEDIAN_MINUTES, extra_wait
from sim.force_log.reading import Log
from sim.force_log.replaying.held_against import (
    FEWEST,
    Compared,
    Distance,
    Floats,
    Ints,
    compared,
    distance,
)
from sim.force_log.replaying.playing import played
from sim.force_log.replaying.work import Work, work_of
from sim.scenario.models import Scenario
from sim.streams import bootstrap_generator
from sim.study.engines import engine_for
from sim.study.settings import EngineName
from sim.tables import NEVER

WAIT: Final = "graded_to_assigned"
ARRIVAL: Final = "received_to_arrived"

MEDIAN_AIM: Final = 0.20
TAIL_AIM: Final = 0.25
_DAYS: Final = re.compile(r"Log of .*, (\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d) \(ISO")
NEAR_MINUTES: Final = 1.0
"""So near is near enough, whatever the relative error."""

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

    def as_dict(self) -> dict[str, object]:
        """The extra wait as plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one grade's waits may be believed: ``believed``, ``unsure`` or ``not``.

    Believed where median and nine tenths lie within their aims or a minute; unsure where one does
    not, by no more than luck explains.
    """

    grade: int
    word: str
    why: str


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
        By grade.
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
        return {
            "format": 1,
            "title": self.title,
            "scenario": self.scenario,
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "replications": self.replications,
            "level": self.level,
            "rows": [row.as_dict() for row in self.rows],
            "distances": [one.as_dict() for one in self.distances],
            "coverage": self.coverage,
            "extra_wait": None if self.extra is None else self.extra.as_dict(),
            "verdicts": [asdict(one) for one in self.verdicts],
            "fitted_days": None
            if self.fitted_days is None
            else [day.isoformat() for day in self.fitted_days],
            "overlaps": self.overlaps,
            "imputed": self.imputed,
            "notes": list(self.notes),
        }


def replay(
    log: Log,
    scenario: Scenario,
    first_day: date,
    *,
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
    found: list[Compared] = []
    distances: list[Distance] = []
    for stage, (seconds, made) in stages.items():
        observed = np.maximum(seconds.astype(np.float64) / 60, 0.0)
        usable = np.isfinite(observed) & (~jobs["lead_in"]).to_numpy()
        for grade in range(1, most + 1):
            own = usable & (jobs["grade"] == grade).to_numpy()
            found += _cells(stage, grade, own, observed, made, work, level, rng)
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
    fitted_days = _fitted_days(scenario)
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
        extra=_extra(work, waits, level, seed),
        verdicts=tuple(verdicts(found, most)),
        fitted_days=fitted_days,
        overlaps=fitted_days is not None and fitted_days[0] <= last and fitted_days[1] >= first_day,
        imputed=work.imputed,
        notes=tuple(_notes(graded.height, rows.height, work)),
    )


def _fitted_days(scenario: Scenario) -> tuple[date, date] | None:
    """Return the days of a log that a scenario's sources name, as `fit` writes them."""
    for one in scenario.sources.values():
        named = _DAYS.search(one.source or "")
        if named is not None:
            return date.fromisoformat(named[1]), date.fromisoformat(named[2])
    return None


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
    level: float,
    rng: np.random.Generator,
) -> Iterator[Compared]:
    if own.sum() < FEWEST:
        return
    days = _days(work, own)
    yield from compared(stage, grade, None, observed[own], made[:, own], days, level, rng)
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
                _days(work, mask), level, rng,
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


def verdicts(rows: Sequence[Compared], most: int) -> Iterator[Verdict]:
    """Judge the waits for a crew of each grade up to `most` that has both quantiles."""
    for grade in range(1, most + 1):
        own = {
            row.place: row
            for row in rows
            if row.stage == WAIT and row.grade == grade and row.first_hour is None
        }
        if "p50" not in own or "p90" not in own:
            continue
        told = [
            _says(own[place], aim, words)
            for place, aim, words in (
                ("p50", MEDIAN_AIM, "the median wait"),
                ("p90", TAIL_AIM, "nine waits in ten"),
            )
        ]
        met = [ok for ok, _ in told]
        lucky = [ok or own[place].inside for ok, place in zip(met, ("p50", "p90"), strict=True)]
        word = "believed" if all(met) else "unsure" if all(lucky) else "not"
        yield Verdict(grade, word, "; ".join(why for _, why in told))


def _says(row: Compared, aim: float, words: str) -> tuple[bool, str]:
    near = abs(row.predicted - row.observed) <= NEAR_MINUTES
    met = near or (row.error is not None and abs(row.error) <= aim)
    size = "within a minute" if near and (row.error is None or abs(row.error) > aim) else (
        "" if row.error is None else f"{row.error:+.0%}"
    )  # fmt: skip
    luck = "" if row.inside else "more than luck explains"
    told = ", ".join(part for part in (size, luck) if part)
    minutes = f"{words} {row.predicted:g} for {row.observed:g} min"
    return met, f"{minutes} ({told})" if told else minutes


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
