"""Estimates with their uncertainty, over replications of any simulation.

The replication is the unit of inference throughout: cases within one are not independent.
Nothing here draws a random number, except `max_t_bootstrap` from the generator that it is
given.

===================  =====================================================================
`interval`           `Interval`, and the arithmetic that all intervals share
`distributions`      the inverse distribution functions that intervals need
`ratios`             means and ratios of one scenario
`rare`               shares, also of rare events
`differences`        paired differences, and one critical value for a family of them
`histogram`          exact distributions of whole seconds
`pooled`             times of replications side by side
`quantile`           what quantiles have in common: interval and difference
`quantiles`          quantiles and tail means of such times, and their differences
`survival`           quantiles of times of which some are cut off
`recurrence`         how often something comes back that comes in runs
`peaks`              how often a value is exceeded that was hardly seen
`growth`             whether a quantity grows without end
`precision`          when to stop, and what it would take
`attribution`        a figure shared out among causes that may act together
`screening`          which of many things a noisy figure hangs on
`variance_shares`    what part of a variance each thing makes, and luck taken off
`parting`            a variance parted into luck and settings, and what goes with a figure
===================  =====================================================================
"""

from sim.statistics.attribution import Attribution, attributed, contrast
from sim.statistics.differences import (
    max_t_bootstrap,
    mean_difference_influence,
    paired_mean_difference,
    paired_ratio_difference,
    ratio_difference_influence,
)
from sim.statistics.growth import grows, is_raised
from sim.statistics.histogram import SecondsHistogram
from sim.statistics.interval import LEAST_FOR_RANGES, Interval
from sim.statistics.parting import Moved, Parted, movers, parted
from sim.statistics.peaks import Tail, beyond_interval, extremal_index, tail_of
from sim.statistics.pooled import GROUPS, PooledTimes, group_of
from sim.statistics.precision import (
    Precision,
    PrecisionStop,
    replications_for_rare_share,
    replications_needed,
)
from sim.statistics.quantiles import TailMean, TimeQuantile
from sim.statistics.rare import RARE_EVENTS, design_effect, rare_share_interval, share_interval
from sim.statistics.ratios import mean_interval, ratio_interval, unless_few
from sim.statistics.recurrence import chance_of_any, dispersion, rate_interval
from sim.statistics.screening import LEAST_TRAJECTORIES, Screened, screened, trajectories
from sim.statistics.survival import FollowedQuantile, FollowedTimes
from sim.statistics.variance_shares import VarianceShares, variance_shares

__all__ = [
    "GROUPS",
    "LEAST_FOR_RANGES",
    "LEAST_TRAJECTORIES",
    "RARE_EVENTS",
    "Attribution",
    "FollowedQuantile",
    "FollowedTimes",
    "Interval",
    "Moved",
    "Parted",
    "PooledTimes",
    "Precision",
    "PrecisionStop",
    "Screened",
    "SecondsHistogram",
    "Tail",
    "TailMean",
    "TimeQuantile",
    "VarianceShares",
    "attributed",
    "beyond_interval",
    "chance_of_any",
    "contrast",
    "design_effect",
    "dispersion",
    "extremal_index",
    "group_of",
    "grows",
    "is_raised",
    "max_t_bootstrap",
    "mean_difference_influence",
    "mean_interval",
    "movers",
    "paired_mean_difference",
    "paired_ratio_difference",
    "parted",
    "rare_share_interval",
    "rate_interval",
    "ratio_difference_influence",
    "ratio_interval",
    "replications_for_rare_share",
    "replications_needed",
    "screened",
    "share_interval",
    "tail_of",
    "trajectories",
    "unless_few",
    "variance_shares",
]
