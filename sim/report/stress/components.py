"""What the model consists of in a scenario: entities, lengths of activities, resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from sim.rota import posts
from sim.scenario.demand import DeskWork, IncidentStream, MissingAdult
from sim.scenario.toml import toml_value

if TYPE_CHECKING:
    from sim.scenario.demand import Stream
    from sim.scenario.models import Scenario

_RISKS: Final = ("low", "medium", "high")


def entities(scenario: Scenario) -> Iterator[tuple[object, ...]]:
    """A line for each stream: kind, volume, profile, shares, and how many need nobody."""
    for name, one in scenario.streams.items():
        yield _entity(name, one)


def activities(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """Stream, activity and length of each."""
    for name, one in scenario.streams.items():
        for field, value in one:
            if hasattr(value, "family"):
                yield name, field.replace("_", " "), duration(value)


def resources(scenario: Scenario) -> Iterator[tuple[object, ...]]:
    """A line for each pool: kind, role, area, shifts, who is away, reserve and posts."""
    full_time = posts(scenario)
    for name, pool in scenario.pools.items():
        shifts = [
            f"{shift.name} {shift.start // 60:02d}:{shift.start % 60:02d} to "
            f"{shift.end // 60:02d}:{shift.end % 60:02d} ({shift.people})"
            for shift in pool.shifts
        ]
        yield (
            name if pool.title is None else f"{pool.title} ({name})",
            pool.kind,
            pool.role,
            "all" if pool.area is None else scenario.areas[pool.area].title,
            "; ".join(shifts),
            f"{pool.abstraction:.0%}",
            pool.reserve,
            f"{full_time[name]:.1f}",
        )


def _entity(name: str, one: Stream) -> tuple[object, ...]:
    scripted = len(one.reports_at) if isinstance(one, IncidentStream) else 0
    volume = f"{scripted} scripted" if scripted else f"{one.volume_per_year:,.0f}"
    start = (name, one.kind, volume, one.profile)
    if isinstance(one, DeskWork):
        return (*start, "", f"urgency {one.urgency}", f"work of {one.pool}")
    by_risk = one.grades_by_risk if isinstance(one, MissingAdult) else {}
    grades = [f"{risk}: {toml_value(_text_keys(own))}" for risk, own in by_risk.items()]
    if len(by_risk) < len(_RISKS):
        rest = toml_value(_text_keys(one.grades))
        grades.append(f"else: {rest}" if grades else rest)
    return (
        *start,
        toml_value(one.areas),
        "; ".join(grades),
        f"{one.ends_without_deployment:.0%}",
    )


def _text_keys(shares: Mapping[int, float]) -> dict[str, float]:
    return {str(key): share for key, share in shares.items()}


def duration(value: Any) -> str:  # noqa: ANN401 (any of the families)
    """A length of time in words, such as "lognormal, median 8 min, sigma 0.6"."""
    words = {
        "minutes": "", "mean_minutes": "mean ", "median_minutes": "median ", "sigma": "sigma ",
        "variation": "coefficient of variation ", "low_minutes": "from ", "high_minutes": "to ",
        "at_most_minutes": "at most ",
    }  # fmt: skip
    if value.family == "quantiles":
        parts = [(f"read off {len(value.levels)} quantiles from {value.minutes[0]:g} to "
                 f"{value.minutes[-1]:g} min")]  # fmt: skip
        fields = ["at_most_minutes"]
    else:
        parts = [value.family]
        fields = [name for name in words if name in type(value).model_fields]
    for name in fields:
        number = getattr(value, name)
        if number is not None:
            unit = " min" if name.endswith("minutes") else ""
            parts.append(f"{words[name]}{number:g}{unit}")
    return ", ".join(parts)
