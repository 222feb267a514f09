"""The commands about a force's own log: diagnose, fit, replay, telephone and sample-log."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sim.cli.edge import edge, log_to_standard_error, program, say
from sim.cli.files import Pictures, ensure_new, load_all
from sim.cli.options import (
    AsJson,
    CasesFile,
    CasesMapping,
    Days,
    Engine,
    FirstDay,
    Force,
    LastDay,
    LogFile,
    LogPage,
    MappingFile,
    Quiet,
    ScenarioFile,
    Seed,
    Set,
    Verbose,
    WarmUpDays,
)
from sim.cli.printing import counted, print_drawn, print_lines, trying, write_json
from sim.errors import InputError
from sim.places import write_whole

if TYPE_CHECKING:
    from sim.force_log import Cases, LoadedMapping, Log
    from sim.force_log.bands import By
    from sim.scenario.models import Scenario
    from sim.scenario.rotas import Rota
    from sim.study.settings import EngineName


@edge(records=True)
def diagnose(  # noqa: PLR0913, PLR0917 (an option each)
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
    by: Annotated[
        str | None,
        typer.Option(
            metavar="CUT,...",
            help="Cut missing-child jobs by risk (high or not), hours (three bands) or both.",
            show_default=False,
        ),
    ] = None,
    cases: CasesFile = None,
    cases_mapping: CasesMapping = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    seed: Seed = 2022,
    html: LogPage = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
    force: Force = False,
) -> None:
    """Say what a force's own log shows, before any model: delays, gates, idle crews.

    Example: run_sim.py diagnose export.csv --mapping scenarios/mappings/uk-command-and-control.toml
    """
    from sim import force_log
    from sim.report.log.diagnosis import diagnosis_summary, fault_sentences

    log_to_standard_error(verbose)
    Pictures(html).ensure_free(force=force)
    cuts = _cuts(by)
    loaded = force_log.load_mapping_for(log, mapping)
    held_to = None
    if targets is not None:
        held_to = list(load_all([targets])[0].scenario.targets.values())
    first, last = _days_of(first_day, last_day)
    records = _records(cases, cases_mapping)
    read = force_log.read_log(log, loaded, first_day=first, last_day=last, cases=records)
    found = force_log.diagnose(read, held_to, by=cuts, seed=seed)
    if html is not None:
        from sim.report.log.page import diagnosis_page

        write_whole(html, diagnosis_page(found, *_made_by()))
    if as_json:
        write_json(found.as_dict())
        return
    # Exact faults are for the eyes of those who hold the log, not for a file; and said once.
    seen = sys.stdout.isatty()
    print_drawn(
        lambda width, ascii_only: diagnosis_summary(
            found, width=width, ascii_only=ascii_only, found=read.faults if seen else None
        )
    )
    if not seen and read.faults.found:
        if sys.stderr.isatty():
            for sentence in fault_sentences(read.faults):
                say(sentence)
        else:
            say(
                "What was wrong with the log is told with counts to the nearest five; on a "
                "terminal also exactly, with the first line of each."
            )


def _cuts(by: str | None) -> tuple[By, ...]:
    """Return what --by names, each once."""
    from sim.force_log.bands import BY

    named = [] if by is None else [one.strip() for one in by.split(",")]
    for one in named:
        if one not in BY:
            raise InputError(
                "missing-child jobs are not cut by this",
                path="--by",
                found=one,
                allowed="risk, hours, or both with a comma between them",
            )
    return tuple(one for one in BY if one in named)


@edge(records=True)
def fit(  # noqa: PLR0913, PLR0917 (an option each)
    log: LogFile,
    mapping: MappingFile,
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="The scenario to write.", show_default=False)
    ],
    rota: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV|DIR",
            show_default=False,
            help="The shifts of response, or a folder of rotas as the command rota writes it; "
            "without them crews are fitted wholly.",
        ),
    ] = None,
    cases: CasesFile = None,
    cases_mapping: CasesMapping = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    seed: Seed = 2022,
    engine: Engine = "auto",
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
    from sim.report.log.fitted import fit_summary

    log_to_standard_error(verbose)
    ensure_new(out, force=force)
    loaded = force_log.load_mapping_for(log, mapping)
    shifts = None if rota is None else _rotas(rota)
    _ensure_columns(loaded, "assigned", "arrived")
    read, first, last = _read_for_play(
        log, loaded, first_day, last_day, _records(cases, cases_mapping)
    )
    if not quiet:
        _say_of_engine(engine)
        _say_of_faults(read)
        _say_of_weeks(rota, first, last)
    with trying(quiet) as told:
        found = fitting.fit(read, first, last, shifts, seed=seed, engine=engine, told=told)
    write_whole(out, found.text)
    # What is written must be what the other commands read.
    (fitted,) = load_all([out])
    _say_of_targets(loaded, fitted.scenario, out)
    if as_json:
        write_json(found.as_dict())
        return
    print_drawn(lambda width, ascii_only: fit_summary(found, width=width, ascii_only=ascii_only))
    shown = out.as_posix()
    advice = (
        f"Hold it to later weeks with: {program()} replay LOG --mapping {mapping.as_posix()} "
        f"--scenario {shown} --first-day {last + timedelta(days=1)} --html replay.html"
    )
    print_lines(["", f"{shown} is there. {advice}"])


@edge(records=True)
def replay(  # noqa: PLR0913, PLR0917 (an option each)
    log: LogFile,
    mapping: MappingFile,
    scenario: Annotated[
        Path,
        typer.Option(metavar="FILE", help="Scenario file, as fit writes it.", show_default=False),
    ],
    levers: Set = None,
    cases: CasesFile = None,
    cases_mapping: CasesMapping = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    replications: Annotated[
        int, typer.Option(min=2, help="Times that the luck of who paraded is drawn.")
    ] = 40,
    seed: Seed = 2022,
    engine: Engine = "auto",
    html: LogPage = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    force: Force = False,
) -> None:
    """Play a log's real incidents through a scenario, and say how far it may be believed.

    Example: run_sim.py replay export.csv --mapping map.toml --scenario mine.toml
    """
    from sim import force_log
    from sim.force_log.replaying.replay import replay as played
    from sim.report.log.summaries import replay_summary

    log_to_standard_error(verbose)
    Pictures(html).ensure_free(force=force)
    loaded = force_log.load_mapping_for(log, mapping)
    (world,) = load_all([scenario], levers)
    _ensure_columns(loaded, "assigned")
    read, first, _ = _read_for_play(
        log, loaded, first_day, last_day, _records(cases, cases_mapping)
    )
    if not quiet:
        _say_of_engine(engine)
        _say_of_faults(read)
    past = _before(log, loaded, first, world.scenario)
    with counted(quiet, "replications") as told:
        found = played(
            read, world.scenario, first, past=past,
            replications=replications, seed=seed, engine=engine, told=told,
        )  # fmt: skip
    if html is not None:
        from sim.report.log.page import replay_page

        write_whole(html, replay_page(found, *_made_by()))
    if as_json:
        write_json(found.as_dict())
        return
    print_drawn(lambda width, ascii_only: replay_summary(found, width=width, ascii_only=ascii_only))


@edge(records=True)
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
    from sim.report.log.summaries import telephone_summary

    log_to_standard_error(verbose)
    said = queue.load_telephone_mapping(mapping)
    found = queue.telephone(hourly, said, fit_days, seed=seed)
    if as_json:
        write_json(found.as_dict())
        return
    print_drawn(
        lambda width, ascii_only: telephone_summary(found, width=width, ascii_only=ascii_only)
    )


@edge()
def sample_log(
    scenario: ScenarioFile,
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="The CSV file to write.", show_default=False)
    ],
    cases: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            show_default=False,
            help="Also a CSV file of missing-person records, in the columns of "
            "scenarios/mappings/cases/uk-missing-persons.toml.",
        ),
    ] = None,
    days: Days = 28,
    warm_up_days: WarmUpDays = 7,
    seed: Seed = 2022,
    levers: Set = None,
    verbose: Verbose = False,
    force: Force = False,
) -> None:
    """Write the log of a simulated force, in the columns of the UK-like mapping, to try things on.

    Example: run_sim.py sample-log scenarios/dorset-2022.toml --out sample.csv
    """
    from sim.force_log.writing import simulated_records

    log_to_standard_error(verbose)
    ensure_new(out, force=force)
    if cases is not None:
        ensure_new(cases, force=force)
    (loaded,) = load_all([scenario], levers)
    log, records = simulated_records(
        loaded.scenario, days=days, warm_up_days=warm_up_days, seed=seed
    )
    written = {out: log} if cases is None else {out: log, cases: records}
    for path, rows in written.items():
        write_whole(path, rows.write_csv())
    print_lines([f"{out.as_posix()} is there: {log.height:,} simulated incidents."])
    if cases is not None:
        print_lines([f"{cases.as_posix()} is there: {records.height:,} simulated records."])


def _rotas(place: Path) -> dict[str, Rota]:
    """Read the rota of response, or those of a folder by the names of their pools."""
    from sim.scenario.rotas import read_rota

    if not place.is_dir():
        return {"response": read_rota(place, place.as_posix())}
    files = sorted(place.glob("*.csv"))
    if not files:
        raise InputError(
            "this folder holds no rota",
            file=place.as_posix(),
            allowed="a CSV file for each pool, as rota EXPORT --mapping FILE --out DIR writes them",
        )
    return {file.stem: read_rota(file, file.as_posix()) for file in files}


def _say_of_targets(loaded: LoadedMapping, scenario: Scenario, out: Path) -> None:
    """Ask for targets where a fitted scenario has none, or not all of its mapping's."""
    wanted = loaded.mapping.targets
    if not wanted:
        say(
            f"Warning: {loaded.file}, targets: the mapping has none, so {out.as_posix()} has none, "
            "and no share attended in time can be told of it: write [targets.grade_2] with grade, "
            "minutes and starts into either, as your force has them."
        )
    lost = [name for name in wanted if name not in scenario.targets]
    if lost:
        say(
            f"Warning: {loaded.file}, targets: {', '.join(lost)} could not be carried over to "
            f"{out.as_posix()}: these days have no report of its grade, or the areas that it names "
            "are not all of theirs."
        )


