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
from sim.report.after_arrival_figures import (
    CASE_RATIOS,
    CASE_SPANS,
    CLOCK_SPANS,
    CURVE_HOURS,
    FOLLOWED_QUANTILES,
    FOLLOWED_SPANS,
    QUANTILES,
    CaseRatio,
    CaseSpan,
)
from sim.report.gathered_cases import GatheredCases, follows_cases
from sim.report.row import Row, row
from sim.statistics import (
    FollowedTimes,
    Interval,
    PooledTimes,
    mean_interval,
    paired_mean_difference,
    paired_ratio_difference,
    ratio_interval,
    share_interval,
)
from sim.tables import HOUR, Activity

Floats = NDArray[np.float64]

_DAY_HOURS = 24
_WEEKLY = (
    ("officer_hours_a_week", CaseCount.OFFICER_SECONDS),
    ("desk_hours_a_week", CaseCount.DESK_SECONDS),
    ("unworked_hours_a_week", CaseCount.UNWORKED_SECONDS),
)


def after_arrival_rows(replications: Sequence[Replication], level: float) -> Iterator[Row]:
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
    gathered = GatheredCases(replications)
    for cut in _cuts(gathered.labels):
        sums = gathered.sums(cut)
        if not sums[:, CaseCount.EPISODES].any():
            continue
        for ratio in CASE_RATIOS:
            if sums[:, ratio.bottom].any():
                interval = _ratio(ratio, sums, level)
                yield row(ratio.measure, interval, ratio.unit, cut, stage=ratio.stage)
        for spanned in CASE_SPANS:
            yield from _span_rows(gathered, cut, spanned, level)
        for measure, weekly in _weekly(gathered, cut).items():
            yield row(measure, mean_interval(weekly, level), "hours", cut)
        if _is_whole(cut):
            yield from _curve(gathered, cut, level)
            yield from _interviewers(gathered, cut, level)
            yield from _by_hour(gathered, cut, level)
            yield from _census(gathered, cut, level)
        if _is_whole(cut) or cut.risk is not None:
            yield from _work(gathered, cut, level)


