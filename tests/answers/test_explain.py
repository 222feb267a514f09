"""Why targets are missed: planted worlds on the engine, the baseline, bad input, being stopped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

import sim
from sim.answers import Estimated, blocks
from sim.answers.explain.causes import MOST_CAUSES, known_causes, response_step
from sim.answers.explain.choosing import chosen, files_of
from sim.answers.explain.document import CauseOf, Explanation, Step
from sim.answers.explain.explaining import explain
from sim.answers.explain.incidents import by_incident
from sim.answers.kinds import KINDS
from sim.errors import InputError, Interrupted, ScenarioErrors
from sim.measures import Cut
from sim.rota import paraded
from sim.scenario.loading import load
from sim.scenario.models import Scenario
from sim.scenario.resolve import resolved_toml
from sim.study import ABSENT, Settings, evaluate
from tests.loaded import as_loaded
from tests.worlds import constant, desk, small_scenario

ROOT = Path(__file__).parents[2]
BASELINE = ROOT / "scenarios" / "dorset-2022.toml"
SMALL = Settings(replications=4, days=5, warm_up_days=1, workers=1)
# Nobody else's work, no hold and no team: whether a child is late is its own area's affair.
APART: dict[str, Any] = {
    "policy": {
        "gate": {"deploy_on": "grading"},
        "attendance": {"streams": {"missing_child": ["response"]}},
    },
    "streams": {"missing_child": {"volume_per_year": 12_000.0, "thrive": constant(3.0)}},
}


def written(folder: Path, name: str, text: str) -> Path:
    """A scenario file beside the baseline of a test."""
    file = folder / f"{name}.toml"
    head = f'format = 1\ntitle = "{name}"\nextends = "{BASELINE.as_posix()}"\n'
    file.write_text(head + text, encoding="utf-8")
    return file


def cause(found: Explanation, name: str) -> CauseOf:
    """One of its causes."""
    return next(one for one in found.causes if one.name == name)


def parts(found: Explanation) -> float:
    """The sum of all shares and of what is left."""
    return sum(one.share.number for one in found.causes) + found.rest.number


@cache
def of_baseline() -> Explanation:
    """The baseline, for three causes, in as many replications as tell them apart."""
    settings = Settings(replications=16, days=28)
    return explain(load(BASELINE), settings, causes=("hold", "ratifiers", "reserve"))


def test_the_hold_is_the_largest_cause_of_the_baselines_misses() -> None:
    """Supervisors' share is near none, and the reserve's is clear of nought."""
    found = of_baseline()
    assert found.causes[0].name == "hold"
    hold, reserve, ratifiers = (cause(found, one) for one in ("hold", "reserve", "ratifiers"))
    assert hold.share.low is not None
    assert reserve.share.high is not None
    assert hold.share.low > 2 * reserve.share.high
    assert reserve.share.low is not None
    assert reserve.share.low > 0
    assert abs(ratifiers.share.number) < 0.01


def test_parts_add_to_the_whole_exactly() -> None:
    """Shares and what is left, to the last digit that a float bears; and report by report."""
    found = of_baseline()
    assert parts(found) == pytest.approx(found.whole.number, abs=1e-12)
    mended = found.mended
    assert mended is not None
    assert mended.by_one + mended.together + mended.by_none == mended.wrong
    assert mended.wrong == round(found.whole.number * found.reports)
    assert cause(found, "hold").mends is not None
    assert mended.by_one <= sum(one.mends or 0 for one in found.causes)


def test_it_fits_on_one_screen_and_says_what_each_cause_is() -> None:
    """Forty-five lines of eighty columns, the finding first; definitions are an option away."""
    from sim.report.console import answer_shown
    from sim.report.terminal import as_text

    found = of_baseline()
    lines = as_text(answer_shown(found, width=80), 80).splitlines()
    assert len(lines) <= 45
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("WHY 81 IN 100 MISS")
    text = as_text(answer_shown(found, width=80, full=True, ascii_only=True), 80)
    assert text.isascii()
    for one in found.causes:
        assert one.gone.split(",")[0] in " ".join(text.split())


def test_what_would_mend_reports_can_be_read_aloud() -> None:
    """Who would mend comes before how many, and the verb once."""
    found = of_baseline()
    assert found.mended is not None
    for counts, words in (
        ((40, 20, 40), "one cause alone would mend 40, only several together 20 and nothing tried"),
        ((0, 50, 50), "Of 100 such reports only several together would mend 50 and nothing tried"),
        ((100, 0, 0), "Of 100 such reports one cause alone would mend 100."),
    ):
        parts = dict(zip(("by_one", "together", "by_none"), counts, strict=True))
        mended = found.mended.model_copy(update={"wrong": 100, **parts})
        told = sim.Answered(found.model_copy(update={"mended": mended}), ()).summary()
        assert words in " ".join(told.split())


def test_a_step_that_mends_next_to_nothing_says_so() -> None:
    """Clear of nought, and less than a tenth in 100."""
    found = of_baseline()
    ends = {"value": 0.0003, "low": 0.0001, "high": 0.0005}
    alone = cause(found, "hold").alone.model_copy(update=ends)
    step = Step(name="tenth", title="A tenth more", gone="A tenth more.", alone=alone)
    changed = found.model_copy(update={"steps": (step,)})
    said = " ".join(sim.Answered(changed, ()).summary().split())
    assert "mends less than 0.1 in 100 (a change, but next to nothing)" in said


def test_a_small_share_is_told_in_a_thousand() -> None:
    """In 100 all its parts would be nought point one; the chart has the same scale."""
    from sim.report.charts.answers import answer_chart_files
    from sim.report.console import answer_shown
    from sim.report.terminal import as_text

    found = of_baseline()
    tenth = found.model_copy(
        update={
            "measure": "over-10h",
            "whole": less(found.whole),
            "rest": less(found.rest),
            "causes": tuple(
                one.model_copy(
                    update={key: less(getattr(one, key)) for key in ("share", "alone", "last")}
                )
                for one in found.causes
            ),
        }
    )
    text = as_text(answer_shown(tenth, width=80), 80)
    whole, hold = tenth.whole.number * 1000, cause(tenth, "hold").share.number * 1000
    assert text.startswith(f"WHY {whole:.1f} IN 1,000 WAIT MORE THAN TEN HOURS")
    assert f"Of the {whole:.1f} in 1,000 that wait more than ten hours, {hold:.1f} (" in text
    assert "in 1,000 are left" in " ".join(text.split())
    assert "--measure over-1h (another figure)" in text
    assert "--measure over-10h (another figure)" in as_text(answer_shown(found, width=80), 80)
    assert "share, in" in text
    drawn = b"".join(content for name, content in answer_chart_files(tenth) if "svg" in name)
    assert b"Reports in 1,000" in drawn


def less(one: Estimated) -> Estimated:
    """A hundredth of a figure."""
    ends = {"value": one.value, "low": one.low, "high": one.high}
    return one.model_copy(update={k: None if v is None else v / 100 for k, v in ends.items()})


@pytest.mark.parametrize("measure", ["over-1h", "unattended", "child-seen", "in-time-from-grading"])
def test_any_headline_can_be_asked_about(measure: str) -> None:
    """Shares add up whatever goes wrong; a mean is not told report by report."""
    from sim.report.console import answer_shown
    from sim.report.terminal import as_text

    found = explain(as_loaded(small_scenario()), SMALL, measure=measure)
    assert parts(found) == pytest.approx(found.whole.number, abs=1e-9)
    assert (found.mended is None) == (measure in {"unattended", "child-seen"})
    assert "WHY" in as_text(answer_shown(found, width=80, full=True), 80)


def test_causes_that_touch_different_children_add_up(tmp_path: Path) -> None:
    """Two areas without a thing in common: alone, last and share of each are the same."""
    base = made_up(tmp_path, small_scenario(2, **APART))
    shifts = "[pools.response_{}.shifts]\nday.people = 30\nnight.people = 30\n"
    files = extending(tmp_path, **{name: shifts.format(name) for name in ("north", "south")})
    found = explain(load(base), SMALL, causes=(), files=files, measure="over-1h")
    for name in files:
        one = cause(found, name)
        assert one.share.number > 0.001
        assert one.alone.number == pytest.approx(one.share.number, abs=1e-12)
        assert one.last.number == pytest.approx(one.share.number, abs=1e-12)
        assert one.mends == one.mends_only
    assert found.mended is not None
    assert found.mended.together == 0
    assert found.substitutes == ()


def made_up(folder: Path, scenario: Scenario) -> Path:
    """A made-up scenario as a file, ``base.toml``."""
    base = folder / "base.toml"
    whole = replace(as_loaded(scenario), origins=Anywhere())
    base.write_text(resolved_toml(whole), encoding="utf-8")
    return base


def extending(folder: Path, **texts: str) -> dict[str, Path]:
    """Files beside it that extend it, by name."""
    files = {}
    for name, text in texts.items():
        files[name] = folder / f"{name}.toml"
        head = f'format = 1\ntitle = "{name}"\nextends = "base.toml"\n'
        files[name].write_text(head + text, encoding="utf-8")
    return files


class Anywhere(dict[str, str]):
    """Where each value of a made-up scenario came from."""

    def __missing__(self, key: str) -> str:
        return "a test"


def test_causes_of_which_any_is_enough_are_called_so(tmp_path: Path) -> None:
    """The hold goes with either of two files: each wins all alone, nothing last, and half of it."""
    files = {
        "never": written(tmp_path, "never", "[policy.gate]\nshare_held = 0.0\n"),
        "grading": written(tmp_path, "grading", '[policy.gate]\ndeploy_on = "grading"\n'),
    }
    settings = Settings(replications=6, days=7)
    found = explain(load(BASELINE), settings, causes=(), files=files)
    one, other = (cause(found, name) for name in files)
    assert one.alone.number == other.alone.number > 0.1
    assert one.last.number == other.last.number == 0.0
    assert one.share.number == pytest.approx(one.alone.number / 2)
    assert other.share.number == pytest.approx(one.share.number)
    assert one.mends_only == 0
    (together,) = found.substitutes
    assert set(together.causes) == {"never", "grading"}
    text = sim.Answered(found, ()).summary()
    assert "Any one of two by itself takes 100%" in " ".join(text.split())


def test_reports_are_parted_by_what_would_have_mended_them() -> None:
    """Five reports under four sets, by hand: mended by the first, by either, together, by none."""
    # Columns: goes well; first mends; either mends; both needed; never; well, and harmed by both.
    wrong = np.array(
        [
            [0, 1, 1, 1, 1, 0],
            [0, 0, 0, 1, 1, 0],
            [0, 1, 0, 1, 1, 0],
            [0, 0, 0, 0, 1, 1],
        ]
    )
    found = by_incident([wrong], [np.ones_like(wrong)], 2)
    assert found is not None
    mended = found.mended
    assert (mended.wrong, mended.by_one, mended.together, mended.by_none) == (4, 2, 1, 1)
    assert mended.harmed == 1
    assert found.mends == (2, 1)
    assert found.mends_only == (1, 0)
    absent = np.ones_like(wrong)
    absent[2, 0] = ABSENT
    assert by_incident([wrong], [absent], 2) is None


def test_incidents_are_told_one_by_one_and_add_up() -> None:
    """Each measure of each incident of a cut, in one order for all, sums to the counts."""
    from sim.measures import Count

    one, other = (
        small_scenario(),
        small_scenario(streams={"missing_child": {"volume_per_year": 1_500.0}}),
    )
    cut = Cut(stream="missing_child", grade=2)
    measures = (Count.NEEDED, Count.DELAY_SECONDS, Count.SEEN_SECONDS)
    found = evaluate([one, one, other], SMALL, measures, each=cut)
    for column, each in enumerate(found.each):
        assert each.values.shape == (3, 3, each.keys.size)
        assert np.unique(each.keys).size == each.keys.size
        for place, measure in enumerate(measures):
            sums = found.of(measure, cut)[:, column]
            assert each.values[:2, place].sum(axis=1).tolist() == sums[:2].tolist()
            met = each.values[2, place]
            # Fewer reports are a part of these; those that are gone are marked.
            assert (met == ABSENT).any()
            assert met[met != ABSENT].sum() <= sums[2]


def test_every_cause_leaves_a_sound_scenario_and_does_what_it_says() -> None:
    """On the baseline: rosters, rules and reserve, as each definition has it."""
    from sim.scenario.checks import check
    from sim.scenario.declared import Names
    from sim.scenario.resolve import resolved_data
    from sim.streams import Streams
    from sim.tables import DAY

    scenario = load(BASELINE).scenario
    known = known_causes(scenario)
    for one in (*known.values(), response_step()):
        without = one.without(scenario)
        assert without != scenario, one.name
        bare = without.model_copy(update={"sources": {}})
        assert check(bare, Names.of(resolved_data(bare)), whole=True) == []
        # Gone is gone: a second time changes nothing, but for people by a factor.
        if one.name not in {"response", "control_room", "response_10", "teams"}:
            assert one.without(without) == without
    gone = {name: one.without(scenario) for name, one in known.items()}
    assert gone["hold"].policy.gate.deploy_on == "grading"
    assert all(pool.reserve == 0 for pool in gone["reserve"].pools.values())
    assert gone["rank"].policy.queue.missing_child_place == "level"
    rota = paraded(gone["teams"], Streams(1, 0), 0, 2 * DAY)
    places = [
        place for place, pool in enumerate(scenario.pools.values()) if pool.role == "missing_person"
    ]
    for pool in places:
        mine = rota["pool"] == pool
        for second in range(0, 2 * DAY, 1_800):
            on = (rota["on_at"][mine] <= second) & (rota["off_at"][mine] > second)
            assert on.any(), second


def test_no_desk_and_hardly_a_unit_is_waited_for_without_its_cause() -> None:
    """Without limit means so: three times as many again mend nothing more."""
    loaded = load(BASELINE)
    known = known_causes(loaded.scenario)
    plenty = known["response"].without(loaded.scenario)
    more = {
        name: pool.model_copy(
            update={
                "shifts": [
                    shift.model_copy(update={"people": min(250, shift.people * 3 // 2)})
                    for shift in pool.shifts
                ]
            }
        )
        if pool.role == "response"
        else pool
        for name, pool in plenty.pools.items()
    }
    still_more = plenty.model_copy(update={"pools": more})
    found = evaluate([plenty, still_more], Settings(replications=4, days=14))
    from sim.measures import Count

    late = [one.sum() for one in found.of(Count.ARRIVED_FROM_RECEIVED)]
    needed = found.of(Count.NEEDED)[0].sum()
    assert abs(late[1] - late[0]) / needed < 0.01


@pytest.mark.parametrize(
    ("names", "files", "message"),
    [
        (["hold", "holds"], {}, "there is no cause of this name"),
        (["hold", "hold"], {}, "two causes have this name"),
        (["hold"], {"hold": "[policy.queue]\nshare_with_next_grade = 0.1\n"}, "have this name"),
        (["hold"], {"idle": ""}, "the cause idle changes nothing"),
        (
            ["hold"],
            {"a": "[policy.gate]\nshare_held = 0.1\n", "b": "[policy.gate]\nshare_held = 0.2\n"},
            "change the same value",
        ),
        (
            [*list(known_causes(load(BASELINE).scenario))[:7]],
            {"one": "[policy.gate]\nshare_held = 0.1\n"},
            "8 causes are too many",
        ),
        ([], {}, "nothing that might be a cause"),
    ],
)
def test_causes_that_cannot_be_taken_are_refused(
    tmp_path: Path, names: list[str], files: dict[str, str], message: str
) -> None:
    """With a message that says which, and what is allowed."""
    made = {name: written(tmp_path, name, text) for name, text in files.items()}
    with pytest.raises(InputError, match=message):
        chosen(load(BASELINE), names, made)
    assert len(known_causes(load(BASELINE).scenario)) > MOST_CAUSES


def test_a_cause_that_is_not_there_is_refused_by_name_and_left_out_unnamed() -> None:
    """Without a hold there is none to take away."""
    world = as_loaded(small_scenario(policy={"gate": {"deploy_on": "grading"}}))
    with pytest.raises(InputError, match="changes nothing in small: it is not there"):
        chosen(world, ["hold"])
    found = chosen(world)
    assert "hold" not in {one.name for one in found.causes}
    assert "Held for ratification" in found.without_effect


def test_a_file_that_is_no_scenario_says_what_is_wrong(tmp_path: Path) -> None:
    """The loader's own message; and causes that cannot go together are named."""
    broken = written(tmp_path, "broken", "[policy.gate]\nshare_held = 1.5\n")
    with pytest.raises(ScenarioErrors, match="share_held"):
        chosen(load(BASELINE), ["hold"], {"broken": broken})


