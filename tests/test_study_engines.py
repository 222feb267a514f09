"""Which engine a study uses, and that its numbers do not depend on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Generator, Iterable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import pytest

from sim import study
from sim.engines import compiled
from sim.scenario.loading import load
from sim.scenario.template import template
from sim.study import Settings, engines, sharing
from sim.study.compiling import Compiling
from sim.study.engines import ENGINES, engine_for, engine_of, made_ready, remarks, settled
from sim.study.meanwhile import played_meanwhile
from sim.study.settings import EngineName
from sim.tables import Draws, Engine, Played, Policy, Table

BASELINE = Path(__file__).parents[1] / "scenarios" / "dorset-2022.toml"
ONE = Settings(replications=1, days=1, warm_up_days=0, workers=1)


def chosen(
    cached: bool,
    monkeypatch: pytest.MonkeyPatch,
    *,
    days: int = 1,
    replications: int = 1,
    workers: int = 1,
    kept: bool = True,
) -> str:
    """The engine that ``auto`` comes to for so much work."""
    monkeypatch.setattr(compiled, "is_cached", lambda: cached)
    monkeypatch.setattr(compiled, "is_fetched", lambda: False)
    monkeypatch.setattr(compiled, "why_uncached", lambda: None if kept else "It cannot be kept.")
    settings = replace(ONE, days=days, replications=replications, workers=workers)
    return settled([load(BASELINE).scenario], settings).engine


def test_auto_takes_the_reference_for_little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day of one replication is played before compiled code is fetched."""
    assert chosen(True, monkeypatch) == "reference"


def test_auto_takes_the_compiled_engine_for_much_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand replications of four weeks repay even the compiling."""
    assert chosen(False, monkeypatch, days=28, replications=1000) == "compiled"


def test_auto_counts_the_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two replications of four days repay the fetching of what is compiled, no more."""
    assert chosen(True, monkeypatch, days=4, replications=2) == "compiled"
    assert chosen(False, monkeypatch, days=4, replications=2) == "reference"


def test_a_fresh_computer_compiles_for_the_commands_to_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two replications do not repay it at once, but ten such commands do, if it is kept."""
    for kept, name in ((True, "compiled"), (False, "reference")):
        assert chosen(False, monkeypatch, days=28, replications=2, kept=kept) == name


def test_auto_counts_what_each_process_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight processes fetch the code side by side, and each has an eighth of the work."""
    assert chosen(True, monkeypatch, days=2, replications=8, workers=1) == "compiled"
    assert chosen(True, monkeypatch, days=2, replications=8, workers=8) == "reference"


def test_what_is_fetched_is_played_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has the compiled engine ready uses it for any work of its own."""
    monkeypatch.setattr(compiled, "is_fetched", lambda: True)
    assert engine_for(1) == "compiled"
    monkeypatch.setattr(compiled, "is_cached", lambda: True)
    assert engine_for(1, here=False) == "reference"


@pytest.mark.parametrize("asked", ["sweep", "trace", "warm-up"])
def test_every_command_settles_its_engine(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep over the share held, one replication's tables and the warm-up, as a study does."""
    loaded = load(BASELINE)
    monkeypatch.setattr(compiled, "is_fetched", lambda: True)
    played: list[str] = []

    def watched(name: str, engine: Engine) -> Engine:
        def play(draws: Draws, rota: Table, policy: Policy) -> Played:
            played.append(name)
            return engine(draws, rota, policy)

        return play

    for name, engine in tuple(ENGINES.items()):
        monkeypatch.setitem(ENGINES, name, watched(name, engine))
    if asked == "sweep":
        study.sweep_share_held(loaded, ONE, [0.0, 1.0])
    elif asked == "trace":
        study.one_world(loaded, ONE, 0)
    else:
        study.warm_up(loaded, ONE)
    assert set(played) == {"compiled"}


def test_an_engine_that_is_named_is_used() -> None:
    """Whatever the size of the work."""
    for settings in (replace(ONE, engine="reference"), replace(ONE, engine="compiled")):
        assert settled([load(BASELINE).scenario], settings) == settings
        assert engine_of(settings.engine) in ENGINES


def test_the_first_compiling_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it is done nothing is told; where it cannot be kept, that is."""
    assert remarks("auto") == ()
    monkeypatch.setattr(compiled, "why_uncached", lambda: None)
    monkeypatch.setattr(compiled, "is_cached", lambda: False)
    assert "fifteen seconds" in remarks("compiled")[0]
    monkeypatch.setattr(compiled, "is_cached", lambda: True)
    assert remarks("compiled") == ()
    monkeypatch.setattr(compiled, "why_uncached", lambda: "It cannot be kept.")
    assert remarks("compiled") == ("It cannot be kept.",)


def test_without_numba_the_reference_engine_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was asked for, however much there is to do; who asked for the other is told."""
    monkeypatch.setattr(engines, "has_numba", lambda: False)
    for name in get_args(EngineName):
        assert engine_for(1e9, name) == "reference"
        assert settled([load(BASELINE).scenario], replace(ONE, engine=name)).engine == "reference"
    assert "has no numba" in remarks("compiled")[0]
    assert remarks("auto") == remarks("reference") == ()


