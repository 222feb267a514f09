"""What rows do not say: what they are about, the rules compared, titles and costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Annotated, Final, Literal

from pydantic import Field

from sim.results.catalogue import Unit
from sim.results.model import Model
from sim.results.row import Keys
from sim.statistics import Interval

CHILDREN: Final = (
    "Simulated children; not a prediction about any child; not for deciding a live call."
)
_NUMBERS: Final = ("nought", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class FileChange(Model):
    """One value in which a scenario's file differs from the baseline's, as TOML writes it."""

    path: str
    baseline: str
    other: str


class SweepPoint(Model):
    """The headline's share in time at one share held for ratification."""

    share: float = Field(ge=0, le=1)
    """Share held, 0 to 1."""
    value: float | None
    low: float | None
    high: float | None
    n: int = Field(ge=0)

    @property
    def unit(self) -> Unit:
        """What it is counted in."""
        return "share"

    @classmethod
    def of(cls, share: float, interval: Interval) -> SweepPoint:
        """The point of an estimate."""
        return cls(
            share=share, value=interval.value, low=interval.low, high=interval.high, n=interval.n
        )


class Sweep(Model):
    """The headline share, from the call, across the share of incidents held for ratification."""

    title: str
    """Whose it is and what it rests on, such as "Dorset; 6 replications"."""
    points: tuple[SweepPoint, ...]
    own: float | None = None
    """The share held of the scenario itself."""


class Staffing(Model):
    """What a scenario's rota comes to: full-time posts, and paid hours and pounds a week."""

    scenario: str
    posts: float
    """Hours worked over the hours that a post works after leave, sickness and training."""
    paid_hours: float
    """A week."""
    pounds: float
    """A week, without overtime."""
    overtime_factor: float | None = None
    """Cost of an overtime hour as a multiple of a paid one; null: not in the cost."""


class Rule(Model):
    """What deployment waits for in a scenario, and where missing children stand in the queue."""

    deploy_on: Literal["grading", "assessment", "research", "ratification"]
    share_held: float
    hold_high_risk: bool = False
    """Whether reports assessed as high risk are held as others are."""
    streams: tuple[str, ...] = ()
    place: Literal["first", "level", "last"] = "level"
    with_next_grade: float = 0.0
    """Share of them treated as the next grade's work."""

    @property
    def ranks_low(self) -> bool:
        """Whether missing children stand behind other work of their grade."""
        return self.place == "last" or self.with_next_grade > 0


class Assumed(Model):
    """A length of a step before deployment that is an assumption, in minutes."""

    what: str
    """The step in words."""
    minutes: float
    """Its median, or its mean where the file gives that."""
    low: float
    """As a factor on it."""
    high: float
    """As a factor on it."""


class Target(Model):
    """What a grade promises."""

    minutes: float | dict[str, float]
    """One number, or one by area."""
    starts: Literal["received", "answered", "graded"] = "received"


class UnknownRange(Model):
    """A share over all settings of what is not known, luck taken off; no confidence range.

    Each setting is one replication, whose variance is parted in two.
    """

    low: float
    """95 % of settings lie from `low` to `high`."""
    high: float
    middle: float | None = None
    """Half of the settings lie below."""
    settings_variance: float | None = Field(default=None, ge=0)
    """What is not known makes of the share's variance."""
    luck_variance: float | None = Field(default=None, ge=0)
    """What the luck of one replication makes of it."""


class Mover(Model):
    """One thing that is not known, and how far the baseline's share in time goes with it."""

    what: str
    """In words."""
    paths: tuple[str, ...]
    """Where it stands in the file."""
    share: float = Field(ge=0, le=1)
    """Squared rank correlation over the settings: roughly its share of the spread."""
    rises: bool
    """Whether more of it goes with more reached in time."""
    clear: bool
    """Whether chance would hardly give as much to any of the things varied (1 in 20)."""


class NotVaried(Model):
    """What the file speaks of as a number and what was left as it is."""

    path: str
    why: str
    """As the end of a sentence that begins with what it is."""


