"""Numbered pieces of work on the workers of a dask scheduler, as `sim.workers` in processes.

The plan goes to each worker once, also to those that come later; a piece that is lost with its
worker is done again by another. Results come back through the scheduler, for workers need share
no disk with the client.

A worker is used only where it would compute what the client would: all that
`sim.provenance.fingerprint` names is compared beforehand and again on each worker that joins.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import uuid
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sim.errors import ClusterError, InternalError
from sim.provenance import differences, fingerprint
from sim.study.cluster_tls import OPTIONS, SCHEME, Tls, security_of

if TYPE_CHECKING:
    from distributed import Client, Future
    from distributed.security import Security

Plan = TypeVar("Plan")
Result = TypeVar("Result")

_LOG: Final = logging.getLogger(__name__)

# An expression, for a worker may have none of our functions; nothing but Python itself is needed.
_PROBE: Final = "__import__('sim.provenance').provenance.fingerprint()"
_INSTALL: Final = 'install the extra "cluster": python -m pip install -e ".[cluster]"'
_SECONDS_TO_CONNECT: Final = 5.0
_SECONDS_FOR_A_WORKER: Final = 10.0
_SECONDS_TO_COME_BACK: Final = 60.0
"""How long a cluster may have no worker while there is work for one: they may be started anew."""
_SECONDS_TO_LOOK: Final = 1.0
_SECONDS_TO_CLOSE: Final = 3.0
_IN_FLIGHT: Final = 3
"""Pieces in flight for each thread, so that none waits for its next."""
_AHEAD: Final = 2
"""By how many times that a piece may be ahead of the first that is not done: bounds memory."""
_GONE: Final = "its scheduler ended, or cannot be reached any more"
_FORGOTTEN: Final = 100
"""Pieces handed out again before the scheduler is given up: it forgets one now and then."""
_NAMED: Final = 3
"""Workers named in a message."""


class Cluster:
    """A scheduler whose workers compute what this computer would (`connected`).

    Parameters
    ----------
    client
        Connected to it.
    address
        As the planner gave it.
    prints
        By worker, its fingerprint.
    """

    def __init__(
        self, client: Client, address: str, prints: Mapping[str, Mapping[str, str]]
    ) -> None:
        self._client = client
        self._address = address
        self.prints = prints

    @property
    def threads(self) -> int:
        """Pieces that the workers do at one time."""
        return sum(self._client.nthreads().values())

    def completed(
        self, task: Callable[[Plan, int], Result], plan: Plan, numbers: Iterable[int]
    ) -> Generator[tuple[int, Result], None, None]:
        """Yield (number, result) as each is done, in no order, as `workers.completed` does.

        Parameters
        ----------
        task
            A function of a module, for a worker finds it by name.
        plan
            What all pieces share; sent to each worker once.
        numbers
            The pieces, handed out in this order, none far ahead of the first that is not done.

        Raises
        ------
        SimulatorError
            What a piece raised; anything but that becomes an `InternalError`.
        ClusterError
            If the scheduler or all workers are lost, or a piece costs one worker after another.

        Notes
        -----
        Close the iterator to stop: what is in flight is dropped.
        """
        name = f"sim-{uuid.uuid4().hex}"
        run = _Run(self._client, self._address, name)
        try:
            run.share(plan)
            yield from run.completed(task, numbers)
        finally:
            run.drop()


@contextlib.contextmanager
def connected(address: str, tls: Tls | None = None) -> Iterator[Cluster]:
    """Connect to a scheduler and look whether its workers can be used.

    Parameters
    ----------
    address
        Such as ``tcp://10.0.0.5:8786``.
    tls
        Certificates; without them what dask's own configuration says.

    Yields
    ------
    Cluster
        To be used inside the block.

    Raises
    ------
    ClusterError
        If dask.distributed is not installed, nothing answers at the address, no worker is there,
        or one of them would compute otherwise than this computer.
    """
    client = _connected(address, tls)
    try:
        prints = _checked(client, address)
        _LOG.info("%d workers at %s", len(prints), address)
        yield Cluster(client, address, prints)
    finally:
        with contextlib.suppress(Exception):
            client.close(timeout=_SECONDS_TO_CLOSE)


class _Run:
    """One study's pieces on a cluster: what is in flight, and what has come back."""

    def __init__(self, client: Client, address: str, name: str) -> None:
        self._client = client
        self._address = address
        self._name = name
        self._flying: dict[Future[Any], int] = {}
        self._done: SimpleQueue[Future[Any]] = SimpleQueue()
        self._threads = 1
        self._forgotten = 0
        self._seen = monotonic()

    def share(self, plan: object) -> None:
        """Give the plan to all workers, and to those that come later."""
        from sim.study.cluster_worker import Shared

        self._count()
        with self._told():
            self._client.register_plugin(Shared(plan, fingerprint()), name=self._name)

    def completed(
        self, task: Callable[[Any, int], Result], numbers: Iterable[int]
    ) -> Generator[tuple[int, Result], None, None]:
        """Yield (number, result) as each is done."""
        left = enumerate(numbers)
        places: dict[Future[Any], int] = {}
        following = next(left, None)
        while following is not None or self._flying:
            while following is not None and self._has_room(following[0], places):
                place, number = following
                future = self._submitted(task, number)
                places[future] = place
                following = next(left, None)
            try:
                future = self._done.get(timeout=_SECONDS_TO_LOOK)
            except Empty:
                self._count()
                continue
            number = self._flying[future]
            try:
                result = self._result(future)
            except CancelledError:
                self._again(future, number, task, places)
                continue
            except TimeoutError:
                # Lost with its worker between its end and now, so that it is done again; what
                # else has come back may say why it never will be.
                self._done.put(future)
                self._count()
                continue
            del self._flying[future], places[future]
            future.release()
            yield number, result

    def drop(self) -> None:
        """Forget all that is in flight, as far as the cluster still listens."""
        with contextlib.suppress(Exception):
            if self._client.status == "running":
                self._client.cancel(list(self._flying), force=True)
                self._client.unregister_worker_plugin(self._name)

    def _has_room(self, place: int, places: Mapping[Future[Any], int]) -> bool:
        room = _IN_FLIGHT * self._threads
        # In the order in which they were handed out, so the first is the least.
        first = next(iter(places.values()), place)
        return len(places) < room and place - first < _AHEAD * room

    def _again(
        self,
        future: Future[Any],
        number: int,
        task: Callable[[Any, int], object],
        places: dict[Future[Any], int],
    ) -> None:
        """Hand out a piece again that the scheduler forgot, if it is there at all."""
        self._forgotten += 1
        if not self._is_connected() or self._forgotten > _FORGOTTEN:
            raise self._lost(_GONE)
        self._flying.pop(future)
        # Its place stays in order: what counts is how far others are ahead of the first.
        kept = {self._submitted(task, number): places.pop(future)}
        kept.update(places)
        places.clear()
        places.update(sorted(kept.items(), key=lambda one: one[1]))

    def _submitted(self, task: Callable[[Any, int], object], number: int) -> Future[Any]:
        from sim.study.cluster_worker import piece

        with self._told():
            future = self._client.submit(
                piece,
                self._name,
                task,
                number,
                key=f"{self._name}-{number}-{self._forgotten}",
                pure=False,
            )
        self._flying[future] = number
        future.add_done_callback(self._done.put)
        return future

    def _result(self, future: Future[Any]) -> Any:  # noqa: ANN401 (of any task)
        try:
            result, error = future.result(timeout=_SECONDS_TO_LOOK)
        except (CancelledError, TimeoutError):
            raise
        except Exception as failure:
            raise self._failed(failure, self._flying[future]) from failure
        if error is not None:
            raise error
        return result

    def _failed(self, failure: Exception, number: int) -> Exception:
        from distributed import KilledWorker

        if isinstance(failure, ImportError):
            return ClusterError(f"a worker cannot load this simulator ({failure})", self._address)
        if isinstance(failure, KilledWorker):
            return ClusterError(
                "worker after worker was lost at one piece of the work",
                self._address,
                "perhaps their memory ran out: give each worker fewer threads",
            )
        told = InternalError(f"piece {number}: {type(failure).__name__}: {failure}")
        told.add_note("on a worker of the cluster")
        return told

    def _count(self) -> None:
        """Look whether the cluster is there, and how many pieces it does at a time."""
        try:
            threads = sum(self._client.nthreads().values()) if self._is_connected() else 0
        except (OSError, RuntimeError):
            threads = 0
        if threads:
            self._threads, self._seen = threads, monotonic()
        elif monotonic() - self._seen > _SECONDS_TO_COME_BACK:
            what = "no worker is left" if self._is_connected() else "the scheduler is gone"
            raise self._lost(what)

    def _is_connected(self) -> bool:
        return bool(self._client.status == "running")

    def _lost(self, why: str) -> ClusterError:
        return ClusterError(f"the cluster was lost: {why}", self._address)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (OSError, RuntimeError) as error:
            raise self._lost(str(error) or type(error).__name__) from error


