"""Rows from replications: values by hand, intervals, pairs and the document."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sim.measures import Replication, merged
from sim.results import (
    KEYS,
    DifferenceRows,
    Document,
    Row,
    Run,
    ScenarioRows,
    headline_measures,
)
from sim.results.making import difference_rows, scenario_rows
from sim.tables import Activity, End
from tests.engines.hand import unit
from tests.measures.tables import HOUR, activity, arrived, tally

ROOT = Path(__file__).parents[2]
MINUTE = 60
CHILD = {"stream": "missing_child", "grade": 2}


def replication(
    minutes: Sequence[int], returned: Sequence[int] = (), other: Sequence[int] = (30,)
) -> Replication:
    """Children reached, or back, after so many minutes, and priority work reached so."""
    cases = [(wait, 0, True) for wait in minutes]
    cases += [(wait, 0, False) for wait in returned]
    cases += [(wait, 1, True) for wait in other]
    reports = [
        {"stream": stream} if comes else {"stream": stream, "return_at": wait * MINUTE}
        for wait, stream, comes in cases
    ]
    ends = [
        arrived(wait * MINUTE) if comes else {"end": End.RETURNED_FIRST} for wait, _, comes in cases
    ]
    rows = [
        activity(Activity.WAIT_UNIT, 0, wait * MINUTE, key)
        for key, (wait, _, _) in enumerate(cases, start=1)
    ]
    # The only unit is at a scene from 00:30 to 01:30 and its shift ends at 01:00.
    rows.append(activity(Activity.SCENE, 30 * MINUTE, 90 * MINUTE, 1, 900, 0))
    return tally(reports, ends, rows, [unit(0, 0, HOUR, 900)])


def one(rows: Sequence[Row], measure: str, **about: Any) -> Row:
    """The row of a measure that names these cuts and no other."""
    plain = dict.fromkeys(KEYS)
    found = [
        each
        for each in rows
        if each.measure == measure
        and all(getattr(each, key) == value for key, value in {**plain, **about}.items())
    ]
    assert len(found) == 1
    return found[0]


# Twelve replications of two to four children, of whom 24 are reached in 20 minutes.
BASELINE = [replication([10, 20, 90], [50]) if n % 2 else replication([5, 15]) for n in range(12)]
BASELINE_ROWS = scenario_rows(BASELINE)


def test_a_share_is_the_ratio_of_the_sums() -> None:
    """Six times 2 of 4 and six times 2 of 2: 24 of 36, not the mean of 0.5 and 1."""
    found = one(BASELINE_ROWS, "arrived_within_target", **CHILD)
    assert found.value == pytest.approx(24 / 36)
    assert found.n == 36
    assert found.unit == "share"
    assert not found.adjusted


def test_the_six_ends_make_all_reports() -> None:
    """However an incident ends, it is counted once: nobody is dropped."""
    ends = (
        *("attended", "returned_first", "open_at_end", "ended_without_deployment"),
        *("abandoned", "found_by_telephone"),
    )
    shares = [one(BASELINE_ROWS, measure, **CHILD).number for measure in ends]
    # Of 36 reports six end with the child's return; each of the others is attended.
    assert shares == pytest.approx([30 / 36, 6 / 36, 0, 0, 0, 0])


def test_delays_are_in_minutes_and_stages_add_up() -> None:
    """(6 × 170 + 6 × 20) / 36 minutes, all of it in the queue."""
    mean = one(BASELINE_ROWS, "delay_mean", **CHILD)
    assert mean.value == pytest.approx(1140 / 36)
    assert (mean.unit, mean.n) == ("minutes", 36)
    stages = [each for each in BASELINE_ROWS if each.measure == "stage_mean"]
    of_children = [
        each.value
        for each in stages
        if (each.stream, each.grade) == ("missing_child", 2)
        and (each.risk, each.care, each.area, each.hours) == (None,) * 4
    ]
    assert len(of_children) == 5
    assert sum(value or 0 for value in of_children) == pytest.approx(1140 / 36)


def test_quantiles_are_those_of_all_cases_pooled() -> None:
    """Of six each of 5, 10, 15, 20, 50, 90 minutes half are within 15; of 120 9 in 10 within 90."""
    assert one(BASELINE_ROWS, "delay_p50", **CHILD).value == 15
    rows = scenario_rows(BASELINE * 4)
    assert one(rows, "delay_p90", **CHILD).value == 90
    assert one(rows, "delay_p90", **CHILD).n == 144


def test_tails_of_few_cases_are_withheld() -> None:
    """Beyond the p90 of 36 cases lie four, beyond their p95 two: no figure is told of either."""
    for measure in ("delay_p90", "delay_p95", "delay_p99", "delay_cvar95"):
        withheld = one(BASELINE_ROWS, measure, **CHILD)
        assert (withheld.value, withheld.low, withheld.high, withheld.n) == (None, None, None, 36)
    longest = one(BASELINE_ROWS, "delay_max", **CHILD)
    assert (longest.value, longest.low, longest.high, longest.n) == (90, None, None, 36)


def test_few_events_have_an_exact_upper_limit_only() -> None:
    """No wait over ten hours in 36 cases: 1 - 0.05 ** (1 / 36), by Clopper and Pearson."""
    found = one(BASELINE_ROWS, "waited_over", **CHILD, minutes=600)
    assert found.too_few
    assert (found.value, found.low) == (0, None)
    assert found.high == pytest.approx(1 - 0.05 ** (1 / 36))


def test_few_non_events_have_an_exact_lower_limit_only() -> None:
    """The mirror image of few events: 12 of 48 are not attended within the hour."""
    found = one(BASELINE_ROWS, "arrived_by", grade=2, minutes=60)
    # 24 of 36 children and all 12 priority jobs are.
    assert found.value == pytest.approx(36 / 48)
    assert found.high is None
    assert found.low is not None
    assert found.low < 36 / 48


def test_the_curve_is_of_competing_risks() -> None:
    """By 50 minutes 24 of 36 are attended and 6 are back; by 49 none is."""
    assert one(BASELINE_ROWS, "arrived_by", **CHILD, minutes=20).value == pytest.approx(24 / 36)
    assert one(BASELINE_ROWS, "arrived_by", **CHILD, minutes=9).value == pytest.approx(6 / 36)
    assert one(BASELINE_ROWS, "returned_first_by", **CHILD, minutes=50).value == 6 / 36
    assert one(BASELINE_ROWS, "returned_first_by", **CHILD, minutes=49).value == 0


def test_the_week_map_is_by_hour_of_report() -> None:
    """All were reported on Monday in the hour from 00:00."""
    found = one(BASELINE_ROWS, "arrived_within_target", **CHILD, hour=0)
    assert found.value == pytest.approx(24 / 36)
    assert found.n == 36
    assert not [row for row in BASELINE_ROWS if row.hour == 1 and row.pool is None]


def test_the_hour_of_the_day_adds_up_its_days() -> None:
    """All were reported in the hour from 00:00, whatever the day."""
    found = one(BASELINE_ROWS, "arrived_within_target_by_hour_of_day", **CHILD, hour=0)
    assert found.value == pytest.approx(24 / 36)
    assert found.n == 36
    of_day = [row for row in BASELINE_ROWS if row.measure == found.measure and row.stream]
    assert {row.hour for row in of_day} == {0}


def test_the_longest_waits_have_stages_of_their_own() -> None:
    """Of waits of 601 and 5 minutes for a unit only the first is over ten hours."""
    rows = scenario_rows([replication([5, 601])] * 3)
    found = one(rows, "stage_mean_over", **CHILD, stage="queue", minutes=600)
    assert found.value == pytest.approx(601)
    assert (found.n, found.unit) == (3, "minutes")
    told = {(row.measure, row.minutes) for row in difference_rows(BASELINE, OTHER)}
    assert ("stage_mean_over", 600) not in told
    assert ("waited_over", 600) in told


def test_overtime_is_priced_where_there_is_a_price() -> None:
    """Half an hour in a window of a day, 20 pounds an hour: 70 pounds a week."""
    assert not [row for row in BASELINE_ROWS if row.measure == "overtime_pounds"]
    rows = scenario_rows(BASELINE, overtime_prices={"response": 20.0})
    for about in ({}, {"pool": "response"}):
        found = one(rows, "overtime_pounds", **about)
        assert found.value == pytest.approx(0.5 * 20 * 7)
        assert found.unit == "pounds"


def test_people_are_busy_within_and_after_their_shift() -> None:
    """Half of an hour's shift at a scene, and half an hour of overtime after it."""
    assert one(BASELINE_ROWS, "utilisation", pool="response").value == pytest.approx(0.5)
    assert one(BASELINE_ROWS, "utilisation", pool="response", stage="scene").value == 0.5
    overtime = one(BASELINE_ROWS, "overtime_hours", pool="response")
    assert (overtime.value, overtime.n, overtime.unit) == (0.5, 12, "hours")
    assert one(BASELINE_ROWS, "overtime_hours", pool="response", hour=1).value == 0.5


