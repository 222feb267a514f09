"""Tallies and rows of welfare concerns, worked by hand: seen at once, later, or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sim.engines import reference
from sim.measures import ConcernCount, Replication, measure, merged
from sim.measures.concerns import Ending, split_spans
from sim.results.making.concern_rows import concern_differences, concern_rows
from sim.tables import CONCERNS, Draws, Table
from tests.engines.concerns import NO_VISIT
from tests.engines.concerns import rules as followed
from tests.engines.hand import attempts, incidents, rota, unit
from tests.measures.tables import DAY, HOUR, MINUTE, definition, world

FIRST = {"stream": 1, "scene_seconds": 30 * MINUTE, "visits": 3}
GAP, VISIT = 20 * HOUR, 10 * MINUTE


def tallied(*reports: dict[str, Any], end: int = 4 * DAY) -> Replication:
    """What comes of reports whose child is seen at the visit that ``sees`` says, of ``visits``.

    A crew of two is always there, on the spot; 20 hours lie between visits of ten minutes.
    """
    plain = [
        {name: value for name, value in one.items() if name not in {"visits", "sees"}}
        for one in reports
    ]
    table = incidents(*plain)
    visits = [
        {
            **NO_VISIT,
            "gap_seconds": GAP,
            "work_seconds": VISIT,
            "key": key,
            "visit": place,
            "sees": int(place == report.get("sees")),
        }
        for key, report in enumerate(reports, start=1)
        for place in range(report["visits"])
    ]
    concerns = Table(CONCERNS, {name: [one[name] for one in visits] for name in CONCERNS.names})
    people = rota(unit(0, 0, 9 * DAY, 900, officers=2))
    rule = world(end=end, concern=followed())
    played = reference.run(Draws(table, attempts(table), concerns=concerns), people, rule)
    return measure(
        incidents=table,
        attempts=attempts(table),
        rota=people,
        policy=rule,
        outcomes=played.outcomes,
        activities=played.activities,
        definition=definition(),
        engine=reference.run,
        visits=concerns,
    )


THREE = (
    # Seen at 0:30; at the end of the second re-visit (attended until 1:00, then 21:00 to 21:10, and
    # 17:10 to 17:20 of Tuesday); never.
    {**FIRST, "sees": 0},
    {**FIRST, "reported_at": 30 * MINUTE, "sees": 2},
    {**FIRST, "reported_at": HOUR},
)


def counts(one: Replication) -> dict[str, int]:
    """The counts of the stream of other work."""
    assert one.concerns is not None
    assert one.concerns.counts[0].tolist() == [0] * len(ConcernCount)
    return dict(
        zip((count.name for count in ConcernCount), one.concerns.counts[1].tolist(), strict=True)
    )


def test_concerns_are_counted_by_when_the_child_is_seen() -> None:
    """One at once, one at the second re-visit, one not in two: four re-visits of two officers."""
    assert counts(tallied(*THREE)) == {
        "CONCERNS": 3,
        "SEEN_FIRST": 1,
        "SEEN": 2,
        "REVISITS": 4,
        "REVISIT_OFFICER_SECONDS": 4 * 2 * VISIT,
    }


def test_times_run_from_the_report_and_what_is_left_open_is_cut_off() -> None:
    """Half an hour; then 0:30 to 1:00 of work, 20 h 10 min, and 20 h 10 min; till the end."""
    tally = tallied(*THREE).concerns
    assert tally is not None
    stream, ending, seconds = split_spans(tally.span_keys)
    seen = 30 * MINUTE + 2 * (GAP + VISIT)
    assert stream.tolist() == [1, 1, 1]
    assert list(zip(ending.tolist(), seconds.tolist(), strict=True)) == [
        (Ending.SEEN_LATER, seen),
        (Ending.CUT_OFF, 4 * DAY - HOUR),
        (Ending.SEEN_FIRST, 30 * MINUTE),
    ]


def test_a_re_visit_that_follow_up_cuts_short_does_not_count() -> None:
    """It takes officers' time until then: four of its ten minutes, from 6:30 on."""
    report = {**FIRST, "reported_at": 10 * HOUR, "sees": 1}
    one = counts(tallied(report, end=DAY + 6 * HOUR + 34 * MINUTE))
    assert (one["SEEN"], one["REVISITS"]) == (0, 0)
    assert one["REVISIT_OFFICER_SECONDS"] == 2 * 4 * MINUTE


