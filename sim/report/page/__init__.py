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
from sim.report.sentences import CHILDREN, GROWS, UNPLANNABLE, Document, cost_notes
from sim.report.view import View

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
    view = View(document)
    html: str = template("page.html.j2").render(
        view=view,
        run=document["run"],
        level=round(100 * document["level"]),
        title=title(view),
        lead=lead(view),
        cards=cards(view),
        remedies=remedies(view),
        read_together=READ_TOGETHER if is_followed(view) else "",
        bounds=bounds(view),
        certainty=certainty(view),
        sections=sections(view),
        charts=page_charts(view),
        illustrative=view.context.statement,
        overtime=overtime(view),
        cost_notes=cost_notes(view.context),
        children=CHILDREN,
        unplannable=UNPLANNABLE,
        grows=GROWS,
        style=style(),
    )
    return html
