"""A mapping file to begin with, written from what a log's columns hold; each guess is marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from textwrap import wrap
from typing import Any, Final

import polars as pl
from pydantic import ValidationError

from sim.errors import InputError
from sim.force_log.column_shapes import Seen, is_of_staff, look, seems
from sim.force_log.date_guessing import day_first_of, guessed_formats
from sim.force_log.disclosure import LEAST
from sim.force_log.identifiers import by_name, by_shape, may_be_codes, showable, words_of
from sim.force_log.label_guessing import (
    AGENCIES,
    KINDS,
    ORIGINS,
    RISKS,
    YES_OR_NO,
    gentle,
    grades_of,
    name_of,
    says_officers,
    word_of,
)
from sim.force_log.length_guessing import Length
from sim.force_log.mapping import LABELS, NOTHING, Columns, LogFile
from sim.force_log.parquet import ANY, is_parquet, unreadable_of
from sim.force_log.role_guessing import Guessed, guess
from sim.force_log.source import (
    guessed_encoding_of,
    guessed_separator_of,
    header_of,
    read_source,
)
from sim.force_log.stamps import as_text, called_utc, read_stamps
from sim.force_log.time_formats import ISO_FORMATS, without_midnight
from sim.force_log.urgency import by_wait, turned, turned_about, waits_by_label
from sim.force_log.words import STAMPS, Stamp
from sim.scenario.toml import toml_value

GUESS: Final = "# a guess: check it"

_LONGEST_EMPTY: Final = 12
_MOST_LABELS: Final = 400
_MOST_SAMPLES: Final = 3
_WIDTH: Final = 100
_MOST_ROWS: Final = 20_000
_EARLY: Final = 0.05
_TOLERANCE: Final = float(LogFile.model_fields["tolerance_seconds"].default)
_UNKNOWN: Final = {
    "kind": "these are taken for other work; one that is about missing people gets a line",
    "origin": "these are taken as from the public; one that means officers gets a line",
    "risk": "these are no risk level; one that is gets a line",
}
_AGENCY: Final = frozenset((
    "agency", "agencies", "discipline", "department", "dept", "service", "organisation",
    "organization", "jurisdiction",
))  # fmt: skip
_SEVERAL: Final = 2
_ROLES_ALL: Final = ("received", "travelling", "incident", "kind")


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found out about a log: the roles of its columns, and how its times are written."""

    guessed: Guessed
    formats: Sequence[tuple[str, str]]
    empty: Sequence[str]
    refused: Mapping[str, str]
    doubts: Mapping[Stamp, str]
    waits: Mapping[str, float]


