"""What a study's rows do not say: what they are about, the rules compared, titles and costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sim.statistics import Interval
from sim.tables import HOUR, MINUTE

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded

CHILDREN: Final = (
    "Simulated children; not a prediction about any child; not for deciding a live call."
)
_NUMBERS: Final = ("nought", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
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


@dataclass(frozen=True)
class FileChange:
    """One value in which a scenario's file differs from the baseline's."""

    path: str
    baseline: str
    other: str


@dataclass(frozen=True)
class Sweep:
    """The headline share across the share of incidents held for the gate.

    Attributes
    ----------
    title
        Whose it is and what it rests on, such as "Dorset; 6 replications".
    points
        Share held (0 to 1) and the share of reports reached in time, from call received.
    own
        The share held of the scenario itself, or None.
    """

    title: str
    points: tuple[tuple[float, Interval], ...]
    own: float | None = None


@dataclass(frozen=True)
class Staffing:
    """What a scenario's rota comes to: full-time posts, and paid hours and pounds a week.

    Attributes
    ----------
    scenario
        Name.
    posts
        Hours worked over the hours that a post works after leave, sickness and training.
    paid_hours, pounds
        A week, without overtime.
    overtime_factor
        Cost of an overtime hour as a multiple of a paid one; None: not in the cost.
    """

    scenario: str
    posts: float
    paid_hours: float
    pounds: float
    overtime_factor: float | None = None


@dataclass(frozen=True)
class Rule:
    """What deployment waits for in a scenario, and where missing children stand in the queue."""

    deploy_on: str
    share_held: float
    streams: Sequence[str] = ()
    place: str = "level"
    with_next_grade: float = 0.0

    @property
    def ranks_low(self) -> bool:
        """Whether missing children stand behind other work of their grade."""
        return self.place == "last" or self.with_next_grade > 0


@dataclass(frozen=True)
class Assumed:
    """A length of a step before deployment that is an assumption, in minutes.

    Attributes
    ----------
    what
        The step in words.
    minutes
        Its median, or its mean where the file gives that.
    low, high
        Its range, as factors on it.
    """

    what: str
    minutes: float
    low: float
    high: float


@dataclass(frozen=True)
class Titles:
    """What tables call scenarios, pools and areas, by their names in the files."""

    scenarios: Mapping[str, str] = field(default_factory=dict)
    pools: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Context:
    """What the rows do not say: the headline, and what surrounds it.

    Attributes
    ----------
    stream, grade
        Whose delays the answer is about.
    target_minutes
        The headline's target, or by area where areas differ; None: no target.
    starts
        The target's own start clock: ``received``, ``answered`` or ``graded``.
    illustrative
        False only where the scenario says that it is a force's own.
    forces
        Whose figures the illustrative scenarios take after.
    changes
        By scenario: how its file differs from the baseline's.
    staffing
        Posts, paid hours and pounds of each scenario, the baseline first.
    sweeps
        The same answer over the share held.
    warnings
        What was said before the run, as sentences.
    unplannable
        Why the figures cannot be planned on, as sentences: queues that grow without end.
    rules
        By scenario: its gate and its rank of missing children.
    titles
        What tables call things.
    beside
        Streams that are shown beside the headline, each with the reason in a sentence.
    assumed
        Lengths before deployment that are assumptions.
    """

    stream: str = "missing_child"
    grade: int = 2
    target_minutes: float | Mapping[str, float] | None = 20.0
    starts: str = "received"
    illustrative: bool = True
    forces: Sequence[str] = ()
    changes: Mapping[str, Sequence[FileChange]] | None = None
    staffing: Sequence[Staffing] = ()
    sweeps: Sequence[Sweep] = ()
    warnings: Sequence[str] = ()
    unplannable: Sequence[str] = ()
    rules: Mapping[str, Rule] = field(default_factory=dict)
    titles: Titles = Titles()
    beside: Mapping[str, str] = field(default_factory=dict)
    assumed: Sequence[Assumed] = ()

    @property
    def target(self) -> str:
        """The target in words, such as "20 minutes"."""
        if self.target_minutes is None:
            return "the target"
        if isinstance(self.target_minutes, Mapping):
            low, high = min(self.target_minutes.values()), max(self.target_minutes.values())
            return f"{low:g} to {high:g} minutes (by area)" if low < high else f"{low:g} minutes"
        return f"{self.target_minutes:g} minutes"

    @property
    def reports(self) -> str:
        """Whose delays the answer is about, in words."""
        return self.reports_of(self.stream)

    @property
    def statement(self) -> str | None:
        """What illustrative scenarios are no evidence of; None of a force's own."""
        return illustration(self.forces) if self.illustrative else None

    def reports_of(self, stream: str) -> str:
        """Reports of a stream and the headline's grade, in words."""
        return f"grade-{_NUMBERS[self.grade]} {kind_of_work(stream)} reports"

    def scenario(self, name: str) -> str:
        """A scenario's title; its name where it has none, or shares it with another."""
        title = self.titles.scenarios.get(name, name)
        shared = Counter(self.titles.scenarios.values())[title] > 1
        return f"{title} ({name})" if shared else title

    def spoken(self, name: str) -> str:
        """A scenario's title as a sentence says it; its name where it has none.

        That it is illustrative stands beside every sentence, so the title need not say it again.
        """
        title = self.titles.scenarios.get(name, name)
        if title == name:
            return name
        plain = title.removesuffix(" (illustrative)").replace('"', "'")
        quoted = f'"{plain}"' if " " in plain else plain
        shared = Counter(self.titles.scenarios.values())[title] > 1
        return f"{quoted} ({name})" if shared else quoted

    def pool(self, name: str) -> str:
        """A pool's title, or its name as people say it."""
        return self.titles.pools.get(name, name.replace("_", " "))

    def differs_only_in(self, name: str, part: str) -> bool:
        """Whether a scenario's file differs from the baseline's below one path, and only there."""
        changes = (self.changes or {}).get(name, ())
        return bool(changes) and all(change.path.startswith(part) for change in changes)

    @classmethod
    def of(
        cls,
        loaded: Sequence[Loaded],
        warnings: Sequence[str] = (),
        sweeps: Sequence[Sweep] = (),
        unplannable: Sequence[str] = (),
    ) -> Context:
        """What surrounds the results of these scenarios, the baseline first."""
        from sim.scenario.resolve import difference
        from sim.study import definition_of

        # What the answer is about is the study's to say.
        definition = definition_of(loaded[0].scenario, 0, HOUR)
        target = definition.target_of(definition.headline_grade)
        areas = list(loaded[0].scenario.areas)
        changes = {
            other.name: [
                FileChange(one.path, one.before or "(absent)", one.after or "(absent)")
                for one in difference(loaded[0], other)
            ]
            for other in loaded[1:]
        }
        rules = {one.name: _rule(one) for one in loaded}
        return cls(
            stream=definition.headline_stream,
            grade=definition.headline_grade,
            target_minutes=None
            if target is None
            else {
                area: seconds / MINUTE for area, seconds in zip(areas, target.seconds, strict=True)
            },
            starts="received" if target is None else target.starts,
            staffing=[_staffing(one) for one in loaded],
            illustrative=any(one.scenario.illustrative for one in loaded),
            forces=list(
                dict.fromkeys(
                    one.scenario.force
                    for one in loaded
                    if one.scenario.illustrative and one.scenario.force is not None
                )
            ),
            changes=changes,
            sweeps=sweeps,
            warnings=warnings,
            unplannable=unplannable,
            rules=rules,
            titles=_titles(loaded),
            beside={
                name: reason
                for name, stream in loaded[0].scenario.streams.items()
                if (reason := getattr(stream, "beside_headline", None))
                and name != definition.headline_stream
            },
            assumed=_assumed(loaded[0], definition.headline_stream, rules.values()),
        )

    def headline(self, clock: str, stream: str | None = None) -> dict[str, Any]:
        """Cuts of the headline's rows by this clock; null is the target's own.

        With `stream`, those of another stream's reports of the headline's grade.
        """
        own = self.target_minutes is not None and clock == self.starts
        return {
            "stream": stream or self.stream,
            "grade": self.grade,
            "clock": None if own else clock,
        }


