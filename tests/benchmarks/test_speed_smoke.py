"""The comparison of speeds runs, without looking at a clock."""

from importlib import import_module
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from sim import study
from sim.answers.how_often import asking
from sim.scenario.loading import load
from sim.scenario.template import template
from tests.benchmarks import (
    answers,
    auto,
    fit,
    floor,
    force_log,
    full_baseline,
    growth,
    memory,
    parts,
    planner,
    quiet,
    returns,
    scale,
    searches,
    workers,
)
from tests.benchmarks import compare as comparing
from tests.benchmarks import evaluate as evaluating
from tests.benchmarks.compare import CIW, MODELS, PLAYED, TEXTBOOK, WHOLE, compare, table_of
from tests.benchmarks.engine_model import ENGINES
from tests.benchmarks.textbook import ThreeStageNetwork
from tests.force_log.simulated import search_little

ROUNDS = 3


def test_every_model_finishes_and_is_counted() -> None:
    """All models finish what they were given, and ratios are those of incidents to seconds."""
    ticks = count()
    found = compare(ThreeStageNetwork(days=1), ROUNDS, clock=lambda: float(next(ticks)))
    assert found.seconds.shape == (ROUNDS, len(MODELS))
    assert found.waits.shape == (ROUNDS, len(MODELS), 3, 3)
    # Every run lasted one tick.
    assert (found.seconds == 1).all()
    # Poisson of mean 220, sd 15: within five of it.
    assert (np.abs(found.incidents - 220) < 75).all()
    assert np.array_equal(found.counts.sum(axis=2), found.incidents)
    assert (found.waits >= 0).all()
    # With and without their draws the engines play the same tables.
    ours = [MODELS.index(model) for model in (*WHOLE, *PLAYED)]
    for place in ours[1:]:
        assert np.array_equal(found.waits[:, ours[0]], found.waits[:, place])
        assert found.ratio(MODELS[ours[0]], MODELS[place]) == 1
    assert found.ratio(TEXTBOOK, CIW) == pytest.approx(1 / found.ratio(CIW, TEXTBOOK))
    assert len(table_of(found).splitlines()) == 1 + len(MODELS)


def test_the_command_says_whether_the_models_agree(capsys: pytest.CaptureFixture[str]) -> None:
    """The table stands above a sentence on the mean waits, and the status follows it."""
    status = comparing.main(["--rounds", "4", "--days", "1"])
    printed = capsys.readouterr().out.splitlines()
    assert status == 0
    assert printed[-1] == "Mean waits by priority and stage agree within chance."


def test_answers_are_timed_at_half_and_at_full_size(capsys: pytest.CaptureFixture[str]) -> None:
    """Each has two lines, by the clock and of the processors."""
    size = ["--causes", "2", "--ranges", "4", "--designs", "4"]
    size += ["--replications", "4", "--days", "1"]
    assert answers.main(size) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line.split(",")[0] for line in printed] == [
        *["explain"] * 2,
        *["sensitivity"] * 2,
        *["size"] * 2,
    ]
    assert all(line.endswith("of processors") for line in printed)


def test_answers_of_size_are_held_against_other_luck(capsys: pytest.CaptureFixture[str]) -> None:
    """Two searches: how many have an answer, and how many of these hold."""
    assert searches.main(["--searches", "2", "--truth", "20"]) in {0, 1}
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("2 searches, ")
    assert printed[1].endswith("hold on luck that no search has seen")


