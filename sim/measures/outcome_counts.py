"""Counts that the outcomes of the incidents tell by themselves, without activities and rota.

They are tallied with all others by `sim.measures.measure`, or alone, of some incidents, by
`tally_outcomes`: for thousands of scenarios of which nothing else is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from sim.measures.arrays import Columns, Flags, Ints, cells_of, summed
from sim.measures.clocks import (
    Cases,
    clock_starts,
    counted_cases,
    stops_given,
    within_target,
)
from sim.measures.definition import Definition
from sim.measures.replication import Count, Labels
from sim.tables import MINUTE, NEVER, AfterHangUp, End, Origin, Policy

Dimension: TypeAlias = Literal["risk", "care", "area"]
"""By what incidents may be told apart besides stream and grade."""

_ANSWER_SECONDS: Final = 10
"""Within which nine in ten emergency calls are to be answered."""

OF_ALL_REPORTS: Final = (
    Count.REPORTED,
    Count.ENDED_WITHOUT_DEPLOYMENT,
    Count.OPEN,
    Count.EMERGENCY_CALLS,
    Count.EMERGENCY_CALLS_IN_TEN_SECONDS,
    Count.CALLS_BY_101,
    Count.HUNG_UP,
    Count.CALLED_AGAIN,
    Count.ABANDONED,
)
"""Of those, too, that nobody was to be sent to."""

OF_NEEDED: Final = (
    Count.NEEDED,
    Count.ATTENDED,
    Count.RETURNED_FIRST,
    Count.TARGETED,
    Count.ATTENDANCE_TARGETED,
    Count.ARRIVED,
    Count.ARRIVED_FROM_RECEIVED,
    Count.ARRIVED_FROM_GRADED,
    Count.DELAY_SECONDS,
    Count.OVER_60,
    Count.OVER_600,
    Count.ARRIVED_THEN_LEFT,
    Count.UPGRADED,
    Count.DOWNGRADED,
    Count.UPGRADED_DELAY_SECONDS,
    Count.SEEN_SECONDS,
    Count.FOUND_BY_TELEPHONE,
)
"""Of those alone that somebody was to be sent to."""

READ: Final = (
    "answered_at",
    "graded_at",
    "arrived_at",
    "seen_at",
    "upgraded_at",
    "downgraded_at",
    "arrived_then_left",
    "hung_up_at",
    "telephone_found_at",
)
"""Columns of the outcomes that these counts are made from, besides key and end."""


def counts_of_reports(cases: Cases) -> dict[Count, Ints | Flags]:
    """A column for each count of `OF_ALL_REPORTS`, shape (n,)."""
    outcomes = cases.outcomes
    end, origin = outcomes["end"], cases.incidents["origin"]
    by_999 = origin == Origin.EMERGENCY
    hung_up = outcomes["hung_up_at"] != NEVER
    calls_again = cases.incidents["after_hang_up"] == AfterHangUp.CALLS_AGAIN
    answered = outcomes["answered_at"]
    waited = answered - cases.incidents["reported_at"]
    return {
        Count.REPORTED: np.ones(len(cases.incidents), dtype=np.bool_),
        Count.ENDED_WITHOUT_DEPLOYMENT: end == End.ENDED_WITHOUT_DEPLOYMENT,
        Count.OPEN: end == End.OPEN,
        Count.EMERGENCY_CALLS: by_999,
        Count.EMERGENCY_CALLS_IN_TEN_SECONDS: (
            by_999 & (answered != NEVER) & (waited <= _ANSWER_SECONDS)
        ),
        Count.CALLS_BY_101: origin == Origin.NON_EMERGENCY,
        Count.HUNG_UP: hung_up,
        Count.CALLED_AGAIN: hung_up & calls_again,
        Count.ABANDONED: end == End.ABANDONED,
    }


def counts_of_needed(
    cases: Cases, within: Mapping[str, Flags], policy: Policy, definition: Definition
) -> dict[Count, Ints | Flags]:
    """A column for each count of `OF_NEEDED`, shape (n,); nought where nobody was to be sent.

    Parameters
    ----------
    cases
        The incidents.
    within
        By clock, who met the target, as `within_target` returns it.
    policy
        Names the grades.
    definition
        Holds the targets.
    """
    outcomes, needed = cases.outcomes, cases.needed
    targets = {grade: definition.target_of(grade) for grade in range(1, policy.grades + 1)}
    has_target = [grade for grade, target in targets.items() if target is not None]
    of_attendance = [
        grade
        for grade, target in targets.items()
        if target is not None and target.stops == "officer_at_address"
    ]
    delay = np.where(needed, cases.delay, 0)
    upgraded = outcomes["upgraded_at"]
    end, seen = outcomes["end"], outcomes["seen_at"]
    seen_by = np.where(seen == NEVER, policy.end, np.minimum(seen, policy.end))
    return {
        Count.NEEDED: needed,
        Count.ATTENDED: end == End.ATTENDED,
        Count.RETURNED_FIRST: end == End.RETURNED_FIRST,
        Count.TARGETED: needed & np.isin(cases.grade, has_target),
        Count.ATTENDANCE_TARGETED: needed & np.isin(cases.grade, of_attendance),
        Count.ARRIVED: within["own"],
        Count.ARRIVED_FROM_RECEIVED: within["received"],
        Count.ARRIVED_FROM_GRADED: within["graded"],
        Count.DELAY_SECONDS: delay,
        Count.OVER_60: delay > 60 * MINUTE,
        Count.OVER_600: delay > 600 * MINUTE,
        Count.ARRIVED_THEN_LEFT: needed & (outcomes["arrived_then_left"] == 1),
        Count.UPGRADED: needed & (upgraded != NEVER),
        Count.DOWNGRADED: needed & (outcomes["downgraded_at"] != NEVER),
        Count.UPGRADED_DELAY_SECONDS: np.where(
            needed & (upgraded != NEVER), np.maximum(cases.stop - upgraded, 0), 0
        ),
        Count.SEEN_SECONDS: np.where(needed, seen_by - cases.incidents["reported_at"], 0),
        Count.FOUND_BY_TELEPHONE: end == End.FOUND_BY_TELEPHONE,
    }


@dataclass(frozen=True, eq=False)
class OutcomeColumns:
    """Some counts of each incident of one replication.

    Parameters
    ----------
    keys
        Shape (n,): of the incidents.
    codes
        Shape (n,): the cell of each, as `Labels.pack` codes it; in dimensions that were not asked
        for all stand at the first place.
    columns
        A column for each count, shape (n,).
    """

    keys: Ints
    codes: Ints
    columns: tuple[Ints | Flags, ...]

    def tally(self) -> OutcomeTally:
        """Their sums by cell."""
        cells, places = cells_of(self.codes)
        return OutcomeTally(cells, summed(places, list(self.columns), cells.size))


@dataclass(frozen=True, eq=False)
class OutcomeTally:
    """Some counts of one replication.

    Parameters
    ----------
    codes
        Shape (cells,): codes of `Labels.pack`, ascending; in dimensions that were not asked for
        all stand at the first place.
    sums
        Shape (cells, counts).
    """

    codes: Ints
    sums: Ints


def counted_outcomes(
    incidents: Columns,
    outcomes: Columns,
    policy: Policy,
    definition: Definition,
    labels: Labels,
    counts: Sequence[Count],
    by: Collection[Dimension] = (),
) -> OutcomeColumns:
    """Some counts of each incident that outcomes are given of.

    Parameters
    ----------
    incidents, outcomes
        Rows of these tables, in one order: all reports that the counts are about.
    policy, definition
        As for `sim.measures.measure`. No target that is counted may stop with the first enquiry,
        which outcomes do not tell.
    labels
        Names that the codes stand for; its streams are the policy's.
    counts
        Of `OF_NEEDED` and `OF_ALL_REPORTS`.
    by
        What is told apart besides stream and grade.
    """
    cases = counted_cases(incidents, outcomes, policy, definition)
    never = np.full(len(cases.incidents), NEVER, dtype=np.int64)
    stops = stops_given(cases, policy, never)
    within = within_target(cases, definition, stops, clock_starts(cases))
    columns = counts_of_reports(cases) | counts_of_needed(cases, within, policy, definition)
    mine, nought = cases.incidents, np.zeros(len(cases.incidents), dtype=np.int64)
    codes = labels.pack(
        mine["stream"],
        cases.grade,
        mine["risk"] if "risk" in by else nought,
        mine["in_care"] if "care" in by else nought,
        mine["area"] if "area" in by else nought,
        nought.astype(np.bool_),
    )
    return OutcomeColumns(mine["key"], codes, tuple(columns[one] for one in counts))


def tally_outcomes(
    incidents: Columns,
    outcomes: Columns,
    policy: Policy,
    definition: Definition,
    labels: Labels,
    counts: Sequence[Count],
    by: Collection[Dimension] = (),
) -> OutcomeTally:
    """Tally some counts of the incidents that outcomes are given of: `counted_outcomes`, summed."""
    return counted_outcomes(incidents, outcomes, policy, definition, labels, counts, by).tally()
