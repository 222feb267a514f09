"""Measures of cases followed beyond the first attendance, until the child is safe and after."""

from __future__ import annotations

from typing import Final, Literal

from sim.measures import CaseCount, Span
from sim.results.catalogue.measure import Key, Measure, Sums, Unit

_CUTS: Final[tuple[Key, ...]] = ("stream", "risk", "care", "area", "hours")
_STAGED: Final[tuple[Key, ...]] = (*_CUTS, "stage")
_AIM_MINUTES: Final = 72 * 60


def _ratio(
    name: str,
    unit: Unit,
    short: str,
    long: str,
    meaning: str,
    top: CaseCount,
    bottom: CaseCount,
    *,
    where_on: bool = False,
) -> Measure:
    return Measure(
        name=name,
        about="cases",
        unit=unit,
        short=short,
        long=long,
        meaning=meaning,
        keys=_CUTS,
        sums=(Sums(top, bottom),),
        where_on=where_on,
    )


def _weekly(name: str, short: str, long: str, meaning: str) -> Measure:
    return Measure(
        name=name,
        about="cases",
        unit="hours",
        short=short,
        long=long,
        meaning=meaning,
        keys=_CUTS,
    )


def _lengths(
    name: str,
    spans: tuple[tuple[Span, str | None], ...],
    words: str,
    meanings: tuple[str, str, str],
    *,
    followed: bool = False,
    better: Literal["less"] | None = None,
) -> tuple[Measure, Measure, Measure]:
    """Mean, median and nine-in-ten of a length of time, in hours."""
    keys = _CUTS if spans[0][1] is None else _STAGED
    mean, half, most = (
        Measure(
            name=f"{name}_{figure}",
            about="cases",
            unit="hours",
            short=f"{words}, {short}",
            long=f"{words}, {long}",
            meaning=meaning,
            keys=keys,
            spans=spans,
            quantile=quantile,
            followed=followed,
            better=better,
        )
        for figure, short, long, meaning, quantile in zip(
            ("mean", "p50", "p90"),
            ("mean h", "half within, h", "9 in 10, h"),
            ("mean hours", "half within, hours", "9 in 10 within, hours"),
            meanings,
            (None, 0.5, 0.9),
            strict=True,
        )
    )
    return mean, half, most


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
        keys=_STAGED,
        sums=tuple(
            Sums(CaseCount[stage.upper()], CaseCount.EPISODES, stage=stage)
            for stage in ("returned", "found", "still_missing", "prevented", "unrecorded")
        ),
    ),
    *_lengths(
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
        keys=_STAGED,
        spans=_CLOCKS,
    ),
    *_lengths(
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
    _ratio(
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
        keys=_STAGED,
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
        keys=_STAGED,
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
        keys=(*_STAGED, "hour"),
        sums=_owned("unworked_share"),
        of_time=True,
    ),
    _weekly(
        "unworked_hours_a_week",
        "Unworked hours a week",
        "Unworked hours a week",
        (
            "Hours of that a week, summed over cases. It stands beside the officers' hours: what "
            "is not done costs none, and is no saving."
        ),
    ),
    _ratio(
        "handovers_per_case",
        "times",
        "Handovers",
        "Handovers a case",
        "Mean number of times that a case under enquiry changed hands.",
        CaseCount.HANDOVERS,
        CaseCount.ENQUIRED,
    ),
    _ratio(
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
    _ratio(
        "unnoticed_hours_per_case",
        "hours",
        "Owner does not know, h",
        "Hours a case of which its owner does not know",
        "Mean hours of a case under enquiry in which whoever owns it does not know of it.",
        CaseCount.UNNOTICED_SECONDS,
        CaseCount.ENQUIRED,
        where_on=True,
    ),
    _ratio(
        "lines_per_case",
        "times",
        "Lines of enquiry",
        "Lines of enquiry a case",
        "Mean number of lines of enquiry completed, those done again too.",
        CaseCount.LINES,
        CaseCount.ENQUIRED,
    ),
    _ratio(
        "lines_again_per_case",
        "times",
        "Done again",
        "Lines of enquiry done again",
        "Of these, done again because a handover lost them.",
        CaseCount.LINES_AGAIN,
        CaseCount.ENQUIRED,
    ),
    _ratio(
        "reviews_per_case",
        "times",
        "Reviews",
        "Reviews a case",
        "Mean number of supervisors' reviews while under enquiry.",
        CaseCount.REVIEWS,
        CaseCount.ENQUIRED,
    ),
    _ratio(
        "taskings_per_case",
        "times",
        "Taskings",
        "Taskings a case",
        "Mean number of daily taskings that discussed the case.",
        CaseCount.TASKINGS,
        CaseCount.ENQUIRED,
    ),
    _ratio(
        "moved_on_per_case",
        "times",
        "Moved on",
        "Moved on by a review or a tasking",
        "Mean number of gaps that a review or a tasking ended.",
        CaseCount.MOVED_ON,
        CaseCount.ENQUIRED,
    ),
    _ratio(
        "escalated_after_arrival",
        "share",
        "Found to have escalated",
        "Found to have escalated",
        "Share of cases under enquiry whose risk was found to have risen.",
        CaseCount.ESCALATED,
        CaseCount.ENQUIRED,
    ),
    _ratio(
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
    _ratio(
        "desk_hours_per_case",
        "hours",
        "Desk hours a case",
        "Desk hours a case",
        "Mean hours of work at desks for a case, the call included.",
        CaseCount.DESK_SECONDS,
        CaseCount.CASES,
    ),
    _ratio(
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
        keys=(*_STAGED, "pool"),
    ),
    _weekly(
        "officer_hours_a_week",
        "Officer-hours a week",
        "Officer-hours a week",
        "Hours of units' officers for cases a week.",
    ),
    _weekly(
        "desk_hours_a_week",
        "Desk hours a week",
        "Desk hours a week",
        "Hours at desks for cases a week.",
    ),
    _ratio(
        "interviewed",
        "share",
        "Prevention interview held",
        "Prevention interview held",
        (
            "Of cases whose child is safe: share whose prevention interview was held by the end "
            "of follow-up."
        ),
        CaseCount.INTERVIEWED,
        CaseCount.SAFE,
    ),
    Measure(
        name="interviewed_by",
        about="cases",
        unit="share",
        short="Interview held by",
        long="Prevention interview held by",
        meaning="Of prevention interviews: share held by pools of a role (`stage`).",
        keys=("stream", "stage"),
        compared=False,
    ),
    *_lengths(
        "interview_after",
        ((Span.INTERVIEW, None),),
        "Interview",
        (
            (
                "Mean hours from the child being safe to the end of the prevention interview; "
                "what was not held counts until the end of follow-up."
            ),
            "Half of the interviews are complete so soon.",
            "Nine in ten interviews are complete so soon.",
        ),
    ),
    _ratio(
        "protected",
        "share",
        "Police protection",
        "Police protection",
        "Of cases interviewed: share in which officers then stayed with the child.",
        CaseCount.PROTECTED,
        CaseCount.INTERVIEWED,
        where_on=True,
    ),
    Measure(
        name="protection_hours",
        about="cases",
        unit="hours",
        short="With the child, mean h",
        long="Hours of police protection",
        meaning=(
            "Mean hours that officers stay with a child in police protection, however many they "
            "are, until the end of follow-up at most. `stage`: begun from 08:30 to 17:30 "
            "(office_hours), or at another hour (out_of_hours)."
        ),
        keys=_STAGED,
        where_on=True,
        sums=(
            Sums(CaseCount.PROTECTION_SECONDS, CaseCount.PROTECTED),
            Sums(
                CaseCount.PROTECTION_IN_OFFICE_HOURS_SECONDS,
                CaseCount.PROTECTED_IN_OFFICE_HOURS,
                stage="office_hours",
            ),
            Sums(
                CaseCount.PROTECTION_OUT_OF_HOURS_SECONDS,
                CaseCount.PROTECTED_OUT_OF_HOURS,
                stage="out_of_hours",
            ),
        ),
    ),
    _ratio(
        "ppn_sent",
        "share",
        "PPN sent",
        "PPN sent",
        "Of cases interviewed: share whose PPN was sent by the end of follow-up.",
        CaseCount.PPN_SENT,
        CaseCount.INTERVIEWED,
    ),
    *_lengths(
        "ppn_after",
        ((Span.PPN, None),),
        "PPN",
        (
            (
                "Mean hours from the interview to the PPN; null where follow-up ended before all "
                "were sent."
            ),
            (
                "Half of the PPNs are sent so soon; those that follow-up cut off count for as "
                "long as they were followed."
            ),
            "Nine in ten PPNs are sent so soon.",
        ),
        followed=True,
    ),
    _ratio(
        "mash_shared",
        "share",
        "Shared by MASH",
        "Shared by MASH",
        "Of PPNs sent: share that MASH had shared by the end of follow-up.",
        CaseCount.SHARED,
        CaseCount.PPN_SENT,
    ),
    *_lengths(
        "mash_shared_after",
        ((Span.SHARED, None),),
        "Shared by MASH",
        (
            (
                "Mean hours from the PPN to MASH sharing it; null where follow-up ended before "
                "all were shared."
            ),
            (
                "Half are shared so soon; those that follow-up cut off count for as long as they "
                "were followed."
            ),
            "Nine in ten are shared so soon.",
        ),
        followed=True,
    ),
    _ratio(
        "discussed",
        "share",
        "Discussed",
        "Discussed with the local authorities",
        "Share of cases that the daily meeting with the local authorities discussed.",
        CaseCount.DISCUSSED,
        CaseCount.CASES,
    ),
    _ratio(
        "strategy_meeting_held",
        "share",
        "Strategy meeting held",
        "Strategy meeting held",
        "Of cases discussed: share with a strategy meeting.",
        CaseCount.STRATEGY_HELD,
        CaseCount.DISCUSSED,
    ),
    _ratio(
        "strategy_minutes_received",
        "share",
        "Its minutes came",
        "Minutes of the strategy meeting came",
        "Of strategy meetings: share whose minutes came.",
        CaseCount.MINUTES_RECEIVED,
        CaseCount.STRATEGY_HELD,
    ),
    _ratio(
        "return_interview_offered",
        "share",
        "Return interview offered",
        "Return home interview offered",
        (
            "Of cases whose child was safe at least 72 hours before the end of follow-up: share "
            "offered a return home interview."
        ),
        CaseCount.OFFERED,
        CaseCount.FOLLOWED,
    ),
    _ratio(
        "return_interview_completed",
        "share",
        "Return interview completed",
        "Return home interview completed",
        "Of the same cases: share with one completed.",
        CaseCount.COMPLETED,
        CaseCount.FOLLOWED,
    ),
    Measure(
        name="return_interview_within",
        about="cases",
        unit="share",
        short="Completed in {minutes}",
        long="Return home interview completed within {minutes}",
        meaning="Of those completed: share within so many minutes (`minutes`) of safe.",
        keys=(*_CUTS, "minutes"),
        sums=(Sums(CaseCount.COMPLETED_IN_AIM, CaseCount.COMPLETED, minutes=_AIM_MINUTES),),
    ),
    *_lengths(
        "return_interview_after",
        ((Span.RETURN_INTERVIEW, None),),
        "Return interview",
        (
            (
                "Mean hours from the child being safe to the return home interview, where one is "
                "accepted; null where follow-up ended before all were held."
            ),
            (
                "Half of the return home interviews that are accepted are held so soon; those that "
                "follow-up cut off count for as long as they were followed."
            ),
            "Nine in ten of them are held so soon.",
        ),
        followed=True,
    ),
    _ratio(
        "referred",
        "share",
        "Referred",
        "Referred",
        "Share of cases that led to a referral for repeated episodes.",
        CaseCount.REFERRED,
        CaseCount.CASES,
    ),
    *_lengths(
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
    _weekly(
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
