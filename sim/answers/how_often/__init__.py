"""How often such a wait comes back: waits and nights of them, and the time between two nights.

=============  ============================================================================
`document`     the answer, typed
`asking`       from a scenario to the answer
=============  ============================================================================
"""
