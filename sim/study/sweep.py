"""The headline over the share of incidents held for ratification."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sim.errors import Interrupted
from sim.scenario.demand import MissingChild
from sim.scenario.loading import Loaded
from sim.scenario.models import Scenario
from sim.statistics import Interval
from sim.study.running import collect, headline_share
from sim.study.settings import Report, Settings
from sim.study.worlds import Plan

SHARES: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Shares held that are shown unless told, and the scenario's own beside them."""


def sweep_share_held(
    loaded: Loaded,
    settings: Settings,
    shares: Sequence[float] | None = None,
    *,
    replications: int | None = None,
    progress: Report | None = None,
) -> list[tuple[float, Interval]]:
    """Simulate one scenario with each share held for ratification, all with the same luck.

    Nothing else changes: the set held at a lower share lies inside the set held at a higher one.
    A scenario whose gate applies to no stream holds its missing children.

    Parameters
    ----------
    loaded
        The scenario.
    settings
        As for `run`; its precision is left aside.
    shares
        Shares held, from 0 to 1; None: `SHARES`, and the scenario's own.
    replications
        In place of the settings' number.
    progress
        Told after each replication of all shares.

    Returns
    -------
    list of (share, Interval)
        In the order of `shares`: reports of the headline reached in time, from call received.

    Raises
    ------
    Interrupted
        If it was stopped: fewer replications than its title says would mislead.
    ClusterError
        If the cluster cannot be used, or was lost.
    """
    if shares is None:
        gate = loaded.scenario.policy.gate
        own = {gate.share_held} if gate.deploy_on == "ratification" else set()
        shares = sorted({*SHARES, *own})
    if not shares:
        return []
    settings = replace(settings, replications=replications or settings.replications, precision=None)
    scenarios = tuple(held(loaded.scenario, share) for share in shares)
    names = tuple(f"{loaded.name}, {share:g} held" for share in shares)
    collected = collect(Plan(names, scenarios, settings), progress)
    if collected.lost is not None:
        raise collected.lost
    if collected.interrupted:
        raise Interrupted(len(collected.tallies), settings.replications)
    return [
        (share, headline_share(own, settings.level))
        for share, own in zip(shares, collected.by_scenario(), strict=True)
    ]


def held(scenario: Scenario, share: float) -> Scenario:
    """Return the scenario with this share of its gated incidents held for ratification."""
    gate = scenario.policy.gate
    children = [name for name, one in scenario.streams.items() if isinstance(one, MissingChild)]
    changed = gate.model_copy(
        update={
            "deploy_on": "ratification",
            "share_held": share,
            "streams": gate.streams or children,
        }
    )
    policy = scenario.policy.model_copy(update={"gate": changed})
    return scenario.model_copy(update={"policy": policy})
