"""What columns of times say when they are looked at: whether they can be times of steps at all.

A column is refused where no delay can be had from it: times that all lie at one clock time, that
are whole hours, that never come after noon. Less than that is told, and stands first among what was
wrong with the log.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, permutations
from typing import Final

import polars as pl

from sim.errors import InputError
from sim.force_log.faults import LogFault
from sim.force_log.mapping import COUNTED, LogFile
from sim.force_log.time_formats import NAMED_OFFSETS, PLAUSIBLE_YEARS, parsed, scientific_steps
from sim.force_log.words import IN_SEQUENCE

_FEWEST: Final = 20
_FEWEST_AT_ONE_TIME: Final = 5
_FEWEST_OF_A_DAY: Final = 50
_NEARLY_ALL: Final = 0.9
_ALL: Final = 0.99
_PILED_UP: Final = 0.05
"""Of times to the minute a sound log has 0.3 % at its commonest; of half hours 4 %."""
_STEPS: Final = (10_000, 7_200, 3_600, 1_800, 1_000, 900, 600, 300)
_COARSEST: Final = 1_000
_SHIFTED_MINUTES: Final = 55.0
_QUICKEST: Final = 0.02
_DIFFERING: Final = 0.01
_SAMPLE: Final = 5_000
_LOOKED_AT: Final = 20_000
_DECADES: Final = 15 * 365
_MUCH_NARROWER: Final = 3
_DATE: Final = re.compile(r"%[dm][^%\w]%[dm][^%\w]%[Yy]|%[Yy][^%\w]%[dm][^%\w]%[dm]")


def ensure_times(
    naive: pl.Series, zoned: pl.Series | None, moments: pl.Series, key: str, column: str
) -> None:
    """Refuse a column whose values cannot be the times at which something was done.

    Parameters
    ----------
    naive, zoned
        Its times as they stand, without a zone and in UTC; shape (rows,).
    moments
        All of them, in the zone of the log; shape (rows,).
    key, column
        Where the mapping names it, and what it is called.

    Raises
    ------
    sim.errors.InputError
        With what the values say, and what to do.
    """
    naive, moments = _thinned(naive), _thinned(moments)
    zoned = None if zoned is None else _thinned(zoned)
    if _spread(moments) > _DECADES:
        return  # dates of birth, which are refused as such
    what = _at_one_time(naive, zoned, moments) or _too_coarse(naive, zoned) or _mornings(moments)
    if what is not None:
        said, allowed = what
        raise InputError(said, path=f"{key} of the mapping", found=column, allowed=allowed)


def oddities(
    naive: pl.Series, zoned: pl.Series | None, moments: pl.Series, column: str
) -> Iterator[LogFault]:
    """Tell of times that pile up at one time of the day, and of steps coarser than minutes."""
    known = moments.drop_nulls()
    step = _step(_thinned(naive), None if zoned is None else _thinned(zoned))
    if step is None and known.len() >= _FEWEST_OF_A_DAY:
        clock, _ = _commonest_minute(_thinned(known))
        count = int((_minutes(known) == clock).sum())
        if count >= max(_FEWEST, _PILED_UP * known.len()) and _days(known) > 1:
            yield LogFault(
                "one_clock_time",
                f"times at {clock // 60:02d}:{clock % 60:02d} of many days",
                column,
                count,
                known.len(),
                "kept; where they stand for days without a time, no delay from them is true",
            )
    if step is not None:
        yield LogFault(
            "coarse_times",
            f"times in steps of {step / 60:.3g} minutes",
            column,
            known.len(),
            known.len(),
            "kept; no delay is known more closely",
        )


def refuse_scientific(texts: pl.Series, formats: Sequence[str], key: str, column: str) -> None:
    """Refuse numbers that a spreadsheet has shortened to a power of ten."""
    units = {"seconds": 1.0, "milliseconds": 1e-3, "days": 86_400.0}
    unit = next((units[form.split()[-1]] for form in formats if form in COUNTED), None)
    if unit is None or texts.dtype != pl.String:
        return
    seconds = scientific_steps(texts) * unit
    coarse = seconds.filter(seconds > 1)
    if coarse.len():
        raise InputError(
            f"{coarse.len():,} times are saved in scientific form, to steps of "
            f"{_in_words(float(coarse.max()))}",  # type: ignore[arg-type]
            path=f"{key} of the mapping",
            found=column,
            allowed="the column saved as a whole number: in the spreadsheet format it as a number "
            "without decimals and export again",
        )


def own_offsets(texts: pl.Series) -> pl.Series:
    """The offset that each time carries at its end, in minutes ahead of UTC; empty where none."""
    parts = texts.str.extract_groups(r"([+-])(\d{2}):?(\d{2})?\s*$").struct.unnest()
    parts.columns = ["sign", "hours", "minutes"]
    number = parts.select(
        pl.when(pl.col("sign") == "-").then(-1).otherwise(1)
        * (pl.col("hours").cast(pl.Int64) * 60 + pl.col("minutes").fill_null("0").cast(pl.Int64))
    ).to_series()
    named = texts.str.extract(r"(\p{L}+)\s*$").replace_strict(
        NAMED_OFFSETS, default=None, return_dtype=pl.Int64
    )
    return number.fill_null(named)


def zone_marks(
    moments: pl.Series, offsets: pl.Series | None, file: LogFile, column: str
) -> Iterator[LogFault]:
    """Tell of times whose own offset is not that of the log's zone at that moment."""
    if offsets is None or file.clock == "utc":
        return
    local = moments.dt.replace_time_zone(None)
    utc = moments.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    apart = ((local - utc).dt.total_minutes() != offsets).fill_null(False)
    count, known = int(apart.sum()), int((moments.is_not_null() & offsets.is_not_null()).sum())
    if count > _DIFFERING * known:
        most = offsets.filter(apart).mode().sort()[0]
        yield LogFault(
            "zone_marks",
            f"times marked {'as UTC' if most == 0 else 'with another offset'}, beside a clock that "
            f"keeps the time of {file.time_zone}",
            column,
            count,
            known,
            "read as they are marked; where the system marks local time so, every hour of the day "
            'is wrong: write the mark as letters into date_formats ("...%SZ"), or "local epoch '
            'seconds"; where it keeps UTC, clock = "utc" says so',
        )


