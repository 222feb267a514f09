"""Who is on duty by hour of the day, and how the rotas compared differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sim.report.answer.question import Question
from sim.report.answer.subject import headline_of
from sim.report.sections.figures import listed, number
from sim.report.sections.hours import HOURS
from sim.report.sections.registry import declare
from sim.report.sections.section import NOTHING, Cell, Line, Section, Table
from sim.results import Document, OnDuty

_LEAST: Final = 0.05
"""People by which two rotas differ in an hour."""
_DAY: Final = 24

_Hours = Mapping[int, OnDuty]


@declare("on-duty", 85, "people on duty by hour, as the rota sets it, and where rotas differ")
def on_duty(document: Document) -> Section | None:
    """People on duty by pool and hour, of the baseline and of every rota that differs from it."""
    columns = Question(document, headline_of(document.context)).columns
    rotas = {one.name: _rota(document, one.name) for one in columns}
    base = rotas[document.baseline.name]
    pools = list(dict.fromkeys(pool for rota in rotas.values() for pool in rota))
    if not pools:
        return None
    lines, said = [], []
    for pool in pools:
        own = base.get(pool, {})
        title = document.context.pool(pool)
        lines.append(_line(title, own))
        for one in columns[1:]:
            other = rotas[one.name].get(pool, {})
            if rotas[one.name] and any(_apart(own, other)):
                lines.append(_line(f"under {one.letter}", other, inset=True))
    for one in columns[1:]:
        if rotas[one.name]:
            said.append(f"{one.letter} ({one.title}): {_differs(document, base, rotas[one.name])}.")
    return Section(
        "on-duty",
        "People on duty by hour of the day, leave and sickness taken off",
        tuple(said),
        tables=(Table("Mean over the week (fewest to most)", HOURS, tuple(lines), strip=True),),
        note="In a strip: a digit for each person up to 9, then + for ten or more. The rota has no "
        "luck in it, so no range.",
    )


def _rota(document: Document, name: str) -> dict[str, dict[int, OnDuty]]:
    """People on duty under a scenario, by pool and hour."""
    found: dict[str, dict[int, OnDuty]] = {}
    for one in document.background.on_duty:
        if one.scenario == name:
            found.setdefault(one.pool, {})[one.hour] = one
    return found


def _line(label: str, hours: _Hours, *, inset: bool = False) -> Line:
    return Line(label, tuple(_cell(hours.get(hour)) for hour in range(_DAY)), inset)


def _cell(one: OnDuty | None) -> Cell:
    if one is None:
        return NOTHING
    text = _people(one.value)
    if one.high > one.low:
        text += f" ({_people(one.low)}–{_people(one.high)})"
    return Cell(text, one, sign=_sign(one.value))


def _people(value: float) -> str:
    return number(value, 1).removesuffix(".0")


def _sign(value: float) -> str:
    return "+" if value >= 10 else str(int(value)) if value > 0 else " "


def _apart(own: _Hours, other: _Hours) -> Iterator[float]:
    """How many more the other rota has, by hour; 0 where it has hardly more or fewer."""
    for hour in range(_DAY):
        before, after = (rota[hour].value if hour in rota else 0.0 for rota in (own, other))
        yield after - before if abs(after - before) >= _LEAST else 0.0


def _differs(document: Document, base: Mapping[str, _Hours], rota: Mapping[str, _Hours]) -> str:
    """Where a rota has more or fewer on duty, by pool and runs of hours."""
    told = []
    for pool in dict.fromkeys((*base, *rota)):
        spans = list(_spans(list(_apart(base.get(pool, {}), rota.get(pool, {})))))
        if spans:
            told.append(f"{document.context.pool(pool)} {listed(spans)}")
    return "; ".join(told) or "as many on duty as A at every hour"


def _spans(more: list[float]) -> Iterator[str]:
    """Runs of hours with as many more or fewer, also over midnight: "3 more 22:00 to 07:00"."""
    written = [
        _people(abs(one)) + (" more" if one > 0 else " fewer") if one else "" for one in more
    ]
    if len(set(written)) == 1:
        if written[0]:
            yield f"{written[0]} at all hours"
        return
    first = next(hour for hour in range(_DAY) if written[hour] != written[hour - 1])
    since = first
    for hour in range(first + 1, first + _DAY + 1):
        if written[hour % _DAY] != written[since % _DAY] or hour == first + _DAY:
            if written[since % _DAY]:
                yield f"{written[since % _DAY]} {since % _DAY:02d}:00 to {hour % _DAY:02d}:00"
            since = hour
