"""What is assumed and not known, and what it could make of the answer."""

from __future__ import annotations

from typing import Final

from sim.report.sections.figures import in_100_of, listed, settled
from sim.report.sections.registry import declare
from sim.report.sections.section import NOTHING, Cell, Line, Section, Table
from sim.report.sections.tables import by_scenario, present
from sim.results import Document, UnknownRange, Unknowns

_PATHS_NAMED: Final = 6


@declare("unknowns", 66, "what is not known, and what it could make of the answer")
def unknowns(document: Document) -> Section | None:
    """The second range by scenario, what moved it most, and what was left alone."""
    found = document.context.unknowns
    if found is None:
        return None
    return Section(
        "unknowns",
        _heading(document, found),
        (_how(found), *_better(document, found), *_without(found)),
        present(_ranges(document, found), _movers(found)),
        note=(
            "A range of settings and no confidence range: within it lie 95 of 100 settings of what "
            "is not known. The luck of a setting's one replication, known from settings played "
            "twice, is taken off the spread, so that luck is not counted twice. Which scenario is "
            "better in a setting is told from that one replication, the same luck for both."
        ),
    )


def _heading(document: Document, found: Unknowns) -> str:
    own = found.ranges.get(document.baseline.name)
    if own is None:
        return "What is assumed and not known"
    span = f"{in_100_of(own.low)} to {in_100_of(own.high)} in 100"
    return f"What is not known could make the share in time anything from {span}"


def _how(found: Unknowns) -> str:
    again = {0: "", 1: " One setting was impossible and drawn again."}.get(
        found.redrawn, f" {found.redrawn} settings were impossible and drawn again."
    )
    return (
        f"{found.things} things that [sources] gives a range were varied together, in "
        f"{found.settings} settings, the same for every scenario: half of the time below what the "
        f"file says and half above.{again}"
    )


def _better(document: Document, found: Unknowns) -> list[str]:
    spoken = document.context.spoken
    base = spoken(document.baseline.name)
    told = [settled(spoken(name), base, found.counted(name)) for name in found.better]
    return [f"Of {found.settings} settings {one}." for one in told]


def _ranges(document: Document, found: Unknowns) -> Table | None:
    names = [part.name for part in document.scenarios]

    def line(label: str, ranges: dict[str, UnknownRange], *, inset: bool = False) -> Line:
        cells = (ranges.get(name) for name in names)
        return Line(label, tuple(NOTHING if one is None else _span(one) for one in cells), inset)

    lines = [
        line("In time from the call, 95 in 100 settings", found.ranges),
        _parts(names, found, run=document.run.replications),
        line("Over an hour, 95 in 100 settings", found.over_an_hour),
    ]
    return by_scenario(document, "What is not known could make it", lines)


def _span(one: UnknownRange) -> Cell:
    return Cell(f"{in_100_of(one.low)}–{in_100_of(one.high)}%", one)


def _parts(names: list[str], found: Unknowns, *, run: int) -> Line:
    cells = []
    for name in names:
        one = found.ranges.get(name)
        if one is None or one.settings_variance is None or one.luck_variance is None:
            cells.append(NOTHING)
            continue
        luck = one.luck_variance / run
        total = luck + one.settings_variance
        cells.append(NOTHING if total == 0 else Cell(_percent(luck / total), one))
    return Line("of all variance, this study's luck", tuple(cells), inset=True)


def _movers(found: Unknowns) -> Table | None:
    if not found.movers:
        return None
    lines = tuple(
        Line(
            f"{one.what[:1].upper()}{one.what[1:]}",
            (
                Cell(_percent(one.share), one),
                Cell("higher" if one.rises else "lower"),
                Cell("yes" if one.clear else "no"),
            ),
        )
        for one in found.movers
    )
    caption = "What the baseline's share in time goes with most"
    return Table(caption, ("Of its spread", "With more of it", "Beyond chance"), lines)


def _without(found: Unknowns) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for one in found.without:
        reasons.setdefault(one.why, []).append(one.path)
    said = []
    for why, paths in reasons.items():
        named, more = paths[:_PATHS_NAMED], len(paths) - _PATHS_NAMED
        told = listed([*named, f"{more} more"] if more > 0 else named)
        said.append(f"Not varied, since it {why}: {told}.")
    return said


def _percent(share: float) -> str:
    return "<1%" if 0 < share < 0.01 else f"{100 * share:.0f}%"
