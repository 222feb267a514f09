"""The tallies of one replication, or of several added up, and the cuts that they can be read by.

Only counts, sums and distributions of whole seconds are kept, so that memory is bounded by the
number of cells and the longest delay. Everything can be added: tallies of two replications
together are those of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, unique
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.measures.arrays import Flags, Ints, added, tallied_together
from sim.measures.concerns import Concerns, merged_concerns
from sim.measures.episode import Episodes, merged_episodes
from sim.measures.placed import Placed, merged_placed
from sim.tables import Risk

__all__ = [
    "CURVE_MINUTES",
    "PARTS_OF_STAGES",
    "RISKS",
    "STAGES",
    "STAGE_PARTS",
    "WEEK_HOURS",
    "Count",
    "Cut",
    "Fate",
    "Flags",
    "Hours",
    "Ints",
    "Labels",
    "PoolTimes",
    "Replication",
    "delay_key",
    "merged",
    "split_delays",
]

Hours: TypeAlias = Literal["team", "other"]

RISKS: Final = tuple(risk.name.lower() for risk in Risk)
STAGES: Final = ("call", "decision", "queue", "dispatcher", "travel")
PARTS_OF_STAGES: Final = {
    "decision": ("assessment", "research", "waiting_for_ratifier", "ratifying", "telephoning"),
    "queue": (
        "nobody_on_duty",
        "all_busy",
        "too_few_together",
        "last_call_margin",
        "reserve",
        "queued_behind",
    ),
    "dispatcher": ("no_dispatcher", "dispatching"),
}
"""What the time of a stage is spent on; the parts of a stage add up to it."""
STAGE_PARTS: Final = tuple(part for parts in PARTS_OF_STAGES.values() for part in parts)
WEEK_HOURS: Final = 168
CURVE_MINUTES: Final = 720
_GRADES: Final = 10
_FATES: Final = 4
_DELAY_BITS: Final = 32


@unique
class Fate(IntEnum):
    """What ended the time unattended of an incident that somebody was to be sent to."""

    ARRIVED = 0
    RETURNED = 1
    """Or found by telephone, before anybody was sent."""
    WAITING = 2
    """Neither, by the end of follow-up."""


@unique
class Count(IntEnum):
    """Columns of `Replication.counts`; sums over the incidents of a cell."""

    REPORTED = 0
    """All incidents."""
    NEEDED = 1
    """Those that somebody was to be sent to, as drawn: the denominator of attendance."""
    ATTENDED = 2
    RETURNED_FIRST = 3
    ENDED_WITHOUT_DEPLOYMENT = 4
    OPEN = 5
    TARGETED = 6
    """Needed, and of a grade with a target."""
    ARRIVED = 7
    """Of these, within target by its own clock."""
    ARRIVED_FROM_RECEIVED = 8
    ARRIVED_FROM_GRADED = 9
    REACHABLE = 10
    REACHABLE_FROM_RECEIVED = 11
    REACHABLE_FROM_GRADED = 12
    DELAY_SECONDS = 13
    OVER_60 = 14
    OVER_600 = 15
    ARRIVED_THEN_LEFT = 16
    UPGRADED = 17
    DOWNGRADED = 18
    UPGRADED_DELAY_SECONDS = 19
    """From the upgrade to the first of arrival, return and end of follow-up."""
    CALL_SECONDS = 20
    DECISION_SECONDS = 21
    QUEUE_SECONDS = 22
    DISPATCHER_SECONDS = 23
    TRAVEL_SECONDS = 24
    IDLE_SECONDS = 25
    """Graded, unclaimed, while a unit that might have been sent was idle."""
    IDLE_INCIDENTS = 26
    """With at least a minute of that."""
    RATIFIED_THEN_CLAIMED = 27
    CLAIMED_SOON_AFTER = 28
    """Of these, within five minutes of ratification."""
    ATTENDANCE_TARGETED = 29
    """Targeted, by a target that stops with an officer at the address."""
    CALL_SECONDS_OVER_600 = 30
    """Stages of those alone that are over ten hours unattended: this and what follows."""
    DECISION_SECONDS_OVER_600 = 31
    QUEUE_SECONDS_OVER_600 = 32
    DISPATCHER_SECONDS_OVER_600 = 33
    TRAVEL_SECONDS_OVER_600 = 34
    ASSESSMENT_SECONDS = 35
    """What stages are spent on (`PARTS_OF_STAGES`): this and what follows."""
    RESEARCH_SECONDS = 36
    WAITING_FOR_RATIFIER_SECONDS = 37
    RATIFYING_SECONDS = 38
    NOBODY_ON_DUTY_SECONDS = 39
    ALL_BUSY_SECONDS = 40
    TOO_FEW_TOGETHER_SECONDS = 41
    LAST_CALL_MARGIN_SECONDS = 42
    RESERVE_SECONDS = 43
    QUEUED_BEHIND_SECONDS = 44
    NO_DISPATCHER_SECONDS = 45
    DISPATCHING_SECONDS = 46
    ASSESSMENT_SECONDS_OVER_600 = 47
    RESEARCH_SECONDS_OVER_600 = 48
    WAITING_FOR_RATIFIER_SECONDS_OVER_600 = 49
    RATIFYING_SECONDS_OVER_600 = 50
    NOBODY_ON_DUTY_SECONDS_OVER_600 = 51
    ALL_BUSY_SECONDS_OVER_600 = 52
    TOO_FEW_TOGETHER_SECONDS_OVER_600 = 53
    LAST_CALL_MARGIN_SECONDS_OVER_600 = 54
    RESERVE_SECONDS_OVER_600 = 55
    QUEUED_BEHIND_SECONDS_OVER_600 = 56
    NO_DISPATCHER_SECONDS_OVER_600 = 57
    DISPATCHING_SECONDS_OVER_600 = 58
    SEEN_SECONDS = 59
    """From the report until police have seen the child, or the end of follow-up."""
    EMERGENCY_CALLS = 60
    """Reports by 999, whatever comes of them; of these, …"""
    EMERGENCY_CALLS_IN_TEN_SECONDS = 61
    """… answered within ten seconds."""
    CALLS_BY_101 = 62
    """Reports by 101, whatever comes of them; of these, …"""
    HUNG_UP = 63
    """… those whose caller hung up before a call taker spoke to them, …"""
    CALLED_AGAIN = 64
    """… and of these those who called again."""
    ABANDONED = 65
    """Reports whose caller hung up and gave up."""
    TELEPHONING_SECONDS = 66
    """A part of the decision, as those above: held by a telephone enquiry alone."""
    TELEPHONING_SECONDS_OVER_600 = 67
    TELEPHONED = 68
    """Needed, and held by one."""
    TELEPHONED_THEN_HIGH = 69
    """Of these, given high risk by ratification afterwards."""
    FOUND_BY_TELEPHONE = 70


@dataclass(frozen=True)
class Cut:
    """Which incidents: None is all. ``care`` True: the child is looked after."""

    stream: str | None = None
    grade: int | None = None
    risk: str | None = None
    care: bool | None = None
    area: str | None = None
    hours: Hours | None = None


@dataclass(frozen=True)
class Labels:
    """The scenario's names, in its order, and what the answer is about."""

    streams: tuple[str, ...]
    missing: tuple[bool, ...]
    """By stream: missing children?"""
    areas: tuple[str, ...]
    pools: tuple[str, ...]
    roles: tuple[str, ...]
    """By pool."""
    pool_areas: tuple[int, ...]
    """By pool: place of its area; -1: all."""
    grades: int
    headline_stream: str
    headline_grade: int

    def pack(
        self, stream: Ints, grade: Ints, risk: Ints, care: Ints, area: Ints, team: Flags
    ) -> Ints:
        """One whole number for each combination: the code of a cell."""
        code = stream.astype(np.int64)
        for part, size in ((grade, _GRADES), (risk, len(RISKS)), (care, 2)):
            code = code * size + part
        return (code * len(self.areas) + area) * 2 + team

    def mask(self, codes: Ints, cut: Cut) -> NDArray[np.bool_]:
        """Which cells belong to a cut; a name that the scenario does not know holds none."""
        rest, team = np.divmod(codes, 2)
        rest, area = np.divmod(rest, len(self.areas))
        rest, care = np.divmod(rest, 2)
        rest, risk = np.divmod(rest, len(RISKS))
        stream, grade = np.divmod(rest, _GRADES)
        inside = np.ones(codes.shape, dtype=np.bool_)
        for column, names, name in (
            (stream, self.streams, cut.stream),
            (risk, RISKS, cut.risk),
            (area, self.areas, cut.area),
        ):
            if name is not None:
                inside &= column == (names.index(name) if name in names else -1)
        if cut.grade is not None:
            inside &= grade == cut.grade
        if cut.care is not None:
            inside &= care == int(cut.care)
        if cut.hours is not None:
            inside &= team == int(cut.hours == "team")
        return inside


