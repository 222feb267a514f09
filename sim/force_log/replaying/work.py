"""Real incidents as the engine's tables: order and work from the log, the rest drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from sim.errors import InputError
from sim.fates.luck import Luck, chosen, parts_of, sums_of
from sim.force_log.disclosure import LEAST, rounded_share
from sim.scenario.demand import IncidentStream, MissingAdult
from sim.scenario.models import Scenario
from sim.streams import Streams
from sim.tables import (
    ATTEMPTS,
    DAY,
    INCIDENTS,
    NEVER,
    NONE,
    PER_MILLE,
    Origin,
    Policy,
    Risk,
    Table,
    blank,
)

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]

LONGEST_HOURS: Final = 12.0
"""No crew is taken to stay with one job for longer: a log left open overnight keeps nobody busy."""

_RISKS: Final[Mapping[str, Risk]] = {"low": Risk.LOW, "medium": Risk.MEDIUM, "high": Risk.HIGH}


@dataclass(frozen=True, slots=True)
class Work:
    """A log's incidents as an engine can play them.

    Attributes
    ----------
    jobs
        One row for each, in order of receipt, shape (n,): ``key``, ``stream`` (the log's word),
        ``grade``, ``area``, ``hour``, ``day``; ``received``, ``graded``, ``assigned`` and
        ``arrived`` in seconds from midnight of `first_day` (empty where unknown); ``travel`` and
        ``scene`` in seconds; ``ratified``, seconds from grading; ``lead_in``, whether it came
        before the first measured day.
    first_day
        Time 0 is its local midnight.
    days
        From `first_day` to the last report's day.
    imputed
        Share of the deployed jobs whose travel or end was not in the log and was taken from
        another job of their grade, fit to leave; None where fewer than five were, or were not.
    """

    jobs: pl.DataFrame
    first_day: date
    days: int
    imputed: float | None

    @property
    def start(self) -> int:
        """First second of play: midnight before the first report."""
        first = int(self.jobs["received"].min() or 0)  # type: ignore[arg-type]
        return first // DAY * DAY

    @property
    def end(self) -> int:
        """Last second of play: two days after the last report's day."""
        return (self.days + 2) * DAY


@dataclass(frozen=True, slots=True)
class _Luck(Luck):
    """Uniforms by the place of a job in its log: places are dense, so a column is one run."""

    def uniform(self, column: str, rows: Ints | None = None) -> Floats:
        number = self.number if rows is None else self.number[rows]
        count = int(number.max(initial=-1)) + 1
        run = self.streams.uniforms(self.stream, f"incident.{column}", block=0, count=count)
        return np.asarray(run[number])


def work_of(incidents: pl.DataFrame, first_day: date, rng: np.random.Generator) -> Work:
    """Take a log's incidents apart into the work that they were.

    Parameters
    ----------
    incidents
        As `sim.force_log.reading.Log.public`; those without a grade are left out, and those to
        which nobody was sent, for they take no crew.
    first_day
        First measured day; earlier incidents are a lead-in, which is played and not measured.
    rng
        Picks the job whose travel or end stands in for one that was not recorded.

    Raises
    ------
    sim.errors.InputError
        If no job has a time of allocation, or none of clearing or closing.

    Notes
    -----
    A report's place in time is its wall clock; every duration is the time that passed, also across
    a clock change. A job is over when its first unit cleared, or where that is not known (or lies
    before the first arrival, being another unit's) when the log was closed; one at which nobody
    arrived keeps its crew from allocation to that moment.
    """
    known = incidents.filter(pl.col("grade").is_not_null()).sort("received")
    midnight = pl.lit(first_day).cast(pl.Datetime("us"))
    received = (
        (pl.col("received").dt.replace_time_zone(None) - midnight).dt.total_milliseconds() / 1000
    ).round()

    def since(stamp: str, start: str = "received") -> pl.Expr:
        return ((pl.col(stamp) - pl.col(start)).dt.total_milliseconds() / 1000).round()

    on_site = pl.coalesce("arrived", "assigned")
    end = pl.coalesce("cleared", "closed")
    jobs = known.select(
        "stream",
        "area",
        "risk",
        grade=pl.col("grade").cast(pl.Int64),
        day=pl.col("received").dt.date(),
        hour=pl.col("received").dt.hour().cast(pl.Int64),
        received=received,
        graded=received + pl.coalesce(since("graded"), pl.lit(0.0)),
        assigned=received + since("assigned"),
        arrived=received + since("arrived"),
        ratified=since("ratified") - pl.coalesce(since("graded"), pl.lit(0.0)),
        travel=since("arrived", "assigned"),
        scene=((end - on_site).dt.total_milliseconds() / 1000).round(),
        lead_in=pl.col("received").dt.date() < first_day,
    )
    longest = LONGEST_HOURS * 3600
    # A job at which nobody arrived (left open or not) has its whole time as work at no distance.
    sent = pl.col("assigned").is_not_null() | pl.col("arrived").is_not_null()
    jobs = jobs.filter(sent).with_columns(
        key=pl.int_range(pl.len(), dtype=pl.Int64),
        travel=pl.when(pl.col("arrived").is_null()).then(0.0).otherwise(pl.col("travel"))
        .clip(0.0, longest),
        scene=pl.col("scene").clip(0.0, longest),
    )  # fmt: skip
    lacking = jobs.filter(pl.col("travel").is_null() | pl.col("scene").is_null())
    jobs = _imputed(jobs, "travel", "times of allocation", rng)
    jobs = _imputed(jobs, "scene", "times of clearing or closing", rng)
    last = known["received"].dt.date().max()
    assert isinstance(last, date)
    return Work(
        jobs=jobs,
        first_day=first_day,
        days=(last - first_day).days + 1,
        imputed=rounded_share(lacking.height / jobs.height, jobs.height)
        if min(lacking.height, jobs.height - lacking.height) >= LEAST
        else None,
    )


def _imputed(
    jobs: pl.DataFrame, column: str, needed: str, rng: np.random.Generator
) -> pl.DataFrame:
    """Fill what is not known of a deployed job by another's of its grade (a hot deck)."""
    values = jobs[column].to_numpy().astype(np.float64)
    grades = jobs["grade"].to_numpy()
    everyone = values[np.isfinite(values)]
    if values.size and not everyone.size:
        raise InputError(
            f"no job of these days has {needed}, so how long crews are busy is not known and "
            "nothing can be simulated",
            path="--first-day, --last-day",
            allowed="a log and days that hold them",
        )
    for grade in np.unique(grades):
        lacking = (grades == grade) & ~np.isfinite(values)
        donors = values[(grades == grade) & np.isfinite(values)]
        donors = donors if donors.size >= 20 else everyone
        if lacking.any():
            values[lacking] = rng.choice(donors, int(lacking.sum()))
    return jobs.with_columns(pl.Series(column, values))


def stream_of(scenario: Scenario, stream: str, grade: int) -> str | None:
    """Return the scenario's stream that a job of the log belongs to, by its kind and grade.

    Its own kind where the scenario has it; else the stream of other work with the largest yearly
    number of that grade.
    """
    own = scenario.streams.get(stream)
    if isinstance(own, IncidentStream):
        return stream
    volumes = {
        name: one.volume_per_year * one.grades.get(grade, 0.0) * (1 - one.ends_without_deployment)
        for name, one in scenario.streams.items()
        if isinstance(one, IncidentStream) and not isinstance(one, MissingAdult)
    }
    best = max(volumes, key=lambda name: volumes[name], default=None)
    if best is not None and volumes[best] > 0:
        return best
    return next(iter(volumes), None)


@dataclass(frozen=True, slots=True)
class _Jobs:
    """The jobs of one of a scenario's streams: their rows, and what the log says of them.

    ``area`` is the scenario's number, -1 where the log has none that the scenario knows;
    ``ratified`` is in seconds from grading, NaN where unknown.
    """

    place: int
    name: str
    stream: IncidentStream
    rows: Ints
    area: Ints
    risk: Ints
    ratified: Floats


@dataclass(frozen=True, slots=True)
class Given:
    """What a log fixes of the tables of a scenario's world; the rest is drawn.

    Attributes
    ----------
    columns
        Of the incidents table, in order of the work's rows.
    jobs
        By stream.
    order
        In which the rows were reported, shape (n,).
    """

    columns: Mapping[str, Ints]
    jobs: tuple[_Jobs, ...]
    order: Ints


def given(work: Work, scenario: Scenario) -> Given:
    """Return what is the same whatever is drawn.

    From the log: when each was reported and graded, its grade and area, the way there and the
    work.

    Raises
    ------
    sim.errors.InputError
        If the scenario has no stream for the log's jobs.
    """
    jobs = work.jobs
    n = jobs.height
    columns = blank(INCIDENTS, n)
    key = jobs["key"].to_numpy().astype(np.int64)
    grade = np.minimum(jobs["grade"].to_numpy().astype(np.int64), max(scenario.grades))
    reported = jobs["received"].to_numpy().astype(np.int64)
    columns.update(key=key, grade=grade, ratified_grade=grade.copy(), reported_at=reported)
    columns["deploys"][:] = 1
    columns["origin"][:] = Origin.DIRECT
    columns["thrive_seconds"] = (jobs["graded"].to_numpy() - reported).astype(np.int64)
    columns["base_travel_seconds"] = jobs["travel"].to_numpy().astype(np.int64)
    columns["scene_seconds"] = jobs["scene"].to_numpy().astype(np.int64)
    columns["interview_seconds"] = columns["scene_seconds"].copy()
    columns["officers"][:] = 1
    kinds = _streams_of_jobs(jobs, scenario)
    places = {name: place for place, name in enumerate(scenario.areas)}
    known = jobs.select(
        area=pl.col("area").cast(pl.String).replace_strict(places, default=-1).cast(pl.Int64),
        risk=pl.col("risk")
        .cast(pl.String)
        .replace_strict({name: int(risk) for name, risk in _RISKS.items()}, default=None)
        .fill_null(int(Risk.MEDIUM))
        .cast(pl.Int64),
        ratified=pl.col("ratified").cast(pl.Float64).fill_null(np.nan),
    )
    area, risk, ratified = (known[name].fill_null(-1).to_numpy() for name in known.columns)
    found = []
    for place, (name, stream) in enumerate(scenario.streams.items()):
        rows = np.flatnonzero(kinds == place)
        if rows.size and isinstance(stream, IncidentStream):
            columns["stream"][rows] = place
            found.append(_Jobs(place, name, stream, rows, area[rows], risk[rows], ratified[rows]))
    return Given(columns, tuple(found), np.lexsort((key, reported)))


def tables_of(fixed: Given, scenario: Scenario, streams: Streams) -> tuple[Table, Table]:
    """Return the incidents and attempts tables of a log's work in a scenario's world.

    Beside what the log fixes they hold what it does not, drawn by `streams` and the job's number:
    the delay that no lack of crews explains, held and rank uniforms, crews needed, writing, and
    the area where the log has none.
    """
    columns = {name: column.copy() for name, column in fixed.columns.items()}
    key = columns["key"]
    for jobs in fixed.jobs:
        luck = _Luck(streams, f"replay.{jobs.name}", key[jobs.rows])
        columns["area"][jobs.rows] = _areas(jobs, scenario, luck)
        _fates(columns, jobs, luck, by_rate=scenario.policy.dispatch_rate is not None)
    incidents = Table(INCIDENTS, {name: column[fixed.order] for name, column in columns.items()})
    attempts = Table(
        ATTEMPTS,
        {
            "key": key,
            "attempt": np.zeros(len(key), dtype=np.int64),
            "dispatch_seconds": np.zeros(len(key), dtype=np.int64),
        },
    )
    return incidents, attempts


def _fates(columns: dict[str, Ints], jobs: _Jobs, luck: Luck, *, by_rate: bool) -> None:
    """Draw what a log does not hold of one stream's jobs."""
    rows, stream = jobs.rows, jobs.stream
    columns["held_parts"][rows] = parts_of(luck.uniform("held"))
    columns["rank_parts"][rows] = parts_of(luck.uniform("rank"))
    columns["officers"][rows] = chosen(dict(sorted(stream.officers.items())), luck, "officers")
    columns["writing_seconds"][rows] = luck.seconds(stream.writing, "writing")
    if by_rate:
        columns["decision_sum"][rows] = sums_of(luck.uniform("decision"))
    if stream.custody is not None:
        taken = luck.below(stream.custody_share, "custody_share")
        columns["custody_seconds"][rows] = luck.seconds(stream.custody, "custody") * taken
    if stream.research is not None:
        asked = luck.below(stream.research_share, "research_share")
        columns["research_seconds"][rows] = np.where(
            asked, luck.seconds(stream.research, "research"), NEVER
        )
    before: Ints | int = 0
    if isinstance(stream, MissingAdult):
        before = luck.seconds(stream.assessment, "assessment")
        # The log's moment of ratification holds the assessment within it.
        known = np.isfinite(jobs.ratified)
        whole = np.nan_to_num(jobs.ratified).astype(np.int64)
        before = np.where(known, np.minimum(before, np.maximum(whole, 0)), before)
        columns["assessment_seconds"][rows] = before
        columns["risk"][rows] = columns["ratified_risk"][rows] = jobs.risk
    if stream.ratification is not None:
        drawn = luck.seconds(stream.ratification, "ratification")
        if isinstance(stream, MissingAdult):
            # The log's own moment, from grading; ratification is asked for after the assessment.
            own = np.maximum(np.nan_to_num(jobs.ratified).astype(np.int64) - before, 0)
            drawn = np.where(np.isfinite(jobs.ratified), own, drawn)
        columns["ratification_seconds"][rows] = drawn


def rules_of(policy: Policy) -> Policy:
    """Return a scenario's rules for real work: what the log observed is not drawn or changed again.

    Travel has no factors, for it was travelled; ratification takes the time that it took, in
    nobody's queue; nobody answers, for grading is the log's; nobody allocates, for what a
    dispatcher does lies between the log's allocation and arrival, in the way there.
    """
    areas = len(policy.areas)
    return replace(
        policy,
        area_factor=((PER_MILLE,) * areas,) * (areas + 1),
        grade_factor=(PER_MILLE,) * policy.grades,
        hour_factor=(PER_MILLE,) * 24,
        ratifiers=(((),) * 24,) * len(Risk),
        research=NONE,
        call_takers=NONE,
        dispatchers=(NONE,) * areas,
    )


def _streams_of_jobs(jobs: pl.DataFrame, scenario: Scenario) -> Ints:
    names = list(scenario.streams)
    pairs = jobs.select("stream", "grade").unique()
    places = []
    for stream, grade in pairs.rows():
        name = stream_of(scenario, str(stream), int(grade))
        if name is None:
            raise InputError(
                "the scenario has no stream of incidents that the log's jobs could belong to",
                path="streams",
            )
        places.append(names.index(name))
    found = jobs.select("stream", "grade").join(
        pairs.with_columns(place=pl.Series(places, dtype=pl.Int64)),
        on=["stream", "grade"],
        how="left",
        maintain_order="left",
    )
    return np.asarray(found["place"].to_numpy())


def _areas(jobs: _Jobs, scenario: Scenario, luck: Luck) -> Ints | int:
    """Areas of jobs: the log's where the scenario has it, else drawn by the stream's shares."""
    shares = {place: jobs.stream.areas.get(name, 0.0) for place, name in enumerate(scenario.areas)}
    drawn = chosen(shares, luck, "area")
    return np.where(jobs.area < 0, drawn, jobs.area)
