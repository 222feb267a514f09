"""Work that officers began themselves, where no label of the log says so.

An officer who comes upon something has it written down with their own crew on it: such a job is
queued and assigned within seconds of its receipt. One that the public reports is first talked
about. Where many jobs of a grade are assigned at once they are therefore taken for officers' own,
who waited for nobody, and it is asked whether that is so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from sim.force_log.faults import LogFault
from sim.force_log.folding import AS_WRITTEN
from sim.force_log.source import LINE

AT_ONCE_SECONDS: Final = 10
"""In a city's labelled log 79 % of officers' own jobs were assigned so soon, and 1 % of others."""

_SHARE: Final = 0.05
"""A grade of which fewer are assigned at once is left as it is: calls that find a crew at hand."""

_FEWEST: Final = 20
_NEARLY_ALL: Final = 0.95
_TO_THE_SECOND: Final = 0.5
_LABELLED: Final = 0.9
_MOST_OF_THEM: Final = 0.5


@dataclass(frozen=True, slots=True)
class AtOnce:
    """Jobs of a grade that are assigned within seconds, though no label says that officers began.

    Attributes
    ----------
    grade
        The grade.
    jobs, of
        Those assigned at once, and all of the grade that no label gives to officers; exact, not to
        be written.
    public
        Whether the mapping says that they are the public's all the same.
    """

    grade: int
    jobs: int
    of: int
    public: bool


def _at_once(assigned: str = AS_WRITTEN) -> pl.Expr:
    lag = (pl.col(assigned) - pl.col("received")).dt.total_seconds()
    return lag.is_between(0, AT_ONCE_SECONDS).fill_null(value=False)


def grades_at_once(frame: pl.DataFrame) -> frozenset[int]:
    """The grades of which many jobs are assigned at once, though no label says who began them.

    Parameters
    ----------
    frame
        All rows of the file, so that no choice of days changes what is found: ``incident``,
        ``received`` and ``assigned`` as written, ``grade``, ``origin``, ``officer_initiated`` by
        its label.

    Returns
    -------
    frozenset of int
        Empty where receipts are written to the minute, or where nearly every job is assigned at
        once, so that one of the two times repeats the other. Nor is anything found where labels
        tell: nearly every row has one, and most that is assigned at once is said to be officers'.
    """
    number = pl.coalesce(pl.format("number {}", "incident"), pl.format("line {}", LINE))
    incidents = frame.group_by(number).agg(
        pl.col("received", "assigned", "grade").min(),
        pl.col("officer_initiated").all(),
        pl.col("origin").is_not_null().any().alias("said"),
    )
    at_once = incidents.filter(_at_once("assigned"))
    theirs = int(at_once["officer_initiated"].sum())
    said = int(incidents["said"].sum())
    if said >= _LABELLED * incidents.height and theirs >= _MOST_OF_THEM * at_once.height > 0:
        return frozenset()
    unlabelled = incidents.filter(~pl.col("officer_initiated"))
    known = unlabelled.drop_nulls(["received", "assigned"])
    to_the_second = int((known["received"].dt.second() > 0).sum())
    soon = int(known.select(_at_once("assigned").sum()).item())
    if to_the_second < _TO_THE_SECOND * known.height or soon > _NEARLY_ALL * known.height:
        return frozenset()
    counts = (
        unlabelled.drop_nulls("grade")
        .group_by("grade")
        .agg(_at_once("assigned").sum().alias("jobs"), pl.len().alias("of"))
    )
    return frozenset(
        int(grade) for grade, jobs, of in counts.rows() if jobs >= max(_FEWEST, _SHARE * of)
    )


def found_at_once(
    incidents: pl.DataFrame, grades: Collection[int], public: Collection[int]
) -> tuple[AtOnce, ...]:
    """How many such jobs the incidents of some days have, by grade.

    Parameters
    ----------
    incidents
        ``received``, the time of allocation as written (see `sim.force_log.folding`), ``grade``,
        and ``officer_initiated`` by its label: shape (incidents,).
    grades
        As `grades_at_once` returns them.
    public
        Grades whose jobs the mapping takes for the public's.
    """
    counts = (
        incidents.filter(~pl.col("officer_initiated") & pl.col("grade").is_in(list(grades)))
        .group_by("grade")
        .agg(_at_once().sum().alias("jobs"), pl.len().alias("of"))
        .filter(pl.col("jobs") > 0)
        .sort("grade")
    )
    return tuple(
        AtOnce(int(grade), int(jobs), int(of), int(grade) in public)
        for grade, jobs, of in counts.rows()
    )


def as_officers_own(incidents: pl.DataFrame, found: Collection[AtOnce]) -> pl.DataFrame:
    """The same incidents, those found ``officer_initiated`` unless they are the public's."""
    grades = [one.grade for one in found if not one.public]
    theirs = _at_once() & pl.col("grade").is_in(grades)
    return incidents.with_columns(officer_initiated=pl.col("officer_initiated") | theirs)


def faults_of(found: Collection[AtOnce]) -> Iterator[LogFault]:
    """What is said of them, and what to write where they are the public's."""
    for one in found:
        if not one.public:
            yield LogFault(
                "assigned_at_once",
                f"jobs assigned within {AT_ONCE_SECONDS} seconds of receipt that no label gives to "
                "officers: did officers begin them?",
                f"grade {one.grade}",
                one.jobs,
                one.of,
                "taken as officers' own work, and left out of every delay; if they are the "
                f"public's, public_at_once = [{one.grade}] in the mapping, above [file], says so",
            )
