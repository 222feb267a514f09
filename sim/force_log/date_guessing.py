"""Which date formats a log's times seem to have."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from sim.force_log.disclosure import LEAST
from sim.force_log.mapping import COUNTED
from sim.force_log.time_formats import ISO_FORMATS, PLAUSIBLE_YEARS, ZONED, parsed

SAMPLE: Final = 2_000
"""Values of a column that are looked at."""

_DIRECTIVE: Final = re.compile(r"%(?:\.\d?f|\d?f|#z|:z|.)")
_SEPARATING: Final = "/:-"
_WITH_MARKS: Final = re.compile("%[FTR]|%[#:]?[zZ]")
"""Directives that stand for texts with such marks in them."""
_FEW: Final = 40
_MOST_FORMATS: Final = 4
_FORMATS: Final = (
    *ISO_FORMATS,
    *(form for form in COUNTED if not form.startswith("local")),
    *(
        f"{day}{time}"
        for day in (
            "%d/%m/%Y", "%d-%b-%Y", "%d %b %Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d-%b-%y",
            "%d.%m.%y", "%d-%m-%y", "%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y", "%Y/%m/%d", "%y-%m-%d",
            "%y/%m/%d", "%Y%m%d", "%d%m%Y", "%Y-%m-%d", "%d %B %Y", "%b %d %Y", "%b %d, %Y",
            "%Y %b %d", "%Y-%b-%d",
        )
        for time in (
            " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", " %I:%M:%S%.f %p",
            " %H:%M:%S%.f", " %H%M", " %H%M%S",
            " %H.%M", " %H.%M.%S", " %H:%M:%S %z", " %H:%M %z",
            " %H:%M:%S %Z", " %H:%M %Z",
        )
    ),
    "%Y%m%d%H%M%S",
    "%Y%m%d%H%M",
    "%Y%m%dT%H%M%S",
)  # fmt: skip


def guessed_formats(sample: pl.Series) -> list[tuple[str, str]]:
    """Date formats that read some texts, with a doubt about each, the commonest first.

    Of several that read as many, those whose days lie closest together: the third of April read as
    the fourth of March scatters a week over a year.
    """
    found: list[tuple[str, str]] = []
    left = sample.gather_every(max(1, sample.len() // SAMPLE))
    day_first = None
    while left.len() and len(found) < _MOST_FORMATS:
        kinds = [set(text) for text in left.str.replace_all(r"[\d ]", "").unique().to_list()]
        marks = frozenset[str]().union(*kinds)
        everywhere = frozenset(_SEPARATING).intersection(*kinds)
        # A few texts show which formats are worth trying on all.
        few = left.gather_every(max(1, left.len() // _FEW))
        values = {
            form: _plausible(left, form)
            for form in _FORMATS
            if _allowed(form, day_first, bool(found))
            and _written_with(form, marks, everywhere)
            and _counted_of(few, form)
        }
        if not values:
            break
        hits = {form: read.len() - read.null_count() for form, read in values.items()}
        most = max(hits.values())
        if most < max(LEAST if found else 1, left.len() / 50):
            break
        best = min((form for form in hits if hits[form] == most), key=lambda f: _spread(values[f]))
        swapped = best.translate(str.maketrans("md", "dm")) if "%d" in best else best
        doubt = ""
        if day_first_of(best) is not None:
            day_first = day_first_of(best)
            if swapped != best and _counted_of(left, swapped) == most:
                doubt = " (day first or month first?)"
        found.append((best, doubt))
        left = left.filter(values[best].is_null())
    return found


def _written_with(form: str, marks: frozenset[str], everywhere: frozenset[str]) -> bool:
    """Whether a format can be that of some text: saves trying it in vain.

    All that it is written with stands in some text, of ``marks``, and what stands in each text,
    ``everywhere``, it is written with.
    """
    letters = any(mark.isalpha() for mark in marks)
    if form in COUNTED:
        return marks <= set(".,eE+")
    if any(mark in form for mark in ("%b", "%B", "%p", "%Z")) and not letters:
        return False
    if ZONED.search(form) and not letters and not marks & {"+", "-"}:
        return False
    written = set(_DIRECTIVE.sub("", form)) - {" ", ","}
    return written <= marks and (everywhere <= written or bool(_WITH_MARKS.search(form)))


def _plausible(sample: pl.Series, form: str) -> pl.Series:
    """Times that a format reads, in plausible years; shape (rows,)."""
    read = parsed(sample, form).dt.replace_time_zone(None)
    return read.set(~read.dt.year().is_between(*PLAUSIBLE_YEARS).fill_null(True), None)


def _counted_of(sample: pl.Series, form: str) -> int:
    read = _plausible(sample, form)
    return read.len() - read.null_count()


def _spread(moments: pl.Series) -> int:
    """Days between the tenth and the last but a tenth, roughly: a few stand-ins do not tell."""
    days = moments.drop_nulls().dt.date().cast(pl.Int32)
    low, high = days.quantile(0.1, "nearest"), days.quantile(0.9, "nearest")
    return 0 if low is None or high is None else int(high - low)


def formats_of(texts: pl.Series) -> list[str]:
    """Date formats that some texts seem to have; none where no usual one fits them."""
    return [form for form, _ in guessed_formats(texts.drop_nulls())]


def day_first_of(form: str) -> bool | None:
    """Whether the day stands before the month, where both are numbers and the year is not first."""
    if "%d" not in form or "%m" not in form or form.startswith("%Y"):
        return None
    return form.index("%d") < form.index("%m")


def _allowed(form: str, day_first: bool | None, beside: bool) -> bool:
    """Whether a format may stand beside those found.

    Day first and month first cannot be told apart, and 25/04/22 beside other dates is no year 25.
    """
    if beside and form.startswith("%y"):
        return False
    return day_first is None or day_first_of(form) in {None, day_first}
