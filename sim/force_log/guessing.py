"""A mapping file to begin with, written from a log's header; every guess is marked as one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Final

import polars as pl

from sim.force_log.date_guessing import SAMPLE, day_first_of, guessed_formats
from sim.force_log.disclosure import LEAST
from sim.force_log.identifiers import by_name, by_shape, showable, words_of
from sim.force_log.mapping import LABELS, NOTHING, LogFile
from sim.force_log.source import (
    guessed_encoding_of,
    guessed_separator_of,
    header_of,
    is_parquet,
    read_source,
    unreadable_of,
)
from sim.force_log.stamps import as_text
from sim.force_log.time_formats import ISO_FORMATS, without_midnight
from sim.scenario.toml import toml_value

GUESS: Final = "# a guess: check it"

_ANY_TIME: Final = ("datetime", "timestamp", "date", "time")
# By role, the words that its column's name may hold, the most telling first.
_ROLES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("ratified", ("ratif", "supervisor", "confirmed", "reviewed")),
    ("graded", ("graded", "queue", "grading", "threat", "thrive")),
    ("answered", ("answer", "pickup", "viewed")),
    ("travelling", ("travel", "enroute", "route", "mobile", "responding")),
    ("assigned", ("assign", "allocat", "dispatch", "despatch", "resourced", "disp")),
    ("arrived", ("arriv", "scene", "attended", "attend")),
    ("cleared", ("clear", "resum", "free")),
    ("closed", ("final", "closed", "close", "finished", "end")),
    ("received", ("receiv", "creat", "reported", "start", "opened", "call", "entry", *_ANY_TIME)),
    ("priority", ("priority", "grade", "response")),
    ("kind", ("type", "kind", "problem", "category", "class", "nature", "opening", "qualifier")),
    ("area", ("lpa", "lpu", "bcu", "area", "district", "precinct", "division", "sector", "beat")),
    (
        "origin",
        ("origin", "source", "channel", "reception", "method", "contact", "selfinit", "initiat"),
    ),
    ("risk", ("risk",)),
    ("unit", ("callsign", "unit", "resource")),
    ("incident", ("incident", "ref", "log", "urn", "number", "item", "event", "case", "cad", "id")),
)
_TIMES: Final = frozenset(
    ("received", "answered", "graded", "ratified", "assigned", "travelling", "arrived",
     "cleared", "closed")
)  # fmt: skip
_PARTS: Final = (
    ("time", r"^\d{1,2}[:.]\d{2}([:.]\d{2}(\.\d+)?)?( ?[AaPp][Mm])?$|^([01]?\d|2[0-3])?[0-5]?\d$"),
    (
        "date",
        (r"^(\d\d?[/.-]\d\d?[/.-]\d{2,4}|\d{4}[/-]\d\d?[/-]\d\d?|\d\d?[ -]\p{L}{3}[ -]\d{2,4})"
        r"$"),
    ),
)  # fmt: skip
"""What a column of times holds by the shape of nearly all its values; else both."""

_NEARLY_ALL: Final = 0.95
_LONGEST_EMPTY: Final = 12
_GRADES: Final = (
    (r"immediate|emergency|^i$|^e$", 1),
    (r"^p$|prompt|priority|soon", 2),
    (r"^s$|scheduled|standard|extended|routine", 3),
    (r"^d$|appointment|diary|delayed", 4),
    (r"resolution|desk|telephone|deferred|without", 5),
)
_KINDS: Final = (
    (r"return", "returned"),
    (r"(missing|misper|lost).*(child|juvenile|minor|young|under|u18|youth)", "missing_child"),
    (r"(child|juvenile|minor|young|youth).*(missing|misper|lost)", "missing_child"),
    (r"r.n.?away", "missing_child"),
    (r"missing|misper|mfh", "missing_adult"),
    (r"concern|welfare|safeguard", "welfare_concern"),
)  # fmt: skip
_ORIGINS: Final = (
    (r"officer|radio|self|patrol|on.?view", "officer_initiated"),
    (r"999|911|emergency|bt", "999"),
    (r"101|phone|tel|non.?emergency", "101"),
    (r"online|web|digital|internet|email", "online"),
    (r"", "direct"),
)
_YES: Final = ("y", "yes", "true", "1")
_RISKS: Final = ((r"^h", "high"), (r"^m", "medium"), (r"^(l|s)", "low"))
_MOST_LABELS: Final = 400
_HALVES: Final = frozenset(("date", "time", "day", "dt", "tm", "at", "hour"))


def new_mapping(log: str | PathLike[str]) -> str:
    """Write a mapping file for a log, to be checked and completed by a person.

    Parameters
    ----------
    log
        CSV (also gzip) or Parquet. Read are its header, the columns that look like priority,
        kind, area, origin and risk, and those that look like times.

    Returns
    -------
    str
        TOML. Columns that seem to identify people stand in it by name as left out. Labels stand
        in it where at least five incidents share them and none of them looks like an identifier.

    Raises
    ------
    sim.errors.InputError
        If the log cannot be read.
    """
    path = Path(log)
    unreadable = unreadable_of(path)
    header = [column for column in header_of(path) if column not in unreadable]
    roles, refused = _roles(header)
    refused |= unreadable
    labels, by_values = _labels(path, roles)
    refused |= by_values
    roles = {role: column for role, column in roles.items() if column not in refused}
    times = _times(path, header, roles, refused)
    stamps, alone = _paired(header, roles, times)
    formats, empty = _written(stamps, times)
    lines = [
        f"# How to read {path.name}. Every line with a guess wants a look; what is not named here",
        "# is never read. In labels * stands for any letters and ? for one; the first that fits",
        "# counts. Names of people, telephone numbers, addresses and free text are refused.",
        "",
        "format = 1",
        f"title = {toml_value(path.name)}",
        "",
        "[file]",
        f"time_zone = {toml_value(_zone(formats))}  {GUESS}",
        f'clock = "local"  {GUESS}; "utc" where the system keeps UTC all the year',
        *_file_lines(path, formats, empty, any(map(len, stamps.values()))),
        "",
        "[columns]",
        *(
            f"{role} = {_said(stamps.get(role, (column,)))}  {GUESS}"
            for role, column in roles.items()
            if role not in alone
        ),
        *(f"# {role} = {toml_value(column)}  # {what}" for role, (column, what) in alone.items()),
        *(
            f"# {role} = ..."
            for role, _ in sorted(_ROLES, key=lambda pair: _rank(pair[0]))
            if role not in roles
        ),
        *(f"# left out: {column} (seems to hold {what})" for column, what in refused.items()),
        *_tables(roles, labels),
        "# [[drop]]",
        '# column = "the name of a column"',
        '# values = ["a label", "another*"]',
        '# why = "work that nobody waits for"',
        "",
        "# Targets of your own; without them those of a scenario can be named.",
        "# [targets.grade_2]",
        "# grade = 2",
        "# minutes = 20.0",
        '# starts = "received"',
    ]
    return "\n".join(lines) + "\n"


def _said(parts: tuple[str, ...]) -> str:
    return toml_value(list(parts) if len(parts) > 1 else parts[0])


def _rank(role: str) -> int:
    order = ("received", "answered", "graded", "ratified", "assigned", "travelling", "arrived",
             "cleared", "closed")  # fmt: skip
    return order.index(role) if role in order else len(order)


def _roles(header: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return role to column, in the order of the mapping, and refused column to what it holds."""
    refused: dict[str, str] = {}
    roles: dict[str, str] = {}
    for role, hints in _ROLES:
        for hint in hints:
            fitting = [
                column
                for column in header
                if column not in roles.values() and hint in "".join(words_of(column))
                and (role not in _TIMES or _may_be_a_time(column))
                and (role in _TIMES or not _is_a_time(column))
            ]  # fmt: skip
            fitting = [column for column in fitting if by_name(column, role) is None]
            if fitting:
                roles[role] = fitting[0]
                break
    for column in header:
        what = by_name(column, "kind")
        if what is not None and column not in roles.values():
            refused[column] = what
    return dict(sorted(roles.items(), key=lambda pair: _rank(pair[0]))), refused


