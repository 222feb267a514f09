"""May a scenario be believed of a log: in level, in course, and of missing children.

Level alone is little: that the later weeks will be as the fitted ones has the right level too.
What a planner asks of a model, what one crew more would do, hangs on its course.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from sim.force_log.replaying.course import Course
from sim.force_log.replaying.held_against import Compared

WAIT: Final = "graded_to_assigned"

MEDIAN_AIM: Final = 0.20
TAIL_AIM: Final = 0.25
MEDIAN_NEAR: Final = 0.05
TAIL_NEAR: Final = 0.10
"""So near is near enough, even where a long log shows that it is not luck."""
NEAR_MINUTES: Final = 1.0
"""The same, whatever the relative error."""

_PLACES: Final = (
    ("p50", MEDIAN_AIM, MEDIAN_NEAR, "the median wait"),
    ("p90", TAIL_AIM, TAIL_NEAR, "nine waits in ten"),
)

Word: TypeAlias = Literal["met", "unsure", "missed"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the level of one grade's waits may be believed: ``believed``, ``unsure``, ``not``.

    Believed where median and nine tenths lie within their aims and within what luck explains, or
    so near that it does not matter; unsure where one is further off than its aim, by no more than
    luck explains.
    """

    grade: int
    word: str
    why: str


@dataclass(frozen=True, slots=True)
class Parts:
    """The verdict in three parts; ``unsure`` where the log cannot tell.

    Attributes
    ----------
    level
        Whether quantiles lie where luck allows.
    course
        Whether forecasts are better than the plainest, and move as much as the log.
    missing_children
        Whether their extra wait lies inside its interval.
    """

    level: Word
    course: Word
    missing_children: Word

    @property
    def believed(self) -> bool:
        """Whether level and course are met, and nothing speaks against missing children's."""
        return (self.level, self.course) == ("met", "met") and self.missing_children != "missed"


def parts_of(verdicts: Sequence[Verdict], course: Course | None, inside: bool | None) -> Parts:
    """Put the three parts together.

    Parameters
    ----------
    verdicts
        By grade.
    course
        None where there is nothing to hold it against.
    inside
        Whether the predicted extra wait lies inside the log's interval; None where there is none.
    """
    words = {one.word for one in verdicts}
    level: Word = "missed" if "not" in words else "met" if words == {"believed"} else "unsure"
    told: Word = "unsure"
    if course is not None:
        told = "met" if course.skill.shown and course.moves else "missed"
    children: Word = "unsure" if inside is None else "met" if inside else "missed"
    return Parts(level, told, children)


def verdicts(rows: Sequence[Compared], most: int) -> Iterator[Verdict]:
    """Judge the waits for a crew of each grade up to `most` that has both quantiles."""
    for grade in range(1, most + 1):
        own = {
            row.place: row
            for row in rows
            if row.stage == WAIT and row.grade == grade and row.first_hour is None
        }
        if "p50" not in own or "p90" not in own:
            continue
        told = [_judged(own[place], aim, near, words) for place, aim, near, words in _PLACES]
        found = {word for word, _ in told}
        word = "not" if "not" in found else "unsure" if "unsure" in found else "believed"
        yield Verdict(grade, word, "; ".join(why for _, why in told))


def _judged(row: Compared, aim: float, near: float, words: str) -> tuple[str, str]:
    apart = abs(row.predicted - row.observed)
    within_minute = apart <= NEAR_MINUTES
    off = None if row.error is None else abs(row.error)
    if within_minute or (off is not None and off <= near):
        word = "believed"
    elif not row.inside_all:
        word = "not"
    else:
        word = "believed" if off is not None and off <= aim else "unsure"
    size = "within a minute" if within_minute and (off is None or off > aim) else (
        "" if row.error is None else f"{row.error:+.0%}"
    )  # fmt: skip
    luck = "" if row.inside_all else "more than luck explains"
    told = ", ".join(part for part in (size, luck) if part)
    minutes = f"{words} {row.predicted:g} for {row.observed:g} min"
    return word, f"{minutes} ({told})" if told else minutes
