"""The summary that a planner reads in a terminal: rows and sentences, drawn.

===============  ==========================================================================
`page`           what the sections draw from, and tables with a column for each scenario
`wording`        the answer in sentences, what differs in the files, signs, footing
`delays`         delays against the target
`curve`          the attendance curve
`stages`         where the time goes
`hours`          the map of the week, the hours of the day
`people`         who is busy; posts, paid hours and pounds
`after_arrival`  cases after arrival
`other_work`     what other work pays
`held`           the answer for every share of reports held
===============  ==========================================================================

Nothing is computed here that a row does not hold; figures are only placed, shaded and rounded.
All pictures carry their meaning in letters and shapes, so colour may be missing, and each glyph
has an ASCII stand-in.
"""

from __future__ import annotations

from rich.console import Group, RenderableType

from sim.report.console.after_arrival import after_arrival
from sim.report.console.curve import curve
from sim.report.console.delays import beside, headline, team_hours
from sim.report.console.held import share_held
from sim.report.console.hours import day, week
from sim.report.console.other_work import other_work
from sim.report.console.page import Page
from sim.report.console.people import busy, staffing
from sim.report.console.stages import stages
from sim.report.console.wording import (
    answer,
    file_changes,
    footing,
    signs,
    unplannable,
    warnings,
)
from sim.report.terminal import ASCII, UNICODE, spaced
from sim.results import Document


def summary(
    document: Document, *, width: int, ascii_only: bool = False, warned: bool = False
) -> RenderableType:
    """The whole summary of a run or a comparison, for a terminal of this width.

    Parameters
    ----------
    document
        What is told.
    width
        Columns to fill; no line is longer. Under 60 is taken as 60.
    ascii_only
        Use no character outside ASCII.
    warned
        The warnings stand above the summary already.
    """
    page = Page(document, max(60, width), ASCII if ascii_only else UNICODE)
    sections = (
        unplannable(page),
        answer(page),
        () if warned else warnings(page),
        file_changes(page),
        headline(page),
        beside(page),
        curve(page),
        stages(page),
        week(page),
        day(page),
        team_hours(page),
        busy(page),
        after_arrival(page),
        other_work(page),
        share_held(page),
        staffing(page),
        signs(page),
        footing(page),
    )
    return Group(*spaced(sections))
