"""Figures in words and cells: how finely they are written, and what a change is called.

A figure is never written more finely than its range bears. Cells have an en dash in ranges,
sentences say "to"; the first screen counts in 100, so that it can be read aloud.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeAlias, TypeGuard, overload

from sim.answers import Estimated
from sim.report.rounding import Written, distance, is_nought, rounded
from sim.report.rounding import place as place_of
from sim.report.sections.section import NOTHING, Cell, Emphasis
from sim.results import Row, SweepPoint, number_of
from sim.statistics import RARE_EVENTS

Figured: TypeAlias = Row | SweepPoint | Estimated
"""What is written as a figure."""

_SMALL: Final = 10.0


@overload
def known(row: Row | None) -> TypeGuard[Row]: ...
@overload
def known(row: Figured | None) -> TypeGuard[Figured]: ...
def known(row: Figured | None) -> bool:
    """Whether there is a figure with an estimate."""
    return row is not None and row.value is not None


def clear(change: Row | None) -> bool:
    """Whether a change's range leaves out no change."""
    if change is None or change.low is None or change.high is None:
        return False
    return change.low > 0 or change.high < 0


def few(row: Figured) -> bool:
    """Whether a share rests on too few events to be compared."""
    if row.unit != "share" or row.value is None:
        return False
    happened = round(row.value * row.n)
    lacking = (row.low is None) != (row.high is None)
    return lacking or min(happened, row.n - happened) < RARE_EVENTS


def untold(row: Figured | None) -> Cell:
    """What stands where there is no estimate: why, where the row says so, else a dash."""
    said = row.untold if isinstance(row, Row) else None
    return NOTHING if row is None or said is None else Cell(said, row, note=f"n={row.n:,}")


def cell(row: Figured | None, *, pound: bool = False, factor: float = 1.0) -> Cell:
    """A figure with its range: "20% (19–21)", "36 (34–38)", "none (<0.3%)".

    Parameters
    ----------
    row
        The figure; None: there is none.
    pound
        Written as pounds.
    factor
        What it is multiplied by to be in the unit of its line, such as 60 of hours told in
        minutes.
    """
    if not known(row):
        return untold(row)
    note = f"n={row.n:,}"
    if _none_or_all(row):
        return Cell(_none_or_all_text(row, to="–"), row, note=note)
    if row.value == row.low == row.high == 0 and row.unit != "share":
        return Cell("0", row, note=note)
    sign = "%" if row.unit == "share" else ""
    text = f"{'£' if pound else ''}{_figure(row, factor).in_cell(sign)}"
    return Cell(text, row, note=note)


def plain(row: Figured | None) -> Cell:
    """A figure without its range: "36%", "22"."""
    if not known(row):
        return untold(row)
    if _none_or_all(row):
        return Cell("none" if row.value == 0 else "all", row, note=f"n={row.n:,}")
    return Cell(
        f"{_figure(row).value}{'%' if row.unit == 'share' else ''}", row, note=f"n={row.n:,}"
    )


def held_against(row: Row | None, change: Row | None, *, rare: bool = False) -> Cell:
    """A variant's figure with its range, and a star where its change is clear."""
    written = cell(row)
    if rare or change is None or not clear(change):
        return written
    return replace(written, text=f"{written.text}*", emphasis=_emphasis(change))


def change_cell(
    change: Row | None, *, rare: bool = False, short: bool = False, factor: float = 1.0
) -> Cell:
    """A change: "-4 (-6 to -3)*" where it is clear, else "+1 (-1 to +3)" or "same".

    Parameters
    ----------
    change
        The variant less the baseline.
    rare
        True: both shares rest on too few events to be compared.
    short
        True: of a change that is not clear, the range alone.
    factor
        As of `cell`.
    """
    if not known(change):
        return untold(change)
    if change.value == change.low == change.high == 0:
        return Cell("same", change)
    if rare or change.low is None or change.high is None:
        return Cell("too few", change)
    value, span = signed_change(change, factor)
    if clear(change):
        whole = value if _is_point(change, factor) else f"{value} ({span})"
        return Cell(f"{whole}*", change, _emphasis(change))
    if all(is_nought(end) for end in span.split(" to ")):
        return Cell("same", change)
    return Cell(span if short else f"{value} ({span})", change)


