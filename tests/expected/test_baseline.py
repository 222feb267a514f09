"""The baseline still gives what was measured of it, within a tolerance that is said here.

These are back tests: they notice that a change moved the answer, and say nothing about whether it
is right. Where a change was meant to, measure again: ``python -m tests.expected.baseline``.
"""

from __future__ import annotations

import math
from typing import Final

import pytest

from sim.results.making.unknowns import things_in_words
from sim.scenario.loading import load
from sim.scenario.ranges import ranges_of
from sim.statistics.distributions import student_t_quantile
from sim.study.settings import Settings
from tests.expected.baseline import (
    CHECKS,
    DOCUMENT,
    FULL,
    MOVES,
    checked,
    crossed,
    read,
    told,
    verdict,
    with_tables,
)
from tests.expected.figures import LEVEL, Figure
from tests.expected.hangs_on import labels, moved_alone
from tests.expected.minutes import figures as figures_by_minute
from tests.expected.substitutes import TABLE, changes
from tests.expected.variations import BASELINE, cells, moved

STORED: Final = read()
SHORT: Final = Settings(replications=1, days=3, warm_up_days=3, workers=1)
# A stay of three days differs from 28 of them, and not only by chance: the first week of term has
# its own season. Five standard deviations of three days' figures leave room for both.
DEVIATIONS: Final = 5.0


def key(figure: Figure) -> tuple[str, str, str]:
    """Return what a figure is of."""
    return figure.table, figure.case, figure.measure


def deviation_of_a_short_run(stored: Figure) -> float | None:
    """Return the standard deviation of a figure of one short run, from the stored interval."""
    if stored.low is None or stored.high is None:
        return None
    replications = FULL.replications
    half_width = (stored.high - stored.low) / 2
    of_the_mean = half_width / student_t_quantile((1 + LEVEL) / 2, replications - 1)
    return of_the_mean * math.sqrt(replications * FULL.days / SHORT.days)


def test_the_short_run_is_like_the_stored_one() -> None:
    """Three days of one luck lie within five standard deviations of what is stored."""
    stored = {key(figure): figure for figure in STORED}
    fresh = checked(SHORT)
    assert [key(figure) for figure in fresh] == [key(f) for f in STORED if f.table == "sanity"]
    compared = 0
    for figure in fresh:
        before = stored[key(figure)]
        # Tails need more days than three, and rows are as many as there are days.
        if figure.unit == "rows" or "within" in figure.measure or "over" in figure.measure:
            continue
        if figure.value is None:
            # A quantile of too few waits is withheld.
            continue
        deviation = deviation_of_a_short_run(before)
        assert deviation is not None
        assert before.value is not None
        assert abs(figure.value - before.value) <= DEVIATIONS * deviation, figure.measure
        compared += 1
    assert compared >= 15


def test_the_document_shows_what_is_stored() -> None:
    """The tables of the document are those of the file, figure for figure."""
    document = DOCUMENT.read_text(encoding="utf-8")
    assert with_tables(document, STORED) == document


def test_the_file_holds_every_check_cell_and_assumption() -> None:
    """Each figure is there once, and none is left over from what is no longer measured."""
    assert len({key(figure) for figure in STORED}) == len(STORED)
    measured = {figure.measure for figure in STORED if figure.table == "sanity"}
    assert set(CHECKS) <= measured
    assert {f.case for f in STORED if f.table == "cells"} == {"the baseline", *cells()}
    # The foremost, of ranges that are still the file's.
    scenario = load(BASELINE).scenario
    ends = {
        f"{words[:1].upper()}{words[1:]}: {label}"
        for together in ranges_of(scenario).together
        for words in [things_in_words(together, scenario)]
        for label in labels(together)
    }
    told_of = {f.case for f in STORED if f.table == "assumptions"}
    assert len(told_of) > 20
    assert told_of <= ends
    assert {f.case for f in STORED if f.table == TABLE} == set(changes())


@pytest.mark.parametrize("case", cells())
def test_each_move_is_a_sound_scenario(case: str) -> None:
    """Every cell differs from the baseline."""
    assert moved(cells()[case]) != moved({})


def test_a_figure_is_told_with_its_interval() -> None:
    """A share is told in per cent, with limits where there are any."""
    figure = Figure("cells", "x", "y", "share", 0.2114, 0.2051, 0.2177, 100)
    assert told(figure) == "21.1 % (20.5 to 21.8)"
    assert told(figure._replace(low=None)) == "21.1 %"
    assert told(figure._replace(value=-0.0512, low=-0.06, high=-0.04), signed=True) == (
        "−5.1 points (−6.0 to −4.0)"
    )


@pytest.mark.parametrize(
    ("held", "value", "words"),
    [
        ("40 to 60 %", 0.3907, "**missed**"),
        ("40 to 60 %", 0.4004, "met"),
        ("0.65 to 0.8", 0.672, "met"),
        ("0.65 to 0.8", 0.61, "**missed**"),
        ("well below other grade 2", 0.2, ""),
    ],
)
def test_a_check_is_met_or_missed_as_it_is_told(held: str, value: float, words: str) -> None:
    """The number that stands in the table is the one that is held against the band."""
    figure = Figure("sanity", "x", "y", "share", value, value - 0.01, value + 0.01, 100)
    assert verdict(held, figure) == words


def test_a_mean_is_met_only_inside_its_band() -> None:
    """16.03 minutes are told as 16.0; 0.68 are not 0.3."""
    figure = Figure("sanity", "x", "y", "minutes", 16.03, 15.8, 16.2, 100)
    assert verdict("14 to 16 min in five rural towns", figure) == "met"
    assert verdict("0.3 min", figure._replace(value=0.68)) == "**missed**"


@pytest.mark.slow
@pytest.mark.parametrize("table", ["sanity", "cells", "assumptions"])
def test_the_measurement_is_the_stored_one(table: str) -> None:
    """With the same luck each figure lies within the half-width of its stored interval.

    Of the assumptions only the share held is moved again: all of them take minutes.
    """
    ranges = ranges_of(load(BASELINE).scenario)
    held = next(
        place
        for place, together in enumerate(ranges.together)
        if together[0].path == "policy.gate.share_held"
    )
    if table == "sanity":
        measured = checked(FULL)
    elif table == "cells":
        measured = crossed(FULL)
    else:
        measured = list(moved_alone(MOVES, ranges, [held]))
    fresh = {key(figure): figure for figure in measured}
    stored = {key(figure): figure for figure in STORED if key(figure) in fresh}
    assert fresh.keys() == stored.keys()
    for name, before in stored.items():
        value = fresh[name].value
        if before.value is None or before.low is None or before.high is None:
            assert value is None or before.value is not None
            continue
        assert value is not None
        assert abs(value - before.value) <= (before.high - before.low) / 2, name


def test_the_minutes_of_response_add_up() -> None:
    """Breaks, idle minutes and their parts, as docs/baseline.md tells them."""
    told = next(figures_by_minute(1, Settings(days=7)))
    for pool in ("response_bcp", "response_county"):
        idle = [value for name, value in told.items() if name.startswith(f"{pool}, idle, ")]
        assert len(idle) == 4
        assert min(idle) >= 0
        assert sum(idle) == pytest.approx(told[f"{pool}, idle"], abs=0.002)
        assert 0 < told[f"{pool}, breaks"] < 0.1
    assert told["overtime, custody, hours a shift"] < told["overtime, all, hours a shift"]
