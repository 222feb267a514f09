"""A scenario of a force's own, from its log.

==============  ===========================================================================
`arrivals`      reports by hour of the week, month and area, smoothed, with intervals
`days`          by how much busy days differ from quiet ones beyond chance
`lengths`       lengths of time: the family chosen by cross-validated likelihood
`quiet`         the delay that no lack of crews explains, from the log's quiet hours
`coming_home`   when missing people come home unprompted
`demand`        streams of a scenario, all but the delay above
`brief`         what a log does not hold: teams, desks, supervisors, the episode
`enquiries`     crews for what follows the first attendance
`candidate`     one guess at what a log does not hold, laid over the demand
`guesses`       many of them, each simulated once, and how far from the log each is
`closeness`     how far a guess's waits lie from the log's
`concurrency`   jobs in hand at once, and the fewest crews that they ask for
`saturation`    crews from jobs that stood still while so many were in hand
`crew_limits`   how few and how many there can have been
`job_minutes`   the minutes that jobs waited, with what stood around each
`just_freed`    these minutes cut where a crew has just cleared
`rate`          the likelihood of a dispatcher's rate
`rate_table`    a rate as `policy.dispatch_rate` of a scenario
`rate_told`     what it comes to: by the clock, with crews busy, when one has cleared
`by_rate`       crews from jobs in hand, and what is no queue as such a rate
`crews`         the search for crews, and how well they can be told
`moves`         where that search begins, and which guesses lie beside another
`bounds`        how well a log bounds each number that was fitted
`children`      share held and rank, tried side by side
`document`      the scenario file: values, sources, TOML
`identifiable`  what a log can tell of such a force, and what it cannot
`progress`      what a long fit tells meanwhile
`fit`           all of these in turn
==============  ===========================================================================
"""

from sim.force_log.fitting.fit import Fit, fit

__all__ = ["Fit", "fit"]
