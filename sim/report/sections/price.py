"""What each option costs, and what a child more reached in time costs under it."""

from __future__ import annotations

from sim.report.answer.question import Question
from sim.report.answer.subject import headline_of
from sim.report.price import Option, in_two_figures, options
from sim.report.sections.figures import change_cell, number
from sim.report.sections.registry import declare
from sim.report.sections.section import NOTHING, Cell, Line, Section, Table
from sim.report.sections.tables import ranges
from sim.results import Document

_NOTE = (
    "Pounds for each child more: the rota's pounds and overtime beyond the baseline's, over the "
    "children more in time each week; in brackets at the two ends of the change's range."
)


@declare("price", 25, "what each option costs, and each child more in time")
def price(document: Document) -> Section | None:
    """Posts, pounds and the change in time of each variant; none where nothing is priced."""
    question = Question(document, headline_of(document.context))
    found = [one for one in options(question) if one.net is not None]
    if not found:
        return None
    lines = [
        Line(
            f"{one.column.letter} {one.column.title}",
            (
                _posts(one),
                _pounds(one),
                change_cell(one.change, rare=question.rare(one.column, question.measure)),
                _each(one),
            ),
        )
        for one in found
    ]
    columns = ("Posts", "Rota and overtime a week", "In time, in 100", "Pounds for each child more")
    said = [
        f"{one.column.title}: {_pounds(one).text} a week, {change_cell(one.change).text} in 100."
        for one in found
    ]
    return Section(
        "price",
        _heading(found),
        tables=(Table("Beyond the baseline", columns, tuple(lines)),),
        chart="price",
        picture=f"A point for each option, further up the more in time. {' '.join(said)}",
        note=f"{_NOTE} {ranges(document, starred=True)}",
    )


def _posts(one: Option) -> Cell:
    if one.staffing is None or one.base is None:
        return NOTHING
    return Cell(f"{one.staffing.posts - one.base.posts:+,.1f}", one.staffing)


def _pounds(one: Option) -> Cell:
    if one.net is None:
        return NOTHING
    return Cell(f"{'-' if one.net < 0 else '+'}£{number(abs(one.net), 0)}", one.staffing)


def _each(one: Option) -> Cell:
    if one.pounds_each is None:
        return NOTHING
    middle, low, high = (f"£{number(in_two_figures(end), 0)}" for end in one.pounds_each)
    return Cell(f"{middle} ({low}–{high})", one.change)


def _heading(found: list[Option]) -> str:
    priced = {one: one.pounds_each[0] for one in found if one.pounds_each is not None}
    if priced:
        least = min(priced, key=lambda one: priced[one])
        return (
            f"{least.column.title}: £{number(in_two_figures(priced[least]), 0)} for each child "
            "more reached in time"
        )
    if any(one.staffing and one.base and one.staffing.pounds > one.base.pounds for one in found):
        return "No option that costs more is shown to reach more children in time"
    return "No option takes a dearer rota"
