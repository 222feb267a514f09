"""The page that goes into the meeting: one file, no script, nothing fetched.

The document's rows and sentences are placed here; nothing is computed. Each figure in a table
carries the JSON pointer of its row, so that page and document can be held against each other.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from sim.report.charts import page_charts
from sim.report.charts.palette import DARK, LIGHT, css_variables
from sim.report.page.figures import cards
from sim.report.page.sections import overtime, sections
from sim.report.page.wording import bounds, certainty, lead, remedies, title
from sim.report.sentences import CHILDREN, Document, cost_notes
from sim.report.view import View

if TYPE_CHECKING:
    from jinja2 import Template

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
    html: str = _template().render(
        view=view,
        run=document["run"],
        level=round(100 * document["level"]),
        title=title(view),
        lead=lead(view),
        cards=cards(view),
        remedies=remedies(view),
        bounds=bounds(view),
        certainty=certainty(view),
        sections=sections(view),
        charts=page_charts(view),
        illustrative=view.context.statement,
        overtime=overtime(view),
        cost_notes=cost_notes(view.context),
        children=CHILDREN,
        style=_style(),
    )
    return html


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    # Names and titles are a planner's own words, so everything is escaped unless marked.
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    source = files(__package__).joinpath("page.html.j2").read_text(encoding="utf-8")
    return environment.from_string(source)


def _style() -> str:
    style = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    light, dark = css_variables(LIGHT), css_variables(DARK)
    # Paper is white whatever the screen was.
    return (
        f":root {{ color-scheme: light dark; {light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
        f"@media print {{ :root {{ color-scheme: light; {light} }} }}\n{style}"
    )
