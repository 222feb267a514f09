"""What stands behind a study's rows: people on duty, sources, long waits; and all of it as data.

The document's ``context`` holds what the rows do not say, so that a page made from a kept folder
is the page that the run itself would have made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sim.report.context import Assumed, Context, FileChange, Rule, Staffing, Sweep, Titles
from sim.report.timelines import Shift, Span, Timeline
from sim.statistics import Interval

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded
    from sim.scenario.models import Scenario
    from sim.scenario.people import Pool

_DAY_MINUTES: Final = 1_440
_WEEK: Final = 7
_LONGEST_VALUE: Final = 120


@dataclass(frozen=True)
class Scene:
    """One scenario, as its file presents it."""

    name: str
    title: str
    about: str
    sha256: str


@dataclass(frozen=True)
class OnDuty:
    """People on duty in one pool at one hour of the day, leave and sickness taken off.

    Attributes
    ----------
    scenario, pool, role, area
        Names; `area` is None where the pool works for all.
    hour
        Of the day, 0 to 23.
    value, low, high
        Mean over the days of the week, and the days with the fewest and the most.
    """

    scenario: str
    pool: str
    role: str
    area: str | None
    hour: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Sourced:
    """Where one number of a scenario comes from: a source, or an assumption with its range."""

    scenario: str
    path: str
    value: str
    source: str | None
    assumption: str | None
    year: str | None
    confidence: str | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Background:
    """What a page shows beside rows and `Context`.

    Attributes
    ----------
    scenes
        The scenarios, the baseline first.
    on_duty
        The rota as it stands in the file; without luck, so without an interval.
    sources
        The baseline's, then what other scenarios say otherwise.
    timelines
        Long waits of the baseline's first replication.
    command
        What was typed, without paths of the machine.
    """

    scenes: Sequence[Scene] = ()
    on_duty: Sequence[OnDuty] = ()
    sources: Sequence[Sourced] = ()
    timelines: Sequence[Timeline] = ()
    command: Sequence[str] = ()

    @classmethod
    def of(
        cls,
        loaded: Sequence[Loaded],
        days: int,
        *,
        timelines: Sequence[Timeline] = (),
        command: Sequence[str] = (),
    ) -> Background:
        """What stands behind the results of these scenarios, the baseline first.

        Parameters
        ----------
        loaded
            The scenarios.
        days
            Measured days; the rota is averaged over the whole weeks that hold them.
        timelines
            As `sim.report.timelines` makes them.
        command
            Program and arguments, made portable.
        """
        return cls(
            scenes=[
                Scene(
                    one.name, one.scenario.title, " ".join(one.scenario.about.split()), one.sha256
                )
                for one in loaded
            ],
            on_duty=[row for one in loaded for row in _on_duty(one, days)],
            sources=_sources(loaded),
            timelines=timelines,
            command=command,
        )


def as_data(context: Context, background: Background) -> dict[str, Any]:
    """The ``context`` of a document, as plain dicts and lists."""
    target = context.target_minutes
    return {
        "stream": context.stream,
        "grade": context.grade,
        "target_minutes": dict(target) if isinstance(target, Mapping) else target,
        "starts": context.starts,
        "illustrative": context.illustrative,
        "forces": list(context.forces),
        "warnings": list(context.warnings),
        "changes": {
            name: [asdict(change) for change in changes]
            for name, changes in (context.changes or {}).items()
        },
        "staffing": [asdict(one) for one in context.staffing],
        "sweeps": [
            {
                "title": sweep.title,
                "own": sweep.own,
                "points": [
                    {
                        "share": share,
                        "value": interval.value,
                        "low": interval.low,
                        "high": interval.high,
                        "n": interval.n,
                    }
                    for share, interval in sweep.points
                ],
            }
            for sweep in context.sweeps
        ],
        "rules": {name: asdict(rule) for name, rule in context.rules.items()},
        "titles": asdict(context.titles),
        "beside": dict(context.beside),
        "assumed": [asdict(one) for one in context.assumed],
        "scenarios": [asdict(one) for one in background.scenes],
        "on_duty": [asdict(one) for one in background.on_duty],
        "sources": [asdict(one) for one in background.sources],
        "timelines": [asdict(one) for one in background.timelines],
        "command": list(background.command),
    }


def from_data(document: Mapping[str, Any]) -> tuple[Context, Background]:
    """What `as_data` wrote into a document's ``context``.

    Raises
    ------
    KeyError, TypeError
        The document has none, or one of another form.
    """
    data, level = document["context"], document["level"]
    sweeps = [
        Sweep(
            sweep["title"],
            tuple(
                (
                    point["share"],
                    Interval(point["value"], point["low"], point["high"], point["n"], level),
                )
                for point in sweep["points"]
            ),
            sweep["own"],
        )
        for sweep in data["sweeps"]
    ]
    context = Context(
        stream=data["stream"],
        grade=data["grade"],
        target_minutes=data["target_minutes"],
        starts=data["starts"],
        illustrative=data["illustrative"],
        forces=data["forces"],
        changes={
            name: [FileChange(**change) for change in changes]
            for name, changes in data["changes"].items()
        },
        staffing=[Staffing(**one) for one in data["staffing"]],
        sweeps=sweeps,
        warnings=data["warnings"],
        rules={name: Rule(**rule) for name, rule in data["rules"].items()},
        titles=Titles(**data["titles"]),
        beside=data["beside"],
        assumed=[Assumed(**one) for one in data["assumed"]],
    )
    background = Background(
        scenes=[Scene(**one) for one in data["scenarios"]],
        on_duty=[OnDuty(**one) for one in data["on_duty"]],
        sources=[Sourced(**one) for one in data["sources"]],
        timelines=[
            Timeline(
                **{
                    **one,
                    "spans": [Span(**span) for span in one["spans"]],
                    "shifts": [Shift(**shift) for shift in one["shifts"]],
                }
            )
            for one in data["timelines"]
        ],
        command=data["command"],
    )
    return context, background


def _on_duty(loaded: Loaded, days: int) -> list[OnDuty]:
    scenario = loaded.scenario
    found = []
    for name, pool in scenario.pools.items():
        by_day = _by_weekday(scenario, pool, days)
        if not any(any(hours) for hours in by_day):
            continue
        for hour in range(24):
            numbers = [hours[hour] for hours in by_day]
            value = round(sum(numbers) / _WEEK, 3)
            low, high = round(min(numbers), 3), round(max(numbers), 3)
            found.append(OnDuty(loaded.name, name, pool.role, pool.area, hour, value, low, high))
    return found


def _by_weekday(scenario: Scenario, pool: Pool, days: int) -> list[list[float]]:
    """People on duty by day of the week and hour, averaged over whole weeks: 7 lists of 24."""
    from sim.scenario.calendar import date_of, day_of, shift_dates

    weeks = -(-days // _WEEK)
    last_day = weeks * _WEEK
    first_weekday = scenario.calendar.first_day.weekday()
    hours = [[0.0] * 24 for _ in range(_WEEK)]
    for shift in pool.shifts:
        away = pool.abstraction if shift.abstraction is None else shift.abstraction
        there = shift.people * (1 - away) / weeks
        # A shift of the evening before may last into the first day.
        first = date_of(scenario.calendar, 0) - timedelta(days=2)
        for on in shift_dates(
            shift, scenario.calendar, first, date_of(scenario.calendar, last_day)
        ):
            start = day_of(scenario.calendar, on) * _DAY_MINUTES + shift.start
            end = start + shift.length_minutes
            for hour in range(start // 60, -(-end // 60)):
                part = (min(end, hour * 60 + 60) - max(start, hour * 60)) / 60
                if 0 <= hour < last_day * 24 and part > 0:
                    weekday = (first_weekday + hour // 24) % _WEEK
                    hours[weekday][hour % 24] += there * part
    return hours


def _sources(loaded: Sequence[Loaded]) -> list[Sourced]:
    from sim.scenario.paths import MISSING, lookup, parsed
    from sim.scenario.resolve import resolved_data
    from sim.scenario.toml import toml_value

    found: list[Sourced] = []
    told: set[tuple[str, str]] = set()
    for one in loaded:
        data = resolved_data(one.scenario)
        for path, source in one.scenario.sources.items():
            key = parsed(path)
            value = MISSING if key is None else lookup(data, key)
            text = "" if value is MISSING else " ".join(toml_value(value).split())
            text = text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 3] + "..."
            # What a scenario only inherits is told once, under the baseline.
            if (path, text + repr(source)) in told:
                continue
            told.add((path, text + repr(source)))
            found.append(
                Sourced(
                    one.name,
                    path,
                    text,
                    source.source,
                    source.assumption,
                    None if source.year is None else str(source.year),
                    source.confidence,
                    source.low,
                    source.high,
                )
            )
    return found
