"""Posts, paid hours and pounds of each scenario."""

from __future__ import annotations

from sim.report.sections.figures import cell, listed
from sim.report.sections.registry import declare
from sim.report.sections.section import NOTHING, Cell, Line, Section, Table
from sim.results import Document, Staffing


@declare("staffing", 150, "posts, paid hours and pounds a week")
def staffing(document: Document) -> Section | None:
    """What each rota comes to, and overtime beside it."""
    known = document.context.staffing
    if not known:
        return None
    lines = [
        Line("Posts", tuple(Cell(f"{one.posts:,.1f}", one) for one in known)),
        Line("Paid hours a week", tuple(Cell(f"{one.paid_hours:,.0f}", one) for one in known)),
    ]
    if any(one.pounds for one in known):
        lines.append(Line("Cost a week", tuple(Cell(f"£{one.pounds:,.0f}", one) for one in known)))
        parts = [document.scenario(one.scenario) for one in known]
        overtime = tuple(
            cell(part.row("overtime_pounds"), pound=True) if part else NOTHING for part in parts
        )
        if any(one is not NOTHING for one in overtime):
            lines.append(Line("and overtime", overtime, inset=True))
    columns = tuple(
        document.context.scenario(one.scenario).removesuffix(" (illustrative)") for one in known
    )
    return Section(
        "staffing",
        _heading(known),
        tables=(Table("Posts, paid hours and pounds", columns, tuple(lines), baseline_first=True),),
        note=" ".join(_notes(document)),
    )


def _heading(known: tuple[Staffing, ...]) -> str:
    if len(known) == 1:
        return f"{known[0].posts:,.1f} posts"
    posts = {f"{one.posts:,.1f}" for one in known}
    if len(posts) == 1:
        return f"Every scenario takes the same posts: {posts.pop()}"
    base, *others = known
    more = sorted(round(one.posts - base.posts, 1) for one in others)
    return f"{base.posts:,.1f} posts under the baseline; the others take {_span(more[0], more[-1])}"


def _span(least: float, most: float) -> str:
    """How many posts more or fewer, such as "up to 8.4 more"."""
    ends = [f"{abs(end):,.1f} {'more' if end > 0 else 'fewer'}" for end in (least, most) if end]
    if least and most:
        return " to ".join(dict.fromkeys(ends))
    return f"up to {ends[0]}"


def _notes(document: Document) -> list[str]:
    """What posts and cost hold, and what they leave out."""
    posts = (
        "Posts: hours worked over the hours that a post works once leave, sickness and training "
        "are off. Paid hours hold those away too."
    )
    notes = [posts]
    factors = {one.overtime_factor for one in document.context.staffing if one.pounds}
    if factors == {None}:
        notes.append("Overtime is not in the cost: no scenario here sets costs.overtime_factor.")
    elif None in factors:
        notes.append("Overtime has no price where a scenario sets no costs.overtime_factor.")
    told = sorted(factor for factor in factors if factor is not None)
    if told:
        each = listed([f"{factor:g}" for factor in told])
        notes.append(f"Overtime comes on top of the cost, at {each} times a paid hour.")
    return notes