def test_a_command_goes_on_without_numba(tmp_path: Path) -> None:
    """To its page, with the shares held and the long waits that are simulated beside the study."""
    (tmp_path / "numba.py").write_text("raise ModuleNotFoundError(name='numba')", encoding="utf-8")
    without = (
        "import sys, importlib.util as util; found = util.find_spec; "
        "util.find_spec = lambda name, *more: None if name == 'numba' else found(name, *more); "
        "from sim.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    (tmp_path / "force.toml").write_text(template(), encoding="utf-8")
    force = str(tmp_path / "force.toml")
    words = ["run", force, "--engine", "compiled", "--days", "1", "--warm-up-days", "0"]
    words += ["--replications", "2", "--workers", "1", "--html", str(tmp_path / "page.html")]
    done = subprocess.run(
        [sys.executable, "-c", without, *words],
        cwd=Path(__file__).parents[1],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "has no numba" in done.stderr
    assert (tmp_path / "page.html").is_file()


def test_a_log_is_played_by_the_engine_that_is_done_sooner(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """100,000 incidents take the reference engine some 10 s: more than fetching."""
    for cached, incidents, name in (
        (True, 1e5, "compiled"), (False, 1e4, "reference"), (True, 1e3, "reference"),
    ):  # fmt: skip
        monkeypatch.setattr(compiled, "is_fetched", lambda: False)
        monkeypatch.setattr(compiled, "is_cached", lambda known=cached: known)
        assert engine_for(incidents) == name


def test_it_is_compiled_once_for_all_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before they start, and only where it is used."""
    made: list[bool] = []
    monkeypatch.setattr(compiled, "make_ready", lambda: made.append(True))
    monkeypatch.setattr(compiled, "why_uncached", lambda: None)
    monkeypatch.setattr(compiled, "is_cached", lambda: False)
    made_ready("reference")
    assert made == []
    made_ready("compiled")
    assert made == [True]
    # What is there already, or cannot be kept for the others, is not made here.
    monkeypatch.setattr(compiled, "is_cached", lambda: True)
    made_ready("compiled")
    monkeypatch.setattr(compiled, "is_cached", lambda: False)
    monkeypatch.setattr(compiled, "why_uncached", lambda: "It cannot be kept.")
    made_ready("compiled")
    assert made == [True]


class Meanwhile(Compiling):
    """A process that compiles until it has been looked at a few times."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self.looks = looks
        self.waited: list[float] = []

    def join(self, seconds: float | None = None) -> None:
        """Nobody waits in earnest."""
        self.waited.append(seconds or 0.0)

    def begin(self) -> bool:
        """It is on its way."""
        return True

    @property
    def is_at_work(self) -> bool:
        """Whether it still is."""
        self.looks -= 1
        return self.looks >= 0


@pytest.mark.parametrize("is_made", [True, False])
def test_the_reference_plays_until_the_engine_is_made(
    is_made: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two replications by the one, the third by the other, all alike; who cannot, goes on."""
    meanwhile = Meanwhile(looks=2)
    monkeypatch.setattr(sharing, "compiling", meanwhile)
    size = replace(ONE, replications=3, days=2, workers=2)
    alone = study.run([load(BASELINE)], replace(size, engine="reference"))
    monkeypatch.setattr(compiled, "is_cached", lambda: is_made and meanwhile.looks < 0)
    monkeypatch.setattr(compiled, "why_uncached", lambda: None)
    monkeypatch.setattr(compiled, "make_ready", lambda: None)
    monkeypatch.setattr(engines, "_COMMANDS_TO_COME", 1e9)
    monkeypatch.setattr(engines, "_SECONDS_TO_FETCH", 0.0)
    made = study.run([load(BASELINE)], size)
    assert made.engines == ({"reference": 2, "compiled": 1} if is_made else {"reference": 3})
    assert made.engine == ("reference (2), then compiled (1)" if is_made else "reference")
    for first, second in zip(alone.replications[0], made.replications[0], strict=True):
        assert first.counts.tolist() == second.counts.tolist()


def test_compiling_beside_a_study_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it begins; a process alone has nobody to do it beside."""
    monkeypatch.setattr(compiled, "is_cached", lambda: False)
    monkeypatch.setattr(compiled, "is_fetched", lambda: False)
    monkeypatch.setattr(compiled, "why_uncached", lambda: None)
    for workers, words in ((2, "until it is ready"), (1, "fifteen seconds")):
        (told,) = study.remarks(Settings(workers=workers), [load(BASELINE)])
        assert words in told
    assert study.remarks(replace(ONE, workers=2), [load(BASELINE)]) == ()
    # A replication of four scenarios by the reference engine takes longer than compiling.
    for scenarios, words in ((3, "until it is ready"), (4, "fifteen seconds")):
        (told,) = study.remarks(Settings(workers=2), [load(BASELINE)] * scenarios)
        assert words in told


def test_no_replication_is_begun_that_the_engine_would_wait_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One takes 4 s, compiling three times as long; what is overdue is not waited for any longer.

    The third round ends when the engine is expected; half a replication later it goes on.
    """
    now, rounds, looks = 100.0, list[list[int]](), 6
    compiling = Meanwhile(looks)
    compiling.began = now
    monkeypatch.setattr("sim.kernels.make_ready", lambda: None)

    def join(seconds: float | None = None) -> None:
        nonlocal now
        now += seconds or 0.0

    monkeypatch.setattr(compiling, "join", join)

    def play(numbers: Iterable[int]) -> Generator[tuple[float, list[int]], None, None]:
        nonlocal now
        began, taken = now - 100.0, list(numbers)
        now += 4.0
        rounds.append(taken)
        yield began, taken

    begun = list(played_meanwhile(compiling, iter(range(20)), 2, play, 3.0, lambda: now))
    assert [began for began, _ in begun] == [0.0, 4.0, 8.0, 14.0, 18.0]
    assert rounds == [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9]]


def test_what_would_end_after_the_engine_is_made_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of replications as long as two thirds of compiling one is played, and no second begun."""
    compiling = Meanwhile(looks=2)
    compiling.began = 0.0
    monkeypatch.setattr("sim.kernels.make_ready", lambda: None)
    now = 0.0

    def play(numbers: Iterable[int]) -> Generator[int, None, None]:
        nonlocal now
        for number in numbers:
            now += 8.0
            yield number

    assert list(played_meanwhile(compiling, iter(range(9)), 1, play, 1.5, lambda: now)) == [0]
    assert compiling.waited == [4.0 + 4.0]


def test_the_first_scenario_is_told_before_the_replication_is_whole() -> None:
    """A comparison's headline so far is the baseline's, at nought of its replications."""
    told: list[tuple[int, float | None]] = []
    loaded = [load(BASELINE), load(BASELINE.with_name("deploy-at-grading.toml"))]
    size = replace(ONE, replications=2, days=2)
    made = study.run(loaded, size, lambda now: told.append((now.completed, now.headline.value)))
    assert [completed for completed, _ in told] == [0, 1, 2]
    assert told[0][1] == told[1][1]
    assert told[2][1] == made.headline().value


def test_a_process_that_compiled_in_vain_is_not_begun_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And Ctrl-C ends one that is still at work."""
    one = Compiling()
    monkeypatch.setattr("sim.study.compiling._compile", os.getpid)
    assert one.begin()
    while one.is_at_work:
        time.sleep(0.01)
    assert not one.begin()
    one.stop()
    assert one.begin()
    one.stop()
    assert not one.is_at_work


def test_a_worker_begins_no_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have no processes of its own: what it finds uncompiled it compiles itself."""
    monkeypatch.setattr("sim.study.compiling.current_process", lambda: SimpleNamespace(daemon=True))
    assert not Compiling().begin()


@pytest.mark.slow
def test_a_fresh_computers_first_study_is_that_of_any_other(tmp_path: Path) -> None:
    """With nothing compiled, both engines take part, and the document differs in that alone."""
    documents = []
    for folder in (tmp_path / "fresh", None):
        # Some four times as many as are played while the engine is made.
        words = ["run", str(BASELINE), "--replications", "400", "--days", "2", "--json"]
        words += ["--warm-up-days", "1"]
        cached = {} if folder is None else {"NUMBA_CACHE_DIR": str(folder)}
        done = subprocess.run(
            [sys.executable, "run_sim.py", *words, "--workers", "2"],
            cwd=Path(__file__).parents[1],
            env=os.environ | cached,
            capture_output=True,
            text=True,
            check=True,
        )
        documents.append(json.loads(done.stdout))
    first, second = documents
    engine = first["run"].pop("engine")
    assert engine.startswith("reference (")
    assert ", then compiled (" in engine
    for document in documents:
        for key in ("engine", "seconds"):
            document["run"].pop(key, None)
    assert first == second


def test_a_study_says_which_engine_it_used_and_its_numbers_do_not_depend_on_it() -> None:
    """Tallies of both engines, and of two processes, are equal."""
    loaded = [load(BASELINE)]
    size = replace(ONE, replications=2, days=2)
    one = study.run(loaded, replace(size, engine="reference"))
    other = study.run(loaded, replace(size, engine="compiled", workers=2))
    assert (one.engine, other.engine) == ("reference", "compiled")
    assert one.headline() == other.headline()
    for first, second in zip(one.replications[0], other.replications[0], strict=True):
        assert first.counts.tolist() == second.counts.tolist()
