"""What a worker of a cluster does; imports dask, so it is loaded only where that is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from distributed import Worker, WorkerPlugin, get_worker

from sim.errors import ClusterError, SimulatorError
from sim.provenance import differences, fingerprint
from sim.workers import attempted


class Shared(WorkerPlugin):
    """What all pieces of a study share, kept by each worker.

    Parameters
    ----------
    plan
        It.
    prints
        The client's fingerprint.
    """

    def __init__(self, plan: object, prints: Mapping[str, str]) -> None:
        self.plan = plan
        self._prints = prints
        self.faults: list[str] = []

    def setup(self, worker: Worker) -> None:  # noqa: ARG002 (dask hands it over)
        """Look on a worker whether it computes what the client would: it may have come late."""
        self.faults = differences(self._prints, fingerprint())


def piece(
    name: str, task: Callable[[Any, int], object], number: int
) -> tuple[object | None, SimulatorError | None]:
    """Do one piece of the study of this name; return its result, or what it raised."""
    worker = get_worker()
    shared = worker.plugins.get(name)
    if not isinstance(shared, Shared):
        return None, ClusterError("its scheduler was started anew", worker.scheduler.addr)
    if shared.faults:
        told = ", ".join(shared.faults)
        return None, ClusterError(
            f"worker {worker.address} joined with other software: {told}", worker.scheduler.addr
        )
    return attempted(task, shared.plan, number, "piece")
