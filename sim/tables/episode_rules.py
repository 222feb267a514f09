"""The rules of the episode after arrival (docs/model.md, 11 to 13), as plain numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from sim.tables.codes import HOUR, NEVER, NONE, PER_MILLE

Pools: TypeAlias = tuple[int, ...]

RESPONSE: Final = 0
TEAM: Final = 1
"""Owners of a case (rule 11.2)."""

COHORT: Final = 4
"""The class of a case of the exploitation cohort; the others are risk levels (rule 11.4)."""

CLASSES: Final = 5


@dataclass(frozen=True)
class ReviewLevel:
    """One level of review of a case under enquiry (rule 11.7)."""

    first_after_seconds: int
    every_seconds: int
    """NEVER: only the first."""
    seconds: int
    pools: Pools
    """Desk pools in the order in which they are asked; none: nobody's time."""


@dataclass(frozen=True)
class EpisodeRules:
    """What happens to a case. Seconds that are NEVER, and pools that are -1, switch a rule off.

    Owners are `RESPONSE` and `TEAM`; classes are risk levels 0 to 3 and `COHORT`.
    """

    team: tuple[Pools, ...]
    """By area: pools on whose duty the owner depends (11.2)."""
    enquirers: tuple[tuple[tuple[Pools, ...], ...], ...]
    """[owner][class][area]: unit pools that take lines of enquiry, first asked first."""
    interviewers: tuple[tuple[Pools, ...], ...]
    """[owner][area]: unit pools that take visits."""
    enquiry_grade: tuple[int, ...]
    """By class."""
    interview_grade: int

    rhythm: tuple[tuple[int, ...], tuple[int, ...]] = ((PER_MILLE,) * 24,) * 2
    """[owner][hour of the day], per mille: how fast gaps pass; of each owner at least one hour
    above 0."""
    escalated_gap: int = PER_MILLE
    """Per mille."""
    enquiry_desk: int = NONE
    handover_seconds: int = 0
    lost_parts: int = 0
    """Share of handovers that lose the last line, in parts per million."""
    unnoticed_parts: int = 0
    """The same of those that the new owner does not notice."""

    reviews: tuple[tuple[ReviewLevel, ...], ...] = ((), (), (), ())
    """By risk."""
    review_moves_parts: int = 0
    tasking_at: int = NEVER
    """Second of the day."""
    tasking_pool: int = NONE
    tasking_seconds: int = 0
    tasking_moves_parts: int = 0

    late_ppn_pool: int = NONE
    mash: int = NONE
    mash_supervisor: int = NONE
    prompt_after_seconds: int = 0
    prompt_seconds: int = 0
    coordinator: int = NONE
    meeting_at: int = NEVER
    """Second of the day."""
    meeting_seconds: int = 0
    strategy_parts_held: int = 0
    strategy_parts_outside: int = NONE
    """The same of children of another authority; -1: as of others."""
    interview_workers: tuple[int, ...] = ()
    """By area: desk pool of its authority's return home interview workers; -1: nobody's time."""
    referral_after: int = NEVER
    """Episodes in 90 days, this one included."""
    referral_pool: int = NONE
    referral_seconds: int = 0
    known_per_mille: int = PER_MILLE
    prevented_parts: int = 0
    placement_from: int = NEVER
    """Second of the day; NEVER: a placement is found as soon at any hour."""
    placement_until: int = 0
    protection_most_seconds: int = 72 * HOUR
    relief_officers: int = 0
    """0: whoever is with a child in protection stays until it is over."""
    relief_grade: int = 1
