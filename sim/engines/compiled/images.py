"""One replication's luck, put into a memory once, and played with many rotas and rules.

What is drawn stands first in a memory (`loading.Luck`), so that a copy of it is a beginning for any
people and rules. Of what becomes of the incidents only some columns are read, of some rows: no
table is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engines.compiled.building import Builder, block, give_back
from sim.engines.compiled.engine import until_played
from sim.engines.compiled.fields import case, job, world
from sim.engines.compiled.jit import Memory
from sim.engines.compiled.loading import (
    Luck,
    fill_luck,
    fill_staff,
    first_places,
    keep_luck,
    keep_staff,
)
from sim.engines.compiled.results import Wanted, outcomes_at
from sim.tables import NONE, Draws, Policy, Table


@dataclass(frozen=True, eq=False)
class Image:
    """What is drawn of one replication, as it stands in a memory.

    Attributes
    ----------
    memory, luck, at
        The memory, what stands where in it, and the fields of `fields.world` that say so.
    desks, pools
        Where in it each desk task names its pool, and which that is.
    streams
        By job, its stream.
    wanted
        Incidents whose outcomes are read.
    """

    memory: Memory
    luck: Luck
    at: Mapping[int, int]
    desks: NDArray[np.int64]
    pools: NDArray[np.int64]
    streams: NDArray[np.int64]
    wanted: Wanted

    @property
    def bytes(self) -> int:
        """How much room it takes, nearly."""
        own = (self.memory, self.desks, self.pools, self.streams, self.luck.sent)
        return sum(one.nbytes for one in (*own, *self.wanted.incidents.columns.values()))


def image_of(draws: Draws, rows: NDArray[np.intp]) -> Image:
    """Put what is drawn into a memory; outcomes will be read of these rows of the incidents."""
    build = Builder()
    luck = keep_luck(build, draws)
    at, incidents = dict(build.globals), draws.incidents
    alone = incidents["desk_pool"][~luck.sent]
    tasks = np.flatnonzero(alone != NONE)
    nowhere = np.zeros(int(alone.max(initial=0)) + 1, dtype=np.int64)
    nothing_first = np.zeros(int(incidents["stream"].max(initial=0)) + 1, dtype=np.int64)
    m = build.memory((slice(luck.zero_until),), 0)
    fill_luck(m, luck, draws, nothing_first, nowhere)
    # Not the array itself, which may be one that was used for a whole simulation.
    drawn = m[: build.size].copy()
    give_back(m)
    where = drawn[luck.reports : luck.reports + len(incidents)]
    return Image(
        memory=drawn,
        luck=luck,
        at=at,
        desks=luck.others + job.REPORT_SIZE * tasks + job.DESK_POOL,
        pools=alone[tasks].astype(np.int64),
        streams=incidents["stream"][luck.sent].astype(np.int64),
        wanted=Wanted(incidents.take(rows), where[rows], luck.sent[rows]),
    )


def outcomes_of(
    image: Image, rota: Table, policy: Policy, names: Sequence[str]
) -> dict[str, NDArray[np.int64]]:
    """Play an image against a rota under a policy; see `sim.engines.compiled.outcomes_of`."""
    luck = image.luck
    m = until_played(_laid_over(image, rota, policy))
    cases = block(m, luck.cases, len(luck.followed), case.SIZE)
    columns = outcomes_at(m, image.wanted, cases, policy.end, names)
    give_back(m)
    return columns


def _laid_over(image: Image, rota: Table, policy: Policy) -> Memory:
    """Put people and rules into a memory behind a copy of what is drawn."""
    build, drawn = Builder(), len(image.memory)
    build.keep(drawn - build.size)
    build.globals |= image.at
    staff = keep_staff(build, image.luck, rota, policy)
    m = build.memory((slice(world.SIZE), slice(drawn, staff.zero_until)), staff.free_places)
    m[world.SIZE : drawn] = image.memory[world.SIZE :]
    m[image.desks] = staff.pools[image.pools]
    places = first_places(policy)
    if places.any():
        jobs = block(m, image.luck.jobs, len(image.streams), job.SIZE)
        jobs[:, job.MISSING_PLACE] = places[image.streams]
    fill_staff(m, staff, rota, policy)
    return m
