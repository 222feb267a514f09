"""How each measure comes from the tallies, once for scenarios and for their differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sim.measures import STAGES, Count
from sim.report.row import Clock, Unit
from sim.statistics import TailMean, TimeQuantile
from sim.tables import MINUTE


@dataclass(frozen=True)
class Ratio:
    """A sum over a sum, times a factor that turns it into the unit."""

    measure: str
    top: Count
    bottom: Count
    unit: Unit = "share"
    clock: Clock | None = None
    stage: str | None = None
    basic: bool = False
    """Told of every cut in differences, also of other work."""
    compared: bool = True
    """Told in differences."""
    least_from: Count | None = None
    """A commoner event of the same kind, from which clustering is known."""

    @property
    def factor(self) -> float:
        """Seconds to minutes; shares stay."""
        return 1.0 if self.unit == "share" else 1 / 60


@dataclass(frozen=True)
class Quantile:
    """A figure of the distribution of delays, in minutes."""

    measure: str
    of: TimeQuantile | TailMean


RATIOS: Final = (
    Ratio("arrived_within_target", Count.ARRIVED, Count.TARGETED, basic=True),
    Ratio(
        "arrived_within_target",
        Count.ARRIVED_FROM_RECEIVED,
        Count.ATTENDANCE_TARGETED,
        clock="received",
    ),
    Ratio(
        "arrived_within_target",
        Count.ARRIVED_FROM_GRADED,
        Count.ATTENDANCE_TARGETED,
        clock="graded",
    ),
    Ratio("reachable_within_target", Count.REACHABLE, Count.TARGETED),
    Ratio(
        "reachable_within_target",
        Count.REACHABLE_FROM_RECEIVED,
        Count.ATTENDANCE_TARGETED,
        clock="received",
    ),
    Ratio(
        "reachable_within_target",
        Count.REACHABLE_FROM_GRADED,
        Count.ATTENDANCE_TARGETED,
        clock="graded",
    ),
    Ratio("delay_mean", Count.DELAY_SECONDS, Count.NEEDED, "minutes", basic=True),
    Ratio("waited_over_60_minutes", Count.OVER_60, Count.NEEDED, basic=True),
    Ratio(
        "waited_over_600_minutes",
        Count.OVER_600,
        Count.NEEDED,
        basic=True,
        least_from=Count.OVER_60,
    ),
    Ratio("returned_first", Count.RETURNED_FIRST, Count.REPORTED),
    Ratio("open_at_end", Count.OPEN, Count.REPORTED),
    Ratio("ended_without_deployment", Count.ENDED_WITHOUT_DEPLOYMENT, Count.REPORTED),
    Ratio("arrived_then_left", Count.ARRIVED_THEN_LEFT, Count.NEEDED),
    Ratio("upgraded", Count.UPGRADED, Count.NEEDED),
    Ratio("downgraded", Count.DOWNGRADED, Count.NEEDED),
    Ratio("upgraded_delay_mean", Count.UPGRADED_DELAY_SECONDS, Count.UPGRADED, "minutes"),
    *(
        Ratio("stage_mean", Count[f"{stage.upper()}_SECONDS"], Count.NEEDED, "minutes", stage=stage)
        for stage in STAGES
    ),
    *(
        Ratio(
            "stage_mean_over_600_minutes",
            Count[f"{stage.upper()}_SECONDS_OVER_600"],
            Count.OVER_600,
            "minutes",
            stage=stage,
            compared=False,
        )
        for stage in STAGES
    ),
    Ratio("idle_while_waiting", Count.IDLE_INCIDENTS, Count.NEEDED),
    Ratio(
        "allocated_just_after_ratification",
        Count.CLAIMED_SOON_AFTER,
        Count.RATIFIED_THEN_CLAIMED,
    ),
)


QUANTILES: Final = (
    Quantile("delay_p50", TimeQuantile(0.5, MINUTE)),
    Quantile("delay_p90", TimeQuantile(0.9, MINUTE)),
    Quantile("delay_p95", TimeQuantile(0.95, MINUTE)),
    Quantile("delay_p99", TimeQuantile(0.99, MINUTE)),
    Quantile("delay_cvar95", TailMean(0.95, MINUTE)),
)
