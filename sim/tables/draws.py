"""What an engine is given besides rota and policy, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from sim.tables.rules import Policy
from sim.tables.schemas import CONCERNS, ENQUIRIES, EPISODES
from sim.tables.table import Table, empty


class Draws(NamedTuple):
    """The fates of one replication.

    Attributes
    ----------
    incidents
        Sorted by (reported_at, key).
    attempts
        Fates of allocations, sorted by (key, attempt).
    episodes
        A row for each incident that is followed beyond the first attendance, in the order of
        the incidents; none where the scenario has no ``[episode]``.
    enquiries
        Fates of their lines of enquiry, sorted by (key, line): at least one for each episode.
    concerns
        Fates of the visits that welfare concerns may take, sorted by (key, visit), from 0; none
        where the scenario has no ``[concern]``.
    """

    incidents: Table
    attempts: Table
    episodes: Table = empty(EPISODES)
    enquiries: Table = empty(ENQUIRIES)
    concerns: Table = empty(CONCERNS)


class Played(NamedTuple):
    """What became of them: tables of `sim.tables.OUTCOMES`, `ACTIVITIES` and `CASES`."""

    outcomes: Table
    activities: Table
    cases: Table


Engine: TypeAlias = Callable[[Draws, Table, Policy], Played]
"""Plays the draws against a rota under a policy."""
