"""Measures of cases followed beyond the first attendance, until the child is safe."""

from __future__ import annotations

from typing import Final

from sim.measures import CaseCount, Span
from sim.results.catalogue.after_safe import AFTER_SAFE
from sim.results.catalogue.case_measures import STAGED, lengths, ratio, weekly
from sim.results.catalogue.measure import Measure, Sums


def _owned(name: str) -> tuple[Sums, ...]:
    """Of the time under enquiry: whose the case was, and the night whosever it was."""
    top, bottom = {
        "enquiry_hours_per_case": ("ENQUIRY{}_SECONDS", "ENQUIRED"),
        "unworked_hours_per_case": ("UNWORKED{}_SECONDS", "ENQUIRED"),
        "unworked_share": ("UNWORKED{}_SECONDS", "ENQUIRY{}_SECONDS"),
    }[name]
    whose = {None: "", "team": "_TEAM", "response": "_RESPONSE", "night": "_NIGHT"}
    return tuple(
        Sums(CaseCount[top.format(owner)], CaseCount[bottom.format(owner)], stage=stage)
        for stage, owner in whose.items()
    )


_CLOCKS: Final = (
    (Span.FIRST_ENQUIRY, "first_enquiry"),
    (Span.OFFICER_WITH, "officer_with"),
    (Span.CHILD_SEEN, "child_seen"),
    (Span.CHILD_SAFE, "child_safe"),
    (Span.FIRST_LINE, "first_line"),
)
"""Told with the share that stopped; what did not is cut off and counted with the rest."""

