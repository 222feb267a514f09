"""A study that was broken off goes on, to the numbers of one that was not."""

from __future__ import annotations

import errno
import json
import pickle
import shutil
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.api import Keep, Results, simulate
from sim.errors import OutOfMemory, OutputError
from sim.provenance import file_sha256
from sim.store import FILES, REPLICATIONS, Kept
from sim.study import Progress, Settings, sharing, worlds
from tests.loaded import as_loaded
from tests.test_study import interrupting_after
from tests.worlds import episode, small_scenario

BRIEF = Settings(replications=4, days=1, warm_up_days=0, workers=1, engine="reference")
BOTH = [
    as_loaded(small_scenario()),
    as_loaded(small_scenario(policy={"gate": {"share_held": 0.0}}), "none_held"),
]
TIMED = ("manifest.json", "summary.json", "stress-des.md")
"""They say how long the run took."""


def kept(place: Path, settings: Settings = BRIEF, **more: Any) -> Results:
    """Compare two scenarios and keep them, without what is told beside the rows."""
    own = {name: more.pop(name) for name in ("force", "fresh", "told") if name in more}
    plain: dict[str, Any] = {"sweep": False, "long_waits": False, "unknowns": False}
    return simulate(BOTH, settings, keep=Keep(place, **own), **plain | more)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study, made without a break."""
    place = tmp_path_factory.mktemp("whole") / "out"
    kept(place)
    return place


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of the replications that are made in this process, as they are."""
    numbers: list[int] = []

    def counted(plan: worlds.Plan, number: int) -> Any:
        numbers.append(number)
        return worlds.replicate(plan, number)

    monkeypatch.setattr(sharing, "replicated", counted)
    return numbers


def same(one: Path, other: Path) -> bool:
    """Whether two folders of results are alike to the byte, but for the time that they took."""
    names = [sorted(file.name for file in place.iterdir()) for place in (one, other)]
    checksums = [Kept(place).manifest["checksums"] for place in (one, other)]
    return (
        names[0] == names[1]
        and checksums[0] == checksums[1]
        and all(
            (one / name).read_bytes() == (other / name).read_bytes()
            for name in names[0]
            if name not in TIMED
        )
    )


def test_after_ctrl_c_the_same_command_goes_on(
    tmp_path: Path, whole: Path, made: list[int]
) -> None:
    """The results so far stand at the place and are replaced unasked; no replication is lost."""
    place = tmp_path / "out"
    first = kept(place, progress=interrupting_after(2))
    assert first.stopped
    assert first.goes_on is not None
    assert "2 of 4 replications are kept in" in first.goes_on
    assert Kept(place).manifest["study"]["replications"] == 2
    told: list[str] = []
    assert kept(place, told=told.append).goes_on is None
    assert told == ["2 of 4 replications were made before, and are taken over."]
    assert made == [0, 1, 2, 3]
    assert same(place, whole)
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_more_replications_are_only_added(tmp_path: Path, whole: Path, made: list[int]) -> None:
    """A study that was broken off may be asked for more, or for fewer."""
    place = tmp_path / "out"
    kept(place, replace(BRIEF, replications=3), progress=interrupting_after(2))
    assert kept(place, replace(BRIEF, replications=1)).study.completed == 1
    assert made == [0, 1]
    place = tmp_path / "other"
    kept(place, replace(BRIEF, replications=3), progress=interrupting_after(2))
    made.clear()
    kept(place)
    assert made == [2, 3]
    assert same(place, whole)