def test_causes_that_cannot_go_together_are_named(tmp_path: Path) -> None:
    """Each file is sound, and both together send work to a pool that is not there."""
    base = made_up(tmp_path, small_scenario(pools={"spare": desk("research", 1)}))
    files = extending(
        tmp_path,
        without='remove = ["pools.spare"]\n',
        named='[policy.control_room]\nresearch = "spare"\n',
    )
    for name, file in files.items():
        assert [one.name for one in chosen(load(base), [], {name: file}).causes] == [name]
    with pytest.raises(InputError, match="are together gone"):
        chosen(load(base), [], files)


@pytest.mark.parametrize("word", ["late", "=file.toml", "late=", "a=x.toml"])
def test_words_that_name_no_cause_are_refused(word: str) -> None:
    """A name, an equals sign and a file, each name once."""
    words = [word, word] if word == "a=x.toml" else [word]
    with pytest.raises(InputError, match="cause"):
        files_of(words)
    assert files_of(["a=x.toml", "b = y.toml"]) == {"a": Path("x.toml"), "b": Path("y.toml")}


def test_a_grade_without_a_target_and_a_wrong_name_are_refused() -> None:
    """A share in time needs a target; and headlines have names."""
    loaded = as_loaded(small_scenario())
    with pytest.raises(InputError, match="grade 3 has no attendance target"):
        explain(loaded, SMALL, cut=Cut(stream="welfare", grade=3))
    with pytest.raises(InputError, match="no headline of this name"):
        explain(loaded, SMALL, measure="in_time")
    with pytest.raises(InputError, match="no such report"):
        explain(loaded, SMALL, cut=Cut(stream="missing_child", grade=2, risk="high"))