class Unknowns(Model):
    """What is assumed and not known, varied over its ranges; all scenarios meet the same luck."""

    settings: int = Field(ge=1)
    """How many were tried."""
    ranges: dict[str, UnknownRange] = {}  # noqa: RUF012 (pydantic copies it)
    """By scenario: the share reached in time from the call."""
    over_an_hour: dict[str, UnknownRange] = {}  # noqa: RUF012
    """By scenario: the share that waited more than 60 minutes."""
    better: dict[str, Annotated[float, Field(ge=0, le=1)]] = {}  # noqa: RUF012
    """By variant: the share of settings in which it is better than the baseline."""
    same: dict[str, Annotated[float, Field(ge=0, le=1)]] = {}  # noqa: RUF012
    """By variant: the share of settings in which as many are in time as under the baseline."""
    varied: tuple[str, ...] = ()
    """What clearly moved the answer most, in words, the first most; at most three."""
    movers: tuple[Mover, ...] = ()
    """What the baseline's share in time goes with most, the first most."""
    things: int = Field(default=0, ge=0)
    """How many things were varied together."""
    redrawn: int = Field(default=0, ge=0)
    """Settings that made an impossible scenario, and were drawn again."""
    without: tuple[NotVaried, ...] = ()
    """What has no range, or one that cannot be applied."""

    def counted(self, name: str) -> tuple[int, int, int]:
        """In how many settings a variant is better than the baseline, the same, and worse."""
        better, same = (round(of.get(name, 0.0) * self.settings) for of in (self.better, self.same))
        return better, same, self.settings - better - same


class SharedCause(Model):
    """One cause of the baseline's misses, with its share of them."""

    name: str
    """As explain calls it."""
    title: str
    rule: bool
    """true: a rule; false: people or desks."""
    share: float
    """Of all reports, averaged over all orders in which causes may go (Shapley)."""


class Shared(Model):
    """The baseline's misses shared out among causes, as explain does."""

    causes: tuple[SharedCause, ...]
    """The largest share first."""
    rest: float
    """What is left with every cause gone."""


class Titles(Model):
    """What tables call scenarios, pools and areas, by their names in the files."""

    scenarios: dict[str, str] = {}  # noqa: RUF012 (pydantic copies it)
    pools: dict[str, str] = {}  # noqa: RUF012
    areas: dict[str, str] = {}  # noqa: RUF012


class Context(Model):
    """What the rows do not say: the headline, and what surrounds it."""

    stream: str = "missing_child"
    """Whose delays the answer is about: a stream's name."""
    grade: int = 2
    """Its grade, as first drawn."""
    target_minutes: float | dict[str, float] | None = 20.0
    """The headline's target in minutes, or by area; null: none."""
    starts: Literal["received", "answered", "graded"] = "received"
    """The target's own clock."""
    targets_by_grade: dict[int, Target] = {}  # noqa: RUF012 (pydantic copies it)
    """What each grade promises; a grade without a target is not in it."""
    illustrative: bool = True
    """false only where a scenario says that it is a force's own."""
    forces: tuple[str, ...] = ()
    """Whose figures the illustrative scenarios take after: what they are no evidence about."""
    changes: dict[str, tuple[FileChange, ...]] = {}  # noqa: RUF012
    """By scenario: the values in which its file differs from the baseline's."""
    staffing: tuple[Staffing, ...] = ()
    """What each scenario's rota comes to, the baseline's first."""
    sweeps: tuple[Sweep, ...] = ()
    """The headline's share in time, from the call, over the share held. Empty where neither a
    summary nor a page was asked for, or the run was stopped."""
    warnings: tuple[str, ...] = ()
    """Said before the run."""
    unplannable: tuple[str, ...] = ()
    """Why the figures cannot be planned on: queues that grow without end. Empty where nothing shows
    that."""
    rules: dict[str, Rule] = {}  # noqa: RUF012
    """By scenario: what deployment waits for, and where missing children stand in the queue."""
    titles: Titles = Titles()
    """What tables call scenarios, pools and areas, by their names."""
    beside: dict[str, str] = {}  # noqa: RUF012
    """Streams shown beside the headline, each with the reason."""
    unknowns: Unknowns | None = None
    """The second range beside luck; null where it was not worked out."""
    unknowns_missing: str | None = None
    """Why there is no second range, as a sentence; null where there is, or nobody asked for it."""
    shared: Shared | None = None
    """Why the baseline misses, shared out among causes; null where that was not asked for."""
    assumed: tuple[Assumed, ...] = ()
    """Lengths of steps before deployment that are assumptions: the ceiling rests on them."""

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
    def targets(self) -> tuple[float, ...]:
        """The headline's target minutes, those of areas that differ from short to long."""
        minutes = self.target_minutes
        if minutes is None:
            return ()
        return tuple(sorted(set(minutes.values()) if isinstance(minutes, Mapping) else {minutes}))

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
        changes = self.changes.get(name, ())
        return bool(changes) and all(change.path.startswith(part) for change in changes)

    @property
    def subject(self) -> Keys:
        """Keys of the reports that the answer is about, whatever the clock."""
        return {"stream": self.stream, "grade": self.grade}

    def headline(self, clock: str, stream: str | None = None) -> Keys:
        """Keys of the headline's rows by this clock; null is the target's own.

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
