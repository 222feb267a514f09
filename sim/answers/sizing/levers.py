"""What may move in a rota, and every rota that comes of it: shifts, their options, designs.

A lever is a value of a shift (its people, when it begins, how long it is) with a range or a list of
values. All levers of one shift make its *options*; a *design* takes one option of each shift. What
a design costs is a sum over shifts, and more people on the same hours are more of the same, which
is what the search lives on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, Final, TypeAlias

from pydantic import ValidationError

from sim.errors import InputError
from sim.rota import pounds_a_week
from sim.scenario.assignments import assigned
from sim.scenario.findings import nearest
from sim.scenario.models import Scenario
from sim.scenario.paths import parsed
from sim.scenario.people import Pool, Shift

Design: TypeAlias = tuple[int, ...]
"""The place of one option of each shift, in the order of `Space.shifts`."""

MOST_PEOPLE: Final = 250
MOST_OPTIONS: Final = 2_000

_DAY: Final = 1_440
_RANGE: Final = re.compile(r"(\d+)\s*\.\.\s*(\d+)")
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_FIELDS: Final = ("people", "start", "end", "hours")
_TEAMS: Final = "cycle"
"""In place of a shift's name: the people of all teams of a rota by cycle."""
_EXAMPLE: Final = (
    "such as pools.NAME.shifts.NAME.people=9..20, .start=14:00,15:00, .end=22:00,02:00 or "
    ".hours=8,10"
)


@dataclass(frozen=True, slots=True)
class Option:
    """One way to staff a shift.

    Attributes
    ----------
    people
        Rostered.
    start, end
        Minutes after midnight.
    pounds
        A week, beyond what the shift costs today.
    """

    people: int
    start: int
    end: int
    pounds: float

    def is_within(self, other: Option) -> bool:
        """Whether it brings nobody whom another option does not bring too."""
        return (self.start, self.end) == (other.start, other.end) and self.people <= other.people


@dataclass(frozen=True, slots=True)
class ShiftOptions:
    """One shift of which something may move.

    Attributes
    ----------
    pool, shift
        Names.
    options
        What it may be; today's first where that is among them.
    today
        Place of today's; None where it lies outside of the ranges.
    """

    pool: str
    shift: str
    options: tuple[Option, ...]
    today: int | None

    @property
    def of_teams(self) -> bool:
        """Whether it is no shift, but the people of all teams of a rota by cycle."""
        return self.shift == _TEAMS

    @property
    def keys(self) -> tuple[str, ...]:
        """Where it stands in the file."""
        return ("pools", self.pool, *((_TEAMS,) if self.of_teams else ("shifts", self.shift)))

    @property
    def path(self) -> str:
        """The same as text."""
        return ".".join(self.keys)

    def now(self, scenario: Scenario) -> Shift:
        """The shift as it is today; of teams, any of theirs."""
        shifts = scenario.pools[self.pool].shifts
        return next(one for one in shifts if self.of_teams or one.name == self.shift)

    def next_up(self, place: int, by: int = 1) -> int | None:
        """The option with the next higher (or lower) number of people on the same hours."""
        here = self.options[place]
        same = [
            at
            for at, one in enumerate(self.options)
            if (one.start, one.end) == (here.start, here.end)
        ]
        same.sort(key=lambda at: self.options[at].people)
        found = same.index(place) + by
        return same[found] if 0 <= found < len(same) else None


