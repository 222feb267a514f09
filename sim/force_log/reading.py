"""From a force's export to a clean table of incidents, with everything that was wrong with it.

What is read: the mapped columns. What is kept: moments, and words of ours. Labels, incident
numbers and call signs of the log stay behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Final

import polars as pl

from sim.errors import InputError, ScenarioErrors
from sim.force_log.date_guessing import formats_of
from sim.force_log.faults import FaultCode, Faults, LogFault
from sim.force_log.folding import folded, shared_receipts
from sim.force_log.identifiers import by_shape, doubtful, may_be_codes, repeat, showable
from sim.force_log.joining.join import joined, sound_returns, without_cases
from sim.force_log.joining.records import Cases
from sim.force_log.label_meanings import meanings_of
from sim.force_log.mapping import LoadedMapping, LogMapping, Selection
from sim.force_log.mapping_files import refusal
from sim.force_log.recording import recording_changes
from sim.force_log.source import LINE, read_source
from sim.force_log.stamps import carry_zone, in_one, read_stamps, read_steps, shown_as
from sim.force_log.time_checks import lonely_days, shifted
from sim.force_log.time_formats import ISO_FORMATS
from sim.force_log.words import IN_SEQUENCE, JOINED, ORIGINS, RISKS, STAMPS, STREAMS, Stamp
from sim.scenario.toml import toml_value

LEAST_SHOWN: Final = 5
_LONGEST_DAYS: Final = 366
_EMPTYING: Final = (
    "before_report", "clock_order", "unread_times", "placeholder_times", "far_times",
    "unmapped_priority",
)  # fmt: skip
_LEAVING: Final = (
    "broken_rows", "unread_times", "placeholder_times", "dropped", "not_received", "outside_period",
)  # fmt: skip
_MOST_TOLD: Final = 4
_FAR_DAYS: Final = 180
_FAR_SHARE: Final = 0.01
_GRAVE_SHARE: Final = 0.05
_BIRTH_SPAN_YEARS: Final = 20
_GRAVITY: Final[tuple[FaultCode, ...]] = (
    "zone_marks", "two_readings", "one_clock_time", "shifted_clock", "shared_receipts",
    "coarse_times", "same_times", "folded_apart", "made_of_lengths", "no_missing_child",
    "joined_little", "encoding", "broken_rows", "unread_times", "mixed_formats",
    "placeholder_times", "far_times", "ambiguous_times", "impossible_times", "past_midnight",
    "not_received", "before_report", "clock_order", "unmapped_priority", "unmapped_area",
    "unmapped_origin", "unmapped_risk", "unmapped_kind", "unmapped_case", "joined_apart",
    "joined_rows", "recording_change", "repeated_rows", "folded_rows", "clocks_apart",
    "missing_times", "officer_initiated", "dropped", "outside_period", "title_lines", "hour_24",
    "joined_cases",
)  # fmt: skip
_GRAVE_IF_MANY: Final = (
    "unread_times", "far_times", "before_report", "clock_order", "not_received", "broken_rows",
    "unmapped_priority",
)  # fmt: skip
"""These stand first where more than a twentieth has them: figures of what is left are of others."""


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
    """

    incidents: pl.DataFrame
    allocations: pl.DataFrame
    faults: Faults
    mapping: LogMapping
    has: frozenset[str]
    rows: int
    zoned: bool = False

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
    _refuse_identifiers(source.frame, mapping)
    faults = list(source.faults)
    raw = source.frame
    for rules, kept in ((said.keep, True), (said.drop, False)):
        for rule in rules:
            raw = _selected(raw, rule, kept, faults)
    _check_left(raw, source.rows, faults, path, lambda: "at least one row that is not left out")
    by_step = said.steps is not None
    moments, stamp_faults = _steps(raw, said) if by_step else read_stamps(
        raw, said.columns, said.file
    )  # fmt: skip
    faults += stamp_faults
    _refuse_births(moments, mapping)
    frame = raw.select(LINE).hstack(moments).hstack(_translated(raw, said, faults))
    frame = _with_cases(frame, raw, mapping, cases, faults)
    frame = _without_repeats(frame, faults)
    if by_step:
        frame = folded(frame, faults, by_step=True)
    frame = frame.with_columns(
        pl.lit(None, pl.Datetime("us", said.file.time_zone)).alias(stamp)
        for stamp in STAMPS
        if stamp not in frame.columns
    )
    frame = _received(
        frame, first_day or said.file.first_day, last_day or said.file.last_day, faults
    )
    _check_left(frame, source.rows, faults, path, lambda: _wanted_times(raw, said))
    frame = _in_order(frame, said.file.tolerance_seconds, faults)
    frame = sound_returns(frame, said.file.tolerance_seconds, faults)
    allocations = _allocations(frame)
    shared_receipts(frame, faults)
    incidents = folded(frame, faults, by_step=False).sort("received", LINE)
    incidents = incidents.with_row_index("number").select(
        pl.col("number").cast(pl.Int64),
        *STAMPS, "grade", "stream", "area", "origin", "risk", "officer_initiated",
        *JOINED,
    )  # fmt: skip
    _missing(incidents, said, faults)
    faults += recording_changes(incidents)
    _check_measurable(incidents, faults, path)
    faults += [*shifted(incidents), *lonely_days(incidents["received"])]
    faults.sort(key=_gravity)
    has = frozenset({*said.columns.stamps(), *said.columns.labels(), *(cases.has if cases else ())})
    zoned = carry_zone(in_one(raw, _parts(said, "received")), said.file)
    return Log(incidents, allocations, Faults(tuple(faults)), said, has, source.rows, zoned)


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


