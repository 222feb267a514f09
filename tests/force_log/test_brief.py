"""A fitted scenario keeps the brief: teams, supervisors, episode, every shipped change of them."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sim.cli import main
from sim.errors import InputError
from sim.force_log.fitting.brief import measured
from sim.force_log.fitting.document import targets_of
from sim.force_log.writing import simulated_log
from sim.scenario.extending import read_chain
from sim.scenario.loading import load
from sim.scenario.models import Target
from sim.scenario.rotas import Rota
from sim.scenario.shipped import shipped
from tests.force_log.simulated import search_little

VARIANTS = [
    one.name
    for one in shipped()
    if [layer.path.name for layer in read_chain(one).layers][:-1] == ["dorset-2022.toml"]
    and one.name not in {"stretched-force.toml", "derbyshire-size.toml"}
]
MAPPING = Path("scenarios/mappings/uk-command-and-control.toml").resolve()


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario fitted to a fortnight of the baseline, whose areas have other names."""
    folder = tmp_path_factory.mktemp("brief")
    scenario = load(Path("scenarios/dorset-2022.toml")).scenario
    simulated_log(scenario, days=14, warm_up_days=2).write_csv(folder / "log.csv")
    text = MAPPING.read_text(encoding="utf-8")
    renamed = text.replace('= "bcp"', '= "harbour"').replace('= "county"', '= "hills"')
    renamed = renamed.replace("bcp = 15.0, county", "harbour = 15.0, hills")
    (folder / "map.toml").write_text(renamed, encoding="utf-8")
    rotas = folder / "rotas"
    rotas.mkdir()
    (rotas / "response.csv").write_text(
        "name,start,end,people\nearly,07:00,17:00,37\nlate,15:00,01:00,48\nnight,22:00,07:00,23\n"
    )
    mine = folder / "mine.toml"
    words = ["fit", str(folder / "log.csv"), "--mapping", str(folder / "map.toml")]
    words += ["--rota", str(rotas), "--out", str(mine), "--quiet"]
    with pytest.MonkeyPatch.context() as patch:
        search_little(patch)
        assert main(words) == 0
    return mine


def test_a_fitted_scenario_has_the_roles_of_the_baseline(fitted: Path) -> None:
    """Each role is there but the switchboard, which a log's call holds; areas are the log's.

    What they say are assumptions with ranges.
    """
    mine, base = load(fitted).scenario, load("dorset-2022.toml").scenario
    roles = {pool.role for pool in base.pools.values()} - {"switchboard"}
    assert {pool.role for pool in mine.pools.values()} == roles
    assert mine.policy.control_room.switchboard is None
    assert mine.policy.control_room.kept_for_999 == 0
    assert {"missing_person_harbour", "missing_person_hills"} <= set(mine.pools)
    assert mine.episode is not None
    assert mine.policy.ratification.medium == base.policy.ratification.medium
    assert set(mine.targets) == {"grade_1", "grade_2"}
    for path in ("pools.missing_person_hills.shifts", "pools.control_room_supervisor.shifts",
                 "episode.handover.share_lost"):  # fmt: skip
        source = mine.sources[path]
        assert source.assumption is not None
        assert source.low is not None
        assert source.high is not None


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_shipped_change_can_be_made_to_a_fitted_scenario(
    fitted: Path, variant: str, tmp_path: Path
) -> None:
    """A like change loads, and differs from the fitted scenario without an edit."""
    made = tmp_path / variant
    words = ["new", str(made), "--extends", str(fitted), "--like", variant, "--title", "Like it"]
    assert main(words) == 0
    before, after = load(fitted), load(made)
    assert before.sha256 != after.sha256


def test_other_shifts_keep_the_hours_that_are_paid_for(fitted: Path, tmp_path: Path) -> None:
    """Twelve-hour shifts of four teams: as many hours of a force's own as before.

    The variant's own are within seven in a thousand of the baseline's, and half an officer of the
    teams is three hours a day. Each team's number is worked for twelve hours by day and by another
    team at night, so that the teams' mean is worked round the clock; who is away is as many as
    before.
    """
    made = tmp_path / "twelve.toml"
    words = ["new", str(made), "--extends", str(fitted), "--like", "twelve-hour-shifts.toml"]
    assert main([*words, "--title", "Like it"]) == 0
    before = read_chain(fitted).merged["pools"]
    after = read_chain(made).merged["pools"]
    response = [name for name, pool in before.items() if pool["role"] == "response"]
    assert response
    for name in response:
        own = before[name]["shifts"]
        hours = {
            shift["name"]: (int(shift["end"][:2]) - int(shift["start"][:2])) % 24 for shift in own
        }
        assert all(len(shift.get("days", range(7))) == 7 for shift in own)
        paid = sum(shift["people"] * hours[shift["name"]] for shift in own)
        away = sum(s["people"] * hours[s["name"]] * s.get("abstraction", 0.0) for s in own) / paid
        teams = after[name]["cycle"]["people"]
        assert abs(24 * sum(teams) / len(teams) - paid) <= 0.007 * paid + 3.0
        assert max(teams) - min(teams) <= 1
        assert {shift["name"] for shift in after[name]["shifts"]} == {"day", "night"}
        for shift in after[name]["shifts"]:
            assert shift.get("abstraction", 0.0) == pytest.approx(away, abs=1e-4)


