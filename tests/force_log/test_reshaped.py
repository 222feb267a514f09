"""The rule for all logs: re-shaped, a log gives the original's figures, or is refused, or is told.

What is compared are the incidents that are read, from which every figure is made.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import pytest

from sim import cli
from sim.errors import InputError, ScenarioErrors
from sim.force_log import Faults, Log, diagnose, load_mapping_for, new_mapping, read_log
from sim.force_log.clock_unsaid import clock_unsaid
from sim.force_log.fault_order import told_first
from sim.force_log.fitting import fit
from tests.force_log.reshaped import TIMES as ROLES
from tests.force_log.reshaped import ZONE
from tests.force_log.shapes import FILES, LABELS, NAMES, ROWS, SHAPES, TIMES, State, shaped
from tests.force_log.simulated import search_little

TELLING: Final = {
    "zone_marks", "two_readings", "one_clock_time", "shifted_clock", "shared_receipts",
    "coarse_times", "same_times", "made_of_lengths", "no_missing_child", "folded_apart",
    "unread_times", "far_times", "before_report", "clock_order", "not_received", "broken_rows",
    "unmapped_priority", "unmapped_origin", "blank_labels", "grades_about", "past_midnight",
}  # fmt: skip
ALLOWED: Final = {"the same", "refused", "told"}
CLOCK: Final = "Whether its clocks kept local time or UTC"
LEAST_SAME: Final = 0.4


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """The sample as it is written."""
    return as_read(tmp_path_factory.mktemp("truth"), ())[1]


def as_read(folder: Path, names: tuple[str, ...]) -> tuple[State, Log]:
    """A log in a shape, read with the mapping that is written for it; its zone is put right."""
    state, path = shaped(folder, names)
    mapping = folder / "map.toml"
    mapping.write_text(new_mapping(path).replace("America/New_York", ZONE), encoding="utf-8")
    return state, read_log(path, load_mapping_for(path, mapping))


def differences(found: Log, truth: Log, state: State) -> list[str]:
    """In what a log that was read is not the original, as far as both have it."""
    if found.incidents.height != truth.incidents.height:
        return ["incidents"]
    both = found.has & truth.has
    apart = []
    stamps = [role for role in ROLES if role in both]
    allowed = (2 * state.unit + timedelta(milliseconds=1)).total_seconds()

    def sorted_lags(log: Log, moved: timedelta, role: str) -> list[np.ndarray]:
        frame = log.incidents
        at = (frame[role].dt.replace_time_zone(None) - moved).drop_nulls().sort()
        lag = (frame[role] - frame["received"]).drop_nulls().sort()
        return [at.dt.epoch("ms").to_numpy() / 1e3, lag.dt.total_milliseconds().to_numpy() / 1e3]

    for role in stamps:
        ours = sorted_lags(found, state.apart, role)
        theirs = sorted_lags(truth, timedelta(0), role)
        for one, other in zip(ours, theirs, strict=True):
            if one.size != other.size or (one.size and np.abs(one - other).max() > allowed):
                apart.append(role)
                break
    words = {"priority": "grade", "kind": "stream", "area": "area", "risk": "risk",
             "origin": "officer_initiated"}  # fmt: skip
    names = [name for role, name in words.items() if role in both]
    counts = [
        log.incidents.group_by(names).len().sort(names, nulls_last=True) for log in (found, truth)
    ]
    return apart if counts[0].equals(counts[1]) else [*apart, "labels"]


def verdict(folder: Path, names: tuple[str, ...], truth: Log) -> str:
    """What became of a log: the same figures, refused, told, or other figures in silence."""
    try:
        state, found = as_read(folder, names)
    except ScenarioErrors as error:
        helped = all(one.allowed for one in error.errors)
        return "refused" if helped else "refused without a word of what to do"
    except InputError as error:
        return "refused" if error.allowed else "refused without a word of what to do"
    apart = differences(found, truth, state)
    if not apart:
        return "the same"
    first = found.faults.found[0] if found.faults.found else None
    if first is not None and first.code in TELLING:
        return "told"
    hours_apart = {
        (one - other) for one, other in zip(
            found.incidents["received"].dt.replace_time_zone(None).sort().to_list(),
            truth.incidents["received"].dt.replace_time_zone(None).sort().to_list(),
            strict=False,
        )
    }  # fmt: skip
    if hours_apart <= {state.apart - timedelta(hours=1)}:
        sentences = diagnose(found, resamples=10).cannot_tell
        if any(sentence.startswith(CLOCK) for sentence in sentences):
            return "told"
    return f"other figures in silence: {apart}"


_STRUCTURES: Final = (
    "rows of statuses", "lengths in seconds", "lengths in minutes", "lengths on a clock",
)  # fmt: skip
_NUMBERS: Final = ("units without a number", "a number on the first row only")


def pairs() -> list[tuple[str, ...]]:
    """Two shapes at once, but not two of what only one can be: a file, names, a structure."""
    alone = (FILES, NAMES, LABELS, _STRUCTURES, _NUMBERS)
    return [
        pair for pair in combinations(SHAPES, 2) if not any(set(pair) <= set(one) for one in alone)
    ]


def test_there_are_fifty_shapes_and_more() -> None:
    """As many as exports have shown, of each kind some."""
    assert len(SHAPES) == len(set(SHAPES)) >= 50
    assert min(len(stage) for stage in (ROWS, TIMES, NAMES, LABELS, FILES)) >= 4


LOSING: Final = {
    "units without a number": "told",
    "a vaguer row first": "the same",
    "cleared an hour late": "told",
    "arrived an hour early": "told",
    "arrived at allocation": "told",
    "false Z": "told",
    "UTC unsaid": "told",
    "scientific, shortened": "refused",
    "spreadsheet days, whole": "refused",
    "AM and PM lost": "refused",
    "midnight only": "refused",
    "whole hours": "refused",
    "quarter hours": "told",
    "a number on the first row only": "told",
    "local seconds since 1970": "told",
    "codes for kinds": "told",
    "blank grades": "told",
    "no header": "refused",
    "merged grades": "refused",
    "merged kinds by area": "told",
    "merged days": "refused",
}
"""Shapes in which something is lost, or is not what it seems."""


@pytest.mark.parametrize("name", SHAPES)
def test_no_shape_gives_other_figures_in_silence(name: str, tmp_path: Path, truth: Log) -> None:
    """Each shape by itself; to refuse all would keep the rule too, so what can be read is read."""
    assert verdict(tmp_path, (name,), truth) == LOSING.get(name, "the same")


PARTS: Final = 8
DRAWN: Final = 48


def judged(chosen: list[tuple[str, ...]], folder: Path, truth: Log) -> None:
    """Hold pairs of shapes to the rule; to refuse most of them would keep it too."""
    verdicts = {}
    for place, names in enumerate(chosen):
        own = folder / str(place)
        own.mkdir()
        verdicts[names] = verdict(own, names, truth)
    apart = {names: one for names, one in verdicts.items() if one not in ALLOWED}
    assert not apart
    assert sum(one == "the same" for one in verdicts.values()) > LEAST_SAME * len(verdicts)


def test_no_pair_that_was_drawn_gives_other_figures_in_silence(tmp_path: Path, truth: Log) -> None:
    """Some pairs of all kinds; the slow tests have them all."""
    every = pairs()
    draw = np.random.Generator(np.random.Philox(17))
    chosen = sorted(draw.choice(len(every), DRAWN, replace=False))
    judged([every[place] for place in chosen], tmp_path, truth)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_no_pair_of_shapes_gives_other_figures_in_silence(
    part: int, tmp_path: Path, truth: Log
) -> None:
    """Every pair: each way of writing times beside each other way and other shape."""
    judged(pairs()[part::PARTS], tmp_path, truth)


WITH_A_RATE: Final = 6
"""Of so many pairs one is fitted with a dispatcher's rate too, which takes three times as long."""


