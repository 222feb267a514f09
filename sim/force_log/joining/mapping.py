"""The mapping file of missing-person records: which column holds what, and what labels mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from os import PathLike
from typing import Any, Final, Literal, Self, TypeAlias

from pydantic import Field, field_validator, model_validator

from sim.force_log.mapping import Column, Label, LogFile, ensure_halves
from sim.force_log.mapping_files import (
    Loaded,
    Named,
    checked,
    columns_named,
    read_mapping,
    refuse_unmatched,
)
from sim.force_log.words import Finder, Owner
from sim.scenario.demand import RiskName
from sim.scenario.fields import Fault, Model

CaseTime = Literal["reported", "ratified", "returned"]
TIMES: Final[tuple[CaseTime, ...]] = ("reported", "ratified", "returned")
_TABLES: Final = {"risk": "risks", "found_by": "finders", "owner": "owners"}


class CaseColumns(Model):
    """Names of the records' columns, as their header has them; nothing else is read.

    A time may stand in two columns: ``["its date", "its time of day"]``.
    """

    number: Column = Field(description="The log's number of the incident; not kept.")
    reported: Column | list[Column] | None = Field(
        default=None, description="When the person was reported: only to check the numbers by."
    )
    ratified: Column | list[Column] | None = Field(
        default=None, description="When a supervisor confirmed the risk."
    )
    returned: Column | list[Column] | None = Field(
        default=None, description="When the person was found or back."
    )
    risk: Column | None = None
    found_by: Column | None = None
    owner: Column | None = None

    @field_validator(*TIMES)
    @classmethod
    def _one_or_two(cls, said: Any) -> Any:  # noqa: ANN401
        return ensure_halves(said)

    def times(self) -> dict[CaseTime, tuple[str, ...]]:
        """The one or two columns of each time that the records have."""
        told = {name: getattr(self, name) for name in TIMES}
        return {
            name: (said,) if isinstance(said, str) else tuple(said)
            for name, said in told.items()
            if said is not None
        }

    def labels(self) -> dict[str, str]:
        """The columns of labels, by role."""
        return {role: said for role in _TABLES if (said := getattr(self, role)) is not None}


class CaseMapping(Model):
    """What a mapping file of missing-person records says, checked and complete.

    Labels are compared without regard to capitals; ``*`` stands for any letters and ``?`` for
    one. Of several that fit, the first counts.
    """

    format: Literal[1]
    title: str
    about: str = ""
    export: LogFile
    case: CaseColumns
    risks: dict[Label, RiskName] = Field(default={})
    finders: dict[Label, Finder] = Field(default={})
    owners: dict[Label, Owner] = Field(default={})

    @model_validator(mode="after")
    def _labels_have_meanings(self) -> Self:
        refuse_unmatched(self, self.case, _TABLES, where="case", of="records")
        if not self.case.times().keys() - {"reported"} and not self.case.labels():
            raise Fault(
                "these records would add nothing to the log",
                "case",
                allowed="a column of ratified, returned, risk, found_by or owner",
            )
        return self

    def meanings(self, role: str) -> Mapping[str, str]:
        """What the labels of a role mean."""
        return dict(getattr(self, _TABLES[role]))

    def table_of(self, role: str) -> str:
        """The table that says what the labels of a role mean."""
        return _TABLES[role]


LoadedCaseMapping: TypeAlias = Loaded[CaseMapping]


def load_case_mapping(path: str | PathLike[str]) -> LoadedCaseMapping:
    """Read a mapping file of missing-person records and check it.

    Raises
    ------
    sim.errors.ScenarioErrors
        With every fault at once; a column whose name says that it identifies people is one.
    """
    return read_mapping(path, "cases", CaseMapping, _columns_named)


def case_mapping_from(data: Mapping[str, object], file: str) -> CaseMapping:
    """Check what a mapping file of missing-person records holds.

    Raises
    ------
    sim.errors.ScenarioErrors
        As for `load_case_mapping`.
    """
    return checked(data, file, CaseMapping, _columns_named)


def _columns_named(data: Mapping[str, object]) -> Iterator[Named]:
    return columns_named(data, "case", dict.fromkeys(TIMES, "received") | {"number": "incident"})
