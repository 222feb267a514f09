"""Open cases in the compiled engine as M/G/infinity: nobody is short, and cases do not meet.

Reports are Poisson, and each step takes its own time however many others are under way, so that
the number of cases in any state at one moment is Poisson, with the rate of reports times the mean
time in that state as its mean (Eick, Massey and Whitt 1993); from an empty start only the part of
that time counts that those who have come by then can have had.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pytest
from scipy.stats import chi2

from sim.engines.compiled import run
from sim.tables import ENQUIRIES, EPISODES, NEVER, Activity, Draws, Table
from tests.engines.episodes import NO_EPISODE, NO_LINE, rules
from tests.engines.hand import policy, unit_pool
from tests.theory.agreement import Estimate, FloatArray, estimate
from tests.theory.queues import Seconds, attempts_of, incidents_of, number_at, steady_rota

RATE: Final = 8.0 / 3600
SCENE: Final = 1800
AWAY: Final = 6 * 3600.0
"""Mean from the end of the scene until the child is safe, exponential."""
FOUND: Final = 1 / 3
"""Share of children whom the first line of enquiry finds; half of their time away is its work."""
APART: Final = 36 * 3600
"""From one census to the next, six times the mean: hardly a case is counted twice."""
CENSUS: Final[Seconds] = APART * np.arange(1, 4)
END: Final = int(CENSUS[-1]) + 1
REPLICATIONS: Final = 40
UNITS: Final = 60
PLANTED: Final = 1.03
SHORTER: Final = 0.95
"""The same children, away for less, are a control whose mean is known."""
STATES: Final = ("under enquiry", "missing", "at a line")
ALPHA: Final = 1e-4


class Reports(NamedTuple):
    """What befalls each child: reported, away for so long after the scene, found or back."""

    reported_at: Seconds
    away: FloatArray
    found: np.ndarray

    def times(self, scale: float = 1.0) -> tuple[Seconds, Seconds]:
        """Whole seconds away (one at least), and the line's gap."""
        away = 1 + np.floor(scale * self.away).astype(np.int64)
        return away, away // 2

    def counts(self, scale: float = 1.0) -> FloatArray:
        """Numbers in each state at each census by the draws alone, shape (states, censuses)."""
        away, gap = self.times(scale)
        begun = self.reported_at + SCENE
        at_line = begun + gap
        return np.array(
            [
                number_at(CENSUS, begun, begun + away),
                number_at(CENSUS, self.reported_at, begun + away),
                number_at(CENSUS, at_line[self.found], (begun + away)[self.found]),
            ],
            dtype=np.float64,
        )


def drawn(seed: int) -> Reports:
    """Reports of one replication, a Poisson number at uniform seconds."""
    generator = np.random.default_rng([1993, seed])
    count = int(generator.poisson(RATE * END))
    reported_at = np.sort(generator.integers(0, END, count))
    return Reports(reported_at, generator.exponential(AWAY, count), generator.random(count) < FOUND)


def expected(scale: float = 1.0) -> FloatArray:
    """Mean numbers in each state at each census, shape (states, censuses), to the second."""
    mean = scale * AWAY
    means = []
    for census in CENSUS.tolist():
        passed = np.arange(census - SCENE + 1)
        # Away for more than u seconds; and found, with the line begun: u is half of it or more.
        still_away = np.exp(-passed / mean)
        at_line = still_away - np.exp(-(2 * passed + 1) / mean)
        means.append([still_away.sum(), SCENE + still_away.sum(), FOUND * at_line.sum()])
    return RATE * np.array(means).T


def played(reports: Reports, longer: float) -> FloatArray:
    """Numbers in each state at each census as the engine has them, shape (states, censuses)."""
    away, gap = reports.times(longer)
    count = len(away)
    table = incidents_of(
        reports.reported_at,
        scene_seconds=SCENE,
        interview_seconds=600,
        return_at=np.where(reports.found, NEVER, reports.reported_at + SCENE + away),
    )
    lines = {
        **{name: np.full(count, value) for name, value in {**ENQUIRIES.nothing, **NO_LINE}.items()},
        # The line of a child who comes back is never reached.
        "gap_seconds": np.where(reports.found, gap, 2 * END),
        "work_seconds": away - gap,
        "finds": reports.found.astype(np.int64),
        "line": np.zeros(count),
    }
    episodes = {
        name: np.full(count, value) for name, value in {**EPISODES.nothing, **NO_EPISODE}.items()
    }
    draws = Draws(
        table,
        attempts_of(table),
        Table(EPISODES, {**episodes, "key": table["key"]}),
        Table(ENQUIRIES, {**lines, "key": table["key"]}),
    )
    rule = policy([unit_pool()], end=END, episode=rules())
    _, activities, cases = run(draws, steady_rota(UNITS, END).table, rule)
    kinds = activities["kind"]
    # Nobody is short: no wait of a second or more.
    assert not np.isin(
        kinds, (Activity.WAIT_UNIT, Activity.WAIT_ENQUIRY, Activity.WAIT_VISIT)
    ).any()
    begun, line = cases["enquiry_at"] != NEVER, kinds == Activity.ENQUIRY
    return np.array(
        [
            number_at(CENSUS, cases["enquiry_at"][begun], cases["safe_at"][begun]),
            number_at(CENSUS, table["reported_at"], cases["safe_at"]),
            number_at(CENSUS, activities["start"][line], activities["end"][line]),
        ],
        dtype=np.float64,
    )


def replicate(longer: float = 1.0) -> tuple[FloatArray, list[Estimate]]:
    """All counts, shape (replications, states, censuses), and each state's mean over censuses."""
    reports = [drawn(seed) for seed in range(REPLICATIONS)]
    counts = np.array([played(one, longer) for one in reports])
    controls = np.array([one.counts(SHORTER) - expected(SHORTER) for one in reports]).mean(axis=2)
    means = counts.mean(axis=2)
    nothing = np.ones(REPLICATIONS)
    return counts, [
        estimate(means[:, place], nothing, controls[:, [place]]) for place in range(len(STATES))
    ]


@pytest.fixture(scope="module")
def found() -> tuple[FloatArray, list[Estimate]]:
    """Played once for all tests."""
    return replicate()


@pytest.mark.parametrize("place", range(len(STATES)), ids=STATES)
def test_the_mean_number_is_rate_times_time(
    found: tuple[FloatArray, list[Estimate]], place: int
) -> None:
    """Little's law for those who never wait; an error of 3 % in the time away would be caught."""
    mean = expected()[place].mean()
    assert found[1][place].agrees(mean, len(STATES))
    # Of all states but the smallest, of which there are too few to see it.
    if STATES[place] != "at a line":
        assert found[1][place].would_catch(
            (expected(PLANTED)[place] - expected()[place]).mean(), len(STATES)
        )


@pytest.mark.parametrize("place", range(len(STATES)), ids=STATES)
def test_the_number_at_a_census_is_poisson(
    found: tuple[FloatArray, list[Estimate]], place: int
) -> None:
    """The dispersion about the known mean is that of a Poisson number: chi-squared."""
    counts, mean = found[0][:, place], expected()[place]
    dispersion = float(((counts - mean) ** 2 / mean).sum())
    alpha = ALPHA / len(STATES)
    assert chi2.ppf(alpha / 2, counts.size) < dispersion < chi2.isf(alpha / 2, counts.size)


def test_planted_error_is_caught() -> None:
    """Children who are away for 3 % longer put both numbers outside their intervals."""
    _, estimates = replicate(PLANTED)
    for place in (0, 1):
        assert not estimates[place].agrees(expected()[place].mean(), len(STATES))