def test_a_tail_is_held_against_a_count(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an hour and a half, which a few days show: the tail's rate above the counted one."""
    monkeypatch.setattr(asking, "LEAST_NIGHTS", asking.LEAST_NIGHTS)
    size = ["--replications", "6", "--others", "6", "--days", "6", "--over", "1.5"]
    assert returns.main(size) in {0, 1}
    printed = capsys.readouterr().out.splitlines()
    assert "nights seen: by the tail" in printed[0] or "have no tail" in printed[0]


def test_a_years_log_is_read_and_diagnosed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The steps run on a small one, and each is told with its seconds."""
    assert force_log.main(["--incidents", "2000"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("2,000 incidents")
    steps = [line[:20].strip() for line in printed[1:-1]]
    assert steps == list(force_log.STEPS)
    assert printed[-1].endswith("of processors, of 15 allowed for a year")
    ticks = count()
    slow = force_log.timed(2_000, tmp_path, processor=lambda: 10.0 * next(ticks))
    assert [one.processor for one in slow] == [10.0, 10.0, 10.0]
    monkeypatch.setattr(force_log, "timed", lambda *_: slow)
    assert force_log.main([]) == 1


def test_a_fit_is_timed_with_a_rate_and_without(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are told with their seconds, and a slow one has a status of its own."""
    search_little(monkeypatch)
    for name in ("crews", "by_rate"):
        monkeypatch.setattr(f"sim.force_log.fitting.{name}._FIRST_HOURS", (7,))
    monkeypatch.setattr("sim.force_log.fitting.crews._SPREADS", ())
    monkeypatch.setattr("sim.force_log.fitting.moves._LESS_DELAY", (0.0,))
    assert fit.main(["--days", "3", "--roughly"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line[:16].strip() for line in printed[1:-1]] == list(fit.STEPS)
    assert printed[2].endswith("no rate is kept")
    assert printed[-1].endswith("of processors, of 180 allowed for a fit")
    ticks = count()
    slow = fit.timed(
        fit.sample(1, tmp_path), lambda _: SimpleNamespace(by_rate=True),  # type: ignore[arg-type,return-value]
        processor=lambda: 200.0 * next(ticks),
    )  # fmt: skip
    assert [one.processor for one in slow] == [200.0, 200.0]
    monkeypatch.setattr(fit, "timed", lambda *_: slow)
    assert fit.main(["--days", "1"]) == 1


def test_the_cost_of_what_grows_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Days, incidents a day, replications, and a queue, each with its cost."""
    assert growth.main(["--rounds", "1", "--sizes", "1"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 8
    assert all(line.endswith("an incident") for line in printed[1::2])


@pytest.fixture
def force(tmp_path: Path) -> str:
    """A small force: what is timed on the baseline runs on it, too, and is done at once."""
    file = tmp_path / "force.toml"
    file.write_text(template(), encoding="utf-8")
    return str(file)


def test_engines_are_timed_on_a_force(force: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each engine has a line, with its ratio to the reference."""
    words = ["--rounds", "1", "--days", "1", "--verify", "--scenario", force]
    assert full_baseline.main(words) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in printed[1:]] == [*ENGINES, "verified"]


def test_a_replication_is_timed_step_by_step(capsys: pytest.CaptureFixture[str]) -> None:
    """Every step has its line, and the last one is the national study's."""
    assert scale.main(["--replications", "1", "--days", "1", "--pieces", "0"]) == 0
    printed = capsys.readouterr().out.splitlines()
    steps = [line.split()[0] for line in printed[1:8]]
    assert steps == ["draws", "rota", "policy", "engine", "measures", "packing", "tables"]
    assert printed[-1].startswith("43 forces x 200 rotas x 1,000 years: ")


def test_the_cost_of_years_follows_from_that_of_a_replication() -> None:
    """36 s of a core for 73 measured days are 180 s a year, so 20 years take an hour."""
    steps = {"engine": 35_000.0, "measures": 1_000.0, "tables": 500.0}
    assert scale.Cost(steps, 0, 73, 82.0).core_hours(20) == pytest.approx(1.0)


def test_workers_are_counted_from_when_all_have_begun() -> None:
    """Two workers hand in at 5, 6, 7, 8 and 9: one a second after a start-up of 3 seconds.

    The first two of five are in at 6, and three more at 9. The first came at 5, and two workers
    that hand in one a second between them take 2 seconds for each.
    """
    ticks = iter([0.0, 5.0, 6.0, 7.0, 8.0, 9.0])
    found = workers.measured([(0.25, 1)] * 5, 2, lambda: next(ticks))
    assert found == workers.Round(a_second=1.0, start_up=3.0, processor_seconds=0.25)


def test_workers_are_held_against_one(force: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Alone, by processes and by threads: each has its line."""
    sizes = ["--workers", "2", "--replications", "3", "--rounds", "1", "--days", "1"]
    assert workers.main([*sizes, "--engine", "reference", "--scenario", force]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in printed[1:4]] == list(workers.WAYS)
    assert printed[4].startswith("1 rounds, 2 workers")


def test_peaks_of_memory_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Two replications hold hardly more than one."""
    assert memory.main(["--replications", "1", "2"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("1 replications: ")
    assert printed[2].endswith("of 1.2 allowed")


def test_auto_is_held_against_engines_by_hand(
    force: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each size has a line with each engine."""
    sizes = ["--replications", "1", "--days", "1", "--rounds", "1", "--scenario", force]
    assert auto.main([*sizes, "--engines", "auto", "reference"]) == 0
    (printed,) = capsys.readouterr().out.splitlines()
    assert printed.startswith("1 replications: auto ")
    assert ", reference " in printed


def test_what_a_planner_waits_for_is_told(force: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command has its seconds, and README's comparison its ratio to a textbook model."""
    other = str(Path(force).with_name("other.toml"))
    Path(other).write_text(
        'format = 1\ntitle = "Other"\nextends = "force.toml"\n', encoding="utf-8"
    )
    words = ["replications=2", "days=1", "warm-up-days=0", "workers=1", "no-unknowns"]
    sizes = ["--rounds", "1", "--cold-rounds", "0", "--incidents", "300", "--words", *words]
    assert planner.main(["--scenarios", force, other, *sizes]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in printed[:2]] == ["run", "compare of 2"]
    assert all("first told after" in line and "headline after" in line for line in printed[:2])
    assert printed[2].startswith("the comparison takes ")
    spent = planner.steps([Path(force), Path(other)], replications=2, days=1)
    assert list(spent)[-2:] == ["putting the results together", "drawing the screen"]
    assert study.REPLICATIONS in spent
    assert min(spent.values()) >= 0


def test_all_that_is_quoted_can_be_measured(capfd: pytest.CaptureFixture[str]) -> None:
    """Every benchmark in the row is a command of this package; one of them is run."""
    for name, *_ in quiet.MEASURED:
        assert callable(import_module(f"tests.benchmarks.{name}").main)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(quiet, "MEASURED", (("floor", "--rounds", "1", "--days", "1"),))
        assert quiet.main([]) == 0
    printed = capfd.readouterr().out
    assert "# python -m tests.benchmarks.floor --rounds 1 --days 1" in printed
    assert "times a bare push and pop" in printed


def test_evaluations_are_timed(capsys: pytest.CaptureFixture[str]) -> None:
    """One is held against its play, and some designs against those of a search."""
    sizes = ["--rounds", "1", "--days", "1", "--designs", "3", "--replications", "2"]
    assert evaluating.main(sizes) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].endswith("times its play")
    assert printed[1].startswith("3 designs × 2 replications: ")
    assert printed[2].startswith("at this pace 500 × 30 take ")


def test_designs_differ_in_people() -> None:
    """The first is the scenario itself, and no two are alike."""
    scenario = load(evaluating.BASELINE).scenario
    made = evaluating.designs(scenario, 4)
    assert made[0] == scenario
    assert len({one.model_dump_json(include={"pools"}) for one in made}) == 4


def test_the_floor_takes_events_in_their_order() -> None:
    """Times 3, 5, 9 with gaps 4, 1, 1, 10: taken are 3, 5, 6, 7; left are 7, 9 and 17.

    The first comes back at 7, the second at 6 and then at 7; the key goes up by three each time.
    Of the two at 7 the one with the lower key, 0 + 3, is first.
    """
    times, keys = np.array([3, 5, 9]), np.array([0, 1, 2])
    total = floor.pushed_and_popped(times, keys, np.array([4, 1, 1, 10]))
    assert total == (3 + 0) ^ (5 + 1) ^ (6 + 4) ^ (7 + 3)
    assert sorted(zip(times.tolist(), keys.tolist(), strict=True)) == [(7, 7), (9, 2), (17, 6)]


def test_the_engine_is_held_against_the_floor(capsys: pytest.CaptureFixture[str]) -> None:
    """One round of one day has a ratio."""
    assert floor.main(["--rounds", "1", "--days", "1"]) == 0
    assert "times a bare push and pop" in capsys.readouterr().out


def test_the_engines_parts_are_timed(capsys: pytest.CaptureFixture[str]) -> None:
    """Each world has a line with load, play and results."""
    assert parts.main(["--rounds", "1", "--days", "1"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in printed] == ["common network", "full baseline"]
    assert all("play" in line and "results" in line for line in printed)
