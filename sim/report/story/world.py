"""One simulated replication as those who tell of it read it: its tables, names and clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.errors import InputError
from sim.fates.field import EPISODE_BITS
from sim.fates.naming import keys_named, name_of, nearest_names, read_name
from sim.measures.claims import Claims
from sim.measures.crews import Crews, Units
from sim.measures.lookup import Done, Links
from sim.measures.queue_waits import rises_known
from sim.measures.replication import Ints
from sim.tables import (
    CASES,
    COHORT,
    DAY,
    EPISODES,
    HOUR,
    MINUTE,
    NEVER,
    NONE,
    End,
    Policy,
    Risk,
    Table,
    empty,
)

if TYPE_CHECKING:
    from sim import study
    from sim.scenario.loading import Loaded

_LISTS: Final = {"incident": "--list", "child": "--list-children"}
_EPISODES: Final = 1 << EPISODE_BITS


@dataclass(frozen=True, eq=False)
class World:
    """One replication, as its tables tell it.

    Attributes
    ----------
    incidents, outcomes, activities, rota
        Its tables, as drawn and as the engine made them.
    policy
        Names of streams, pools and areas, and the rules.
    first_day
        The date whose midnight is second 0.
    illustrative
        False only where the scenario says that it is a force's own.
    title
        Of the scenario.
    replication
        Its number.
    cases
        What became of missing episodes after arrival; none where they are not followed.
    episodes
        Their fates, in the same order.
    """

    incidents: Table
    outcomes: Table
    activities: Table
    rota: Table
    policy: Policy
    first_day: date
    illustrative: bool = True
    force: str | None = None
    title: str = ""
    replication: int = 0
    cases: Table = field(default_factory=lambda: empty(CASES))
    episodes: Table = field(default_factory=lambda: empty(EPISODES))

    @classmethod
    def of(cls, played: study.World, loaded: Loaded, replication: int) -> World:
        """One replication that a study has simulated, as the scenario presents it."""
        scenario = loaded.scenario
        return cls(
            played.incidents,
            played.outcomes,
            played.activities,
            played.rota,
            played.policy,
            scenario.calendar.first_day,
            scenario.illustrative,
            scenario.force,
            scenario.title,
            replication,
            played.cases,
            played.episodes,
        )

    @cached_property
    def _rows(self) -> dict[int, int]:
        return {key: place for place, key in enumerate(self.incidents["key"].tolist())}

    def row(self, key: int) -> int:
        """Place of an incident in the incidents table.

        Raises
        ------
        InputError
            There is no such incident in this replication.
        """
        place = self._rows.get(int(key))
        if place is None:
            raise InputError(
                f"there is no such incident in replication {self.replication}",
                path="--incident",
                found=key,
                allowed='a name that trace --list prints, a key of the incidents table, or "worst"',
            )
        return place

    @cached_property
    def _links(self) -> Links:
        return Links.of(self.incidents, self.rota, self.activities)

    @cached_property
    def crews(self) -> Crews:
        """The units, second by second."""
        units = Units.of(self.activities, self._links, self.rota, self.policy)
        return Crews(units, self.policy)

    @cached_property
    def claims(self) -> Claims:
        """Units given to jobs."""
        return Claims.of(self.incidents, self.activities, self._links, self.rota, self.policy)

    @cached_property
    def rises(self) -> Ints:
        """When a rise of each incident's risk would be discovered, shape (n,)."""
        links = self._links
        done = Done(self.activities, links.incident, links.kinds)
        return rises_known(self.incidents, done, self.policy)

    def tables_of(self, key: int) -> tuple[Table, Table]:
        """The one row of an incident, as drawn and as it turned out."""
        row = np.array([self.row(key)])
        return self.incidents.take(row), self.outcomes.take(row)

    @cached_property
    def _cases(self) -> dict[int, int]:
        return {key: place for place, key in enumerate(self.cases["key"].tolist())}

    def case(self, row: int) -> int | None:
        """Place in the cases table of an incident's case; None: it is not followed."""
        return self._cases.get(int(self.incidents["key"][row]))

    def case_class(self, row: int, second: int) -> int:
        """The class of an incident's case at a moment (rule 11.4): `COHORT`, or its risk level.

        A rise of risk counts from its discovery, a ratified one from its ratification.
        """
        case = self.case(row)
        if case is not None and case < len(self.episodes) and self.episodes["cohort"][case]:
            return COHORT
        if case is not None and NEVER < int(self.cases["escalated_at"][case]) <= second:
            return int(Risk.HIGH)
        if NEVER < int(self.outcomes["ratified_at"][row]) <= second:
            return int(self.incidents["ratified_risk"][row])
        return int(self.incidents["risk"][row])

    def never_told(self, row: int) -> bool:
        """Whether the police never learnt of an incident: prevented, or not recorded."""
        return int(self.outcomes["end"][row]) in {End.PREVENTED, End.UNRECORDED}

    def name(self, row: int) -> str:
        """Short lasting name of an incident."""
        stream = self.policy.streams[self.incidents["stream"][row]]
        return name_of(stream, self.replication, int(self.incidents["key"][row]))

    def child_name(self, row: int) -> str:
        """Short lasting name of an incident's child; empty where there is none."""
        child = int(self.incidents["child"][row])
        stream = self.policy.streams[self.incidents["stream"][row]]
        return "" if child == NONE else name_of(stream, self.replication, child)

    def incident(self, text: str) -> int:
        """Key of the incident that a short name, or a full key, stands for.

        Raises
        ------
        InputError
            It stands for none of this replication; the nearest names are given.
        """
        keys = set(self._rows)
        return self._asked(text, "--incident", "incident", keys, self.name)

    def child(self, text: str) -> int:
        """Key of the child that a short name, or a full key, stands for.

        Raises
        ------
        InputError
            It stands for none of this replication; the nearest names are given.
        """
        keys = set(self.incidents["child"].tolist()) - {NONE}
        return self._asked(text, "--child", "child", keys, self.child_name)

    def _asked(
        self, text: str, path: str, what: str, keys: set[int], name: Callable[[int], str]
    ) -> int:
        text = text.strip()
        if re.fullmatch(r"-?[0-9]{1,30}", text):
            found = [int(text)] if int(text) in keys else []
        else:
            found = [key for key in keys_named(text, self.policy.streams) if key in keys]
        named = read_name(text)
        if len(found) == 1 and (named is None or named.replication == self.replication):
            return found[0]
        problem = f"there is no such {what} in replication {self.replication}"
        if len(found) > 1:
            problem = f"this name stands for more than one {what}"
        allowed = [f"the name of one, as trace {_LISTS[what]} prints it, or its full key"]
        if named is not None and named.replication != self.replication:
            allowed = [f"one of this replication, or --replication {named.replication}"]
        elif what == "child" and named is not None and named.number % _EPISODES:
            allowed = [f"the child of this incident is {text.rsplit('-', 1)[0].upper()}"]
        elif named is not None and keys_named(text, self.policy.streams):
            allowed.append(
                "this name is rightly spelled: of another --seed, or beyond these --days"
            )
        names = dict.fromkeys(
            name(row)
            for row in range(len(self.incidents))
            if what == "incident" or self.incidents["child"][row] != NONE
        )
        near = nearest_names(text, list(names))
        if near:
            allowed.append(f"nearest: {', '.join(near)}")
        raise InputError(problem, path=path, found=text, allowed="; ".join(allowed))

    def clock(self, second: int) -> str:
        """A second as "Tue 02:13"; None of it where it never happened."""
        days, rest = divmod(int(second), DAY)
        weekday = (self.first_day + timedelta(days=days)).strftime("%a")
        return f"{weekday} {rest // HOUR:02d}:{rest % HOUR // MINUTE:02d}"

    def day(self, second: int) -> str:
        """The date of a second, as "4 January 2022"."""
        day = self.first_day + timedelta(days=int(second) // DAY)
        return f"{day.day} {day:%B %Y}"