@dataclass(frozen=True)
class Space:
    """All designs of a scenario.

    Attributes
    ----------
    scenario
        Today's.
    shifts
        Of which something may move.
    """

    scenario: Scenario
    shifts: tuple[ShiftOptions, ...]

    @property
    def size(self) -> int:
        """How many designs there are."""
        return prod(len(one.options) for one in self.shifts)

    @property
    def today(self) -> Design | None:
        """Today's rota as a design; None where it lies outside of the ranges."""
        places = [one.today for one in self.shifts]
        return None if None in places else tuple(place for place in places if place is not None)

    def options(self, design: Design) -> Iterator[tuple[ShiftOptions, Option]]:
        """Yield each shift with its option."""
        for shift, place in zip(self.shifts, design, strict=True):
            yield shift, shift.options[place]

    def pounds(self, design: Design) -> float:
        """What it costs a week beyond today's rota; to the penny."""
        return round(sum(one.pounds for _, one in self.options(design)), 2)

    def is_within(self, one: Design, other: Design) -> bool:
        """Whether a design brings nobody whom another does not bring too."""
        return all(
            shift.options[mine].is_within(shift.options[its])
            for shift, mine, its in zip(self.shifts, one, other, strict=True)
        )

    def neighbours(self, design: Design) -> Iterator[Design]:
        """Yield designs one person away: one more, one fewer, one moved from shift to shift."""
        steps = [
            (shift.next_up(place, 1), shift.next_up(place, -1))
            for shift, place in zip(self.shifts, design, strict=True)
        ]
        for at, (up, down) in enumerate(steps):
            for place in (up, down):
                if place is not None:
                    yield _with(design, at, place)
        for more, fewer in product(range(len(steps)), repeat=2):
            up, down = steps[more][0], steps[fewer][1]
            if more != fewer and up is not None and down is not None:
                yield _with(_with(design, more, up), fewer, down)

    def other_hours(self, design: Design) -> Iterator[Design]:
        """Yield designs in which one shift has other hours, with the same people."""
        for at, (shift, place) in enumerate(zip(self.shifts, design, strict=True)):
            people = shift.options[place].people
            for other, option in enumerate(shift.options):
                if other != place and option.people == people:
                    yield _with(design, at, other)

    def largest(self, most: int) -> list[Design]:
        """Designs of which none is within another: all people there may be, by the hours.

        At most so many, those that cost most.
        """
        tops = []
        for shift in self.shifts:
            by_hours: dict[tuple[int, int], int] = {}
            for place, one in enumerate(shift.options):
                hours = one.start, one.end
                best = by_hours.get(hours)
                if best is None or one.people > shift.options[best].people:
                    by_hours[hours] = place
            tops.append(sorted(by_hours.values(), key=lambda at: -shift.options[at].pounds))
        found = []
        for design in product(*tops):
            found.append(design)
            if len(found) == most * 8:
                break
        return sorted(found, key=self.pounds, reverse=True)[:most]

    def made(self, design: Design) -> Scenario:
        """The scenario with a design's rota; nothing else of it differs from today's."""
        pools = dict(self.scenario.pools)
        for shift, option in self.options(design):
            pools[shift.pool] = _restaffed(pools[shift.pool], shift.shift, option)
        return self.scenario.model_copy(update={"pools": pools})


def levers_of(words: Sequence[str], path: str = "--vary") -> dict[str, str]:
    """Levers by their paths, of the words that name them.

    Raises
    ------
    InputError
        If a word has no path or no values, or names a lever again.
    """
    return assigned(
        words,
        path,
        nothing="this says not what may move",
        twice="this names a lever twice",
        allowed="pools.NAME.shifts.NAME.people=9..20",
    )


def nothing_may_move(path: str) -> InputError:
    """What is wrong where no lever is given; `path` is where one was looked for."""
    return InputError("nothing may move", path=path, allowed=_EXAMPLE)


