"""Replications on the disk before they count."""

from __future__ import annotations

import os
import pickle
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.errors import OutputError
from sim.measures import packed
from sim.store import TABLES, Asked, Done, Journal, Unasked, write_pieces
from sim.study import Settings, run
from tests.loaded import as_loaded
from tests.test_store import table_of
from tests.worlds import small_scenario

SMALL = as_loaded(small_scenario())
ASKED = Asked({"seed": 1, "days": 2}, {"sim": "1"}, {"small": {"areas": ["north"], "title": "A"}})


@pytest.fixture(scope="module")
def tally() -> bytes:
    """A replication's packed tallies."""
    study = run([SMALL], Settings(replications=1, days=1, warm_up_days=0, workers=1))
    return packed(study.replications[0][0])


def opened(place: Path, asked: Asked = ASKED, **more: Any) -> Journal:
    """Begin the journal of a place, or go on with it."""
    return Journal(
        place.with_name("out.unfinished"), place, asked, scenarios=1, tables=False, **more
    )


def test_what_was_put_is_there_again(tmp_path: Path, tally: bytes) -> None:
    """By number, with its engine; where nothing was put nothing is left."""
    journal = opened(tmp_path / "out")
    assert journal.done == {}
    assert journal.close() == 0
    assert list(tmp_path.iterdir()) == []
    opened(tmp_path / "out").put(3, Done("compiled", (tally,)))
    again = opened(tmp_path / "out")
    assert again.done == {3: Done("compiled", (tally,))}
    assert again.close() == 1
    again.remove()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (replace(ASKED, size={"seed": 2, "days": 2}), "seed: 1, and now 2"),
        (replace(ASKED, software={"sim": "2"}), "another version or other code"),
        (replace(ASKED, scenarios={"big": {}}), "scenarios: small, and now big"),
        (
            replace(ASKED, scenarios={"small": {"areas": ["south"], "title": "B"}}),
            r"small, areas: \[\"north\"\], and now \[\"south\"\]",
        ),
    ],
)
def test_other_settings_are_refused_with_what_differs(
    tmp_path: Path, tally: bytes, other: Asked, told: str
) -> None:
    """What is there stays; to begin anew is offered, and does so."""
    opened(tmp_path / "out").put(0, Done("reference", (tally,)))
    with pytest.raises(OutputError, match=f"(?s)other settings.*{told}.*--fresh"):
        opened(tmp_path / "out", other)
    assert len(opened(tmp_path / "out").done) == 1
    assert opened(tmp_path / "out", other, fresh=True).done == {}


def test_a_title_is_no_other_setting(tmp_path: Path, tally: bytes) -> None:
    """What changes no replication may change."""
    opened(tmp_path / "out").put(0, Done("reference", (tally,)))
    titled = replace(ASKED, scenarios={"small": {"areas": ["north"], "title": "B"}})
    assert len(opened(tmp_path / "out", titled).done) == 1


def cut(file: Path) -> None:
    """Leave half of a file."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flip(file: Path) -> None:
    """Turn one bit of a file's last byte."""
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def empty(file: Path) -> None:
    """Leave nothing in a file."""
    file.write_bytes(b"")


def replaced_by_text(file: Path) -> None:
    """Put something else there."""
    file.write_text('{"engine": []}\nabc', encoding="utf-8")


@pytest.mark.parametrize("damage", [cut, flip, empty, replaced_by_text])
def test_a_damaged_replication_is_made_again(
    tmp_path: Path, tally: bytes, damage: Callable[[Path], None]
) -> None:
    """It counts as not done; the others stay."""
    journal = opened(tmp_path / "out")
    for number in (0, 1):
        journal.put(number, Done("compiled", (tally,)))
    damage(tmp_path / "out.unfinished" / "replications" / "000001.done")
    (tmp_path / "out.unfinished" / "replications" / "000002.done.writing-7").touch()
    assert list(opened(tmp_path / "out").done) == [0]


