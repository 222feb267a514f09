"""One date format and the texts that it reads: also as spreadsheets and other languages leave them.

What a format says is read first. What it leaves is tried again as it was probably meant: hour 24 of
a day is hour 0 of the next, a comma before parts of a second is a point, a month may stand by its
name in another language. Figures that a spreadsheet has robbed of their leading noughts get them
back, since ``115`` by ``%H%M`` is 01:15 and never 11:05.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache
from typing import Final

import polars as pl

from sim.force_log.mapping import COUNTED

ISO_FORMATS: Final = (
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S%.f%#z",
    "%Y-%m-%d %H:%M:%S%.f%#z",
    "%Y-%m-%dT%H:%M%#z",
    "%Y-%m-%d %H:%M%#z",
)
PLAUSIBLE_YEARS: Final = (1990, 2199)
ZONED: Final = re.compile(r"%[:#]?z")
NAMED_ZONE: Final = "%Z"
NAMED_OFFSETS: Final = {
    "Z": 0, "UTC": 0, "GMT": 0, "BST": 60, "CET": 60, "CEST": 120, "EST": -300, "EDT": -240,
    "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
}  # fmt: skip
"""Zones by name, in minutes ahead of UTC."""

_KNOWN_ZONES: Final = rf"\b({'|'.join(NAMED_OFFSETS)})\s*$"
_EXCEL_EPOCH: Final = datetime(1899, 12, 30)
_UNIX_EPOCH: Final = datetime(1970, 1, 1)
_SCIENTIFIC: Final = r"^\s*(\d+)(?:[.,](\d*))?[eE]\+?(\d+)\s*$"
_PART: Final = re.compile(r"%(?:\.\d?f|\d?f|#z|:z|.)|[^%]+")
_WIDTHS: Final = {"%Y": 4, "%y": 2, "%m": 2, "%d": 2, "%H": 2, "%I": 2, "%M": 2, "%S": 2}
_HOUR_24: Final = r"(^|[ T])24([:.h]?[0-5]\d)"
_MIDNIGHT: Final = (
    r"[ T](?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00(?:\.0+)?)? ?[Aa][Mm])"
    r"(?: ?(?:Z|UTC|[+-]00(?::?00)?))?$"
)
_MIDNIGHT_SAID: Final = re.compile(_MIDNIGHT.replace("$", "(?= )"))
_MONTHS: Final = (
    # German, French, Spanish, Italian, Dutch, Portuguese, Welsh; English where it differs.
    ("Jan", "januar jänner janvier janv enero ene gennaio gen januari janeiro ionawr ion"),
    ("Feb", "februar février févr fév febrero febbraio februari fevereiro fev chwefror chwe"),
    ("Mar", "märz mrz mär mars marzo maart mrt março mawrth maw"),
    ("Apr", "april avril avr abril abr aprile ebrill ebr"),
    ("May", "mai mayo maggio mag mei maio"),
    ("Jun", "juni juin junio giugno giu junho mehefin meh"),
    ("Jul", "juli juillet juil julio luglio lug julho gorffennaf gorff gor"),
    ("Aug", "august août aout agosto ago augustus awst"),
    ("Sep", "september sept septembre septiembre settembre set setembro medi"),
    ("Oct", "oktober okt octobre octubre ottobre ott outubro out hydref hyd"),
    ("Nov", "november novembre noviembre novembro tachwedd tach"),
    ("Dec", "dezember dez décembre déc diciembre dic dicembre december dezembro rhagfyr rhag"),
)


def parsed(text: pl.Series, form: str) -> pl.Series:
    """Read times by one date format; empty where it does not fit.

    Parameters
    ----------
    text
        Shape (rows,), strings.
    form
        A format of the mapping's ``date_formats``.

    Returns
    -------
    polars.Series
        Shape (rows,): moments in UTC where the format has an offset or counts from 1970, else
        local times without a zone.
    """
    if form in COUNTED:
        return _counted(text, form)
    if NAMED_ZONE in form:
        # It would read any word, and PM for a zone.
        text = text.set(~text.str.contains(_KNOWN_ZONES).fill_null(True), None)
    values = _strict(_padded(text, form), form)
    left = values.is_null() & text.is_not_null()
    if not left.any():
        return values
    rest = _as_meant(text.filter(left), form)
    late = rest.str.contains(_HOUR_24).fill_null(False)
    mended = _strict(_padded(rest.str.replace(_HOUR_24, "${1}00${2}"), form), form)
    mended = (mended + timedelta(days=1)).zip_with(late, mended)
    if mended.null_count() == mended.len():
        return values
    return values.scatter(left.arg_true(), mended)


def has_hour_24(text: pl.Series) -> pl.Series:
    """Where a time of day is in hour 24: shape (rows,), false where empty."""
    return text.str.contains(_HOUR_24).fill_null(False)


def scientific_steps(text: pl.Series) -> pl.Series:
    """The step, in units of the number, of each that a spreadsheet saved in scientific form.

    Returns
    -------
    polars.Series
        Shape (numbers in scientific form,): 10.0 ** 7 for ``1.65089E+12``.
    """
    some = text.filter(text.str.contains(r"[eE]").fill_null(False))
    parts = some.str.extract_groups(_SCIENTIFIC).struct.unnest()
    parts.columns = ["whole", "decimals", "power"]
    steps = parts.drop_nulls("power").select(
        10.0
        ** (
            pl.col("power").cast(pl.Int64)
            - pl.col("decimals").fill_null("").str.len_chars().cast(pl.Int64)
        )
    )
    return steps.to_series()


def without_midnight(day: pl.Series) -> pl.Series:
    """Texts of dates, without the midnight that some exports write beside them."""
    return day.str.replace(_MIDNIGHT, "")


def form_without_midnight(form: str) -> str:
    """A format, without the midnight that its date is written with."""
    return _MIDNIGHT_SAID.sub("", form)


def _strict(text: pl.Series, form: str) -> pl.Series:
    zone = "UTC" if ZONED.search(form) else None
    # Of the marks for an offset this one also reads +00 and Z.
    read_as = ZONED.sub("%#z", form)
    return text.str.to_datetime(read_as, time_unit="us", time_zone=zone, strict=False)


def _as_meant(text: pl.Series, form: str) -> pl.Series:
    """Texts that a format does not fit, in the marks and names that it is written with."""
    meant = text.str.replace_all(r"\s+", " ").str.strip_chars()
    if "," not in form:
        # Before parts of a second a point is meant, after a date nothing.
        meant = meant.str.replace_all(r"(\d), ", "${1} ").str.replace(r"(:\d\d),(\d)", "${1}.${2}")
    if "%p" in form:
        meant = meant.str.replace(r"(?i)\b([ap])\.m\.?", "${1}m")
        # Some databases write parts of a second after a third colon, and AM close to them.
        meant = meant.str.replace(r"(?i)(:\d\d):(\d{3}) ?([ap]m)", "${1}.${2} ${3}")
    if "%b" in form or "%B" in form:
        for pattern, month in _month_patterns():
            meant = meant.str.replace(pattern, month)
        if "%b" in form and "%b." not in form:
            meant = meant.str.replace(r"(\p{L}{3})\.", "${1}")
    return meant


@cache
def _month_patterns() -> tuple[tuple[str, str], ...]:
    before, after = r"(?i)(^|[^\p{L}])(?:", r")\.?([^\p{L}]|$)"
    return tuple(
        (f"{before}{'|'.join(names.split())}{after}", f"${{1}}{month}${{2}}")
        for month, names in _MONTHS
    )


def _padded(text: pl.Series, form: str) -> pl.Series:
    """Give runs of figures without marks between them the noughts that they lack in front."""
    runs = _runs(form)
    if not any(width for _, width in runs):
        return text
    pattern = "".join(f"({part})" for part, _ in runs)
    groups = text.str.extract_groups(f"^{pattern}$").struct.unnest()
    whole = [
        pl.col(name).str.zfill(width) if width else pl.col(name)
        for name, (_, width) in zip(groups.columns, runs, strict=True)
    ]
    return groups.select(pl.concat_str(whole).alias(text.name)).to_series()


@cache
def _runs(form: str) -> tuple[tuple[str, int], ...]:
    """The parts of a format as patterns, with the width of those that are runs of figures."""
    parts = _PART.findall(form)
    groups: list[list[str]] = []
    for part in parts:
        fixed = part in _WIDTHS
        if groups and fixed == (groups[-1][0] in _WIDTHS):
            groups[-1].append(part)
        else:
            groups.append([part])
    runs = []
    for group in groups:
        if len(group) > 1 and group[0] in _WIDTHS:
            width = sum(_WIDTHS[part] for part in group)
            # A year of four figures has no nought in front that could be lost.
            least = width if group[0] == "%Y" else 1
            runs.append((rf"\d{{{least},{width}}}", width))
        elif group[0] in _WIDTHS:
            runs.append((r"\d{1,4}", 0))
        else:
            pieces = (".*?" if part[0] == "%" else re.escape(part) for part in group)
            runs.append(("".join(pieces), 0))
    return tuple(runs)


def _counted(text: pl.Series, form: str) -> pl.Series:
    """Read times that are written as a number; empty where it lies in no plausible year."""
    number = _number(text)
    if form == "Excel days":
        # To the second: a day's fraction has no more to it.
        seconds = (number * 86_400).round()
        first, zone = (_EXCEL_EPOCH - _UNIX_EPOCH).total_seconds(), None
    else:
        seconds = number / (1_000 if form.endswith("milliseconds") else 1)
        first, zone = 0.0, None if form.startswith("local") else "UTC"
    low, high = (
        (datetime(year, 1, 1) - _UNIX_EPOCH).total_seconds() - first
        for year in (PLAUSIBLE_YEARS[0], PLAUSIBLE_YEARS[1] + 1)
    )
    inside = seconds.is_between(low, high, closed="left")
    micros = ((seconds + first) * 1e6).round().set(~inside, None)
    return micros.cast(pl.Int64).cast(pl.Datetime("us")).dt.replace_time_zone(zone)


def _number(text: pl.Series) -> pl.Series:
    """Numbers, also with a decimal comma; a day and its fraction in two columns are their sum."""
    number = text.cast(pl.Float64, strict=False)
    left = number.is_null() & text.is_not_null()
    if not left.any():
        return number
    rest = text.filter(left).str.replace_all(",", ".", literal=True)
    halves = rest.str.splitn(" ", 2).struct.unnest()
    first = halves["field_0"].cast(pl.Float64, strict=False)
    # What stands after a blank and is no fraction of a day makes the whole no number.
    second = halves["field_1"].fill_null("0").cast(pl.Float64, strict=False)
    second = second.set(~second.is_between(0, 1, closed="left"), None)
    return number.scatter(left.arg_true(), first + second)
