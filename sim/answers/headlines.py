"""The headline figures that an answer may be about, each a ratio of sums of outcomes alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sim.errors import InputError
from sim.measures import Count
from sim.scenario.findings import nearest

if TYPE_CHECKING:
    from sim.results.catalogue import Unit

_MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure, counted as what went wrong: more of it is worse.

    Attributes
    ----------
    name
        As --measure calls it.
    top, bottom
        What is counted above and below the line.
    label
        The figure in a few words.
    missing
        True: what is counted above the line went well, so that more of it is better; wrong is the
        rest.
    unit
        Of the figure.
    scale
        What sums are divided by to be in that unit.
    of_a_target
        True: only grades with a target have it.
    """

    name: str
    label: str
    top: Count
    bottom: Count
    missing: bool
    unit: Unit
    scale: float = 1.0
    of_a_target: bool = False


HEADLINES: Final[Mapping[str, Headline]] = {
    one.name: one
    for one in (
        Headline(
            "in-time",
            "in time from the call",
            Count.ARRIVED_FROM_RECEIVED,
            Count.ATTENDANCE_TARGETED,
            missing=True,
            unit="share",
            of_a_target=True,
        ),
        Headline(
            "in-time-from-grading",
            "in time from grading",
            Count.ARRIVED_FROM_GRADED,
            Count.ATTENDANCE_TARGETED,
            missing=True,
            unit="share",
            of_a_target=True,
        ),
        Headline(
            "over-1h", "over an hour", Count.OVER_60, Count.NEEDED, missing=False, unit="share"
        ),
        Headline(
            "over-10h", "over ten hours", Count.OVER_600, Count.NEEDED, missing=False, unit="share"
        ),
        Headline(
            "unattended",
            "minutes with nobody there",
            Count.DELAY_SECONDS,
            Count.NEEDED,
            missing=False,
            unit="minutes",
            scale=_MINUTE,
        ),
        Headline(
            "child-seen",
            "minutes until the child is seen",
            Count.SEEN_SECONDS,
            Count.NEEDED,
            missing=False,
            unit="minutes",
            scale=_MINUTE,
        ),
    )
}
"""By name: reached in time (misses), over an hour, over ten hours, and minutes on average."""


def headline(name: str) -> Headline:
    """The headline of a name.

    Raises
    ------
    InputError
        If there is none; the nearest one is in it.
    """
    found = HEADLINES.get(name)
    if found is None:
        raise InputError(
            "there is no headline of this name",
            path="--measure",
            found=name,
            allowed=", ".join(HEADLINES),
            suggestion=nearest(name, HEADLINES),
        )
    return found
