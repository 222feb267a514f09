"""The story of one simulated incident or child: what was done, waited for, and by whom.

=============  =============================================================================
`world`        one replication as those who tell of it read it
`kinds`        the kinds of wait and of work in words
`trace`        one incident, step by step
`waiting`      why a job waited for units, and where units went instead
`case_story`   what became of a case after arrival
`listing`      lists to pick from, and a child's year
`timelines`    long waits as strips, for a page
`strip`        a strip as text
`events`       all of a replication as an event log
=============  =============================================================================
"""
