"""What the models refuse, in words for the planner who wrote it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from sim.errors import InputError
from sim.scenario.describing import (
    Node,
    allowed_keys,
    describe,
    describe_keys,
    is_by_number,
    is_share,
    known_keys,
    node_at,
)
from sim.scenario.extending import Chain, Layer
from sim.scenario.fields import CLOCK_PATTERN, SHARES_SUM_TO, Fault
from sim.scenario.findings import Finding, Written, listed, nearest
from sim.scenario.paths import MISSING, KeyPath, dotted, lookup, named
from sim.scenario.toml import as_number, toml_value

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_WANTED: Final = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "date_type": "a date",
    "date_from_datetime_inexact": "a date",
    "date_from_datetime_parsing": "a date",
    "datetime_type": "a date and time",
}
_MESSAGES: Final = {
    "greater_than": "this is too low",
    "greater_than_equal": "this is too low",
    "less_than": "this is too high",
    "less_than_equal": "this is too high",
    "literal_error": "this is not one of the choices",
    "finite_number": "this is not a finite number",
    "string_pattern_mismatch": "this is not a name",
    "timezone_naive": "times are local: no offset from Greenwich stands after them",
    "string_too_long": "this name is longer than 40 letters",
}


_ROW: Final = re.compile(r"(?P<list>row) (?P<row>\d+)(?P<key>, column \w+)?.*")
_SHIFT: Final = re.compile(r"(?P<list>.*\.shifts)\[(?P<row>\d+)\](?P<key>.*)")
_MANY_ROWS: Final = 4
_ROWS_TOLD: Final = 5


def findings_of(error: ValidationError, data: Mapping[str, Any]) -> list[Finding]:
    """Return what the models refused, one finding for each place.

    Parameters
    ----------
    error
        What pydantic raised.
    data
        The merged values that it was raised over.
    """
    found: dict[KeyPath, Finding] = {}
    of_union: set[KeyPath] = set()
    of_kind: set[KeyPath] = set()
    for details in error.errors(include_url=False, include_input=False):
        path, tags = _data_path(details, data)
        finding = _finding(details, path, data)
        if finding.path in found:
            # One value was held against several kinds that might stand there. If it is of one of
            # them and breaks its bounds, that is the fault.
            if details["type"] not in _WANTED:
                found[finding.path] = finding
            elif finding.path not in of_kind:
                found[finding.path] = _of_no_kind(finding.path, data)
            continue
        found[finding.path] = finding
        if details["type"] not in _WANTED:
            of_kind.add(finding.path)
        if tags:
            of_union.add(finding.path)
    for path in of_union:
        if any(other[: len(path)] == path and len(other) > len(path) for other in found):
            del found[path]
    return _without_echoes(list(found.values()))


def as_input_errors(
    findings: Iterable[Finding], causes: Iterable[Layer], chain: Chain
) -> list[InputError]:
    """Say which file each finding is in, and put them in the order of the files.

    The planner's own file comes first, then those that it extends; within a file its own order.
    What stands in one file and is made a fault by another that extends it is told with the other,
    which is where it is to be mended, and says where it stands.

    Parameters
    ----------
    findings
        What is wrong.
    causes
        Of each: the file that brings it about.
    chain
        The files.
    """
    placed = []
    for given, cause in zip(findings, causes, strict=True):
        rota = chain.rota_of(given.path)
        if rota is not None and rota.lacks(given.path[3:]):
            continue  # the column is missing, and this has been said
        stands = _stands_in(given.path, chain, cause)
        place = "" if rota is None else rota.place(given.path[3:])
        inherited = chain.layers.index(stands) < chain.layers.index(cause)
        finding = _of_the_heir(given, cause) if inherited else _with_shares(given, chain)
        layer = cause if inherited else stands
        path = dotted(_as_in(layer, given.path, chain))
        if rota is not None and place:
            file, path = rota.file, f"{place} ({path})"
            finding = _of_a_cell(finding)
        elif inherited:
            file, path = cause.file, f"{path} (from {stands.file})"
        else:
            file = stands.file
        order = (
            chain.layers[::-1].index(layer),
            _position(layer.data, _as_in(layer, given.path, chain)),
            _position(stands.data, _as_in(stands, given.path, chain)),
        )
        error = InputError(
            finding.message,
            file=file,
            path=path or None,
            found=_as_typed(finding, chain),
            allowed=finding.allowed,
            suggestion=finding.suggestion,
        )
        placed.append((order, error))
    placed.sort(key=lambda pair: pair[0])
    return [error for _, error in placed]


def rows_together(errors: Iterable[InputError]) -> list[InputError]:
    """Tell a fault that many rows of a rota share once: the first, and where the others are."""
    groups: dict[tuple[object, ...], list[tuple[InputError, str]]] = {}
    for place, error in enumerate(errors):
        row = _ROW.fullmatch(error.path or "") or _SHIFT.fullmatch(error.path or "")
        # What was found, and what that suggests, may differ from row to row.
        shared = (error.file, row["list"], row["key"]) if row else (place,)
        number = row["row"] if row else ""
        groups.setdefault((*shared, error.message, error.allowed), []).append((error, number))
    told: list[InputError] = []
    for group in groups.values():
        if len(group) < _MANY_ROWS:
            told += [error for error, _ in group]
            continue
        first, others = group[0][0], [number for _, number in group[1:]]
        shown = ", ".join(others[:_ROWS_TOLD])
        more = f" and {len(others) - _ROWS_TOLD} more" if len(others) > _ROWS_TOLD else ""
        what = "rows" if (first.path or "").startswith("row ") else "shifts"
        told.append(
            InputError(
                f"{first.message}; so it is in {len(others)} other {what} ({shown}{more})",
                file=first.file,
                path=first.path,
                found=first.found,
                allowed=first.allowed,
                suggestion=first.suggestion,
            )
        )
    return told


def _as_in(layer: Layer, path: KeyPath, chain: Chain) -> KeyPath:
    """Return a path as a file has it: a shift counted where it has a list, and else by name."""
    return path if isinstance(lookup(layer.data, path[:3]), list) else named(chain.merged, path)


def _stands_in(path: KeyPath, chain: Chain, cause: Layer) -> Layer:
    """Return the file that an entry stands in; for what is missing, or a table, the cause."""
    value = lookup(chain.merged, path)
    return cause if value is MISSING or isinstance(value, Mapping) else chain.layer_of(path)


def _of_the_heir(finding: Finding, cause: Layer) -> Finding:
    """Add how an heir is rid of an inherited name for what is no longer there."""
    if not finding.message.startswith("there is no "):
        return finding
    match finding.path:
        case (*above, int()):
            way = f"or {dotted(tuple(above))} written again in {cause.file}"
        case ("pools", name, "area") | ("streams", name, "pool"):
            # Without it the pool would serve all areas, and the work be nobody's.
            way = f'or remove = ["{dotted((finding.path[0], name))}"] in {cause.file}'
        case (_, _, *_):
            way = f'or remove = ["{dotted(finding.path)}"] in {cause.file}'
        case _:
            return finding
    allowed = f"{finding.allowed}; {way}" if finding.allowed else way.removeprefix("or ")
    # What was meant is what is gone, and no name that happens to be like it.
    return replace(finding, allowed=allowed, suggestion=None)


def _with_shares(finding: Finding, chain: Chain) -> Finding:
    """Say which of some shares are inherited, where they do not sum to 1."""
    shares = lookup(chain.merged, finding.path)
    if not finding.message.startswith(SHARES_SUM_TO) or not isinstance(shares, Mapping):
        return finding
    if sum(shares.values()) < 1:
        return finding
    own = chain.layer_of(finding.path)
    inherited = [key for key in shares if chain.layer_of((*finding.path, key)) is not own]
    if not inherited:
        return finding
    named = " and ".join(f"{key} = {toml_value(shares[key])}" for key in inherited)
    paths = ", ".join(f'"{dotted((*finding.path, key))}"' for key in inherited)
    way = f"inherited: {named}, which remove = [{paths}] drops"
    return replace(finding, allowed=f"{finding.allowed}; {way}")


def shown(value: Any) -> Any:  # noqa: ANN401
    """Return a value as a finding shows it."""
    if value is MISSING or value is None:
        return None
    if isinstance(value, list | Mapping):
        try:
            return Written(toml_value(value))
        except TypeError:
            return None
    return value


def _as_typed(finding: Finding, chain: Chain) -> Any:  # noqa: ANN401
    """Return the value found as the file has it: 8 and not 8.0."""
    typed = lookup(chain.merged, finding.path)
    return typed if typed == finding.found and finding.found is not None else finding.found


def _of_a_cell(finding: Finding) -> Finding:
    """Put a finding into the words of a spreadsheet, which has no quotes and no keys."""
    words = finding.allowed
    for quoting in (" in quotes", " without quotes"):
        words = None if words is None else words.replace(quoting, "")
    message = finding.message
    if message == "this key is missing":
        message = "this cell is empty"
    return replace(finding, message=message, allowed=words)


def _position(data: Any, path: KeyPath) -> list[int]:  # noqa: ANN401
    """Return where a path stands in a file's own order; what is missing stands last."""
    position = []
    for part in path:
        if isinstance(data, Mapping) and part in data:
            position.append(list(data).index(part))
            data = data[part]
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            position.append(part)
            data = data[part]
        else:
            position.append(1_000_000)
            break
    return position


