"""What ``import sim`` gives: scenarios loaded, run and compared, with typed results.

==============  ===========================================================================
`results`       what came of a run or a comparison
`simulating`    from scenarios to results: warnings before, what is told beside, stopping
`keeping`       a folder of results
`asking`        the planner's questions
`rotas_asked`   those about rotas and nights
`answered`      what came of one
==============  ===========================================================================

A script that simulates in several processes (`workers` other than 1) keeps that below a guard, for
each process reads the script from its top::

    import sim

    if __name__ == "__main__":
        found = sim.run("scenarios/dorset-2022.toml", workers=2)
        print(found.summary())

A notebook needs none. Nothing here prints. The commands are thin over it, and whatever is wrong is
raised as one of `sim.errors`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from sim.api.answered import Answered, AnswerOptions
from sim.api.asking import explain, sensitivity
from sim.api.keeping import Keep
from sim.api.results import Results
from sim.api.rotas_asked import how_often, night, size
from sim.api.simulating import check, simulate, steps

if TYPE_CHECKING:
    from typing import Unpack

    from sim.scenario.loading import Loaded
    from sim.study import Report, Tls
    from sim.study.settings import EngineName

__all__ = [
    "AnswerOptions",
    "Answered",
    "Keep",
    "Options",
    "Results",
    "check",
    "compare",
    "explain",
    "how_often",
    "load",
    "night",
    "run",
    "sensitivity",
    "simulate",
    "size",
    "steps",
]


def load(
    path: str | os.PathLike[str],
    set: Mapping[str, object] | None = None,
) -> Loaded:
    """Load a scenario file.

    Parameters
    ----------
    path
        A TOML file.
    set
        Values to set over what the file says, by path, as ``--set`` does:
        ``{"pools.response_bcp.shifts.night.people": "+3"}``.

    Raises
    ------
    sim.errors.ScenarioErrors
        If anything in it is wrong; all faults at once.
    """
    from sim.scenario.loading import load as read

    return read(Path(path), set)


class Options(TypedDict, total=False):
    """How much is simulated, and where it is kept; what is not named is as the commands have it.

    ==================================  ======================================================
    replications, days, warm_up_days,   as `sim.study.Settings` has them
    seed, precision, workers, cluster,
    cluster_tls, engine, level
    surroundings                        also simulate what the page tells beside the rows: the
                                        answer over what is not known and over the share held
                                        for ratification, and the longest waits; without them it
                                        takes less than half the time
    output                              folder to keep tables and results in, as ``--output``
    force                               replace an earlier folder of results there
    progress                            told after each replication
    ==================================  ======================================================
    """

    replications: int
    days: int
    warm_up_days: int
    seed: int
    precision: float | None
    workers: int | None
    cluster: str | None
    cluster_tls: Tls | None
    engine: EngineName
    level: float
    surroundings: bool
    output: str | os.PathLike[str] | None
    force: bool
    progress: Report | None


def run(scenario: Loaded | str | os.PathLike[str], **options: Unpack[Options]) -> Results:
    """Simulate one scenario.

    Parameters
    ----------
    scenario
        As `load` gives it, or a file.
    **options
        As `Options` lists them, such as ``days=7``.

    Raises
    ------
    sim.errors.SimulatorError
        If the scenario is wrong, cannot work, or results cannot be kept.
    TypeError
        If there is no such option.

    Examples
    --------
    >>> import sim
    >>> found = sim.run("scenarios/dorset-2022.toml", days=7)  # doctest: +SKIP
    >>> print(found.summary())  # doctest: +SKIP
    """
    return compare(scenario, **options)


def compare(
    baseline: Loaded | str | os.PathLike[str],
    *others: Loaded | str | os.PathLike[str],
    **options: Unpack[Options],
) -> Results:
    """Simulate several scenarios with the same luck; the first is what others are held against.

    Parameters
    ----------
    baseline, *others
        As `load` gives them, or files.
    **options
        As `Options` lists them.

    Raises
    ------
    sim.errors.SimulatorError
        As `run`, and if the scenarios cannot be compared.
    TypeError
        If there is no such option.
    """
    from sim.study import Settings

    loaded = [
        load(one) if isinstance(one, str | os.PathLike) else one for one in (baseline, *others)
    ]
    beside = options.pop("surroundings", True)
    output, force = options.pop("output", None), options.pop("force", False)
    progress = options.pop("progress", None)
    return simulate(
        loaded,
        Settings(**options),  # type: ignore[misc]
        keep=None if output is None else Keep(Path(output), force=force),
        sweep=beside,
        long_waits=beside,
        unknowns=beside,
        progress=progress,
    )
