"""Rows about cases after arrival: one scenario's, and the differences between two.

Hours in which nobody was there, or worked, and the officers' hours are told side by side, never
one without the other: what slowness leaves undone is no saving.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.measures import RISKS, CaseCount, Cut, Ending, Labels, Replication, Span
from sim.measures.episode import OPEN_HOURS, OWNERS
from sim.measures.replication import Ints
from sim.results.catalogue import Measure, measures_about
from sim.results.making.case_tallies import CaseTallies, follows_cases
from sim.results.making.estimates import (
    estimator,
    followed_estimator,
    ratio_changed,
    ratio_of,
)
from sim.results.row import Row, row
from sim.statistics import (
    FollowedTimes,
    Interval,
    mean_interval,
    paired_mean_difference,
    paired_ratio_difference,
    ratio_interval,
    share_interval,
)
from sim.tables import HOUR, Activity

Floats = NDArray[np.float64]

CURVE_HOURS = (
    *range(13), *range(14, 25, 2), *range(28, 49, 4), *range(60, 97, 12), *range(120, 169, 24),
)  # fmt: skip
"""Hours after the report at which the share returned and the share found are told."""

_DAY_HOURS = 24
_WEEKLY = (
    ("officer_hours_a_week", CaseCount.OFFICER_SECONDS),
    ("desk_hours_a_week", CaseCount.DESK_SECONDS),
    ("unworked_hours_a_week", CaseCount.UNWORKED_SECONDS),
)
_RATIOS = tuple((one, sums) for one in measures_about("cases") for sums in one.sums)
_BY_SPANS: dict[tuple[tuple[Span, str | None], ...], list[Measure]] = {}
for _measure in measures_about("cases"):
    if _measure.spans:
        _BY_SPANS.setdefault(_measure.spans, []).append(_measure)
_SPANS = tuple(
    (span, stage, tuple(measures)) for spans, measures in _BY_SPANS.items() for span, stage in spans
)
"""Each length of time with its stage, and the measures of it: mean, quantiles, share stopped."""


def case_rows(replications: Sequence[Replication], level: float) -> Iterator[Row]:
    """Rows of one scenario; none where it does not follow its cases.

    Parameters
    ----------
    replications
        In the order of their numbers.
    level
        Confidence level; each row's limits hold by themselves.
    """
    if not follows_cases(replications):
        return
    tallies = CaseTallies(replications)
    for cut in _cuts(tallies.labels):
        sums = tallies.sums(cut)
        if not sums[:, CaseCount.EPISODES].any():
            continue
        for measure, ratio in _RATIOS:
            if sums[:, ratio.bottom].any() and _is_told(measure, sums[:, ratio.top]):
                interval = ratio_of(measure, ratio, sums, level)
                yield row(measure.name, interval, cut, stage=ratio.stage, minutes=ratio.minutes)
        for span, stage, measures in _SPANS:
            yield from _span_rows(tallies, cut, span, stage, measures, level)
        for name, weekly in _weekly(tallies, cut).items():
            yield row(name, mean_interval(weekly, level), cut)
        if _is_whole(cut):
            yield from _curve(tallies, cut, level)
            yield from _interviewers(tallies, cut, level)
            yield from _by_hour(tallies, cut, level)
            yield from _census(tallies, cut, level)
        if _is_whole(cut) or cut.risk is not None:
            yield from _work(tallies, cut, level)


def case_differences(
    baseline: Sequence[Replication], other: Sequence[Replication], level: float
) -> Iterator[Row]:
    """Paired differences, *other* less *baseline*; none where either does not follow its cases.

    Parameters
    ----------
    baseline, other
        Replications of the same numbers, in order.
    level
        Confidence level; each row's limits hold by themselves.
    """
    if not follows_cases(baseline) or not follows_cases(other):
        return
    before, after = CaseTallies(baseline), CaseTallies(other)
    for cut in _cuts(before.labels):
        sums = before.sums(cut), after.sums(cut)
        for measure, ratio in _RATIOS:
            both = all(side[:, ratio.bottom].any() for side in sums)
            if both and _is_told(measure, *(side[:, ratio.top] for side in sums)):
                interval = ratio_changed(measure, ratio, sums, level)
                n = before.size if measure.of_time else None
                yield row(
                    measure.name, interval, cut, stage=ratio.stage, minutes=ratio.minutes, n=n
                )
        for span, stage, measures in _SPANS:
            yield from _span_differences((before, after), cut, span, stage, measures, level)
        old, new = _weekly(before, cut), _weekly(after, cut)
        nothing = np.zeros(before.size)
        for name in dict.fromkeys((*old, *new)):
            interval = paired_mean_difference(old.get(name, nothing), new.get(name, nothing), level)
            yield row(name, interval, cut)
        if _is_whole(cut):
            yield from _census_differences(before, after, cut, level)
            yield from _work_differences(before, after, cut, level)


def _is_told(measure: Measure, *tops: Ints) -> bool:
    """Whether a measure of what few scenarios switch on is not nought everywhere."""
    return not measure.where_on or any(top.any() for top in tops)


def _cuts(labels: Labels) -> list[Cut]:
    """Each stream of missing children, and by one further cut of its cases."""
    cuts = []
    for stream, missing in zip(labels.streams, labels.missing, strict=True):
        if not missing:
            continue
        whole = Cut(stream=stream)
        cuts.append(whole)
        cuts += [replace(whole, risk=risk) for risk in RISKS]
        cuts += [replace(whole, care=care) for care in (True, False)]
        cuts += [replace(whole, area=area) for area in labels.areas]
        cuts += [replace(whole, hours="team"), replace(whole, hours="other")]
    return cuts


def _is_whole(cut: Cut) -> bool:
    return cut == Cut(stream=cut.stream)


def _only_stream(tallies: CaseTallies, cut: Cut) -> bool:
    """Whether the cut's stream is the only one of missing children.

    Work by pool, hours of the day and the census are not kept by stream.
    """
    return _is_whole(cut) and sum(tallies.labels.missing) == 1


def _weekly(tallies: CaseTallies, cut: Cut) -> dict[str, Floats]:
    """Hours a week by replication."""
    sums = tallies.sums(cut)
    found = {
        measure: sums[:, count] / HOUR / tallies.weeks
        for measure, count in _WEEKLY
        if sums[:, CaseCount.CASES].any()
    }
    if sums[:, CaseCount.UNRECORDED].any():
        seconds, _, _ = tallies.span_sums(cut, Span.UNRECORDED)
        found["unrecorded_hours_a_week"] = seconds / HOUR / tallies.weeks
    return found


def _span_rows(
    tallies: CaseTallies,
    cut: Cut,
    span: Span,
    stage: str | None,
    measures: Sequence[Measure],
    level: float,
) -> Iterator[Row]:
    seconds, spans, stopped = tallies.span_sums(cut, span)
    if not spans.any():
        return
    by_follow_up = measures[0].followed
    followed = _followed(tallies, cut, span) if by_follow_up else None
    times = None if by_follow_up else tallies.spans(cut, span)
    for measure in measures:
        if measure.unit == "share":
            interval = share_interval(stopped, spans, level)
        elif measure.quantile is None:
            hours = seconds / measure.divisor
            interval = ratio_interval(hours, spans, level, count=int(spans.sum()))
            if measure.followed and spans.sum() > stopped.sum():
                interval = _withheld(interval)
        elif followed is not None:
            interval = followed_estimator(measure).interval(followed, level)
        elif times is not None:
            interval = estimator(measure).interval(times, level)
        yield row(measure.name, interval, cut, stage=stage)


def _span_differences(
    sides: tuple[CaseTallies, CaseTallies],
    cut: Cut,
    span: Span,
    stage: str | None,
    measures: Sequence[Measure],
    level: float,
) -> Iterator[Row]:
    old, new = (side.span_sums(cut, span) for side in sides)
    if not old[1].any() or not new[1].any():
        return
    by_follow_up = measures[0].followed
    followed = [_followed(side, cut, span) for side in sides if by_follow_up]
    times = [side.spans(cut, span) for side in sides if not by_follow_up]
    for measure in measures:
        if measure.unit == "share":
            interval = paired_ratio_difference(old[2], old[1], new[2], new[1], level, share=True)
        elif measure.quantile is None:
            before, after = old[0] / measure.divisor, new[0] / measure.divisor
            interval = paired_ratio_difference(before, old[1], after, new[1], level)
            if measure.followed and any(side[1].sum() > side[2].sum() for side in (old, new)):
                interval = _withheld(interval)
        elif followed:
            interval = followed_estimator(measure).difference(followed[0], followed[1], level)
        else:
            interval = estimator(measure).difference(times[0], times[1], level)
        yield row(measure.name, interval, cut, stage=stage)


def _followed(tallies: CaseTallies, cut: Cut, span: Span) -> FollowedTimes:
    ended, cut_off = (tallies.spans(cut, span, cut_off=cut_off) for cut_off in (False, True))
    return FollowedTimes.of(ended, cut_off)


def _withheld(mean: Interval) -> Interval:
    """Nothing: the mean of times that are cut off is not known."""
    return Interval(None, None, None, mean.n, mean.level, mean.adjusted, too_few=True)


def _curve(tallies: CaseTallies, cut: Cut, level: float) -> Iterator[Row]:
    """Returned, and found, by time since the report; the rest is still missing.

    Told as long as every case was followed.
    """
    followed = tallies.first_cut(cut, Span.CHILD_SAFE)
    known = [hour for hour in CURVE_HOURS if followed is None or hour * HOUR <= followed]
    seconds = np.array(known, dtype=np.int64) * HOUR
    for measure, ending in (("returned_by", Ending.DONE), ("found_by", Ending.FOUND)):
        events, cases = tallies.until(cut, Span.CHILD_SAFE, ending, seconds)
        if not cases.any():
            continue
        for place, hours in enumerate(known):
            interval = share_interval(events[:, place], cases, level)
            yield row(measure, interval, cut, minutes=60 * hours)


def _interviewers(tallies: CaseTallies, cut: Cut, level: float) -> Iterator[Row]:
    """Who held the prevention interviews, by role."""
    if not _only_stream(tallies, cut):
        return
    held = tallies.stacked("interviewed_by")
    roles = np.array(tallies.labels.roles)
    for role in dict.fromkeys(tallies.labels.roles):
        by_role = held[:, roles == role].sum(axis=1)
        if by_role.any():
            interval = share_interval(by_role, held.sum(axis=1), level)
            yield row("interviewed_by", interval, cut, stage=role)


def _by_hour(tallies: CaseTallies, cut: Cut, level: float) -> Iterator[Row]:
    """Of the time under enquiry at an hour of the day: how much nobody worked, by owner."""
    if not _only_stream(tallies, cut):
        return
    owned = tallies.stacked("owned").sum(axis=1)
    idle = tallies.stacked("unworked").sum(axis=1)
    for place, stage in (*enumerate(OWNERS), (slice(None), None)):
        mine = [part[:, place].reshape(tallies.size, -1, _DAY_HOURS).sum(axis=1)
                for part in (owned, idle)]  # fmt: skip
        for hour in range(_DAY_HOURS):
            if mine[0][:, hour].any():
                top, bottom = mine[1][:, hour], mine[0][:, hour]
                interval = ratio_interval(top, bottom, level, share=True, count=tallies.size)
                yield row("unworked_share", interval, cut, hour=hour, stage=stage)


def _open(tallies: CaseTallies) -> dict[int | None, tuple[Floats, Floats]]:
    """Cases open at midnight and midnights, by replication and weekday; by minutes open, or all."""
    census, midnights = tallies.stacked("census"), tallies.stacked("midnights")
    return {
        60 * hours or None: (census[:, :, place], midnights)
        for place, hours in enumerate(OPEN_HOURS)
    }


def _open_row(interval: Interval, cut: Cut, minutes: int | None, hour: int | None = None) -> Row:
    measure = "cases_open" if minutes is None else "cases_open_over"
    return row(measure, interval, cut, hour=hour, minutes=minutes)


def _census(tallies: CaseTallies, cut: Cut, level: float) -> Iterator[Row]:
    if not _only_stream(tallies, cut):
        return
    for minutes, (cases, midnights) in _open(tallies).items():
        mean = cases.sum(axis=1) / midnights.sum(axis=1)
        yield _open_row(mean_interval(mean, level), cut, minutes)
        for day in np.flatnonzero(midnights[0]).tolist():
            interval = mean_interval(cases[:, day] / midnights[:, day], level)
            yield _open_row(interval, cut, minutes, day * _DAY_HOURS)


def _census_differences(
    before: CaseTallies, after: CaseTallies, cut: Cut, level: float
) -> Iterator[Row]:
    if not _only_stream(before, cut):
        return
    new = _open(after)
    for minutes, old in _open(before).items():
        first, second = (
            cases.sum(axis=1) / nights.sum(axis=1) for cases, nights in (old, new[minutes])
        )
        yield _open_row(paired_mean_difference(first, second, level), cut, minutes)


def _worked(tallies: CaseTallies, cut: Cut) -> Floats | None:
    """Hours by replication, pool and activity; None where they are not kept for the cut."""
    if sum(tallies.labels.missing) != 1:
        return None
    work = tallies.stacked("work") / HOUR
    hours: Floats = work.sum(axis=1) if cut.risk is None else work[:, RISKS.index(cut.risk)]
    return hours


def _parts(labels: Labels, work: Floats) -> Iterator[tuple[Floats, str | None, str | None]]:
    """Hours by replication for each activity, and for each pool and its activities."""
    for kind in Activity:
        if work[:, :, kind].any():
            yield work[:, :, kind].sum(axis=1), None, kind.name.lower()
    for place, pool in enumerate(labels.pools):
        if work[:, place].any():
            yield work[:, place].sum(axis=1), pool, None


def _work(tallies: CaseTallies, cut: Cut, level: float) -> Iterator[Row]:
    work, cases = _worked(tallies, cut), tallies.sums(cut)[:, CaseCount.CASES]
    if work is None or not cases.any():
        return
    for hours, pool, stage in _parts(tallies.labels, work):
        interval = ratio_interval(hours, cases, level, count=int(cases.sum()))
        yield row("work_hours_per_case", interval, cut, pool=pool, stage=stage)


def _work_differences(
    before: CaseTallies, after: CaseTallies, cut: Cut, level: float
) -> Iterator[Row]:
    works = _worked(before, cut), _worked(after, cut)
    cases = [side.sums(cut)[:, CaseCount.CASES] for side in (before, after)]
    if works[0] is None or works[1] is None or not cases[0].any() or not cases[1].any():
        return
    old, new = (
        {(pool, stage): hours for hours, pool, stage in _parts(side.labels, work)}
        for side, work in ((before, works[0]), (after, works[1]))
    )
    nothing = np.zeros(before.size)
    for pool, stage in dict.fromkeys((*old, *new)):
        interval = paired_ratio_difference(
            old.get((pool, stage), nothing),
            cases[0],
            new.get((pool, stage), nothing),
            cases[1],
            level,
        )
        yield row("work_hours_per_case", interval, cut, pool=pool, stage=stage)
