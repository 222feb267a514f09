"""Give each table of fates and of results columns that nobody knows, and play a world with them.

``python -m tests.engines.made_up_columns``, to be started with ``NUMBA_DISABLE_JIT=1``. The columns
are added before anything but the schemas is loaded, as if they stood there; nothing else is told
of them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sim import tables
from sim.tables import NONE, Column, schemas

MADE_UP: Final = (
    Column("made_up_seconds", "int64", "s", "a fate of every incident"),
    Column("made_up_at", "int64", "s", "one that may not happen", optional=True),
    Column("made_up_by", "int16", "code", "one that may be nobody", nothing=NONE),
)
NOTHING: Final = {one.name: one.nothing for one in MADE_UP}


def add(name: str, columns: tuple[Column, ...]) -> None:
    """Add columns to a table, before others have read its schema."""
    schema = getattr(tables, name)
    longer = replace(schema, columns=(*schema.columns, *columns))
    setattr(tables, name, longer)
    setattr(schemas, name, longer)


def draw_and_replay() -> None:
    """Ask that draws, and what stands in for them in a replay, hold the columns."""
    from sim.fates.incidents import draw
    from sim.streams import Streams
    from sim.tables import INCIDENTS, blank
    from tests.worlds import small_scenario

    drawn = draw(small_scenario(), Streams(1, 0), 0, 86_400).incidents
    of_a_log = blank(INCIDENTS, 3)
    assert len(drawn) > 10
    for name, value in NOTHING.items():
        assert (drawn[name] == value).all(), "a stream that draws no such thing has none"
        assert (of_a_log[name] == value).all()


def play() -> None:
    """Ask that the columns come into what the compiled engine keeps, and out of both engines."""
    # Not before the columns are there.
    import numpy as np

    from sim.engines import compiled, reference
    from sim.engines.compiled import errands
    from sim.engines.compiled.fields import case, job, line
    from sim.engines.compiled.fields.columns import places
    from sim.engines.compiled.loading import loaded
    from sim.tables import ENQUIRIES, EPISODES, Draws, Schema, Table
    from tests.engines.episodes import NO_EPISODE, NO_LINE, rules
    from tests.engines.hand import attempts, incidents, policy, rota, unit_pool
    from tests.engines.played import works

    numbers = {one.name: np.array([17, 18]) + 10 * place for place, one in enumerate(MADE_UP)}

    def table(schema: Schema, usual: dict[str, int]) -> Table:
        columns = {name: np.full(2, value) for name, value in {**schema.nothing, **usual}.items()}
        return Table(schema, {**columns, **numbers, "key": np.array([1, 2])})

    reports = [{name: int(own[row]) for name, own in numbers.items()} for row in range(2)]
    jobs = incidents(*reports)
    draws = Draws(
        jobs, attempts(jobs), table(EPISODES, dict(NO_EPISODE)), table(ENQUIRIES, dict(NO_LINE))
    )
    people, rule = rota(works(9)), policy([unit_pool()], episode=rules())

    begun = loaded(draws, people, rule)
    m = begun.memory
    for row in range(2):
        j, c = begun.jobs + job.SIZE * row, begun.cases + case.SIZE * row
        first = m[c + case.LINES_OF_ENQUIRY]
        for at, fields in ((j, job), (c, case), (first, line)):
            kept = {name: m[at + place] for name, place in places(fields, NOTHING).items()}
            assert kept == {name: own[row] for name, own in numbers.items()}
    errand = errands.ask_for_errand(m, begun.jobs, job.VISIT, 0, 3)
    assert {name: m[errand + place] for name, place in places(job, NOTHING).items()} == NOTHING

    for engine in (compiled.run, reference.run):
        played = engine(draws, people, rule)
        for name, value in NOTHING.items():
            for made in (played.outcomes, played.cases):
                assert (made[f"done_{name}"] == value).all(), "nobody has written it"


def main() -> None:
    """Add the columns, then play."""
    for name in ("INCIDENTS", "EPISODES", "ENQUIRIES"):
        add(name, MADE_UP)
    for name in ("OUTCOMES", "CASES"):
        add(name, tuple(replace(one, name=f"done_{one.name}") for one in MADE_UP))
    draw_and_replay()
    play()


if __name__ == "__main__":
    main()
