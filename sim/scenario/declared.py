"""Every name that a scenario declares, whether or not what it names is sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from sim.scenario.findings import Finding
from sim.scenario.paths import lookup

Found: TypeAlias = Iterator[Finding]
"""What a check of the whole scenario finds."""


@dataclass(frozen=True, slots=True)
class Names:
    """Every name that a file declares, whether or not what it names is sound.

    A reference to something that has faults of its own is not a second fault.
    """

    areas: tuple[str, ...]
    grades: tuple[str, ...]
    profiles: tuple[str, ...]
    streams: tuple[str, ...]
    pools: tuple[str, ...]
    data: Mapping[str, Any]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Names:
        """Return the names that merged values declare."""

        def declared(section: str) -> tuple[str, ...]:
            table = data.get(section)
            return tuple(table) if isinstance(table, Mapping) else ()

        return cls(
            areas=declared("areas"),
            grades=declared("grades"),
            profiles=declared("profiles"),
            streams=declared("streams"),
            pools=declared("pools"),
            data=data,
        )

    def pools_of(self, kind: str) -> list[str]:
        """Return the pools that say that they are of a kind."""
        return [name for name in self.pools if lookup(self.data, ("pools", name, "kind")) == kind]
