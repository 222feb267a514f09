"""What a log says by itself, before any model: the whole diagnosis as plain figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from sim.force_log.bands import By, missing_child_figures, missing_child_hours
from sim.force_log.clock_unsaid import clock_unsaid
from sim.force_log.delays import STAGES, delay_figures, with_delays, with_targets
from sim.force_log.disclosure import (
    LEAST,
    LogFigure,
    released_faults,
    rounded,
    rounded_minutes,
    rounded_share,
)
from sim.force_log.documents import document
from sim.force_log.extra_wait import ExtraWait, extra_wait
from sim.force_log.gate import FOUND_AT, WINDOW_MINUTES, Bunching, bunching
from sim.force_log.idle import LONGEST_GAP_HOURS, idle_while_waiting
from sim.force_log.lull import LULL_MINUTES, lulls
from sim.force_log.own_work import AT_ONCE_SECONDS
from sim.force_log.reading import Log
from sim.force_log.returns import return_figures
from sim.force_log.words import JOINED
from sim.scenario.models import Target
from sim.streams import bootstrap_generator

EXTRA_STAGES: Final = ("graded_to_assigned", "received_to_assigned", "received_to_arrived")
"""Waits over which missing-child jobs are compared, as far as the log has them."""

CHILD_STAGES: Final = ("graded_to_assigned", "received_to_arrived")
"""Waits by which missing-child jobs are told by risk and hours."""

_RATIFIABLE: Final = ("missing_child", "missing_adult", "welfare_concern")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a log says, fit to leave the force's own machine.

    Attributes
    ----------
    title
        That of the mapping.
    first_day, last_day
        Local days of the first and the last report.
    rows, incidents
        Rows of the file and incidents from the public, to the nearest five.
    level
        Of all intervals.
    targets
        The targets that arrivals were held against.
    figures
        Every figure, see `sim.force_log.disclosure.LogFigure`.
    bunched
        Streams whose allocations bunch after ratification; `tested` those that could be tested.
    tested
        See `bunched`.
    adjusted_for
        What the extra wait is adjusted for, in words.
    faults
        What was wrong with the log, see `sim.force_log.disclosure.released_faults`.
    cannot_tell
        What the log cannot tell, a sentence each.
    """

    title: str
    first_day: date
    last_day: date
    rows: int | None
    incidents: int | None
    level: float
    targets: tuple[Target, ...]
    figures: tuple[LogFigure, ...]
    bunched: tuple[str, ...]
    tested: tuple[str, ...]
    adjusted_for: str
    faults: tuple[dict[str, object], ...]
    cannot_tell: tuple[str, ...]

    def find(self, measure: str, **cuts: object) -> LogFigure | None:
        """The figure of a measure and of exactly these cuts, if there is one."""
        wanted = {"stage": None, "stream": None, "grade": None, "risk": None, "area": None}
        wanted = {**wanted, "hour": None, "hours": None, **cuts}  # type: ignore[dict-item]
        for figure in self.figures:
            if figure.measure == measure and all(
                getattr(figure, key) == value for key, value in wanted.items()
            ):
                return figure
        return None

    def as_dict(self) -> dict[str, object]:
        """The diagnosis as a JSON document."""
        return document(self)


def diagnose(
    log: Log,
    targets: Sequence[Target] | None = None,
    *,
    by: Sequence[By] = (),
    level: float = 0.95,
    seed: int = 2022,
    resamples: int = 1000,
) -> Diagnosis:
    """Say what a log shows of delays, gates, idle crews and missing-child jobs.

    Parameters
    ----------
    log
        As `sim.force_log.reading.read_log` returns it.
    targets
        Those of a scenario; the mapping's own where None.
    by
        What missing-child jobs are cut by besides: risk (high or not), hours (three bands).
    level
        Confidence level of intervals.
    seed
        For the bootstrap.
    resamples
        Draws of the bootstrap.
    """
    held_to = tuple(log.mapping.targets.values() if targets is None else targets)
    delays = with_targets(with_delays(log.public), held_to)
    stages = [
        stage for stage, (start, end) in STAGES.items() if start in log.has and end in log.has
    ]
    figures = list(delay_figures(delays, stages, level))
    tests = _tests(log, delays, level) if "ratified" in log.has else []
    figures += _before_and_after(delays) if "ratified" in log.has else ()
    figures += [figure for test in tests for figure in _bunching_figures(test)]
    figures += _extra_figures(delays, stages, level, seed, resamples)
    figures += _idle_figures(log, delays)
    waits = [one for one in CHILD_STAGES if one in stages]
    figures += missing_child_figures(delays, by, waits, level) if by else ()
    figures += missing_child_hours(delays, waits) if "hours" in by else ()
    figures += return_figures(log.public, level) if log.has & set(JOINED) else ()
    figures += _lull_figures(delays) if "assigned" in log.has else ()
    figures += _at_once_figures(log)
    first, last = log.period
    return Diagnosis(
        title=log.mapping.title,
        first_day=first,
        last_day=last,
        rows=rounded(log.rows),
        incidents=rounded(delays.height),
        level=level,
        targets=held_to,
        figures=tuple(figures),
        bunched=tuple(test.stream for test in tests if test.found),
        tested=tuple(test.stream for test in tests),
        adjusted_for="hour and area" if "area" in log.has else "hour",
        faults=tuple(released_faults(log.faults.found)),
        cannot_tell=(*_not_cut(figures, by), *_cannot_tell(log, held_to)),
    )


