"""What leaves: nothing under five, and nothing that subtraction gives back."""

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from sim.force_log import Diagnosis, diagnose, new_mapping, read_log
from sim.force_log.disclosure import (
    LEAST,
    quantile_may_leave,
    released_faults,
    rounded,
    rounded_minutes,
    withheld_cells,
    withheld_shares,
)
from sim.force_log.faults import LogFault
from sim.report.log.diagnosis import diagnosis_summary
from sim.report.log.page import diagnosis_page
from tests.force_log.made_up import force, mapping, written

COUNTS = st.lists(st.integers(0, 30), min_size=1, max_size=6)


def shown(counts: Sequence[int]) -> tuple[int | None, ...] | None:
    """A table as an attacker sees it, besides its total; None: not shown at all."""
    hidden = withheld_cells(counts)
    if all(hide for hide, count in zip(hidden, counts, strict=True) if count) and any(hidden):
        return None
    return tuple(None if hide else count for hide, count in zip(hidden, counts, strict=True))


def compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Every way to write a total as so many positive whole numbers, in order."""
    for bars in itertools.combinations(range(1, total), parts - 1):
        ends = (0, *bars, total)
        yield tuple(b - a for a, b in itertools.pairwise(ends))


@given(COUNTS)
def test_no_count_under_five_is_shown(counts: list[int]) -> None:
    """A cell from 1 to 4 is withheld, whatever stands beside it."""
    for hide, count in zip(withheld_cells(counts), counts, strict=True):
        assert hide or not 0 < count < LEAST


@given(COUNTS)
def test_subtraction_leaves_every_withheld_count_in_doubt(counts: list[int]) -> None:
    """From the total and all that is shown, a withheld count may be under five or not."""
    table = shown(counts)
    if table is None:
        return
    held = [count for count, cell in zip(counts, table, strict=True) if cell is None]
    if not held:
        return
    # Each withheld cell is at least 1, so one of k may be anything from 1 to sum - (k - 1).
    rest = sum(counts) - sum(cell for cell in table if cell is not None)
    assert rest == sum(held)
    assert len(held) >= 2
    assert rest - (len(held) - 1) >= LEAST


@given(st.lists(st.integers(0, 12), min_size=2, max_size=4))
def test_knowing_the_rule_does_not_help(counts: list[int]) -> None:
    """Of all tables that would be shown the same, none two agree on a count from 1 to 4."""
    table = shown(counts)
    if table is None or None not in table:
        return
    places = [place for place, cell in enumerate(table) if cell is None]
    rest = sum(counts[place] for place in places)
    possible: dict[int, set[int]] = {place: set() for place in places}
    for guess in compositions(rest, len(places)):
        other = list(counts)
        for place, value in zip(places, guess, strict=True):
            other[place] = value
        if shown(other) == table:
            for place in places:
                possible[place].add(other[place])
    for place in places:
        if counts[place] < LEAST:
            assert len(possible[place]) > 1, (counts, table)


@given(
    st.lists(
        st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
        min_size=1,
        max_size=5,
    )
)
def test_shares_give_no_small_number_of_events_away(cells: list[tuple[int, int]]) -> None:
    """With cases known and the total of events known, a withheld share keeps a wide range."""
    events, cases = [e for e, _ in cells], [n for _, n in cells]
    hidden = withheld_shares(events, cases)
    for hide, e, n in zip(hidden, events, cases, strict=True):
        assert hide or min(e, n - e) >= LEAST
    if all(hidden) or not any(hidden):
        return
    rest_events = sum(e for hide, e in zip(hidden, events, strict=True) if hide)
    rest_cases = sum(n for hide, n in zip(hidden, cases, strict=True) if hide)
    for hide, e, n in zip(hidden, events, cases, strict=True):
        if hide and min(e, n - e) < LEAST:
            low, high = max(0, rest_events - (rest_cases - n)), min(n, rest_events)
            assert high - low >= min(LEAST, n)


def test_counts_are_told_to_the_nearest_five() -> None:
    """12 becomes 10, 13 becomes 15, 3 nothing, and 0 stays."""
    assert [rounded(count) for count in (0, 3, 5, 7, 12, 13)] == [0, None, 5, 5, 10, 15]


def test_a_quantile_needs_five_cases_beyond_it() -> None:
    """The ninth tenth of 49 cases has fewer than five beyond it; of 50 it has five."""
    assert not quantile_may_leave(0.9, 49)
    assert quantile_may_leave(0.9, 50)
    assert quantile_may_leave(0.5, 10)
    assert not quantile_may_leave(0.5, 9)


def test_minutes_of_few_cases_are_coarse() -> None:
    """Under a hundred cases, half minutes."""
    assert (rounded_minutes(12.34, 50), rounded_minutes(12.34, 100)) == (12.5, 12.3)


def test_faults_leave_without_their_place() -> None:
    """What is written of a fault names no line, and no count under five."""
    (row,) = released_faults(
        [LogFault("broken_rows", "x", "y", 1, 1_003, "z", line=77, examples=("77",))]
    )
    assert row["count"] is None
    assert row["of"] == 1_005
    assert "77" not in json.dumps(row)


def canary_log() -> pl.DataFrame:
    """A log in which everything that must stay behind is called canary."""
    log = force(3_000, held=0.5, child_factor=2.0)
    rows = pl.int_range(pl.len())
    return log.with_columns(
        urn=pl.lit("canary-") + pl.col("urn"),
        callsign=pl.lit("canary-") + pl.col("callsign"),
        kind=pl.when(rows == 3).then(pl.lit("canary kind")).otherwise("kind"),
        lpa=pl.when(rows == 5).then(pl.lit("canary area")).otherwise("lpa"),
        grade=pl.when(rows % 100 == 7).then(pl.lit("canary")).otherwise("grade"),
        caller=pl.lit("Jo Canary"),
    )


def canary_diagnosis(folder: Path) -> Diagnosis:
    """The diagnosis of the canary log."""
    path = written(folder, canary_log())
    return diagnose(read_log(path, mapping()), resamples=50)


def test_a_count_withheld_beside_a_small_one_is_not_called_small(tmp_path: Path) -> None:
    """A large cell is hidden with a small one, so a hidden count is not said to be under five."""
    found = diagnose(read_log(written(tmp_path, force(400)), mapping()), resamples=50)
    found = replace(
        found,
        figures=tuple(
            replace(one, value=None, low=None, high=None, n=None, withheld=True)
            if (one.grade, one.area) == (2, "south")
            else one
            for one in found.figures
        ),
    )
    console = Console(width=100)
    with console.capture() as printed:
        console.print(diagnosis_summary(found, width=100))
    (south,) = [line for line in printed.get().splitlines() if line.startswith("grade 2, south")]
    assert south.split()[3] == "*"
    assert "under 5" not in printed.get()
    assert "under 5" not in diagnosis_page(found, ["run_sim.py"], {})


def test_nothing_of_the_log_is_in_what_leaves(tmp_path: Path) -> None:
    """Neither the document, nor the page, nor a new mapping holds a word of the log's own."""
    diagnosis = canary_diagnosis(tmp_path)
    console = Console(width=100)
    with console.capture() as page:
        console.print(diagnosis_summary(diagnosis, width=100))
    texts = [
        json.dumps(diagnosis.as_dict(), default=str),
        page.get(),
        new_mapping(tmp_path / "log.csv"),
    ]
    assert all("canary" not in text.lower() for text in texts[:2])
    assert "Jo Canary" not in texts[2]
    assert "canary kind" not in texts[2]
    assert "canary area" not in texts[2]


