"""The STRESS-DES sheet of a scenario: what a reader needs to judge the model, and to run it again.

==============  ===========================================================================
`objectives`    1: purpose, outputs, aims
`logic`         2.1 to 2.4: diagram, rules in force, differences of scenarios, algorithms
`episode`       what is in force of the rules of missing episodes
`rules`         subjects and numbers of the written rules
`components`    2.5: entities, activities, resources, queues
`data`          3: sources, parameters, assumptions
`conduct`       4 to 6: experiments, software, access
`markdown`      tables, bullets, and what is left to the analyst
==============  ===========================================================================

Filled in from the resolved scenario and the settings as far as these go; what only a person can
write is marked "To be written by the analyst".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.provenance import portable_path
from sim.report.stress.components import components
from sim.report.stress.conduct import Made, access, experimentation, implementation
from sim.report.stress.data import data_used
from sim.report.stress.logic import logic
from sim.report.stress.markdown import ANALYST, joined, plain
from sim.report.stress.objectives import objectives
from sim.results import CHILDREN, illustration
from sim.scenario.loading import load
from sim.scenario.toml import read_toml

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded
    from sim.study import Settings

__all__ = ["ANALYST", "Made", "base_of", "stress_des"]


def base_of(loaded: Loaded) -> Loaded | None:
    """Load the scenario that a scenario's file extends; None where it extends nothing."""
    extends = read_toml(loaded.path, str(loaded.path)).get("extends")
    return load(loaded.path.parent / extends) if isinstance(extends, str) else None


def stress_des(
    subject: Loaded,
    settings: Settings,
    *,
    base: Loaded | None = None,
    others: Sequence[Loaded] = (),
    made: Made | None = None,
) -> str:
    """The sheet as Markdown, in the sections 1.1 to 6.1 of STRESS-DES.

    Parameters
    ----------
    subject
        The scenario that it is about.
    settings
        How it is, or was, simulated.
    base
        The scenario that its file extends.
    others
        Scenarios that are compared with it.
    made
        How the study went; None: it has not been run.

    Returns
    -------
    str
        The sheet depends on the scenario, the settings, `made` and this machine's software only.
    """
    scenario = subject.scenario
    return joined(
        f"# STRESS-DES: {plain(scenario.title)}",
        f"*{CHILDREN}*" + (f" *{illustration([scenario.force])}*" if scenario.illustrative else ""),
        f"Of the scenario `{portable_path(subject.path)}` (SHA-256 of all its values: "
        f"`{subject.sha256}`). The form is STRESS-DES: Monks and others, Strengthening the "
        "reporting of empirical simulation studies, Journal of Simulation 13(1), 2019. Sentences "
        f'that begin with "{ANALYST}" mark what no program can know.',
        *objectives(subject, others),
        *logic(subject, base, others),
        *components(scenario),
        *data_used(subject),
        *experimentation(scenario, settings, made),
        *implementation(settings, made),
        *access(subject, settings, others),
    )
