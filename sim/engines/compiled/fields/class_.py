"""Waiting jobs that may have the same units: alike in area, people asked, officers and grade."""

(
    ROOT,
    # Where it stands in its area's list, from 1; 0: nobody waits.
    LISTED,
    # The supply at which its jobs have asked in vain.
    VAIN_AT,
    # Which supply: 0 that of allocations too, where its grade diverts, else 1 that of units alone.
    SUPPLY,
    SIZE,
) = range(5)
