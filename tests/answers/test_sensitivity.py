"""What an answer hangs on: the reserve shows, what moves nothing is noise, and being stopped."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import sim
from sim.answers.sensitivity import asking, ends, screening
from sim.answers.sensitivity.document import Sensitivity, Thing
from sim.errors import InputError, Interrupted
from sim.scenario.loading import load
from sim.scenario.models import Scenario, Source
from sim.study import Settings, play_points
from tests.loaded import as_loaded
from tests.worlds import small_scenario

ROOT = Path(__file__).parents[2]
BASELINE = ROOT / "scenarios" / "dorset-2022.toml"
SMALL = Settings(replications=3, days=4, warm_up_days=1, workers=1)
HELD = "policy.gate.share_held"
RESERVE = "pools.response_bcp.reserve"
MASH = "pools.mash.shifts"


def ranged(scenario: Scenario, **ends_of: tuple[float, float]) -> Scenario:
    """The scenario, of which these alone have a range; a double underscore is a full stop."""
    sources = {
        path.replace("__", "."): Source(assumption=path, low=low, high=high)
        for path, (low, high) in ends_of.items()
    }
    return scenario.model_copy(update={"sources": sources})


@cache
def baseline() -> Scenario:
    """The baseline with four ranges: the hold's, the reserve's, and two that move nothing here."""
    reserves = {f"pools__response_{area}__reserve": (0, 4) for area in ("bcp", "county")}
    found = ranged(
        load(BASELINE).scenario,
        policy__gate__share_held=(0.0, 1.0),
        pools__mash__shifts=(0.7, 1.4),
        policy__reviews__rethrive_minutes=(2.0, 10.0),
        **reserves,
    )
    # The same sentence makes them one thing.
    same = {
        path: one.model_copy(update={"assumption": path.rpartition(".")[2]})
        for path, one in found.sources.items()
    }
    return found.model_copy(update={"sources": same})


@cache
def answered() -> Sensitivity:
    """The baseline and the same without a hold."""
    held = baseline()
    gate = held.policy.gate.model_copy(update={"deploy_on": "grading"})
    policy = held.policy.model_copy(update={"gate": gate})
    without = held.model_copy(update={"policy": policy, "title": "No hold"})
    loaded = [as_loaded(held, "held"), as_loaded(without, "no-hold")]
    settings = Settings(replications=16, days=28)
    return asking.sensitivity(loaded, settings, trajectories=5, top=3, sobol=False)


def thing(found: Sensitivity, path: str) -> Thing:
    """One of its things."""
    return next(one for one in found.things if path in one.paths)


def test_the_hold_and_the_reserve_show_and_the_rest_is_noise() -> None:
    """The share held first; both reserves together are clear; MASH comes after every arrival."""
    found = answered()
    assert found.things[0].paths == (HELD,)
    assert found.things[0].clear
    reserve = thing(found, RESERVE)
    assert len(reserve.paths) == 2
    # None kept: more are reached. Four kept: fewer.
    assert reserve.low is not None
    assert reserve.low.low is not None
    assert reserve.low.low > 0
    assert reserve.high is not None
    assert reserve.high.high is not None
    assert reserve.high.high < 0
    mash = thing(found, MASH)
    assert not mash.clear
    assert mash.size == 0
    assert mash.low is None


def test_without_a_hold_is_better_in_every_setting_and_hangs_on_the_share_held() -> None:
    """Of two lucks each; none held is the same scenario, so these settings are not better."""
    found = answered()
    (better,) = found.better
    assert better.settings == 5 * 5
    # A quarter of the trajectories' levels holds none at all.
    assert better.better + better.same == better.settings
    assert better.same > 0
    assert 0.4 * better.settings < better.better <= better.settings
    assert better.own.low is not None
    assert better.own.low > 0.1
    own = found.things[0].differences[0]
    assert own.low.value == own.low.low == own.low.high == 0.0
    assert own.high.number > better.own.number
    assert own.high_change.number == pytest.approx(own.high.number - better.own.number)


def test_it_fits_on_one_screen_and_is_drawn() -> None:
    """Forty-five lines of eighty columns; both tornados in the page and as files."""
    found = sim.Answered(answered(), ())
    lines = found.summary().splitlines()
    assert len(lines) <= 45
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("WHAT IT HANGS ON")
    # Names of things hold commas and colons of their own.
    said = " ".join(" ".join(lines).split())
    assert re.search(r"\(\d+ to \d+\); and .* \(\d+ to \d+\) move it most", said)
    assert found.summary(full=True, ascii_only=True).isascii()
    page = found.page()
    assert page.count("<svg") == 4
    names = [name for name, _ in found.charts()]
    assert names == [
        "tornado.svg",
        "tornado.png",
        "tornado-of-difference.svg",
        "tornado-of-difference.png",
    ]


def test_a_difference_that_is_next_to_nothing_says_so() -> None:
    """Clear of nought, and less than a tenth in 100."""
    (better,) = answered().better
    own = better.own.model_copy(update={"value": 0.0003, "low": 0.0001, "high": 0.0005})
    changed = answered().model_copy(update={"better": (better.model_copy(update={"own": own}),)})
    assert ("the difference is less than 0.1 in 100 (a change, but next to nothing).") in " ".join(
        sim.Answered(changed, ()).summary().split()
    )


def test_numbers_do_not_depend_on_threads() -> None:
    """One thread or two, screening, ends and shares of the variance."""
    world = ranged(
        small_scenario(),
        policy__gate__share_held=(0.0, 1.0),
        streams__missing_child__thrive=(0.5, 2.0),
    )
    found = [
        asking.sensitivity(
            [as_loaded(world)],
            Settings(replications=3, days=2, warm_up_days=1, workers=workers),
            trajectories=3,
            sobol=True,
        )
        for workers in (1, 2)
    ]
    assert found[0].things == found[1].things
    assert found[0].variance == found[1].variance
    assert found[0].variance is not None
    assert all(one.total is not None for one in found[0].things)


def test_impossible_settings_are_drawn_again_and_impossible_ends_said() -> None:
    """A share above one makes no scenario: half of the trajectories go, and the end is empty."""
    world = ranged(
        small_scenario(),
        policy__gate__share_held=(0.0, 1.4),
        streams__missing_child__thrive=(0.5, 2.0),
    )
    found = asking.sensitivity([as_loaded(world)], SMALL, trajectories=3)
    assert found.redrawn > 0
    held = thing(found, HELD)
    assert held.impossible
    assert held.high is None
    assert held.low is not None
    assert "impossible" in sim.Answered(found, ()).summary()


def test_a_baseline_without_ranges_is_refused() -> None:
    """Nothing can be said of what nobody says is uncertain."""
    bare = as_loaded(small_scenario())
    with pytest.raises(InputError, match=r"no range in \[sources\]"):
        asking.sensitivity([bare], SMALL)
    hopeless = ranged(small_scenario(), policy__gate__share_held=(0.4, 900.0))
    with pytest.raises(InputError, match="impossible scenarios"):
        asking.sensitivity([as_loaded(hopeless)], SMALL, trajectories=3)


def stopping_after(number: int, where: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Press Ctrl-C in the call after so many."""
    done = 0

    def pressed(*given: Any, **named: Any) -> Any:
        nonlocal done
        done += 1
        if done > number:
            raise Interrupted
        return play_points(*given, **named)

    monkeypatch.setattr(where, "play_points", pressed)