def test_later_team_hours_and_a_second_supervisor_change_something(
    fitted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`compare` answers both of the brief's questions of a fitted scenario, as it was written."""
    words = ["compare", str(fitted)]
    for variant in ("second-night-supervisor.toml", "teams-to-0200.toml"):
        made = tmp_path / variant
        begun = ["new", str(made), "--extends", str(fitted), "--like", variant, "--title", variant]
        assert main(begun) == 0
        words.append(str(made))
    capsys.readouterr()
    assert main([*words, "--days", "7", "--replications", "4", "--quiet", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    first, *others = ({_place(row): row["value"] for row in one["rows"]}
                      for one in document["scenarios"])  # fmt: skip
    for other in others:
        moved = [at for at, value in first.items() if value != other.get(at)]
        assert any("missing_child" in at for at in moved)


def _place(row: dict[str, Any]) -> tuple[str, ...]:
    told = {"value", "low", "high", "n", "adjusted"}
    return tuple(str(value) for key, value in row.items() if key not in told)


def test_targets_are_carried_over_as_far_as_the_days_have_them() -> None:
    """An area without a report in the fitted weeks loses its minutes, and nothing else is lost."""
    own = {"grade": 1, "minutes": {"harbour": 15.0, "hills": 20.0, "isle": 40.0}}
    wanted = {"one": Target.model_validate(own), "two": Target(grade=2, minutes=20.0),
              "four": Target(grade=4, minutes=60.0)}  # fmt: skip
    world = SimpleNamespace(
        demand=SimpleNamespace(areas={"harbour": {}, "hills": {}}, grades=(1, 2))
    )
    kept = targets_of(wanted, world)  # type: ignore[arg-type]
    assert set(kept) == {"one", "two"}
    assert kept["one"]["minutes"] == {"harbour": 15.0, "hills": 20.0}
    world.demand.areas["moor"] = {}
    assert set(targets_of(wanted, world)) == {"two"}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("targets", "said"),
    [
        ("", "targets: the mapping has none, so"),
        ("[targets.grade_9]\ngrade = 9\nminutes = 20.0\n", "targets: grade_9 could not be carried"),
        ("[targets.grade_2]\ngrade = 2\nminutes = 20.0\n", None),
    ],
)
def test_targets_that_a_scenario_lacks_are_asked_for(
    targets: str,
    said: str | None,
    fitted: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After a fit without targets it is said where to write them; with them nothing is."""
    text = (fitted.parent / "map.toml").read_text(encoding="utf-8")
    mapping = tmp_path / "map.toml"
    mapping.write_text(text[: text.index("[targets.")] + targets, encoding="utf-8")
    made = SimpleNamespace(text=fitted.read_text(encoding="utf-8"), as_dict=dict)
    monkeypatch.setattr("sim.force_log.fitting.fit", lambda *_, **__: made)
    words = ["fit", str(fitted.parent / "log.csv"), "--mapping", str(mapping)]
    assert main([*words, "--out", str(tmp_path / "mine.toml"), "--json"]) == 0
    told = " ".join(capsys.readouterr().err.split())
    assert ("targets:" in told) is (said is not None)
    assert said is None or said in told


def test_a_measured_rota_is_known_by_its_role_or_refused() -> None:
    """Teams as a rota system calls them stand for the role; a pool of no role is named."""
    shifts = [{"name": "day", "start": "08:00", "end": "16:00", "people": 4}]
    rota = Rota("rotas/missing_person_team.csv", shifts, [2])
    assert set(measured({"missing_person_team": rota, "dispatchers": rota})) == {
        "missing_person", "dispatcher",
    }  # fmt: skip
    with pytest.raises(InputError, match="pool that no scenario has"):
        measured({"crown_court": rota})
