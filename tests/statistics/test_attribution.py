"""A figure shared out among causes: exact sums, planted worlds, and intervals that cover."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from sim.statistics import Attribution, attributed, contrast
from sim.statistics.attribution import set_sizes, share_weights

Wrong = npt.NDArray[np.float64]
STUDIES = 4_000
REPLICATIONS = 30
# By pattern of causes that must go for a case to go well: its probability. Bit i: cause i.
PATTERNS = {0b000: 0.2, 0b001: 0.15, 0b010: 0.1, 0b011: 0.15, 0b110: 0.1, 0b111: 0.1}
"""What goes wrong whatever happens is the rest; a quarter goes well in any case."""
ALWAYS_WRONG = 0.1


def wrong_with(patterns: dict[int, float], causes: int) -> Wrong:
    """The share that goes wrong with each set of causes gone, all that a pattern names needed."""
    return np.array(
        [
            ALWAYS_WRONG
            + sum(share for needed, share in patterns.items() if needed and needed & gone != needed)
            for gone in range(1 << causes)
        ]
    )


def study(wrong: Wrong, generator: np.random.Generator, replications: int) -> Attribution:
    """A study of cases whose pattern is drawn, with busier and quieter replications."""
    tops, bottoms = sums(PATTERNS, 3, generator, replications)
    assert tops.shape[0] == wrong.size
    return attributed(tops, bottoms, 0.95)


def sums(
    patterns: dict[int, float], causes: int, generator: np.random.Generator, replications: int
) -> tuple[Wrong, Wrong]:
    """What went wrong and what was counted, shape (sets, replications)."""
    # A replication's own day: more cases, and more of them in trouble.
    strain = generator.gamma(20.0, 1 / 20.0, replications)
    cases = generator.poisson(200 * strain)
    needed = list(patterns)
    shares = np.array([*patterns.values(), ALWAYS_WRONG])
    shares = np.append(shares, 1 - shares.sum())
    drawn = np.array([generator.multinomial(n, shares) for n in cases], dtype=np.float64)
    tops = []
    for gone in range(1 << causes):
        wrong = drawn[:, len(needed)].copy()
        for place, one in enumerate(needed):
            if one and one & gone != one:
                wrong += drawn[:, place]
        tops.append(wrong)
    return np.array(tops), np.tile(cases.astype(np.float64), (1 << causes, 1))


def values(found: Attribution, of: str = "shares") -> list[float]:
    """The estimates."""
    return [one.value or 0.0 for one in getattr(found, of)]


@pytest.mark.parametrize("causes", range(1, 8))
def test_shares_add_up_exactly(causes: int) -> None:
    """Whatever the figures, to the fall from all causes there to none."""
    generator = np.random.default_rng(causes)
    tops = generator.integers(0, 200, (1 << causes, 5))
    bottoms = generator.integers(200, 300, (1 << causes, 5))
    found = attributed(tops, bottoms, 0.95)
    ratios = tops.sum(axis=1) / bottoms.sum(axis=1)
    assert sum(values(found)) == pytest.approx(ratios[0] - ratios[-1], abs=1e-12)


def test_weights_are_those_of_all_orders() -> None:
    """Of three causes: the mean over the six orders, counted by hand for one of them."""
    # Cause 0 is first in 2 of 6 orders, second after 1 in one, after 2 in one, last in 2.
    expected = {0b000: 2 / 6, 0b010: 1 / 6, 0b100: 1 / 6, 0b110: 2 / 6}
    weights = share_weights(3, 0)
    for gone, weight in expected.items():
        assert weights[gone] == pytest.approx(weight)
        assert weights[gone | 1] == pytest.approx(-weight)
    assert list(set_sizes(2)) == [0, 1, 1, 2]


def test_causes_that_add_have_their_own_effect_as_share() -> None:
    """Alone, last and on average alike: each case is in trouble for one reason."""
    patterns = {0b001: 0.3, 0b010: 0.1, 0b100: 0.0}
    tops, bottoms = sums(patterns, 3, np.random.default_rng(1), 20)
    found = attributed(tops, bottoms, 0.95)
    for of in ("shares", "alone", "last"):
        assert values(found, of) == pytest.approx(values(found))
    total = bottoms[0].sum()
    fall = [(tops[0].sum() - tops[1 << one].sum()) / total for one in range(3)]
    assert values(found) == pytest.approx(fall)
    assert values(found)[2] == 0.0


def test_causes_that_are_both_needed_share_alike() -> None:
    """Neither wins anything alone, each wins all as the last, and each has half."""
    tops, bottoms = sums({0b11: 0.4}, 2, np.random.default_rng(2), 20)
    found = attributed(tops, bottoms, 0.95)
    whole = (tops[0].sum() - tops[3].sum()) / bottoms[0].sum()
    assert values(found, "alone") == [0.0, 0.0]
    assert values(found, "last") == pytest.approx([whole, whole])
    assert values(found) == pytest.approx([whole / 2, whole / 2])


def test_causes_of_which_any_one_is_enough_share_alike() -> None:
    """Each wins all alone, nothing as the last, and each has half."""
    generator = np.random.default_rng(3)
    cases = generator.poisson(200, 20).astype(np.float64)
    trouble = generator.binomial(cases.astype(int), 0.4).astype(np.float64)
    none = np.zeros_like(trouble)
    found = attributed([trouble, none, none, none], np.tile(cases, (4, 1)), 0.95)
    whole = trouble.sum() / cases.sum()
    assert values(found, "alone") == pytest.approx([whole, whole])
    assert values(found, "last") == [0.0, 0.0]
    assert values(found) == pytest.approx([whole / 2, whole / 2])


def test_intervals_cover_the_planted_shares() -> None:
    """In 93 to 97 of 100 studies of thirty replications, each cause, alone and last too.

    At 95 % the share covered has a standard error of 0.34 points over 4,000 studies, so that two
    points either way are more than five of them.
    """
    wrong = wrong_with(PATTERNS, 3)
    truth = {
        "shares": [float(share_weights(3, one) @ wrong) for one in range(3)],
        "alone": [wrong[0] - wrong[1 << one] for one in range(3)],
        "last": [wrong[7 ^ 1 << one] - wrong[7] for one in range(3)],
    }
    generator = np.random.default_rng(2022)
    covered = {of: np.zeros(3) for of in truth}
    for _ in range(STUDIES):
        found = study(wrong, generator, REPLICATIONS)
        for of, expected in truth.items():
            for place, (one, right) in enumerate(zip(getattr(found, of), expected, strict=True)):
                covered[of][place] += not one.excludes(right)
    for of, hits in covered.items():
        for place, hit in enumerate(hits / STUDIES):
            # What is nought by construction is nought in every study.
            if truth[of][place] == 0:
                assert hit == 1.0
            else:
                assert 0.93 < hit < 0.97, (of, place)


def test_a_planted_error_is_noticed() -> None:
    """Equal weight for every set, which shares do not have, no longer adds up."""
    tops, bottoms = sums(PATTERNS, 3, np.random.default_rng(5), 20)
    sets = np.arange(8)
    total = 0.0
    for cause in range(3):
        equal = np.where(sets >> cause & 1, -0.25, 0.25)
        total += contrast(equal, tops, bottoms, 0.95, 1).value or 0.0
    ratios = tops.sum(axis=1) / bottoms.sum(axis=1)
    assert abs(total - (ratios[0] - ratios[-1])) > 0.01


def test_what_cannot_be_shared_out_is_refused() -> None:
    """A number of sets that is no power of two, and a set in which nothing was counted."""
    with pytest.raises(ValueError, match="2\\^causes"):
        attributed(np.zeros((3, 4)), np.ones((3, 4)), 0.95)
    with pytest.raises(ValueError, match="nothing was counted"):
        attributed(np.zeros((2, 4)), np.zeros((2, 4)), 0.95)
