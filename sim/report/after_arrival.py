"""Cases after arrival in sentences, and which of their rows are shown in which order.

Console, page and sheets read both from here. Figures are written by `sim.report.sentences`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from sim.report import numbers
from sim.report import sentences as say
from sim.report.numbers import has_value
from sim.results import Context, Document, Part, Row

READ_TOGETHER: Final = (
    "Fewer officer-hours are a saving only where no child is longer unattended and no case longer "
    "unworked: read the three together. No figure measures harm."
)
PER_CASE: Final = (
    "A case is a recorded episode of any grade that somebody was to be sent to. Hours under "
    "enquiry, lines, handovers and reviews are per case that came under enquiry; officer-hours and "
    "pounds per case."
)
HEADING: Final = "After arrival: until the child is safe, and what follows"
_HOUR_MINUTES: Final = 60
_LARGE: Final = 10
_TENTH: Final = 0.1
_RISKS: Final = ("low", "medium", "high")
_MOST_OTHERS: Final = 3
_SOON: Final = ("later", "sooner")
_HOURS: Final = ("more", "fewer")


@dataclass(frozen=True)
class Line:
    """One line of a table: what it is called, and its row.

    Attributes
    ----------
    title
        Words; indented where it belongs to the line above.
    measure, stage, minutes
        Of its row.
    in_minutes
        Written in minutes.
    quiet
        Left out where it is nought everywhere: a rule that no scenario has on.
    """

    title: str
    measure: str
    stage: str | None = None
    minutes: int | None = None
    in_minutes: bool = False
    quiet: bool = False

    def row(self, part: Part, context: Context, risk: str | None = None) -> Row | None:
        """Its row among those of a scenario, or of a difference."""
        return part.row(
            self.measure, stream=context.stream, stage=self.stage, minutes=self.minutes, risk=risk
        )

    def is_told(self, rows: Iterable[Row | None]) -> bool:
        """Whether any of its rows has something to say."""
        known = [row.value for row in rows if row is not None and row.value is not None]
        return any(known) if self.quiet else bool(known)

    def texts(self, rows: Iterable[Row | None], to: str = " to ") -> list[str]:
        """Its figures side by side, written alike."""
        scaled = [self._scaled(row) for row in rows]
        at = numbers.places(scaled)
        return ["-" if row is None else numbers.quantity(row, to, at) for row in scaled]

    def changes(self, rows: Iterable[Row | None]) -> list[str]:
        """Its figures of differences side by side."""
        scaled = [self._scaled(row) for row in rows]
        at = numbers.places(scaled)
        known = [abs(row.value) for row in scaled if row is not None and row.value]
        if known and max(known) < _LARGE:
            # Whole hours would write a clear change of half an hour as none.
            at["number"] = _TENTH
        return ["-" if row is None else numbers.change(row, at=at) for row in scaled]

    def _scaled(self, row: Row | None) -> Row | None:
        if row is None or not self.in_minutes:
            return row
        limits = {
            key: None if end is None else end * _HOUR_MINUTES
            for key, end in (("value", row.value), ("low", row.low), ("high", row.high))
        }
        return row.model_copy(update={**limits, "unit": "minutes"})


@dataclass(frozen=True)
class Table:
    """Lines under a caption."""

    caption: str
    lines: tuple[Line, ...]


def _staged(
    title: str, measure: str, stage: str, in_minutes: bool = False, *, quiet: bool = False
) -> Line:
    return Line(title, measure, stage, in_minutes=in_minutes, quiet=quiet)


TABLES: Final = (
    Table(
        "From the report to safety",
        (
            _staged("First enquiry, mean min", "clock_mean", "first_enquiry", True),
            _staged("Officer with, mean min", "clock_mean", "officer_with", True),
            Line("Unattended, mean min", "unattended_hours_mean", in_minutes=True),
            Line("  9 in 10 within, min", "unattended_hours_p90", in_minutes=True),
            _staged("Child seen, mean h", "clock_mean", "child_seen"),
            _staged("Child safe, mean h", "clock_mean", "child_safe"),
            _staged("  half within, h", "clock_p50", "child_safe"),
            _staged("  9 in 10 within, h", "clock_p90", "child_safe"),
            _staged("Returned unprompted", "case_end", "returned"),
            _staged("Found by an enquiry", "case_end", "found"),
            _staged("Still missing", "case_end", "still_missing"),
            _staged("Prevented", "case_end", "prevented", quiet=True),
            _staged("Never recorded", "case_end", "unrecorded", quiet=True),
            Line("  hours missing a week", "unrecorded_hours_a_week", quiet=True),
        ),
    ),
    Table(
        "Cases under enquiry",
        (
            Line("Come under enquiry", "under_enquiry"),
            Line("Under enquiry, h a case", "enquiry_hours_per_case"),
            Line("Nobody worked on it, h", "unworked_hours_per_case"),
            _staged("  while the team's, h", "unworked_hours_per_case", "team"),
            _staged("  while response's, h", "unworked_hours_per_case", "response"),
            _staged("  22:00 to 07:00, h", "unworked_hours_per_case", "night"),
            Line("  share of the time", "unworked_share"),
            _staged("First line after, mean h", "clock_mean", "first_line"),
            Line("Lines of enquiry", "lines_per_case"),
            Line("  done again", "lines_again_per_case"),
            Line("Handovers", "handovers_per_case"),
            Line("Reviews", "reviews_per_case"),
            Line("Moved on", "moved_on_per_case"),
            Line("Found to have escalated", "escalated_after_arrival"),
            Line("Open at midnight, cases", "cases_open"),
            Line("  for over 24 h", "cases_open_over", minutes=1_440),
            Line("  for over 48 h", "cases_open_over", minutes=2_880),
            Line("  for over 72 h", "cases_open_over", minutes=4_320),
        ),
    ),
    Table(
        "What a case takes",
        (
            Line("Officer-hours a case", "officer_hours_per_case"),
            Line("Desk hours a case", "desk_hours_per_case"),
            Line("Pounds a case", "pounds_per_case"),
            Line("Officer-hours a week", "officer_hours_a_week"),
            Line("Unworked hours a week", "unworked_hours_a_week"),
        ),
    ),
    Table(
        "Once the child is safe",
        (
            Line("Prevention interview held", "interviewed"),
            Line("  mean h after", "interview_after_mean"),
            Line("  9 in 10 within, h", "interview_after_p90"),
            _staged("  by the team", "interviewed_by", "missing_person"),
            _staged("  by response", "interviewed_by", "response"),
            Line("PPN sent", "ppn_sent"),
            Line("  mean h after interview", "ppn_after_mean"),
            Line("Shared by MASH", "mash_shared"),
            Line("  mean h after the PPN", "mash_shared_after_mean"),
            Line("Strategy meeting held", "strategy_meeting_held"),
            Line("Return interview offered", "return_interview_offered"),
            Line("  completed", "return_interview_completed"),
            Line("  of these in 72 h", "return_interview_within", minutes=4_320),
            Line("Referred", "referred"),
        ),
    ),
)
"""Tables with a column for each scenario."""

BY_RISK: Final = (
    Line("Unattended, mean min", "unattended_hours_mean", in_minutes=True),
    Line("Under enquiry, h a case", "enquiry_hours_per_case"),
    Line("Nobody worked on it, h", "unworked_hours_per_case"),
    Line("Child safe, mean h", "clock_mean", "child_safe"),
    Line("Officer-hours a case", "officer_hours_per_case"),
    Line("Pounds a case", "pounds_per_case"),
)
"""Lines with a column for each risk level as first assessed."""

CHANGES: Final = (
    _staged("Officer with, min", "clock_mean", "officer_with", True),
    Line("Unattended, min", "unattended_hours_mean", in_minutes=True),
    Line("Under enquiry, h a case", "enquiry_hours_per_case"),
    Line("Nobody worked on it, h", "unworked_hours_per_case"),
    Line("Unworked hours a week", "unworked_hours_a_week"),
    Line("Officer-hours a case", "officer_hours_per_case"),
    Line("Officer-hours a week", "officer_hours_a_week"),
    Line("Pounds a case", "pounds_per_case"),
    _staged("Child safe, mean h", "clock_mean", "child_safe"),
    Line("Open over 24 h at midnight", "cases_open_over", minutes=1_440),
    Line("Interview, 9 in 10, h", "interview_after_p90"),
    Line("Unrecorded hours a week", "unrecorded_hours_a_week"),
)
"""Lines of differences with a column for each scenario but the baseline."""


def risks(part: Part, context: Context) -> list[str]:
    """Risk levels of which cases are told."""
    return [
        risk
        for risk in ("not_assessed", *_RISKS)
        if part.row("officer_hours_per_case", stream=context.stream, risk=risk) is not None
    ]


def is_told(part: Part, context: Context) -> bool:
    """Whether cases are followed beyond the first attendance."""
    return part.row("case_end", stream=context.stream, stage="returned") is not None


def sentences(document: Document) -> list[str]:
    """What the baseline's cases go through, and how they end."""
    followed = [part for part in document.scenarios if is_told(part, document.context)]
    if not followed:
        return []
    return [*_of(followed[0], document.context), READ_TOGETHER]


