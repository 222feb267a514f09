"""PPN, MASH, the daily meeting, return home interviews, referral, and the next time (13)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from simpy import Event

from sim.engines.reference.clock import Actor, Clock, Due
from sim.engines.reference.desks import (
    LATE_PPN,
    MASH,
    MEETING,
    PROMPT,
    REFERRAL,
    RETURN_INTERVIEW,
    Desk,
    do,
)
from sim.engines.reference.records import Case, Incident
from sim.tables import DAY, NEVER, NONE, PER_MILLE, CaseEnd, EpisodeRules

_STRATEGY, _MINUTES, _INTERVIEW_DUE, _OUTSIDE, _PROMPT_DUE = range(5)
"""Numbers of what falls due (rule 1.3)."""


class Partners:
    """What police and local authorities do together, after the child is safe or before."""

    def __init__(
        self,
        rules: EpisodeRules,
        clock: Clock,
        desks: Mapping[int, Desk],
        cases: Iterable[Case],
    ) -> None:
        self._rules = rules
        self._clock = clock
        self._cases = sorted(cases, key=lambda case: case.fate.key)
        self._late_ppn = desks.get(rules.late_ppn_pool)
        self._mash = desks.get(rules.mash)
        self._mash_supervisor = desks.get(rules.mash_supervisor)
        self._coordinator = desks.get(rules.coordinator)
        self._referral = desks.get(rules.referral_pool)
        self._workers = [desks.get(pool) for pool in rules.interview_workers]
        self._informed: set[int] = set()
        """Children of whom police know what a return home interview told."""
        self._helped: set[int] = set()
        """Children whose interview is complete, or who were referred."""

    def hear_of(self, case: Case) -> bool:
        """Tell whether police hear of the episode at all (rules 13.7, 13.8)."""
        if case.child in self._helped and case.fate.prevent_parts < self._rules.prevented_parts:
            case.end = CaseEnd.PREVENTED
        elif not case.fate.recorded:
            case.end = CaseEnd.UNRECORDED
        return case.end == CaseEnd.STILL_MISSING

    def graded(self, case: Case) -> None:
        """What is known of earlier episodes, and whether there were many (13.5, 13.6)."""
        rules, incident = self._rules, case.incident
        if case.child in self._informed and incident.research_seconds != NEVER:
            incident.research_seconds = scaled(incident.research_seconds, rules.known_per_mille)
        after = rules.referral_after
        if after != NEVER and case.fate.previous_90_days >= after - 1:
            self._clock.process(self._refer(case))

    def safe(self, case: Case) -> None:
        """The child is safe (rules 13.2, 13.4)."""
        if case.discussed_at != NEVER:
            self._offer(case)
        elif self._coordinator is None:
            self._discussed(case)

    def interviewed(self, case: Case, interviewed_by: int) -> Event | None:
        """The prevention interview is complete; what happens when its PPN has been written.

        None where the officers of the interview send none (rule 12.5).
        """
        case.interviewed_at = self._clock.now
        case.interviewed_by = interviewed_by
        if case.fate.ppn_sent:
            written = self._clock.event()
            self._clock.process(self._ppn(case, written))
            return written
        if self._mash_supervisor is not None:
            self._clock.process(self._ppn(case, None))
        return None

    def daily_meeting(self) -> Actor[None]:
        """Rule 13.2, each day."""
        if self._rules.meeting_at == NEVER or self._coordinator is None:
            return
        for second in daily(self._rules.meeting_at, self._clock.now):
            yield self._clock.at(second, Due.MEETING, 0)
            if self._coordinator.on_duty:
                for case in self._cases:
                    if not case.listed and self._is_known(case):
                        case.listed = True
                        self._clock.process(self._discuss(case))

    def _is_known(self, case: Case) -> bool:
        report = case.report
        return (
            isinstance(report, Incident)
            and report.reported_at <= self._clock.now
            and case.end == CaseEnd.STILL_MISSING
        )

    def _ppn(self, case: Case, written: Event | None) -> Actor[None]:
        """The PPN, from the interview until MASH has shared it (rules 12.5, 13.1)."""
        rules, clock, fate, of = self._rules, self._clock, case.fate, case.incident
        if written is not None:
            yield written
        else:
            yield clock.after(rules.prompt_after_seconds, Due.PARTNER, of.key, _PROMPT_DUE)
            yield from do(clock, self._mash_supervisor, of, PROMPT, rules.prompt_seconds)
            yield from do(clock, self._late_ppn, of, LATE_PPN, fate.ppn_seconds)
        case.ppn_at = clock.now
        yield from do(clock, self._mash, of, MASH, fate.mash_seconds)
        case.shared_at = clock.now

    def _discuss(self, case: Case) -> Actor[None]:
        seconds = self._rules.meeting_seconds
        yield from do(self._clock, self._coordinator, case.incident, MEETING, seconds)
        self._discussed(case)

    def _discussed(self, case: Case) -> None:
        """Rules 13.3 and 13.4."""
        case.discussed_at = self._clock.now
        if case.fate.strategy_parts < self._rules.strategy_parts_held:
            self._clock.process(self._strategy(case))
        if case.safe:
            self._offer(case)

    def _strategy(self, case: Case) -> Actor[None]:
        """Rule 13.3."""
        clock, fate = self._clock, case.fate
        yield clock.after(fate.strategy_after_seconds, Due.PARTNER, fate.key, _STRATEGY)
        case.strategy_at = clock.now
        yield clock.after(fate.minutes_after_seconds, Due.PARTNER, fate.key, _MINUTES)
        case.minutes_at = clock.now

    def _offer(self, case: Case) -> None:
        """Rule 13.4."""
        if case.fate.rhi_offered and case.offered_at == NEVER:
            case.offered_at = self._clock.now
            if case.fate.rhi_accepted:
                self._clock.process(self._return_interview(case))

    def _return_interview(self, case: Case) -> Actor[None]:
        """Rule 13.4, and what it tells (13.6, 13.7)."""
        clock, fate, of = self._clock, case.fate, case.incident
        yield clock.after(fate.rhi_wait_seconds, Due.PARTNER, fate.key, _INTERVIEW_DUE)
        if fate.outside_seconds != NEVER:
            yield clock.after(fate.outside_seconds, Due.PARTNER, fate.key, _OUTSIDE)
        else:
            worker = self._workers[of.area] if self._workers else None
            yield from do(clock, worker, of, RETURN_INTERVIEW, fate.rhi_seconds)
        case.completed_at = clock.now
        if case.child != NONE:
            self._helped.add(case.child)
            if fate.informs:
                self._informed.add(case.child)

    def _refer(self, case: Case) -> Actor[None]:
        """Rule 13.5."""
        seconds = self._rules.referral_seconds
        yield from do(self._clock, self._referral, case.incident, REFERRAL, seconds)
        case.referred_at = self._clock.now
        if case.child != NONE:
            self._helped.add(case.child)


def scaled(seconds: int, per_mille: int) -> int:
    """So many thousandths of a time, rounded half up (rules 11.3, 13.6)."""
    return (2 * seconds * per_mille + PER_MILLE) // (2 * PER_MILLE)


def daily(second_of_day: int, start: int) -> Iterator[int]:
    """The seconds, from the start on, at which it is this second of the day."""
    return count(start + (second_of_day - start) % DAY, DAY)
