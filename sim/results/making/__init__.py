"""From tallies to rows, and from a study to its document.

================  =========================================================================
`stacked`         whole numbers of many replications in as little room as they need
`report_tallies`  tallies of reports side by side, ready to be cut
`case_tallies`    the same of cases followed beyond arrival
`grouped_times`   times of many replications by group, in order once
`cuts`            which cuts are told
`estimates`       estimators of quantiles and tail means
`rows`            a scenario's rows, and the paired differences of two
`people_rows`     of pools and queues
`case_rows`       of cases
`placed_rows`     of children in care, by who placed them
`concern_rows`    of welfare concerns
`context`         the headline, rules, titles and costs of the files
`unknowns`        the range of what is not known, and paths in words
`background`      their own words, the rota, sources
`document`        all of it
================  =========================================================================
"""

from sim.results.making.background import background_of
from sim.results.making.context import context_of
from sim.results.making.document import Rows, document_of, rows_of
from sim.results.making.rows import difference_rows, scenario_rows
from sim.results.making.unknowns import unknowns_of

__all__ = [
    "Rows",
    "background_of",
    "context_of",
    "difference_rows",
    "document_of",
    "rows_of",
    "scenario_rows",
    "unknowns_of",
]
