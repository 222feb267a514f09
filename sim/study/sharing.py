"""Replications, wherever they are made: in processes of this computer, or on a cluster."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Final, TypeAlias

from sim.engines import compiled
from sim.measures import packed
from sim.scenario.loading import Loaded
from sim.store import Done, put_piece, put_replication
from sim.study import engines
from sim.study.cluster import connected
from sim.study.cluster_tls import SCHEME
from sim.study.compiling import compiling
from sim.study.engines import made_ready
from sim.study.meanwhile import played_meanwhile
from sim.study.settings import EngineName, Settings
from sim.study.worlds import Parts, Plan, replicate_part, replicated
from sim.workers import completed

_LOG: Final = logging.getLogger(__name__)

_PIECES_FOR_A_THREAD: Final = 2
"""Fewer, and a cluster is better used by sharing out the scenarios of a replication as well."""

_BOTH: Final = (
    "The compiled engine is made for this computer first, once; until it is ready the reference "
    "engine plays, which gives the same numbers more slowly."
)

Tallies: TypeAlias = tuple[bytes, ...]
"""One replication, by scenario, as `sim.measures.packed` makes them."""


def shared_out(
    plan: Plan,
    replications: Sequence[int],
    played_by: dict[int, str] | None = None,
    told: Callable[[bytes], None] | None = None,
) -> Generator[tuple[int, Tallies], None, None]:
    """Yield (number, tallies) of replications as each is whole, in no order.

    Parameters
    ----------
    plan
        The study; its settings say where replications are made. Where it has a workspace, each
        is durable there, with its tables, before it is yielded.
    replications
        Their numbers.
    played_by
        Here each replication's engine is noted, by number, before it is yielded.
    told
        Called with the tallies of the first of several scenarios of each replication that this
        process makes itself, as soon as they are known.

    Raises
    ------
    SimulatorError
        What a replication raised; `sim.errors.ClusterError` where a cluster cannot be used.

    Notes
    -----
    Close the iterator to stop.
    """
    noted = {} if played_by is None else played_by
    address = plan.settings.cluster
    if address is None:
        yield from _shared_out_here(plan, replications, noted, told)
        return
    noted.update(dict.fromkeys(replications, plan.settings.engine))
    with connected(address, plan.settings.cluster_tls) as cluster:
        number = parts_of(len(plan.scenarios), len(replications), cluster.threads)
        _LOG.info("%d replications in %d parts each", len(replications), number)
        # Files of this computer are none of the workers'.
        bare = replace(plan, workspace=None, settings=replace(plan.settings, cluster_tls=None))
        parts = Parts(bare, number, plan.workspace is not None)
        pieces = [one * number + part for one in replications for part in range(number)]
        waiting: dict[int, dict[int, Tallies]] = {}
        with closing(cluster.completed(_part, parts, pieces)) as results:
            for piece, (tallies, files) in results:
                if plan.workspace is not None:
                    for name, content in files:
                        put_piece(plan.workspace, name, content)
                replication, part = divmod(piece, number)
                own = waiting.setdefault(replication, {})
                own[part] = tallies
                if len(own) == number:
                    whole = _whole(waiting.pop(replication))
                    _keep(plan, replication, whole)
                    yield replication, whole


def _shared_out_here(
    plan: Plan,
    replications: Sequence[int],
    played_by: dict[int, str],
    told: Callable[[bytes], None] | None,
) -> Generator[tuple[int, Tallies], None, None]:
    """Yield replications made on this computer: by both engines while one is being compiled."""
    processes = plan.settings.processes(len(replications))
    _LOG.info("%d replications in %d processes", len(replications), processes)
    left = iter(replications)
    here = partial(_tallies, told=told)

    def played(
        engine: EngineName, numbers: Iterable[int], processes: int
    ) -> Generator[tuple[int, Tallies], None, None]:
        def noted() -> Iterator[int]:
            for number in numbers:
                played_by[number] = engine
                yield number

        yield from completed(_tallies, _by(plan, engine), noted(), processes, _fetched, here)

    engine = plan.settings.engine
    if engine == "auto":
        if compiled.is_cached() or compiling.begin():
            beside = max(1, processes - 1)
            yield from played_meanwhile(
                compiling,
                left,
                beside,
                lambda numbers: played("reference", numbers, beside),
                engines.replications_while_compiling(plan.scenarios, plan.settings),
            )
        engine = "compiled" if compiled.is_cached() else "reference"
        _LOG.info("the %s engine plays the rest", engine)
    made_ready(engine)
    yield from played(engine, left, processes)


def _fetched(plan: Plan) -> None:
    """Fetch what a replication needs, so that the first does not wait for it."""
    engines.fetched(plan.settings.engine)


def _by(plan: Plan, engine: EngineName) -> Plan:
    return replace(plan, settings=replace(plan.settings, engine=engine))


def parts_of(scenarios: int, replications: int, threads: int) -> int:
    """Return into how many parts a replication is split, so that a cluster is busy."""
    wanted = math.ceil(_PIECES_FOR_A_THREAD * threads / replications)
    return max(1, min(scenarios, wanted))


_OPEN_TO_ALL: Final = (
    "the connection to the cluster is not encrypted, and whoever reaches its scheduler can run "
    "programs on its workers; docs/scale.md says how certificates prevent both."
)


def remarks(settings: Settings, loaded: Sequence[Loaded] = ()) -> tuple[str, ...]:
    """Look at engine and cluster before a run, and say as sentences what is worth knowing.

    Parameters
    ----------
    settings
        As for `sim.study.run`.
    loaded
        What is simulated, so that it is known which engine ``auto`` comes to.

    Raises
    ------
    ClusterError
        If it cannot be used.
    """
    if settings.cluster is None:
        scenarios = [one.scenario for one in loaded]
        chosen = engines.settled(scenarios, settings).engine if scenarios else settings.engine
        if scenarios and chosen == "auto":
            return (_BOTH,)
        return engines.remarks(settings.engine) or engines.remarks(chosen)
    with connected(settings.cluster, settings.cluster_tls) as cluster:
        lacking = sum(not one.get("numba") for one in cluster.prints.values())
        workers = len(cluster.prints)
    open_to_all = () if _is_guarded(settings.cluster) else (_OPEN_TO_ALL,)
    if not lacking or settings.engine != "compiled":
        return open_to_all
    told = (
        f"{lacking} of {workers} workers have no numba; they use the reference engine, "
        "which gives the same numbers more slowly."
    )
    return (told, *open_to_all)


def _is_guarded(address: str) -> bool:
    """Whether nobody else reaches a scheduler: by certificates, or since it is on this computer."""
    host = address.removeprefix("tcp://").rpartition(":")[0]
    return address.startswith(SCHEME) or host in {"127.0.0.1", "localhost", "[::1]"}


def _tallies(plan: Plan, replication: int, told: Callable[[bytes], None] | None = None) -> Tallies:
    made: list[bytes] = []
    for one in replicated(plan, replication):
        made.append(packed(one))
        if told is not None and len(made) == 1 < len(plan.scenarios):
            told(made[0])
    _keep(plan, replication, tuple(made))
    return tuple(made)


def _keep(plan: Plan, replication: int, tallies: Tallies) -> None:
    """Write a replication into the journal, where there is one; its tables are there already."""
    if plan.workspace is not None:
        done = Done(plan.settings.engine, tallies)
        put_replication(plan.workspace, replication, done, len(plan.scenarios))


def _part(parts: Parts, number: int) -> tuple[Tallies, tuple[tuple[str, bytes], ...]]:
    made = replicate_part(parts, number)
    return tuple(packed(one) for one in made.tallies), made.files


def _whole(parts: Mapping[int, Tallies]) -> Tallies:
    return tuple(tally for _, tallies in sorted(parts.items()) for tally in tallies)
