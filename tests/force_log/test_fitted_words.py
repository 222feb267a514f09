"""What `fit` says on a screen: crews, a dispatcher's rate, waits and shares, in plain words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from sim.force_log.fitting import Fit, fit
from sim.force_log.fitting.bounds import Free
from sim.force_log.fitting.children import Children, Point
from sim.force_log.fitting.crews import Crews
from sim.force_log.fitting.fit import Matched
from sim.force_log.fitting.job_minutes import WAITED
from sim.force_log.fitting.rate import Rate
from sim.force_log.fitting.rate_told import JustFreed, RateTold, just_freed_of, told_of
from sim.report.log.fitted import fit_sentences, fit_summary
from sim.report.terminal import as_text
from tests.force_log.simulated import force, log_of, search_little


def table(clock: np.ndarray, *, a_minute: float = 0.1, busy: float = 0.25) -> dict[str, object]:
    """A rate's table with one grade, the same at any wait."""
    return {
        "look_seconds": 10,
        "waited_minutes": [float(one) for one in WAITED],
        "a_minute": {"2": [a_minute] * len(WAITED)},
        "quarter_hours": clock.tolist(),
        "all_busy": {"2": busy},
        "ahead_power": {"2": -1.0},
    }


def test_a_lull_is_told_with_its_clock_and_its_depth() -> None:
    """Three quarters of an hour at the change of shift, and one span that goes over midnight."""
    clock = np.full(96, 1.1)
    clock[[26, 27, 28]] = 0.5, 0.1, 0.4
    clock[[95, 0, 1]] = 0.55
    told = told_of(table(clock), [2])
    assert [(one.begins, one.ends, one.share, one.slowest) for one in told.lulls] == [
        (6 * 60 + 30, 7 * 60 + 15, 0.1, 6 * 60 + 45), (23 * 60 + 45, 30, 0.55, 23 * 60 + 45),
    ]  # fmt: skip


def test_without_a_lull_the_slowest_quarter_is_told() -> None:
    """A rate that hardly changes by the clock has no lull, and a slowest quarter all the same."""
    clock = np.ones(96)
    clock[40] = 0.8
    told = told_of(table(clock), [2])
    assert told.lulls == ()
    assert (told.slowest.begins, told.slowest.share) == (600, 0.8)


def test_half_are_let_go_when_the_rate_says_so() -> None:
    """At a tenth a minute half are gone after ln 2 / 0.1 = 6.9 minutes; at a quarter of it 27.7."""
    (own,) = told_of(table(np.ones(96)), [2]).grades
    assert own.half_free == pytest.approx(6.93, abs=0.2)
    assert own.half_busy == pytest.approx(27.7, abs=0.2)
    # One job ahead: (1 + 1) to the power of -1.
    assert (own.all_busy, own.one_ahead) == (0.25, 0.5)
    (never,) = told_of(table(np.ones(96), a_minute=1e-5), [2]).grades
    assert never.half_free is None


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Fit:
    """A small fit, whose words are looked at with other figures in it."""
    with pytest.MonkeyPatch.context() as patch:
        search_little(patch)
        patch.setattr("sim.force_log.fitting.crews._FIRST_HOURS", (7,))
        patch.setattr("sim.force_log.fitting.crews._SPREADS", ())
        log = log_of(force(held=0.5), tmp_path_factory.mktemp("log"), days=7)
        return fit(log, *log.period, thorough=False)


def with_free(found: Fit, *free: Free) -> Fit:
    """The same with other crews."""
    crews: Crews = replace(found.crews, free=free)
    return replace(found, crews=crews, with_rota=True)


@pytest.mark.parametrize(
    ("free", "told"),
    [
        (Free("early", 0.45, 0.41, 0.52), "early 45% (41 to 52%)"),
        (Free("early", 0.45, 0.41, 1.0, "rota"), "early 45% (41 to 100%, all of the rota)"),
        (
            Free("early", 0.45, 0.41, 0.9, "assumed", (0.7, 1.0)),
            "early 45% (41 to 90%, the most assumed)",
        ),
    ],
)
def test_crews_are_told_with_what_bounds_them(free: Free, told: str, found: Fit) -> None:
    """With where the upper end comes from: never a limit that is none."""
    said = " ".join(fit_sentences(with_free(found, free)))
    assert told in said
    assert "no most" not in said
    assert "no least" not in said


def test_a_fit_that_misses_its_own_days_says_so(found: Fit) -> None:
    """Grade 2 a fifth too long at half: what is predicted has that error; one in 100 is none."""
    off = Matched(2, (10.0, 100.0), (12.0, 100.0), (10.0, 100.0), 400)
    assert "by +20% and +0% for grade 2" in fit_sentences(replace(found, matched=(off,)))[0]
    near = Matched(2, (10.0, 100.0), (10.1, 100.0), (10.0, 100.0), 400)
    assert "are off" not in " ".join(fit_sentences(replace(found, matched=(near,))))


def screen(found: Fit) -> str:
    """The whole screen at 80 columns."""
    return as_text(fit_summary(found, width=80), 80)


def read(drawn: str) -> str:
    """The same in one line."""
    return " ".join(drawn.split())


