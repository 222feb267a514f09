"""Studies on a dask cluster: real schedulers and workers, as processes on loopback."""

from __future__ import annotations

import dataclasses
import os
import pickle
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sim.api import Keep, simulate
from sim.errors import ClusterError, InputError, OutputError
from sim.provenance import differences, fingerprint
from sim.store import Kept
from sim.study import REPLICATIONS, Progress, Settings, run, sharing, sweep_share_held
from sim.study import cluster as cluster_module
from sim.study.cluster import Cluster, connected
from sim.study.sharing import parts_of, remarks
from sim.tables import ACTIVITIES, INCIDENTS, OUTCOMES
from tests.loaded import as_loaded
from tests.loopback import ROOT, Loopback
from tests.test_study import interrupting_after, plain
from tests.worlds import small_scenario

BRIEF = Settings(replications=3, days=1, warm_up_days=0, workers=1)
HALF_HELD = as_loaded(small_scenario())
NONE_HELD = as_loaded(small_scenario(policy={"gate": {"share_held": 0.0}}), "none_held")
OURS = {"python": "3.11", "sim": "1.0", "numpy": "2.4", "sources": "a", "arithmetic": "b"}


def on(address: str, settings: Settings = BRIEF) -> Settings:
    """Return the settings for a cluster."""
    return dataclasses.replace(settings, workers=None, cluster=address)


@pytest.fixture
def loopback(tmp_path: Path) -> Iterator[Loopback]:
    """A scheduler without workers, for one test."""
    folder = tmp_path / "cluster"
    folder.mkdir()
    with Loopback(folder) as made:
        yield made


def test_a_cluster_gives_the_numbers_and_tables_of_this_computer(
    loopback: Loopback, tmp_path: Path
) -> None:
    """Replications shared out scenario by scenario come together as they are made here."""
    for _ in range(2):
        loopback.add_worker(threads=2)
    loopback.await_workers(2)
    there = on(loopback.address)
    both = [HALF_HELD, NONE_HELD]
    # Four threads and three replications: each is made in two parts.
    assert parts_of(len(both), BRIEF.replications, 4) == 2
    told: list[Progress] = []
    rows_only: dict[str, Any] = {"sweep": False, "long_waits": False}
    alone = simulate(both, BRIEF, keep=Keep(tmp_path / "here"), **rows_only)
    shared = simulate(both, there, keep=Keep(tmp_path / "there"), progress=told.append, **rows_only)
    assert plain(alone.study.replications) == plain(shared.study.replications)
    assert [one.completed for one in told if one.step == REPLICATIONS] == [1, 2, 3]
    kept = Kept(tmp_path / "here"), Kept(tmp_path / "there")
    for schema in (INCIDENTS, OUTCOMES, ACTIVITIES):
        for number in range(3):
            one, other = (folder.table(schema, "none_held", number) for folder in kept)
            assert one.differences(other) == []
    assert kept[1].changed_files() == []


@pytest.mark.slow
def test_a_lost_workers_share_is_done_again(loopback: Loopback) -> None:
    """One of two workers is killed in the middle; every number is there, and none is another."""
    settings = dataclasses.replace(BRIEF, replications=16, days=4)
    for _ in range(2):
        loopback.add_worker()
    loopback.await_workers(2)

    def killing(progress: Progress) -> None:
        if progress.completed == 2:
            loopback.kill_worker(0)

    study = run([HALF_HELD], on(loopback.address, settings), killing)
    assert loopback.workers[0].poll() is not None
    assert not study.interrupted
    assert plain(study.replications) == plain(run([HALF_HELD], settings).replications)


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_done_and_leaves_the_cluster_free(loopback: Loopback) -> None:
    """The replications that were whole are those of a shorter study; the next study runs."""
    loopback.add_worker()
    loopback.await_workers(1)
    settings = dataclasses.replace(BRIEF, replications=12)
    study = run([HALF_HELD], on(loopback.address, settings), interrupting_after(2))
    assert (study.interrupted, study.completed, study.lost) == (True, 2, None)
    two = run([HALF_HELD], dataclasses.replace(BRIEF, replications=2))
    assert plain(study.replications) == plain(two.replications)
    sweep = sweep_share_held(HALF_HELD, on(loopback.address), (0.0, 1.0))
    assert sweep == sweep_share_held(HALF_HELD, BRIEF, (0.0, 1.0))


