"""One guess at what a log does not hold, laid over its demand: an ordinary scenario."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.force_log.fitting.brief import CHILD, Brief
from sim.force_log.fitting.demand import ASSESSMENT_NOT_IN_A_LOG, Demand
from sim.force_log.fitting.lengths import LEVELS, quantile_of, quantiles_of
from sim.force_log.fitting.rate_told import JustFreed
from sim.scenario.fields import WEEKDAYS, Weekday
from sim.scenario.models import Scenario
from sim.streams import bootstrap_generator

Floats: TypeAlias = npt.NDArray[np.float64]

HIDDEN: Final = "beat_{}"
"""Name of an area that a log does not have."""

Turn: TypeAlias = tuple[str, int, int]
"""One shift of a pattern: its name, its first hour after the pattern's own, and its hours."""

PATTERNS: Final[Mapping[str, tuple[Turn, ...]]] = {
    "three of eight hours": (("early", 0, 8), ("late", 8, 8), ("night", 16, 8)),
    "two of twelve hours": (("day", 0, 12), ("night", 12, 12)),
    "three of ten hours": (("early", 0, 10), ("late", 8, 10), ("night", 15, 10)),
    "three of eight hours and an evening": (
        ("early", 0, 8), ("late", 8, 8), ("night", 16, 8), ("evening", 11, 8),
    ),
}  # fmt: skip
"""Shifts that a log without a rota is tried with."""

WEEKENDS: Final[Mapping[str, tuple[Weekday, ...]]] = {
    "Saturday and Sunday": ("sat", "sun"),
    "Friday and Saturday": ("fri", "sat"),
}
"""Days on which a log without a rota is tried with other numbers of crews than on the rest."""

