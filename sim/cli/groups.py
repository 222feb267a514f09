"""Options that go together, as one typed object for every command that has them.

A command names a group as a parameter, and `spread` puts its options on the command line::

    @edge()
    @spread
    def night(scenario: ScenarioFile, levers: Set = None, *, size: StudySize, heard: Heard) -> None:
        loaded = load_all([scenario], levers)
        settings = size.settings()
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, get_type_hints

from sim.cli.asking import ensure_one
from sim.cli.edge import hold
from sim.cli.files import Pictures
from sim.cli.options import (
    Charts,
    Cluster,
    Days,
    Engine,
    Force,
    Fresh,
    Html,
    OnePage,
    Output,
    Precision,
    Quiet,
    Replications,
    Seed,
    Slides,
    TlsCaFile,
    TlsCert,
    TlsKey,
    Verbose,
    WarmUpDays,
    Workers,
)
from sim.errors import InputError
from sim.workers import begun, processors

if TYPE_CHECKING:
    from sim.api import Keep
    from sim.study import Settings


@dataclass(frozen=True, slots=True)
class Played:
    """How a replication is played: after what warm-up, with what luck, and by whom."""

    warm_up_days: WarmUpDays = 7
    seed: Seed = 2022
    workers: Workers = 0
    engine: Engine = "auto"

    def settings(self, replications: int, days: int) -> Settings:
        """The settings of so many replications of so many measured days."""
        from sim.study import Settings

        return Settings(
            replications=replications,
            days=days,
            warm_up_days=self.warm_up_days,
            seed=self.seed,
            workers=self.workers,
            engine=self.engine,
        )


@dataclass(frozen=True, slots=True)
class StudySize:
    """How much is simulated, with what luck, and where."""

    replications: Replications = 30
    days: Days = 28
    warm_up_days: WarmUpDays = 7
    seed: Seed = 2022
    precision: Precision = None
    workers: Workers = 0
    cluster: Cluster = None
    tls_ca_file: TlsCaFile = None
    tls_cert: TlsCert = None
    tls_key: TlsKey = None
    engine: Engine = "auto"

    def settings(self) -> Settings:
        """The settings of a study.

        Raises
        ------
        sim.errors.InputError
            If they do not go together.
        """
        from sim.study import Settings, Tls

        tls = Tls.of(self.tls_ca_file, self.tls_cert, self.tls_key)
        if tls is not None and self.cluster is None:
            raise InputError(
                "certificates are for a cluster, and none is named",
                path="--tls-ca-file",
                allowed="with --cluster ADDRESS",
            )
        return Settings(
            replications=self.replications,
            days=self.days,
            warm_up_days=self.warm_up_days,
            seed=self.seed,
            precision=self.precision,
            workers=self.workers,
            cluster=self.cluster,
            cluster_tls=tls,
            engine=self.engine,
        )

    def workers_begun(self) -> AbstractContextManager[None]:
        """Start the processes of a study, which load what they need while this one does."""
        alone = self.cluster is not None
        processes = 1 if alone else min(self.workers or processors(), self.replications)
        return begun(processes - 1, "sim.study.sharing")


@dataclass(frozen=True, slots=True)
class Made:
    """What is made besides what is printed: a folder of results, a page, charts and slides."""

    output: Output = None
    html: Html = None
    one_page: OnePage = False
    charts: Charts = None
    slides: Slides = None
    force: Force = False
    fresh: Fresh = False

    @property
    def is_pictured(self) -> bool:
        """Whether a page or charts are made, now or later from what is kept."""
        places = (self.output, self.html, self.charts, self.slides)
        return any(place is not None for place in places)

    def hold(self) -> None:
        """Keep other runs from writing to these places until the command ends."""
        hold(self.output, self.html, self.charts, self.slides)

    def keep(self, told: Callable[[str], None]) -> Keep:
        """Where results are kept; `told` is told what is taken from an unfinished study."""
        from sim.api import Keep

        return Keep(self.output, force=self.force, fresh=self.fresh, told=told)

    def pictures(self) -> Pictures:
        """The places for page, charts and slides, after all places were found to be free.

        Raises
        ------
        sim.errors.OutputError, sim.errors.InputError
            If one is taken, or something cannot be made; nothing has been written then.
        """
        from sim.store import ensure_free

        if self.output is not None:
            ensure_free(self.output, force=self.force or self.fresh, goes_on=True)
        places = Pictures(self.html, self.charts, self.output, self.one_page, self.slides)
        places.ensure_free(force=self.force, replaced=True)
        return places


@dataclass(frozen=True, slots=True)
class Heard:
    """What is said on standard error while a command works."""

    quiet: Quiet = False
    verbose: Verbose = False

    def __post_init__(self) -> None:
        ensure_one(quiet=self.quiet, verbose=self.verbose)


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """Let each field of a parameter that is a group stand as an option of its own.

    Raises
    ------
    TypeError
        If two of its options have one name.
    """
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, type[Any]] = {}
    options: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        kind = hints[parameter.name]
        if is_dataclass(kind) and isinstance(kind, type):
            groups[parameter.name] = kind
            own = get_type_hints(kind, include_extras=True)
            options += [_option(one.name, own[one.name], _default(one)) for one in fields(kind)]
        else:
            options.append(_option(parameter.name, kind, parameter.default))
    names = [one.name for one in options]
    if len(set(names)) < len(names):
        raise TypeError(f"two options of {command.__name__} have one name: {', '.join(names)}")

    @wraps(command)
    def called(**given: object) -> None:
        gathered = {
            name: kind(**{one.name: given.pop(one.name) for one in fields(kind)})
            for name, kind in groups.items()
        }
        command(**given, **gathered)

    called.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]
    called.__annotations__ = {one.name: one.annotation for one in options}
    return called


def _option(name: str, kind: object, default: object) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def _default(field: Field[Any]) -> object:
    return inspect.Parameter.empty if field.default is MISSING else field.default