def _tests(log: Log, delays: pl.DataFrame, level: float) -> list[Bunching]:
    if "assigned" not in log.has:
        return []
    tests = (bunching(delays, stream, level) for stream in _RATIFIABLE)
    return [test for test in tests if test is not None]


def _before_and_after(delays: pl.DataFrame) -> Iterator[LogFigure]:
    """Share of ratified, allocated jobs that were allocated before ratification, by stream."""
    for stream in _RATIFIABLE:
        jobs = delays.filter(
            (pl.col("stream") == stream)
            & pl.col("ratified").is_not_null()
            & pl.col("assigned").is_not_null()
        )
        n = jobs.height
        if not n:
            continue
        before = int((jobs["assigned"] < jobs["ratified"]).sum())
        leaves = min(before, n - before) >= LEAST
        yield _plain("deployed_before_ratification", stream, before / n if leaves else None, n)


def _bunching_figures(test: Bunching) -> Iterator[LogFigure]:
    few = min(test.before, test.after) < LEAST
    # Without the counts on both sides the ratio would give the smaller one away.
    value, low, high = (None, test.low, None) if few else (test.ratio, test.low, test.high)
    yield LogFigure(
        "allocation_after_ratification", None, test.stream, None, None, None, None,
        _round(value, 2), _round(low, 2), _round(high, 2), "ratio", rounded(test.jobs), few,
    )  # fmt: skip
    yield LogFigure(
        "allocation_after_ratification_p", None, test.stream, None, None, None, None,
        max(round(test.probability, 4), 0.0001), None, None, "p", rounded(test.jobs),
    )  # fmt: skip


def _extra_figures(
    delays: pl.DataFrame, stages: Sequence[str], level: float, seed: int, resamples: int
) -> Iterator[LogFigure]:
    wanted = [stage for stage in EXTRA_STAGES if stage in stages]
    if "graded_to_assigned" in wanted and "received_to_assigned" in wanted:
        wanted.remove("received_to_assigned")
    children = delays.filter(pl.col("stream") == "missing_child")
    grades = sorted(int(grade) for grade in children["grade"].drop_nulls().unique())
    for stage in wanted:
        for grade in (None, *grades):
            generator = bootstrap_generator(seed, f"extra wait, {stage}, grade {grade}")
            found = extra_wait(delays, stage, level, generator, grade=grade, resamples=resamples)
            if found is not None:
                yield from _extra(found, stage)


def _extra(found: ExtraWait, stage: str) -> Iterator[LogFigure]:
    n, leaves = found.children, found.children >= 2 * LEAST
    rows: list[tuple[str, list[float | None], bool]] = [
        ("extra_wait_ratio", [found.ratio, found.low, found.high], False),
        ("extra_wait_ratio_crude", [found.crude, None, None], False),
        ("extra_wait_minutes", [found.minutes, found.minutes_low, found.minutes_high], True),
    ]
    for measure, numbers, in_minutes in rows:
        if measure == "extra_wait_ratio_crude" and found.crude is None:
            continue
        shown = [
            None if number is None or not leaves or not (in_minutes or found.ratio_tells)
            else rounded_minutes(number, n) if in_minutes
            else float(np.round(number, 2))
            for number in numbers
        ]  # fmt: skip
        yield LogFigure(
            measure, stage, "missing_child", found.grade, None, None, None,
            shown[0], shown[1], shown[2], "minutes" if in_minutes else "ratio",
            rounded(n), not leaves,
        )  # fmt: skip


def _idle_figures(log: Log, delays: pl.DataFrame) -> Iterator[LogFigure]:
    for one in idle_while_waiting(delays, log.allocations):
        leaves = one.jobs >= 2 * LEAST
        yield LogFigure(
            "idle_while_waiting", "graded_to_assigned", one.stream, one.grade, None, None, None,
            rounded_share(one.share, one.jobs) if leaves else None, None, None, "share",
            rounded(one.jobs), not leaves,
        )  # fmt: skip


