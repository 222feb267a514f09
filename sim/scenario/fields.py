"""The building blocks of a scenario's models: frozen base, shares, clock times, durations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Annotated, Final, Literal, TypeVar
from unicodedata import category

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    model_validator,
)

T = TypeVar("T")

SHARES_SUM_TO: Final = "these shares sum to"
CLOCK_PATTERN: Final = r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
_CLOCK: Final = re.compile(CLOCK_PATTERN)
# Controls, formats such as those that turn the direction of writing, halves of a sign, and what
# ends a line or a paragraph.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS: Final = "\u00ad\u200c\u200d"
DATE_PATTERN: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DIGIT: Final = re.compile(r"^[1-9]$")


class Fault(ValueError):
    """A rule between several values that does not hold.

    Parameters
    ----------
    message
        What is wrong, as a clause.
    at
        Keys from the model that holds the rule down to the value to be mended; none: the model.
    allowed
        What may stand there, in words.
    """

    def __init__(self, message: str, *at: str | int, allowed: str | None = None) -> None:
        super().__init__(message)
        self.at = at
        self.allowed = allowed


class Model(BaseModel):
    """A frozen model that refuses unknown keys and does not turn one type into another."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def _minutes_of_day(value: object) -> object:
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        text = isinstance(value, str)
        raise Fault("this is not a time of day" if text else "a time of day is written in quotes")
    hours, minutes = value.split(":")
    return int(hours) * 60 + int(minutes)


