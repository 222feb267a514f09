"""What is told while an answer is worked out."""

from __future__ import annotations

from typing import Protocol


class Told(Protocol):
    """Called as the work goes on; numbers may not depend on it."""

    def __call__(self, step: str, done: int, planned: int, estimate: str = "") -> None:
        """Tell how far it has come.

        Parameters
        ----------
        step
            What is being done, as a sentence goes on after "step 1 of 3:".
        done, planned
            How much of it; both are nought where it begins.
        estimate
            What is known so far, in a few words.
        """


def nobody(step: str, done: int, planned: int, estimate: str = "") -> None:
    """Nobody is told."""
