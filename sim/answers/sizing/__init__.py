"""How few it takes: the cheapest rota that reaches a target, or the best for the money.

=============  ============================================================================
`aim`          what has to be reached, and what may not get worse, as planners write it
`levers`       what may move in a rota, and every design that comes of it
`start`        where a search begins: the load of each hour and its square root
`judged`       designs played on one set of luck
`programme`    the integer programme that says which to try next
`search`       the search on that luck
`finals`       the cheapest few on luck that the search has not seen
`working`      one after the other, from the ceiling to other work
`variant`      a design as a scenario file
`document`     the answer, typed
`sizing`       from a scenario to the answer
=============  ============================================================================
"""
