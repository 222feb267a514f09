"""Measures of children in care, by who placed them: told where rule 13.10 is on."""

from __future__ import annotations

from typing import Final

from sim.measures.placed import PLACED_BY, PlacedCount
from sim.results.catalogue.measure import Measure, Sums, Unit

_OWN, _ANOTHER = PLACED_BY
_WHOSE: Final = (
    "`stage`: of children in care whom another local authority has placed here "
    "(another_authority), or this force's own (own_authority)."
)


def _both(
    name: str,
    unit: Unit,
    short: str,
    long: str,
    meaning: str,
    top: PlacedCount,
    bottom: PlacedCount,
) -> Measure:
    return Measure(
        name=name,
        about="placed",
        unit=unit,
        short=short,
        long=long,
        meaning=f"{meaning} {_WHOSE}",
        keys=("stage",),
        sums=tuple(Sums(top, bottom, stage=whose) for whose in (_ANOTHER, _OWN)),
    )


PLACED: Final = (
    _both(
        "placed_here",
        "share",
        "Of all cases",
        "Children in care, of all cases",
        "Share of the cases of all children.",
        PlacedCount.CASES,
        PlacedCount.OF_ALL,
    ),
    _both(
        "placed_arrived_after",
        "minutes",
        "Officers there, mean min",
        "From the report to officers, mean minutes",
        "Mean minutes from the report until officers were there, of those whom they reached.",
        PlacedCount.ARRIVED_SECONDS,
        PlacedCount.ARRIVED,
    ),
    _both(
        "placed_researched_after",
        "minutes",
        "Research on the log, mean min",
        "From the report to research on the log, mean minutes",
        "Mean minutes from the report until research was on the log, with what another force "
        "knows of the child, of those for whom it was.",
        PlacedCount.RESEARCHED_SECONDS,
        PlacedCount.RESEARCHED,
    ),
    _both(
        "placed_shared",
        "share",
        "PPN with their authority",
        "PPN with their authority",
        "Of PPNs sent: share that the child's own authority had by the end of follow-up.",
        PlacedCount.SHARED,
        PlacedCount.PPN_SENT,
    ),
    _both(
        "placed_shared_after",
        "hours",
        "With it after, mean h",
        "From the PPN to their authority, mean hours",
        "Mean hours from the PPN until the child's own authority had it, of those that it had.",
        PlacedCount.SHARED_SECONDS,
        PlacedCount.SHARED,
    ),
    _both(
        "placed_discussed",
        "share",
        "Their authority decided",
        "Their authority decided",
        "Share of cases on which the child's own authority had decided by the end of follow-up: "
        "at the daily meeting, or afterwards.",
        PlacedCount.DISCUSSED,
        PlacedCount.CASES,
    ),
    _both(
        "placed_discussed_after",
        "hours",
        "Decided after, mean h",
        "From the report to that decision, mean hours",
        "Mean hours from the report to that decision, of those that were made.",
        PlacedCount.DISCUSSED_SECONDS,
        PlacedCount.DISCUSSED,
    ),
    _both(
        "placed_strategy_held",
        "share",
        "Strategy meeting held",
        "Strategy meeting held for them",
        "Of cases decided on: share with a strategy meeting.",
        PlacedCount.STRATEGY_HELD,
        PlacedCount.DISCUSSED,
    ),
    _both(
        "placed_interviewed",
        "share",
        "Return interview completed",
        "Return home interview completed for them",
        "Of cases whose child was safe at least 72 hours before the end of follow-up: share with "
        "a return home interview completed.",
        PlacedCount.COMPLETED,
        PlacedCount.FOLLOWED,
    ),
    _both(
        "placed_interviewed_in_time",
        "share",
        "Of these in 72 h",
        "Return home interview within 72 hours",
        "Of those completed: share within 72 hours of the child being safe.",
        PlacedCount.COMPLETED_IN_AIM,
        PlacedCount.COMPLETED,
    ),
)
