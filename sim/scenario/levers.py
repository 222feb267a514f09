"""Levers by name: values that are set over what a scenario's files say, ``--set PATH=VALUE``.

They make one more layer above the planner's file, so what no file could hold is refused with the
message that a file would get. ``+3``, ``-3``, ``+10%`` and ``-10%`` change a number that is there.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import time
from typing import Any, Final

from sim.errors import InputError, ScenarioErrors
from sim.scenario.assignments import assignments
from sim.scenario.extending import Chain, Layer, extended
from sim.scenario.fields import LINE_LENGTH
from sim.scenario.findings import Finding, Written, listed, nearest
from sim.scenario.loaded import Lever
from sim.scenario.paths import MISSING, KeyPath, dotted, lookup, named, parsed
from sim.scenario.toml import toml_value

OPTION: Final = "--set"
"""Where it says that a value came from."""

_ILLUSTRATIVE: Final = " (illustrative)"
_MOST_TOLD: Final = 2
_LONGEST: Final = 40
_RELATIVE: Final = re.compile(r"(?P<sign>[+-])(?P<size>\d+(?:\.\d+)?)(?P<percent>%?)")
_BY_NAME: Final = {
    "areas": "area",
    "grades": "grade",
    "targets": "target",
    "profiles": "profile",
    "streams": "stream",
    "pools": "pool",
}
_NOT_SET: Final = ("format", "extends", "remove", "sources", "about")
_ALLOWED: Final = "such as pools.NAME.shifts.NAME.people=18, or =+3 or =-10%"


def levers_of(words: Iterable[str]) -> dict[str, object]:
    """Return what the words after ``--set`` set: values by their paths.

    Parameters
    ----------
    words
        Such as ``pools.response.shifts.night.people=18``. A value is written as in a file, but
        text needs no quotes; a change such as ``+3`` stays text.

    Raises
    ------
    sim.errors.ScenarioErrors
        With every word that has no path or no value, or names a path again.
    """
    levers: dict[str, object] = {}
    texts, faults = assignments(
        words,
        OPTION,
        nothing="this sets nothing",
        twice="this is set twice",
        allowed=f"PATH=VALUE for each path once, {_ALLOWED}",
    )
    for path, text in texts.items():
        try:
            levers[path] = _value(text)
        except ValueError:
            faults.append(
                InputError(
                    "this value cannot be read",
                    path=f"{OPTION} {path}",
                    found=text,
                    allowed='a number, true or false, text, or a list such as ["response"]',
                )
            )
    if faults:
        raise ScenarioErrors(faults)
    return levers


def with_levers(
    chain: Chain,
    resolved: Mapping[str, Any],
    levers: Mapping[str, object],
    *,
    as_variant: bool = False,
) -> tuple[Chain, tuple[Lever, ...]]:
    """Return a chain of files with what is set above them.

    Parameters
    ----------
    chain
        The files, without a fault.
    resolved
        The values that they make, defaults among them.
    levers
        By path what is set; text such as ``+3`` or ``-10%`` changes the number that is there.
    as_variant
        Leave the file's own title out of the new one.

    Raises
    ------
    sim.errors.ScenarioErrors
        With every path that leads nowhere and every change that cannot be made. Whether a value
        may stand where it is set is for the models to say.
    """
    faults: list[InputError] = []
    made: list[Lever] = []
    where = f"{OPTION} on {chain.own.file}"
    data: dict[str, Any] = {}
    taken: dict[KeyPath, str] = {}
    for text, value in levers.items():
        try:
            path = _path(text, resolved, chain.merged)
            before = lookup(resolved, path)
            if before is MISSING:
                before = lookup(chain.merged, path)
            after = _changed(path, before, value)
            _ensure_apart(path, taken)
        except _Refused as refused:
            finding = refused.finding
            faults.append(
                InputError(
                    finding.message,
                    file=where,
                    path=text,
                    found=finding.found,
                    allowed=finding.allowed,
                    suggestion=finding.suggestion,
                )
            )
            continue
        taken[path] = text
        _put(data, path, after, resolved)
        shown = None if before is MISSING else _shown(before)
        made.append(Lever(dotted(path), _written(value), shown, _shown(after)))
    if faults:
        raise ScenarioErrors(faults)
    title = _title("" if as_variant else str(chain.merged["title"]), made, resolved)
    data = {"title": title, **data}
    return extended(chain, Layer(where, chain.own.path, data, {})), tuple(made)


def variant_name(stem: str, levers: Iterable[Lever]) -> str:
    """Return the name of a scenario with something set: its file's, and in short what was set."""
    short = []
    levers = list(levers)
    # A title does not tell a scenario apart where anything else does.
    for lever in [one for one in levers if one.path != "title"] or levers:
        path = parsed(lever.path) or (lever.path,)
        parts = [str(part) for part in path if part != "shifts"]
        if len(parts) > 1 and parts[0] in {*_BY_NAME, "policy"}:
            parts = parts[1:]
        short.append(f"{'.'.join(parts)}={_cut(lever.written)}")
    return " ".join([stem, *short])


