"""The engines by name, and which one a study is better off with."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from typing import Final

from sim import kernels
from sim.engines import compiled, reference
from sim.scenario.models import Scenario
from sim.study.compiling import compiling
from sim.study.settings import EngineName, Settings
from sim.tables import Engine
from sim.workers import processors

_LOG: Final = logging.getLogger(__name__)

ENGINES: Final[dict[str, Engine]] = {"reference": reference.run, "compiled": compiled.run}
"""They make the same tables (docs/verification.md)."""

# Measured on the baseline, two processors of 2022; only their order of size counts.
_SECONDS_SAVED_AN_INCIDENT: Final = 85e-6
SECONDS_AN_INCIDENT: Final[Mapping[str, float]] = {
    "reference": _SECONDS_SAVED_AN_INCIDENT,
    "compiled": 1e-6,
}
"""Drawn, played and counted, by engine."""
_SECONDS_TO_COMPILE: Final = 12.5
_SECONDS_TO_FETCH: Final = 0.5

_COMMANDS_TO_COME: Final = 10
"""Of this size, taken to follow on a computer where compiled code is kept: who simulates a staffing
scenario once does it again, with another rota, rule or seed, and compiles for all of them."""

_MOST_OF_COMPILING: Final = 1.0
"""A replication of the reference engine that takes more of the time to compile than this would
keep the compiled engine waiting: so long a one is not begun meanwhile."""

_THREADS_OF_A_CLUSTER: Final = 16
"""Taken for how many work side by side where that is not known."""


def engine_of(name: EngineName) -> str:
    """Return the engine that a setting comes to on this computer for a little work."""
    return "compiled" if name == "compiled" and has_numba() else "reference"


def settled(scenarios: Sequence[Scenario], settings: Settings) -> Settings:
    """Return the settings with ``auto`` replaced by the engine that is done sooner.

    Parameters
    ----------
    scenarios
        What is simulated.
    settings
        How much of it. Without a precision the fewest replications are the most, too.

    Returns
    -------
    Settings
        The compiled engine where it saves more time than it takes to be fetched from the cache, in
        each process, or, where it is not there yet, to be compiled for this command and those that
        will follow it. Still ``auto`` where it is to be compiled beside the first replications.
    """
    if settings.engine != "auto":
        if settings.cluster is None:
            return replace(settings, engine=engine_for(0.0, settings.engine))
        return settings
    incidents = incidents_of(scenarios, settings) * settings.replications
    if settings.cluster is not None:
        saved = _SECONDS_SAVED_AN_INCIDENT * incidents / _THREADS_OF_A_CLUSTER
        return replace(settings, engine=_sooner(saved, _SECONDS_TO_COMPILE))
    processes = settings.processes(settings.replications)
    engine = engine_for(incidents / processes, here=processes == 1)
    if engine == "compiled" and processes > 1 and _is_yet_to_be_kept():
        meanwhile = _SECONDS_SAVED_AN_INCIDENT * incidents / settings.replications
        if meanwhile < _MOST_OF_COMPILING * _SECONDS_TO_COMPILE:
            return settings
    return replace(settings, engine=engine)


def incidents_of(scenarios: Sequence[Scenario], settings: Settings) -> float:
    """Return about how many incidents one replication of all scenarios simulates."""
    days = settings.warm_up_days + settings.days
    return sum(_in_a_year(one) * (days + one.follow_up_hours / 24) / 365 for one in scenarios)


def engine_for(incidents: float, engine: EngineName = "auto", *, here: bool = True) -> EngineName:
    """Return the engine that a setting comes to where this many incidents are simulated.

    Parameters
    ----------
    incidents
        How many one process simulates, all replications together.
    engine
        What was asked for; ``auto`` comes to the engine that is done sooner.
    here
        Whether that process is this one, which may have fetched the compiled engine already.

    Returns
    -------
    str
        On a computer without numba the reference engine, whatever was asked for.
    """
    if not has_numba():
        return "reference"
    if engine != "auto":
        return engine
    return _sooner(_SECONDS_SAVED_AN_INCIDENT * incidents, _seconds_until_ready(here=here))


def _seconds_until_ready(*, here: bool) -> float:
    """Return what the compiled engine costs a process before it plays."""
    if here and compiled.is_fetched():
        return 0.0
    if compiled.is_cached():
        return _SECONDS_TO_FETCH
    if compiled.why_uncached() is None:
        return _SECONDS_TO_COMPILE / _COMMANDS_TO_COME + _SECONDS_TO_FETCH
    return _SECONDS_TO_COMPILE


def has_numba() -> bool:
    """Whether this computer has what the compiled engine is made with."""
    return find_spec("numba") is not None


def replications_while_compiling(scenarios: Sequence[Scenario], settings: Settings) -> float:
    """Return how many replications the reference engine plays in the time of one compiling."""
    one = _SECONDS_SAVED_AN_INCIDENT * incidents_of(scenarios, settings)
    return _SECONDS_TO_COMPILE / max(one, _SECONDS_SAVED_AN_INCIDENT)


def made_ready(engine: EngineName) -> None:
    """Compile what the processes of a study will fetch, once and not in each of them.

    The play takes three quarters of it: with a second processor another process makes it, and this
    one the other kernels.
    """
    if engine == "compiled" and has_numba() and _is_yet_to_be_kept():
        if processors() > 1 and compiling.begin():
            try:
                kernels.make_ready()
                compiling.join()
            except KeyboardInterrupt:
                compiling.stop()
                raise
        compiled.make_ready()


def fetched(engine: EngineName) -> None:
    """Compile or fetch what this process plays and draws with, before its threads begin."""
    made_ready(engine)
    if engine == "compiled" and has_numba():
        compiled.make_ready()


def _is_yet_to_be_kept() -> bool:
    """Whether compiled code is not there, and will stay where it is put."""
    return not compiled.is_cached() and compiled.why_uncached() is None


def remarks(engine: EngineName) -> tuple[str, ...]:
    """Say before a run, as sentences, what is worth knowing about its engine."""
    if engine != "compiled":
        return ()
    if not has_numba():
        without = "This computer has no numba; the reference engine is used"
        return (f"{without}, which gives the same numbers more slowly.",)
    why = compiled.why_uncached()
    if why is not None:
        return (why,)
    if not compiled.is_cached():
        return ("The compiled engine is made for this computer first, once: some fifteen seconds.",)
    return ()


def _sooner(saved: float, cost: float) -> EngineName:
    engine: EngineName = "compiled" if saved > cost else "reference"
    _LOG.info("engine %s: the compiled one saves %.1f s and costs %.1f s", engine, saved, cost)
    return engine


def _in_a_year(scenario: Scenario) -> float:
    """Return about how many rows of the incidents table a year brings."""
    return sum(stream.volume_per_year for stream in scenario.streams.values())
