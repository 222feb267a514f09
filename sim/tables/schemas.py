"""The tables: what is drawn, who is on duty, and what an engine makes of them.

Times are whole seconds from local midnight of the scenario's first day; times before 0 are
legal. Durations are whole seconds. Columns marked optional may hold NEVER. What stands in a row
that a column says nothing about, and of which incidents an engine keeps a column at hand, is told
here alone: a new column is drawn where chance decides and read where its rule stands, and named
nowhere else.
"""

from __future__ import annotations

from typing import Final

from sim.tables.codes import NONE, PARTS
from sim.tables.table import Column, Schema

_I8, _I16, _I32, _I64 = "int8", "int16", "int32", "int64"

INCIDENTS: Final = Schema(
    "incidents",
    (
        Column(
            "key", _I64, "key", "lasting number of the incident: stream, child or point, episode"
        ),
        Column("stream", _I16, "code", "stream, in the scenario's order"),
        Column("area", _I8, "code", "area in which it is attended, in the scenario's order"),
        Column(
            "desk_pool",
            _I16,
            "code",
            "desk pool whose other work this row is; -1: an incident",
            nothing=NONE,
        ),
        Column(
            "child", _I64, "key", "the child, the same through all episodes; -1: none", nothing=NONE
        ),
        Column("episode", _I16, "count", "which episode of this child's, from 0"),
        Column("in_care", _I8, "flag", "1: the child is looked after"),
        Column("age_band", _I8, "code", "age band, in the stream's order; -1: none", nothing=NONE),
        Column("risk", _I8, "code", "risk level as first assessed (codes.Risk)"),
        Column("ratified_risk", _I8, "code", "risk level that ratification would give"),
        Column("reported_at", _I64, "s", "the report reaches the control room"),
        Column("origin", _I8, "code", "999, 101, online or direct (codes.Origin)"),
        Column("last_seen_at", _I64, "s", "the missing person was last seen", optional=True),
        Column("return_at", _I64, "s", "would come home unprompted", optional=True),
        Column("escalates_at", _I64, "s", "the risk rises, known only by review", optional=True),
        Column("grade", _I8, "grade", "grade as first drawn; 1 is the most urgent"),
        Column("deploys", _I8, "flag", "0: ends with the call, nobody is sent"),
        Column("vulnerable", _I8, "flag", "1: never graded below 2"),
        Column("thrive_seconds", _I64, "s", "answer to grade"),
        Column("assessment_seconds", _I64, "s", "risk assessment after the grade", optional=True),
        Column("wrap_seconds", _I64, "s", "call taker's work after that"),
        Column("research_seconds", _I64, "s", "work of FIB24 research", optional=True),
        Column("ratification_seconds", _I64, "s", "work of ratification", optional=True),
        Column("ratified_grade", _I8, "grade", "grade that ratification would give"),
        Column("held_parts", _I32, "1e-6", "uniform held against the share held at the gate"),
        Column("rank_parts", _I32, "1e-6", "uniform held against the share ranked a grade lower"),
        Column("desk_seconds", _I64, "s", "length of a desk pool's other work"),
        Column("officers", _I8, "officers", "officers needed at the scene"),
        Column("base_travel_seconds", _I64, "s", "travel by an own-area unit at factor 1"),
        Column("scene_seconds", _I64, "s", "work at the scene"),
        Column("interview_seconds", _I64, "s", "work there when the child has returned first"),
        Column("custody_seconds", _I64, "s", "after the scene: custody, hospital, sitting with"),
        Column("writing_seconds", _I64, "s", "after that: writing up"),
        Column("switch_seconds", _I64, "s", "a switchboard's work to answer and pass it on"),
        Column("passed_at_once", _I8, "flag", "1: goes before other calls that are passed on"),
        Column("patience_seconds", _I64, "s", "waits so long for a call taker", optional=True),
        Column("after_hang_up", _I8, "code", "what a caller then does (codes.AfterHangUp)"),
        Column("again_seconds", _I64, "s", "from hanging up to calling again, or going online"),
        Column(
            "uncertain_parts",
            _I32,
            "1e-6",
            "uniform held against the share of uncertain risk",
            nothing=PARTS,
        ),
        Column("telephone_seconds", _I64, "s", "work of a telephone enquiry before sending"),
        Column("telephone_finds", _I8, "flag", "1: it finds somebody who is still missing"),
        Column("decision_sum", _I64, "1e-9", "sum of a dispatcher's rate that lets it go", True),
    ),
    key=("key",),
    of_all=(
        *("key", "reported_at", "origin", "grade", "risk", "thrive_seconds", "wrap_seconds"),
        *("desk_pool", "desk_seconds", "switch_seconds", "passed_at_once"),
        *("patience_seconds", "after_hang_up", "again_seconds"),
    ),
    of_none=("child", "episode", "in_care", "age_band", "last_seen_at", "deploys"),
)

ATTEMPTS: Final = Schema(
    "attempts",
    (
        Column("key", _I64, "key", "the incident"),
        Column("attempt", _I16, "count", "which allocation of it, from 0"),
        Column("dispatch_seconds", _I64, "s", "dispatcher's work for this allocation"),
    ),
    key=("key", "attempt"),
)
"""Fates whose number depends on the path; an attempt beyond the last row uses that row."""

