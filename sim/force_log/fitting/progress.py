"""What a long fit tells meanwhile: what is being tried, how many guesses, about how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Trying:
    """How far a fit has come.

    Attributes
    ----------
    what
        What is being tried, as words that follow "trying".
    guesses
        Simulated so far.
    share
        Of the whole, about: guesses are not known before.
    """

    what: str
    guesses: int
    share: float


Told: TypeAlias = Callable[[Trying], None]


class Teller:
    """Tells of a fit's parts, of which each takes a share of the whole that is known about.

    Parameters
    ----------
    told
        Called at each part and each guess; None: nobody is told.
    """

    def __init__(self, told: Told | None = None) -> None:
        self._told = told
        self._what = ""
        self._from = self._to = 0.0
        self._part: tuple[int, int] = (0, 1)
        self.guesses = 0

    def begin(self, what: str, share: float) -> None:
        """Go on to what takes the fit from where it is to a share of the whole."""
        self._from, self._to = self._to, max(share, self._to)
        self._part = (0, 1)
        self._name(what)

    def step(self, what: str, done: int, number: int) -> None:
        """Go on to one of a number of steps of equal length, some of them done."""
        self._part = (done, max(number, 1))
        self._name(what)

    def guessed(self) -> None:
        """Count one guess more."""
        self.guesses += 1
        self._tell()

    def _name(self, what: str) -> None:
        self._what = what
        self._tell()

    def _tell(self) -> None:
        if self._told is not None:
            done, number = self._part
            share = self._from + (self._to - self._from) * done / number
            self._told(Trying(self._what, self.guesses, share))
