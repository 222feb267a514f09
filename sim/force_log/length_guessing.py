"""Lengths that stand in place of times: which time each ends at, after which it runs, its unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal, TypeAlias

import polars as pl

from sim.force_log.column_shapes import Seen
from sim.force_log.identifiers import words_of
from sim.force_log.numerals import numbers
from sim.force_log.words import IN_SEQUENCE, STAMPS, Stamp

RoleOf: TypeAlias = Callable[[str], Stamp | None]
_Unit: TypeAlias = Literal["seconds", "minutes"]

_SPANS: Final = re.compile(r"^(?P<start>.+?)_to_(?P<end>.+)$")
_FROM_CALL: Final = re.compile(r"^call_?time_(?P<end>.+)$")
_CALLED: Final[tuple[tuple[str, Stamp, Stamp], ...]] = (
    (r"^(time_)?on_?scene(_?time)?$|^scene_?time$", "cleared", "arrived"),
    (r"^total_?time$|^total_service_time", "cleared", "received"),
    (r"^travel_?time$|^drive_?time$", "arrived", "assigned"),
    (r"^(total_?)?response_?time", "arrived", "received"),
    (
        r"^(call_)?d[ie]spatch_?time$|^(call_)?queue_?time$|^time_in_queue|(d[ie]spatch|queue)_delay",
        "assigned",
        "graded",
    ),
    (r"^(call_)?intake_?time$|^(call_)?processing_?time$", "graded", "received"),
)
"""What open data of several cities calls its lengths: at which time each ends, after which."""

_WORK: Final = "travel|transit|drive|turn_?out|roll_?out|(on|scene)_?time|on_?scene|handling"
_SECONDS: Final = {"seconds": 1, "minutes": 60, "hours": 3_600, "clock": 1}
_IN_ORDER: Final = 0.98
_CLOSE: Final = 1.1
"""By how much sums of lengths may be off that are kept in whole units, each rounded."""

_IN_MINUTES: Final = (3.0, 150.0, 4_000.0)
_IN_SECONDS: Final = (250.0, 15_000.0, 4_000.0)
"""Between which the median response lies, and how long one in a hundred is: at most, where they are
minutes, and at least, where they are seconds."""


@dataclass(frozen=True, slots=True)
class Length:
    """A column of lengths that may stand for a time: after which, and its unit, if that shows.

    ``sure`` where the log bears out after which time it runs.
    """

    column: str
    after: Stamp
    unit: str | None
    sure: bool


@dataclass(frozen=True, slots=True)
class _Named:
    """What a column of lengths is called: the time it ends at, and after which, if that shows."""

    column: str
    stamp: Stamp
    after: Stamp | None
    unit: str | None
    values: pl.Series
    work: bool
    told: bool


def guess_lengths(
    seen: Mapping[str, Seen], times: Mapping[Stamp, tuple[str, ...]], role_of: RoleOf
) -> dict[Stamp, Length]:
    """Lengths for the times that the log lacks.

    Where several grow from step to step in every row they run from one moment, the receipt; a name
    such as "dispatch to scene" says it of itself; and where one is the sum of others, they follow
    one another. Of others it is not known, and of the length of a piece of work, such as travel,
    it is not so.

    Parameters
    ----------
    seen
        The columns that were looked at, in the order of the header.
    times
        By role, the columns of each time that the log has.
    role_of
        Says which time some words are about.
    """
    named = (_called(name, one, role_of) for name, one in seen.items() if one.what == "lengths")
    fitting = [one for one in named if one is not None and one.stamp not in {"received", *times}]
    kept: dict[Stamp, _Named] = {}
    # The one that runs from the receipt says most.
    for one in sorted(fitting, key=lambda one: one.after != "received"):
        kept.setdefault(one.stamp, one)
    found = {
        stamp: Length(
            one.column,
            one.after or "received",
            one.unit,
            sure=one.after in times and not one.told,
        )
        for stamp, one in kept.items()
    }
    running = {
        stamp: _as_number(one.values) * _SECONDS[one.unit]
        for stamp, one in kept.items()
        if one.after is None and one.unit is not None and not one.work
    }
    if len(running) > 1 and _grow(running):
        for stamp in running:
            found[stamp] = replace(found[stamp], sure=True)
    found = _following(found, kept, fitting, times)
    return {stamp: found[stamp] for stamp in STAMPS if stamp in found}


def _called(name: str, one: Seen, role_of: RoleOf) -> _Named | None:
    words = "_".join(words_of(name))
    unit = _unit(name, one.values)
    work = bool(re.search(_WORK, words))
    span, from_call = _SPANS.match(words), _FROM_CALL.match(words)
    plain = re.sub(r"_(s|secs?|seconds?|mins?|minutes?|hours?|hrs?)$", "", words)
    told = next(
        ((stamp, after) for pattern, stamp, after in _CALLED if re.search(pattern, plain)), None
    )
    stamp: Stamp | None
    after: Stamp | None
    if span:
        stamp, after = role_of(span["end"]), role_of(span["start"])
    elif from_call:
        stamp, after = role_of(from_call["end"]), "received"
    elif told:
        stamp, after = told
    else:
        stamp, after = _of_two(words, role_of) or (role_of(words), None)
    if stamp is None:
        return None
    by_habit = told is not None and not span and not from_call
    return _Named(name, stamp, after, unit, one.values, work, by_habit)


def _of_two(words: str, role_of: RoleOf) -> tuple[Stamp, Stamp] | None:
    """The times that two words name, as in dispatch_arrive."""
    parts = words.split("_")
    if len(parts) != 2:
        return None
    start, end = role_of(parts[0]), role_of(parts[1])
    if start is None or end is None or STAMPS.index(start) >= STAMPS.index(end):
        return None
    return end, start


def _following(
    found: dict[Stamp, Length],
    kept: Mapping[Stamp, _Named],
    fitting: Sequence[_Named],
    times: Mapping[Stamp, tuple[str, ...]],
) -> dict[Stamp, Length]:
    """Lengths whose units and order their own sums and sizes bear out."""
    whole = kept.get("arrived")
    if whole is None or whole.after != "received":
        return found
    unit = whole.unit or _unit_of(_as_number(whole.values))
    if unit is None:
        return found
    parts = {
        (one.stamp, one.after): _as_number(one.values)
        for one in fitting
        if one.unit in {None, unit}
    }
    response = _as_number(whole.values)
    intake = parts.get(("graded", "received"))
    wait = parts.get(("assigned", "graded"))
    travel = parts.get(("arrived", "assigned"))
    said = dict(found)
    if wait is not None and travel is not None:
        if intake is not None and _adds_up((intake, wait, travel), response):
            for stamp in ("graded", "assigned", "arrived"):
                said[stamp] = replace(said[stamp], unit=unit, sure=True)
        elif _adds_up((wait, travel), response):
            said["assigned"] = replace(said["assigned"], after="received", unit=unit, sure=True)
            said["arrived"] = replace(said["arrived"], unit=unit, sure=True)
    known: set[Stamp] = {"received", *times}
    for stamp in IN_SEQUENCE:
        one = said.get(stamp)
        if one is None:
            continue
        named = kept[stamp]
        if one.unit is None and named.after is not None and one.after in known:
            said[stamp] = one = replace(one, unit=unit, sure=True)
        if one.sure and one.unit is not None:
            known.add(stamp)
    return said


def _adds_up(parts: Sequence[pl.Series], whole: pl.Series) -> bool:
    """Whether in nearly every row some lengths make up another."""
    total = sum(parts[1:], parts[0])
    off = (total - whole).abs().drop_nulls()
    return bool(off.len()) and int((off <= _CLOSE).sum()) >= _IN_ORDER * off.len()


def _unit_of(response: pl.Series) -> _Unit | None:
    """The unit of responses, by how long they are; None where that may be either."""
    some = response.filter(response > 0)
    median, longest = some.median(), some.quantile(0.99)
    if not isinstance(median, float) or longest is None:
        return None
    if _IN_MINUTES[0] <= median <= _IN_MINUTES[1] and longest <= _IN_MINUTES[2]:
        return "minutes"
    if _IN_SECONDS[0] <= median <= _IN_SECONDS[1] and longest >= _IN_SECONDS[2]:
        return "seconds"
    return None


def _grow(running: Mapping[Stamp, pl.Series]) -> bool:
    """Whether in nearly every row each length is at least that of the step before it."""
    frame = pl.DataFrame({stamp: running[stamp] for stamp in IN_SEQUENCE if stamp in running})
    steps = [
        (frame[after] >= frame[before]).drop_nulls() for before, after in pairwise(frame.columns)
    ]
    return all(step.len() and step.mean() >= _IN_ORDER for step in steps)  # type: ignore[operator]


def _as_number(values: pl.Series) -> pl.Series:
    """Lengths as numbers; those on a clock in seconds."""
    if values.dtype == pl.Duration:
        return values.dt.total_milliseconds() / 1_000
    text = values.cast(pl.String)
    parts = text.str.extract_groups(r"^(\d+):(\d+)(?::(\d+))?$").struct.unnest()
    parts.columns = ["hours", "minutes", "seconds"]
    clock = parts.select(
        pl.col("hours").cast(pl.Float64) * 3600
        + pl.col("minutes").cast(pl.Float64) * 60
        + pl.col("seconds").cast(pl.Float64).fill_null(0)
    ).to_series()
    return numbers(text).fill_null(clock)


def is_on_a_clock(values: pl.Series) -> bool:
    """Whether lengths are written as h:mm or h:mm:ss."""
    known = values.drop_nulls()
    return known.dtype == pl.String and bool(known.str.contains(":", literal=True).all())


def _unit(name: str, values: pl.Series) -> str | None:
    if values.dtype == pl.Duration:
        return "seconds"
    if is_on_a_clock(values):
        return "clock"
    words = "_".join(words_of(name))
    for unit, hint in (
        ("seconds", "sec|_s$"), ("minutes", "min(s|ute|_|$)"), ("hours", "h(ou)?rs"),
    ):  # fmt: skip
        if re.search(hint, words):
            return unit
    return None
