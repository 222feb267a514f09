"""The call takers' queue against hourly counts of answer times: staff fitted, then predicted.

A call's answer time is its wait in the model's queue of call takers (rule 2.1), and then the
seconds that it rings although somebody is free. The second part is read off the quietest hours; how
many people take calls is fitted, on three shifts, to the first days, and held against the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from pydantic import Field, StringConstraints

from sim.engines import reference
from sim.errors import InputError
from sim.force_log.disclosure import LEAST, rounded, rounded_share
from sim.force_log.documents import document
from sim.force_log.mapping import LogFile
from sim.force_log.mapping_files import read_mapping
from sim.force_log.source import read_source
from sim.scenario.fields import Model, Name, Positive
from sim.scenario.findings import Written, listed
from sim.streams import Streams
from sim.tables import (
    ATTEMPTS,
    HOUR,
    INCIDENTS,
    NEVER,
    NONE,
    ROTA,
    Draws,
    Origin,
    Policy,
    Pool,
    Table,
    blank,
)
from sim.tables import empty as empty_table

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]

_BLOCKS: Final = 3
_BLOCK_HOURS: Final = 8
_FIRST_HOUR: Final = 7
_QUIET_SHARE: Final = 0.3
_MOST_STAFF: Final = 120
_LOADS: Final = ("quiet", "middling", "busy")
_REPLICATIONS: Final = 10
_FEWEST_CALLS: Final = 50
_LONGEST_TIME: Final = 30
_Seconds: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]*$")]


class Line(Model):
    """One line: its origin in the model, and the columns of its counts."""

    origin: Literal["999", "101"]
    answered_within_seconds: Annotated[dict[_Seconds, str], Field(min_length=2)]
    later: str
    abandoned: str | None = None
    handling_minutes: Positive


class Time(Model):
    """The column of the hour."""

    column: str
    format: str


class TelephoneMapping(Model):
    """What a mapping of hourly counts says."""

    format: Literal[1]
    title: str
    time: Time
    lines: Annotated[dict[Name, Line], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Answered:
    """Share of a line's calls answered within some seconds, at one load.

    Attributes
    ----------
    line, load
        Name of the line; ``quiet``, ``middling``, ``busy`` thirds of hours by calls, or ``all``.
    seconds
        Within which.
    observed, predicted, low, high
        Shares; limits over which seconds of the hour calls fell on, and how they rang.
    n
        Calls, to the nearest five.
    """

    line: str
    load: str
    seconds: int
    observed: float
    predicted: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Telephone:
    """What the counts say, fit to leave: staff at work on each shift, and shares predicted."""

    title: str
    fitted_days: int
    predicted_days: int
    staff: Mapping[str, int]
    within: tuple[Answered, ...]
    abandoned: float

    def as_dict(self) -> dict[str, object]:
        """The same as a JSON document."""
        return document(self)


@dataclass(frozen=True, slots=True)
class _Hours:
    """Counts: calls by line and hour, and of these answered by each bound, shape (lines, hours)."""

    calls: Ints
    answered: tuple[Ints, ...]
    seconds: tuple[tuple[int, ...], ...]
    hour: Ints
    day: Ints
    abandoned: float

    def days(self, first: int, last: int) -> _Hours:
        kept = (self.day >= first) & (self.day < last)
        return _Hours(
            self.calls[:, kept], tuple(one[:, kept] for one in self.answered), self.seconds,
            self.hour[kept], self.day[kept] - first, self.abandoned,
        )  # fmt: skip


def load_telephone_mapping(path: str | PathLike[str]) -> TelephoneMapping:
    """Read a mapping of hourly counts.

    Raises
    ------
    sim.errors.ScenarioErrors
        If it cannot be read, or says what it may not.
    """
    return read_mapping(path, "telephone", TelephoneMapping, lambda _: ()).mapping


def telephone(
    path: str | PathLike[str], mapping: TelephoneMapping, fit_days: int, *, seed: int = 2022
) -> Telephone:
    """Fit staff to the first days of hourly counts, and predict the rest.

    Parameters
    ----------
    path
        CSV, a row for each hour.
    mapping
        What its columns hold.
    fit_days
        Days that staff is fitted to.
    seed
        The luck.

    Raises
    ------
    sim.errors.InputError
        If the file cannot be read, or no day is left to predict.
    """
    hours = _read(Path(path), mapping)
    total = int(hours.day.max()) + 1
    if not 0 < fit_days < total:
        raise InputError(
            "no day is left to fit or to predict", path="--fit-days", found=fit_days,
            allowed=f"1 to {total - 1}",
        )  # fmt: skip
    begin, rest = hours.days(0, fit_days), hours.days(fit_days, total)
    handling = np.array([one.handling_minutes * 60 for one in mapping.lines.values()])
    origins = [Origin.EMERGENCY if one.origin == "999" else Origin.NON_EMERGENCY
               for one in mapping.lines.values()]  # fmt: skip
    ring = [_ring(begin, line) for line in range(len(handling))]
    staff = _fitted(begin, ring, handling, origins, seed)
    made = [_within(rest, ring, handling, origins, staff, seed, number)
            for number in range(_REPLICATIONS)]  # fmt: skip
    loads = _loads(rest, _bounds(begin))
    rows = []
    for line, name in enumerate(mapping.lines):
        masks = [np.ones(len(loads), bool), *(loads == one for one in range(len(_LOADS)))]
        may = _may_leave(rest, line, masks)
        for number, (load, kept) in enumerate(zip(("all", *_LOADS), masks, strict=True)):
            calls = int(rest.calls[line, kept].sum())
            for place, seconds in enumerate(rest.seconds[line]):
                if not may[number, place]:
                    continue
                observed = int(rest.answered[place][line, kept].sum()) / calls
                shares = [one[place][line, kept].sum() / calls for one in made]
                low, middle, high = np.quantile(shares, [0.025, 0.5, 0.975])
                rows.append(Answered(
                    name, load, seconds, rounded_share(float(observed), calls),
                    rounded_share(float(middle), calls), rounded_share(float(low), calls),
                    rounded_share(float(high), calls), rounded(calls) or 0,
                ))  # fmt: skip
    names = ("early", "late", "night")
    return Telephone(
        mapping.title, fit_days, total - fit_days, dict(zip(names, staff, strict=True)),
        tuple(rows), round(hours.abandoned, 3),
    )  # fmt: skip


def _may_leave(hours: _Hours, line: int, masks: Sequence[Bools]) -> Bools:
    """Which shares of a line's calls may leave, by load (the first is all) and bound.

    Neither the calls between two bounds that are shown, nor those of one load (all less the
    others), may number from 1 to 4; a load with fewer than fifty calls is left out altogether.
    """
    calls = [int(hours.calls[line, kept].sum()) for kept in masks]
    found = np.zeros((len(masks), len(hours.answered)), dtype=bool)
    last = [0] * len(masks)
    for place, answered in enumerate(hours.answered):
        counts = [int(answered[line, kept].sum()) for kept in masks]
        between = [now - before for now, before in zip(counts, last, strict=True)]
        late = [one - now for one, now in zip(calls, counts, strict=True)]
        fit = [
            min(new, rest) >= LEAST and size >= _FEWEST_CALLS
            for new, rest, size in zip(between, late, calls, strict=True)
        ]
        # All, and every load beside it; or all alone: else the one left out could be worked out.
        if fit[0]:
            found[0, place] = True
            last[0] = counts[0]
        if all(fit):
            found[1:, place] = True
            last[1:] = counts[1:]
    return found


def _read(path: Path, mapping: TelephoneMapping) -> _Hours:
    file = path.as_posix()
    wanted = [("time.column", mapping.time.column)]
    for name, line in mapping.lines.items():
        at = f"lines.{name}"
        bounds = line.answered_within_seconds.items()
        wanted += [(f"{at}.answered_within_seconds.{key}", column) for key, column in bounds]
        wanted.append((f"{at}.later", line.later))
        wanted += [(f"{at}.abandoned", line.abandoned)] if line.abandoned else []
    frame = read_source(path, LogFile(time_zone="UTC"), wanted).frame
    stamps = frame[mapping.time.column].cast(pl.String)
    hours = stamps.str.to_datetime(mapping.time.format, strict=False)
    if hours.is_null().all():
        written = stamps.drop_nulls()
        raise InputError(
            f'no row of the column "{mapping.time.column}" holds an hour as the mapping writes it',
            file=file,
            found=_shape(str(written[0])) if len(written) else None,
            allowed=f"{mapping.time.format} (time.format of the mapping)",
        )
    names = list(dict.fromkeys(column for _, column in wanted[1:]))
    counts = frame.select(pl.col(one).cast(pl.Int64, strict=False) for one in names)
    sound = (
        hours.is_not_null()
        & counts.select(pl.all_horizontal(pl.all().is_not_null() & (pl.all() >= 0))).to_series()
    )
    if not sound.any():
        without = [one for one in names if counts[one].is_null().all()]
        raise InputError(
            "no row has an hour, and a whole number in every column of counts",
            file=file,
            found=Written(f"none in {listed(without)}") if without else None,
            allowed="whole numbers from 0 in the columns that [lines] of the mapping names",
        )
    at_hour, counts = hours.filter(sound), counts.filter(sound)
    calls, by_bound, seconds = [], [], []
    for line in mapping.lines.values():
        columns = sorted((int(s), name) for s, name in line.answered_within_seconds.items())
        each = np.stack([counts[name].to_numpy() for _, name in columns])
        calls.append(each.sum(axis=0) + counts[line.later].to_numpy())
        by_bound.append(np.cumsum(each, axis=0))
        seconds.append(tuple(second for second, _ in columns))
    least = min(map(len, seconds))
    lost = sum(int(counts[one.abandoned].sum()) for one in mapping.lines.values() if one.abandoned)
    days = at_hour.dt.date()
    return _Hours(
        np.stack(calls),
        tuple(np.stack([one[place] for one in by_bound]) for place in range(least)),
        tuple(one[:least] for one in seconds),
        at_hour.dt.hour().to_numpy().astype(np.int64),
        (days - days.min()).dt.total_days().to_numpy().astype(np.int64),
        lost / max(lost + int(np.stack(calls).sum()), 1),
    )


def _shape(written: str) -> str:
    """How a cell is written, its digits and letters taken out: it may hold what shall not leave."""
    if len(written) > _LONGEST_TIME or not any(one.isdigit() for one in written):
        return "no time"
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", written))


def _ring(hours: _Hours, line: int) -> tuple[float, float]:
    """Lognormal of the seconds that a call rings in the quietest hours: median and sigma."""
    from scipy.special import ndtri

    total = hours.calls.sum(axis=0)
    quiet = total <= np.quantile(total, _QUIET_SHARE)
    calls = max(int(hours.calls[line, quiet].sum()), 1)
    shares = np.array([one[line, quiet].sum() / calls for one in hours.answered])
    usable = (shares > 0.01) & (shares < 0.999)
    seconds = np.log(np.array(hours.seconds[line], dtype=np.float64))
    if usable.sum() < 2:
        return 5.0, 0.5
    # The first two bounds say most: nearly all calls lie between them.
    slope, start = np.polyfit(seconds[usable][:3], ndtri(shares[usable][:3]), 1)
    sigma = float(np.clip(1 / max(slope, 0.2), 0.1, 3.0))
    return float(np.exp(-start / max(slope, 0.2))), sigma


def _bounds(hours: _Hours) -> Floats:
    return np.asarray(np.quantile(hours.calls.sum(axis=0), [1 / 3, 2 / 3]))


def _loads(hours: _Hours, bounds: Floats) -> Ints:
    return np.asarray(np.searchsorted(bounds, hours.calls.sum(axis=0)), dtype=np.int64)


def _fitted(
    hours: _Hours,
    ring: list[tuple[float, float]],
    handling: Floats,
    origins: list[Origin],
    seed: int,
) -> list[int]:
    """Staff on each shift under which shares by hour are nearest, one shift after another."""
    block = _block(hours.hour)
    work = (hours.calls * handling[:, None]).sum(axis=0) / HOUR
    staff = [max(1, int(np.ceil(1.6 * work[block == one].mean() + 1))) for one in range(_BLOCKS)]
    known: dict[tuple[int, ...], float] = {}

    def far(guess: list[int]) -> float:
        key = tuple(guess)
        if key not in known:
            made = _within(hours, ring, handling, origins, guess, seed, 0)
            known[key] = _distance(hours, made, block)
        return known[key]

    moved = True
    while moved:
        moved = False
        for one in range(_BLOCKS):
            for step in (-1, 1):
                other = list(staff)
                other[one] += step
                while 1 <= other[one] <= _MOST_STAFF and far(other) < far(staff):
                    staff, moved = list(other), True
                    other[one] += step
    return staff


def _distance(hours: _Hours, made: tuple[Ints, ...], block: Ints) -> float:
    """Chi-squared of answered shares, by line, bound and shift."""
    total = 0.0
    for place, answered in enumerate(hours.answered):
        for one in range(_BLOCKS):
            kept = block == one
            calls = np.maximum(hours.calls[:, kept].sum(axis=1), 1)
            seen = answered[:, kept].sum(axis=1) / calls
            guess = made[place][:, kept].sum(axis=1) / calls
            spread = np.maximum(seen * (1 - seen), 0.002) / calls + 0.005**2
            total += float(((guess - seen) ** 2 / spread).sum())
    return total


def _within(
    hours: _Hours,
    ring: list[tuple[float, float]],
    handling: Floats,
    origins: list[Origin],
    staff: list[int],
    seed: int,
    replication: int,
) -> tuple[Ints, ...]:
    """Simulated calls answered by each bound, shape (lines, hours) each."""
    from scipy.special import ndtri

    streams = Streams(seed, replication)
    line, place = np.nonzero(hours.calls)
    times = hours.calls[line, place]
    line, place = np.repeat(line, times), np.repeat(place, times)
    n = len(line)
    drawn = {
        name: streams.uniforms("telephone", name, block=0, count=n)
        for name in ("second", "handling", "ring")
    }
    began = (hours.day * 24 + hours.hour)[place] * HOUR
    reported = began + np.floor(drawn["second"] * HOUR).astype(np.int64)
    order = np.lexsort((np.arange(n), reported))
    line, place, reported = line[order], place[order], reported[order]
    columns = blank(INCIDENTS, n)
    columns["key"] = np.arange(n)
    columns["reported_at"] = reported
    columns["origin"] = np.array(origins, dtype=np.int64)[line]
    columns["grade"][:] = columns["ratified_grade"][:] = 1
    columns["thrive_seconds"] = np.ceil(
        -handling[line] * np.log1p(-drawn["handling"][order])
    ).astype(np.int64)
    end = int((hours.day.max() + 2) * 24 * HOUR)
    policy = Policy(
        start=0, end=end, grades=1, areas=("all",), streams=("calls",),
        pools=(Pool("call_takers", "call_taker", NONE, True),), missing=(False,), gated=(False,),
        call_takers=0, dispatchers=(NONE,), ratifiers=(((),) * 24,) * 4, attends=(((),),),
        borrows=(((),),), step_up_seconds=(NEVER,), borrow_after_seconds=(NEVER,),
        divert_travelling=((False,),), divert_at_scene=((False,),), writing_interrupted=(False,),
        break_interrupted=(False,), area_factor=((1000,), (1000,)), grade_factor=(1000,),
        review_after_seconds=(NEVER,),
    )  # fmt: skip
    calls = Draws(Table(INCIDENTS, columns), empty_table(ATTEMPTS))
    outcomes, _, _ = reference.run(calls, _desk(staff, end), policy)
    answered = np.where(outcomes["answered_at"] == NEVER, end, outcomes["answered_at"])
    median, sigma = np.array(ring).T
    rings = median[line] * np.exp(sigma[line] * ndtri(drawn["ring"][order]))
    seconds = answered - reported + rings
    made = []
    for number in range(len(hours.answered)):
        bound = np.array([one[number] for one in hours.seconds], dtype=np.float64)[line]
        counts = np.zeros(hours.calls.shape, dtype=np.int64)
        np.add.at(counts, (line[seconds <= bound], place[seconds <= bound]), 1)
        made.append(counts)
    return tuple(made)


def _desk(staff: list[int], end: int) -> Table:
    rows = []
    day = -1
    while day * 24 * HOUR < end:
        for block, people in enumerate(staff):
            on = (day * 24 + _FIRST_HOUR + block * _BLOCK_HOURS) * HOUR
            off = on + _BLOCK_HOURS * HOUR
            if off > 0 and on < end:
                rows += [(on, off, block, slot) for slot in range(people)]
        day += 1
    on, off, shift, _ = np.array(rows, dtype=np.int64).T
    return Table(
        ROTA,
        {
            "key": np.arange(len(on)), "pool": np.zeros(len(on)), "shift": shift, "on_at": on,
            "off_at": off, "break_at": np.full(len(on), NEVER),
            "break_seconds": np.zeros(len(on)), "officers": np.ones(len(on)),
        },
    )  # fmt: skip


def _block(hour: Ints) -> Ints:
    return np.asarray((hour - _FIRST_HOUR) % 24 // _BLOCK_HOURS)
