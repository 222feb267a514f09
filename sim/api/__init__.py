"""What ``import sim`` gives: scenarios loaded, run and compared, with typed results.

==============  ===========================================================================
`results`       what came of a run or a comparison
`simulating`    from scenarios to results: warnings before, what is told beside, stopping
`keeping`       a folder of results
==============  ===========================================================================

Nothing here prints. The commands are thin over it, and whatever is wrong is raised as one of
`sim.errors`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sim.api.keeping import Keep
from sim.api.results import Results
from sim.api.simulating import check, simulate

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded
    from sim.study import Report

__all__ = ["Keep", "Results", "check", "compare", "load", "run", "simulate"]


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


def run(  # noqa: PLR0913 (an option each)
    scenario: Loaded | str | os.PathLike[str],
    *,
    replications: int = 30,
    days: int = 28,
    warm_up_days: int = 7,
    seed: int = 2022,
    precision: float | None = None,
    workers: int = 0,
    engine: Literal["auto", "reference", "compiled"] = "auto",
    level: float = 0.95,
    surroundings: bool = True,
    output: str | os.PathLike[str] | None = None,
    force: bool = False,
    progress: Report | None = None,
) -> Results:
    """Simulate one scenario.

    Parameters
    ----------
    scenario
        As `load` gives it, or a file.
    replications, days, warm_up_days, seed, precision, workers, engine, level
        As `sim.study.Settings` has them; 0 workers: one for each processor.
    surroundings
        Also simulate what the page tells beside the rows: the answer over the share held for
        ratification, and the longest waits. Without them it takes about half the time.
    output
        Folder to keep tables and results in, as ``--output`` does; None: nothing is kept.
    force
        Replace an earlier folder of results there.
    progress
        Told after each replication.

    Raises
    ------
    sim.errors.SimulatorError
        If the scenario is wrong, cannot work, or results cannot be kept.

    Examples
    --------
    >>> import sim
    >>> found = sim.run("scenarios/dorset-2022.toml", days=7)  # doctest: +SKIP
    >>> print(found.summary())  # doctest: +SKIP
    """
    return compare(
        scenario,
        replications=replications,
        days=days,
        warm_up_days=warm_up_days,
        seed=seed,
        precision=precision,
        workers=workers,
        engine=engine,
        level=level,
        surroundings=surroundings,
        output=output,
        force=force,
        progress=progress,
    )


def compare(  # noqa: PLR0913 (an option each)
    baseline: Loaded | str | os.PathLike[str],
    *others: Loaded | str | os.PathLike[str],
    replications: int = 30,
    days: int = 28,
    warm_up_days: int = 7,
    seed: int = 2022,
    precision: float | None = None,
    workers: int = 0,
    engine: Literal["auto", "reference", "compiled"] = "auto",
    level: float = 0.95,
    surroundings: bool = True,
    output: str | os.PathLike[str] | None = None,
    force: bool = False,
    progress: Report | None = None,
) -> Results:
    """Simulate several scenarios with the same luck.

    Parameters are those of `run`; the first scenario is the baseline that others are held against.

    Raises
    ------
    sim.errors.SimulatorError
        As `run`, and if the scenarios cannot be compared.
    """
    from sim.study import Settings

    loaded = [
        load(one) if isinstance(one, str | os.PathLike) else one for one in (baseline, *others)
    ]
    settings = Settings(
        replications=replications,
        days=days,
        warm_up_days=warm_up_days,
        seed=seed,
        precision=precision,
        workers=workers,
        engine=engine,
        level=level,
    )
    keep = None if output is None else Keep(Path(output), force=force)
    return simulate(
        loaded,
        settings,
        keep=keep,
        sweep=surroundings,
        long_waits=surroundings,
        progress=progress,
    )
