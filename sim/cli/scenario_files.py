"""The commands about scenario files: validate, schema and new."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from sim.cli.asking import ensure_one
from sim.cli.edge import SCRIPT, edge, log_to_standard_error, program, say
from sim.cli.files import ensure_new, load_all, relative
from sim.cli.options import Force, Set, Verbose
from sim.cli.printing import print_lines, write_utf8
from sim.errors import InputError
from sim.places import write_whole

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded


@edge()
def validate(
    scenarios: Annotated[
        list[Path], typer.Argument(metavar="SCENARIO...", help="Scenario files (TOML).")
    ],
    resolve: Annotated[
        bool,
        typer.Option("--resolve", help="Print every value, and where it came from, as TOML."),
    ] = False,
    rota: Annotated[
        bool,
        typer.Option(
            "--rota",
            help="Print each rota as a grid: who is on when, paid hours, rest, weekends off.",
        ),
    ] = False,
    levers: Set = None,
    verbose: Verbose = False,
) -> None:
    """Check scenario files: all faults at once.

    Example: run_sim.py validate scenarios/dorset-2022.toml --resolve
    """
    from sim.scenario.resolve import resolved_toml

    if rota and resolve:
        raise InputError(
            "one of them at a time", path="--rota", allowed="--rota, or --resolve, but not both"
        )
    log_to_standard_error(verbose)
    loaded = load_all(scenarios, levers)
    for one in loaded:
        if rota:
            _print_rotas(one)
            continue
        if resolve:
            # UTF-8 whatever the terminal, for TOML is nothing else.
            write_utf8(resolved_toml(one))
            continue
        file = one.path.as_posix()
        print_lines([f"{file}: sound", *(f"  {note}" for note in one.notices)])
        if one.unsourced:
            count = len(one.unsourced)
            numbers = "1 number" if count == 1 else f"{count} numbers"
            have = "has" if count == 1 else "have"
            first = f"  {numbers} of this file {have} no entry in [sources] ({one.unsourced[0]}"
            where = f'): validate {file} --resolve marks each with "no source".'
            print_lines([first + (", ..." if count > 1 else "") + where])


def _print_rotas(loaded: Loaded) -> None:
    from sim.report.rota_grid import grid

    print_lines([f"{loaded.path.as_posix()}: {loaded.scenario.title}"])
    for name in loaded.scenario.pools:
        print_lines(["", *grid(loaded.scenario, name)])
    print_lines(
        ["", "Who works which days is said of teams alone: [pools.NAME.cycle] in the file."]
    )


@edge()
def schema(
    results: Annotated[
        bool, typer.Option("--results", help="Of the results that --json prints, instead.")
    ] = False,
    answers: Annotated[
        bool, typer.Option("--answers", help="Of the answers to questions, instead.")
    ] = False,
) -> None:
    """Write the JSON Schema of a scenario file, by which an editor completes and checks it.

    Example: run_sim.py schema > scenario.schema.json
    """
    ensure_one(results=results, answers=answers)
    if results:
        from sim.results.schema import schema_text as text_of_results

        write_utf8(text_of_results())
        return
    if answers:
        from sim.answers.schema import answers_schema_text

        write_utf8(answers_schema_text())
        return
    from sim.scenario.schema import schema_text

    write_utf8(schema_text())


@edge()
def scenarios(
    action: Annotated[
        Literal["list"], typer.Argument(metavar="[list]", help="What is to be done.")
    ] = "list",
) -> None:
    """List the scenarios that come with the simulator; any folder's commands find them by name.

    Example: run_sim.py scenarios list
    """
    from sim.scenario.shipped import shipped
    from sim.scenario.toml import read_toml

    assert action == "list"
    titles = {one.name: read_toml(one, one.name)["title"] for one in shipped()}
    width = max((len(name) for name in titles), default=0)
    print_lines([f"{name.ljust(width)}  {title}" for name, title in titles.items()])


@edge(records=True)
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
    like: Annotated[
        Path | None,
        typer.Option(
            metavar="SCENARIO",
            show_default=False,
            help="With --extends: change it as this shipped one changes the baseline.",
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
    ensure_new(file, force=force)
    if mapping is not None:
        if extends is not None:
            raise InputError(
                "either a mapping or a scenario is begun", path="--mapping, --extends",
                allowed="one of the two",
            )  # fmt: skip
        from sim.force_log import new_mapping

        begun = new_mapping(mapping)
        write_whole(file, begun)
        told = f"{file.as_posix()} is there. Check each line that is marked as a guess."
        if any(line.startswith("# ") and line.endswith(" = ?") for line in begun.splitlines()):
            told += " Lines that end in `= ?` want an answer, or what they name is left out."
        print_lines([told])
        return
    if like is not None and extends is None:
        raise InputError("what is it that changes?", path="--like", allowed="--extends SCENARIO")
    _ensure_title(title)
    schema_line = relative(Path(__file__).parents[2] / "docs" / "scenario.schema.json", file)
    if extends is None:
        from sim.scenario.template import template

        text = template(schema_line)
    else:
        from sim.scenario.extending import read_chain
        from sim.scenario.shipped import found
        from sim.scenario.toml import toml_value

        load_all([extends])
        if file.exists() and any(one.path.samefile(file) for one in read_chain(extends).layers):
            raise InputError(
                "the new scenario would extend this file, which it replaces",
                file=file,
                allowed="the name of another file",
            )
        # One that comes with the simulator is found by its name wherever the file is taken.
        own = found(extends)
        base = own.name if own != extends else relative(own, file) or own.resolve().as_posix()
        lines = [] if schema_line is None else [f"#:schema {schema_line}"]
        lines += ["format = 1", f"title = {toml_value(title)}"]
        lines += [f"extends = {toml_value(base)}"]
        lines += (
            _liking(like, extends, title)
            if like is not None
            else [
                '# remove = ["pools.NAME"] # what to take away from it',
                "",
                _ADVICE.replace(SCRIPT, program()),
            ]
        )
        text = "\n".join(lines)
    write_whole(file, text)
    shown = file.as_posix()
    print_lines([f"{shown} is there. Check it with: {program()} validate {shown}"])


def _liking(variant: Path, extends: Path, title: str) -> list[str]:
    """Return the lines of a change like a shipped scenario's."""
    from sim.scenario.extending import read_chain
    from sim.scenario.likeness import like, sources_of, written
    from sim.scenario.shipped import found
    from sim.scenario.toml import toml_key, toml_value

    tables, removed, left = like(variant, read_chain(found(extends)).merged)
    for path in left:
        say(f"Warning: {path} of {variant.name} has no place in {extends.name} and is left out.")
    sources = sources_of(tables, title)
    return [
        *([f"remove = {toml_value(removed)}"] if removed else []),
        *written(tables),
        *(["", "[sources]"] if sources else []),
        *(f"{toml_key(path)} = {toml_value(said)}" for path, said in sources.items()),
        "",
    ]


def _ensure_title(title: str) -> None:
    """Refuse a title that no scenario may have, before a file is begun with it."""
    from sim.scenario.fields import LINE_LENGTH, text_fault

    fault = text_fault(title, lines=False, most=LINE_LENGTH)
    if fault is not None:
        raise InputError(fault[0], path="--title", found=title, allowed=fault[1])


_ADVICE: Final = """\
# Write only what differs; everything else is that file's. Tables merge key by key, lists are
# replaced. `run_sim.py validate --resolve` shows the whole. Such as:
#
# [pools.NAME.shifts.night] # a shift by its name; the rest of the rota stays
# people = 8
#
# [policy.gate]
# deploy_on = "ratification" # or "grading", "assessment", "research"
# share_held = 0.5
"""
