"""What a force's own log shows, and how far a scenario may be believed of it.

=============  =============================================================================
`diagnosis`    the console's words about a log by itself
`summaries`    the console's words about a fit, a replay and a fit of call takers
`page`         both as pages
`charts`       their pictures
=============  =============================================================================
"""
