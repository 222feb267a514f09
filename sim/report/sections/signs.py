"""What would tell a hold for ratification from a low place in the queue."""

from __future__ import annotations

from typing import Final

from sim.report.sections.figures import in_words, known
from sim.report.sections.headings import changed
from sim.report.sections.registry import declare
from sim.report.sections.section import Section
from sim.report.sections.tables import at, by_scenario, figures, present, ranges
from sim.results import Document

_READING: Final = (
    "One long wait cannot tell a hold from a low place in the queue: both look alike in a delay. "
    "In a force's own records a hold would show as idle units while a graded job waits, and as "
    "officers sent just after ratification; a low place alone would show as neither. Both signs "
    "have other causes too (another rule, a habit of one desk), so they are evidence and no proof."
)


@declare("signs", 160, "what would tell a hold from a low place in the queue")
def signs(document: Document) -> Section:
    """The two signs under each scenario, and how to read them."""
    context = document.context
    idle = at("idle_while_waiting", **context.subject)
    table = by_scenario(
        document,
        "Signs in the records",
        [
            figures(document, "A unit idle while the graded job waits", idle),
            figures(
                document,
                "Sent within 5 minutes of ratification",
                at("allocated_just_after_ratification", **context.subject),
            ),
        ],
    )
    row = idle(document.baseline)
    heading = "What would tell a hold from a low place in the queue"
    if known(row):
        heading = (
            f"{in_words(row)} wait a minute or more while a unit that might go stands idle"
            f"{changed(document, idle)}"
        )
    return Section("signs", heading, (_READING,), present(table), note=ranges(document))
