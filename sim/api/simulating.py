"""From scenarios to results: what is said before, the study, and what is told beside its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim import study
from sim.api.keeping import Keep, Unfinished, fill, unfinished_study
from sim.api.results import Results
from sim.errors import (
    ClusterError,
    InputError,
    Interrupted,
    OutOfMemory,
    OutputError,
    SimulatorError,
    is_lack_of_memory,
)
from sim.feasibility import Findings
from sim.provenance import portable_command
from sim.results import Shared, SharedCause, Sweep, SweepPoint, Timeline, Unknowns
from sim.results.making import (
    Rows,
    background_of,
    context_of,
    document_of,
    rows_of,
    unknowns_of,
)
from sim.rota import leave_changes
from sim.statistics import LEAST_FOR_RANGES
from sim.store import Draft, Journal, Unasked
from sim.study.interrupts import interrupts_after
from sim.tables import DAY
from sim.workers import begun, end_idle

if TYPE_CHECKING:
    from sim.measures import Cut
    from sim.scenario.loading import Loaded

LONG_WAITS: Final = "the longest waits"
NOT_KNOWN: Final = "the range of what is not known"
SHARE_HELD: Final = "the answer by the share held"
WHY: Final = "why targets are missed"
RESULTS: Final = "putting the results together"

_SWEEP_REPLICATIONS: Final = 6
_STOPPED: Final = "What is not known was not varied: the command was stopped before."


def steps(
    *, sweep: bool | None, long_waits: bool, unknowns: bool, explain: bool = False
) -> tuple[str, ...]:
    """What `simulate` does, in order, as its progress names it."""
    swept = not unknowns if sweep is None else sweep
    between = (
        (LONG_WAITS, long_waits),
        (NOT_KNOWN, unknowns),
        (SHARE_HELD, swept),
        (WHY, explain),
    )
    return (study.REPLICATIONS, *(name for name, wanted in between if wanted), RESULTS)


def check(loaded: Sequence[Loaded], settings: study.Settings) -> Findings:
    """Say before a run what cannot work, and what is worth knowing, as sentences.

    Raises
    ------
    sim.errors.ScenarioErrors
        If work is sent to pools where nobody is ever on duty.
    """
    found = study.check(loaded, settings)
    few = () if settings.precision is not None else _few(settings.replications)
    said = (*notices(loaded), *leave_notices(loaded), *found.warnings, *few)
    return Findings(found.overloads, said)


def notices(loaded: Sequence[Loaded]) -> Iterator[str]:
    """What loading has remarked on, each once; with the scenarios' names where it is not of all.

    What a scenario takes over from the one that it extends is remarked on in both.
    """
    for notice in dict.fromkeys(notice for one in loaded for notice in one.notices):
        names = [one.name for one in loaded if notice in one.notices]
        if len(loaded) == 1:
            yield notice
        elif len(names) == len(loaded):
            yield f"all scenarios: {notice}"
        else:
            yield f"{', '.join(names)}: {notice}"


def leave_notices(loaded: Sequence[Loaded]) -> Iterator[str]:
    """Say of each scenario whose leave, sickness or absence differs that this saves no post."""
    for other in loaded[1:]:
        changes = leave_changes(loaded[0].scenario, other.scenario)
        if changes:
            pools = dict.fromkeys(one.pool or "all pools" for one in changes)
            yield (
                f"{other.name}: leave, sickness or absence is not the baseline's "
                f"({', '.join(pools)}); posts and pounds are told with the baseline's, so that "
                "nothing counts as saved"
            )


def simulate(  # noqa: PLR0913 (what is told beside the rows, one by one)
    loaded: Sequence[Loaded],
    settings: study.Settings,
    *,
    findings: Findings | None = None,
    keep: Keep | None = None,
    sweep: bool | None = True,
    long_waits: bool = True,
    unknowns: bool = True,
    explain: bool = False,
    command: Sequence[str] = (),
    progress: study.Report | None = None,
    also: Sequence[Cut] = (),
) -> Results:
    """Simulate scenarios with the same luck, and make what is known of them.

    Parameters
    ----------
    loaded
        The scenarios, baseline first; at least one.
    settings
        How much.
    findings
        As `check` gave them; None: it is asked.
    keep
        Where tables and results are kept; None: nowhere.
    sweep, long_waits
        What is told beside the rows: the answer over the share held for ratification (None: only
        where there is no range of what is not known), and the longest waits of the first
        replication.
    unknowns
        Whether the headline is told over the ranges of what is not known, too.
    explain
        Whether the baseline's misses are shared out among causes, as `sim.explain` does.
    command
        Program and arguments, as typed.
    progress
        Told after each replication, of the sweep too, and after each setting of what is not known.
    also
        Cuts that have rows besides, as fully as the headline's.

    Returns
    -------
    Results
        After Ctrl-C, or where a cluster is lost, or memory or the disk runs out, of what was done
        until then, with `stopped` set; it is kept all the same, as far as there is room.

    Raises
    ------
    sim.errors.SimulatorError
        As `sim.study.run` raises it, or if results cannot be kept; what stood at their place
        stands there still.
    """
    found = check(loaded, settings) if findings is None else findings
    wanted = _Beside(sweep=sweep, long_waits=long_waits, unknowns=unknowns, explain=explain)
    with unfinished_study(keep, loaded, settings) as unfinished:
        keeper = None if unfinished is None else unfinished.journal
        folder = None if keep is None else keep.folder
        try:
            done, beside, rows = _simulated(loaded, settings, wanted, progress, keeper, also)
        except OutputError as error:
            raise _of_folder(error, folder, keeper) from error
        if isinstance(done.lost, OutputError):
            done = replace(done, lost=_of_folder(done.lost, folder, keeper))
        with interrupts_after() as stopped:
            _finish(done, beside, progress)
            results = _results(done, found, beside, command, rows())
            full = isinstance(done.lost, OutputError)
            if unfinished is not None and folder is not None and not full:
                results = _kept(results, folder, unfinished)
        if stopped():
            results = replace(results, stopped=True)
        if unfinished is not None:
            if results.stopped or results.lost is not None:
                results = replace(results, goes_on=unfinished.broken_off())
            else:
                unfinished.journal.remove()
    return results


def _kept(results: Results, folder: Path, unfinished: Unfinished) -> Results:
    """Put the folder in its place; where that cannot be, the results are there all the same."""
    keeper = unfinished.journal
    try:
        with Draft(folder, force=unfinished.replaces) as draft:
            fill(
                draft,
                results.study,
                results.document,
                pieces=keeper.workspace,
                stopped=results.stopped,
                command=results.command,
            )
    except OutputError as error:
        return replace(results, stopped=True, lost=_of_folder(error, folder, keeper))
    return results


def _of_folder(
    error: OutputError, folder: Path | None, keeper: Journal | Unasked | None
) -> OutputError:
    """Return an error about the folder that was named, where it is about one that nobody named."""
    if folder is None:
        return error
    if keeper is not None and keeper.workspace is not None and not keeper.workspace.exists():
        return OutputError(
            "the folder that the study is kept in until it is whole is no longer there",
            keeper.where,
            "Put it back and give the same command again, or begin anew.",
        )
    return OutputError(error.message, folder, error.suggestion)


@dataclass(frozen=True)
class _Beside:
    """What is told beside the rows: whether it is wanted, and what came of it."""

    sweep: bool | None
    long_waits: bool
    unknowns: bool
    explain: bool = False
    varied: Unknowns | str | None = None
    shared: Shared | None = None
    sweeps: tuple[Sweep, ...] = ()
    timelines: tuple[Timeline, ...] = ()
    stopped: bool = False
    lost: SimulatorError | None = None


def _simulated(
    loaded: Sequence[Loaded],
    settings: study.Settings,
    wanted: _Beside,
    progress: study.Report | None,
    keeper: Journal | Unasked | None,
    also: Sequence[Cut],
) -> tuple[study.Study, _Beside, Callable[[], Rows]]:
    """Simulate the study and what is told beside it, all with the same processes.

    The rows, for which what is called last waits, are made meanwhile by a thread of this one.
    """
    with begun():
        done = study.run(loaded, settings, progress, keeper=keeper)
        rows: Callable[[], Rows] = partial(rows_of, done, also)
        if done.settings.processes(done.completed) > 1:
            maker = ThreadPoolExecutor(1, thread_name_prefix="rows")
            rows = maker.submit(rows).result
            maker.shutdown(wait=False)
        beside = _told_beside(done, wanted, progress)
    # Those that were begun before have nothing to do from here on.
    end_idle()
    return done, beside, rows


def _told_beside(done: study.Study, wanted: _Beside, progress: study.Report | None) -> _Beside:
    """Simulate it; Ctrl-C, a lost cluster or lack of memory leave it out, not the study."""
    # Of no reports there is no share.
    if done.interrupted or done.headline().value is None:
        return wanted
    baseline, found = done.loaded[0], wanted
    if wanted.unknowns:
        # Said where it is stopped, and replaced where it is not.
        found = replace(found, varied=_STOPPED)
    try:
        if wanted.long_waits:
            _begin(LONG_WAITS, done, progress)
            found = replace(found, timelines=_long_waits(baseline, done.settings))
        if wanted.unknowns:
            _begin(NOT_KNOWN, done, progress)
            found = replace(found, varied=_varied(done, progress))
        if wanted.sweep or (wanted.sweep is None and not isinstance(found.varied, Unknowns)):
            _begin(SHARE_HELD, done, progress)
            own = None if progress is None else _named(SHARE_HELD, done, progress)
            found = replace(found, sweeps=(_swept(baseline, done.settings, own),))
        if wanted.explain:
            _begin(WHY, done, progress)
            found = replace(found, shared=_shared(done, progress))
    except (Interrupted, KeyboardInterrupt):
        return replace(found, stopped=True)
    except Exception as error:
        lost = _lost_beside(error)
        if lost is None:
            raise
        return replace(found, lost=lost, stopped=True)
    return found


def _lost_beside(error: Exception) -> SimulatorError | None:
    """What is lost beside a study that is whole; None where it is a fault."""
    if isinstance(error, OutOfMemory) or is_lack_of_memory(error):
        # The replications that it may name are not the study's.
        return OutOfMemory("the replications are done, and what is told beside them is not")
    return error if isinstance(error, ClusterError) else None


def _begin(step: str, done: study.Study, progress: study.Report | None) -> None:
    """Tell that another step begins, with the headline of each scenario."""
    if progress is not None and done.completed:
        known = tuple(done.headline(place) for place in range(len(done.names)))
        progress(study.Progress(0, 0, known[0], step, known))


def _finish(done: study.Study, beside: _Beside, progress: study.Report | None) -> None:
    """Tell that only the results are left to be made; whoever asked to stop is told no more."""
    if not done.interrupted and not beside.stopped:
        _begin(RESULTS, done, progress)


def _named(step: str, done: study.Study, progress: study.Report) -> study.Report:
    """The same report under the name of another step, and with the study's own headline."""
    headline = done.headline()
    return lambda told: progress(replace(told, step=step, headline=headline))


