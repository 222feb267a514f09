"""Every section by its name: what each file of this folder declares, in the order of reading."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from sim.errors import InputError
from sim.report.sections.switched_on import switches_on

if TYPE_CHECKING:
    from sim.report.sections.section import Section
    from sim.results import Document, Part

Builder: TypeAlias = "Callable[[Document], Section | None]"
"""Builds a section; None where the document has nothing for it."""
Teller: TypeAlias = "Callable[[Document, Part, Sequence[str]], Iterable[str]]"
"""Tells what one scenario of a document adds: of these measures of the section's."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One declared section.

    Attributes
    ----------
    name
        What --show calls it.
    place
        Where it stands: those with lower numbers come first.
    about
        What it shows, in a few words, for the list of names.
    build
        Builds it from a document.
    fills
        Measures that only some scenarios have, each with the keys that switch its rule on, as
        `switches_on` reads them: where a variant's file does that, the first screen tells of the
        measure and names the section. Empty: every scenario fills it.
    tell
        What such a scenario adds, in sentences for the first screen; None: its measures by their
        labels.
    """

    name: str
    place: int
    about: str
    build: Builder
    fills: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tell: Teller | None = None

    def filled(self, part: Part) -> tuple[str, ...]:
        """Those of its measures that a scenario has above nought."""
        return tuple(name for name in self.fills if any(row.value for row in part.of(name)))

    def is_filled_in(self, document: Document) -> bool:
        """Whether one of the scenarios has one of its measures above nought."""
        return any(self.filled(part) for part in document.scenarios)


@dataclass(frozen=True, slots=True)
class Addition:
    """What a variant has in one section and the baseline has not.

    Attributes
    ----------
    entry
        The section.
    measures
        That its file switches on and the baseline's has off.
    """

    entry: Entry
    measures: tuple[str, ...]


_DECLARED: Final[dict[str, Entry]] = {}


def declare(
    name: str,
    place: int,
    about: str,
    *,
    fills: Mapping[str, tuple[str, ...]] | None = None,
    tell: Teller | None = None,
) -> Callable[[Builder], Builder]:
    """Declare the decorated function as the builder of a section.

    Parameters
    ----------
    name, place, about, fills, tell
        As `Entry` has them.

    Raises
    ------
    ValueError
        If another one has the name already.
    """

    def keep(build: Builder) -> Builder:
        if name in _DECLARED:
            raise ValueError(f"there are two sections {name}")
        _DECLARED[name] = Entry(name, place, about, build, fills or {}, tell)
        return build

    return keep


@cache
def entries() -> Mapping[str, Entry]:
    """Every section's entry by its name, in the order of reading."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        importlib.import_module(f"{__package__}.{module.name}")
    return {one.name: one for one in sorted(_DECLARED.values(), key=lambda one: one.place)}


def sections(document: Document, names: Iterable[str] | None = None) -> dict[str, Section]:
    """The sections that the document can fill, by name, in the order of reading.

    Parameters
    ----------
    document
        Of a run or a comparison.
    names
        Only these; None: all.

    Raises
    ------
    InputError
        If there is no section of a name; the nearest one is in it.
    """
    wanted = None if names is None else {entry(one).name for one in names}
    built = {
        name: one.build(document)
        for name, one in entries().items()
        if wanted is None or name in wanted
    }
    return {name: section for name, section in built.items() if section is not None}


def added(document: Document, name: str) -> list[Addition]:
    """What a variant has and the baseline has not, in the order of reading.

    It is the files that tell: a rule that both have on may by luck never have come into play in
    the baseline's few days.
    """
    own = document.scenario(name)
    if own is None or name == document.baseline.name:
        return []
    changes = document.context.changes.get(name, ())
    found = []
    for one in entries().values():
        there = one.filled(document.baseline)
        fresh = tuple(
            measure
            for measure in one.filled(own)
            if measure not in there and switches_on(changes, one.fills[measure])
        )
        if fresh:
            found.append(Addition(one, fresh))
    return found


def entry(name: str) -> Entry:
    """The entry of a section.

    Raises
    ------
    InputError
        If there is no section of the name; the nearest one is in it.
    """
    found = entries().get(name)
    if found is None:
        near = get_close_matches(name, entries(), 1, 0.4)
        raise InputError(
            "there is no section of this name",
            path="--show",
            found=name,
            allowed=", ".join(entries()),
            suggestion=near[0] if near else None,
        )
    return found
