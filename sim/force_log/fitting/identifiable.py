"""What a log can tell of a force that was fitted to it, and what it cannot, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sim.force_log.fitting.candidate import World
from sim.force_log.fitting.children import Children
from sim.force_log.fitting.crew_limits import BUSY
from sim.force_log.fitting.crews import Crews

_WEEK: Final = 7


def identifiable(crews: Crews, own: Children | None, *, by_rate: bool) -> Iterator[str]:
    """Say what the log can tell.

    Parameters
    ----------
    crews
        As they were found.
    own
        What was found of missing children; None: there are too few.
    by_rate
        Whether there is a dispatcher's rate.
    """
    yield "When reports come, their grades, calls, travel and work: they stand in the log."
    if by_rate:
        yield (
            "At what rate dispatchers let jobs go, by grade and wait, by the clock, by busy crews "
            "and by jobs ahead: it is the likeliest for these days."
        )
    bounded = [one.shift for one in crews.free if one.high_from == "log"]
    if bounded:
        yield f"Crews free on these shifts, within their intervals: {', '.join(bounded)}."
    if own is not None:
        for name, words in (("held", "The share held"), ("next_grade", "The share ranked lower")):
            low, high = own.range_of(name)
            if high - low <= 0.5 and len({getattr(p, name) for p in own.points}) > 1:
                where = f"about {low:g}" if low == high else f"between {low:g} and {high:g}"
                yield f"{words}, {where} (tried in quarters and halves)."


def _not_told(crews: Crews) -> Iterator[str]:
    """Say where the upper end of crews is none of the log's, and what it is instead."""
    for one in crews.free:
        if one.high_from == "rota":
            yield (
                f"How many of the {one.shift} shift were free at the most: jobs hardly ever stood "
                "still while so many were in hand, so it may have been all of the rota."
            )
        elif one.range_of_high is not None:
            few, many = one.range_of_high
            yield (
                f"Crews on the {one.shift} shift at the most: jobs hardly ever stood still while "
                f"so many were in hand. {one.high:.3g} is an assumption, that crews have a job of "
                f"the log in hand {BUSY[0]:.0%} of their time or more (of {BUSY[2]:.0%} "
                f"{few:.3g}, of {BUSY[1]:.0%} {many:.3g})."
            )


def not_identifiable(
    crews: Crews,
    own: Children | None,
    world: World,
    left_out: Sequence[str],
    days: int,
    why_no_rate: str | None,
    crowded: int,
) -> Iterator[str]:
    """Say what the log cannot tell.

    Parameters
    ----------
    crews, own
        As for `identifiable`.
    world
        What guesses share.
    left_out
        What the demand could not be told of, in sentences.
    days
        That were fitted.
    why_no_rate
        Why there is no dispatcher's rate; None: there is one.
    crowded
        Number of the log's areas, if these are too many for crews of their own; else 0.
    """
    if why_no_rate is not None:
        yield why_no_rate
    else:
        yield (
            "Crews beyond what jobs in hand ask for: with more of them the dispatchers' rate would "
            "fall the faster as they become busy, and the waits would be the same."
        )
    yield from _not_told(crews)
    if own is None:
        yield (
            "Share held and rank, and how much longer missing-child jobs wait than others: there "
            "are fewer than ten of them, so they wait as other jobs do."
        )
    else:
        for name, words in (("held", "The share held"), ("next_grade", "The share ranked lower")):
            low, high = own.range_of(name)
            if high - low > 0.5:
                yield f"{words}: anything between {low:g} and {high:g} is as near to the log."
    if not world.ratified:
        yield (
            "Whether missing-child jobs wait for ratification or for something else: the log has "
            "no time of ratification, so a delay before release is all that can be fitted."
        )
    yield "Re-grade rates: the log keeps one grade for each incident."
    yield (
        "Crews, and how long they stay busy: only their ratio shows in waits. Times are those of "
        "the first unit, so crews are counted as if each job took one of them until it cleared."
    )
    if crowded:
        yield (
            f"Which crews were near: the log has {crowded} areas, too many for each to have crews "
            "of its own, so all are taken to be near. Give the beats of a district one name in "
            "[areas] of the mapping, and fit again, to have districts."
        )
    elif world.demand.areas is None:
        yield "Which crews were near: the log has no area."
    if days < _WEEK:
        yield (
            "What sets a day of the week apart: fewer than seven days were fitted, and the other "
            "days have their hours."
        )
    yield from left_out