def _gravity(fault: LogFault) -> tuple[bool, int]:
    many = fault.code in _GRAVE_IF_MANY and fault.count > _GRAVE_SHARE * fault.of
    return not many, _GRAVITY.index(fault.code)


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


def _refuse_identifiers(raw: pl.DataFrame, mapping: LoadedMapping) -> None:
    said = mapping.mapping
    looked_at = [(f"columns.{role}", role, name) for role, name in said.columns.labels().items()]
    for table, rules in (("keep", said.keep), ("drop", said.drop)):
        looked_at += [
            (f"{table}[{place}].column", "kind", rule.column) for place, rule in enumerate(rules)
        ]
    if said.steps is not None:
        looked_at.append(("steps.column", "kind", said.steps.column))
    errors = []
    for key, role, column in looked_at:
        values = raw[column].cast(pl.String)
        what = by_shape(values, role, said_codes=column in said.file.codes)
        if what is None and role not in {"unit", "incident"} and not repeat(values):
            what = doubtful(column)
        if what is not None:
            errors.append(_refused(what, values, mapping.file, key, column))
    if errors:
        raise ScenarioErrors(errors)


def _refused(what: str, values: pl.Series, file: str, key: str, column: str) -> InputError:
    """Why a column of labels is not read, by its values, of which none is shown."""
    longest = values.str.len_chars().quantile(0.9) or 0
    by_values = (
        f"{values.n_unique():,} different values in {values.len():,} rows, nine in ten of them of "
        f"up to {longest:.0f} characters"
    )
    allowed = "a column of codes that many incidents share"
    if may_be_codes(values, what):
        allowed += f"; if these are such, codes = [{toml_value(column)}] in [file] says so"
    return InputError(
        f"{refusal(what)} ({by_values})", file=file, path=key, found=column, allowed=allowed
    )


def _refuse_births(moments: pl.DataFrame, mapping: LoadedMapping) -> None:
    errors = []
    for stamp in moments.columns:
        column = moments[stamp].drop_nulls()
        if column.len() < 20:
            continue
        years = column.dt.year()
        span = float(years.quantile(0.95) or 0) - float(years.quantile(0.05) or 0)
        if span >= _BIRTH_SPAN_YEARS:
            name = shown_as(mapping.mapping.columns.stamps()[stamp])  # type: ignore[index]
            errors.append(
                InputError(
                    refusal("dates of birth"),
                    file=mapping.file,
                    path=f"columns.{stamp}",
                    found=name,
                    allowed="a column of times at which something was done",
                )
            )
    if errors:
        raise ScenarioErrors(errors)


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