def _results(
    done: study.Study,
    found: Findings,
    beside: _Beside,
    command: Sequence[str],
    rows: Rows,
) -> Results:
    warnings = dict.fromkeys((*found.warnings, *_few(done.completed)))
    document = document_of(
        done,
        rows,
        context_of(
            done.loaded,
            warnings=tuple(warnings),
            sweeps=beside.sweeps,
            unplannable=(*found.overloads, *_growth(done)),
            unknowns=beside.varied,
            shared=beside.shared,
        ),
        background_of(
            done.loaded,
            done.settings.days,
            timelines=beside.timelines,
            command=portable_command(command),
        ),
    )
    return Results(
        document,
        done,
        stopped=done.interrupted or beside.stopped,
        lost=done.lost or beside.lost,
        command=tuple(command),
    )


def _few(number: int) -> tuple[str, ...]:
    """Warn of ranges over too few replications; nothing where there are enough."""
    if number >= LEAST_FOR_RANGES:
        return ()
    sentence = (
        f"With fewer than {LEAST_FOR_RANGES} replications ({number} here) the ranges are "
        "hardly reliable; 30 are usual."
    )
    return (sentence,)


def _growth(done: study.Study) -> Iterator[str]:
    """Queues that grow without end, with the scenario's name where there are several."""
    for name, own in zip(done.names, done.replications, strict=True):
        for sentence in study.queue_growth(own):
            yield sentence if len(done.names) == 1 else f"{name}: {sentence}"


