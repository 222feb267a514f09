"""The closed formulas, held against each other and against textbook identities."""

from collections.abc import Callable
from math import factorial

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.sparse import coo_array
from scipy.sparse.linalg import spsolve

from tests.theory.formulas import (
    erlang_b,
    erlang_c,
    little_mean_number,
    mmc_mean_wait,
    mmc_wait_exceeds,
    nonpreemptive_mean_waits,
    pollaczek_khinchine_mean_wait,
    preemptive_mean_first_waits_one_server,
    preemptive_mean_sojourns,
    preemptive_mean_waits,
)

RATES = (0.05, 0.12, 0.08)
SERVICE_RATE = 0.1
SERVERS = 4


@pytest.mark.parametrize("servers", [1, 2, 5, 12])
def test_erlang_c_is_its_definition_as_a_sum(servers: int) -> None:
    """Erlang C from the recursion equals the ratio of sums that defines it."""
    load = 0.8 * servers
    # The state probabilities are a^n / n! below c and a^c / c! (1 + rho + ...) from c on.
    all_busy = load**servers / factorial(servers) / (1 - load / servers)
    some_idle = sum(load**n / factorial(n) for n in range(servers))
    assert erlang_c(servers, load) == pytest.approx(all_busy / (all_busy + some_idle), rel=1e-12)


def test_erlang_c_of_two_servers_in_closed_form() -> None:
    """With two servers Erlang C is a squared over two plus a."""
    # 1.2^2 / (2 + 1.2) = 0.45
    assert erlang_c(2, 1.2) == pytest.approx(0.45, rel=1e-12)


def test_erlang_recursion_survives_sizes_that_overflow_factorials() -> None:
    """A thousand servers give the square-root law, not an overflow."""
    # Halfin and Whitt: with c = a + b sqrt(a), C tends to 1 / (1 + b Phi(b) / phi(b)). At
    # b = 1, Phi = 0.841345 and phi = 0.241971, so the limit is 0.2234; a is 10000, c 10100.
    assert erlang_c(10_100, 10_000.0) == pytest.approx(0.2234, rel=0.01)
    assert erlang_b(2_000, 1.0) < 1e-300


def test_single_server_is_the_closed_form_of_mm1() -> None:
    """With one server the wait is rho over mu less lambda, and waiting has probability rho."""
    # lambda 0.07, mu 0.1: rho = 0.7, mean wait 0.7 / 0.03 = 23.333
    assert erlang_c(1, 0.7) == pytest.approx(0.7, rel=1e-12)
    assert mmc_mean_wait(1, 0.07, 0.1) == pytest.approx(0.7 / 0.03, rel=1e-12)


def test_mean_wait_is_the_area_under_its_tail() -> None:
    """The tail of the wait integrates to its mean, and starts at Erlang C."""
    area, _ = quad(lambda t: mmc_wait_exceeds(t, SERVERS, 0.3, SERVICE_RATE), 0, np.inf)
    assert area == pytest.approx(mmc_mean_wait(SERVERS, 0.3, SERVICE_RATE), rel=1e-9)
    assert mmc_wait_exceeds(0.0, SERVERS, 0.3, SERVICE_RATE) == pytest.approx(
        erlang_c(SERVERS, 3.0), rel=1e-12
    )


@pytest.mark.parametrize("mean_waits", [nonpreemptive_mean_waits, preemptive_mean_waits])
def test_priorities_move_waiting_about_and_conserve_it(
    mean_waits: Callable[[int, tuple[float, ...], float], np.ndarray],
) -> None:
    """With one service rate, the mean wait over all classes is that of no priorities."""
    waits = mean_waits(SERVERS, RATES, SERVICE_RATE)
    overall = mmc_mean_wait(SERVERS, sum(RATES), SERVICE_RATE)
    assert float(waits @ np.array(RATES)) / sum(RATES) == pytest.approx(overall, rel=1e-12)
    assert np.all(np.diff(waits) > 0)


@pytest.mark.parametrize("mean_waits", [nonpreemptive_mean_waits, preemptive_mean_waits])
def test_one_class_of_priority_is_no_priority(
    mean_waits: Callable[[int, tuple[float, ...], float], np.ndarray],
) -> None:
    """Priorities with a single class are plain M/M/c."""
    assert mean_waits(SERVERS, (0.3,), SERVICE_RATE)[0] == pytest.approx(
        mmc_mean_wait(SERVERS, 0.3, SERVICE_RATE), rel=1e-12
    )


def test_preemptive_top_class_sees_only_itself() -> None:
    """The most urgent class waits as if no other work existed."""
    waits = preemptive_mean_waits(SERVERS, RATES, SERVICE_RATE)
    assert waits[0] == pytest.approx(mmc_mean_wait(SERVERS, RATES[0], SERVICE_RATE), rel=1e-12)


def test_preemptive_single_server_is_its_closed_form() -> None:
    """The sojourn in M/M/1 is 1 / (mu (1 - s above)(1 - s)), the first wait s times that."""
    # mu 0.5; loads 0.1, 0.34, 0.5 of one server, so the sojourns are
    # 2 / (1 * 0.9), 2 / (0.9 * 0.66), 2 / (0.66 * 0.5), and the first waits are those times s.
    sojourns = [2 / 0.9, 2 / (0.9 * 0.66), 2 / (0.66 * 0.5)]
    assert preemptive_mean_sojourns(1, RATES, 0.5) == pytest.approx(sojourns, rel=1e-12)
    assert preemptive_mean_first_waits_one_server(RATES, 0.5) == pytest.approx(
        [sojourns[0] * 0.1, sojourns[1] * 0.34, sojourns[2] * 0.5], rel=1e-12
    )


