"""Whose delays an answer is about: a stream and grade, or any further cut of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from sim.errors import InputError
from sim.report.sections.figures import length
from sim.report.sections.words import plural
from sim.results import Document, Part, Row, Target

if TYPE_CHECKING:
    from sim.results import Context, Keys

OPTION: Final = "--about"
_ANY: Final = ("any", "all")
_CUTS: Final = ("stream", "grade", "risk", "care", "area", "hours")
_WORDS: Final[dict[str, dict[str, bool | str]]] = {
    "care": {"yes": True, "no": False},
    "hours": {"team": "team", "other": "other"},
    "risk": {risk: risk for risk in ("low", "medium", "high", "not_assessed")},
}


@dataclass(frozen=True, slots=True)
class Subject:
    """The reports that an answer is about; a cut that is None is over all of it.

    Attributes
    ----------
    stream, grade, risk, care, area, hours
        As the keys of rows.
    """

    stream: str | None
    grade: int | None
    risk: str | None = None
    care: bool | None = None
    area: str | None = None
    hours: str | None = None

    @property
    def keys(self) -> Keys:
        """Keys of its rows by the target's own clock."""
        return {
            "stream": self.stream,
            "grade": self.grade,
            "risk": self.risk,
            "care": self.care,
            "area": self.area,
            "hours": self.hours,
        }

    def row(
        self, part: Part, measure: str, clock: str | None = None, minutes: int | None = None
    ) -> Row | None:
        """One of its rows."""
        keys: Keys = {**self.keys, "clock": clock, "minutes": minutes}
        return part.row(measure, **keys)

    def narrowed(self, part: Part, measure: str, minutes: int | None, hours: str) -> Row | None:
        """One of its rows for the hours with or without the team on duty; None where cut already.

        Only the headline's own cuts are crossed with another in the rows.
        """
        if self.hours is not None:
            return None
        return replace(self, hours=hours).row(part, measure, minutes=minutes)

    def whom(self, context: Context) -> str:
        """Whom it is about, such as "Grade 2 missing children in care"."""
        said = plural(self.stream) if self.stream is not None else "calls of every kind"
        if self.risk is not None:
            level = "not assessed" if self.risk == "not_assessed" else f"{self.risk}-risk"
            said = f"{level} {said}"
        if self.grade is not None:
            said = f"grade {self.grade} {said}"
        if self.care is not None:
            said += " in care" if self.care else " not in care"
        if self.area is not None:
            said += f" in {context.titles.areas.get(self.area, self.area)}"
        if self.hours is not None:
            said += f", reported with the team {'on' if self.hours == 'team' else 'off'} duty"
        return f"{said[:1].upper()}{said[1:]}"

    def is_headline(self, context: Context) -> bool:
        """Whether it is what the study declared beforehand."""
        return self == headline_of(context)


def headline_of(context: Context) -> Subject:
    """The subject that the study declared beforehand."""
    return Subject(context.stream, context.grade)


def target_of(context: Context, subject: Subject) -> Target | None:
    """What the subject's grade promises; None: nothing, or it is of several grades."""
    if subject.grade == context.grade:
        minutes = context.target_minutes
        return None if minutes is None else Target(minutes=minutes, starts=context.starts)
    return None if subject.grade is None else context.targets_by_grade.get(subject.grade)


def target_words(target: Target, area: str | None) -> str:
    """A target in words, such as "20 minutes", or "15 to 20 minutes (by area)"."""
    if not isinstance(target.minutes, Mapping):
        return length(target.minutes)
    if area in target.minutes:
        return length(target.minutes[area])
    least, most = min(target.minutes.values()), max(target.minutes.values())
    return length(least) if least == most else f"{least:g} to {length(most)} (by area)"


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be named in a study.

    Attributes
    ----------
    streams, areas
        Names in the scenario.
    grades
        Those that there are.
    """

    streams: tuple[str, ...]
    grades: tuple[int, ...]
    areas: tuple[str, ...]

    @classmethod
    def of(cls, document: Document) -> Choices:
        """What the rows of a document tell of."""
        rows = document.baseline.rows
        return cls(
            tuple(dict.fromkeys(row.stream for row in rows if row.stream is not None)),
            tuple(sorted({row.grade for row in rows if row.grade is not None})),
            tuple(dict.fromkeys(row.area for row in rows if row.area is not None)),
        )

    def values(self, cut: str) -> tuple[str, ...]:
        """What may stand after a cut's equals sign, as a planner writes it."""
        if cut in _WORDS:
            return tuple(_WORDS[cut])
        named = {"stream": self.streams, "grade": self.grades, "area": self.areas}
        return (*(str(one) for one in named[cut]), _ANY[0])


def named(text: str, choices: Choices) -> dict[str, Any]:
    """The cuts that a planner names, such as "risk=high" or "stream=missing_adult,grade=2".

    Raises
    ------
    InputError
        If there is no such cut or value; the nearest name is in it.
    """
    found = dict(_pair(part, choices) for part in text.split(",") if part.strip())
    if not found:
        raise InputError(
            "no cut is named", path=OPTION, found=text, allowed="such as risk=high,care=yes"
        )
    return found


def about(text: str, document: Document, *, counted: bool = False) -> Subject:
    """The subject that a planner names; what is not named is the headline's.

    Where the headline's grade holds no such report, every grade is meant.

    Parameters
    ----------
    text
        As `named` reads it.
    document
        Of a run or a comparison.
    counted
        True: the study counted these very cuts, so that no row means no report.

    Raises
    ------
    InputError
        If there is no such cut or value, or the rows do not hold these cuts together.
    """
    cuts = named(text, Choices.of(document))
    subject = replace(headline_of(document.context), **cuts)
    if _has_rows(subject, document):
        return subject
    if "grade" not in cuts:
        wider = replace(subject, grade=None)
        if _has_rows(wider, document):
            return wider
    if not counted and _is_crossed(subject, document):
        raise InputError(
            "these results do not hold these cuts together; ask for one of them, or run again "
            "with them",
            path=OPTION,
            found=text,
        )
    return subject


def _pair(part: str, choices: Choices) -> tuple[str, Any]:
    cut, equals, value = (piece.strip() for piece in part.partition("="))
    if cut not in _CUTS:
        raise InputError(
            "there is no such cut",
            path=OPTION,
            found=cut,
            allowed=", ".join(_CUTS),
            suggestion=_near(cut, _CUTS),
        )
    allowed = choices.values(cut)
    if not equals or value not in (*allowed, *_ANY):
        raise InputError(
            f"{cut} has no such value" if equals else f"{cut} needs a value after =",
            path=OPTION,
            found=value or part.strip(),
            allowed=", ".join(allowed),
            suggestion=_near(value, allowed),
        )
    if value in _ANY:
        return cut, None
    if cut == "grade":
        return cut, int(value)
    return cut, _WORDS.get(cut, {}).get(value, value)


def _near(word: str, words: Iterable[str]) -> str | None:
    return next(iter(get_close_matches(word, list(words), 1, 0.4)), None)


def _has_rows(subject: Subject, document: Document) -> bool:
    return subject.row(document.baseline, "waited_over", minutes=60) is not None


def _is_crossed(subject: Subject, document: Document) -> bool:
    """Whether each further cut has rows of its own, but all of them together have none."""
    further = [cut for cut in _CUTS[2:] if getattr(subject, cut) is not None]
    each = [replace(subject, **{cut: None for cut in further if cut != one}) for one in further]
    return len(further) > 1 and all(
        _has_rows(one, document) or _has_rows(replace(one, grade=None), document) for one in each
    )
