"""A visit of a welfare concern as drawn: columns of the concerns table, by their own names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.engines.compiled.fields.columns import named
from sim.engines.compiled.jit import records
from sim.tables import CONCERNS

FATES: Final = named(globals(), CONCERNS, CONCERNS.of_sent, 0)
SIZE: Final = FATES.end
at: Final = records(globals())

if TYPE_CHECKING:

    def __getattr__(name: str) -> int:
        """Place of a column."""
