"""The STRESS-DES sheet of a scenario: what a reader needs to judge the model, and to run it again.

==============  ===========================================================================
`sheet.md.j2`   the sheet as it reads, a template over facts
`facts`         what is filled in
`components`    entities, activities and resources
`parameters`    every value with its file and source
`rules`         subjects and numbers of the written rules
`markdown`      names, shares, cells and paragraphs
==============  ===========================================================================

Filled in from the resolved scenario and the settings as far as these go; what only a person can
write is marked "To be written by the analyst".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sim.report.stress.facts import RISKS, Facts, Made
from sim.report.stress.markdown import template, unwrapped
from sim.results import CHILDREN
from sim.scenario.loading import load
from sim.scenario.toml import read_toml

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded
    from sim.study import Settings

__all__ = ["ANALYST", "Made", "base_of", "stress_des"]

ANALYST: Final = "To be written by the analyst"
"""Marks what only a person can write."""


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
    facts = Facts(subject, settings, base, others, made)
    named = {name: getattr(facts, name) for name in dir(facts) if not name.startswith("_")}
    return unwrapped(template().render(named, ANALYST=ANALYST, CHILDREN=CHILDREN, RISKS=RISKS))
