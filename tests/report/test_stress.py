"""The STRESS-DES sheet: complete, filled in from the scenario, honest about the rest."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.report.stress import ANALYST, Made, base_of, rules, stress_des
from sim.scenario.loading import Loaded, load
from sim.study import Settings
from tests.loaded import as_loaded
from tests.worlds import small_scenario

ROOT = Path(__file__).parents[2]
SECTIONS = (
    "1. Objectives", "1.1 Purpose of the model", "1.2 Model outputs", "1.3 Experimentation aims",
    "2. Logic", "2.1 Base model overview diagram", "2.2 Base model logic", "2.3 Scenario logic",
    "2.4 Algorithms", "2.5 Components", "2.5.1 Entities", "2.5.2 Activities", "2.5.3 Resources",
    "2.5.4 Queues", "2.5.5 Entry and exit points",
    "3. Data", "3.1 Data sources", "3.2 Pre-processing", "3.3 Input parameters",
    "3.4 Assumptions",
    "4. Experimentation", "4.1 Initialisation", "4.2 Run length", "4.3 Estimation approach",
    "5. Implementation", "5.1 Software or programming language", "5.2 Random sampling",
    "5.3 Model execution", "5.4 System specification",
    "6. Code access", "6.1 Computer model sharing statement",
)  # fmt: skip
SETTINGS = Settings(replications=40, days=14, warm_up_days=5, seed=11, precision=0.02)


def section(sheet: str, number: str) -> str:
    """What stands below a heading, up to the next one."""
    pattern = rf"^#+ {re.escape(number)} .*?\n(.*?)(?=^#|\Z)"
    found = re.search(pattern, sheet, re.DOTALL | re.MULTILINE)
    assert found is not None, number
    return found[1]


@pytest.fixture(scope="module")
def scenario() -> Loaded:
    """A small world with a source, an assumption, a quantile table and scripted words."""
    return as_loaded(
        small_scenario(
            about="Two lines\nof | words.",
            streams={
                "missing_child": {
                    "natural_return": {
                        "family": "quantiles", "levels": [0.0, 0.5, 1.0],
                        "minutes": [5.0, 100.0, 900.0],
                    }
                }
            },
            sources={
                "streams.missing_child.scene": {
                    "assumption": "A guess | no more.", "low": 0.5, "high": 2.0
                },
                "streams.welfare.volume_per_year": {
                    "source": "A count", "year": 2022, "confidence": "A"
                },
            },
        )
    )  # fmt: skip


@pytest.fixture(scope="module")
def sheet(scenario: Loaded) -> str:
    """The sheet before anything is run."""
    return stress_des(scenario, SETTINGS)


def test_every_section_is_there_and_says_something(sheet: str) -> None:
    """In the guideline's order, none empty."""
    headings = re.findall(r"^#{2,4} (.+)$", sheet, re.MULTILINE)
    assert tuple(headings) == SECTIONS
    for heading in SECTIONS:
        number = heading.split()[0]
        assert (
            number in {"1.", "2.", "3.", "4.", "5.", "6.", "2.5"} or section(sheet, number).strip()
        )


def test_what_only_a_person_can_write_is_marked(sheet: str) -> None:
    """Purpose, aims, handling of data, the case for the inputs, enough replications, access."""
    for number in ("1.1", "1.3", "3.1", "3.2", "3.3", "3.4", "4.1", "4.3", "6.1"):
        assert f"**{ANALYST}:**" in section(sheet, number)


def test_the_sheet_says_what_it_is_not(sheet: str) -> None:
    """As every export does."""
    assert "not a prediction about any child" in sheet
    assert "not evidence about any force" in sheet


def test_components_are_those_of_the_scenario(sheet: str, scenario: Loaded) -> None:
    """Every stream is an entity, every duration an activity, every pool a resource."""
    for name in scenario.scenario.streams:
        assert f"| {name} |" in section(sheet, "2.5.1")
    activities = section(sheet, "2.5.2")
    assert "| missing_child | scene | lognormal, median 60 min, sigma 0.6 |" in activities
    assert (
        "| missing_child | natural return | read off 3 quantiles from 5 to 900 min |" in activities
    )
    # 2 shifts of 12 hours and 4 people every day: 672 hours a week, over 40 hours.
    assert "| call_takers | desk | call_taker | all |" in section(sheet, "2.5.3")
    assert "| 16.8 |" in section(sheet, "2.5.3")


def test_the_gate_is_told_in_words(sheet: str) -> None:
    """The rule under question, with its share."""
    assert "waits for ratification in 50% of the incidents of `missing_child`" in section(
        sheet, "2.2"
    )


