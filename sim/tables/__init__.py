"""The tables that pass between the parts, their codes, and the policy that an engine reads."""

from sim.tables.codes import (
    DAY,
    HOUR,
    MINUTE,
    NEVER,
    NONE,
    PARTS,
    PER_MILLE,
    WAITS,
    Activity,
    End,
    Gate,
    Origin,
    Risk,
    ShiftEnd,
    Why,
)
from sim.tables.rules import Policy, Pool
from sim.tables.schemas import ACTIVITIES, ATTEMPTS, INCIDENTS, OUTCOMES, ROTA
from sim.tables.table import Column, Schema, Table, empty, from_rows, joined

__all__ = [
    "ACTIVITIES",
    "ATTEMPTS",
    "DAY",
    "HOUR",
    "INCIDENTS",
    "MINUTE",
    "NEVER",
    "NONE",
    "OUTCOMES",
    "PARTS",
    "PER_MILLE",
    "ROTA",
    "WAITS",
    "Activity",
    "Column",
    "End",
    "Gate",
    "Origin",
    "Policy",
    "Pool",
    "Risk",
    "Schema",
    "ShiftEnd",
    "Table",
    "Why",
    "empty",
    "from_rows",
    "joined",
]