def _data_path(details: ErrorDetails, data: Any) -> tuple[KeyPath, bool]:  # noqa: ANN401
    """Return the path of the data that pydantic's location stands for, and if it had tags."""
    loc = details["loc"]
    path: list[int | str] = []
    tags = False
    for place, part in enumerate(loc):
        if part == "[key]":
            break
        below = lookup(data, (part,)) if isinstance(data, Mapping | list) else MISSING
        if below is not MISSING:
            path.append(part)
            data = below
        elif place == len(loc) - 1 and details["type"] == "missing":
            path.append(part)
        else:
            tags = True
    return tuple(path), tags


def _finding(details: ErrorDetails, path: KeyPath, data: Mapping[str, Any]) -> Finding:
    kind = details["type"]
    if details["loc"][-1:] == ("[key]",):
        error = details.get("ctx", {}).get("error")
        if isinstance(error, Fault):
            return Finding(path, f"of this key, {error}", allowed=error.allowed)
        return _bad_key(path, data)
    if kind == "missing":
        return Finding(path, "this key is missing", allowed=describe(node_at(data, path)))
    if kind == "extra_forbidden":
        keys = known_keys(node_at(data, path[:-1]))
        near = nearest(path[-1], keys)
        return Finding(path, "unknown key", allowed=listed(keys), suggestion=near)
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        return _bad_tag(details, path, data)
    if kind == "value_error":
        return _broken_rule(details, path, data)
    value = lookup(data, path)
    node = node_at(data, path)
    allowed = describe(node)
    choices = (node or {}).get("enum", ())
    near = _as_name(value) if kind == "string_pattern_mismatch" else nearest(value, choices)
    return Finding(path, _message(details, value, node), shown(value), allowed, near)


