"""The commands: options in, figures out; the only module that prints.

Heavy libraries are imported inside the commands, so that ``--help`` is quick.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import re
import signal
import sys
import tempfile
import textwrap
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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

    from sim.force_log import LoadedMapping, Log
    from sim.report.sentences import Sweep
    from sim.report.timelines import Timeline
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
Html: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", show_default=False, help="Write the page for a meeting: one HTML file."
    ),
]
Charts: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", show_default=False, help="Write the charts into this folder, PNG and SVG."
    ),
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
    words = sys.argv[1:] if arguments is None else list(arguments)
    with _open_streams():
        return _status(words)


def _status(words: Sequence[str]) -> int:
    unreadable = next((word for word in words if not _is_text(word)), None)
    if unreadable is not None:
        # It could stand neither in a result nor in a file.
        _say(
            str(
                InputError(
                    "a word of the command holds bytes that are not text",
                    found=unreadable.encode("ascii", "backslashreplace").decode(),
                    allowed="names in UTF-8; set PYTHONUTF8=1 where the terminal's language is C",
                )
            )
        )
        return InputError.exit_status
    _stop_cleanly_when_terminated()
    try:
        # The shell completes the installed command, so that one goes by its own name.
        name = _SCRIPT if Path(sys.argv[0]).stem == _SCRIPT else "run_sim.py"
        app(args=list(words), prog_name=name)
        sys.stdout.flush()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except OSError as error:
        # Help is printed outside of the commands.
        if error.errno != errno.ENOSPC:
            raise
        return _no_room_to_print(error)
    return 0


@contextmanager
def _open_streams() -> Iterator[None]:
    """Let a stream that was closed lead nowhere; else the next file opened would take its place."""
    with ExitStack() as opened:
        for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
            if getattr(sys, name) is None:
                nowhere = open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123, SIM115
                setattr(sys, name, opened.enter_context(nowhere))
                opened.callback(setattr, sys, name, None)
        yield


def _stop_cleanly_when_terminated() -> None:
    """Let a request to end, such as a scheduler's, remove what is half written."""

    def terminated(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    in_main_thread = threading.current_thread() is threading.main_thread()
    if in_main_thread and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, terminated)