def test_only_what_is_reported_in_the_window_and_followed_counts() -> None:
    """Neither a report of the second day, nor one without visits, nor one that ends with a call."""
    others = (
        {**FIRST, "reported_at": DAY, "sees": 0},
        {**FIRST, "visits": 0},
        {**FIRST, "deploys": 0, "sees": 0},
    )
    assert counts(tallied(*THREE, *others))["CONCERNS"] == 3


def test_rows_tell_shares_re_visits_and_days() -> None:
    """Of three, one is seen at first and two in the end; within a day one, within three two."""
    replications = [tallied(*THREE), tallied(*THREE)]
    rows = {(one.measure, one.minutes): one for one in concern_rows(replications, 0.95)}
    assert {one.stream for one in rows.values()} == {"priority"}
    assert rows["concern_seen_first", None].value == pytest.approx(1 / 3)
    assert rows["concern_seen", None].value == pytest.approx(2 / 3)
    assert rows["revisits_per_concern", None].value == pytest.approx(4 / 3)
    assert rows["revisit_officer_hours", None].value == pytest.approx(4 * 2 / 6 / 3)
    within = {minutes: one.value for (name, minutes), one in rows.items() if minutes}
    # One is followed for 95 hours only, so nothing is said of a week.
    assert within == {24 * 60: pytest.approx(1 / 3), 72 * 60: pytest.approx(2 / 3)}
    # Under ten times stand behind the quantiles.
    assert rows["concern_seen_after_p50", None].value is None


def test_half_are_seen_within_the_time_of_those_who_are() -> None:
    """Forty reports of which ten are never seen: half within a minute, nine in ten unknown."""
    reports = [
        {
            **FIRST,
            "scene_seconds": MINUTE,
            "reported_at": 2 * MINUTE * place,
            "sees": None if place % 4 == 3 else 0,
        }
        for place in range(40)
    ]
    rows = {one.measure: one for one in concern_rows([tallied(*reports)] * 4, 0.95)}
    assert rows["concern_seen"].value == pytest.approx(0.75)
    assert rows["concern_seen_after_p50"].value == pytest.approx(1 / 60)
    assert rows["concern_seen_after_p90"].value is None


def test_those_not_seen_at_first_are_told_by_themselves() -> None:
    """Of forty, half seen within a minute at once: the others at the first re-visit, a day on."""
    reports = [
        {
            **FIRST,
            "scene_seconds": MINUTE,
            "reported_at": 2 * VISIT * place,
            "sees": 0 if place % 2 else 1,
        }
        for place in range(40)
    ]
    rows = {one.measure: one for one in concern_rows([tallied(*reports)] * 4, 0.95)}
    assert rows["concern_seen_first"].value == pytest.approx(0.5)
    assert rows["concern_seen_after_p50"].value == pytest.approx(1 / 60)
    later = (MINUTE + GAP + VISIT) / HOUR
    assert rows["concern_seen_later_p50"].value == pytest.approx(later)


def test_changes_are_told_of_the_same_concerns() -> None:
    """The third child is seen at the first re-visit instead: one re-visit less for three."""
    after = (*THREE[:2], {**THREE[2], "sees": 1})
    rows = {
        (one.measure, one.minutes): one.value
        for one in concern_differences([tallied(*THREE)] * 2, [tallied(*after)] * 2, 0.95)
    }
    assert rows["concern_seen", None] == pytest.approx(1 / 3)
    assert rows["concern_seen_within", 24 * 60] == pytest.approx(1 / 3)
    assert rows["revisits_per_concern", None] == pytest.approx(-1 / 3)


def test_replications_add_up() -> None:
    """Two alike hold twice as much; with one that follows none they are of no one scenario."""
    one = tallied(*THREE)
    both = merged([one, one])
    assert both.concerns is not None
    assert one.concerns is not None
    assert both.concerns.counts.tolist() == (2 * one.concerns.counts).tolist()
    assert both.concerns.span_counts.tolist() == [2, 2, 2]


def test_nothing_is_told_where_no_concern_is_followed() -> None:
    """Rows are made of replications with such tallies alone."""
    one = tallied(*THREE)
    plain = replace(one, concerns=None)
    assert list(concern_rows([plain], 0.95)) == []
    assert list(concern_differences([one], [plain], 0.95)) == []
