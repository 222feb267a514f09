"""The pages of a diagnosis and of a replay: self-contained, answer first, figures that agree."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sim import cli
from sim.force_log import Diagnosis, Log, diagnose
from sim.force_log.replaying.replay import Replay, replay
from sim.report.log.diagnosis import PEOPLE, diagnosis_sentences
from sim.report.log.page import diagnosis_page, replay_page
from sim.report.log.summaries import replay_sentences
from tests.force_log.simulated import force, log_of
from tests.report.test_page import Read, at

COMMAND = ["run_sim.py", "replay", "log.csv"]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """Three weeks of a simulated force."""
    return log_of(force(held=0.0), tmp_path_factory.mktemp("log"), days=21)


@pytest.fixture(scope="module")
def replayed(log: Log) -> Replay:
    """The log replayed under the rules that made it."""
    return replay(log, force(held=0.0), log.period[0] + timedelta(days=1), replications=3)


@pytest.fixture(scope="module")
def diagnosed(log: Log) -> Diagnosis:
    """The log diagnosed."""
    return diagnose(log, resamples=50)


@pytest.fixture(scope="module", params=["replay", "diagnosis"])
def made(
    request: pytest.FixtureRequest, replayed: Replay, diagnosed: Diagnosis
) -> tuple[str, dict[str, Any], list[str]]:
    """A page, the document that it draws, and the sentences of its answer."""
    if request.param == "replay":
        page = replay_page(replayed, COMMAND, {"python": "3"})
        return page, replayed.as_dict(), replay_sentences(replayed)
    page = diagnosis_page(diagnosed, COMMAND, {"python": "3"})
    return page, diagnosed.as_dict(), diagnosis_sentences(diagnosed)


def test_a_page_needs_nothing_but_itself(made: tuple[str, dict[str, Any], list[str]]) -> None:
    """No script, no other file, nothing fetched."""
    page, _, _ = made
    read = Read(page)
    assert not [tag for tag, _ in read.elements if tag in {"script", "img", "iframe", "object"}]
    links = [str(found.get("href")) for _, found in read.elements if "href" in found]
    assert all(link.startswith(("#", "data:")) for link in links)
    assert "url(http" not in page
    assert len(page) < 1_000_000
    assert read.headings[0] == 1


def test_a_page_begins_with_its_answer_and_says_what_it_is_not_for(
    made: tuple[str, dict[str, Any], list[str]],
) -> None:
    """The statement, the title, and then the sentences that the console begins with."""
    page, _, sentences = made
    words = Read(page).words
    places = [words.index(" ".join(one.split())) for one in (PEOPLE, *sentences)]
    assert places == sorted(places)
    assert places[1] < 400
    assert page.count("<svg") >= 1


def test_every_figure_of_a_page_is_its_documents(
    made: tuple[str, dict[str, Any], list[str]],
) -> None:
    """Each figure's pointer leads to a number that the text begins with."""
    page, document, _ = made
    figures = Read(page).figures
    assert len(figures) > 20
    for pointer, text in figures:
        found = at(document, pointer)
        scale = 1.0
        if isinstance(found, dict):
            scale = 100.0 if found["unit"] == "share" else 1.0
            found = found["value"]
        if pointer.endswith("/error"):
            scale = 100.0
        if found is None:
            assert text == "withheld"
            continue
        first = re.match(r"[+-]?[\d,.]+", text)
        assert first is not None
        assert float(first[0].replace(",", "")) == pytest.approx(scale * found, abs=0.51)


def test_no_count_of_a_page_is_under_five(made: tuple[str, dict[str, Any], list[str]]) -> None:
    """Counts beside figures are whole fives."""
    page, _, _ = made
    for pointer, text in Read(page).figures:
        if pointer.endswith("/n") and text != "withheld":
            count = int(text.replace(",", ""))
            assert count >= 5
            assert count % 5 == 0


def test_a_replay_of_the_fitted_days_is_said_to_be_no_test(log: Log, replayed: Replay) -> None:
    """Where the scenario's sources name days that are replayed, that is said after the verdict."""
    assert replayed.fitted_days is None
    first, last = log.period
    fitted = force(held=0.0)
    source = {"source": f"Log of a force, {first} to {last} (ISO weeks 1 to 3)", "confidence": "A"}
    data = fitted.model_dump(exclude_unset=True)
    data["sources"] = {"streams.immediate.volume_per_year": source}
    scenario = type(fitted).model_validate(data)
    found = replay(log, scenario, first + timedelta(days=14), replications=2)
    assert found.fitted_days == (first, last)
    assert found.overlaps
    assert "not that it predicts" in replay_sentences(found)[1]


def test_a_page_that_is_there_is_not_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The place of a page is looked at before the log is read."""
    page = tmp_path / "page.html"
    page.write_text("mine", encoding="utf-8")
    words = ["diagnose", str(tmp_path / "none.csv"), "--mapping", str(tmp_path / "none.toml")]
    assert cli.main([*words, "--html", str(page)]) == 2
    assert "page.html" in capsys.readouterr().err
    assert page.read_text(encoding="utf-8") == "mine"


def test_a_ratio_that_tells_nothing_is_not_called_withheld(diagnosed: Diagnosis) -> None:
    """Where others hardly wait the page has a dash for the ratio, and the minutes beside it."""
    bare = tuple(
        replace(one, value=None, low=None, high=None)
        if one.measure == "extra_wait_ratio" and one.stage == "graded_to_assigned"
        else one
        for one in diagnosed.figures
    )
    words = Read(diagnosis_page(replace(diagnosed, figures=bare), COMMAND, {"python": "3"})).words
    minutes = diagnosed.find(
        "extra_wait_minutes", stage="graded_to_assigned", stream="missing_child"
    )
    assert minutes is not None
    row = words.partition("Minutes more From grading to allocation, all grades")[2]
    assert re.match(rf"[\d,]+–{minutes.value:g} \(", row)