class Evil:
    """What runs a command when it is unpacked."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        return Path.touch, ("never",)


def test_a_folder_from_a_stranger_runs_nothing(tmp_path: Path) -> None:
    """Only tallies are unpacked."""
    forged = zlib.compress(pickle.dumps(Evil()))
    opened(tmp_path / "out").put(0, Done("compiled", (forged,)))
    assert opened(tmp_path / "out").done == {}
    for content in (b"[]", b"{", b'{"size": 3}'):
        (tmp_path / "out.unfinished" / "study.json").write_bytes(content)
        with pytest.raises(OutputError, match="it cannot be read"):
            opened(tmp_path / "out")


def test_a_replication_without_its_tables_is_made_again(tmp_path: Path, tally: bytes) -> None:
    """Tables are there before it counts, so that it never counts without."""

    def journal() -> Journal:
        return Journal(
            tmp_path / "out.unfinished", tmp_path / "out", ASKED, scenarios=1, tables=True
        )

    begun = journal()
    for number in range(3):
        write_pieces(begun.folder, "small", 0, number, [table_of(one, 5, number) for one in TABLES])
        begun.put(number, Done("compiled", (tally,)))
    pieces = sorted((begun.folder / "pieces").iterdir())
    cut(pieces[0])
    pieces[1].unlink()
    assert list(journal().done) == [2]


def test_a_replication_that_says_it_has_no_tables_is_made_again(
    tmp_path: Path, tally: bytes
) -> None:
    """Where tables are kept each has some, whatever its file says."""
    opened(tmp_path / "out").put(0, Done("compiled", (tally,)))
    journal = Journal(
        tmp_path / "out.unfinished", tmp_path / "out", ASKED, scenarios=1, tables=True
    )
    assert journal.done == {}


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_long_study_is_kept_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tally: bytes
) -> None:
    """After a minute, all that is done until then too; it says so once, and goes on from there."""
    monkeypatch.setattr("sim.store.unasked.users_caches", lambda: tmp_path)
    told: list[str] = []
    clock = Clock()
    done = Done("compiled", (tally,))
    study = Unasked(ASKED, scenarios=1, told=told.append, clock=clock)
    study.note(0, done)
    assert list(tmp_path.iterdir()) == []
    clock.now = 61.0
    for number in (1, 2):
        study.note(number, done)
    assert len(told) == 1
    assert "for a week, and the same command goes on" in told[0]
    assert study.close() == 3
    other = Unasked(replace(ASKED, size={"seed": 9}), scenarios=1)
    assert other.done == {}
    again = Unasked(ASKED, scenarios=1)
    assert sorted(again.done) == [0, 1, 2]
    # Another run of the same study leaves this one alone.
    (folder,) = (tmp_path / "missing-child-simulator" / "studies").glob("[!.]*")
    assert folder.is_dir()
    again.remove()
    assert Unasked(ASKED, scenarios=1).done == {}


def test_what_was_kept_unasked_goes_after_a_week(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tally: bytes
) -> None:
    """Whatever study is next clears it away; what is younger stays."""
    monkeypatch.setattr("sim.store.unasked.users_caches", lambda: tmp_path)
    clock = Clock()
    for seed in (1, 2):
        study = Unasked(replace(ASKED, size={"seed": seed}), scenarios=1, clock=clock)
        clock.now += 61.0
        study.note(0, Done("compiled", (tally,)))
        study.close()
    one, other = sorted((tmp_path / "missing-child-simulator" / "studies").glob("[!.]*"))
    for entry in (one, *one.iterdir()):
        set_back(entry, 8)
    for entry in (other, *other.iterdir()):
        set_back(entry, 6)
    Unasked(replace(ASKED, size={"seed": 3}), scenarios=1)
    assert not one.exists()
    assert other.exists()


def set_back(entry: Path, days: int) -> None:
    """Have it changed last so many days ago."""
    then = entry.stat().st_mtime - days * 86_400
    os.utime(entry, (then, then))


def test_a_cache_without_room_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tally: bytes
) -> None:
    """Nobody asked for it."""
    (tmp_path / "missing-child-simulator").write_text("a file", encoding="utf-8")
    monkeypatch.setattr("sim.store.unasked.users_caches", lambda: tmp_path)
    clock = Clock()
    study = Unasked(ASKED, scenarios=1, clock=clock)
    clock.now = 61.0
    study.note(0, Done("compiled", (tally,)))
    assert study.close() == 0
