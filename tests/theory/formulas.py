"""Closed formulas of queueing theory, used only to check the simulator.

Every function is pure and takes rates and times in one common unit of time, whichever it is.
Waits are time spent in the queue; a sojourn is the wait and the service together.

Notation: ``c`` servers, arrival rate ``lambda``, service rate ``mu``, offered load
``a = lambda / mu`` in erlangs, load of one server ``rho = a / c``.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def erlang_b(servers: int, offered_load: float) -> float:
    """Return the share of arrivals that M/M/c/c turns away.

    Parameters
    ----------
    servers : int
        Number of servers, zero or more.
    offered_load : float
        Erlangs, zero or more; may exceed the number of servers.

    Returns
    -------
    float
        Blocking probability.

    Raises
    ------
    ValueError
        If an argument is negative.

    Notes
    -----
    ``B(n) = a B(n-1) / (n + a B(n-1))``, ``B(0) = 1``. No factorial or power is formed, so a
    thousand servers are no harder than two: the recursion can only underflow, to a probability
    that is nought to machine precision.

    References
    ----------
    Cooper, R. B. (1981). Introduction to Queueing Theory, 2nd edition, section 3.3.
    """
    if servers < 0 or offered_load < 0:
        raise ValueError("servers and offered_load must not be negative")
    blocking = 1.0
    for number in range(1, servers + 1):
        blocking = offered_load * blocking / (number + offered_load * blocking)
    return blocking


def erlang_c(servers: int, offered_load: float) -> float:
    """Return the probability that an arrival to a steady M/M/c queue has to wait.

    Parameters
    ----------
    servers : int
        Number of servers, one or more.
    offered_load : float
        Erlangs, below the number of servers.

    Returns
    -------
    float
        Probability of waiting.

    Raises
    ------
    ValueError
        If the queue would have no steady state, or an argument is negative.

    References
    ----------
    Cooper, R. B. (1981). Introduction to Queueing Theory, 2nd edition, section 3.4.
    """
    if not offered_load < servers:
        raise ValueError(f"{servers} servers cannot carry a load of {offered_load} erlangs")
    blocking = erlang_b(servers, offered_load)
    return blocking / (1.0 - offered_load / servers * (1.0 - blocking))


def mmc_mean_wait(servers: int, arrival_rate: float, service_rate: float) -> float:
    """Return the mean wait in a steady M/M/c queue, over all arrivals.

    Parameters
    ----------
    servers : int
        Number of servers.
    arrival_rate, service_rate : float
        Arrivals to the queue, and services that one server completes, in a unit of time.

    Returns
    -------
    float
        Mean wait; those who do not wait count as zero.

    Raises
    ------
    ValueError
        If the queue would have no steady state.

    References
    ----------
    Kleinrock, L. (1975). Queueing Systems, volume 1, section 3.5.
    """
    spare_rate = servers * service_rate - arrival_rate
    return erlang_c(servers, arrival_rate / service_rate) / spare_rate


def mmc_wait_exceeds(time: float, servers: int, arrival_rate: float, service_rate: float) -> float:
    """Return P(W > time) for first come, first served M/M/c in steady state.

    Parameters
    ----------
    time : float
        Zero or more.
    servers : int
        Number of servers.
    arrival_rate, service_rate : float
        As for `mmc_mean_wait`.

    Returns
    -------
    float
        Share of arrivals that wait longer than `time`.

    Raises
    ------
    ValueError
        If `time` is negative or the queue would have no steady state.

    Notes
    -----
    Those who wait at all wait an exponential time of rate ``c mu - lambda``.

    References
    ----------
    Cooper, R. B. (1981). Introduction to Queueing Theory, 2nd edition, section 3.4.
    """
    if time < 0:
        raise ValueError("time must not be negative")
    spare_rate = servers * service_rate - arrival_rate
    return erlang_c(servers, arrival_rate / service_rate) * float(np.exp(-spare_rate * time))


def nonpreemptive_mean_waits(
    servers: int, arrival_rates: Sequence[float], service_rate: float
) -> FloatArray:
    """Return mean waits by class in M/M/c with priorities that never interrupt.

    Parameters
    ----------
    servers : int
        Number of servers.
    arrival_rates : sequence of float
        Arrival rate of each class, most urgent first.
    service_rate : float
        Service rate, the same for every class.

    Returns
    -------
    ndarray of float64, shape (classes,)
        Mean wait of each class, in the order given.

    Raises
    ------
    ValueError
        If all classes together would have no steady state.

    Notes
    -----
    ``W_k = (C(c, a) / (c mu)) / ((1 - s_(k-1)) (1 - s_k))`` where ``s_k`` is the load of one
    server by the classes up to k. The numerator is the mean time to the next completion, seen by
    an arrival of any class.

    References
    ----------
    Cobham, A. (1954). Operations Research 2(1), 70-76; correction (1955), 3(4), 547.
    Kella, O. and Yechiali, U. (1985). Stochastic Models 1(2), 257-262.
    """
    delay = erlang_c(servers, sum(arrival_rates) / service_rate) / (servers * service_rate)
    loads = [rate / (servers * service_rate) for rate in accumulate(arrival_rates, initial=0.0)]
    return np.array([delay / ((1.0 - above) * (1.0 - own)) for above, own in pairwise(loads)])


def preemptive_mean_sojourns(
    servers: int, arrival_rates: Sequence[float], service_rate: float
) -> FloatArray:
    """Return mean sojourns by class in M/M/c with preemptive-resume priorities.

    Parameters
    ----------
    servers, arrival_rates, service_rate
        As for `nonpreemptive_mean_waits`.

    Returns
    -------
    ndarray of float64, shape (classes,)
        Mean time from arrival to completion, interruptions included.

    Raises
    ------
    ValueError
        If all classes together would have no steady state.

    Notes
    -----
    Classes 1 to k do not see those below them, and with one service rate the number of them
    present is that of a plain M/M/c queue, whoever among them is served. So Little's law on
    the classes up to k, less that on the classes up to k - 1, leaves class k. A class with no
    arrivals has no mean: its entry is NaN.

    References
    ----------
    Jaiswal, N. K. (1968). Priority Queues. Academic Press.
    Buzen, J. P. and Bondi, A. B. (1983). Operations Research 31(3), 456-465.
    """
    numbers = [0.0]
    for rate in accumulate(arrival_rates):
        sojourn = mmc_mean_wait(servers, rate, service_rate) + 1.0 / service_rate
        numbers.append(rate * sojourn)
    rates = np.asarray(arrival_rates, dtype=np.float64)
    sojourns: FloatArray = np.full(rates.size, np.nan)
    np.divide(np.diff(numbers), rates, out=sojourns, where=rates > 0)
    return sojourns


def preemptive_mean_waits(
    servers: int, arrival_rates: Sequence[float], service_rate: float
) -> FloatArray:
    """Return the mean time not in service by class, preemptive-resume M/M/c.

    Parameters
    ----------
    servers, arrival_rates, service_rate
        As for `nonpreemptive_mean_waits`.

    Returns
    -------
    ndarray of float64, shape (classes,)
        Mean of the wait before service and of every later interruption, added. It is *not* the
        time to the first start of service, which is shorter for all but the top class.

    Raises
    ------
    ValueError
        If all classes together would have no steady state.

    References
    ----------
    As for `preemptive_mean_sojourns`.
    """
    return preemptive_mean_sojourns(servers, arrival_rates, service_rate) - 1.0 / service_rate


def preemptive_mean_first_waits_one_server(
    arrival_rates: Sequence[float], service_rate: float
) -> FloatArray:
    """Return the mean time to the *first* start of service, preemptive-resume M/M/1.

    Parameters
    ----------
    arrival_rates, service_rate
        As for `nonpreemptive_mean_waits`.

    Returns
    -------
    ndarray of float64, shape (classes,)
        Mean time from arrival until a server first begins the job.

    Raises
    ------
    ValueError
        If all classes together would have no steady state.

    Notes
    -----
    From its first start a job of class k is done after its own service and every interruption:
    a busy period of the classes above, of mean ``1 / (mu (1 - s_(k-1)))``. That is taken from
    the sojourn. With several servers no such shortcut holds.

    References
    ----------
    Jaiswal, N. K. (1968). Priority Queues. Academic Press.
    """
    loads = [rate / service_rate for rate in accumulate(arrival_rates, initial=0.0)]
    residence: FloatArray = np.array([1.0 / (service_rate * (1.0 - above)) for above in loads[:-1]])
    return preemptive_mean_sojourns(1, arrival_rates, service_rate) - residence


def pollaczek_khinchine_mean_wait(
    arrival_rate: float, service_mean: float, service_variance: float
) -> float:
    """Return the mean wait in a steady M/G/1 queue.

    Parameters
    ----------
    arrival_rate : float
        Arrivals in a unit of time.
    service_mean, service_variance : float
        Mean and variance of the service time.

    Returns
    -------
    float
        Mean wait; the same for any order of service that ignores service times.

    Raises
    ------
    ValueError
        If the queue would have no steady state, or the variance is negative.

    References
    ----------
    Kleinrock, L. (1975). Queueing Systems, volume 1, section 5.6.
    """
    load = arrival_rate * service_mean
    if not load < 1:
        raise ValueError(f"one server cannot carry a load of {load} erlangs")
    if service_variance < 0:
        raise ValueError("service_variance must not be negative")
    second_moment = service_variance + service_mean**2
    return arrival_rate * second_moment / (2.0 * (1.0 - load))


def little_mean_number(arrival_rate: float, mean_time: float) -> float:
    """Return the mean number present, from the rate of arrival and the mean time spent.

    Parameters
    ----------
    arrival_rate : float
        Long-run arrivals in a unit of time.
    mean_time : float
        Mean time that an arrival spends: in the queue, for the mean length of the queue; in
        service, for the mean number of busy servers.

    Returns
    -------
    float
        Mean number present, averaged over time.

    References
    ----------
    Little, J. D. C. (1961). Operations Research 9(3), 383-387.
    """
    return arrival_rate * mean_time
