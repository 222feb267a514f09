"""Section 2.5 of the sheet: entities, activities, resources, queues, entry and exit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from sim.report.stress.markdown import bullets, listed, table
from sim.rota import posts
from sim.scenario.demand import DeskWork, IncidentStream, MissingAdult, MissingChild
from sim.scenario.toml import toml_value

if TYPE_CHECKING:
    from sim.scenario.demand import Stream
    from sim.scenario.models import Scenario

_RISKS: Final = ("low", "medium", "high")

_QUEUES: Final = """\
- One for each area ({areas}) of jobs that are ready: by rank, then oldest first (6.1 to 6.3). A
  job that needs more people than are there is passed over and holds nobody.
- One for each desk pool: calls first, 999 before 101 (2.1); then by urgency, step and time of
  joining (3.4).
- No queue has a limit, and nobody leaves one unserved: a child's return opens the gate, and the job
  stays, as a prevention interview (4.2, 9.1)."""


def components(scenario: Scenario) -> Iterator[str]:
    """What the model consists of in this scenario."""
    yield "### 2.5 Components"
    yield "#### 2.5.1 Entities"
    yield "A stream is a kind of incident or of a desk's other work; attributes are drawn first."
    yield table(
        ("stream", "kind", "a year", "profile", "area shares", "grade shares", "nobody is sent"),
        [_entity(name, one) for name, one in scenario.streams.items()],
    )
    for name, one in scenario.streams.items():
        if isinstance(one, MissingChild):
            yield (
                f"`{name}` is drawn by child: {one.children.in_care:.0%} of the children are "
                "looked after, episodes repeat after gaps, and a year before the first day is "
                "drawn too, so that the history is in equilibrium."
            )
    yield "#### 2.5.2 Activities"
    yield "Lengths, by stream:"
    yield table(
        ("stream", "activity", "length"),
        [
            (name, field.replace("_", " "), _duration(value))
            for name, one in scenario.streams.items()
            for field, value in one
            if hasattr(value, "family")
        ],
    )
    dispatch = scenario.policy.control_room.dispatch
    areas = [f"{area.title}: {_duration(area.travel)}" for area in scenario.areas.values()]
    yield bullets(
        [
            f"Travel in the own area without blue lights, {'; '.join(areas)}.",
            f"Allocation by a dispatcher: {_duration(dispatch)}." if dispatch is not None else "",
        ]
    )
    yield "#### 2.5.3 Resources"
    full_time = posts(scenario)
    yield table(
        ("pool", "kind", "role", "area", "shifts (people rostered)", "away", "reserve", "posts"),
        [
            (
                name if pool.title is None else f"{pool.title} ({name})",
                pool.kind,
                pool.role,
                "all" if pool.area is None else scenario.areas[pool.area].title,
                "; ".join(
                    f"{shift.name} {shift.start // 60:02d}:{shift.start % 60:02d} to "
                    f"{shift.end // 60:02d}:{shift.end % 60:02d} ({shift.people})"
                    for shift in pool.shifts
                ),
                f"{pool.abstraction:.0%}",
                pool.reserve,
                f"{full_time[name]:.1f}",
            )
            for name, pool in scenario.pools.items()
        ],
    )
    yield "#### 2.5.4 Queues"
    yield _QUEUES.format(areas=listed(scenario.areas))
    yield "#### 2.5.5 Entry and exit points"
    yield (
        "Reports enter by a Poisson process whose rate changes with hour of the week, month, bank "
        "holidays and school terms; children's further episodes follow from their first. A rate "
        "is raised by adding incidents and lowered by removing some, never by moving them. Every "
        "incident leaves as exactly one of: attended, returned first, ended without deployment, "
        "open at the end of follow-up (9.3)."
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


def _duration(value: Any) -> str:  # noqa: ANN401 (any of the families)
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
