"""Cases after arrival: until the child is safe, what they take, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sim.report.sections.figures import cell, change_cell, in_words, known, plain
from sim.report.sections.headings import changed
from sim.report.sections.hours import HOURS
from sim.report.sections.people import tenth
from sim.report.sections.registry import declare
from sim.report.sections.section import NOTHING, Cell, Line, Section, Table
from sim.report.sections.tables import at, by_scenario, present, ranges, titles
from sim.results import Document, Keys, Part, Row

if TYPE_CHECKING:
    from typing import Unpack

READ_TOGETHER: Final = (
    "Fewer officer-hours are a saving only where no child is longer unattended and no case longer "
    "unworked: read the three together. No figure measures harm."
)
_PER_CASE: Final = (
    "A case is a recorded episode of any grade that somebody was to be sent to. Hours under "
    "enquiry, lines, handovers and reviews are per case that came under enquiry; officer-hours and "
    "pounds per case."
)
_MINUTES: Final = 60.0
_RISKS: Final = ("not_assessed", "low", "medium", "high")
_TOLD_HOURS: Final = (1, 2, 4, 8, 12, 24, 48, 72, 168)
_DAY_MINUTES: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class _Told:
    """One line: its label, its row, and how it is written."""

    label: str
    measure: str
    stage: str | None = None
    minutes: int | None = None
    factor: float = 1.0
    inset: bool = False
    quiet: bool = False
    """Left out where it is nought everywhere: a rule that no scenario has on."""

    def row(self, part: Part | None, document: Document, **more: Unpack[Keys]) -> Row | None:
        keys: Keys = {
            "stream": document.context.stream,
            "stage": self.stage,
            "minutes": self.minutes,
            **more,
        }
        return None if part is None else part.row(self.measure, **keys)

    def line(self, rows: Iterable[Row | None], write: Callable[..., Cell] = cell) -> Line | None:
        found = list(rows)
        told = [row for row in found if row is not None and row.n]
        if not told or (self.quiet and not any(row.value for row in told)):
            return None
        return Line(self.label, tuple(write(row, factor=self.factor) for row in found), self.inset)


def _in_minutes(
    label: str, measure: str, stage: str | None = None, *, inset: bool = False
) -> _Told:
    return _Told(label, measure, stage, factor=_MINUTES, inset=inset)


_SAFETY: Final = (
    _in_minutes("First enquiry, mean min", "clock_mean", "first_enquiry"),
    _in_minutes("Officer with, mean min", "clock_mean", "officer_with"),
    _in_minutes("Unattended, mean min", "unattended_hours_mean"),
    _in_minutes("9 in 10 within, min", "unattended_hours_p90", inset=True),
    _Told("Child seen, mean h", "clock_mean", "child_seen"),
    _Told("Child safe, mean h", "clock_mean", "child_safe"),
    _Told("half within, h", "clock_p50", "child_safe", inset=True),
    _Told("9 in 10 within, h", "clock_p90", "child_safe", inset=True),
    _Told("Returned unprompted", "case_end", "returned"),
    _Told("Located by an enquiry", "case_end", "found"),
    _Told("Still missing", "case_end", "still_missing"),
    _Told("Prevented", "case_end", "prevented", quiet=True),
    _Told("Never recorded", "case_end", "unrecorded", quiet=True),
    _Told("hours missing a week", "unrecorded_hours_a_week", inset=True, quiet=True),
)
_ENQUIRY: Final = (
    _Told("Come under enquiry", "under_enquiry"),
    _Told("Under enquiry, h a case", "enquiry_hours_per_case"),
    _Told("Nobody worked on it, h", "unworked_hours_per_case"),
    _Told("while the team's, h", "unworked_hours_per_case", "team", inset=True),
    _Told("while response's, h", "unworked_hours_per_case", "response", inset=True),
    _Told("22:00 to 07:00, h", "unworked_hours_per_case", "night", inset=True),
    _Told("share of the time", "unworked_share", inset=True),
    _Told("First line after, mean h", "clock_mean", "first_line"),
    _Told("Lines of enquiry", "lines_per_case"),
    _Told("done again", "lines_again_per_case", inset=True),
    _Told("Handovers", "handovers_per_case"),
    _Told("not noticed", "unnoticed_per_case", inset=True, quiet=True),
    _Told("owner does not know, h", "unnoticed_hours_per_case", inset=True, quiet=True),
    _Told("Reviews", "reviews_per_case"),
    _Told("Moved on", "moved_on_per_case"),
    _Told("Found to have escalated", "escalated_after_arrival"),
    _Told("Open at midnight, cases", "cases_open"),
    *(
        _Told(f"for over {hours} h", "cases_open_over", minutes=60 * hours, inset=True)
        for hours in (24, 48, 72)
    ),
)
_TAKES: Final = (
    _Told("Officer-hours a case", "officer_hours_per_case"),
    _Told("police protection, h", "work_hours_per_case", "protection", inset=True, quiet=True),
    _Told("Desk hours a case", "desk_hours_per_case"),
    _Told("Pounds a case", "pounds_per_case"),
    _Told("Officer-hours a week", "officer_hours_a_week"),
    _Told("Unworked hours a week", "unworked_hours_a_week"),
)
_ONCE_SAFE: Final = (
    _Told("Prevention interview held", "interviewed"),
    _Told("mean h after", "interview_after_mean", inset=True),
    _Told("9 in 10 within, h", "interview_after_p90", inset=True),
    _Told("by the team", "interviewed_by", "missing_person", inset=True),
    _Told("by response", "interviewed_by", "response", inset=True),
    _Told("Police protection", "protected", quiet=True),
    _Told("with the child, mean h", "protection_hours", inset=True, quiet=True),
    _Told("begun in office hours, h", "protection_hours", "office_hours", inset=True, quiet=True),
    _Told("at other hours, h", "protection_hours", "out_of_hours", inset=True, quiet=True),
    _Told("begun at other hours", "protection_out_of_hours", inset=True, quiet=True),
    _Told("no placement, h", "protection_hours", "without_placement", inset=True, quiet=True),
    _Told("units with the child", "protection_units", inset=True, quiet=True),
    _Told("relieved", "relieved", inset=True, quiet=True),
    _Told("in overtime, officer-h", "protection_overtime_hours", inset=True, quiet=True),
    _Told("PPN sent", "ppn_sent"),
    _Told("half within, h after interview", "ppn_after_p50", inset=True),
    _Told("Shared by MASH", "mash_shared"),
    _Told("half within, h after the PPN", "mash_shared_after_p50", inset=True),
    _Told("Strategy meeting held", "strategy_meeting_held"),
    _Told("Return interview offered", "return_interview_offered"),
    _Told("completed", "return_interview_completed", inset=True),
    _Told("of these in 72 h", "return_interview_within", minutes=72 * 60, inset=True),
    _Told("Referred", "referred"),
)
_BY_RISK: Final = (
    _in_minutes("Unattended, mean min", "unattended_hours_mean"),
    _Told("Under enquiry, h a case", "enquiry_hours_per_case"),
    _Told("Nobody worked on it, h", "unworked_hours_per_case"),
    _Told("Child safe, mean h", "clock_mean", "child_safe"),
    _Told("Officer-hours a case", "officer_hours_per_case"),
    _Told("Pounds a case", "pounds_per_case"),
)
_CHANGES: Final = (
    _in_minutes("Officer with, min", "clock_mean", "officer_with"),
    _in_minutes("Unattended, min", "unattended_hours_mean"),
    _Told("Under enquiry, h a case", "enquiry_hours_per_case"),
    _Told("Nobody worked on it, h", "unworked_hours_per_case"),
    _Told("Unworked hours a week", "unworked_hours_a_week"),
    _Told("Officer-hours a case", "officer_hours_per_case"),
    _Told("Officer-hours a week", "officer_hours_a_week"),
    _Told("Pounds a case", "pounds_per_case"),
    _Told("Child safe, mean h", "clock_mean", "child_safe"),
    _Told("Open over 24 h at midnight", "cases_open_over", minutes=_DAY_MINUTES),
    _Told("Interview, 9 in 10, h", "interview_after_p90"),
    _Told("Unrecorded hours a week", "unrecorded_hours_a_week"),
)


_PROTECTED: Final = (
    "episode.after_return.protection_share",
    "episode.after_return.streams.*.protection_share",
)
_UNNOTICED: Final = ("episode.handover.share_unnoticed",)
_FILLS: Final = {
    "relieved": ("episode.after_return.relief",),
    "protection_units": _PROTECTED,
    "protection_overtime_hours": _PROTECTED,
    "unnoticed_per_case": _UNNOTICED,
    "unnoticed_hours_per_case": _UNNOTICED,
}
"""What only some scenarios tell of cases."""


@declare(
    "after-arrival", 100, "until the child is safe, what cases take, and what follows", fills=_FILLS
)
def after_arrival(document: Document) -> Section | None:
    """Tables by scenario, the baseline by risk, and what changes."""
    if not _is_followed(document.baseline, document):
        return None
    tables = present(
        *(
            _table(document, caption, told)
            for caption, told in (
                ("From the report to safety", _SAFETY),
                ("Cases under enquiry", _ENQUIRY),
                ("What a case takes", _TAKES),
                ("Once the child is safe", _ONCE_SAFE),
            )
        ),
        _changes(document),
        _by_risk(document),
        _safe_curve(document),
    )
    return Section(
        "after-arrival",
        _heading(document, tables),
        (*_sentences(document), READ_TOGETHER),
        tables,
        chart="after-arrival",
        picture=_picture(document),
        note=f"{_PER_CASE} {ranges(document, starred=True)}",
    )


@declare("unworked", 110, "the hours in which nobody works on a case")
def unworked(document: Document) -> Section | None:
    """Of the time under enquiry in each hour of the day: the share in which nobody did any work."""
    lines = []
    for part in document.scenarios:
        hours = part.along("unworked_share", "hour", stream=document.context.stream)
        if hours:
            cells = tuple(tenth(hours.get(hour)) for hour in range(24))
            lines.append(Line(document.context.scenario(part.name), cells))
    if not lines:
        return None
    caption = "Time under enquiry that nobody works, by hour, in tenths (9: 90% or more)"
    find = at("unworked_share", stream=document.context.stream)
    share = find(document.baseline)
    heading = "When nobody works on a case"
    if known(share):
        words = in_words(share).replace(" in 100", "%", 1)
        heading = f"Nobody works on a case for {words} of its time under enquiry"
        heading += changed(document, find, lambda row: plain(row).text)
    return Section(
        "unworked",
        heading,
        (
            (
                "A case is the missing-person team's while it is on duty, and response's at other "
                "hours. What is not done costs no officer-hours, and is no saving."
            ),
        ),
        (Table(caption, HOURS, tuple(lines), strip=True),),
        chart="unworked",
        picture=(
            "Lines of the share of the time under enquiry that nobody works, by hour of the day."
        ),
        note=ranges(document),
    )


def _is_followed(part: Part, document: Document) -> bool:
    """Whether cases are followed beyond the first attendance."""
    return known(part.row("case_end", stream=document.context.stream, stage="returned"))


def _table(document: Document, caption: str, told: Iterable[_Told]) -> Table | None:
    lines = [one.line(one.row(part, document) for part in document.scenarios) for one in told]
    return by_scenario(document, caption, [line for line in lines if line is not None])


def _changes(document: Document) -> Table | None:
    if not document.differences:
        return None
    lines = [
        one.line((one.row(part, document) for part in document.differences), change_cell)
        for one in _CHANGES
    ]
    found = tuple(line for line in lines if line is not None)
    return Table("What changes", titles(document)[1:], found) if found else None


def _by_risk(document: Document) -> Table | None:
    part = document.baseline
    levels = [
        risk
        for risk in _RISKS
        if known(part.row("officer_hours_per_case", stream=document.context.stream, risk=risk))
    ]
    if len(levels) < 2:
        return None
    lines = [one.line(one.row(part, document, risk=risk) for risk in levels) for one in _BY_RISK]
    title = document.context.scenario(part.name)
    return Table(
        f"By risk as first assessed, under {title}",
        tuple(risk.replace("_", " ") for risk in levels),
        tuple(line for line in lines if line is not None),
    )


def _safe_curve(document: Document) -> Table | None:
    """Returned and located by hours since the report, under the baseline."""
    lines = []
    for hours in _TOLD_HOURS:
        cells = tuple(
            cell(document.baseline.row(measure, stream=document.context.stream, minutes=60 * hours))
            for measure in ("returned_by", "found_by")
        )
        if any(one is not NOTHING for one in cells):
            lines.append(Line(f"{hours} h", cells))
    if len(lines) < 2:
        return None
    title = document.context.scenario(document.baseline.name)
    return Table(
        f"Returned and located by hours since the report, under {title}",
        ("Returned", "Located"),
        tuple(lines),
    )


def _heading(document: Document, tables: Iterable[Table]) -> str:
    find = at("clock_mean", stream=document.context.stream, stage="child_safe")
    safe = find(document.baseline)
    if not known(safe):
        return "After arrival: until the child is safe, and what follows"
    said = f"After arrival: the child is safe {in_words(safe)} hours after the report on average"
    return f"{said}{changed(document, find, tables=tables)}"


def _sentences(document: Document) -> list[str]:
    """What the baseline's cases go through, and how they end."""
    part, stream = document.baseline, document.context.stream
    under = document.context.spoken(part.name)
    said = []
    enquiry = part.row("enquiry_hours_per_case", stream=stream)
    idle = {
        stage: part.row("unworked_hours_per_case", stream=stream, stage=stage)
        for stage in (None, "response", "team", "night")
    }
    told = {stage: in_words(row) for stage, row in idle.items() if known(row)}
    if known(enquiry) and len(told) == len(idle):
        said.append(
            f"Under {under}, of an average case's {in_words(enquiry)} hours under enquiry nobody "
            f"worked on it for {told[None]}: {told['response']} of them while it was response's, "
            f"{told['team']} while it was the missing-person team's; {told['night']} between 22:00 "
            "and 07:00."
        )
    lost = part.row("case_end", stream=stream, stage="unrecorded")
    hours = part.row("unrecorded_hours_a_week", stream=stream)
    if known(lost) and lost.number and known(hours):
        said.append(
            f"{in_words(lost)} episodes are never recorded, and so never looked for: "
            f"{in_words(hours)} hours missing a week that no other figure here holds. Fewer "
            "reports are no saving."
        )
    return said


def _picture(document: Document) -> str:
    part, stream = document.baseline, document.context.stream
    said = [
        (
            "Areas of the share of cases whose child has returned and has been located, by hours "
            "since the report; what is left is still missing."
        )
    ]
    for hours in (8, 24, 48):
        returned, found = (
            part.row(measure, stream=stream, minutes=60 * hours)
            for measure in ("returned_by", "found_by")
        )
        if known(returned) and known(found):
            said.append(
                f"By {hours} hours {in_words(returned)} returned, {in_words(found)} located."
            )
    return " ".join(said)
