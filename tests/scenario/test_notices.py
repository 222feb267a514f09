"""What is legal and worth knowing before a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.loading import load

SHIPPED = Path(__file__).parents[2] / "scenarios"


def _variant(tmp_path: Path, text: str) -> tuple[str, ...]:
    base = (SHIPPED / "dorset-2022.toml").as_posix()
    file = tmp_path / "mine.toml"
    file.write_text(f'format = 1\ntitle = "Mine"\nextends = "{base}"\n{text}', encoding="utf-8")
    return load(file).notices


def test_a_number_outside_its_noted_range_is_a_notice(tmp_path: Path) -> None:
    """A planner's own figure may leave the range that somebody else noted for another force."""
    told = _variant(
        tmp_path,
        """
[streams.missing_child]
volume_per_year = 9000
[sources."streams.missing_child.volume_per_year"]
source = "our own records"
low = 2500
high = 3800
""",
    )
    (notice,) = told
    assert "streams.missing_child.volume_per_year = 9000 lies outside the range" in notice
    assert "2500 to 3800" in notice


def test_a_share_held_for_nothing_is_a_notice(tmp_path: Path) -> None:
    """Holding a share of deployments for their own grading changes nothing."""
    told = _variant(tmp_path, '[policy.gate]\ndeploy_on = "grading"\nshare_held = 0.3\n')
    assert told == (
        'policy.gate.share_held = 0.3 has no effect while policy.gate.deploy_on is "grading".',
    )


def test_a_pool_that_nothing_asks_for_is_a_notice(tmp_path: Path) -> None:
    """A team whose role no policy names would stand idle without a word."""
    (told,) = _variant(
        tmp_path,
        """
[pools.neighbourhood_bcp]
role = "neighbours"
""",
    )
    assert "neighbourhood_bcp attends nothing" in told
    assert told.endswith("no entry of policy.attendance or of episode names its role, neighbours.")


def test_who_only_looks_for_children_is_no_notice(tmp_path: Path) -> None:
    """A team that attends no report and takes lines of enquiry has something to do."""
    told = _variant(
        tmp_path,
        """
[policy.attendance.streams]
missing_child = ["response"]
missing_adult = ["response"]
""",
    )
    assert told == ()


@pytest.mark.parametrize("name", ["dorset-2022", "deploy-at-grading", "hold-for-ratification"])
def test_the_first_command_gives_no_notice(name: str) -> None:
    """What a newcomer runs first has nothing to be excused."""
    assert load(SHIPPED / f"{name}.toml").notices == ()
