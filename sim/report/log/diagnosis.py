"""A log's diagnosis for a terminal: the answer in sentences first, then the figures behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from sim.force_log import Diagnosis, Faults, LogFigure
from sim.force_log.own_work import AT_ONCE_SECONDS
from sim.report.log.returns import return_sentences
from sim.report.rounding import rounded_ratio
from sim.report.terminal import ASCII, UNICODE, Glyphs, Sheet, spaced

PEOPLE: Final = (
    "Past incidents of one force; not a prediction about any child; not for deciding a live call."
)
DISCLOSURE: Final = (
    "Counts are to the nearest five. Figures that rest on fewer than five cases, or from which "
    "such could be worked out, are withheld (shown as *)."
)
_ATTENDANCE: Final = "received_to_arrived"
_WAITS: Final = ("graded_to_assigned", "received_to_assigned", _ATTENDANCE)
_IN_WORDS: Final = {
    "graded_to_assigned": "from grading to allocation",
    "received_to_assigned": "from the call to allocation",
    _ATTENDANCE: "from the call to arrival",
}
STREAMS: Final = {
    "missing_child": "missing child",
    "missing_adult": "missing adult",
    "welfare_concern": "welfare concern",
    "returned": "child returned",
    "other": "other work",
}
_WITHHELD: Final = "*"
_MOST_SHOWN: Final = 12
"""Areas in a table of the terminal, which would else run over several screens."""


def diagnosis_sentences(diagnosis: Diagnosis) -> list[str]:
    """The answer in sentences, plain ASCII, each figure with its interval."""
    return [
        *_extra_sentences(diagnosis),
        *_attendance_sentences(diagnosis),
        *_gate_sentences(diagnosis),
        *_idle_sentences(diagnosis),
        *return_sentences(diagnosis),
        *_lull_sentences(diagnosis),
        *_at_once_sentences(diagnosis),
    ]


def fault_sentences(found: Faults) -> Iterator[str]:
    """A log's faults with exact counts, first lines and examples: for a screen, not for a file."""
    for fault in found.found:
        many = f"{fault.count:,} of {fault.of:,}"
        if fault.code == "recording_change":
            many = f"{fault.of:,} to {fault.count:,} a week"
        first = "" if fault.line is None else f", first in line {fault.line:,}"
        such = ", ".join(f'"{example}"' for example in fault.examples)
        such = f", such as {such}" if such else ""
        yield f"{fault.where}: {fault.what}{such} ({many}{first}); {fault.done}."


def diagnosis_summary(
    diagnosis: Diagnosis, *, width: int, ascii_only: bool = False, found: Faults | None = None
) -> RenderableType:
    """The whole diagnosis for a terminal of this width.

    Parameters
    ----------
    diagnosis
        As `sim.force_log.diagnose` returns it.
    width
        Columns to fill; under 60 is taken as 60.
    ascii_only
        Use no character outside ASCII.
    found
        The log's faults as they were found, for the screen of those who hold the log: they are
        then shown with exact counts, first lines and examples. Not for anything that is written.
    """
    page = _Page(diagnosis, max(60, width), ASCII if ascii_only else UNICODE)
    sections = (
        page.answer(),
        page.grades(),
        page.kinds(),
        page.places("area"),
        page.places("risk"),
        page.children(),
        page.hours(),
        page.faults() if found is None else page.exact_faults(found),
        page.cannot_tell(),
        page.footing(),
    )
    return Group(*spaced(sections))


def _attendance_sentences(diagnosis: Diagnosis) -> Iterator[str]:
    for target in sorted(diagnosis.targets, key=lambda target: target.grade):
        for stream, whose in (("missing_child", "missing-child jobs"), (None, "all jobs")):
            figure = diagnosis.find(
                "arrived_within_target", stage=_ATTENDANCE, grade=target.grade, stream=stream
            )
            if figure is None or figure.value is None:
                continue
            minutes = target.minutes
            within = f"{minutes:g} minutes" if isinstance(minutes, int | float) else "their target"
            yield (
                f"Of {whose} of grade {target.grade} with a time of arrival, "
                f"{_percent(figure.value)} were attended within {within}"
                f"{_between(figure, percent=True)}, about {figure.n:,} jobs."
            )