def bought(document: Document) -> list[str]:
    """What each other scenario buys, what it takes, and what other work pays."""
    said, followed, context = [], False, document.context
    for part in document.differences:
        against, name = context.spoken(part.baseline), context.spoken(part.name)
        gained = gains(part, context)
        if gained:
            said.append(f"Against {against}, {name} gives: {gained}")
        if is_told(part, context):
            followed = True
            said += _unrecorded(name, part, context)
    return [*said, READ_TOGETHER] if followed else said


def gains(changes: Part, context: Context) -> str:
    """What a scenario buys: minutes, unworked hours, officer-hours, its cost, and other work.

    Where no case is followed beyond arrival, minutes unattended; nothing where these are unknown.
    """

    def told(
        measure: str,
        unit: str,
        scale: float,
        words: tuple[str, str],
        at: float | None = None,
        stage: str | None = None,
    ) -> str:
        row = changes.row(measure, stream=context.stream, stage=stage)
        return numbers.difference(row, unit, scale, *words, at=at)

    if not is_told(changes, context):
        row = changes.row("delay_mean", stream=context.stream, grade=context.grade)
        if row is None or row.value is None:
            return ""
        shorter = numbers.difference(row, "minutes", numbers.minute_scale(row), "longer", "shorter")
        rest = f"{_cost(changes.name, context)}{_paid(changes, context)}"
        return f"a child's time unattended {shorter} on average. {rest}"
    return (
        "over cases of every grade, an officer with the child or at the address "
        f"{told('clock_mean', 'minutes', 60, _SOON, stage='officer_with')}; time unattended, "
        f"{told('unattended_hours_mean', 'minutes', 60, ('longer', 'shorter'))}; hours a case in "
        f"which nobody worked on it, {told('unworked_hours_per_case', 'hours', 1, _HOURS, _TENTH)};"
        f" officer-hours a case, {told('officer_hours_per_case', 'hours', 1, _HOURS, _TENTH)}; "
        f"officer-hours a week, {told('officer_hours_a_week', 'hours', 1, _HOURS)}. "
        f"{_cost(changes.name, context)}{_paid(changes, context)}"
    )


