"""A log's real incidents through the model's rules, and how far that may be believed.

==============  ===========================================================================
`work`          real incidents as the engine's tables
`playing`       these tables played under a scenario's people and rules
`held_against`  predicted quantiles and distances beside observed ones
`plainest`      the forecasts that any model has to beat
`scores`        the score of a forecast, and the skill of one over another
`course`        whether bad hours and days are told from good ones
`coupling`      how far allocations hang on a crew's clearing
`verdict`       level, course and missing children
`replay`        all of these
==============  ===========================================================================
"""
