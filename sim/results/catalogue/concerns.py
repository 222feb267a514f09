"""Measures of welfare concerns that are followed until the child is seen."""

from __future__ import annotations

from typing import Final

from sim.measures import ConcernCount
from sim.results.catalogue.measure import Key, Measure, Sums, Unit

_DAY: Final = 24 * 60
_KEYS: Final[tuple[Key, ...]] = ("stream",)

CONCERN_MINUTES: Final = (_DAY, 3 * _DAY, 7 * _DAY, 13 * _DAY)
"""Since the report; the last is the delay of the case in the Dorset review of 2022."""


def _ratio(
    name: str, unit: Unit, short: str, long: str, meaning: str, top: ConcernCount
) -> Measure:
    return Measure(
        name=name,
        about="concerns",
        unit=unit,
        short=short,
        long=long,
        meaning=meaning,
        keys=_KEYS,
        sums=(Sums(top, ConcernCount.CONCERNS),),
    )


OF_THE_LATER: Final = frozenset({"concern_seen_later_p50", "concern_seen_later_p90"})
"""Measures of those alone whose child was not seen at the first attendance."""


def _half(
    figure: str, short: str, long: str, share: str, quantile: float, *, later: bool = False
) -> Measure:
    whose = "those not seen at the first attendance" if later else "these children"
    return Measure(
        name=f"concern_seen_{'later' if later else 'after'}_{figure}",
        about="concerns",
        unit="hours",
        short=f"{'Not at first' if later else 'Until seen'}, {short}",
        long=f"{'Until seen, of those not seen at first' if later else 'Until seen'}, {long}",
        meaning=(
            f"Hours from the report within which {share} of {whose} are seen, by how long each "
            "concern was followed (Kaplan and Meier); one that is left open counts as not seen "
            "until the end of follow-up."
        ),
        keys=_KEYS,
        quantile=quantile,
        followed=True,
        better="less",
    )


CONCERNS: Final = (
    _ratio(
        "concern_seen_first",
        "share",
        "Seen at first visit",
        "Seen and spoken to at the first attendance",
        (
            "Share of welfare concerns whose child is seen and spoken to at the first attendance. "
            "A concern: officers were to be sent."
        ),
        ConcernCount.SEEN_FIRST,
    ),
    _ratio(
        "concern_seen",
        "share",
        "Child seen",
        "Child seen and spoken to",
        (
            "Share of welfare concerns whose child is seen and spoken to by the end of follow-up, "
            "at the first attendance or at a re-visit."
        ),
        ConcernCount.SEEN,
    ),
    Measure(
        name="concern_seen_within",
        about="concerns",
        unit="share",
        short="Child seen within {minutes}",
        long="Child seen within {minutes} of the report",
        meaning=(
            "Share of welfare concerns whose child is seen within so many minutes of the report; "
            "told only where every concern was followed as long."
        ),
        keys=(*_KEYS, "minutes"),
        better="more",
    ),
    _half("p50", "half within, h", "half within, hours", "half", 0.5),
    _half("p90", "9 in 10, h", "9 in 10 within, hours", "nine in ten", 0.9),
    _half("p50", "half within, h", "half within, hours", "half", 0.5, later=True),
    _half("p90", "9 in 10, h", "9 in 10 within, hours", "nine in ten", 0.9, later=True),
    _ratio(
        "revisits_per_concern",
        "times",
        "Re-visits a concern",
        "Re-visits a concern",
        "Mean number of re-visits that were complete by the end of follow-up.",
        ConcernCount.REVISITS,
    ),
    _ratio(
        "revisit_officer_hours",
        "hours",
        "Officer-hours of re-visits",
        "Officer-hours of re-visits a concern",
        (
            "Mean hours that units spend on the re-visits of a welfare concern, on the way and "
            "there, times the officers in each."
        ),
        ConcernCount.REVISIT_OFFICER_SECONDS,
    ),
)