def _extra_sentences(diagnosis: Diagnosis) -> Iterator[str]:
    found = [
        figure
        for figure in diagnosis.figures
        if figure.measure == "extra_wait_ratio" and figure.grade is None
    ]
    if all(figure.withheld for figure in found):
        yield "There are too few missing-child jobs to say whether they wait longer than others."
        return
    for figure in found:
        if figure.withheld:
            continue
        extra = diagnosis.find("extra_wait_minutes", stage=figure.stage, stream="missing_child")
        minutes = ""
        if extra is not None and extra.value is not None:
            # What rounds to nought has no sign.
            more = f"{abs(extra.value):g} more{_between(extra)}"
            less = f"{-extra.value:g} less"
            minutes = f"; in minutes {more if extra.value >= 0 else less}"
        if figure.value is None:
            yield from _in_minutes(diagnosis, extra)
            continue
        doubt = ""
        if figure.low is None or figure.high is None or figure.low <= 1 <= figure.high:
            doubt = " That is no clear difference."
        yield (
            f"{_IN_WORDS[str(figure.stage)].capitalize()} a missing-child job typically waits "
            f"{_times(figure, 'as long as other jobs of its grade')}, "
            f"adjusted for {diagnosis.adjusted_for}{minutes}.{doubt}"
        )


def _in_minutes(diagnosis: Diagnosis, extra: LogFigure | None) -> Iterator[str]:
    """The extra wait where the others hardly wait, so that a ratio would be of nearly nothing."""
    if extra is None or extra.value is None:
        return
    doubt = ""
    if extra.low is None or extra.high is None or extra.low <= 0 <= extra.high:
        doubt = " That is no clear difference."
    more = f"{extra.value:g} minutes longer than other jobs of its grade{_between(extra)}"
    less = f"{-extra.value:g} minutes less than other jobs of its grade"
    yield (
        f"{_IN_WORDS[str(extra.stage)].capitalize()} a missing-child job typically waits "
        f"{more if extra.value >= 0 else less}, adjusted for {diagnosis.adjusted_for}; the others' "
        f"median is under a minute, so no ratio is given.{doubt}"
    )


def _gate_sentences(diagnosis: Diagnosis) -> Iterator[str]:
    before = diagnosis.find("deployed_before_ratification", stream="missing_child")
    if before is not None and before.value is not None:
        yield (
            f"{_percent(before.value)} of missing-child jobs were allocated before they were "
            f"ratified (of about {before.n:,} with both times)."
        )
    for stream in diagnosis.tested:
        ratio = diagnosis.find("allocation_after_ratification", stream=stream)
        name = STREAMS[stream].replace(" ", "-")
        if ratio is None:
            continue
        often = _times(ratio, "as often as just before")
        if stream in diagnosis.bunched:
            yield (
                f"Allocations of {name} jobs bunch just after ratification{often and f', {often}'}"
                ": as they would if deployment waited for it."
            )
        else:
            yield (
                f"Allocations of {name} jobs do not bunch after ratification"
                f"{often and f' ({often})'}: no sign that deployment waits for it."
            )


def _idle_sentences(diagnosis: Diagnosis) -> Iterator[str]:
    for figure in diagnosis.figures:
        if (
            figure.measure == "idle_while_waiting"
            and figure.stream == "missing_child"
            and figure.value is not None
        ):
            yield (
                f"During {_percent(figure.value)} of the time that grade {figure.grade} "
                "missing-child jobs waited for allocation, a crew was seen between two other jobs."
            )


def _lull_sentences(diagnosis: Diagnosis) -> Iterator[str]:
    for figure in diagnosis.figures:
        if figure.measure == "allocation_lull" and figure.hours is not None:
            yield (
                f"From {figure.hours.replace('-', ' to ')} waiting jobs are allocated at about "
                f"{_percent(figure.value or 0.0)} of the rate of the hours before and after: as "
                "they would if shifts changed then."
            )


_TAKEN: Final = {
    "officers_at_once": "They are taken as work that officers began themselves, and are in no "
    "delay; where the public reported them, public_at_once in the mapping says so",
    "public_at_once": "They count as the public's, as the mapping says",
}


