"""Luck kept from one evaluation to the next, as far as there is room for it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final, Generic, Protocol, TypeVar

MOST_BYTES: Final = 512 << 20
"""Some fifty replications of the baseline."""


class Sized(Protocol):
    """What knows how much room it takes."""

    @property
    def bytes(self) -> int:
        """Of this computer's memory."""


Kept = TypeVar("Kept", bound=Sized)


class Images(Generic[Kept]):
    """Things that are costly to make, by key; those that were not asked for longest go first.

    With less room than they take together each is made anew when it is asked for again: what is
    computed takes longer and stays the same.

    Parameters
    ----------
    most_bytes
        Room for all that is kept. What is in use counts only while it is kept.

    Attributes
    ----------
    made
        How often one was made.
    bytes
        What those kept take together.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.made = 0
        self.bytes = 0
        self._most = most_bytes
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def of(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """Return what belongs to a key; who asks while another thread makes it waits for that."""
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    return self._kept[key]
            made = make()
            with self._lock:
                self.made += 1
                self._keep(key, made)
                self._making.pop(key, None)
        return made

    def _keep(self, key: Hashable, made: Kept) -> None:
        size = made.bytes
        if key in self._kept or size > self._most:
            return
        while self.bytes + size > self._most:
            _, gone = self._kept.popitem(last=False)
            self.bytes -= gone.bytes
        self._kept[key] = made
        self.bytes += size