def test_other_settings_are_refused_and_fresh_begins_anew(tmp_path: Path, made: list[int]) -> None:
    """What was asked for otherwise is named; nothing is simulated, and nothing lost."""
    place = tmp_path / "out"
    kept(place, progress=interrupting_after(2))
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    made.clear()
    with pytest.raises(OutputError, match=r"days: 1, and now 2(?s:.*)--fresh"):
        kept(place, replace(BRIEF, days=2))
    assert made == []
    assert before == {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    kept(place, replace(BRIEF, days=2, replications=1), fresh=True)
    assert made == [0]
    assert Kept(place).manifest["study"]["days"] == 2
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_how_many_processes_and_which_engine_go_on_is_free(tmp_path: Path, whole: Path) -> None:
    """They change no number, so another machine may go on with what one has begun."""
    place = tmp_path / "out"
    kept(place, progress=interrupting_after(2))
    kept(place, replace(BRIEF, workers=2, engine="compiled"))
    assert Kept(place).manifest["study"]["engine"] == "reference (2), then compiled (2)"
    for name in ("incidents", "outcomes", "activities"):
        own, other = (folder / f"{name}.parquet" for folder in (place, whole))
        assert own.read_bytes() == other.read_bytes()


def failing_at(number: int, failure: BaseException) -> Callable[[worlds.Plan, int], Any]:
    """In place of a replication: fail at one of them."""

    def fails(plan: worlds.Plan, at: int) -> Any:
        if at == number:
            raise failure
        return worlds.replicate(plan, at)

    return fails


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (OutputError("the disk is full", "x.unfinished", "Free some space."), "the disk is full"),
        (MemoryError(), "memory probably ran out"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "memory probably ran out"),
        (RuntimeError("can't start new thread"), "memory probably ran out"),
    ],
)
def test_what_is_done_is_told_and_kept_where_disk_or_memory_run_out(
    tmp_path: Path,
    whole: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: BaseException,
    told: str,
) -> None:
    """The results so far are there to be shown, why there are no more too, and it goes on."""
    place = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(sharing, "replicated", failing_at(2, failure))
        results = kept(place)
    assert results.study.completed == 2
    assert told in str(results.lost)
    assert results.goes_on is not None
    kept(place)
    assert same(place, whole)


def test_a_folder_that_was_taken_away_is_told(tmp_path: Path, whole: Path) -> None:
    """Put back, it goes on."""
    place = tmp_path / "out"

    def takes_away(progress: Progress) -> None:
        if progress.completed == 2:
            shutil.move(tmp_path / "out.unfinished", tmp_path / "elsewhere")

    results = kept(place, progress=takes_away)
    assert results.study.completed == 2
    assert isinstance(results.lost, OutputError)
    assert "is no longer there\n  Put it back" in str(results.lost)
    assert not place.exists()
    shutil.rmtree(tmp_path / "out.unfinished", ignore_errors=True)
    shutil.move(tmp_path / "elsewhere", tmp_path / "out.unfinished")
    kept(place)
    assert same(place, whole)


def test_a_disk_that_is_full_at_the_end_costs_nothing(
    tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch, made: list[int]
) -> None:
    """Results are there to be shown; the same command makes the folder and no replication."""
    place = tmp_path / "out"

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("polars.LazyFrame.sink_parquet", full)
        results = kept(place)
    assert "the disk is full" in str(results.lost)
    assert results.goes_on is not None
    assert results.goes_on.startswith("All 4 replications are kept in")
    assert results.document.names == ("small", "none_held")
    made.clear()
    kept(place)
    assert made == []
    assert same(place, whole)


