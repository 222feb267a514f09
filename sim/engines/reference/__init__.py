"""The reference engine, in SimPy: actors told from beginning to end, each rule cited by number.

To be read beside docs/model.md, in this order:

1. `clock`: a second, its rounds, and what *at once* means (rules 1.1 to 1.6).
2. `records`: what is known of reports, jobs and cases; at first `Job`, `Incident`, `Allocation`.
3. `incidents`: an incident, from the call to the officers' leaving (2 to 4, 7, 9).
4. `deployment`: the queues, and the hand-out at the end of each round (6.1 to 6.8).
5. `attendance`: the units of one job, until their work is done or they are taken from it (6.7 to
   6.9, 8.2), and `units`: what each does alone (5, 8).
6. `desks`: people who take one task after another (3.4, 3.5).
7. `cases` and `partners`: what follows a first attendance (11 to 13).

`journal` and `rows` are the tables in and out; `engine` puts the actors together; `verify` looks at
the state after each hand-out, if asked.

There is one way to wait: to yield an event. There is one way to stop whoever waits: to interrupt
them, with a `clock.Stop` that says why. What that means is told where they wait: a job that loses
its units goes back to its queue, a task that nobody has begun is dropped, one in hand is finished.
The event for which they waited is then nobody's: it is thrown away, and makes no round (1.5).
"""

from sim.engines.reference.engine import run

__all__ = ["run"]
