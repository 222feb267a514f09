"""A log's real incidents through the model's rules, and how far that may be believed.

==============  ===========================================================================
`work`          real incidents as the engine's tables
`playing`       these tables played under a scenario's people and rules
`held_against`  predicted quantiles and distances beside observed ones
`replay`        all of these, and the verdict
==============  ===========================================================================
"""
