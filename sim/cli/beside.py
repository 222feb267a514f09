"""What is told beside a study's rows, and the document of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.errors import ClusterError, Interrupted

if TYPE_CHECKING:
    from sim.measures import Cut
    from sim.results import Context, Document, Sweep, Timeline
    from sim.scenario.loading import Loaded
    from sim.study import Progress, Settings, Study

_LEAST_REPLICATIONS: Final = 10
_SWEEP_REPLICATIONS: Final = 6
DAY_SECONDS: Final = 86_400


@dataclass(frozen=True)
class Told:
    """What is to be said, and what kept."""

    output: Path | None = None
    as_json: bool = False
    quiet: bool = False
    force: bool = False
    html: Path | None = None
    charts: Path | None = None

    @property
    def pictured(self) -> bool:
        """Whether a page or charts are made, now or later from what is kept."""
        return any(place is not None for place in (self.output, self.html, self.charts))


class Beside:
    """What is told beside a study's rows: the answer over the share held, and long waits."""

    def __init__(
        self, settings: Settings, warnings: Sequence[str], overloads: Sequence[str], told: Told
    ) -> None:
        self.settings = settings
        self.warnings = warnings
        self.overloads = overloads
        self.told = told
        self.sweeps: list[Sweep] = []
        self.timelines: list[Timeline] = []
        self.stopped = False
        self.lost: ClusterError | None = None

    def gather(self, done: Study, bar: Callable[[Progress], None] | None) -> None:
        """Simulate it, where it is shown; Ctrl-C leaves it out, and the study stays whole.

        So does the loss of a cluster.
        """
        if done.interrupted or (self.told.as_json and not self.told.pictured):
            return
        if done.headline().value is None:
            return  # of no reports there is no share
        try:
            if self.told.pictured:
                self.timelines = _long_waits(done.loaded[0], self.settings)
            self.sweeps = _swept(done.loaded[0], self.settings, bar)
        except (Interrupted, KeyboardInterrupt):
            self.stopped = True
        except ClusterError as error:
            self.lost = error

    def document(self, done: Study, cuts: Sequence[Cut] = ()) -> Document:
        """The document of the study, with all of this; with rows of these cuts too."""
        from sim.provenance import portable_command
        from sim.results.making import background_of, document_of

        background = background_of(
            done.loaded,
            self.settings.days,
            timelines=self.timelines,
            command=portable_command(self.settings.command),
        )
        return document_of(done, self.context(done), background, cuts)

    def context(self, done: Study) -> Context:
        """What surrounds the rows of the study."""
        from sim.results.making import context_of

        warnings = [*self.warnings, *few_replications(done.completed)]
        unplannable = [*self.overloads, *_growth(done)]
        return context_of(done.loaded, [*dict.fromkeys(warnings)], self.sweeps, unplannable)


def few_replications(number: int) -> tuple[str, ...]:
    """Warn of ranges over too few replications, as a sentence; nothing where there are enough."""
    if number >= _LEAST_REPLICATIONS:
        return ()
    sentence = (
        f"With fewer than {_LEAST_REPLICATIONS} replications ({number} here) the ranges are "
        "hardly reliable; 30 are usual."
    )
    return (sentence,)


def _growth(done: Study) -> Iterator[str]:
    from sim import study

    for name, own in zip(done.names, done.replications, strict=True):
        for sentence in study.queue_growth(own):
            yield sentence if len(done.names) == 1 else f"{name}: {sentence}"


def _long_waits(loaded: Loaded, settings: Settings) -> list[Timeline]:
    """The longest waits of the first replication."""
    from sim import study
    from sim.report import timelines
    from sim.report import trace as tell

    until = settings.days * DAY_SECONDS
    about = study.definition_of(loaded.scenario, 0, until)
    played = study.one_world(loaded, settings, 0)
    world = tell.World.of(played, loaded, 0)
    return timelines.longest_waits(world, about.headline_stream, about.headline_grade, 0, until)


def _swept(
    loaded: Loaded, settings: Settings, bar: Callable[[Progress], None] | None
) -> list[Sweep]:
    """The baseline's headline over the share held for ratification."""
    from sim import study
    from sim.results import Sweep, SweepPoint

    replications = min(settings.replications, _SWEEP_REPLICATIONS)
    points = study.sweep_share_held(loaded, settings, replications=replications, progress=bar)
    gate = loaded.scenario.policy.gate
    own = gate.share_held if gate.deploy_on == "ratification" else None
    own = 0.0 if gate.deploy_on == "grading" else own
    title = f"{loaded.scenario.title}; {replications} replications"
    found = tuple(SweepPoint.of(share, interval) for share, interval in points)
    return [Sweep(title=title, points=found, own=own)]
