"""The summary that a planner reads in a terminal: rows and sentences, drawn.

Nothing is computed here that a row does not hold; figures are only placed, shaded and rounded.
All pictures carry their meaning in letters and shapes, so colour may be missing, and each glyph
has an ASCII stand-in.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report import sentences as say
from sim.report.sentences import Context, Document, Row, Rows

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
_GAP: Final = 2


@dataclass(frozen=True)
class Glyphs:
    """The characters of pictures, and the way to bring any text to an alphabet."""

    dash: str
    pound: str
    levels: str
    shades: str
    few: str
    returned: str
    target: str
    rule: str
    ascii_only: bool

    def text(self, written: str) -> str:
        """Text in this alphabet, without control characters."""
        if self.ascii_only:
            for sign, stand_in in (("£", "GBP "), ("–", "-"), ("—", "-"), ("−", "-"), ("’", "'")):
                written = written.replace(sign, stand_in)
            written = "".join(
                sign
                for sign in unicodedata.normalize("NFKD", written)
                if not unicodedata.combining(sign)
            )
            written = written.encode("ascii", "replace").decode("ascii")
        return "".join(sign if sign.isprintable() else " " for sign in written)


UNICODE: Final = Glyphs("–", "£", "▁▂▃▄▅▆▇█", "░▒▓█", "·", "░", "│", "─", ascii_only=False)
ASCII: Final = Glyphs("-", "GBP ", ".:#", "-+*#", ".", "o", "|", "-", ascii_only=True)


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
        page.curve(),
        page.stages(),
        page.heat(),
        page.busy(),
        page.other_work(),
        page.share_held(),
        page.staffing(),
        page.signs(),
        page.footing(),
    )
    return Group(*_spaced(sections))


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
        for sentence in say.answer(self.document, self.context):
            yield self.line(sentence)
        beyond = say.ceiling(self.document, self.context)
        if beyond:
            yield Text("")
            for sentence in beyond:
                yield self.line(sentence)
        long_waits = say.long_waits(self.document, self.context)
        if long_waits is not None:
            yield Text("")
            yield self.line(long_waits)
        if self.context.illustrative:
            yield Text("")
            yield self.line(say.ILLUSTRATIVE, "bold")

    def warnings(self) -> Iterator[RenderableType]:
        for warning in self.context.warnings:
            yield self.line(f"Warning: {warning}", "bold yellow")

    def file_changes(self) -> Iterator[RenderableType]:
        if not self.context.changes:
            return
        yield self.heading("What differs in the files")
        for name, changes in self.context.changes.items():
            yield self.line(name + ("" if changes else ": nothing"))
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
        lines = [
            (label, [self.cell(get(rows)) for _, rows in self.scenarios]) for label, get in here
        ]
        counts = [
            f"{row['n']:,}" if (row := here[0][1](rows)) is not None else "-"
            for _, rows in self.scenarios
        ]
        lines = [("Reports counted", counts), *lines[:2], *self.change_lines(), *lines[2:]]
        lines = [line for line in lines if set(line[1]) != {"-"}]
        if not lines:
            return
        yield self.heading("Delay against the target")
        yield from self.columns([name for name, _ in self.scenarios], lines)
        yield self.line(
            "Ceiling: the same reports with unlimited people. Unattended: from the call to the "
            "first of arrival, return and end of follow-up.",
            "dim",
        )

    def change_lines(self) -> list[tuple[str, list[str]]]:
        """The headline's differences against the baseline, under the scenarios that have one."""
        if not self.differences:
            return []
        by_name = dict(self.differences)
        lines = []
        for label, clock in (
            ("  change, points", "received"),
            ("  change from grading", "graded"),
        ):
            cuts = self.context.headline(clock)
            rows = [
                by_name[name].get("arrived_within_target", **cuts) if name in by_name else None
                for name, _ in self.scenarios
            ]
            if any(rows):
                lines.append((label, [self.change(row) for row in rows]))
        return lines

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
            yield self.line(name)
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
            yield self.line(name)
            bar = Text("  ")
            done, drawn = 0.0, 0
            for (letter, _, style), length in zip(STAGES.values(), lengths, strict=True):
                done += length
                end = round(done / longest * (self.width - 4))
                bar.append(letter * (end - drawn), style)
                drawn = end
            yield bar
        lines = [
            (f"{letter} {title}", [self.cell(rows.get(stage)) for _, rows in found])
            for stage, (letter, title, _) in STAGES.items()
        ]
        yield from self.columns([name for name, _ in found], lines)

    def heat(self) -> Iterator[RenderableType]:
        # By the target's own clock, whichever that is.
        cuts = {"stream": self.context.stream, "grade": self.context.grade}
        maps = [
            (name, rows.along("arrived_within_target", "hour", **cuts))
            for name, rows in self.scenarios
        ]
        maps = [(name, hours) for name, hours in maps if hours]
        if not maps:
            return
        yield self.heading("When it goes wrong: share reached in time, by hour of the week")
        if all(row["n"] < LEAST_CASES for _, hours in maps for row in hours.values()):
            yield self.line(
                f"Every hour has under {LEAST_CASES} reports: too few to shade. Ask for more "
                "replications."
            )
            return
        cell = 2 if len(maps) == 1 else 1
        blocks = [self.heat_block(name, hours, cell) for name, hours in maps]
        yield from self.side_by_side(blocks)
        legend = ", ".join(
            f"{shade} {words}"
            for shade, words in zip(
                self.glyphs.shades,
                ("75% or more", "50 to 75%", "25 to 50%", "under 25%"),
                strict=True,
            )
        )
        yield self.line(f"{legend}, {self.glyphs.few} under {LEAST_CASES} reports", "dim")

    def heat_block(self, name: str, hours: dict[float, Row], cell: int) -> list[str]:
        size = 4 + 24 * cell
        marks = "".join(f"{hour:02d}".ljust(6 * cell) for hour in (0, 6, 12, 18))
        lines = [*_broken(self.glyphs.text(name), size), " " * 4 + marks]
        days = range(7) if len(hours) > 24 else range(1)
        for day in days:
            label = _DAYS[day] if len(days) == 7 else "All"
            strip = "".join(self.shade(hours.get(day * 24 + hour)) * cell for hour in range(24))
            lines.append(f"{label} {strip}")
        return lines

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
        busy = self.pool_table(
            "Who is busy: share of time on duty in work",
            "utilisation",
            lambda row: say.percent(row, self.to, finest=1.0),
        )
        days = self.document["run"]["days"]
        overtime = self.pool_table(f"Overtime: hours in {days} days", "overtime_hours", self.cell)
        yield from _spaced((busy, self.busy_by_hour(), overtime))

    def pool_table(
        self, heading: str, measure: str, written: Callable[[Row], str]
    ) -> Iterator[RenderableType]:
        by_pool = [rows.along(measure, "pool") for _, rows in self.scenarios]
        pools = list(dict.fromkeys(pool for rows in by_pool for pool in rows))
        if not pools:
            return
        yield self.heading(heading)
        lines = [
            (_spoken(pool), [written(row) if (row := rows.get(pool)) else "-" for rows in by_pool])
            for pool in pools
        ]
        yield from self.columns([name for name, _ in self.scenarios], lines)

    def busy_by_hour(self) -> Iterator[RenderableType]:
        name, rows = self.scenarios[0]
        strips = {
            pool: rows.along("utilisation", "hour", pool=pool)
            for pool in rows.along("utilisation", "pool")
        }
        strips = {pool: hours for pool, hours in strips.items() if hours}
        if not strips:
            return
        label = max(len(_spoken(pool)) for pool in strips) + _GAP
        yield self.line(f"By hour of the day under {name}, in tenths (9: 90% or more busy):")
        yield Text(" " * label + "".join(f"{hour:02d}".ljust(6) for hour in (0, 6, 12, 18)))
        for pool, hours in strips.items():
            strip = "".join(_tenth(hours.get(hour)) for hour in range(24))
            yield Text(_spoken(pool).ljust(label) + strip, no_wrap=True)

    def other_work(self) -> Iterator[RenderableType]:
        paid = "What other work pays: change of the"
        reached = self.change_table(
            f"{paid} share reached in time, points", "arrived_within_target"
        )
        waited = self.change_table(f"{paid} mean time unattended, minutes", "delay_mean")
        told = (self.line(said) for said in say.other_work(self.document, self.context))
        yield from _spaced((reached, waited, told))

    def change_table(self, heading: str, measure: str) -> Iterator[RenderableType]:
        """One measure's differences for all other work, with what a star means."""
        found = [
            dict(say.other_work_rows(rows.all, measure, self.context))
            for _, rows in self.differences
        ]
        kinds = list(dict.fromkeys(kind for rows in found for kind in rows))
        if not kinds:
            return
        yield self.heading(heading)
        lines = [(kind, [self.change(rows.get(kind)) for rows in found]) for kind in kinds]
        yield from self.columns([name for name, _ in self.differences], lines, repeat=False)
        yield self.line("* the range leaves out no change.", "dim")

    def share_held(self) -> Iterator[RenderableType]:
        for sweep in self.context.sweeps:
            title = f" ({sweep.title})" if sweep.title else ""
            yield self.heading(f"In time from the call, by the share held{title}")
            longest = self.width - 36
            for share, interval in sweep.points:
                row = say.interval_row(interval)
                full = round((interval.value or 0) * longest)
                own = " <" if sweep.own is not None and abs(share - sweep.own) < 1e-9 else ""
                text = Text(f"{share:>5.0%} held ", no_wrap=True)
                text.append(self.glyphs.levels[-1] * full, "green")
                text.append(f" {self.cell(row)}{own}")
                yield text
            yield self.line(say.share_held(sweep, self.context))
            if sweep.own is not None:
                shown = any(abs(share - sweep.own) < 1e-9 for share, _ in sweep.points)
                mark = "<" if shown else f"{sweep.own:.0%}:"
                yield self.line(f"{mark} the scenario's own share.", "dim")

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
        yield self.heading("Posts, paid hours and pounds")
        yield from self.columns([one.scenario for one in staffing], lines)

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

    def cell(self, row: Row | None) -> str:
        """A figure as "23% (21-25%)"."""
        return "-" if row is None else say.quantity(row, self.to)

    def change(self, row: Row | None) -> str:
        """A difference as "+3 (+1 to +5)", starred where its range leaves out no change."""
        return "-" if row is None else say.change(row)

    def columns(
        self, names: list[str], lines: list[tuple[str, list[str]]], *, repeat: bool = True
    ) -> Iterator[RenderableType]:
        """A table with a column for each scenario, in as many parts as the width asks for.

        With `repeat` the first column, the baseline's, stands in every part.
        """
        headers = [_broken(self.glyphs.text(name), _HEADER_WIDTH) for name in names]
        widths = [
            max(
                *(len(part) for part in headers[place]),
                *(len(cells[place]) for _, cells in lines),
            )
            for place in range(len(names))
        ]
        label = max(len(title) for title, _ in lines)
        label = min(label, self.width - max(widths) - _GAP)
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
        yield from _spaced([table] for table in tables)


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


def _spaced(sections: Iterable[Iterable[RenderableType]]) -> Iterator[RenderableType]:
    """All that is drawn, with an empty line between sections that draw anything."""
    begun = False
    for section in sections:
        drawn = list(section)
        if drawn and begun:
            yield Text("")
        begun = begun or bool(drawn)
        yield from drawn


def _spoken(name: str) -> str:
    return name.replace("_", " ")


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
