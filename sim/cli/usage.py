"""Words of a command that cannot be used: which, what was found, and what is allowed."""

from __future__ import annotations

from io import StringIO
from typing import Any, Final

from sim.cli.edge import say
from sim.errors import InputError

_SEVERAL: Final = "unexpected extra argument"
_NUMBERS: Final = {int: "a whole number", float: "a number"}


def misused(error: BaseException) -> int | None:
    """Show what is wrong with the words of a command, and return the exit status.

    None where the error is about something else. The library of the commands has no public name
    for such errors, so they are known by what they can do.
    """
    show, status = getattr(error, "show", None), getattr(error, "exit_code", None)
    if not callable(show) or not isinstance(status, int):
        return None
    own = _of_value(error)
    if own is not None:
        say(str(own))
        return own.exit_status
    told = StringIO()
    show(told)
    say(told.getvalue().rstrip())
    command = getattr(getattr(error, "ctx", None), "info_name", "")
    if command == "run" and _SEVERAL in str(getattr(error, "message", "")):
        say("  compare simulates several scenarios with the same luck.")
    return status


def _of_value(error: BaseException) -> InputError | None:
    """What is wrong with the value of an option; None: it is about something else."""
    parameter = getattr(error, "param", None)
    kind = getattr(parameter, "type_descriptor", None)
    faults: list[dict[str, Any]] = getattr(error.__cause__, "errors", list)()
    if kind is None or not faults:
        return None
    choices = getattr(kind, "choices", None)
    allowed = " or ".join(map(str, choices)) if choices else _allowed(kind)
    if allowed is None:
        return None
    return InputError(
        "this value cannot be used",
        path=max(getattr(parameter, "opts", None) or ["?"], key=len),
        found=faults[0].get("input"),
        allowed=allowed,
    )


def _allowed(kind: Any) -> str | None:  # noqa: ANN401
    """Which numbers an option takes; None: it takes none."""
    noun = _NUMBERS.get(kind.annotation)
    if noun is None:
        return None
    least, most = kind.parameter_info.min, kind.parameter_info.max
    if least is None and most is None:
        return noun
    if least is None:
        return f"{noun}, at most {most}"
    return f"{noun}, {least} or more" if most is None else f"{noun} from {least} to {most}"