def test_no_figure_of_a_diagnosis_rests_on_fewer_than_five(tmp_path: Path) -> None:
    """Every count is a multiple of five, and each shown share has five cases on each side."""
    diagnosis = canary_diagnosis(tmp_path)
    assert len(diagnosis.figures) > 100
    for figure in diagnosis.figures:
        assert figure.n is None or (figure.n % 5 == 0 and figure.n >= LEAST)
        if figure.value is not None:
            assert figure.n is not None
        if figure.unit == "share" and figure.value is not None and figure.n is not None:
            # Rounding of n moves it by up to 2, of the share by up to half a hundredth.
            fewest = min(figure.value, 1 - figure.value) + 0.005
            assert fewest * (figure.n + 2) >= LEAST


def test_a_small_stream_is_not_to_be_had_from_its_grade(tmp_path: Path) -> None:
    """Three missing-child jobs in a grade are withheld, and another cell with them if need be."""
    log = force(600, children=0.0)
    rows = pl.int_range(pl.len())
    log = log.with_columns(
        grade=pl.lit("2"),
        channel=pl.lit("999"),
        kind=pl.when(rows < 3).then(pl.lit("missing child"))
        .when(rows < 53).then(pl.lit("missing adult")).otherwise("kind"),
    )  # fmt: skip
    kinds = {"missing child": "missing_child", "missing adult": "missing_adult", "*": "other"}
    diagnosis = diagnose(read_log(written(tmp_path, log), mapping({"kinds": kinds})), resamples=20)
    cells = {
        figure.stream: figure
        for figure in diagnosis.figures
        if figure.measure == "delay_p50" and figure.stage == "received_to_arrived"
        and figure.grade == 2 and figure.stream is not None
    }  # fmt: skip
    assert cells["missing_child"].n is None
    assert cells["missing_adult"].n is None
    assert cells["other"].n == 545
