"""The commands: options in, figures out; the only part of the simulator that prints.

Heavy libraries are imported inside the commands, so that ``--help`` is quick.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typer

from sim.cli import explaining, force_log, scenario_files, simulating
from sim.cli.edge import is_text, no_room_to_print, open_streams, say, stop_cleanly_when_terminated
from sim.errors import InputError

_SCRIPT: Final = "missing-child-sim"
_COMPLETION: Final = ("--install-completion", "--show-completion")

app = typer.Typer(
    help="How long a missing child waits for a police officer under different staffing and rules."
    "\n\nSimulated children; not a prediction about any child; not for deciding a live call.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

# In the order in which help lists them.
for _name, _command in (
    ("run", simulating.run),
    ("compare", simulating.compare),
    ("trace", explaining.trace),
    ("warm-up", explaining.warm_up),
    ("report", explaining.report),
    ("stress", explaining.stress),
    ("validate", scenario_files.validate),
    ("schema", scenario_files.schema),
    ("new", scenario_files.new),
    ("diagnose", force_log.diagnose),
    ("fit", force_log.fit),
    ("replay", force_log.replay),
    ("telephone", force_log.telephone),
    ("sample-log", force_log.sample_log),
):
    app.command(_name)(_command)


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
    name = _SCRIPT if Path(sys.argv[0]).stem == _SCRIPT else "run_sim.py"
    if name != _SCRIPT and words and words[0].partition("=")[0] in _COMPLETION:
        error = InputError(
            "a shell completes installed commands only",
            path=words[0],
            allowed=f"{_SCRIPT} {words[0]}; the installation has put {_SCRIPT} beside Python",
        )
        say(str(error))
        return InputError.exit_status
    stop_cleanly_when_terminated()
    try:
        app(args=list(words), prog_name=name)
        sys.stdout.flush()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except OSError as error:
        # Help is printed outside of the commands.
        if error.errno != errno.ENOSPC:
            raise
        return no_room_to_print(error)
    return 0