def test_what_was_done_before_ctrl_c_is_said_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the screening, and while the foremost are played; before either nothing can be said."""
    world = as_loaded(
        ranged(
            small_scenario(),
            policy__gate__share_held=(0.0, 1.0),
            streams__missing_child__thrive=(0.5, 2.0),
        )
    )
    whole = asking.sensitivity([world], SMALL, trajectories=3)
    with monkeypatch.context() as patch:
        stopping_after(3, screening, patch)
        found = asking.sensitivity([world], SMALL, trajectories=5)
        assert "every range was moved 3 of 5 times" in found.stopped
        assert all(one.low is None for one in found.things)
        sizes = {one.paths: one.size for one in found.things}
        assert sizes == {one.paths: one.size for one in whole.things}
        summary = sim.Answered(found, (world,)).summary()
        assert found.stopped in " ".join(summary.split())
    with monkeypatch.context() as patch:
        stopping_after(1, ends, patch)
        found = asking.sensitivity([world], SMALL, trajectories=3)
        assert found.stopped == "Stopped on request: 0 things were played one at a time."
        assert found.own == whole.own
    with monkeypatch.context() as patch:
        stopping_after(2, screening, patch)
        with pytest.raises(Interrupted):
            asking.sensitivity([world], SMALL, trajectories=3)


def test_the_command_keeps_and_shows_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """JSON by the schema, and `report` says the same from the folder."""
    from sim import cli

    monkeypatch.chdir(tmp_path)
    (tmp_path / "few.toml").write_text(
        f'format = 1\ntitle = "Few"\nextends = "{BASELINE.as_posix()}"\nremove = ["sources"]\n'
        '[sources]\n"policy.gate.share_held" = { assumption = "a", low = 0.0, high = 1.0 }\n',
        encoding="utf-8",
    )
    brief = ["--replications", "3", "--days", "2", "--trajectories", "3", "--workers", "1"]
    asked = ["sensitivity", "few.toml", *brief, "--quiet"]
    assert cli.main([*asked, "--output", "kept"]) == 0
    text, _ = capsys.readouterr()
    assert cli.main(["report", "kept"]) == 0
    again, _ = capsys.readouterr()
    assert again.startswith(text)
    assert (tmp_path / "kept.html").is_file()
    assert cli.main([*asked, "--json"]) == 0
    printed, _ = capsys.readouterr()
    schema = json.loads((ROOT / "docs" / "answers.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(json.loads(printed))
    assert cli.main([*asked, "--measure", "late"]) == 2
    _, err = capsys.readouterr()
    assert "no headline of this name" in err
