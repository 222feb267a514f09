"""Each shipped variant moves what it is meant to move, the way that the world would.

All variants meet the baseline's luck, so differences are paired. "Surely" is said where the 95 %
interval lies on one side of a bound. A bound is 0, or a size that a planner would call an effect;
none is a value read off an earlier run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from sim.measures import Count, Cut, Replication
from sim.measures.replication import Hours
from sim.results.making.report_tallies import ReportTallies
from sim.scenario.loading import load
from sim.scenario.models import Scenario
from sim.statistics import Interval, paired_ratio_difference
from sim.study.running import collect
from sim.study.settings import Settings
from sim.study.worlds import Plan
from sim.tables import HOUR, MINUTE
from tests.scenario.test_episode_levers import EPISODE_LEVERS
from tests.scenario.test_inspected_levers import INSPECTED_LEVERS

SCENARIOS: Final = Path(__file__).parents[2] / "scenarios"
CHILD: Final = Cut(stream="missing_child", grade=2)
# Of each interval by itself. Seeds are fixed, so no test passes once and fails the next time.
LEVEL: Final = 0.95

BASELINE: Final = "dorset-2022"
LEVERS: Final = (
    "deploy-at-grading",
    "hold-for-ratification",
    "second-night-supervisor",
    "extra-dispatcher",
    "teams-to-0200",
    "teams-round-the-clock",
    "one-fewer-response",
    "double-crewed-nights",
    "summer",
    "surge",
    "missing-child-level",
)
DERBYSHIRE: Final = "derbyshire-size"
DERBYSHIRE_LEVERS: Final = ("derbyshire-2021-like", "derbyshire-2022-like")


def scenario(name: str) -> Scenario:
    """Return a shipped scenario."""
    return load(SCENARIOS / f"{name}.toml").scenario


@dataclass(frozen=True)
class Played:
    """Replications by scenario, all with the same luck."""

    of: dict[str, Sequence[Replication]]

    @classmethod
    def with_luck(cls, names: Sequence[str], settings: Settings) -> Played:
        """Simulate shipped scenarios."""
        plan = Plan(tuple(names), tuple(scenario(name) for name in names), settings)
        by_scenario = collect(plan).by_scenario()
        return cls(dict(zip(names, by_scenario, strict=True)))

    @property
    def baseline(self) -> str:
        """The first of them."""
        return next(iter(self.of))

    def in_target(self, name: str, cut: Cut = CHILD) -> Interval:
        """Return the difference in the share within target: a variant's, less the baseline's."""
        return self._difference(name, cut, Count.ARRIVED, Count.TARGETED, share=True)

    def delay(self, name: str, cut: Cut = CHILD) -> Interval:
        """Return the difference in mean time unattended, in minutes."""
        return self._difference(name, cut, Count.DELAY_SECONDS, Count.NEEDED, 1 / MINUTE)

    def _difference(
        self,
        name: str,
        cut: Cut,
        top: Count,
        bottom: Count,
        factor: float = 1.0,
        *,
        share: bool = False,
    ) -> Interval:
        before, after = (ReportTallies(self.of[one]).sums(cut) for one in (self.baseline, name))
        return paired_ratio_difference(
            before[:, top] * factor,
            before[:, bottom],
            after[:, top] * factor,
            after[:, bottom],
            LEVEL,
            share=share,
        )


def above(interval: Interval, least: float = 0.0) -> bool:
    """Tell whether a difference is surely above a bound."""
    assert interval.low is not None
    return interval.low > least


def below(interval: Interval, most: float = 0.0) -> bool:
    """Tell whether a difference is surely below a bound."""
    assert interval.high is not None
    return interval.high < most


def not_below(interval: Interval, least: float) -> bool:
    """Tell whether a difference may be at or above a bound, and is not far under it."""
    assert interval.value is not None
    return interval.value > least


def test_every_shipped_variant_is_a_lever() -> None:
    """No variant is left without a test of what it moves."""
    shipped = {path.stem for path in SCENARIOS.glob("*.toml")}
    others = {*EPISODE_LEVERS, *INSPECTED_LEVERS, DERBYSHIRE, *DERBYSHIRE_LEVERS}
    assert shipped == {BASELINE, *LEVERS, *others}


def test_more_held_means_fewer_in_time() -> None:
    """Within target: held for ratification, then half of them, then deployed at grading."""
    names = ("hold-for-ratification", BASELINE, "deploy-at-grading")
    played = Played.with_luck(names, Settings(replications=2, days=7, warm_up_days=2, workers=1))
    held, some, none = (
        sum(one.total(Count.ARRIVED, CHILD) for one in played.of[name]) for name in names
    )
    # Some 100 reports. Deployed at grading about four in ten are reached, held hardly any.
    assert held < some < none
    assert none > 20
    assert held < none / 5


@pytest.fixture(scope="module")
def played() -> Played:
    """All variants, with a month of eight lucks."""
    return Played.with_luck((BASELINE, *LEVERS), Settings(replications=8, workers=1))


NIGHT: Final[Hours] = "other"


@pytest.mark.slow
def test_the_gate_moves_the_headline(played: Played) -> None:
    """Ten points and more either way: half are held in the baseline, and hardly any reached."""
    assert above(played.in_target("deploy-at-grading"), 0.10)
    assert below(played.in_target("hold-for-ratification"), -0.10)
    assert below(played.delay("deploy-at-grading"), -1.0)
    assert above(played.delay("hold-for-ratification"), 1.0)


@pytest.mark.slow
def test_rank_moves_the_long_waits_more_than_the_gate(played: Played) -> None:
    """Level in the queue fewer wait over five hours; the gate moves that number less."""

    def over_five_hours(name: str) -> int:
        return sum(int((one.delays(CHILD) > 5 * HOUR).sum()) for one in played.of[name])

    base = over_five_hours(BASELINE)
    # Of some 1,700 reports about 40 wait so long: half of them fewer is far outside of chance,
    # since the luck is the same. A gate adds to every wait some tens of minutes of five hours.
    fewer = base - over_five_hours("missing-child-level")
    assert fewer > 10
    for name in ("deploy-at-grading", "hold-for-ratification"):
        assert abs(over_five_hours(name) - base) < fewer, name


@pytest.mark.slow
def test_the_gate_costs_other_work_little(played: Played) -> None:
    """The same jobs are done either way: other grade 2 moves by less than three points."""
    for name in ("deploy-at-grading", "hold-for-ratification"):
        value = played.in_target(name, Cut(stream="priority", grade=2)).value
        assert value is not None
        assert abs(value) < 0.03


@pytest.mark.slow
def test_a_second_supervisor_shortens_the_night(played: Played) -> None:
    """Outside the teams' hours the delay falls; within them it stays nearly as it was."""
    night = Cut(stream="missing_child", grade=2, hours=NIGHT)
    day = Cut(stream="missing_child", grade=2, hours="team")
    assert below(played.delay("second-night-supervisor", night))
    changed = played.delay("second-night-supervisor", day).value
    at_night = played.delay("second-night-supervisor", night).value
    assert changed is not None
    assert at_night is not None
    assert abs(changed) < abs(at_night) / 2


