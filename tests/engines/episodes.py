"""Missing episodes written by hand, with defaults that switch every rule of them off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.tables import (
    CLASSES,
    ENQUIRIES,
    EPISODES,
    NEVER,
    PARTS,
    Draws,
    EpisodeRules,
    Policy,
    Table,
)
from tests.engines.hand import attempts, incidents, rota
from tests.engines.played import Played, play_tables

NO_EPISODE: Mapping[str, int] = {
    "recorded": 1,
    "cohort": 0,
    "previous_90_days": 0,
    "prevent_parts": PARTS - 1,
    "interview_officers": 1,
    "interview_travel_seconds": 0,
    "transport_seconds": 0,
    "protection_seconds": 0,
    "ppn_sent": 1,
    "ppn_seconds": 0,
    "mash_seconds": 0,
    "strategy_parts": PARTS - 1,
    "strategy_after_seconds": 0,
    "minutes_after_seconds": 0,
    "rhi_offered": 0,
    "rhi_accepted": 0,
    "rhi_wait_seconds": 0,
    "rhi_seconds": 0,
    "outside_seconds": NEVER,
    "informs": 0,
    "protection_night_seconds": 0,
    "no_placement": 0,
    "history_seconds": 0,
    "answer_seconds": 0,
    "sent_on_seconds": 0,
}

NO_LINE: Mapping[str, int] = {
    "kind": 0,
    "gap_seconds": 100,
    "desk": 0,
    "officers": 1,
    "base_travel_seconds": 0,
    "work_seconds": 10,
    "finds": 0,
    "lost_parts": PARTS - 1,
    "review_parts": PARTS - 1,
    "tasking_parts": PARTS - 1,
}


def rules(
    units: Sequence[int] = (0,), team: Sequence[int] = (), areas: int = 1, **more: Any
) -> EpisodeRules:
    """Response does everything; the team's pools, if any, in their hours."""
    response = (tuple(units),) * areas
    in_hours = (tuple(team) or tuple(units),) * areas
    settings: dict[str, Any] = {
        "team": (tuple(team),) * areas,
        "enquirers": ((response,) * CLASSES, (in_hours,) * CLASSES),
        "interviewers": (response, in_hours),
        "enquiry_grade": (3,) * CLASSES,
        "interview_grade": 3,
    }
    return EpisodeRules(**{**settings, **more})


def play_episodes(
    reports: Sequence[Mapping[str, Any]],
    people: Sequence[Mapping[str, int]],
    policy: Policy,
    dispatch_seconds: Sequence[int] = (0,),
) -> Played:
    """Play incidents, each with an episode, on all engines.

    Parameters
    ----------
    reports
        Columns of the incident that differ from nothing at all; beside them ``episode``, columns
        of its row, and ``lines``, those of each line of enquiry. Keys are 1, 2, …
    """
    plain = [
        {name: value for name, value in report.items() if name not in {"episode", "lines"}}
        for report in reports
    ]
    table = incidents(*plain)
    keys = dict(enumerate(reports, start=1))
    episodes = [
        {**EPISODES.nothing, **NO_EPISODE, "key": key, **keys[key].get("episode", {})}
        for key in table["key"].tolist()
    ]
    enquiries = [
        {**ENQUIRIES.nothing, **NO_LINE, "key": key, "line": place, **line}
        for key, report in keys.items()
        for place, line in enumerate(report.get("lines", [{}]))
    ]
    draws = Draws(
        table,
        attempts(table, dispatch_seconds),
        Table(EPISODES, {name: [row[name] for row in episodes] for name in EPISODES.names}),
        Table(ENQUIRIES, {name: [row[name] for row in enquiries] for name in ENQUIRIES.names}),
    )
    return play_tables(draws, rota(*people), policy)
