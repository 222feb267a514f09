"""Why targets are missed: the misses shared out among causes, each gone or there.

=============  ============================================================================
`causes`       what may be taken away, each a switch on a scenario and its definition in words
`choosing`     which are taken: ours by name, a planner's own from files
`incidents`    what of each report's miss one cause, several together, or none would have mended
`document`     the answer, typed
`explaining`   from a scenario to the answer
=============  ============================================================================
"""
