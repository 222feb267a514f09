"""A unit, or a desk worker, on one shift: a row of the rota, its columns by their own names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.engines.compiled.fields.columns import named
from sim.engines.compiled.jit import records
from sim.tables import ROTA

_COLUMNS: Final = named(globals(), ROTA, ROTA.of_sent, 0)
(
    STATE,
    SINCE,
    NEXT,
    ALLOCATION,
    ARRIVES_AT,
    TASK,
    OFF_DUTY,
    HAD_BREAK,
    WRITING_LEFT,
    WRITING_FOR,
    CUSTODY_JOB,
    CUSTODY_PPN,
    FIRST_PPN,
    LAST_PPN,
    SIZE,
) = range(_COLUMNS.end, _COLUMNS.end + 15)
at: Final = records(globals())

# States (rule 5.2).
IDLE, ON_BREAK, WRITING, WITH_A_JOB, CUSTODY, OFF = range(6)

if TYPE_CHECKING:

    def __getattr__(name: str) -> int:
        """Place of a column."""