def _is_text(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


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
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise SystemExit(_no_room_to_print(error)) from None
        _say(str(InternalError(f"{type(error).__name__}: {error}", log_file=_written_log())))
        raise SystemExit(InternalError.exit_status) from None


def _no_room_to_print(error: OSError) -> int:
    # What fills the disk while a file is written is an `OutputError` already.
    _say(str(OutputError.from_os_error(error, "standard output")))
    return OutputError.exit_status


def _written_log() -> str | None:
    """Write the traceback that is being handled to a new file, and name it."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    text = f"run_sim.py {__version__}, Python {sys.version}\n{' '.join(sys.argv)}\n\n"
    text += traceback.format_exc()
    for folder in (".", tempfile.gettempdir()):
        try:
            number, name = tempfile.mkstemp(".log", f"run_sim-{stamp}-", folder)
        except OSError:
            continue
        try:
            with open(number, "w", encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123 (by its number)
                file.write(text)
        except OSError:
            with suppress(OSError):
                Path(name).unlink()
            continue
        return str(Path(name).resolve()) if folder != "." else Path(name).name
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
    html: Path | None = None
    charts: Path | None = None

    @property
    def pictured(self) -> bool:
        """Whether a page or charts are made, now or later from what is kept."""
        return any(place is not None for place in (self.output, self.html, self.charts))


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
    html: Html = None,
    charts: Charts = None,
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
    _simulate([scenario], size, _Told(output, as_json, quiet, force, html, charts))


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
    html: Html = None,
    charts: Charts = None,
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
    _simulate([baseline, *others], size, _Told(output, as_json, quiet, force, html, charts))


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
    if incident != "worst" and re.fullmatch(r"-?[0-9]{1,30}", incident) is None:
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
    if found.interrupted:
        sys.stdout.flush()
        raise Interrupted(found.replications, replications)


@app.command()
@_edge()
def report(
    directory: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Folder that --output has kept.", show_default=False),
    ],
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", show_default="DIR.html here", help="The page: one HTML file."),
    ] = None,
    charts: Charts = None,
    verbose: Verbose = False,
    force: Force = False,
) -> None:
    """Make the page, or charts, from a kept folder of results; nothing is simulated.

    Example: run_sim.py report results --html results.html
    """
    from sim.report.document import FORMAT
    from sim.store import Kept

    _log_to_standard_error(verbose)
    kept = Kept(directory)
    kept.check()
    document = kept.document
    if document.get("format") != FORMAT or "context" not in document:
        raise InputError(
            "these results were kept by another version of the simulator",
            file=directory / "summary.json",
            path="format",
            found=document.get("format"),
            allowed=f"{FORMAT}, with its context; run the study again with --output",
        )
    if html is None and charts is None:
        html = Path(f"{directory.resolve().name}.html")
    _ensure_free(html, charts, force)
    try:
        _picture(document, html, charts)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            "these results are of another form than this version reads",
            file=directory / "summary.json",
            allowed="a folder that this version's --output has written",
        ) from error
    made = [place.as_posix() for place in (html, charts) if place is not None]
    _print_lines([f"Made: {' and '.join(made)}"])


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
    if os.path.lexists(file) and not force:
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
    mapping: Annotated[
        Path | None,
        typer.Option(
            metavar="LOG",
            show_default=False,
            help="Begin a mapping file instead, from the header of this log.",
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Begin a scenario from a commented template, or from another; or a log's mapping file.

    Example: run_sim.py new scenarios/plan.toml --extends scenarios/dorset-2022.toml
    """
    # A link that leads nowhere is there as well.
    if os.path.lexists(file) and not force:
        raise OutputError.exists(file)
    if mapping is not None:
        if extends is not None:
            raise InputError(
                "either a mapping or a scenario is begun", path="--mapping, --extends",
                allowed="one of the two",
            )  # fmt: skip
        from sim.force_log import new_mapping

        _write_whole(file, new_mapping(mapping))
        _print_lines([f"{file.as_posix()} is there. Check each line that is marked as a guess."])
        return
    schema_line = _relative(Path(__file__).parents[1] / "docs" / "scenario.schema.json", file)
    if extends is None:
        from sim.scenario.template import template

        text = template(schema_line)
    else:
        from sim.scenario.extending import read_chain
        from sim.scenario.toml import toml_value

        _loaded([extends])
        if file.exists() and any(one.path.samefile(file) for one in read_chain(extends).layers):
            raise InputError(
                "the new scenario would extend this file, which it replaces",
                file=file,
                allowed="the name of another file",
            )
        base = _relative(extends, file) or extends.resolve().as_posix()
        lines = [] if schema_line is None else [f"#:schema {schema_line}"]
        lines += ["format = 1", f"title = {toml_value(title)}"]
        lines += [f"extends = {toml_value(base)}", "", _ADVICE]
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


LogFile: TypeAlias = Annotated[
    Path,
    typer.Argument(
        metavar="LOG", help="Export of a command-and-control system (CSV, Parquet).",
        show_default=False,
    ),
]  # fmt: skip
MappingFile: TypeAlias = Annotated[
    Path,
    typer.Option(
        "--mapping", metavar="FILE", help="What the log's columns hold (TOML); see new --mapping.",
        show_default=False,
    ),
]  # fmt: skip
FirstDay: TypeAlias = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], help="First day of receipt; the log's where absent.",
        show_default=False,
    ),
]  # fmt: skip
LastDay: TypeAlias = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], help="Last day of receipt; the log's where absent.",
        show_default=False,
    ),
]  # fmt: skip


