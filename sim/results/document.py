"""The document of a run or a comparison: its rows by scenario, and what surrounds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field

from sim.results.background import Background
from sim.results.catalogue import measure_of
from sim.results.context import Context
from sim.results.model import Model
from sim.results.row import KEYS, Keys, Row

if TYPE_CHECKING:
    from typing import Unpack

FORMAT: Final = 2
"""Format number of the document."""


class Part(Model):
    """One scenario's rows, or those of its difference from the baseline."""

    name: str
    """Of the scenario."""
    rows: tuple[Row, ...] = ()

    def row(self, measure: str, **keys: Unpack[Keys]) -> Row | None:
        """The one row of a measure and these keys, or None; others are over all of them.

        Raises
        ------
        KeyError
            If the catalogue has no such measure.
        TypeError
            If there is no such key.
        """
        measure_of(measure)
        return self._places.get((measure, *_values(keys)))

    def along(self, measure: str, axis: str, **keys: Unpack[Keys]) -> dict[Any, Row]:
        """Rows of a measure that differ in one key only, by its value, in their order.

        Raises
        ------
        KeyError
            If the catalogue has no such measure, or there is no such axis.
        """
        measure_of(measure)
        at = KEYS.index(axis) if axis in KEYS else None
        if at is None:
            raise KeyError(f"there is no key {axis}")
        wanted = _values(keys)
        found = {}
        for one in self.of(measure):
            value = getattr(one, axis)
            own = _keys_of(one)
            if value is not None and own[:at] + own[at + 1 :] == wanted[:at] + wanted[at + 1 :]:
                found[value] = one
        return found

    def of(self, measure: str) -> tuple[Row, ...]:
        """All rows of a measure, in their order."""
        measure_of(measure)
        return self._by_measure.get(measure, ())

    @cached_property
    def _places(self) -> dict[tuple[object, ...], Row]:
        return {(one.measure, *_keys_of(one)): one for one in self.rows}

    @cached_property
    def _by_measure(self) -> dict[str, tuple[Row, ...]]:
        found: dict[str, list[Row]] = {}
        for one in self.rows:
            found.setdefault(one.measure, []).append(one)
        return {measure: tuple(rows) for measure, rows in found.items()}


class ScenarioRows(Part):
    """One scenario's rows."""

    file: str
    """As the planner named it."""


class DifferenceRows(Part):
    """Paired differences, the named scenario less the baseline."""

    baseline: str


class Run(Model):
    """How it was run."""

    seed: int
    replications: int = Field(ge=1)
    days: int = Field(ge=1)
    """Measured days of each replication."""
    engine: str
    seconds: float = Field(ge=0)
    """Time taken."""
    versions: dict[str, str] = {}  # noqa: RUF012 (pydantic copies it)
    """By name of the software."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One minute of the attendance curve: arrived, and returned first, since the clock's start."""

    minute: int
    arrived: Row
    returned: Row | None


class Document(Model):
    """What --json prints, a folder keeps, and every form is drawn from.

    Simulated children; not a prediction about any child; not for deciding a live call. Attendance,
    delays and stages are about the reports that somebody was to be sent to; every report in the
    measured window counts, whatever became of it. NaN never appears.
    """

    format: Literal[2] = FORMAT
    level: Annotated[float, Field(gt=0, lt=1)] = 0.95
    """Confidence level of all limits."""
    scenarios: Annotated[tuple[ScenarioRows, ...], Field(min_length=1)]
    """The baseline first."""
    differences: tuple[DifferenceRows, ...] = ()
    """Paired differences, the named scenario less the baseline."""
    context: Context = Context()
    """What the rows do not say: the page and the summary are drawn from both."""
    background: Background = Background()
    """What the page shows beside them."""
    run: Run

    @property
    def baseline(self) -> ScenarioRows:
        """The first scenario."""
        return self.scenarios[0]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the scenarios, the baseline first."""
        return tuple(one.name for one in self.scenarios)

    @property
    def titles(self) -> tuple[str, ...]:
        """What tables call the scenarios, the baseline first."""
        return tuple(self.context.scenario(name) for name in self.names)

    def scenario(self, name: str) -> ScenarioRows | None:
        """The rows of a scenario."""
        return next((one for one in self.scenarios if one.name == name), None)

    def difference(self, name: str) -> DifferenceRows | None:
        """The rows of a scenario's difference from the baseline; None of the baseline itself."""
        return next((one for one in self.differences if one.name == name), None)

    def headline(
        self, part: Part, measure: str, by: str = "received", **keys: Unpack[Keys]
    ) -> Row | None:
        """The headline's row of a measure by a clock, or by the target's own.

        With further keys, of that part of the headline's reports; with `stream`, of another's.
        """
        wanted: Keys = {**self.context.headline(by), **keys}
        own: Keys = {**wanted, "clock": None}
        return part.row(measure, **wanted) or part.row(measure, **own)

    @property
    def spoken(self) -> str:
        """What a sentence calls the baseline."""
        return self.context.spoken(self.baseline.name)

    def along(self, part: Part, measure: str, axis: str) -> dict[Any, Row]:
        """The headline's rows of a measure that differ in one key only."""
        return part.along(measure, axis, **self.context.subject)

    def curve(self, part: Part) -> tuple[CurvePoint, ...]:
        """The attendance curve of the headline's reports, minute by minute."""
        arrived = self.along(part, "arrived_by", "minutes")
        returned = self.along(part, "returned_first_by", "minutes")
        return tuple(
            CurvePoint(minute, row, _known(returned.get(minute)))
            for minute, row in sorted(arrived.items())
            if row.value is not None
        )

    def pools(self, part: Part) -> dict[str, Row]:
        """Utilisation of each pool over all hours."""
        return part.along("utilisation", "pool")

    def pointer(self, row: Row) -> str:
        """JSON pointer to a row of this document; empty for a row made elsewhere."""
        return self._pointers.get(id(row), "")

    def rows(self) -> Iterator[tuple[Part, Row]]:
        """Every row with its part: scenarios first, then differences."""
        for part in chain[Part](self.scenarios, self.differences):
            for row in part.rows:
                yield part, row

    @cached_property
    def _pointers(self) -> dict[int, str]:
        found = {}
        kinds: tuple[tuple[str, tuple[Part, ...]], ...] = (
            ("scenarios", self.scenarios), ("differences", self.differences),
        )  # fmt: skip
        for kind, parts in kinds:
            for place, part in enumerate(parts):
                for number, row in enumerate(part.rows):
                    found[id(row)] = f"/{kind}/{place}/rows/{number}"
        return found


def _known(row: Row | None) -> Row | None:
    return None if row is None or row.value is None else row


def _values(keys: Keys) -> tuple[object, ...]:
    if not keys.keys() <= _NAMES:
        unknown = ", ".join(sorted(keys.keys() - _NAMES))
        raise TypeError(f"there is no key {unknown}; rows have {', '.join(KEYS)}")
    return tuple(keys.get(key) for key in KEYS)


_NAMES: Final = frozenset(KEYS)


def _keys_of(row: Row) -> tuple[object, ...]:
    return (
        row.stream, row.grade, row.risk, row.care, row.area, row.hours,
        row.pool, row.hour, row.stage, row.clock, row.minutes,
    )  # fmt: skip
