"""The rules of the missing episode after arrival that a scenario has in force, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.episode import Episode


def in_force(episode: Episode | None) -> Iterator[str]:
    """One sentence for each rule of sections 11 to 13; one alone where none is in force.

    Parameters
    ----------
    episode
        The scenario's; None: nothing happens after the first attendance.
    """
    if episode is None:
        yield "Nothing is simulated after the first attendance (11 to 13)."
        return
    streams = " and ".join(f"`{stream}`" for stream in episode.streams)
    yield (
        f"Episodes of {streams} are followed until the child is safe, and beyond; the cases of an "
        "area are its missing-person team's while it is on duty, else response's (11.1, 11.2)."
    )
    kinds = ", ".join(
        f"{name.replace('_', ' ')} (by {line.done_by}, finds {line.finds:.0%})"
        for name, line in episode.lines.items()
    )
    yield f"Lines of enquiry follow one another, at most {episode.most_lines} anew: {kinds} (11.3)."
    yield (
        f"From {_clock(episode.night_starts)} to {_clock(episode.night_ends)} pauses between lines "
        f"pass at {episode.night_rhythm:.0%} of the day's speed while a case is response's, and at "
        f"{episode.team_night_rhythm:.0%} while it is the team's; by day at "
        f"{episode.response_day_rhythm:.0%} while it is response's (11.3)."
    )
    yield (
        f"A handover costs {episode.handover.minutes:g} minutes; {episode.handover.share_lost:.0%} "
        "of them lose the last line (11.6)."
    )
    levels = ", ".join(
        f"{risk} risk {len(getattr(episode.reviews, risk))}" for risk in ("low", "medium", "high")
    )
    yield (
        f"Levels of supervisors' review: {levels}; {episode.reviews.share_moved_on:.0%} of reviews "
        "move a case on (11.7)."
    )
    if episode.tasking is not None:
        yield (
            f"Daily tasking is at {_clock(episode.tasking.at)} and moves on "
            f"{episode.tasking.share_moved_on:.0%} (11.9)."
        )
    if episode.ppn is not None:
        yield f"PPNs sent by whoever held the interview: {episode.ppn.share_sent:.0%} (12.5)."
    if episode.strategy is not None:
        yield f"Strategy meetings held: {episode.strategy.share_held:.0%} (13.3)."
    if episode.return_interview is not None:
        offered = episode.return_interview
        yield (
            f"Return home interviews: {offered.share_offered:.0%} offered, "
            f"{offered.share_accepted:.0%} of these accepted (13.4)."
        )
    if episode.referral is not None:
        yield f"A referral follows {episode.referral.episodes} reports in 90 days (13.5)."
    yield (
        f"Later episodes prevented by an interview or a referral: {episode.prevention.share:.0%} "
        "(13.7, an assumption)."
    )
    yield (
        "Reports of children in care that are never recorded: "
        f"{episode.unrecorded_share_in_care:.0%} (13.8); their hours are told apart."
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