def test_a_worker_that_dies_again_and_again_keeps_the_rest(
    tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The replication is named, and so is memory."""
    place = tmp_path / "out"
    monkeypatch.setattr(sharing, "completed", dying_after(2))
    results = kept(place)
    assert isinstance(results.lost, OutOfMemory)
    assert results.study.completed == 2
    monkeypatch.undo()
    kept(place)
    assert same(place, whole)


def dying_after(done: int) -> Callable[..., Any]:
    """In place of sharing work out: some pieces, and then what two dead processes leave."""

    def shared(task: Callable[..., Any], plan: worlds.Plan, numbers: Any, *_: object) -> Any:
        for number in numbers:
            if number == done:
                raise OutOfMemory(f"replication {number} could not be made, twice (exit status -9)")
            yield number, task(plan, number)

    return shared


def test_replications_are_added_to_a_finished_folder(
    tmp_path: Path, whole: Path, made: list[int]
) -> None:
    """Only the new ones are made; the folder is that of one study of the larger number."""
    place = tmp_path / "out"
    kept(place, replace(BRIEF, replications=1))
    kept(place, replace(BRIEF, replications=3))
    told: list[str] = []
    kept(place, told=told.append)
    assert told == ["3 of 4 replications were made before, and are taken over."]
    assert made == [0, 1, 2, 3]
    assert same(place, whole)
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_a_precision_adds_replications_to_a_finished_folder(
    tmp_path: Path, made: list[int]
) -> None:
    """As many as it needs; where that is none the folder is as it was."""
    place, apart = tmp_path / "out", tmp_path / "apart"
    loose = replace(BRIEF, precision=0.9, most_replications=50)
    kept(place)
    kept(place, loose)
    added = list(made)
    made.clear()
    kept(place, loose)
    assert made == []
    kept(apart, loose)
    assert made == added
    assert len(made) >= 30
    assert same(place, apart)


def test_what_follows_arrival_is_added_to_as_well(tmp_path: Path, made: list[int]) -> None:
    """Tables of episodes too, also where one of two scenarios follows none."""
    both = [
        as_loaded(small_scenario(episode=episode()), "followed"),
        as_loaded(small_scenario(), "small"),
    ]
    plain: dict[str, Any] = {"sweep": False, "long_waits": False, "unknowns": False}
    for replications in (1, 2):
        asked = replace(BRIEF, replications=replications)
        simulate(both, asked, keep=Keep(tmp_path / "out"), **plain)
    simulate(both, asked, keep=Keep(tmp_path / "apart"), **plain)
    assert made == [0, 1, 0, 1]
    assert (tmp_path / "out" / "cases.parquet").is_file()
    assert same(tmp_path / "out", tmp_path / "apart")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (BRIEF, r"with its 4 replications, and no more are asked for(?s:.*)--fresh"),
        (replace(BRIEF, replications=2), r"4 replications, and fewer \(2\) are asked for"),
        (replace(BRIEF, replications=9, seed=1), r"other settings:\s+seed: 2022, and now 1"),
        (replace(BRIEF, replications=9, days=2), r"days: 1, and now 2(?s:.*)--fresh"),
    ],
)
def test_a_finished_folder_is_not_replaced_unasked(
    tmp_path: Path, whole: Path, made: list[int], asked: Settings, told: str
) -> None:
    """What differs is said; nothing is simulated and nothing lost. Either option begins anew."""
    place = tmp_path / "out"
    shutil.copytree(whole, place)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    with pytest.raises(OutputError, match=told):
        kept(place, asked)
    assert made == []
    assert before == {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    assert {entry.name for entry in place.iterdir()} <= set(FILES)
    for anew in ("force", "fresh"):
        made.clear()
        kept(place, replace(asked, replications=1), **{anew: True})
        assert made == [0]


def test_other_scenarios_are_not_added_to_a_finished_folder(tmp_path: Path, whole: Path) -> None:
    """Fewer of them, or one that has changed."""
    place = tmp_path / "out"
    shutil.copytree(whole, place)
    more = replace(BRIEF, replications=9)
    changed = as_loaded(small_scenario(policy={"gate": {"share_held": 0.5}}), "none_held")
    for loaded, told in (
        (BOTH[:1], "scenarios: small, none_held, and now small"),
        ([BOTH[0], changed], r"none_held, policy.gate.share_held: 0.0, and now 0.5"),
    ):
        with pytest.raises(OutputError, match=told):
            simulate(loaded, more, keep=Keep(place), unknowns=False)


def test_a_folder_of_an_earlier_version_is_read_and_not_added_to(
    tmp_path: Path, whole: Path, made: list[int]
) -> None:
    """Without its replications a page can be made of it, and it is replaced where that is asked."""
    place = tmp_path / "out"
    shutil.copytree(whole, place)
    (place / REPLICATIONS).unlink()
    Kept(place).check()
    with pytest.raises(OutputError, match=r"without their replications.zip(?s:.*)--force"):
        kept(place, replace(BRIEF, replications=5))
    assert made == []
    kept(place, force=True)
    assert same(place, whole)


def rewritten(place: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Write a folder's replications again with other contents."""
    with zipfile.ZipFile(place / REPLICATIONS) as together:
        contents = {name: together.read(name) for name in together.namelist()}
    change(contents)
    with zipfile.ZipFile(place / REPLICATIONS, "w") as together:
        for name, content in contents.items():
            together.writestr(name, content)


def test_damaged_replications_of_a_finished_folder_are_made_again(
    tmp_path: Path, whole: Path, made: list[int]
) -> None:
    """One that is absent, one that is cut and one that would run something; the rest is taken."""
    place = tmp_path / "out"
    kept(place, replace(BRIEF, replications=3))

    def damage(contents: dict[str, bytes]) -> None:
        del contents["000001.done"]
        contents["000002.done"] = contents["000002.done"][:-7]
        forged = zlib.compress(pickle.dumps(print))
        sizes = [len(forged)] * 2
        head: dict[str, Any] = {"engine": "x", "sizes": sizes, "pieces": {}}
        head["sum"] = zlib.crc32(forged * 2)
        contents["000000.done"] = json.dumps(head).encode() + b"\n" + forged * 2

    rewritten(place, damage)
    made.clear()
    kept(place)
    assert made == [0, 1, 2, 3]
    assert same(place, whole)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_archive_is_refused(tmp_path: Path, whole: Path, content: bytes) -> None:
    """With a sentence, and a way on."""
    place = tmp_path / "out"
    shutil.copytree(whole, place)
    (place / REPLICATIONS).write_bytes(content)
    with pytest.raises(OutputError, match=r"it cannot be read\s.*--fresh"):
        kept(place, replace(BRIEF, replications=9))


def test_nothing_is_added_to_tables_that_were_changed(tmp_path: Path, whole: Path) -> None:
    """The new rows would stand beside others than were simulated."""
    place = tmp_path / "out"
    shutil.copytree(whole, place)
    flipped = bytearray((place / "outcomes.parquet").read_bytes())
    flipped[100] ^= 1
    (place / "outcomes.parquet").write_bytes(flipped)
    with pytest.raises(OutputError, match="nothing can be added to these results: changed since"):
        kept(place, replace(BRIEF, replications=9))


def test_a_table_that_cannot_be_read_is_named(tmp_path: Path, whole: Path) -> None:
    """Also where somebody put its checksum right."""
    place = tmp_path / "out"
    shutil.copytree(whole, place)
    (place / "outcomes.parquet").write_bytes(b"PAR1" + bytes(40) + b"PAR1")
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    manifest["checksums"]["outcomes.parquet"] = file_sha256(place / "outcomes.parquet")
    (place / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(OutputError, match=r"outcomes.parquet: this table cannot be read"):
        kept(place, replace(BRIEF, replications=5))
    # What was begun is no study that stands in the way of another.
    kept(place, replace(BRIEF, replications=1), fresh=True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_what_was_broken_off_while_it_was_added_to_goes_on(
    tmp_path: Path, whole: Path, made: list[int]
) -> None:
    """The first results stand until then; a journal of another study is not put in their place."""
    place = tmp_path / "out"
    kept(place, replace(BRIEF, replications=2))
    with pytest.raises(RuntimeError):
        kept(place, progress=failing_after(3))
    assert Kept(place).manifest["study"]["replications"] == 2
    with pytest.raises(OutputError, match="results are kept here, of a study with other settings"):
        kept(place, replace(BRIEF, seed=5))
    kept(place)
    assert made == [0, 1, 2, 3]
    assert same(place, whole)


def failing_after(done: int) -> Callable[[Progress], None]:
    """A report that fails when so many replications are done."""

    def fails(progress: Progress) -> None:
        if progress.completed == done:
            raise RuntimeError

    return fails