def _translated(raw: pl.DataFrame, said: LogMapping, faults: list[LogFault]) -> pl.DataFrame:
    """Put the log's labels into our words."""
    columns = said.columns
    grades = meanings_of(raw[columns.priority], {k: str(v) for k, v in said.grades.items()})
    numbers = None if columns.incident is None else raw[columns.incident].cast(pl.String)
    _unmapped(raw, columns.priority, grades, "priority", "counted under no grade", numbers, faults)
    out: dict[str, pl.Series] = {"grade": grades.cast(pl.Int8)}
    tables: Sequence[tuple[str, str, Mapping[str, str], Sequence[str], str]] = (
        ("stream", "kind", said.kinds, STREAMS, 'taken for "other"'),
        ("area", "area", said.areas, (), "counted under no area"),
        ("origin", "origin", said.origins, ORIGINS, "taken as from the public"),
        ("risk", "risk", said.risks, RISKS, "counted under no risk level"),
    )
    for name, role, meanings, words, done in tables:
        column = getattr(columns, role)
        if column is None:
            out[name] = pl.Series([None], dtype=pl.String).new_from_index(0, raw.height)
            continue
        values = meanings_of(raw[column], meanings)
        _unmapped(raw, column, values, role, done, numbers, faults)
        out[name] = values.cast(pl.Enum(list(words))).cast(pl.String) if words else values
    out["stream"] = out["stream"].fill_null("other")
    out["officer_initiated"] = (out["origin"] == "officer_initiated").fill_null(False)
    # Numbers in place of names: equal names, equal numbers, and nothing more.
    for name in ("unit", "incident"):
        column = getattr(columns, name)
        out[name] = (
            pl.Series([None], dtype=pl.Int64).new_from_index(0, raw.height)
            if column is None
            else raw[column].cast(pl.Categorical).to_physical().cast(pl.Int64)
        )
    officers = int(out["officer_initiated"].sum())
    if officers:
        faults.append(
            LogFault(
                "officer_initiated",
                "work that officers began themselves",
                str(columns.origin),
                officers,
                raw.height,
                "kept as work, and left out of every delay",
            )
        )
    return pl.DataFrame(out)


def _unmapped(
    raw: pl.DataFrame,
    column: str,
    values: pl.Series,
    role: str,
    done: str,
    numbers: pl.Series | None,
    faults: list[LogFault],
) -> None:
    unmapped = raw[column].is_not_null() & values.is_null()
    if not unmapped.any():
        return
    # Of a row for each unit or step incidents are counted, for it is they that may be few.
    rows = pl.int_range(raw.height, eager=True) if numbers is None else numbers
    count = rows.filter(unmapped).n_unique()
    labels = raw[column].filter(unmapped).cast(pl.String)
    cases = None if numbers is None else numbers.filter(unmapped)
    shown = showable(labels, LEAST_SHOWN, cases=cases)
    codes: dict[str, FaultCode] = {
        "priority": "unmapped_priority", "kind": "unmapped_kind", "area": "unmapped_area",
        "origin": "unmapped_origin", "risk": "unmapped_risk",
    }  # fmt: skip
    distinct = labels.n_unique()
    faults.append(
        LogFault(
            codes[role],
            f"{distinct} label{'s' if distinct > 1 else ''} without a meaning",
            column,
            count,
            rows.n_unique(),
            done,
            int(raw[LINE].filter(unmapped)[0]),
            tuple(shown),
        )
    )


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


def _received(
    frame: pl.DataFrame, first: date | None, last: date | None, faults: list[LogFault]
) -> pl.DataFrame:
    """Leave out what was never received, and what lies outside the days asked for."""
    missing = frame["received"].is_null()
    if missing.any():
        faults.append(
            LogFault(
                "not_received",
                "rows without a time of receipt",
                "received",
                int(missing.sum()),
                frame.height,
                "left out: no delay can start",
                int(frame[LINE].filter(missing)[0]),
            )
        )
        frame = frame.filter(~missing)
    frame = _without_far(frame, faults)
    if first is None and last is None:
        return frame
    days = frame["received"].dt.date()
    inside = days.is_between(first or date.min, last or date.max)
    if not inside.all():
        faults.append(
            LogFault(
                "outside_period",
                f"received before {first or 'the first'} or after {last or 'the last day'}",
                "received",
                int((~inside).sum()),
                frame.height,
                "left out",
            )
        )
    return frame.filter(inside)


def _without_far(frame: pl.DataFrame, faults: list[LogFault]) -> pl.DataFrame:
    """Leave out the few receipts that lie half a year and more from all others."""
    times = frame["received"].sort()
    starts = (times.diff().dt.total_days() >= _FAR_DAYS).fill_null(False)
    if not starts.any():
        return frame
    parts = pl.DataFrame({"received": times, "part": starts.cast(pl.Int64).cum_sum()})
    main = parts["part"].mode().sort()[0]
    period = parts.filter(pl.col("part") == main)["received"]
    far = ~frame["received"].is_between(period.min(), period.max())
    count = int(far.sum())
    if count > _FAR_SHARE * frame.height:
        return frame
    faults.append(
        LogFault(
            "placeholder_times",
            f"receipts more than {_FAR_DAYS} days from all others",
            "received",
            count,
            frame.height,
            "left out; first_day and last_day in [file] say which days are meant",
            int(frame[LINE].filter(far)[0]),
        )
    )
    return frame.filter(~far)


