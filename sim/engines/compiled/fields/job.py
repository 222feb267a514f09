"""An incident: what is drawn of it, and what has become of it; also lines of enquiry and visits.

One that a desk deals with alone (a call that ends without deployment, other work of a desk) is kept
up to `REPORT_SIZE` only. What has become of an incident stands together, and what is drawn of it,
so that each is brought from the memory and back at once; the rest begins when it is reported
(`reports`).
"""

(
    KEY,
    REPORTED_AT,
    KIND,
    CASE,
    ORIGIN,
    GRADE,
    RISK,
    THRIVE_SECONDS,
    WRAP_SECONDS,
    DESK_POOL,
    DESK_SECONDS,
    # NEVER at first.
    ANSWERED_AT,
    GRADED_AT,
    FINISHED_AT,
    REPORT_SIZE,
) = range(15)

(
    # Outcomes; NEVER at first.
    ASSESSED_AT,
    RESEARCHED_AT,
    RATIFIED_AT,
    READY_AT,
    CLAIMED_AT,
    ALLOCATED_AT,
    ARRIVED_AT,
    SEEN_AT,
    UPGRADED_AT,
    DOWNGRADED_AT,
    # NONE at first.
    FINAL_GRADE,
    ATTENDED_BY,
    # 0 at first.
    HELD,
    ALLOCATIONS,
    DIVERSIONS,
    REVIEWS,
    ARRIVED_THEN_LEFT,
    # Its place in the queue of its area (rule 6.1), with MISSING_PLACE: class, order, and
    # neighbours in the tree.
    CLASS,
    RANK,
    LEFT,
    RIGHT,
    QUEUED,
    BORROWS,
    STEPPED_UP,
    LOWERED,
    RETURNED,
    ALLOCATION,
    WAITING_SINCE,
    CALL,
    RAISED,
    RATIFICATION_ASKED,
    REVIEW_ROUND,
    RETHRIVES,
    RETHRIVE_AT,
    # Of a line of enquiry.
    LINE,
    FINDS,
    AGAIN,
    # NEVER at first.
    WORK_LEFT,
    # Fates.
    STREAM,
    AREA,
    OFFICERS,
    MISSING_PLACE,
    RETURN_AT,
    ESCALATES_AT,
    VULNERABLE,
    ASSESSMENT_SECONDS,
    RESEARCH_SECONDS,
    RATIFICATION_SECONDS,
    RATIFIED_GRADE,
    RATIFIED_RISK,
    HELD_PARTS,
    RANK_PARTS,
    TRAVEL_SECONDS,
    SCENE_SECONDS,
    INTERVIEW_SECONDS,
    CUSTODY_SECONDS,
    WRITING_SECONDS,
    SIZE,
) = range(REPORT_SIZE, REPORT_SIZE + 58)

# Kinds.
DESK_WORK, CALL_ALONE, INCIDENT, LINE_OF_ENQUIRY, VISIT = range(5)
