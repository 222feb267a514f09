"""Measures of incidents reported: attendance, delays, stages and what became of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sim.measures import STAGE_PARTS, STAGES, Count
from sim.results.catalogue.measure import Key, Measure, Sums

_CUTS: Final[tuple[Key, ...]] = ("stream", "grade", "risk", "care", "area", "hours")
_OVER_TEN_HOURS: Final = 600


def _delay(name: str, short: str, long: str, meaning: str, **figure: float) -> Measure:
    return Measure(
        name=name,
        about="reports",
        unit="minutes",
        short=short,
        long=long,
        meaning=meaning,
        keys=_CUTS,
        better="less",
        **figure,  # type: ignore[arg-type]
    )


def _share(
    name: str,
    short: str,
    long: str,
    meaning: str,
    top: Count,
    bottom: Count,
    *,
    by_margin: bool = False,
) -> Measure:
    return Measure(
        name=name,
        about="reports",
        unit="share",
        short=short,
        long=long,
        meaning=meaning,
        keys=_CUTS,
        by_margin=by_margin,
        sums=(Sums(top, bottom),),
    )


def _of_callers(
    name: str, short: str, long: str, meaning: str, top: Count, bottom: Count
) -> Measure:
    return replace(
        _share(name, short, long, meaning, top, bottom, by_margin=True),
        better="less",
        everywhere=True,
    )


REPORTS: Final = (
    Measure(
        name="arrived_within_target",
        about="reports",
        unit="share",
        short="In time",
        long="In time",
        meaning=(
            "Share with an officer there (or with the target's own clock stopped) at or before "
            "the target; returned first is not arrived. With `hour`: by hour of the week of the "
            "report."
        ),
        better="more",
        keys=(*_CUTS, "hour", "clock"),
        everywhere=True,
        sums=(
            Sums(Count.ARRIVED, Count.TARGETED),
            Sums(Count.ARRIVED_FROM_RECEIVED, Count.ATTENDANCE_TARGETED, clock="received"),
            Sums(Count.ARRIVED_FROM_GRADED, Count.ATTENDANCE_TARGETED, clock="graded"),
        ),
    ),
    Measure(
        name="arrived_within_target_by_hour_of_day",
        about="reports",
        unit="share",
        short="In time, by hour",
        long="In time, by hour of the day",
        meaning="The same share, by hour of the day of the report: all days of the week together.",
        better="more",
        keys=("stream", "grade", "hour"),
        compared=False,
    ),
    Measure(
        name="reachable_within_target",
        about="reports",
        unit="share",
        short="Ceiling",
        long="Ceiling",
        meaning="The same fates with unlimited people: the no-queue ceiling.",
        better="more",
        keys=(*_CUTS, "clock"),
        sums=(
            Sums(Count.REACHABLE, Count.TARGETED),
            Sums(Count.REACHABLE_FROM_RECEIVED, Count.ATTENDANCE_TARGETED, clock="received"),
            Sums(Count.REACHABLE_FROM_GRADED, Count.ATTENDANCE_TARGETED, clock="graded"),
        ),
    ),
    Measure(
        name="delay_mean",
        about="reports",
        unit="minutes",
        short="Unattended, mean min",
        long="Mean minutes unattended",
        meaning=(
            "Mean time unattended: from the start of the target's clock (the report, where the "
            "grade has no target) to the first of arrival, return and end of follow-up."
        ),
        better="less",
        keys=_CUTS,
        everywhere=True,
        sums=(Sums(Count.DELAY_SECONDS, Count.NEEDED),),
    ),
    _delay(
        "delay_p50",
        "Half within, min",
        "Half within, minutes",
        "Half of the delays do not exceed it.",
        quantile=0.5,
    ),
    _delay(
        "delay_p90",
        "9 in 10 within, min",
        "9 in 10 within, minutes",
        "Nine in ten delays do not exceed it.",
        quantile=0.9,
    ),
    _delay(
        "delay_p95",
        "19 in 20 within, min",
        "19 in 20 within, minutes",
        "Nineteen in twenty delays do not exceed it.",
        quantile=0.95,
    ),
    _delay(
        "delay_p99",
        "99 in 100 within, min",
        "99 in 100 within, minutes",
        "Ninety-nine in a hundred delays do not exceed it.",
        quantile=0.99,
    ),
    _delay(
        "delay_cvar95",
        "Longest 20th, mean min",
        "Mean of the longest twentieth, minutes",
        "Mean of the longest twentieth of the delays.",
        tail=0.95,
    ),
    Measure(
        name="delay_max",
        about="reports",
        unit="minutes",
        short="Longest, min",
        long="Longest seen, minutes",
        meaning=(
            "The longest delay seen; it grows with the number of replications and has no interval."
        ),
        better="less",
        keys=_CUTS,
        compared=False,
    ),
    Measure(
        name="waited_over",
        about="reports",
        unit="share",
        short="Waited over {minutes}",
        long="Waited over {minutes}",
        meaning="Share neither attended nor returned after so many minutes (`minutes`).",
        better="less",
        keys=(*_CUTS, "minutes"),
        everywhere=True,
        sums=(
            Sums(Count.OVER_60, Count.NEEDED, minutes=60),
            Sums(
                Count.OVER_600,
                Count.NEEDED,
                minutes=_OVER_TEN_HOURS,
                headline=False,
                least_from=Count.OVER_60,
            ),
        ),
    ),
    _share(
        "attended",
        "Attended",
        "Attended in the end",
        (
            "Share of all reports to which officers came before the child returned, however late. "
            "With those returned first, open, ended without deployment, abandoned and found by "
            "telephone it makes 1."
        ),
        Count.ATTENDED,
        Count.REPORTED,
    ),
    _share(
        "returned_first",
        "Returned first",
        "Returned before anyone arrived",
        "Share of all reports whose child came home before anyone arrived.",
        Count.RETURNED_FIRST,
        Count.REPORTED,
    ),
    _share(
        "open_at_end",
        "Open at the end",
        "Open at the end",
        "Share of all reports neither attended, returned nor ended at the end of follow-up.",
        Count.OPEN,
        Count.REPORTED,
    ),
    _share(
        "ended_without_deployment",
        "Needed nobody",
        "Ended without deployment",
        "Share of all reports that needed nobody and ended with the call.",
        Count.ENDED_WITHOUT_DEPLOYMENT,
        Count.REPORTED,
    ),
    Measure(
        name="answered_in_ten_seconds",
        about="reports",
        unit="share",
        short="999 in 10 s",
        long="999 calls answered in ten seconds",
        meaning=(
            "Share of all reports by 999, also of those that needed nobody, that were answered "
            "within ten seconds; one that was never answered was not."
        ),
        better="more",
        keys=_CUTS,
        everywhere=True,
        by_margin=True,
        sums=(Sums(Count.EMERGENCY_CALLS_IN_TEN_SECONDS, Count.EMERGENCY_CALLS),),
    ),
    _of_callers(
        "hung_up",
        "101: hung up",
        "101 calls whose caller hung up",
        (
            "Share of all reports by 101, also of those that needed somebody, whose caller hung up "
            "before a call taker spoke to them."
        ),
        Count.HUNG_UP,
        Count.CALLS_BY_101,
    ),
    _of_callers(
        "called_again",
        "101: called again",
        "101 calls whose caller hung up and called again",
        "Share of all reports by 101 whose caller hung up and called again.",
        Count.CALLED_AGAIN,
        Count.CALLS_BY_101,
    ),
    _of_callers(
        "abandoned",
        "Abandoned",
        "Callers who hung up and gave up",
        "Share of all reports whose caller hung up, and neither called again nor went online.",
        Count.ABANDONED,
        Count.REPORTED,
    ),
    _share(
        "found_by_telephone",
        "Found by telephone",
        "Found by telephone before anybody was sent",
        (
            "Share of all reports whose child was found by an enquiry by telephone before anybody "
            "was sent; it is not arrived, and a visit follows."
        ),
        Count.FOUND_BY_TELEPHONE,
        Count.REPORTED,
        by_margin=True,
    ),
    _share(
        "telephoned_first",
        "Telephoned first",
        "Deployment waited for a telephone enquiry",
        "Share whose deployment, past its gate, waited for an enquiry by telephone.",
        Count.TELEPHONED,
        Count.NEEDED,
        by_margin=True,
    ),
    _share(
        "telephoned_then_high",
        "Telephoned, then high",
        "Waited for a telephone enquiry, then high risk",
        (
            "Of those whose deployment waited for an enquiry by telephone: share to which "
            "ratification gave high risk."
        ),
        Count.TELEPHONED_THEN_HIGH,
        Count.TELEPHONED,
        by_margin=True,
    ),
    Measure(
        name="telephone_delay_mean",
        about="reports",
        unit="minutes",
        short="By telephone, mean min",
        long="Mean minutes held by a telephone enquiry alone",
        meaning=(
            "Of those whose deployment, past its gate, waited for an enquiry by telephone: mean "
            "time for which it did, whether or not the child was found."
        ),
        better="less",
        keys=_CUTS,
        by_margin=True,
        sums=(Sums(Count.TELEPHONING_SECONDS, Count.TELEPHONED),),
    ),
    _share(
        "arrived_then_left",
        "Left for another job",
        "Officers left for another job",
        "Share where officers left the scene for another job.",
        Count.ARRIVED_THEN_LEFT,
        Count.NEEDED,
    ),
    _share(
        "upgraded",
        "Upgraded",
        "Upgraded",
        "Share re-graded to a more urgent grade.",
        Count.UPGRADED,
        Count.NEEDED,
    ),
    _share(
        "downgraded",
        "Downgraded",
        "Downgraded",
        "Share re-graded to a less urgent grade.",
        Count.DOWNGRADED,
        Count.NEEDED,
    ),
    Measure(
        name="upgraded_delay_mean",
        about="reports",
        unit="minutes",
        short="After upgrade, mean min",
        long="Mean minutes unattended after the upgrade",
        meaning=(
            "Of those upgraded: mean time from the upgrade to the first of arrival, return and "
            "end of follow-up."
        ),
        better="less",
        keys=_CUTS,
        sums=(Sums(Count.UPGRADED_DELAY_SECONDS, Count.UPGRADED),),
    ),
    Measure(
        name="stage_mean",
        about="reports",
        unit="minutes",
        short="Stage, mean min",
        long="Mean minutes in which the stage alone blocks arrival",
        meaning=(
            "Mean time in which the stage alone blocks arrival. The stages add up to delay_mean."
        ),
        keys=(*_CUTS, "stage"),
        sums=tuple(
            Sums(Count[f"{stage.upper()}_SECONDS"], Count.NEEDED, stage=stage) for stage in STAGES
        ),
    ),
    Measure(
        name="stage_mean_over",
        about="reports",
        unit="minutes",
        short="Stage of waits over {minutes}",
        long="Mean minutes of the stage in waits over {minutes}",
        meaning=(
            "The same of those alone that are unattended for over so many minutes (`minutes`); n "
            "is how many they are."
        ),
        keys=(*_CUTS, "stage", "minutes"),
        compared=False,
        sums=tuple(
            Sums(
                Count[f"{stage.upper()}_SECONDS_OVER_600"],
                Count.OVER_600,
                stage=stage,
                minutes=_OVER_TEN_HOURS,
            )
            for stage in STAGES
        ),
    ),
    Measure(
        name="stage_part_mean",
        about="reports",
        unit="minutes",
        short="Part of a stage, mean min",
        long="Mean minutes of a part of a stage",
        meaning=(
            "What the time of a stage is spent on (`stage`); the parts of a stage add up to it. Of "
            "decision: assessment, research, waiting_for_ratifier, ratifying, telephoning "
            "(past the gate, and held by a telephone enquiry). Of queue: "
            "nobody_on_duty (none of those who may attend), all_busy, too_few_together (fewer "
            "free officers than it needs), last_call_margin (those free are too near the end of "
            "their shift), reserve (enough are free and are kept for grade 1), queued_behind (too "
            "few are free, and officers who would have done were given to a job that joined the "
            "queue later). Of dispatcher: no_dispatcher (waiting for one), dispatching. "
            "Accounting, no causes."
        ),
        keys=(*_CUTS, "stage"),
        by_margin=True,
        sums=tuple(
            Sums(Count[f"{part.upper()}_SECONDS"], Count.NEEDED, stage=part) for part in STAGE_PARTS
        ),
    ),
    Measure(
        name="stage_part_mean_over",
        about="reports",
        unit="minutes",
        short="Part, waits over {minutes}",
        long="Mean minutes of a part of a stage in waits over {minutes}",
        meaning=(
            "The same of those alone that are unattended for over so many minutes (`minutes`); n "
            "is how many they are."
        ),
        keys=(*_CUTS, "stage", "minutes"),
        compared=False,
        by_margin=True,
        sums=tuple(
            Sums(
                Count[f"{part.upper()}_SECONDS_OVER_600"],
                Count.OVER_600,
                stage=part,
                minutes=_OVER_TEN_HOURS,
            )
            for part in STAGE_PARTS
        ),
    ),
    _share(
        "idle_while_waiting",
        "Idle unit while waiting",
        "An eligible unit was idle while it waited",
        (
            "Share graded and unclaimed for at least a minute in all while an own-area unit that "
            "might have been sent was idle."
        ),
        Count.IDLE_INCIDENTS,
        Count.NEEDED,
    ),
    Measure(
        name="idle_while_waiting_hours",
        about="reports",
        unit="hours",
        short="Idle while waiting, h",
        long="Hours in which an eligible unit was idle while it waited",
        meaning=(
            "Hours of that, summed over incidents, in the measured window of one replication."
        ),
        keys=_CUTS,
    ),
    _share(
        "allocated_just_after_ratification",
        "Just after ratification",
        "Allocated within five minutes of ratification",
        (
            "Of those ratified before being claimed: share claimed within five minutes of "
            "ratification."
        ),
        Count.CLAIMED_SOON_AFTER,
        Count.RATIFIED_THEN_CLAIMED,
    ),
    Measure(
        name="arrived_by",
        about="reports",
        unit="share",
        short="Arrived by {minutes}",
        long="Officer there within {minutes}",
        meaning=(
            "Share with an officer there so many minutes (`minutes`) after the clock's start: the "
            "attendance curve, every minute to 60, every five to 180, every thirty to 720. What "
            "has neither arrived nor returned first is still waiting."
        ),
        better="more",
        keys=("stream", "grade", "minutes"),
        compared=False,
    ),
    Measure(
        name="returned_first_by",
        about="reports",
        unit="share",
        short="Returned first by {minutes}",
        long="Returned before anyone arrived, within {minutes}",
        meaning=(
            "Share whose child came home before anyone arrived, so many minutes (`minutes`) after "
            "the clock's start."
        ),
        keys=("stream", "grade", "minutes"),
        compared=False,
    ),
)
"""In the order in which they are told."""