@app.command()
@_edge()
def diagnose(
    log: LogFile,
    mapping: MappingFile,
    targets: Annotated[
        Path | None,
        typer.Option(
            metavar="SCENARIO",
            help="Hold it to a scenario's targets, not the mapping's.",
            show_default=False,
        ),
    ] = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    seed: Seed = 2022,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Say what a force's own log shows, before any model: delays, gates, idle crews.

    Example: run_sim.py diagnose export.csv --mapping scenarios/mappings/uk-command-and-control.toml
    """
    from sim import force_log
    from sim.report.diagnosis import diagnosis_summary

    _log_to_standard_error(verbose)
    loaded = force_log.load_mapping(mapping)
    held_to = None
    if targets is not None:
        held_to = list(_loaded([targets])[0].scenario.targets.values())
    first, last = _days_of(first_day, last_day)
    read = force_log.read_log(log, loaded, first_day=first, last_day=last)
    found = force_log.diagnose(read, held_to, seed=seed)
    if as_json:
        _write_json(found.as_dict())
        return
    _show(
        lambda width, ascii_only: diagnosis_summary(
            found, width=width, ascii_only=ascii_only, found=read.faults
        )
    )


@app.command()
@_edge()
def fit(  # noqa: PLR0913, PLR0917 (an option each)
    log: LogFile,
    mapping: MappingFile,
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="The scenario to write.", show_default=False)
    ],
    rota: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            show_default=False,
            help="The force's shifts; without them crews are fitted wholly.",
        ),
    ] = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    seed: Seed = 2022,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    force: Force = False,
) -> None:
    """Make a scenario of a force's own from its log (and its rota), by simulation.

    Example: run_sim.py fit export.csv --mapping map.toml --rota rota.csv --out mine.toml
    """
    from sim import force_log
    from sim.force_log import fitting
    from sim.report.from_log import fit_summary
    from sim.scenario.rotas import read_rota

    _log_to_standard_error(verbose)
    if os.path.lexists(out) and not force:
        raise OutputError.exists(out)
    loaded = force_log.load_mapping(mapping)
    shifts = None if rota is None else read_rota(rota, rota.as_posix())
    read, first, last = _read_for_play(log, loaded, first_day, last_day)
    if not quiet:
        for fault in read.faults.of("recording_change"):
            _say(f"Warning: {fault.where}: {fault.what}; {fault.done}.")
    with _counted(quiet, "guesses simulated") as told:
        found = fitting.fit(read, first, last, shifts, seed=seed, told=told)
    _write_whole(out, found.text)
    # What is written must be what the other commands read.
    _loaded([out])
    if as_json:
        _write_json(found.as_dict())
        return
    _show(lambda width, ascii_only: fit_summary(found, width=width, ascii_only=ascii_only))
    shown = out.as_posix()
    advice = f"Hold it to other weeks with: run_sim.py replay LOG --scenario {shown}"
    _print_lines(["", f"{shown} is there. {advice}"])


@app.command()
@_edge()
def replay(  # noqa: PLR0913, PLR0917 (an option each)
    log: LogFile,
    mapping: MappingFile,
    scenario: Annotated[
        Path,
        typer.Option(metavar="FILE", help="Scenario file, as fit writes it.", show_default=False),
    ],
    first_day: FirstDay = None,
    last_day: LastDay = None,
    replications: Annotated[
        int, typer.Option(min=2, help="Times that the luck of who paraded is drawn.")
    ] = 20,
    seed: Seed = 2022,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Play a log's real incidents through a scenario, and say how far it may be believed.

    Example: run_sim.py replay export.csv --mapping map.toml --scenario mine.toml
    """
    from sim import force_log
    from sim.force_log.replaying.replay import replay as played
    from sim.report.from_log import replay_summary

    _log_to_standard_error(verbose)
    loaded = force_log.load_mapping(mapping)
    (world,) = _loaded([scenario])
    read, first, _ = _read_for_play(log, loaded, first_day, last_day)
    with _counted(quiet, "replications") as told:
        found = played(read, world.scenario, first, replications=replications, seed=seed, told=told)
    if as_json:
        _write_json(found.as_dict())
        return
    _show(lambda width, ascii_only: replay_summary(found, width=width, ascii_only=ascii_only))


@app.command()
@_edge()
def telephone(
    hourly: Annotated[
        Path,
        typer.Argument(
            metavar="HOURLY",
            help="Counts of answer times, a row for each hour (CSV).",
            show_default=False,
        ),
    ],
    mapping: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="What its columns hold (TOML); see scenarios/mappings/telephone.",
            show_default=False,
        ),
    ],
    fit_days: Annotated[int, typer.Option(min=1, help="Days that staff is fitted to.")] = 21,
    seed: Seed = 2022,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Fit call takers to some days of answer times, and predict the rest.

    Example: run_sim.py telephone hourly.csv --mapping scenarios/mappings/telephone/us-city.toml
    """
    from sim.force_log import telephone as queue
    from sim.report.from_log import telephone_summary

    _log_to_standard_error(verbose)
    said = queue.load_telephone_mapping(mapping)
    found = queue.telephone(hourly, said, fit_days, seed=seed)
    if as_json:
        _write_json(found.as_dict())
        return
    _show(lambda width, ascii_only: telephone_summary(found, width=width, ascii_only=ascii_only))


@app.command("sample-log")
@_edge()
def sample_log(
    scenario: ScenarioFile,
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="The CSV file to write.", show_default=False)
    ],
    days: Days = 28,
    warm_up_days: WarmUpDays = 7,
    seed: Seed = 2022,
    verbose: Verbose = False,
    force: Force = False,
) -> None:
    """Write the log of a simulated force, in the columns of the UK-like mapping, to try things on.

    Example: run_sim.py sample-log scenarios/dorset-2022.toml --out sample.csv
    """
    from sim.force_log.writing import simulated_log

    _log_to_standard_error(verbose)
    if os.path.lexists(out) and not force:
        raise OutputError.exists(out)
    (loaded,) = _loaded([scenario])
    log = simulated_log(loaded.scenario, days=days, warm_up_days=warm_up_days, seed=seed)
    _write_whole(out, log.write_csv())
    _print_lines([f"{out.as_posix()} is there: {log.height:,} simulated incidents."])


def _days_of(
    first_day: datetime | None, last_day: datetime | None
) -> tuple[date | None, date | None]:
    first = None if first_day is None else first_day.date()
    last = None if last_day is None else last_day.date()
    if first is not None and last is not None and last < first:
        raise InputError(
            f"this lies before the first day ({first})", path="--last-day", found=last.isoformat()
        )
    return first, last


def _read_for_play(
    log: Path, mapping: LoadedMapping, first_day: datetime | None, last_day: datetime | None
) -> tuple[Log, date, date]:
    """Read a log's days, and one before them to begin with jobs in hand, where there is one."""
    from sim import force_log

    first, last = _days_of(first_day, last_day)
    first = first or mapping.mapping.file.first_day
    before = None if first is None else first - timedelta(days=1)
    read = force_log.read_log(log, mapping, first_day=before, last_day=last)
    own_first, own_last = read.period
    return read, first or own_first, last or own_last


