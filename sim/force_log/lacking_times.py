"""Times that incidents lack: not needed, since nobody was sent, or missing.

A time that was there and is not to be trusted is neither: what was wrong with it is told where it
was emptied (`sim.force_log.moment_order`), and it is not counted here once more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

import polars as pl

from sim.force_log.faults import LogFault
from sim.force_log.source import LINE
from sim.force_log.words import STAMPS, Stamp

_OF_WHO_IS_SENT: Final[tuple[Stamp, ...]] = ("assigned", "travelling", "arrived", "cleared")
_ONCE_SENT: Final = (*_OF_WHO_IS_SENT, "closed")
_RATIFIED: Final = ("missing_child", "missing_adult")
_NUMBER: Final = pl.coalesce("incident", -1 - pl.col(LINE).cast(pl.Int64)).alias("number")


def known_times(frame: pl.DataFrame) -> pl.DataFrame:
    """Which times incidents have before any is emptied.

    Parameters
    ----------
    frame
        `LINE`, ``incident`` and the moments of all stamps: shape (rows,).

    Returns
    -------
    polars.DataFrame
        ``number``, and for each stamp whether a row of the incident has it: shape (incidents,).
    """
    return (
        frame.select(_NUMBER, pl.col(STAMPS).is_not_null()).group_by("number").agg(pl.all().any())
    )


def lacking_times(
    incidents: pl.DataFrame, known: pl.DataFrame, stamps: Collection[Stamp]
) -> Iterator[LogFault]:
    """Tell of incidents to which nobody was sent, and of times that are missing.

    Parameters
    ----------
    incidents
        `LINE`, ``incident``, ``stream``, ``officer_initiated`` and the moments of all stamps:
        shape (incidents,).
    known
        As `known_times` returns it.
    stamps
        Those that the log has.
    """
    public = incidents.filter(~pl.col("officer_initiated"))
    written = public.select(_NUMBER).join(known, on="number", how="left", maintain_order="left")
    sent_by = [stamp for stamp in _OF_WHO_IS_SENT if stamp in stamps]
    # Where one such column is all there is, an empty cell may as well be one not filled in.
    told = len(sent_by) > 1
    somebody = written.select(
        pl.any_horizontal(sent_by) if told else pl.repeat(value=True, n=pl.len())
    ).to_series()
    nobody = public.height - int(somebody.sum())
    if nobody:
        yield LogFault(
            "nobody_sent",
            "incidents from the public to which nobody was sent, as all these times are empty",
            ", ".join(sent_by),
            nobody,
            public.height,
            "no fault: these times are not needed of them",
        )
    of_missing = public["stream"].is_in(_RATIFIED)
    for stamp in stamps:
        needed = {"ratified": of_missing, **dict.fromkeys(_ONCE_SENT, somebody)}.get(stamp)
        lacks = ~written[stamp] if needed is None else ~written[stamp] & needed
        count = int(lacks.sum())
        if count:
            yield LogFault(
                "missing_times",
                _WHOSE.get(stamp, "incidents from the public without this time"),
                stamp,
                count,
                public.height if needed is None else int(needed.sum()),
                "counted where this time is not needed",
            )


_WHOSE: Final = {
    "ratified": "jobs about missing people without this time",
    **dict.fromkeys(
        _ONCE_SENT, "incidents from the public without this time, though somebody was sent"
    ),
}
