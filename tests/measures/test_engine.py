"""Tallies of a world by the engine in which all rules are at work."""

from sim.engines.reference import run
from sim.fates.incidents import draw
from sim.measures import STAGES, Count, Cut, Target, measure
from sim.policy import compiled
from sim.rota import paraded
from sim.streams import Streams
from sim.tables import NEVER
from tests.measures.tables import DAY, definition
from tests.worlds import constant, desk, small_scenario


def test_ends_and_stages_add_up_where_everything_happens() -> None:
    """Diversion, handing over, borrowing, dispatchers, reviews: no second is lost or doubled."""
    scenario = small_scenario(
        2,
        streams={
            "welfare": {"volume_per_year": 11_000.0},
            "immediate": {"volume_per_year": 6_000.0},
        },
        pools={"dispatchers": desk("dispatcher", 1)},
        policy={
            "gate": {"share_held": 0.8},
            "control_room": {"dispatchers": "dispatchers", "dispatch": constant(3.0)},
            "diversion": {
                "travelling": {"1": [2, 3]},
                "at_scene": {"1": [2, 3]},
                "at_most": 3,
            },
            "borrowing": {"after_minutes": {"1": 5.0, "2": 20.0}},
            "shift_ends": {"rule": "hand_over", "handover_minutes": 5.0},
            "committed": {"writing": [1, 2]},
            "reviews": {"after_minutes": {"2": 20.0}, "levels": ["supervisors"]},
        },
    )
    streams = Streams(3, 0)
    start, end = -DAY, 6 * DAY
    draws = draw(scenario, streams, start, end)
    rules = compiled(scenario, start, end)
    duty = paraded(scenario, streams, start, end)
    result, done, _ = run(draws, duty, rules)
    tallies = measure(
        incidents=draws.incidents,
        attempts=draws.attempts,
        rota=duty,
        policy=rules,
        outcomes=result,
        activities=done,
        definition=definition(until=5 * DAY, targets=(Target(1, (900, 900)),)),
        engine=run,
    )
    stages = [Count[f"{stage.upper()}_SECONDS"] for stage in STAGES]
    assert all(tallies.total(stage) > 0 for stage in stages)
    assert sum(tallies.total(stage) for stage in stages) == tallies.total(Count.DELAY_SECONDS)
    assert tallies.total(Count.ARRIVED_THEN_LEFT) > 0
    assert (result["diversions"] > 0).any()
    ends = (Count.ATTENDED, Count.RETURNED_FIRST, Count.ENDED_WITHOUT_DEPLOYMENT, Count.OPEN)
    table = draws.incidents
    counted = (table["desk_pool"] < 0) & (table["reported_at"] >= 0)
    counted &= table["reported_at"] < 5 * DAY
    assert sum(tallies.total(one) for one in ends) == counted.sum()
    in_time = (result["arrived_at"] != NEVER) & (table["grade"] == 1) & counted
    in_time &= (result["end"] == 1) & (result["arrived_at"] - table["reported_at"] <= 900)
    assert tallies.total(Count.ARRIVED, Cut(grade=1)) == in_time.sum() > 0
