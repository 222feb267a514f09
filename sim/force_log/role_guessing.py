"""Which column is which time and which label: names propose, values decide.

The words are those of command-and-control systems as far as public documents show them; see
``docs/exports.md`` for the sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from sim.force_log.column_shapes import Seen, is_of_staff, no_call_signs
from sim.force_log.crowded_areas import MOST as MOST_AREAS
from sim.force_log.identifiers import by_name, by_shape, words_of
from sim.force_log.label_guessing import only_yes_or_no, says_officers, tells, tells_officers
from sim.force_log.length_guessing import Length, guess_lengths, is_on_a_clock
from sim.force_log.words import STAMPS, Stamp

_GRADED: Final = ("priority", "(^|_)pri(_|$)", "grade", "grading", "severity", "urgency")
# By role, what its column's name may hold, the most telling first; _ stands between words.
_HINTS: Final[dict[str, tuple[str, ...]]] = {
    "ratified": ("ratif", "supervis", "endors", "confirmed", "reviewed"),
    "graded": ("grad(ed|ing)", "thrive", "queue", "threat", "assessed", "stacked"),
    "answered": ("answer", "pick_?up", "viewed"),
    "travelling": ("travel", "en_?route", "route", "mobile", "responding", "(^|_)enr"),
    "assigned": (
        "assign", "alloc", "d[ie]spatch(?!_ack)", "deploy", "resourced", "mobilis",
        "(^|_)disp(_|$)", "d[ie]spatch",
    ),
    "arrived": (
        "arriv", "(at|on)_scene", "attended", "in_?attendance", "attend", "scene", "(^|_)toa(_|$)",
        "(^|_)arr(_|$)",
    ),
    "cleared": (
        "clear", "resum", "(^|_)clr", "(^|_)left_", "depart", "(^|_)free",
        "available", "in_?service",
    ),
    "closed": ("final", "closed", "(^|_)clos", "finished", "complet", "(^|_)end(ed)?(_|$)"),
    "received": (
        "receiv", "rec_?v?d(_|$)", "rcvd", "creat", "report(ed)?(_|$)", "(of|^|_)call_?start",
        "incident_start", "of_call", "start", "(^|_)open(ed)?(_|$)", "call_(date|time)", "entry",
        "logged", "(^|_)call", "response_date", "occur", "datetime|timestamp|date|time",
    ),
    "priority": (*_GRADED, "response"),
    "kind": (
        "opening", "problem", "nature", "type", "kind", "category", "class", "qualifier",
        "description", "desc", "code",
    ),
    "area": tuple(
        f"(^|_){word}" for word in (
            "lpa", "lpu", "lpt", "bcu", "area", "(police_?)?district", "precinct", "division",
            "sector", "beat", "borough", "neighbou?rhood", "ward", "zone", "town", "county",
            "city", "command", "hub", "parish", "locality", "station_ground", "patch",
        )
    ),
    "origin": (
        "origin(?!al)", "source", "channel", "reception", "method", "how_?(reported|rec)",
        "contact", "self_?init", "initiat", "on_?view", "reported_by",
    ),
    "risk": ("risk",),
    "unit": ("call_?sign", "(^|_)unit", "resource", "vehicle", "appliance"),
    "incident": (
        "urn", "incident", "master", "log", "(^|_)ref", "(^|_)in_?(num|no)(_|$)", "event", "cad",
        "number", "(^|_)num(_|$)", "(^|_)no(_|$)", "item", "case", "record", "(^|_)id(_|$)",
    ),
}  # fmt: skip
_LATER: Final = "(^|_)(last|second|2_?nd|third|re_?open|updated?|modified|amended)"
_FIRST: Final = "(^|_)(first|1_?st)"
_IN_THE_END: Final = (
    f"{_LATER}|(^|_)(final|current|clos(e|ed|ing)|cleared|revised|latest|result)(_|$)"
)
"""Of a grade or a kind: what became of it, and not what was first given."""

_TOO_VAGUE: Final = ("(^|_)call", "entry", "datetime|timestamp|date|time", "(^|_)free", "route")
"""Hints that are enough for a time, and not for a length or a status."""

_VAGUE_RECEIPT: Final = (*_TOO_VAGUE, "start", "call_(date|time)")
_LATER_STEP: Final = (
    "d[ie]spatch|assign|alloc|en_?route|scene|arriv|clear|clos|complet|service|updated|modified|"
    "loaded|as_of|(^|_)end(_|$)"
)
"""What is called so is no receipt, whatever else its name holds."""

_HALVES: Final = frozenset(("date", "time", "day", "dt", "tm", "at", "hour"))
_FIRST_OF_ALL: Final[tuple[Stamp, ...]] = ("answered", "graded")
_NO_PROOF: Final = frozenset(("object", "objectid", "global", "row", "oid", "index", "fid"))
_REPEATED: Final = 0.15
_MOST_LABELS: Final = 60
_LEAST_STEPS: Final = 3


@dataclass(frozen=True, slots=True)
class Guessed:
    """Which column is what.

    Attributes
    ----------
    times
        By role, the column of a time, or those of its date and its time of day.
    alone
        By role, a column of days or of times of day that has no other half, and what it is.
    lengths
        By role, a column of lengths where the log has no time for it.
    labels
        By role, the column of labels.
    status
        In a log of status changes, its column of labels, the one or two of its times, and which
        labels begin which step.
    """

    times: Mapping[Stamp, tuple[str, ...]]
    alone: Mapping[Stamp, tuple[str, str]]
    lengths: Mapping[Stamp, Length]
    labels: Mapping[str, str]
    status: tuple[str, tuple[str, ...], Mapping[Stamp, list[str]]] | None


def guess(seen: Mapping[str, Seen]) -> Guessed:
    """Guess which column is what.

    Parameters
    ----------
    seen
        The columns that were looked at, in the order of the header.
    """
    seen = _halves_by_name(seen)
    times, alone = _times(seen)
    if "received" not in times and "received" not in alone:
        # Where a log begins with the queue, the wait does too.
        first = next((stamp for stamp in _FIRST_OF_ALL if stamp in times), None)
        if first is not None:
            times = {"received": times.pop(first), **times}
    used = {part for parts in times.values() for part in parts}
    labels = _labels(seen, used)
    status = None
    if "incident" in labels and "assigned" not in times:
        status = _status(seen, labels)
    if status:
        times = {}
        alone = {}
    lengths = {} if status else guess_lengths(seen, times, _role_of)
    return Guessed(times, alone, lengths, labels, status)


def _times(
    seen: Mapping[str, Seen],
) -> tuple[dict[Stamp, tuple[str, ...]], dict[Stamp, tuple[str, str]]]:
    """The columns of each time, and the roles that lack a date or a time of day."""
    taken: set[str] = set()
    times: dict[Stamp, tuple[str, ...]] = {}
    alone: dict[Stamp, tuple[str, str]] = {}
    for stamp in (role for role in _HINTS if role in STAMPS):
        for column in _named(stamp, seen, ("moments", "dates", "times of day")):
            if column in taken:
                continue
            parts = _whole(column, seen, [used for one in times.values() for used in one])
            if parts is None:
                lacks = (
                    "days only, and no column holds the time" if seen[column].what == "dates"
                    else "times of day only, and no column holds the date"
                )  # fmt: skip
                alone.setdefault(stamp, (column, lacks))
                continue
            alone.pop(stamp, None)
            times[stamp] = parts
            taken |= {column} if len(parts) == 1 else set(parts) - _shared(parts, seen)
            break
    in_order = {stamp: times[stamp] for stamp in STAMPS if stamp in times}
    return in_order, alone


def _halves_by_name(seen: Mapping[str, Seen]) -> dict[str, Seen]:
    """Clock times that are called like a column of dates are times of day, however early."""
    stems = {_stem(name) for name, one in seen.items() if one.what == "dates"}
    return {
        name: replace(one, what="times of day")
        if one.what == "lengths" and is_on_a_clock(one.values) and _stem(name) in stems
        else one
        for name, one in seen.items()
    }  # fmt: skip


def _shared(parts: Sequence[str], seen: Mapping[str, Seen]) -> set[str]:
    """The date of a pair, which may stand beside other times too."""
    return {part for part in parts if seen[part].what == "dates"}


def _named(role: str, seen: Mapping[str, Seen], kinds: Sequence[str]) -> Iterator[str]:
    """Columns of some kinds whose names propose them for a role, the most telling first."""
    found: dict[str, tuple[int, ...]] = {}
    for name, one in seen.items():
        words = "_".join(words_of(name))
        hints = [place for place, hint in enumerate(_HINTS[role]) if re.search(hint, words)]
        if role == "received" and re.search(_LATER_STEP, words):
            hints = [place for place in hints if _HINTS[role][place] not in _VAGUE_RECEIPT]
        if one.what in kinds and hints and by_name(name, role) is None:
            later = _is_later(name, role)
            first = bool(re.search(_FIRST, words))
            found[name] = (later, hints[0], -_filled(one), not first, len(words))
    yield from sorted(found, key=found.__getitem__)


def _is_later(name: str, role: str) -> bool:
    """Whether a column is of the last unit or a second attempt, or of what a job became."""
    words = "_".join(words_of(name))
    if role in STAMPS:
        return role != "closed" and bool(re.search(_LATER, words))
    return role in {"priority", "kind"} and bool(re.search(_IN_THE_END, words))


def _filled(one: Seen) -> int:
    """How full a column is, in twentieths."""
    return round(20 * (1 - one.values.null_count() / max(1, one.values.len())))


def _whole(column: str, seen: Mapping[str, Seen], used: Sequence[str]) -> tuple[str, ...] | None:
    """A column of moments by itself; else with the column of its other half, if there is one."""
    what = seen[column].what
    if what == "moments":
        return (column,)
    wanted = "times of day" if what == "dates" else "dates"
    others = [name for name, one in seen.items() if one.what == wanted]
    if what == "dates":
        # A time of day that is called like another date is that one's.
        days = {_stem(name) for name, one in seen.items() if one.what == "dates"} - {_stem(column)}
        others = [name for name in others if name not in used and _stem(name) not in days]
    other = _partner(column, others, list(seen))
    if other is None:
        return None
    return (column, other) if what == "dates" else (other, column)


def _partner(column: str, others: Sequence[str], header: Sequence[str]) -> str | None:
    """The other half of a time: named alike, else the only one, else the last one before it."""
    alike = [other for other in others if _stem(other) == _stem(column)]
    if alike:
        return alike[0]
    if len(others) == 1:
        return others[0]
    place = header.index(column)
    before = [other for other in others if header.index(other) < place]
    return before[-1] if before else None


def _stem(name: str) -> tuple[str, ...]:
    return tuple(word for word in words_of(name) if word not in _HALVES)


def _labels(seen: Mapping[str, Seen], used: set[str]) -> dict[str, str]:
    """The columns of labels: of those that a name proposes the first whose values fit.

    Of several that may hold the kind it is the one whose labels tell most kinds, of those first
    given where these tell any.
    """
    taken = set(used)
    found: dict[str, str] = {}
    for role in ("incident", "unit", "risk", "priority", "origin", "area", "kind"):
        kinds = (
            ("codes", "numbers", "many different values", "labels") if role == "incident"
            else ("labels", "codes", "many different values") if role == "unit"
            else ("labels",)
        )  # fmt: skip
        named = [name for name in _named(role, seen, kinds)
                 if name not in taken and not is_of_staff(name)]  # fmt: skip
        if role == "kind":
            # What its labels say tells a kind, whatever it is called.
            named += [name for name, one in seen.items()
                      if one.what == "labels" and name not in taken
                      and tells("kind", one.values) and by_name(name, role) is None
                      and not is_of_staff(name)]  # fmt: skip
        if role == "origin":
            named = [name for name, one in seen.items()
                     if one.what == "labels" and name not in taken
                     and tells_officers(one.values)] + named  # fmt: skip
        fitting = [name for name in dict.fromkeys(named) if _fits(role, seen[name])]
        if fitting:
            best = fitting[0]
            if role == "kind":
                said = {name: tells(role, seen[name].values) for name in fitting}
                best = max(fitting, key=lambda name: (
                    said[name] > 0, not _is_later(name, role), said[name], -fitting.index(name)
                ))  # fmt: skip
            if role == "area":
                # Districts before beats.
                best = min(fitting, key=lambda name: (
                    seen[name].different == 1, seen[name].different > MOST_AREAS,
                    fitting.index(name),
                ))  # fmt: skip
            if role == "priority":
                best = max(fitting, key=lambda name: (
                    tells(role, seen[name].values) > 0, -fitting.index(name)
                ))  # fmt: skip
            found[role] = best
            taken.add(best)
    return {role: found[role] for role in ("priority", "kind", "area", "origin", "risk", "unit",
            "incident") if role in found}  # fmt: skip


def _fits(role: str, one: Seen) -> bool:
    """Whether what a column holds can be what a role needs."""
    rows = one.values.len() - one.values.null_count()
    if role == "incident":
        own = not _NO_PROOF & set(words_of(one.name))
        return own and one.different >= _REPEATED * rows and _no_name(one, role)
    if role == "unit":
        return one.different > 1 and _no_name(one, role) and no_call_signs(one.values) is None
    if role == "origin" and only_yes_or_no(one.values):
        return says_officers(one.name)
    if role == "priority" and re.search("|".join(_GRADED), "_".join(words_of(one.name))):
        # The rungs of a scale that nobody here knows are asked for.
        return 1 < one.different <= _MOST_LABELS
    if role in {"risk", "origin", "priority"}:
        return one.different <= _MOST_LABELS and tells(role, one.values) > 0
    # A force of one area is named by one label, as its export has it.
    return one.different > 1 or role == "area"


def _no_name(one: Seen, role: str) -> bool:
    return by_shape(one.values.cast(pl.String), role) is None


def _role_of(words: str) -> Stamp | None:
    """The time that some words are about, if it shows."""
    found = [
        (index, stamp)
        for stamp in STAMPS
        for index, hint in enumerate(_HINTS[stamp])
        if hint not in _TOO_VAGUE and re.search(hint, words)
    ]
    return min(found)[1] if found else None


def _status(
    seen: Mapping[str, Seen], labels: Mapping[str, str]
) -> tuple[str, tuple[str, ...], Mapping[Stamp, list[str]]] | None:
    """The column of a log of status changes, that of its times, and the labels of each step."""
    incident = seen[labels["incident"]]
    by_kind = {what: [n for n, one in seen.items() if one.what == what]
               for what in ("moments", "dates", "times of day")}  # fmt: skip
    times = by_kind["moments"] or [*by_kind["dates"], *by_kind["times of day"]]
    pair = [len(by_kind[what]) for what in by_kind]
    if pair not in ([1, 0, 0], [0, 1, 1]) or incident.different > 0.7 * incident.values.len():
        return None
    for name, one in seen.items():
        if one.what != "labels" or name in {labels.get("priority"), labels.get("kind")}:
            continue
        steps: dict[Stamp, list[str]] = {}
        for label in one.values.drop_nulls().cast(pl.String).unique().sort().to_list():
            stamp = _role_of(re.sub(r"[^a-z0-9]+", "_", label.lower()))
            if stamp is not None:
                steps.setdefault(stamp, []).append(label)
        if len(steps) >= _LEAST_STEPS and "received" in steps:
            return name, tuple(times), {stamp: steps[stamp] for stamp in STAMPS if stamp in steps}
    return None