def without_effect(levers: Iterable[Lever]) -> Iterator[str]:
    """Yield a sentence for each value that is set to what it was."""
    for lever in levers:
        if lever.before == lever.after:
            yield f"{OPTION} {lever.argument} changes nothing: it is {lever.after} already."


class _Refused(Exception):
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def _value(text: str) -> object:
    """Return a value as TOML has it; what is no TOML is text.

    Raises
    ------
    ValueError
        If it begins as a list, a table or quoted text does, and is none.
    """
    if _RELATIVE.fullmatch(text):
        return text
    try:
        read = tomllib.loads(f"value = {text}")
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        if text[0] in "[{\"'" or "\n" in text:
            raise ValueError(text) from None
        return text
    if list(read) != ["value"]:
        raise ValueError(text)
    value = read["value"]
    # A time of day is text in a scenario.
    return value.strftime("%H:%M") if isinstance(value, time) else value


def _path(text: str, resolved: Mapping[str, Any], merged: Mapping[str, Any]) -> KeyPath:
    """Return the path that a lever names, its shift by name; what has to be there is there."""
    path = parsed(text)
    if path is None:
        raise _Refused(Finding((), "this is not a path", allowed=_ALLOWED))
    if path[0] in _NOT_SET:
        raise _Refused(
            Finding((), "this is not set from outside", allowed="a value of the scenario; title")
        )
    if any(isinstance(part, int) for part in path) and lookup(resolved, path) is MISSING:
        raise _Refused(Finding((), "nothing stands there", allowed="a place of a list, from 0"))
    path = named(merged, path)
    what = _BY_NAME.get(str(path[0]))
    if what is not None and len(path) > 1:
        _ensure_known(path[1], what, list(lookup(resolved, path[:1])), text)
    if path[0] == "pools" and len(path) > 3 and path[2] == "shifts":
        # Shifts of a rota by cycle are named as in the file, not team by team.
        written = lookup(merged, path[:3])
        shifts = [shift["name"] for shift in (written if isinstance(written, list) else ())]
        _ensure_known(path[3], "shift", shifts, text)
    return path


def _ensure_known(name: str | int, what: str, known: list[str], text: str) -> None:
    if name in known:
        return
    near = nearest(name, known)
    raise _Refused(
        Finding(
            (),
            f"there is no {what} of this name",
            allowed=listed(known) or f"none: there is no {what}",
            suggestion=None if near is None else text.replace(str(name), near, 1),
        )
    )


