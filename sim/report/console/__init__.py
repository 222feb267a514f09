"""What a planner reads in a terminal: the answer first, and sections where they are asked for.

============  =============================================================================
`shown`       what is shown: the first screen, named sections, or all of them
`screen`      the first screen
`answers`     the answer to a planner's question
`sections`    a section: heading, sentences, picture, tables, note
`pictures`    charts in characters
`lines`       lines and tables in a width and an alphabet
============  =============================================================================

Nothing is said or computed here: a form places what answer and sections hold. All pictures carry
their meaning in letters and shapes, so colour may be missing, and each glyph has an ASCII stand-in.
"""

from sim.report.console.answers import answer_shown
from sim.report.console.shown import Wanted, shown

__all__ = ["Wanted", "answer_shown", "shown"]