def _say_of_weeks(rotas: Path | None, first: date, last: date) -> None:
    """Say so where duties were of other weeks than those that are fitted."""
    from sim.force_log.duties.writing import SNIPPET, weeks_of

    lines = None if rotas is None else rotas / SNIPPET
    if lines is None or not lines.is_file():
        return
    weeks = weeks_of(lines.read_text(encoding="utf-8", errors="replace"))
    if weeks is not None and (weeks[1] < first or last < weeks[0]):
        say(
            f"Warning: {lines.as_posix()}: the duties are of {weeks[0]} to {weeks[1]}, and the "
            f"days to fit are {first} to {last}: taken all the same, though people, hours and "
            "those away may be of another season or another rota; duties of the same weeks say "
            "more."
        )


def _records(cases: Path | None, mapping: Path | None) -> Cases | None:
    """Read the missing-person records that are to be joined, if any are."""
    from sim import force_log

    if cases is None and mapping is None:
        return None
    if cases is None or mapping is None:
        raise InputError(
            "records and their mapping are given together",
            path="--cases" if cases is None else "--cases-mapping",
            allowed="--cases FILE --cases-mapping FILE",
        )
    return force_log.read_cases(cases, force_log.load_case_mapping(mapping))


def _say_of_faults(log: Log) -> None:
    """Say what may make every figure of a log another one, and steps in its weekly volume."""
    from sim.force_log.fault_order import told_first

    told = (one for code in ("recording_change", "silence") for one in log.faults.of(code))
    for fault in (*told_first(log.faults), *told):
        say(f"Warning: {fault.where}: {fault.what}; {fault.done}.")


