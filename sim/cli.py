"""The commands: options in, figures out; the only module that prints.

Heavy libraries are imported inside the commands, so that ``--help`` is quick.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
import textwrap
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

import typer

from sim import __version__
from sim.errors import (
    InputError,
    InternalError,
    Interrupted,
    OutputError,
    ScenarioErrors,
    SimulatorError,
)

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sim.report.sentences import Sweep
    from sim.scenario.loading import Loaded
    from sim.study import Progress, Settings, Study

_LOG: Final = logging.getLogger("sim")
_DAY_SECONDS: Final = 86_400
_SWEEP_REPLICATIONS: Final = 6
_SCRIPT: Final = "missing-child-sim"

_EngineName: TypeAlias = Literal["reference", "auto"]
_Size: TypeAlias = tuple[int, int, int, int, float | None, int, _EngineName]
"""Replications, days, warm-up days, seed, precision, workers, engine."""

app = typer.Typer(
    help="How long a missing child waits for a police officer under different staffing and rules."
    "\n\nSimulated children; not a prediction about any child; not for deciding a live call.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

ScenarioFile: TypeAlias = Annotated[
    Path, typer.Argument(metavar="SCENARIO", help="Scenario file (TOML).", show_default=False)
]
Replications: TypeAlias = Annotated[
    int, typer.Option(min=1, help="Times that the measured days are simulated anew.")
]
Days: TypeAlias = Annotated[int, typer.Option(min=1, help="Measured days.")]
WarmUpDays: TypeAlias = Annotated[
    int, typer.Option(min=0, help="Days simulated before the measured ones.")
]
Seed: TypeAlias = Annotated[int, typer.Option(min=0, help="The luck: the same seed, the same.")]
Precision: TypeAlias = Annotated[
    float | None,
    typer.Option(
        min=0.0001,
        max=0.5,
        show_default=False,
        help="Stop once the headline is known to this half-width (0.02: 2 percentage points); "
        "--replications is then the fewest that are made.",
    ),
]
Workers: TypeAlias = Annotated[
    int, typer.Option(min=0, help="Processes; 0: one for each processor. Never changes a number.")
]
Engine: TypeAlias = Annotated[_EngineName, typer.Option(help="Engine; all give the same numbers.")]
Output: TypeAlias = Annotated[
    Path | None,
    typer.Option(metavar="DIR", show_default=False, help="Keep tables and figures in this folder."),
]
AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print one JSON document and nothing else.")
]
Quiet: TypeAlias = Annotated[
    bool, typer.Option("--quiet", help="No progress and no warnings on standard error.")
]
Verbose: TypeAlias = Annotated[
    bool, typer.Option("--verbose", help="Say on standard error what is being done.")
]
Force: TypeAlias = Annotated[
    bool, typer.Option("--force", help="Replace what exists; without it nothing is overwritten.")
]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0 done, 1 our fault, 2 input, 130 interrupted.

    Parameters
    ----------
    arguments
        Words after the program's name; those of the process where None.
    """
    try:
        # The shell completes the installed command, so that one goes by its own name.
        name = _SCRIPT if Path(sys.argv[0]).stem == _SCRIPT else "run_sim.py"
        app(args=None if arguments is None else list(arguments), prog_name=name)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return 0


@contextmanager
def _edge() -> Iterator[None]:
    """Turn whatever stops a command into a message on standard error and an exit status."""
    try:
        yield
        sys.stdout.flush()
    except SimulatorError as error:
        if isinstance(error, InternalError) and error.log_file is None:
            error = InternalError(error.message, log_file=_written_log())
        _say(str(error))
        raise SystemExit(error.exit_status) from None
    except KeyboardInterrupt:
        _say(str(Interrupted()))
        raise SystemExit(Interrupted.exit_status) from None
    except BrokenPipeError:
        # The reader has seen enough (such as `head`); without this Python would complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except Exception as error:
        _say(str(InternalError(f"{type(error).__name__}: {error}", log_file=_written_log())))
        raise SystemExit(InternalError.exit_status) from None