@pytest.mark.slow
def test_the_loss_of_the_cluster_keeps_what_is_done(loopback: Loopback, tmp_path: Path) -> None:
    """Where the scheduler ends, what came back is kept, and the study says why there is no more."""
    loopback.add_worker()
    loopback.await_workers(1)
    longer = dataclasses.replace(BRIEF, replications=12, days=4)

    def killing(progress: Progress) -> None:
        if progress.completed == 2:
            loopback.kill_scheduler()

    made = simulate(
        [HALF_HELD],
        on(loopback.address, longer),
        keep=Keep(tmp_path / "kept"),
        sweep=False,
        long_waits=False,
        progress=killing,
    )
    study = made.study
    assert made.stopped
    assert made.lost is study.lost
    assert study.interrupted
    assert 2 <= study.completed < 12
    assert f"{study.completed} of 12 replications are done" in str(study.lost)
    assert Kept(tmp_path / "kept").manifest["study"]["interrupted"]


@pytest.mark.slow
def test_workers_that_would_compute_otherwise_are_refused_by_name(
    loopback: Loopback, tmp_path: Path
) -> None:
    """Another version, other code of this one, and none at all: each worker with its reason."""
    other = tmp_path / "other"
    shutil.copytree(ROOT / "sim", other / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    version = other / "sim" / "__init__.py"
    version.write_text(version.read_text().replace('__version__ = "', '__version__ = "9'))
    altered = altered_code(tmp_path)
    # What an environment without our package gives, also where the tests' own has it.
    absent = tmp_path / "absent"
    (absent / "sim").mkdir(parents=True)
    (absent / "sim" / "__init__.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'sim'\", name='sim')\n"
    )
    for code in (other, altered, absent, None):
        loopback.add_worker(code)
    loopback.await_workers(4)
    with pytest.raises(ClusterError) as refused:
        remarks(on(loopback.address))
    told = str(refused.value)
    assert "3 of 4 workers cannot be used" in told
    assert "this simulator 9" in told
    assert "other code of this simulator under the same version" in told
    assert "this simulator is not installed there" in told
    assert refused.value.exit_status == 2


@pytest.mark.slow
def test_a_worker_that_joins_late_is_looked_at_too(loopback: Loopback, tmp_path: Path) -> None:
    """It computes nothing with other code: the study ends with what is done, and says why."""
    altered = altered_code(tmp_path)
    shutil.copytree(ROOT / "tests", altered / "tests")
    loopback.add_worker()
    loopback.await_workers(1)

    def joining(progress: Progress) -> None:
        if progress.completed == 1:
            loopback.add_worker(altered)
            loopback.await_workers(2)
            loopback.kill_worker(0)

    settings = dataclasses.replace(BRIEF, replications=12, days=4)
    study = run([HALF_HELD], on(loopback.address, settings), joining)
    assert "joined with other software: other code" in str(study.lost)


@pytest.mark.slow
def test_a_piece_that_costs_worker_after_worker_is_given_up(tmp_path: Path) -> None:
    """The message names the replication; nothing hangs."""
    with Loopback(tmp_path, {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}) as made:
        made.add_worker()
        made.await_workers(1)
        with (
            connected(made.address) as cluster,
            pytest.raises(ClusterError, match="worker after worker was lost at one piece"),
        ):
            list(cluster.completed(dies_at, 1, range(3)))


@pytest.mark.slow
def test_an_error_on_a_worker_keeps_its_kind(loopback: Loopback) -> None:
    """What is raised on purpose crosses unchanged."""
    loopback.add_worker()
    with (
        connected(loopback.address) as cluster,
        pytest.raises(OutputError, match="the disk is full"),
    ):
        list(cluster.completed(raises, OutputError("the disk is full", "out"), range(4)))


@pytest.mark.slow
def test_a_scheduler_without_workers_and_a_worker_are_told_apart(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is answered with what to do."""
    monkeypatch.setattr(cluster_module, "_SECONDS_FOR_A_WORKER", 0.1)
    with pytest.raises(ClusterError, match=r'has no worker\n.*\n.*"dask worker tcp://'):
        remarks(on(loopback.address))
    loopback.add_worker()
    loopback.await_workers(1)
    with connected(loopback.address) as cluster:
        (worker,) = cluster.prints
    with pytest.raises(ClusterError, match="the address of a dask Worker"):
        remarks(on(worker))


def test_a_command_with_a_wrong_address_ends_with_one_message() -> None:
    """Nothing is simulated, no library speaks, and the exit status is that of bad input."""
    with socket.socket() as taken:
        # Bound, but not listening: nobody answers there, and nobody else takes it.
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        done = subprocess.run(
            [
                sys.executable,
                "run_sim.py",
                "run",
                "scenarios/dorset-2022.toml",
                "--cluster",
                address,
            ],
            cwd=ROOT,
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
        )
    assert done.returncode == 2
    assert done.stdout == ""
    first, found, allowed = done.stderr.splitlines()
    assert first == "--cluster: no dask scheduler answers at this address"
    assert found == f'  found: "{address}"'
    assert '"dask scheduler" prints its address' in allowed


def test_what_listens_and_says_nothing_is_no_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wait is short."""
    monkeypatch.setattr(cluster_module, "_SECONDS_TO_CONNECT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        with pytest.raises(ClusterError, match="no dask scheduler answers"):
            remarks(on(f"127.0.0.1:{silent.getsockname()[1]}"))
        assert time.monotonic() - began < 10


@pytest.mark.parametrize("text", ["", "here", "tcp://", "10.0.0.5", "ftp://a:1", "a:99999"])
def test_what_is_no_address_is_refused(text: str) -> None:
    """It is answered with an example."""
    with pytest.raises(ClusterError, match=r"no address(.|\n)*such as tcp://"):
        remarks(on(text))


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r'not installed(.|\n)*extra "cluster"'):
        remarks(on("127.0.0.1:8786"))


def test_workers_and_a_cluster_are_not_asked_for_together() -> None:
    """A cluster has workers of its own."""
    with pytest.raises(InputError, match="--workers or --cluster"):
        Settings(workers=2, cluster="tcp://127.0.0.1:8786")


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        (OURS, []),
        ({**OURS, "numba": "1"}, []),
        ({**OURS, "numpy": "1.9"}, ["numpy 1.9 (here 2.4)"]),
        ({**OURS, "python": "3.13"}, ["Python 3.13 (here 3.11)"]),
        ({**OURS, "sim": "2.0", "sources": "c"}, ["this simulator 2.0 (here 1.0)"]),
        ({**OURS, "sources": "c"}, ["other code of this simulator under the same version"]),
        (
            {**OURS, "arithmetic": "c"},
            ["a processor or library whose logarithms differ in their last digits"],
        ),
        ({key: OURS[key] for key in OURS if key != "numpy"}, ["no numpy"]),
    ],
)
def test_what_differs_is_told_in_words(theirs: dict[str, str], told: list[str]) -> None:
    """Only what may move a number is told, and the code of another version is no news."""
    assert differences(OURS, theirs) == told