def _connected(address: str, tls: Tls | None) -> Client:
    try:
        import distributed
    except ImportError:
        raise ClusterError("dask.distributed is not installed", address, _INSTALL) from None
    if not _is_address(address):
        raise ClusterError("this is no address", address, _EXAMPLE)
    _quieten()
    security = security_of(tls, address)
    try:
        # A client waits long for what only listens, and leaves threads behind where that fails.
        what = asyncio.run(_answering(address, security))
        if what != "Scheduler":
            raise ClusterError(f"this is the address of a dask {what}", address, _START)
        with warnings.catch_warnings():
            # What differs is told in words below.
            warnings.simplefilter("ignore", distributed.versions.VersionMismatchWarning)
            return distributed.Client(
                address,
                timeout=_SECONDS_TO_CONNECT,
                set_as_default=False,
                name="sim",
                security=security,
            )
    except ClusterError:
        raise
    except (Exception, asyncio.CancelledError) as error:
        # Whatever it is that answers, it may make the library fail in any way.
        _LOG.info("%s: %s: %s", address, type(error).__name__, error)
        allowed = f"{_START}; {_BY_TLS}" if address.startswith(SCHEME) else _START
        raise ClusterError("no dask scheduler answers at this address", address, allowed) from None


def _is_address(text: str) -> bool:
    found = _ADDRESS.fullmatch(text)
    return found is not None and int(found["port"]) < 1 << 16