def _written_log() -> str | None:
    """Write the traceback that is being handled to a new file, and name it."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    text = f"run_sim.py {__version__}, Python {sys.version}\n{' '.join(sys.argv)}\n\n"
    text += traceback.format_exc()
    for folder in (".", tempfile.gettempdir()):
        try:
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", prefix=f"run_sim-{stamp}-", suffix=".log", dir=folder,
                delete=False,
            ) as file:  # fmt: skip
                file.write(text)
        except OSError:
            continue
        return str(Path(file.name).resolve()) if folder != "." else Path(file.name).name
    return None


def _say(message: str) -> None:
    print(message, file=sys.stderr)


def _log_to_standard_error(verbose: bool) -> None:
    _LOG.handlers = [logging.NullHandler()]
    if verbose:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s", "%H:%M:%S"))
        _LOG.handlers = [handler]
        _LOG.setLevel(logging.DEBUG)
    _LOG.propagate = False


def _needs_ascii() -> bool:
    return "utf" not in (sys.stdout.encoding or "").lower()


def _show(draw: Callable[[int, bool], RenderableType]) -> None:
    """Print what `draw` makes for the terminal's width and alphabet."""
    from rich.console import Console

    class Screen(Console):
        def on_broken_pipe(self) -> None:
            """Leave it to the command's edge; rich would call it a failure."""
            raise BrokenPipeError

    console = Screen(highlight=False, markup=False, emoji=False)
    console.print(draw(console.width, _needs_ascii()))


def _print_lines(lines: Sequence[str]) -> None:
    """Print lines of text, wrapped to the terminal."""

    def draw(width: int, ascii_only: bool) -> RenderableType:
        from rich.text import Text

        from sim.report.console import ASCII, UNICODE

        glyphs = ASCII if ascii_only else UNICODE
        wrapped = [
            part
            for line in lines
            for part in textwrap.wrap(glyphs.text(line), width, subsequent_indent="    ") or [""]
        ]
        return Text("\n".join(wrapped))

    _show(draw)


@dataclass(frozen=True)
class _Told:
    """What is to be said, and what kept."""

    output: Path | None = None
    as_json: bool = False
    quiet: bool = False
    force: bool = False


@app.command()
@_edge()
def run(  # noqa: PLR0913, PLR0917 (an option each)
    scenario: ScenarioFile,
    replications: Replications = 30,
    days: Days = 28,
    warm_up_days: WarmUpDays = 7,
    seed: Seed = 2022,
    precision: Precision = None,
    workers: Workers = 0,
    engine: Engine = "auto",
    output: Output = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    force: Force = False,
) -> None:
    """Simulate one scenario: delays against the target, where the time goes, who is busy.

    Example: run_sim.py run scenarios/dorset-2022.toml --days 7
    """
    _log_to_standard_error(verbose)
    size = (replications, days, warm_up_days, seed, precision, workers, engine)
    _simulate([scenario], size, _Told(output, as_json, quiet, force))


@app.command()
@_edge()
def compare(  # noqa: PLR0913, PLR0917 (an option each)
    baseline: ScenarioFile,
    others: Annotated[
        list[Path], typer.Argument(metavar="OTHER...", help="Scenario files to hold against it.")
    ],
    replications: Replications = 30,
    days: Days = 28,
    warm_up_days: WarmUpDays = 7,
    seed: Seed = 2022,
    precision: Precision = None,
    workers: Workers = 0,
    engine: Engine = "auto",
    output: Output = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    force: Force = False,
) -> None:
    """Simulate several scenarios with the same luck, and say what differs.

    Example: run_sim.py compare scenarios/dorset-2022.toml scenarios/surge.toml
    """
    _log_to_standard_error(verbose)
    size = (replications, days, warm_up_days, seed, precision, workers, engine)
    _simulate([baseline, *others], size, _Told(output, as_json, quiet, force))


