"""The names and grades of other parts of a scenario that ``[episode]`` uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.scenario.episode import Asked, Episode
from sim.scenario.paths import KeyPath

__all__ = [
    "declared_lines",
    "used_areas",
    "used_desks",
    "used_grades",
    "used_lines",
    "used_reviewers",
    "used_roles",
]


def used_desks(episode: Episode | None) -> Iterator[tuple[KeyPath, str]]:
    """Yield the path and name of each desk pool that is always asked for what it does."""
    if episode is None:
        return
    tables: tuple[tuple[str, object, str], ...] = (
        ("tasking", episode.tasking, "pool"),
        ("ppn", episode.ppn, "late_pool"),
        ("mash", episode.mash, "pool"),
        ("mash", episode.mash, "supervisor"),
        ("meeting", episode.meeting, "coordinator"),
        ("referral", episode.referral, "pool"),
    )
    if episode.enquiry_desk is not None:
        yield ("episode", "enquiry_desk"), episode.enquiry_desk
    for table, value, key in tables:
        name = getattr(value, key, None)
        if name is not None:
            yield ("episode", table, key), name
    if episode.return_interview is not None:
        for area, name in episode.return_interview.workers.items():
            yield ("episode", "return_interview", "workers", area), name


def used_reviewers(episode: Episode | None) -> Iterator[tuple[KeyPath, str]]:
    """Yield the path and name of each desk pool that reviews cases, in the order asked."""
    if episode is None:
        return
    for risk in ("low", "medium", "high"):
        for place, level in enumerate(getattr(episode.reviews, risk)):
            for index, name in enumerate(level.pools):
                yield ("episode", "reviews", risk, place, "pools", index), name


def used_roles(episode: Episode | None) -> Iterator[tuple[KeyPath, list[str]]]:
    """Yield the path of each list of roles that are asked for lines of enquiry and visits."""
    if episode is None:
        return
    asked: dict[tuple[str, ...], Asked | None] = {("attend",): episode.attend}
    for name in ("low", "medium", "high", "cohort"):
        asked["attend", name] = getattr(episode.attend, name)
    for at, each in asked.items():
        if each is not None:
            yield ("episode", *at, "team_hours"), each.team_hours
            yield ("episode", *at, "other_hours"), each.other_hours
    interview = episode.after_return.interview
    path = ("episode", "after_return", "interview")
    yield (*path, "team_hours"), interview.team_hours
    yield (*path, "other_hours"), interview.other_hours


def used_grades(episode: Episode | None) -> Iterator[tuple[KeyPath, int]]:
    """Yield the path of each grade that a line of enquiry or a visit has."""
    if episode is None:
        return
    for name, grade in episode.grades:
        yield ("episode", "grades", name), grade
    yield ("episode", "after_return", "interview", "grade"), episode.after_return.interview.grade
    relief = episode.after_return.relief
    if relief is not None:
        yield ("episode", "after_return", "relief", "grade"), relief.grade


def used_areas(episode: Episode | None) -> Iterator[tuple[KeyPath, str]]:
    """Yield the path of each area that is named."""
    if episode is not None and episode.return_interview is not None:
        for area in episode.return_interview.workers:
            yield ("episode", "return_interview", "workers", area), area


def used_lines(episode: Episode | None) -> Iterator[tuple[KeyPath, str]]:
    """Yield the path and name of each kind of line that a package holds."""
    if episode is None:
        return
    for risk, package in episode.packages:
        for key in ("first", "then"):
            for index, name in enumerate(getattr(package, key)):
                yield ("episode", "packages", risk, key, index), name


def declared_lines(data: Mapping[str, object]) -> tuple[str, ...]:
    """Return the kinds of line that a file declares, sound or not."""
    episode = data.get("episode")
    lines = episode.get("lines") if isinstance(episode, Mapping) else None
    return tuple(lines) if isinstance(lines, Mapping) else ()
