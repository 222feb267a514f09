"""A missing episode in the engine: its fate as drawn, and what has become of it so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.engines.reference.job import Job, Report
from sim.tables import CASES, COHORT, ENQUIRIES, EPISODES, NEVER, NONE, CaseEnd, End, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.engines.reference.desks import Task
    from sim.engines.reference.errand import Line, Visit


class Fate(NamedTuple):
    """A row of the episodes table."""

    key: int
    recorded: int
    cohort: int
    previous_90_days: int
    prevent_parts: int
    interview_officers: int
    interview_travel_seconds: int
    transport_seconds: int
    protection_seconds: int
    ppn_sent: int
    ppn_seconds: int
    mash_seconds: int
    strategy_parts: int
    strategy_after_seconds: int
    minutes_after_seconds: int
    rhi_offered: int
    rhi_accepted: int
    rhi_wait_seconds: int
    rhi_seconds: int
    outside_seconds: int
    informs: int


class LineFate(NamedTuple):
    """A row of the enquiries table."""

    key: int
    line: int
    kind: int
    gap_seconds: int
    desk: int
    officers: int
    base_travel_seconds: int
    work_seconds: int
    finds: int
    lost_parts: int
    review_parts: int
    tasking_parts: int


@dataclass(slots=True, eq=False)
class Case:
    """One missing episode.

    Attributes
    ----------
    report
        Its incident; a `Job` where officers are to be sent.
    row
        Where that stands in the incidents table.
    lines_of_enquiry
        Fates, by line; the last stands for all that follow (rule 11.3).
    """

    report: Report
    row: int
    child: int
    fate: Fate
    lines_of_enquiry: Sequence[LineFate]

    end: int = field(init=False, default=CaseEnd.STILL_MISSING)
    """`PREVENTED` or `UNRECORDED` from the report on; else read off at the end of follow-up."""
    enquiry_at: int = field(init=False, default=NEVER)
    first_line_at: int = field(init=False, default=NEVER)
    lines: int = field(init=False, default=0)
    lines_again: int = field(init=False, default=0)
    handovers: int = field(init=False, default=0)
    reviews: int = field(init=False, default=0)
    taskings: int = field(init=False, default=0)
    moved_on: int = field(init=False, default=0)
    escalated_at: int = field(init=False, default=NEVER)
    found_at: int = field(init=False, default=NEVER)
    interviewed_at: int = field(init=False, default=NEVER)
    interviewed_by: int = field(init=False, default=NONE)
    ppn_at: int = field(init=False, default=NEVER)
    shared_at: int = field(init=False, default=NEVER)
    discussed_at: int = field(init=False, default=NEVER)
    strategy_at: int = field(init=False, default=NEVER)
    minutes_at: int = field(init=False, default=NEVER)
    referred_at: int = field(init=False, default=NEVER)
    offered_at: int = field(init=False, default=NEVER)
    completed_at: int = field(init=False, default=NEVER)

    under_enquiry: bool = field(init=False, default=False)
    safe: bool = field(init=False, default=False)
    listed: bool = field(init=False, default=False)
    """On the list of a daily meeting."""
    escalated: bool = field(init=False, default=False)
    next_line: int = field(init=False, default=0)
    last_line: int = field(init=False, default=NONE)
    """The last one completed."""
    lost_line: int = field(init=False, default=NONE)
    """The last one that a handover lost."""
    again: int = field(init=False, default=NONE)
    """A line to be done again before the next new one."""
    to_read_in: bool = field(init=False, default=False)
    """Handed over since the last line was begun (rule 11.6)."""
    gap: int = field(init=False, default=0)
    """Goes up as gaps begin, so that the end of an earlier one is known as old."""
    gap_passes: bool = field(init=False, default=False)
    line: Line | None = field(init=False, default=None)
    """Asked for, and not complete."""
    desk_line: Task | None = field(init=False, default=None)
    visit: Visit | None = field(init=False, default=None)
    allocations: int = field(init=False, default=0)
    """Of the incident, errands included."""
    review_round: int = field(init=False, default=0)
    reviews_asked: int = field(init=False, default=0)
    taskings_asked: int = field(init=False, default=0)
    owned_since: int = field(init=False, default=NEVER)

    @property
    def job(self) -> Job:
        """Its incident, where officers are to be sent."""
        assert isinstance(self.report, Job)
        return self.report

    @property
    def class_(self) -> int:
        """Its risk level as held, or the exploitation cohort (rule 11.4)."""
        return COHORT if self.fate.cohort else self.report.risk

    @property
    def ppn_work(self) -> int:
        """Writing that the PPN adds: none where the interview was the first attendance (12.5)."""
        job = self.job
        back = job.returned and job.return_at < job.arrived_at
        return 0 if back else self.fate.ppn_seconds

    def line_begins(self, now: int) -> None:
        """Somebody begins to work on a line of enquiry."""
        if self.first_line_at == NEVER:
            self.first_line_at = now

    def line_fate(self, number: int) -> LineFate:
        """The fate of a line, review or tasking of this number."""
        return self.lines_of_enquiry[min(number, len(self.lines_of_enquiry) - 1)]


_READ_OFF: Final = ("key", "end", "safe_at")
_OWN: Final = tuple(name for name in CASES.names if name not in _READ_OFF)


def cases_from(
    reports: Sequence[Report], incidents: Table, episodes: Table, enquiries: Table
) -> list[Case]:
    """A case for each row of the episodes table, in its order; jobs are told of theirs.

    Parameters
    ----------
    reports
        One for each row of the incidents table, in its order.
    incidents, episodes, enquiries
        As drawn.
    """
    order = np.argsort(incidents["key"])
    places = order[np.searchsorted(incidents["key"], episodes["key"], sorter=order)]
    children = incidents["child"][places].tolist()
    rows = zip(*(enquiries[name].tolist() for name in ENQUIRIES.names), strict=True)
    lines = {
        key: [LineFate(*row) for row in together]
        for key, together in groupby(rows, key=itemgetter(0))
    }
    cases: list[Case] = []
    drawn = zip(*(episodes[name].tolist() for name in EPISODES.names), strict=True)
    for row, child, fate in zip(places.tolist(), children, map(Fate._make, drawn), strict=True):
        report = reports[row]
        case = Case(report, row, child, fate, lines.get(fate.key, ()))
        if isinstance(report, Job):
            report.case = case
        cases.append(case)
    return cases


def cases_table(cases: Sequence[Case], incidents: Table, follow_up_ends: int) -> Table:
    """The cases table (rule 13.9)."""
    columns = {
        name: np.fromiter((getattr(case, name) for case in cases), dtype=np.int64, count=len(cases))
        for name in _OWN
    }
    keys = np.fromiter((case.fate.key for case in cases), dtype=np.int64, count=len(cases))
    rows = np.fromiter((case.row for case in cases), dtype=np.int64, count=len(cases))
    returns = incidents["return_at"][rows]
    found, early = columns["found_at"], [case.end for case in cases]
    prevented = np.array(early, dtype=np.int64) == CaseEnd.PREVENTED
    returned = (found == NEVER) & (returns != NEVER) & (returns < follow_up_ends) & ~prevented
    columns["key"] = keys
    columns["safe_at"] = np.where(returned, returns, found)
    columns["end"] = np.select(
        [
            prevented,
            np.array(early, dtype=np.int64) == CaseEnd.UNRECORDED,
            found != NEVER,
            returned,
        ],
        [CaseEnd.PREVENTED, CaseEnd.UNRECORDED, CaseEnd.FOUND, CaseEnd.RETURNED],
        CaseEnd.STILL_MISSING,
    )
    return Table(CASES, columns)


def never_heard_of(cases: Sequence[Case]) -> dict[int, End]:
    """Ends, by key, of incidents that police never hear of (rules 13.7, 13.8)."""
    return {case.fate.key: _NEVER_HEARD_OF[case.end] for case in cases if case.end}


_NEVER_HEARD_OF: Final = {
    int(CaseEnd.PREVENTED): End.PREVENTED,
    int(CaseEnd.UNRECORDED): End.UNRECORDED,
}