async def _answering(address: str, security: Security) -> str:
    """Return what dask calls that which answers."""
    from distributed.comm.core import connect

    async with asyncio.timeout(_SECONDS_TO_CONNECT):
        arguments = security.get_connection_args("client")
        comm = await connect(address, timeout=_SECONDS_TO_CONNECT, **arguments)
        try:
            await comm.write({"op": "identity", "reply": True})
            answer = await comm.read()
        finally:
            comm.abort()
    return str(answer["type"])


_ADDRESS: Final = re.compile(
    r"((tcp|tls|wss?|ucx)://)?([^\s/:\[\]]+|\[[0-9A-Fa-f:.]+\]):(?P<port>\d{1,5})"
)
_EXAMPLE: Final = "such as tcp://10.0.0.5:8786"
_BY_TLS: Final = (
    f"of {SCHEME} it has to believe this computer's certificate, and this computer the "
    f"scheduler's ({', '.join(OPTIONS)})"
)
_START: Final = 'a running scheduler: "dask scheduler" prints its address'


def _checked(client: Client, address: str) -> dict[str, Mapping[str, str]]:
    """Return the workers' fingerprints; refuse one that would compute otherwise."""
    try:
        client.wait_for_workers(1, timeout=_SECONDS_FOR_A_WORKER)
        found = client.run(eval, _PROBE, on_error="return")
    except TimeoutError:
        raise ClusterError(
            "the scheduler has no worker", address, f'workers: "dask worker {address}" starts one'
        ) from None
    except (OSError, RuntimeError) as error:
        raise ClusterError(
            f"the scheduler cannot reach its workers ({error})", address, _START
        ) from None
    ours = fingerprint()
    faults = [
        f"{worker}: {', '.join(told)}"
        for worker, theirs in sorted(found.items())
        if (told := _faults(ours, theirs))
    ]
    if faults:
        more = len(faults) - _NAMED
        lines = [*faults[:_NAMED], *([f"and {more} more"] if more > 0 else [])]
        raise ClusterError(
            f"{len(faults)} of {len(found)} workers cannot be used:\n    " + "\n    ".join(lines),
            address,
            "workers with the software of this computer (docs/scale.md says how)",
        )
    return dict(found)


def _faults(ours: Mapping[str, str], theirs: object) -> list[str]:
    if isinstance(theirs, Mapping):
        return differences(ours, theirs)
    if isinstance(theirs, ModuleNotFoundError):
        missing = theirs.name or ""
        lacks = "this simulator is" if missing.split(".")[0] == "sim" else f"{missing} is"
        return [f"{lacks} not installed there"]
    if isinstance(theirs, AttributeError):
        return ["an earlier version of this simulator"]
    return [f"{type(theirs).__name__}: {theirs}"]


def _quieten() -> None:
    """Keep the libraries' own reports off standard error: what matters is told in our words."""
    for name in ("distributed", "distributed.client", "tornado", "tornado.application", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
