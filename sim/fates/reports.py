"""Who is reported, and when: the rows of a stream before anything else is drawn for them.

Reports are points of the stream's field, or stand in the scenario one by one (``reports_at``).
Scripted ones have numbers of their own, by their place in the list; all else about them is drawn
as ever, and a length that is to be scripted too is given as ``constant``.
"""

from __future__ import annotations

from datetime import datetime, time
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.fates.children import (
    CARE_COLUMN,
    HISTORY_SECONDS,
    ChildEpisodes,
    ChildPopulation,
    NaturalDuration,
    draw_child_episodes,
    earlier_reports,
    episode_probabilities,
)
from sim.fates.days import day_factors
from sim.fates.durations import seconds_at
from sim.fates.field import points_by_number, scripted_numbers, values_for
from sim.fates.luck import Columns, Luck, chosen
from sim.scenario.calendar import hourly_rates
from sim.scenario.demand import DeskWork, Episodes, IncidentStream, MissingChild
from sim.scenario.models import Scenario
from sim.scenario.same import Same
from sim.streams import Streams
from sim.tables import DAY, NEVER

__all__ = ["CARE_FORM", "child_reports", "point_reports", "scripted"]

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]

CARE_FORM: Final = "care_form"
"""The column that tells whether the home of a child in care keeps a form on them."""

_HOURS_PER_DAY: Final = 24
_HOURS_PER_YEAR: Final = 8_760.0


def point_reports(
    scenario: Scenario,
    streams: Streams,
    name: str,
    stream: DeskWork | IncidentStream,
    start: int,
    end: int,
) -> tuple[Columns, Luck]:
    """Return the reports of a stream without repeats, in the order of their numbers.

    Parameters
    ----------
    scenario, streams : Scenario, Streams
        Profiles and calendar; source of the uniforms.
    name, stream : str, DeskWork or IncidentStream
        The stream.
    start, end : int
        Window in seconds; the rows do not depend on it otherwise.

    Returns
    -------
    columns : Columns
        ``reported_at``.
    luck : Luck
        The uniforms of these rows.
    """
    if scripted(stream):
        number, reported = _scripted_reports(scenario, stream)
    else:
        first, last = _whole_days(start, end)
        rates = _rates(scenario, streams, name, stream, first, last)
        number, reported = points_by_number(streams, name, rates, first * DAY, last * DAY)
    rows = np.flatnonzero((reported >= start) & (reported < end))
    return {"reported_at": reported[rows]}, Luck(streams, name, number[rows])


def child_reports(
    scenario: Scenario, streams: Streams, name: str, stream: MissingChild, start: int, end: int
) -> tuple[Columns, Luck]:
    """Return the reports of missing children, with what belongs to child and episode.

    As `point_reports`, with the columns ``child`` (its number within the stream), ``episode``,
    ``in_care``, ``age_band``, ``last_seen_at``, ``return_at`` and ``previous_90_days`` besides.
    """

    def until_return(number: IntArray, _in_care: BoolArray) -> IntArray:
        return seconds_at(
            stream.natural_return, values_for(streams, name, "incident.natural_return", number)
        )

    if scripted(stream):
        episodes = _scripted_children(scenario, streams, name, stream, until_return)
    else:
        first, last = _whole_days(min(start, -HISTORY_SECONDS), max(end, 0))
        episodes = draw_child_episodes(
            streams,
            name,
            _population(stream),
            _shape(scenario, streams, name, stream, first, last),
            until_return,
            start=first * DAY,
            end=last * DAY,
        )
    reported = _are_reported(scenario, streams, name, episodes)
    rows = np.flatnonzero((episodes.reported >= start) & (episodes.reported < end) & reported)
    luck = Luck(streams, name, episodes.number[rows])
    child = episodes.child[rows]
    of_child = Luck(streams, name, child)
    reported_at = episodes.reported[rows]
    seen = reported_at - luck.seconds(stream.last_seen, "last_seen")
    bands = dict(enumerate(stream.children.age_bands.values()))
    columns: Columns = {
        "child": child,
        # Counted from 1 where episodes are drawn, from 0 in the table.
        "episode": episodes.episode[rows] - 1,
        "in_care": episodes.in_care[rows].astype(np.int64),
        "age_band": chosen(bands, of_child, "age_band"),
        "reported_at": reported_at,
        "return_at": episodes.returns[rows],
        # A child is last seen after the return before.
        "last_seen_at": np.maximum(seen, _returns_before(episodes)[rows]),
        "previous_90_days": _reports_before(episodes, reported)[rows],
    }
    return columns, luck


def _are_reported(
    scenario: Scenario, streams: Streams, name: str, episodes: ChildEpisodes
) -> BoolArray:
    """Tell which episodes are reported: homes with a form no longer report some, shape (n,)."""
    episode = scenario.episode
    forms = None if episode is None or name not in episode.streams else episode.care_forms
    if forms is None or forms.share_not_reported == 0:
        return np.ones(episodes.number.size, dtype=np.bool_)
    has_form = Luck(streams, name, episodes.child).below(forms.share, CARE_FORM)
    falls_away = Luck(streams, name, episodes.number).below(
        forms.share_not_reported, "not_reported"
    )
    reported: BoolArray = ~(episodes.in_care & has_form & falls_away)
    return reported


