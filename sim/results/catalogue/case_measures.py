"""The records of measures of cases: what many of them have in common."""

from __future__ import annotations

from typing import Final, Literal

from sim.measures import CaseCount, Span
from sim.results.catalogue.measure import Key, Measure, Sums, Unit

CUTS: Final[tuple[Key, ...]] = ("stream", "risk", "care", "area", "hours")
STAGED: Final[tuple[Key, ...]] = (*CUTS, "stage")


def ratio(
    name: str,
    unit: Unit,
    short: str,
    long: str,
    meaning: str,
    top: CaseCount,
    bottom: CaseCount,
    *,
    where_on: bool = False,
) -> Measure:
    """One tally of cases over another."""
    return Measure(
        name=name,
        about="cases",
        unit=unit,
        short=short,
        long=long,
        meaning=meaning,
        keys=CUTS,
        sums=(Sums(top, bottom),),
        where_on=where_on,
    )


def weekly(name: str, short: str, long: str, meaning: str) -> Measure:
    """Hours a week of all cases."""
    return Measure(
        name=name,
        about="cases",
        unit="hours",
        short=short,
        long=long,
        meaning=meaning,
        keys=CUTS,
    )


def lengths(
    name: str,
    spans: tuple[tuple[Span, str | None], ...],
    words: str,
    meanings: tuple[str, str, str],
    *,
    followed: bool = False,
    better: Literal["less"] | None = None,
) -> tuple[Measure, Measure, Measure]:
    """Mean, median and nine-in-ten of a length of time, in hours."""
    keys = CUTS if spans[0][1] is None else STAGED
    mean, half, most = (
        Measure(
            name=f"{name}_{figure}",
            about="cases",
            unit="hours",
            short=f"{words}, {short}",
            long=f"{words}, {long}",
            meaning=meaning,
            keys=keys,
            spans=spans,
            quantile=quantile,
            followed=followed,
            better=better,
        )
        for figure, short, long, meaning, quantile in zip(
            ("mean", "p50", "p90"),
            ("mean h", "half within, h", "9 in 10, h"),
            ("mean hours", "half within, hours", "9 in 10 within, hours"),
            meanings,
            (None, 0.5, 0.9),
            strict=True,
        )
    )
    return mean, half, most