EPISODES: Final = Schema(
    "episodes",
    (
        Column("key", _I64, "key", "the incident"),
        Column("recorded", _I8, "flag", "0: never recorded, so never looked for"),
        Column("cohort", _I8, "flag", "1: of the cohort at high risk of exploitation"),
        Column("previous_90_days", _I16, "count", "reports of the child in the 90 days before"),
        Column("prevent_parts", _I32, "1e-6", "uniform held against the share prevented"),
        Column("interview_officers", _I8, "officers", "officers needed at a visit"),
        Column("interview_travel_seconds", _I64, "s", "base travel to a visit"),
        Column("transport_seconds", _I64, "s", "bringing a found child home"),
        Column("protection_seconds", _I64, "s", "staying with the child: police protection"),
        Column("ppn_sent", _I8, "flag", "1: the interview's unit sends a PPN"),
        Column("ppn_seconds", _I64, "s", "writing the PPN"),
        Column("mash_seconds", _I64, "s", "MASH's work on it"),
        Column("strategy_parts", _I32, "1e-6", "uniform held against the share of meetings held"),
        Column("strategy_after_seconds", _I64, "s", "discussion to strategy meeting"),
        Column("minutes_after_seconds", _I64, "s", "strategy meeting to its minutes"),
        Column("rhi_offered", _I8, "flag", "1: a return home interview is offered"),
        Column("rhi_accepted", _I8, "flag", "1: it is accepted"),
        Column("rhi_wait_seconds", _I64, "s", "offer to when it can be held"),
        Column("rhi_seconds", _I64, "s", "the worker's time for it"),
        Column("outside_seconds", _I64, "s", "another authority's time to hold it", optional=True),
        Column("informs", _I8, "flag", "1: what it tells is put on police systems"),
        Column("protection_night_seconds", _I64, "s", "the same where it begins out of hours"),
        Column("no_placement", _I8, "flag", "1: no placement is found for the child at first"),
        Column("history_seconds", _I64, "s", "another force's answer, once researched here"),
        Column("answer_seconds", _I64, "s", "another authority's answer, once discussed here"),
        Column("sent_on_seconds", _I64, "s", "MASH's work to another authority having it"),
    ),
    key=("key",),
)
"""A row for each incident whose episode is followed beyond the first attendance."""

ENQUIRIES: Final = Schema(
    "enquiries",
    (
        Column("key", _I64, "key", "the incident"),
        Column("line", _I16, "count", "which line of enquiry, from 0"),
        Column("kind", _I8, "code", "kind of line, in the scenario's order"),
        Column("gap_seconds", _I64, "s", "before it, at day rhythm"),
        Column("desk", _I8, "flag", "1: done at a desk"),
        Column("officers", _I8, "officers", "officers needed"),
        Column("base_travel_seconds", _I64, "s", "travel by an own-area unit at factor 1"),
        Column("work_seconds", _I64, "s", "the work itself"),
        Column("finds", _I8, "flag", "1: finds a child who is still missing"),
        Column("lost_parts", _I32, "1e-6", "uniform held against the share lost at a handover"),
        Column("review_parts", _I32, "1e-6", "uniform of the review of this number"),
        Column("tasking_parts", _I32, "1e-6", "uniform of the daily tasking of this number"),
    ),
    key=("key", "line"),
    of_none=("key", "kind"),
)
"""Fates of lines of enquiry; a line, review or tasking beyond the last row uses that row."""

CONCERNS: Final = Schema(
    "concerns",
    (
        Column("key", _I64, "key", "the incident"),
        Column("visit", _I16, "count", "0: the first attendance; then re-visits"),
        Column("gap_seconds", _I64, "s", "since the visit before"),
        Column("officers", _I8, "officers", "officers needed"),
        Column("base_travel_seconds", _I64, "s", "travel by an own-area unit at factor 1"),
        Column("work_seconds", _I64, "s", "the work itself"),
        Column("sees", _I8, "flag", "1: the child is seen and spoken to at it"),
    ),
    key=("key", "visit"),
    of_none=("key", "visit"),
)
"""Fates of the visits that a welfare concern may take; of the first, `sees` alone is read."""

ROTA: Final = Schema(
    "rota",
    (
        Column("key", _I64, "key", "lasting number: pool, date, shift, slot"),
        Column("pool", _I16, "code", "pool, in the scenario's order"),
        Column("shift", _I16, "code", "which of the pool's shifts"),
        Column("on_at", _I64, "s", "the shift begins"),
        Column("off_at", _I64, "s", "the shift ends"),
        Column("break_at", _I64, "s", "the break is due", optional=True),
        Column("break_seconds", _I64, "s", "length of the break"),
        Column("officers", _I8, "officers", "officers in the unit; 1 at a desk"),
    ),
    key=("key",),
    of_none=("shift",),
)
"""A row is one unit (or desk worker) on one shift, after abstraction and crewing."""