def _reports_before(episodes: ChildEpisodes, reported: BoolArray) -> IntArray:
    """Return the child's reports in the 90 days before each row, of those that were made."""
    if reported.all():
        return episodes.previous_90_days
    rows = np.flatnonzero(reported)
    rows = rows[np.argsort(episodes.number[rows])]
    _, owner = np.unique(episodes.child[rows], return_inverse=True)
    before = np.zeros(reported.size, dtype=np.int64)
    before[rows] = earlier_reports(owner, episodes.reported[rows], 90 * DAY)
    return before


def scripted(stream: DeskWork | IncidentStream) -> bool:
    """Tell whether a stream's reports stand in the scenario, and are not drawn."""
    return isinstance(stream, IncidentStream) and bool(stream.reports_at)


def _scripted_reports(
    scenario: Scenario, stream: DeskWork | IncidentStream
) -> tuple[IntArray, IntArray]:
    """Return numbers and seconds of the reports that a scenario lists, in its order."""
    assert isinstance(stream, IncidentStream)
    midnight = datetime.combine(scenario.calendar.first_day, time())
    seconds = [round((at - midnight).total_seconds()) for at in stream.reports_at]
    return scripted_numbers(len(seconds)), np.array(seconds, dtype=np.int64)


def _scripted_children(
    scenario: Scenario,
    streams: Streams,
    name: str,
    stream: MissingChild,
    until_return: NaturalDuration,
) -> ChildEpisodes:
    """Return listed reports as the one episode of as many children."""
    child, reported = _scripted_reports(scenario, stream)
    number = child + 1
    in_care = values_for(streams, name, CARE_COLUMN, child) < stream.children.in_care
    nothing_before = np.zeros(child.size, dtype=np.int64)
    return ChildEpisodes(
        number=number,
        child=child,
        episode=np.ones(child.size, dtype=np.int64),
        in_care=in_care,
        reported=reported,
        returns=reported + until_return(number, in_care),
        previous_90_days=nothing_before,
        previous_365_days=nothing_before,
    )


def _population(stream: MissingChild) -> ChildPopulation:
    """Return a stream's children as `children` counts them, by incident and not by child."""
    children = stream.children
    care, home = children.episodes_in_care, children.episodes_at_home
    most = children.most_episodes
    care_incidents = children.in_care * _mean_episodes(care, most)
    home_incidents = (1.0 - children.in_care) * _mean_episodes(home, most)
    return ChildPopulation(
        incidents_per_year=stream.volume_per_year,
        care_share_of_incidents=care_incidents / (care_incidents + home_incidents),
        care_exponent=care.exponent,
        care_decay=care.decay,
        other_exponent=home.exponent,
        other_decay=home.decay,
        episodes_most=most,
        gap_median_days=children.gap_median_days,
        gap_sigma=children.gap_sigma,
        gap_frailty_power=children.gap_exponent,
        longest_spell_days=children.longest_spell_days,
    )


def _mean_episodes(episodes: Episodes, most: int) -> float:
    probability = episode_probabilities(episodes.exponent, episodes.decay, most)
    return float(probability @ np.arange(1, most + 1))


def _returns_before(episodes: ChildEpisodes) -> IntArray:
    """Return when the child's episode before each row ended; ``NEVER`` before a first one."""
    by_number = np.argsort(episodes.number)
    before = np.full(episodes.number.shape, NEVER, dtype=np.int64)
    later = np.flatnonzero(episodes.episode > 1)
    place = np.searchsorted(episodes.number[by_number], episodes.number[later] - 1)
    before[later] = episodes.returns[by_number[place]]
    return before


def _whole_days(start: int, end: int) -> tuple[int, int]:
    """Return the days, counted from the first, that cover a window: from one up to another."""
    return start // DAY, -(-end // DAY)


def _shape(
    scenario: Scenario, streams: Streams, name: str, stream: MissingChild, first: int, last: int
) -> FloatArray:
    """Return relative intensity by hour through a run of days."""
    return _rates(scenario, streams, name, stream, first, last, relative=True)


def _rates(
    scenario: Scenario,
    streams: Streams,
    name: str,
    stream: DeskWork | IncidentStream,
    first: int,
    last: int,
    *,
    relative: bool = False,
) -> FloatArray:
    """Return arrivals an hour through a run of days, busy and quiet ones as they were drawn.

    Relative ones are of one arrival an hour, so that a higher volume moves nobody's times.
    """
    rates = _usual_rates(Same(scenario), Same(stream), first, last, relative=relative)
    if stream.day_variation == 0:
        return rates
    factors = day_factors(streams, name, stream.day_variation, first, last)
    return rates * np.repeat(factors, _HOURS_PER_DAY)


@lru_cache(maxsize=256)
def _usual_rates(
    scenario: Same[Scenario],
    of: Same[DeskWork | IncidentStream],
    first: int,
    last: int,
    *,
    relative: bool,
) -> FloatArray:
    # The same in each replication.
    profiles, calendar, stream = scenario.it.profiles, scenario.it.calendar, of.it
    if relative:
        stream = stream.model_copy(update={"volume_per_year": _HOURS_PER_YEAR})
    rates = hourly_rates(stream, profiles[of.it.profile], calendar, first, last - first)
    rates.setflags(write=False)
    return rates
