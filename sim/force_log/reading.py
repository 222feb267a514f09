"""From a force's export to a clean table of incidents, with everything that was wrong with it.

What is read: the mapped columns. What is kept: moments, and words of ours. Labels, incident
numbers and call signs of the log stay behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from os import PathLike
from pathlib import Path

import polars as pl

from sim.errors import InputError
from sim.force_log.crowded_areas import many_areas
from sim.force_log.date_guessing import formats_of
from sim.force_log.fault_order import gravity
from sim.force_log.faults import Faults, LogFault
from sim.force_log.folding import AS_WRITTEN, folded, shared_receipts
from sim.force_log.grade_order import grades_about
from sim.force_log.joining.join import joined, sound_returns, without_cases
from sim.force_log.joining.records import Cases
from sim.force_log.label_meanings import meanings_of
from sim.force_log.lacking_times import known_times, lacking_times
from sim.force_log.mapping import LoadedMapping, LogMapping, Selection
from sim.force_log.merged_cells import MERGED, merged_down
from sim.force_log.moment_order import in_order, received
from sim.force_log.nothing_left import check_left, check_measurable
from sim.force_log.own_work import AtOnce, as_officers_own, faults_of, found_at_once, grades_at_once
from sim.force_log.recording import recording_changes
from sim.force_log.refused_columns import refuse_births, refuse_identifiers
from sim.force_log.silence import silences
from sim.force_log.source import LINE, read_source
from sim.force_log.stamps import carry_zone, in_one, read_stamps, read_steps
from sim.force_log.time_checks import lonely_days, shifted
from sim.force_log.time_formats import ISO_FORMATS
from sim.force_log.translation import translated
from sim.force_log.words import JOINED, STAMPS, Stamp
from sim.scenario.toml import toml_value


@dataclass(frozen=True, slots=True)
class Log:
    """A force's log, clean.

    Attributes
    ----------
    incidents
        A row for each incident, in order of receipt: ``number`` (from 0, made on reading); the
        moments of `sim.force_log.words.STAMPS`, in the force's own time zone, empty where the
        log has none that can be trusted; ``grade`` (1 the most urgent), ``stream``, ``area``,
        ``origin``, ``risk``; ``officer_initiated``; and of missing-person records, where such
        were joined, ``returned``, ``found_by`` and ``owner``. Each moment is empty or not before
        the kept ones that come ahead of it in the sequence; ratification and return are only not
        before receipt.
    allocations
        A row for each unit sent, where the log names units: ``unit`` (a number made on reading),
        ``area``, ``start``, ``end``. Otherwise empty.
    faults
        What was wrong, and what was done about it.
    mapping
        How the log was read.
    has
        The stamps and labels that the mapping names.
    rows
        Rows of the file.
    zoned
        Whether its times carry a zone of their own, or count from 1970 in UTC.
    at_once
        Grades of which many jobs are assigned within seconds though no label gives them to
        officers: ``officer_initiated`` like those that a label does, unless the mapping says that
        they are the public's.
    """

    incidents: pl.DataFrame
    allocations: pl.DataFrame
    faults: Faults
    mapping: LogMapping
    has: frozenset[str]
    rows: int
    zoned: bool = False
    at_once: tuple[AtOnce, ...] = ()

    @property
    def public(self) -> pl.DataFrame:
        """The incidents that the public reported: officer-initiated work waits for nobody."""
        return self.incidents.filter(~pl.col("officer_initiated"))

    @property
    def days(self) -> int:
        """Days from the first to the last report, both counted."""
        first, last = self.period
        return (last - first).days + 1

    @property
    def period(self) -> tuple[date, date]:
        """The local days of the first and the last report."""
        days = self.incidents["received"].dt.date()
        first, last = days.min(), days.max()
        assert isinstance(first, date)
        assert isinstance(last, date)
        return first, last


def read_log(
    path: str | PathLike[str],
    mapping: LoadedMapping,
    *,
    first_day: date | None = None,
    last_day: date | None = None,
    cases: Cases | None = None,
) -> Log:
    """Read a log with a mapping, and say everything that is wrong with it.

    Parameters
    ----------
    path
        CSV (also gzip) or Parquet.
    mapping
        As `sim.force_log.mapping.load_mapping` returns it.
    first_day, last_day
        Local days of receipt to keep; those of the mapping where None.
    cases
        Missing-person records to join on the number of the incident.

    Raises
    ------
    sim.errors.InputError
        If the file cannot be read, lacks a column, holds identifiers where the mapping names
        codes, nothing sound is left, or records do not go with the log.
    """
    path = Path(path)
    said = mapping.mapping
    source = read_source(path, said.file, _wanted(said))
    refuse_identifiers(source.frame, mapping)
    faults = list(source.faults)
    raw = source.frame
    for rules, kept in ((said.keep, True), (said.drop, False)):
        for rule in rules:
            raw = _selected(raw, rule, kept, faults)
    check_left(raw, source.rows, faults, path, lambda: "at least one row that is not left out")
    by_step = said.steps is not None
    moments, stamp_faults = _steps(raw, said) if by_step else read_stamps(
        raw, said.columns, said.file
    )  # fmt: skip
    faults += stamp_faults
    refuse_births(moments, mapping)
    frame = raw.select(LINE).hstack(moments).hstack(translated(raw, said, faults))
    frame = _with_cases(frame, raw, mapping, cases, faults)
    frame = _without_repeats(frame, faults)
    if by_step:
        frame = folded(frame, faults, by_step=True)
    frame = frame.with_columns(
        pl.lit(None, pl.Datetime("us", said.file.time_zone)).alias(stamp)
        for stamp in STAMPS
        if stamp not in frame.columns
    )
    soon = grades_at_once(frame)
    frame = received(
        frame, first_day or said.file.first_day, last_day or said.file.last_day, faults
    )
    check_left(frame, source.rows, faults, path, lambda: _wanted_times(raw, said))
    written = frame["assigned"].alias(AS_WRITTEN)
    known = known_times(frame)
    frame = in_order(frame, said.file.tolerance_seconds, faults).with_columns(written)
    frame = sound_returns(frame, said.file.tolerance_seconds, faults)
    allocations = _allocations(frame)
    shared_receipts(frame, faults)
    incidents = folded(frame, faults, by_step=False).sort("received", LINE)
    own = found_at_once(incidents, soon, said.public_at_once)
    faults += faults_of(own)
    incidents = as_officers_own(incidents, own)
    faults += lacking_times(incidents, known, said.columns.stamps())
    incidents = incidents.with_row_index("number").select(
        pl.col("number").cast(pl.Int64),
        *STAMPS, "grade", "stream", "area", "origin", "risk", "officer_initiated",
        *JOINED,
    )  # fmt: skip
    merged = merged_down(raw[said.columns.priority])
    _missing(incidents, said, faults, MERGED if merged else "counted under no grade")
    faults += recording_changes(incidents)
    check_measurable(incidents, faults, path)
    faults += [*shifted(incidents), *lonely_days(incidents["received"])]
    faults += silences(incidents["received"])
    faults += grades_about(incidents, said.columns.priority)
    faults += many_areas(incidents, said.columns.area)
    faults.sort(key=gravity)
    has = frozenset({*said.columns.stamps(), *said.columns.labels(), *(cases.has if cases else ())})
    if any(fault.code == "no_call_signs" for fault in faults):
        has -= {"unit"}
    zoned = carry_zone(in_one(raw, _parts(said, "received")), said.file)
    return Log(incidents, allocations, Faults(tuple(faults)), said, has, source.rows, zoned, own)


def _with_cases(
    frame: pl.DataFrame,
    raw: pl.DataFrame,
    mapping: LoadedMapping,
    cases: Cases | None,
    faults: list[LogFault],
) -> pl.DataFrame:
    """The same with what missing-person records say, where there are any."""
    zone, number = mapping.mapping.file.time_zone, mapping.mapping.columns.incident
    if cases is None:
        return without_cases(frame, zone)
    if number is None:
        raise InputError(
            "records are joined on the number of the incident, and no column holds it",
            file=mapping.file,
            path="columns.incident",
            allowed="the name of a column in quotes",
        )
    faults += cases.faults
    return joined(frame, raw[number].cast(pl.String), cases, zone, faults)


def _wanted(mapping: LogMapping) -> list[tuple[str, str]]:
    columns = mapping.columns
    wanted: list[tuple[str, str]] = []
    times = {f"columns.{stamp}": parts for stamp, parts in columns.moments().items()}
    if mapping.steps is not None:
        wanted.append(("steps.column", mapping.steps.column))
        times["steps.time"] = _parts(mapping)
    for key, parts in times.items():
        if len(parts) == 1:
            wanted.append((key, parts[0]))
        else:
            wanted += [(f"{key}[{place}]", part) for place, part in enumerate(parts)]
    wanted += [(f"columns.{stamp}.lasted", said.lasted) for stamp, said in columns.lapses().items()]
    wanted += [(f"columns.{role}", column) for role, column in mapping.columns.labels().items()]
    for table, rules in (("keep", mapping.keep), ("drop", mapping.drop)):
        wanted += [(f"{table}[{place}].column", rule.column) for place, rule in enumerate(rules)]
    return wanted


def _parts(mapping: LogMapping, stamp: Stamp | None = None) -> tuple[str, ...]:
    """The one or two columns of a stamp, or of the times of a log of status changes."""
    moments = mapping.columns.moments()
    if stamp in moments:
        return moments[stamp]
    assert mapping.steps is not None
    time = mapping.steps.time
    return (time,) if isinstance(time, str) else tuple(time)


def _steps(raw: pl.DataFrame, said: LogMapping) -> tuple[pl.DataFrame, list[LogFault]]:
    """The moments of a log of status changes: in each row that of its own step, if it has one."""
    assert said.steps is not None
    moments, faults = read_steps(raw, _parts(said), said.file)
    steps = {label: stamp for stamp, labels in said.columns.steps().items() for label in labels}
    meant = meanings_of(raw[said.steps.column], steps)
    nothing = moments.clear(raw.height)
    return (
        pl.DataFrame(
            {stamp: moments.zip_with(meant.eq_missing(stamp), nothing)
             for stamp in said.columns.steps()}
        ),
        faults,
    )  # fmt: skip


def _selected(
    raw: pl.DataFrame, rule: Selection, kept: bool, faults: list[LogFault]
) -> pl.DataFrame:
    meaning = meanings_of(raw[rule.column], dict.fromkeys(rule.values, "yes"))
    hit = meaning.is_not_null()
    left = raw.filter(hit if kept else ~hit)
    faults.append(
        LogFault("dropped", rule.why, rule.column, raw.height - left.height, raw.height, "left out")
    )
    return left


def _without_repeats(frame: pl.DataFrame, faults: list[LogFault]) -> pl.DataFrame:
    """Leave out rows that repeat another in everything that was read.

    Without incident numbers two reports of one second and kind would look alike; then only rows
    that agree in at least four moments are taken for one.
    """
    stamps = [name for name in frame.columns if name in STAMPS]
    same = [name for name in frame.columns if name != LINE]
    repeat = ~pl.struct(same).is_first_distinct()
    if frame["incident"].null_count() == frame.height:
        repeat &= pl.sum_horizontal(pl.col(stamps).is_not_null()) >= min(4, len(stamps))
    hit = frame.select(repeat).to_series()
    count = int(hit.sum())
    if not count:
        return frame
    faults.append(
        LogFault(
            "repeated_rows",
            "rows that repeat another in all that was read",
            "the file",
            count,
            frame.height,
            "left out but for the first",
            int(frame[LINE].filter(hit)[0]),
        )
    )
    return frame.filter(~hit)


def _allocations(frame: pl.DataFrame) -> pl.DataFrame:
    """When which unit was busy, as far as the log says."""
    end = pl.coalesce("cleared", "closed")
    return (
        frame.filter(pl.col("unit").is_not_null() & pl.col("assigned").is_not_null())
        .select("unit", "area", start=pl.col("assigned"), end=end)
        .filter(pl.col("end") > pl.col("start"))
        .sort("start")
    )


def _missing(
    incidents: pl.DataFrame, said: LogMapping, faults: list[LogFault], ungraded: str
) -> None:
    public = incidents.filter(~pl.col("officer_initiated"))
    without = public["grade"].null_count()
    if without and not any(fault.code == "unmapped_priority" for fault in faults):
        faults.append(
            LogFault(
                "unmapped_priority",
                "incidents from the public without a priority",
                said.columns.priority,
                without,
                public.height,
                ungraded,
            )
        )
    if said.columns.kind and not (incidents["stream"] == "missing_child").any():
        faults.append(
            LogFault(
                "no_missing_child",
                "no incident whose label means a missing child",
                said.columns.kind,
                incidents.height,
                incidents.height,
                "so nothing is told of them; [kinds] says which labels do",
            )
        )


def _wanted_times(raw: pl.DataFrame, said: LogMapping) -> str:
    """Say what would be enough, and which date formats the times of receipt seem to have."""
    enough = "at least one incident with a time of receipt that can be read"
    texts = in_one(raw, _parts(said, "received"))
    seem = [] if texts.dtype.is_temporal() else formats_of(texts)
    if not seem or set(seem) <= set(said.file.date_formats or ISO_FORMATS):
        return enough
    if set(seem) <= set(ISO_FORMATS):
        return f"{enough}; no date_formats, it seems: they are ISO 8601"
    return f"{enough}; date_formats = {toml_value(seem)}, it seems"
