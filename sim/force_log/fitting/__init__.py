"""A scenario of a force's own, from its log.

==============  ===========================================================================
`arrivals`      reports by hour of the week, month and area, smoothed, with intervals
`lengths`       lengths of time: the family chosen by cross-validated likelihood
`quiet`         the delay that no lack of crews explains, from the log's quiet hours
`demand`        streams of a scenario, all but the delay above
`candidate`     one guess at what a log does not hold, laid over the demand
`closeness`     how far a guess's waits lie from the log's
`concurrency`   jobs in hand at once, and the fewest crews that they ask for
`job_minutes`   the minutes that jobs waited, with what stood around each
`just_freed`    these minutes cut where a crew has just cleared
`rate`          the likelihood of a dispatcher's rate
`by_rate`       crews from jobs in hand, and what is no queue as such a rate
`crews`         the search for crews, and how well they can be told
`children`      share held and rank, tried side by side
`document`      the scenario file: values, sources, TOML
`fit`           all of these in turn
==============  ===========================================================================
"""

from sim.force_log.fitting.fit import Fit, fit

__all__ = ["Fit", "fit"]
