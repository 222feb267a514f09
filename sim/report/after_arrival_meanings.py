"""What each measure of cases after arrival means, in words."""

from __future__ import annotations

import re
from typing import Final

AFTER_ARRIVAL: Final = {
    "case_end": (
        "Share of missing episodes that ended so by the end of follow-up. `stage`: returned "
        "(unprompted), found (by a line of enquiry), still_missing, prevented (an earlier "
        "episode's interview or referral kept it from coming about) or unrecorded (never "
        "recorded, and so never looked for). They add up to 1."
    ),
    "clock_mean": (
        "Mean time from the report of a case until, by `stage`: first_enquiry (research or the "
        "first arrival), officer_with (at the address or with the child), child_seen (by police), "
        "child_safe (returned or found: a child who returns is safe before police see them, so "
        "this is sooner on average). What did not come about counts until the end of "
        "follow-up. first_line runs from when the case came under enquiry to work on its first "
        "line of enquiry, or until the child is safe. A case: recorded, and somebody was to be "
        "sent."
    ),
    "clock_p50": "Half of these times do not exceed it.",
    "clock_p90": "Nine in ten of these times do not exceed it.",
    "clock_stopped": "Share of cases for which it came about; the rest was cut off.",
    "unattended_hours_mean": (
        "Mean time of a case from the report until an officer is at the address or with the "
        "child, or the child is safe, whichever is first; or until the end of follow-up."
    ),
    "unattended_hours_p50": "Half of the cases are unattended for no longer.",
    "unattended_hours_p90": "Nine in ten cases are unattended for no longer.",
    "under_enquiry": (
        "Share of cases whose child was not back when the first attendance was complete."
    ),
    "enquiry_hours_per_case": (
        "Mean hours under enquiry of a case that came under it, until the child is safe or "
        "follow-up ends. `stage`: while it was the missing-person team's or response's, or "
        "between 22:00 and 07:00 (night)."
    ),
    "unworked_hours_per_case": (
        "Of these, the hours in which nobody did any work for the case, neither a unit nor a "
        "desk: not even travel, writing or a review."
    ),
    "unworked_share": (
        "Share of the time under enquiry in which nobody did any work for the case. With `hour`: "
        "of the day, and by whose case it was."
    ),
    "unworked_hours_a_week": (
        "Hours of that a week, summed over cases. It stands beside the officers' hours: what is "
        "not done costs none, and is no saving."
    ),
    "handovers_per_case": "Mean number of times that a case under enquiry changed hands.",
    "lines_per_case": "Mean number of lines of enquiry completed, those done again too.",
    "lines_again_per_case": "Of these, done again because a handover lost them.",
    "reviews_per_case": "Mean number of supervisors' reviews while under enquiry.",
    "taskings_per_case": "Mean number of daily taskings that discussed the case.",
    "moved_on_per_case": "Mean number of gaps that a review or a tasking ended.",
    "escalated_after_arrival": "Share of cases under enquiry whose risk was found to have risen.",
    "officer_hours_per_case": (
        "Mean hours of work of units for a case, times the officers in each, from the report to "
        "the end of follow-up: travel, scene, lines of enquiry, interview, transport, police "
        "protection and writing. Desks are apart. Fewer hours are a saving only where the child "
        "was not longer unattended and the case not longer unworked."
    ),
    "desk_hours_per_case": "Mean hours of work at desks for a case, the call included.",
    "pounds_per_case": (
        "What these hours of officers and desks cost by their pools' pounds_per_hour; people who "
        "are paid and idle are not in it."
    ),
    "work_hours_per_case": (
        "Mean hours of work for a case, times the officers of the unit, by kind of work (`stage`) "
        "or by pool; desks too."
    ),
    "officer_hours_a_week": "Hours of units' officers for cases a week.",
    "desk_hours_a_week": "Hours at desks for cases a week.",
    "interviewed": (
        "Of cases whose child is safe: share whose prevention interview was held by the end of "
        "follow-up."
    ),
    "interviewed_by": "Of prevention interviews: share held by pools of a role (`stage`).",
    "interview_after_mean": (
        "Mean hours from the child being safe to the end of the prevention interview; what was "
        "not held counts until the end of follow-up."
    ),
    "interview_after_p50": "Half of the interviews are complete so soon.",
    "interview_after_p90": "Nine in ten interviews are complete so soon.",
    "ppn_sent": "Of cases interviewed: share whose PPN was sent by the end of follow-up.",
    "ppn_after_mean": "Mean hours from the interview to the PPN, of those sent.",
    "ppn_after_p50": "Half of the PPNs are sent so soon.",
    "ppn_after_p90": "Nine in ten PPNs are sent so soon.",
    "mash_shared": "Of PPNs sent: share that MASH had shared by the end of follow-up.",
    "mash_shared_after_mean": "Mean hours from the PPN to MASH sharing it, of those shared.",
    "mash_shared_after_p50": "Half are shared so soon.",
    "mash_shared_after_p90": "Nine in ten are shared so soon.",
    "discussed": "Share of cases that the daily meeting with the local authorities discussed.",
    "strategy_meeting_held": "Of cases discussed: share with a strategy meeting.",
    "strategy_minutes_received": "Of strategy meetings: share whose minutes came.",
    "return_interview_offered": (
        "Of cases whose child was safe at least 72 hours before the end of follow-up: share "
        "offered a return home interview."
    ),
    "return_interview_completed": "Of the same cases: share with one completed.",
    "return_interview_in_72_hours": "Of those completed: share within 72 hours of safe.",
    "return_interview_after_mean": (
        "Mean hours from the child being safe to the return home interview, where one is accepted; "
        "null where follow-up ended before all were held."
    ),
    "return_interview_after_p50": (
        "Half of the return home interviews that are accepted are held so soon; those that "
        "follow-up cut off count for as long as they were followed."
    ),
    "return_interview_after_p90": "Nine in ten of them are held so soon.",
    "referred": "Share of cases that led to a referral for repeated episodes.",
    "unrecorded_hours_mean": (
        "Mean hours missing of an episode that was never recorded, from when it would have been "
        "reported until the child is back or follow-up ends."
    ),
    "unrecorded_hours_p50": "Half of them are missing for no longer.",
    "unrecorded_hours_p90": "Nine in ten of them are missing for no longer.",
    "unrecorded_hours_a_week": (
        "Hours a week in which children are missing and nobody looks, for nobody recorded it. "
        "Fewer reports are no saving."
    ),
    "cases_open": (
        "Mean number of cases whose child is not safe, at midnight. With `hour`: at the midnight "
        "of that hour of the week. All cases, whenever they were reported."
    ),
    "cases_open_over_24_hours": "Of these, reported more than 24 hours before.",
    "cases_open_over_48_hours": "Of these, reported more than 48 hours before.",
    "cases_open_over_72_hours": "Of these, reported more than 72 hours before.",
}
"""By measure, in the order in which the schema lists them."""

_CURVES: Final = re.compile(r"^(returned|found)_by_\d+_minutes$")


def is_of_cases(measure: str) -> bool:
    """Whether a measure is about cases after arrival."""
    return measure in AFTER_ARRIVAL or _CURVES.match(measure) is not None