def _changed(path: KeyPath, before: object, value: object) -> object:
    """Return what is to stand at a path: the value, or what is there with the change made."""
    change = _RELATIVE.fullmatch(value.strip()) if isinstance(value, str) else None
    if change is None:
        return value
    if isinstance(before, bool) or not isinstance(before, int | float):
        there = None if before is MISSING else Written(_shown(before))
        words = "only a number that is there can be raised or lowered"
        raise _Refused(Finding(path, words, there, "the value itself, as in a file"))
    size = float(f"{change['sign']}{change['size']}")
    if change["percent"]:
        after = before * (100 + size) / 100
        # A tenth of 15 officers is no whole number; that of a file's would be refused.
        after = int(after + 0.5) if isinstance(before, int) else float(f"{after:.12g}")
        if after == before and size != 0:
            why = "is less than half of one, so it" if isinstance(before, int) and before else ""
            message = " ".join(filter(None, [f"{value} of {before:g}", why, "changes nothing"]))
            raise _Refused(Finding(path, message, allowed="the value itself, or such as =+1"))
        return after
    after = float(f"{before + size:.12g}")
    return int(after) if isinstance(before, int) and after.is_integer() else after


def _ensure_apart(path: KeyPath, taken: Mapping[KeyPath, str]) -> None:
    for other, text in taken.items():
        shorter = min(len(path), len(other))
        if path[:shorter] == other[:shorter]:
            message = f"this and {text} set the same value"
            raise _Refused(Finding(path, message, allowed="one of them"))


def _put(data: dict[str, Any], path: KeyPath, value: object, resolved: Mapping[str, Any]) -> None:
    """Put a value into nested tables; of a list, which is one value, the whole is written."""
    for place, part in enumerate(path):
        if isinstance(part, int):
            above = path[:place]
            items = lookup(data, above)
            if items is MISSING:
                items = copy.deepcopy(lookup(resolved, above))
            assert isinstance(items, list), "the path was looked up before"
            target: Any = items
            for key in path[place:-1]:
                target = target[key]
            target[path[-1]] = value
            path, value = above, items
            break
    table = data
    for part in path[:-1]:
        table = table.setdefault(str(part), {})
    table[str(path[-1])] = value


def _title(title: str, levers: list[Lever], resolved: Mapping[str, Any]) -> str:
    told = [_in_words(lever, resolved) for lever in levers if lever.path != "title"]
    if len(told) > _MOST_TOLD:
        told[_MOST_TOLD:] = [f"and {len(told) - _MOST_TOLD} more"]
    suffix = _ILLUSTRATIVE if title.endswith(_ILLUSTRATIVE) else ""
    own = title.removesuffix(_ILLUSTRATIVE)
    wholes = (
        "; ".join(filter(None, parts)) + suffix
        for parts in ([own, *told], told, [f"{len(levers)} values set"])
    )
    return next(whole for whole in wholes if len(whole) <= LINE_LENGTH)


def _in_words(lever: Lever, resolved: Mapping[str, Any]) -> str:
    path = parsed(lever.path) or (lever.path,)
    words = [str(part).replace("_", " ") for part in path if part != "shifts"]
    if path[0] in _BY_NAME and len(path) > 2:
        title = lookup(resolved, (*path[:2], "title"))
        words = [f"{title if isinstance(title, str) else words[1]}:", *words[2:]]
    elif path[0] == "policy" and len(path) > 2:
        words = words[1:]
    if len(path) > 1 and path[-2] == "absent":
        return f"{' '.join(words[:-2])} {lever.after} absent on {path[-1]}"
    was = "" if lever.before is None else f", not {_cut(lever.before)}"
    return f"{' '.join(words)} {_cut(lever.after)}{was}"


def _written(value: object) -> str:
    return value if isinstance(value, str) else _shown(value)


def _shown(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    try:
        return value if isinstance(value, str) else toml_value(value)
    except TypeError:
        return str(value)


def _cut(value: str) -> str:
    """Return a value as it stands in a name or a title, where a long list would fill the screen."""
    return value if len(value) <= _LONGEST else f"{value[: _LONGEST - 3]}..."
