"""One record for each measure, from which all forms take what they say of it.

===============  ==========================================================================
`measure`        the record
`reports`        attendance, delays, stages and what became of reports
`people`         pools and queues
`cases`          cases followed beyond the first attendance, until the child is safe
`after_safe`     interviews, protection, PPNs and partners after that
`case_measures`  what many records of cases have in common
`concerns`       welfare concerns followed until the child is seen
`placed`         children in care, by which local authority placed them
===============  ==========================================================================

To add a measure: its record here, what it counts in `sim.measures` where that is new, and the
section that shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from sim.results.catalogue.cases import CASES
from sim.results.catalogue.concerns import CONCERNS
from sim.results.catalogue.measure import (
    About,
    Clock,
    Key,
    Measure,
    Sums,
    Unit,
    long_time,
    short_time,
)
from sim.results.catalogue.people import PEOPLE
from sim.results.catalogue.placed import PLACED
from sim.results.catalogue.reports import REPORTS

__all__ = [
    "CATALOGUE",
    "About",
    "Clock",
    "Key",
    "Measure",
    "Sums",
    "Unit",
    "headline_measures",
    "long_time",
    "measure_of",
    "measures_about",
    "short_time",
]

CATALOGUE: Final[Mapping[str, Measure]] = {
    measure.name: measure for measure in (*REPORTS, *PEOPLE, *CASES, *CONCERNS, *PLACED)
}
"""Every measure by its name, in the order in which they are told."""


def measure_of(name: str) -> Measure:
    """The record of a measure.

    Raises
    ------
    KeyError
        If there is none; the nearest names are in it.
    """
    found = CATALOGUE.get(name)
    if found is None:
        near = " or ".join(get_close_matches(name, CATALOGUE, 3)) or "one of the catalogue"
        raise KeyError(f"there is no measure {name}; {near}?")
    return found


def headline_measures() -> tuple[Measure, ...]:
    """Those declared before a run, in their order."""
    return tuple(one for one in CATALOGUE.values() if one.headline)


def measures_about(about: About) -> tuple[Measure, ...]:
    """The measures of one kind, in their order."""
    return tuple(one for one in CATALOGUE.values() if one.about == about)
