"""Missing-person records beside the rows of a log that have their number."""

from __future__ import annotations

from typing import Final

import polars as pl

from sim.errors import InputError
from sim.force_log.disclosure import rounded
from sim.force_log.faults import LogFault
from sim.force_log.joining.numbers import compared, shape_of
from sim.force_log.joining.records import Cases
from sim.force_log.words import JOINED

_ENOUGH: Final = 0.5
_NEARLY_ALL: Final = 0.9
_MISSING: Final = ("missing_child", "missing_adult", "returned")
_OF_THE_MISSING: Final = 1 / 3
_FEWEST: Final = 20
_EARLY_HOURS: Final = 1
_MOST_APART: Final = 0.2
_LONGEST_DAYS: Final = 366
_DAY_SECONDS: Final = 86_400


def without_cases(frame: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Add the columns that records would fill, empty."""
    return frame.with_columns(
        returned=pl.lit(None, pl.Datetime("us", zone)),
        found_by=pl.lit(None, pl.String),
        owner=pl.lit(None, pl.String),
    )


def joined(
    frame: pl.DataFrame, numbers: pl.Series, cases: Cases, zone: str, faults: list[LogFault]
) -> pl.DataFrame:
    """Put records beside the log's rows.

    Parameters
    ----------
    frame
        Rows of a log: moments, ``stream``, ``risk`` and the rest, shape (rows,).
    numbers
        The number of the incident of each row, text.
    cases
        The records.
    zone
        The log's time zone.
    faults
        What was wrong; how many matched is added.

    Returns
    -------
    polars.DataFrame
        With ``returned``, ``found_by`` and ``owner``; ``risk`` and ``ratified`` are the records'
        where they have one, else the log's.

    Raises
    ------
    sim.errors.InputError
        If the numbers match too little, or match other jobs.
    """
    records = cases.records
    missing = frame["stream"].is_in(_MISSING)

    def share(own: pl.Series, others: pl.Series) -> float:
        """Share matched of the records, or of the log's missing people, whichever is more."""
        found = int(others.is_in(own.unique().implode()).sum())
        jobs = own.filter(missing).drop_nulls().unique()
        of_jobs = int(jobs.is_in(others.implode()).sum())
        return max(found / max(len(others), 1), of_jobs / max(len(jobs), 1))

    way, own, others = compared(
        numbers, records["number"], lambda one, other: share(one, other) >= _ENOUGH
    )
    if share(own, others) < _ENOUGH:
        _refuse_little(numbers, own, others, cases)
    known = records.with_columns(key=others).drop("number")
    times = ("reported", "ratified", "returned")
    known = known.with_columns(pl.col(name).dt.convert_time_zone(zone) for name in times)
    known = known.rename({name: f"case_{name}" for name in known.columns if name != "key"})
    found = frame.with_columns(key=own).join(
        known.with_columns(case=pl.lit(value=True)), on="key", how="left", maintain_order="left"
    )
    _refuse_others(found, cases)
    _tell(found, own, others, way, faults)
    _tell_differing(found, faults)
    return found.with_columns(
        returned=pl.col("case_returned"),
        found_by=pl.col("case_found_by"),
        owner=pl.col("case_owner"),
        risk=pl.coalesce("case_risk", "risk"),
        ratified=pl.coalesce("case_ratified", *(["ratified"] if "ratified" in frame.columns
                                                else [])),
    ).select(*dict.fromkeys([*frame.columns, "ratified", *JOINED]))  # fmt: skip


def sound_returns(frame: pl.DataFrame, tolerance: float, faults: list[LogFault]) -> pl.DataFrame:
    """Empty the returns that lie before the report or more than a year after it.

    Parameters
    ----------
    frame
        With ``received`` and ``returned``.
    tolerance
        Seconds before the report that are set equal to it.
    faults
        What was wrong; added to.
    """
    after = (pl.col("returned") - pl.col("received")).dt.total_milliseconds() / 1000
    early, far = after < -tolerance, after > _LONGEST_DAYS * _DAY_SECONDS
    known = frame["returned"].count()
    told = frame.select(early=early.fill_null(value=False), far=far.fill_null(value=False))
    for test, code, what in (
        ("early", "before_report", "earlier than the report itself"),
        ("far", "far_times", "more than a year after the report"),
    ):
        count = int(told[test].sum())
        if count:
            faults.append(LogFault(code, what, "returned", count, known, "left empty"))  # type: ignore[arg-type]
    return frame.with_columns(
        returned=pl.when(early | far).then(None)
        .when(after < 0).then(pl.col("received")).otherwise(pl.col("returned"))
    )  # fmt: skip


def _refuse_little(numbers: pl.Series, own: pl.Series, others: pl.Series, cases: Cases) -> None:
    matched = int(others.is_in(own.unique().implode()).sum())
    many = rounded(matched)
    raise InputError(
        f"{'fewer than five' if many is None else f'only {many:,}'} of {len(others):,} records "
        "have a number that is in the log, so they are not joined (the log's look like "
        f'"{shape_of(numbers)}", the records\' like "{shape_of(cases.records["number"])}")',
        file=cases.path,
        path="case.number",
        found=cases.mapping.mapping.case.number,
        allowed="the column that holds the log's number of the incident, written as in the log's "
        "columns.incident; records of the same weeks as the log",
    )


def _refuse_others(found: pl.DataFrame, cases: Cases) -> None:
    """Refuse numbers that are in both files and mean other things there."""
    matched = found.filter(pl.col("case").is_not_null()).unique("key")
    if matched.height < _FEWEST:
        return
    of_the_missing = matched["stream"].is_in(_MISSING).sum() / matched.height
    if found["stream"].is_in(_MISSING).any() and of_the_missing < _OF_THE_MISSING:
        raise InputError(
            "the numbers match jobs that are not about missing people, mostly: these are numbers "
            "of another kind",
            file=cases.path,
            path="case.number",
            found=cases.mapping.mapping.case.number,
            allowed="the column that holds the log's number of the incident",
        )
    for name in ("reported", "ratified", "returned"):
        apart = (pl.col(f"case_{name}") - pl.col("received")).dt.total_seconds()
        limit = _EARLY_HOURS * 3600
        wrong = apart < -limit
        if name == "reported":
            wrong |= apart > _DAY_SECONDS
        shares = matched.select(wrong.mean()).item()
        if shares is not None and shares > _MOST_APART:
            raise InputError(
                f"of the records whose number is in the log {shares:.0%} have a time of this kind "
                "that does not go with the job: the numbers begin anew, or are of another kind, or "
                "a clock is hours off",
                file=cases.path,
                path=f"case.{name}",
                found=" and ".join(cases.mapping.mapping.case.times()[name]),
                allowed="numbers that are given once, such as with their date; times as the log's",
            )


def _tell(
    found: pl.DataFrame, own: pl.Series, others: pl.Series, way: str, faults: list[LogFault]
) -> None:
    """Say how many matched, of the records and of the jobs about missing people."""
    matched = int(others.is_in(own.unique().implode()).sum())
    jobs = found.filter(pl.col("stream").is_in(_MISSING)).unique("key")
    with_record = int(jobs["case"].is_not_null().sum())
    little = len(jobs) and with_record < _NEARLY_ALL * jobs.height
    faults.append(
        LogFault(
            "joined_little" if little else "joined_cases",
            f"jobs about missing people that have a record (numbers compared {way})",
            "the records",
            with_record,
            jobs.height,
            "risk, ratification and return are the record's; of the others they are the log's, or "
            "not known",
        )
    )
    if matched < len(others):
        faults.append(
            LogFault(
                "joined_cases", "records whose number is not in the log", "the records",
                len(others) - matched, len(others), "left out: another period, or another number",
            )
        )  # fmt: skip


def _tell_differing(found: pl.DataFrame, faults: list[LogFault]) -> None:
    """Say of how many jobs the log and the record differ."""
    for name in ("risk", "ratified"):
        if name not in found.columns:
            continue
        both = found.filter(
            pl.col(name).is_not_null() & pl.col(f"case_{name}").is_not_null()
        ).unique("key")
        differ = pl.col(name) != pl.col(f"case_{name}")
        if name == "ratified":
            differ = (pl.col(name) - pl.col(f"case_{name}")).dt.total_seconds().abs() > 60
        count = int(both.select(differ.sum()).item() or 0)
        if count:
            faults.append(
                LogFault(
                    "joined_apart", f"jobs whose {name} is another on the record", name, count,
                    both.height, "the record's stands",
                )
            )  # fmt: skip
