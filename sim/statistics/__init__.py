"""Estimates with their uncertainty, over replications of any simulation.

The replication is the unit of inference throughout: cases within one are not independent.
Nothing here draws a random number, except `max_t_bootstrap` from the generator that it is
given.

===================  =====================================================================
`interval`           `Interval`, and the arithmetic that all intervals share
`ratios`             means and ratios of one scenario
`rare`               shares of rare events
`differences`        paired differences, and one critical value for a family of them
`histogram`          exact distributions of whole seconds
`sectioning`         quantiles and tail means over groups of replications
`precision`          when to stop, and what it would take
`warm_up`            where a series has settled, and whether it grows without end
===================  =====================================================================
"""

from sim.statistics.differences import (
    max_t_bootstrap,
    mean_difference_influence,
    paired_mean_difference,
    paired_ratio_difference,
    ratio_difference_influence,
)
from sim.statistics.histogram import SecondsHistogram
from sim.statistics.interval import Interval
from sim.statistics.precision import (
    Precision,
    PrecisionStop,
    replications_for_rare_share,
    replications_needed,
)
from sim.statistics.rare import RARE_EVENTS, design_effect, rare_share_interval, share_interval
from sim.statistics.ratios import mean_interval, ratio_interval
from sim.statistics.sectioning import (
    GROUPS,
    group_of,
    grouped,
    sectioned_difference,
    sectioned_interval,
)
from sim.statistics.warm_up import Truncation, grows, mser5, without_cycle

__all__ = [
    "GROUPS",
    "RARE_EVENTS",
    "Interval",
    "Precision",
    "PrecisionStop",
    "SecondsHistogram",
    "Truncation",
    "design_effect",
    "group_of",
    "grouped",
    "grows",
    "max_t_bootstrap",
    "mean_difference_influence",
    "mean_interval",
    "mser5",
    "paired_mean_difference",
    "paired_ratio_difference",
    "rare_share_interval",
    "ratio_difference_influence",
    "ratio_interval",
    "replications_for_rare_share",
    "replications_needed",
    "sectioned_difference",
    "sectioned_interval",
    "share_interval",
    "without_cycle",
]
