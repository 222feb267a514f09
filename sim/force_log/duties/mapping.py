"""The mapping file of a duty export: which column holds what, and what its labels mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from os import PathLike
from typing import Annotated, Any, Final, Literal, TypeAlias, get_args

from pydantic import Field, field_validator

from sim.force_log.mapping import NOTHING, Column, Label, check_date_format, ensure_halves
from sim.force_log.mapping_files import Loaded, Named, checked, columns_named, read_mapping
from sim.scenario.fields import Model, Name

Meaning: TypeAlias = Literal[
    "present", "leave", "sickness", "training", "court", "elsewhere", "rest"
]
"""What a duty was. Of all but ``rest`` the officer was rostered; of ``present`` there as well."""

AWAY: Final[tuple[Meaning, ...]] = ("leave", "sickness", "training", "court", "elsewhere")
MEANINGS: Final[tuple[Meaning, ...]] = get_args(Meaning)


class DutyFile(Model):
    """How the export is written."""

    date_formats: list[str] = Field(
        default=[],
        description='Tried in this order, such as "%d/%m/%Y %H:%M"; none: ISO 8601.',
    )
    sheet: str | None = Field(
        default=None, description="Of a workbook: the sheet's name; the first where there is none."
    )
    separator: Literal[",", ";", "\t", "|"] = ","
    encoding: Literal["utf-8", "utf-16", "windows-1252", "iso-8859-1", "iso-8859-15"] = "utf-8"
    empty: list[str] = Field(default=list(NOTHING), description="What means nothing.")

    @field_validator("date_formats")
    @classmethod
    def _are_formats(cls, formats: list[str]) -> list[str]:
        for place, text in enumerate(formats):
            check_date_format(text, place)
        return formats


class DutyColumns(Model):
    """Names of the export's columns, as its header has them; nothing else is read.

    A time may stand in two columns: ``["its date", "its time of day"]``.
    """

    role: Column = Field(description="Team, post or role: which pool the officer works in.")
    start: Column | list[Column] = Field(description="When the duty begins.")
    end: Column | list[Column] = Field(description="When it ends.")
    code: Column | None = Field(
        default=None, description="Why the officer was away; without it nobody was."
    )

    @field_validator("start", "end")
    @classmethod
    def _one_or_two(cls, said: Any) -> Any:  # noqa: ANN401
        return ensure_halves(said)

    def parts(self, name: Literal["start", "end"]) -> tuple[str, ...]:
        """The one or two columns of a time."""
        said = getattr(self, name)
        return (said,) if isinstance(said, str) else tuple(said)


class DutyMapping(Model):
    """What a mapping file of duties says, checked and complete.

    Labels are compared without regard to capitals; ``*`` stands for any letters and ``?`` for
    one. Of several that fit, the first counts. Roles of no pool are named with ``""``.
    """

    format: Literal[1]
    title: str
    about: str = ""
    export: DutyFile = DutyFile()
    duty: DutyColumns
    roles: Annotated[dict[Label, Name | Literal[""]], Field(min_length=1)]
    codes: dict[Label, Meaning] = Field(default={})


LoadedDutyMapping: TypeAlias = Loaded[DutyMapping]


def load_duty_mapping(path: str | PathLike[str]) -> LoadedDutyMapping:
    """Read a mapping file of duties and check it.

    Raises
    ------
    sim.errors.ScenarioErrors
        With every fault at once; a column whose name says that it identifies people is one.
    """
    return read_mapping(path, "duties", DutyMapping, _columns_named)


def duty_mapping_from(data: Mapping[str, object], file: str) -> DutyMapping:
    """Check what a mapping file of duties holds.

    Raises
    ------
    sim.errors.ScenarioErrors
        As for `load_duty_mapping`.
    """
    return checked(data, file, DutyMapping, _columns_named)


def _columns_named(data: Mapping[str, object]) -> Iterator[Named]:
    return columns_named(data, "duty", {"start": "received", "end": "received"})