@pytest.fixture
def coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search of a few guesses only."""
    search_little(monkeypatch)
    fitting = "sim.force_log.fitting"
    for name, value in {
        "crews._FIRST_HOURS": (7,), "crews._SPREADS": (), "crews._WORTH": 1e9,
        "moves._LESS_DELAY": (0.0,), "by_rate._FIRST_HOURS": (7,), "by_rate._MORE": (1.1, 1.2),
        "by_rate.SCORED_REPLICATIONS": 2, "children.HELD": (0.0, 1.0),
        "children.NEXT_GRADE": (0.0,),
    }.items():  # fmt: skip
        monkeypatch.setattr(f"{fitting}.{name}", value)


def covering() -> list[tuple[str, ...]]:
    """Pairs of which each shape is in one at least, most in one only."""
    every = pairs()
    order = np.random.Generator(np.random.Philox(4)).permutation(len(every))
    left, chosen = set(SHAPES), []
    for least in (2, 1):
        for place in order.tolist():
            if len(left & set(every[place])) >= least:
                chosen.append(every[place])
                left -= set(every[place])
    assert not left
    return chosen


class Fitted:
    """The sample's own fits, as far as a shape leaves it: each is made once."""

    def __init__(self, truth: Log) -> None:
        self._truth = truth
        self._known: dict[object, str] = {}

    def of(self, found: Log, state: State, *, rate: bool) -> str:
        """The scenario that the sample gives with the roles, the days and the unit of a log."""
        has = found.has - {"unit", "incident"}
        key = (has, state.apart, bool(state.unit), rate)
        if key not in self._known:
            later = self._truth.incidents.with_columns(pl.col(list(ROLES)) + state.apart)
            self._known[key] = scenario(replace(self._truth, incidents=later), has, state)
        return self._known[key]


