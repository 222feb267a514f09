"""The reference engine, in SimPy: a file for each kind of actor, each rule cited by number."""

from sim.engines.reference.engine import run

__all__ = ["run"]
