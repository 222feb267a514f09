"""Jobs in hand at once, by area and hour: the crews that a search begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from sim.force_log.replaying.work import Work

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]

SHIFTS_BEGIN: Final = (7, 15, 23)
"""Hours at which shifts begin where nothing else is known."""

_CENTILE: Final = 0.98
"""Of jobs in hand: the very busiest minutes are jobs that a log left open."""

_HOURS: Final = 24
_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class InHand:
    """When the jobs of one area began and ended, to be counted at any moment.

    Attributes
    ----------
    begun, ended
        Seconds from midnight of the first day, each in ascending order, shape (n,).
    """

    begun: Ints
    ended: Ints

    def at(self, seconds: Ints) -> Ints:
        """Return the jobs in hand at these moments, those just begun among them."""
        begun = np.searchsorted(self.begun, seconds, "right")
        return np.asarray(begun - np.searchsorted(self.ended, seconds, "right"), dtype=np.int64)

    def before(self, seconds: Ints) -> Ints:
        """Return the jobs in hand just before these moments, those that end then not among them."""
        begun = np.searchsorted(self.begun, seconds, "left")
        return np.asarray(begun - np.searchsorted(self.ended, seconds, "right"), dtype=np.int64)


def in_hand(work: Work) -> dict[str, InHand]:
    """Return the jobs of each area; a log without areas has one, named by the empty word."""
    jobs = allocated(work).with_columns(
        end=pl.col("assigned") + (pl.col("travel") + pl.col("scene")).clip(0)
    )
    return {
        str(area): InHand(
            np.sort(own["assigned"].to_numpy()).astype(np.int64),
            np.sort(own["end"].to_numpy()).astype(np.int64),
        )
        for (area,), own in sorted(jobs.group_by("area"), key=lambda one: str(one[0][0]))
    }


def allocated(work: Work) -> pl.DataFrame:
    """Return the jobs with a time of allocation, with a word for every area."""
    return work.jobs.drop_nulls(["graded", "assigned"]).with_columns(
        area=pl.col("area").cast(pl.String).fill_null("")
    )


def crews_at_least(work: Work, begin: tuple[int, ...] = SHIFTS_BEGIN) -> Mapping[str, Floats]:
    """Return the crews of each area that its jobs in hand ask for, by hour, shape (24,).

    Parameters
    ----------
    work
        Of the fitted days; its lead-in is not counted.
    begin
        Hours at which shifts begin, 0 to 23, ascending.

    Notes
    -----
    The 98th centile of jobs in hand over the minutes of a shift, and one more. Near saturation that
    is too many, since crews whose shift is over still have jobs in hand.
    """
    minutes = np.arange(0, work.days * _HOURS * _MINUTE, dtype=np.int64)
    hour = minutes // _MINUTE % _HOURS
    shift = (np.searchsorted(np.asarray(begin), hour, "right") - 1) % len(begin)
    found = {}
    for area, own in in_hand(work).items():
        count = own.at(minutes * _MINUTE)
        crews = np.zeros(_HOURS)
        for one in range(len(begin)):
            of_shift = shift == one
            most = np.quantile(count[of_shift], _CENTILE, method="higher")
            crews[np.unique(hour[of_shift])] = float(most) + 1.0
        found[area] = crews
    return found