def _at_once_sentences(diagnosis: Diagnosis) -> Iterator[str]:
    """Work that officers seem to have begun, by grade, and what to say where they have not."""
    for measure, taken in _TAKEN.items():
        found = [one for one in diagnosis.figures if one.measure == measure]
        if not found:
            continue
        shares = ", ".join(
            f"{_WITHHELD if one.value is None else _percent(one.value)} of grade {one.grade} "
            f"(of about {_count(one.n)} jobs)"
            for one in found
        )
        yield (
            f"Assigned within {AT_ONCE_SECONDS} seconds of receipt, though no label gives them to "
            f"officers: {shares}. {taken}."
        )


CHILD_STAGES: Final = {
    "graded_to_assigned": "from grading to allocation",
    _ATTENDANCE: _IN_WORDS[_ATTENDANCE],
}


def child_cells(diagnosis: Diagnosis) -> list[dict[str, str | None]]:
    """The cells by which missing-child jobs are told, in their order: risk, hours or both."""
    return [
        {"risk": one.risk, "hours": one.hours}
        for one in diagnosis.figures
        if one.measure == "missing_child_jobs"
    ]


def cell_name(cell: Mapping[str, str | None]) -> str:
    """A cell in words, such as: high risk, 23-07 h."""
    risk = None if cell["risk"] is None else f"{cell['risk']} risk"
    hours = None if cell["hours"] is None else f"{cell['hours']} h"
    return ", ".join(part for part in (risk, hours) if part is not None)


