"""The planner's questions as every form draws them: a sheet each, built once from the document.

============  =============================================================================
`sheet`       the type: what stands on the first screen, and what below it
`registry`    the builder of each kind of answer
`phrases`     parts of sentences that several answers use
all others    one question each, which the registry finds by itself
============  =============================================================================
"""

from sim.report.sections.answers.registry import declare, sheet_of
from sim.report.sections.answers.sheet import Note, Sheet

__all__ = ["Note", "Sheet", "declare", "sheet_of"]