def _message(details: ErrorDetails, value: object, node: Node | None) -> str:
    kind = details["type"]
    share = _share_meant(value) if is_share(node) else None
    if share is not None:
        return f"a share is written as a fraction of 1: write {share}"
    if kind in _WANTED:
        return _wrong_kind(kind, value)
    if kind in {"too_short", "too_long"}:
        count = details.get("ctx", {}).get("actual_length")
        return f"this has {count} values" if value else "this is empty"
    return _MESSAGES.get(kind, "this cannot stand here")


def _wrong_kind(kind: str, value: object) -> str:
    wanted = _WANTED[kind]
    if isinstance(value, float) and not math.isfinite(value):
        return _MESSAGES["finite_number"]
    if kind == "float_type" and isinstance(value, int) and not isinstance(value, bool):
        return "this is too far from 0"  # beyond what a float can hold
    if isinstance(value, str) and wanted.endswith("number"):
        if _is_number(value):
            return "a number is written without quotes"
        meant = as_number(value)
        if meant is not None and "%" not in value:
            return f"a number is written without quotes and commas: write {meant}"
    if isinstance(value, str) and wanted == "a date":
        on = _as_date(value)
        if on is not None:
            return f"a date is written year first and without quotes: write {on}"
    if isinstance(value, date | time) and wanted == "text":
        return f'text is written in quotes: write "{value}"'
    with_fraction = kind == "int_type" and isinstance(value, float)
    got = "a number with a fraction" if with_fraction else _kind_of(value)
    return f"{wanted} is needed here, not {got}"


