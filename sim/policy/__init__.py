"""The scenario's rules as plain numbers, ready for an engine.

Names become places in the scenario's order, minutes whole seconds, factors whole parts per
thousand, shares whole parts per million, each rounded half up. Tuples by grade name every grade.
"""

from sim.policy.compiling import compiled

__all__ = ["compiled"]
