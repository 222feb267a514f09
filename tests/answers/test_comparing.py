"""A comparison that says why the baseline misses by sharing its misses out, in place of a guess."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sim import cli
from sim.answers.blocks import Played
from sim.answers.explain import explaining
from sim.answers.explain.explaining import explain, measure_of_target
from sim.api.simulating import WHY, simulate, steps
from sim.report.answer import about, answer
from sim.scenario.loaded import Loaded
from sim.scenario.template import template
from sim.study import Settings
from tests.loaded import as_loaded
from tests.worlds import REMOVED, small_scenario

ROOT = Path(__file__).parents[2]
SMALL = Settings(replications=3, days=5, warm_up_days=1, workers=1)
ALONE: dict[str, Any] = {"sweep": False, "long_waits": False, "unknowns": False}


def pair() -> list[Loaded]:
    """A small force, and the same without a hold."""
    without = small_scenario(policy={"gate": {"deploy_on": "grading"}}, title="No hold")
    return [as_loaded(small_scenario(), "held"), as_loaded(without, "no-hold")]


def test_the_misses_are_shared_out_in_place_of_the_estimate() -> None:
    """Parts of whole numbers that add to the misses, by explain's own shares."""
    loaded = pair()
    plain = answer(simulate(loaded, SMALL, **ALONE).document)
    results = simulate(loaded, SMALL, **ALONE, explain=True)
    found = answer(results.document)
    own = explain(loaded[0], SMALL)
    shared = results.document.context.shared
    assert shared is not None
    assert [(one.name, one.share) for one in shared.causes] == [
        (one.name, one.share.value) for one in own.causes
    ]
    assert sum(one.in_100 for one in found.causes) == sum(one.in_100 for one in plain.causes)
    names = [one.name for one in found.causes]
    assert names == ["work", *(one.name for one in own.causes)]
    kinds = {one.name: one.kind for one in found.causes}
    assert (kinds["hold"], kinds["response"]) == ("rule", "people")
    (why,) = [one for one in found.paragraphs if one.name == "why"]
    assert "Every set of causes was taken away" in why.sentences[1]
    assert results.page().count('class="bar rule"') >= 1


def test_of_other_children_the_estimate_stands() -> None:
    """Only the headline's misses were shared out."""
    document = simulate(pair(), SMALL, **ALONE, explain=True).document
    found = answer(document, about("care=no", document))
    assert {one.name for one in found.causes} <= {"work", "rule", "people", "both", "either"}


def test_nothing_is_shared_out_where_nothing_is_promised() -> None:
    """A grade without a target is neither in time nor late, and the results stand without it."""
    world = as_loaded(small_scenario(targets={"grade_2": REMOVED}))
    assert measure_of_target(world) is None
    assert simulate([world], SMALL, **ALONE, explain=True).document.context.shared is None
    graded = as_loaded(small_scenario(targets={"grade_2": {"starts": "graded"}}))
    assert measure_of_target(graded) == "in-time-from-grading"


def test_ctrl_c_meanwhile_leaves_it_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison is whole, is said to be stopped, and keeps its estimate."""
    monkeypatch.setattr(explaining, "in_blocks", lambda *_, **__: Played(None, stopped=True))
    results = simulate(pair(), SMALL, **ALONE, explain=True)
    assert results.stopped
    assert results.document.context.shared is None
    assert results.study.completed == SMALL.replications


def test_it_is_a_step_of_the_progress() -> None:
    """After all that is told beside the rows, and only where it is asked for."""
    names = steps(sweep=False, long_waits=False, unknowns=True, explain=True)
    assert names.index(WHY) == len(names) - 2
    assert WHY not in steps(sweep=False, long_waits=False, unknowns=True)


def test_the_command_shares_out_and_its_json_is_by_the_schema(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --explain, of a comparison."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "force.toml").write_text(template(), encoding="utf-8")
    brief = ["--replications", "2", "--days", "2", "--warm-up-days", "1", "--workers", "1"]
    asked = ["compare", "force.toml", "--set", "policy.queue.missing_child_place=first", *brief]
    asked += ["--explain", "--no-unknowns", "--quiet"]
    assert cli.main([*asked, "--json"]) == 0
    printed, _ = capsys.readouterr()
    document = json.loads(printed)
    schema = json.loads((ROOT / "docs" / "output.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(document)
    assert document["context"]["shared"] is not None
