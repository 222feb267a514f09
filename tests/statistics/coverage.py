"""How often an interval holds, judged against a binomial with a false-alarm rate of 1e-4."""

from collections.abc import Iterable

from scipy.special import bdtr, bdtrc

ALPHA = 1e-4


def held(interval_held: Iterable[bool]) -> tuple[int, int]:
    """Count how often an interval held, and out of how many."""
    outcomes = [bool(outcome) for outcome in interval_held]
    return sum(outcomes), len(outcomes)


def at_least(outcome: tuple[int, int], coverage: float) -> bool:
    """Whether the count is one that a true coverage of `coverage` or more may give."""
    hits, trials = outcome
    return bool(bdtr(hits, trials, coverage) > ALPHA / 2)


def at_most(outcome: tuple[int, int], coverage: float) -> bool:
    """Whether the count is one that a true coverage of `coverage` or less may give."""
    hits, trials = outcome
    return hits == 0 or bool(bdtrc(hits - 1, trials, coverage) > ALPHA / 2)
