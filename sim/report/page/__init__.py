"""The page that goes into the meeting: one file, no script, nothing fetched.

=============  =============================================================================
`cards`        the four figures of the first screen
`points`       what helps, what does not, what it rests on
`pictures`     each chart twice: for a desk, and for a phone
`answer_page`  the page of an answer to one question
`pointers`     where a written figure stands in the document
`shades`       the shade of a table's cell, as a class of the style
`glossary`     words of policing
`templates`    jinja templates and the style, here and of the pages about a log
=============  =============================================================================

The first screen is drawn from an `Answer`, all else from sections; nothing is computed here. Each
figure carries the JSON pointer of its row, so that page and document can be held against each
other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.report.answer import answer
from sim.report.answer.question import STARTS
from sim.report.answer.verdicts import foremost
from sim.report.page.cards import cards
from sim.report.page.glossary import GLOSSARY
from sim.report.page.pictures import drawn_once, pictures
from sim.report.page.pointers import Pointers
from sim.report.page.points import points
from sim.report.page.shades import shade_class
from sim.report.page.templates import style, template
from sim.report.sections import sections
from sim.report.sections.figures import in_100, known
from sim.report.story.timelines import waited
from sim.results import CHILDREN, Document, Keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.report.answer import Answer, Subject
    from sim.report.page.pictures import Picture
    from sim.report.sections import Section

_MOST_NAMED: Final = 6

LARGEST_BYTES: Final = 1_000_000
"""A page is smaller than this, so that it passes any mail gateway."""


def page(document: Document, subject: Subject | None = None, *, one_page: bool = False) -> str:
    """The whole page as HTML.

    Parameters
    ----------
    document
        Of a run or a comparison.
    subject
        Whose delays the first screen is about; None: the headline's.
    one_page
        True: the first screen alone, which is one sheet of A4.

    Returns
    -------
    str
        One file with styles and pictures inside; light or dark as the reader's system is, and
        made for A4 when printed.
    """
    found = answer(document, subject)
    told = {} if one_page else sections(document)
    wanted = {section.chart for section in told.values() if section.chart}
    if subject is None:
        wanted.add("attendance")
    drawn = pictures(document, wanted, long_waits=not one_page)
    html = _rendered(document, found, told, drawn, one_page=one_page)
    if len(html.encode("utf-8")) < LARGEST_BYTES:
        return html
    # Of very many scenarios the pictures below the first screen are drawn once.
    return _rendered(document, found, told, drawn_once(drawn), one_page=one_page)


def _rendered(
    document: Document,
    found: Answer,
    told: Mapping[str, Section],
    drawn: Mapping[str, Picture],
    *,
    one_page: bool,
) -> str:
    html: str = template("page.html.j2").render(
        document=document,
        run=document.run,
        answer=found,
        counted=found.statement.removeprefix(document.context.statement or "").strip(),
        axis=f"Share of reports with an officer there, by minutes since {_since(document)}.",
        curve=_curve(document, found),
        ceiling=_ceiling(document),
        why=_why(found),
        key=_key(found),
        reports=document.context.reports,
        cards=cards(document, found),
        points=points(document, found),
        most=max((one.in_100 for one in found.causes), default=1),
        sections=told,
        attendance=sections(document, ["attendance"]).get("attendance"),
        pictures=drawn,
        one_page=one_page,
        pointer=Pointers(document),
        shade_class=shade_class,
        glossary=GLOSSARY,
        children=CHILDREN,
        waited=waited,
        style=style(),
    )
    return html


def _curve(document: Document, found: Answer) -> str:
    """What the curve comes to after an hour, by the letters beside it; "" of one scenario alone."""
    if not found.verdicts:
        return ""
    keys: Keys = {**document.context.subject, "minutes": 60}
    said = []
    for column in (found.baseline, foremost(found.verdicts).column):
        part = document.scenario(column.name)
        row = part.row("arrived_by", **keys) if part else None
        if not known(row):
            return ""
        said.append(f"{in_100(row)} under {column.letter}")
    return f"In 100 reports, an hour after {_since(document)} officers are at {', '.join(said)}"


def _since(document: Document) -> str:
    """When the curve's minutes start."""
    return STARTS[document.context.starts if document.context.targets else "received"]


def _ceiling(document: Document) -> str:
    """What the short bars of the curve are; "" where it has none."""
    if document.headline(document.baseline, "reachable_within_target") is None:
        return ""
    return "Short bars on the target line: with nobody ever queued."


def _why(found: Answer) -> str:
    """Over the bars of causes."""
    missed = sum(one.in_100 for one in found.causes)
    under = f" under {found.baseline.letter}" if found.verdicts else ""
    return f"Why {missed} in 100 miss the target{under}"


def _key(found: Answer) -> str:
    """What the letters stand for; "" of one scenario alone."""
    if not found.verdicts:
        return ""
    told = [f"{one.letter} {one.title}" for one in found.columns[:_MOST_NAMED]]
    told[0] += " (the baseline)"
    more = len(found.columns) - len(told)
    return "; ".join([*told, *([f"{more} more in the table below"] if more else [])])
