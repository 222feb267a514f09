"""What every form draws: sections, each built once from a document.

============  =============================================================================
`section`     the types: a section, its tables, lines and cells
`registry`    every section by its name, in the order of reading
`figures`     figures in words and cells
`tables`      tables with a column for each scenario
all others    one subject each, which the registry finds by itself
============  =============================================================================

To add a section everywhere: one file here, whose builder is decorated with `declare`.
"""

from sim.report.sections.registry import Entry, declare, entries, entry, sections
from sim.report.sections.section import NOTHING, Cell, Line, Section, Table

__all__ = [
    "NOTHING",
    "Cell",
    "Entry",
    "Line",
    "Section",
    "Table",
    "declare",
    "entries",
    "entry",
    "sections",
]