@dataclass(frozen=True, eq=False)
class PoolTimes:
    """Seconds in the measured window by hour of the day (last axis, 24).

    Parameters
    ----------
    on_duty
        Shape (pools, 24).
    busy
        Shape (pools, kinds of `tables.Activity`, 24): within the shift.
    overtime
        Shape (pools, 24): work after the shift's end, times the people of the unit.
    waiting
        Shape (pools, 24): tasks times seconds in the queue of a desk pool.
    queued
        Shape (areas, grades, 24): jobs times seconds in the queue of an area.
    errands
        Shape (areas, 4, 24): the same of lines of enquiry, of visits, of re-visits and of relief.
    """

    on_duty: Ints
    busy: Ints
    overtime: Ints
    waiting: Ints
    queued: Ints
    errands: Ints


@dataclass(frozen=True, eq=False)
class Replication:
    """The tallies of one replication, or of several added up (`merged`).

    Parameters
    ----------
    labels
        Names.
    replications
        How many are added up.
    window_seconds
        Length of the measured window of each.
    codes
        Shape (cells,): codes of `Labels.pack`, ascending; only cells that hold an incident.
    counts
        Shape (cells, columns of `Count`).
    delay_keys, delay_counts
        Shape (distinct,): time unattended, by its cell, fate and seconds, ascending.
    heat_cases, heat_missed
        Shape (streams, grades, 168): targeted incidents by hour of the week (Monday 00:00
        first) of the report, and those not within target.
    pools
        What people did.
    first_hour
        Hours from time 0 to the first entry of the series below.
    unallocated, busy_units
        Shape (hours,): job-seconds and unit-seconds in each hour of the simulation, for the
        warm-up check.
    episodes
        What happened to cases after arrival; None without the rules of it.
    concerns
        What happened to welfare concerns; None where none is followed.
    placed
        Cases of children in care by who placed them; None where nothing is told of that.
    """

    labels: Labels
    replications: int
    window_seconds: int
    codes: Ints
    counts: Ints
    delay_keys: Ints
    delay_counts: Ints
    heat_cases: Ints
    heat_missed: Ints
    pools: PoolTimes
    first_hour: int
    unallocated: Ints
    busy_units: Ints
    episodes: Episodes | None = None
    concerns: Concerns | None = None
    placed: Placed | None = None

    def total(self, count: Count, cut: Cut | None = None) -> int:
        """Sum of one column over a cut."""
        inside = self.labels.mask(self.codes, cut or Cut())
        return int(self.counts[inside, count].sum())

    def delays(self, cut: Cut | None = None, fates: Sequence[Fate] = tuple(Fate)) -> Ints:
        """Times unattended of a cut in seconds, ascending: shape (incidents,)."""
        codes, fate, seconds = split_delays(self.delay_keys)
        inside = self.labels.mask(codes, cut or Cut()) & np.isin(fate, [int(f) for f in fates])
        return np.sort(np.repeat(seconds[inside], self.delay_counts[inside]))


