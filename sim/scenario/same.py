"""Something that nobody changes, as the key of what is known about it."""

from __future__ import annotations

from typing import Generic, TypeVar

Known = TypeVar("Known")


class Same(Generic[Known]):
    """Known by being itself, whatever it holds: a scenario's models cannot be hashed.

    Parameters
    ----------
    it
        What is known.
    """

    __slots__ = ("it",)

    def __init__(self, it: Known) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.it is other.it
