"""What the brief asks about and a log does not hold: teams, desks, supervisors, the episode.

Taken from the force's own rotas where there are any, else from the baseline, by the size of the
force: each value of the baseline is then an assumption with the baseline's range.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from sim.errors import InputError
from sim.force_log.fitting.lengths import quantile_of
from sim.scenario.findings import listed, nearest
from sim.scenario.likeness import ALIKE, BASELINE
from sim.scenario.loading import load
from sim.scenario.paths import MISSING, lookup, parsed
from sim.scenario.rotas import Rota

CHILD: Final = "missing_child"
_TEAM: Final = "missing_person"
_MISSING: Final = ("missing_child", "missing_adult")
_POLICY: Final = ("ratification", "control_room", "reviews")
_SWITCHBOARD: Final = "switchboard"
_SECOND_TIER: Final = ("switchboard", "switch", "passed_at_once", "kept_for_999")
_BY_CALLS: Final = ("call_taker", _SWITCHBOARD)
_BY_CHILDREN: Final = (
    "missing_person", "exploitation", "neighbourhood", "missing_person_coordinator", "mash",
    "return_interviews",
)  # fmt: skip
_ONE_POST: Final = ("missing_person_sergeant", "superintendent", "mash_supervisor")
_BASELINES: Final = {own: name for name, own in ALIKE.items()}
_OTHER: Final = "no_deployment"
_CALL_STARTS_ANSWERED: Final = 1.5
_LEAST_TRAVEL: Final = 0.5
_RENAMED: Final = {
    "missing_person_team": "missing_person", "missing_person_teams": "missing_person",
    "dispatchers": "dispatcher", "call_takers": "call_taker",
    "ratifiers": "control_room_supervisor", "supervisors": "control_room_supervisor",
    "control_room_supervisors": "control_room_supervisor",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Brief:
    """The parts of a scenario that a log does not hold.

    Attributes
    ----------
    rotas
        The force's own, by role; ``response`` is not among them.
    teams_attend
        Whether teams are sent to missing children first, as a rota or records show.
    answered
        Whether the log has times of answering, so that waits for a call taker are its own.
    grades
        The scenario's.
    baseline
        The baseline's tables, as its file has them.
    """

    rotas: Mapping[str, Rota] = field(default_factory=dict)
    teams_attend: bool = False
    answered: bool = True
    grades: tuple[int, ...] = (1, 2, 3, 4, 5)
    baseline: Mapping[str, Any] = field(default_factory=lambda: load(BASELINE).raw)

    def teams(self, areas: Sequence[str], scale: float) -> dict[str, dict[str, Any]]:
        """The teams that are sent to missing children, with a team for each area of a log's."""
        return {
            name: table
            for name, table in self.pools(areas, {_TEAM: scale}).items()
            if table["role"] == _TEAM
        }

    def pools(self, areas: Sequence[str], scales: Mapping[str, float]) -> dict[str, dict[str, Any]]:
        """All pools but response; `scales` by role, a role without one keeps its people."""
        pools: dict[str, dict[str, Any]] = {}
        own: dict[str, list[Mapping[str, Any]]] = {}
        for name, table in self.baseline["pools"].items():
            role = table["role"]
            # What a log calls the call holds a switchboard's part of it.
            if role == "response" or (role == _SWITCHBOARD and role not in self.rotas):
                continue
            if "area" in table:
                own.setdefault(role, []).append(table)
                if role not in {one["role"] for one in pools.values()}:
                    pools[f"{role}@"] = {"role": role}
                continue
            pools[name] = self._pool(table, role, scales.get(role, 1.0))
        whole: dict[str, dict[str, Any]] = {}
        for name, table in pools.items():
            if name.endswith("@"):
                whole |= self._of_areas(own[table["role"]], areas, scales)
            else:
                whole[name] = table
        return whole

    def _of_areas(
        self, tables: Sequence[Mapping[str, Any]], areas: Sequence[str], scales: Mapping[str, float]
    ) -> dict[str, dict[str, Any]]:
        """A baseline's pools of its areas, as pools of these: as many people, shared out."""
        role = tables[0]["role"]
        if role in self.rotas:
            return {role: self._pool(_without_area(tables[0]), role, 1.0)}
        scale = scales.get(role, 1.0) * len(tables) / max(len(areas), 1)
        made = {}
        for area in areas or ("",):
            table = self._pool(_without_area(tables[0]), role, scale)
            name = f"{role}_{area}" if area else role
            if area:
                table = {**table, "area": area}
            made[name] = table
        return made

    def _pool(self, table: Mapping[str, Any], role: str, scale: float) -> dict[str, Any]:
        found = copy.deepcopy(dict(table))
        margin = found.get("last_call_margin_minutes", {})
        if margin:
            found["last_call_margin_minutes"] = {
                grade: minutes for grade, minutes in margin.items() if int(grade) in self.grades
            }
        rota = self.rotas.get(role)
        if rota is not None:
            found["shifts"] = [dict(shift) for shift in rota.shifts if shift.get("people")]
            # What a measured rota says of each shift stands there.
            found["abstraction"] = 0.0
            return found
        if role in _BY_CALLS and not self.answered:
            scale *= _CALL_STARTS_ANSWERED
        for shift in found["shifts"]:
            shift["people"] = max(1, math.floor(scale * shift["people"] + 0.5))
        return found