def _of(part: Part, context: Context) -> Iterator[str]:
    def get(
        measure: str, stage: str | None = None, risk: str | None = None, minutes: int | None = None
    ) -> str | None:
        row = part.row(measure, stream=context.stream, stage=stage, risk=risk, minutes=minutes)
        return None if row is None or row.value is None else numbers.quantity(row)

    under = part.row("enquiry_hours_per_case", stream=context.stream)
    idle = {
        stage: part.row("unworked_hours_per_case", stream=context.stream, stage=stage)
        for stage in (None, "response", "team", "night")
    }
    if has_value(under) and all(has_value(row) for row in idle.values()):
        at = numbers.places([under, *idle.values()])
        told = {
            stage: numbers.quantity(row, at=at) for stage, row in idle.items() if row is not None
        }
        whole = numbers.quantity(under, at=at)
        yield (
            f"Under {context.spoken(part.name)}, of an average case's {whole} hours under enquiry "
            f"nobody worked on it for {told[None]}: {told['response']} of them while it was "
            f"response's, {told['team']} while it was the missing-person team's; {told['night']} "
            "between 22:00 and 07:00."
        )
    hours, pounds = get("officer_hours_per_case"), get("pounds_per_case")
    if hours is not None:
        cost = part.row("pounds_per_case", stream=context.stream)
        paid = f", {pounds} pounds in all" if cost is not None and cost.value else ""
        by_risk = [
            f"{get('officer_hours_per_case', risk=risk)} at {risk} risk"
            for risk in _RISKS
            if get("officer_hours_per_case", risk=risk) is not None
        ]
        yield (
            f"A case takes {hours} officer-hours ({', '.join(by_risk)}) and "
            f"{get('desk_hours_per_case')} hours at desks{paid}."
            if by_risk
            else f"A case takes {hours} officer-hours and {get('desk_hours_per_case')} hours at "
            f"desks{paid}."
        )
    missing = part.row("case_end", stream=context.stream, stage="still_missing")
    if missing is not None:
        yield (
            f"Of all episodes {get('case_end', 'returned')} end with the child's return and "
            f"{get('case_end', 'found')} with a find; {get('case_end', 'still_missing')} are "
            "open at the end of follow-up, and count until then."
        )
    held, late = get("interviewed"), get("interview_after_p90")
    if held is not None and late is not None:
        yield (
            f"The prevention interview is held for {held} of the children who are safe, nine in "
            f"ten within {late} hours."
        )
    completed = get("return_interview_completed")
    if completed is not None:
        in_time = get("return_interview_within", minutes=4_320)
        yield (
            f"A return home interview is offered to {get('return_interview_offered')} of them "
            f"and completed for {completed}"
            + ("." if in_time is None else f"; of those completed, {in_time} within 72 hours.")
        )
    unrecorded = part.row("case_end", stream=context.stream, stage="unrecorded")
    if unrecorded is not None and unrecorded.value:
        yield (
            f"{numbers.percent(unrecorded)} of all episodes are never recorded, and so never "
            f"looked for: {get('unrecorded_hours_a_week')} hours missing a week that no other "
            "figure here holds. Fewer reports are no saving."
        )


