"""From an engine's tables to the tallies of one replication.

================  ==========================================================================
`definition`      what is measured: window, targets, team hours, first grades
`lookup`          which rows of a replication's tables belong together
`replication`     the tallies, how they are cut and how they are added up
`arrays`          the arrays that tallies are made of, and how keys are added up
`packed`          replications kept small
`clocks`          who is counted; when clocks start and stop; was the target met
`reachable`       the no-queue ceiling
`stages`          where the time goes, and what it is spent on
`queued`          what a job in the queue waits for (`queue_waits`: its waits, in parts)
`idle`            idle units while a graded job waits
`crews`           units second by second: on duty, idle, to be called away
`moments`         when something changes, and how long each state lasts
`claims`          units given to jobs, and whom else they would have done for
`pools`           who was on duty and busy, and what queued
`episode`         the tallies of cases after arrival
`unworked`        hours in which nobody worked on a case, by whose it was
`after_arrival`   from the tables to these tallies
`concerns`        welfare concerns: seen or not, and when
`placed`          children in care, by which local authority placed them
`outcome_counts`  what outcomes alone tell, which can be counted without all the rest
`measure`         all of it
================  ==========================================================================
"""

from sim.measures.after_arrival import Followed
from sim.measures.concerns import ConcernCount, Concerns
from sim.measures.definition import (
    HEADLINE_MEASURES,
    Definition,
    FirstGrades,
    Intervals,
    Target,
    team_hours,
)
from sim.measures.episode import CaseCount, Ending, Episodes, Span
from sim.measures.measure import SOON_SECONDS, labels_of, measure
from sim.measures.outcome_counts import (
    OF_ALL_REPORTS,
    OF_NEEDED,
    READ,
    Dimension,
    OutcomeColumns,
    OutcomeTally,
    counted_outcomes,
    tally_outcomes,
)
from sim.measures.packed import Packed, packed
from sim.measures.placed import PlacedCount
from sim.measures.reachable import played_freely
from sim.measures.replication import (
    CURVE_MINUTES,
    PARTS_OF_STAGES,
    RISKS,
    STAGE_PARTS,
    STAGES,
    WEEK_HOURS,
    Count,
    Cut,
    Fate,
    Labels,
    PoolTimes,
    Replication,
    merged,
)

__all__ = [
    "CURVE_MINUTES",
    "HEADLINE_MEASURES",
    "OF_ALL_REPORTS",
    "OF_NEEDED",
    "PARTS_OF_STAGES",
    "READ",
    "RISKS",
    "SOON_SECONDS",
    "STAGES",
    "STAGE_PARTS",
    "WEEK_HOURS",
    "CaseCount",
    "ConcernCount",
    "Concerns",
    "Count",
    "Cut",
    "Definition",
    "Dimension",
    "Ending",
    "Episodes",
    "Fate",
    "FirstGrades",
    "Followed",
    "Intervals",
    "Labels",
    "OutcomeColumns",
    "OutcomeTally",
    "Packed",
    "PlacedCount",
    "PoolTimes",
    "Replication",
    "Span",
    "Target",
    "counted_outcomes",
    "labels_of",
    "measure",
    "merged",
    "packed",
    "played_freely",
    "tally_outcomes",
    "team_hours",
]
