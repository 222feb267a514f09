"""A study that nobody asked to be kept, kept among the user's caches once it takes long."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from sim.errors import OutputError
from sim.kernels.cache import users_caches
from sim.store.journal import Asked, Done, Journal
from sim.store.locks import held

_LOG: Final = logging.getLogger(__name__)

SECONDS_BEFORE: Final = 60.0
"""A study that is done sooner leaves no trace."""
_KEPT_SECONDS: Final = 7 * 86_400
_FOLDER: Final = Path("missing-child-simulator") / "studies"


class Unasked:
    """The replications of such a study that are done.

    Parameters
    ----------
    asked
        What must be the same for the study to go on.
    scenarios
        How many there are.
    fresh
        Begin anew, whatever is there.
    told
        Told, as a sentence, that the study is kept from now on, and where.
    clock
        Seconds.
    """

    workspace: Final = None
    """No process but this one writes to it."""

    def __init__(
        self,
        asked: Asked,
        *,
        scenarios: int,
        fresh: bool = False,
        told: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._asked, self._scenarios, self._fresh, self._told = asked, scenarios, fresh, told
        self._clock, self._began = clock, clock()
        self._made: dict[int, Done] = {}
        self._held = contextlib.ExitStack()
        self._folder: Path | None = None
        with contextlib.suppress(RuntimeError):  # nobody's home is known
            self._folder = users_caches() / _FOLDER / _key(asked)
        if self._folder is not None:
            _clear_away_old(self._folder.parent)
        there = self._folder is not None and self._folder.is_dir()
        self._journal = self._opened() if there else None
        self.done: Mapping[int, Done] = {} if self._journal is None else dict(self._journal.done)

    @property
    def where(self) -> str:
        """The place, for people."""
        return f"{'' if self._journal is None else self._journal.folder} for a week"

    def note(self, number: int, done: Done) -> None:
        """Keep one more replication, at once or when the study has taken long."""
        if self._folder is None or number in self.done:
            return
        self._made[number] = done
        if self._journal is None:
            if self._clock() - self._began < SECONDS_BEFORE:
                return
            self._journal = self._opened()
            if self._journal is not None and self._told is not None:
                self._told(
                    "This study takes more than a minute. What is done is kept in "
                    f"{self.where}, and the same command goes on from there; --output DIR keeps "
                    "it where you like."
                )
        try:
            while self._journal is not None and self._made:
                self._journal.put(*self._made.popitem())
        except OutputError as error:
            self._give_up(error)

    def close(self) -> int:
        """Let go of it; return how many replications are kept."""
        with self._held:
            return 0 if self._journal is None else self._journal.close()

    def remove(self) -> None:
        """Remove it: the study is whole."""
        with self._held:
            if self._journal is not None:
                self._journal.remove()

    def _opened(self) -> Journal | None:
        """Begin a journal or go on with one; None where that cannot be, or another run is at it."""
        assert self._folder is not None
        try:
            self._held.enter_context(held(self._folder))
            return Journal(
                self._folder,
                self._folder,
                self._asked,
                scenarios=self._scenarios,
                tables=False,
                fresh=self._fresh,
            )
        except OutputError as error:
            self._give_up(error)
        return None

    def _give_up(self, error: OutputError) -> None:
        """Keep no more: nobody asked for it, so nobody is stopped for it."""
        _LOG.warning("the study is not kept: %s", error)
        self._folder = None


def _key(asked: Asked) -> str:
    text = json.dumps(asked.as_data(), sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:20]


def _clear_away_old(parent: Path) -> None:
    """Remove what has been there for longer than a week; what can't be is left."""
    with contextlib.suppress(OSError):
        for other in list(parent.iterdir()):
            newest = max(
                (one.stat().st_mtime for one in (other, *other.glob("*"))),
                default=0.0,
            )
            if newest < time.time() - _KEPT_SECONDS:
                if other.is_dir():
                    shutil.rmtree(other, ignore_errors=True)
                else:
                    other.unlink()