def test_a_fingerprint_says_what_numbers_rest_on() -> None:
    """It is the same each time, and small enough to send."""
    first = fingerprint()
    assert {"python", "sim", "numpy", "scipy", "numba", "sources", "arithmetic"} <= set(first)
    assert first == fingerprint()
    assert all(len(value) < 30 for value in first.values())


def test_workers_without_numba_are_mentioned_only_where_it_matters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They use the slower engine, which gives the same numbers; with that engine it is no news."""
    prints = {"a": {"numba": ""}, "b": {"numba": "0.68"}}
    reached = nullcontext(SimpleNamespace(prints=prints))
    monkeypatch.setattr(sharing, "connected", lambda *_: reached)
    settings = on("127.0.0.1:8786")
    (told,) = remarks(dataclasses.replace(settings, engine="compiled"))
    assert told.startswith("1 of 2 workers have no numba; they use the reference engine")
    assert remarks(dataclasses.replace(settings, engine="reference")) == ()


@pytest.mark.parametrize(
    ("scenarios", "replications", "threads", "parts"),
    [(4, 100, 8, 1), (4, 8, 8, 2), (4, 1, 64, 4), (1, 1, 64, 1), (5, 30, 32, 3)],
)
def test_scenarios_are_shared_out_where_replications_are_few(
    scenarios: int, replications: int, threads: int, parts: int
) -> None:
    """Two pieces for each thread, where there are so many."""
    assert parts_of(scenarios, replications, threads) == parts


class MadeUpFuture:
    """A piece of a made-up cluster; done at once, unless it is the first."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.status = "pending" if number == 0 else "finished"
        self.told: list[Callable[[MadeUpFuture], None]] = []

    def add_done_callback(self, told: Callable[[MadeUpFuture], None]) -> None:
        self.told.append(told)
        if self.status == "finished":
            told(self)

    def result(self, timeout: float) -> tuple[int, None]:
        return self.number, None

    def release(self) -> None:
        pass


