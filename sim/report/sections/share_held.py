"""The answer for every share of reports held for ratification."""

from __future__ import annotations

from typing import Final

from sim.report.sections.figures import cell, in_words, known
from sim.report.sections.registry import declare
from sim.report.sections.section import NOTHING, Cell, Line, Section, Table
from sim.report.sections.tables import ranges
from sim.results import Document, Row, Sweep, SweepPoint

_SAME: Final = 1e-9
_WAITS: Final = {
    "grading": "officers are sent at grading, so nothing is held",
    "assessment": "officers wait for the risk assessment, not for ratification",
    "research": "officers wait for research, not for ratification",
}


@declare("share-held", 65, "the answer for every share held for ratification")
def share_held(document: Document) -> Section | None:
    """The share in time at each share held; the scenario's own is marked."""
    sweep = next((one for one in document.context.sweeps if len(one.points) > 1), None)
    if sweep is None:
        return None
    points = [one for one in sweep.points if known(one)]
    lines = [_line(sweep, one) for one in sweep.points]
    own = _own(document)
    if own is not None:
        lines.append(Line("itself", (cell(own), Cell(f"{own.n:,}", own))))
    elif sweep.own is not None and not any(_is_own(sweep, one) for one in sweep.points):
        lines.append(Line(f"{sweep.own:.0%} held, its own", (Cell("not simulated"), NOTHING)))
    table = Table(
        f"In time from the call, by the share held: {sweep.title}",
        ("In time", "Reports"),
        tuple(lines),
    )
    said = [_ends(document, points)] if len(points) > 1 else ["The share held was not moved."]
    said.append(_meaning(document, sweep))
    return Section(
        "share-held",
        _heading(points),
        tuple(one for one in said if one),
        (table,),
        chart="share-held",
        picture=said[0],
        note=ranges(document),
    )


def _line(sweep: Sweep, one: SweepPoint) -> Line:
    own = ", its own" if _is_own(sweep, one) else ""
    return Line(f"{one.share:.0%} held{own}", (cell(one), Cell(f"{one.n:,}", one)))


def _is_own(sweep: Sweep, one: SweepPoint) -> bool:
    return sweep.own is not None and abs(one.share - sweep.own) < _SAME


def _own(document: Document) -> Row | None:
    """The baseline's own share in time, where it lies on no share held."""
    rule = document.context.rules.get(document.baseline.name)
    if rule is None or rule.deploy_on not in ("assessment", "research"):
        return None
    return document.headline(document.baseline, "arrived_within_target")


def _ends(document: Document, points: list[SweepPoint]) -> str:
    first, last = points[0], points[-1]
    return (
        f"With {first.share:.0%} held, {in_words(first)} are reached within "
        f"{document.context.target} of the call; with {last.share:.0%} held, {in_words(last)}. "
        "No force's own share is known; read the whole range."
    )


def _meaning(document: Document, sweep: Sweep) -> str:
    name = document.context.spoken(document.baseline.name)
    rule = document.context.rules.get(document.baseline.name)
    if rule is not None and rule.deploy_on in _WAITS:
        return f"In {name} itself {_WAITS[rule.deploy_on]}."
    return "" if sweep.own is None else f"{name} itself holds {sweep.own:.0%}."


def _heading(points: list[SweepPoint]) -> str:
    if len(points) < 2:
        return "The answer across the share held for ratification"
    low, high = sorted((points[0], points[-1]), key=lambda one: one.value or 0.0)
    ends = [in_words(one).partition(" (")[0] for one in (low, high)]
    return f"From {ends[0].replace(' in 100', '')} to {ends[1]} in time, by the share held"