def space_of(scenario: Scenario, levers: Mapping[str, object], path: str = "--vary") -> Space:
    """Read what may move.

    Parameters
    ----------
    scenario
        Today's.
    levers
        By path (``pools.NAME.shifts.NAME.people``): a range such as ``9..20``, or a list. Of
        people whole numbers, of ``start`` and ``end`` times of day, of ``hours`` lengths. Where
        ``start`` moves and neither ``end`` nor ``hours`` does, the shift keeps its length.
    path
        Where they were written, for messages.

    Raises
    ------
    InputError
        If a lever names no shift, has no sense as a range, costs nothing, or there is none.
    """
    if not levers:
        raise nothing_may_move(path)
    ranges: dict[tuple[str, str], dict[str, Sequence[int]]] = {}
    for name, value in levers.items():
        pool, shift, field = _place(name, scenario, path)
        ranges.setdefault((pool, shift), {})[field] = _values(name, field, value, path)
    shifts = []
    for (pool, shift), fields in ranges.items():
        if not scenario.pools[pool].pounds_per_hour:
            raise InputError(
                "nobody can say what is cheapest: an hour of this pool has no cost",
                path=f"pools.{pool}.pounds_per_hour",
                allowed="the cost of a paid hour, above 0",
            )
        if {"end", "hours"} <= fields.keys():
            raise InputError(
                "a shift's end and its hours say the same",
                path=f"{path} pools.{pool}.shifts.{shift}",
                allowed="one of them",
            )
        shifts.append(_options(scenario, pool, shift, fields, path))
    space = Space(scenario, tuple(shifts))
    for design in {tuple(0 for _ in shifts), *space.largest(1)}:
        _ensure_possible(space, design, path)
    return space


def _place(name: str, scenario: Scenario, path: str) -> tuple[str, str, str]:
    keys = parsed(name)
    if keys is not None and len(keys) == 4 and (keys[2], keys[3]) == (_TEAMS, "people"):
        pool = str(keys[1])
        _ensure_known(pool, scenario.pools, "pool", name, path)
        if not all(shift.cycle for shift in scenario.pools[pool].shifts):
            raise InputError(
                "no teams work a pattern in this pool",
                path=path,
                found=name,
                allowed=f"pools.{pool}.shifts.NAME.people",
            )
        return pool, _TEAMS, "people"
    if keys is None or len(keys) != 5 or keys[0] != "pools" or keys[2] != "shifts":
        raise InputError(
            "only a shift's people, start, end and hours may move",
            path=path,
            found=name,
            allowed=_EXAMPLE,
        )
    _, pool, _, shift, field = (str(key) for key in keys)
    _ensure_known(pool, scenario.pools, "pool", name, path)
    _ensure_known(shift, [one.name for one in scenario.pools[pool].shifts], "shift", name, path)
    _ensure_known(field, _FIELDS, "value of a shift that may move", name, path)
    return pool, shift, field


def _ensure_known(
    word: str, known: Mapping[str, Any] | Sequence[str], what: str, name: str, path: str
) -> None:
    if word not in known:
        near = nearest(word, known)
        raise InputError(
            f"there is no {what} of this name",
            path=path,
            found=name,
            allowed=", ".join(known) or f"none: there is no {what}",
            suggestion=None if near is None else name.replace(word, near),
        )


def _values(name: str, field: str, value: object, path: str) -> list[int]:
    """Return what a lever may be, without doubles: people, or minutes."""
    words = value if isinstance(value, list | tuple) else str(value).split(",")
    found: list[int] = []
    for word in words:
        text = str(word).strip()
        span = _RANGE.fullmatch(text)
        if span is not None and field in {"people", "hours"}:
            low, high = int(span[1]), int(span[2])
            if low > high:
                raise InputError(
                    "this range holds nothing",
                    path=f"{path} {name}",
                    found=text,
                    allowed="low..high",
                )
            found += [
                one * (60 if field == "hours" else 1) for one in range(low, min(high, 999) + 1)
            ]
        else:
            found.append(_value(name, field, text, path))
    allowed = {"people": (0, MOST_PEOPLE), "hours": (1, _DAY)}.get(field, (0, _DAY - 1))
    beyond = [one for one in found if not allowed[0] <= one <= allowed[1]]
    if beyond:
        raise InputError(
            "this lies beyond what a shift can have",
            path=f"{path} {name}",
            found=value if isinstance(value, str) else str(value),
            allowed=f"0 to {MOST_PEOPLE}" if field == "people" else "up to 24 hours",
        )
    return list(dict.fromkeys(found))