class MadeUpClient:
    """Two threads; the first piece is done only once nothing else moves."""

    status = "running"

    def __init__(self) -> None:
        self.submitted: list[MadeUpFuture] = []
        self.most_before_the_first = 0

    def nthreads(self) -> dict[str, int]:
        if self.submitted and self.submitted[0].status == "pending":
            self.most_before_the_first = len(self.submitted)
            self.submitted[0].status = "finished"
            self.submitted[0].told[0](self.submitted[0])
        return {"a": 2}

    def submit(self, *words: Any, **_: object) -> MadeUpFuture:
        self.submitted.append(MadeUpFuture(words[-1]))
        return self.submitted[-1]

    def register_plugin(self, *_: object, **__: object) -> None:
        pass

    def unregister_worker_plugin(self, _: str) -> None:
        pass

    def cancel(self, *_: object, **__: object) -> None:
        pass


def test_no_piece_is_far_ahead_of_the_first_that_is_not_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two threads: at most twelve pieces are begun while the first of them is not done."""
    monkeypatch.setattr(cluster_module, "_SECONDS_TO_LOOK", 0.01)
    client: Any = MadeUpClient()
    results = list(Cluster(client, "x", {}).completed(same, None, range(40)))
    assert sorted(number for number, _ in results) == list(range(40))
    assert client.most_before_the_first == 12


def test_a_cluster_error_survives_pickling() -> None:
    """A worker may raise it."""
    error = ClusterError("no worker is left", "tcp://a:1", "another")
    copied = pickle.loads(pickle.dumps(error))
    assert (str(copied), copied.exit_status) == (str(error), 2)
    assert "--cluster: no worker is left" in str(error)


def altered_code(folder: Path) -> Path:
    """Return a folder with our code, which has another comment."""
    altered = folder / "altered"
    shutil.copytree(ROOT / "sim", altered / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    file = altered / "sim" / "streams.py"
    file.write_text(file.read_text(encoding="utf-8") + "\n# Altered.\n", encoding="utf-8")
    return altered


def same(_: None, number: int) -> int:
    """Return the number."""
    return number


def dies_at(fatal: int, number: int) -> int:
    """End the process without a word at one number."""
    if number == fatal:
        os._exit(3)
    return number


def raises(error: Exception, _number: int) -> int:
    """Raise."""
    raise error