def measured(rotas: Mapping[str, Rota]) -> dict[str, Rota]:
    """Return rotas by the role of their pool, as the baseline calls roles.

    Raises
    ------
    sim.errors.InputError
        If a rota is of no pool that a scenario has.
    """
    roles = list(dict.fromkeys(one["role"] for one in load(BASELINE).raw["pools"].values()))
    found = {}
    for name, rota in rotas.items():
        role = _RENAMED.get(name, name)
        if role not in roles:
            raise InputError(
                "this is the rota of a pool that no scenario has",
                file=rota.file,
                found=name,
                allowed=f"a file called after a role: {listed(roles)}",
                suggestion=nearest(role, roles),
            )
        found[role] = rota
    return found


def _without_area(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key not in {"area", "title"}}


def complete(document: Mapping[str, Any], brief: Brief, *, has_areas: bool) -> dict[str, Any]:
    """Return a fitted document with all that the brief asks about.

    Parameters
    ----------
    document
        As `sim.force_log.fitting.candidate.World.document` returns it, with its sources.
    brief
        What is added.
    has_areas
        Whether areas are the log's; else a pool of an area works for all.
    """
    base = brief.baseline
    whole = copy.deepcopy(dict(document))
    streams, sources = whole["streams"], whole["sources"]
    if CHILD not in streams:
        return whole
    scales = _scales(streams, base["streams"])
    areas = list(whole["areas"]) if has_areas else []
    whole["team_role"] = _TEAM
    added = {name: table for name, table in brief.pools(areas, scales).items()
             if name not in whole["pools"]}  # fmt: skip
    whole["pools"] |= added
    for name, table in added.items():
        sources |= _of_pool(name, table, brief)
    _streams(streams, sources, brief)
    for name, stream in base["streams"].items():
        if stream["kind"] == "desk_work":
            scale = scales.get(base["pools"][stream["pool"]]["role"], 1.0)
            volume = float(f"{scale * stream['volume_per_year']:.3g}")
            streams[name] = {**copy.deepcopy(stream), "volume_per_year": volume}
            whole["profiles"].setdefault(
                stream["profile"], dict(base["profiles"][stream["profile"]])
            )
            sources |= _assumed_below(f"streams.{name}", base, scale={"volume_per_year": scale})
    _policy(whole, sources, brief)
    whole["episode"] = _episode(base["episode"], added, areas, whole)
    sources |= _assumed_below("episode", base)
    # What a log calls the way holds the dispatcher's work, which is done by dispatchers here.
    minutes = float(base["policy"]["control_room"]["dispatch"]["median_minutes"])
    for area in whole["areas"].values():
        area["travel"] = without_dispatch(area["travel"], minutes)
    return whole


def _scales(streams: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, float]:
    """How many times the baseline's work each role has here."""
    by_calls = _a_year(streams, sent=False) / _a_year(base, sent=False)
    by_sent = _a_year(streams, sent=True) / _a_year(base, sent=True)
    by_children = streams[CHILD]["volume_per_year"] / base[CHILD]["volume_per_year"]
    scales = dict.fromkeys(_BY_CALLS, by_calls) | dict.fromkeys(_BY_CHILDREN, by_children)
    scales |= dict.fromkeys(_ONE_POST, 1.0)
    for role in ("dispatcher", "research", "control_room_supervisor", "force_incident_manager",
                 "duty_inspector"):  # fmt: skip
        scales[role] = by_sent
    return scales


def _a_year(streams: Mapping[str, Any], *, sent: bool) -> float:
    """Calls a year, or those that somebody is sent to."""
    return sum(
        float(one["volume_per_year"])
        * (1 - one.get("ends_without_deployment", 0.0) if sent else 1.0)
        for one in streams.values()
        if one["kind"] != "desk_work"
    )