def signed_change(change: Row, factor: float = 1.0) -> tuple[str, str]:
    """A change and its range, each number with its sign: ("-4", "-6 to -3")."""
    way = ("+" if change.number > 0 else "-") if clear(change) else ""
    return _changed(change, factor).as_change(way)


def _is_point(change: Row, factor: float) -> bool:
    """Whether a change and both its ends are written alike."""
    figure = _changed(change, factor)
    return figure.low == figure.high == figure.value


def plain_pounds(row: Figured) -> Cell:
    """Pounds without their range: "£36,558"."""
    return Cell(f"£{_figure(row).value}", row)


def more_pounds(change: Row) -> Cell:
    """A clear change of pounds without its range: "-£1,230*"."""
    value, _ = signed_change(change)
    return Cell(f"{value[0]}£{value[1:]}*", change, _emphasis(change))


def spoken_change(
    change: Row, more: str = "more", less: str = "fewer", unit: str = ""
) -> tuple[str, str]:
    """A clear change in words: its size with the way, and its range: ("20 more", "18 to 22").

    Of one that is next to nothing that is said in place of the range; hours are then minutes.
    """
    figure = _changed(change)
    if unit == "hours" and figure.is_slight():
        figure, unit = _changed(change, 60.0), "minutes"
    size, between = figure.sized()
    return f"{counted(size, unit)} {more if change.number > 0 else less}", between


def slight(change: Row) -> bool:
    """Whether a clear change would be written as nought."""
    return clear(change) and _changed(change).is_slight()


def spoken_pounds(change: Row) -> tuple[str, str]:
    """A clear change of pounds in words: ("£410 more", "(£300 to £520)")."""
    figure = _changed(change)
    way = "more" if change.number > 0 else "less"
    size, between = figure.sized()
    if figure.is_slight():
        return f"less than £1 {way}", f"({between})"
    return f"£{size} {way}", f"(£{between.replace(' to ', ' to £')})"


def spoken_range(change: Row, more: str = "more", less: str = "fewer", unit: str = "") -> str:
    """The range of an unclear change in words: "1 fewer to 3 more"; "" where nought shows."""
    figure = _changed(change)
    low, high = str(figure.low).lstrip("-"), str(figure.high)
    if is_nought(low) and is_nought(high):
        return ""
    below = "none" if is_nought(low) else f"{counted(low, unit)} {less}"
    above = "none" if is_nought(high) else f"{counted(high, unit)} {more}"
    return f"{below} to {above}"


def differ_at_most(change: Row, unit: str = "", *, several: bool = False) -> str:
    """What an unclear change is at most, either way: "it differs by at most 3 in 100".

    Parameters
    ----------
    change
        With a range.
    unit
        What it is counted in.
    several
        True: "they differ" in place of "it differs".
    """
    if change.value == change.low == change.high == 0:
        return "they are just the same" if several else "it is just the same"
    return f"{'they differ' if several else 'it differs'} {_at_most(change, unit)}"


def _at_most(change: Row, unit: str) -> str:
    figure = _changed(change)
    most = max((str(figure.low), str(figure.high)), key=distance)
    most = most.lstrip("-")
    if is_nought(most):
        decimals = len(most.partition(".")[2])
        return f"by less than {10.0**-decimals:.{decimals}f} {unit}".rstrip()
    return f"by at most {counted(most, unit)}"


def counted(written: str, unit: str) -> str:
    """A number with its unit, in the singular of one."""
    one = unit.removesuffix("s") if written == "1" else unit
    return f"{written} {one}".rstrip()


def in_100(row: Figured) -> str:
    """A share counted in 100 (or a time) without its range: "20", "fewer than 0.1", "none"."""
    if _none_or_all(row):
        return "none" if row.value == 0 else "all"
    return _figure(row).value.replace("<", "fewer than " if row.unit == "share" else "under ")


def in_words(row: Figured, factor: float = 1.0) -> str:
    """A figure with its range in words: "20 in 100 (19 to 21)", "36 (34 to 38)".

    Parameters
    ----------
    row
        With an estimate.
    factor
        As of `cell`.
    """
    if _none_or_all(row):
        return _none_or_all_text(row, to=" to ")
    figure = _figure(row, factor)
    if row.unit != "share":
        return figure.in_words()
    return replace(figure, value=figure.value.replace("<", "fewer than ")).in_words(" in 100")


