"""A line of enquiry as drawn: columns of the enquiries table, by their own names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.engines.compiled.fields.columns import named
from sim.engines.compiled.jit import records
from sim.tables import ENQUIRIES

FATES: Final = named(globals(), ENQUIRIES, ENQUIRIES.of_sent, 0)
SIZE: Final = FATES.end
at: Final = records(globals())

if TYPE_CHECKING:

    def __getattr__(name: str) -> int:
        """Place of a column."""