@app.command()
@_edge()
def trace(
    scenario: ScenarioFile,
    incident: Annotated[
        str,
        typer.Option(metavar="KEY", help='Key of an incident, or "worst": longest unattended.'),
    ] = "worst",
    child: Annotated[
        int | None,
        typer.Option(metavar="KEY", show_default=False, help="List this child's episodes instead."),
    ] = None,
    replication: Annotated[int, typer.Option(min=0, help="Which replication.")] = 0,
    days: Days = 28,
    warm_up_days: WarmUpDays = 7,
    seed: Seed = 2022,
    engine: Engine = "auto",
    verbose: Verbose = False,
) -> None:
    """Tell one simulated incident step by step, and what was waited for.

    Example: run_sim.py trace scenarios/dorset-2022.toml --incident worst
    """
    from sim import study
    from sim.report import trace as tell

    _log_to_standard_error(verbose)
    if incident != "worst" and not incident.lstrip("-").isdigit():
        raise InputError(
            "this is no incident",
            path="--incident",
            found=incident,
            allowed='a key of the incidents table, or "worst"',
        )
    (loaded,) = _loaded([scenario])
    settings = study.Settings(
        replications=1, days=days, warm_up_days=warm_up_days, seed=seed, engine=engine
    )
    played = study.one_world(loaded, settings, replication)
    world = tell.World(
        played.incidents,
        played.outcomes,
        played.activities,
        played.rota,
        played.policy,
        loaded.scenario.calendar.first_day,
        loaded.scenario.illustrative,
    )
    until = days * _DAY_SECONDS
    if child is not None:
        _print_lines(tell.episodes(world, child, 0, until))
        return
    about = study.definition_of(loaded.scenario, 0, until)
    key = (
        tell.worst(world, about.headline_stream, about.headline_grade, 0, until)
        if incident == "worst"
        else int(incident)
    )
    _print_lines(tell.told(world, key))


