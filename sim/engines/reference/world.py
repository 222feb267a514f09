"""What all actors share: time, people, reports, queues, and the numbers of the rules."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from sim.engines.reference.clock import Clock
from sim.engines.reference.desks import Desk, Worker
from sim.engines.reference.jobs import Allocation, Case, Concern, Incident, Job, Row
from sim.engines.reference.journal import Journal
from sim.engines.reference.units import State, Unit, UnitPool
from sim.tables import NONE, RESPONSE, Draws, EpisodeRules, Policy, Table


class World:
    """What all actors share.

    Attributes
    ----------
    policy
        The numbers of the rules.
    pools, desks
        By code; the desk of code -1 is nobody's.
    incidents
        In the order of their table.
    cases
        By key, in the order of the episodes table.
    concerns
        By key.
    queues
        By area: jobs that wait for units, in their order (rule 6.1).
    allocations
        Units that have been given to jobs, and have not left them.
    states, diverts
        By grade of a job, from 1: states from which it may take a unit, first asked first (6.5);
        grades of jobs that it may divert on the way, and at a scene (6.6).
    owners
        By area: whose the cases are (rule 11.2).
    undecided
        Incidents that wait to be let go, in the order in which their gates opened (rule 4.7).
    somebody_undecided
        An event: the next time that there is such an incident, where there is none.
    unclaimed
        By area: incidents that are graded, and had not been claimed at the last look.
    cleared_at
        By code of a pool: when one of its units last left a scene whose work was complete.
    informed, helped
        Children of whom police know what a return home interview told; those whose interview is
        complete, or who were referred (rules 13.6, 13.7).
    """

    def __init__(self, draws: Draws, rota: Table, policy: Policy) -> None:
        self.policy = policy
        self.clock = Clock(policy.start)
        self.journal = Journal(self.clock)
        self.pools: dict[int, UnitPool] = {}
        self.desks = {NONE: Desk(NONE, policy, self.clock, self.journal)}
        for code, pool in enumerate(policy.pools):
            if pool.desk:
                self.desks[code] = Desk(code, policy, self.clock, self.journal)
            else:
                self.pools[code] = UnitPool(code, policy, self.clock, self.journal)
        for row in rota.rows():
            self._employ(row)
        self.incidents = [Incident(fate) for fate in draws.incidents.rows()]
        self.cases = self._followed(draws)
        self.concerns = self._concerns(draws)
        self.queues: list[list[Job]] = [[] for _ in policy.areas]
        self.allocations: list[Allocation] = []
        self.owners = [RESPONSE for _ in policy.areas]
        self.undecided: list[Incident] = []
        self.somebody_undecided = self.clock.event()
        self.unclaimed: list[list[Incident]] = [[] for _ in policy.areas]
        self.cleared_at: dict[int, int] = {}
        self.informed: set[int] = set()
        self.helped: set[int] = set()
        self._dispatch_seconds: dict[tuple[int, int], int] = {
            (row.key, row.attempt): row.dispatch_seconds for row in draws.attempts.rows()
        }
        grades = range(policy.grades)
        self.states = [
            (
                State.IDLE,
                *[State.ON_BREAK] * policy.break_interrupted[grade],
                *[State.WRITING] * policy.writing_interrupted[grade],
            )
            for grade in grades
        ]
        # A grade counts from 0 here, and those in the sets from 1: strictly lower ones only (6.6a).
        self.diverts = [
            [
                {left for left in range(grade + 2, policy.grades + 1) if may[grade][left - 1]}
                for may in (policy.divert_travelling, policy.divert_at_scene)
            ]
            for grade in grades
        ]

    @property
    def rules(self) -> EpisodeRules:
        """The numbers of sections 11 to 13, where there are cases."""
        assert self.policy.episode is not None
        return self.policy.episode

    def dispatch_seconds(self, key: int, number: int) -> int:
        """A dispatcher's work for an allocation; the last row repeats (rule 6.8)."""
        while (key, number) not in self._dispatch_seconds:
            number -= 1
        return self._dispatch_seconds[key, number]

    def pools_of(self, codes: Sequence[int]) -> tuple[UnitPool, ...]:
        """Pools by their codes."""
        return tuple(self.pools[code] for code in codes)

    def staffed(self, codes: Sequence[int], otherwise: int = -1) -> Desk:
        """The first with anyone on duty (rule 3.3), or the one at this place; none: nobody's."""
        if not codes:
            return self.desks[NONE]
        on_duty = (code for code in codes if self.desks[code].on_duty)
        return self.desks[next(on_duty, codes[otherwise])]

    def _employ(self, row: Row) -> None:
        """A row of the rota; a shift that began before the simulation begins with it (1.6)."""
        begins_at = max(row.on_at, self.policy.start)
        if begins_at >= row.off_at:
            return
        if row.pool in self.desks:
            self.desks[row.pool].workers.append(Worker(row.key, begins_at, row.off_at))
        else:
            pool = self.pools[row.pool]
            times = (begins_at, row.off_at, row.break_at, row.break_seconds)
            pool.units.append(Unit(row.key, pool, row.officers, *times))

    def _followed(self, draws: Draws) -> dict[int, Case]:
        """A case for each row of the episodes table; its incident is told."""
        by_key = {incident.key: incident for incident in self.incidents}
        rows = groupby(draws.enquiries.rows(), attrgetter("key"))
        lines = {key: list(fates) for key, fates in rows}
        cases = {}
        for fate in draws.episodes.rows():
            incident = by_key[fate.key]
            cases[fate.key] = incident.case = Case(incident, fate, lines.get(fate.key, ()))
        return cases

    def _concerns(self, draws: Draws) -> dict[int, Concern]:
        """A welfare concern for each incident with visits that is no case (rule 14.1)."""
        visits = groupby(draws.concerns.rows(), attrgetter("key"))
        fates = {key: list(rows) for key, rows in visits}
        found = [one for one in self.incidents if one.key in fates and one.case is None]
        concerns = {}
        for incident in found:
            concerns[incident.key] = incident.concern = Concern(incident, fates[incident.key])
        return concerns
