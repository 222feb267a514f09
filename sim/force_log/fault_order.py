"""The order in which faults of a log are told."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from sim.force_log.faults import FaultCode, Faults, LogFault

_GRAVE_SHARE: Final = 0.05
_FIRST: Final[tuple[FaultCode, ...]] = (
    "zone_marks", "two_readings", "one_clock_time", "shifted_clock", "shared_receipts",
    "coarse_times", "same_times", "folded_apart", "made_of_lengths", "no_missing_child",
    "grades_about", "assigned_at_once", "joined_little",
)  # fmt: skip
"""These may make every figure another one."""

_GRAVITY: Final[tuple[FaultCode, ...]] = (
    *_FIRST,
    "encoding", "broken_rows", "unread_times", "mixed_formats",
    "placeholder_times", "far_times", "ambiguous_times", "impossible_times", "past_midnight",
    "not_received", "before_report", "clock_order", "unmapped_priority", "unmapped_area",
    "unmapped_origin", "unmapped_risk", "unmapped_kind", "blank_labels", "no_call_signs",
    "unmapped_case", "many_areas",
    "joined_apart", "joined_rows", "recording_change", "silence", "repeated_rows", "folded_rows",
    "clocks_apart", "missing_times", "officer_initiated", "dropped", "outside_period",
    "title_lines", "hour_24", "joined_cases", "nobody_sent",
)  # fmt: skip
_GRAVE_IF_MANY: Final[Mapping[FaultCode, float]] = {
    **dict.fromkeys((
        "unread_times", "far_times", "before_report", "clock_order", "not_received", "broken_rows",
        "unmapped_priority", "unmapped_origin", "blank_labels",
    ), _GRAVE_SHARE),
    # Every second time of day before that of receipt is mostly a length, such as 08:15.
    "past_midnight": 0.3,
}  # fmt: skip
"""These stand first where more than such a share has them: figures of what is left are of others.
"""


def gravity(fault: LogFault) -> tuple[bool, int]:
    """A key to sort faults by: the gravest first."""
    return not _many(fault), _GRAVITY.index(fault.code)


def told_first(faults: Faults) -> tuple[LogFault, ...]:
    """Those that may make every figure another one: whoever takes figures from a log is told."""
    return tuple(fault for fault in faults.found if fault.code in _FIRST or _many(fault))


def _many(fault: LogFault) -> bool:
    return fault.count > _GRAVE_IF_MANY.get(fault.code, math.inf) * fault.of
