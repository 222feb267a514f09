"""What surrounds the results of scenarios: the headline, rules, titles and costs of their files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from sim.results.context import (
    Assumed,
    Context,
    FileChange,
    Rule,
    Shared,
    Staffing,
    Sweep,
    Target,
    Titles,
    Unknowns,
)
from sim.tables import HOUR, MINUTE

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded

_STEPS: Final = {
    "thrive": "the THRIVE",
    "assessment": "the risk assessment",
    "research": "research",
    "ratification": "the work of ratification",
}
_BEFORE: Final[Mapping[str, Sequence[str]]] = {
    "grading": ("thrive",),
    "assessment": ("thrive", "assessment"),
    "research": ("thrive", "assessment", "research"),
    "ratification": ("thrive", "assessment", "ratification"),
}
"""Steps that come before deployment, by what it waits for."""


def context_of(
    loaded: Sequence[Loaded],
    warnings: Sequence[str] = (),
    sweeps: Sequence[Sweep] = (),
    unplannable: Sequence[str] = (),
    unknowns: Unknowns | str | None = None,
    shared: Shared | None = None,
) -> Context:
    """What surrounds the results of these scenarios, the baseline first.

    Parameters
    ----------
    loaded
        The scenarios.
    warnings
        What was said before the run, as sentences.
    sweeps
        The same answer over the share held.
    unplannable
        Why the figures cannot be planned on, as sentences.
    unknowns
        The range of what is not known, or why there is none; None: nobody asked.
    shared
        Why the baseline misses; None: nobody asked.
    """
    from sim.scenario.resolve import difference
    from sim.study import definition_of

    # What the answer is about is the study's to say.
    definition = definition_of(loaded[0].scenario, 0, HOUR)
    target = definition.target_of(definition.headline_grade)
    areas = list(loaded[0].scenario.areas)
    promised = {grade: definition.target_of(grade) for grade in sorted(loaded[0].scenario.grades)}
    changes = {
        other.name: tuple(
            FileChange(path=one.path, baseline=baseline, other=changed)
            for one in difference(loaded[0], other)
            for baseline, changed in [one.written]
        )
        for other in loaded[1:]
    }
    rules = {one.name: _rule(one) for one in loaded}
    return Context(
        stream=definition.headline_stream,
        grade=definition.headline_grade,
        target_minutes=None if target is None else _minutes(target.seconds, areas),
        starts="received" if target is None else target.starts,
        targets_by_grade={
            grade: Target(minutes=_minutes(one.seconds, areas), starts=one.starts)
            for grade, one in promised.items()
            if one is not None
        },
        staffing=tuple(_staffing(one, loaded[0]) for one in loaded),
        illustrative=any(one.scenario.illustrative for one in loaded),
        forces=tuple(
            dict.fromkeys(
                one.scenario.force
                for one in loaded
                if one.scenario.illustrative and one.scenario.force is not None
            )
        ),
        changes=changes,
        sweeps=tuple(sweeps),
        warnings=tuple(warnings),
        unplannable=tuple(unplannable),
        rules=rules,
        titles=_titles(loaded),
        beside={
            name: reason
            for name, stream in loaded[0].scenario.streams.items()
            if (reason := getattr(stream, "beside_headline", None))
            and name != definition.headline_stream
        },
        unknowns=unknowns if isinstance(unknowns, Unknowns) else None,
        unknowns_missing=unknowns if isinstance(unknowns, str) else None,
        shared=shared,
        assumed=_assumed(loaded[0], definition.headline_stream, rules.values()),
    )


def _minutes(seconds: Sequence[int], areas: Sequence[str]) -> dict[str, float]:
    return {area: one / MINUTE for area, one in zip(areas, seconds, strict=True)}


def _staffing(loaded: Loaded, baseline: Loaded) -> Staffing:
    """Priced with the baseline's leave and sickness: who is away more often saves nothing."""
    from sim.rota import paid_hours, posts, pounds_a_week

    before = baseline.scenario
    return Staffing(
        scenario=loaded.name,
        posts=sum(posts(loaded.scenario, as_in=before).values()),
        paid_hours=sum(paid_hours(loaded.scenario, as_in=before).values()),
        pounds=sum(pounds_a_week(loaded.scenario, as_in=before).values()),
        overtime_factor=loaded.scenario.costs.overtime_factor,
    )


def overtime_prices(loaded: Loaded) -> dict[str, float] | None:
    """Pounds for an hour of overtime, by pool; None where the scenario sets no factor."""
    factor = loaded.scenario.costs.overtime_factor
    if factor is None:
        return None
    return {name: factor * pool.pounds_per_hour for name, pool in loaded.scenario.pools.items()}


def _rule(loaded: Loaded) -> Rule:
    gate, queue = loaded.scenario.policy.gate, loaded.scenario.policy.queue
    return Rule(
        deploy_on=gate.deploy_on,
        share_held=gate.share_held if gate.deploy_on != "grading" else 0.0,
        hold_high_risk=gate.hold_high_risk,
        streams=tuple(gate.streams),
        place=queue.missing_child_place,
        with_next_grade=queue.share_with_next_grade,
    )


def _titles(loaded: Sequence[Loaded]) -> Titles:
    # Of pools and areas that scenarios call otherwise, the baseline's title stands.
    pools: dict[str, str] = {}
    areas: dict[str, str] = {}
    for one in reversed(loaded):
        pools |= {name: pool.title for name, pool in one.scenario.pools.items() if pool.title}
        areas |= {name: area.title for name, area in one.scenario.areas.items()}
    scenarios = {one.name: one.scenario.title for one in loaded}
    return Titles(scenarios=scenarios, pools=pools, areas=areas)


def _assumed(loaded: Loaded, stream: str, rules: Iterable[Rule]) -> tuple[Assumed, ...]:
    """Steps before deployment under any of the rules whose length has no source."""
    steps = [
        step
        for step in _STEPS
        if any(step in _BEFORE[rule.deploy_on] for rule in rules if rule.deploy_on in _BEFORE)
    ]
    found = []
    for step in steps:
        source = loaded.scenario.sources.get(f"streams.{stream}.{step}")
        duration = getattr(loaded.scenario.streams[stream], step, None)
        length = next(
            (
                float(value)
                for key in ("median_minutes", "mean_minutes", "minutes")
                if isinstance(value := getattr(duration, key, None), (int, float))
            ),
            None,
        )
        if source is None or source.assumption is None or length is None:
            continue
        if source.low is None or source.high is None:
            continue
        found.append(Assumed(what=_STEPS[step], minutes=length, low=source.low, high=source.high))
    return tuple(found)
