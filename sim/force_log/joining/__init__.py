"""Missing-person records (of COMPACT, Niche or the like) joined to a log on its number.

=============  ============================================================================
`mapping`      the mapping file: which column holds what, and what its labels mean
`records`      the export as clean records, one for each number
`numbers`      one incident's number as two systems write it
`join`         records beside the log's rows, with how many matched
=============  ============================================================================
"""

from sim.force_log.joining.mapping import CaseMapping, load_case_mapping
from sim.force_log.joining.records import Cases, read_cases

__all__ = ["CaseMapping", "Cases", "load_case_mapping", "read_cases"]
