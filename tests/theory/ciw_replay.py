"""Ciw given the very incidents of an engine's tables, so that the two differ by no luck at all.

The two-area network of `tests.theory.two_areas`, calls by priority, in seconds. Ciw takes the
services and the area of each incident from the table instead of drawing them.
"""

from typing import Any

import ciw
import numpy as np
import numpy.typing as npt

from sim.tables import DAY, Table
from tests.theory.ciw_network import Stage, TwoAreaNetwork


class _Drawn(ciw.dists.Distribution):  # type: ignore[misc]
    """A service that was drawn before: that of the individual's row."""

    def __init__(self, seconds: list[int]) -> None:
        self._seconds = seconds

    def sample(self, t: float | None = None, ind: Any = None) -> float:
        return float(self._seconds[ind.row])


def replay(network: TwoAreaNetwork, incidents: Table) -> npt.NDArray[np.float64]:
    """Play the incidents in Ciw.

    Parameters
    ----------
    network : TwoAreaNetwork
        For its shifts; `calls_by_priority` must hold.
    incidents : Table
        As `tests.theory.two_areas.tables` draws them, no two reported in one second.

    Returns
    -------
    ndarray of float64, shape (incidents, 2)
        Seconds waited for a call taker and for a unit; NaN where the wait was not over by the
        end of the follow-up.

    Raises
    ------
    ValueError
        If the network or the incidents are not such.
    """
    reported_at = incidents["reported_at"].tolist()
    if not network.calls_by_priority or len(set(reported_at)) < len(reported_at):
        raise ValueError("calls must go by priority, and reports fall in seconds of their own")
    row_at = {float(second): row for row, second in enumerate(reported_at)}
    areas = incidents["area"].tolist()

    def route(individual: Any, simulation: Any) -> list[int]:
        individual.row = row_at[simulation.current_time]
        return [2 + areas[individual.row]]

    names = [f"priority {level}" for level in range(len(network.priority_shares))]
    arrivals = {
        name: [_gaps(incidents["reported_at"][incidents["grade"] == level]), None, None]
        for level, name in enumerate(names, start=1)
    }
    talk = _Drawn(incidents["thrive_seconds"].tolist())
    scene = _Drawn(incidents["scene_seconds"].tolist())
    days = network.warm_up_days + network.days + network.follow_up_days
    simulation = ciw.Simulation(
        ciw.create_network(
            arrival_distributions=arrivals,
            service_distributions={name: [talk, scene, scene] for name in names},
            number_of_servers=[_schedule(stage) for stage in network.stages],
            routing=dict.fromkeys(names, ciw.routing.ProcessBased(route)),
            priority_classes={name: level for level, name in enumerate(names)},
        )
    )
    simulation.simulate_until_max_time(float(days * DAY))
    waits = np.full((len(reported_at), 2), np.nan)
    for individual in simulation.get_all_individuals():
        for record in individual.data_records:
            waits[individual.row, min(record.node - 1, 1)] = record.waiting_time
    return waits


def _gaps(reported_at: npt.NDArray[np.int64]) -> Any:
    # Ciw goes through the sequence again at its end; nobody comes after an infinite gap.
    return ciw.dists.Sequential([*np.diff(reported_at, prepend=0).astype(float), float("inf")])


def _schedule(stage: Stage) -> Any:
    start = stage.shifts[0].start_minute
    return ciw.Schedule(
        numbers_of_servers=[shift.people for shift in stage.shifts],
        shift_end_dates=[60.0 * (shift.end_minute - start) for shift in stage.shifts],
        preemption=False,
        offset=60.0 * start,
    )