def new_mapping(log: str | PathLike[str]) -> str:
    """Write a mapping file for a log, to be checked and completed by a person.

    Parameters
    ----------
    log
        CSV (also gzip) or Parquet. Looked at are the values of all columns but those whose names
        say that they identify people.

    Returns
    -------
    str
        TOML. A column has a role where its values can be what the role needs. Columns that seem
        to identify people stand in it by name as left out, and every other column that is not
        used with what it holds. Labels stand in it where at least five incidents share them and
        none of them looks like an identifier.

    Raises
    ------
    sim.errors.InputError
        If the log cannot be read.
    """
    path = Path(log)
    seen, refused = _looked_at(path)
    found = _tried(path, guess(seen), seen, refused)
    cases = _incidents(found.guessed, seen)
    lines = [
        f"# How to read {path.name}. Every line with a guess wants a look; what is not named here",
        "# is never read. In labels * stands for any letters and ? for one; the first that fits",
        "# counts. Names of people, telephone numbers, addresses and free text are refused.",
        *_remarks(found, seen),
        "",
        "format = 1",
        f"title = {toml_value(path.name)}",
        "# public_at_once = [2]  # grades of which jobs assigned within seconds of receipt are the",
        "# public's: else, where there are many, they are taken as work that officers began",
        "",
        "[file]",
        f"time_zone = {toml_value(_zone(found.formats))}  {GUESS}",
        _clock(found.guessed),
        *_file_lines(path, found),
        "",
        "[columns]",
        *_columns(found),
        *_not_used(found, seen, cases),
        *_steps(found, seen, cases),
        *_tables(found, seen, cases),
        *_agencies(found, seen, cases),
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


def _looked_at(path: Path) -> tuple[dict[str, Seen], dict[str, str]]:
    """Return the columns that were looked at, and those that were not, with the reason."""
    refused = {column: f"seems to hold {what}" for column, what in unreadable_of(path).items()}
    header = header_of(path)
    names = []
    for column in dict.fromkeys(header):
        if column in refused or not column:
            continue
        if header.count(column) > 1:
            refused[column] = "the header has this column twice"
        elif all(by_name(column, role) is not None for role in _ROLES_ALL):
            refused[column] = f"seems to hold {by_name(column, 'kind')}"
        else:
            names.append(column)
    if not names:
        return {}, refused
    file = LogFile.model_validate({"time_zone": "UTC", **_how_written(path)})
    frame = read_source(path, file, [(ANY, column) for column in names]).frame
    return {column: look(column, frame[column]) for column in names}, refused


def _how_written(path: Path) -> dict[str, str]:
    if is_parquet(path):
        return {}
    return {"encoding": guessed_encoding_of(path), "separator": guessed_separator_of(path)}


def _tried(
    path: Path, guessed: Guessed, seen: Mapping[str, Seen], refused: Mapping[str, str]
) -> _Found:
    """Read the times as guessed; what they say against it is a refusal or a doubt."""
    left = dict(guessed.times) or ({"received": guessed.status[1]} if guessed.status else {})
    no_times: dict[str, str] = {}
    while True:
        formats, empty = _written(left, seen)
        try:
            moments = _moments(path, left, formats, empty, seen)
            break
        except InputError as error:
            stamp = next((s for s in left if f"columns.{s} " in str(error.path)), None)
            if stamp is None:
                moments = None
                break
            no_times |= dict.fromkeys(left.pop(stamp), f"{stamp}: {error.message}")
    used = {part for parts in left.values() for part in parts}
    kept = {column: why for column, why in no_times.items() if column not in used}
    for column, one in seen.items():
        what = by_shape(one.values.cast(pl.String), "kind") if one.what in {
            "many different values", "labels"} else None  # fmt: skip
        if what and "every value" not in what and column not in used:
            kept[column] = f"seems to hold {what}{_if_codes(column, one, what)}"
    guessed = Guessed(
        {} if guessed.status else left, guessed.alone, guessed.lengths,
        {role: column for role, column in guessed.labels.items()
         if column not in kept or role in {"unit", "incident"}}, guessed.status,
    )  # fmt: skip
    labels = guessed.labels
    waits: Mapping[str, float] = {}
    if moments is not None and "priority" in labels:
        waits = waits_by_label(moments, _some(seen[labels["priority"]].values))
    return _Found(guessed, formats, empty, {**refused, **kept}, _doubts(moments), waits)


def _if_codes(column: str, one: Seen, what: str) -> str:
    if not may_be_codes(one.values.cast(pl.String), what):
        return ""
    return f"; if these are codes, codes = [{toml_value(column)}] in [file] has them read"


def _moments(
    path: Path,
    times: Mapping[Stamp, tuple[str, ...]],
    formats: Sequence[tuple[str, str]],
    empty: Sequence[str],
    seen: Mapping[str, Seen],
) -> pl.DataFrame | None:
    """The times of some rows, read as guessed; None where they cannot be read together.

    Raises
    ------
    sim.errors.InputError
        If a column's values cannot be times of steps.
    """
    if "received" not in times:
        return None
    parts = list(dict.fromkeys(part for one in times.values() for part in one))
    frame = pl.DataFrame({part: _some(seen[part].values) for part in parts}).with_row_index("line")
    said: dict[str, Any] = {stamp: list(one) if len(one) > 1 else one[0]
                            for stamp, one in times.items()}  # fmt: skip
    try:
        columns = Columns.model_validate({"priority": "any", **said})
    except ValidationError:
        return None
    file = LogFile.model_validate(
        {
            "time_zone": _zone(formats),
            "date_formats": [form for form, _ in formats],
            "empty": [*NOTHING, *empty],
            **_how_written(path),
        }
    )
    return read_stamps(frame, columns, file)[0]


def _some(values: pl.Series) -> pl.Series:
    """The rows that are looked at of a long log."""
    return values.gather_every(max(1, values.len() // _MOST_ROWS))


def _doubts(moments: pl.DataFrame | None) -> dict[Stamp, str]:
    """Which times lie before the report in more rows than slips would explain."""
    if moments is None:
        return {}
    doubts: dict[Stamp, str] = {}
    for stamp in (one for one in STAMPS if one in moments):
        lag = (moments[stamp] - moments["received"]).dt.total_seconds().drop_nulls()
        early = int((lag < -_TOLERANCE).sum())
        if early >= max(LEAST, _EARLY * lag.len()):
            doubts[stamp] = " (many of its times lie before those of receipt)"
    return doubts


def _written(
    stamps: Mapping[Stamp, tuple[str, ...]], seen: Mapping[str, Seen]
) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the date formats with a doubt about each, and words that stand for nothing."""
    samples = []
    empty: dict[str, int] = {}
    for parts in dict.fromkeys(stamps.values()):
        values = [seen[part].values.drop_nulls() for part in parts]
        if all(one.dtype.is_temporal() for one in values):
            continue
        halves = zip(values, ("%Y-%m-%d", "%H:%M:%S"), strict=False)
        texts = [as_text(one, form) for one, form in halves]
        if len(texts) > 1:
            texts[0] = without_midnight(texts[0])
        for text in texts:
            words = text.filter(~text.str.contains(r"\d")).value_counts(name="cases")
            for word, count in words.rows():
                if len(word) <= _LONGEST_EMPTY:
                    empty[word] = empty.get(word, 0) + count
        kept = [text.filter(text.str.contains(r"\d")) for text in texts]
        rows = min(text.len() for text in kept)
        whole = kept[0].head(rows)
        for text in kept[1:]:
            whole = whole + " " + text.head(rows)
        samples.append(whole.gather_every(max(1, whole.len() // _MOST_ROWS)))
    said = [word for word, count in empty.items() if count >= LEAST]
    if not samples:
        return [], said
    found = guessed_formats(pl.concat([one.alias("text") for one in samples]))
    return [] if {form for form, _ in found} <= set(ISO_FORMATS) else found, said


def _zone(formats: Sequence[tuple[str, str]]) -> str:
    month_first = any(day_first_of(form) is False for form, _ in formats)
    return "America/New_York" if month_first else "Europe/London"


def _clock(guessed: Guessed) -> str:
    times = [*guessed.times.values(), *([guessed.status[1]] if guessed.status else ())]
    if times and all(map(called_utc, times)):
        return f'clock = "utc"  {GUESS}; so the columns are called'
    return f'clock = "local"  {GUESS}; "utc" where the system keeps UTC all the year'


def _remarks(found: _Found, seen: Mapping[str, Seen]) -> Iterator[str]:
    """What kind of a table this is, where it is not one of an incident in each row."""
    guessed = found.guessed
    if guessed.status is not None:
        yield "# A row for each change of status: those of an incident are put together by number."
    incident = guessed.labels.get("incident")
    if incident is not None and guessed.status is None:
        one = seen[incident]
        if one.different < one.values.len() - one.values.null_count():
            yield "# Several rows for some incidents (units, say): put together by number."
    if guessed.lengths:
        yield "# Lengths stand in place of some times: each is added to the time that it runs from."
    if not guessed.status and "received" not in guessed.times:
        yield "# No time of receipt was found, without which no delay can be told: ask for an"
        yield "# export with the time of each step (docs/exports.md says which)."
    if "priority" not in guessed.labels:
        yield "# No column of priorities was found, without which no job has a grade: name it below"
        yield "# if there is one, or ask for it."
    if guessed.status or "received" not in guessed.times:
        return
    if not {"assigned", "arrived"} & {*guessed.times, *guessed.lengths}:
        yield "# No time of allocation or of arrival was found, so no delay can be told: ask for an"
        yield "# export with the time of each step (docs/exports.md says which)."


def _file_lines(path: Path, found: _Found) -> Iterator[str]:
    for key, value in _how_written(path).items():
        yield f"{key} = {toml_value(value)}  {GUESS}"
    if found.formats:
        shown = ", ".join(toml_value(form) for form, _ in found.formats)
        doubt = "".join(doubt for _, doubt in found.formats)
        yield f"date_formats = [{shown}]  {GUESS}{doubt}"
    elif not found.guessed.times:
        yield '# date_formats = ["%d/%m/%Y %H:%M:%S"]  # no column of times was found'
    unusual = [word for word in found.empty if word.casefold() not in map(str.casefold, NOTHING)]
    if unusual:
        yield f"empty = {toml_value([*NOTHING, *unusual])}  {GUESS}"


def _columns(found: _Found) -> Iterator[str]:
    """The lines of [columns]: what was guessed, and what is left to be said."""
    guessed = found.guessed
    by_step = guessed.status[2] if guessed.status else {}
    for stamp in STAMPS:
        if stamp in by_step:
            yield f"{stamp} = {{ step = {toml_value(by_step[stamp])} }}  {GUESS}"
        elif guessed.status:
            continue
        elif stamp in guessed.times:
            parts = guessed.times[stamp]
            said = toml_value(list(parts) if len(parts) > 1 else parts[0])
            yield f"{stamp} = {said}  {GUESS}{found.doubts.get(stamp, '')}"
        elif stamp in guessed.lengths:
            yield _length(stamp, guessed.lengths[stamp])
    for role, column in guessed.labels.items():
        yield f"{role} = {toml_value(column)}  {GUESS}"
    for role, (column, what) in guessed.alone.items():
        yield f"# {role} = {toml_value(column)}  # {what}"
    done = {*by_step, *guessed.times, *guessed.lengths, *guessed.labels, *guessed.alone}
    yield from (f"# {role} = ..." for role in (*STAMPS, *LABELS) if role not in done)


def _length(stamp: Stamp, length: Length) -> str:
    unit = toml_value(length.unit or "seconds")
    line = (
        f"{stamp} = {{ lasted = {toml_value(length.column)}, after = {toml_value(length.after)}, "
        f"unit = {unit} }}"
    )
    if length.unit is None or not length.sure:
        return f"# {line}  # in which unit, and after which time? then without the # in front"
    return f"{line}  {GUESS}"


def _not_used(found: _Found, seen: Mapping[str, Seen], cases: pl.Series | None) -> Iterator[str]:
    """The columns that have no role: refused, or simply not used, with what they hold."""
    yield from (f"# left out: {column} ({why})" for column, why in found.refused.items())
    guessed = found.guessed
    used = {part for parts in guessed.times.values() for part in parts}
    used |= {*guessed.labels.values(), *(length.column for length in guessed.lengths.values())}
    used |= {column for column, _ in guessed.alone.values()}
    if guessed.status:
        used |= {guessed.status[0], *guessed.status[1]}
    for column, one in seen.items():
        if column in used or column in found.refused:
            continue
        shown = one.what == "labels" and not is_of_staff(column)
        some = _common(one.values, cases, _MOST_SAMPLES) if shown else []
        such = f", such as {', '.join(toml_value(gentle(label)) for label in some)}" if some else ""
        yield f"# not used: {column} ({seems(one)}{such})"


def _steps(found: _Found, seen: Mapping[str, Seen], cases: pl.Series | None) -> Iterator[str]:
    """The table of a log of status changes."""
    if found.guessed.status is None:
        return
    parts = found.guessed.status[1]
    time = toml_value(list(parts) if len(parts) > 1 else parts[0])
    column, _, by_step = found.guessed.status
    yield from ("", "[steps]", f"column = {toml_value(column)}  {GUESS}")
    yield f"time = {time}  {GUESS}"
    known = {label for labels in by_step.values() for label in labels}
    others = [label for label in _common(seen[column].values, cases) if label not in known]
    yield from _listed("no step of these is known", others)


def _agencies(found: _Found, seen: Mapping[str, Seen], cases: pl.Series | None) -> Iterator[str]:
    """Keep the work of police where a file holds that of others too, or ask whose to keep."""
    used = set(found.guessed.labels.values())
    for column, one in seen.items():
        if one.what != "labels" or column in used or not _AGENCY & set(words_of(column)):
            continue
        labels = _common(one.values, cases)
        whose = [label for label in labels if word_of(label, AGENCIES) == "police"]
        if len(labels) < _SEVERAL:
            continue
        sure = bool(whose) and any(word_of(one, AGENCIES) == "others" for one in labels)
        mark = "" if sure else "# "
        yield "# The work of several agencies seems to stand in this file."
        yield f"{mark}[[keep]]"
        yield f"{mark}column = {toml_value(column)}"
        yield f"{mark}values = {toml_value([gentle(one) for one in (whose or labels)])}  {GUESS}"
        yield f'{mark}why = "the work of other agencies"'
        yield ""
        return


def _listed(what: str, labels: Sequence[str]) -> Iterator[str]:
    """Labels that have no line of their own, in comments."""
    if labels:
        shown = ", ".join(toml_value(gentle(label)) for label in labels)
        yield from wrap(
            f"{what}: {shown}", width=_WIDTH, initial_indent="# ", subsequent_indent="#   ",
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip


def _incidents(guessed: Guessed, seen: Mapping[str, Seen]) -> pl.Series | None:
    """What tells the rows of one incident from others: its number, else its time of receipt."""
    if "incident" in guessed.labels:
        return seen[guessed.labels["incident"]].values.cast(pl.String)
    parts = guessed.times.get("received")
    if parts is None:
        return None
    texts = [seen[part].values.cast(pl.String) for part in parts]
    return pl.select(pl.concat_str(texts, separator=" ")).to_series()


def _common(labels: pl.Series, cases: pl.Series | None, most: int = _MOST_LABELS) -> list[str]:
    """The commonest labels that five incidents share, whatever the number of rows of each."""
    return showable(labels.cast(pl.String), LEAST, most, cases)


def _tables(found: _Found, seen: Mapping[str, Seen], cases: pl.Series | None) -> Iterator[str]:
    """The tables that say what labels mean."""
    roles = found.guessed.labels

    def labels_of(role: str) -> list[str]:
        return _common(seen[roles[role]].values, cases) if role in roles else []

    yield from ("", "[grades]")
    yield from _grades(labels_of("priority"), found.waits)
    known: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
        ("kind", "kinds", KINDS),
        ("origin", "origins", ORIGINS),
        ("risk", "risks", RISKS),
    )
    for role, table, said in known:
        if role not in roles:
            continue
        yield from ("", f"[{table}]")
        patterns = YES_OR_NO if role == "origin" and says_officers(roles[role]) else said
        words = {label: word_of(label, patterns) for label in labels_of(role)}
        for label, word in words.items():
            if word is not None:
                yield f"{toml_value(gentle(label))} = {toml_value(word)}  {GUESS}"
        if role == "kind":
            yield '"*" = "other"'
        unknown = [label for label, word in words.items() if word is None]
        yield from _listed(_UNKNOWN[role], unknown)
    if "area" in roles:
        yield from ("", "[areas]")
        for label in labels_of("area"):
            yield f"{toml_value(label)} = {toml_value(name_of(label))}  {GUESS}"
    yield ""


def _grades(labels: Sequence[str], waits: Mapping[str, float]) -> Iterator[str]:
    """The lines of [grades]: what was guessed, and the labels whose rung only the force knows."""
    grades, moved = grades_of(labels)
    about = turned(grades, waits)
    if about:
        grades = turned_about(grades)
        yield "# the higher its number the sooner somebody was assigned to a job: so the scale is"
        yield "# turned about, 1 being the most urgent here; if it is not so, turn it back"
    elif moved:
        yield "# grade 1 is the most urgent here, whatever the log calls it: so its numbers move on"
    unknown = [label for label, grade in grades.items() if grade is None]
    yield from (f"{toml_value(label)} = {grade}  {GUESS}"
                for label, grade in grades.items() if grade)  # fmt: skip
    if unknown:
        yield "# which grade each of these is, only the force knows: 1 is the most urgent"
    for label in by_wait(unknown, waits):
        known = label in waits
        wait = f"  # half of them waited up to {waits[label]:,.0f} minutes" if known else ""
        yield f"# {toml_value(label)} = ?{wait}"
    if not grades:
        yield '# "the label of a priority" = 1'
