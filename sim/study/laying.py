"""Settings of what is not known, laid over scenarios one after another.

A setting moves a few numbers of a scenario that is large. So only what leads to a moved number is
copied, only what was moved is checked anew, and scenarios that have something alike share what
becomes of it: all else is the very model that it was.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.scenario.models import Scenario
from sim.scenario.ranges import Range, applied
from sim.scenario.resolve import resolved_data

Levels: TypeAlias = npt.NDArray[np.float64]
Part: TypeAlias = tuple[str, ...]
"""A table of a scenario that is checked as a whole: its key, or key and name."""

_BY_NAME: Final = frozenset({"streams", "pools"})
"""Tables of which each entry is a part of its own, for they are large and many."""


class _Laid(NamedTuple):
    """A scenario as its parts.

    Attributes
    ----------
    document
        Resolved.
    model
        The scenario of that.
    alike
        Parts that are as the baseline has them.
    """

    document: dict[str, Any]
    model: Scenario
    alike: frozenset[Part]


class Laying:
    """Scenarios over which settings are laid.

    Parameters
    ----------
    scenarios
        The baseline, whose ranges are varied, first.
    together
        The things that are not known, as `sim.scenario.ranges.Ranges` has them.
    """

    def __init__(self, scenarios: Sequence[Scenario], together: Sequence[Sequence[Range]]) -> None:
        self._together: Final = together
        self._whole = {one.key[0] for group in together for one in group if len(one.key) == 1}
        # What the ranges say is read already, and says nothing of a setting.
        documents = [{**resolved_data(one), "sources": {}} for one in scenarios]
        # As text, which tells 1 from 1.0 and one order from another.
        first = {part: repr(value) for part, value in self._parts(documents[0])}
        self._scenarios = [
            _Laid(
                document,
                Scenario.model_validate(document),
                frozenset(
                    part for part, value in self._parts(document) if first.get(part) == repr(value)
                ),
            )
            for document in documents
        ]

    def at(self, levels: Levels) -> list[Scenario]:
        """Return the scenarios in one setting.

        Parameters
        ----------
        levels
            Shape (things,): where in its range each stands, 0 to 1; what is NaN stays as it is.

        Raises
        ------
        pydantic.ValidationError
            If one of them is impossible.
        """
        moves = [
            (one, one.at(float(level)))
            for group, level in zip(self._together, levels, strict=True)
            if not math.isnan(level)
            for one in group
        ]
        made: list[Scenario] = []
        for laid in self._scenarios:
            made.append(self._laid_over(laid, moves, made[0] if made else None))
        return made

    def _laid_over(
        self, laid: _Laid, moves: Sequence[tuple[Range, float]], first: Scenario | None
    ) -> Scenario:
        shared = laid.alike if first is not None else frozenset()
        own = [move for move in moves if self._part_of(move[0]) not in shared]
        moved = applied(laid.document, self._scenarios[0].document, own)
        data: dict[str, Any] = {}
        for part, value in self._parts(moved):
            model = None
            if part in shared:
                model = first
            elif value is _of(laid.document, part):
                model = laid.model
            checked = value if model is None else _model_of(model, part, value)
            if len(part) == 1:
                data[part[0]] = checked
            else:
                data.setdefault(part[0], {})[part[1]] = checked
        return Scenario.model_validate(data)

    def _parts(self, document: Mapping[str, Any]) -> Iterator[tuple[Part, Any]]:
        for key, value in document.items():
            if key in _BY_NAME and key not in self._whole:
                for name, entry in value.items():
                    yield (key, name), entry
            else:
                yield (key,), value

    def _part_of(self, one: Range) -> Part:
        key = str(one.key[0])
        if key in _BY_NAME and key not in self._whole:
            return key, str(one.key[1])
        return (key,)


def _of(document: Mapping[str, Any], part: Part) -> object:
    value: object = document[part[0]]
    return value if len(part) == 1 else document[part[0]].get(part[1])


def _model_of(model: Scenario, part: Part, value: object) -> object:
    """Return what a part is in a scenario that has been checked; a plain value stays."""
    if len(part) == 1:
        return getattr(model, part[0]) if isinstance(value, Mapping) else value
    return getattr(model, part[0])[part[1]]
