"""An incident: what is drawn of it, and what has become of it; lines, visits and re-visits, too.

One that a desk deals with alone (a call that ends without deployment, other work of a desk) is kept
up to `REPORT_SIZE` only. What has become of an incident stands together, and what is drawn of it,
so that each is brought from the memory and back at once; the rest begins when it is reported
(`reports`). Columns of the incidents and outcomes tables are fields by their own names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.engines.compiled.fields.columns import named
from sim.engines.compiled.jit import records
from sim.tables import INCIDENTS, OUTCOMES

FATES_OF_ALL: Final = named(globals(), INCIDENTS, INCIDENTS.of_all, 0)
(KIND, CASE, _OUTCOMES) = range(FATES_OF_ALL.end, FATES_OF_ALL.end + 3)
OUTCOMES_OF_ALL: Final = named(globals(), OUTCOMES, OUTCOMES.of_all, _OUTCOMES)
REPORT_SIZE: Final = OUTCOMES_OF_ALL.end

OUTCOMES_OF_SENT: Final = named(globals(), OUTCOMES, OUTCOMES.of_sent, REPORT_SIZE)
(
    # Its place in the queue of its area (rule 6.1), with MISSING_PLACE: class, order, and
    # neighbours in the tree. All are 0 at first.
    WAITING_CLASS,
    RANK,
    LEFT,
    RIGHT,
    QUEUED,
    BORROWS,
    STEPPED_UP,
    LOWERED,
    RETURNED,
    ALLOCATION,
    WAITING_SINCE,
    CALL,
    RAISED,
    RATIFICATION_ASKED,
    REVIEW_ROUND,
    RETHRIVES,
    # Of its gate (rules 4.1 to 4.6): whether it is shut, and the telephone enquiry waited for.
    GATE_SHUT,
    TELEPHONE,
    # While it waits to be let go (rule 4.7): that it does, since when, what its looks have come
    # to, and who waits besides.
    UNDECIDED,
    OPENED_AT,
    RATE_SUM,
    NEXT_UNDECIDED,
    # Of a line of enquiry.
    LINE,
    FINDS,
    AGAIN,
    # NEVER at first.
    WORK_LEFT,
    # Settled with its fates.
    MISSING_PLACE,
    CONCERN,
    _FATES,
) = range(OUTCOMES_OF_SENT.end, OUTCOMES_OF_SENT.end + 29)

FATES_OF_SENT: Final = named(globals(), INCIDENTS, INCIDENTS.of_sent, _FATES)
SIZE: Final = FATES_OF_SENT.end
at: Final = records(globals())

# Kinds.
DESK_WORK, CALL_ALONE, INCIDENT, LINE_OF_ENQUIRY, VISIT, REVISIT, RELIEF = range(7)

if TYPE_CHECKING:

    def __getattr__(name: str) -> int:
        """Place of a column."""