def test_nonpreemptive_priorities_are_the_steady_state_of_their_chain() -> None:
    """Cobham's waits follow from the balance equations of two queues behind two servers."""
    high, low, rate, servers, cut = 0.05, 0.08, 0.1, 2, 90
    # States: one idle or more (by number busy), then all busy with a queue of each class.
    queues = [(one, two) for one in range(cut) for two in range(cut)]
    place = {queue: servers + number for number, queue in enumerate(queues)}
    moves = [(n, n + 1, high + low) for n in range(servers)]
    moves += [(n + 1, n, (n + 1) * rate) for n in range(servers)]
    for (one, two), here in place.items():
        if one + 1 < cut:
            moves.append((here, place[one + 1, two], high))
        if two + 1 < cut:
            moves.append((here, place[one, two + 1], low))
        if one:
            moves.append((here, place[one - 1, two], servers * rate))
        elif two:
            moves.append((here, place[one, two - 1], servers * rate))
    steady = _steady_state(moves, servers + len(queues))
    lengths = steady[servers:] @ np.array(queues)
    waits = nonpreemptive_mean_waits(servers, (high, low), rate)
    assert lengths == pytest.approx(
        [little_mean_number(high, waits[0]), little_mean_number(low, waits[1])], rel=1e-4
    )


def test_preemptive_priorities_are_the_steady_state_of_their_chain() -> None:
    """Preemptive sojourns follow from the balance equations of the numbers present."""
    high, low, rate, servers, cut = 0.05, 0.08, 0.1, 2, 90
    place = {(n, m): n * cut + m for n in range(cut) for m in range(cut)}
    moves = []
    for (one, two), here in place.items():
        served = min(one, servers)
        left_over = min(two, servers - served)
        if one + 1 < cut:
            moves.append((here, place[one + 1, two], high))
        if two + 1 < cut:
            moves.append((here, place[one, two + 1], low))
        if served:
            moves.append((here, place[one - 1, two], served * rate))
        if left_over:
            moves.append((here, place[one, two - 1], left_over * rate))
    numbers = _steady_state(moves, len(place)) @ np.array(list(place))
    sojourns = preemptive_mean_sojourns(servers, (high, low), rate)
    assert numbers == pytest.approx(
        [little_mean_number(high, sojourns[0]), little_mean_number(low, sojourns[1])], rel=1e-4
    )


def test_pollaczek_khinchine_with_exponential_service_is_mm1() -> None:
    """The general formula agrees with M/M/1 where the variance is the mean squared."""
    assert pollaczek_khinchine_mean_wait(0.07, 10.0, 100.0) == pytest.approx(
        mmc_mean_wait(1, 0.07, 0.1), rel=1e-12
    )


def test_constant_service_halves_the_wait() -> None:
    """Without variance the wait is half that of exponential service."""
    assert pollaczek_khinchine_mean_wait(0.07, 10.0, 0.0) == pytest.approx(
        mmc_mean_wait(1, 0.07, 0.1) / 2, rel=1e-12
    )


def test_little_counts_busy_servers() -> None:
    """Little's law on the servers alone gives the offered load."""
    # 0.3 jobs a minute, 10 minutes each: 3 servers busy on average.
    assert little_mean_number(0.3, 10.0) == pytest.approx(3.0, rel=1e-12)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: erlang_c(3, 3.0),
        lambda: erlang_b(-1, 1.0),
        lambda: mmc_mean_wait(1, 0.2, 0.1),
        lambda: mmc_wait_exceeds(-1.0, 4, 0.3, 0.1),
        lambda: nonpreemptive_mean_waits(1, (0.06, 0.06), 0.1),
        lambda: preemptive_mean_sojourns(1, (0.06, 0.06), 0.1),
        lambda: pollaczek_khinchine_mean_wait(0.1, 10.0, 0.0),
        lambda: pollaczek_khinchine_mean_wait(0.01, 10.0, -1.0),
    ],
)
def test_what_has_no_steady_state_is_refused(ask: Callable[[], float]) -> None:
    """An overload, or an argument that makes no sense, is an error and not a number."""
    with pytest.raises(ValueError, match=r"carry a load|must not be negative"):
        ask()


def _steady_state(moves: list[tuple[int, int, float]], size: int) -> np.ndarray:
    """Return the stationary distribution of a Markov chain from its rates."""
    sources, targets, rates = (np.array(column) for column in zip(*moves, strict=True))
    rows = np.concatenate([targets, sources])
    columns = np.concatenate([sources, sources])
    entries = np.concatenate([rates, -rates])
    # One balance equation is implied by the rest; the probabilities add to 1 instead.
    kept = rows > 0
    rows = np.concatenate([rows[kept], np.zeros(size, dtype=np.int64)])
    columns = np.concatenate([columns[kept], np.arange(size)])
    entries = np.concatenate([entries[kept], np.ones(size)])
    system = coo_array((entries, (rows, columns)), shape=(size, size)).tocsc()
    return np.asarray(spsolve(system, np.eye(1, size)[0]))
