"""Section 1 of the sheet: what the model is for, and what it puts out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.report.stress.markdown import bullets, by_analyst, listed, plain, table
from sim.results import CATALOGUE, headline_measures
from sim.scenario.toml import toml_value

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded


def objectives(subject: Loaded, others: Sequence[Loaded]) -> Iterator[str]:
    """Purpose, outputs and aims of the experiments."""
    scenario = subject.scenario
    yield "## 1. Objectives"
    yield "### 1.1 Purpose of the model"
    yield by_analyst(
        "the decision that this study informs, for whom, and what it shall not be used for."
    )
    yield (
        "The simulator asks how long simulated missing children wait for a police officer under "
        "given staffing and rules, how often a target is missed, and why. It scores, ranks and "
        "predicts no child."
    )
    if scenario.about:
        yield f"The scenario says of itself: {plain(scenario.about)}"
    yield "### 1.2 Model outputs"
    yield "Targets:"
    yield table(
        ("target", "grade", "minutes", "clock starts", "clock stops"),
        [
            (name, target.grade, toml_value(target.minutes), target.starts, target.stops)
            for name, target in scenario.targets.items()
        ],
    )
    yield "Measures, each with a confidence interval where it is one that can have any:"
    told = [
        (f"`{name}`", measure.meaning)
        for name, measure in CATALOGUE.items()
        if scenario.episode is not None or measure.about != "cases"
    ]
    yield table(("measure", "meaning"), told)
    yield (
        "Every incident reported in the measured days is counted, whatever became of it, by the "
        "grade first drawn (in a comparison, the baseline's). How limits are computed: section 4.3."
    )
    yield "### 1.3 Experimentation aims"
    if others:
        yield bullets(f"`{one.name}`: {plain(one.scenario.title)}" for one in (subject, *others))
        declared = listed([measure.name for measure in headline_measures()])
        yield (
            f"Each is compared with `{subject.name}` in pairs, with the same luck. Declared "
            f"beforehand as headline measures: {declared}."
        )
    else:
        yield "One scenario is described here; `compare` holds others against it."
    yield (
        "The share of incidents held for ratification is not known of any force, so the headline "
        "is also shown over the whole range from 0 to 1. Nothing is optimised."
    )
    yield by_analyst("why these scenarios, who chose them, and which were left out.")
