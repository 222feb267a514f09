"""Play generated worlds of ties on all engines: ``python -m tests.engines.uncompiled EXAMPLES``.

To be started with ``NUMBA_DISABLE_JIT=1``, so that the compiled engine is interpreted: what numba
makes of a number (its width, what happens at its limits) is then Python's.
"""

from __future__ import annotations

import sys

from hypothesis import given, settings

from tests.engines.concern_strategies import concern_worlds
from tests.engines.episode_strategies import episode_worlds
from tests.engines.played import play_tables
from tests.engines.strategies import World, worlds


def main(examples: int) -> None:
    """Play so many worlds without episodes, with them, and with welfare concerns."""
    sized = settings(max_examples=examples, database=None, deadline=None, derandomize=True)

    @sized
    @given(worlds())
    def without_episodes(world: World) -> None:
        play_tables(world.draws, world.rota, world.policy)

    @sized
    @given(episode_worlds())
    def with_episodes(world: World) -> None:
        play_tables(world.draws, world.rota, world.policy)

    @sized
    @given(concern_worlds())
    def with_concerns(world: World) -> None:
        play_tables(world.draws, world.rota, world.policy)

    without_episodes()
    with_episodes()
    with_concerns()


if __name__ == "__main__":
    main(int(sys.argv[1]))
