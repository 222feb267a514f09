"""The sheet for whoever pays: options, posts and pounds; its sums and prices are formulas."""

from __future__ import annotations

from sim.report.answer.question import Question
from sim.report.answer.subject import headline_of
from sim.report.price import options
from sim.report.sections.figures import clear
from sim.report.workbook.names import SHEETS
from sim.report.workbook.sheet import SIGNED, Formula, Line, Sheet, limits
from sim.results import Document


def finance(document: Document) -> Sheet:
    """What each option takes and reaches; sums and prices are formulas over the other cells."""
    question = Question(document, headline_of(document.context))
    lines = []
    for place, one in enumerate(options(question), 2):
        own, change = one.staffing, one.change
        pounds = own.pounds if own is not None and own.pounds else None
        overtime = None if one.overtime is None else one.overtime.value
        total = None if pounds is None else pounds + (overtime or 0.0)
        priced = total is not None and one.base is not None
        more = one.extra_children
        each = one.pounds_each
        lines.append(
            Line(
                [
                    one.column.title,
                    None if own is None else own.posts,
                    None if own is None else own.paid_hours,
                    pounds,
                    overtime,
                    None if total is None else Formula(f"=D{place}+E{place}", total),
                    Formula(f"=F{place}-F$2", one.net) if priced else None,
                    one.reports_a_week,
                    *((None,) * 3 if change is None else limits(change)),
                    None if change is None else "yes" if clear(change) else "no",
                    None if more is None else Formula(f"=H{place}*I{place}", more),
                    *(
                        (None,) * 3
                        if change is None or not priced
                        else (
                            Formula(_per_child(place, end), value)
                            for end, value in zip("IKJ", each or (None,) * 3, strict=True)
                        )
                    ),
                ]
            )
        )
    pounds_, shares = "£#,##0;-£#,##0", SIGNED["share"]
    patterns = {
        "Posts": "#,##0.0",
        "Rota, pounds a week": pounds_,
        "Overtime, pounds a week": pounds_,
        "Rota and overtime": pounds_,
        "Net of the baseline": "+£#,##0;-£#,##0;£0",
        "Reports a week": "#,##0.0",
        "Change in time": shares,
        "Change, lower": shares,
        "Change, upper": shares,
        "More children in time a week": "+#,##0.00;-#,##0.00;0.00",
        "Pounds for each child more": pounds_,
        "at the best": pounds_,
        "at the worst": pounds_,
    }
    titles = ("Option", "Posts", "Paid hours a week", *list(patterns)[1:9], "Clear change")
    titles += tuple(list(patterns)[9:])
    return Sheet(
        SHEETS[0][0],
        [(title, 34 if title == "Option" else 13) for title in titles],
        frozenset(patterns),
        lines,
        patterns,
    )


def _per_child(place: int, end: str) -> str:
    """Net pounds over children more in time, where the rota is dearer and the change is clear."""
    known = f'AND(L{place}="yes",J{place}>0,D{place}>D$2,G{place}>0)'
    return f'=IF({known},G{place}/(H{place}*{end}{place}),"")'