def span(rows: Sequence[Figured]) -> str:
    """The values of several rows as one range: "5–10%", or "5%" where they are written alike."""
    written = [(row.value, _figure(row).value) for row in rows if row.value is not None]
    (_, least), (_, most) = min(written), max(written)
    sign = "%" if rows[0].unit == "share" else ""
    return f"{most}{sign}" if least == most else f"{least}–{most}{sign}"


def number(value: float, decimals: int) -> str:
    """A number without a range, with commas."""
    return f"{value:,.{decimals}f}"


def in_100_of(share: float) -> str:
    """A share without an interval of its own, counted in 100: "20", "0.4", "0"."""
    value = 100 * share
    return number(value, 1 if 0.05 <= value < 0.95 else 0)


def length(minutes: float) -> str:
    """A length of time in words: "20 minutes", "1 hour", "10 hours", "90 minutes"."""
    if minutes >= 60 and minutes % 60 == 0:
        hours = round(minutes / 60)
        return "1 hour" if hours == 1 else f"{hours} hours"
    return "1 minute" if minutes == 1 else f"{minutes:g} minutes"


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Parts with commas, and a word before the last."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def settled(name: str, base: str, counts: tuple[int, int, int]) -> str:
    """In how many settings a scenario is better, the same and worse, in words.

    Such as "B is better than A in 35, the same in 6 and worse in 4"; of one sort alone, "in all".

    Parameters
    ----------
    name, base
        What is held against what; a base of "" has just been named.
    counts
        In how many settings it is better, the same, and worse.
    """
    words = {"better": "than", "the same": "as", "worse": "than"}
    times = {word: n for word, n in zip(words, counts, strict=True) if n}
    first, *rest = times
    often = f"{times[first]:,}" if rest else "all"
    than = f" {words[first]} {base}" if base else ""
    told = [f"{first}{than} in {often}"]
    return f"{name} is {listed([*told, *(f'{word} in {times[word]:,}' for word in rest)])}"


def is_gain(change: Row) -> bool | None:
    """Whether a change is for the better; None: its measure alone does not say."""
    way = change.about.better
    return None if way is None else (change.number > 0) == (way == "more")


def _emphasis(change: Row) -> Emphasis:
    gain = is_gain(change)
    if gain is None:
        return "strong"
    return "better" if gain else "worse"


def _ends(row: Figured, factor: float) -> tuple[float, float | None, float | None]:
    times = factor * (100.0 if row.unit == "share" else 1.0)
    low = None if row.low is None else row.low * times
    high = None if row.high is None else row.high * times
    return number_of(row) * times, low, high


def _figure(row: Figured, factor: float = 1.0) -> Written:
    """Rounded as its own range bears; what is never less than nought has no end under it."""
    value, low, high = _ends(row, factor)
    if low is not None and value >= 0:
        low = max(0.0, low)
    return rounded(value, low, high, _unit(row, value, low, high))


def _changed(change: Row, factor: float = 1.0) -> Written:
    value, low, high = _ends(change, factor)
    return rounded(value, low, high, _unit(change, value, low, high))


def _unit(row: Figured, value: float, low: float | None, high: float | None) -> float | None:
    """The last place that is written; of a small number one more than its range would bear."""
    if row.unit != "share" and abs(value) >= 100:
        return 1.0
    if low is None or high is None or abs(value) >= _SMALL:
        return None
    return place_of(value, (value + low) / 2, (value + high) / 2)


def _none_or_all(row: Figured) -> bool:
    """Whether none, or all, of a share's cases had it; of a share of time it is not said so."""
    return row.unit == "share" and row.value in (0, 1) and (row.low is None or row.high is None)


def _none_or_all_text(row: Figured, to: str) -> str:
    words = to == " to "
    limit = row.high if row.value == 0 else row.low
    name = "none" if row.value == 0 else "all"
    whom = f" of {row.n:,}" if words else ""
    if limit is None:
        return f"{name}{whom}"
    away = 100 * (limit if row.value == 0 else 1 - limit)
    unit = place_of(0.0, None, away)
    # Rounded away from certainty.
    away = max(unit, math.ceil(away / unit - 1e-9) * unit)
    decimals = max(0, -round(math.log10(unit)))
    if row.value == 0:
        return f"{name}{whom} ({'under ' if words else '<'}{away:.{decimals}f}%)"
    return f"{name}{whom} ({'over ' if words else '>'}{100 - away:.{decimals}f}%)"
