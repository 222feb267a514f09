"""What a force's own log shows, and how far a scenario may be believed of it.

=============  =============================================================================
`diagnosis`    the console's words about a log by itself
`returns`      what missing-person records say of returns
`fitted`       what a fit found
`rotas`        what duties say of a rota
`summaries`    the console's words about a fit, a replay and a fit of call takers
`page`         both as pages
`charts`       their pictures
=============  =============================================================================
"""
