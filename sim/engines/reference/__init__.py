"""The reference engine, in SimPy: actors told from beginning to end, each rule cited by number.

To be read beside docs/model.md, in the order of one child's night (docs/one-night.md). The first
hour tells a report until its officers leave, with sections 1 to 9 of the model:

1. `incidents`: from the call to the officers' leaving (2 to 4, 7, 9); first its `story`, whole.
2. `callers`: the switchboard, and who waits for a call taker or hangs up (2.1, 2.5, 2.7, 2.10).
3. `clock`: a second, its rounds, what *at once* means, and how an actor is stopped (1.1 to 1.6).
4. `desks`: people who take one task after another (2.8, 2.9, 3.4, 3.5).
5. `deployment`: the queues, and the hand-out at the end of each round (6.1 to 6.8).
6. `attendance`: one job's units, from the claim until they leave or are lost (6.7 to 6.9, 8.2).
7. `units`: what each does alone (5, 8).

Another half hour tells what follows, with sections 11 and 12:

8. `cases`: from the end of the first attendance to the last interview.

Off, and to be passed over at first: `rate`, a dispatcher's looks at jobs whose gate is open (4.7);
`concerns`, from the officers' leaving until a child of a welfare concern is seen (14); and in
`protection` who relieves those with a child (12.4d).

To be looked up: `jobs`, for what is known of an incident, an errand and a case (6.1, 6.2, 9.1);
`errands`, for who attends what is asked for a case (11.4, 12.3); `world`, which is what all actors
share, and the first parameter of nearly every function; `partners`, for the PPN and what follows it
(12.5, 13); `engine`, which has the actors begin; `journal` and `outcomes`, for what is written
(9.3, 10, 13.9); and `verify`, which looks at the state after each hand-out, if asked.

There is one way to wait: to yield an event. There is one way to stop whoever waits: `clock.stop`,
which interrupts them and says why. What that means is told where they wait: a job that loses its
units goes back to its queue, a task that nobody has begun is dropped, one in hand is finished. Who
says nothing of it is at an end. The event for which they waited is then nobody's: it is thrown
away, and makes no round (1.5).
"""

from sim.engines.reference.engine import run

__all__ = ["run"]
