"""The mapping file: which column of a force's export holds what, and what its values mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from os import PathLike
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from sim.force_log.mapping_files import Loaded, Named, checked, read_mapping, refuse_unmatched
from sim.force_log.words import STAMPS, Origin, Stamp, StreamName
from sim.scenario.demand import RiskName
from sim.scenario.fields import Fault, Model, Name, NotNegative, Whole
from sim.scenario.models import Target

FORMAT: Final = 1
LABELS: Final = ("priority", "kind", "area", "origin", "risk", "unit", "incident")
"""Roles of columns that hold labels rather than times."""

_HALVES: Final = 2
_DIRECTIVE: Final = re.compile(r"%(?:\.\d?f|\d?f|#z|:z|.)")
_KNOWN_DIRECTIVES: Final = frozenset((
    "%Y", "%y", "%m", "%b", "%B", "%d", "%e", "%H", "%I", "%p", "%M", "%S", "%f",
    "%.f", "%3f", "%.3f", "%6f", "%.6f", "%F", "%T", "%R", "%z", "%:z", "%#z", "%Z", "%a", "%A",
))  # fmt: skip
_DATED: Final = ({"%Y", "%y", "%F"}, {"%m", "%b", "%B", "%F"}, {"%d", "%e", "%F"})
_TIMED: Final = {"%H", "%I", "%T", "%R"}
_TO_THE_MINUTE: Final = {"%M", "%T", "%R"}

COUNTED: Final = (
    "epoch seconds", "epoch milliseconds", "Excel days", "local epoch seconds",
    "local epoch milliseconds",
)  # fmt: skip
"""Times written as a number: since 1970 began in UTC, or local days since 30 December 1899.

Some systems count from 1970 as if local time were UTC; that is what ``local`` says.
"""

_ELSEWHERE: Final = (
    ("YYYY|yyyy", "%Y"), ("YY|yy", "%y"), ("MMM|Mon", "%b"), ("DD?|dd?", "%d"),
    ("(?<=:)MM|mm|MI|mi|nn", "%M"), ("MM?", "%m"),
    ("HH(?:24)?|H", "%H"), ("hh(?:12)?|h", "%I"), ("SS|ss", "%S"), (r"\b(?:AM|am|tt|a)\b", "%p"),
)  # fmt: skip
"""Letters that other programs write a format with, the first that fits."""
_ENCODINGS: Final = ("utf-8", "utf-16", "windows-1252", "iso-8859-1", "iso-8859-15")

NOTHING: Final = (
    "", "NULL", "(null)", "<null>", r"\N", "None", "N/A", "#N/A", "NA", "NaN", "NaT", "nil", "-",
    "--",
)  # fmt: skip
"""What stands in an export's empty cells, unless its mapping says otherwise."""

Column = Annotated[str, Field(min_length=1)]
DateAndTime = list[Column]
"""Two columns of one time: its date, and its time of day."""
Label = Annotated[str, Field(min_length=1)]


class Lapse(Model):
    """A time that the log tells as a length after another."""

    lasted: Column = Field(description="The column of lengths.")
    after: Stamp = Field(description="The time from which they run.")
    unit: Literal["seconds", "minutes", "hours", "clock"] = Field(
        description='"clock": written as h:mm or h:mm:ss.'
    )


class StepLabels(Model):
    """A time that stands in a row of its own, in a log of status changes; see `Steps`."""

    step: Annotated[list[Label], Field(min_length=1)] = Field(
        description="The labels of the status that begins at this time."
    )


class Steps(Model):
    """Where a log has a row for each change of status: its columns of status and of time."""

    column: Column
    time: Column | DateAndTime

    @field_validator("time")
    @classmethod
    def _one_or_two(cls, said: Any) -> Any:  # noqa: ANN401
        return ensure_halves(said)


def ensure_halves(said: Any) -> Any:  # noqa: ANN401
    """Return what tells a time; a list of other than two columns is refused."""
    if isinstance(said, list) and len(said) != _HALVES:
        raise Fault(
            f"a time stands in one column or in two, and not in {len(said)}",
            allowed='"its column", or ["its date", "its time of day"]',
        )
    return said


