"""A log of which nothing sound is left, refused with the reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import polars as pl

from sim.errors import InputError
from sim.force_log.faults import LogFault

_EMPTYING: Final = (
    "before_report", "clock_order", "unread_times", "placeholder_times", "far_times",
    "unmapped_priority",
)  # fmt: skip
_LEAVING: Final = (
    "broken_rows", "unread_times", "placeholder_times", "dropped", "not_received", "outside_period",
)  # fmt: skip
_MOST_TOLD: Final = 4


def check_left(
    frame: pl.DataFrame,
    rows: int,
    faults: Iterable[LogFault],
    path: Path,
    allowed: Callable[[], str],
) -> None:
    """Refuse a log of which no row is left, and say what became of them."""
    if frame.height:
        return
    # Of times that were not read those of receipt are enough to say why nothing is left.
    told = [fault for fault in faults if fault.code in _LEAVING]
    why = "; ".join(
        f"{fault.where}: {fault.count:,} {fault.what}{_such_as(fault)}, {fault.done}"
        for fault in told[:_MOST_TOLD]
    )
    raise InputError(
        f"nothing sound is left of {rows:,} rows ({why})",
        file=path.as_posix(),
        allowed=allowed(),
    )


def _such_as(fault: LogFault) -> str:
    """The shape of times that no format fits: every figure a 9, every letter an A."""
    return f' (such as "{fault.examples[0]}")' if fault.code == "unread_times" else ""


def check_measurable(incidents: pl.DataFrame, faults: Iterable[LogFault], path: Path) -> None:
    """Refuse a log in which no delay can be measured, and say why."""
    graded = incidents.filter(~pl.col("officer_initiated") & pl.col("grade").is_not_null())
    sound = graded.filter(pl.col("assigned").is_not_null() | pl.col("arrived").is_not_null())
    if not sound.height:
        why = "".join(
            f"; {fault.where}: {fault.count:,} {fault.what}, {fault.done}"
            for fault in faults
            if fault.code in _EMPTYING
        )
        raise InputError(
            f"no delay can be measured: none of {incidents.height:,} incidents from the public has "
            f"a grade and a time of allocation or of arrival{why}",
            file=path.as_posix(),
            allowed="columns.assigned or columns.arrived, and [grades], that fit the log; where it "
            'has lengths in place of times, arrived = { lasted = "its column", after = "received", '
            'unit = "minutes" }',
        )