@contextmanager
def _counted(quiet: bool, what: str) -> Iterator[Callable[[int], None] | None]:
    """A running count on standard error, where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    with console.status(what) as status:
        yield lambda done: status.update(f"{done} {what}")


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
    partial = file.parent / f".{file.name}.{os.getpid()}"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            partial.write_text(text, encoding="utf-8", newline="\n")
            partial.replace(file)
        except BaseException:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
            raise
    except OSError as error:
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
    # Before the work, not after it.
    if told.output is not None:
        ensure_free(told.output, force=told.force)
    _ensure_free(told.html, told.charts, told.force)
    warnings = [*dict.fromkeys(_notices(loaded)), *study.check(loaded, settings)]
    if not told.quiet:
        for warning in warnings:
            _say(f"Warning: {warning}")
    beside = _Beside(settings, warnings, told)
    with _progress(told.quiet) as progress:
        done = study.run(
            loaded,
            settings,
            progress,
            beside=lambda made: beside.gather(made, progress),
            document=beside.document,
            extras=write_files,
        )
    document = done.document or {}
    if told.as_json:
        _write_json(document)
    else:
        context = Context.of(loaded, warnings, beside.sweeps)
        _show(
            lambda width, ascii_only: summary(document, context, width=width, ascii_only=ascii_only)
        )
    _picture(document, told.html, told.charts)
    if done.interrupted or beside.stopped:
        sys.stdout.flush()
        raise Interrupted(done.completed, done.planned)


class _Beside:
    """What is told beside a study's rows: the answer over the share held, and long waits."""

    def __init__(self, settings: Settings, warnings: Sequence[str], told: _Told) -> None:
        self.settings = settings
        self.warnings = warnings
        self.told = told
        self.sweeps: list[Sweep] = []
        self.timelines: list[Timeline] = []
        self.stopped = False

    def gather(self, done: Study, bar: Callable[[Progress], None] | None) -> None:
        """Simulate it, where it is shown; Ctrl-C leaves it out, and the study stays whole."""
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

    def document(self, done: Study) -> dict[str, object]:
        """The document of the study, with all of this."""
        from sim.provenance import portable_command
        from sim.report.background import Background, as_data
        from sim.report.sentences import Context

        background = Background.of(
            done.loaded,
            self.settings.days,
            timelines=self.timelines,
            command=portable_command(self.settings.command),
        )
        context = Context.of(done.loaded, self.warnings, self.sweeps)
        return _document(done, as_data(context, background))


