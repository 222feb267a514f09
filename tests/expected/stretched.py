"""Measure both forces side by side: ``python -m tests.expected.stretched``.

Writes ``tests/expected/stretched.csv`` and the tables of ``docs/stretched.md`` between its markers.
Takes some four minutes. Read the difference afterwards: words around the tables may have to
follow.
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from sim.fates.incidents import draw
from sim.measures import CaseCount, Count, Cut, Ending, Replication, Span
from sim.results.making.case_tallies import CaseTallies
from sim.results.making.report_tallies import ReportTallies
from sim.scenario.demand import IncidentStream
from sim.scenario.loading import load
from sim.scenario.models import Scenario
from sim.statistics import (
    Interval,
    mean_interval,
    paired_ratio_difference,
    ratio_interval,
    share_interval,
)
from sim.streams import Streams
from sim.study.settings import Settings
from sim.tables import DAY, HOUR, MINUTE, WORK, Origin
from tests.expected.figures import LEVEL, Figure, Unit, of_scenarios

ROOT: Final = Path(__file__).parents[2]
SCENARIOS: Final = ROOT / "scenarios"
FILE: Final = Path(__file__).with_name("stretched.csv")
DOCUMENT: Final = ROOT / "docs" / "stretched.md"

# A week settles the baseline, and a fortnight the stretched force.
FULL: Final = Settings(replications=24, warm_up_days=14, engine="compiled")
YEAR: Final = replace(FULL, days=364)
PERIOD_DAYS: Final = 28
FORCES: Final[Mapping[str, Path]] = {
    "the baseline": SCENARIOS / "dorset-2022.toml",
    "the stretched force": SCENARIOS / "stretched-force.toml",
}
VARIANTS: Final[Mapping[str, str]] = {
    "nothing held": "deploy-at-grading",
    "all held": "hold-for-ratification",
    "children level in the queue": "missing-child-level",
    "second supervisor at night": "second-night-supervisor",
    "one more dispatcher": "extra-dispatcher",
    "999 answered in ten seconds": "answered-in-ten-seconds",
    "the telephone in one queue": "telephone-in-one-tier",
    "teams' late shift moved to 02:00": "teams-moved-to-0200",
    "a third team shift until 02:00": "teams-to-0200",
    "night enquiries at the day's pace": "night-enquiries-at-day-rhythm",
}
NOTHING_KEPT: Final = "nobody kept back for grade 1"
CHILD: Final = Cut(stream="missing_child", grade=2)
HIGH: Final = Cut(stream="missing_child", risk="high")
CHILDREN: Final = Cut(stream="missing_child")


class Check(NamedTuple):
    """What a figure is held against, and in which force it set a number."""

    held: str
    used: str


CHECKS: Final[Mapping[str, Check]] = {
    "response, busy": Check("65 to 80 % (baseline), 85 % and more (stretched)", "both"),
    "grade 1 in target": Check("75 to 85 % (from memory)", "baseline"),
    "mean to grade 1": Check("", ""),
    "mean to other grade 2": Check(
        "5 h nationally; Cleveland 1.7 to 3.3 h, Avon & Somerset 13 h, Derbyshire 15 h, "
        "Wiltshire 16 min",
        "stretched",
    ),
    "other grade 2 in 20 minutes": Check("40 to 60 % (no UK source)", "baseline"),
    "other grade 2, over 10 hours": Check("rare, and happens", "baseline"),
    "mean to grade 3": Check("Cleveland 13 to 23 h", "stretched"),
    "grade 3, over 10 hours": Check("", ""),
    "jobs in the queue at 04:00": Check("a backlog overnight", "stretched"),
    "missing child, grade 2, in 20 minutes": Check("", ""),
    "missing child, grade 2, over 10 hours": Check("rare, and happens", "baseline"),
    "high risk in target, from the call": Check("", ""),
    "high risk in target, from grading": Check("", ""),
    "found by police": Check("25 to 30 % (from memory, 15 to 40)", "baseline"),
    "officer-hours a case": Check("8 to 10", "baseline"),
    "hours a case in which nobody works on it": Check("", ""),
}
TESTS: Final[Mapping[str, str]] = {
    "children reported missing in a year": "1,006 for some 2,970 reports (Dorset OPCC, 2017-18)",
    "of them, more than once": "32 %: 321 of 1,006 (the same)",
    "of those in care, more than once": "65 % (DfE, 2022)",
    "missing people's share of all calls": "3.3 % (Durham, 2022), 2.5 to 4",
    "episodes from care of over two days": "10 % (DfE, 2022)",
    "home of their own accord": "50 % (Durham, 2022), 40 to 65 of children",
    "mean to grade 2 in the county": "91 to 259 min in five rural towns, 126 in Bridport (2024)",
    "999 calls, Saturday 15:00 to 03:00": "280 on 16 September 2023 (ITV Meridian)",
}


def main() -> None:
    """Measure, and write the file and the document's tables."""
    write(measured(FULL))
    document = with_tables(DOCUMENT.read_text(encoding="utf-8"), read())
    DOCUMENT.write_text(document, encoding="utf-8", newline="\n")