@app.command("warm-up")
@_edge()
def warm_up(
    scenario: ScenarioFile,
    replications: Replications = 30,
    days: Days = 28,
    warm_up_days: WarmUpDays = 7,
    seed: Seed = 2022,
    workers: Workers = 0,
    engine: Engine = "auto",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Show that the warm-up is long enough (MSER-5, the weekly cycle taken out).

    Example: run_sim.py warm-up scenarios/dorset-2022.toml
    """
    from sim import study

    _log_to_standard_error(verbose)
    loaded = _loaded([scenario])
    settings = study.Settings(
        replications=replications,
        days=days,
        warm_up_days=warm_up_days,
        seed=seed,
        workers=workers,
        engine=engine,
    )
    with _progress(quiet) as progress:
        found = study.warm_up(loaded[0], settings, progress)
    _print_lines(found.sentences)


@app.command()
@_edge()
def stress(
    scenario: ScenarioFile,
    replications: Replications = 30,
    days: Days = 28,
    warm_up_days: WarmUpDays = 7,
    seed: Seed = 2022,
    precision: Precision = None,
    output: Output = None,
    verbose: Verbose = False,
    force: Force = False,
) -> None:
    """Write the STRESS-DES sheet of a scenario as Markdown: the model, for others to judge.

    What only a person can write is marked "To be written by the analyst". Nothing is simulated.

    Example: run_sim.py stress scenarios/dorset-2022.toml --output kept
    """
    from sim import study
    from sim.report.stress import base_of, stress_des
    from sim.store import STRESS_DES

    _log_to_standard_error(verbose)
    (loaded,) = _loaded([scenario])
    settings = study.Settings(
        replications=replications,
        days=days,
        warm_up_days=warm_up_days,
        seed=seed,
        precision=precision,
    )
    text = stress_des(loaded, settings, base=base_of(loaded))
    if output is None:
        # UTF-8 whatever the terminal, for Markdown is read elsewhere.
        _write_utf8(text)
        return
    file = output / STRESS_DES
    if file.exists() and not force:
        raise OutputError.exists(file)
    _write_whole(file, text)
    _print_lines([f"{file.as_posix()} is there. Look for: To be written by the analyst."])


@app.command()
@_edge()
def validate(
    scenarios: Annotated[
        list[Path], typer.Argument(metavar="SCENARIO...", help="Scenario files (TOML).")
    ],
    resolve: Annotated[
        bool,
        typer.Option("--resolve", help="Print every value, and where it came from, as TOML."),
    ] = False,
    verbose: Verbose = False,
) -> None:
    """Check scenario files: all faults at once.

    Example: run_sim.py validate scenarios/dorset-2022.toml --resolve
    """
    from sim.scenario.resolve import resolved_toml

    _log_to_standard_error(verbose)
    loaded = _loaded(scenarios)
    for one in loaded:
        if resolve:
            # UTF-8 whatever the terminal, for TOML is nothing else.
            _write_utf8(resolved_toml(one))
            continue
        _print_lines([f"{one.path.as_posix()}: sound", *(f"  {note}" for note in one.notices)])


@app.command()
@_edge()
def schema() -> None:
    """Write the JSON Schema of a scenario file, by which an editor completes and checks it.

    Example: run_sim.py schema > scenario.schema.json
    """
    from sim.scenario.schema import schema_text

    _write_utf8(schema_text())


@app.command()
@_edge()
def new(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to begin.", show_default=False)
    ],
    extends: Annotated[
        Path | None,
        typer.Option(
            metavar="SCENARIO",
            show_default=False,
            help="Begin with what another scenario says, instead of a small force of its own.",
        ),
    ] = None,
    title: Annotated[str, typer.Option(help="With --extends: its title.")] = "A new scenario",
    force: Force = False,
) -> None:
    """Begin a scenario from a commented template, or from another scenario.

    Example: run_sim.py new scenarios/plan.toml --extends scenarios/dorset-2022.toml
    """
    if file.exists() and not force:
        raise OutputError.exists(file)
    schema_line = _relative(Path(__file__).parents[1] / "docs" / "scenario.schema.json", file)
    if extends is None:
        from sim.scenario.template import template

        text = template(schema_line)
    else:
        _loaded([extends])
        base = _relative(extends, file) or extends.resolve().as_posix()
        lines = [] if schema_line is None else [f"#:schema {schema_line}"]
        lines += ["format = 1", f"title = {json.dumps(title, ensure_ascii=False)}"]
        lines += [f"extends = {json.dumps(base, ensure_ascii=False)}", "", _ADVICE]
        text = "\n".join(lines)
    _write_whole(file, text)
    shown = file.as_posix()
    _print_lines([f"{shown} is there. Check it with: run_sim.py validate {shown}"])


_ADVICE: Final = """\
# Write only what differs; everything else is that file's. Tables merge key by key, lists are
# replaced. `run_sim.py validate --resolve` shows the whole. Such as:
#
# [policy.gate]
# deploy_on = "ratification" # or "grading", "assessment", "research"
# share_held = 0.5
"""


def _relative(target: Path, file: Path) -> str | None:
    """A file as seen from the folder of another; None where it is absent or on another disk."""
    if not target.is_file():
        return None
    try:
        return Path(os.path.relpath(target.resolve(), file.resolve().parent)).as_posix()
    except ValueError:
        return None


def _write_whole(file: Path, text: str) -> None:
    """Write a file so that there is never half of it."""
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8", newline="\n")
        partial.replace(file)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise OutputError.from_os_error(error, file) from error


def _simulate(files: Sequence[Path], size: _Size, told: _Told) -> None:
    """Run a study, keep it where that was asked for, and print what came of it."""
    from sim import study
    from sim.report.console import summary
    from sim.report.files import write_files
    from sim.report.sentences import Context
    from sim.store import ensure_free

    loaded = _loaded(files)
    replications, days, warm_up_days, seed, precision, workers, engine = size
    settings = study.Settings(
        replications=replications,
        days=days,
        warm_up_days=warm_up_days,
        seed=seed,
        precision=precision,
        workers=workers,
        engine=engine,
        output=told.output,
        force=told.force,
        command=("run_sim.py", *sys.argv[1:]),
    )
    if told.output is not None:
        # Before the work, not after it.
        ensure_free(told.output, force=told.force)
    warnings = [*dict.fromkeys(_notices(loaded)), *study.check(loaded, settings)]
    if not told.quiet:
        for warning in warnings:
            _say(f"Warning: {warning}")
    with _progress(told.quiet) as progress:
        done = study.run(loaded, settings, progress, document=_document, extras=write_files)
    document = done.document or {}
    if told.as_json:
        _write_json(document)
    else:
        sweeps = [] if done.interrupted else _swept(loaded[0], settings, told.quiet)
        context = Context.of(loaded, warnings, sweeps)
        _show(
            lambda width, ascii_only: summary(document, context, width=width, ascii_only=ascii_only)
        )
    if done.interrupted:
        sys.stdout.flush()
        raise Interrupted(done.completed, done.planned)


def _document(done: Study) -> dict[str, object]:
    """The document of rows of a study."""
    from sim.provenance import portable_path, versions
    from sim.report.document import DifferenceResult, RunResult, ScenarioResult, document
    from sim.report.rows import difference_rows, scenario_rows

    settings, baseline = done.settings, done.replications[0]
    scenarios = [
        ScenarioResult(one.name, portable_path(one.path), scenario_rows(own, settings.level))
        for one, own in zip(done.loaded, done.replications, strict=True)
    ]
    others = len(done.names) - 1
    differences = [
        DifferenceResult(
            name,
            done.names[0],
            difference_rows(baseline, own, settings.level, scenarios=others),
        )
        for name, own in zip(done.names[1:], done.replications[1:], strict=True)
    ]
    run = RunResult(
        settings.seed,
        done.completed,
        settings.days,
        done.engine,
        round(done.seconds, 1),
        versions(),
    )
    return document(scenarios, differences, run, settings.level)


def _swept(loaded: Loaded, settings: Settings, quiet: bool) -> list[Sweep]:
    """The baseline's headline over the share held for ratification."""
    from sim import study
    from sim.report.sentences import Sweep

    replications = min(settings.replications, _SWEEP_REPLICATIONS)
    with _progress(quiet, "share held") as progress:
        points = study.sweep_share_held(
            loaded, settings, replications=replications, progress=progress
        )
    gate = loaded.scenario.policy.gate
    own = gate.share_held if gate.deploy_on == "ratification" else None
    own = 0.0 if gate.deploy_on == "grading" else own
    title = f"{loaded.name} held for ratification; {replications} replications"
    return [Sweep(title, tuple(points), own)]


def _notices(loaded: Sequence[Loaded]) -> Iterator[str]:
    for one in loaded:
        for notice in one.notices:
            yield notice if len(loaded) == 1 else f"{one.name}: {notice}"


def _loaded(files: Sequence[Path]) -> list[Loaded]:
    """Load scenario files; the faults of all of them are told at once."""
    from sim.scenario.loading import load

    loaded: list[Loaded] = []
    faults: list[InputError] = []
    for file in files:
        try:
            loaded.append(load(file))
        except ScenarioErrors as errors:
            faults += errors.errors
    names = [one.name for one in loaded]
    faults += [
        InputError(
            "two files of this name cannot be told apart in the results",
            file=one.path,
            allowed="files whose names differ, folder and suffix apart",
        )
        for place, one in enumerate(loaded)
        if one.name in names[:place]
    ]
    if faults:
        raise ScenarioErrors(faults)
    return loaded


@contextmanager
def _progress(
    quiet: bool, what: str = "replications"
) -> Iterator[Callable[[Progress], None] | None]:
    """A bar on standard error with the running estimate, where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    with Bar(
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
        console=console,
        transient=True,
    ) as bar:
        task = bar.add_task(what, total=None)

        def advance(progress: Progress) -> None:
            bar.update(
                task,
                completed=progress.completed,
                total=progress.planned,
                description=f"{what} {progress.estimate}",
            )

        yield advance


def _write_json(document: object) -> None:
    # ASCII, so that the document is the same whatever encoding standard output has.
    print(json.dumps(document, ensure_ascii=True, allow_nan=False, indent=1))


def _write_utf8(text: str) -> None:
    sys.stdout.flush()
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(text)
        return
    buffer.write(text.encode("utf-8"))
    buffer.flush()