def stopping_after(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Press Ctrl-C in the block after so many, each of two replications."""
    done = 0

    def pressed(*given: Any, **named: Any) -> Any:
        nonlocal done
        done += 1
        if done > number:
            raise Interrupted
        return evaluate(*given, **named)

    monkeypatch.setattr(blocks, "evaluate", pressed)
    monkeypatch.setattr(blocks, "_PLAYS_IN_A_BLOCK", 10)


def test_what_was_done_before_ctrl_c_is_said_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of four replications: the same figures as of two, and a sentence that says so."""
    loaded = as_loaded(small_scenario())
    names = ("hold", "ratifiers")
    two = explain(loaded, Settings(replications=2, days=5, warm_up_days=1), causes=names)
    stopping_after(1, monkeypatch)
    found = explain(loaded, SMALL, causes=names)
    assert found.stopped == "Stopped on request: this rests on 2 of 4 replications."
    assert found.causes == two.causes
    assert found.stopped in " ".join(sim.Answered(found, (loaded,)).summary().split())
    stopping_after(0, monkeypatch)
    with pytest.raises(Interrupted):
        explain(loaded, SMALL, causes=names)


def test_numbers_depend_on_neither_threads_nor_engine() -> None:
    """One thread or two, compiled or reference."""
    loaded = as_loaded(small_scenario())
    brief: dict[str, Any] = {"replications": 2, "days": 3, "warm_up_days": 1}
    found = [
        explain(loaded, Settings(**brief, **more), causes=("hold", "response"))
        for more in ({"workers": 1}, {"workers": 2}, {"engine": "reference"})
    ]
    assert found[0].causes == found[1].causes == found[2].causes
    assert found[0].mended == found[2].mended


def test_progress_counts_every_play() -> None:
    """One step, from nought to all sets times replications."""
    told: list[tuple[str, int, int]] = []
    explain(
        as_loaded(small_scenario()),
        SMALL,
        causes=("hold",),
        told=lambda step, done, planned, estimate="": told.append((step, done, planned)),
    )
    assert told[0] == ("every set of causes", 0, 0)
    assert [done for _, done, _ in told[1:]] == list(range(1, 9))
    assert {planned for _, _, planned in told[1:]} == {8}


def run_sim(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a command."""
    from sim import cli

    status = cli.main([*arguments])
    out, err = capsys.readouterr()
    return status, out, err


BRIEF = ["--replications", "3", "--days", "3", "--warm-up-days", "1", "--workers", "1", "--quiet"]


def test_the_command_prints_keeps_and_shows_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Text, JSON by the schema, a folder, a page and charts; `report` says the same from it."""
    monkeypatch.chdir(tmp_path)
    asked = ["explain", str(BASELINE), "--causes", "hold,reserve", *BRIEF]
    places = ["--output", "kept", "--html", "page.html", "--charts", "charts"]
    status, text, _ = run_sim([*asked, *places], capsys)
    assert status == 0
    status, again, _ = run_sim(["report", "kept", "--html", "again.html"], capsys)
    assert status == 0
    assert again.startswith(text)
    assert (tmp_path / "page.html").read_bytes() == (tmp_path / "again.html").read_bytes()
    assert {one.name for one in (tmp_path / "charts").iterdir()} == {
        "causes-of-misses.svg",
        "causes-of-misses.png",
    }
    status, printed, _ = run_sim([*asked, "--json"], capsys)
    assert status == 0
    document = json.loads(printed)
    schema = json.loads((ROOT / "docs" / "answers.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(document)
    kept = json.loads((tmp_path / "kept" / "summary.json").read_text(encoding="utf-8"))
    for one in (document, kept):
        one["run"].pop("seconds")
        one.pop("command")
    assert document == kept
    # Nothing is overwritten unasked, and before the work.
    status, _, err = run_sim([*asked, "--output", "kept"], capsys)
    assert status == 2
    assert "kept" in err


def test_figures_of_the_page_point_into_the_document() -> None:
    """Each written figure's JSON pointer leads to the record that it is."""
    import re

    found = of_baseline()
    page = sim.Answered(found, ()).page()
    data = found.model_dump(mode="json")
    pointers = re.findall(r'<data value="([^"]+)">([^<]*)</data>', page)
    assert len(pointers) >= 3 * len(found.causes)
    for pointer, text in pointers:
        node: Any = data
        for part in pointer.strip("/").split("/"):
            node = node[int(part)] if isinstance(node, list) else node[part]
        value = 100 * node["value"]
        assert (
            text.startswith(("0", "-", "+", "<")) or abs(float(text.split()[0]) - value) <= 0.5
        ), text
    assert page.count("<h1") == 1
    assert "<script" not in page
    assert len(page.encode()) < 200_000


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--causes", "holds"], "Did you mean"),
        (["--cause", "late"], "NAME=FILE"),
        (["--measure", "intime"], "in-time"),
        (["--about", "risk=higher"], "risk has no such value"),
        (["--json", "--full"], "has no sections"),
        (["--replications", "0"], "a whole number, 1 or more"),
    ],
)
def test_bad_options_end_with_a_message_and_status_2(
    more: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before any work, and without a traceback."""
    brief = [] if "--replications" in more else BRIEF
    status, out, err = run_sim(["explain", str(BASELINE), *brief, *more], capsys)
    assert status == 2
    assert message.lower() in " ".join(err.lower().split())
    assert "Traceback" not in err
    assert out == ""


def test_report_refuses_what_an_answer_has_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No slides, no cuts; and a folder of another format is told so."""
    found = explain(as_loaded(small_scenario()), SMALL, causes=("hold",))
    kept = tmp_path / "kept"
    sim.Answered(found, (as_loaded(small_scenario()),)).save(kept)
    status, _, err = run_sim(["report", str(kept), "--about", "risk=high"], capsys)
    assert status == 2
    assert "the answer to a question" in err
    data = json.loads((kept / "summary.json").read_text(encoding="utf-8"))
    from sim.answers.kinds import read

    assert read(data, kept) == found
    with pytest.raises(InputError, match="another version"):
        read({**data, "kind": "guess"}, kept)
    with pytest.raises(InputError, match="another form"):
        read({**data, "more": 1}, kept)
    assert "explain" in KINDS


def test_the_schema_is_as_published() -> None:
    """Of every kind of answer."""
    from sim.answers.schema import answers_schema_text

    published = (ROOT / "docs" / "answers.schema.json").read_text(encoding="utf-8")
    assert published == answers_schema_text()


def test_from_python_it_has_rows_and_a_repr() -> None:
    """A figure is three columns; a notebook shows the summary."""
    found = sim.explain(
        as_loaded(small_scenario()),
        causes=["hold"],
        replications=2,
        days=3,
        warm_up_days=1,
        workers=1,
    )
    assert {"name", "share", "share_low", "share_high", "alone"} <= set(found.rows.columns)
    assert found.rows["share"].to_list() == [one.share.value for one in found.document.causes]
    assert repr(found) == "<explain of small: 2 replications of 3 days>"
    assert found._repr_html_().startswith("<pre>WHY")