def scenario(log: Log, has: frozenset[str], state: State) -> str:
    """What a log is fitted with, by these roles; its name left out.

    Times that a shape knows to the minute are to the minute in both, and incidents of one moment
    are in the same order.
    """
    lacking = [role for role in (*ROLES, "area", "risk", "origin") if role not in has]
    frame = log.incidents.with_columns(
        pl.when(pl.lit(value=False)).then(pl.col(role)).alias(role) for role in lacking
    )
    if "kind" not in has:
        frame = frame.with_columns(stream=pl.lit("other"))
    if state.unit:
        frame = frame.with_columns(pl.col(list(ROLES)).dt.truncate("1m"))
    frame = frame.sort([*ROLES, "grade", "stream", "area", "risk", "origin"], nulls_last=True)
    even = replace(
        log, incidents=frame.with_columns(number=pl.int_range(pl.len())),
        allocations=log.allocations.head(0), faults=Faults(), has=has,
    )  # fmt: skip
    found = fit(even, *even.period, thorough=False, engine="compiled")
    return found.text.replace(log.mapping.title, "a log")


def fitted_verdict(
    folder: Path, names: tuple[str, ...], sample: Fitted, truth: Log, *, rate: bool
) -> str:
    """What becomes of a log by `new` and `fit`: the sample's figures, refused, or told."""
    try:
        state, found = as_read(folder, names)
    except (ScenarioErrors, InputError):
        return "refused"  # whether that helps is asked of all pairs above
    needed = {"assigned", "arrived"} <= found.has and {"cleared", "closed"} & found.has
    if not needed:
        return "refused"
    apart = differences(found, truth, state)
    if apart:
        told = told_first(found.faults) or list(clock_unsaid(found))
        return "told" if told else f"fitted to other figures in silence: {apart}"
    own = scenario(found, found.has - {"unit", "incident"}, state)
    return "the same" if own == sample.of(found, state, rate=rate) else "another scenario"


def test_the_pairs_that_are_fitted_hold_every_shape() -> None:
    """Each shape goes through a fit, in fewer pairs than there are shapes."""
    chosen = covering()
    assert {name for pair in chosen for name in pair} == set(SHAPES)
    assert len(chosen) <= len(SHAPES)


@pytest.mark.slow
@pytest.mark.usefixtures("coarse")
def test_no_shape_is_fitted_to_other_figures_in_silence(
    tmp_path: Path, truth: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every shape, in pairs, through a small fit: the sample's scenario, refused, or told.

    All are fitted with crews and a delay alone, some with a dispatcher's rate besides.
    """
    verdicts = {}
    sample = Fitted(truth)
    for place, names in enumerate(covering()):
        folder = tmp_path / str(place)
        folder.mkdir()
        rate = place % WITH_A_RATE == 0
        monkeypatch.setattr("sim.force_log.fitting.rate.FEWEST", 200 if rate else 10**9)
        verdicts[names] = fitted_verdict(folder, names, sample, truth, rate=rate)
    apart = {names: one for names, one in verdicts.items() if one not in ALLOWED}
    assert not apart
    assert sum(one == "the same" for one in verdicts.values()) > LEAST_SAME * len(verdicts)


@pytest.mark.parametrize("command", ["fit", "replay"])
def test_what_makes_figures_others_is_told_before_they_are_made(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Not by `diagnose` alone: a Z that may be false is told before a fit and a replay begin."""

    def begun(*words: object, **more: object) -> None:
        raise InputError("so far and no further")

    monkeypatch.setattr("sim.force_log.fitting.fit", begun)
    monkeypatch.setattr("sim.force_log.replaying.replay.replay", begun)
    _, log = shaped(tmp_path, ("false Z",))
    mapping = tmp_path / "map.toml"
    mapping.write_text(new_mapping(log), encoding="utf-8")
    scenario = Path(__file__).parents[2] / "scenarios" / "dorset-2022.toml"
    given = {"fit": ["--out", str(tmp_path / "mine.toml")], "replay": ["--scenario", str(scenario)]}
    words = [command, str(log), "--mapping", str(mapping), *given[command]]
    assert cli.main(words) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "Warning: Call_Received" in said
    assert "times marked as UTC" in said
    assert "so far and no further" in said