def test_waits_stand_beside_each_other_with_a_verdict(found: Fit) -> None:
    """Half and nine in ten of log and scenario, and whether they agree."""
    matched = (
        Matched(1, (0.0, 1.0), (0.0, 1.0), (0.4, 1.9), 400),
        Matched(2, (10.0, 100.0), (0.0, 1.0), (11.9, 130.0), 400),
        Matched(3, (0.7, 400.0), (0.0, 1.0), (11.9, 200.0), 400),
    )
    lines = screen(replace(found, matched=matched)).splitlines()
    cells = {line[:24].strip(): line[24:].split(maxsplit=2) for line in lines if "within" in line}
    assert cells["grade 1, half within"] == ["0", "0.4", "as in the log"]
    assert cells["grade 1, 9 in 10 within"][2] == "as in the log"
    assert cells["grade 2, half within"][2] == "as in the log"
    assert cells["grade 2, 9 in 10 within"][2] == "30% too long"
    assert cells["grade 3, half within"][2] == "11.2 min too long (far)"
    assert cells["grade 3, 9 in 10 within"][2] == "50% too short"


def with_points(found: Fit, distance: Callable[[float, float], float]) -> Fit:
    """The same with other distances of shares held and ranked."""
    points = tuple(
        Point(held, rank, distance(held, rank), distance(held, rank) < 50)
        for held in (0.0, 0.5, 1.0)
        for rank in (0.0, 1.0)
    )
    own = Children(points, 105, found.crews.candidate, can_be_made=True)
    return replace(found, children=own)


def test_marks_are_explained_where_they_stand(found: Fit) -> None:
    """The star of the table of shares is told below it; where rank is alike there is one column."""
    alike = read(screen(with_points(found, lambda held, _: 20 + 60 * held)))
    assert "* as near as the nearest" in alike
    assert "makes no difference" in alike
    assert "none ranked lower" not in alike
    apart = read(screen(with_points(found, lambda held, rank: 20 + 60 * held + 9 * rank)))
    assert "none ranked lower" in apart
    assert "makes no difference" not in apart


def test_shares_that_the_log_cannot_tell_are_told_so(found: Fit) -> None:
    """In words: up to half held, and of rank nothing."""
    said = fit_sentences(with_points(found, lambda held, _: 20 + 55 * held))[-1]
    assert "up to half may have been held" in said
    assert "how many were ranked with the next grade's work the log cannot tell" in said


def test_a_rate_is_told_in_figures(found: Fit) -> None:
    """When it is slowest, what busy crews leave of it, and no count of guesses."""
    clock = np.full(96, 1.1)
    clock[[26, 27]] = 0.2
    rate: RateTold = told_of(table(clock), [2])
    whole = replace(found, rate=rate)
    said = " ".join(fit_sentences(whole))
    assert "slowest from 06:30 to 07:00 (down to 20% of the day's usual rate at 06:30)" in said
    assert "so much of the usual rate is left: 25% for grade 2." in said
    drawn = screen(whole)
    assert "guesses" not in drawn
    assert max(map(len, drawn.splitlines())) <= 80
    assert whole.as_dict()["dispatch_rate"] is not None
    assert found.as_dict()["dispatch_rate"] is None or found.rate is not None


def test_what_a_crew_that_clears_does_is_told_where_it_is_clear(found: Fit) -> None:
    """With its limits and what it rests on; a grade whose limits hold one is not told."""
    freed = (JustFreed(2, 2.44, 2.14, 2.78, 275), JustFreed(3, 1.1, 0.9, 1.3, 70))
    rate = told_of(table(np.ones(96)), [2], freed)
    assert rate.just_freed == freed[:1]
    said = " ".join(fit_sentences(replace(found, rate=replace(rate, just_freed=freed))))
    assert (
        "Within a minute after a crew has cleared, the next is let go so many times as often as at "
        "other moments: 2.4 times for grade 2 (2.1 to 2.8; about 275 such jobs)."
    ) in said
    silent = " ".join(fit_sentences(replace(found, rate=replace(rate, just_freed=freed[1:]))))
    assert "has cleared" not in silent


def test_limits_are_those_of_the_level_and_few_jobs_are_not_told() -> None:
    """A logarithm of 1 with an error of 0.1, at 95 %; four jobs tell nothing that may leave."""
    n = np.zeros(2)
    rate = Rate(
        grades=(2, 3),
        base=np.zeros((2, len(WAITED))),
        clock=np.zeros(96),
        busy=n,
        ahead=n,
        just_freed=np.array([1.0, 1.0]),
        busy_error=n,
        ahead_error=n,
        just_freed_error=np.array([0.1, 0.1]),
        minutes=1,
        let_go_just_freed=np.array([42, 4]),
    )
    (own,) = just_freed_of(rate, 0.95)
    # e, and e times and over exp(0.196).
    assert own == JustFreed(2, 2.72, 2.23, 3.31, 40)
    assert own.clear
    assert not replace(own, low=0.99).clear
    assert replace(own, low=0.5, high=0.9).clear


def test_rates_that_do_not_fall_are_said_so(found: Fit) -> None:
    """A grade whose rate is the same with all crews busy is not said to have some of it left."""
    rate = told_of(table(np.ones(96), busy=1.2), [2])
    said = " ".join(fit_sentences(replace(found, rate=rate)))
    assert "It does not fall while crews are busy for grade 2." in said
    assert "so much of the usual rate" not in said
