"""What a force's duties say of its rota, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from sim.force_log.duties import PoolRota, Rotas
from sim.force_log.duties.writing import clock
from sim.report.terminal import ASCII, UNICODE, Sheet, spaced

_COUNTS: Final = (
    "Counts are to the nearest five; a share that rests on fewer than five duties is withheld (*). "
    "No officer's name or number is read."
)
_HOURS: Final = 24
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WORDS: Final = {"elsewhere": "work elsewhere"}


def rota_sentences(found: Rotas) -> Iterator[str]:
    """Who was rostered and who was away, a sentence for each pool, plain ASCII."""
    for one in found.pools:
        away = ", ".join(
            f"{_WORDS.get(reason, reason)} {'*' if share is None else f'{share:.0%}'}"
            for reason, share in one.away.items()
        )
        yield (
            f"{one.pool}: {one.rostered_hours:,.0f} officer-hours rostered a week and "
            f"{one.paraded_hours:,.0f} worked; {one.abstraction:.0%} away"
            + (f" ({away})." if away else ".")
        )
        if one.joined >= 0.1:
            yield (
                f"{one.pool}: {one.joined:.0%} of its duties have hours of their own and count "
                "with the shift nearest to them."
            )


def rotas_summary(found: Rotas, *, width: int, ascii_only: bool = False) -> RenderableType:
    """The rotas for a terminal of this width; under 60 columns are taken as 60."""
    page = Sheet(max(60, width), ASCII if ascii_only else UNICODE)
    parts: list[list[RenderableType]] = [
        [page.heading("What the duties say of the rota"), *map(page.line, rota_sentences(found))]
    ]
    for one in found.pools:
        lines = [
            [
                f"{clock(shift.start)} to {clock(shift.end)}",
                "every day" if len(shift.days) == len(_DAYS) else " ".join(shift.days),
                f"{shift.people}",
                f"{shift.abstraction:.0%}",
            ]
            for shift in one.patterns
        ]
        parts.append(
            [
                page.heading(f"{one.pool}: about {one.duties:,} duties"),
                page.table(["shift", "begins on", "rostered", "away"], lines),
                *_strips(one, page),
            ]
        )
    parts.append(
        [
            *(page.line(note, indent="  ") for note in found.notes),
            page.line(f"{found.title}, {found.first_day} to {found.last_day}. {_COUNTS}", "dim"),
        ]
    )
    return Group(*spaced(parts))


def _strips(one: PoolRota, page: Sheet) -> Iterator[RenderableType]:
    """Share away by hour of the week, a line for each day, from least to most."""
    known = [share for share in one.by_hour if share is not None]
    if not known or min(known) == max(known):
        return
    least, most = min(known), max(known)
    levels = page.glyphs.levels
    yield Text(" " * 10 + "".join(f"{hour:02d}".ljust(6) for hour in (0, 6, 12, 18)))
    for day, name in enumerate(_DAYS):
        strip = "".join(
            page.glyphs.few
            if share is None
            else levels[min(int((share - least) / (most - least) * len(levels)), len(levels) - 1)]
            for share in one.by_hour[day * _HOURS : (day + 1) * _HOURS]
        )
        told = f"  away {least:.0%} to {most:.0%}" if day == 0 else ""
        yield Text(name.ljust(10) + strip + told)