def illustration(forces: Iterable[str | None]) -> str:
    """What illustrative scenarios are no evidence of: the forces that they take after, or any."""
    named = list(dict.fromkeys(force for force in forces if force))
    return f"Illustrative, not evidence about {' or '.join(named) or 'any force'}."


def kind_of_work(stream: str) -> str:
    """A stream's name as people say it."""
    return stream.replace("_", "-" if stream.startswith("missing_") else " ")


def _staffing(loaded: Loaded) -> Staffing:
    from sim.rota import paid_hours, posts

    hours = paid_hours(loaded.scenario)
    pools = loaded.scenario.pools
    return Staffing(
        loaded.name,
        sum(posts(loaded.scenario).values()),
        sum(hours.values()),
        sum(paid * pools[name].pounds_per_hour for name, paid in hours.items()),
        loaded.scenario.costs.overtime_factor,
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
        gate.deploy_on,
        gate.share_held if gate.deploy_on != "grading" else 0.0,
        gate.streams,
        queue.missing_child_place,
        queue.share_with_next_grade,
    )


def _titles(loaded: Sequence[Loaded]) -> Titles:
    # Of pools and areas that scenarios call otherwise, the baseline's title stands.
    pools: dict[str, str] = {}
    areas: dict[str, str] = {}
    for one in reversed(loaded):
        pools |= {name: pool.title for name, pool in one.scenario.pools.items() if pool.title}
        areas |= {name: area.title for name, area in one.scenario.areas.items()}
    return Titles({one.name: one.scenario.title for one in loaded}, pools, areas)


def _assumed(loaded: Loaded, stream: str, rules: Iterable[Rule]) -> list[Assumed]:
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
        found.append(Assumed(_STEPS[step], length, source.low, source.high))
    return found