def measured(settings: Settings) -> list[Figure]:
    """Measure every figure of both forces."""
    found: list[Figure] = []
    for force, file in FORCES.items():
        variants = laid_over(file)
        played = of_scenarios([load(file).scenario, *variants.values()], settings)
        found += [*checked(force, played[0]), *tested(force, played[0], load(file).scenario)]
        found += over_the_year(force, load(file).scenario)
        for name, after in zip(variants, played[1:], strict=True):
            found += changed(f"{force}: {name}", played[0], after)
    return found


def laid_over(file: Path) -> dict[str, Scenario]:
    """Return each variant over a force, as if its file extended that of the force."""
    pools = [name for name, pool in load(file).scenario.pools.items() if pool.reserve]
    kept = "\n".join(f"[pools.{name}]\nreserve = 0" for name in pools)
    texts = {NOTHING_KEPT: f'format = 1\ntitle = "-"\nextends = "dorset-2022.toml"\n{kept}\n'}
    texts |= {
        name: (SCENARIOS / f"{variant}.toml").read_text(encoding="utf-8")
        for name, variant in VARIANTS.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder, "variant.toml")
        scenarios = {}
        for name, text in texts.items():
            over = text.replace('"dorset-2022.toml"', f'"{file.as_posix()}"', 1)
            own.write_text(over, encoding="utf-8")
            scenarios[name] = load(own).scenario
    return scenarios


def checked(force: str, replications: Sequence[Replication]) -> Iterator[Figure]:
    """Yield what `CHECKS` names, in its order."""
    reports, cases = ReportTallies(replications), CaseTallies(replications)
    first, third = reports.sums(Cut(grade=1)), reports.sums(Cut(grade=3))
    child, high = reports.sums(CHILD), reports.sums(HIGH)
    other = reports.sums(Cut(grade=2)) - child
    own = cases.sums(CHILDREN)

    def share(sums: np.ndarray, top: Count, bottom: Count = Count.NEEDED) -> Interval:
        return share_interval(sums[:, top], sums[:, bottom], LEVEL)

    def mean(sums: np.ndarray) -> Interval:
        delays = sums[:, Count.DELAY_SECONDS] / MINUTE
        return ratio_interval(delays, sums[:, Count.NEEDED], LEVEL)

    def hours(count: CaseCount, bottom: CaseCount) -> Interval:
        return ratio_interval(own[:, count] / HOUR, own[:, bottom], LEVEL)

    units: Mapping[str, tuple[Unit, Interval]] = {
        "response, busy": ("share", _busy(replications)),
        "grade 1 in target": ("share", share(first, Count.ARRIVED, Count.TARGETED)),
        "mean to grade 1": ("minutes", mean(first)),
        "mean to other grade 2": ("minutes", mean(other)),
        "other grade 2 in 20 minutes": ("share", share(other, Count.ARRIVED, Count.TARGETED)),
        "other grade 2, over 10 hours": ("share", share(other, Count.OVER_600)),
        "mean to grade 3": ("minutes", mean(third)),
        "grade 3, over 10 hours": ("share", share(third, Count.OVER_600)),
        "jobs in the queue at 04:00": ("rows", _queued_at(replications, 4)),
        "missing child, grade 2, in 20 minutes": (
            "share",
            share(child, Count.ARRIVED, Count.TARGETED),
        ),
        "missing child, grade 2, over 10 hours": ("share", share(child, Count.OVER_600)),
        "high risk in target, from the call": (
            "share",
            share(high, Count.ARRIVED_FROM_RECEIVED, Count.ATTENDANCE_TARGETED),
        ),
        "high risk in target, from grading": (
            "share",
            share(high, Count.ARRIVED_FROM_GRADED, Count.ATTENDANCE_TARGETED),
        ),
        "found by police": (
            "share",
            share_interval(own[:, CaseCount.FOUND], own[:, CaseCount.EPISODES], LEVEL),
        ),
        "officer-hours a case": ("rows", hours(CaseCount.OFFICER_SECONDS, CaseCount.CASES)),
        "hours a case in which nobody works on it": (
            "rows",
            hours(CaseCount.UNWORKED_SECONDS, CaseCount.ENQUIRED),
        ),
    }
    for name in CHECKS:
        yield _figure("checks", force, name, *units[name])


