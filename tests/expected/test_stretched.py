"""The two forces still give what was measured of them, and the page shows it.

Back tests, as those of the baseline: they notice a change and do not say which number is right.
Where a change was meant to move them: ``python -m tests.expected.stretched``.
"""

from __future__ import annotations

from typing import Final

import pytest

from sim.scenario.loading import load
from tests.expected.figures import Figure, of_scenarios
from tests.expected.stretched import (
    CHECKS,
    DOCUMENT,
    FORCES,
    FULL,
    NOTHING_KEPT,
    TESTS,
    VARIANTS,
    checked,
    laid_over,
    read,
    told,
    with_tables,
)

STORED: Final = read()


def of(table: str) -> dict[tuple[str, str], Figure]:
    """Return the figures of a table by case and measure."""
    return {(one.case, one.measure): one for one in STORED if one.table == table}


def test_the_document_shows_what_is_stored() -> None:
    """The tables of the document are those of the file, figure for figure."""
    document = DOCUMENT.read_text(encoding="utf-8")
    assert with_tables(document, STORED) == document


def test_the_file_holds_every_check_test_and_change_of_both_forces() -> None:
    """Each figure is there once, and none is left over from what is no longer measured."""
    assert len({(one.table, one.case, one.measure) for one in STORED}) == len(STORED)
    assert set(of("checks")) == {(force, name) for force in FORCES for name in CHECKS}
    assert set(of("tests")) == {(force, name) for force in FORCES for name in TESTS}
    assert [force for force, _ in of("year")] == [force for force in FORCES for _ in range(13)]
    changes = {f"{force}: {name}" for force in FORCES for name in (*VARIANTS, NOTHING_KEPT)}
    assert {case for case, _ in of("changes")} == changes


def test_the_stretched_force_is_as_stretched_as_forces_say_they_are() -> None:
    """Grade 2 waits two to five hours, grade 3 eight to twenty, and response is busy."""
    found = of("checks")
    grade_2, grade_3, busy = (
        found["the stretched force", name].value
        for name in ("mean to other grade 2", "mean to grade 3", "response, busy")
    )
    assert grade_2 is not None
    assert grade_3 is not None
    assert busy is not None
    assert 2 * 60 <= grade_2 <= 5 * 60
    assert 8 * 60 <= grade_3 <= 20 * 60
    assert busy >= 0.85


def test_the_stretched_force_works_off_in_winter_what_summer_left() -> None:
    """So it settles over the year, though not within the weeks before the summer."""
    jobs = [one.value or 0.0 for (force, _), one in of("year").items() if force != "the baseline"]
    spring, highest, winter = jobs[0], jobs[4], jobs[10]
    assert highest == max(jobs)
    assert 0 < winter < spring < highest


def test_a_variant_over_a_force_differs_from_it_in_what_it_says_alone() -> None:
    """Laid over the stretched force, a variant keeps the force's officers."""
    file = FORCES["the stretched force"]
    own, over = load(file).scenario, laid_over(file)
    assert set(over) == {*VARIANTS, NOTHING_KEPT}
    assert over["nothing held"].pools == own.pools
    assert over["nothing held"].policy.gate != own.policy.gate
    assert {pool.reserve for pool in over[NOTHING_KEPT].pools.values()} == {0}


@pytest.mark.parametrize(
    ("figure", "signed", "words"),
    [
        (("share", 0.1221, 0.11, 0.13), False, "12.2 % (11.0 to 13.0)"),
        (("share", 0.002, None, 0.004), False, "0.20 % (under 0.40)"),
        (("minutes", 65.1, 62.7, 67.6), False, "65.1 min (62.7 to 67.6)"),
        (("minutes", 150.0, 132.0, 168.0), False, "2.5 h (2.2 to 2.8)"),
        (("minutes", -12.0, -13.3, -10.7), True, "−12.0 min (−13.3 to −10.7)"),
        (("share", None, None, None), True, "too few"),
    ],
)
def test_a_figure_is_told_in_the_unit_that_it_is_read_in(
    figure: tuple[str, float | None, float | None, float | None], signed: bool, words: str
) -> None:
    """Two hours and more in hours, a share of few events by its limit alone."""
    unit, value, low, high = figure
    assert told(Figure("x", "y", "z", unit, value, low, high, 9), signed=signed) == words  # type: ignore[arg-type]


@pytest.mark.slow
def test_the_measurement_is_the_stored_one() -> None:
    """With the same luck each check lies within the half-width of its stored interval."""
    stored = of("checks")
    for force, file in FORCES.items():
        (replications,) = of_scenarios([load(file).scenario], FULL)
        for figure in checked(force, replications):
            before = stored[force, figure.measure]
            assert figure.value is not None
            assert before.value is not None
            if before.low is not None and before.high is not None:
                assert abs(figure.value - before.value) <= (before.high - before.low) / 2
