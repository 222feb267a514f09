"""Measures of people and queues: who was busy, who worked late, what waited."""

from __future__ import annotations

from typing import Final

from sim.results.catalogue.measure import Measure

PEOPLE: Final = (
    Measure(
        name="utilisation",
        about="people",
        unit="share",
        short="Busy",
        long="Share of time on duty spent on work",
        meaning=(
            "Share of time on duty spent on work, within shifts; breaks are not work. With "
            "`stage`: one kind of work (or the break)."
        ),
        keys=("pool", "hour", "stage"),
    ),
    Measure(
        name="overtime_hours",
        about="people",
        unit="hours",
        short="Overtime, h",
        long="Overtime, hours",
        meaning=(
            "Hours that people worked after the end of shifts (two for a crew of two) in the "
            "measured window of one replication."
        ),
        keys=("pool", "hour"),
    ),
    Measure(
        name="overtime_pounds",
        about="people",
        unit="pounds",
        short="Overtime, pounds",
        long="Overtime, pounds a week",
        meaning=(
            "Pounds a week for that overtime; no row where the scenario sets no overtime factor."
        ),
        keys=("pool",),
        better="less",
    ),
    Measure(
        name="queue_length",
        about="people",
        unit="jobs",
        short="Waiting, mean",
        long="Mean number waiting",
        meaning=(
            "Mean number waiting: of a desk pool's tasks, or (with `area`) of an area's jobs that "
            "are ready and unclaimed, by the grade as drawn; with `stage`: lines of enquiry "
            "(wait_enquiry), visits after a return (wait_visit), re-visits where a child was not "
            "seen (wait_revisit) or relief of officers with a child (wait_relief), which are in "
            "the whole too."
        ),
        keys=("grade", "area", "pool", "hour", "stage"),
        compared=False,
    ),
)
"""In the order in which they are told."""
