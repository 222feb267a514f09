"""What docs/files.md shows a planner works as it stands there."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Final

from sim.scenario.loading import load
from sim.scenario.rotas import COLUMNS
from sim.scenario.template import template
from tests.scenario.invalid import ROOT
from tests.scenario.test_extending import write

TEXT: Final = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")


def _block(language: str, place: int = 0) -> str:
    blocks: list[str] = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    return blocks[place]


def _block_with(words: str) -> str:
    blocks: list[str] = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    return next(block for block in blocks if words in block)


def test_the_file_that_extends_another_loads(tmp_path: Path) -> None:
    """Both of its removals are of things that the baseline has."""
    base = (ROOT / "scenarios" / "dorset-2022.toml").as_posix()
    path = tmp_path / "own.toml"
    path.write_text(_block("toml").replace("dorset-2022.toml", base), encoding="utf-8")
    loaded = load(path)
    assert loaded.notices == ()
    assert len(loaded.removed) == 2
    assert loaded.unsourced == (
        "pools.response_bcp.abstraction",
        "pools.response_bcp.shifts[2].people",
    )


def test_people_who_are_away_for_once_load(tmp_path: Path) -> None:
    """By the date on which the shift begins."""
    base = (ROOT / "scenarios" / "dorset-2022.toml").as_posix()
    shifts = load(write(tmp_path, "own.toml", _block("toml", 1), base)).scenario.pools
    night = shifts["response_bcp"].shifts[2]
    assert [night.absent_on(date(2022, 5, day)) for day in (5, 6, 7)] == [0, 3, 2]


def test_the_episode_loads(tmp_path: Path) -> None:
    """It follows the template's missing children, with nothing but what is shown."""
    (tmp_path / "force.toml").write_text(template(), encoding="utf-8")
    own = write(tmp_path, "own.toml", _block_with("[episode"), "force.toml")
    episode = load(own).scenario.episode
    assert episode is not None
    assert set(episode.lines) == {"telephone", "visit"}


def test_the_rota_loads(tmp_path: Path) -> None:
    """Each of its rows becomes a shift of the pool that names it."""
    csv = _block("csv")
    (tmp_path / "response.csv").write_text(csv, encoding="utf-8")
    (tmp_path / "force.toml").write_text(template(), encoding="utf-8")
    pool = _block_with("rota_file").replace("pools.response]", "pools.second_response]")
    own = write(tmp_path, "own.toml", pool, "force.toml")
    shifts = load(own).scenario.pools["second_response"].shifts
    assert len(shifts) == len(csv.splitlines()) - 1


def test_every_column_of_a_rota_is_described() -> None:
    """The header of the example has all of them, and the table a line for each."""
    assert _block("csv").splitlines()[0].split(",") == list(COLUMNS)
    described = re.findall(r"^\| (`.*?) \|", TEXT[TEXT.index("| column | holds |") :], re.MULTILINE)
    named = [name for cell in described for name in re.findall(r"`(\w+)`", cell)]
    assert named[: len(COLUMNS)] == list(COLUMNS)


def test_the_template_names_every_column_of_a_rota() -> None:
    """A planner who begins there need not look for them."""
    words = set(re.findall(r"\w+", template()))
    assert set(COLUMNS) <= words
