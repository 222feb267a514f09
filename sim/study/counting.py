"""One scenario on one replication's luck: played, and what is asked counted off its outcomes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.engines import compiled
from sim.errors import InputError
from sim.fates.incidents import draw
from sim.measures import (
    OF_ALL_REPORTS,
    OF_NEEDED,
    READ,
    Count,
    Cut,
    Definition,
    Dimension,
    FirstGrades,
    Labels,
    counted_outcomes,
    labels_of,
    tally_outcomes,
)
from sim.measures.clocks import Cases, counted_cases
from sim.policy import compiled as rules_of
from sim.rota import paraded_of_pool, rota_of
from sim.scenario.models import Scenario
from sim.streams import Streams
from sim.study.engines import ENGINES
from sim.study.images import Images
from sim.study.settings import EngineName
from sim.study.worlds import Plan, definition_of, read_by_draws
from sim.tables import NONE, Draws, Policy, Table

if TYPE_CHECKING:
    from sim.engines.compiled.images import Image

Ints: TypeAlias = npt.NDArray[np.int64]

COUNTABLE: Final = tuple(sorted((*OF_NEEDED, *OF_ALL_REPORTS)))
"""What outcomes alone tell."""

_REPLICATIONS_AT_A_TIME: Final = 64
_NO_KEYS: Final = np.zeros(0, dtype=np.int64)
_NO_VALUES: Final = np.zeros((0, 0), dtype=np.int64)


@dataclass(frozen=True)
class Asked:
    """What is to be counted.

    Parameters
    ----------
    measures
        Of `COUNTABLE`.
    cuts
        Of which incidents.
    each
        Of which of these cuts they are told incident by incident, too; None: of none.

    Raises
    ------
    InputError
        If one of them cannot be counted off the outcomes.
    """

    measures: tuple[Count, ...]
    cuts: tuple[Cut, ...]
    each: Cut | None = None

    def __post_init__(self) -> None:
        unknown = [one for one in self.measures if one not in COUNTABLE]
        if unknown:
            raise InputError(
                "this cannot be counted without a study",
                path="measures",
                found=", ".join(one.name for one in unknown),
                allowed=", ".join(one.name for one in COUNTABLE),
            )
        if any(cut.hours is not None for cut in self.cuts):
            raise InputError(
                "hours with and without a team on duty cannot be told apart without a study",
                path="cuts",
                allowed="stream, grade, risk, care and area",
            )

    @property
    def by(self) -> frozenset[Dimension]:
        """What must be told apart for the cuts, besides stream and grade."""
        read: dict[Dimension, bool] = {
            "risk": any(cut.risk is not None for cut in self.cuts),
            "care": any(cut.care is not None for cut in self.cuts),
            "area": any(cut.area is not None for cut in self.cuts),
        }
        return frozenset(name for name, is_read in read.items() if is_read)

    @property
    def of_all_reports(self) -> bool:
        """Whether reports count to which nobody was to be sent."""
        return any(one in OF_ALL_REPORTS for one in self.measures)


@dataclass(frozen=True, eq=False)
class Luck:
    """What is drawn of one replication for one kind of demand, ready to be played.

    Parameters
    ----------
    drawn
        An image for the compiled engine; for the reference engine the tables.
    rows
        Rows of the incidents table that count.
    incidents
        These rows.
    first_grades
        Of all incidents.
    """

    drawn: Image | Draws
    rows: Ints
    incidents: Table
    first_grades: FirstGrades

    @property
    def bytes(self) -> int:
        """How much room it takes, nearly."""
        own = self.rows.nbytes + self.first_grades.keys.nbytes + self.first_grades.grades.nbytes
        if not isinstance(self.drawn, Draws):
            return own + self.drawn.bytes
        return own + sum(column.nbytes for table in self.drawn for column in table.columns.values())

    def outcomes(self, rota: Table, policy: Policy) -> dict[str, Ints]:
        """Play it, and return the columns of the outcomes that counts are made from."""
        if not isinstance(self.drawn, Draws):
            return compiled.outcomes_of(self.drawn, rota, policy, READ)
        outcomes, _, _ = ENGINES["reference"](self.drawn, rota, policy)
        return {name: outcomes[name][self.rows] for name in ("key", "end", *READ)}


@dataclass(frozen=True, eq=False)
class Counted:
    """What was counted of one scenario in one replication.

    Parameters
    ----------
    sums
        Shape (cuts, measures).
    keys
        Shape (n,): the incidents that are told one by one, in the order of the table.
    each
        Shape (measures, n).
    """

    sums: Ints
    keys: Ints
    each: Ints


NOTHING_COUNTED: Final = Counted(_NO_VALUES, _NO_KEYS, _NO_VALUES)
"""Before it is counted."""


class Counter:
    """Counts what is asked of any scenario in any replication; threads may share it.

    Parameters
    ----------
    plan
        The scenarios, the baseline first, and the days.
    asked
        What is counted.
    engine
        Who plays.
    images
        Where luck is kept.
    """

    def __init__(self, plan: Plan, asked: Asked, engine: EngineName, images: Images[Luck]) -> None:
        self._plan = plan
        self._asked = asked
        self._engine = engine
        self._images = images
        self._definition = definition_of(plan.scenarios[0], plan.since, plan.until)
        self._demands = [_digest(read_by_draws(one)) for one in plan.scenarios]
        self._policies: dict[int, Policy] = {}
        self._pools: dict[int, tuple[bytes, ...]] = {}
        # A replication's pieces are done one after another, so that few are asked for at a time.
        self._first_grades = lru_cache(_REPLICATIONS_AT_A_TIME)(
            lambda replication: self.luck(replication, 0).first_grades
        )
        self._inside: dict[tuple[tuple[str, ...], bytes], Ints] = {}

    def by_demand(self) -> list[list[int]]:
        """Return the places of the scenarios, those together that meet the same luck."""
        places: dict[bytes, list[int]] = {}
        for place, demand in enumerate(self._demands):
            places.setdefault(demand, []).append(place)
        return list(places.values())

    def luck(self, replication: int, place: int) -> Luck:
        """Return what is drawn for a scenario, kept or new."""
        plan, of_all = self._plan, self._asked.of_all_reports
        seed, window = plan.settings.seed, (plan.start, plan.since, plan.until, plan.end)
        key = (seed, replication, window, self._demands[place], self._engine, of_all)
        return self._images.of(key, lambda: self._drawn(replication, plan.scenarios[place]))

    def counts(
        self, luck: Luck, replication: int, place: int, pools: dict[bytes, Table]
    ) -> Counted:
        """Play a scenario and count what is asked.

        Parameters
        ----------
        luck
            What is drawn for the scenario.
        replication
            Its number.
        place
            Of the scenario.
        pools
            Who paraded in this replication, by pool: looked up, and added to.
        """
        asked, policy = self._asked, self._policy(place)
        outcomes = luck.outcomes(self._rota(place, replication, pools), policy)
        definition = self._definition_of(place, replication)
        labels = labels_of(policy, definition)
        given = luck.incidents, outcomes, policy, definition, labels, asked.measures, asked.by
        if asked.each is None:
            tally, keys, each = tally_outcomes(*given), _NO_KEYS, _NO_VALUES
        else:
            columns = counted_outcomes(*given)
            tally, inside = columns.tally(), labels.mask(columns.codes, asked.each)
            keys = columns.keys[inside]
            each = np.array([one[inside] for one in columns.columns], dtype=np.int64)
        return Counted(self._cells(labels, tally.codes) @ tally.sums, keys, each)

    def cases(
        self, luck: Luck, replication: int, place: int, pools: dict[bytes, Table]
    ) -> tuple[Cases, Table]:
        """Play a scenario; return its incidents with their clocks, and who was on duty.

        Parameters are those of `counts`.
        """
        policy = self._policy(place)
        rota = self._rota(place, replication, pools)
        outcomes = luck.outcomes(rota, policy)
        definition = self._definition_of(place, replication)
        return counted_cases(luck.incidents, outcomes, policy, definition), rota

    def _policy(self, place: int) -> Policy:
        policy = self._policies.get(place)
        if policy is None:
            plan = self._plan
            policy = self._policies[place] = rules_of(plan.scenarios[place], plan.start, plan.end)
        return policy

    def _definition_of(self, place: int, replication: int) -> Definition:
        """What is measured of a scenario: incidents count by the baseline's first grades."""
        own = self._demands[place] == self._demands[0]
        first_grades = None if own else self._first_grades(replication)
        return replace(self._definition, first_grades=first_grades)

    def _drawn(self, replication: int, scenario: Scenario) -> Luck:
        plan = self._plan
        draws = draw(scenario, Streams(plan.settings.seed, replication), plan.start, plan.end)
        incidents = draws.incidents
        reported = incidents["reported_at"]
        # No more than `tally_outcomes` would pick itself, and all of it.
        counted = (incidents["desk_pool"] == NONE) & (reported >= plan.since)
        counted &= reported < plan.until
        if not self._asked.of_all_reports:
            counted &= incidents["deploys"] != 0
        rows = np.flatnonzero(counted)
        return Luck(
            drawn=compiled.image_of(draws, rows) if self._engine == "compiled" else draws,
            rows=rows,
            incidents=incidents.take(rows),
            first_grades=FirstGrades.of(incidents),
        )

    def _rota(self, place: int, replication: int, pools: dict[bytes, Table]) -> Table:
        plan, scenario = self._plan, self._plan.scenarios[place]
        if place not in self._pools:
            calendar = scenario.calendar.model_dump_json()
            self._pools[place] = tuple(
                _digest(f"{number} {name} {calendar} {pool.model_dump_json()}")
                for number, (name, pool) in enumerate(scenario.pools.items())
            )
        streams = Streams(plan.settings.seed, replication)
        keys = self._pools[place]
        for name, key in zip(scenario.pools, keys, strict=True):
            if key not in pools:
                pools[key] = paraded_of_pool(scenario, name, streams, plan.start, plan.end)
        return rota_of(pools[key] for key in keys)

    def _cells(self, labels: Labels, codes: Ints) -> Ints:
        """Return which cells each cut holds, shape (cuts, cells), as 0 and 1."""
        key = labels.streams, codes.tobytes()
        inside = self._inside.get(key)
        if inside is None:
            rows = [labels.mask(codes, cut) for cut in self._asked.cuts]
            inside = np.array(rows, dtype=np.int64).reshape(len(rows), codes.size)
            self._inside[key] = inside
        return inside


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
