"""The policy as an engine reads it: plain numbers and tuples, no objects of the scenario."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from sim.tables.codes import NEVER, NONE, Gate, ShiftEnd
from sim.tables.concern_rules import ConcernRules
from sim.tables.episode_rules import EpisodeRules

Pools: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class Pool:
    """One pool of people.

    Attributes
    ----------
    name, role
        As in the scenario.
    area
        Code of its area; -1: works for all areas.
    desk
        True: its people take tasks at a desk; False: units that travel.
    reserve
        Units kept idle for grade 1 (rule 6.4).
    margin_seconds
        By grade from 1: a unit nearer than this to its shift's end takes no such work.
    """

    name: str
    role: str
    area: int
    desk: bool
    reserve: int = 0
    margin_seconds: tuple[int, ...] = ()


@dataclass(frozen=True)
class DispatchRate:
    """A dispatcher's rate (rule 4.7): what a job's sum goes up by at a look.

    It is a number of `by_wait` times one of `by_load`, or of `by_load_just_freed`, rounded once, in
    thousand-millionths.

    Attributes
    ----------
    look_seconds
        From one look to the next.
    waited_seconds
        Ascending, from 0: a row of `by_wait` holds from its place here on.
    by_wait
        [grade][row of `waited_seconds`][quarter of an hour of the day], in thousand-millionths.
    by_load
        [grade][crews busy, in per cent][jobs ahead], in millionths; the last jobs ahead stand for
        more.
    by_load_just_freed
        The same, up to a minute after a crew has cleared.
    stream_factor
        By stream, per mille.
    """

    look_seconds: int
    waited_seconds: tuple[int, ...]
    by_wait: tuple[tuple[tuple[int, ...], ...], ...]
    by_load: tuple[tuple[tuple[int, ...], ...], ...]
    by_load_just_freed: tuple[tuple[tuple[int, ...], ...], ...]
    stream_factor: tuple[int, ...]


@dataclass(frozen=True)
class Policy:
    """The rules of docs/model.md with their numbers filled in.

    Tuples indexed by grade hold grade 1 first. Seconds that are NEVER switch a rule off.
    """

    start: int
    """First simulated second."""
    end: int
    """End of follow-up: nothing happens at or after it."""
    grades: int
    """Number of grades."""
    areas: tuple[str, ...]
    streams: tuple[str, ...]
    pools: tuple[Pool, ...]

    missing: tuple[bool, ...]
    """By stream: does the rank of missing children apply (rule 6.2)?"""
    gated: tuple[bool, ...]
    """By stream: can the gate hold its deployments (rule 4.1)?"""

    call_takers: int = NONE
    """Desk pool that answers; -1: every call is answered at once."""
    switchboard: int = NONE
    """Desk pool that answers 999 and 101 and passes calls on; -1: call takers answer."""
    kept_for_999: int = 0
    """Call takers who are kept free for 999 calls."""
    research: int = NONE
    """Desk pool of FIB24; -1: research takes no time in a queue."""
    dispatchers: tuple[int, ...] = ()
    """By area: desk pool that allocates; -1: allocation needs nobody."""
    ratifiers: tuple[tuple[Pools, ...], ...] = ()
    """By risk (0 to 3), by hour of the day: desk pools in the order in which they are asked."""

    gate: Gate = Gate.GRADING
    """What a held deployment waits for."""
    held_parts: int = 0
    """Share of gated incidents held, in parts per million."""
    hold_high_risk: bool = False
    ratification_waits_for_research: bool = False
    telephone_parts: int = 0
    """Share whose risk is uncertain, and asked about by telephone first, in parts per million."""
    telephone_desk: int = NONE
    """Desk pool that telephones; -1: it takes nobody's time."""
    telephone_most_seconds: int = NEVER
    """After grading a deployment waits no longer for it; NEVER: as long as it takes."""
    dispatch_rate: DispatchRate | None = None
    """How a job whose gate is open is let go; None: at once (rule 4.7)."""

    missing_rank: int = 0
    """Missing children within their grade: -1 first, 0 level, 1 last."""
    next_grade_parts: int = 0
    """Share of missing-child jobs ranked with the next grade's work, in parts per million."""
    step_up_seconds: tuple[int, ...] = ()
    """By grade: wait after grading at which a job ranks with the grade above."""
    returned_ranks_lower: bool = False
    """A job whose child has returned ranks with the next grade's work."""

    attends: tuple[tuple[Pools, ...], ...] = ()
    """By stream, by area: unit pools of that area that may attend, first asked first."""
    borrows: tuple[tuple[Pools, ...], ...] = ()
    """By stream, by area: unit pools of other areas that may be borrowed."""
    borrow_after_seconds: tuple[int, ...] = ()
    """By grade: wait after the gate opened; NEVER: not borrowed."""

    divert_travelling: tuple[tuple[bool, ...], ...] = ()
    """[grade of the new job][grade of the job left]: may units on the way be diverted?"""
    divert_at_scene: tuple[tuple[bool, ...], ...] = ()
    """The same for units at a scene."""
    most_diversions: int = 0
    """Times that one job may lose its units."""

    writing_interrupted: tuple[bool, ...] = ()
    """By grade of the new job: may writing be broken off?"""
    break_interrupted: tuple[bool, ...] = ()
    """By grade of the new job: may a break be broken off?"""

    shift_end: ShiftEnd = ShiftEnd.FINISH
    handover_seconds: int = 0
    """Added to the work left when a job is handed over."""

    area_factor: tuple[tuple[int, ...], ...] = ()
    """[area of the unit, last: none][area of the incident], per mille."""
    grade_factor: tuple[int, ...] = ()
    """By grade, per mille (blue lights)."""
    hour_factor: tuple[int, ...] = field(default=(1000,) * 24)
    """By hour of the day in which the unit sets off, per mille."""

    review_seconds: int = 0
    review_after_seconds: tuple[int, ...] = ()
    """By grade: interval between reviews of an unallocated job; NEVER: none."""
    review_levels: tuple[int, ...] = ()
    """Desk pools that review, in the order in which a job is passed up."""
    review_stand_ins: tuple[Pools, ...] = ()
    """By level: desk pools asked in its place while nobody of it is on duty. Levels
    beyond its end have none."""
    review_restores_rank: int = NONE
    """Level (place in review_levels) from which a review undoes a lowered rank; -1: none."""
    rethrive_after_seconds: int = NEVER
    rethrive_seconds: int = 0
    rethrive_pool: int = NONE
    rethrive_calls_back: bool = False

    episode: EpisodeRules | None = None
    """What happens after the first attendance; None: nothing (sections 11 to 13)."""
    concern: ConcernRules | None = None
    """Who goes again for a welfare concern; None: there is none (section 14)."""