def _way_of(said: object) -> str | None:
    """Which way of telling a time is meant, so that a fault is told of that way only."""
    if isinstance(said, str):
        return "one column"
    if isinstance(said, list):
        return "two columns"
    if isinstance(said, StepLabels) or (isinstance(said, Mapping) and "step" in said):
        return "a status"
    return "a length" if isinstance(said, Lapse | Mapping) else None


Told = Annotated[
    Annotated[Column, Tag("one column")]
    | Annotated[DateAndTime, Tag("two columns")]
    | Annotated[Lapse, Tag("a length")]
    | Annotated[StepLabels, Tag("a status")],
    Discriminator(_way_of),
]
"""How a log tells a time."""


class LogFile(Model):
    """How the export is written."""

    time_zone: str = Field(description='Where the clocks stood, such as "Europe/London".')
    clock: Literal["local", "utc"] = Field(
        default="local", description="What stamps without a zone of their own are written in."
    )
    date_formats: list[str] = Field(
        default=[],
        description='Tried in this order, such as "%d/%m/%Y %H:%M:%S" or "epoch seconds"; none: '
        "ISO 8601.",
    )
    separator: Literal[",", ";", "\t", "|"] = ","
    encoding: Literal["utf-8", "utf-16", "windows-1252", "iso-8859-1", "iso-8859-15"] = "utf-8"
    empty: list[str] = Field(
        default=list(NOTHING), description="What means nothing, whatever its capitals."
    )
    tolerance_seconds: NotNegative = Field(
        default=60.0, description="Clocks that differ by less are set equal; by more, distrusted."
    )
    codes: list[Column] = Field(
        default=[],
        description="Columns of codes that look like names or addresses, such as districts called "
        "after people; read where each label is shared by many incidents.",
    )
    first_day: date | None = Field(default=None, description="Incidents received before are left.")
    last_day: date | None = Field(default=None, description="Incidents received after are left.")

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        import polars as pl
        from polars.exceptions import PolarsError

        try:
            pl.Series([None], dtype=pl.Datetime("us")).dt.replace_time_zone(zone)
        except PolarsError:
            raise Fault(
                "this time zone is not known",
                allowed='a name such as "Europe/London"',
            ) from None
        return zone

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise Fault(f"this lies before first_day ({self.first_day})", "last_day")
        return self

    @model_validator(mode="after")
    def _formats(self) -> Self:
        day_first = month_first = None
        for place, text in enumerate(self.date_formats):
            if text in COUNTED:
                continue
            parts = check_date_format(text, place)
            day, month = (_place(parts, ("%d", "%e")), _place(parts, ("%m",)))
            if day is not None and month is not None and parts[0] not in {"%Y", "%F"}:
                day_first = text if day < month else day_first
                month_first = text if month < day else month_first
        if day_first and month_first:
            raise Fault(
                f'"{day_first}" and "{month_first}" cannot be told apart: 03/04 is in both',
                "date_formats",
                allowed="one of the two; ask who made the export which",
            )
        return self


