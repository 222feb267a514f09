"""What each of some changes alone would do to the waits of over ten hours, from runs with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.measures import Count, Cut
from sim.scenario.loading import load
from sim.scenario.models import Scenario
from sim.statistics import Interval
from sim.study.evaluate import Evaluation, evaluate
from sim.study.settings import Settings
from sim.tables import MINUTE
from tests.expected.figures import BASELINE_CASE, CHILD, LEVEL, Figure, Unit
from tests.expected.variations import AREAS, BASELINE, Factor, Move, moved

TABLE: Final = "long waits"
FIRST: Final = Cut(grade=1)
MEASURES: Final = (
    Count.ARRIVED,
    Count.TARGETED,
    Count.DELAY_SECONDS,
    Count.NEEDED,
    Count.OVER_600,
)


def changes() -> dict[str, Scenario]:
    """Return the baseline, and it with each change alone."""
    reserves = {f"pools.response_{area}.reserve": 0 for area in AREAS}
    moves: dict[str, Move] = {
        BASELINE_CASE: {},
        "nobody kept for grade 1": reserves,
        "three units kept": dict.fromkeys(reserves, 3),
        "children level with other calls of their grade": {
            "policy.queue.missing_child_place": "level",
            "policy.queue.share_with_next_grade": 0.0,
        },
        "15 % more response officers": {
            f"pools.response_{area}.shifts": Factor(1.15) for area in AREAS
        },
        "deployment at grading": {"policy.gate.share_held": 0.0},
        "writing broken off for grade 2 too": {"policy.committed.writing": [1, 2]},
        "grade 2 borrows after 45 minutes": {
            "policy.borrowing.after_minutes": {"1": 5.0, "2": 45.0}
        },
    }
    found = {case: moved(move) for case, move in moves.items()}
    found["teams round the clock"] = load(BASELINE.with_name("teams-round-the-clock.toml")).scenario
    return found


def substitutes(settings: Settings) -> Iterator[Figure]:
    """Yield the figures of each change, and how each differs from the baseline."""
    found = changes()
    played = evaluate(list(found.values()), settings, MEASURES, cuts=(CHILD, FIRST))
    for place, case in enumerate(found):
        yield from _figures(played, place, case)


def _figures(played: Evaluation, place: int, case: str) -> Iterator[Figure]:
    def figure(measure: str, unit: Unit, interval: Interval, factor: float = 1.0) -> Figure:
        value, low, high = (
            None if end is None else end * factor
            for end in (interval.value, interval.low, interval.high)
        )
        return Figure(TABLE, case, measure, unit, value, low, high, interval.n)

    over = (Count.OVER_600, Count.NEEDED, CHILD)
    yield figure("over 10 hours", "share", played.share(place, *over, level=LEVEL))
    if place:
        change = played.difference(place, *over, level=LEVEL)
        yield figure("change", "share", change)
    mean = played.mean(place, cut=CHILD, level=LEVEL)
    yield figure("mean wait", "minutes", mean, 1 / MINUTE)
    for measure, cut in (("in 20 minutes", CHILD), ("grade 1 in target", FIRST)):
        share = played.share(place, Count.ARRIVED, Count.TARGETED, cut, level=LEVEL)
        yield figure(measure, "share", share)