def _unrecorded(name: str, changes: Part, context: Context) -> Iterator[str]:
    share = changes.row("case_end", stream=context.stream, stage="unrecorded")
    if share is not None and share.value:
        hours = changes.row("unrecorded_hours_a_week", stream=context.stream)
        missing = numbers.difference(hours, "hours", 1, *_HOURS)
        more = numbers.difference(share, "percentage points", 100, "more", "fewer")
        yield (
            f"Never recorded under {name}, of all episodes: {more}; hours a week in which "
            f"children are missing and nobody looks: {missing}. Work that is not done for them is "
            "no saving."
        )


def _cost(name: str, context: Context) -> str:
    """What it takes in posts and pounds beyond the baseline, as a sentence."""
    staffing = {one.scenario: one for one in context.staffing}
    if name not in staffing or not context.staffing:
        return ""
    before, after = context.staffing[0], staffing[name]
    posts, pounds = after.posts - before.posts, after.pounds - before.pounds
    told = [
        f"{size} {unit} {'more' if value > 0 else 'fewer'}"
        for value, size, unit in (
            (posts, f"{abs(posts):,.1f}", "posts"),
            (pounds, f"{abs(pounds):,.0f}", "pounds a week"),
        )
        if float(size.replace(",", ""))
    ]
    if not told:
        return "It takes the same posts. "
    return f"It takes {' and '.join(told)}, overtime apart. "


def _paid(changes: Part, context: Context) -> str:
    """What other work pays or gains, in half a sentence."""
    rows = say.other_work_rows(changes, "arrived_within_target", context)
    clear = [
        f"{name}: {numbers.difference(row, 'percentage points', 100, 'more', 'fewer')} in time"
        for name, row in rows
        if numbers.is_clear(row)
    ]
    if not rows:
        return "No other work has a target."
    if not clear:
        return "Of other work no kind is clearly more or less often reached in time."
    more = len(clear) - _MOST_OTHERS
    tail = f"; and {more} more, below" if more > 0 else ""
    return f"Of other work, {'; '.join(clear[:_MOST_OTHERS])}{tail}."