def delay_key(codes: Ints, fates: Ints, seconds: Ints) -> Ints:
    """One number for (cell, fate, seconds), which sorts in that order."""
    return ((codes * _FATES + fates) << _DELAY_BITS) + seconds


def split_delays(keys: Ints) -> tuple[Ints, Ints, Ints]:
    """Cell, fate and seconds of each key."""
    codes, fates = np.divmod(keys >> _DELAY_BITS, _FATES)
    return codes, fates, keys & ((1 << _DELAY_BITS) - 1)


def merged(replications: Sequence[Replication]) -> Replication:
    """Several replications of one scenario added up.

    Raises
    ------
    ValueError
        If there is none, or they are not of one scenario and one window.
    """
    if not replications:
        raise ValueError("there is no replication to add up")
    first = replications[0]
    if any(
        (other.labels, other.window_seconds, other.first_hour, other.unallocated.shape)
        != (first.labels, first.window_seconds, first.first_hour, first.unallocated.shape)
        for other in replications
    ):
        raise ValueError("replications of one scenario and one window can be added up")
    codes, counts = tallied_together([(one.codes, one.counts) for one in replications])
    keys, delays = tallied_together([(one.delay_keys, one.delay_counts) for one in replications])
    return Replication(
        labels=first.labels,
        replications=sum(one.replications for one in replications),
        window_seconds=first.window_seconds,
        codes=codes,
        counts=counts,
        delay_keys=keys,
        delay_counts=delays,
        heat_cases=added([one.heat_cases for one in replications]),
        heat_missed=added([one.heat_missed for one in replications]),
        pools=PoolTimes(
            on_duty=added([one.pools.on_duty for one in replications]),
            busy=added([one.pools.busy for one in replications]),
            overtime=added([one.pools.overtime for one in replications]),
            waiting=added([one.pools.waiting for one in replications]),
            queued=added([one.pools.queued for one in replications]),
            errands=added([one.pools.errands for one in replications]),
        ),
        first_hour=first.first_hour,
        unallocated=added([one.unallocated for one in replications]),
        busy_units=added([one.busy_units for one in replications]),
        episodes=merged_episodes([one.episodes for one in replications]),
        concerns=merged_concerns([one.concerns for one in replications]),
        placed=merged_placed([one.placed for one in replications]),
    )
