"""What a column holds, by its values: times, days, lengths, labels that repeat, or none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import polars as pl

from sim.force_log.identifiers import by_shape, repeat, words_of
from sim.force_log.merged_cells import MERGED, merged_down
from sim.force_log.time_formats import without_midnight

What: TypeAlias = Literal[
    "nothing", "moments", "dates", "times of day", "lengths", "labels", "numbers", "codes",
    "many different values",
]  # fmt: skip

_SAMPLE: Final = 2_000
_NEARLY_ALL: Final = 0.95
_MOST_LABELS: Final = 400
_DATE: Final = (
    r"(\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|\d{1,2}[ /-]\p{L}{3,}\.?[ /-]\d{2,4}"
    r"|\p{L}{3,}\.? +\d{1,2},? \d{4}|\d{4}[ /-]\p{L}{3,}\.?[ /-]\d{1,2})"
)
_CLOCK: Final = r"\d{1,2}[:.]\d{2}([:.]\d{2}([.,:]\d+)?)?( ?[AaPp]\.?[Mm]\.?)?"
_ZONE: Final = r"( ?(Z|[A-Z]{3,4}|[+-]\d{2}:?(\d{2})?))?"
_COMPACT: Final = r"(19|20)\d\d[01]\d[0-3]\d[ T]?[0-2]\d[0-5]\d([0-5]\d)?|\d{8}[ T]\d{1,6}"
_MOMENT: Final = rf"^({_DATE},?[ T]+({_CLOCK}|\d{{1,6}}){_ZONE}|{_COMPACT})$"
_TIMELY: Final = frozenset(
    ("time", "date", "datetime", "dt", "tm", "ts", "at", "timestamp", "stamp", "when", "toa")
)
_STAFF: Final = frozenset((
    "dispatcher", "despatcher", "operator", "taker", "calltaker", "user", "staff", "officer",
    "employee", "supervisor", "controller", "author", "owner", "clerk", "sergeant", "inspector",
    "oic", "by",
))  # fmt: skip
_DONE: Final = (
    r"receiv|recd|rcvd|creat|answer|grad(ed|ing)|ratif|alloc|assign|d[ie]spatch|mobile|enroute|"
    r"scene|arriv|clear|clos|attended|queue|start|resum"
)
_LASTING: Final = frozenset((
    "elapsed", "duration", "secs", "seconds", "sec", "minutes", "mins", "min", "delay", "wait",
    "waited", "lag", "interval", "taken", "length", "time",
))  # fmt: skip
_SECONDS: Final = (631_152_000, 4_102_444_800)
_EXCEL: Final = (32_874, 73_050)
"""From 1990 to 2100, since 1970 and as a spreadsheet counts days."""

_WORDS_FOR_NOTHING: Final = 3
_SEVERAL: Final = (
    r"^\s*[\p{L}\d][^,;|+&]*([,;|+&]\s*[\p{L}\d][^,;|+&]*)+$|^\s*\S*\d\S*(\s+\S*\d\S*)+\s*$"
)
_SOME_LISTED: Final = 0.02
_MOST_SENT: Final = 20
_FEWEST: Final = 20
_SHORT_CODE: Final = 24


@dataclass(frozen=True, slots=True)
class Seen:
    """A column that was looked at.

    Attributes
    ----------
    name
        As the header has it.
    what
        What its values are.
    values
        All of them: shape (rows,), text or times, empty cells None.
    different
        How many different ones there are.
    """

    name: str
    what: What
    values: pl.Series
    different: int


def look(name: str, values: pl.Series) -> Seen:
    """Say what a column holds.

    Parameters
    ----------
    name
        Its name: it settles what a number may be, and nothing else.
    values
        Shape (rows,), as `sim.force_log.source.Source` holds them.
    """
    known = values.drop_nulls()
    return Seen(name, _what(name, known) if known.len() else "nothing", values, known.n_unique())


def seems(seen: Seen) -> str:
    """What a column holds, in words, with nothing of its values but how many there are."""
    if seen.what in {"nothing", "moments", "dates", "times of day", "lengths"}:
        return seen.what
    if is_of_staff(seen.name):
        return "who worked on it, it seems"
    if seen.different <= _MOST_LABELS and merged_down(seen.values):
        return MERGED
    if seen.what == "many different values":
        what = by_shape(seen.values.cast(pl.String), "kind")
        return what if what and "every value" not in what else "nearly every value is another"
    return f"{seen.what}, {seen.different:,} different"


def is_timely(name: str) -> bool:
    """Whether the name of a column says that it holds a time."""
    words = words_of(name)
    done = any(re.match(_DONE, word) for word in words)
    return done or bool(_TIMELY & set(words)) or words[:1] == ["t"]


def _is_lasting(name: str) -> bool:
    """Whether the name of a column says that it holds lengths: also traveltime, dispatch_arrive."""
    words = words_of(name)
    joined = any(re.fullmatch(r"(?!date).+time", word) for word in words)
    steps = sum(bool(re.match(_DONE, word)) for word in words)
    return joined or steps > 1 or bool(_LASTING & set(words))


def with_figures(texts: pl.Series) -> pl.Series | None:
    """Those texts that hold figures, if the others are a few words for nothing, such as UNSET."""
    told = texts.str.contains(r"\d")
    if not told.any() or texts.filter(~told).n_unique() > _WORDS_FOR_NOTHING:
        return None
    return texts.filter(told)


def is_of_staff(name: str) -> bool:
    """Whether the name of a column says that it tells who worked on an incident."""
    return bool(_STAFF & set(words_of(name)))


def no_call_signs(units: pl.Series) -> str | None:
    """Say what cells hold that name no crew: several units at once, or how many; None: neither.

    Of a cell such as "12A, 14C" nobody can tell which crew was busy when, and a 3 is how many were
    sent.
    """
    known = units.drop_nulls().cast(pl.String)
    sample = known.gather_every(max(1, known.len() // _SAMPLE))
    if not sample.len():
        return None
    listed = int(sample.str.contains(_SEVERAL).sum())
    if listed > max(1, _SOME_LISTED * sample.len()):
        return "several units at once"
    number = sample.str.strip_chars().cast(pl.Float64, strict=False)
    counts = (number.is_between(0, _MOST_SENT) & (number % 1 == 0)).fill_null(value=False)
    return "how many units were sent" if counts.all() and sample.n_unique() > 1 else None


def _what(name: str, known: pl.Series) -> What:
    dtype = known.dtype
    if dtype == pl.Duration:
        return "lengths"
    if dtype == pl.Date:
        return "dates"
    if dtype == pl.Time:
        return "times of day"
    if dtype.is_temporal():
        midnight = (known.dt.hour() == 0) & (known.dt.minute() == 0) & (known.dt.second() == 0)
        return "dates" if midnight.all() and known.dt.date().n_unique() > 1 else "moments"
    text = known.cast(pl.String)
    sample = text.gather_every(max(1, text.len() // _SAMPLE))
    return next(_by_values(name, sample, text), "many different values")


def _by_values(name: str, sample: pl.Series, text: pl.Series) -> Iterator[What]:
    figures = with_figures(sample)
    if figures is not None:
        if _share(without_midnight(figures), f"^{_DATE}$") >= _NEARLY_ALL:
            yield "dates"
        if _share(figures, _MOMENT) >= _NEARLY_ALL:
            yield "moments"
        if _share(figures, f"^{_CLOCK}$") >= _NEARLY_ALL and not _decimal(figures):
            yield "lengths" if _lasts(name, figures) else "times of day"
        if is_timely(name) or _is_lasting(name):
            yield from _of_numbers(name, figures)
    if by_shape(text, "kind") is None and repeat(text) and text.n_unique() <= _MOST_LABELS:
        yield "labels"
    if _numbers(sample).null_count() <= (1 - _NEARLY_ALL) * sample.len():
        yield "numbers"
    if text.str.len_chars().max() <= _SHORT_CODE and _share(text, r"\d") > 0.5:  # type: ignore[operator]
        yield "codes"


def _of_numbers(name: str, figures: pl.Series) -> Iterator[What]:
    """What the numbers of a column are that seems to hold times or lengths, by its name."""
    numbers = _numbers(figures).drop_nulls()
    if numbers.len() < _NEARLY_ALL * figures.len():
        return
    whole = bool((numbers % 1 == 0).all())
    if is_timely(name):
        for scale in (1, 1_000):
            if numbers.is_between(_SECONDS[0] * scale, _SECONDS[1] * scale).mean() == 1:
                yield "moments"
        if numbers.is_between(*_EXCEL).mean() == 1:
            yield "dates" if whole else "moments"
        if not whole and numbers.is_between(0, 1, closed="left").all() and _after_noon(numbers, 1):
            yield "times of day"
        clock = numbers.is_between(0, 2_400) & (numbers % 100 < 60)
        if whole and clock.all() and (numbers.len() < _FEWEST or _after_noon(numbers, 2_400)):
            yield "times of day"
        if whole and figures.str.contains(r"^(19|20)\d\d[01]\d[0-3]\d$").all():
            yield "dates"
    if _is_lasting(name) and (numbers >= 0).mean() >= _NEARLY_ALL:  # type: ignore[operator]
        yield "lengths"


def _after_noon(numbers: pl.Series, day: float) -> bool:
    """Whether a fifth and more of a day's times lie after its noon."""
    share = (numbers >= day / 2).mean()
    return isinstance(share, float) and share >= 0.2