def _streams(streams: dict[str, Any], sources: dict[str, Any], brief: Brief) -> None:
    """Add to streams what calls and missing people need beside what the log says."""
    base = brief.baseline["streams"]
    for name, stream in streams.items():
        like = base.get(name) or base.get(_BASELINES.get(name, _OTHER))
        if stream["kind"] == "desk_work" or like is None:
            continue
        stream["wrap"] = dict(like["wrap"])
        sources[f"streams.{name}.wrap"] = _assumed(f"streams.{name}.wrap", brief.baseline)
        if name in _MISSING and "assessment" in stream:
            # The log's moments hold the supervisor's queue; work alone takes their time.
            for key in ("assessment", "ratification"):
                stream[key] = dict(like[key])
                sources[f"streams.{name}.{key}"] = _assumed(f"streams.{name}.{key}", brief.baseline)


def _policy(whole: dict[str, Any], sources: dict[str, Any], brief: Brief) -> None:
    base, policy = brief.baseline["policy"], whole["policy"]
    grades = set(whole["grades"])
    for name in _POLICY:
        own = copy.deepcopy(dict(base[name]))
        if name == "control_room":
            # The step that the gate waits for is the delay that the log shows, in nobody's time.
            own.pop("research", None)
            if _SWITCHBOARD not in brief.rotas:
                own = {key: one for key, one in own.items() if key not in _SECOND_TIER}
        if name == "reviews":
            own["after_minutes"] = {
                grade: minutes for grade, minutes in own["after_minutes"].items() if grade in grades
            }
        policy[name] = {**own, **policy.get(name, {})}
        sources |= {
            key: one
            for key, one in _assumed_below(f"policy.{name}", brief.baseline).items()
            if lookup(whole, parsed(key) or ()) is not MISSING
        }
    policy.setdefault("attendance", {"default": ["response"]})


def _episode(
    base: Mapping[str, Any],
    pools: Mapping[str, Any],
    areas: Sequence[str],
    whole: Mapping[str, Any],
) -> dict[str, Any]:
    episode: dict[str, Any] = copy.deepcopy(dict(base))
    workers = [name for name, one in pools.items() if one["role"] == "return_interviews"]
    episode["return_interview"]["workers"] = {
        area: f"return_interviews_{area}" if areas else workers[0] for area in whole["areas"]
    }
    lowest = max(int(grade) for grade in whole["grades"])
    for key, grade in episode["grades"].items():
        episode["grades"][key] = min(grade, lowest)
    interview = episode["after_return"]["interview"]
    interview["grade"] = min(interview["grade"], lowest)
    return episode


def without_dispatch(travel: Mapping[str, Any], minutes: float) -> dict[str, Any]:
    """Return a way without the dispatcher's work that the log's time of allocation held in it."""
    less = dict(travel)
    half = float(quantile_of(less, np.array([0.5]))[0])
    kept = max(half - minutes, _LEAST_TRAVEL * half) / half if half > 0 else 1.0
    for key in ("median_minutes", "mean_minutes"):
        if key in less:
            less[key] = max(float(f"{kept * less[key]:.3g}"), 0.01)
    if less["family"] == "quantiles":
        less["minutes"] = [round(kept * one, 1) for one in less["minutes"]]
    return less


def _of_pool(name: str, table: Mapping[str, Any], brief: Brief) -> dict[str, dict[str, Any]]:
    role = table["role"]
    like = next(n for n, one in brief.baseline["pools"].items() if one["role"] == role)
    found = _assumed_below(f"pools.{like}", brief.baseline)
    found = {key.replace(f"pools.{like}.", f"pools.{name}."): one for key, one in found.items()}
    if role in brief.rotas:
        own = {"source": f"The force's own rota ({brief.rotas[role].file}).", "confidence": "A"}
        for key in ("shifts", "abstraction"):
            found[f"pools.{name}.{key}"] = dict(own)
    return {key: one for key, one in found.items() if key.rsplit(".", 1)[1] in table}


def _assumed_below(
    path: str, base: Mapping[str, Any], scale: Mapping[str, float] | None = None
) -> dict[str, dict[str, Any]]:
    """The baseline's sources under a path, as assumptions of this force."""
    return {
        key: _assumed(key, base, (scale or {}).get(key.rsplit(".", 1)[1], 1.0))
        for key in base["sources"]
        if key == path or key.startswith(f"{path}.")
    }


def _assumed(key: str, base: Mapping[str, Any], factor: float = 1.0) -> dict[str, Any]:
    """What the baseline says of a value, as an assumption with its range, or half to twice it."""
    said = base["sources"].get(key, {})
    value = lookup(base, parsed(key) or ())
    usual = float(value) if isinstance(value, int | float) else 1.0
    low, high = said.get("low", usual / 2), said.get("high", 2 * usual)
    if "share" in key.rsplit(".", 1)[-1]:
        high = min(high, 1.0)
    why = str(said.get("assumption") or said.get("source") or "of no source of its own")
    return {
        "assumption": f"Not in a log; the baseline's (Dorset, 2022). There: {why}",
        "low": float(f"{factor * low:.4g}"),
        "high": float(f"{factor * high:.4g}"),
    }
