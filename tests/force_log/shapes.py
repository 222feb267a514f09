"""Ways in which exports re-shape a log, each to be combined with any other."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from tests.force_log.reshaped import COLUMNS, STAMP, ZONE, moments

DAYS: Final = 4


@dataclass
class State:
    """A log on its way into a shape.

    Its times are moments until they are written; ``file`` says how it is saved, ``apart`` by what
    its times were moved on purpose, ``unit`` to what they are known.
    """

    frame: pl.DataFrame
    file: dict[str, Any] = field(default_factory=dict)
    apart: timedelta = timedelta(0)
    unit: timedelta = timedelta(0)


Change = Callable[[State], None]
Write = Callable[[str], pl.Expr]


def rows(change: Callable[[pl.DataFrame], pl.DataFrame]) -> Change:
    """A change of rows, while times are still moments."""

    def apply(state: State) -> None:
        state.frame = change(state.frame)

    return apply


def times(write: Write, unit: timedelta = timedelta(0)) -> Change:
    """A way of writing those times that nothing has written yet."""

    def apply(state: State) -> None:
        written = _moments_of(state.frame)
        state.frame = state.frame.with_columns(write(column).alias(column) for column in written)
        state.unit = max(state.unit, unit)

    return apply


def half(change: Change) -> Change:
    """The same for every other column of times only: the rest is written in another way."""

    def apply(state: State) -> None:
        columns = _moments_of(state.frame)
        kept = state.frame.select(pl.col(columns[1::2]).name.prefix("kept "))
        names = state.frame.columns
        state.frame = state.frame.drop(columns[1::2])
        change(state)
        state.frame = state.frame.hstack(
            kept.rename({name: name.removeprefix("kept ") for name in kept.columns})
        )
        order = [name for name in names if name in state.frame.columns]
        more = [name for name in state.frame.columns if name not in order]
        state.frame = state.frame.select(*order, *more)

    return apply


def _moments_of(frame: pl.DataFrame) -> list[str]:
    return [name for name in frame.columns if isinstance(frame.schema[name], pl.Datetime)]


def shown(form: str) -> Write:
    """Write times in a format."""
    return lambda column: pl.col(column).dt.strftime(form)


def zoned(form: str, zone: str = ZONE) -> Write:
    """Write times in a format with their zone."""
    return lambda column: (
        pl.col(column).dt.replace_time_zone(ZONE).dt.convert_time_zone(zone).dt.strftime(form)
    )


def since_1970(unit: Any) -> Write:
    """Write times as they are counted from 1970."""
    return lambda column: pl.col(column).dt.replace_time_zone(ZONE).dt.epoch(unit)


def scientific(figures: int) -> Write:
    """Milliseconds since 1970 as a spreadsheet shortens them."""
    return lambda column: since_1970("ms")(column).map_elements(
        lambda number: f"{number:.{figures}E}", return_dtype=pl.String
    )


def excel(column: str) -> pl.Expr:
    """Write times as a spreadsheet counts days."""
    return (pl.col(column) - datetime(1899, 12, 30)).dt.total_milliseconds() / 86_400_000


def months(**names: str) -> Write:
    """Write months by name."""
    return lambda column: (
        shown("%d-%m-%Y %H:%M:%S")(column)
        .str.replace("-04-", f"-{names['april']}-").str.replace("-05-", f"-{names['may']}-")
    )  # fmt: skip


def hour_24(column: str) -> pl.Expr:
    """Write the first hour of a day as the 24th of the day before."""
    before = (pl.col(column) - timedelta(days=1)).dt.strftime("%d/%m/%Y 24:%M:%S")
    return pl.when(pl.col(column).dt.hour() == 0).then(before).otherwise(shown(STAMP)(column))


def in_two(day: Write, time: Write, unit: timedelta = timedelta(0)) -> Change:
    """Write each time into a column of its date and one of its time of day."""

    def apply(state: State) -> None:
        for column in _moments_of(state.frame):
            state.frame = state.frame.with_columns(
                day(column).alias(f"{column}_Date"), time(column).alias(f"{column}_Time")
            ).drop(column)
        state.unit = max(state.unit, unit)

    return apply


def called_utc(state: State) -> None:
    """Write times in UTC, without a mark but in the name of the column."""
    columns = _moments_of(state.frame)
    times(zoned(STAMP, "UTC"))(state)
    state.frame = state.frame.rename({column: f"{column}_UTC" for column in columns})


def one_date(state: State) -> None:
    """Write the date of receipt once, and a time of day for each step."""
    columns = _moments_of(state.frame)
    first = "Call_Received" if "Call_Received" in columns else columns[0]
    state.frame = state.frame.with_columns(
        pl.col(first).dt.strftime("%d/%m/%Y").alias("Incident_Date"),
        *(pl.col(column).dt.strftime("%H:%M:%S") for column in columns),
    )


def units(count: int, *, numbered: bool = True) -> Change:
    """A row for each unit sent; the further ones are sent and arrive later."""

    def change(log: pl.DataFrame) -> pl.DataFrame:
        sent = log.filter(pl.col("Resource_Allocated").is_not_null())
        more = []
        for unit in range(1, count):
            later = pl.duration(minutes=unit)
            more.append(sent.with_columns(
                pl.col("Resource_Allocated", "Resource_Mobile", "Resource_At_Scene") + later,
                pl.col("Resource_Cleared") - later,
                Callsign=pl.col("Callsign").str.slice(0, 3) + f"{unit}{unit}",
            ))  # fmt: skip
        found = pl.concat([log, *more]).sort("Incident_URN", maintain_order=True)
        return found if numbered else found.drop("Incident_URN")

    return rows(change)


def numbered_once(state: State) -> None:
    """Three units a row each, the number of their incident on the first row only."""
    units(3)(state)
    first = pl.col("Incident_URN").is_first_distinct()
    state.frame = state.frame.with_columns(Incident_URN=pl.when(first).then(pl.col("Incident_URN")))


def vaguer(log: pl.DataFrame) -> pl.DataFrame:
    """A vaguer row before that of each missing person."""
    vague = log.filter(pl.col("Opening_Code").str.contains("Missing")).with_columns(
        Opening_Code=pl.lit("Scheduled"), Response_Grade=pl.lit("Grade 5")
    )
    return pl.concat([vague, log])


def repeated(log: pl.DataFrame) -> pl.DataFrame:
    """Every fifth row twice."""
    return pl.concat([log, log.gather_every(5)])


def shuffled(log: pl.DataFrame) -> pl.DataFrame:
    """Rows in no order."""
    return log.sample(fraction=1.0, shuffle=True, seed=4)


def statuses(log: pl.DataFrame) -> pl.DataFrame:
    """A row for each change of status."""
    names = {
        "Call_Received": "RECEIVED", "Grading_Time": "GRADED", "Resource_Allocated": "DISPATCHED",
        "Resource_Mobile": "EN ROUTE", "Resource_At_Scene": "AT SCENE", "Resource_Cleared": "CLEAR",
        "Incident_Closed": "CLOSED",
    }  # fmt: skip
    here = {name: word for name, word in names.items() if name in log.columns}
    index = [name for name in log.columns if name not in COLUMNS and name != "Callsign"]
    long = log.unpivot(on=list(here), index=index, variable_name="Status", value_name="Changed_At")
    return long.drop_nulls("Changed_At").with_columns(pl.col("Status").replace(here))


def lengths(unit: str) -> Change:
    """The lengths from receipt in place of the later times."""
    suffix = {"seconds": "Secs", "minutes": "Mins", "clock": "Elapsed"}[unit]

    def change(log: pl.DataFrame) -> pl.DataFrame:
        later = [name for name in COLUMNS if name != "Call_Received" and name in log.columns]
        for name in later:
            seconds = (pl.col(name) - pl.col("Call_Received")).dt.total_seconds()
            clock = pl.format(
                "{}:{}:{}", seconds // 3600, (seconds // 60 % 60).cast(pl.String).str.zfill(2),
                (seconds % 60).cast(pl.String).str.zfill(2),
            )  # fmt: skip
            value = {"seconds": seconds, "minutes": seconds / 60, "clock": clock}[unit]
            log = log.with_columns(value.alias(f"{name}_{suffix}")).drop(name)
        return log

    return rows(change)


def moved(columns: tuple[str, ...], by: timedelta) -> Change:
    """Some columns by another clock."""
    return rows(
        lambda log: (
            log.with_columns(pl.col([c for c in columns if c in log.columns]) + by)
            if set(columns) & set(log.columns)
            else log
        )
    )


def in_may(state: State) -> None:
    """All six days later: in days that may be months too."""
    columns = _moments_of(state.frame)
    state.apart = timedelta(days=6)
    state.frame = state.frame.with_columns(pl.col(columns) + state.apart)


def stand_ins(value: datetime) -> Change:
    """A moment in place of empty cells."""
    return rows(lambda log: log.with_columns(pl.col(_moments_of(log)).fill_null(value)))


def word_for_nothing(word: str) -> Change:
    """A word in place of empty cells."""

    def apply(state: State) -> None:
        text = [name for name, kind in state.frame.schema.items() if kind == pl.String]
        state.frame = state.frame.with_columns(pl.col(text).fill_null(word))

    return apply


def copied(target: str, source: str) -> Change:
    """One column of times that repeats another."""
    return rows(
        lambda log: (
            log.with_columns(
                pl.when(pl.col(target).is_not_null()).then(pl.col(source)).alias(target)
            )
            if {target, source} <= set(log.columns)
            else log
        )
    )


def far(log: pl.DataFrame) -> pl.DataFrame:
    """Three more rows, of ten years before."""
    first = log.head(3).with_columns(pl.col(_moments_of(log)) - timedelta(days=3650))
    if "Incident_URN" in log.columns:
        first = first.with_columns(Incident_URN=pl.lit("OLD1"))
    return pl.concat([first, log])


def renamed(**names: str) -> Change:
    """Other names for columns, those of their halves with them."""

    def apply(state: State) -> None:
        found = {}
        for column in state.frame.columns:
            for old, new in names.items():
                if column == old or column.startswith(f"{old}_"):
                    found[column] = new + column[len(old) :]
        state.frame = state.frame.rename(found)

    return apply


def labelled(column: str, words: dict[str, str]) -> Change:
    """Other words for labels."""

    def apply(state: State) -> None:
        if column in state.frame.columns:
            state.frame = state.frame.with_columns(pl.col(column).replace(words))

    return apply


def more_columns(state: State) -> None:
    """Columns that nobody needs: of staff, positions, numbers and lengths."""
    size = state.frame.height
    draw = np.random.Generator(np.random.Philox(9))
    state.frame = state.frame.with_columns(
        OBJECTID=pl.int_range(1, size + 1),
        Dispatcher=pl.Series([f"Operator {chr(65 + n)}" for n in draw.integers(0, 9, size)]),
        Caller_Name=pl.Series([f"Jo Canary{n}" for n in draw.integers(0, 900, size)]),
        Latitude=pl.Series(draw.normal(50.7, 0.1, size)),
        NumUnitsAttending=pl.Series(draw.integers(1, 5, size)),
        Remarks=pl.lit("seen, by the river"),
    )


def blank_grades(state: State) -> None:
    """Every fifth row without its grade."""
    fifth = pl.int_range(pl.len()) % 5 == 0
    names = {"Response_Grade", "Priority_Number", "Priority", "Pri"} & set(state.frame.columns)
    state.frame = state.frame.with_columns(
        pl.when(~fifth).then(pl.col(name)).alias(name) for name in sorted(names)
    )


def merged(*columns: str) -> Change:
    """Cells that a spreadsheet has merged downwards: a value on the first of the rows it is of."""

    def change(log: pl.DataFrame) -> pl.DataFrame:
        own = [name for name in columns if name in log.columns]
        log = log.sort(own, maintain_order=True)
        return log.with_columns(
            pl.when(pl.col(name).ne_missing(pl.col(name).shift(1))).then(pl.col(name)).alias(name)
            for name in own
        )

    return rows(change)


def merged_days(state: State) -> None:
    """A column of dates merged downwards, beside one with the time of receipt."""
    received = [name for name in ("Call_Received",) if name in _moments_of(state.frame)]
    for name in received:
        day = pl.col(name).dt.strftime("%d/%m/%Y")
        state.frame = state.frame.with_columns(
            pl.when(day != day.shift(1, fill_value="")).then(day).alias(f"{name}_Date"),
            pl.col(name).dt.strftime("%H:%M:%S").alias(f"{name}_Time"),
        ).drop(name)


def later_units(state: State) -> None:
    """Beside each time of the first unit, and before it, that of the last."""
    for column in ("Resource_Allocated", "Resource_At_Scene"):
        if column in state.frame.columns:
            later = pl.col(column).shift(-7).alias(f"Last_{column.removeprefix('Resource_')}")
            state.frame = state.frame.with_columns(later).rename({column: f"First_{column}"})


def agencies(log: pl.DataFrame) -> pl.DataFrame:
    """Beside the work of police that of the fire service, of the same numbers, and sooner there."""
    later = [name for name in ("Resource_Allocated", "Resource_At_Scene") if name in log.columns]
    sooner = pl.col("Call_Received") + timedelta(seconds=70)
    theirs = log.gather_every(3).with_columns(
        pl.lit("FIRE").alias("Agency"), *(sooner.alias(name) for name in later)
    )
    return pl.concat([log.with_columns(Agency=pl.lit("POLICE")), theirs])


def grade_in_the_end(state: State) -> None:
    """Beside the grade as first given the one that every third job ended with."""
    third = pl.int_range(pl.len()) % 3 == 0
    for name in {"Response_Grade", "Priority_Number", "Priority", "Pri"} & set(state.frame.columns):
        last = pl.when(third).then(pl.col(name).shift(-1)).otherwise(name)
        state.frame = state.frame.with_columns(last.alias(f"Final_{name}"))


def units_in_a_cell(state: State) -> None:
    """Every second call sign with another beside it."""
    second = pl.int_range(pl.len()) % 2 == 0
    for name in {"Callsign"} & set(state.frame.columns):
        both = pl.col(name) + pl.lit(", R0100")
        state.frame = state.frame.with_columns(
            pl.when(second).then(both).otherwise(name).alias(name)
        )


def saved(**how: Any) -> Change:
    """Another way of saving the file."""

    def apply(state: State) -> None:
        state.file.update(how)

    return apply


MINUTE: Final = timedelta(minutes=1)
DISPATCHED: Final = ("Resource_Cleared", "Incident_Closed")
GRADES: Final = {
    "Grade 1": "Immediate", "Grade 2": "Priority", "Grade 3": "Scheduled", "Grade 4": "Appointment",
    "Grade 5": "Resolution without deployment",
}  # fmt: skip
ROWS: Final[dict[str, Change]] = {
    "three units": units(3),
    "units without a number": units(3, numbered=False),
    "a number on the first row only": numbered_once,
    "a vaguer row first": rows(vaguer),
    "repeated rows": rows(repeated),
    "shuffled": rows(shuffled),
    "two agencies": rows(agencies),
    "cleared an hour late": moved(DISPATCHED, timedelta(hours=1)),
    "arrived an hour early": moved(("Resource_At_Scene",), timedelta(hours=-1)),
    "arrived at allocation": copied("Resource_At_Scene", "Resource_Allocated"),
    "1900 for never": stand_ins(datetime(1900, 1, 1)),
    "2050 for never": stand_ins(datetime(2050, 1, 1)),
    "ten years before": rows(far),
    "in May": in_may,
    "merged areas": merged("LPA"),
    "merged grades": merged("Response_Grade"),
    "merged kinds": merged("Opening_Code"),
    "merged kinds by area": merged("LPA", "Opening_Code"),
    "rows of statuses": rows(statuses),
    "lengths in seconds": lengths("seconds"),
    "lengths in minutes": lengths("minutes"),
    "lengths on a clock": lengths("clock"),
}
TIMES: Final[dict[str, Change]] = {
    "ISO": times(shown("%Y-%m-%d %H:%M:%S")),
    "ISO with T": times(shown("%Y-%m-%dT%H:%M:%S")),
    "ISO to a part": times(shown("%Y-%m-%d %H:%M:%S.000")),
    "own offset": times(zoned("%Y-%m-%dT%H:%M:%S%:z")),
    "true Z": times(zoned("%Y-%m-%dT%H:%M:%SZ", "UTC")),
    "false Z": times(shown("%Y-%m-%dT%H:%M:%SZ")),
    "true +00": times(zoned("%Y-%m-%d %H:%M:%S+00", "UTC")),
    "UTC unsaid": times(zoned("%d/%m/%Y %H:%M:%S", "UTC")),
    "called UTC": called_utc,
    "seconds since 1970": times(since_1970("s")),
    "milliseconds since 1970": times(since_1970("ms")),
    "local seconds since 1970": times(lambda c: pl.col(c).dt.epoch("s")),
    "scientific, shortened": times(scientific(5)),
    "scientific, whole": times(scientific(12)),
    "spreadsheet days": times(excel),
    "spreadsheet days, comma": times(
        lambda c: excel(c).cast(pl.String).str.replace(".", ",", literal=True)
    ),
    "spreadsheet days, whole": times(lambda c: excel(c).floor().cast(pl.Int64)),
    "to the minute": times(shown("%d/%m/%Y %H:%M"), MINUTE),
    "month first": times(shown("%m/%d/%Y %I:%M:%S %p")),
    "AM and PM lost": times(shown("%d/%m/%Y %I:%M:%S")),
    "month by name": times(shown("%d-%b-%y %H:%M:%S")),
    "German months": times(months(april="Apr", may="Mai")),
    "Welsh months": times(months(april="Ebrill", may="Mai")),
    "two figures of the year": times(shown("%d/%m/%y %H:%M:%S")),
    "points": times(shown("%d.%m.%Y %H:%M:%S")),
    "decimal comma": times(shown("%Y-%m-%d %H:%M:%S,000")),
    "hour 24": times(hour_24),
    "midnight only": times(shown("%Y-%m-%dT00:00:00Z")),
    "whole hours": times(lambda c: pl.col(c).dt.truncate("1h").dt.strftime(STAMP)),
    "quarter hours": times(lambda c: pl.col(c).dt.truncate("15m").dt.strftime(STAMP)),
    "no marks": times(shown("%Y%m%d%H%M%S")),
    "military": times(shown("%d/%m/%Y %H%M"), MINUTE),
    "two columns": in_two(shown("%d/%m/%Y"), shown("%H:%M:%S")),
    "two columns, midnight Z": in_two(shown("%Y-%m-%dT00:00:00Z"), shown("%H:%M:%S")),
    "two columns, no noughts": in_two(
        shown("%d/%m/%Y"), lambda c: pl.col(c).dt.strftime("%H%M").cast(pl.Int64), MINUTE
    ),
    "two columns of numbers": in_two(
        lambda c: excel(c).floor().cast(pl.Int64), lambda c: excel(c) % 1
    ),
    "one date": one_date,
    "merged days": merged_days,
}
NAMES: Final[dict[str, Change]] = {
    "Inform": renamed(
        Incident_URN="Master_Incident_Number", Call_Received="Incident_Start_Time",
        Grading_Time="Incident_Queue_Time", Resource_Allocated="Incident_Dispatch_Time",
        Resource_Mobile="Incident_Enroute_Time", Resource_At_Scene="Incident_Arrival_Time",
        Resource_Cleared="TimeFirstCallCleared", Incident_Closed="Final_Closed_Time",
        Response_Grade="Priority_Number", Opening_Code="Problem", Contact_Channel="Call_Reception",
    ),
    "open data": renamed(
        Incident_URN="Record_ID", Call_Received="Received", Resource_Allocated="Dispatch",
        Resource_Mobile="Enroute", Resource_At_Scene="At_Scene", Resource_Cleared="Clear",
        Opening_Code="Description", LPA="BoroughName", Response_Grade="Priority",
    ),
    "abbreviated": renamed(
        Incident_URN="Log No", Call_Received="Dt/Tm Recd", Resource_Allocated="First Res Alloc",
        Resource_At_Scene="TOA", Resource_Cleared="Clr Time", Response_Grade="Pri",
        Opening_Code="Nature", LPA="Beat",
    ),
    "columns of staff": more_columns,
    "times of the last unit": later_units,
}  # fmt: skip
LABELS: Final[dict[str, Change]] = {
    "words for grades": labelled("Response_Grade", GRADES),
    "codes for kinds": labelled(
        "Opening_Code", {"Missing - under 18": "C14", "Missing - adult": "C15", "Immediate": "C1"}
    ),
    "blank grades": blank_grades,
    "grades with a point": labelled(
        "Response_Grade", {f"Grade {n}": f"{n}.0" for n in range(1, 6)}
    ),
    "grades the other way": labelled(
        "Response_Grade", {f"Grade {n}": str(6 - n) for n in range(1, 6)}
    ),
    "grades with minutes": labelled(
        "Response_Grade", {f"Grade {n}": f"Priority {n} ({15 * n} min)" for n in range(1, 6)}
    ),
    "a grade in the end": grade_in_the_end,
    "several units in a cell": units_in_a_cell,
    "stars in labels": labelled("LPA", {"BCP": "BCP*", "County": "County ?"}),
    "figures for grades": labelled("Response_Grade", {f"Grade {n}": str(n) for n in range(1, 6)}),
    "NULL": word_for_nothing("NULL"),
    "UNSET": word_for_nothing("UNSET"),
}
FILES: Final[dict[str, Change]] = {
    "semicolons": saved(separator=";"),
    "tabs": saved(separator="\t"),
    "all in quotes": saved(quote_style="always"),
    "UTF-16": saved(encoding="utf-16"),
    "a mark of UTF-8": saved(encoding="utf-8-sig"),
    "gzip": saved(gzip=True),
    "CR LF": saved(newline="\r\n"),
    "a title": saved(above="Incidents of April 2022\n\n"),
    "a blank line": saved(above="\n"),
    "no header": saved(header=False),
    "a total below": saved(below="Total rows,,,\n"),
    "Parquet": saved(parquet=True),
}
STAGES: Final = (ROWS, TIMES, NAMES, LABELS, FILES)
SHAPES: Final = tuple(name for stage in STAGES for name in stage)


def shaped(folder: Path, names: tuple[str, ...]) -> tuple[State, Path]:
    """Write the sample in one shape, or in several at once, and return where.

    Of two ways of writing times the first is that of every other column. Times that nothing else
    writes are written day first, but as moments into Parquet.
    """
    state = State(moments(DAYS))
    for stage in STAGES:
        here = [stage[name] for name in names if name in stage]
        if stage is TIMES and len(here) > 1:
            here[0] = half(here[0])
        for change in here:
            change(state)
        if stage is TIMES and not ("Parquet" in names and not here):
            times(shown(STAMP))(state)
    return state, _save(folder, state)


def _save(folder: Path, state: State) -> Path:
    how = state.file
    if how.get("parquet"):
        path = folder / "log.parquet"
        state.frame.write_parquet(path)
        return path
    text = state.frame.write_csv(
        separator=how.get("separator", ","),
        quote_style=how.get("quote_style", "necessary"),
        include_header=how.get("header", True),
    )
    text = how.get("above", "") + text + how.get("below", "")
    data = text.replace("\n", how.get("newline", "\n")).encode(how.get("encoding", "utf-8"))
    path = folder / ("log.csv.gz" if how.get("gzip") else "log.csv")
    path.write_bytes(gzip.compress(data) if how.get("gzip") else data)
    return path
