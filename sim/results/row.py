"""One figure of a result, with what it is about."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, Protocol, TypeAlias, TypedDict, cast

from pydantic import AfterValidator, Field

from sim.measures import Cut
from sim.results.catalogue import CATALOGUE, Clock, Measure, Unit, measure_of
from sim.results.model import Model
from sim.statistics import Interval

Risk: TypeAlias = Literal["not_assessed", "low", "medium", "high"]
Hours: TypeAlias = Literal["team", "other"]


class Estimate(Protocol):
    """What is written as a figure: a number and its limits in a unit, and what stands behind it."""

    @property
    def value(self) -> float | None:
        """The figure; None: it cannot be estimated."""

    @property
    def low(self) -> float | None:
        """Its lower limit."""

    @property
    def high(self) -> float | None:
        """Its upper limit."""

    @property
    def unit(self) -> Unit:
        """What it is counted in."""

    @property
    def n(self) -> int:
        """Cases behind a share, a mean or a quantile; replications behind other figures."""


class Keys(TypedDict, total=False):
    """What a row is about; a key that is not named is over all of it."""

    stream: str | None
    grade: int | None
    risk: str | None
    care: bool | None
    area: str | None
    hours: str | None
    pool: str | None
    hour: int | None
    stage: str | None
    clock: str | None
    minutes: int | None


KEYS: Final = tuple(Keys.__annotations__)
"""The keys of a row, in their order."""


def _known(name: str) -> str:
    if name not in CATALOGUE:
        raise ValueError(f"there is no measure {name}")
    return name


def _catalogued(schema: dict[str, Any]) -> None:
    schema["enum"] = list(CATALOGUE)
    schema["meanings"] = {name: one.meaning for name, one in CATALOGUE.items()}
    schema["$comment"] = "`meanings` is an annotation for readers."


class Row(Model):
    """One figure. A key is null where the row is over all of it.

    Raises
    ------
    pydantic.ValidationError
        If a number is NaN or infinite, or the measure is not of the catalogue.
    """

    measure: Annotated[str, AfterValidator(_known), Field(json_schema_extra=_catalogued)]
    """What was measured."""
    stream: str | None = None
    """A stream's name in the scenario, such as missing_child."""
    grade: Annotated[int | None, Field(ge=1, le=9)] = None
    """The grade first drawn; in differences, the baseline's."""
    risk: Risk | None = None
    """Risk level as first assessed."""
    care: bool | None = None
    """true: the child is looked after."""
    area: str | None = None
    """An area's name in the scenario."""
    hours: Hours | None = None
    """Reported while the baseline's missing-person team of the area is on duty, or not."""
    pool: str | None = None
    """A pool's name in the scenario; for an area's queue, its response pool."""
    hour: Annotated[int | None, Field(ge=0, le=167)] = None
    """With a pool, or in queue_length, unworked_share and arrived_within_target_by_hour_of_day:
    hour of the day, 0 to 23. Else hour of the week of the report, 0 from Monday 00:00; in
    cases_open and cases_open_over, of the midnight."""
    stage: str | None = None
    """In stage_mean and stage_mean_over: call, decision, queue, dispatcher or travel; in
    stage_part_mean and stage_part_mean_over a part of one, such as reserve. In utilisation and
    work_hours_per_case: a kind of work, such as scene, or break. In measures of cases: what
    `measure` says."""
    clock: Clock | None = None
    """null: the target's own clock."""
    minutes: Annotated[int | None, Field(ge=0)] = None
    """The time that the measure speaks of, such as 60 in waited_over, or 20 in arrived_by."""
    value: float | None
    """null: it cannot be estimated."""
    low: float | None
    """Lower limit. A share with only one of the two limits has fewer than 20 events (or
    non-events): the limit is exact, and there are too few to compare. A difference of such shares
    has neither."""
    high: float | None
    """Upper limit."""
    unit: Unit
    """What `value`, `low` and `high` are counted in."""
    n: Annotated[int, Field(ge=0)]
    """Cases behind a share, a mean or a quantile (in a difference, the smaller number of the two);
    replications behind utilisation, hours and queues."""
    adjusted: bool = False
    """true: the limits hold for the headline measures of all compared scenarios at once."""

    @property
    def about(self) -> Measure:
        """The record of its measure."""
        return measure_of(self.measure)

    @property
    def number(self) -> float:
        """The value of a row that has one.

        Raises
        ------
        ValueError
            If it cannot be estimated.
        """
        return number_of(self)

    @property
    def too_few(self) -> bool:
        """Whether a share has too few events to compare."""
        if self.unit != "share" or self.value is None:
            return False
        return (self.low is None) != (self.high is None)

    @property
    def untold(self) -> str | None:
        """Why there is no figure: "too few" cases, or "not known" within the follow-up.

        None where there is a figure, or no case to have one of.
        """
        if self.value is not None or not self.n:
            return None
        return "not known" if self.about.followed else "too few"

    @property
    def note(self) -> str | None:
        """What a reader of the bare figure has to know: why it is absent, or cannot be compared."""
        return "too few to compare" if self.too_few else self.untold

    @property
    def keys(self) -> Keys:
        """Those of its keys that are set."""
        found = {key: getattr(self, key) for key in KEYS if getattr(self, key) is not None}
        return cast("Keys", found)

    def is_only(self, *keys: str) -> bool:
        """Whether it is over all of everything but these keys."""
        return all(getattr(self, key) is None for key in KEYS if key not in keys)

    @property
    def short_label(self) -> str:
        """Its measure for a narrow column, with its clock and time."""
        return self.about.short_label(minutes=self.minutes, clock=self.clock)

    @property
    def long_label(self) -> str:
        """Its measure for a wide column, with its clock and time."""
        return self.about.long_label(minutes=self.minutes, clock=self.clock)


def number_of(figure: Estimate) -> float:
    """The value of a figure that has one.

    Raises
    ------
    ValueError
        If it cannot be estimated.
    """
    if figure.value is None:
        raise ValueError(f"{figure!r} has no estimate")
    return figure.value


def row(  # noqa: PLR0913 (a key each)
    measure: str,
    interval: Interval,
    cut: Cut | None = None,
    *,
    pool: str | None = None,
    hour: int | None = None,
    stage: str | None = None,
    clock: Clock | None = None,
    minutes: int | None = None,
    n: int | None = None,
    unit: Unit | None = None,
) -> Row:
    """A row from an interval; of a share with few events only the exact limit is told.

    Parameters
    ----------
    measure
        Name in the catalogue.
    interval
        The estimate.
    cut
        Which incidents or cases; None: all.
    pool, hour, stage, clock, minutes
        The other keys.
    n
        What stands behind it; None: what the interval says.
    unit
        None: the measure's.
    """
    cut = cut or Cut()
    low, high = interval.low, interval.high
    if interval.too_few and interval.value is not None:
        low, high = (None, high) if interval.value <= 0.5 else (low, None)
    return Row(
        measure=measure,
        stream=cut.stream,
        grade=cut.grade,
        risk=cut.risk,  # type: ignore[arg-type]
        care=cut.care,
        area=cut.area,
        hours=cut.hours,
        pool=pool,
        hour=hour,
        stage=stage,
        clock=clock,
        minutes=minutes,
        value=interval.value,
        low=low,
        high=high,
        unit=unit or measure_of(measure).unit,
        n=interval.n if n is None else n,
        adjusted=interval.adjusted,
    )
