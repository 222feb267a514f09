"""The reference engine's clock: places in a second, its rounds, and what happens at once."""

from __future__ import annotations

from simpy import Event, Interrupt

from sim.engines.reference.clock import Actor, Clock, Due, reason, see_through, stop
from sim.tables import Why


def heard(clock: Clock, *actors: Actor[None]) -> None:
    """Let these actors act for a minute."""
    for actor in actors:
        clock.process(actor)
    clock.run(until=60)


def test_events_of_a_round_have_their_places_whoever_asked_first() -> None:
    """Rule 1.3: by kind, then key, then number; and what is due at once is of the next round."""
    clock, told = Clock(0), []

    def waits(kind: Due, key: int, number: int = 0, seconds: int = 7) -> Actor[None]:
        yield clock.after(seconds, kind, key, number)
        told.append((clock.now, clock.round, kind, key, number))
        if kind is Due.ARRIVAL:
            clock.process(waits(Due.DESK_TASK_ENDS, key, seconds=0))

    places = [
        (Due.REPORT, 1, 0),
        (Due.ARRIVAL, 2, 1),
        (Due.ARRIVAL, 2, 0),
        (Due.ARRIVAL, 1, 5),
        (Due.DESK_TASK_ENDS, 9, 0),
    ]
    heard(clock, *(waits(*place) for place in places))
    first = [(7, 0, *place) for place in sorted(places)]
    second = [(7, 1, Due.DESK_TASK_ENDS, key, 0) for key in (1, 2, 2)]
    assert told == first + second


def test_what_an_actor_brings_about_at_once_is_part_of_its_event() -> None:
    """Rule 1.2: before another event of the round, though that was due first."""
    clock, told = Clock(0), []
    granted = clock.event()

    def grants() -> Actor[None]:
        yield clock.after(5, Due.SHIFT_ENDS, 1)
        granted.succeed("units")
        clock.process(begins())
        told.append("grants")

    def waits() -> Actor[None]:
        told.append((yield granted))

    def begins() -> Actor[None]:
        told.append("begins")
        yield clock.after(5, Due.SHIFT_ENDS, 3)

    def comes_next() -> Actor[None]:
        yield clock.after(5, Due.SHIFT_ENDS, 2)
        told.append("next")

    heard(clock, comes_next(), waits(), grants())
    assert told == ["grants", "units", "begins", "next"]


def test_every_round_has_its_end_and_only_rounds_have() -> None:
    """Rule 1.4: one in which something happens; what nobody waits for any more is no round."""
    clock, ends = Clock(0), []

    def hands_out() -> Actor[None]:
        while True:
            yield clock.end_of_round
            ends.append((clock.now, clock.round))

    def steps(*seconds: int) -> Actor[None]:
        for one in seconds:
            yield clock.after(one, Due.WORK_ENDS, 1)

    def gives_up() -> Actor[None]:
        try:
            yield clock.after(20, Due.REVIEW, 1)
        except Interrupt:
            return

    def stops() -> Actor[None]:
        actor = clock.process(gives_up())
        yield clock.after(10, Due.RETURN, 1)
        stop(actor, Why.RETURNED)
        yield clock.after(30, Due.RETURN, 1)
        stop(actor, Why.RETURNED)

    heard(clock, hands_out(), steps(3, 0, 0, 4), stops())
    assert ends == [(3, 0), (3, 1), (3, 2), (7, 0), (10, 0), (40, 0)]


def test_the_end_of_the_simulation_comes_before_what_is_due_then() -> None:
    """Rule 1.6."""
    clock, told = Clock(50), []

    def waits(second: int) -> Actor[None]:
        yield clock.at(second, Due.DESK_TASK_ENDS, 0)
        told.append(second)

    heard(clock, waits(50), waits(59), waits(60))
    assert told == [50, 59]
    assert clock.now == 60


def test_some_wait_whoever_says_stop() -> None:
    """Rule 3.5: nobody is taken off a task, but by the reasons that are named."""
    clock, told = Clock(0), []

    def works(end: Event, unless: tuple[Why, ...]) -> Actor[None]:
        try:
            yield from see_through(end, unless)
        except Interrupt as stopped:
            told.append((clock.now, reason(stopped)))
        else:
            told.append((clock.now, Why.DONE))

    def stops() -> Actor[None]:
        actors = [
            clock.process(works(clock.after(30, Due.WORK_ENDS, 1), unless))
            for unless in ((), (Why.DIVERTED,))
        ]
        for second, why in ((10, Why.RETURNED), (20, Why.DIVERTED)):
            yield clock.at(second, Due.RETURN, 1)
            for actor in actors:
                stop(actor, why)

    heard(clock, stops())
    assert told == [(20, Why.DIVERTED), (30, Why.DONE)]
