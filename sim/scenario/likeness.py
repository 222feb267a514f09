"""A shipped variant of the baseline, made into the like change of another scenario.

A variant says what differs from the baseline: 7 dispatchers where the baseline has 6. In a force of
another size and other areas the like change is one more in each pool of that role; of reports it is
as many times more; what is a rule is taken as it stands.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError
from sim.scenario.extending import Chain, read_chain
from sim.scenario.shipped import found, shipped
from sim.scenario.toml import toml_key, toml_value

BASELINE: Final = "dorset-2022.toml"
_OF_ONE_FILE: Final = ("format", "title", "about", "extends", "sources", "remove")
ALIKE: Final = {"immediate": "grade_1", "priority": "grade_2", "scheduled": "grade_3"}
"""Streams of the baseline, and those that `fit` makes of the same work."""

_DAY_MINUTES: Final = 24 * 60


def like(variant: Path, mine: Mapping[str, Any]) -> tuple[dict[str, Any], list[str], list[str]]:
    """Return what another scenario would say to be changed as a variant changes the baseline.

    Parameters
    ----------
    variant
        A shipped scenario that extends the baseline.
    mine
        The tables of the other scenario, merged.

    Returns
    -------
    tables, removed, left
        What differs; paths to remove; and what of the variant has no place in the other scenario,
        by its path.

    Raises
    ------
    sim.errors.InputError
        If the file is no such variant.
    """
    chain = read_chain(found(variant))
    if not _extends_baseline(chain):
        raise InputError(
            "a change is taken from a shipped scenario that extends the baseline",
            file=variant.as_posix(),
            allowed=", ".join(one.name for one in shipped() if _extends_baseline(read_chain(one))),
        )
    own = {key: value for key, value in chain.own.data.items() if key not in _OF_ONE_FILE}
    base = chain.layers[0].data
    left: list[str] = []
    tables: dict[str, Any] = {}
    for section, said in own.items():
        if section == "pools":
            tables[section] = dict(_pools(said, base["pools"], mine.get("pools", {}), left))
        elif section == "streams":
            tables[section] = dict(_streams(said, base, mine, left))
        elif section == "targets":
            tables[section] = {
                name: one if name in mine.get("targets", {}) else base[section][name] | one
                for name, one in said.items()
            }
        elif section == "episode" and "episode" not in mine:
            left.append("episode")
        else:
            tables[section] = copy.deepcopy(said)
    removed = []
    for path in chain.own.data.get("remove", ()):
        name = path.removeprefix("pools.")
        same = list(_same_role(name, base["pools"], mine.get("pools", {})))
        removed += [f"pools.{one}" for one in same]
        left += [] if same else [path]
    return {key: table for key, table in tables.items() if table}, removed, left


def _extends_baseline(chain: Chain) -> bool:
    return [layer.path.name for layer in chain.layers][:-1] == [BASELINE]


def _same_role(name: str, base: Mapping[str, Any], mine: Mapping[str, Any]) -> Iterator[str]:
    """Pools of the other scenario that stand where one of the baseline does."""
    if name in mine:
        yield name
    elif name in base:
        yield from (one for one, pool in mine.items() if pool["role"] == base[name]["role"])


def _like_pool(name: str, base: Mapping[str, Any], mine: Mapping[str, Any]) -> str | None:
    """The pool of the other scenario that works as one of the baseline: of several, in turn."""
    same = list(_same_role(name, base, mine))
    if not same or name in mine:
        return name if same else None
    alike = [one for one, pool in base.items() if pool["role"] == base[name]["role"]]
    return same[alike.index(name) % len(same)]


def _like_profile(
    name: str, streams: Mapping[str, Mapping[str, Any]], mine: Mapping[str, Any]
) -> str:
    """The profile of the other scenario's stream that is like one of the baseline's with it."""
    own = mine.get("streams", {})
    alike = (
        own[like]["profile"]
        for stream, one in streams.items()
        for like in (stream, ALIKE.get(stream))
        if one.get("profile") == name and like in own
    )
    return name if name in mine.get("profiles", {}) else str(next(alike, name))


def _pools(
    said: Mapping[str, Any], base: Mapping[str, Any], mine: Mapping[str, Any], left: list[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, change in said.items():
        if name not in base and name not in mine and "area" not in change:
            # A desk that the baseline has not is as new here.
            yield name, copy.deepcopy(dict(change))
            continue
        same = list(_same_role(name, base, mine))
        if not same:
            left.append(f"pools.{name}")
        for one in same:
            yield one, _pool(change, base[name], mine[one])


def _pool(
    change: Mapping[str, Any], base: Mapping[str, Any], mine: Mapping[str, Any]
) -> dict[str, Any]:
    if isinstance(change.get("shifts"), list):
        return _worked_anew(change, base, mine)
    made = {key: value for key, value in change.items() if key not in {"shifts", "abstraction"}}
    shifts: dict[str, Any] = {}
    if "abstraction" in change:
        # So many of those who came before come now; a shift may have a share of its own.
        kept = (1 - change["abstraction"]) / (1 - base.get("abstraction", 0.0))
        made["abstraction"] = _away(mine.get("abstraction", 0.0), kept)
        for shift in mine.get("shifts", ()):
            if "abstraction" in shift:
                shifts[shift["name"]] = {"abstraction": _away(shift["abstraction"], kept)}
    theirs = {shift["name"]: shift for shift in base.get("shifts", ())}
    for name, one in change.get("shifts", {}).items():
        before = theirs.get(name)
        if before is None:
            taken = {shift["name"] for shift in mine.get("shifts", ())}
            shifts[name if name not in taken else f"{name}_more"] = dict(one)
            continue
        for shift in _counterparts(before, mine):
            told = {key: value for key, value in one.items() if key != "people"}
            if "people" in one:
                told["people"] = max(shift["people"] + one["people"] - before["people"], 0)
            shifts[shift["name"]] = {**shifts.get(shift["name"], {}), **told}
    return made | ({"shifts": shifts} if shifts else {})


def _worked_anew(
    change: Mapping[str, Any], base: Mapping[str, Any], mine: Mapping[str, Any]
) -> dict[str, Any]:
    """Other shifts in place of all: the variant's hours, with people for as many hours as before.

    What the variant says of breaks and crews holds where the other scenario says anything of them;
    of those away there are as many as before.
    """
    before = mine.get("shifts", ())
    known = {key for shift in before for key in shift} | {"name", "start", "end", "days", "people"}
    hours = _week_hours(mine)
    factor = hours / _week_hours(base) if hours else 1.0
    shifts = [{key: value for key, value in one.items() if key in known}
              for one in change["shifts"]]  # fmt: skip
    if hours and any("abstraction" in shift for shift in before):
        away = sum(_hours(shift) * shift.get("abstraction", 0.0) for shift in before) / hours
        shifts = [{"abstraction": round(away, 4), **one} for one in shifts]
    for one in shifts:
        if "people" in one:
            one["people"] = round(one["people"] * factor)
    made = {**change, "shifts": shifts}
    if "cycle" in change:
        teams, people = change["cycle"]["teams"], change["cycle"]["people"]
        total = round(factor * (teams * people if isinstance(people, int) else sum(people)))
        # Those left over go to the last teams.
        numbers = [(total + place) // teams for place in range(teams)]
        made["cycle"] = {**change["cycle"], "people": numbers}
    return made


def _week_hours(pool: Mapping[str, Any]) -> float:
    return sum(map(_hours, pool.get("shifts", ())))


def _hours(shift: Mapping[str, Any]) -> float:
    """Rostered hours of a shift in a week."""
    cycle = shift.get("cycle")
    share = len(cycle["on_days"]) / cycle["length_days"] if cycle else 1.0
    days = len(shift.get("days", range(7))) * share
    return float(shift.get("people", 0) * days * len(_minutes(shift)) / 4)


def _away(share: float, kept: float) -> float:
    return round(min(max(1 - (1 - share) * kept, 0.0), 1.0), 4)


def _counterparts(before: Mapping[str, Any], mine: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The shift of the same name, with that of weekends; else the one that shares most hours."""
    shifts = mine.get("shifts", [])
    name = before["name"]
    named = [one for one in shifts if one["name"] in {name, f"{name}_weekend"}]
    if named or not shifts:
        return named
    return [max(shifts, key=lambda one: _shared(before, one))]


