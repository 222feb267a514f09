"""A dask scheduler and its workers as processes of their own, on this machine's loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from sim.study.cluster_tls import OPTIONS, Tls, security_of

ROOT = Path(__file__).parents[1]
_SECONDS_TO_START = 60.0


class Loopback:
    """A scheduler; a context manager that ends what it started.

    Parameters
    ----------
    folder
        For its files.
    environment
        Added to this process's, for the scheduler and the workers.
    tls
        Certificates of both, and of whoever asks; None: none.
    """

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str] | None = None,
        tls: Tls | None = None,
    ) -> None:
        self._folder = folder
        self._tls = tls
        self._environment = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
        self.workers: list[subprocess.Popen[bytes]] = []
        told = folder / "scheduler.json"
        self.scheduler = self._started(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--dashboard-address",
            "127.0.0.1:0", "--scheduler-file", str(told),
            *(() if tls is None else ("--protocol", "tls")),
        )  # fmt: skip
        self.address = str(_told(told)["address"])

    def add_worker(self, python_path: Path | None = None, threads: int = 1) -> None:
        """Start a worker, which reports a moment later, with our code or another's."""
        name = f"worker-{len(self.workers)}"
        words = [
            "worker", self.address, "--host", "127.0.0.1", "--nthreads", str(threads),
            "--no-nanny", "--no-dashboard", "--name", name,
            "--local-directory", str(self._folder / name),
        ]  # fmt: skip
        self.workers.append(self._started(*words, python_path=python_path))

    def await_workers(self, number: int) -> None:
        """Wait until so many workers are there."""
        from distributed import Client

        security = security_of(self._tls, self.address)
        with Client(self.address, set_as_default=False, security=security) as client:
            client.wait_for_workers(number, timeout=_SECONDS_TO_START)

    def kill_worker(self, number: int) -> None:
        """End a worker without a word, as a machine does that loses its power."""
        self.workers[number].kill()
        self.workers[number].wait()

    def kill_scheduler(self) -> None:
        """The same for the scheduler."""
        self.scheduler.kill()
        self.scheduler.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for process in (*self.workers, self.scheduler):
            if process.poll() is None:
                process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
            process.wait()

    def _started(
        self, what: str, *words: str, python_path: Path | None = None
    ) -> subprocess.Popen[bytes]:
        environment = dict(self._environment)
        if python_path is not None:
            environment["PYTHONPATH"] = str(python_path)
        if self._tls is not None:
            files = (self._tls.ca_file, self._tls.certificate, self._tls.key)
            pairs = zip(OPTIONS, map(str, files), strict=True)
            words += tuple(word for pair in pairs for word in pair)
        return subprocess.Popen(
            [sys.executable, "-P", "-m", f"distributed.cli.dask_{what}", *words],
            cwd=self._folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def _told(file: Path) -> dict[str, object]:
    """Return what the scheduler writes of itself, once it is whole."""
    until = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < until:
        try:
            found: dict[str, object] = json.loads(file.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            time.sleep(0.02)
        else:
            return found
    raise TimeoutError("the scheduler did not start")
