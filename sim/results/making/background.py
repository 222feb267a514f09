"""What stands behind the results of scenarios: their own words, the rota, and sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sim.results.background import Background, OnDuty, ScenarioFile, Sourced, Timeline

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded
    from sim.scenario.models import Scenario
    from sim.scenario.people import Pool

_DAY_MINUTES: Final = 1_440
_WEEK: Final = 7
_LONGEST_VALUE: Final = 120


def background_of(
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
        Long waits of the baseline's first replication.
    command
        Program and arguments, made portable.
    """
    return Background(
        scenarios=tuple(
            ScenarioFile(
                name=one.name,
                title=one.scenario.title,
                about=" ".join(one.scenario.about.split()),
                sha256=one.sha256,
            )
            for one in loaded
        ),
        on_duty=tuple(row for one in loaded for row in _on_duty(one, days)),
        sources=tuple(_sources(loaded)),
        timelines=tuple(timelines),
        command=tuple(command),
    )


def _on_duty(loaded: Loaded, days: int) -> list[OnDuty]:
    scenario = loaded.scenario
    found = []
    for name, pool in scenario.pools.items():
        by_day = _by_weekday(scenario, pool, days)
        if not any(any(hours) for hours in by_day):
            continue
        for hour in range(24):
            numbers = [hours[hour] for hours in by_day]
            found.append(
                OnDuty(
                    scenario=loaded.name,
                    pool=name,
                    role=pool.role,
                    area=pool.area,
                    hour=hour,
                    value=round(sum(numbers) / _WEEK, 3),
                    low=round(min(numbers), 3),
                    high=round(max(numbers), 3),
                )
            )
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
                    scenario=one.name,
                    path=path,
                    value=text,
                    source=source.source,
                    assumption=source.assumption,
                    year=None if source.year is None else str(source.year),
                    confidence=source.confidence,
                    low=source.low,
                    high=source.high,
                )
            )
    return found
