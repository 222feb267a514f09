"""A force's duties, as its rota system exports them: who was rostered, and who was away.

=============  ============================================================================
`mapping`      the mapping file: which column holds what, and what its labels mean
`reading`      the export, as duties with their pool, hours and what they were
`patterns`     duties as the shifts of each pool, and the share that was away
`writing`      those shifts as the rota files that a scenario and `fit` read
=============  ============================================================================
"""

from sim.force_log.duties.mapping import DutyMapping, load_duty_mapping
from sim.force_log.duties.patterns import Pattern, PoolRota, Rotas, rotas_of
from sim.force_log.duties.reading import Duties, read_duties

__all__ = [
    "Duties",
    "DutyMapping",
    "Pattern",
    "PoolRota",
    "Rotas",
    "load_duty_mapping",
    "read_duties",
    "rotas_of",
]
