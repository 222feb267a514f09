"""The facts of the sheet: all that its template fills in, worked out from a scenario."""

from __future__ import annotations

import os
import platform
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sim.provenance import portable_path, versions
from sim.report.stress.components import activities, duration, entities, resources
from sim.report.stress.markdown import listed
from sim.report.stress.parameters import inputs
from sim.report.stress.rules import assumed_rules, rules_by_subject
from sim.results import CATALOGUE, headline_measures, illustration
from sim.scenario.demand import MissingChild
from sim.scenario.resolve import difference
from sim.scenario.toml import toml_value

if TYPE_CHECKING:
    from sim.scenario.episode import Episode
    from sim.scenario.loading import Loaded
    from sim.scenario.models import Scenario
    from sim.study import Settings

RISKS: Final = ("low", "medium", "high")


@dataclass(frozen=True)
class Made:
    """How a study was made, where the sheet stands beside its results.

    Parameters
    ----------
    replications
        That were made.
    engine
        That was used.
    seconds
        Wall-clock time.
    precise
        Whether the precision was reached; None: none was asked for.
    """

    replications: int
    engine: str
    seconds: float
    precise: bool | None = None


@dataclass(frozen=True)
class Facts:
    """What the template names; rows are lines of its tables.

    Parameters
    ----------
    subject
        The scenario that the sheet is about.
    settings
        How it is, or was, simulated.
    base
        The scenario that its file extends.
    others
        Scenarios that are compared with it.
    made
        How the study went; None: it has not been run.
    """

    subject: Loaded
    settings: Settings
    base: Loaded | None = None
    others: Sequence[Loaded] = ()
    made: Made | None = None

    @property
    def scenario(self) -> Scenario:
        """The subject's values."""
        return self.subject.scenario

    @property
    def episode(self) -> Episode | None:
        """Its rules after the first attendance."""
        return self.scenario.episode

    @property
    def file(self) -> str:
        """The subject's file, as seen from this folder."""
        return portable_path(self.subject.path)

    @property
    def statement(self) -> str:
        """That it is illustrative; empty where it is not."""
        return illustration([self.scenario.force]) if self.scenario.illustrative else ""

    @property
    def targets(self) -> list[tuple[object, ...]]:
        """Name, grade, minutes, and which clocks start and stop each."""
        return [
            (name, one.grade, toml_value(one.minutes), one.starts, one.stops)
            for name, one in self.scenario.targets.items()
        ]

    @property
    def measures(self) -> list[tuple[str, str]]:
        """Measures that this scenario can have, with what they mean."""
        return [
            (f"`{name}`", measure.meaning)
            for name, measure in CATALOGUE.items()
            if (self.episode is not None or measure.about != "cases")
            and (self.scenario.concern is not None or measure.about != "concerns")
            and (self._out_of_area is not None or measure.about != "placed")
        ]

    @property
    def _out_of_area(self) -> object:
        return None if self.episode is None else self.episode.out_of_area

    @property
    def headline(self) -> list[str]:
        """Measures declared beforehand."""
        return [measure.name for measure in headline_measures()]

    @property
    def rules(self) -> list[tuple[str, str]]:
        """Subjects of the written rules; empty where the documentation is not at hand."""
        return rules_by_subject()

    @property
    def assumed_rules(self) -> list[str]:
        """Numbers of those that rest on assumption."""
        return assumed_rules()

    @property
    def ratifiers(self) -> list[tuple[str, str]]:
        """By risk: who ratifies its assessments."""
        asked = {risk: getattr(self.scenario.policy.ratification, risk) for risk in RISKS}
        return [
            (risk, " or else ".join(f"`{pool}`" for pool in pools) or "nobody")
            for risk, pools in asked.items()
        ]

    @property
    def dispatchers(self) -> str:
        """Who allocates; empty where nobody in particular does."""
        found = self.scenario.policy.control_room.dispatchers
        return found if isinstance(found, str) else listed((found or {}).values())

    @property
    def switches(self) -> tuple[tuple[str, bool], ...]:
        """Rules that a scenario switches on, and whether this one has."""
        policy = self.scenario.policy
        return (
            ("Jobs step up after a wait (6.3)", bool(policy.queue.step_up_minutes)),
            ("Other areas' units are borrowed (6.4)", bool(policy.borrowing.after_minutes)),
            ("Units on the way are diverted (6.6)", bool(policy.diversion.travelling)),
            ("Units at a scene are diverted (6.6)", bool(policy.diversion.at_scene)),
            ("Waiting jobs are reviewed (7.1)", bool(policy.reviews.after_minutes)),
            (
                "Waiting jobs are re-assessed by THRIVE (7.2)",
                bool(policy.reviews.rethrive_after_hours),
            ),
        )

    @property
    def base_differences(self) -> list[tuple[str, str, str]]:
        """In what the subject differs from the scenario that it extends."""
        return [] if self.base is None else list(_differences(self.base, self.subject))

    @property
    def other_differences(self) -> list[tuple[str, list[tuple[str, str, str]]]]:
        """In what each compared scenario differs from the subject."""
        return [(one.name, list(_differences(self.subject, one))) for one in self.others]

    @property
    def entities(self) -> list[tuple[object, ...]]:
        """The streams."""
        return list(entities(self.scenario))

    @property
    def by_child(self) -> list[tuple[str, float]]:
        """Streams that are drawn by child, and the share of children in care."""
        return [
            (name, one.children.in_care)
            for name, one in self.scenario.streams.items()
            if isinstance(one, MissingChild)
        ]

    @property
    def activities(self) -> list[tuple[str, str, str]]:
        """Lengths by stream."""
        return list(activities(self.scenario))

    @property
    def travel(self) -> list[str]:
        """Travel in each area."""
        return [f"{area.title}: {duration(area.travel)}" for area in self.scenario.areas.values()]

    @property
    def dispatch(self) -> str:
        """How long an allocation takes; empty where it takes none."""
        found = self.scenario.policy.control_room.dispatch
        return "" if found is None else duration(found)

    @property
    def pools(self) -> list[tuple[object, ...]]:
        """The pools."""
        return list(resources(self.scenario))

    @property
    def cited(self) -> list[tuple[object, ...]]:
        """Sources, and how many values come from each."""
        found = Counter(
            (one.source, str(one.year or ""), one.confidence or "")
            for one in self.scenario.sources.values()
            if one.source is not None
        )
        return [(*source, values) for source, values in found.items()]

    @property
    def inputs(self) -> list[tuple[str, str, str, str]]:
        """Every parameter."""
        return list(inputs(self.subject))

    @property
    def assumed(self) -> list[tuple[str, str, str, str]]:
        """Assumptions with their ranges."""
        return [
            (f"`{path}`", one.assumption, f"{one.low:g}", f"{one.high:g}")
            for path, one in self.scenario.sources.items()
            if one.assumption is not None and one.low is not None and one.high is not None
        ]

    @property
    def software(self) -> list[tuple[str, str]]:
        """Libraries and their versions."""
        return list(versions().items())

    @property
    def machine(self) -> str:
        """The machine at hand."""
        return (
            f"{platform.system()} on {platform.machine()} with {os.cpu_count() or 1} processors, "
            f"{platform.python_implementation()} {platform.python_version()}."
        )

    @property
    def command(self) -> str:
        """What runs it again."""
        asked = self.settings
        files = " ".join(portable_path(one.path) for one in (self.subject, *self.others))
        words = (
            f"python run_sim.py {'compare' if self.others else 'run'} {files} --seed {asked.seed} "
            f"--replications {asked.replications} --days {asked.days} "
            f"--warm-up-days {asked.warm_up_days}"
        )
        return words if asked.precision is None else f"{words} --precision {asked.precision:g}"


def _differences(before: Loaded, after: Loaded) -> Iterator[tuple[str, str, str]]:
    for one in difference(before, after):
        yield f"`{one.path}`", *one.written