OUTCOMES: Final = Schema(
    "outcomes",
    (
        Column("key", _I64, "key", "the incident"),
        Column("answered_at", _I64, "s", "a call taker answered; desk work: it was begun", True),
        Column("graded_at", _I64, "s", "graded", optional=True),
        Column("assessed_at", _I64, "s", "risk assessment complete", optional=True),
        Column("researched_at", _I64, "s", "FIB24 research on the log", optional=True),
        Column("ratified_at", _I64, "s", "risk assessment ratified", optional=True),
        Column("ready_at", _I64, "s", "let go: may be deployed to", optional=True),
        Column("claimed_at", _I64, "s", "units first earmarked", optional=True),
        Column("allocated_at", _I64, "s", "first allocation made: a unit sets off", optional=True),
        Column("arrived_at", _I64, "s", "first officer at the address or with the child", True),
        Column("seen_at", _I64, "s", "child seen by police", optional=True),
        Column("finished_at", _I64, "s", "work at the scene, or at the desk, complete", True),
        Column("upgraded_at", _I64, "s", "first re-grade to a more urgent grade", optional=True),
        Column("downgraded_at", _I64, "s", "first re-grade to a less urgent grade", optional=True),
        Column("end", _I8, "code", "what became of it (codes.End)"),
        Column("final_grade", _I8, "grade", "grade when attended, or at the end", nothing=NONE),
        Column("final_risk", _I8, "code", "risk level at the end (codes.Risk)"),
        Column("held", _I8, "flag", "1: the gate was shut to it when graded"),
        Column("allocations", _I16, "count", "allocations begun"),
        Column("diversions", _I16, "count", "times its units were taken away"),
        Column("reviews", _I16, "count", "reviews made while it was unallocated"),
        Column("arrived_then_left", _I8, "flag", "1: officers left the scene for another job"),
        Column("attended_by", _I16, "code", "pool of the first to arrive; -1: none", nothing=NONE),
        Column("hung_up_at", _I64, "s", "hung up before a call taker spoke to the caller", True),
        Column("telephone_found_at", _I64, "s", "found by telephone before anybody was sent", True),
    ),
    key=("key",),
    of_all=("answered_at", "graded_at", "finished_at", "hung_up_at"),
    of_none=("key", "end", "final_risk"),
)
"""A row for each row of the incidents table, in its order."""

CASES: Final = Schema(
    "cases",
    (
        Column("key", _I64, "key", "the incident"),
        Column("end", _I8, "code", "what became of the episode (codes.CaseEnd)"),
        Column("enquiry_at", _I64, "s", "under enquiry: first attendance complete", True),
        Column("first_line_at", _I64, "s", "work on the first line of enquiry began", True),
        Column("lines", _I16, "count", "lines of enquiry completed, those done again too"),
        Column("lines_again", _I16, "count", "of these, done again after a handover"),
        Column("handovers", _I16, "count", "times that the case was handed over"),
        Column("reviews", _I16, "count", "reviews made while it was under enquiry"),
        Column("taskings", _I16, "count", "daily taskings that discussed it"),
        Column("moved_on", _I16, "count", "gaps that a review or a tasking ended"),
        Column("escalated_at", _I64, "s", "a rise of risk was discovered after arrival", True),
        Column("found_at", _I64, "s", "found by a line of enquiry", optional=True),
        Column("safe_at", _I64, "s", "found, or returned", optional=True),
        Column("interviewed_at", _I64, "s", "prevention interview complete", optional=True),
        Column("interviewed_by", _I16, "code", "pool that held it; -1: none", nothing=NONE),
        Column("ppn_at", _I64, "s", "PPN sent", optional=True),
        Column("shared_at", _I64, "s", "MASH has shared it", optional=True),
        Column("discussed_at", _I64, "s", "discussed with the local authorities", optional=True),
        Column("strategy_at", _I64, "s", "strategy meeting held", optional=True),
        Column("minutes_at", _I64, "s", "its minutes received", optional=True),
        Column("referred_at", _I64, "s", "referred for repeated episodes", optional=True),
        Column("offered_at", _I64, "s", "return home interview offered", optional=True),
        Column("completed_at", _I64, "s", "return home interview complete", optional=True),
    ),
    key=("key",),
    of_none=("key", "safe_at"),
)
"""A row for each row of the episodes table, in its order."""

ACTIVITIES: Final = Schema(
    "activities",
    (
        Column("incident", _I64, "key", "the incident; -1: a break"),
        Column("pool", _I16, "code", "pool of the unit or desk; a wait: the pool asked; -1: any"),
        Column("unit", _I64, "key", "key in the rota; -1: a wait"),
        Column("kind", _I8, "code", "codes.Activity"),
        Column("attempt", _I16, "count", "which allocation, review or step"),
        Column("start", _I64, "s", "first second"),
        Column("end", _I64, "s", "second after the last"),
        Column("why", _I8, "code", "why it ended (codes.Why)"),
    ),
)
"""A row for each wait and each piece of work, sorted by all its columns from start on.

Rows of no length are kept, except waits: a wait that ends in the second in which it began is
not written.
"""