def two_readings(texts: pl.Series, formats: Sequence[str], column: str) -> Iterator[LogFault]:
    """Tell of dates that another order of day, month and year would read as well.

    Raises
    ------
    sim.errors.InputError
        If the days then lie side by side, and by the mapping's reading months apart.
    """
    if texts.dtype != pl.String:
        return
    known = texts.drop_nulls()
    sample = known.gather_every(max(1, known.len() // _SAMPLE))
    for form in formats:
        found = _DATE.search(form)
        if found is None:
            continue
        own = parsed(sample, form)
        mine = sample.filter(own.is_not_null())
        spread = _spread(own.drop_nulls())
        for other in _other_orders(form, found[0]):
            values = parsed(mine, other)
            fits = values.dt.year().is_between(*PLAUSIBLE_YEARS).fill_null(False).all()
            if not fits or values.dt.date().equals(own.drop_nulls().dt.date()):
                continue
            narrower = _spread(values)
            if spread > _MUCH_NARROWER * narrower and mine.len() >= _FEWEST_AT_ONE_TIME:
                raise InputError(
                    f"day, month and year stand in another order: read so, receipts lie over "
                    f"{spread:,} days, and otherwise over {narrower:,}",
                    path=f"date_formats in [file] of the mapping, by column {column}",
                    found=form,
                    allowed=other,
                )
            if narrower <= _MUCH_NARROWER * spread:
                yield LogFault(
                    "two_readings",
                    f'dates that "{other}" would read as well as "{form}"',
                    column,
                    known.len(),
                    texts.len(),
                    "read by the mapping's; ask who made the export which it is",
                )


def lonely_days(received: pl.Series) -> Iterator[LogFault]:
    """Tell of receipts on days by themselves, as of dates that a spreadsheet has turned about.

    It takes 05/06 for the other day of the two, and leaves 25/06 as it is.

    Parameters
    ----------
    received
        Shape (incidents,): times of receipt.
    """
    days = received.dt.date().alias("day").value_counts(name="cases").sort("day")
    gaps = days["day"].diff().dt.total_days()
    alone = (gaps > 1).fill_null(True) & (gaps.shift(-1) > 1).fill_null(True)
    usual = days.filter(~alone)["cases"].median()
    if usual is None or float(usual) < _FEWEST or int(alone.sum()) < 2:  # type: ignore[arg-type]
        return
    count = int(days.filter(alone)["cases"].sum())
    if count > _PILED_UP * received.len():
        yield LogFault(
            "two_readings",
            "receipts on days that have none before and after them: are day and month turned about "
            "in some dates?",
            "received",
            count,
            received.len(),
            "kept; a spreadsheet turns those about that it can, so export again",
        )


def shifted(frame: pl.DataFrame) -> Iterator[LogFault]:
    """Tell of steps that never come less than an hour after the one before, and of equal ones.

    Parameters
    ----------
    frame
        Clean moments, a column for each stamp: shape (incidents,).
    """
    last = "cleared" if frame["cleared"].count() else "closed"
    names = [name for name in IN_SEQUENCE if frame[name].count() and name not in {"cleared",
             "closed"}] + [last]  # fmt: skip
    summer = frame["received"].dt.dst_offset()
    for before, stamp in pairwise(names):
        lag = (frame[stamp] - frame[before]).dt.total_seconds() / 60
        for part in summer.unique().drop_nulls().sort():
            known = lag.filter(summer == part).drop_nulls()
            quickest = known.quantile(_QUICKEST)
            if known.len() < _FEWEST_OF_A_DAY or quickest is None or quickest < _SHIFTED_MINUTES:
                continue
            yield LogFault(
                "shifted_clock",
                f"hardly any less than an hour after {before}: is its clock that of another zone?",
                stamp,
                known.len(),
                lag.len(),
                "kept; without a zone in the times both are taken to stand on one clock",
            )
            break
        known = lag.drop_nulls()
        same = int((known == 0).sum())
        if (
            known.len() >= _FEWEST_OF_A_DAY
            and same >= _ALL * known.len()
            and stamp not in {"answered", "closed"}
        ):
            yield LogFault(
                "same_times",
                f"equal to {before}: is it a time of its own?",
                stamp,
                same,
                known.len(),
                "kept; the delay between them is nothing",
            )


def _at_one_time(
    naive: pl.Series, zoned: pl.Series | None, moments: pl.Series
) -> tuple[str, str] | None:
    """Say so where nearly all times lie at one clock time, as they stand or on local clocks."""
    for times in (naive, zoned, moments):
        known = times.drop_nulls() if times is not None else pl.Series([], dtype=pl.Datetime)
        if known.len() < _FEWEST_AT_ONE_TIME or _spread(known) < 2:
            continue
        clock, count = _commonest_minute(known)
        if count >= _NEARLY_ALL * known.len():
            shown = f"{clock // 60:02d}:{clock % 60:02d}"
            return (
                f"nearly all values lie at {shown}: these are days, and no times",
                'its time of day beside it, ["its date", "its time"]; else no line for it',
            )
    return None


def _too_coarse(naive: pl.Series, zoned: pl.Series | None) -> tuple[str, str] | None:
    step = _step(naive, zoned)
    if step is None or step < _COARSEST or step == 1_800:
        return None
    return (
        f"all times are in steps of {_in_words(step)}: no delay can be told from them",
        "times to the minute; a number that a spreadsheet has rounded has to be exported again",
    )


def _mornings(moments: pl.Series) -> tuple[str, str] | None:
    """Say so where hours run from 1 to 12 or 0 to 11 only, as clocks do without AM and PM."""
    known = moments.drop_nulls()
    if known.len() < _FEWEST_OF_A_DAY:
        return None
    hours = known.dt.hour().unique()
    if hours.len() >= 10 and hours.max() <= 12:  # type: ignore[operator]
        return (
            "no time lies after noon: these are hours of twelve whose AM and PM is lost",
            "times with AM and PM (%I and %p in date_formats), or hours of twenty-four",
        )
    return None


def _step(naive: pl.Series, zoned: pl.Series | None) -> int | None:
    """The coarsest step, in seconds, that nearly all times keep to; None under five minutes."""
    seconds = pl.concat(
        [times.drop_nulls().dt.epoch("s") for times in (naive, zoned) if times is not None]
    )
    if seconds.len() < _FEWEST or seconds.n_unique() < 3:
        return None
    for step in _STEPS:
        share = (seconds % step == 0).mean()
        if isinstance(share, float) and share >= _ALL:
            return step
    return None


def _commonest_minute(moments: pl.Series) -> tuple[int, int]:
    """The minute of the day at which most times lie, and how many do."""
    counts = _minutes(moments).alias("clock").value_counts(sort=True, name="cases")
    return int(counts["clock"][0]), int(counts["cases"][0])


def _minutes(moments: pl.Series) -> pl.Series:
    """The minute of the day of each."""
    return moments.dt.hour().cast(pl.Int32) * 60 + moments.dt.minute()


def _thinned(times: pl.Series) -> pl.Series:
    """Those that are known, of very many some: enough to tell what a column holds."""
    known = times.drop_nulls()
    return known.gather_every(max(1, known.len() // _LOOKED_AT))


def _days(moments: pl.Series) -> int:
    return moments.dt.date().n_unique()


def _spread(moments: pl.Series) -> int:
    """Days from the first to the last, both counted, without the outermost hundredths."""
    days = moments.dt.date().cast(pl.Int32)
    low, high = days.quantile(0.01, "nearest"), days.quantile(0.99, "nearest")
    return 1 if low is None or high is None else int(high - low) + 1


def _other_orders(form: str, date: str) -> list[str]:
    """The format with its day, month and year in each other order that is in use."""
    parts = re.findall(r"%[dmYy]", date)
    marks = re.split(r"%[dmYy]", date)[1:-1]
    others = []
    for order in permutations(parts):
        usual = "".join(part[1].lower() for part in order) in {"dmy", "mdy", "ymd"}
        # A year of four figures cannot be taken for a day.
        moved = order.index(next(p for p in order if p[1] in "Yy")) != parts.index(
            next(p for p in parts if p[1] in "Yy")
        )
        if not usual or list(order) == parts or (moved and "%Y" in parts):
            continue
        said = "".join(f"{part}{mark}" for part, mark in zip(order, [*marks, ""], strict=True))
        others.append(form.replace(date, said))
    return others


def _in_words(seconds: float) -> str:
    if seconds >= 2 * 86_400:
        return f"{seconds / 86_400:.3g} days"
    if seconds >= 3_600:
        return f"{seconds / 3_600:.3g} hours"
    return f"{seconds / 60:.3g} minutes"
