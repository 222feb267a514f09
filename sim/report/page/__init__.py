"""The page that goes into the meeting: one file, no script, nothing fetched.

The document's rows and sentences are placed here; nothing is computed. Each figure in a table
carries the JSON pointer of its row, so that page and document can be held against each other.
"""

from __future__ import annotations

from typing import Final

from sim.report.after_arrival import READ_TOGETHER
from sim.report.charts import page_charts
from sim.report.page.figures import cards
from sim.report.page.sections import overtime, sections
from sim.report.page.templates import style, template
from sim.report.page.wording import bounds, certainty, is_followed, lead, remedies, title
from sim.report.sentences import GROWS, UNPLANNABLE, cost_notes
from sim.report.timelines import waited
from sim.results import CHILDREN, Document

LARGEST_BYTES: Final = 1_000_000
"""A page is smaller than this, so that it passes any mail gateway."""


def page(document: Document) -> str:
    """The whole page as HTML.

    Parameters
    ----------
    document
        The document of results, with its ``context``.

    Returns
    -------
    str
        One file with styles and pictures inside; light or dark as the reader's system is, and
        made for A4 when printed.

    Raises
    ------
    KeyError, TypeError
        The document is of another form.
    """
    html: str = template("page.html.j2").render(
        document=document,
        run=document.run,
        level=round(100 * document.level),
        title=title(document),
        lead=lead(document),
        cards=cards(document),
        remedies=remedies(document),
        read_together=READ_TOGETHER if is_followed(document) else "",
        bounds=bounds(document),
        certainty=certainty(document),
        sections=sections(document),
        charts=page_charts(document),
        illustrative=document.context.statement,
        overtime=overtime(document),
        cost_notes=cost_notes(document.context),
        children=CHILDREN,
        unplannable=UNPLANNABLE,
        grows=GROWS,
        waited=waited,
        style=style(),
    )
    return html