@pytest.mark.slow
def test_one_more_dispatcher_does_no_harm(played: Played) -> None:
    """Jobs wait for one no longer than before: neither headline nor other work is worse."""
    assert not_below(played.in_target("extra-dispatcher"), -0.01)
    assert not_below(played.in_target("extra-dispatcher", Cut(grade=2)), -0.005)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["one-fewer-response", "surge", "summer"])
def test_fewer_officers_or_more_work_is_worse_for_all(played: Played, name: str) -> None:
    """Other grade 2 is reached less often and waits longer, and children wait no shorter."""
    # High summer meets the baseline's reports and more, at another time of the year.
    assert below(played.in_target(name, Cut(stream="priority", grade=2)))
    assert above(played.delay(name, Cut(stream="priority", grade=2)))
    assert not_below(played.delay(name), -1.0)


@pytest.mark.slow
def test_a_quarter_more_work_is_worse_than_an_officer_fewer(played: Played) -> None:
    """The longer wait for other grade 2 is by far the longer of the two."""
    cut = Cut(stream="priority", grade=2)
    work, officer = (played.delay(name, cut).value for name in ("surge", "one-fewer-response"))
    assert work is not None
    assert officer is not None
    assert work > 2 * officer > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "better"),
    [("teams-to-0200", below), ("teams-round-the-clock", below), ("double-crewed-nights", above)],
)
def test_who_is_there_at_night_moves_the_night(
    played: Played, name: str, better: Callable[[Interval], bool]
) -> None:
    """Teams at night shorten the delay outside the old hours; half as many units lengthen it."""
    assert better(played.delay(name, Cut(stream="missing_child", grade=2, hours=NIGHT)))


@pytest.mark.slow
def test_round_the_clock_is_no_worse_than_until_two(played: Played) -> None:
    """Outside the old hours the team that never leaves saves at least as much."""
    night = Cut(stream="missing_child", grade=2, hours=NIGHT)
    until_two, always = (
        played.delay(name, night).value for name in ("teams-to-0200", "teams-round-the-clock")
    )
    assert until_two is not None
    assert always is not None
    assert always < until_two + 1.0


@pytest.fixture(scope="module")
def derbyshire() -> Played:
    """The force of Derbyshire's size and its two variants, with a month of ten lucks."""
    return Played.with_luck(
        (DERBYSHIRE, *DERBYSHIRE_LEVERS), Settings(replications=10, workers=1, engine="compiled")
    )


@pytest.mark.slow
def test_a_unit_of_their_own_shortens_childrens_wait(derbyshire: Played) -> None:
    """Sixteen more officers for missing people reach them sooner, and spare response the work."""
    name = "derbyshire-2022-like"
    assert below(derbyshire.delay(name))
    assert below(derbyshire.delay(name, Cut(stream="priority", grade=2)))


@pytest.mark.slow
def test_what_is_not_recorded_takes_nobodys_time(derbyshire: Played) -> None:
    """A fifth fewer deployments: other work is not worse off, which is no saving."""
    other = derbyshire.delay("derbyshire-2021-like", Cut(stream="priority", grade=2))
    assert other.value is not None
    assert other.value < 1.0
