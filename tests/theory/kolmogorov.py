"""M(t)/M/c(t) through shift changes, solved by the Kolmogorov equations.

One first come, first served queue with a common exponential service. People come in cohorts,
one for each shift. At the end of a shift its idle people leave at once, and its busy people
finish the job in hand and then leave; new work goes to cohorts on duty only. Of several idle
people the one with most shift left takes the job: the cohort that ends last, then the one that
comes first in the list. At one instant a shift ends before the next begins, and those who begin
take waiting work at once.

The state is the length of the queue and the number busy in each cohort on duty. Two facts keep
it small without approximation:

- while anyone waits, everybody on duty is busy, so a queue needs no other coordinate;
- a cohort that has left takes no new work, so it touches neither the queue nor the others. Each
  job that it had in hand at the end of its shift is still in hand a time ``s`` later with
  probability ``exp(-mu s)``; its expected number busy is followed by that law.

Between changes of rate or staff the generator is constant, and the forward equations are solved
by the action of a matrix exponential. The queue is cut at `longest_queue`: a path that would
exceed it is dropped from the state space, so the missing mass is the probability that the true
queue has ever been longer, and bounds the error of every probability here. It is reported.

The wait of someone who arrives at time t behind k others does not depend on later arrivals: the
k are worked off at the rate of the people on duty, and a new cohort takes several at once. Its
mean follows from the backward equations of that pure death process.

References
----------
Green, L. V., Kolesar, P. J. and Soares, J. (2001). Operations Research 49(4), 549-564.
Ingolfsson, A. (2005). Modeling the M(t)/M/s(t) queue with an exhaustive discipline. Working
paper, University of Alberta (for people who finish their job after their shift).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.integrate import simpson
from scipy.interpolate import CubicSpline
from scipy.sparse import coo_array, csr_array
from scipy.sparse.linalg import expm_multiply

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Cohort:
    """The people of one shift, on duty in [start, end).

    Attributes
    ----------
    start, end : float
        Minutes from the first midnight. `start` may be negative: such a cohort is on duty, and
        idle, at time 0.
    people : int
        Number of servers.
    """

    start: float
    end: float
    people: int


@dataclass(frozen=True)
class Rate:
    """An arrival rate that holds from one time until the next in the list.

    Attributes
    ----------
    start : float
        Minutes from the first midnight.
    per_minute : float
        Arrivals a minute.
    """

    start: float
    per_minute: float


def repeat_daily(
    shifts: Sequence[Cohort], rates: Sequence[Rate], days: int
) -> tuple[tuple[Cohort, ...], tuple[Rate, ...]]:
    """Return the shifts and rates of one day, repeated over days 0 to ``days - 1``.

    Parameters
    ----------
    shifts : sequence of Cohort
        Shifts that *begin* on day 0. One that ends after midnight is also given its forerunner
        of the day before, so that it is on duty at time 0.
    rates : sequence of Rate
        Rates of one day, the first from minute 0.
    days : int
        Number of days.

    Returns
    -------
    tuple of Cohort, tuple of Rate
        In order of day, then as given.
    """
    day_minutes = 1440.0
    before = [shift for shift in shifts if shift.end > day_minutes]
    cohorts = [Cohort(s.start - day_minutes, s.end - day_minutes, s.people) for s in before]
    repeated: list[Rate] = []
    for day in range(days):
        offset = day * day_minutes
        cohorts += [Cohort(s.start + offset, s.end + offset, s.people) for s in shifts]
        repeated += [Rate(r.start + offset, r.per_minute) for r in rates]
    return tuple(cohorts), tuple(repeated)


@dataclass(frozen=True)
class Segment:
    """The solution between two changes of rate or staff.

    Attributes
    ----------
    times : ndarray of float64, shape (points,)
        Minutes, evenly spaced, an odd number of points; both ends included. The first point is
        just after the change that opens the segment, the last just before the next.
    arrival_rate : float
        Arrivals a minute.
    queue_mean : ndarray of float64, shape (points,)
        Expected number waiting.
    wait_probability : ndarray of float64, shape (points,)
        Probability that someone who arrives then must wait.
    wait_mean : ndarray of float64, shape (points,)
        Expected wait, in minutes, of someone who arrives then, cut at the end of the horizon.
    busy_mean : ndarray of float64, shape (cohorts, points)
        Expected number busy in each cohort, jobs finished after the shift included.
    missing_mass : ndarray of float64, shape (points,)
        Probability that the queue has been longer than the truncation, so far.
    """

    times: FloatArray
    arrival_rate: float
    queue_mean: FloatArray
    wait_probability: FloatArray
    wait_mean: FloatArray
    busy_mean: FloatArray
    missing_mass: FloatArray


@dataclass(frozen=True)
class Solution:
    """Time-dependent expectations of an M(t)/M/c(t) queue that starts empty.

    Attributes
    ----------
    cohorts : tuple of Cohort
        As given; the first axis of ``busy_mean``.
    segments : tuple of Segment
        In order of time.
    """

    cohorts: tuple[Cohort, ...]
    segments: tuple[Segment, ...]

    @property
    def horizon(self) -> float:
        """The last minute solved for."""
        return float(self.segments[-1].times[-1])

    @property
    def missing_mass(self) -> float:
        """Probability that the queue was ever longer than the truncation."""
        return float(self.segments[-1].missing_mass[-1])

    def queue_mean_at(self, time: float) -> float:
        """Return the expected number waiting at a time, after any change at that instant."""
        segment = self._segment_at(time)
        return float(CubicSpline(segment.times, segment.queue_mean)(time))

    def wait_probability_at(self, time: float) -> float:
        """Return the probability that someone who arrives at a time must wait."""
        segment = self._segment_at(time)
        return float(CubicSpline(segment.times, segment.wait_probability)(time))

    def wait_mean_at(self, time: float) -> float:
        """Return the expected wait of someone who arrives at a time, cut at the horizon."""
        segment = self._segment_at(time)
        return float(CubicSpline(segment.times, segment.wait_mean)(time))

    def busy_mean_at(self, time: float) -> FloatArray:
        """Return the expected number busy at a time, shape (cohorts,)."""
        segment = self._segment_at(time)
        spline = CubicSpline(segment.times, segment.busy_mean, axis=1)
        return np.asarray(spline(time), dtype=np.float64)

    def queue_mean_between(self, start: float, end: float) -> float:
        """Return the length of the queue averaged over [start, end)."""
        total = sum(_integral(s.times, s.queue_mean, start, end) for s in self.segments)
        return total / (end - start)

    def arrivals_between(self, start: float, end: float) -> float:
        """Return the expected number of arrivals in [start, end)."""
        return sum(
            s.arrival_rate * max(0.0, min(end, float(s.times[-1])) - max(start, float(s.times[0])))
            for s in self.segments
        )

    def wait_probability_between(self, start: float, end: float) -> float:
        """Return the share of those who arrive in [start, end) that wait.

        It is the ratio of expectations: waiters over arrivals.
        """
        total = sum(
            s.arrival_rate * _integral(s.times, s.wait_probability, start, end)
            for s in self.segments
        )
        return total / self.arrivals_between(start, end)

    def wait_mean_between(self, start: float, end: float) -> float:
        """Return the mean wait of those who arrive in [start, end), cut at the horizon.

        It is the ratio of expectations: minutes waited over arrivals. Let the horizon run on
        well past `end`, as a follow-up, and the cut does not matter.
        """
        total = sum(
            s.arrival_rate * _integral(s.times, s.wait_mean, start, end) for s in self.segments
        )
        return total / self.arrivals_between(start, end)

    def overtime_mean(self, cohort: int) -> float:
        """Return the expected minutes that a cohort works after its end, within the horizon."""
        end = self.cohorts[cohort].end
        return sum(
            _integral(s.times, s.busy_mean[cohort], end, self.horizon) for s in self.segments
        )

    def _segment_at(self, time: float) -> Segment:
        if not 0.0 <= time <= self.horizon:
            raise ValueError(f"minute {time} is outside the solution")
        return next(s for s in reversed(self.segments) if s.times[0] <= time)


def solve(
    cohorts: Sequence[Cohort],
    rates: Sequence[Rate],
    service_mean: float,
    horizon: float,
    *,
    longest_queue: int = 200,
    step: float = 1.0,
) -> Solution:
    """Solve an M(t)/M/c(t) queue that is empty at time 0.

    Parameters
    ----------
    cohorts : sequence of Cohort
        In any order; those that overlap are on duty together.
    rates : sequence of Rate
        In order of time, the first at or before minute 0.
    service_mean : float
        Mean of the exponential service, minutes.
    horizon : float
        Last minute to solve for.
    longest_queue : int
        Truncation of the queue.
    step : float
        Longest spacing of the points of the solution, minutes. It sets the error of averages
        over time only (Simpson's rule); the values at the points are exact but for truncation.

    Returns
    -------
    Solution
        Expectations on a grid of points in each segment.

    Raises
    ------
    ValueError
        If the rates do not begin by minute 0 or are out of order, or a cohort ends before it
        begins.
    """
    if not rates or rates[0].start > 0 or any(a.start >= b.start for a, b in pairwise(rates)):
        raise ValueError("rates must be in order of time and begin by minute 0")
    if any(cohort.end <= cohort.start for cohort in cohorts):
        raise ValueError("a cohort must end after it begins")
    service_rate = 1.0 / service_mean
    changes = {r.start for r in rates} | {c.start for c in cohorts} | {c.end for c in cohorts}
    edges = [0.0, *sorted(t for t in changes if 0.0 < t < horizon), horizon]
    waits = _tagged_waits(cohorts, edges, service_rate, longest_queue, step)

    space = _StateSpace.of(cohorts, (), longest_queue)
    mass = np.zeros(space.size)
    mass[0] = 1.0
    left_busy: dict[int, float] = {}
    segments: list[Segment] = []
    for number, (start, end) in enumerate(pairwise(edges)):
        for cohort in set(space.on_duty) - set(_on_duty(cohorts, start)):
            left_busy[cohort] = float(mass @ space.busy_of(cohort))
        following = _StateSpace.of(cohorts, _on_duty(cohorts, start), longest_queue)
        mass = space.change_to(following, mass)
        space = following

        arrival_rate = next(r.per_minute for r in reversed(rates) if r.start <= start)
        times = _grid(start, end, step)
        generator = space.generator(arrival_rate, service_rate)
        masses = _propagate(generator.T.tocsr(), mass, times)
        mass = masses[-1]

        busy = np.zeros((len(cohorts), times.size))
        for cohort in space.on_duty:
            busy[cohort] = masses @ space.busy_of(cohort)
        for cohort, at_end in left_busy.items():
            busy[cohort] = at_end * np.exp(-service_rate * (times - cohorts[cohort].end))
        segments.append(
            Segment(
                times=times,
                arrival_rate=arrival_rate,
                queue_mean=masses @ space.queue,
                wait_probability=masses[:, space.all_busy].sum(axis=1),
                wait_mean=np.einsum("ij,ij->i", masses[:, space.all_busy], waits[number]),
                busy_mean=busy,
                missing_mass=1.0 - masses.sum(axis=1),
            )
        )
    return Solution(tuple(cohorts), tuple(segments))


@dataclass(frozen=True)
class _StateSpace:
    """States with these cohorts on duty: every split of busy people, then the queue lengths.

    ``states`` lists the busy numbers in the order of `on_duty` (most shift left first) and the
    queue; the last ``longest_queue + 1`` states are those where all are busy, by queue length.
    """

    people: tuple[int, ...]
    on_duty: tuple[int, ...]
    states: tuple[tuple[tuple[int, ...], int], ...]
    longest_queue: int

    @classmethod
    def of(cls, cohorts: Sequence[Cohort], on_duty: tuple[int, ...], longest_queue: int) -> Self:
        people = tuple(cohorts[cohort].people for cohort in on_duty)
        # The last of the product is the state in which all are busy: it leads the queue.
        splits = list(product(*(range(number + 1) for number in people)))
        states = [(split, 0) for split in splits]
        states += [(splits[-1], length) for length in range(1, longest_queue + 1)]
        return cls(people, on_duty, tuple(states), longest_queue)

    @property
    def size(self) -> int:
        return len(self.states)

    @property
    def all_busy(self) -> slice:
        return slice(self.size - self.longest_queue - 1, None)

    @property
    def queue(self) -> FloatArray:
        return np.array([length for _, length in self.states], dtype=np.float64)

    def busy_of(self, cohort: int) -> FloatArray:
        place = self.on_duty.index(cohort)
        return np.array([busy[place] for busy, _ in self.states], dtype=np.float64)

    def take_work(self, busy: tuple[int, ...], jobs: int) -> tuple[tuple[int, ...], int]:
        """Return the state after waiting jobs are handed to idle people."""
        taken = list(busy)
        for place, number in enumerate(self.people):
            more = min(jobs, number - taken[place])
            taken[place] += more
            jobs -= more
        return tuple(taken), jobs

    def generator(self, arrival_rate: float, service_rate: float) -> csr_array:
        index = {state: number for number, state in enumerate(self.states)}
        moves: list[tuple[int, int, float]] = []
        for source, (busy, length) in enumerate(self.states):
            target = index.get(self.take_work(busy, length + 1))
            if target is not None:
                moves.append((source, target, arrival_rate))
            moves.append((source, source, -arrival_rate - service_rate * sum(busy)))
            for place, number in enumerate(busy):
                if number:
                    one_fewer = (*busy[:place], number - 1, *busy[place + 1 :])
                    done = index[self.take_work(one_fewer, length)]
                    moves.append((source, done, service_rate * number))
        sources, targets, rates = (np.array(column) for column in zip(*moves, strict=True))
        return coo_array((rates, (sources, targets)), shape=(self.size, self.size)).tocsr()

    def change_to(self, following: Self, mass: FloatArray) -> FloatArray:
        """Return the mass over the following states after people leave and others begin."""
        index = {state: number for number, state in enumerate(following.states)}
        moved = np.zeros(following.size)
        for (busy, length), probability in zip(self.states, mass, strict=True):
            by_cohort = dict(zip(self.on_duty, busy, strict=True))
            stay = tuple(by_cohort.get(cohort, 0) for cohort in following.on_duty)
            moved[index[following.take_work(stay, length)]] += probability
        return moved


def _on_duty(cohorts: Sequence[Cohort], time: float) -> tuple[int, ...]:
    """Return the cohorts on duty at a time, in the order in which they take work."""
    present = [n for n, cohort in enumerate(cohorts) if cohort.start <= time < cohort.end]
    return tuple(sorted(present, key=lambda n: (-cohorts[n].end, n)))


def _grid(start: float, end: float, step: float) -> FloatArray:
    # Simpson's rule needs an even number of intervals; a spline needs four points.
    intervals = 2 * max(2, int(np.ceil((end - start) / (2.0 * step))))
    return np.linspace(start, end, intervals + 1)


def _propagate(operator: csr_array, initial: FloatArray, times: FloatArray) -> FloatArray:
    """Return exp(operator (t - t0)) initial at evenly spaced times, shape (points, states)."""
    result = expm_multiply(
        operator, initial, start=0.0, stop=times[-1] - times[0], num=times.size, endpoint=True
    )
    return np.asarray(result, dtype=np.float64)


def _tagged_waits(
    cohorts: Sequence[Cohort],
    edges: Sequence[float],
    service_rate: float,
    longest_queue: int,
    step: float,
) -> list[FloatArray]:
    """Return, by segment, the mean wait behind k others, shape (points, longest_queue + 1).

    With u_k the expected wait of one who has k others in front, all on duty are busy until its
    turn comes, and ``-du_k/dt = 1 - c mu (u_k - u_(k-1))`` with ``u_(-1) = 0``. When a cohort
    of m begins, the first m are served at once: ``u_k`` becomes ``u_(k-m)``.
    """
    lengths = longest_queue + 1
    waits = np.zeros(lengths)
    found: list[FloatArray] = []
    for start, end in reversed(list(pairwise(edges))):
        rate = service_rate * sum(cohorts[n].people for n in _on_duty(cohorts, start))
        # One more coordinate, always 1, carries the constant term.
        place = np.arange(lengths)
        entries = np.concatenate(
            [np.full(lengths, -rate), np.full(lengths - 1, rate), np.ones(lengths)]
        )
        rows = np.concatenate([place, place[1:], place])
        columns = np.concatenate([place, place[:-1], np.full(lengths, lengths)])
        drift = coo_array((entries, (rows, columns)), shape=(lengths + 1, lengths + 1)).tocsr()
        back = _propagate(drift, np.append(waits, 1.0), _grid(start, end, step))
        found.append(back[::-1, :lengths])
        begun = sum(c.people for c in cohorts if c.start == start)
        waits = np.concatenate([np.zeros(begun), back[-1, :lengths]])[:lengths]
    return found[::-1]


def _integral(times: FloatArray, values: FloatArray, start: float, end: float) -> float:
    """Return the integral of a smooth function over the part of [start, end) that it covers."""
    low, high = max(start, float(times[0])), min(end, float(times[-1]))
    if high <= low:
        return 0.0
    if low == times[0] and high == times[-1]:
        return float(simpson(values, x=times))
    return float(CubicSpline(times, values).integrate(low, high))