def test_queues_are_mean_numbers_under_the_response_pool() -> None:
    """Half the days 200 job-minutes wait in the town, half the days 50: over 1440 minutes."""
    found = one(BASELINE_ROWS, "queue_length", area="town", pool="response")
    assert found.value == pytest.approx((200 + 50) / 2 / 1440)
    assert found.unit == "jobs"


def test_rows_of_merged_replications_hold_the_same_values() -> None:
    """Pooling first changes no value of a share, mean or quantile."""
    pooled = scenario_rows([merged(BASELINE)])
    for measure in ("arrived_within_target", "delay_mean", "delay_p95", "returned_first"):
        together = one(pooled, measure, **CHILD)
        assert together.value == pytest.approx(one(BASELINE_ROWS, measure, **CHILD).value)
        assert together.low is None


# The other scenario reaches the children of odd replications later, and priority work sooner.
OTHER = [
    replication([25, 20, 90], [50], [15]) if n % 2 else replication([5, 15], (), [30])
    for n in range(12)
]


def test_differences_are_paired_by_replication() -> None:
    """18 of 36 less 24 of 36; by pairs the same replications differ each time."""
    found = one(difference_rows(BASELINE, OTHER), "delay_mean", **CHILD)
    assert found.value == pytest.approx(6 * 15 / 36)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 2.5 < found.high