def _shared(one: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    return len(_minutes(one) & _minutes(other))


def _minutes(shift: Mapping[str, Any]) -> set[int]:
    start, end = (
        60 * int(str(shift[key])[:2]) + int(str(shift[key])[3:5]) for key in ("start", "end")
    )
    length = (end - start) % _DAY_MINUTES or _DAY_MINUTES
    return {(start + minute) % _DAY_MINUTES for minute in range(0, length, 15)}


def _streams(
    said: Mapping[str, Any], base: Mapping[str, Any], mine: Mapping[str, Any], left: list[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    streams, before = mine.get("streams", {}), base["streams"]
    for name, change in said.items():
        if name not in before:
            areas = next(iter(streams.values())).get("areas", {})
            usual = next((one["areas"] for one in streams.values() if one.get("areas")), areas)
            new = {**change, **({"areas": dict(usual)} if "areas" in change else {})}
            if "pool" in change:
                own = _like_pool(change["pool"], base["pools"], mine.get("pools", {}))
                if own is None:
                    left.append(f"streams.{name}")
                    continue
                new["pool"] = own
            if "profile" in change:
                new["profile"] = _like_profile(change["profile"], before, mine)
            yield name, new
            continue
        own = name if name in streams else ALIKE.get(name)
        if own not in streams:
            left.append(f"streams.{name}")
            continue
        told = dict(change)
        if "volume_per_year" in change:
            factor = change["volume_per_year"] / before[name]["volume_per_year"]
            told["volume_per_year"] = float(f"{factor * streams[own]['volume_per_year']:.4g}")
        yield str(own), told


def written(tables: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield tables as lines of TOML, a header for each table that holds a value."""
    nested = {
        key: value
        for key, value in tables.items()
        if isinstance(value, Mapping) and "family" not in value
        and not all(str(one).isdigit() for one in value)
    }  # fmt: skip
    plain = {key: value for key, value in tables.items() if key not in nested}
    if plain and path:
        yield ""
        yield f"[{'.'.join(map(toml_key, path))}]"
    for key, value in plain.items():
        yield f"{toml_key(key)} = {toml_value(value)}"
    for key, value in nested.items():
        yield from written(value, (*path, key))


def sources_of(tables: Mapping[str, Any], title: str) -> dict[str, dict[str, Any]]:
    """What the changed numbers of people and reports rest on."""
    why = f'The change that "{title}" tries, in this force.'
    found: dict[str, dict[str, Any]] = {}
    for name, pool in tables.get("pools", {}).items():
        for key in ("shifts", "cycle"):
            if key in pool:
                found[f"pools.{name}.{key}"] = {"assumption": why, "low": 0.5, "high": 2.0}
        if "abstraction" in pool:
            own = pool["abstraction"]
            found[f"pools.{name}.abstraction"] = {
                "assumption": why, "low": round(own / 2, 4), "high": min(1.0, round(2 * own, 4)),
            }  # fmt: skip
    for name, stream in tables.get("streams", {}).items():
        if "volume_per_year" in stream:
            own = stream["volume_per_year"]
            found[f"streams.{name}.volume_per_year"] = {
                "assumption": why, "low": math.floor(own / 2), "high": math.ceil(2 * own),
            }  # fmt: skip
    return found
