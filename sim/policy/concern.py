"""Section 14 of docs/model.md: who goes again for a welfare concern, and when."""

from __future__ import annotations

from sim.policy.episode import by_area
from sim.scenario.models import Scenario
from sim.tables import MINUTE, ConcernRules

__all__ = ["concern_rules"]


def concern_rules(scenario: Scenario) -> ConcernRules | None:
    """Return the rules of re-visits, or None where no welfare concern is followed.

    Parameters
    ----------
    scenario : Scenario
        What the planner wrote, checked.
    """
    concern = scenario.concern
    if concern is None:
        return None
    return ConcernRules(
        attends=by_area(scenario, concern.attend),
        grade=concern.grade,
        visit_from=concern.visits_from * MINUTE,
        visit_until=concern.visits_until * MINUTE,
    )
