"""Whether the answers of size hold: ``python -m tests.benchmarks.searches``.

In a small world the cheapest rota is looked for a hundred times, each time on luck of its own, and
each answer is held against what the same rota does on luck that no search has seen. The confidence
asked for is 95 %, so that at least 95 of 100 should hold. Beside it stands how often the answer is
the cheapest that does it at all, and by how many pounds a week it is dearer where it is not: what
the confidence costs.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sim.answers.sizing.levers import Design, Space, space_of
from sim.answers.sizing.sizing import size
from sim.answers.sizing.working import Question
from sim.measures import Count
from sim.study import Settings, evaluate
from tests.answers.sizing_world import asked, every_design, world
from tests.loaded import as_loaded

SEARCHES: Final = 100
BOUND: Final = 0.045
TRUTH_SEED: Final = 9_999
LEVERS: Final = {
    "pools.response_north.shifts.day.people": "3..7",
    "pools.response_north.shifts.night.people": "4..9",
}


@dataclass(frozen=True)
class Held:
    """What came of the searches.

    Attributes
    ----------
    searches, answered, held, cheapest
        How many; of these, with an answer; whose answer holds; whose answer is the cheapest rota
        that does it on the luck it is held against.
    dearer
        Pounds a week by which the answers that hold are dearer than that, on average.
    """

    searches: int
    answered: int
    held: int
    cheapest: int
    dearer: float


def truth(space: Space, replications: int) -> dict[Design, float]:
    """The share over an hour of every rota, on luck that no search sees."""
    designs = every_design(space)
    found = evaluate(
        [space.made(one) for one in designs],
        Settings(
            replications=replications, days=7, warm_up_days=1, seed=TRUTH_SEED, engine="compiled"
        ),
        (Count.OVER_60, Count.NEEDED),
        cuts=(),
    )
    return {
        one: found.share(place, Count.OVER_60, Count.NEEDED).value or 0.0
        for place, one in enumerate(designs)
    }


def held(searches: int, replications: int) -> Held:
    """Search so often, and hold each answer against the truth."""
    space = space_of(world(), LEVERS)
    known = truth(space, replications)
    least = min(space.pounds(one) for one, share in known.items() if share <= BOUND)
    question = Question(space=space, asked=asked(BOUND), looks=(60, 120, 240))
    settings = Settings(replications=10, days=7, warm_up_days=1, engine="compiled")
    answers = []
    for seed in range(searches):
        _, design = size(as_loaded(world()), question, replace(settings, seed=seed))
        if design is not None:
            answers.append(design)
    good = [one for one in answers if known[one] <= BOUND]
    dearer = [space.pounds(one) - least for one in good]
    return Held(
        searches=searches,
        answered=len(answers),
        held=len(good),
        cheapest=sum(more == 0 for more in dearer),
        dearer=sum(dearer) / max(len(dearer), 1),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what came of it; 1 where too few answers hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--searches", type=int, default=SEARCHES)
    parser.add_argument("--truth", type=int, default=400, help="replications of each rota")
    given = parser.parse_args(arguments)
    found = held(given.searches, given.truth)
    print(f"{found.searches} searches, {found.answered} with an answer")
    print(f"{found.held} of these answers hold on luck that no search has seen")
    print(
        f"{found.cheapest} are the cheapest rota that does it; the others are dearer, by "
        f"£{found.dearer:,.0f} a week on average over all"
    )
    return 0 if found.held >= 0.95 * found.answered else 1


if __name__ == "__main__":
    raise SystemExit(main())
