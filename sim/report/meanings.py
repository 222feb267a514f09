"""What each measure and each column means, in words; the same wherever results are written."""

from __future__ import annotations

import re
from typing import Final

from sim.report.after_arrival_meanings import AFTER_ARRIVAL

MEANINGS: Final = {
    "arrived_within_target": (
        "Share with an officer there (or with the target's own clock stopped) at or before the "
        "target; returned first is not arrived. With `hour`: by hour of the week of the report."
    ),
    "arrived_within_target_by_hour_of_day": (
        "The same share, by hour of the day of the report: all days of the week together."
    ),
    "reachable_within_target": "The same fates with unlimited people: the no-queue ceiling.",
    "delay_mean": (
        "Mean time unattended: from the start of the target's clock (the report, where the grade "
        "has no target) to the first of arrival, return and end of follow-up."
    ),
    "delay_p50": "Half of the delays do not exceed it.",
    "delay_p90": "Nine in ten delays do not exceed it.",
    "delay_p95": "Nineteen in twenty delays do not exceed it.",
    "delay_p99": "Ninety-nine in a hundred delays do not exceed it.",
    "delay_cvar95": "Mean of the longest twentieth of the delays.",
    "delay_max": (
        "The longest delay seen; it grows with the number of replications and has no interval."
    ),
    "waited_over_60_minutes": "Share neither attended nor returned after an hour.",
    "waited_over_600_minutes": "Share neither attended nor returned after ten hours.",
    "returned_first": "Share of all reports whose child came home before anyone arrived.",
    "open_at_end": (
        "Share of all reports neither attended, returned nor ended at the end of follow-up."
    ),
    "ended_without_deployment": (
        "Share of all reports that needed nobody and ended with the call. What is left of 1 was "
        "attended."
    ),
    "arrived_then_left": "Share where officers left the scene for another job.",
    "upgraded": "Share re-graded to a more urgent grade.",
    "downgraded": "Share re-graded to a less urgent grade.",
    "upgraded_delay_mean": (
        "Of those upgraded: mean time from the upgrade to the first of arrival, return and end of "
        "follow-up."
    ),
    "stage_mean": (
        "Mean time in which the stage alone blocks arrival. The stages add up to delay_mean."
    ),
    "stage_mean_over_600_minutes": (
        "The same of those alone that are unattended for over ten hours; n is how many they are."
    ),
    "idle_while_waiting": (
        "Share graded and unclaimed for at least a minute in all while an own-area unit that might "
        "have been sent was idle."
    ),
    "idle_while_waiting_hours": (
        "Hours of that, summed over incidents, in the measured window of one replication."
    ),
    "allocated_just_after_ratification": (
        "Of those ratified before being claimed: share claimed within five minutes of ratification."
    ),
    "utilisation": (
        "Share of time on duty spent on work, within shifts; breaks are not work. With `stage`: "
        "one kind of work (or the break)."
    ),
    "overtime_hours": (
        "Hours that people worked after the end of shifts (two for a crew of two) in the measured "
        "window of one replication."
    ),
    "overtime_pounds": (
        "Pounds a week for that overtime; no row where the scenario sets no overtime factor."
    ),
    "queue_length": (
        "Mean number waiting: of a desk pool's tasks, or (with `area`) of an area's jobs that are "
        "ready and unclaimed, by the grade as drawn; with `stage`: lines of enquiry "
        "(wait_enquiry) or visits after a return (wait_visit), which are in the whole too."
    ),
    "posts": "Posts that the rota takes.",
    "paid_hours": "Paid hours.",
    "pounds": "Cost.",
    **AFTER_ARRIVAL,
}
"""By measure; ``docs/output.schema.json`` says the same, and a test holds them together."""

_CURVE: Final = {
    "arrived": "Share with an officer there {minute} minutes after the clock's start.",
    "returned_first": (
        "Share whose child came home before anyone arrived, {minute} minutes after the clock's "
        "start."
    ),
    "returned": "Share of cases whose child had returned {minute} minutes after the report.",
    "found": (
        "Share of cases whose child a line of enquiry had found {minute} minutes after the report."
    ),
}
_BY_MINUTE: Final = re.compile(r"^(arrived|returned_first|returned|found)_by_(\d+)_minutes$")


def curve_point(measure: str) -> tuple[str, int] | None:
    """Take ``arrived_by_20_minutes`` apart: ("arrived", 20); None of any other measure."""
    found = _BY_MINUTE.match(measure)
    return None if found is None else (found[1], int(found[2]))


def meaning(measure: str) -> str:
    """What a measure means, in a sentence or two.

    Raises
    ------
    KeyError
        If there is no such measure.
    """
    point = curve_point(measure)
    if point is not None:
        return _CURVE[point[0]].format(minute=point[1])
    return MEANINGS[measure]
