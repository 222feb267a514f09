"""Typed results: the catalogue of measures, rows, and the document of a run or a comparison.

=============  ============================================================================
`catalogue`    one record for each measure: name, unit, labels, meaning, keys, what it sums
`row`          one figure with what it is about
`context`      what rows do not say: the headline, rules, titles, costs, warnings
`background`   what stands behind them: rota, sources, long waits
`document`     all of it, with look-ups: ``part.row("delay_mean", stream=…, grade=…)``
`table`        its rows as one table
`making`       from tallies to rows, from a study to its document
`schema`       the JSON Schema of the document
`model`        what all of these are
=============  ============================================================================
"""

from sim.results.background import (
    Background,
    OnDuty,
    ScenarioFile,
    Sourced,
    Timeline,
    TimelineShift,
    TimelineSpan,
)
from sim.results.catalogue import (
    CATALOGUE,
    Clock,
    Measure,
    Unit,
    headline_measures,
    measure_of,
    measures_about,
)
from sim.results.context import (
    CHILDREN,
    Assumed,
    Context,
    FileChange,
    Mover,
    NotVaried,
    Rule,
    Shared,
    SharedCause,
    Staffing,
    Sweep,
    SweepPoint,
    Target,
    Titles,
    UnknownRange,
    Unknowns,
    illustration,
    kind_of_work,
)
from sim.results.document import (
    FORMAT,
    CurvePoint,
    DifferenceRows,
    Document,
    Part,
    Run,
    ScenarioRows,
)
from sim.results.row import KEYS, Estimate, Keys, Row, number_of

__all__ = [
    "CATALOGUE",
    "CHILDREN",
    "FORMAT",
    "KEYS",
    "Assumed",
    "Background",
    "Clock",
    "Context",
    "CurvePoint",
    "DifferenceRows",
    "Document",
    "Estimate",
    "FileChange",
    "Keys",
    "Measure",
    "Mover",
    "NotVaried",
    "OnDuty",
    "Part",
    "Row",
    "Rule",
    "Run",
    "ScenarioFile",
    "ScenarioRows",
    "Shared",
    "SharedCause",
    "Sourced",
    "Staffing",
    "Sweep",
    "SweepPoint",
    "Target",
    "Timeline",
    "TimelineShift",
    "TimelineSpan",
    "Titles",
    "Unit",
    "UnknownRange",
    "Unknowns",
    "headline_measures",
    "illustration",
    "kind_of_work",
    "measure_of",
    "measures_about",
    "number_of",
]
