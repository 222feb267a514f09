"""How each measure of cases after arrival comes from their tallies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sim.measures import CaseCount, Span
from sim.report.row import Unit
from sim.statistics import FollowedQuantile, TimeQuantile
from sim.tables import HOUR


@dataclass(frozen=True)
class CaseRatio:
    """A sum over a sum; seconds are turned into hours."""

    measure: str
    top: CaseCount
    bottom: CaseCount
    unit: Unit = "share"
    stage: str | None = None
    of_time: bool = False
    """A share of seconds: many, but no independent events."""
    divisor: float = 1.0


@dataclass(frozen=True)
class CaseSpan:
    """A time of which mean and quantiles are told, in hours."""

    measure: str
    span: Span
    stage: str | None = None

    def named(self, figure: str) -> str:
        """Name of one of its figures."""
        return f"{self.measure}_{figure}"


def _hours(measure: str, top: CaseCount, bottom: CaseCount, stage: str | None = None) -> CaseRatio:
    return CaseRatio(measure, top, bottom, "hours", stage, divisor=HOUR)


def _times(name: str) -> CaseRatio:
    return CaseRatio(f"{name}_per_case", CaseCount[name.upper()], CaseCount.ENQUIRED, "times")


_PARTS: Final = (
    (None, CaseCount.ENQUIRY_SECONDS, CaseCount.UNWORKED_SECONDS),
    ("team", CaseCount.ENQUIRY_TEAM_SECONDS, CaseCount.UNWORKED_TEAM_SECONDS),
    ("response", CaseCount.ENQUIRY_RESPONSE_SECONDS, CaseCount.UNWORKED_RESPONSE_SECONDS),
    ("night", CaseCount.ENQUIRY_NIGHT_SECONDS, CaseCount.UNWORKED_NIGHT_SECONDS),
)
"""Of the time under enquiry: whose the case was, and the night whosever it was."""

CASE_RATIOS: Final = (
    *(
        CaseRatio("case_end", CaseCount[stage.upper()], CaseCount.EPISODES, stage=stage)
        for stage in ("returned", "found", "still_missing", "prevented", "unrecorded")
    ),
    CaseRatio("under_enquiry", CaseCount.ENQUIRED, CaseCount.CASES),
    *(
        _hours("enquiry_hours_per_case", owned, CaseCount.ENQUIRED, stage)
        for stage, owned, _ in _PARTS
    ),
    *(
        _hours("unworked_hours_per_case", idle, CaseCount.ENQUIRED, stage)
        for stage, _, idle in _PARTS
    ),
    *(
        CaseRatio("unworked_share", idle, owned, stage=stage, of_time=True)
        for stage, owned, idle in _PARTS
    ),
    *(
        _times(name)
        for name in ("handovers", "lines", "lines_again", "reviews", "taskings", "moved_on")
    ),
    CaseRatio("escalated_after_arrival", CaseCount.ESCALATED, CaseCount.ENQUIRED),
    _hours("officer_hours_per_case", CaseCount.OFFICER_SECONDS, CaseCount.CASES),
    _hours("desk_hours_per_case", CaseCount.DESK_SECONDS, CaseCount.CASES),
    CaseRatio(
        "pounds_per_case",
        CaseCount.PENCE_SECONDS,
        CaseCount.CASES,
        "pounds",
        divisor=100 * HOUR,
    ),
    CaseRatio("interviewed", CaseCount.INTERVIEWED, CaseCount.SAFE),
    CaseRatio("ppn_sent", CaseCount.PPN_SENT, CaseCount.INTERVIEWED),
    CaseRatio("mash_shared", CaseCount.SHARED, CaseCount.PPN_SENT),
    CaseRatio("discussed", CaseCount.DISCUSSED, CaseCount.CASES),
    CaseRatio("strategy_meeting_held", CaseCount.STRATEGY_HELD, CaseCount.DISCUSSED),
    CaseRatio("strategy_minutes_received", CaseCount.MINUTES_RECEIVED, CaseCount.STRATEGY_HELD),
    CaseRatio("return_interview_offered", CaseCount.OFFERED, CaseCount.FOLLOWED),
    CaseRatio("return_interview_completed", CaseCount.COMPLETED, CaseCount.FOLLOWED),
    CaseRatio("return_interview_in_72_hours", CaseCount.COMPLETED_IN_AIM, CaseCount.COMPLETED),
    CaseRatio("referred", CaseCount.REFERRED, CaseCount.CASES),
)

CLOCK_SPANS: Final = (
    CaseSpan("clock", Span.FIRST_ENQUIRY, "first_enquiry"),
    CaseSpan("clock", Span.OFFICER_WITH, "officer_with"),
    CaseSpan("clock", Span.CHILD_SEEN, "child_seen"),
    CaseSpan("clock", Span.CHILD_SAFE, "child_safe"),
    CaseSpan("clock", Span.FIRST_LINE, "first_line"),
)
"""Told with the share that stopped; what did not is cut off and counted with the rest."""

CASE_SPANS: Final = (
    *CLOCK_SPANS,
    CaseSpan("unattended_hours", Span.UNATTENDED),
    CaseSpan("interview_after", Span.INTERVIEW),
    CaseSpan("ppn_after", Span.PPN),
    CaseSpan("mash_shared_after", Span.SHARED),
    CaseSpan("return_interview_after", Span.RETURN_INTERVIEW),
    CaseSpan("unrecorded_hours", Span.UNRECORDED),
)

CURVE_HOURS: Final = (
    *range(13), *range(14, 25, 2), *range(28, 49, 4), *range(60, 97, 12), *range(120, 169, 24),
)  # fmt: skip
"""Hours after the report at which the share returned and the share found are told."""

FOLLOWED_SPANS: Final = (Span.RETURN_INTERVIEW,)
"""Seldom over within the follow-up: told by how long they were followed (Kaplan and Meier)."""

QUANTILES: Final = (("p50", TimeQuantile(0.5, HOUR)), ("p90", TimeQuantile(0.9, HOUR)))
FOLLOWED_QUANTILES: Final = (
    ("p50", FollowedQuantile(0.5, HOUR)),
    ("p90", FollowedQuantile(0.9, HOUR)),
)
"""In hours."""