def _ensure_free(html: Path | None, charts: Path | None, force: bool) -> None:
    """Refuse places for a page and charts that are taken."""
    from sim.store import ensure_free_file, ensure_free_names

    if html is not None:
        ensure_free_file(html, force=force, like=b"<!doctype html")
    if charts is not None:
        from sim.report.charts import file_names

        ensure_free_names(charts, file_names(), force=force)


def _picture(document: Mapping[str, object], html: Path | None, charts: Path | None) -> None:
    """Write the page and the charts of a document."""
    from sim.store import put_files

    if html is not None:
        from sim.report.page import page

        _write_whole(html, page(document))
    if charts is not None:
        from sim.report.charts import chart_files
        from sim.report.view import View

        put_files(charts, chart_files(View(document)))


def _long_waits(loaded: Loaded, settings: Settings) -> list[Timeline]:
    """The longest waits of the first replication."""
    from sim import study
    from sim.report import timelines
    from sim.report import trace as tell

    until = settings.days * _DAY_SECONDS
    about = study.definition_of(loaded.scenario, 0, until)
    played = study.one_world(loaded, settings, 0)
    world = tell.World(
        played.incidents,
        played.outcomes,
        played.activities,
        played.rota,
        played.policy,
        loaded.scenario.calendar.first_day,
        loaded.scenario.illustrative,
    )
    return timelines.longest_waits(world, about.headline_stream, about.headline_grade, 0, until)


def _document(done: Study, context: Mapping[str, object]) -> dict[str, object]:
    """The document of a study: its rows, and what surrounds them."""
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
    return document(scenarios, differences, run, settings.level, context)


def _swept(
    loaded: Loaded, settings: Settings, bar: Callable[[Progress], None] | None
) -> list[Sweep]:
    """The baseline's headline over the share held for ratification."""
    from sim import study
    from sim.report.sentences import Sweep

    replications = min(settings.replications, _SWEEP_REPLICATIONS)
    points = study.sweep_share_held(loaded, settings, replications=replications, progress=bar)
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
