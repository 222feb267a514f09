"""Groups of options: one typed object in a command, an option each on its command line."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from sim.api import Keep
from sim.cli.groups import Made, StudySize, spread


def test_each_field_of_a_group_is_an_option_of_the_command() -> None:
    """What is typed reaches the command as one object, with defaults for the rest."""
    got: list[StudySize] = []

    @spread
    def night(*, size: StudySize) -> None:
        got.append(size)

    app = typer.Typer()
    app.command()(night)
    done = CliRunner().invoke(app, ["--days", "3", "--seed", "7"])
    assert done.exit_code == 0, done.output
    assert got == [StudySize(days=3, seed=7)]
    assert (got[0].settings().days, got[0].settings().replications) == (3, 30)


def test_the_bounds_of_an_option_hold_in_a_group() -> None:
    """A value out of its bounds is refused on the command line, before the command begins."""

    @spread
    def night(*, size: StudySize) -> None:
        raise AssertionError(size)

    app = typer.Typer()
    app.command()(night)
    done = CliRunner().invoke(app, ["--days", "0"])
    assert done.exit_code == 2
    assert "--days" in done.output


def test_two_groups_with_an_option_of_one_name_are_refused() -> None:
    """No option hides another."""

    @dataclass(frozen=True)
    class Other:
        days: Annotated[int, typer.Option()] = 1

    def night(*, size: StudySize, other: Other) -> None:
        raise AssertionError(size, other)

    with pytest.raises(TypeError, match="two options of night have one name"):
        spread(night)


def test_what_is_kept_and_pictured_follows_from_the_places_named(tmp_path: Path) -> None:
    """Without a place nothing is kept; from a kept folder pictures may be made later."""
    nothing, kept = Made(), Made(output=tmp_path / "kept", force=True)
    assert (nothing.keep(print), nothing.is_pictured) == (Keep(None, told=print), False)
    at = Keep(tmp_path / "kept", force=True, told=print)
    assert (kept.keep(print), kept.is_pictured) == (at, True)