def _is_a_time(column: str) -> bool:
    words = words_of(column)
    return bool({"time", "date", "datetime", "dt", "ts", "at"} & set(words)) or words[:1] == ["t"]


def _may_be_a_time(column: str) -> bool:
    labels = {"type", "code", "grade", "priority", "id", "ref", "number", "name", "source", "desc"}
    return _is_a_time(column) or not labels & set(words_of(column))


def _labels(path: Path, roles: Mapping[str, str]) -> tuple[dict[str, pl.Series], dict[str, str]]:
    """Read the columns of labels; refuse those that look like identifiers."""
    wanted = [(role, roles[role]) for role in LABELS if role in roles]
    if not wanted:
        return {}, {}
    file = LogFile.model_validate({"time_zone": "UTC", **_how_written(path)})
    frame = read_source(path, file, wanted).frame
    labels: dict[str, pl.Series] = {}
    refused = {}
    for role, column in wanted:
        values = frame[column].cast(pl.String)
        what = by_shape(values, role)
        if what is None:
            labels[role] = values
        else:
            refused[column] = what
    return labels, refused


def _how_written(path: Path) -> dict[str, str]:
    if is_parquet(path):
        return {}
    return {"encoding": guessed_encoding_of(path), "separator": guessed_separator_of(path)}