def _value(name: str, field: str, text: str, path: str) -> int:
    clock = _CLOCK.fullmatch(text)
    if field in {"start", "end"}:
        if text == "24:00" and field == "end":
            return 0
        if clock is not None:
            return int(clock[1]) * 60 + int(clock[2])
    elif field == "people" and text.isdigit():
        return int(text)
    elif field == "hours" and re.fullmatch(r"\d+(\.\d+)?", text):
        return round(float(text) * 60)
    raise InputError(
        "this cannot be read as values that it may take",
        path=f"{path} {name}",
        found=text or None,
        allowed={
            "people": "whole numbers: 9..20, or 9,12,15",
            "hours": "lengths in hours: 8,9,10",
        }.get(field, "times of day: 14:00,15:00"),
    )


def _options(
    scenario: Scenario, pool: str, name: str, fields: Mapping[str, Sequence[int]], path: str
) -> ShiftOptions:
    shift = ShiftOptions(pool, name, (), None).now(scenario)
    end = shift.end % _DAY
    starts = fields.get("start", [shift.start])
    made: dict[tuple[int, int, int], None] = {}
    for people, start in product(fields.get("people", [shift.people]), starts):
        if "end" in fields:
            ends: Sequence[int] = fields["end"]
        else:
            lengths = fields.get("hours", [shift.length_minutes])
            ends = [(start + length) % _DAY for length in lengths]
        made.update(dict.fromkeys((people, start, one) for one in ends))
    if len(made) > MOST_OPTIONS:
        raise InputError(
            f"this shift may be staffed in {len(made):,} ways",
            path=f"{path} pools.{pool}.shifts.{name}",
            allowed=f"at most {MOST_OPTIONS:,}: fewer numbers, starts or lengths",
        )
    hours = {(start, finish) for _, start, finish in made}
    # What a shift costs goes by its people, so one of them tells it of all.
    each = {one: _one_person(scenario, pool, name, one) for one in {*hours, (shift.start, end)}}
    today_pounds = shift.people * each[shift.start, end]
    options = [
        Option(people, start, finish, round(people * each[start, finish] - today_pounds, 2))
        for people, start, finish in made
    ]
    options.sort(key=lambda one: (one.people, one.start, one.end))
    now = shift.people, shift.start, end
    today = [at for at, one in enumerate(options) if (one.people, one.start, one.end) == now]
    return ShiftOptions(pool, name, tuple(options), today[0] if today else None)


def _one_person(scenario: Scenario, pool: str, name: str, hours: tuple[int, int]) -> float:
    """Pounds a week that one person costs on a shift of these hours."""
    pounds = []
    for people in (0, 1):
        option = Option(people, *hours, 0.0)
        pools = {**scenario.pools, pool: _restaffed(scenario.pools[pool], name, option)}
        changed = scenario.model_copy(update={"pools": pools})
        pounds.append(pounds_a_week(changed, as_in=scenario)[pool])
    return pounds[1] - pounds[0]


def _restaffed(pool: Pool, name: str, option: Option) -> Pool:
    changes = {"people": option.people}
    if name != _TEAMS:
        changes |= {"start": option.start, "end": option.end}
    shifts = [
        shift.model_copy(update=changes) if name in {_TEAMS, shift.name} else shift
        for shift in pool.shifts
    ]
    return pool.model_copy(update={"shifts": shifts})


def _ensure_possible(space: Space, design: Design, path: str) -> None:
    """Refuse ranges whose ends no file could hold, such as fewer people than are absent."""
    for shift, option in space.options(design):
        made = shift.now(space.scenario).model_dump() | {
            "people": option.people,
            "start": f"{option.start // 60:02d}:{option.start % 60:02d}",
            "end": f"{option.end // 60:02d}:{option.end % 60:02d}",
        }
        try:
            Shift.model_validate(made)
        except ValidationError as error:
            raise InputError(
                f"a shift like that is not possible: {error.errors()[0]['msg']}",
                path=f"{path} {shift.path}",
                found=f"{option.people} people",
            ) from None


def _with(design: Design, at: int, place: int) -> Design:
    return (*design[:at], place, *design[at + 1 :])
