"""What a planner asks to see of a study: sections by name, and whose delays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.cli.options import About, AsJson, Full, Show
from sim.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.measures import Cut
    from sim.report.console import Wanted
    from sim.scenario.loading import Loaded


def ensure_one(**asked: object) -> None:
    """Refuse a command line that asks for several things of which it can do one.

    Raises
    ------
    InputError
        If more than one of these options is given.
    """
    given = [f"--{name.replace('_', '-')}" for name, value in asked.items() if value]
    if len(given) > 1:
        raise InputError(
            "only one of these at a time", path=" ".join(given), allowed=" or ".join(given)
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the first screen, as they were written.

    Attributes
    ----------
    full
        Every section.
    show
        Names of sections, with commas.
    about
        Cuts, with commas.
    """

    full: Full = False
    show: Show = None
    about: About = None

    @property
    def is_more(self) -> bool:
        """Whether more than the first screen of the headline is asked for."""
        return self.full or self.show is not None or self.about is not None

    def wanted(self, *, counted: bool) -> Wanted:
        """What to show; with `counted` the study counts the very cuts that are named.

        Raises
        ------
        InputError
            If there is no such section; the nearest one is in it.
        """
        from sim.report.console import Wanted

        names = tuple(one.strip() for one in (self.show or "").split(",") if one.strip())
        if self.show is not None and not names:
            from sim.report.sections import entries

            raise InputError(
                "no section is named",
                path="--show",
                found=self.show,
                allowed=", ".join(entries()),
            )
        return Wanted(self.full, names, self.about, counted)

    def cuts(self, loaded: Sequence[Loaded]) -> tuple[Cut, ...]:
        """The cuts to count for it: as named, and of every grade where none is named.

        Raises
        ------
        InputError
            If the baseline knows no such cut or value; the nearest one is in it.
        """
        if self.about is None:
            return ()
        from sim.measures import Cut
        from sim.report.answer import Choices, named
        from sim.study import definition_of
        from sim.tables import HOUR

        scenario = loaded[0].scenario
        choices = Choices(
            tuple(scenario.streams), tuple(sorted(scenario.grades)), tuple(scenario.areas)
        )
        found = named(self.about, choices)
        about = definition_of(scenario, 0, HOUR)
        cut = replace(Cut(stream=about.headline_stream, grade=about.headline_grade), **found)
        return (cut,) if "grade" in found else (cut, replace(cut, grade=None))

    def cut(self, loaded: Sequence[Loaded]) -> Cut | None:
        """The cut that an answer is about; None: the headline's.

        Raises
        ------
        InputError
            As of `cuts`.
        """
        return next(iter(self.cuts(loaded)), None)


@dataclass(frozen=True, slots=True)
class Printed(Asked):
    """The same of a command that can print one JSON document and nothing else.

    Raises
    ------
    InputError
        If sections are asked for beside a document that stands alone.
    """

    as_json: AsJson = False

    def __post_init__(self) -> None:
        if self.as_json and (self.full or self.show is not None):
            raise InputError(
                "a JSON document holds every figure and has no sections",
                path="--full" if self.full else "--show",
                allowed="--json, or sections, but not both",
            )
