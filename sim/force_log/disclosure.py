"""What may leave: no row, no identifier, no count under five, none to be had by subtraction.

Every figure of a diagnosis passes through here when it is made; there is no other form of it.
Four rules hold together:

1. A count from 1 to 4 is withheld. So is a share with fewer than five cases on either side of
   it, and a quantile with fewer than five cases beyond it.
2. Of a table with a known total more cells are withheld, the smallest first: a count cannot be
   pinned down by subtracting the others, not even by who knows this rule, and of a share's events
   a range of five or more remains.
3. Counts are rounded to the nearest five, so that two tables over nearly the same incidents
   cannot be subtracted from each other.
4. Minutes and shares are rounded, more coarsely where cases are few, so that a figure is no
   incident's own and gives no exact count away.

Words are taken from fixed lists and from the mapping, which the force writes; none from the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from sim.force_log.faults import LogFault

LEAST: Final = 5
"""The smallest count that leaves."""

_MANY: Final = 100

Unit: TypeAlias = Literal["share", "minutes", "ratio", "jobs", "p"]


@dataclass(frozen=True, slots=True)
class LogFigure:
    """One figure about a log, fit to leave.

    Attributes
    ----------
    measure
        What it is, such as ``delay_p50``.
    stage
        From which moment to which, such as ``received_to_arrived``; None where there is none.
    stream, grade, risk, area, hour
        The incidents that it is about; None: all. The hour is that of receipt, 0 to 23.
    value, low, high
        The figure and its limits in `unit`; None where withheld or not to be estimated.
    n
        Cases behind it, to the nearest five; None where there are fewer than five, or where such
        could be worked out from it.
    withheld
        Whether disclosure control keeps the value back.
    hours
        A span of the day, such as ``23-07`` or ``06:45-07:15``; None: the whole day, or `hour`.
    """

    measure: str
    stage: str | None
    stream: str | None
    grade: int | None
    risk: str | None
    area: str | None
    hour: int | None
    value: float | None
    low: float | None
    high: float | None
    unit: Unit
    n: int | None
    withheld: bool = False
    hours: str | None = None


def rounded(count: int) -> int | None:
    """Return a count to the nearest five; None from 1 to 4; 0 stays 0."""
    if 0 < count < LEAST:
        return None
    return int(LEAST * ((count + LEAST // 2) // LEAST))


def withheld_cells(counts: Sequence[int]) -> list[bool]:
    """Choose which cells of a row of counts to withhold, its total being known.

    Parameters
    ----------
    counts
        Shape (cells,): exact counts of a partition. A 0 is no one's and stays.

    Returns
    -------
    list of bool
        True where the count is withheld: 1 to 4, and with them the smallest others, so
        that the sum of those withheld leaves each at least five values to choose from. Where all
        non-zero cells are withheld the table is not to be shown at all.
    """
    withheld = [0 < count < LEAST for count in counts]
    if any(withheld):
        # Always one of five or more, and all that equal it: who knows this rule would else see
        # from two cells that sum to 8 that both are 4, or tell them apart by their order.
        smallest = min((count for count in counts if count >= LEAST), default=0)
        withheld = [
            hide or (count == smallest and count > 0)
            for hide, count in zip(withheld, counts, strict=True)
        ]
    return withheld


def withheld_shares(events: Sequence[int], cases: Sequence[int]) -> list[bool]:
    """Choose which shares of a row of cells to withhold, the row's own share being known.

    Parameters
    ----------
    events, cases
        Shape (cells,): exact counts; an event is one of its cases.

    Returns
    -------
    list of bool
        True where there are fewer than five events or fewer than five other cases, and for
        enough others that the events of each such cell keep a range of five or more. All, where
        that cannot be had.
    """
    cells = list(zip(events, cases, strict=True))
    primary = [n > 0 and (e < LEAST or n - e < LEAST) for e, n in cells]
    if not any(primary):
        return primary
    withheld = list(primary)
    others = {n for (_, n), hide in zip(cells, primary, strict=True) if n > 0 and not hide}
    for size in sorted(others):
        # At least one, and its equals with it, as in `withheld_cells`.
        withheld = [
            hide or (n == size and n > 0) for hide, (_, n) in zip(withheld, cells, strict=True)
        ]
        if _ranges_hold(cells, withheld, primary):
            return withheld
    return [n > 0 for _, n in cells]


def _ranges_hold(
    cells: Sequence[tuple[int, int]], withheld: Sequence[bool], primary: Sequence[bool]
) -> bool:
    """Whether, the withheld events' sum being known, each primary cell's could be many numbers."""
    held = [cell for cell, hidden in zip(cells, withheld, strict=True) if hidden]
    if len(held) < 2:
        return False
    events, cases = sum(e for e, _ in held), sum(n for _, n in held)
    for (_, n), first in zip(cells, primary, strict=True):
        if first:
            low, high = max(0, events - (cases - n)), min(n, events)
            if high - low < min(LEAST, n):
                return False
    return True


def quantile_may_leave(level: float, cases: int) -> bool:
    """Whether a quantile has five cases on either side."""
    return min(level, 1 - level) * cases >= LEAST - 1e-9


def rounded_minutes(minutes: float, cases: int) -> float:
    """Round minutes: to a tenth with 100 cases or more, else to a half."""
    return round(minutes, 1) if cases >= _MANY else round(2 * minutes) / 2


def rounded_share(share: float, cases: int) -> float:
    """Round a share: to a thousandth with 400 cases or more, else to a hundredth.

    More would give away the exact number of cases, and with it what rounding counts protects.
    """
    return round(share, 3) if cases >= 4 * _MANY else round(share, 2)


def released_faults(faults: Iterable[LogFault]) -> list[dict[str, object]]:
    """Return faults as rows that may be written: counts rounded, no place and no example."""
    return [
        {
            "code": fault.code,
            "what": fault.what,
            "where": fault.where,
            "count": rounded(fault.count),
            "of": rounded(fault.of),
            "done": fault.done,
        }
        for fault in faults
    ]