def tested(force: str, replications: Sequence[Replication], scenario: Scenario) -> Iterator[Figure]:
    """Yield what `TESTS` names, in its order."""
    reports, cases = ReportTallies(replications), CaseTallies(replications)
    care = Cut(stream="missing_child", care=True)
    two_days = np.array([48 * HOUR])
    back = [cases.until(care, Span.CHILD_SAFE, ending, two_days) for ending in
            (Ending.DONE, Ending.FOUND)]  # fmt: skip
    followed = back[0][1]
    longer = followed - back[0][0][:, 0] - back[1][0][:, 0]
    own = cases.sums(CHILDREN)
    county = reports.sums(Cut(grade=2, area="county"))
    years = [_children_of_a_year(scenario, number) for number in range(len(replications))]
    incidents = [one for one in scenario.streams.values() if isinstance(one, IncidentStream)]
    calls = sum(one.volume_per_year for one in incidents)
    missing = sum(scenario.streams[name].volume_per_year for name in _MISSING)
    in_share = missing / calls
    found: Mapping[str, tuple[Unit, Interval]] = {
        "children reported missing in a year": (
            "rows",
            mean_interval([year.children for year in years], LEVEL),
        ),
        "of them, more than once": (
            "share",
            share_interval([y.repeat for y in years], [y.children for y in years], LEVEL),
        ),
        "of those in care, more than once": (
            "share",
            share_interval([y.care_repeat for y in years], [y.care for y in years], LEVEL),
        ),
        "missing people's share of all calls": (
            "share",
            Interval(in_share, None, None, round(calls), LEVEL),
        ),
        "episodes from care of over two days": ("share", share_interval(longer, followed, LEVEL)),
        "home of their own accord": (
            "share",
            share_interval(own[:, CaseCount.RETURNED], own[:, CaseCount.EPISODES], LEVEL),
        ),
        "mean to grade 2 in the county": (
            "minutes",
            ratio_interval(county[:, Count.DELAY_SECONDS] / MINUTE, county[:, Count.NEEDED], LEVEL),
        ),
        "999 calls, Saturday 15:00 to 03:00": (
            "rows",
            mean_interval(
                [_calls_of_a_saturday(scenario, number) for number in range(len(replications))],
                LEVEL,
            ),
        ),
    }
    for name in TESTS:
        yield _figure("tests", force, name, *found[name])


