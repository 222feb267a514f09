"""MASH, the daily meeting, return home interviews, referral, and the next time (rule 13)."""

from __future__ import annotations

from collections.abc import Iterable

from sim.engines.reference.case import Case
from sim.engines.reference.clock import Clock, Due, Steps, begin
from sim.engines.reference.desks import (
    LATE_PPN,
    MASH,
    MEETING,
    PROMPT,
    REFERRAL,
    RETURN_INTERVIEW,
    Desk,
)
from sim.engines.reference.job import Job
from sim.engines.reference.steps import daily, scaled, take
from sim.tables import NEVER, NONE, CaseEnd, EpisodeRules

_STRATEGY, _MINUTES, _INTERVIEW_DUE, _OUTSIDE, _PROMPT_DUE = range(5)
"""Numbers of what falls due (rule 1.3)."""


class Partners:
    """What police and local authorities do together, after the child is safe or before."""

    def __init__(
        self, rules: EpisodeRules, clock: Clock, desks: dict[int, Desk], cases: Iterable[Case]
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

    def reports(self, case: Case) -> bool:
        """Tell whether police hear of the episode at all (rules 13.7, 13.8)."""
        if case.child in self._helped and case.fate.prevent_parts < self._rules.prevented_parts:
            case.end = CaseEnd.PREVENTED
        elif not case.fate.recorded:
            case.end = CaseEnd.UNRECORDED
        return case.end == CaseEnd.STILL_MISSING

    def graded(self, job: Job, case: Case) -> None:
        """What is known of earlier episodes, and whether there were many (13.5, 13.6)."""
        rules = self._rules
        if case.child in self._informed and job.research_seconds != NEVER:
            job.research_seconds = scaled(job.research_seconds, rules.known_per_mille)
        after = rules.referral_after
        if after != NEVER and case.fate.previous_90_days >= after - 1:
            begin(self._refer(case))

    def safe(self, case: Case) -> None:
        """The child is safe."""
        if self._coordinator is None and case.discussed_at == NEVER:
            self._discussed(case)
        elif case.discussed_at != NEVER:
            self._offer(case)

    def ppn_sent(self, case: Case) -> None:
        """The PPN is sent, and MASH has it (rule 13.1)."""
        case.ppn_at = self._clock.now
        begin(self._share(case))

    def no_ppn(self, case: Case) -> None:
        """The officers of the interview send none (rule 12.5)."""
        if self._mash_supervisor is not None:
            begin(self._prompt(case))

    def daily_meeting(self, start: int) -> Steps:
        """Rule 13.2, each day."""
        if self._rules.meeting_at == NEVER or self._coordinator is None:
            return
        for second in daily(self._rules.meeting_at, start):
            yield self._clock.at(second, Due.MEETING, 0)
            if self._coordinator.on_duty:
                for case in self._cases:
                    if not case.listed and self._is_known(case, second):
                        case.listed = True
                        begin(self._discuss(case))

    @staticmethod
    def _is_known(case: Case, now: int) -> bool:
        report = case.report
        return (
            isinstance(report, Job)
            and report.reported_at <= now
            and case.end == CaseEnd.STILL_MISSING
        )

    def _share(self, case: Case) -> Steps:
        yield from take(self._clock, self._mash, case.job, MASH, case.fate.mash_seconds)
        case.shared_at = self._clock.now

    def _prompt(self, case: Case) -> Steps:
        rules, clock, job = self._rules, self._clock, case.job
        yield clock.after(rules.prompt_after_seconds, Due.PARTNER, job.key, _PROMPT_DUE)
        yield from take(clock, self._mash_supervisor, job, PROMPT, rules.prompt_seconds)
        yield from take(clock, self._late_ppn, job, LATE_PPN, case.fate.ppn_seconds)
        self.ppn_sent(case)

    def _discuss(self, case: Case) -> Steps:
        seconds = self._rules.meeting_seconds
        yield from take(self._clock, self._coordinator, case.job, MEETING, seconds)
        self._discussed(case)

    def _discussed(self, case: Case) -> None:
        case.discussed_at = self._clock.now
        if case.fate.strategy_parts < self._rules.strategy_parts_held:
            begin(self._strategy(case))
        if case.safe:
            self._offer(case)

    def _strategy(self, case: Case) -> Steps:
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
                begin(self._return_interview(case))

    def _return_interview(self, case: Case) -> Steps:
        clock, fate, job = self._clock, case.fate, case.job
        yield clock.after(fate.rhi_wait_seconds, Due.PARTNER, fate.key, _INTERVIEW_DUE)
        if fate.outside_seconds != NEVER:
            yield clock.after(fate.outside_seconds, Due.PARTNER, fate.key, _OUTSIDE)
        else:
            worker = self._workers[job.area] if self._workers else None
            yield from take(clock, worker, job, RETURN_INTERVIEW, fate.rhi_seconds)
        case.completed_at = clock.now
        if case.child != NONE:
            self._helped.add(case.child)
            if fate.informs:
                self._informed.add(case.child)

    def _refer(self, case: Case) -> Steps:
        seconds = self._rules.referral_seconds
        yield from take(self._clock, self._referral, case.job, REFERRAL, seconds)
        case.referred_at = self._clock.now
        if case.child != NONE:
            self._helped.add(case.child)