def _clock_text(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _whole_number_key(value: object) -> object:
    return int(value) if isinstance(value, str) and _DIGIT.fullmatch(value) else value


def text_fault(text: str, *, lines: bool, most: int) -> tuple[str, str] | None:
    """Return what is wrong with a free text, and what is allowed; None where nothing is.

    Parameters
    ----------
    text
        The text.
    lines
        Whether it may have several lines.
    most
        How many characters it may have.

    Notes
    -----
    It is printed, drawn, and written into tables and pages. A sign that no eye sees may steer a
    terminal, end a library or turn the line that it stands in.
    """
    what = "lines of text" if lines else "one line of text"
    allowed = f"{what} in quotes, at most {most:,} characters"
    if len(text) > most:
        return f"this has {len(text):,} characters", allowed
    if text.isprintable():
        # So are nearly all, and it takes a hundredth of the time to see.
        return None
    for place, sign in enumerate(text, start=1):
        if category(sign) in _UNSEEN and sign not in _JOINERS and not (lines and sign in "\n\t"):
            kind = "a line end" if sign in "\r\n\u2028\u2029" else "a character that is not printed"
            return f"{kind} (U+{ord(sign):04X}) stands here, at place {place}", allowed
    return None


def _checked(text: str, *, lines: bool, most: int) -> str:
    fault = text_fault(text, lines=lines, most=most)
    if fault is not None:
        raise Fault(fault[0], allowed=fault[1])
    return text


def _date_key(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value) if re.fullmatch(DATE_PATTERN, value) else value
    except ValueError:
        return value


def _sums_to_one(shares: T) -> T:
    assert isinstance(shares, Mapping)
    total = sum(shares.values())
    if abs(total - 1) > 1e-6:
        raise Fault(f"{SHARES_SUM_TO} {total:.6g}", allowed="shares that sum to 1")
    return shares


ClockTime = Annotated[
    int,
    BeforeValidator(
        _minutes_of_day, json_schema_input_type=Annotated[str, Field(pattern=CLOCK_PATTERN)]
    ),
    PlainSerializer(_clock_text),
]
"""Minutes after midnight, written as "22:00"."""

Share = Annotated[float, Field(ge=0, le=1)]

_MOST: Final = 10_000_000
# Minutes of some twenty years, and more reports than any country has: what lies beyond is a slip,
# and would not fit a column of seconds.
Positive = Annotated[float, Field(gt=0, le=_MOST)]
NotNegative = Annotated[float, Field(ge=0, le=_MOST)]
Factor = Annotated[float, Field(gt=0, le=4)]
"""A travel factor; the bound keeps a product of four in 64 bits."""

Whole = Annotated[int, Field(ge=1, le=9)]
"""A grade or a number of officers."""

WholeKey = Annotated[
    int,
    BeforeValidator(
        _whole_number_key, json_schema_input_type=Annotated[str, Field(pattern=r"^[1-9]$")]
    ),
    Field(ge=1, le=9),
]
"""The same as a key: TOML writes it as text."""

DateKey = Annotated[
    date,
    BeforeValidator(_date_key, json_schema_input_type=Annotated[str, Field(pattern=DATE_PATTERN)]),
]
"""A date as a key, ``2022-05-06``, which TOML writes as text without quotes."""

LINE_LENGTH: Final = 200
_PARAGRAPH_LENGTH: Final = 5_000
_LABEL_LENGTH: Final = 40

Line = Annotated[
    str,
    AfterValidator(partial(_checked, lines=False, most=LINE_LENGTH)),
    Field(json_schema_extra={"maxLength": LINE_LENGTH}),
]
"""Free text that stands in tables and headings."""

Paragraph = Annotated[
    str,
    AfterValidator(partial(_checked, lines=True, most=_PARAGRAPH_LENGTH)),
    Field(json_schema_extra={"maxLength": _PARAGRAPH_LENGTH}),
]
"""Free text of several sentences."""

Label = Annotated[
    str,
    AfterValidator(partial(_checked, lines=False, most=_LABEL_LENGTH)),
    Field(json_schema_extra={"maxLength": _LABEL_LENGTH}),
]
"""A short name that may have any letters, such as an age band's."""

SumsToOne = AfterValidator(_sums_to_one)
"""Marks a table of shares that share out a whole."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class _Duration(Model):
    at_most_minutes: Positive | None = Field(
        default=None, description="Longer draws are cut to this."
    )


class Constant(_Duration):
    """The same length every time."""

    family: Literal["constant"]
    minutes: NotNegative


class Exponential(_Duration):
    """Exponential with this mean."""

    family: Literal["exponential"]
    mean_minutes: Positive


class Lognormal(_Duration):
    """Lognormal: median, and the standard deviation of the logarithm."""

    family: Literal["lognormal"]
    median_minutes: Positive
    sigma: Annotated[float, Field(gt=0, le=3)]


class Gamma(_Duration):
    """Gamma: mean, and standard deviation over mean."""

    family: Literal["gamma"]
    mean_minutes: Positive
    variation: Annotated[float, Field(gt=0, le=5)]


class Uniform(_Duration):
    """Any length between two bounds, equally likely."""

    family: Literal["uniform"]
    low_minutes: NotNegative
    high_minutes: NotNegative

    @model_validator(mode="after")
    def _ordered(self) -> Uniform:
        if self.high_minutes < self.low_minutes:
            raise Fault(
                f"high_minutes lies under low_minutes ({self.low_minutes:g})", "high_minutes"
            )
        return self


class Quantiles(_Duration):
    """Read off a table of quantiles, straight lines between them, as when fitted to a log."""

    family: Literal["quantiles"]
    levels: Annotated[list[Share], Field(min_length=2)]
    minutes: Annotated[list[NotNegative], Field(min_length=2)]

    @model_validator(mode="after")
    def _rising(self) -> Quantiles:
        if len(self.levels) != len(self.minutes):
            raise Fault(
                f"there are {len(self.levels)} levels and {len(self.minutes)} minutes",
                "minutes",
                allowed="one number for each of levels",
            )
        if self.levels[0] != 0 or self.levels[-1] != 1:
            raise Fault("the levels do not run from 0 to 1", "levels")
        if any(b <= a for a, b in zip(self.levels, self.levels[1:], strict=False)):
            raise Fault("the levels do not rise", "levels")
        if any(b < a for a, b in zip(self.minutes, self.minutes[1:], strict=False)):
            raise Fault("the minutes fall", "minutes", allowed="numbers that never fall")
        return self


Duration = Annotated[
    Constant | Exponential | Lognormal | Gamma | Uniform | Quantiles,
    Field(discriminator="family"),
]
