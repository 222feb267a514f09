"""Shifts written by name, which change those of an inherited rota or join them.

A pool's ``shifts`` are a list, which is the whole rota, or a table of shifts by their names::

    [pools.response.shifts.night]
    people = 18

Of a shift that is inherited such a table changes the keys that it has; any other shift is new and
comes after those that are there. Once files are merged, shifts are always a list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from sim.scenario.findings import Finding, listed, nearest
from sim.scenario.paths import KeyPath, lookup

Merge: TypeAlias = Callable[[Mapping[str, Any], Mapping[str, Any], KeyPath], dict[str, Any]]

_WHEN: Final = ("start", "end")


def is_rota(path: KeyPath) -> bool:
    """Tell whether a path is that of a pool's shifts."""
    return len(path) == 3 and path[0] == "pools" and path[2] == "shifts"


def joined_rota(before: Any, own: Mapping[str, Any], path: KeyPath, merge: Merge) -> Any:  # noqa: ANN401
    """Return a rota with the shifts of a table by name put into it.

    Parameters
    ----------
    before
        The inherited shifts; None where there are none.
    own
        By name, what a file says of each.
    path
        Of the shifts.
    merge
        How tables go together.

    Returns
    -------
    list
        The inherited shifts in their order, then the new ones; the table itself where what is
        inherited is no list of shifts.
    """
    if before is not None and not isinstance(before, list):
        return own
    rota = list(before or ())
    places = {
        shift.get("name"): place for place, shift in enumerate(rota) if isinstance(shift, Mapping)
    }
    for name, shift in own.items():
        if not isinstance(shift, Mapping):
            continue  # told by `faults_of_shifts`
        if name in places:
            place = places[name]
            rota[place] = merge(rota[place], shift, (*path, place))
        else:
            rota.append({"name": name, **shift})
    return rota


def faults_of_shifts(base: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong with the shifts that a file gives by name.

    Parameters
    ----------
    base
        What the file inherits.
    own
        Its own values.
    """
    pools = own.get("pools")
    for pool in pools if isinstance(pools, Mapping) else ():
        path: KeyPath = ("pools", pool, "shifts")
        shifts = lookup(own, path)
        if isinstance(shifts, Mapping):
            inherited = lookup(base, path)
            rota = inherited if isinstance(inherited, list) else []
            names = [shift["name"] for shift in rota if isinstance(shift, Mapping)]
            for name, shift in shifts.items():
                yield from _one_shift((*path, name), name, shift, names)


def _one_shift(path: KeyPath, name: str, shift: object, names: list[str]) -> Iterator[Finding]:
    if not isinstance(shift, Mapping):
        yield Finding(
            path,
            "a table is needed here: what differs in this shift",
            found=shift,
            allowed=f"such as {name} = {{ people = 3 }}",
        )
    elif shift.get("name", name) != name:
        yield Finding(
            (*path, "name"),
            "a shift that is written by name keeps it",
            found=shift["name"],
            allowed=f'"{name}", or leave it out',
        )
    elif name not in names and not any(key in shift for key in _WHEN):
        known = f"{listed(names)}, or " if names else ""
        yield Finding(
            path,
            "there is no shift of this name",
            allowed=f"{known}a new shift with start, end and people",
            suggestion=nearest(name, names),
        )