def _long_waits(loaded: Loaded, settings: study.Settings) -> tuple[Timeline, ...]:
    """The longest waits of the first replication."""
    from sim.report.story import timelines
    from sim.report.story.world import World

    until = settings.days * DAY
    about = study.definition_of(loaded.scenario, 0, until)
    world = World.of(study.one_world(loaded, settings, 0), loaded, 0)
    found = timelines.longest_waits(world, about.headline_stream, about.headline_grade, 0, until)
    return tuple(found)


def _swept(loaded: Loaded, settings: study.Settings, progress: study.Report | None) -> Sweep:
    """The baseline's headline over the share held for ratification."""
    replications = min(settings.replications, _SWEEP_REPLICATIONS)
    points = study.sweep_share_held(loaded, settings, replications=replications, progress=progress)
    gate = loaded.scenario.policy.gate
    own = gate.share_held if gate.deploy_on == "ratification" else None
    return Sweep(
        title=f"{loaded.scenario.title}; {replications} replications",
        points=tuple(SweepPoint.of(share, interval) for share, interval in points),
        own=0.0 if gate.deploy_on == "grading" else own,
    )


def _varied(done: study.Study, progress: study.Report | None) -> Unknowns | str:
    """The headline over what is not known, or why there is none."""
    headline = done.headline()

    def told(completed: int, planned: int) -> None:
        if progress is not None:
            progress(study.Progress(completed, planned, headline, NOT_KNOWN))

    # A precision may have made more of them than were asked for.
    settings = replace(done.settings, replications=done.completed)
    found = study.vary([one.scenario for one in done.loaded], settings, told=told)
    return found if isinstance(found, str) else unknowns_of(found, done.loaded)


def _shared(whole: study.Study, progress: study.Report | None) -> Shared | None:
    """The baseline's misses shared out among causes; None where there is none, or no target.

    Raises
    ------
    Interrupted
        On Ctrl-C: of fewer replications they would not add up to the misses of the rows.
    """
    from sim.answers.explain.explaining import explain as explained
    from sim.answers.explain.explaining import measure_of_target

    headline, baseline = whole.headline(), whole.loaded[0]
    measure = measure_of_target(baseline)
    if measure is None:
        return None

    def told(step: str, done: int, planned: int, estimate: str = "") -> None:
        del step, estimate
        if progress is not None and planned:
            progress(study.Progress(done, planned, headline, WHY))

    settings = replace(whole.settings, replications=whole.completed, precision=None, cluster=None)
    try:
        found = explained(baseline, settings, measure=measure, told=told)
    except InputError:
        # Nothing in it might be a cause.
        return None
    if found.stopped:
        raise Interrupted
    return Shared(
        causes=tuple(
            SharedCause(name=one.name, title=one.title, rule=one.rule, share=one.share.number)
            for one in found.causes
        ),
        rest=found.rest.number,
    )
