"""The shipped scenarios are found from any folder, and messages name the command that was typed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import sim
from sim import cli
from sim.scenario import shipped
from sim.scenario.loading import load
from tests.licences import licences

ROOT = Path(__file__).parents[1]
BASELINE = "dorset-2022.toml"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", [BASELINE, f"scenarios/{BASELINE}", "scenarios/cases/x.toml"])
def test_a_shipped_scenario_is_found_by_its_name(name: str) -> None:
    """With the folder's name or without; what is not shipped is not found."""
    path = shipped.found(Path(name))
    if "x.toml" in name:
        assert path == Path(name)
    else:
        assert path.samefile(ROOT / "scenarios" / BASELINE)
        assert load(name).name == "dorset-2022"


def test_an_own_file_comes_before_a_shipped_one(folder: Path) -> None:
    """Where one of this name stands, it is meant; so in what another extends."""
    (folder / "mine.toml").write_text(
        f'format = 1\ntitle = "Mine"\nextends = "{BASELINE}"\n', encoding="utf-8"
    )
    shipped_title = load(BASELINE).scenario.title
    assert load("mine.toml").scenario.follow_up_hours == 48
    text = (ROOT / "scenarios" / BASELINE).read_text(encoding="utf-8")
    (folder / BASELINE).write_text(text.replace(shipped_title, "Ours"), encoding="utf-8")
    assert load(BASELINE).scenario.title == "Ours"


def test_paths_that_lead_elsewhere_are_not_shipped() -> None:
    """Neither absolute ones nor ways up."""
    for name in (f"/nowhere/{BASELINE}", f"scenarios/../{BASELINE}", "", "scenarios"):
        assert shipped.shipped_file(Path(name)) is None


def test_scenarios_are_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The baseline first, each with its title; one of them can be begun from."""
    assert cli.main(["scenarios", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{BASELINE} ")
    names = {path.name for path in (ROOT / "scenarios").glob("*.toml")}
    assert names <= {line.split()[0] for line in lines}
    assert cli.main(["new", "plan.toml", "--extends", BASELINE]) == 0
    assert f'extends = "{BASELINE}"' in (folder / "plan.toml").read_text(encoding="utf-8")
    assert cli.main(["validate", "plan.toml"]) == 0


@pytest.mark.parametrize("name", ["run_sim.py", "missing-child-sim"])
def test_messages_name_the_command_that_was_typed(
    folder: Path,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In help, in what is told and in what is written."""
    other = {"run_sim.py": "missing-child-sim", "missing-child-sim": "run_sim.py"}[name]
    monkeypatch.setattr(sys, "argv", [f"/somewhere/{name}"])
    assert cli.main(["run", "--help"]) == 0
    assert cli.main(["new", "plan.toml", "--extends", BASELINE]) == 0
    told = capsys.readouterr().out + (folder / "plan.toml").read_text(encoding="utf-8")
    assert f"{name} run scenarios/" in told
    assert f"{name} validate plan.toml" in told
    assert other not in told


def test_the_version_is_the_same_wherever_it_stands() -> None:
    """In the package and in the citation."""
    assert f"version: {sim.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_licences_of_all_dependencies_are_listed() -> None:
    """What is installed with the simulator and its extras for planners, with all that they need."""
    table = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    listed = {line.split("|")[1].strip() for line in table.splitlines() if line.startswith("| ")}
    wanted = set(licences())
    assert "numpy" in wanted
    # Another system, or another Python, needs fewer.
    assert wanted - listed == set()