def after_arrival_differences(
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
    before, after = GatheredCases(baseline), GatheredCases(other)
    for cut in _cuts(before.labels):
        sums = before.sums(cut), after.sums(cut)
        for ratio in CASE_RATIOS:
            if all(side[:, ratio.bottom].any() for side in sums):
                interval = paired_ratio_difference(
                    sums[0][:, ratio.top] / ratio.divisor,
                    sums[0][:, ratio.bottom],
                    sums[1][:, ratio.top] / ratio.divisor,
                    sums[1][:, ratio.bottom],
                    level,
                    share=ratio.unit == "share",
                )
                n = before.size if ratio.of_time else None
                yield row(ratio.measure, interval, ratio.unit, cut, stage=ratio.stage, n=n)
        for spanned in CASE_SPANS:
            yield from _span_differences(before, after, cut, spanned, level)
        old, new = _weekly(before, cut), _weekly(after, cut)
        nothing = np.zeros(before.size)
        for measure in dict.fromkeys((*old, *new)):
            interval = paired_mean_difference(
                old.get(measure, nothing), new.get(measure, nothing), level
            )
            yield row(measure, interval, "hours", cut)
        if _is_whole(cut):
            yield from _census_differences(before, after, cut, level)
            yield from _work_differences(before, after, cut, level)


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


def _only_stream(gathered: GatheredCases, cut: Cut) -> bool:
    """Whether the cut's stream is the only one of missing children.

    Work by pool, hours of the day and the census are not kept by stream.
    """
    return _is_whole(cut) and sum(gathered.labels.missing) == 1


def _ratio(ratio: CaseRatio, sums: Ints, level: float) -> Interval:
    top, bottom = sums[:, ratio.top], sums[:, ratio.bottom]
    if ratio.of_time:
        return ratio_interval(top, bottom, level, share=True, count=len(sums))
    if ratio.unit == "share":
        return share_interval(top, bottom, level)
    return ratio_interval(top / ratio.divisor, bottom, level, count=int(bottom.sum()))


def _weekly(gathered: GatheredCases, cut: Cut) -> dict[str, Floats]:
    """Hours a week by replication."""
    sums = gathered.sums(cut)
    found = {
        measure: sums[:, count] / HOUR / gathered.weeks
        for measure, count in _WEEKLY
        if sums[:, CaseCount.CASES].any()
    }
    if sums[:, CaseCount.UNRECORDED].any():
        seconds, _, _ = gathered.span_sums(cut, Span.UNRECORDED)
        found["unrecorded_hours_a_week"] = seconds / HOUR / gathered.weeks
    return found


def _span_rows(gathered: GatheredCases, cut: Cut, spanned: CaseSpan, level: float) -> Iterator[Row]:
    seconds, spans, stopped = gathered.span_sums(cut, spanned.span)
    if not spans.any():
        return
    mean = ratio_interval(seconds / HOUR, spans, level, count=int(spans.sum()))
    if spanned.span in FOLLOWED_SPANS:
        if spans.sum() > stopped.sum():
            mean = _withheld(mean)
        followed = _followed(gathered, cut, spanned)
        yield row(spanned.named("mean"), mean, "hours", cut)
        for name, of_followed in FOLLOWED_QUANTILES:
            yield row(spanned.named(name), of_followed.interval(followed, level), "hours", cut)
        return
    yield row(spanned.named("mean"), mean, "hours", cut, stage=spanned.stage)
    times = PooledTimes(gathered.spans(cut, spanned.span))
    for name, quantile in QUANTILES:
        interval = quantile.interval(times, level)
        yield row(spanned.named(name), interval, "hours", cut, stage=spanned.stage)
    if spanned in CLOCK_SPANS:
        share = share_interval(stopped, spans, level)
        yield row("clock_stopped", share, "share", cut, stage=spanned.stage)


def _span_differences(
    before: GatheredCases, after: GatheredCases, cut: Cut, spanned: CaseSpan, level: float
) -> Iterator[Row]:
    old, new = before.span_sums(cut, spanned.span), after.span_sums(cut, spanned.span)
    if not old[1].any() or not new[1].any():
        return
    mean = paired_ratio_difference(old[0] / HOUR, old[1], new[0] / HOUR, new[1], level)
    if spanned.span in FOLLOWED_SPANS:
        if old[1].sum() > old[2].sum() or new[1].sum() > new[2].sum():
            mean = _withheld(mean)
        sides = _followed(before, cut, spanned), _followed(after, cut, spanned)
        yield row(spanned.named("mean"), mean, "hours", cut)
        for name, of_followed in FOLLOWED_QUANTILES:
            yield row(spanned.named(name), of_followed.difference(*sides, level), "hours", cut)
        return
    yield row(spanned.named("mean"), mean, "hours", cut, stage=spanned.stage)
    times = tuple(PooledTimes(side.spans(cut, spanned.span)) for side in (before, after))
    for name, quantile in QUANTILES:
        interval = quantile.difference(times[0], times[1], level)
        yield row(spanned.named(name), interval, "hours", cut, stage=spanned.stage)
    if spanned in CLOCK_SPANS:
        share = paired_ratio_difference(old[2], old[1], new[2], new[1], level, share=True)
        yield row("clock_stopped", share, "share", cut, stage=spanned.stage)


def _followed(gathered: GatheredCases, cut: Cut, spanned: CaseSpan) -> FollowedTimes:
    ended, cut_off = (
        gathered.spans(cut, spanned.span, cut_off=cut_off) for cut_off in (False, True)
    )
    return FollowedTimes(ended, cut_off)


def _withheld(mean: Interval) -> Interval:
    """Nothing: the mean of times that are cut off is not known."""
    return Interval(None, None, None, mean.n, mean.level, mean.adjusted, too_few=True)


def _curve(gathered: GatheredCases, cut: Cut, level: float) -> Iterator[Row]:
    """Returned, and found, by time since the report; the rest is still missing.

    Told as long as every case was followed.
    """
    followed = gathered.first_cut(cut, Span.CHILD_SAFE)
    known = [hour for hour in CURVE_HOURS if followed is None or hour * HOUR <= followed]
    seconds = np.array(known, dtype=np.int64) * HOUR
    for measure, ending in (("returned", Ending.DONE), ("found", Ending.FOUND)):
        events, cases = gathered.until(cut, Span.CHILD_SAFE, ending, seconds)
        if not cases.any():
            continue
        for place, hours in enumerate(known):
            interval = share_interval(events[:, place], cases, level)
            yield row(f"{measure}_by_{hours * 60}_minutes", interval, "share", cut)


def _interviewers(gathered: GatheredCases, cut: Cut, level: float) -> Iterator[Row]:
    """Who held the prevention interviews, by role."""
    if not _only_stream(gathered, cut):
        return
    held = gathered.stacked("interviewed_by")
    roles = np.array(gathered.labels.roles)
    for role in dict.fromkeys(gathered.labels.roles):
        by_role = held[:, roles == role].sum(axis=1)
        if by_role.any():
            interval = share_interval(by_role, held.sum(axis=1), level)
            yield row("interviewed_by", interval, "share", cut, stage=role)


def _by_hour(gathered: GatheredCases, cut: Cut, level: float) -> Iterator[Row]:
    """Of the time under enquiry at an hour of the day: how much nobody worked, by owner."""
    if not _only_stream(gathered, cut):
        return
    owned = gathered.stacked("owned").sum(axis=1)
    idle = gathered.stacked("unworked").sum(axis=1)
    for place, stage in (*enumerate(OWNERS), (slice(None), None)):
        mine = [part[:, place].reshape(gathered.size, -1, _DAY_HOURS).sum(axis=1)
                for part in (owned, idle)]  # fmt: skip
        for hour in range(_DAY_HOURS):
            if mine[0][:, hour].any():
                top, bottom = mine[1][:, hour], mine[0][:, hour]
                interval = ratio_interval(top, bottom, level, share=True, count=gathered.size)
                yield row("unworked_share", interval, "share", cut, hour=hour, stage=stage)


def _open(gathered: GatheredCases) -> dict[str, tuple[Floats, Floats]]:
    """Cases open at midnight and midnights, by replication and weekday, for each measure."""
    census, midnights = gathered.stacked("census"), gathered.stacked("midnights")
    return {
        "cases_open" if not hours else f"cases_open_over_{hours}_hours": (
            census[:, :, place],
            midnights,
        )
        for place, hours in enumerate(OPEN_HOURS)
    }


def _census(gathered: GatheredCases, cut: Cut, level: float) -> Iterator[Row]:
    if not _only_stream(gathered, cut):
        return
    for measure, (cases, midnights) in _open(gathered).items():
        mean = cases.sum(axis=1) / midnights.sum(axis=1)
        yield row(measure, mean_interval(mean, level), "cases", cut)
        for day in np.flatnonzero(midnights[0]).tolist():
            interval = mean_interval(cases[:, day] / midnights[:, day], level)
            yield row(measure, interval, "cases", cut, hour=day * _DAY_HOURS)


def _census_differences(
    before: GatheredCases, after: GatheredCases, cut: Cut, level: float
) -> Iterator[Row]:
    if not _only_stream(before, cut):
        return
    new = _open(after)
    for measure, old in _open(before).items():
        first, second = (
            cases.sum(axis=1) / nights.sum(axis=1) for cases, nights in (old, new[measure])
        )
        yield row(measure, paired_mean_difference(first, second, level), "cases", cut)


def _worked(gathered: GatheredCases, cut: Cut) -> Floats | None:
    """Hours by replication, pool and activity; None where they are not kept for the cut."""
    if sum(gathered.labels.missing) != 1:
        return None
    work = gathered.stacked("work") / HOUR
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


def _work(gathered: GatheredCases, cut: Cut, level: float) -> Iterator[Row]:
    work, cases = _worked(gathered, cut), gathered.sums(cut)[:, CaseCount.CASES]
    if work is None or not cases.any():
        return
    for hours, pool, stage in _parts(gathered.labels, work):
        interval = ratio_interval(hours, cases, level, count=int(cases.sum()))
        yield row("work_hours_per_case", interval, "hours", cut, pool=pool, stage=stage)


def _work_differences(
    before: GatheredCases, after: GatheredCases, cut: Cut, level: float
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
        yield row("work_hours_per_case", interval, "hours", cut, pool=pool, stage=stage)
