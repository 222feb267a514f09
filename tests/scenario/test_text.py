"""Free text and the files that are read: what may stand in them, and what they may be."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from sim.errors import ScenarioErrors
from sim.scenario.fields import text_fault
from sim.scenario.loading import load
from sim.scenario.text import MOST_BYTES
from tests.scenario.invalid import ROOT, SOUND
from tests.scenario.test_extending import write


def message(path: Path) -> str:
    """Return what is said of a file that cannot be used."""
    with pytest.raises(ScenarioErrors) as caught:
        load(path)
    return str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["", "Bournemouth, Christchurch and Poole", "é ł 東京 👮\u200d♀️", "a\u00a0b", "co\u00adop"],
)
def test_what_is_seen_may_stand_in_a_line(text: str) -> None:
    """Letters of any language, signs that are drawn, and what joins or parts them."""
    assert text_fault(text, lines=False, most=200) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ab\x1b[31m", "a character that is not printed (U+001B) stands here, at place 3"),
        ("\x00", "a character that is not printed (U+0000) stands here, at place 1"),
        ("a\x7f", "a character that is not printed (U+007F) stands here, at place 2"),
        ("a\u202eb", "a character that is not printed (U+202E) stands here, at place 2"),
        ("a\nb", "a line end (U+000A) stands here, at place 2"),
        ("a\u2028b", "a line end (U+2028) stands here, at place 2"),
        ("x" * 201, "this has 201 characters"),
    ],
)
def test_what_is_not_seen_is_refused_with_its_place(text: str, told: str) -> None:
    """It would steer a terminal, or end a library; a planner has to find it to take it out."""
    fault = text_fault(text, lines=False, most=200)
    assert fault == (told, "one line of text in quotes, at most 200 characters")


def test_a_paragraph_may_have_lines() -> None:
    """Line ends and tabs, and nothing else that is not seen."""
    assert text_fault("one\n\ttwo", lines=True, most=5_000) is None
    assert text_fault("one\rtwo", lines=True, most=5_000) is not None


def test_no_message_steers_a_terminal(tmp_path: Path) -> None:
    """Keys, names, values, suggestions and the file's own name are spelt out."""
    body = (
        '"\\u001b[2J" = 1\n[areas."ea\\u0007st"]\ntitle = "x"\n[policy.gate]\n'
        'streams = ["\\u001b]0;x\\u0007"]\n[sources]\n"a.\\"\\u009b\\"" = { source = "x" }\n'
    )
    own = write(tmp_path, "own.toml", body).rename(tmp_path / "o\x1bwn.toml")
    told = message(own)
    assert len(told.splitlines()) > 8
    assert all(line.isprintable() for line in told.splitlines())


def test_a_title_of_ten_million_letters_is_refused_at_once(tmp_path: Path) -> None:
    """So is any file that is larger than a planner writes."""
    began = time.process_time()
    own = write(tmp_path, "own.toml", f'force = "{"x" * 3_000_000}"\n')
    assert "force: this has 3,000,000 characters\n" in message(own)
    own = write(tmp_path, "own.toml", f'force = "{"x" * 10_000_000}"\n')
    assert message(own).endswith(
        "the file is larger than a planner writes\n  allowed: at most 4 MB"
    )
    assert time.process_time() - began < 10


def test_a_rota_that_is_larger_than_a_planner_writes_is_refused(tmp_path: Path) -> None:
    """Its size is that of a scenario's file at most."""
    (tmp_path / "rota.csv").write_bytes(b"name,start,end,people\n" + b"\n" * MOST_BYTES)
    body = '[pools.response_east]\nrota_file = "rota.csv"\n'
    own = write(tmp_path, "own.toml", f'remove = ["pools.response_east.shifts"]\n{body}')
    assert "rota.csv: the file is larger than a planner writes" in message(own)


@pytest.mark.parametrize("kind", ["a device", "a pipe"])
def test_devices_and_pipes_are_not_read(tmp_path: Path, kind: str) -> None:
    """Neither as what is extended nor as a rota: one has no end, the other may never begin."""
    place = Path("/dev/zero")
    if kind == "a pipe":
        place = tmp_path / "pipe"
        os.mkfifo(place)
    file = place.as_posix()
    assert f"{file}: this is {kind} and no file" in message(write(tmp_path, "own.toml", "", file))
    body = f'remove = ["pools.response_east.shifts"]\n[pools.response_east]\nrota_file = "{file}"\n'
    assert f"{file}: this is {kind} and no file" in message(write(tmp_path, "own.toml", body))
    assert f"{file}: this is {kind} and no file" in message(place)


def test_a_folder_is_not_read(tmp_path: Path) -> None:
    """As a scenario, as what one extends and as a rota."""
    (tmp_path / "folder").mkdir()
    told = "the file cannot be read (it is a folder)"
    assert told in message(tmp_path / "folder")
    assert told in message(write(tmp_path, "own.toml", "", "folder"))


def test_a_folder_s_name_is_no_pattern(tmp_path: Path) -> None:
    """A scenario and its rota are found where their folder's name has brackets."""
    folder = tmp_path / "[OFFICIAL] plan*"
    folder.mkdir()
    (folder / "base.toml").write_text((ROOT / SOUND).read_text("utf-8"), encoding="utf-8")
    (folder / "rota.csv").write_text("name,start,end,people\nday,07:00,19:00,6\n", encoding="utf-8")
    body = '[pools.response_east]\nrota_file = "rota.csv"\n'
    own = write(folder, "own.toml", f'remove = ["pools.response_east.shifts"]\n{body}', "base.toml")
    assert load(own).origins["pools.response_east.shifts[0].people"] == "rota.csv row 2"
    assert 'did you mean "base.toml"?' in message(write(folder, "other.toml", "", "bsae.toml"))
