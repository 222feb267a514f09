"""The simulator from Python: load, run, compare, typed results, and what is kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import sim
from sim import api, cli
from sim.api import Keep, Results, simulate
from sim.api.simulating import NOT_KNOWN
from sim.errors import InputError, OutOfMemory, OutputError, ScenarioErrors
from sim.results import Unknowns
from sim.results.making import context_of, document_of
from sim.results.table import COLUMNS
from sim.scenario.loaded import Loaded
from sim.scenario.models import Source
from sim.scenario.template import template
from sim.store import Kept
from sim.study import Progress, one_world, run, sharing
from sim.tables import ACTIVITIES, INCIDENTS, OUTCOMES
from tests.test_study import BRIEF, HALF_HELD, NONE_HELD, interrupting_after

SMALL: dict[str, Any] = {"replications": 2, "days": 2, "warm_up_days": 1, "workers": 1}
HELD = 'format = 1\ntitle = "Held"\nextends = "force.toml"\n[policy.gate]\nshare_held = 1.0\n'

SHIPPED = Path(__file__).parents[1] / "scenarios" / "dorset-2022.toml"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small force, and a scenario that extends it."""
    place = tmp_path_factory.mktemp("force")
    (place / "force.toml").write_text(template(), encoding="utf-8")
    (place / "held.toml").write_text(HELD, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def compared(folder: Path) -> Results:
    """Both compared, with what is told beside the rows."""
    return sim.compare(folder / "force.toml", sim.load(folder / "held.toml"), **SMALL)


def test_rows_are_a_table_and_typed(compared: Results) -> None:
    """A figure is the same in the table and in the document."""
    assert compared.rows.columns == list(COLUMNS)
    document = compared.document
    row = document.headline(document.baseline, "arrived_within_target")
    assert row is not None
    found = compared.rows.filter(
        pl.col("scenario") == "force",
        pl.col("measure") == "arrived_within_target",
        pl.col("stream") == "missing_child",
        pl.col("grade") == 2,
        *(pl.col(key).is_null() for key in ("risk", "care", "area", "hours", "hour", "clock")),
    )
    assert found["value"].to_list() == [row.value]
    assert [one.name for one in document.differences] == ["held"]
    assert document.context.sweeps
    assert document.background.timelines


def test_the_summary_keeps_its_width(compared: Results) -> None:
    """Text without codes, as wide as asked for, and in a notebook escaped."""
    text = compared.summary(80, ascii_only=True)
    assert text.isascii()
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 80
    assert repr(compared) == "<Results of force, held: 2 replications of 2 days>"
    html = compared._repr_html_()
    assert html.startswith("<pre>")
    assert "MISSING CHILDREN" in html


def test_what_is_saved_can_be_reported(
    compared: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page made from the folder is the page of the results; the tables are not in it."""
    monkeypatch.chdir(tmp_path)
    assert compared.save("kept") == Path("kept")
    kept = Kept("kept")
    assert kept.changed_files() == []
    assert not list(Path("kept").glob("*.parquet"))
    assert cli.main(["report", "kept", "--html", "page.html"]) == 0
    assert Path("page.html").read_text(encoding="utf-8") == compared.page()
    with pytest.raises(OutputError, match="--force"):
        compared.save("kept")
    compared.save("kept", force=True)


def test_a_run_keeps_its_tables_where_it_is_told_to(folder: Path, tmp_path: Path) -> None:
    """As `--output` does; what is told beside may be left out."""
    made = sim.run(folder / "force.toml", **SMALL, surroundings=False, output=tmp_path / "kept")
    assert made.document.differences == ()
    assert made.document.context.sweeps == ()
    assert Kept(tmp_path / "kept").frame(OUTCOMES).collect().height > 0


def test_faults_are_raised_and_not_printed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A broken file, two of one name, and a value out of range."""
    (folder / "broken.toml").write_text("format = 1\n", encoding="utf-8")
    with pytest.raises(ScenarioErrors):
        sim.load(folder / "broken.toml")
    with pytest.raises(ScenarioErrors, match="cannot be told apart"):
        sim.compare(folder / "force.toml", folder / "force.toml", **SMALL)
    with pytest.raises(InputError, match="--days"):
        sim.run(folder / "force.toml", days=0)
    with pytest.raises(TypeError, match="day"):
        sim.run(folder / "force.toml", day=1)  # type: ignore[call-arg]
    assert capsys.readouterr() == ("", "")


def test_importing_the_package_imports_no_library() -> None:
    """`import sim` is at once done; what it gives is imported when it is asked for."""
    code = (
        "import sys, sim; print([m for m in ('numpy', 'pydantic', 'polars') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
    with pytest.raises(AttributeError, match="nothing"):
        _ = sim.nothing
    assert sim.run is api.run


def kept_at(place: Path, **more: Any) -> Results:
    """A brief study of one scenario, kept; nothing is told beside its rows."""
    settings = replace(BRIEF, **more.pop("size", {}))
    plain = {"sweep": False, "long_waits": False}
    return simulate([HALF_HELD], settings, keep=Keep(place), **plain | more)


def test_results_are_kept_with_the_tables_of_each_replication(tmp_path: Path) -> None:
    """Kept tables are those of the simulation, scenario by scenario, and the manifest agrees."""
    settings = replace(BRIEF, workers=2)
    both = [HALF_HELD, NONE_HELD]
    made = simulate(both, settings, keep=Keep(tmp_path / "kept"), sweep=False, long_waits=False)
    kept = Kept(tmp_path / "kept")
    world = one_world(NONE_HELD, BRIEF, 1)
    for schema, table in (
        (INCIDENTS, world.incidents),
        (OUTCOMES, world.outcomes),
        (ACTIVITIES, world.activities),
    ):
        assert table.differences(kept.table(schema, "none_held", 1)) == []
    assert kept.document == made.document.model_dump(mode="json")
    assert kept.changed_files() == []
    assert kept.manifest["study"]["replications"] == 3
    assert [one["name"] for one in kept.manifest["scenarios"]] == ["small", "none_held"]


def test_an_interrupted_study_is_kept_as_far_as_it_came(tmp_path: Path) -> None:
    """The folder holds the whole replications, and says that there were to be more."""
    made = kept_at(tmp_path / "kept", size={"replications": 8}, progress=interrupting_after(2))
    assert made.stopped
    kept = Kept(tmp_path / "kept")
    found = kept.frame(OUTCOMES).select("replication").unique().collect()["replication"]
    assert sorted(found) == [0, 1]
    assert kept.manifest["study"]["interrupted"]
    assert kept.manifest["study"]["planned_replications"] == 8


def test_ctrl_c_in_the_sweep_leaves_the_study_whole() -> None:
    """What is told beside the rows is left out, and the results say that something was."""

    def stopping(progress: Progress) -> None:
        if progress.planned == BRIEF.replications and progress.completed == 3:
            told.append(progress)
        if len(told) == 2:
            raise KeyboardInterrupt

    told: list[Progress] = []
    made = simulate([HALF_HELD], BRIEF, long_waits=False, progress=stopping)
    assert made.stopped
    assert made.study.completed == 3
    assert made.document.context.sweeps == ()


@pytest.mark.parametrize("lacking", [MemoryError(), OutOfMemory("only 0 of 6 could be made")])
def test_memory_that_runs_out_beside_the_study_leaves_it_whole(
    lacking: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is missing is not told as replications, and the same command goes on to make it."""

    def fails(*_: Any, **__: Any) -> None:
        raise lacking

    keep = Keep(tmp_path / "kept")
    with monkeypatch.context() as patch:
        patch.setattr(sim.study, "sweep_share_held", fails)
        made = simulate([HALF_HELD], BRIEF, long_waits=False, keep=keep)
    assert made.study.completed == 3
    assert made.goes_on is not None
    assert made.document.context.sweeps == ()
    assert str(made.lost).startswith("the replications are done, and what is told beside them")
    assert "memory probably ran out" in str(made.lost)
    again = simulate([HALF_HELD], BRIEF, long_waits=False, keep=keep)
    assert again.lost is None
    assert len(again.document.context.sweeps) == 1


def unsure() -> Loaded:
    """The brief world, where the share held may be anything."""
    known = Source(assumption="Not known.", low=0.0, high=1.0)
    sources = {"policy.gate.share_held": known}
    return replace(HALF_HELD, scenario=HALF_HELD.scenario.model_copy(update={"sources": sources}))


EIGHT = replace(BRIEF, replications=8, engine="compiled")


def test_what_is_not_known_stands_beside_luck_and_takes_the_place_of_the_sweep() -> None:
    """With sources that have ranges the second range is there, and a step is told for it."""
    told: list[Progress] = []
    made = simulate([unsure()], EIGHT, sweep=None, long_waits=False, progress=told.append)
    found = made.document.context.unknowns
    assert isinstance(found, Unknowns)
    assert (found.settings, found.things, found.redrawn) == (12, 1, 0)
    assert list(found.ranges) == ["small"]
    assert found.movers[0].what == "the share held for ratification"
    assert made.document.context.unknowns_missing is None
    assert made.document.context.sweeps == ()
    varied = [one for one in told if one.step == NOT_KNOWN]
    assert (varied[-1].completed, varied[-1].planned) == (12, 12)


@pytest.mark.parametrize(
    "set_to",
    [
        {"pools.response_bcp.shifts.night.absent": 3},
        {"pools.response_bcp.shifts.night.abstraction": 0.2},
    ],
)
def test_people_away_are_never_a_saving(set_to: dict[str, object]) -> None:
    """Posts and pounds are told with the baseline's leave, and a sentence says whose differs."""
    baseline = sim.load(SHIPPED)
    other = sim.load(SHIPPED, set=set_to)
    told = context_of([baseline, other])
    first, second = told.staffing
    assert (first.posts, first.pounds) == (second.posts, second.pounds)
    (said,) = api.simulating.leave_notices([baseline, other])
    assert "response_bcp" in said
    assert "nothing counts as saved" in said
    assert list(api.simulating.leave_notices([baseline, baseline])) == []


def test_why_there_is_no_second_range_is_told_and_the_sweep_is_made() -> None:
    """Without [sources] a sentence says so, and the answer over the share held stands in."""
    made = simulate([HALF_HELD], BRIEF, sweep=None, long_waits=False)
    assert made.document.context.unknowns is None
    assert "has no [sources]" in str(made.document.context.unknowns_missing)
    assert made.document.context.sweeps


def test_the_second_range_may_be_left_out() -> None:
    """Nobody asked, so nothing is said."""
    made = simulate([unsure()], EIGHT, sweep=False, long_waits=False, unknowns=False)
    assert made.document.context.unknowns is None
    assert made.document.context.unknowns_missing is None


def test_ctrl_c_in_the_second_range_leaves_the_study_whole() -> None:
    """It is left out, which is said, and the replications are all there."""

    def stopping(progress: Progress) -> None:
        if progress.step == NOT_KNOWN:
            raise KeyboardInterrupt

    made = simulate([unsure()], EIGHT, long_waits=False, progress=stopping)
    assert made.stopped
    assert made.study.completed == 8
    assert made.document.context.unknowns is None
    assert "stopped" in str(made.document.context.unknowns_missing)


@pytest.fixture
def obeys_ctrl_c() -> Iterator[None]:
    """Ctrl-C as at a terminal: a shell that starts the tests behind it has them ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def pressing(times: int) -> Callable[..., Any]:
    """In place of what makes the document: Ctrl-C so many times, and then the document."""

    def pressed(*words: Any) -> Any:
        for _ in range(times):
            signal.raise_signal(signal.SIGINT)
        return document_of(*words)

    return pressed


@pytest.mark.usefixtures("obeys_ctrl_c")
def test_ctrl_c_while_results_are_written_lets_them_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are whole at their place, and the results say that they were stopped."""
    monkeypatch.setattr("sim.api.simulating.document_of", pressing(1))
    assert kept_at(tmp_path / "kept", size={"replications": 1}).stopped
    assert Kept(tmp_path / "kept").changed_files() == []
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.usefixtures("obeys_ctrl_c")
def test_a_second_ctrl_c_is_obeyed_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks twice does not wait; nothing half written stays, and what is done is kept."""
    monkeypatch.setattr("sim.api.simulating.document_of", pressing(2))
    with pytest.raises(KeyboardInterrupt) as stopped:
        kept_at(tmp_path / "kept", size={"replications": 1})
    (note,) = stopped.value.__notes__
    assert note.startswith(f"All 1 replications are kept in {tmp_path / 'kept.unfinished'}")
    assert [entry.name for entry in tmp_path.iterdir()] == ["kept.unfinished"]


def test_a_worker_with_a_full_disk_names_the_folder_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the draft beside it, whose name a planner has never seen."""

    def full(*_: object) -> None:
        raise OutputError("the disk is full", tmp_path / ".kept.partial-1-0", "Free some space.")

    monkeypatch.setattr(sharing, "replicated", full)
    with pytest.raises(OutputError, match="kept: the disk is full\\n  Free some space") as refused:
        kept_at(tmp_path / "kept")
    assert "partial" not in str(refused.value)


def test_a_study_that_fails_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no document can be made nothing stands at the place; what is done stands beside it."""

    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("sim.api.simulating.document_of", fails)
    with pytest.raises(ZeroDivisionError):
        kept_at(tmp_path / "kept", size={"replications": 1})
    assert [entry.name for entry in tmp_path.iterdir()] == ["kept.unfinished"]


def test_warnings_are_told_before_and_stand_in_the_results() -> None:
    """Few replications, said once."""
    findings = api.check([HALF_HELD], BRIEF)
    (few,) = findings.warnings
    assert few.startswith("With fewer than 10 replications (3 here)")
    made = simulate([HALF_HELD], BRIEF, findings=findings, sweep=False, long_waits=False)
    assert made.document.context.warnings == (few,)
    assert plain_names(made) == ["small"]


def plain_names(made: Results) -> Sequence[str]:
    """Names of the scenarios."""
    return list(made.document.names)


def test_the_rows_are_those_of_the_study() -> None:
    """The headline of the document is the headline of the tallies."""
    made = simulate([HALF_HELD], BRIEF, sweep=False, long_waits=False)
    row = made.document.headline(made.document.baseline, "arrived_within_target")
    assert row is not None
    assert row.value == run([HALF_HELD], BRIEF).headline().value


def test_a_script_without_a_guard_is_told_what_it_lacks(tmp_path: Path) -> None:
    """A worker reads the script from its top; that is said in a sentence, by the script's name."""
    script = tmp_path / "study.py"
    scenario = Path(__file__).parents[1] / "scenarios" / "dorset-2022.toml"
    script.write_text(
        "import sim\n"
        f"sim.run({str(scenario)!r}, days=1, warm_up_days=1, replications=60, workers=2,\n"
        "        surroundings=False, engine='reference')\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert done.returncode == 1
    said = done.stderr.strip().splitlines()[-2:]
    assert "study.py: a worker process runs the script from its top" in said[0]
    assert 'if __name__ == "__main__":' in said[1]
    assert "bootstrapping" not in done.stderr