_MISSING: Final = ("missing_child", "missing_adult")
_BORROW_FACTOR: Final = 3.0
_LONGEST_MARGIN: Final = 3
_STEPS: Final = 401
MOST_PEOPLE: Final = 250
"""On one shift of one place, as a scenario allows."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Who could be on duty.

    Attributes
    ----------
    shifts
        Tables as a scenario holds them, from a rota file; empty where there is none, and
        `PATTERNS` are fitted.
    groups
        Of each shift of `shifts`: which fitted number is its share free.
    names
        Of the fitted numbers, with a rota.
    """

    shifts: tuple[Mapping[str, Any], ...] = ()
    groups: tuple[int, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def has_rota(self) -> bool:
        """Whether people are the rota's, and only their share free is fitted."""
        return bool(self.shifts)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One guess.

    Attributes
    ----------
    free
        With a rota: share of each group's people that is free for calls. Without one: crews free
        on each shift, on average.
    delay
        By grade from 1: factor on the waits of quiet hours, which are taken for a delay that crews
        do not shorten; 1 where there is none.
    beats
        Places that a log without areas is split into, each with crews of its own.
    spread
        Without a rota: share of the crews that could be there and is away, anew for each shift.
    pattern
        Without a rota: name of the shifts, in `PATTERNS`.
    first_hour
        Without a rota: the hour at which the first shift of the pattern begins.
    weekend, weekend_factor
        Without a rota: days (in `WEEKENDS`) on whose shifts there are this many times the crews.
    borrow_after
        Minutes after which a grade 2 job takes another area's crew; each grade below, three times
        as long. Grade 1 takes the first there is.
    reserve
        Idle crews of each area kept for grade 1.
    last_call
        Minutes before the end of its shift from which a crew begins no grade 2 job; of grade 3
        twice, and of those below three times as long. Grade 1 is begun at any time.
    held
        Share of missing-child jobs held for ratification (or for the assessment, where the log
        has no time of ratification).
    next_grade
        Share of missing-child jobs ranked with the next grade's work.
    """

    free: tuple[float, ...]
    delay: tuple[float, ...] = ()
    beats: int = 1
    spread: float = 0.25
    pattern: str = next(iter(PATTERNS))
    first_hour: int = 7
    weekend: str = next(iter(WEEKENDS))
    weekend_factor: float = 1.0
    borrow_after: float = 10.0
    reserve: int = 0
    last_call: float = 0.0
    held: float = 0.0
    next_grade: float = 0.0

    def but(self, **changes: Any) -> Candidate:  # noqa: ANN401
        """The same with some of it replaced."""
        return replace(self, **changes)


@dataclass(slots=True)
class World:
    """What all candidates share.

    Attributes
    ----------
    demand
        What the log says.
    waits
        Minutes from grade to allocation in quiet hours, by grade.
    plan
        Who could be on duty.
    first_day
        The scenario's.
    ratified
        Whether the log has times of ratification.
    title, about
        The scenario's.
    brief
        What a log does not hold; None: nothing of it.
    rate
        A dispatcher's rate as a scenario holds it, in place of `waits`; None: there is none.
    just_freed
        What a crew that has just cleared does to this rate.
    """

    demand: Demand
    waits: Mapping[int, Floats]
    plan: Plan
    first_day: date
    ratified: bool
    title: str = "Fitted to a log"
    about: str = ""
    brief: Brief | None = None
    rate: Mapping[str, Any] | None = None
    just_freed: tuple[JustFreed, ...] = ()
    tables: dict[tuple[object, ...], dict[str, Any]] = field(default_factory=dict)

    def document(self, candidate: Candidate) -> dict[str, Any]:
        """Return the scenario's tables, all but ``sources``."""
        areas = self._areas(candidate)
        streams = {
            name: self._stream(name, stream, candidate, list(areas))
            for name, stream in self.demand.streams.items()
        }
        held = candidate.held
        by_ratification = self.ratified and held > 0
        step = "ratification" if by_ratification else "research"
        # A stream without ratification is let go by this gate once its delay is over.
        steps = {"research", step}
        gated = [
            name
            for name, stream in streams.items()
            if steps & set(stream) and not (by_ratification and stream["kind"] == "missing_adult")
        ]
        gate: dict[str, Any] = {"deploy_on": "grading"}
        if gated:
            gate = {
                "deploy_on": step,
                "share_held": held if by_ratification else 1.0,
                "streams": gated,
                "hold_high_risk": False,
            }
        policy: dict[str, Any] = {
            "gate": gate,
            "queue": {"share_with_next_grade": candidate.next_grade},
        }
        if self.rate is not None:
            policy["dispatch_rate"] = dict(self.rate)
        if by_ratification:
            policy["ratification"] = {"waits_for_research": True}
        pools = self._pools(candidate, list(areas))
        if self.brief is not None and self.brief.teams_attend and CHILD in streams:
            pools |= self.brief.teams(list(self.demand.areas or ()), self._scale_of_children())
            first = ["missing_person", "response"]
            attended = {name: list(first) for name in _MISSING if name in streams}
            policy["attendance"] = {"default": ["response"], "streams": attended}
        if len(self.demand.grades) > 1:
            policy["diversion"] = self._diversion()
        if len(areas) > 1:
            policy["borrowing"] = {"after_minutes": self._borrowing(candidate)}
        return {
            "format": 1,
            "title": self.title,
            "about": self.about,
            "illustrative": False,
            "calendar": {"first_day": self.first_day},
            "areas": areas,
            "grades": {str(grade): {"title": f"Grade {grade}"} for grade in self.demand.grades},
            "targets": {},
            "profiles": {
                name: {"week": list(came.week)} for name, came in self.demand.arrivals.items()
            },
            "streams": streams,
            "pools": pools,
            "policy": policy,
        }

    def _scale_of_children(self) -> float:
        assert self.brief is not None
        base = self.brief.baseline["streams"][CHILD]["volume_per_year"]
        return float(self.demand.streams[CHILD]["volume_per_year"] / base)

    def scenario(self, candidate: Candidate) -> Scenario:
        """Return the checked scenario."""
        return Scenario.model_validate(self.document(candidate))

    def _areas(self, candidate: Candidate) -> dict[str, dict[str, Any]]:
        if self.demand.areas:
            return {
                area: {"title": area.replace("_", " ").title(), "travel": travel}
                for area, travel in self.demand.areas.items()
            }
        return {
            HIDDEN.format(number): {
                "title": f"Beat {number}" if candidate.beats > 1 else "The whole area",
                "travel": self.demand.travel,
            }
            for number in range(1, candidate.beats + 1)
        }

    def _stream(
        self, name: str, stream: Mapping[str, Any], candidate: Candidate, areas: Sequence[str]
    ) -> dict[str, Any]:
        whole = {key: value for key, value in stream.items() if key != "areas"}
        whole["areas"] = stream.get("areas") or _evenly(areas)
        delay = self._delay(name, candidate)
        if delay is not None:
            whole["research"] = delay
        return whole

    def _delay(self, name: str, candidate: Candidate) -> dict[str, Any] | None:
        """The delay of a stream before deployment, in which no crew is waited for."""
        child = name == "missing_child"
        held = candidate.held if child and not self.ratified else 0.0
        if child and self.ratified:
            # What it waits for, if for anything but a crew, is its ratification, which is there.
            return None
        key = (name, candidate.delay, held, candidate.held if self.ratified else 0.0)
        if key not in self.tables:
            found = self._made_delay(name, candidate, held)
            self.tables[key] = found or {}
        return self.tables[key] or None

    def _made_delay(self, name: str, candidate: Candidate, held: float) -> dict[str, Any] | None:
        levels = (np.arange(_STEPS) + 0.5) / _STEPS
        parts, weights = [], []
        for grade, share in self.demand.grade_shares[name].items():
            if grade in self.waits:
                factor = candidate.delay[grade - 1] if candidate.delay else 1.0
                table = quantiles_of(self.waits[grade], factor)
                parts.append(quantile_of(table, levels))
            else:
                parts.append(np.zeros(_STEPS))
            weights.append(share)
        if not parts:
            return None
        mixed = _mixture(parts, weights, levels)
        if held > 0:
            # Held until the assessment: the longer of the two, for the share that is held.
            gate = quantile_of(dict(ASSESSMENT_NOT_IN_A_LOG), levels)
            rng = bootstrap_generator(0, "a delay beside an assessment")
            longer = np.sort(np.maximum(rng.permutation(mixed), gate))
            mixed = _mixture([mixed, longer], [1 - held, held], levels)
        share = candidate.held if self.ratified and candidate.held > 0 else 1.0
        # Where only a share of the jobs can be held at all, it is the longest delays that are.
        values = np.quantile(mixed, 1 - share + share * np.array(LEVELS))
        if values[-1] <= 0:
            return None
        return {
            "family": "quantiles",
            "levels": list(LEVELS),
            "minutes": [round(float(value), 1) for value in values],
        }

    def _diversion(self) -> dict[str, Any]:
        lower = list(self.demand.grades[1:])
        return {"travelling": {"1": lower}, "at_scene": {"1": lower}, "at_most": 2}

    def _borrowing(self, candidate: Candidate) -> dict[str, float]:
        after = {"1": 0.0}
        for grade in self.demand.grades[1:]:
            after[str(grade)] = candidate.borrow_after * _BORROW_FACTOR ** (grade - 2)
        return after

    def _pools(self, candidate: Candidate, areas: Sequence[str]) -> dict[str, dict[str, Any]]:
        work = self._share_of_work(areas)
        return {
            f"response_{area}": {
                "kind": "units",
                "role": "response",
                "area": area,
                **self._kept(candidate),
                "shifts": self._shifts(candidate, work[area], len(areas)),
            }
            for area in areas
        }

    def _kept(self, candidate: Candidate) -> dict[str, Any]:
        """What keeps an idle crew from a job; nothing where nothing does."""
        kept: dict[str, Any] = {}
        if candidate.reserve:
            kept["reserve"] = candidate.reserve
        if candidate.last_call:
            kept["last_call_margin_minutes"] = {
                str(grade): candidate.last_call * min(grade - 1, _LONGEST_MARGIN)
                for grade in self.demand.grades
            }
        return kept

    def _share_of_work(self, areas: Sequence[str]) -> dict[str, float]:
        if not self.demand.areas:
            return _evenly(areas)
        total = dict.fromkeys(areas, 0.0)
        for name, stream in self.demand.streams.items():
            for area, share in (stream.get("areas") or _evenly(areas)).items():
                total[area] += share * self.demand.arrivals[name].volume
        whole = sum(total.values()) or 1.0
        return {area: volume / whole for area, volume in total.items()}

    def _shifts(self, candidate: Candidate, share: float, areas: int) -> list[dict[str, Any]]:
        plan = self.plan
        if plan.has_rota:
            shifts = []
            for shift, group in zip(plan.shifts, plan.groups, strict=True):
                people = shift["people"]
                own = people if areas == 1 else max(1, math.floor(people * share + 0.5))
                away = round(1 - candidate.free[group], 4)
                shifts.append({**shift, "people": own, "abstraction": min(max(away, 0.0), 1.0)})
            return shifts
        if candidate.weekend_factor == 1:
            return list(_turns(candidate, share))
        busy = WEEKENDS[candidate.weekend]
        usual = [day for day in WEEKDAYS if day not in busy]
        return [
            *({**shift, "days": usual} for shift in _turns(candidate, share)),
            *(
                {**shift, "name": f"{shift['name']}_weekend", "days": list(busy)}
                for shift in _turns(candidate, share * candidate.weekend_factor)
            ),
        ]


def _turns(candidate: Candidate, share: float) -> Iterator[dict[str, Any]]:
    """The shifts of a candidate's pattern with a share of its crews."""
    for (name, after, hours), crews in zip(
        PATTERNS[candidate.pattern], candidate.free, strict=True
    ):
        own = crews * share
        could_be = math.floor(own / (1 - candidate.spread) + 0.5)
        people = min(max(1, math.ceil(own - 1e-9), could_be), MOST_PEOPLE)
        start = (candidate.first_hour + after) % 24
        yield {
            "name": name,
            "start": f"{start:02d}:00",
            "end": f"{(start + hours) % 24:02d}:00",
            "people": people,
            "abstraction": round(min(max(1 - own / people, 0.0), 1.0), 4),
        }


def _evenly(names: Sequence[str]) -> dict[str, float]:
    return dict.fromkeys(names, 1 / len(names))


def _mixture(parts: Sequence[Floats], weights: Sequence[float], levels: Floats) -> Floats:
    """Return the quantiles at levels of a mixture of samples of equal size."""
    values = np.concatenate(parts)
    weight = np.concatenate([np.full(len(p), w) for p, w in zip(parts, weights, strict=True)])
    order = np.argsort(values, kind="stable")
    running = (np.cumsum(weight[order]) - weight[order] / 2) / weight.sum()
    return np.asarray(np.interp(levels, running, values[order]))
