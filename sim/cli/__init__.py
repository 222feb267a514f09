"""The commands: options in, figures out; the only part of the simulator that prints.

Heavy libraries are imported inside the commands, so that ``--help`` is quick.
"""

from __future__ import annotations

import errno
import inspect
import sys
from collections.abc import Sequence
from typing import Final

import typer

from sim.cli import explaining, force_log, rotas, scenario_files, simulating
from sim.cli.answers.explain import explain
from sim.cli.answers.how_often import how_often
from sim.cli.answers.night import night
from sim.cli.answers.sensitivity import sensitivity
from sim.cli.answers.size import size
from sim.cli.edge import (
    INSTALLED,
    SCRIPT,
    is_text,
    no_room_to_print,
    open_streams,
    program,
    say,
    stop_cleanly_when_terminated,
)
from sim.cli.usage import misused
from sim.errors import InputError

_COMPLETION: Final = ("--install-completion", "--show-completion")

app = typer.Typer(
    help="How long a missing child waits for a police officer under different staffing and rules."
    "\n\nSimulated children; not a prediction about any child; not for deciding a live call.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

# In the order in which help lists them, each in a line that a terminal of 80 columns shows whole.
for _name, _command, _line in (
    ("run", simulating.run, "Simulate one scenario: delays, and where the time goes."),
    ("compare", simulating.compare, "Simulate several with the same luck: what differs."),
    ("explain", explain, "Say why targets are missed: each cause, and all together."),
    ("size", size, "Find the cheapest rota that reaches a target."),
    ("night", night, "Say what one night is like with people short."),
    ("how-often", how_often, "Say how often such a wait comes back."),
    ("sensitivity", sensitivity, "Say what the answer hangs on, of all that is not known."),
    ("trace", explaining.trace, "Tell one simulated incident, or a child's year, step by step."),
    ("warm-up", explaining.warm_up, "Show that the warm-up is long enough."),
    ("report", explaining.report, "Make the page, or charts, from a kept folder."),
    ("stress", explaining.stress, "Write the STRESS-DES sheet of a scenario."),
    ("validate", scenario_files.validate, "Check scenario files: all faults at once."),
    ("schema", scenario_files.schema, "Write the JSON Schema of a scenario file, for editors."),
    ("scenarios", scenario_files.scenarios, "List the scenarios that come with the simulator."),
    ("new", scenario_files.new, "Begin a scenario, or a mapping file for a log."),
    ("diagnose", force_log.diagnose, "Say what a force's own log shows, before any model."),
    ("rota", rotas.rota, "Make rotas of a force's own duties, and measure who is away."),
    ("fit", force_log.fit, "Make a scenario of a force's own from its log."),
    ("replay", force_log.replay, "Play a log's incidents through a scenario."),
    ("telephone", force_log.telephone, "Fit call takers to answer times, and predict the rest."),
    ("sample-log", force_log.sample_log, "Write the log of a simulated force, to try things on."),
):
    app.command(_name, short_help=_line)(_command)


def _name_it_in_help(name: str) -> None:
    """Have the examples of help begin with the command that was typed."""
    for one in app.registered_commands:
        one.help = inspect.cleandoc(getattr(one.callback, "__doc__", None) or "").replace(
            SCRIPT, name
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0 done, 1 our fault, 2 input, 130 interrupted.

    Parameters
    ----------
    arguments
        Words after the program's name; those of the process where None.
    """
    words = sys.argv[1:] if arguments is None else list(arguments)
    with open_streams():
        return _status(words)


def _status(words: Sequence[str]) -> int:
    unreadable = next((word for word in words if not is_text(word)), None)
    if unreadable is not None:
        # It could stand neither in a result nor in a file.
        say(
            str(
                InputError(
                    "a word of the command holds bytes that are not text",
                    found=unreadable.encode("ascii", "backslashreplace").decode(),
                    allowed="names in UTF-8; set PYTHONUTF8=1 where the terminal's language is C",
                )
            )
        )
        return InputError.exit_status
    # The shell completes the installed command, so that one goes by its own name.
    name = program()
    _name_it_in_help(name)
    if name != INSTALLED and words and words[0].partition("=")[0] in _COMPLETION:
        error = InputError(
            "a shell completes installed commands only",
            path=words[0],
            allowed=f"{INSTALLED} {words[0]}; the installation has put {INSTALLED} beside Python",
        )
        say(str(error))
        return InputError.exit_status
    stop_cleanly_when_terminated()
    try:
        # Its own way of ending would print values that cannot be used as the library says it.
        ended = app(args=list(words), prog_name=name, standalone_mode=False)
        sys.stdout.flush()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except OSError as error:
        # Help is printed outside of the commands.
        if error.errno != errno.ENOSPC:
            raise
        return no_room_to_print(error)
    except Exception as error:
        status = misused(error)
        if status is None:
            raise
        return status
    return ended if isinstance(ended, int) else 0