class Columns(Model):
    """Names of the log's columns, as its header has them; nothing else is read.

    A time may stand in two columns: ``["its date", "its time of day"]``. It may be a length after
    another time: ``{ lasted = "its column", after = "received", unit = "seconds" }``. In a log with
    a row for each change of status it has labels: ``{ step = ["DISPATCHED"] }``.
    """

    received: Told = Field(description="When the report reached the control room.")
    priority: Column = Field(description="The grade that the control room gave.")
    answered: Told | None = None
    graded: Told | None = Field(default=None, description="When the grade was set.")
    ratified: Told | None = Field(default=None, description="When a supervisor confirmed it.")
    assigned: Told | None = Field(default=None, description="First unit allocated.")
    travelling: Told | None = None
    arrived: Told | None = Field(default=None, description="First unit at the address.")
    cleared: Told | None = Field(default=None, description="That unit left.")
    closed: Told | None = None
    kind: Column | None = None
    area: Column | None = None
    origin: Column | None = None
    risk: Column | None = None
    unit: Column | None = Field(
        default=None, description="The unit sent. Numbered on reading; no call sign is kept."
    )
    incident: Column | None = Field(
        default=None, description="Only to find repeated rows; not kept."
    )

    @field_validator(*STAMPS)
    @classmethod
    def _one_or_two(cls, said: Any) -> Any:  # noqa: ANN401
        return ensure_halves(said)

    @model_validator(mode="after")
    def _each_its_own(self) -> Self:
        first: dict[tuple[str, ...], Stamp] = {}
        for stamp, parts in self.stamps().items():
            if parts in first:
                raise Fault(
                    f"columns.{first[parts]} is this column too",
                    stamp,
                    allowed="a column of its own, or no line where the log has none",
                )
            first[parts] = stamp
        for stamp, lapse in self.lapses().items():
            if stamp == "received":
                raise Fault(
                    "all other times come after it, so it is told by itself",
                    stamp,
                    allowed='"its column", or ["its date", "its time of day"]',
                )
            if lapse.after not in self.stamps() or STAMPS.index(lapse.after) >= STAMPS.index(stamp):
                raise Fault(
                    "there is no such time for this one to come after",
                    stamp,
                    "after",
                    allowed="a time that has a line in [columns] and comes before this one",
                )
        return self

    def stamps(self) -> dict[Stamp, tuple[str, ...]]:
        """What each time is read from, in their expected order.

        Its column, its columns of date and of time, its column of lengths, or the labels of its
        status.
        """
        return {stamp: _read_from(said) for stamp, said in self._told().items()}

    def moments(self) -> dict[Stamp, tuple[str, ...]]:
        """The times that stand in the log as such, and their one or two columns."""
        told = self._told().items()
        return {stamp: _read_from(said) for stamp, said in told if isinstance(said, str | list)}

    def lapses(self) -> dict[Stamp, Lapse]:
        """The times that are told as lengths after others."""
        return {stamp: said for stamp, said in self._told().items() if isinstance(said, Lapse)}

    def steps(self) -> dict[Stamp, list[Label]]:
        """The times that have rows of their own, and the labels of their status."""
        told = self._told().items()
        return {stamp: said.step for stamp, said in told if isinstance(said, StepLabels)}

    def _told(self) -> dict[Stamp, Any]:
        found = {stamp: getattr(self, stamp) for stamp in STAMPS}
        return {stamp: said for stamp, said in found.items() if said is not None}

    def labels(self) -> dict[str, str]:
        """The columns of labels, by role."""
        return {role: column for role in LABELS if (column := getattr(self, role)) is not None}


def _read_from(said: Any) -> tuple[str, ...]:  # noqa: ANN401
    if isinstance(said, Lapse):
        return (said.lasted,)
    if isinstance(said, StepLabels):
        return tuple(said.step)
    return (said,) if isinstance(said, str) else tuple(said)


class Selection(Model):
    """Rows to keep or to drop, by the labels of one column."""

    column: Column
    values: Annotated[list[Label], Field(min_length=1)] = Field(
        description="Labels; * stands for any letters and ? for one."
    )
    why: str = Field(description="The reason, as it is told in the report of faults.")


_TABLES: Final = {"kind": "kinds", "origin": "origins", "risk": "risks", "area": "areas"}


class LogMapping(Model):
    """What a mapping file says, checked and complete.

    Labels are compared without regard to capitals; ``*`` stands for any letters and ``?`` for
    one. Of several that fit, the first counts.
    """

    format: Literal[1]
    title: str
    about: str = ""
    public_at_once: list[Whole] = Field(
        default=[],
        description="Grades of which jobs assigned within seconds of receipt are the public's, and "
        "not work that officers began themselves.",
    )
    file: LogFile
    columns: Columns
    steps: Steps | None = None
    grades: Annotated[dict[Label, Whole], Field(min_length=1)]
    kinds: dict[Label, StreamName] = Field(default={})
    origins: dict[Label, Origin] = Field(default={})
    risks: dict[Label, RiskName] = Field(default={})
    areas: dict[Label, Name] = Field(default={}, max_length=400)
    keep: list[Selection] = Field(default=[])
    drop: list[Selection] = Field(default=[])
    targets: dict[Name, Target] = Field(default={})

    @model_validator(mode="after")
    def _steps_are_whole(self) -> Self:
        by_step = self.columns.steps()
        if by_step and self.steps is None:
            raise Fault(
                f"columns.{next(iter(by_step))} is a status, and nothing says where it stands",
                "steps",
                allowed='a table [steps]: column = "its column", time = "the column of its time"',
            )
        if self.steps is None:
            return self
        others = [*self.columns.moments(), *self.columns.lapses()]
        if others:
            raise Fault(
                "a log with a row for each change of status has its times there, and no others",
                "columns",
                others[0],
                allowed='{ step = ["its label"] }',
            )
        if self.columns.incident is None:
            raise Fault(
                "rows of status changes are put together by the number of their incident",
                "columns",
                "incident",
                allowed="the name of a column in quotes",
            )
        return self

    @model_validator(mode="after")
    def _columns_have_meanings(self) -> Self:
        refuse_unmatched(self, self.columns, _TABLES, where="columns", of="log")
        return self


