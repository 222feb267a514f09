"""An attacker with everything that is written: no count under five can be worked out."""

import json
import math
import sys
from datetime import date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sim import cli
from sim.force_log import Log
from sim.force_log.fitting.arrivals import arrivals
from sim.force_log.fitting.lengths import length
from sim.force_log.replaying.work import work_of
from sim.force_log.telephone import load_telephone_mapping, telephone
from tests.force_log.simulated import force, log_of

FIRST = date(2025, 5, 5)
LAST = date(2025, 6, 1)


def received(by_hour: list[int], size: int = 28) -> pl.Series:
    """Times of so many reports in each hour of the day, dealt over so many days."""
    times = [
        datetime(2025, 5, 5 + place % size if place % size < 27 else 31, hour, 30)
        for hour, count in enumerate(by_hour)
        for place in range(count)
    ]
    return pl.Series(times, dtype=pl.Datetime("us"))


@pytest.mark.parametrize("bandwidth", [0.5, 6.0])
def test_hours_with_few_reports_are_not_in_the_weekly_weights(
    bandwidth: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where within pooled hours a handful of reports lie makes no difference to any weight.

    So whoever undoes the smoothing finds blocks of five reports or more, and no hour's own.
    """
    monkeypatch.setattr("sim.force_log.fitting.arrivals._BANDWIDTHS", (bandwidth,))
    # Blocks of three hours are the narrowest without a count from 1 to 4: 6 or 9 in each.
    one = [1, 2, 3, 6, 3, 0] * 4
    two = [3, 2, 1, 0, 3, 6] * 4
    assert [sum(one[at : at + 2]) for at in range(0, 6, 2)] == [3, 9, 3]
    weeks = [arrivals("a", received(hours), FIRST, LAST, 0.95).week for hours in (one, two)]
    assert weeks[0] == weeks[1]
    # They are not flat for all that: 5 and 10 reports in alternate blocks.
    assert max(weeks[0]) > 1.2 * min(weeks[0]) or bandwidth > 1


def test_a_weeks_own_days_are_not_in_the_weekly_weights() -> None:
    """Reports moved from one Monday hour to the next within its four hours change no weight."""
    weeks = []
    for hour in (8, 9):
        times = [
            datetime(2025, 5, 5 + day, at, 15 + place)
            for day in range(27)
            for at in range(0, 24, 2)
            for place in range(2)
        ]
        times[8:10] = [datetime(2025, 5, 5, hour, 15), datetime(2025, 5, 5, hour, 16)]
        stamps = pl.Series(times, dtype=pl.Datetime("us"))
        found = arrivals("a", stamps, date(2025, 5, 5), date(2025, 5, 31), 0.95)
        weeks.append(np.array(found.week).reshape(7, 24))
    # The two reports of all Mondays at 8 are 8 of 54 at that hour: what is left of the move is the
    # change of rounded totals by hour, the same on every day of the week.
    difference = weeks[1] / weeks[0]
    assert np.allclose(difference, difference[:1], atol=0.02)


def test_the_limits_of_a_volume_do_not_give_the_exact_count() -> None:
    """The middle of the limits is that of the rounded count: 21, 22 and 23 reports of 28 days."""
    middles = []
    for count in (121, 122):
        # Shared out evenly over hours and days, so that no limit is cut off at nothing.
        spread = [count // 24 + (hour < count % 24) for hour in range(24)]
        found = arrivals("a", received(spread), FIRST, LAST, 0.95)
        assert found.reports == 120
        middles.append((found.low + found.high) / 2 * 28 / 365)
    # Three figures of limits near 1,500 a year are within 5 a year, half a report in four weeks.
    assert all(math.isclose(middle, 120, abs_tol=0.5) for middle in middles)


def test_limits_of_two_days_do_not_tell_what_came_on_each() -> None:
    """Eight reports and two have the limits of five and five, in the year and by the hour."""
    found = []
    for counts in ((8, 2), (5, 5)):
        times = [
            datetime(2025, 5, 5 + day, 10, place) for day in (0, 1) for place in range(counts[day])
        ]
        stamps = pl.Series(times, dtype=pl.Datetime("us"))
        found.append(arrivals("a", stamps, date(2025, 5, 5), date(2025, 5, 6), 0.95))
    assert len({(one.low, one.high, one.reports) for one in found}) == 1
    widths = [np.array(one.week_high) / np.maximum(one.week_low, 1e-3) for one in found]
    assert np.allclose(widths[0][10], widths[1][10], rtol=0.02)


def test_limits_tell_the_spread_of_daily_counts_in_halves_only() -> None:
    """Seven days of 10 reports on two of them, or of 11 and 9: their variance is not to be had."""
    found = []
    for pair in ((10, 10), (11, 9)):
        times = [
            datetime(2025, 5, 5 + 2 * day, 10, place)
            for day in (0, 1)
            for place in range(pair[day])
        ]
        stamps = pl.Series(times, dtype=pl.Datetime("us"))
        one = arrivals("a", stamps, date(2025, 5, 5), date(2025, 5, 11), 0.95)
        found.append((one.low, one.high))
    # Variances of 23.81 and 24.14 over a mean of 2.857: 8.33 and 8.45, both 8.5 in halves.
    assert found[0] == found[1]


def test_nine_tenths_of_few_lengths_are_withheld() -> None:
    """Of 49 lengths fewer than five lie beyond nine tenths; of 50 five do."""
    draw = np.random.Generator(np.random.Philox(6))
    for count, told in ((49, False), (50, True)):
        found = length("a", draw.gamma(2.0, 20.0, count), draw)
        assert found is not None
        assert (found.observed[1] is not None) == told


def test_a_handful_of_stand_ins_is_not_counted(tmp_path: Path) -> None:
    """Three jobs without an end do not become a share that gives their number away."""
    log = log_of(force(held=0.0), tmp_path, days=3)
    rows = pl.int_range(pl.len())
    few = log.public.with_columns(
        pl.when(rows < 3).then(None).otherwise(pl.col(stamp)).alias(stamp)
        for stamp in ("cleared", "closed")
    )
    first, _ = log.period
    assert work_of(few, first, np.random.Generator(np.random.Philox(1))).imputed is None
    # None can be said of jobs that lack nothing either, or an absent figure would tell.
    whole = work_of(log.public, first, np.random.Generator(np.random.Philox(1)))
    assert whole.imputed is None


def hourly(folder: Path, buckets: list[list[int]]) -> tuple[Path, Path]:
    """Hourly counts of one line: calls answered within 10, 15, 20 seconds, and later."""
    hours = [f"2025-05-{1 + hour // 24:02d} {hour % 24:02d}:00" for hour in range(len(buckets))]
    names = ["a", "b", "c", "late"]
    table = pl.DataFrame({"hour": hours}).hstack(
        pl.DataFrame(dict(zip(names, map(list, zip(*buckets, strict=True)), strict=True)))
    )
    table.write_csv(folder / "hourly.csv")
    (folder / "lines.toml").write_text(
        'format = 1\ntitle = "made up"\n[time]\ncolumn = "hour"\nformat = "%Y-%m-%d %H:%M"\n'
        '[lines.emergency]\norigin = "999"\nlater = "late"\nhandling_minutes = 4.0\n'
        '[lines.emergency.answered_within_seconds]\n10 = "a"\n15 = "b"\n20 = "c"\n',
        encoding="utf-8",
    )
    return folder / "hourly.csv", folder / "lines.toml"


def test_neighbouring_shares_of_answered_calls_are_not_a_few_calls_apart(tmp_path: Path) -> None:
    """Two calls between 10 and 15 seconds are not to be had as the difference of two shares."""
    # Ten days of 24 calls; the last five are predicted: 120 hours, of which two have a slow call.
    buckets = [[18, 2, 2, 2] for _ in range(120)] + [[21, 0, 2, 1] for _ in range(118)]
    buckets += [[20, 1, 2, 1], [20, 1, 2, 1]]
    log, lines = hourly(tmp_path, buckets)
    found = telephone(log, load_telephone_mapping(lines), 5)
    whole = {one.seconds for one in found.within if one.load == "all"}
    assert whole == {10, 20}


def test_a_load_left_out_is_not_to_be_had_from_the_others(tmp_path: Path) -> None:
    """Where one third of hours has three late calls no third is shown, only the whole."""
    rng = np.random.Generator(np.random.Philox(4))
    buckets = []
    for hour in range(240):
        size = (10, 20, 40)[hour % 3]
        late = 1 if hour % 3 else int(hour in {123, 126, 129})
        slow = int(rng.integers(1, 3))
        buckets.append([size - 2 * slow - late, slow, slow, late])
    log, lines = hourly(tmp_path, buckets)
    found = telephone(log, load_telephone_mapping(lines), 5)
    at_20 = [one.load for one in found.within if one.seconds == 20]
    assert at_20 == ["all"]
    assert {one.load for one in found.within if one.seconds == 10} > {"all", "quiet"}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Log]:
    """A simulated log of two weeks with three arrivals before the report."""
    folder = tmp_path_factory.mktemp("export")
    log = log_of(force(held=0.0), folder, days=14)
    frame = pl.read_csv(folder / "log.csv", infer_schema=False)
    rows = pl.int_range(pl.len())
    early = pl.lit("01/01/2022 00:00:00")
    frame.with_columns(
        pl.when(rows.is_in([5, 6, 7])).then(early).otherwise(pl.col("Resource_At_Scene"))
        .alias("Resource_At_Scene")
    ).write_csv(folder / "log.csv")  # fmt: skip
    return folder, log


def test_what_is_redirected_into_a_file_holds_no_count_under_five(
    exported: tuple[Path, Log],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Exact faults and their lines go to a terminal only; standard output may be kept."""
    folder, _ = exported
    mapping = Path(__file__).parents[2] / "scenarios" / "mappings" / "uk-command-and-control.toml"
    text = mapping.read_text(encoding="utf-8").replace('"BCP*" = "bcp"', '"*" = "north"')
    text = text.replace('"County*" = "county"\n', "").replace(
        "bcp = 15.0, county = 20.0", "north = 15.0"
    )
    (folder / "map.toml").write_text(text, encoding="utf-8")
    words = ["diagnose", str(folder / "log.csv"), "--mapping", str(folder / "map.toml")]
    assert cli.main(words) == 0
    printed = capsys.readouterr()
    out = " ".join(printed.out.split())
    assert "arrived: earlier than the report itself (under 5 of" in out
    assert "first in line" not in out
    # Where both streams are kept in files nothing is said twice, with two counts.
    assert "earlier than the report" not in printed.err
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert cli.main(words) == 0
    printed = capsys.readouterr()
    assert "arrived: earlier than the report itself (3 of" in " ".join(printed.err.split())
    assert "first in line" in printed.err
    assert "first in line" not in printed.out
    assert cli.main([*words, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    counts = [fault["count"] for fault in document["faults"]]
    assert None in counts
    assert not [count for count in counts if count is not None and count % 5]