def test_what_other_work_pays_is_among_the_differences() -> None:
    """Six of twelve priority jobs are reached 15 minutes sooner."""
    rows = difference_rows(BASELINE, OTHER)
    found = one(rows, "delay_mean", stream="priority", grade=2)
    # One job a replication is too few for a mean.
    assert (found.value, found.note) == (None, "too few")
    share = one(rows, "arrived_within_target", stream="priority", grade=2)
    assert share.value == pytest.approx(0.5)
    # Six events are too few to compare.
    assert (share.low, share.high) == (None, None)


def test_only_declared_headline_differences_are_adjusted() -> None:
    """They hold together, and so are wider than alone; nothing else claims to."""
    alone = difference_rows(BASELINE, OTHER, declared=())
    rows = difference_rows(BASELINE, OTHER, scenarios=3)
    adjusted = {each.measure for each in rows if each.adjusted}
    assert adjusted == {measure.name for measure in headline_measures()}
    for each in rows:
        if each.adjusted:
            assert each.minutes in {None, 60}
            assert (each.stream, each.grade, each.area, each.hours, each.clock) == (
                "missing_child",
                2,
                None,
                None,
                None,
            )
    assert not any(each.adjusted for each in alone)

    def width(some: Sequence[Row]) -> float:
        found = one(some, "delay_mean", **CHILD)
        assert found.low is not None
        assert found.high is not None
        return found.high - found.low

    assert width(rows) > 1.2 * width(alone)


def test_a_scenario_does_not_differ_from_itself() -> None:
    """All differences are exactly 0, and limits, where there are any, too; tails are withheld."""
    for each in difference_rows(BASELINE, BASELINE):
        few = each.measure in {"delay_p90", "delay_p95", "delay_p99", "delay_cvar95"} or (
            each.measure in {"delay_mean", "stage_mean", "stage_part_mean"} and each.n <= 12
        )
        assert each.value == 0 or (few and each.value is None)
        assert {each.low, each.high} <= {0, None}


def test_unequal_numbers_of_replications_are_refused() -> None:
    """Luck is paired one by one."""
    with pytest.raises(ValueError, match="cannot be paired"):
        difference_rows(BASELINE, OTHER[:-1])
    with pytest.raises(ValueError, match="no replication"):
        scenario_rows([])


def test_no_two_rows_are_about_the_same() -> None:
    """A measure and its cuts name one row."""
    for rows in (BASELINE_ROWS, difference_rows(BASELINE, OTHER)):
        names = [(each.measure, *(getattr(each, key) for key in KEYS)) for each in rows]
        assert len(set(names)) == len(names)


def made() -> Document:
    """A document of two scenarios."""
    baseline = ScenarioRows(name="baseline", file="baseline.toml", rows=tuple(BASELINE_ROWS))
    other = ScenarioRows(name="other", file="other.toml", rows=tuple(scenario_rows(OTHER)))
    changes = tuple(difference_rows(BASELINE, OTHER))
    return Document(
        scenarios=(baseline, other),
        differences=(DifferenceRows(name="other", baseline="baseline", rows=changes),),
        run=Run(seed=2022, replications=12, days=1, engine="reference", seconds=1.5),
    )


def schema() -> Any:
    """The published schema."""
    return json.loads((ROOT / "docs" / "output.schema.json").read_text(encoding="utf-8"))


def test_the_document_is_as_its_schema_says() -> None:
    """Every row of a run and a comparison keeps docs/output.schema.json, without NaN."""
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(json.loads(made().model_dump_json()), schema())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("measure", "harm"),
        ("hour", 168),
        ("value", "high"),
        ("clock", "answered"),
        ("unit", "seconds"),
        ("n", None),
        ("child", 7),
    ],
)
def test_the_schema_refuses_what_no_row_holds(key: str, value: object) -> None:
    """The schema bites: a wrong value or an unknown key is found."""
    broken: Any = made().model_dump(mode="json")
    broken["scenarios"][0]["rows"] = [{**broken["scenarios"][0]["rows"][0], key: value}]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema())


def test_every_row_keeps_to_its_measure() -> None:
    """No key is set that its record does not name; a desk's queue alone has a unit of its own."""
    for each in (*BASELINE_ROWS, *difference_rows(BASELINE, OTHER)):
        assert set(each.keys) <= set(each.about.keys)
        assert each.unit == each.about.unit or (each.measure, each.unit) == (
            "queue_length",
            "tasks",
        )


def test_reports_of_a_day_without_children_tell_nothing_of_them() -> None:
    """A cut that holds no incident has no rows."""
    rows = scenario_rows([replication([], (), [10])] * 2)
    assert {each.stream for each in rows} == {None, "priority"}
