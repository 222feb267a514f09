"""When to stop, and what to say beforehand."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.statistics import (
    Interval,
    Precision,
    PrecisionStop,
    mean_interval,
    replications_for_rare_share,
    replications_needed,
)


def between(low: float, high: float) -> Interval:
    """An interval with its value in the middle."""
    return Interval((low + high) / 2, low, high, 30, 0.95)


def judge_mean(values: Sequence[float]) -> list[Precision]:
    """Half-width of a mean within 0.35, absolute."""
    return [Precision(mean_interval(values, 0.95), 0.35)]


def test_a_share_is_judged_on_its_absolute_half_width() -> None:
    """A share of 0.2 % within half a point is precise, whatever that is of itself."""
    assert Precision(between(0.0, 0.004), 0.005).met
    assert not Precision(between(0.0, 0.02), 0.005).met


def test_a_mean_is_judged_relative_to_a_reference() -> None:
    """A difference of 0 within 3 minutes is precise to 10 % of a baseline of 40 minutes."""
    assert Precision(between(-3, 3), 0.10, relative_to=40).met
    assert not Precision(between(-3, 3), 0.05, relative_to=40).met
    assert Precision(between(-43, -37), 0.10, relative_to=-40).met


def test_nothing_relative_to_nothing_is_precise_and_something_is_not() -> None:
    """0 / 0 needs no more replications; a spread around 0 does."""
    assert Precision(between(0, 0), 0.05, relative_to=0).met
    assert not Precision(between(-1, 1), 0.05, relative_to=0).met


def test_without_an_interval_nothing_is_precise() -> None:
    """What cannot be estimated has not been estimated well."""
    assert not Precision(Interval(None, None, None, 0, 0.95), 1.0).met
    assert not Precision(Interval(1.0, None, None, 1, 0.95), 1.0, relative_to=1.0).met


def test_a_target_is_positive() -> None:
    """A half-width of zero is never reached on purpose."""
    with pytest.raises(ValueError, match="target"):
        Precision(between(0, 1), 0.0)


def stop_after(values: Sequence[float], order: Sequence[int], batch: int) -> int | None:
    """Feed results in the order in which workers finish."""
    stop: PrecisionStop[float] = PrecisionStop(judge_mean, batch=batch)
    for replication in order:
        stop.add(replication, values[replication])
    return stop.stopped_at


# Standard normal values: 1.96 / sqrt(n) falls to 0.35 at about n = 32 and there are 80.
VALUES = np.random.default_rng(111).normal(size=80).tolist()


@given(st.permutations(range(80)), st.sampled_from([1, 7, 10]))
def test_the_order_in_which_workers_finish_does_not_matter(order: list[int], batch: int) -> None:
    """Any order of arrival stops at the same replication as the natural one."""
    natural = stop_after(VALUES, range(80), batch)
    assert natural is not None
    assert stop_after(VALUES, order, batch) == natural


def test_the_stop_is_the_first_look_that_is_precise() -> None:
    """Looks are at 30, 40, 50 and so on, over all replications so far and no other."""
    looks = range(30, 81, 10)
    half_widths = [mean_interval(VALUES[:n], 0.95).half_width for n in looks]
    expected = next(
        n for n, width in zip(looks, half_widths, strict=True) if width is not None and width < 0.35
    )
    assert expected > 30
    assert stop_after(VALUES, range(80), 10) == expected


def test_the_answer_comes_once_the_run_up_to_it_is_whole() -> None:
    """Forty results with a gap at the start are no run of thirty."""
    stop: PrecisionStop[float] = PrecisionStop(judge_mean)
    for replication in range(1, 40):
        assert stop.add(replication, 1.0) is None
    # The missing first one completes all forty at once; the answer is the look at 30.
    assert stop.add(0, 1.0) == 30
    assert stop.add(40, 1000.0) == stop.stopped_at == 30


def test_every_measure_must_be_precise() -> None:
    """One imprecise measure keeps all of them going."""

    def judge(results: Sequence[int]) -> list[Precision]:
        wide = 1.0 if len(results) < 50 else 0.01
        return [Precision(between(0, 0), 0.1), Precision(between(-wide, wide), 0.1)]

    stop: PrecisionStop[int] = PrecisionStop(judge)
    answers = [stop.add(replication, replication) for replication in range(50)]
    assert answers == [None] * 49 + [50]


def test_never_precise_is_never_stopped() -> None:
    """The rule has no opinion on how long to go on; the planner's limit ends the run."""
    stop: PrecisionStop[int] = PrecisionStop(lambda _: [Precision(between(-9, 9), 1.0)])
    assert {stop.add(replication, 0) for replication in range(200)} == {None}


def test_impossible_rules_and_results_are_refused() -> None:
    """Under 30 replications, no batch, nothing to judge, and a result that came twice."""
    with pytest.raises(ValueError, match="at_least"):
        PrecisionStop(judge_mean, at_least=29)
    with pytest.raises(ValueError, match="batch"):
        PrecisionStop(judge_mean, batch=0)
    stop: PrecisionStop[float] = PrecisionStop(lambda _: [])
    for replication in range(29):
        stop.add(replication, 0.0)
    for twice in (3, -1):
        with pytest.raises(ValueError, match="came before"):
            stop.add(twice, 0.0)
    with pytest.raises(ValueError, match="nothing to be precise about"):
        stop.add(29, 0.0)


def test_half_the_width_takes_four_times_the_replications() -> None:
    """From 30 replications and 2 points to 1 point: 30 * 4 = 120; to 4 points, 8 would do."""
    assert replications_needed(0.02, 30, 0.01) == 120
    # 30 / 4 = 7.5
    assert replications_needed(0.02, 30, 0.04) == 8
    assert replications_needed(0.0, 30, 0.01) == 2


@pytest.mark.parametrize(("now", "count", "target"), [(-1, 30, 1), (1, 0, 1), (1, 30, 0)])
def test_impossible_forecasts_are_refused(now: float, count: int, target: float) -> None:
    """Widths are not negative, and targets and counts are positive."""
    with pytest.raises(ValueError, match="half-width"):
        replications_needed(now, count, target)


def test_a_rare_share_takes_many_replications() -> None:
    """Twenty events of one in a thousand, 160 cases at a time."""
    # 20 / (0.001 * 160) = 125 replications.
    assert replications_for_rare_share(0.001, 20, 160) == 125
    # 20 / (0.001 * 150) = 133.3
    assert replications_for_rare_share(0.001, 20, 150) == 134


@pytest.mark.parametrize(("share", "events", "cases"), [(0, 20, 9), (1.1, 20, 9), (0.1, 20, 0)])
def test_an_event_that_never_happens_cannot_be_waited_for(
    share: float, events: float, cases: float
) -> None:
    """A share of 0 and replications without cases have no answer."""
    with pytest.raises(ValueError, match="positive"):
        replications_for_rare_share(share, events, cases)