def _in_order(frame: pl.DataFrame, tolerance: float, faults: list[LogFault]) -> pl.DataFrame:
    """Empty the moments that lie before an earlier one; set equal those that nearly agree."""
    limit = pl.duration(milliseconds=round(tolerance * 1000))
    longest = pl.duration(days=_LONGEST_DAYS)
    ahead: list[Stamp] = []
    for stamp in STAMPS[1:]:
        here = pl.col(stamp)
        before = pl.max_horizontal(ahead) if stamp != "ratified" and ahead else pl.col("received")
        before = pl.max_horizontal(before, pl.col("received"))
        early = (here < before).fill_null(False)
        apart = early & (before - here <= limit)
        far = ((here - pl.col("received")) > longest).fill_null(False)
        tests = frame.select(
            report=early & ~apart & (here < pl.col("received") - limit),
            order=early & ~apart & ~(here < pl.col("received") - limit),
            apart=apart,
            far=far,
            known=here.is_not_null(),
        )
        _say_order(frame, tests, stamp, tolerance, faults)
        frame = frame.with_columns(
            pl.when(apart).then(before).when(early | far).then(None).otherwise(here).alias(stamp)
        )
        if stamp in IN_SEQUENCE:
            ahead.append(stamp)
    return frame


def _say_order(
    frame: pl.DataFrame,
    tests: pl.DataFrame,
    stamp: Stamp,
    tolerance: float,
    faults: list[LogFault],
) -> None:
    known = int(tests["known"].sum())
    told: tuple[tuple[str, FaultCode, str, str], ...] = (
        ("report", "before_report", "earlier than the report itself", "left empty"),
        ("order", "clock_order", "earlier than a step that comes before it", "left empty"),
        ("far", "far_times", "more than a year after the report", "left empty"),
        (
            "apart",
            "clocks_apart",
            f"earlier than a step before it by up to {tolerance:g} seconds",
            "set equal to it",
        ),
    )
    for test, code, what, done in told:
        count = int(tests[test].sum())
        if count:
            line = int(frame[LINE].filter(tests[test])[0])
            faults.append(LogFault(code, what, stamp, count, known, done, line))


def _allocations(frame: pl.DataFrame) -> pl.DataFrame:
    """When which unit was busy, as far as the log says."""
    end = pl.coalesce("cleared", "closed")
    return (
        frame.filter(pl.col("unit").is_not_null() & pl.col("assigned").is_not_null())
        .select("unit", "area", start=pl.col("assigned"), end=end)
        .filter(pl.col("end") > pl.col("start"))
        .sort("start")
    )


def _missing(incidents: pl.DataFrame, said: LogMapping, faults: list[LogFault]) -> None:
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
                "counted under no grade",
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
    for stamp in said.columns.stamps():
        count = public[stamp].null_count()
        if count:
            faults.append(
                LogFault(
                    "missing_times",
                    "incidents from the public without this time, or with none to be trusted",
                    stamp,
                    count,
                    public.height,
                    "counted where this time is not needed",
                )
            )


def _check_left(
    frame: pl.DataFrame,
    rows: int,
    faults: Iterable[LogFault],
    path: Path,
    allowed: Callable[[], str],
) -> None:
    if frame.height:
        return
    # Of times that were not read those of receipt are enough to say why nothing is left.
    told = [fault for fault in faults if fault.code in _LEAVING]
    why = "; ".join(
        f"{fault.where}: {fault.count:,} {fault.what}{_such_as(fault)}, {fault.done}"
        for fault in told[:_MOST_TOLD]
    )
    raise InputError(
        f"nothing sound is left of {rows:,} rows ({why})",
        file=path.as_posix(),
        allowed=allowed(),
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


def _such_as(fault: LogFault) -> str:
    """The shape of times that no format fits: every figure a 9, every letter an A."""
    return f' (such as "{fault.examples[0]}")' if fault.code == "unread_times" else ""


def _check_measurable(incidents: pl.DataFrame, faults: Iterable[LogFault], path: Path) -> None:
    graded = incidents.filter(~pl.col("officer_initiated") & pl.col("grade").is_not_null())
    sound = graded.filter(pl.col("assigned").is_not_null() | pl.col("arrived").is_not_null())
    if not sound.height:
        why = "".join(
            f"; {fault.where}: {fault.count:,} {fault.what}, {fault.done}"
            for fault in faults
            if fault.code in _EMPTYING
        )
        raise InputError(
            f"no delay can be measured: none of {incidents.height:,} incidents from the public has "
            f"a grade and a time of allocation or of arrival{why}",
            file=path.as_posix(),
            allowed="columns.assigned or columns.arrived, and [grades], that fit the log",
        )
