"""The summary that a planner reads in a terminal: rows and sentences, drawn.

Nothing is computed here that a row does not hold; figures are only placed, shaded and rounded.
All pictures carry their meaning in letters and shapes, so colour may be missing, and each glyph
has an ASCII stand-in.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report import sentences as say
from sim.report.after_arrival_console import after_arrival
from sim.report.sentences import Context, Document, Places, Row, Rows, Sweep
from sim.report.terminal import ASCII, UNICODE, Glyphs, spaced

LEAST_CASES: Final = 30
"""Cells of the hour-of-week map with fewer cases are not shaded."""

STAGES: Final = {
    "call": ("C", "call", "cyan"),
    "decision": ("G", "gate and grading", "magenta"),
    "dispatcher": ("D", "no dispatcher", "yellow"),
    "no_unit": ("U", "no unit", "red"),
    "travel": ("T", "travel", "blue"),
}
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_BY_MINUTE: Final = re.compile(r"^(arrived|returned_first)_by_(\d+)_minutes$")
_TICKS: Final = (0, 10, 30, 60, 120, 240, 360, 600, 1440)
_HEADER_WIDTH: Final = 16
_LABEL_WIDTH: Final = 28
_SAME: Final = 1e-9
_NOT_PLAYED: Final[Row] = {"value": None, "low": None, "high": None, "n": 0, "unit": "share"}

BY_HOUR_OF_DAY: Final = "arrived_within_target_by_hour_of_day"
_GAP: Final = 2


def summary(
    document: Document, context: Context, *, width: int, ascii_only: bool = False
) -> RenderableType:
    """The whole summary of a run or a comparison, for a terminal of this width.

    Parameters
    ----------
    document
        The JSON document of rows.
    context
        What the rows do not say.
    width
        Columns to fill; no line is longer. Under 60 is taken as 60.
    ascii_only
        Use no character outside ASCII.
    """
    page = _Page(document, context, max(60, width), ASCII if ascii_only else UNICODE)
    sections = (
        page.unplannable(),
        page.answer(),
        page.warnings(),
        page.file_changes(),
        page.table(),
        page.beside(),
        page.curve(),
        page.stages(),
        page.heat(),
        page.day(),
        page.team(),
        page.busy(),
        after_arrival(page),
        page.other_work(),
        page.share_held(),
        page.staffing(),
        page.signs(),
        page.footing(),
    )
    return Group(*spaced(sections))


class _Page:
    """One summary: each method draws one section, or nothing where the rows lack it."""

    def __init__(self, document: Document, context: Context, width: int, glyphs: Glyphs) -> None:
        self.document = document
        self.context = context
        self.width = width
        self.glyphs = glyphs
        self.scenarios = [
            (str(entry["name"]), Rows(entry["rows"])) for entry in document["scenarios"]
        ]
        self.differences = [
            (str(entry["name"]), Rows(entry["rows"])) for entry in document["differences"]
        ]

    @property
    def titles(self) -> list[str]:
        """What the scenarios are called over columns, the baseline first."""
        return [self.context.scenario(name) for name, _ in self.scenarios]

    @property
    def to(self) -> str:
        return self.glyphs.dash

    def unplannable(self) -> Iterator[RenderableType]:
        reasons = self.context.unplannable
        if not reasons:
            return
        yield self.line(say.UNPLANNABLE, "bold red")
        for reason in reasons:
            yield Padding(self.line(reason), (0, 0, 0, 2), expand=False)
        yield self.line(say.GROWS)

    def answer(self) -> Iterator[RenderableType]:
        yield self.heading(f"How often {self.context.reports} are reached in time")
        first, *others = say.answer(self.document, self.context)
        paragraphs = (
            # Whoever reads on to the gates has read first what they do not change.
            [first, *say.long_waits(self.document, self.context)],
            say.beside(self.document, self.context),
            others,
            say.ceiling(self.document, self.context),
            [] if self.context.statement is None else [self.context.statement],
        )
        for place, sentences in enumerate(paragraph for paragraph in paragraphs if paragraph):
            if place:
                yield Text("")
            for sentence in sentences:
                style = "bold" if sentence == self.context.statement else ""
                yield self.line(sentence, style)

    def warnings(self) -> Iterator[RenderableType]:
        for warning in self.context.warnings:
            yield self.line(f"Warning: {warning}", "bold yellow")

    def file_changes(self) -> Iterator[RenderableType]:
        if not self.context.changes:
            return
        yield self.heading("What differs in the files")
        for name, changes in self.context.changes.items():
            title = self.context.titles.scenarios.get(name)
            yield self.line(
                (name if title in (None, name) else f"{name}: {title}")
                + ("" if changes else " (nothing)")
            )
            for change in changes:
                told = f"{change.path}: {change.baseline} -> {change.other}"
                yield Padding(self.line(told), (0, 0, 0, 2), expand=False)

    def table(self) -> Iterator[RenderableType]:
        received, graded = self.context.headline("received"), self.context.headline("graded")
        here: list[tuple[str, Callable[[Rows], Row | None]]] = [
            ("In time, from the call", lambda rows: rows.get("arrived_within_target", **received)),
            ("In time, from grading", lambda rows: rows.get("arrived_within_target", **graded)),
            (
                "  ceiling from the call",
                lambda rows: rows.get("reachable_within_target", **received),
            ),
            (
                "  ceiling from grading",
                lambda rows: rows.get("reachable_within_target", **graded),
            ),
        ]
        here += [
            (label, _getter(measure, received))
            for label, measure in (
                ("Unattended, mean min", "delay_mean"),
                ("  half within, min", "delay_p50"),
                ("  9 in 10 within, min", "delay_p90"),
                ("  19 in 20 within, min", "delay_p95"),
                ("  99 in 100 within, min", "delay_p99"),
                ("Waited over 60 min", "waited_over_60_minutes"),
                ("Waited over 10 h", "waited_over_600_minutes"),
                ("Returned first", "returned_first"),
                ("Left for another job", "arrived_then_left"),
                ("Open at the end", "open_at_end"),
            )
        ]
        found = [(label, [get(rows) for _, rows in self.scenarios]) for label, get in here]
        changes = self.change_lines()
        # One precision for all shares of the table, and for their changes.
        at = say.places(row for _, rows in (*found, *changes) for row in rows)
        lines = [(label, [self.cell(row, at) for row in rows]) for label, rows in found]
        told = [(label, [self.change(row, at) for row in rows]) for label, rows in changes]
        counts = [
            f"{row['n']:,}" if (row := here[0][1](rows)) is not None else "-"
            for _, rows in self.scenarios
        ]
        lines = [("Reports counted", counts), *lines[:2], *told, *lines[2:]]
        lines = [line for line in lines if set(line[1]) != {"-"}]
        if not lines:
            return
        yield self.heading("Delay against the target")
        yield from self.columns(self.titles, lines)
        yield self.line(
            "Ceiling: the same reports with unlimited people. Unattended: from the call to the "
            "first of arrival, return and end of follow-up."
            + (" * the range leaves out no change." if told else ""),
            "dim",
        )

    def change_lines(self) -> list[tuple[str, list[Row | None]]]:
        """The headline's differences against the baseline, under the scenarios that have one."""
        return [
            (label, rows)
            for label, clock in (
                ("  change, points", "received"),
                ("  change from grading", "graded"),
            )
            if any(rows := self.changes("arrived_within_target", **self.context.headline(clock)))
        ]

    def changes(self, measure: str, **cuts: object) -> list[Row | None]:
        """One row of each scenario's difference; None under the baseline."""
        by_name = dict(self.differences)
        return [
            by_name[name].get(measure, **cuts) if name in by_name else None
            for name, _ in self.scenarios
        ]

    def beside(self) -> Iterator[RenderableType]:
        """Streams that are shown beside the headline, as short tables."""
        for stream in self.context.beside:
            received = self.context.headline("received", stream)
            wanted = (
                ("In time, from the call", "arrived_within_target"),
                ("Waited over 60 min", "waited_over_60_minutes"),
                ("Waited over 10 h", say.OVER_TEN_HOURS),
            )
            rows = [
                (label, [_getter(measure, received)(rows) for _, rows in self.scenarios])
                for label, measure in wanted
            ]
            own = {**received, "clock": None}
            changed = self.changes(say.OVER_TEN_HOURS, **own) if self.differences else []
            at = say.places(row for _, found in (*rows, ("", changed)) for row in found)
            lines = [(label, [self.cell(row, at) for row in found]) for label, found in rows]
            if any(changed):
                lines.append(("  change, points", [self.change(row, at) for row in changed]))
            counts = [f"{row['n']:,}" if row is not None else "-" for row in rows[-1][1]]
            lines = [
                line for line in [("Reports counted", counts), *lines] if set(line[1]) != {"-"}
            ]
            if lines:
                yield self.heading(f"Beside them: {self.context.reports_of(stream)}")
                yield from self.columns(self.titles, lines)

    def curve(self) -> Iterator[RenderableType]:
        curves = [(name, _attendance(rows, self.context)) for name, rows in self.scenarios]
        curves = [(name, points) for name, points in curves if len(points) > 2]
        if not curves:
            return
        minutes = self.context.target_minutes
        # Where areas differ the longest is marked.
        target = max(minutes.values()) if isinstance(minutes, Mapping) else minutes
        yield self.heading("Share of reports with an officer there, by minutes since the call")
        height = 4 if len(curves) <= 3 else 2
        axis = _Axis(self.width - 7, max(points[-1][0] for _, points in curves), target)
        for name, points in curves:
            yield self.line(self.context.scenario(name))
            for row in range(height - 1, -1, -1):
                left = {height - 1: "100%", 0: "0%"}.get(row, "")
                drawn = "".join(
                    self.glyphs.target
                    if column == axis.target_column
                    else self.curve_cell(points, axis.minute(column), row, height)
                    for column in range(axis.width)
                )
                yield Text(f"{left:>5} ") + Text(drawn.rstrip(), "green")
        for ticks in axis.tick_lines():
            yield Text(" " * 6 + ticks)
        returned = self.glyphs.returned
        mark = f" {self.glyphs.target} the target." if target is not None else ""
        yield self.line(
            f"{self.glyphs.levels[-1]} attended, {returned} returned first, blank still waiting."
            f"{mark} The axis is narrower to the right.",
            "dim",
        )

    def curve_cell(
        self, points: Sequence[tuple[int, float, float]], minute: float, row: int, height: int
    ) -> str:
        _, arrived, returned = max(
            (point for point in points if point[0] <= minute), default=(0, 0.0, 0.0)
        )
        levels = self.glyphs.levels
        filled = arrived * height - row
        if filled >= 1:
            return levels[-1]
        if filled * len(levels) >= 1:
            return levels[int(filled * len(levels)) - 1]
        return self.glyphs.returned if (arrived + returned) * height - row >= 0.5 else " "

    def stages(self) -> Iterator[RenderableType]:
        cuts = {"stream": self.context.stream, "grade": self.context.grade}
        found = [(name, rows.along("stage_mean", "stage", **cuts)) for name, rows in self.scenarios]
        found = [(name, rows) for name, rows in found if rows]
        if not found:
            return
        bars = [(name, [_in_minutes(rows.get(stage)) for stage in STAGES]) for name, rows in found]
        longest = max(sum(lengths) for _, lengths in bars) or 1.0
        yield self.heading("Where the time goes: mean minutes in which each alone blocks arrival")
        for name, lengths in bars:
            yield self.line(self.context.scenario(name))
            bar = Text("  ")
            done, drawn = 0.0, 0
            for (letter, _, style), length in zip(STAGES.values(), lengths, strict=True):
                done += length
                end = round(done / longest * (self.width - 4))
                bar.append(letter * (end - drawn), style)
                drawn = end
            yield bar
        at = say.places(rows.get(stage) for _, rows in found for stage in STAGES)
        lines = [
            (f"{letter} {title}", [self.cell(rows.get(stage), at) for _, rows in found])
            for stage, (letter, title, _) in STAGES.items()
        ]
        yield from self.columns([self.context.scenario(name) for name, _ in found], lines)

    def heat(self) -> Iterator[RenderableType]:
        # By the target's own clock, whichever that is.
        cuts = {"stream": self.context.stream, "grade": self.context.grade}
        maps = [
            (
                name,
                rows.along("arrived_within_target", "hour", **cuts),
                rows.along(BY_HOUR_OF_DAY, "hour", **cuts),
            )
            for name, rows in self.scenarios
        ]
        maps = [each for each in maps if each[1] or each[2]]
        if not maps:
            return
        yield self.heading("When it goes wrong: share reached in time, by hour of the week")
        if all(row["n"] < LEAST_CASES for _, *both in maps for of in both for row in of.values()):
            yield self.line(
                f"Every hour has under {LEAST_CASES} reports: too few to shade. Ask for more "
                "replications."
            )
            return
        cell = 2 if len(maps) == 1 else 1
        blocks = [self.heat_block(*each, cell) for each in maps]
        yield from self.side_by_side(blocks)
        legend = ", ".join(
            f"{shade} {words}"
            for shade, words in zip(
                self.glyphs.shades,
                ("75% or more", "50 to 75%", "25 to 50%", "under 25%"),
                strict=True,
            )
        )
        yield self.line(
            f"{legend}, {self.glyphs.few} under {LEAST_CASES} reports. All: every day together.",
            "dim",
        )

    def heat_block(
        self, name: str, week: dict[int, Row], day: dict[int, Row], cell: int
    ) -> list[str]:
        size = 4 + 24 * cell
        marks = "".join(f"{hour:02d}".ljust(6 * cell) for hour in (0, 6, 12, 18))
        lines = [*_broken(self.glyphs.text(self.context.scenario(name)), size), " " * 4 + marks]

        def strip(hours: dict[int, Row], first: int) -> str:
            return "".join(self.shade(hours.get(first + hour)) * cell for hour in range(24))

        if any(row["n"] >= LEAST_CASES for row in week.values()):
            lines += [f"{label} {strip(week, 24 * place)}" for place, label in enumerate(_DAYS)]
        if day:
            lines.append(f"All {strip(day, 0)}")
        return lines

    def day(self) -> Iterator[RenderableType]:
        """The baseline by hour of the day in figures, eight hours under each other."""
        name, rows = self.scenarios[0]
        cuts = {"stream": self.context.stream, "grade": self.context.grade}
        hours = rows.along(BY_HOUR_OF_DAY, "hour", **cuts)
        if not hours:
            return
        title = self.context.scenario(name)
        yield self.heading(f"By hour of the day under {title}: share in time, range, reports")
        at = say.places(hours.values())
        cells = [
            f"{hour:02d} {self.cell(hours.get(hour), at)} {_cases(hours.get(hour))}"
            for hour in range(24)
        ]
        widest = max(len(cell) for cell in cells) + _GAP
        blocks = max(1, min(3, self.width // widest))
        height = -(-24 // blocks)
        for place in range(height):
            line = "".join(cell.ljust(widest) for cell in cells[place::height])
            yield Text(self.glyphs.text(line.rstrip()), no_wrap=True)

    def team(self) -> Iterator[RenderableType]:
        """Reports made while the missing-person team of the area is on duty, and the others."""
        received = self.context.headline("received")
        rows = [
            (
                label,
                [
                    _getter(measure, {**received, "hours": hours})(rows)
                    for _, rows in self.scenarios
                ],
            )
            for hours, words in (("team", "on duty"), ("other", "off duty"))
            for label, measure in (
                (f"Team {words}: in time", "arrived_within_target"),
                ("  over 60 min", "waited_over_60_minutes"),
            )
        ]
        if not any(row for _, found in rows[::2] for row in found):
            return
        at = say.places(row for _, found in rows for row in found)
        lines: list[tuple[str, list[str]]] = []
        for place, (label, found) in enumerate(rows):
            lines.append((label, [self.cell(row, at) for row in found]))
            if place % 2:
                counted = rows[place - 1][1]
                lines.append(("  reports", [_cases(row).removeprefix("n=") for row in counted]))
        yield self.heading("While the area's missing-person team is on duty, and while it is not")
        yield from self.columns(self.titles, lines)

    def shade(self, row: Row | None) -> str:
        if row is None or row["value"] is None or row["n"] < LEAST_CASES:
            return self.glyphs.few
        return self.glyphs.shades[3 - min(3, int(row["value"] * 4))]

    def side_by_side(self, blocks: list[list[str]]) -> Iterator[RenderableType]:
        widest = max(len(line) for block in blocks for line in block)
        at_once = max(1, (self.width + _GAP) // (widest + _GAP))
        for first in range(0, len(blocks), at_once):
            group = blocks[first : first + at_once]
            height = max(len(block) for block in group)
            # Names of several lines grow upwards, so that the maps stand level.
            level = [[""] * (height - len(block)) + block for block in group]
            for lines in zip(*level, strict=True):
                text = (" " * _GAP).join(line.ljust(widest) for line in lines)
                yield Text(text.rstrip(), no_wrap=True)

    def busy(self) -> Iterator[RenderableType]:
        busy = self.pool_table("Who is busy: share of time on duty in work", "utilisation")
        days = self.document["run"]["days"]
        overtime = self.pool_table(
            f"Overtime: hours in {days} days", "overtime_hours", {"number": 1.0}
        )
        yield from spaced((busy, self.busy_by_hour(), overtime))

    def pool_table(
        self, heading: str, measure: str, at: Places | None = None
    ) -> Iterator[RenderableType]:
        by_pool = [rows.along(measure, "pool") for _, rows in self.scenarios]
        pools = list(dict.fromkeys(pool for rows in by_pool for pool in rows))
        if not pools:
            return
        at = at or say.places(row for rows in by_pool for row in rows.values())
        yield self.heading(heading)
        lines = [
            (self.context.pool(pool), [self.cell(rows.get(pool), at) for rows in by_pool])
            for pool in pools
        ]
        yield from self.columns(self.titles, lines)

    def busy_by_hour(self) -> Iterator[RenderableType]:
        name, rows = self.scenarios[0]
        strips = {
            pool: rows.along("utilisation", "hour", pool=pool)
            for pool in rows.along("utilisation", "pool")
        }
        strips = {pool: hours for pool, hours in strips.items() if hours}
        if not strips:
            return
        titles = {pool: self.context.pool(pool) for pool in strips}
        label = min(max(map(len, titles.values())), self.width - 24 - _GAP) + _GAP
        title = self.context.scenario(name)
        yield self.line(f"By hour of the day under {title}, in tenths (9: 90% or more busy):")
        yield Text(" " * label + "".join(f"{hour:02d}".ljust(6) for hour in (0, 6, 12, 18)))
        for pool, hours in strips.items():
            strip = "".join(_tenth(hours.get(hour)) for hour in range(24))
            *above, last = _broken(self.glyphs.text(titles[pool]), label - _GAP)
            for line in above:
                yield Text(line)
            yield Text(last.ljust(label) + strip, no_wrap=True)

    def other_work(self) -> Iterator[RenderableType]:
        paid = "What other work pays: change of the"
        reached = self.change_table(
            f"{paid} share reached in time, points", "arrived_within_target"
        )
        waited = self.change_table(f"{paid} mean time unattended, minutes", "delay_mean")
        told = (self.line(said) for said in say.other_work(self.document, self.context))
        yield from spaced((reached, waited, told))

    def change_table(self, heading: str, measure: str) -> Iterator[RenderableType]:
        """One measure's differences for all other work, with what a star means."""
        found = [
            dict(say.other_work_rows(rows.all, measure, self.context))
            for _, rows in self.differences
        ]
        kinds = list(dict.fromkeys(kind for rows in found for kind in rows))
        if not kinds:
            return
        at = say.places(row for rows in found for row in rows.values())
        yield self.heading(heading)
        lines = [(kind, [self.change(rows.get(kind), at) for rows in found]) for kind in kinds]
        yield from self.columns(self.titles[1:], lines, repeat=False)
        yield self.line("* the range leaves out no change.", "dim")

    def share_held(self) -> Iterator[RenderableType]:
        for sweep in self.context.sweeps:
            title = f" ({sweep.title})" if sweep.title else ""
            yield self.heading(f"In time from the call, by the share held{title}")
            meaning, own_row = say.gate_of_sweep(self.document, self.context)
            bars = [
                (share, f"{share:>5.0%} held", say.interval_row(interval))
                for share, interval in sweep.points
            ]
            if own_row is not None:
                bars.append((math.inf, "   itself", own_row))
            elif sweep.own is not None and not _marked(sweep):
                # Between the points on either side: its share, and no figure.
                bars.append((sweep.own, f"{sweep.own:>5.0%} held", _NOT_PLAYED))
            at = say.places(row for _, _, row in bars)
            longest = self.width - 40
            for share, label, row in sorted(bars, key=lambda bar: bar[0]):
                text = Text(f"{label:<11}", no_wrap=True)
                text.append(self.glyphs.levels[-1] * round((row["value"] or 0) * longest), "green")
                own = share == math.inf or (
                    sweep.own is not None and abs(share - sweep.own) < _SAME
                )
                text.append(f" {self.cell(row, at)}{' <' if own else ''}")
                yield text
            yield self.line(say.share_held(sweep, self.context))
            if own_row is not None or sweep.own is not None:
                yield self.line(f"< {meaning}", "dim")

    def staffing(self) -> Iterator[RenderableType]:
        staffing = self.context.staffing
        if not staffing:
            return
        lines = [
            ("Posts", [f"{one.posts:,.1f}" for one in staffing]),
            ("Paid hours a week", [f"{one.paid_hours:,.0f}" for one in staffing]),
        ]
        if any(one.pounds for one in staffing):
            pounds = [f"{self.glyphs.pound}{one.pounds:,.0f}" for one in staffing]
            lines.append(("Cost a week", pounds))
            overtime = [rows.get("overtime_pounds") for _, rows in self.scenarios]
            if any(overtime):
                cells = [self.pounds(row) for row in overtime]
                lines.append(("  and overtime", cells))
        yield self.heading("Posts, paid hours and pounds")
        names = [self.context.scenario(one.scenario) for one in staffing]
        yield from self.columns(names, lines)
        for note in say.cost_notes(self.context):
            yield self.line(note, "dim")

    def signs(self) -> Iterator[RenderableType]:
        yield self.heading("What would tell a gate from a low rank")
        for sentence in say.telling_signs(self.document, self.context):
            yield self.line(sentence)

    def footing(self) -> Iterator[RenderableType]:
        for sentence in say.footing(self.document, self.context):
            yield self.line(sentence)

    def heading(self, words: str) -> Text:
        return Text(self.glyphs.text(words), "bold")

    def line(self, words: str, style: str = "") -> Text:
        return Text(self.glyphs.text(words), style)

    def cell(self, row: Row | None, at: Places | None = None) -> str:
        """A figure as "23% (21-25%)"."""
        return "-" if row is None else say.quantity(row, self.to, at)

    def pounds(self, row: Row | None) -> str:
        """A sum of money with its range."""
        cell = self.cell(row, {"number": 1.0})
        return cell if cell == "-" else f"{self.glyphs.pound}{cell}"

    def change(self, row: Row | None, at: Places | None = None) -> str:
        """A difference as "+3 (+1 to +5)", starred where its range leaves out no change."""
        return "-" if row is None else say.change(row, at=at)

    def columns(
        self, names: list[str], lines: list[tuple[str, list[str]]], *, repeat: bool = True
    ) -> Iterator[RenderableType]:
        """A table with a column for each scenario, in as many parts as the width asks for.

        With `repeat` the first column, the baseline's, stands in every part.
        """
        headers = [
            _broken(
                self.glyphs.text(name),
                max(_HEADER_WIDTH, *(len(cells[place]) for _, cells in lines)),
            )
            for place, name in enumerate(names)
        ]
        widths = [
            max(
                *(len(part) for part in headers[place]),
                *(len(cells[place]) for _, cells in lines),
            )
            for place in range(len(names))
        ]
        label = max(len(title) for title, _ in lines)
        label = min(label, max(_LABEL_WIDTH, self.width // 3), self.width - max(widths) - _GAP)
        tables: list[RenderableType] = []
        for part in _parts(widths, self.width - label, repeat):
            table = Table(box=None, pad_edge=False, padding=(0, 0, 0, 0), header_style="bold")
            table.add_column("", width=label)
            for place in part:
                table.add_column(
                    "\n".join(headers[place]),
                    justify="right",
                    no_wrap=True,
                    width=widths[place] + _GAP,
                    vertical="bottom",
                )
            for title, cells in lines:
                table.add_row(
                    Text(self.glyphs.text(title)),
                    *(Text(self.glyphs.text(cells[place])) for place in part),
                )
            tables.append(table)
        yield from spaced([table] for table in tables)


class _Axis:
    """Minutes on a line that is wide at the start and narrow at the end.

    A column stands for the minutes up to its right edge; columns are even in log(1 + t / 10).
    """

    def __init__(self, width: int, last: float, target: float | None) -> None:
        self.width = width
        self.last = last
        self.target = target
        self.target_column = -1 if target is None else self.column(target)

    def column(self, minute: float) -> int:
        place = math.log1p(minute / 10) / math.log1p(self.last / 10)
        return min(self.width - 1, int(place * self.width))

    def minute(self, column: int) -> float:
        return 10 * math.expm1((column + 1) / self.width * math.log1p(self.last / 10))

    def tick_lines(self) -> Iterator[str]:
        """The labels of the axis, the target's first, then as many as find room."""
        line = [" "] * self.width
        wanted = [] if self.target is None else [(self.target_column, f"{self.target:g}")]
        wanted += [
            (self.column(tick), f"{tick}" if tick < 60 else f"{tick // 60}h")
            for tick in _TICKS
            if tick <= self.last
        ]
        for column, label in wanted:
            start = min(column, self.width - len(label))
            around = line[max(0, start - 1) : start + len(label) + 1]
            if all(sign == " " for sign in around):
                line[start : start + len(label)] = label
        yield "".join(line).rstrip()


def _attendance(rows: Rows, context: Context) -> list[tuple[int, float, float]]:
    """Points (minute, share attended, share returned first) of the curve, by minute."""
    cuts = context.headline("received")

    def get(measure: str, rows: Rows) -> Row | None:
        return _getter(measure, cuts)(rows)

    shares: dict[int, dict[str, float]] = {}
    for row in rows.all:
        found = _BY_MINUTE.match(row["measure"])
        if found is None or row["value"] is None or get(row["measure"], rows) is not row:
            continue
        shares.setdefault(int(found[2]), {})[found[1]] = row["value"]
    return [
        (minute, kinds.get("arrived", 0.0), kinds.get("returned_first", 0.0))
        for minute, kinds in sorted(shares.items())
    ]


def _getter(measure: str, cuts: dict[str, object]) -> Callable[[Rows], Row | None]:
    # Delays and ends are given by the target's own clock, whichever that is.
    own = {**cuts, "clock": None}
    return lambda rows: rows.get(measure, **cuts) or rows.get(measure, **own)


def _in_minutes(row: Row | None) -> float:
    if row is None or row["value"] is None:
        return 0.0
    return float(row["value"]) * say.minute_scale(row)


def _tenth(row: Row | None) -> str:
    if row is None or row["value"] is None:
        return " "
    return str(min(9, int(row["value"] * 10)))


def _cases(row: Row | None) -> str:
    return "-" if row is None else f"n={row['n']:,}"


def _marked(sweep: Sweep) -> bool:
    """Whether the scenario's own share is among those that were simulated."""
    return sweep.own is not None and any(
        abs(share - sweep.own) < _SAME for share, _ in sweep.points
    )


def _broken(name: str, width: int) -> list[str]:
    """A name in lines of at most this width, broken after hyphens where it can be."""
    lines: list[str] = [""]
    for piece in re.findall(r"[^-_ ]*[-_ ]?", name):
        if lines[-1] and len(lines[-1] + piece) > width:
            lines.append("")
        lines[-1] += piece
        while len(lines[-1]) > width:
            lines[-1:] = [lines[-1][:width], lines[-1][width:]]
    return [line.rstrip() for line in lines]


def _parts(widths: list[int], room: int, repeat: bool) -> Iterator[list[int]]:
    """Column numbers in groups that fit into the room; at least one new column in each."""
    place = 0
    while place < len(widths):
        part = [0] if repeat and place > 0 else []
        used = sum(widths[column] + _GAP for column in part)
        if part and used + widths[place] + _GAP > room:
            part, used = [], 0
        start = place
        while place < len(widths) and (place == start or used + widths[place] + _GAP <= room):
            used += widths[place] + _GAP
            part.append(place)
            place += 1
        yield part
