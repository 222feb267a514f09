"""What a planner reads when something cannot be done."""

import errno
import pickle

import pytest

from sim.errors import (
    InputError,
    InternalError,
    Interrupted,
    OutputError,
    ScenarioErrors,
    SimulatorError,
)

BAD_END = InputError(
    "not a time of day",
    file="mine.toml",
    path="pools.missing_person_bcp.shifts[1].end",
    found="25:00",
    allowed='a quoted time from "00:00" to "24:00"',
)
UNKNOWN_KEY = InputError("unknown key", file="mine.toml", path="pols", suggestion="pools")


def test_input_error_says_where_what_and_what_is_allowed() -> None:
    """An input error names the file, the path, the value and what may stand there."""
    assert str(BAD_END) == (
        "mine.toml, pools.missing_person_bcp.shifts[1].end: not a time of day\n"
        '  found: "25:00"\n'
        '  allowed: a quoted time from "00:00" to "24:00"'
    )


def test_input_error_suggests_the_nearest_key() -> None:
    """A misspelt key is answered with the nearest known one, and no empty lines."""
    assert str(UNKNOWN_KEY) == 'mine.toml, pols: unknown key\n  did you mean "pools"?'


@pytest.mark.parametrize(
    ("found", "written"),
    [(True, "true"), (0, "0"), ("", '""'), ("x" * 100, '"' + "x" * 76 + "...")],
)
def test_found_value_is_shown_as_it_was_typed(found: object, written: str) -> None:
    """Falsy values are shown, strings are quoted, and long ones are cut at 80 characters."""
    assert str(InputError("wrong", found=found)) == f"wrong\n  found: {written}"


def test_scenario_errors_show_one_paragraph_for_each_fault() -> None:
    """All faults are reported at once, with a blank line between them."""
    assert str(ScenarioErrors([BAD_END, UNKNOWN_KEY])) == f"{BAD_END}\n\n{UNKNOWN_KEY}"


def test_scenario_errors_need_a_fault() -> None:
    """A report of no faults cannot be raised by mistake."""
    with pytest.raises(ValueError, match="at least one"):
        ScenarioErrors([])


def test_a_value_cannot_steer_the_terminal() -> None:
    """Control characters are shown and not obeyed; letters of any language stay."""
    error = InputError("this is no area", found="\x1b[2Jnörd\n\0")
    assert str(error) == 'this is no area\n  found: "\\x1b[2Jnörd\\n\\x00"'


def test_full_disk_is_named() -> None:
    """A full disk is reported in words and not by its number."""
    error = OutputError.from_os_error(OSError(errno.ENOSPC, "ignored"), "results")
    assert str(error).startswith("results: the disk is full\n")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BAD_END, 2),
        (ScenarioErrors([BAD_END, UNKNOWN_KEY]), 2),
        (OutputError.exists("results"), 2),
        (Interrupted(12, 30), 130),
        (InternalError("a unit was in two places", log_file="sim.log"), 1),
    ],
)
def test_errors_cross_a_process_border(error: SimulatorError, status: int) -> None:
    """An error that a worker raises arrives with its type, words, data and exit status."""
    arrived = pickle.loads(pickle.dumps(error))
    assert (type(arrived), str(arrived), arrived.exit_status) == (type(error), str(error), status)
    assert arrived.__dict__.keys() == error.__dict__.keys()