class _Page(Sheet):
    """One summary: each method draws one section, or nothing where the figures lack it."""

    def __init__(self, diagnosis: Diagnosis, width: int, glyphs: Glyphs) -> None:
        super().__init__(width, glyphs)
        self.diagnosis = diagnosis
        found = [figure for figure in diagnosis.figures if figure.measure == "incidents"]
        self.grade_numbers = [f.grade for f in found if f.grade is not None and f.n]

    def answer(self) -> Iterator[RenderableType]:
        yield self.heading("What the log shows")
        sentences = diagnosis_sentences(self.diagnosis)
        for sentence in sentences:
            yield self.line(sentence)
        yield self.line(
            f"{self.diagnosis.title}, {self.diagnosis.first_day} to {self.diagnosis.last_day}: "
            f"{_count(self.diagnosis.incidents)} incidents from the public, of "
            f"{_count(self.diagnosis.rows)} rows.",
            "dim",
        )

    def grades(self) -> Iterator[RenderableType]:
        yield self.heading("Delays by grade, minutes")
        headings = ["", *(f"grade {grade}" for grade in self.grade_numbers)]
        lines = [["Incidents", *(self.n("incidents", grade=g) for g in self.grade_numbers)]]
        for label, measure, stage in (
            ("Attended in time", "arrived_within_target", _ATTENDANCE),
            ("No arrival recorded", "no_arrival_recorded", None),
        ):
            lines.append(
                [
                    label,
                    *(self.share(measure, stage=stage, grade=g) for g in self.grade_numbers),
                ]
            )
        for stage in ("received_to_graded", "graded_to_ratified", *_WAITS):
            name = _named(stage)
            for measure, label in (("delay_p50", "half within"), ("delay_p90", "9 in 10 within")):
                cells = [self.minutes(measure, stage=stage, grade=g) for g in self.grade_numbers]
                lines.append([f"{name}, {label}", *cells])
        yield self.table(headings, _told(lines))

    def kinds(self) -> Iterator[RenderableType]:
        lines = [
            [
                f"grade {grade}, {name}",
                *self.of_a_cell(grade=grade, stream=stream),
            ]
            for grade in self.grade_numbers
            for stream, name in STREAMS.items()
        ]
        yield from self.cells("By kind", lines)

    def places(self, cut: str) -> Iterator[RenderableType]:
        found = sorted(
            {str(value) for f in self.diagnosis.figures if (value := getattr(f, cut)) is not None}
        )
        names = sorted(sorted(found, key=lambda name: -self._jobs(cut, name))[:_MOST_SHOWN])
        lines = [
            [f"grade {grade}, {name}", *self.of_a_cell(**{"grade": grade, cut: name})]
            for grade in self.grade_numbers
            for name in names
        ]
        yield from self.cells(f"By {cut}", lines)
        if len(names) < len(found):
            yield self.line(
                f"These {len(names)} have the most jobs of {len(found)}; --html tells of all."
            )

    def _jobs(self, cut: str, name: str) -> int:
        """How many jobs of all grades are told of one area or risk."""
        figures = (
            self.diagnosis.find("delay_p50", stage=_ATTENDANCE, **{"grade": grade, cut: name})
            for grade in self.grade_numbers
        )
        return sum(one.n or 0 for one in figures if one is not None)

    def children(self) -> Iterator[RenderableType]:
        cells = child_cells(self.diagnosis)
        if not cells:
            return
        yield self.heading("Missing-child jobs of all grades, minutes")
        own = [{**cell, "stream": "missing_child"} for cell in cells]
        stages = [
            stage
            for stage in CHILD_STAGES
            if any(self.diagnosis.find("delay_p50", stage=stage, **cell) for cell in own)
        ]
        headings = ["", "jobs", "in time"]
        for stage in stages:
            headings += [f"{CHILD_STAGES[stage].removeprefix('from ')}: half", "9 in 10"]
        lines = []
        for cell in own:
            line = [
                cell_name(cell),
                self.n("missing_child_jobs", **cell),
                self.share("arrived_within_target", stage=_ATTENDANCE, **cell),
            ]
            for stage in stages:
                line += [
                    self.minutes(one, stage=stage, **cell) for one in ("delay_p50", "delay_p90")
                ]
            lines.append(line)
        yield self.table(headings, lines)
        yield from self.child_hours(stages)

    def child_hours(self, stages: Sequence[str]) -> Iterator[RenderableType]:
        by_hour: list[tuple[str, str, str | None]] = [("missing_child_jobs_by_hour", "jobs", None)]
        by_hour += [("delay_p50", "min", stage) for stage in stages]
        told = []
        for measure, unit, stage in by_hour:
            found = [
                self.diagnosis.find(measure, stage=stage, stream="missing_child", hour=hour)
                for hour in range(24)
            ]
            own = [None if one is None else one.value for one in found]
            name = "jobs" if stage is None else CHILD_STAGES[stage].removeprefix("from ")
            told.append((name, own, unit))
        if any(value is not None for value in told[0][1]):
            yield Text("")
            yield from self.strips(told)

    def strips(
        self, told: Sequence[tuple[str, Sequence[float | None], str]]
    ) -> Iterator[RenderableType]:
        """Draw values by hour of the day from their least to their most: name, values, unit."""
        known = [(name, own, unit, [v for v in own if v is not None]) for name, own, unit in told]
        width = max([10, *(len(name) + 2 for name, *_ in known)])
        yield Text(" " * width + "".join(f"{hour:02d}".ljust(6) for hour in (0, 6, 12, 18)))
        for name, own, unit, values in known:
            if values:
                least, most = min(values), max(values)
                strip = "".join(self.level(value, least, most) for value in own)
                yield Text(f"{name.ljust(width)}{strip}  {least:g} to {most:g} {unit}")

    def hours(self) -> Iterator[RenderableType]:
        strips = []
        for grade in self.grade_numbers:
            found = [
                self.diagnosis.find("delay_p50", stage=stage, grade=grade, hour=hour)
                for stage in _WAITS[:2]
                for hour in range(24)
            ]
            values = [figure.value if figure else None for figure in found]
            own = values[:24] if any(v is not None for v in values[:24]) else values[24:]
            if any(value is not None for value in own):
                strips.append((f"grade {grade}", own, "min"))
        if not strips:
            return
        yield self.heading("Typical wait for allocation by hour of the call")
        yield from self.strips(strips)

    def faults(self) -> Iterator[RenderableType]:
        if not self.diagnosis.faults:
            return
        yield self.heading("What was wrong with the log, and what was done")
        for fault in self.diagnosis.faults:
            many = f"{_count(fault['count'])} of {_count(fault['of'])}"
            if fault["code"] == "recording_change":
                many = f"{_count(fault['of'])} to {_count(fault['count'])} a week"
            yield self.line(
                f"{fault['where']}: {fault['what']} ({many}); {fault['done']}.", indent="  "
            )

    def exact_faults(self, found: Faults) -> Iterator[RenderableType]:
        if not found.found:
            return
        yield self.heading("What was wrong with the log, and what was done (not to be passed on)")
        for sentence in fault_sentences(found):
            yield self.line(sentence, indent="  ")

    def cannot_tell(self) -> Iterator[RenderableType]:
        yield self.heading("What this log cannot tell")
        for sentence in self.diagnosis.cannot_tell:
            yield self.line(sentence, indent="  ")

    def footing(self) -> Iterator[RenderableType]:
        yield self.line(DISCLOSURE, "dim")
        yield self.line(PEOPLE, "dim")

    def cells(self, title: str, lines: Sequence[Sequence[str]]) -> Iterator[RenderableType]:
        lines = _told(lines)
        if lines:
            yield self.heading(f"{title}: from the call to arrival, minutes")
            headings = ["", "jobs", "in time", "half within", "9 in 10"]
            yield self.table(headings, lines)

    def of_a_cell(self, **cuts: object) -> list[str]:
        return [
            self.n("delay_p50", stage=_ATTENDANCE, **cuts),
            self.share("arrived_within_target", stage=_ATTENDANCE, **cuts),
            self.minutes("delay_p50", stage=_ATTENDANCE, **cuts),
            self.minutes("delay_p90", stage=_ATTENDANCE, **cuts),
        ]

    def n(self, measure: str, **cuts: object) -> str:
        figure = self.diagnosis.find(measure, **cuts)
        if figure is None:
            return "-"
        # Beside a small count a larger one may be withheld, so "under 5" would be wrong of it.
        return _WITHHELD if figure.n is None else _count(figure.n)

    def share(self, measure: str, **cuts: object) -> str:
        figure = self.diagnosis.find(measure, **cuts)
        if figure is None or figure.value is None:
            return "-" if figure is None else _WITHHELD
        return _percent(figure.value) + self.limits(figure, 100)

    def minutes(self, measure: str, **cuts: object) -> str:
        figure = self.diagnosis.find(measure, **cuts)
        if figure is None or figure.value is None:
            return "-" if figure is None else _WITHHELD
        return f"{figure.value:g}" + self.limits(figure, 1)

    def limits(self, figure: LogFigure, scale: int) -> str:
        if figure.low is None or figure.high is None or self.width < 100:
            return ""
        low, high = (round(scale * limit, 1 if scale == 1 else 0) for limit in
                     (figure.low, figure.high))  # fmt: skip
        return f" ({low:g}{self.glyphs.dash}{high:g})"

    def level(self, value: float | None, least: float, most: float) -> str:
        if value is None:
            return self.glyphs.few
        levels = self.glyphs.levels
        place = 0 if most <= least else (value - least) / (most - least) * len(levels)
        return levels[min(int(place), len(levels) - 1)]


def _told(lines: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Those that hold a figure."""
    return [line for line in lines if set(line[1:]) - {"-"}]


def _named(stage: str) -> str:
    return stage.replace("_to_", " to ").capitalize()


def _count(number: object) -> str:
    return f"{number:,}" if isinstance(number, int) else "under 5"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _times(figure: LogFigure, of: str) -> str:
    """A ratio with its interval and what it is a ratio to; its limits where it is withheld."""
    if figure.value is None:
        ends = _between(figure).strip(" ()")
        return f"{ends} times {of}" if ends else ""
    told = rounded_ratio(figure.value, figure.low, figure.high)
    return told.in_words(f" times {of}")


def _between(figure: LogFigure, *, percent: bool = False) -> str:
    """The interval in words, as far as it is known."""

    def told(limit: float) -> str:
        return f"{100 * limit:.0f}" if percent else f"{limit:g}"

    unit = "%" if percent else ""
    if figure.low is not None and figure.high is not None:
        return f" ({told(figure.low)} to {told(figure.high)}{unit})"
    if figure.high is not None:
        return f" (at most {told(figure.high)}{unit})"
    if figure.low is not None:
        return f" (at least {told(figure.low)}{unit})"
    return ""
