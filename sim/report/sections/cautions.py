"""What forbids or limits planning on the figures."""

from __future__ import annotations

from typing import Final

from sim.report.sections.registry import declare
from sim.report.sections.section import Section
from sim.results import Document

GROWS: Final = (
    "Where a queue grows over all the days that are measured, a delay says which and how many "
    "they were, not what the staffing does."
)


@declare("warnings", 10, "what forbids or limits planning on the figures")
def warnings(document: Document) -> Section | None:
    """Queues that grow without end, and what was said before the run."""
    context = document.context
    if not context.unplannable and not context.warnings:
        return None
    heading = "These figures cannot be planned on"
    if not context.unplannable:
        number = len(context.warnings)
        heading = "Know this before the figures are used"
        heading = (
            heading if number == 1 else f"Know these {number} things before the figures are used"
        )
    grows = (GROWS,) if context.unplannable else ()
    return Section("warnings", heading, (*context.unplannable, *grows, *context.warnings))