def _times(
    path: Path, header: Sequence[str], roles: Mapping[str, str], refused: Mapping[str, str]
) -> dict[str, pl.Series]:
    """Read some values of the columns that are taken for times, or for a part of them."""
    taken = {column for role, column in roles.items() if role not in _TIMES}
    wanted = [
        ("columns.received[0]", column)
        for column in dict.fromkeys(header)
        if column not in taken
        and column not in refused
        and header.count(column) == 1
        and by_name(column, "received") is None
        and (column in roles.values() or _is_a_time(column))
    ]
    if not wanted:
        return {}
    file = LogFile.model_validate({"time_zone": "UTC", **_how_written(path)})
    frame = read_source(path, file, wanted).frame
    return {column: frame[column].drop_nulls().head(SAMPLE) for _, column in wanted}


def _part(values: pl.Series) -> str:
    """Whether a column holds dates, times of day, or both ("moment")."""
    if values.dtype == pl.Date:
        return "date"
    if values.dtype == pl.Time:
        return "time"
    if values.dtype.is_temporal():
        return "moment"
    text = without_midnight(values.filter(values.str.contains(r"\d")))
    for name, pattern in _PARTS:
        share = text.str.contains(pattern).mean()
        if isinstance(share, float) and share >= _NEARLY_ALL:
            return name
    return "moment"


def _paired(
    header: Sequence[str], roles: Mapping[str, str], times: Mapping[str, pl.Series]
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, str]]]:
    """Return the columns of each time, and the roles that lack a date or a time of day."""
    parts = {column: _part(values) for column, values in times.items()}
    stamps: dict[str, tuple[str, ...]] = {}
    alone: dict[str, tuple[str, str]] = {}
    for role, column in roles.items():
        if role not in _TIMES or column not in parts:
            continue
        part = parts[column]
        if part == "moment":
            stamps[role] = (column,)
            continue
        other = "time" if part == "date" else "date"
        partner = _partner(column, [one for one, what in parts.items() if what == other], header)
        if partner is None:
            what = "days" if part == "date" else "times of day"
            alone[role] = (column, f"{what} only, and no column holds the {other}")
        else:
            stamps[role] = (column, partner) if part == "date" else (partner, column)
    return stamps, alone


def _partner(column: str, others: Sequence[str], header: Sequence[str]) -> str | None:
    """The other half of a time: named alike, else the only one, else the last one before it."""

    def stem(name: str) -> list[str]:
        return [word for word in words_of(name) if word not in _HALVES]

    alike = [other for other in others if stem(other) == stem(column)]
    if alike:
        return alike[0]
    if len(others) == 1:
        return others[0]
    place = header.index(column)
    before = [other for other in others if header.index(other) < place]
    return before[-1] if before else None


