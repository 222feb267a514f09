"""What an answer hangs on: every range of ``[sources]``, screened, and the foremost one at a time.

=============  ============================================================================
`screening`    all things that are not known, by Morris's elementary effects
`ends`         the foremost at both ends of their ranges, one at a time
`variance`     what part of the variance each of the foremost makes
`document`     the answer, typed
`asking`       from scenarios to the answer
=============  ============================================================================
"""