def _lull_figures(delays: pl.DataFrame) -> Iterator[LogFigure]:
    for one in lulls(delays):
        if one.jobs < 2 * LEAST:
            continue
        span = "-".join(
            f"{at // 60 % 24:02d}:{at % 60:02d}" for at in (one.minute, one.minute + LULL_MINUTES)
        )
        yield LogFigure(
            "allocation_lull", None, None, None, None, None, None,
            round(one.ratio, 1), None, None, "ratio", rounded(one.jobs), hours=span,
        )  # fmt: skip


def _at_once_figures(log: Log) -> Iterator[LogFigure]:
    """Shares of grades that were assigned within seconds, and that no label gives to officers."""
    for one in log.at_once:
        rest = one.of - one.jobs
        leaves = one.jobs >= LEAST and (rest == 0 or rest >= LEAST)
        yield LogFigure(
            "public_at_once" if one.public else "officers_at_once",
            None, None, one.grade, None, None, None,
            rounded_share(one.jobs / one.of, one.of) if leaves else None, None, None, "share",
            rounded(one.of), not leaves,
        )  # fmt: skip


def _plain(measure: str, stream: str, share: float | None, n: int) -> LogFigure:
    value = None if share is None else rounded_share(share, n)
    return LogFigure(
        measure, None, stream, None, None, None, None, value, None, None, "share",
        rounded(n), share is None,
    )  # fmt: skip


def _round(number: float | None, places: int) -> float | None:
    return None if number is None else round(number, places)


def _not_cut(figures: Sequence[LogFigure], by: Sequence[By]) -> Iterator[str]:
    """Say so where the cuts that were asked for leave nothing that may be shown."""
    if by and not any(one.measure == "missing_child_jobs" for one in figures):
        yield (
            f"Missing-child jobs by {' and '.join(by)}: there are too few of them"
            f"{', or none has a risk level' if 'risk' in by else ''}."
        )


def _but_at_once(log: Log) -> str:
    theirs = any(not one.public for one in log.at_once)
    return f" but what was assigned within {AT_ONCE_SECONDS} seconds of receipt" if theirs else ""


def _cannot_tell(log: Log, targets: Sequence[Target]) -> Iterator[str]:
    """Say what the log cannot tell, by what it lacks."""
    has = log.has
    lacking = {
        "ratified": "Whether deployments wait for ratification: the log has no time of "
        "ratification.",
        "graded": "How long grading takes: the log has no time of grading, so waits begin with "
        "the call.",
        "assigned": "Whether a wait was for a unit or on the road: the log has no time of "
        "allocation.",
        "arrived": "Whether targets were met: the log has no time of arrival.",
        "unit": "Whether a crew was idle while a job waited: the log names no units.",
        "risk": "How delays differ by assessed risk: the log has no risk level.",
        "area": "How delays differ by place: the log has no area.",
        "origin": "What officers began themselves: the log does not say who reported, so all "
        f"work counts as from the public{_but_at_once(log)}.",
        "kind": "Which jobs are about a missing child: the log has no kind of incident.",
    }
    yield from (sentence for name, sentence in lacking.items() if name not in has)
    if "ratified" in has:
        yield (
            f"Why allocations bunch after ratification, where they do (within {WINDOW_MINUTES:g} "
            f"minutes; said where the smooth hazard gives it less than {FOUND_AT:g}): a gate, or a "
            "supervisor who ratifies once a crew is free, leave the same times."
        )
    if "unit" in has:
        yield (
            f"Where crews were between jobs: up to {LONGEST_GAP_HOURS} hours apart they count as "
            "idle, and may have been at a meal, in custody or writing."
        )
    if not targets and "arrived" in has:
        yield (
            "Whether targets were met: the mapping has none. [targets.NAME] in it names a grade, "
            "its minutes and the moment from which they run; or take a scenario's (--targets)."
        )
    if any(target.starts not in has for target in targets):
        yield "Targets from a moment that the log does not have: such arrivals are left uncounted."
    yield from clock_unsaid(log)
    if "arrived" in has:
        yield (
            "What became of jobs without a time of arrival: returned first, ended without "
            "deployment, or not written down. They are counted apart, and no delay is theirs."
        )
    if "returned" in has:
        yield (
            "How many crews were on duty, and when a child was last seen: neither log nor records "
            "hold it. When a child came home is known only of those with a record."
        )
    else:
        yield (
            "How many crews were on duty, when a child was last seen and when they came home: a "
            "command-and-control log holds neither rota nor outcome. Records that are joined to it "
            "(--cases) say when they came home."
        )
    yield "What officers did after the first unit cleared: times are those of the first unit."