def _written(
    stamps: Mapping[str, tuple[str, ...]], times: Mapping[str, pl.Series]
) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the date formats with a doubt about each, and words that stand for nothing."""
    samples = []
    empty: dict[str, int] = {}
    for parts in dict.fromkeys(stamps.values()):
        if all(times[part].dtype.is_temporal() for part in parts):
            continue
        halves = zip(parts, ("%Y-%m-%d", "%H:%M:%S"), strict=False)
        texts = [without_midnight(as_text(times[part], form)) for part, form in halves]
        for text in texts:
            if not text.str.contains(r"\d").sum() > text.len() / 2:
                continue
            words = text.filter(~text.str.contains(r"\d")).value_counts(name="cases")
            for word, count in words.rows():
                if len(word) <= _LONGEST_EMPTY:
                    empty[word] = empty.get(word, 0) + count
        kept = [text.filter(text.str.contains(r"\d")) for text in texts]
        rows = min(text.len() for text in kept)
        whole = kept[0].head(rows)
        for text in kept[1:]:
            whole = whole + " " + text.head(rows)
        samples.append(whole)
    said = [word for word, count in empty.items() if count >= LEAST]
    if not samples:
        return [], said
    found = guessed_formats(pl.concat([one.alias("text") for one in samples]))
    return [] if {form for form, _ in found} <= set(ISO_FORMATS) else found, said


def _zone(formats: Sequence[tuple[str, str]]) -> str:
    month_first = any(day_first_of(form) is False for form, _ in formats)
    return "America/New_York" if month_first else "Europe/London"


def _file_lines(
    path: Path, formats: Sequence[tuple[str, str]], empty: Sequence[str], any_times: bool
) -> Iterator[str]:
    for key, value in _how_written(path).items():
        yield f"{key} = {toml_value(value)}  {GUESS}"
    if formats:
        shown = ", ".join(toml_value(form) for form, _ in formats)
        yield f"date_formats = [{shown}]  {GUESS}{''.join(doubt for _, doubt in formats)}"
    elif not any_times:
        yield '# date_formats = ["%d/%m/%Y %H:%M:%S"]  # no column of times was found'
    unusual = [word for word in empty if word.casefold() not in map(str.casefold, NOTHING)]
    if unusual:
        yield f"empty = {toml_value([*NOTHING, *unusual])}  {GUESS}"


def _tables(roles: Mapping[str, str], labels: Mapping[str, pl.Series]) -> Iterator[str]:
    """The tables that say what labels mean."""
    yield from ("", "[grades]")
    grades, moved = _grades(_common(labels.get("priority")))
    if moved:
        yield "# grade 1 is the most urgent here, whatever the log calls it: so its numbers move on"
    for label, grade in grades.items():
        told = f"{toml_value(label)} = "
        yield f"{told}{grade}  {GUESS}" if grade else f"# {told}?"
    if not grades:
        yield '# "the label of a priority" = 1'
    known: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
        ("kind", "kinds", _KINDS),
        ("origin", "origins", _ORIGINS),
        ("risk", "risks", _RISKS),
    )
    for role, table, patterns in known:
        if role not in roles:
            continue
        yield from ("", f"[{table}]")
        for label in _common(labels.get(role)):
            word = _word(label, patterns)
            if role == "origin" and label.lower() in _YES and "init" in roles[role].lower():
                word = "officer_initiated"
            if word is not None:
                yield f"{toml_value(_gentle(label))} = {toml_value(word)}  {GUESS}"
        if role == "kind":
            yield '"*" = "other"'
    if "area" in roles:
        yield from ("", "[areas]")
        for label in _common(labels.get("area")):
            yield f"{toml_value(label)} = {toml_value(_name(label))}  {GUESS}"
    yield ""


def _common(labels: pl.Series | None) -> list[str]:
    return [] if labels is None else showable(labels, LEAST, _MOST_LABELS)


def _grades(labels: Sequence[str]) -> tuple[dict[str, int | None], bool]:
    """Return the grade of each label, the most urgent first, and whether numbers were moved on.

    They are where there is a 0, or a 1 beside a word for the most urgent.
    """
    numbers = {
        label: int(digit[1])
        for label in labels
        if (digit := re.fullmatch(r"\D*(\d)\D*", label)) is not None
    }
    words = {
        label: next((g for pattern, g in _GRADES if re.search(pattern, label.lower())), None)
        for label in labels
        if label not in numbers
    }
    move = 1 - min(numbers.values()) if numbers and min(numbers.values()) < 1 else 0
    move += bool(numbers) and 1 in words.values() and min(numbers.values()) + move == 1
    grades = {**words, **{label: number + move for label, number in numbers.items()}}
    ordered = sorted(grades.items(), key=lambda pair: (pair[1] is None, pair[1] or 0, pair[0]))
    return dict(ordered), bool(move)


def _word(label: str, patterns: Sequence[tuple[str, str]]) -> str | None:
    return next((word for pattern, word in patterns if re.search(pattern, label.lower())), None)


def _gentle(label: str) -> str:
    """A label without the word that does harm: a mark stands in for one of its letters."""
    return re.sub(r"(?i)(r.n.?)a(way)", r"\1?\2", label)


def _name(label: str) -> str:
    name = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:40] or "area"
    return name if name[0].isalpha() else f"area_{name}"[:40]
