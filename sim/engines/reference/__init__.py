"""The reference engine, in SimPy: actors told from beginning to end, each rule cited by number.

To be read beside docs/model.md, in the order of one child's night (docs/one-night.md):

1. `clock`: a second, its rounds, what *at once* means, and how an actor is stopped (1.1 to 1.6).
2. `jobs`: what is drawn of an incident and a case, and what comes about (6.1, 6.2, 9.3, 13.9).
3. `incidents`: from the call to the officers' leaving (2 to 4, 7, 9); begin with `story`.
4. `desks`: people who take one task after another (3.4, 3.5).
5. `deployment`: the queues, and the hand-out at the end of each round (6.1 to 6.8).
6. `attendance`: one job's units, from the claim until they leave or are lost (6.7 to 6.9, 8.2).
7. `units`: what each does alone (5, 8).
8. `cases`: from the end of the first attendance to the last interview (11, 12).

These are two thousand lines. To be looked up: `world`, which is what all actors share, and the
first parameter of every function; `partners`, for the PPN and what follows it (12.5, 13); `engine`,
which has the actors begin; `journal`, which writes activities down; and `verify`, which looks at
the state after each hand-out, if asked.

There is one way to wait: to yield an event. There is one way to stop whoever waits: `clock.stop`,
which interrupts them and says why. What that means is told where they wait: a job that loses its
units goes back to its queue, a task that nobody has begun is dropped, one in hand is finished. Who
says nothing of it is at an end. The event for which they waited is then nobody's: it is thrown
away, and makes no round (1.5).
"""

from sim.engines.reference.engine import run

__all__ = ["run"]