def _bad_key(path: KeyPath, data: Mapping[str, Any]) -> Finding:
    node = node_at(data, path[:-1])
    words = allowed_keys(node)
    return Finding(
        path,
        "this key cannot stand here",
        allowed=describe_keys(node),
        suggestion=nearest(path[-1], words) if words or is_by_number(node) else _as_name(path[-1]),
    )


def _bad_tag(details: ErrorDetails, path: KeyPath, data: Mapping[str, Any]) -> Finding:
    limits = details.get("ctx", {})
    key = str(limits.get("discriminator", "")).strip("'")
    table = lookup(data, path)
    node = node_at(data, path)
    choices = list((node or {}).get("discriminator", {}).get("mapping", ()))
    if not isinstance(table, Mapping):
        return Finding(
            path, f"a table is needed here, not {_kind_of(table)}", shown(table), describe(node)
        )
    if key not in table:
        return Finding((*path, key), "this key is missing", allowed=listed(choices))
    return Finding(
        (*path, key),
        f"unknown {key}",
        table[key],
        listed(choices),
        nearest(table[key], choices),
    )


def _broken_rule(details: ErrorDetails, path: KeyPath, data: Mapping[str, Any]) -> Finding:
    error = details.get("ctx", {}).get("error")
    if not isinstance(error, Fault):
        return Finding(path, "this cannot stand here", allowed=describe(node_at(data, path)))
    where = (*path, *error.at)
    value = lookup(data, where)
    is_table = isinstance(value, Mapping)
    node = node_at(data, where)
    clock = (node or {}).get("pattern") == CLOCK_PATTERN
    return Finding(
        where,
        str(error),
        None if is_table else shown(value),
        error.allowed or (None if is_table else describe(node)),
        None if not clock or _as_clock(value) == value else _as_clock(value),
    )


def _share_meant(value: object) -> str | None:
    """Return the fraction that was meant by 30 or "30 %", where a share is wanted."""
    if isinstance(value, str):
        return as_number(value) if value.rstrip().endswith("%") else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 2 <= value <= 100:
        return None  # 1.5 may be a slip of any kind
    return f"{value / 100:.12g}"


def _as_name(value: object) -> str | None:
    """Return the name in the allowed letters that is nearest to one with others."""
    name = re.sub(r"[^a-z0-9]+", "_", str(value).strip().lower()).strip("_")[:40]
    return name if re.match("[a-z]", name) and name != value else None


def _as_date(text: str) -> date | None:
    """Return the date that a text spells, year first or as it is written in Britain."""
    british = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text.strip())
    try:
        if british:
            return date(int(british[3]), int(british[2]), int(british[1]))
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _as_clock(value: object) -> str | None:
    """Return the time of day that was probably meant, such as "22:00" for 2200."""
    if isinstance(value, bool) or value is MISSING:
        return None
    digits = re.fullmatch(r"(\d{1,2})[:.h]?([0-5]\d)(?::?00)?", str(value))
    if digits is None or int(digits[1]) > 23:
        return None
    return f"{int(digits[1]):02d}:{digits[2]}"


def _of_no_kind(path: KeyPath, data: Mapping[str, Any]) -> Finding:
    value = lookup(data, path)
    return Finding(
        path,
        f"{_kind_of(value)} cannot stand here",
        shown(value),
        describe(node_at(data, path)),
    )


def _without_echoes(findings: list[Finding]) -> list[Finding]:
    """Drop "missing" for a key that stands there misspelt."""
    meant = {
        (*finding.path[:-1], finding.suggestion)
        for finding in findings
        if finding.message == "unknown key" and finding.suggestion is not None
    }
    return [
        finding
        for finding in findings
        if finding.message != "this key is missing" or finding.path not in meant
    ]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _kind_of(value: object) -> str:
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (bool, "true or false"),
        (int, "a whole number"),
        (float, "a number"),
        (str, "text"),
        (list, "a list"),
        (Mapping, "a table"),
        (datetime, "a date with a time"),
        (date, "a date"),
        (time, "a time"),
    )
    return next((words for kind, words in kinds if isinstance(value, kind)), "this")
