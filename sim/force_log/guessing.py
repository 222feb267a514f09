"""A mapping file to begin with, written from a log's header; every guess is marked as one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Final

import polars as pl

from sim.force_log.disclosure import LEAST
from sim.force_log.identifiers import by_name, by_shape, showable, words_of
from sim.force_log.mapping import LogFile
from sim.force_log.source import (
    guessed_encoding_of,
    guessed_separator_of,
    header_of,
    is_parquet,
    read_source,
)
from sim.force_log.stamps import ISO_FORMATS
from sim.scenario.toml import toml_value

GUESS: Final = "# a guess: check it"

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
    ("received", ("receiv", "creat", "reported", "start", "opened", "call", "entry")),
    ("priority", ("priority", "grade", "response")),
    ("kind", ("type", "kind", "problem", "category", "class", "nature")),
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
_FORMATS: Final = (
    *ISO_FORMATS,
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d-%b-%Y %H:%M:%S",
    "%d-%b-%Y %H:%M",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
)
_GRADES: Final = (
    (r"immediate|emergency|^i$|^e$", 1),
    (r"^p$|prompt|priority|soon", 2),
    (r"^s$|scheduled|standard|extended", 3),
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


def new_mapping(log: str | PathLike[str]) -> str:
    """Write a mapping file for a log, to be checked and completed by a person.

    Parameters
    ----------
    log
        CSV (also gzip) or Parquet. Read are its header, the columns that look like priority,
        kind, area, origin and risk, and some times of receipt.

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
    header = header_of(path)
    roles, refused = _roles(header)
    labels, by_values = _labels(path, roles)
    refused |= by_values
    roles = {role: column for role, column in roles.items() if column not in refused}
    lines = [
        f"# How to read {path.name}. Every line with a guess wants a look; what is not named here",
        "# is never read. In labels * stands for any letters and ? for one; the first that fits",
        "# counts. Names of people, telephone numbers, addresses and free text are refused.",
        "",
        "format = 1",
        f"title = {toml_value(path.name)}",
        "",
        "[file]",
        f'time_zone = "Europe/London"  {GUESS}',
        f'clock = "local"  {GUESS}; "utc" where the system keeps UTC all the year',
        *_file_lines(path, labels.get("received")),
        "",
        "[columns]",
        *(f"{role} = {toml_value(column)}  {GUESS}" for role, column in roles.items()),
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
    """Read the columns of labels and of receipt; refuse those that look like identifiers."""
    wanted = [
        (role, roles[role])
        for role in ("received", "priority", "kind", "area", "origin", "risk", "unit", "incident")
        if role in roles
    ]
    if not wanted:
        return {}, {}
    file = LogFile.model_validate({"time_zone": "UTC", **_how_written(path)})
    frame = read_source(path, file, wanted).frame
    labels: dict[str, pl.Series] = {}
    refused = {}
    for role, column in wanted:
        if role == "received":
            labels[role] = frame[column]
            continue
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


def _file_lines(path: Path, received: pl.Series | None) -> Iterator[str]:
    for key, value in _how_written(path).items():
        yield f"{key} = {toml_value(value)}  {GUESS}"
    if received is None or received.dtype.is_temporal():
        return
    sample = received.drop_nulls().head(5_000)
    parsed = {
        text: sample.len() - _parsed(sample, text).null_count()
        for text in _FORMATS
        if not text.endswith("z")
    }
    best = max(parsed, key=lambda text: parsed[text], default=None)
    if best is not None and parsed[best]:
        swapped = best.replace("%d/%m", "%m/%d")
        doubt = " (day first or month first?)" if parsed.get(swapped) == parsed[best] else ""
        doubt = doubt if swapped != best else ""
        yield f"date_formats = [{toml_value(best)}]  {GUESS}{doubt}"
    else:
        yield '# date_formats = ["%d/%m/%Y %H:%M:%S"]  # none of the usual ones fits'


def _parsed(sample: pl.Series, text: str) -> pl.Series:
    return sample.str.to_datetime(text, time_unit="us", strict=False)


def _tables(roles: Mapping[str, str], labels: Mapping[str, pl.Series]) -> Iterator[str]:
    """The tables that say what labels mean."""
    yield from ("", "[grades]")
    grades = {label: _grade(label) for label in _common(labels.get("priority"))}
    if any(re.search(r"(?<!\d)0(?!\d)", label) for label in grades):
        yield "# a 0 is among them: grade 1 is the most urgent here, whatever the log calls it"
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


def _grade(label: str) -> int | None:
    digit = re.fullmatch(r"\D*([1-9])\D*", label)
    if digit is not None:
        return int(digit[1])
    return next((grade for pattern, grade in _GRADES if re.search(pattern, label.lower())), None)


def _word(label: str, patterns: Sequence[tuple[str, str]]) -> str | None:
    return next((word for pattern, word in patterns if re.search(pattern, label.lower())), None)


def _gentle(label: str) -> str:
    """A label without the word that does harm: a mark stands in for one of its letters."""
    return re.sub(r"(?i)(r.n.?)a(way)", r"\1?\2", label)


def _name(label: str) -> str:
    name = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:40] or "area"
    return name if name[0].isalpha() else f"area_{name}"[:40]
