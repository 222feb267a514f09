"""What stands behind a study's rows: the scenarios' own words, people on duty, sources, waits."""

from __future__ import annotations

from pydantic import Field

from sim.results.model import Model


class ScenarioFile(Model):
    """One scenario, as its file presents it."""

    name: str
    title: str
    about: str
    sha256: str
    """Of the resolved scenario."""


class OnDuty(Model):
    """People on duty in one pool at one hour of the day, leave and sickness taken off."""

    scenario: str
    pool: str
    role: str
    area: str | None
    """null: the pool works for all."""
    hour: int = Field(ge=0, le=23)
    value: float
    """Mean over the days of the week."""
    low: float
    """On the day of the week with the fewest."""
    high: float
    """On that with the most."""


class Sourced(Model):
    """Where one number of a scenario comes from: a source, or an assumption with its range."""

    scenario: str
    path: str
    value: str
    """As TOML writes it; empty for what is no single value."""
    source: str | None = None
    assumption: str | None = None
    year: str | None = None
    confidence: str | None = None
    low: float | None = None
    high: float | None = None


class TimelineSpan(Model):
    """One wait or piece of work of a timeline."""

    lane: str
    """What it was, in a few words."""
    waiting: bool
    """true: nothing was being done."""
    start: float
    """Minutes since the report."""
    end: float
    """Minutes since the report; cut where the strip ends."""
    at: str
    """When it began, on the clock, such as "Tue 02:13"."""
    until: str
    """When it ended, with the day again where it is another."""
    text: str
    """A sentence: what went on, or what was waited for and why."""
    through: tuple[str, ...] = ()
    """What changed during a long wait: from, until, and who was on duty at what."""


class TimelineShift(Model):
    """A stretch in which a pool that might have gone had so many units on duty, or none."""

    pool: str
    start: float
    """Minutes since the report."""
    end: float
    units: int = Field(ge=0)


class Timeline(Model):
    """One incident from the report to the first of arrival, return and the end."""

    key: int
    """Of the incident; trace tells it in full."""
    title: str
    """What it was and when it was reported."""
    reported: float
    """Minutes from midnight of the day of the report."""
    unattended_minutes: float
    """How long nobody was there."""
    became: str
    """What became of it."""
    spans: tuple[TimelineSpan, ...]
    shifts: tuple[TimelineShift, ...]
    """Who was on duty of the pools that might have gone."""
    name: str = ""
    """Short lasting name of the incident, as trace --incident takes it."""


class Background(Model):
    """What a page shows beside rows and context."""

    scenarios: tuple[ScenarioFile, ...] = ()
    """The baseline first."""
    on_duty: tuple[OnDuty, ...] = ()
    """People on duty by hour of the day as the rota sets it, abstraction taken off: the mean over
    the days of the week. Without luck, so without an interval."""
    sources: tuple[Sourced, ...] = ()
    """Where the numbers come from: the baseline's, then what other scenarios say otherwise."""
    timelines: tuple[Timeline, ...] = ()
    """The longest waits of the baseline's first replication. Empty where neither a page, charts
    nor a folder was asked for."""
    command: tuple[str, ...] = ()
    """Program and arguments, without paths of the machine."""