LoadedMapping: TypeAlias = Loaded[LogMapping]


def load_mapping(path: str | PathLike[str]) -> LoadedMapping:
    """Read a mapping file and check it.

    Raises
    ------
    sim.errors.ScenarioErrors
        With every fault at once; a column whose name says that it identifies people is one.
    """
    return read_mapping(path, "log", LogMapping, _columns_named)


def mapping_from(data: Mapping[str, object], file: str) -> LogMapping:
    """Check what a mapping file holds.

    Raises
    ------
    sim.errors.ScenarioErrors
        As for `load_mapping`.
    """
    return checked(data, file, LogMapping, _columns_named)


def _columns_named(data: Mapping[str, object]) -> list[Named]:
    named: list[Named] = []
    columns = data.get("columns")
    if isinstance(columns, Mapping):
        for role, told in columns.items():
            said = told.get("lasted") if isinstance(told, Mapping) else told
            names = list(enumerate(said)) if isinstance(said, list) else [(None, said)]
            for place, name in names:
                path: tuple[str | int, ...] = ("columns", str(role))
                path = path if place is None else (*path, place)
                named.append((path, str(role), name))
    steps = data.get("steps")
    if isinstance(steps, Mapping):
        time = steps.get("time")
        named.append((("steps", "column"), "kind", steps.get("column")))
        named += [(("steps", "time"), "received", one)
                  for one in (time if isinstance(time, list) else [time])]  # fmt: skip
    for table in ("keep", "drop"):
        rules = data.get(table)
        for place, rule in enumerate(rules if isinstance(rules, list) else ()):
            if isinstance(rule, Mapping):
                named.append(((table, place, "column"), "kind", rule.get("column")))
    return named


def check_date_format(text: str, place: int) -> list[str]:
    """Return the marks of a date format; one that is none is refused, with how it is written."""
    parts = _DIRECTIVE.findall(text)
    at = ("date_formats", place)
    unknown = [part for part in parts if part not in _KNOWN_DIRECTIVES]
    if unknown:
        raise Fault(
            f"{unknown[0]} is not known in a date format",
            *at,
            allowed="%Y year, %m month, %d day, %H hour, %M minute, %S second, %.f part, "
            "%I %p hour of twelve with AM or PM, %z offset",
        )
    has = set(parts)
    if not parts:
        guess = _translated(text)
        shown = f'"{guess}", it seems' if guess != text else 'such as "%d/%m/%Y %H:%M:%S"'
        numbers = ", ".join(f'"{one}"' for one in COUNTED)
        raise Fault(
            "this is no date format: its parts are marked with %",
            *at,
            allowed=f"{shown}; for numbers one of {numbers}",
        )
    if not all(needed & has for needed in _DATED) or not _TIMED & has:
        raise Fault(
            "this format lacks a year, a month, a day or an hour",
            *at,
            allowed='a date with its time of day, such as "%d/%m/%Y %H:%M:%S"; where they stand in '
            'two columns, received = ["its date", "its time"]',
        )
    if not _TO_THE_MINUTE & has:
        raise Fault("this format lacks minutes", *at, allowed=f'"{text}:%M"')
    if ("%I" in has) != ("%p" in has):
        raise Fault(
            "%I, an hour of twelve, needs %p, AM or PM, and the other way round",
            *at,
            allowed='"... %I:%M:%S %p", or %H for an hour of twenty-four',
        )
    return parts


def _translated(text: str) -> str:
    """A format as other programs write it, such as DD/MM/YYYY HH:mm, in the marks used here."""
    letters = "|".join(f"({pattern})" for pattern, _ in _ELSEWHERE)
    return re.sub(letters, lambda found: _ELSEWHERE[(found.lastindex or 1) - 1][1], text)


def _place(parts: list[str], wanted: tuple[str, ...]) -> int | None:
    return next((place for place, part in enumerate(parts) if part in wanted), None)
