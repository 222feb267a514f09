"""Measures of what follows once the child is safe: interviews, protection, PPNs, partners."""

from __future__ import annotations

from typing import Final

from sim.measures import CaseCount, Span
from sim.results.catalogue.case_measures import CUTS, STAGED, lengths, ratio
from sim.results.catalogue.measure import Measure, Sums

_AIM_MINUTES: Final = 72 * 60

AFTER_SAFE: Final = (
    ratio(
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
    *lengths(
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
    ratio(
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
            "(office_hours), or at another hour (out_of_hours); of either, where no placement is "
            "found at first (without_placement)."
        ),
        keys=STAGED,
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
            Sums(
                CaseCount.PROTECTION_WITHOUT_PLACEMENT_SECONDS,
                CaseCount.PROTECTED_WITHOUT_PLACEMENT,
                stage="without_placement",
            ),
        ),
    ),
    ratio(
        "protection_out_of_hours",
        "share",
        "Begun out of office hours",
        "Police protection begun out of office hours",
        "Of children in police protection: share for whom it began before 08:30 or from 17:30 on.",
        CaseCount.PROTECTED_OUT_OF_HOURS,
        CaseCount.PROTECTED,
        where_on=True,
    ),
    ratio(
        "protection_units",
        "times",
        "Units with the child",
        "Units that stay with a child in police protection",
        "Mean number of units that stay with a child in police protection, those who relieve "
        "others too.",
        CaseCount.PROTECTION_UNITS,
        CaseCount.PROTECTED,
        where_on=True,
    ),
    ratio(
        "relieved",
        "share",
        "Officers relieved",
        "Officers with a child relieved",
        "Of children in police protection: share whose officers were relieved by others.",
        CaseCount.RELIEVED,
        CaseCount.PROTECTED,
        where_on=True,
    ),
    ratio(
        "protection_overtime_hours",
        "hours",
        "With the child in overtime, h",
        "Officer-hours of overtime with a child in police protection",
        "Mean officer-hours with a child in police protection after the end of the officers' "
        "shift, for each child in protection. What they write up after that is overtime too, and "
        "not in this.",
        CaseCount.PROTECTION_OVERTIME_SECONDS,
        CaseCount.PROTECTED,
        where_on=True,
    ),
    ratio(
        "ppn_sent",
        "share",
        "PPN sent",
        "PPN sent",
        "Of cases interviewed: share whose PPN was sent by the end of follow-up.",
        CaseCount.PPN_SENT,
        CaseCount.INTERVIEWED,
    ),
    *lengths(
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
    ratio(
        "mash_shared",
        "share",
        "Shared by MASH",
        "Shared by MASH",
        "Of PPNs sent: share that MASH had shared by the end of follow-up.",
        CaseCount.SHARED,
        CaseCount.PPN_SENT,
    ),
    *lengths(
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
    ratio(
        "discussed",
        "share",
        "Discussed",
        "Discussed with the local authorities",
        "Share of cases that the daily meeting with the local authorities discussed.",
        CaseCount.DISCUSSED,
        CaseCount.CASES,
    ),
    ratio(
        "strategy_meeting_held",
        "share",
        "Strategy meeting held",
        "Strategy meeting held",
        "Of cases discussed: share with a strategy meeting.",
        CaseCount.STRATEGY_HELD,
        CaseCount.DISCUSSED,
    ),
    ratio(
        "strategy_minutes_received",
        "share",
        "Its minutes came",
        "Minutes of the strategy meeting came",
        "Of strategy meetings: share whose minutes came.",
        CaseCount.MINUTES_RECEIVED,
        CaseCount.STRATEGY_HELD,
    ),
    ratio(
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
    ratio(
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
        keys=(*CUTS, "minutes"),
        sums=(Sums(CaseCount.COMPLETED_IN_AIM, CaseCount.COMPLETED, minutes=_AIM_MINUTES),),
    ),
    *lengths(
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
    ratio(
        "referred",
        "share",
        "Referred",
        "Referred",
        "Share of cases that led to a referral for repeated episodes.",
        CaseCount.REFERRED,
        CaseCount.CASES,
    ),
)
