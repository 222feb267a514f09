"""How much is simulated, and what is told meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from sim.errors import InputError
from sim.statistics import Interval
from sim.study.cluster_tls import Tls
from sim.workers import processors

EngineName: TypeAlias = Literal["auto", "reference", "compiled"]

REPLICATIONS: Final = "replications"
"""The step in which they are simulated."""

_LEAST: Final = {"replications": 1, "most_replications": 1, "days": 1, "warm_up_days": 0, "seed": 0}
# Ten years: no plan reaches further, and every date stays one that a calendar has.
_MOST: Final = {"days": 3_653, "warm_up_days": 3_653}


@dataclass(frozen=True)
class Settings:
    """What is asked of a study beside its scenarios.

    Parameters
    ----------
    replications
        How often the same days are simulated with other luck. With `precision`: the fewest.
    days, warm_up_days
        Measured days, and those simulated before them.
    seed
        Names the luck.
    precision
        Largest half-width of the headline share or, of several scenarios, of its paired
        differences; None: no such stop.
    most_replications
        With `precision`, the number at which it is given up.
    workers
        Processes; None or 0: one for each processor, at most one for each replication. Never
        changes a number.
    cluster
        Address of a dask scheduler whose workers make the replications instead; None: none.
        Never changes a number either.
    cluster_tls
        Certificates for it; None: those of dask's own configuration, or none.
    engine
        ``auto`` picks by the size of the work.
    level
        Confidence level.

    Raises
    ------
    InputError
        If a value is out of range.
    """

    replications: int = 30
    days: int = 28
    warm_up_days: int = 7
    seed: int = 2022
    precision: float | None = None
    most_replications: int = 500
    workers: int | None = None
    cluster: str | None = None
    cluster_tls: Tls | None = None
    engine: EngineName = "auto"
    level: float = 0.95

    def __post_init__(self) -> None:
        for name, least in _LEAST.items():
            most = _MOST.get(name)
            if getattr(self, name) < least or (most is not None and getattr(self, name) > most):
                allowed = f"{least} or more" if most is None else f"{least} to {most:,}"
                raise _refused(name, getattr(self, name), allowed)
        if self.workers is not None and self.workers < 0:
            raise _refused("workers", self.workers, "0 (one for each processor) or more")
        if self.cluster is not None and self.workers:
            raise InputError(
                "the cluster has workers of its own",
                path="--workers",
                found=self.workers,
                allowed="--workers or --cluster, not both",
            )
        if self.precision is not None and not 0 < self.precision <= 1:
            raise _refused("precision", self.precision, "a half-width above 0, at most 1")
        if not 0 < self.level < 1:
            raise _refused("level", self.level, "a confidence level between 0 and 1")
        if self.engine not in get_args(EngineName):
            raise _refused("engine", self.engine, "auto, reference or compiled")

    def processes(self, replications: int) -> int:
        """How many processes share so many replications."""
        return max(1, min(self.workers or processors(), replications))


@dataclass(frozen=True)
class Progress:
    """What is known while a study runs.

    Parameters
    ----------
    completed, planned
        Replications; `planned` may not be reached where a precision stops it. Both are nought
        where a step begins that counts none.
    headline
        So far, of the first scenario: reports reached in time, from call received.
    step
        What is being done.
    headlines
        The headline of each scenario, once all replications are done.
    """

    completed: int
    planned: int
    headline: Interval
    step: str = REPLICATIONS
    headlines: tuple[Interval, ...] = ()

    @property
    def estimate(self) -> str:
        """The headline in a few words; empty where there is none yet."""
        if self.headline.value is None:
            return ""
        half_width = self.headline.half_width
        within = "" if half_width is None else f" ±{100 * half_width:.1f}"
        return f"{100 * self.headline.value:.1f}{within}% in time"


Report: TypeAlias = Callable[[Progress], None]
"""Called after each further replication in the order of their numbers."""


def _refused(name: str, found: object, allowed: str) -> InputError:
    return InputError(
        "this value is out of range",
        path=f"--{name.replace('_', '-')}",
        found=found,
        allowed=allowed,
    )
