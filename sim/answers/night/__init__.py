"""One night with people short: what it does over hundreds of such nights, and what would help.

=============  ============================================================================
`asked`        the night, the shift that is short, and by how many
`helping`      lending, holding on and calling in, each as another scenario
`document`     the answer, typed
`asking`       from a scenario to the answer
=============  ============================================================================
"""