def test_rules_are_those_of_the_model(sheet: str) -> None:
    """Sections and numbers are read off docs/model.md; assumed rules are named."""
    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    last = re.findall(r"^(4\.\d+) ", text, re.MULTILINE)[-1]
    assert f"| The gate | 4.1 to {last} |" in section(sheet, "2.2")
    assert "1.1" in section(sheet, "3.4")


def test_a_copy_without_the_documentation_says_so(
    scenario: Loaded, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An installed program may stand without its source."""
    monkeypatch.setattr(rules, "_MODEL", tmp_path / "absent.md")
    assert "this copy of the program has none" in section(stress_des(scenario, SETTINGS), "2.2")


def test_inputs_stand_once_with_their_sources(sheet: str) -> None:
    """A duration and a shift are one parameter; a bar in a text does not break the table."""
    inputs = section(sheet, "3.3")
    keys = re.findall(r"^\| `([^`]+)` \|", inputs, re.MULTILINE)
    assert len(keys) == len(set(keys))
    assert "streams.missing_child.scene" in keys
    assert "pools.call_takers.shifts[0]" in keys
    assert "policy.gate.share_held" in keys
    assert re.search(
        r"`streams\.welfare\.volume_per_year` \| 3000\.0 \| .*A count \(2022, A\)", inputs
    )
    assert r"A guess \| no more. | 0.5 | 2 |" in section(sheet, "3.4")
    assert "| A count | 2022 | A | 1 |" in section(sheet, "3.1")


def test_tables_have_as_many_cells_in_each_line(sheet: str) -> None:
    """So that they are drawn as tables."""
    for block in re.findall(r"(?:^\|.*\n)+", sheet, re.MULTILINE):
        counts = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(counts) == 1


def test_settings_are_told_before_a_run(sheet: str) -> None:
    """What will be done, and the command that does it."""
    assert "begins 5 days before the first measured day (2022-04-25)" in section(sheet, "4.1")
    assert section(sheet, "4.2").strip().startswith("14 measured days")
    assert "40 replications." in section(sheet, "4.3")
    assert "half-width of 0.02" in section(sheet, "4.3")
    assert "Seed 11." in section(sheet, "5.2")
    words = "run scenarios/small.toml --seed 11 --replications 40 --days 14 --warm-up-days 5"
    assert words in section(sheet, "6.1")


def test_what_was_done_is_told_after_a_run(scenario: Loaded) -> None:
    """Replications made, engine, time, and whether the precision was reached."""
    made = stress_des(scenario, SETTINGS, made=Made(60, "reference", 83.6, precise=False))
    assert "60 replications were made." in section(made, "4.3")
    assert "It was not reached." in section(made, "4.3")
    assert "Engine: reference." in section(made, "5.3")
    assert "The study took 84 seconds." in section(made, "5.4")


def test_compared_scenarios_are_told_by_what_differs(scenario: Loaded) -> None:
    """Aims name them, logic tells the values, and the command compares them."""
    held = as_loaded(
        scenario.scenario.model_copy(update={"follow_up_hours": 24.0, "title": "Shorter"}),
        "shorter",
    )
    made = stress_des(scenario, SETTINGS, others=[held])
    assert "- `shorter`: Shorter" in section(made, "1.3")
    assert "| `follow_up_hours` | 48.0 | 24.0 |" in section(made, "2.3")
    assert "compare scenarios/small.toml scenarios/shorter.toml" in section(made, "6.1")


def test_a_scenario_that_extends_another_is_told_against_it() -> None:
    """The shipped variant and its baseline."""
    own = load(ROOT / "scenarios" / "deploy-at-grading.toml")
    base = base_of(own)
    assert base is not None
    logic = section(stress_des(own, Settings(), base=base), "2.3")
    assert "`deploy-at-grading` extends `dorset-2022`" in logic
    assert '| `policy.gate.deploy_on` | "ratification" | "grading" |' in logic
    assert base_of(base) is None


SHIPPED = [
    *sorted((ROOT / "scenarios").glob("*.toml")),
    *sorted((ROOT / "scenarios" / "cases").glob("*.toml")),
]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_scenario_has_a_sheet(file: Path) -> None:
    """Whatever it switches on or off; and no path of this machine is in it."""
    own = load(file)
    made = stress_des(own, Settings(), base=base_of(own))
    assert tuple(re.findall(r"^#{2,4} (.+)$", made, re.MULTILINE)) == SECTIONS
    assert str(ROOT) not in made
