"""Names of the sheets, in order, and what is on each."""

from __future__ import annotations

from typing import Final

SHEETS: Final = (
    ("Finance", "each option's posts, pounds and children reached in time; its sums are formulas"),
    ("Read me", "what this is, how to read it, and what each measure means"),
    ("Headline", "the reports that the answer is about, by scenario"),
    ("Differences", "each scenario less the baseline, with the same luck; the headline first"),
    ("Stages", "where the time goes: mean minutes in which each stage alone blocks arrival"),
    ("Utilisation", "how busy each pool is, its overtime and its queue"),
    ("Attendance curve", "arrived, returned first and still waiting, by minute"),
    ("Hour of week", "share reached in time by weekday (or all) and hour of the report"),
    ("What differs", "values in which the scenarios' files differ, and what their rotas come to"),
    ("Sources", "where each number comes from, or why it was assumed and within what range"),
)
"""Name of each sheet, in order, and what is on it."""

CASES_SHEET: Final = (
    "Cases",
    "missing episodes after arrival: clocks, hours that nobody worked, officer-hours, partners",
)
"""Stands before "What differs", where a scenario follows its cases."""

LEAST_CASES: Final = 30
"""Figures of fewer reports are no ground to plan on."""
