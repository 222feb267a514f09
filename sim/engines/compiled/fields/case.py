"""A missing episode that is followed beyond the first attendance, and one of its lines.

Columns of the episodes and cases tables are fields by their own names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.engines.compiled.fields.columns import named
from sim.engines.compiled.jit import records
from sim.tables import CASES, EPISODES

FATES: Final = named(globals(), EPISODES, EPISODES.of_sent, 0)
# What has become of it.
OUTCOMES: Final = named(globals(), CASES, CASES.of_sent, FATES.end)
(
    # NONE at first.
    LAST_LINE,
    LOST_LINE,
    AGAIN,
    # NEVER at first.
    OWNED_SINCE,
    # 0 at first, but for the first four, which are known beforehand.
    JOB,
    CHILD,
    # Lines of enquiry: where the first begins, how many.
    LINES_OF_ENQUIRY,
    LINE_COUNT,
    UNDER_ENQUIRY,
    SAFE,
    LISTED,
    ESCALATED,
    NEXT_LINE,
    TO_READ_IN,
    GAP,
    GAP_PASSES,
    # Of a gap that passes: thousandths of seconds left of it, and since when.
    GAP_LEFT,
    GAP_SINCE,
    UNNOTICED,
    # Of one that nobody knows of: since when.
    UNNOTICED_SINCE,
    LINE,
    DESK_LINE,
    # The visit, or relief of those with the child (rules 12.3, 12.4d); whom that relieves.
    VISIT,
    RELIEVED,
    PROTECTED_UNTIL,
    ALLOCATIONS,
    REVIEW_ROUND,
    REVIEWS_ASKED,
    TASKINGS_ASKED,
    NEXT_PPN,
    SIZE,
) = range(OUTCOMES.end, OUTCOMES.end + 31)
at: Final = records(globals())

if TYPE_CHECKING:

    def __getattr__(name: str) -> int:
        """Place of a column."""