def _lasts(name: str, figures: pl.Series) -> bool:
    """Whether values such as 00:12:30 are lengths: hardly any of them would lie after noon."""
    parts = figures.str.extract_groups(r"^(\d+)[:.](\d+)").struct.unnest()
    parts.columns = ["hours", "minutes"]
    hours = parts["hours"].cast(pl.Int64, strict=False).drop_nulls()
    if figures.str.contains(r"[AaPp]\.?[Mm]").any():
        return False
    said = bool(_LASTING - {"time"} & set(words_of(name)))
    if figures.len() < _FEWEST:
        return said
    late, soon = (hours >= 12).mean(), (hours < 3).mean()
    return isinstance(late, float) and isinstance(soon, float) and late < 0.05 and soon >= 0.5


def _decimal(figures: pl.Series) -> bool:
    """Whether values such as 3.25 and 12.75 are numbers and no times of day."""
    points = figures.str.contains(r"^\d{1,2}\.\d{2}$")
    minutes = figures.filter(points).str.slice(-2).cast(pl.Int64)
    return bool(points.all()) and bool((minutes >= 60).any())


def _numbers(texts: pl.Series) -> pl.Series:
    return texts.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def _share(texts: pl.Series, pattern: str) -> float:
    share = texts.str.contains(pattern).mean()
    return share if isinstance(share, float) else 0.0