def _say_of_engine(engine: EngineName) -> None:
    """Say what `run` says of its engine."""
    from sim.study.engines import remarks

    for remark in remarks(engine):
        say(f"Warning: {remark}")


def _made_by() -> tuple[list[str], dict[str, str]]:
    """The command line, and the versions of what its numbers rest on."""
    from sim.provenance import portable_command, versions

    return portable_command([program(), *sys.argv[1:]]), versions()


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


_WORDS: Final = {
    "assigned": "of allocation, so who waited for a crew is not known",
    "arrived": "of arrival, so neither the way nor the work is known",
    "cleared": "of clearing or closing, so how long crews are busy is not known",
}


def _ensure_columns(loaded: LoadedMapping, *needed: str) -> None:
    """Refuse a mapping without a column that a simulation cannot do without."""
    named = loaded.mapping.columns.stamps()
    lacking = [one for one in needed if one not in named]
    if not {"cleared", "closed"} & set(named):
        lacking.append("cleared")
    if lacking:
        raise InputError(
            f"this names no time {_WORDS[lacking[0]]}",
            file=loaded.file,
            path=f"columns.{lacking[0]}",
            allowed="the name of a column of the log",
        )


def _read_for_play(
    log: Path,
    mapping: LoadedMapping,
    first_day: datetime | None,
    last_day: datetime | None,
    cases: Cases | None,
) -> tuple[Log, date, date]:
    """Read a log's days, and one before them to begin with jobs in hand, where there is one."""
    from sim import force_log

    first, last = _days_of(first_day, last_day)
    first = first or mapping.mapping.file.first_day
    before = None if first is None else first - timedelta(days=1)
    read = force_log.read_log(log, mapping, first_day=before, last_day=last, cases=cases)
    own_first, own_last = read.period
    return read, first or own_first, last or own_last


def _before(log: Path, mapping: LoadedMapping, first: date, scenario: Scenario) -> Log | None:
    """Read the days that a scenario was fitted to, or else those before the first one replayed."""
    from sim import force_log
    from sim.force_log.replaying.replay import fitted_days

    named = fitted_days(scenario)
    start, end = (None, first - timedelta(days=1)) if named is None else named
    try:
        return force_log.read_log(log, mapping, first_day=start, last_day=end)
    except InputError:
        # This log does not hold them, so that there is nothing to make a forecast from.
        return None