def over_the_year(force: str, scenario: Scenario, settings: Settings = YEAR) -> Iterator[Figure]:
    """Yield the jobs that wait for a unit, on average in each four weeks from the first day on."""
    (played,) = of_scenarios([scenario], settings)
    first = played[0]
    measured = slice(-first.first_hour, -first.first_hour + settings.days * DAY // HOUR)
    jobs = np.stack([one.unallocated[measured] for one in played]) / HOUR
    by_period = jobs.reshape(len(played), -1, PERIOD_DAYS * DAY // HOUR).mean(axis=2)
    begun = scenario.calendar.first_day
    for period in by_period.T:
        last = begun + timedelta(days=PERIOD_DAYS - 1)
        name = f"{begun.day} {begun:%B} to {last.day} {last:%B}"
        yield _figure("year", force, name, "rows", mean_interval(period, LEVEL))
        begun = last + timedelta(days=1)


_MISSING: Final = ("missing_child", "missing_adult")


class _Year(NamedTuple):
    """Children reported missing in a year: all, more than once, and the same of those in care."""

    children: int
    repeat: int
    care: int
    care_repeat: int


def _children_of_a_year(scenario: Scenario, replication: int) -> _Year:
    incidents = _drawn(scenario, ("missing_child",), replication, 0, 365 * DAY)
    child, first, times = np.unique(incidents["child"], return_index=True, return_counts=True)
    care, again = incidents["in_care"][first] == 1, times > 1
    return _Year(child.size, int(again.sum()), int(care.sum()), int((care & again).sum()))


def _calls_of_a_saturday(scenario: Scenario, replication: int) -> int:
    # The third Saturday of September, 145 days after the last Monday of April.
    start = 145 * DAY + 15 * HOUR
    names = [name for name, one in scenario.streams.items() if isinstance(one, IncidentStream)]
    incidents = _drawn(scenario, names, replication, start, start + 12 * HOUR)
    return int((incidents["origin"] == Origin.EMERGENCY).sum())


def _drawn(
    scenario: Scenario, names: Iterable[str], replication: int, start: int, end: int
) -> Mapping[str, np.ndarray]:
    chosen = {name: scenario.streams[name] for name in names}
    own = scenario.model_copy(update={"streams": chosen, "episode": None})
    return draw(own, Streams(FULL.seed, replication), start, end).incidents.columns


def changed(
    case: str, before: Sequence[Replication], after: Sequence[Replication]
) -> Iterator[Figure]:
    """Yield what a variant changes: paired differences, the variant less the force."""
    reports = ReportTallies(before), ReportTallies(after)
    cases = CaseTallies(before), CaseTallies(after)
    child = [one.sums(CHILD) for one in reports]
    others = [one.sums(Cut(grade=2)) - one.sums(CHILD) for one in reports]
    own = [one.sums(CHILDREN) for one in cases]

    def difference(
        sums: Sequence[np.ndarray], top: int, bottom: int, factor: float, *, share: bool
    ) -> Interval:
        old, new = sums
        return paired_ratio_difference(
            old[:, top] * factor, old[:, bottom], new[:, top] * factor, new[:, bottom], LEVEL,
            share=share,
        )  # fmt: skip

    told: Mapping[str, tuple[Unit, Interval]] = {
        "in 20 minutes": (
            "share",
            difference(child, Count.ARRIVED, Count.TARGETED, 1.0, share=True),
        ),
        "mean unattended": (
            "minutes",
            difference(child, Count.DELAY_SECONDS, Count.NEEDED, 1 / MINUTE, share=False),
        ),
        "over 60 minutes": (
            "share",
            difference(child, Count.OVER_60, Count.NEEDED, 1.0, share=True),
        ),
        "over 10 hours": (
            "share",
            difference(child, Count.OVER_600, Count.NEEDED, 1.0, share=True),
        ),
        "nobody works on it": (
            "minutes",
            difference(
                own, CaseCount.UNWORKED_SECONDS, CaseCount.ENQUIRED, 1 / MINUTE, share=False
            ),
        ),
        "mean to other grade 2": (
            "minutes",
            difference(others, Count.DELAY_SECONDS, Count.NEEDED, 1 / MINUTE, share=False),
        ),
    }
    for name, (unit, interval) in told.items():
        yield _figure("changes", case, name, unit, interval)


def _busy(replications: Sequence[Replication]) -> Interval:
    """Work within the shift of all response officers, by day and by night, of their time."""
    roles = replications[0].labels.roles
    ours = [place for place, role in enumerate(roles) if role in ("response", "night_response")]
    work = sorted(int(kind) for kind in WORK)
    busy = [one.pools.busy[np.ix_(ours, work)].sum() for one in replications]
    duty = [one.pools.on_duty[ours].sum() for one in replications]
    return ratio_interval(busy, duty, LEVEL, share=True, count=len(replications))


def _queued_at(replications: Sequence[Replication], hour: int) -> Interval:
    """Mean jobs in the queues of all areas in an hour of the day, enquiries and visits too."""
    lengths = [
        (one.pools.queued[:, :, hour].sum() + one.pools.errands[:, :, hour].sum())
        / (HOUR * one.window_seconds / DAY)
        for one in replications
    ]
    return mean_interval(lengths, LEVEL)


def _figure(table: str, case: str, measure: str, unit: Unit, interval: Interval) -> Figure:
    return Figure(
        table, case, measure, unit, interval.value, interval.low, interval.high, interval.n
    )


def write(figures: Iterable[Figure]) -> None:
    """Write the file of figures."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Figure._fields)
        for figure in figures:
            numbers = ("" if one is None else f"{one:.6g}" for one in figure[4:7])
            writer.writerow([*figure[:4], *numbers, figure.n])


def read() -> list[Figure]:
    """Read the file of figures."""
    units: Mapping[str, Unit] = {"share": "share", "minutes": "minutes", "rows": "rows"}
    with FILE.open(encoding="utf-8", newline="") as file:
        found = []
        for row in csv.DictReader(file):
            value, low, high = (
                float(row[name]) if row[name] else None for name in ("value", "low", "high")
            )
            case, measure, unit = row["case"], row["measure"], units[row["unit"]]
            found.append(Figure(row["table"], case, measure, unit, value, low, high, int(row["n"])))
        return found


def with_tables(document: str, figures: Sequence[Figure]) -> str:
    """Return the document with its tables replaced.

    Raises
    ------
    ValueError
        If a table has no place in the document.
    """
    for name, lines in (
        ("checks", _checks_table(figures)),
        ("changes", _changes_table(figures)),
        ("tests", _tests_table(figures)),
        ("year", _year_table(figures)),
    ):
        place = re.search(rf"(?<=<!-- {name} -->\n).*?(?=<!-- end -->)", document, re.DOTALL)
        if place is None:
            raise ValueError(f"{DOCUMENT.name} has no place for the table {name}")
        text = "\n".join(lines)
        document = f"{document[: place.start()]}\n{text}\n\n{document[place.end() :]}"
    return document


def told(figure: Figure, *, signed: bool = False) -> str:
    """Return a figure and its limits as a cell of a table; minutes of two hours and more in hours.

    Shares are in per cent, and of a share with few events the exact limit alone is told.
    """
    if figure.value is None:
        return "too few"
    values = [one for one in figure[4:7] if one is not None]
    largest = max(abs(one) for one in values)
    factor, unit = {
        "share": (100.0, " points" if signed else " %"),
        "minutes": (1.0, " min"),
        "rows": (1.0, ""),
    }[figure.unit]
    if figure.unit == "minutes" and largest >= 120:
        factor, unit = 1 / 60, " h"
    sign = "+" if signed else ""
    digits = 2 if largest * factor < 1 else 1 if largest * factor < 100 else 0

    def number(value: float) -> str:
        return f"{value * factor:{sign},.{digits}f}".replace("-", "−")

    text = f"{number(figure.value)}{unit}"
    if figure.low is None and figure.high is None:
        return text
    if figure.low is None or figure.high is None:
        limit = figure.high if figure.low is None else figure.low
        word = "under" if figure.low is None else "over"
        return f"{text} ({word} {number(limit or 0.0)})"
    return f"{text} ({number(figure.low)} to {number(figure.high)})"


def _by_case(figures: Sequence[Figure], table: str) -> dict[tuple[str, str], Figure]:
    return {(one.case, one.measure): one for one in figures if one.table == table}


def _checks_table(figures: Sequence[Figure]) -> Iterator[str]:
    beside = {name: (check.held, check.used or "–") for name, check in CHECKS.items()}
    headings = ("published, or aimed at", "set a number of")
    return _side_by_side(figures, "checks", "check", headings, beside)


def _tests_table(figures: Sequence[Figure]) -> Iterator[str]:
    beside = {name: (held,) for name, held in TESTS.items()}
    return _side_by_side(figures, "tests", "figure", ("published",), beside)


def _year_table(figures: Sequence[Figure]) -> Iterator[str]:
    periods = (one.measure for one in figures if one.table == "year")
    return _side_by_side(figures, "year", "jobs waiting for a unit", (), dict.fromkeys(periods, ()))


def _side_by_side(
    figures: Sequence[Figure],
    table: str,
    first: str,
    headings: Sequence[str],
    beside: Mapping[str, Sequence[str]],
) -> Iterator[str]:
    """Yield a table with a column for each force, and words beside each line."""
    found = _by_case(figures, table)
    columns = (first, *FORCES, *headings)
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for name, words in beside.items():
        cells = (told(found[force, name]) for force in FORCES)
        yield f"| {' | '.join((name, *cells, *words))} |"


def _changes_table(figures: Sequence[Figure]) -> Iterator[str]:
    found = _by_case(figures, "changes")
    measures = list(dict.fromkeys(measure for _, measure in found))
    yield f"| change | force | {' | '.join(measures)} |"
    yield f"|---|---|{'---|' * len(measures)}"
    for name in (*VARIANTS, NOTHING_KEPT):
        for force in FORCES:
            cells = [told(found[f"{force}: {name}", one], signed=True) for one in measures]
            yield f"| {name} | {force.removeprefix('the ')} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
