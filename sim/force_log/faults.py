"""What is wrong with a log: what, where, how many, and what was done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

FaultCode: TypeAlias = Literal[
    "encoding",
    "title_lines",
    "broken_rows",
    "repeated_rows",
    "folded_rows",
    "folded_apart",
    "shared_receipts",
    "unread_times",
    "mixed_formats",
    "placeholder_times",
    "far_times",
    "ambiguous_times",
    "impossible_times",
    "past_midnight",
    "hour_24",
    "zone_marks",
    "two_readings",
    "one_clock_time",
    "coarse_times",
    "shifted_clock",
    "same_times",
    "made_of_lengths",
    "assigned_at_once",
    "no_missing_child",
    "grades_about",
    "not_received",
    "before_report",
    "clock_order",
    "clocks_apart",
    "missing_times",
    "nobody_sent",
    "unmapped_priority",
    "unmapped_kind",
    "unmapped_area",
    "unmapped_origin",
    "unmapped_risk",
    "blank_labels",
    "no_call_signs",
    "dropped",
    "outside_period",
    "officer_initiated",
    "recording_change",
    "joined_little",
    "joined_apart",
    "joined_rows",
    "joined_cases",
    "unmapped_case",
    "many_areas",
    "silence",
]


@dataclass(frozen=True, slots=True)
class LogFault:
    """One kind of fault.

    Attributes
    ----------
    code
        Its lasting name.
    what
        What it is, as a clause.
    where
        The columns, or the weeks.
    count, of
        Rows (or values) that have it, and those that were looked at.
    done
        What was done about it.
    line
        The first line of the file that has it, 1 for the header; None where rows have no lines
        or were put together. For the screen of those who hold the log: never written.
    examples
        Labels that at least five rows share, or the shape of a value, so that the mapping can be
        mended. For the same screen: never written.
    """

    code: FaultCode
    what: str
    where: str
    count: int
    of: int
    done: str
    line: int | None = None
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Faults:
    """All that was found in a log, the gravest first."""

    found: tuple[LogFault, ...] = ()

    def of(self, code: FaultCode) -> tuple[LogFault, ...]:
        """The faults of one kind."""
        return tuple(fault for fault in self.found if fault.code == code)

    def count(self, code: FaultCode) -> int:
        """How many rows or values have faults of one kind."""
        return sum(fault.count for fault in self.of(code))
