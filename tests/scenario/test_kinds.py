"""A mapping file that is given where a scenario belongs, and the other way round."""

from pathlib import Path

import pytest

from sim.errors import ScenarioErrors
from sim.force_log import load_mapping
from sim.scenario.loading import load

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.mark.parametrize(
    ("file", "command"),
    [
        ("mappings/uk-command-and-control.toml", "diagnose LOG --mapping FILE"),
        ("mappings/telephone/us-city.toml", "telephone HOURLY --mapping FILE"),
    ],
)
def test_a_mapping_is_no_scenario(file: str, command: str) -> None:
    """One fault says what the file looks like and which command takes it."""
    with pytest.raises(ScenarioErrors, match="this looks like the mapping") as caught:
        load(SCENARIOS / file)
    (error,) = caught.value.errors
    assert command in str(error)


def test_a_scenario_is_no_mapping() -> None:
    """One fault says so, not one for each table of the scenario."""
    with pytest.raises(ScenarioErrors, match="this looks like a scenario") as caught:
        load_mapping(SCENARIOS / "dorset-2022.toml")
    assert len(caught.value.errors) == 1