CASES: Final = (
    Measure(
        name="case_end",
        about="cases",
        unit="share",
        short="Ended so",
        long="Ended so",
        meaning=(
            "Share of missing episodes that ended so by the end of follow-up. `stage`: returned "
            "(unprompted), found (by a line of enquiry), still_missing, prevented (an earlier "
            "episode's interview or referral kept it from coming about) or unrecorded (never "
            "recorded, and so never looked for). They add up to 1."
        ),
        keys=STAGED,
        sums=tuple(
            Sums(CaseCount[stage.upper()], CaseCount.EPISODES, stage=stage)
            for stage in ("returned", "found", "still_missing", "prevented", "unrecorded")
        ),
    ),
    *lengths(
        "clock",
        _CLOCKS,
        "Since the report",
        (
            (
                "Mean time from the report of a case until, by `stage`: first_enquiry (research "
                "or the first arrival), officer_with (at the address or with the child), "
                "child_seen (by police), child_safe (returned or found: a child who returns is "
                "safe before police see them, so this is sooner on average). What did not come "
                "about counts until the end of follow-up. first_line runs from when the case came "
                "under enquiry to work on its first line of enquiry, or until the child is safe. "
                "A case: recorded, and somebody was to be sent."
            ),
            "Half of these times do not exceed it.",
            "Nine in ten of these times do not exceed it.",
        ),
    ),
    Measure(
        name="clock_stopped",
        about="cases",
        unit="share",
        short="Came about",
        long="Came about",
        meaning="Share of cases for which it came about; the rest was cut off.",
        keys=STAGED,
        spans=_CLOCKS,
    ),
    *lengths(
        "unattended_hours",
        ((Span.UNATTENDED, None),),
        "Unattended",
        (
            (
                "Mean time of a case from the report until an officer is at the address or with "
                "the child, or the child is safe, whichever is first; or until the end of "
                "follow-up."
            ),
            "Half of the cases are unattended for no longer.",
            "Nine in ten cases are unattended for no longer.",
        ),
        better="less",
    ),
    ratio(
        "under_enquiry",
        "share",
        "Come under enquiry",
        "Come under enquiry",
        "Share of cases whose child was not back when the first attendance was complete.",
        CaseCount.ENQUIRED,
        CaseCount.CASES,
    ),
    Measure(
        name="enquiry_hours_per_case",
        about="cases",
        unit="hours",
        short="Under enquiry, h a case",
        long="Hours under enquiry a case",
        meaning=(
            "Mean hours under enquiry of a case that came under it, until the child is safe or "
            "follow-up ends. `stage`: while it was the missing-person team's or response's, or "
            "between 22:00 and 07:00 (night)."
        ),
        keys=STAGED,
        sums=_owned("enquiry_hours_per_case"),
    ),
    Measure(
        name="unworked_hours_per_case",
        about="cases",
        unit="hours",
        short="Nobody worked on it, h",
        long="Hours a case in which nobody worked on it",
        meaning=(
            "Of these, the hours in which nobody did any work for the case, neither a unit nor a "
            "desk: not even travel, writing or a review."
        ),
        better="less",
        keys=STAGED,
        sums=_owned("unworked_hours_per_case"),
    ),
    Measure(
        name="unworked_share",
        about="cases",
        unit="share",
        short="Nobody worked on it",
        long="Share of the time under enquiry in which nobody worked on it",
        meaning=(
            "Share of the time under enquiry in which nobody did any work for the case. With "
            "`hour`: of the day, and by whose case it was."
        ),
        keys=(*STAGED, "hour"),
        sums=_owned("unworked_share"),
        of_time=True,
    ),
    weekly(
        "unworked_hours_a_week",
        "Unworked hours a week",
        "Unworked hours a week",
        (
            "Hours of that a week, summed over cases. It stands beside the officers' hours: what "
            "is not done costs none, and is no saving."
        ),
    ),
    ratio(
        "handovers_per_case",
        "times",
        "Handovers",
        "Handovers a case",
        "Mean number of times that a case under enquiry changed hands.",
        CaseCount.HANDOVERS,
        CaseCount.ENQUIRED,
    ),
    ratio(
        "unnoticed_per_case",
        "times",
        "Handovers not noticed",
        "Handovers not noticed a case",
        (
            "Mean number of handovers of a case under enquiry of which the next owner does not "
            "know; a supervisor's review, a tasking or the next handover tells them."
        ),
        CaseCount.UNNOTICED,
        CaseCount.ENQUIRED,
        where_on=True,
    ),
    ratio(
        "unnoticed_hours_per_case",
        "hours",
        "Owner does not know, h",
        "Hours a case of which its owner does not know",
        "Mean hours of a case under enquiry in which whoever owns it does not know of it.",
        CaseCount.UNNOTICED_SECONDS,
        CaseCount.ENQUIRED,
        where_on=True,
    ),
    ratio(
        "lines_per_case",
        "times",
        "Lines of enquiry",
        "Lines of enquiry a case",
        "Mean number of lines of enquiry completed, those done again too.",
        CaseCount.LINES,
        CaseCount.ENQUIRED,
    ),
    ratio(
        "lines_again_per_case",
        "times",
        "Done again",
        "Lines of enquiry done again",
        "Of these, done again because a handover lost them.",
        CaseCount.LINES_AGAIN,
        CaseCount.ENQUIRED,
    ),
    ratio(
        "reviews_per_case",
        "times",
        "Reviews",
        "Reviews a case",
        "Mean number of supervisors' reviews while under enquiry.",
        CaseCount.REVIEWS,
        CaseCount.ENQUIRED,
    ),
    ratio(
        "taskings_per_case",
        "times",
        "Taskings",
        "Taskings a case",
        "Mean number of daily taskings that discussed the case.",
        CaseCount.TASKINGS,
        CaseCount.ENQUIRED,
    ),
    ratio(
        "moved_on_per_case",
        "times",
        "Moved on",
        "Moved on by a review or a tasking",
        "Mean number of gaps that a review or a tasking ended.",
        CaseCount.MOVED_ON,
        CaseCount.ENQUIRED,
    ),
    ratio(
        "escalated_after_arrival",
        "share",
        "Found to have escalated",
        "Found to have escalated",
        "Share of cases under enquiry whose risk was found to have risen.",
        CaseCount.ESCALATED,
        CaseCount.ENQUIRED,
    ),
    ratio(
        "officer_hours_per_case",
        "hours",
        "Officer-hours a case",
        "Officer-hours a case",
        (
            "Mean hours of work of units for a case, times the officers in each, from the report "
            "to the end of follow-up: travel, scene, lines of enquiry, interview, transport, "
            "police protection and writing. Desks are apart. Fewer hours are a saving only where "
            "the child was not longer unattended and the case not longer unworked."
        ),
        CaseCount.OFFICER_SECONDS,
        CaseCount.CASES,
    ),
    ratio(
        "desk_hours_per_case",
        "hours",
        "Desk hours a case",
        "Desk hours a case",
        "Mean hours of work at desks for a case, the call included.",
        CaseCount.DESK_SECONDS,
        CaseCount.CASES,
    ),
    ratio(
        "pounds_per_case",
        "pounds",
        "Pounds a case",
        "Pounds a case",
        (
            "What these hours of officers and desks cost by their pools' pounds_per_hour; people "
            "who are paid and idle are not in it."
        ),
        CaseCount.PENCE_SECONDS,
        CaseCount.CASES,
    ),
    Measure(
        name="work_hours_per_case",
        about="cases",
        unit="hours",
        short="Work, h a case",
        long="Hours of work a case",
        meaning=(
            "Mean hours of work for a case, times the officers of the unit, by kind of work "
            "(`stage`) or by pool; desks too."
        ),
        keys=(*STAGED, "pool"),
    ),
    weekly(
        "officer_hours_a_week",
        "Officer-hours a week",
        "Officer-hours a week",
        "Hours of units' officers for cases a week.",
    ),
    weekly(
        "desk_hours_a_week",
        "Desk hours a week",
        "Desk hours a week",
        "Hours at desks for cases a week.",
    ),
    *AFTER_SAFE,
    *lengths(
        "unrecorded_hours",
        ((Span.UNRECORDED, None),),
        "Never recorded",
        (
            (
                "Mean hours missing of an episode that was never recorded, from when it would "
                "have been reported until the child is back or follow-up ends."
            ),
            "Half of them are missing for no longer.",
            "Nine in ten of them are missing for no longer.",
        ),
    ),
    weekly(
        "unrecorded_hours_a_week",
        "Unrecorded hours a week",
        "Unrecorded hours a week",
        (
            "Hours a week in which children are missing and nobody looks, for nobody recorded it. "
            "Fewer reports are no saving."
        ),
    ),
    Measure(
        name="cases_open",
        about="cases",
        unit="cases",
        short="Open at midnight, cases",
        long="Cases open at midnight",
        meaning=(
            "Mean number of cases whose child is not safe, at midnight. With `hour`: at the "
            "midnight of that hour of the week. All cases, whenever they were reported."
        ),
        keys=("stream", "hour"),
    ),
    Measure(
        name="cases_open_over",
        about="cases",
        unit="cases",
        short="Open over {minutes} at midnight",
        long="Cases open for over {minutes} at midnight",
        meaning="Of these, reported more than so many minutes (`minutes`) before.",
        keys=("stream", "hour", "minutes"),
    ),
    Measure(
        name="returned_by",
        about="cases",
        unit="share",
        short="Returned by {minutes}",
        long="Returned within {minutes}",
        meaning=(
            "Share of cases whose child had returned so many minutes (`minutes`) after the "
            "report, at whole hours, at most to a week and as long as every case was followed. "
            "What is neither returned nor found was still missing."
        ),
        keys=("stream", "minutes"),
        compared=False,
    ),
    Measure(
        name="found_by",
        about="cases",
        unit="share",
        short="Found by {minutes}",
        long="Found by an enquiry within {minutes}",
        meaning=(
            "Share of cases whose child a line of enquiry had found so many minutes (`minutes`) "
            "after the report."
        ),
        keys=("stream", "minutes"),
        compared=False,
    ),
)
"""In the order in which they are told."""
