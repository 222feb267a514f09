"""The commands size, how-often, night and validate --rota, as a planner types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim import cli
from sim.scenario.loading import load
from sim.scenario.resolve import resolved_data
from sim.scenario.toml import toml_key, toml_value
from tests.answers.sizing_world import world

ROOT = Path(__file__).parents[2]
BRIEF = ["--days", "3", "--warm-up-days", "1", "--replications", "4", "--workers", "1"]
NIGHT = "pools.response_north.shifts.night"


@pytest.fixture
def today(tmp_path: Path) -> Path:
    """The small world as a file."""
    data = resolved_data(world())
    file = tmp_path / "today.toml"
    text = "".join(f"{toml_key(key)} = {toml_value(value)}\n" for key, value in data.items())
    file.write_text(text, encoding="utf-8")
    return file


def test_size_prints_writes_and_keeps_its_answer(
    today: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One screen, a scenario that loads, a folder that report shows again, and a page."""
    answer, folder = today.with_name("answer.toml"), today.with_name("kept")
    page = today.with_name("page.html")
    asked = ["--target", "waited_over 60 <= 0.4", "--vary", f"{NIGHT}.people=2..4"]
    kept = ["--write", str(answer), "--output", str(folder), "--html", str(page)]
    assert cli.main(["size", str(today), *asked, *BRIEF, *kept]) == 0
    printed, progress = capsys.readouterr()
    assert "THE CHEAPEST ROTA" in printed
    assert len(printed.splitlines()) <= 45
    assert "step 2 of 4: the search" in progress
    shifts = {one.name: one for one in load(answer).scenario.pools["response_north"].shifts}
    assert shifts["night"].people <= 4
    assert "Written:" in printed
    assert page.read_text(encoding="utf-8").startswith("<!")
    assert cli.main(["report", str(folder), "--full"]) == 0
    again, _ = capsys.readouterr()
    assert again.startswith(printed.splitlines()[0])
    # What stands there is not overwritten unasked.
    assert cli.main(["size", str(today), *asked, *BRIEF, *kept]) == 2
    assert "answer.toml" in capsys.readouterr().err


def test_size_as_json_is_one_document(today: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing else is printed, and the rotas judged are in it."""
    asked = ["--target", "waited_over 60 <= 0.4", "--vary", f"{NIGHT}.people=3..4"]
    assert cli.main(["size", str(today), *asked, *BRIEF, "--json", "--quiet"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["kind"] == "size"
    assert len(data["candidates"]) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["size", "--vary", f"{NIGHT}.people=2..4"], "nothing says what is to be reached"),
        (["size", "--target", "waited_over 60 <= 0.4"], "nothing may move"),
        # What is missing is told at once, and not one thing after the other.
        (["size"], "nothing says what is to be reached"),
        (["size"], "nothing may move"),
        (
            ["size", "--target", "waited_over 60 <= 0.4", "--vary", f"{NIGHT}.people"],
            "says not what may move",
        ),
        (
            [
                *["size", "--target", "waited_over 60 <= 0.4", "--vary", f"{NIGHT}.people=2..4"],
                *["--write", "answer.txt"],
            ],
            "ends with .toml",
        ),
        (
            [
                *["size", "--target", "waited_over 60 <= 0.4", "--vary", f"{NIGHT}.people=2..4"],
                *["--budget", "little"],
            ],
            "no budget",
        ),
        (
            [
                *["size", "--target", "waited_over 60 <= 0.4", "--vary", f"{NIGHT}.people=2..4"],
                *["--confidence", "0.2"],
            ],
            "no confidence",
        ),
        (["how-often", "--over", "10"], "no wait to ask for"),
        (["night", "--on", "2021-05-06", "--short", f"{NIGHT}=1"], "outside of the calendar"),
        (["night", "--on", "2022-05-06", "--short", f"{NIGHT}=9"], "parade on this shift"),
    ],
)
def test_bad_input_ends_with_status_2_before_the_work(
    words: list[str], said: str, today: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sentence on standard error, nothing printed, no traceback."""
    name, *rest = words
    assert cli.main([name, str(today), *rest]) == 2
    printed, error = capsys.readouterr()
    assert printed == ""
    assert said in error
    assert "Traceback" not in error


def test_how_often_and_night_print_one_screen(
    today: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each begins with its question, and ends with what it is not."""
    for words in (
        ["how-often", str(today), "--over", "1h", *BRIEF],
        [
            *["night", str(today), "--on", "2022-05-06", "--short", f"{NIGHT}=1"],
            *["--nights", "6", "--warm-up-days", "1", "--workers", "1"],
        ],
    ):
        assert cli.main([*words, "--quiet"]) == 0
        printed = " ".join(capsys.readouterr().out.split())
        assert printed.startswith(("HOW OFTEN", "FRIDAY 6 MAY 2022"))
        assert printed.endswith("not for deciding a live call.")


def test_validate_shows_the_rota(today: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each pool with its hours; not beside the whole file."""
    assert cli.main(["validate", str(today), "--rota"]) == 0
    printed = capsys.readouterr().out
    for name in world().pools:
        assert f"({name}): " in printed
    assert cli.main(["validate", str(today), "--rota", "--resolve"]) == 2
    assert "one of them at a time" in capsys.readouterr().err
