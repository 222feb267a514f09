"""The network of `tests.benchmarks.textbook` in Ciw: ``python -m tests.benchmarks.ciw_model``.

Ciw takes a customer class for each priority. The third stage's two services hold one server, so
they are one service with the sum of two exponential times.
"""

import ciw
import numpy as np

from tests.benchmarks.textbook import IncidentWaits, ThreeStageNetwork, incidents_per_second


def run_ciw(network: ThreeStageNetwork, seed: int) -> IncidentWaits:
    """Simulate the network once, from empty until the last incident is finished.

    Parameters
    ----------
    network : ThreeStageNetwork
        Parameters.
    seed : int
        Seed of Ciw's generators, which are global to the process.

    Returns
    -------
    IncidentWaits
        Every incident's priority and waits.
    """
    ciw.seed(seed)
    names = [f"priority {number}" for number in range(len(network.priority_shares))]
    first, second, scene = (ciw.dists.Exponential(1 / mean) for mean in network.service_means)
    services = [first, second, scene + ciw.dists.Exponential(1 / network.writing_mean)]
    end = network.days * 1440
    arrivals = {
        # Poisson arrivals that stop: Ciw's plain exponential ones would go on for ever.
        name: [
            ciw.dists.PoissonIntervals(
                rates=[share * network.incidents_per_day / 1440],
                endpoints=[end],
                max_sample_date=end,
            ),
            None,
            None,
        ]
        for name, share in zip(names, network.priority_shares, strict=True)
    }
    tandem = [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]
    simulation = ciw.Simulation(
        ciw.create_network(
            arrival_distributions=arrivals,
            service_distributions=dict.fromkeys(names, services),
            number_of_servers=list(network.servers),
            routing=dict.fromkeys(names, tandem),
            priority_classes={name: level for level, name in enumerate(names)},
        )
    )
    simulation.simulate_until_max_time(float("inf"))
    records = {
        (record.id_number, record.node): (names.index(record.customer_class), record.waiting_time)
        for record in simulation.get_all_records()
    }
    finished = [number for number, node in records if node == len(services)]
    return IncidentWaits(
        np.array([records[number, 1][0] for number in finished]),
        np.array([[records[number, node][1] for node in (1, 2, 3)] for number in finished]),
    )


if __name__ == "__main__":
    speed = incidents_per_second(run_ciw, ThreeStageNetwork())
    print(f"Ciw: {speed:,.0f} incidents a second")
